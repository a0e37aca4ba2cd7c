"""Which ticket a mail goes to: answers, ancestors, tags, strangers, the same
subject, copies and forged copies.  Each loop by hand, over a real IMAP server."""
import email
import email.policy
import time

from lab import Lab, mail, main, note, ok, same

ANN = "Ann Ahlers <ann@example.org>"
BOB = "Bob Berger <bob@example.net>"


class Bench:
    """A desk with its loops run by hand, and what it did."""

    def __init__(self, lab, **more):
        self.lab = lab
        self.dv = lab.dovecot()
        self.sink = lab.sink()
        self.desk = lab.desk(self.dv, self.sink, **more)
        self.rows = 0

    def put(self, *mails):
        """Mails in, one round each; the new rows of the ledger."""
        out = []
        for data in mails:
            self.dv.deliver("support@example.com", data)
            self.desk.round()
            rows = self.desk.ledger()
            out += rows[self.rows:]
            self.rows = len(rows)
        return out[0] if len(mails) == 1 else out

    def ack(self, to):
        """The last letter to an address, parsed."""
        if not self.sink.accepted(to):
            note("no letter to %s; ledger, outbox, events:" % to)
            note(self.desk.ledger()[-1:])
            note(self.desk.json("outbox", "list", "--all"))
            note(self.desk.sql("SELECT what, new, why FROM event ORDER BY id "
                               "DESC LIMIT 8"))
        return email.message_from_bytes(
            self.sink.accepted(to)[-1].data, policy=email.policy.default)

    def tag(self, row):
        return [t["tag"] for t in self.desk.tickets()
                if t["number"] == number(row)][0]


def number(row):
    """The ticket of a ledger row as a number."""
    ticket = row["ticket"]
    return int(str(ticket).rpartition("-")[2]) if ticket is not None else None


def answers():
    with Lab() as lab:
        b = Bench(lab)
        one = b.put(mail(ANN, subject="First", message_id="first@x.org"))
        ack = b.ack("ann@example.org")
        row = b.put(mail(ANN, subject="something else",
                         In_Reply_To=ack["Message-ID"]))
        same((row["state"], number(row)), ("append", number(one)),
             "In-Reply-To our letter, another subject")
        row = b.put(mail(ANN, subject="and again", References="<first@x.org> "
                         + ack["Message-ID"]))
        same((row["state"], number(row)), ("append", number(one)),
             "References only")
        row = b.put(mail(ANN, subject="third", message_id="third@x.org",
                         In_Reply_To="<first@x.org>"))
        same((row["state"], number(row)), ("append", number(one)),
             "In-Reply-To her own first mail")
        row = b.put(mail(BOB, subject="no", In_Reply_To=str(
            ack["Message-ID"]).replace("@", "x@")))
        same(row["state"], "new", "a wrong mark in our id opens nothing")
        ok(number(row) != number(one), "it is a ticket of his own")
        forged = "<%s.1.00000000@example.com>" % b.tag(one)
        row = b.put(mail(BOB, subject="guessed", References=forged))
        ok(row["state"] == "new" and number(row) != number(one),
           "nobody guesses an id of ours")
        before = len(b.sink.accepted())
        row = b.put(mail(BOB, subject="I have a copy of this",
                         In_Reply_To=ack["Message-ID"]))
        same((row["state"], number(row)), ("append", number(one)),
             "a stranger who holds our letter comes into the ticket")
        same(b.desk.show(number(one))["messages"][-1]["direction"], "note",
             "but as a note that the requester never sees")
        same(len(b.sink.accepted()), before, "and gets no letter")
        same(b.desk.integrity(), "ok", "the database is in order")


def ancestors():
    """An answer may arrive before what it answers."""
    with Lab() as lab:
        b = Bench(lab)
        child = b.put(mail(ANN, subject="Re: Plan", message_id="c@x.org",
                           In_Reply_To="<b@x.org>",
                           References="<a@x.org> <b@x.org>"))
        same(child["state"], "new", "the answer comes first: a ticket")
        parent = b.put(mail(ANN, subject="Plan", message_id="a@x.org"))
        same((parent["state"], number(parent)), ("append", number(child)),
             "its ancestor finds it when it comes")
        other = b.put(mail(BOB, subject="Unrelated", message_id="b@x.org"))
        ok(other["state"] == "new" and number(other) != number(child),
           "a stranger who takes that id does not come in")
        last = b.put(mail(ANN, subject="Re: Plan", message_id="d@x.org",
                          References="<never@x.org> <a@x.org>"))
        same(number(last), number(child),
             "an id in the middle of References is enough")


def tags():
    with Lab() as lab:
        b = Bench(lab)
        one = b.put(mail(ANN, subject="Monitor is dark",
                         Cc="Carla <carla@example.org>"))
        tag = b.tag(one)
        row = b.put(mail(ANN, subject="Question about [%s]" % tag))
        same((row["state"], number(row)), ("append", number(one)),
             "the tag from the requester")
        row = b.put(mail("Carla <carla@example.org>",
                         subject="[%s] me too" % tag))
        same((row["state"], number(row)), ("append", number(one)),
             "the tag from somebody in Cc")
        row = b.put(mail(BOB, subject="[%s] let me in" % tag))
        ok(row["state"] == "new" and number(row) != number(one),
           "the tag from a stranger grants nothing")
        row = b.put(mail(ANN, subject="[EX-99999] no such ticket"))
        same(row["state"], "new", "a tag of no ticket is a new ticket")


def subjects():
    with Lab() as lab:
        b = Bench(lab, tickets="duplicate-window 30m")
        one = b.put(mail(ANN, subject="Printer", text="a\n"))
        row = b.put(mail(ANN, subject="Re: printer", text="b\n"))
        same((row["state"], number(row)), ("append", number(one)),
             "same sender, same subject, a moment later")
        same(len(b.sink.accepted("ann@example.org")), 1, "one letter")
        row = b.put(mail(BOB, subject="Printer", text="c\n"))
        ok(row["state"] == "new" and number(row) != number(one),
           "same subject, another sender: his own ticket")
        # The first ticket was long ago.
        b.desk.execute("UPDATE ticket SET created = created - 7200, "
                       "updated = updated - 7200")
        row = b.put(mail(ANN, subject="Printer", text="d\n"))
        ok(row["state"] == "new" and number(row) != number(one),
           "outside the duplicate window: a new ticket")


def copies():
    with Lab() as lab:
        b = Bench(lab)
        when = "Tue, 28 Jul 2026 09:14:06 +0200"
        first = mail(ANN, subject="Bill", message_id="bill@x.org", date=when,
                     text="Where is my bill?\n")
        one = b.put(first)
        letters = len(b.sink.accepted())
        # The same bytes.
        row = b.put(first)
        same((row["state"], number(row)), ("dup_of", number(one)),
             "the same mail again is a duplicate")
        # Other transport, same content.
        row = b.put(b"Received: from a by b; " + when.encode() + b"\r\n" +
                    first)
        same((row["state"], number(row)), ("dup_of", number(one)),
             "with another Received line too")
        # A list changed the text.
        row = b.put(first.replace(b"my bill?\r\n",
                                  b"my bill?\r\n-- \r\nA list footer\r\n"))
        same((row["state"], number(row)), ("variant", number(one)),
             "with a footer it is a variant in the same ticket")
        # Another Message-ID, other date: a mail of its own.
        row = b.put(mail(ANN, subject="Bill", message_id="bill2@x.org",
                         text="Where is my bill?\n"))
        same((row["state"], number(row)), ("append", number(one)),
             "another Message-ID: a mail of its own, same subject and sender")
        # The id alone proves nothing (T05).
        row = b.put(mail(BOB, subject="Mine", message_id="bill@x.org",
                         text="Something of mine.\n"))
        ok(row["state"] == "new" and number(row) != number(one),
           "the same Message-ID from another sender: his own ticket")
        same(len(b.sink.accepted()), letters + 1, "and only he got a letter")
        # No Message-ID at all.
        bare = mail(ANN, subject="Bare", message_id="", date=when)
        same([r["state"] for r in b.put(bare, bare)], ["new", "dup_of"],
             "without a Message-ID the content decides")
        messages = sum(len(b.desk.show(t["number"])["messages"])
                       for t in b.desk.tickets())
        rows = b.desk.ledger()
        same(len(rows), 8, "the ledger has all eight UIDs")
        ok(all(r["state"] != "stored" for r in rows), "each in its state")
        ok(messages > 0 and b.desk.integrity() == "ok",
           "the database is in order")


def statuses():
    """What an answer does to a ticket that waits, is resolved or closed."""
    with Lab() as lab:
        b = Bench(lab, tickets="reopen-within 14d")
        day = 86400
        for status, ago, text, want, state in (
                ("waiting", 0, "Here it is.\n", "open", "append"),
                ("on-hold", 0, "Any news?\n", "on-hold", "append"),
                ("resolved", 0, "It still fails.\n", "open", "append"),
                ("resolved", 0, "Thanks!\n", "closed", "append"),
                ("closed", 1, "It is back.\n", "open", "append"),
                ("closed", 30, "It is back.\n", "closed", "new")):
            who = "r%d@example.org" % time.monotonic_ns()
            one = b.put(mail(who, subject="S " + who))
            b.desk.execute(
                "UPDATE ticket SET status = ?1, resolved = ?2, closed = ?3, "
                "updated = ?2 WHERE number = ?4", status,
                int(time.time() - ago * day),
                int(time.time() - ago * day) if status == "closed" else 0,
                number(one))
            row = b.put(mail(who, subject="Re: S " + who, text=text,
                             In_Reply_To=b.ack(who)["Message-ID"]))
            shown = b.desk.show(number(one))
            same((row["state"], shown["status"]), (state, want),
                 "%s %d days ago, %r: %s" % (status, ago, text.strip(), want))
            if state == "new":
                new = b.desk.show(number(row))
                ok(any(link.get("kind") == "follow-up-of"
                       for link in new["links"]),
                   "the new ticket is linked to the old one")
            else:
                same(number(row), number(one), "in the same ticket")
        same(b.desk.integrity(), "ok", "the database is in order")


if __name__ == "__main__":
    main(answers, ancestors, tags, subjects, copies, statuses)
