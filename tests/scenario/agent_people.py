#!/usr/bin/env python3
"""People get in each other's way: two agents at once, a requester in between,
holidays, bounces, copies, calls, strangers, two tickets that are one."""
# time limit: 300
import email.utils
import re

import clients
from lab import Lab, main, note, ok, same
from office import (LEO, MARIA, PEOPLE, SUPPORT, Got, Office, first, flat,
                    leaks, links, reply, spoken)

ANA, BOB, DIETER = (PEOPLE[n][1] for n in ("ana", "bob", "dieter"))
QUESTION = "My VPN says \"no route to host\". Please help.\n"


class People(Office):
    def begin(self, subject="VPN", who=MARIA, **more):
        number = self.ask(who, subject, QUESTION, **more)
        self.fresh(who[1])
        return number, self.letter(ANA, "assigned", number)

    def read(self, who=MARIA):
        """What she read since; nothing of the inside is in it."""
        got = self.fresh(who[1])
        bad = [x for g in got for x in leaks(g.data)]
        if bad:
            ok(False, "inside words to %s: %s" % (who[1], bad))
        return [spoken(g) for g in got]


def two_answer():
    """Two agents answer the same letter at the same moment."""
    people = """
agent ana "Ana Silva" { email ana@example.com }
agent bob "Bob Weber" { email bob@example.com }
agent dieter "Dieter Krause" { email dieter@example.com }
team servicedesk "Service Desk" {
    tier 1; members ana bob; lead dieter; assign nobody
}
"""
    with Lab() as lab:
        o = People(lab, people=people)
        n = o.ask(MARIA, "VPN", QUESTION)
        o.fresh(MARIA[1])
        hers, his = o.letter(ANA, ticket=n), o.letter(BOB, ticket=n)
        if not ok(hers is not None and his is not None,
                  "nobody has it: both are told"):
            return
        o.put(reply("gmail", hers, "Please restart it.", PEOPLE["ana"]),
              reply("outlook", his, "Please wait for the patch.",
                    PEOPLE["bob"]))
        same(o.read(), ["Please restart it."], "the first answer goes")
        same(o.state(n), ("waiting", "ana"), "and the ticket is Ana's")
        q = o.letter(BOB, "held.stale", n)
        if ok(q is not None, "Bob is asked"):
            text = flat("\n".join(q.lines()))
            ok("Please restart it." in text and "Please wait for the patch."
               in text, "with hers and his")
            o.tap("bob", q, r"#do \S+ send")
            same(o.read(), ["Please wait for the patch."], "one tap sends it")
        same(o.show(n)["assignee"], "ana", "the owner stays")
        copy = o.letter(ANA, "colleague", n)
        ok(copy is not None and "patch" in copy.text, "and gets a copy")
        # Two takes: the second does no harm, both know who has it.
        m = o.ask(LEO, "Printer", QUESTION)
        hers, his = o.letter(ANA, ticket=m), o.letter(BOB, ticket=m)
        o.put(reply("iphone", hers, "#take", PEOPLE["ana"]),
              reply("iphone", his, "#note\nI saw this last week.",
                    PEOPLE["bob"]))
        same(o.state(m), ("in-progress", "ana"), "#take and a note: both")
        same(o.show(m)["messages"][-1]["direction"], "note", "the note is in")


def in_between():
    """The requester writes while the answer lies in the outbox."""
    with Lab() as lab:
        o = People(lab)
        n, letter = o.begin()
        first_letter = o.box(MARIA[1])[0]
        # Both are in the same round, hers first.
        o.put(reply("yahoo", first_letter, "It is Tuesday's update!", MARIA),
              reply("apple", letter, "Which update?", PEOPLE["ana"]))
        same(o.read(), [], "hers came first: nothing leaves")
        same(o.show(n)["status"] in ("open", "in-progress"), True,
             "the ticket waits for nobody")
        q = o.letter(ANA, "held.stale", n)
        ok(q is not None and "Tuesday" in q.text, "Ana reads what she wrote")
        # The other way round.
        m, letter = o.begin("Second")
        ack = o.letter(MARIA[1], ticket=m)
        o.put(reply("apple", letter, "Which update?", PEOPLE["ana"]),
              reply("yahoo", ack, "It is Tuesday's update!", MARIA))
        same(o.read(), ["Which update?"], "the answer came first: it goes")
        same(o.show(m)["status"], "in-progress",
             "and her mail ends the waiting")


def away():
    """An agent's out-of-office: no message, no command, nobody reads it."""
    with Lab() as lab:
        o = People(lab)
        n, letter = o.begin()
        before = o.show(n)
        for i, more in enumerate((
                [("Auto-Submitted", "auto-replied")],
                [("X-Autoreply", "yes"), ("Precedence", "bulk")],
                [("X-Auto-Response-Suppress", "All"),
                 ("Auto-Submitted", "auto-generated")],
                [("Precedence", "auto_reply")],
                [("X-Autorespond", "1")])):
            o.put(reply("outlook", letter, "#close\nI am on holiday until "
                        "Monday, canary-away.", PEOPLE["ana"], headers=more,
                        subject="Automatic reply: " + letter.subject))
            after = o.show(n)
            same((after["status"], after["assignee"]),
                 (before["status"], before["assignee"]),
                 "form %d: changes nothing" % i)
            same(o.read(), [], "form %d: nothing leaves" % i)
            ok(not any("canary-away" in m["text"] for m in after["messages"]
                       if m["direction"] == "out"), "form %d: no answer" % i)
        same(len([g for g in o.box(ANA) if "held" in str(
            g.mail["X-Deskd-Event"])]), 0, "nor is the robot asked anything")
        # She answers all the same when she is back.
        o.answer("ana", letter, "I am back.")
        same(o.read(), ["I am back."], "her own answer goes")


def dsn(to, about, host="mx.example.com"):
    """A delivery status notification (RFC 3464)."""
    head = ("From: Mail Delivery System <MAILER-DAEMON@%s>\r\nTo: %s\r\n"
            "Subject: Undelivered Mail Returned to Sender\r\nDate: %s\r\n"
            "Message-ID: <%s>\r\nAuto-Submitted: auto-replied\r\n"
            "MIME-Version: 1.0\r\n" % (
                host, SUPPORT, email.utils.formatdate(),
                email.utils.make_msgid(domain=host)[1:-1]))
    report = clients.part(
        "text/plain", ("<%s>: host said: 550 5.1.1 User unknown\n" % to
                       ).encode())
    status = ("Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns;"
              " %s\r\n\r\nFinal-Recipient: rfc822; %s\r\nAction: failed\r\n"
              "Status: 5.1.1\r\n\r\n" % (host, to)).encode()
    inner = b"Content-Type: text/rfc822-headers\r\n\r\n" + \
        about.data.partition(b"\r\n\r\n")[0] + b"\r\n"
    return head.encode() + clients.multi(
        "report", [report, status, inner], '; report-type=delivery-status')


def bounces():
    """A letter to an agent comes back; an answer to the requester does."""
    with Lab() as lab:
        o = People(lab)
        n, letter = o.begin()
        before = o.show(n)
        o.fresh(DIETER)
        o.put(dsn(ANA, letter), sender="")
        after = o.show(n)
        same((after["status"], len(o.desk.tickets())), (before["status"], 1),
             "Ana's mailbox bounces: no new ticket, the status stays")
        same(o.read(), [], "the requester hears nothing of it")
        told = [a for a in (ANA, BOB, DIETER, "root@example.com")
                if any("bounced" in str(g.mail["X-Deskd-Event"]) or
                       ANA in (g.text or "") for g in o.fresh(a))]
        ok(any("bounce" in (e["what"] + e["why"]) or "deliver" in e["why"]
               for e in after["events"]) or told,
           "but it stands somewhere: events %s, told %s" % (
               [e["what"] for e in after["events"]][-3:], told))
        o.fresh(ANA)
        o.answer("ana", letter, "Please restart it.")
        same(o.read(), ["Please restart it."], "she answers")
        answer = o.box(MARIA[1])[-1]
        o.put(dsn(MARIA[1], answer), sender="")
        q = o.letter(ANA, "bounced", n)
        if ok(q is not None, "the answer bounces: Ana is told"):
            ok("User unknown" in q.text or "5.1.1" in q.text, "and why")
        same(o.read(), [], "nothing more to the requester")


def copied():
    """An agent stands in Cc of the requester's first mail, and answers that."""
    with Lab() as lab:
        o = People(lab)
        mail = first(MARIA, "VPN", QUESTION, Cc="Bob Weber <%s>, Leo <%s>" % (
            BOB, LEO[1]), id="<direct.1@kunde.example>")
        n = o.put(mail)[-1]["ticket"]
        o.fresh(MARIA[1])
        direct = Got(mail)
        # Reply to all, past deskd's letters: To Maria, Cc support@.
        o.put(reply("owa", direct, "I look into it, Maria.", PEOPLE["bob"],
                    to=[MARIA], cc=[("", SUPPORT), LEO]))
        t = o.show(n)
        same(len(o.desk.tickets()), 1, "no second ticket")
        ok(any("I look into it, Maria." in m["text"] for m in t["messages"]) or
           any(h["ticket"] == n for h in o.held()),
           "his words are in it: %s" % [(m["direction"], m["text"][:30])
                                        for m in t["messages"]])
        same(o.read(), [], "she has it already: nothing is sent twice")
        # Ana's answer goes to Leo, too, but no agent's address to anybody.
        letter = o.letter(ANA, "assigned", n)
        o.fresh(LEO[1])
        o.answer("ana", letter, "Please restart it, both of you.")
        held = [h for h in o.held() if h["ticket"] == n]
        if held:
            o.tap("ana", o.letter(ANA, "held.stale", n), r"#do \S+ send")
        same((o.read(), [spoken(g) for g in o.fresh(LEO[1])]),
             (["Please restart it, both of you."],
              ["Please restart it, both of you."]), "Cc gets the answer")
        got = o.box(MARIA[1])[-1]
        same(leaks(got.data), [], "without the agent who was in Cc: %s" %
             got.mail["Cc"])
        ok(LEO[1] in str(got.mail["Cc"]), "Leo is in Cc")


def forwards():
    """An agent forwards a requester's mail to support@: her ticket."""
    with Lab() as lab:
        o = People(lab)
        for i, (name, attached) in enumerate(
                [(f, False) for f in clients.FORWARDS] +
                [("outlook", True), ("thunderbird", True), ("apple", True)]):
            who = ("Paula %d" % i, "paula%d@kunde.example" % i)
            mail = Got(first(who, "My invoice %d" % i, "Where is invoice %d?\n"
                             % i))
            o.fresh(BOB)
            rows = o.put(clients.forward(name, mail, "Please take care of her.",
                                         PEOPLE["bob"], SUPPORT,
                                         attached=attached))
            label = "%s%s" % (name, ", attached" if attached else "")
            if not ok(rows and rows[-1]["state"] in ("new", "append"),
                      "%s: a ticket: %s" % (label, rows and rows[-1])):
                continue
            t = o.show(rows[-1]["ticket"])
            same(t["requester"]["address"], who[1], "%s: it is hers" % label)
            got = o.fresh(who[1])
            ok(not any("take care of her" in "\n".join(g.lines())
                       for g in got), "%s: she does not read his words" % label)
            same([x for g in got for x in leaks(g.data)], [],
                 "%s: nothing of the inside" % label)
            letter = o.letter(ANA, ticket=rows[-1]["tag"])
            if letter is not None:
                o.answer("ana", letter, "Here it is.")
                same([spoken(g) for g in o.fresh(who[1])], ["Here it is."],
                     "%s: she is answered" % label)


def called():
    """#new: somebody called or walked in."""
    with Lab() as lab:
        o = People(lab)
        got = Got(first(MARIA, "x", "y"))  # something to write a mail from
        o.put(reply("iphone", got, "#new\n#requester %s\n#source phone\n"
                    "#priority high\nHer badge does not open the door." %
                    LEO[1], PEOPLE["bob"], to=SUPPORT, bare=True,
                    subject="Badge"))
        held = o.held()
        if held:
            q = o.letter(BOB, "held.challenge")
            note([h["reason"] for h in held])
            if q is not None:
                o.tap("bob", q, "approve|yes, it is mine")
        tickets = o.desk.tickets()
        if same(len(tickets), 1, "a ticket"):
            t = o.show(tickets[0]["number"])
            same((t["requester"]["address"], t["subject"], t["priority"]),
                 (LEO[1], "Badge", "high"), "for the caller")
            ok("does not open the door" in t["messages"][0]["text"],
               "with what was said")
            ok("#new" not in t["messages"][0]["text"], "and no command in it")
            same([x for g in o.box(LEO[1]) for x in leaks(g.data)], [],
                 "what he gets holds nothing of the inside")
            letter = o.letter(ANA, ticket=t["tag"]) or o.letter(
                BOB, ticket=t["tag"])
            if ok(letter is not None, "an agent is told"):
                who = "ana" if letter.to[0][1] == ANA else "bob"
                o.fresh(LEO[1])
                o.answer(who, letter, "Come to room 4.")
                same([spoken(g) for g in o.fresh(LEO[1])],
                     ["Come to room 4."], "and answers the caller")
        # Without a requester it is asked back.
        o.put(reply("iphone", got, "#new\nNo name given.", PEOPLE["bob"],
                    to=SUPPORT, bare=True, subject="Who?"))
        same(len(o.desk.tickets()), 1, "no requester: no ticket")
        ok(len(o.held()) >= 1, "it is held and asked")


def strangers():
    """A stranger with a copy of a requester's letter; a colleague of hers."""
    with Lab() as lab:
        o = People(lab)
        n, letter = o.begin()
        o.answer("ana", letter, "Please restart it.")
        hers = o.box(MARIA[1])[-1]
        o.read()
        o.put(reply("gmail", hers, "I have the same, what did she do?",
                    ("Eve", "eve@evil.example")))
        same(o.box("eve@evil.example"), [], "a stranger gets nothing")
        same(o.read(), [], "nor does the requester read him")
        same(o.show(n)["messages"][-1]["direction"], "note", "it is a note")
        q = o.letter(ANA, "stranger", n)
        if ok(q is not None, "Ana is asked whether he may take part"):
            o.answer("ana", q, "Who is that?")
            same((o.read(), o.box("eve@evil.example")), ([], []),
                 "her answer to that letter stays inside")
            same(o.show(n)["messages"][-1]["direction"], "note", "as a note")
        # Her next answer goes to Maria alone.
        latest = o.letter(ANA, "assigned", n)
        o.put(reply("gmail", hers, "Restarted, still the same.", MARIA))
        latest = o.letter(ANA, "answered", n)
        o.answer("ana", latest, "I see.")
        same((o.read(), o.box("eve@evil.example")), (["I see."], []),
             "and he is in no Cc")


def merged_ticket():
    """The reply to a merged ticket lands in the survivor, from both sides."""
    with Lab() as lab:
        o = People(lab)
        one, l1 = o.begin("VPN down")
        two, l2 = o.begin("No VPN at all", LEO)
        o.answer("ana", l2, "#merge %s" % str(one).rpartition("-")[2])
        q = o.letter(ANA, "held.challenge", two)
        if q is not None:
            o.tap("ana", q, "approve|yes, it is mine")
        o.read(), o.fresh(LEO[1])
        same(o.show(two)["number"], o.show(one)["number"], "merged")
        # Ana answers the old letter of the second ticket: it is of another
        # count, so she may be asked.
        o.answer("ana", l2, "We know of it.", "outlook")
        q = o.letter(ANA, "held.stale", one)
        if q is not None and not o.box(MARIA[1])[-1].text.startswith("We"):
            o.tap("ana", q, r"#do \S+ send")
        got = o.read()
        same(got, ["We know of it."], "the survivor's requester is answered")
        same([x for g in o.fresh(LEO[1]) for x in leaks(g.data)], [],
             "and nothing of the inside goes to the other")
        o.put(reply("gmail", o.letter(LEO[1], ticket=two), "Thank you all.",
                    LEO))
        ok(any("Thank you all." in m["text"] for m in
               o.show(one)["messages"]), "what he writes lands there, too")


if __name__ == "__main__":
    main(two_answer, in_between, away, bounces, copied, forwards, called,
         strangers, merged_ticket)
