#!/usr/bin/env python3
"""Mail that is held, and what a person does about it: what was released is not
held again by what held it, and no machine answers what nobody can be sure of."""
import sqlite3

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


def ways():
    """How it goes back to work: work is told as what, into which ticket."""
    with Lab() as lab:
        b = Bench(lab, settings=RULES)

        def again(*words):
            return b.desk.run("held", "release", *words, check=False)

        def told():
            [row] = b.desk.sql("SELECT release_as, release_agent, "
                               "release_ticket FROM inbound")
            return row

        b.put(mail(ANN, subject="A"), mail(ANN, subject="B"),
              mail(ANN, subject="C", **SPAM), mail(ANN, subject="D", **SPAM))
        one, two = sorted(t["number"] for t in b.desk.tickets())
        first, second = [h["id"] for h in held(b)]
        same([again(first, "--as", "king").returncode,
              again(first, "--as", "agent").returncode,
              again(first, "--as", "note").returncode,
              again(first, "--into", "here").returncode], [64] * 4,
             "what makes no sense is refused")
        p = again("--as", "agent", "eve", first)
        same((p.returncode, p.stderr.decode()),
             (1, "deskd: there is no agent 'eve'\n"), "nobody's name, too")
        p = again(first, "--into", "EX-4711")
        same((p.returncode, p.stderr.decode()),
             (1, "deskd: there is no ticket 4711\n"), "no ticket's number, too")
        same(len(held(b)), 2, "all of them still wait")
        again(first, "--as", "agent", "ana", "--into", "EX-%d" % one)
        same(tuple(told()), ("agent", "ana", one), "as agent ana's, into one")
        b.desk.round()
        again("--as=requester", second)
        same(tuple(told()), ("requester", "", 0), "as a requester's")
        b.desk.round()
        same(held(b), [], "nothing is held any more")


def told():
    """What is known of a held mail is shown; the code is not a number."""
    with Lab() as lab:
        b = Bench(lab, settings=RULES)
        b.put(mail(ANN, subject="A"), mail(ANN, subject="B", **SPAM),
              mail(ANN, subject="C", **SPAM))
        [t] = b.desk.tickets()
        first, second = held(b)
        same([first[k] for k in ("kind", "ticket", "tag", "agent",
                                 "problem")], [None] * 5,
             "an ordinary mail has none of it")
        codes = first["code"], second["code"]
        ok(codes[0] != codes[1] and all(
            len(c) == 5 and set(c) <= set("23456789bcdfghjkmnpqrstvwxz")
            for c in codes), "each has a code of its own: %s %s" % codes)
        with sqlite3.connect(b.desk.state + "/deskd.db") as db:
            db.execute("UPDATE held SET kind = 'command', ticket = ?,"
                       " agent = 'ana', problem = 'I do not know \"#noet\"'"
                       " WHERE id = ?", (t["number"], first["id"]))
        db.close()
        row = b.desk.json("held", "show", first["id"])
        same([row[k] for k in ("kind", "ticket", "tag", "agent", "code",
                               "problem")],
             ["command", t["number"], t["tag"], "ana", codes[0],
              'I do not know "#noet"'], "an agent's has")
        text = b.desk.run("held", "show", first["id"]).stdout.decode()
        ok(all(w in text for w in ("command", t["tag"], "ana", codes[0],
                                   "#noet")), "also for people")
        text = b.desk.run("held", "list").stdout.decode()
        ok("KIND" in text and "AGENT" in text and t["tag"] in text,
           "and in the list")


if __name__ == "__main__":
    main(by_rule, no_from, ways, told)
