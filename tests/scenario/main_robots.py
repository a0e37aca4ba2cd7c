"""Machines that write: never answered, never a war.  Automatic mail of all
kinds, delivery reports, our own mail coming back, two desks that write to each
other, and a flood."""
import email
import email.policy
import time

from lab import Lab, mail, main, ok, same
from main_threads import ANN, Bench, number

DSN = """From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: support@example.com
Subject: Undelivered Mail Returned to Sender
Date: {date}
Message-ID: <dsn1@mx.example.net>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

This is the mail system. Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ann@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: text/rfc822-headers

From: Example Support <support@example.com>
To: ann@example.org
Subject: {subject}
Message-ID: {id}

--b--
"""


def never_answered():
    cases = (
        ("out of office", {"Auto_Submitted": "auto-replied"}),
        ("generated", {"Auto_Submitted": "auto-generated"}),
        ("bulk", {"Precedence": "bulk"}),
        ("a list", {"List_Id": "<l.example.net>",
                    "List_Unsubscribe": "<mailto:u@example.net>"}),
        ("an autoresponder", {"X_Autoreply": "yes"}),
        ("another ticket system", {"X_RT_Loop_Prevention": "example.net"}),
        ("suppressed", {"X_Auto_Response_Suppress": "All"}),
        ("Exchange's rule", {"X_MS_Exchange_Inbox_Rules_Loop": "a@b.c"}),
    )
    with Lab() as lab:
        b = Bench(lab)
        for i, (what, fields) in enumerate(cases):
            row = b.put(mail("m%d@example.net" % i, subject=what, **fields))
            ok(row["state"] in ("new", "filed", "event", "held"),
               "%s: %s" % (what, row["state"]))
        row = b.put(mail("Mailer <MAILER-DAEMON@example.net>",
                         subject="Delivery failure",
                         extra="X-Failed-Recipients: a@example.org"))
        same(row["state"], "filed", "a bounce of nothing we know is filed")
        same(b.sink.accepted(), [], "none of them was answered")
        same(b.desk.json("outbox", "list")["rows"], [],
             "and no letter waits")
        silent = [case[0] for case, r in zip(cases, b.desk.ledger())
                  if not r["reason"]]
        same(silent, ["suppressed"],
             "the ledger says why, but for the one that a person wrote")


def bounce():
    with Lab() as lab:
        b = Bench(lab)
        one = b.put(mail(ANN, subject="Disk full"))
        ack = b.ack("ann@example.org")
        dsn = DSN.format(date=email.utils.formatdate(), id=ack["Message-ID"],
                         subject=ack["Subject"])
        row = b.put(dsn.replace("\n", "\r\n").encode())
        same((row["state"], number(row)), ("event", number(one)),
             "a DSN goes to the ticket of the letter that bounced")
        events = " ".join("%s %s" % (e["what"], e["why"])
                          for e in b.desk.show(number(one))["events"])
        ok("ann@example.org" in events and "5.1.1" in events,
           "its history says who and why")
        same(len(b.sink.accepted()), 1, "nobody answers a DSN")
        same(len(b.desk.tickets()), 1, "and it makes no ticket")


def own_mail():
    """Our own letters come back, as they went or as somebody's forward."""
    with Lab() as lab:
        b = Bench(lab)
        b.put(mail(ANN, subject="Mouse"))
        letter = b.sink.accepted("ann@example.org")[0].data
        row = b.put(letter)
        same(row["state"], "loop_held", "our own letter is held as a loop")
        row = b.put(b"Delivered-To: x@example.com\r\n" + letter)
        ok(row["state"] in ("loop_held", "dup_of"),
           "a second time: %s" % row["state"])
        row = b.put(mail("support@example.com", subject="From ourselves"))
        ok(row["state"] in ("new", "loop_held", "held"),
           "a mail that claims to be from us: %s" % row["state"])
        hops = "\n".join("Received: from a%d by b%d; %s" % (
            i, i, email.utils.formatdate()) for i in range(60))
        row = b.put(mail(ANN, subject="Round and round", extra=hops))
        same(row["state"], "loop_held", "60 hops are a loop")
        same(len(b.sink.accepted()), 1, "no letter for any of them")
        same(len(b.desk.json("held", "list")["rows"]) >= 2, True,
             "what is held can be seen")


def two_desks():
    """Two desks, each other's requester, with a person who starts it."""
    with Lab() as lab:
        dv = lab.dovecot(["support@example.com", "help@example.net"])
        sink = lab.sink(dv)
        a = lab.desk(dv, sink, name="a").start()
        b = lab.desk(dv, sink, name="b", address="help@example.net").start()
        # Somebody forges a mail from one to the other: both could answer
        # for ever.
        for i in range(3):
            dv.deliver("support@example.com", mail(
                "Help <help@example.net>", to="support@example.com",
                subject="Forged %d" % i))

        def quiet():
            states = [r["state"] for d in (a, b) for r in d.ledger()]
            return len(states) >= 6 and "stored" not in states and not (
                a.json("outbox", "list")["rows"] or
                b.json("outbox", "list")["rows"])

        lab.wait(quiet, "both desks to fall silent", 20)
        count, end = len(sink.accepted()), time.monotonic() + 3
        while time.monotonic() < end:
            if len(sink.accepted()) != count:
                count, end = len(sink.accepted()), time.monotonic() + 3
            if count > 12:
                break
            time.sleep(0.1)
        ok(count <= 6, "two desks exchanged %d letters and stopped" % count)
        same(a.stop(), 0, "the first ends well")
        same(b.stop(), 0, "the second ends well")


def same_answer_again():
    """A robot without any sign of one is stopped by the budgets."""
    with Lab() as lab:
        b = Bench(lab)
        for i in range(14):
            b.dv.deliver("support@example.com", mail(
                "bot@example.net", subject="Alarm %d" % i, text="%d\n" % i))
        b.desk.round()
        letters = len(b.sink.accepted("bot@example.net"))
        ok(1 <= letters <= 10,
           "14 mails of one sender made %d letters, at most 10" % letters)
        same(len(b.desk.ledger()), 14, "all 14 mails are in the ledger")


def flood():
    with Lab() as lab:
        b = Bench(lab)
        for i in range(60):
            b.dv.deliver("support@example.com", mail(
                "flood@example.net", subject="Subject %d" % i,
                text="text %d\n" % i))
        b.dv.deliver("support@example.com", mail(ANN, subject="In the middle"))
        b.desk.round()
        rows = b.desk.ledger()
        same(len(rows), 61, "all mails are in the ledger")
        mine = [t for t in b.desk.tickets()
                if t["requester"]["address"] == "flood@example.net"]
        ok(len(mine) <= 22, "60 mails of one sender made %d tickets" %
           len(mine))
        same(len(b.sink.accepted("ann@example.org")), 1,
             "somebody else is served as ever")
        total = sum(len([m for m in b.desk.show(t["number"])["messages"]
                         if m["direction"] == "in"])
                    for t in b.desk.tickets())
        same(total, 61, "no mail is missing from the tickets")


if __name__ == "__main__":
    main(never_answered, bounce, own_mail, two_desks, same_answer_again,
         flood)
