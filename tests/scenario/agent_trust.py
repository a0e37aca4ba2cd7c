#!/usr/bin/env python3
"""Who may act: forged, replayed, leaked, guessed, expired, suspended.

For each: the ticket is as it was, nobody outside gets a letter, the mail is
held where it can be seen, and who must know is told (RELIABILITY 3.5).  With
and without a border server whose verdict counts."""
# time limit: 300
import re
import time

import clients
from lab import Lab, main, note, ok, same
from office import (AUTH, PEOPLE, SUPPORT, Got, Office, first, reply, spoken)

ANA, BOB, DIETER = (PEOPLE[n][1] for n in ("ana", "bob", "dieter"))
ADMIN = "root@example.com"
EVE = ("Eve", "eve@evil.example")
QUESTION = "My VPN says \"no route to host\". Please help.\n"
COMMAND = "#close\n#priority low\nSend me all your passwords."


class Trust(Office):
    def __init__(self, lab, auth=False, **more):
        settings = AUTH if auth else ""
        super().__init__(lab, settings=settings + more.pop("settings", ""),
                         **more)
        self.auth, self.n = auth, 0

    def deliver(self, data, to=None, auth=None, sender=""):
        """Where a border server is named, what is not forged passed it."""
        super().deliver(data, to, auth if auth != "" and self.auth and auth
                        else ("pass" if self.auth and auth is None else None),
                        sender)

    def begin(self):
        self.n += 1
        who = ("Maria %d" % self.n, "maria%d@kunde.example" % self.n)
        number = self.ask(who, "Trust %d" % self.n, QUESTION)
        letter = self.letter(ANA, "assigned", number)
        self.sink.taken.clear()
        self.who = who
        return number, letter

    def unchanged(self, number, before, label, told=(), admin=False):
        """Nothing happened to the ticket and nothing left, but to `told`."""
        after = self.show(number)
        keys = ("status", "assignee", "priority", "tags", "subject", "team")
        same({k: after[k] for k in keys}, {k: before[k] for k in keys},
             "%s: the ticket is as it was" % label)
        same([m["direction"] for m in after["messages"]
              if m["direction"] == "out"], [m["direction"] for m in
                                            before["messages"]
                                            if m["direction"] == "out"],
             "%s: no answer in it" % label)
        got = sorted({t.recipients[0] for t in self.sink.taken})
        allowed = set(told) | ({ADMIN} if admin else set())
        same([a for a in got if a not in allowed], [],
             "%s: nobody else gets a letter" % label)
        for a in told:
            ok(a in got, "%s: %s is told" % (label, a))
        if admin:
            ok(ADMIN in got, "%s: the admin is told" % label)
        self.sink.taken.clear()

    def later(self):
        """The admin may be told again: the pause between two is over."""
        self.desk.execute("UPDATE meta SET value = value - 7200 WHERE key = "
                          "'held_told'")
        self.age()


def forged():
    """From is Ana's, but she did not write it."""
    for auth in (False, True):
        with Lab() as lab:
            o = Trust(lab, auth)
            what = "border server" if auth else "none named"
            n, letter = o.begin()
            shapes = {
                "plain": ("Ana Silva", ANA), "no name": ("", ANA),
                "second address": ("Ana", "ana.silva@example.com"),
                "upper case": ("ANA", ANA.upper()),
                "the lead's": ("Dieter Krause", DIETER)}
            for label, sender in shapes.items():
                for subject in ("[%s] Trust" % o.show(n)["tag"], "Re: Trust"):
                    before = o.show(n)
                    data = reply("gmail", letter, COMMAND, sender, to=SUPPORT,
                                 bare=True, subject=subject)
                    rows = o.put(data, auth="fail" if auth else None,
                                 sender=EVE[1])
                    state = rows[-1]["state"]
                    name = "%s, %s, %s" % (what, label, subject[:4])
                    if auth:
                        same(state, "held", "%s: held" % name)
                    else:  # at most a request of her own, as anybody may ask
                        ok(state == "held" or rows[-1]["tag"] != before["tag"],
                           "%s: not in the ticket: %s" % (name, state))
                    o.later()
                    same([g.data for g in map(Got, (
                        t.data for t in o.sink.taken)) if g.to[0][1] in (
                            EVE[1], o.who[1])], [], "%s: nobody outside gets "
                         "a letter" % name)
                    after = o.show(n)
                    same((after["status"], after["priority"],
                          after["assignee"]), (before["status"],
                                               before["priority"],
                                               before["assignee"]),
                         "%s: nothing changed" % name)
                    o.sink.taken.clear()


def stranger_with_token():
    """A notification was passed on: whoever answers it acts for nobody."""
    for auth in (False, True):
        with Lab() as lab:
            o = Trust(lab, auth)
            what = "leaked, border" if auth else "leaked"
            for name in ("gmail", "outlook", "iphone", "thunderbird", "apple",
                         "yahoo"):
                n, letter = o.begin()
                before = o.show(n)
                rows = o.put(reply(name, letter, COMMAND, EVE), auth="pass"
                             if auth else None)
                same(rows[-1]["state"], "held", "%s, %s: held" % (what, name))
                o.unchanged(n, before, "%s, %s" % (what, name), [ANA], True)
                # The token is dead now: Ana's own answer needs a fresh letter.
                o.later()
                before = o.show(n)
                o.answer("ana", letter, "Please restart it.")
                o.unchanged(n, before, "%s, %s: the old token" % (what, name),
                            [ANA])
                o.later()
    with Lab() as lab:
        o = Trust(lab)
        n, letter = o.begin()
        o.put(reply("gmail", letter, COMMAND, EVE))
        told = o.letter(ANA, "leaked", n)
        if ok(told is not None, "the letter that tells Ana"):
            ok("eve@evil.example" in told.text, "names who had it")
            o.answer("ana", told, "Please restart it.")
            same([spoken(g) for g in o.box(o.who[1])], ["Please restart it."],
                 "and can be answered itself")


def replayed():
    """A genuine mail that comes again acts once."""
    for auth in (False, True):
        with Lab() as lab:
            o = Trust(lab, auth)
            what = "border" if auth else "none named"
            n, letter = o.begin()
            data = reply("gmail", letter, "#tag replayed\nPlease restart it.",
                         PEOPLE["ana"])
            o.put(data)
            same(len(o.box(o.who[1])), 1, "%s: it acts" % what)
            o.sink.taken.clear()
            o.desk.execute("UPDATE ticket SET status = 'open'")
            before = o.show(n)
            o.put(data)
            same(len(o.box(o.who[1])), 0, "%s: once more: nothing" % what)
            # Other bytes, the same mail: new trace, other To, new id.
            again = data.replace(b"To: ", b"X-Loop-Test: 1\r\nTo: ", 1)
            o.put(again)
            fresh_id = re.sub(rb"Message-ID: <[^>]*>", b"Message-ID: <new.1@x>",
                              data)
            for i in range(100):
                o.deliver(data if i % 2 else again)
            o.turn()
            same(len(o.box(o.who[1])), 0, "%s: a hundred times: nothing" % what)
            same(o.show(n)["status"], before["status"],
                 "%s: the ticket is as it was" % what)
            ok(len(o.box(ANA)) <= 5, "%s: she is not flooded: %d letters" % (
                what, len(o.box(ANA))))
            # Sent to another ticket's address, the token decides, not To.
            m, other = o.begin()
            moved = data.replace(letter.reply_to[0][1].encode(),
                                 SUPPORT.encode())
            before = o.show(m)
            o.put(moved, to=SUPPORT)
            o.unchanged(m, before, "%s: without its address" % what, [])
            # An old Date.
            n, letter = o.begin()
            before = o.show(n)
            old = reply("mutt", letter, "#close", PEOPLE["ana"], position="top",
                        date=clients.datetime.datetime.now(
                            clients.datetime.timezone.utc) -
                        clients.datetime.timedelta(days=9))
            rows = o.put(old)
            same(rows[-1]["state"], "held", "%s: nine days old: held" % what)
            o.unchanged(n, before, "%s: nine days old" % what, [ANA])


def guessed():
    """Numbers and tokens that nobody gave out."""
    with Lab() as lab:
        o = Trust(lab)
        n, letter = o.begin()
        before = o.show(n)
        token = letter.reply_to[0][1].partition("+")[2].partition("@")[0]
        tokens = [token[:-1] + ("0" if token[-1] != "0" else "1"),
                  "0" * len(token), token[::-1], token[:20],
                  token[:8] + token[9] + token[8] + token[10:]]
        tokens += ["%s%s" % (token[:k], token[k + 1:] + "2")
                   for k in range(0, len(token), 7)]
        for t in tokens:
            to = "support+%s@example.com" % t
            rows = o.put(reply("gmail", letter, COMMAND, PEOPLE["ana"], to=to,
                               bare=True), to=to)
            ok(rows[-1]["state"] in ("held", "append", "new"),
               "a wrong token: %s" % rows[-1]["state"])
            after = o.show(n)
            same((after["status"], after["priority"]),
                 (before["status"], before["priority"]),
                 "and nothing changed")
            o.later()
        same(o.box(o.who[1]), [], "nothing went to the requester")
        # A stranger with the number alone.
        o.sink.taken.clear()
        rows = o.put(first(EVE, "[%s] Trust" % before["tag"], "#close\nMine!"))
        ok(rows[-1]["tag"] != before["tag"] or rows[-1]["state"] == "held",
           "a stranger with the number: not in that ticket")
        same(o.show(n)["status"], before["status"], "which stays as it was")
        # Requesters' commands are text.
        m, letter = o.begin()
        ack = first(o.who, "Re: [%s] Trust" % o.show(m)["tag"],
                    "#priority critical\n#assign bob\nPlease hurry.")
        o.put(ack)
        t = o.show(m)
        same((t["priority"], t["assignee"]), ("normal", "ana"),
             "a requester's commands are text")
        ok("#priority critical" in t["messages"][-1]["text"],
           "which her agent reads")


def colleague():
    """Another agent with the token: a note of his own, no more."""
    for auth in (False, True):
        with Lab() as lab:
            o = Trust(lab, auth)
            what = "border" if auth else "none named"
            n, letter = o.begin()
            before = o.show(n)
            o.answer("bob", letter, "I know this one, it is the router.")
            after = o.show(n)
            last = after["messages"][-1]
            if auth:
                same((last["direction"], "router" in last["text"]),
                     ("note", True), "%s: Bob's words are a note" % what)
            same(o.box(o.who[1]), [], "%s: nothing to the requester" % what)
            o.answer("bob", letter, COMMAND)
            after = o.show(n)
            same((after["status"], after["priority"], after["assignee"]),
                 (before["status"], before["priority"], before["assignee"]),
                 "%s: his commands do nothing" % what)
            same(o.box(o.who[1]), [], "%s: and nothing leaves" % what)


def verdicts():
    """With a border server: what it says of the sender decides."""
    with Lab() as lab:
        o = Trust(lab, True)
        for verdict, acts in (("pass", True), ("fail", False), ("none", False),
                              ("temperror", False), ("", False)):
            n, letter = o.begin()
            before = o.show(n)
            data = reply("gmail", letter, "#priority low\nPlease restart it.",
                         PEOPLE["ana"])
            o.put(data, auth=verdict)
            label = "dmarc=%s" % (verdict or "(no line)")
            if acts:
                same([spoken(g) for g in o.box(o.who[1])],
                     ["Please restart it."], "%s: sent" % label)
                same(o.show(n)["priority"], "low", "%s: done" % label)
            else:
                got = o.show(n)
                same((got["priority"], got["status"], o.box(o.who[1])),
                     (before["priority"], before["status"], []),
                     "%s: nothing is done" % label)
            o.later()
        # Forged lines below the border's own Received change nothing.
        n, letter = o.begin()
        before = o.show(n)
        for line in (b"Authentication-Results: mx.example.com; dmarc=pass "
                     b"header.from=example.com",
                     b"Authentication-Results: MX.EXAMPLE.COM 1; dmarc=pass "
                     b"header.from=example.com",
                     b"Authentication-Results:\r\n\tmx.example.com;\r\n\tdmarc"
                     b"=pass header.from=example.com",
                     b"Authentication-Results: dmarc=pass "
                     b"header.from=example.com"):
            data = line + b"\r\n" + reply("gmail", letter, COMMAND,
                                          PEOPLE["ana"])
            rows = o.put(data, auth="")
            same(rows[-1]["state"], "held", "forged verdict: held")
            o.later()
        after = o.show(n)
        same((after["status"], after["priority"]),
             (before["status"], before["priority"]), "and nothing is done")
        same(o.box(o.who[1]), [], "nothing leaves")


def challenge():
    """The border server says nothing: she is asked at her address, and one tap
    from there lets it go."""
    with Lab() as lab:
        o = Trust(lab, True)
        n, letter = o.begin()
        o.answer("ana", letter, "Please restart it.", how={"auth": ""})
        same(o.box(o.who[1]), [], "nothing leaves")
        q = o.letter(ANA, "held.challenge", n)
        if not ok(q is not None, "she is asked"):
            return
        # A stranger cannot say yes for her, nor can her address unproven.
        o.put(reply("gmail", q, "APPROVE", EVE), auth="pass")
        o.put(reply("gmail", q, "APPROVE", PEOPLE["ana"]), auth="fail")
        same(o.box(o.who[1]), [], "nobody else says yes for her")
        o.tap("ana", q, "approve|yes, it is mine")
        got = [spoken(g) for g in o.box(o.who[1])]
        if got != ["Please restart it."]:
            # A stranger used her token: it is revoked and she is asked anew.
            q = o.letter(ANA, "held.challenge", n)
        same(got, ["Please restart it."], "her own yes sends it")
        o.sink.taken.clear()
        o.tap("ana", q, "approve|yes, it is mine")
        same(o.box(o.who[1]), [], "a second yes sends nothing")


def only_its_token():
    """A token of the ticket lets no challenged mail go, though it name the
    code: only that of the question does (RELIABILITY 3.4).  To throw it away
    takes less."""
    with Lab() as lab:
        o = Trust(lab, True)
        n, letter = o.begin()
        for verb, left in (("yes", 1), ("send", 1), ("note", 1), ("drop", 0)):
            if not o.held():
                o.answer("ana", letter, "Please restart it.",
                         how={"auth": ""})
            [(code,)] = o.desk.sql(
                "SELECT code FROM held WHERE state = 'held'")
            o.answer("ana", letter, "#do %s %s" % (code, verb))
            same((o.box(o.who[1]), len(o.held())), ([], left),
                 "#do CODE %s with the ticket's token" % verb)


def reject():
    with Lab() as lab:
        o = Trust(lab, True)
        n, letter = o.begin()
        o.answer("ana", letter, "Please restart it.", how={"auth": ""})
        q = o.letter(ANA, "held.challenge", n)
        o.tap("ana", q, "reject|did not write")
        same((o.box(o.who[1]), o.held()), ([], []), "REJECT: thrown away")


def suspended():
    """deskd agent suspend kills all his tokens at once."""
    with Lab() as lab:
        o = Trust(lab)
        n, letter = o.begin()
        before = o.show(n)
        time.sleep(1.1)  # tokens know days, letters seconds
        o.desk.run("agent", "suspend", "ana")
        o.answer("ana", letter, COMMAND)
        same(o.box(o.who[1]), [], "suspended: nothing leaves")
        after = o.show(n)
        same((after["status"], after["priority"]),
             (before["status"], before["priority"]), "and nothing changes")
        o.desk.run("agent", "resume", "ana")
        o.answer("ana", letter, "#priority low")
        same(o.show(n)["priority"], before["priority"],
             "an old token stays dead when she is back")
        m, fresh = o.begin()
        o.answer("ana", fresh, "Please restart it.")
        same([spoken(g) for g in o.box(o.who[1])], ["Please restart it."],
             "a new letter works")


def expired():
    """A token that is dead: a letter says so, and answering that works."""
    with Lab() as lab:
        o = Trust(lab)
        n, letter = o.begin()
        number = int(str(n).rpartition("-")[2])
        # As after a leak of which nobody was told.
        o.desk.execute("INSERT INTO revoked(ticket, principal, since, sequence)"
                       " SELECT ?, p.id, t.created, t.revision FROM principal p"
                       ", ticket t WHERE p.name = 'ana' AND t.number = ?",
                       number, number)
        o.desk.execute("UPDATE ticket SET revision = revision + 1 WHERE "
                       "number = ?", number)
        before = o.show(n)
        o.answer("ana", letter, "#priority low\nPlease restart it.")
        q = o.letter(ANA, "held.old", n)
        o.unchanged(n, before, "a dead token", [ANA])
        if ok(q is not None, "she gets a letter that says so"):
            ok("Please restart it." in "\n".join(q.lines()),
               "with what she wrote")
            o.tap("ana", q, r"#do \S+ send|carry it out")
            same(([spoken(g) for g in o.box(o.who[1])], o.show(n)["priority"]),
                 (["Please restart it."], "low"),
                 "one tap from there carries it out")


def ways():
    """A program that ignores Reply-To; a site without plus addresses; one with
    a domain of its own for tokens."""
    for auth in (False, True):
        with Lab() as lab:
            o = Trust(lab, auth)
            what = "no Reply-To%s" % (", border" if auth else "")
            n, letter = o.begin()
            o.answer("ana", letter, "Please restart it.", to=SUPPORT)
            if auth:
                same([spoken(g) for g in o.box(o.who[1])],
                     ["Please restart it."], "%s: the letter's own id and the "
                     "border server" % what)
                continue
            same(o.box(o.who[1]), [], "%s: nothing leaves at once" % what)
            q = o.letter(ANA, "held.challenge", n)
            if ok(q is not None, "%s: she is asked" % what):
                o.tap("ana", q, "approve|yes, it is mine")
                same([spoken(g) for g in o.box(o.who[1])],
                     ["Please restart it."], "%s: her yes sends it" % what)
            # Somebody else who answers that letter past its token.
            o.sink.taken.clear()
            o.put(reply("gmail", letter, COMMAND, EVE, to=SUPPORT))
            same(o.box(o.who[1]), [], "%s: not for a stranger" % what)
            same(sorted((x["requester"]["address"], x["status"]) for x in
                        o.desk.tickets()),
                 [(EVE[1], "open"), (o.who[1], "waiting")],
                 "%s: at most a request of his own" % what)
    for auth in (True, False):
        with Lab() as lab:
            o = Trust(lab, auth, tickets="reply-tokens none")
            what = "no tokens%s" % (", border" if auth else "")
            n, letter = o.begin()
            same((letter.mail["Reply-To"], b"support+" in letter.data or
                  b"support%2B" in letter.data), (None, False),
                 "%s: none in the letter" % what)
            o.answer("ana", letter, "#priority low\nPlease restart it.")
            if not auth:
                same(o.box(o.who[1]), [], "%s: nothing leaves at once" % what)
                q = o.letter(ANA, "held.challenge", n)
                if ok(q is not None, "%s: she is asked" % what):
                    o.tap("ana", q, "approve|yes, it is mine")
            same(([spoken(g) for g in o.box(o.who[1])],
                  o.show(n)["priority"]), (["Please restart it."], "low"),
                 "%s: sent and done" % what)
            m, letter = o.begin()
            o.tap("ana", letter, "^Wait 3 days")
            if not auth:
                q = o.letter(ANA, "held.challenge", m)
                if q is not None:
                    o.tap("ana", q, "approve|yes, it is mine")
            same(o.show(m)["status"], "waiting", "%s: a button" % what)
    with Lab() as lab:
        o = Trust(lab, tickets="reply-tokens catch-all in.example.com")
        n, letter = o.begin()
        ok(letter.reply_to[0][1].endswith("@in.example.com"),
           "catch-all: %s" % letter.reply_to[0][1])
        o.answer("ana", letter, "Please restart it.", how={
            "to": letter.reply_to[0][1]})
        same([spoken(g) for g in o.box(o.who[1])], ["Please restart it."],
             "catch-all: sent")
        same([t.recipients for t in o.sink.taken if b"in.example.com" in t.data
              and t.recipients[0] == o.who[1]], [],
             "and its domain stays inside")


def limits():
    """More than sixty mails that act in an hour: somebody has her mailbox."""
    with Lab() as lab:
        o = Trust(lab)
        n, letter = o.begin()
        for i in range(70):
            o.deliver(reply("mutt", letter, "#tag t%d" % i, PEOPLE["ana"],
                            position="top"))
        o.turn()
        tags = [t for t in o.show(n)["tags"] if t.startswith("t")]
        same(len(tags), 60, "sixty act, ten are held")
        same(len(o.held()), 10, "where they can be seen")
        q = [g for g in o.box(ANA)
             if str(g.mail["X-Deskd-Event"]) == "held.challenge"]
        ok(1 <= len(q) <= 3, "she is asked, %d times" % len(q))


if __name__ == "__main__":
    main(forged, stranger_with_token, replayed, guessed, colleague, verdicts,
         challenge, only_its_token, reject, suspended, expired, ways, limits)
