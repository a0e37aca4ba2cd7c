#!/usr/bin/env python3
"""Mail that is held, and what a person does about it: what was released is not
held again by what held it, and no machine answers what nobody can be sure of."""
from lab import Lab, mail, main, ok, same
from main_threads import ANN, Bench

RULES = """
rule spam "Marked by the border server" {
    when header X-Spam-Flag /^yes/i
    quarantine spam
    stop
}
rule unclear {
    on reply
    when header X-Spam-Flag perhaps
    quarantine "perhaps spam"
}
"""
SPAM = {"X_Spam_Flag": "YES"}


def held(b):
    return b.desk.json("held", "list")["rows"]


def release(b):
    """Everything that is held, worked again; the last row of the ledger."""
    b.desk.run("held", "release", *[h["id"] for h in held(b)])
    b.desk.round()
    return b.desk.ledger()[-1]


def by_rule():
    with Lab() as lab:
        b = Bench(lab, settings=RULES)
        row = b.put(mail(ANN, subject="VPN", **SPAM))
        ok(row["state"] == "held" and row["reason"].startswith("spam: rule "
           "spam (deskd.conf:"), "a rule holds it: %s" % row["reason"])
        same(len(b.sink.taken), 0, "nobody is answered")
        row = release(b)
        same((row["state"], held(b)), ("new", []),
             "released it is a ticket; the rule does not hold it again")
        [t] = b.desk.tickets()
        same(t["requester"]["address"], "ann@example.org", "of its sender")
        same(len(b.sink.accepted("ann@example.org")), 1,
             "who is acknowledged: a person said it is a person's mail")
        ack = b.ack("ann@example.org")
        row = b.put(mail(ANN, subject="Re: VPN", message_id="more@x.org",
                         In_Reply_To=str(ack["Message-ID"]),
                         X_Spam_Flag="perhaps"))
        same(row["state"], "held", "a rule holds an answer, too")
        row = release(b)
        same((row["state"], row["ticket"], len(held(b))),
             ("append", t["number"], 0), "released it goes to its ticket")


def no_from():
    with Lab() as lab:
        b = Bench(lab)
        data = mail(subject="Help").replace(b"From: Ann Ahlers "
                                            b"<ann@example.com>\r\n", b"")
        same(b.put(data)["state"], "held", "a mail of nobody is held")
        row = release(b)
        same((row["state"], held(b)), ("new", []), "released it is a ticket")
        [t] = b.desk.tickets()
        same(t["requester"], {"name": "unknown sender", "address": None},
             "of nobody")
        same(len(b.sink.taken), 0, "nobody is answered")
        text = b.desk.run("show", t["number"]).stdout.decode()
        ok("unknown sender" in text, "and show says so")
        ok("it was held: no From" in b.desk.run(
            "ledger").stdout.decode(), "the ledger says what happened")


if __name__ == "__main__":
    main(by_rule, no_from)
