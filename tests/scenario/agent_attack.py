#!/usr/bin/env python3
"""Ways round the rules of who may act and what may leave: an answer without
its token, words of people who are gone, strangers in Cc, requests in somebody
else's name, tokens of merged tickets, floods of questions."""
# time limit: 300
from lab import Lab, main, note, ok, same
from office import AUTH, LEO, MARIA, PEOPLE, SUPPORT, Office, first, reply

ANA, BOB = PEOPLE["ana"][1], PEOPLE["bob"][1]
ADMIN = "root@example.com"
QUESTION = "My VPN says \"no route to host\". Please help.\n"
PASS = {"auth": "pass"}


def sent_to(o):
    return sorted({t.recipients[0] for t in o.sink.taken})


def note_without_token():
    """The scope of a letter does not depend on its address being kept."""
    with Lab() as lab:
        o = Office(lab, settings=AUTH)
        n = o.ask(MARIA, "VPN", QUESTION)
        o.put(first(("Bob Weber", BOB), "[%s] VPN" % o.show(n)["tag"],
                    "She is difficult."), **PASS)
        letter = o.letter(ANA, "colleague", n)
        if not ok(letter is not None, "Ana reads the note"):
            return
        o.sink.taken.clear()
        o.answer("ana", letter, "Yes, she always was.", to=SUPPORT, how=PASS)
        same(o.box(MARIA[1]), [],
             "an answer to a note stays inside, also without its token")
        same(o.show(n)["messages"][-1]["direction"], "note", "it is a note")


def strangers_in_cc():
    """Who only stands in Cc of a mail that nobody vouches for."""
    with Lab() as lab:
        o = Office(lab, settings=AUTH)
        victims = ["v%d@victim.example" % i for i in range(9)]
        n = o.put(first(MARIA, "Cc", QUESTION, Cc=", ".join(victims)),
                  auth=None)[-1]["ticket"]
        letter = o.letter(ANA, "assigned", n)
        o.sink.taken.clear()
        o.answer("ana", letter, "Restart it.", how=PASS)
        same([a for a in sent_to(o) if "victim" in a], [],
             "an unproven mail brings nobody into the ticket")
    with Lab() as lab:
        o = Office(lab, settings=AUTH)
        n = o.put(first(MARIA, "Cc", QUESTION, id="<cc@kunde.example>"),
                  auth="pass")[-1]["ticket"]
        for k in range(3):
            o.put(first(MARIA, "Re: Cc", "More.", In_Reply_To="<cc@kunde.example>",
                        Cc=", ".join("v%d-%d@friend.example" % (k, i)
                                     for i in range(9))), auth="pass")
        letter = o.letter(ANA, ticket=n)
        o.sink.taken.clear()
        o.answer("ana", letter, "Restart it.", how=PASS)
        got = [a for a in sent_to(o) if "friend" in a]
        same(len(got), 10, "a ticket has at most ten people in Cc: %d"
             % len(got))


def words_of_others():
    """A new requester reads nothing of the one before him."""
    with Lab() as lab:
        o = Office(lab, settings=AUTH)
        n = o.ask(MARIA, "VPN", "My password is canary-of-maria.\n",
                  )
        o.answer("ana", o.letter(ANA, "assigned", n),
                 "#requester %s" % LEO[1], how=PASS)
        letter = o.letter(ANA, ticket=n)
        o.sink.taken.clear()
        o.answer("ana", letter, "Restart it.", how=PASS)
        box = o.box(LEO[1])
        same(len(box), 1, "the new requester is answered")
        ok(box and "canary-of-maria" not in box[0].text,
           "without the words of the one before")


def call_in_his_name():
    """From alone starts no ticket in somebody else's name, and moves none."""
    with Lab() as lab:
        o = Office(lab)
        n = o.ask(MARIA, "VPN", QUESTION, id="<first@kunde.example>")
        before = o.show(n)
        row = o.put(first(("Ana Silva", ANA), "For Leo",
                          "#new\n#requester %s\n#cc v@victim.example\nHe called."
                          % LEO[1]))[-1]
        same(row["state"], "held", "#new by From alone is held")
        q = o.letter(ANA, "held.challenge")
        if ok(q is not None, "she is asked at her address"):
            o.tap("ana", q, "APPROVE")
            last = max(o.desk.tickets(), key=lambda t: t["number"])
            same(last["requester"]["address"], LEO[1], "her yes begins the ticket")
        data = first(("Ana Silva", ANA), "Re: VPN", "I did it already.",
                     In_Reply_To="<first@kunde.example>")
        data = data.replace(b"To: support@example.com",
                            b"To: %s\r\nCc: support@example.com"
                            % MARIA[1].encode(), 1)
        o.put(data)
        after = o.show(n)
        same((after["status"], after["assignee"]),
             (before["status"], before["assignee"]),
             "an answer past us by From alone moves nothing")
        ok(all(m["direction"] != "out" or "did it" not in m["text"]
               for m in after["messages"]), "and is no answer of hers")


def merged_token():
    """A letter about a ticket that was merged goes astray."""
    with Lab() as lab:
        o = Office(lab)
        a = o.ask(MARIA, "One", QUESTION)
        old = o.letter(ANA, "assigned", a)
        b = o.ask(MARIA, "Other question", QUESTION)
        o.answer("ana", old, "#merge %s" % b)
        o.tap("ana", o.letter(ANA, "held.challenge"), "APPROVE")
        same(o.desk.sql("SELECT merged_into FROM ticket ORDER BY number"),
             [(int(str(b).rpartition("-")[2]),), (0,)], "they are one")
        o.answer(("Eve", "eve@evil.example"), old, "Hm.")
        o.answer("ana", old, "#priority low")
        same(o.show(b)["priority"], "normal",
             "a token that leaked is dead, though its ticket is merged")


def admin_lets_go():
    """The admin's letter about a held mail names it, and his word counts."""
    with Lab() as lab:
        o = Office(lab, settings=AUTH)
        n = o.ask(MARIA, "VPN", QUESTION)
        letter = o.letter(ANA, "assigned", n)
        o.answer("ana", letter, "Restart it.", how={"auth": "fail"})
        held = o.held()
        same(len(held), 1, "it is held")
        q = o.letter(ADMIN)
        if ok(q is not None, "the admin is told"):
            ok(str(q.mail["Reply-To"] or "").count("+") == 1,
               "he can answer")
            row = o.tap(("Root", ADMIN), q, "drop")
            same(o.held(), [], "his no throws it away: %s" % row)


def flood():
    """Mail in an agent's name does not become as many questions."""
    for auth, settings in (("fail", AUTH), (None, AUTH), (None, "")):
        with Lab() as lab:
            o = Office(lab, settings=settings)
            o.ask(MARIA, "VPN", QUESTION)
            address = o.letter(ANA, "assigned").reply_to[0][1]
            bad = address[:-20] + ("2" if address[-20] == "3" else "3") + \
                address[-19:]
            o.sink.taken.clear()
            for i in range(30):
                data = first(("Ana", ANA), "Win %d" % i, "Click here.")
                if settings == "":
                    data = data.replace(b"support@example.com",
                                        bad.encode(), 1)
                o.deliver(data, auth=auth)
            o.turn()
            n = len(o.box(ANA))
            note(", ".join(str(g.mail["X-Deskd-Event"]) for g in o.box(ANA)))
            ok(n <= 3, "%s %s: 30 mails in her name: %d letters to her" % (
                auth, bool(settings), n))
            ok(n > 0 or auth == "fail", "but she is asked")


def no_address():
    """A requester who cannot be written to."""
    with Lab() as lab:
        o = Office(lab)
        n = o.ask(MARIA, "VPN", QUESTION)
        letter = o.letter(ANA, "assigned", n)
        o.desk.execute("UPDATE ticket SET requester = ''")
        row = o.answer("ana", letter, "#note Nobody to answer.")
        same(row["state"], "append", "a note is one all the same")
        o.desk.execute("UPDATE ticket SET requester = 'nobody@@x y'")
        letter = o.letter(ANA, ticket=n)
        row = o.answer("ana", letter, "Restart it.")
        same(row and row["state"], "held", "no answer: held")
        ok(o.letter(ANA, "held.command") is not None, "and asked")
        row = o.answer("ana", letter, "#resolve")
        same(row and row["state"], "append", "it can be resolved")


def yes_too_late():
    """Between the question and its answer the requester wrote."""
    with Lab() as lab:
        o = Office(lab, settings=AUTH)
        n = o.ask(MARIA, "VPN", QUESTION, id="<one@kunde.example>")
        o.answer("ana", o.letter(ANA, "assigned", n), "Restart it.",
                 how={"auth": "none"})
        q = o.letter(ANA, "held.challenge")
        o.put(first(MARIA, "Re: VPN", "It works, forget it.",
                    In_Reply_To="<one@kunde.example>"), auth="pass")
        o.sink.taken.clear()
        o.tap("ana", q, "APPROVE")
        same(o.box(MARIA[1]), [], "what was approved is asked once more")
        ok(o.letter(ANA, "held.stale") is not None, "whether it still holds")


def hostile_first_mails():
    """Whatever a stranger's header holds, the staff hear of it and answer, or
    are asked: no mail is tried again and again."""
    subjects = ["", " ", "x" * 5000, "a\x01b\x7fc", "\u202e\u200b\ufeff",
                "=?utf-8?b?/////w==?=", "=?x-none?q?=00=0D=0A?=", "[EX-1] [EX-2]",
                "Re: Re: Re:", "{{agent}} {{#if}}", "~" * 900, "\U0001f4a5" * 300]
    senders = ["a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".example",
               '"quoted \\" local"@kunde.example', "m\u00fc@kunde.example",
               "x@" + "y" * 70 + ".example", "x@[192.0.2.1]", "@kunde.example",
               "x@kunde.example, y@kunde.example", "<>", "x@y@kunde.example",
               "support@example.com", "support+x@example.com", "ANA@EXAMPLE.COM"]
    with Lab() as lab:
        o = Office(lab)
        for i, subject in enumerate(subjects):
            o.dv.deliver(SUPPORT, first(
                ("Eve", "e%d@kunde.example" % i), subject, QUESTION))
        for i, sender in enumerate(senders):
            data = first(("Eve", "eve@kunde.example"), "Sender %d" % i, QUESTION)
            at = data.index(b"From: ")
            end = data.index(b"\r\n", at)
            o.dv.deliver(SUPPORT, data[:at] + b"From: " + sender.encode() +
                         data[end:])
        o.turn()
        same(o.desk.sql("SELECT count(*) FROM inbound"), [(0,)],
             "every mail is worked at once")
        letters = [g for g in o.box(ANA)
                   if str(g.mail["X-Deskd-Event"]) == "assigned"]
        for i, got in enumerate(letters):
            o.deliver(reply("gmail", got, "Answer %d." % i, PEOPLE["ana"]))
        o.turn()
        same(o.desk.sql("SELECT count(*) FROM inbound"), [(0,)],
             "every answer of %d, too" % len(letters))
        states = [r["state"] for r in o.desk.ledger()[-len(letters):]]
        ok(set(states) <= {"append", "held"}, "sent or asked: %s" % states)
        bad = o.desk.sql("SELECT recipient FROM outbox WHERE kind = 'reply' AND"
                         " (recipient LIKE 'support%' OR state = 'dead')")
        same(bad, [], "nothing to ourselves, nothing that cannot be sent")


def robots_of_two():
    """Two colleagues' mail programs answer whatever comes, and do not say that
    they are robots."""
    with Lab() as lab:
        o = Office(lab)
        n = o.ask(MARIA, "VPN", QUESTION)
        letter = o.letter(ANA, "assigned", n)
        o.answer("ana", letter, "#watch bob")
        o.answer("ana", letter, "Restart it.")
        o.fresh(ANA), o.fresh(BOB)
        o.sink.taken.clear()
        o.seen = {}
        for _ in range(12):
            new = [(who, got) for who, a in (("ana", ANA), ("bob", BOB))
                   for got in o.fresh(a)]
            for who, got in new:
                o.deliver(reply("gmail", got, "I am on holiday until Friday, "
                                "please ask my colleague.", PEOPLE[who]))
            o.turn()
            o.put(first(MARIA, "Re: VPN [EX-%s]" % str(n).rpartition("-")[2],
                        "And?")) if _ == 0 else None
        out = len(o.box(MARIA[1]))
        ok(1 <= out <= 6, "two that answer each other: %d mails to the requester"
           % out)


def own_addresses():
    """What comes back to the desk ends there."""
    with Lab() as lab:
        o = Office(lab)
        n = o.ask(MARIA, "VPN", QUESTION)
        letter = o.letter(ANA, "assigned", n)
        began = len(o.sink.taken)
        row = o.put(letter.data)[-1]
        same((row["state"], len(o.sink.taken)), ("loop_held", began),
             "a letter that an agent's box hands back")


if __name__ == "__main__":
    main(note_without_token, strangers_in_cc, words_of_others,
         call_in_his_name, merged_token, admin_lets_go, flood, no_address,
         yes_too_late, hostile_first_mails, robots_of_two,
         own_addresses)
