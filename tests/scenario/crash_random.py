"""kill -9 of a random process of the running desk, under load, again and
again; the end state must be that of a quiet day.

    DESKD_KILLS=1000    more of them

time limit: 1800
"""
import os
import random
import threading
import time

from crash import faults
from lab import Lab, main, mail, note, ok, same, SLOW

KILLS = int(os.environ.get("DESKD_KILLS", "50"))


def tell(desk, dv, sent, total):
    """What is missing, for whoever has to find out why."""
    note("%d mails and %d answers were delivered" % (sent, total - sent))
    note(desk.sql("SELECT state, count(*), max(uid) FROM ledger GROUP BY 1"))
    note(desk.sql("SELECT name, uidvalidity, last_uid FROM mailbox"))
    known = {uid for uid, in desk.sql("SELECT uid FROM ledger")}
    there = [uid for uid, _, _ in dv.mails("support@example.com")]
    note("on the server %d mails; not in the ledger: %s" % (
        len(there), [u for u in there if u not in known]))
    note(desk.sql("SELECT id, uid, tries FROM inbound"))
    note(desk.sql("SELECT id, state, phase, tries, unknowns, next_at - "
                  "strftime('%s', 'now'), reply FROM outbox WHERE state <> "
                  "'sent'"))
    note(desk.sql("SELECT * FROM meta"))
    note(desk.processes())


def kill_anything():
    seed = int(os.environ.get("DESKD_SEED", time.time()))
    note("DESKD_SEED=%d" % seed)
    chance = random.Random(seed)
    with Lab() as lab:
        dv = lab.dovecot()
        sink = lab.sink(staff=())
        desk = lab.desk(dv, sink).start()
        feeding, sent = True, 0

        def feed():
            nonlocal sent
            while feeding:
                n, sent = sent, sent + 1
                who = "p%d@example.org" % n
                dv.deliver("support@example.com", mail(
                    who, subject="Matter %d" % n, message_id="m%d@x.org" % n,
                    text="text %d\n" % n * chance.randint(1, 40)))
                if n % 5 == 4:  # an answer to an earlier mail
                    k = chance.randrange(n)
                    dv.deliver("support@example.com", mail(
                        "p%d@example.org" % k, subject="Re: Matter %d" % k,
                        message_id="r%d@x.org" % n, text="more %d\n" % n,
                        In_Reply_To="<m%d@x.org>" % k))
                time.sleep(0.02)

        feeder = threading.Thread(target=feed, daemon=True)
        feeder.start()
        killed = {}
        try:
            while sum(killed.values()) < KILLS:
                time.sleep(chance.uniform(0.02, 0.25))
                below = desk.processes()
                words = {pid: next((w for w in (
                    "fetch", "work", "send", "parse") if " %s" % w in line),
                    "other") for pid, line in below.items()}
                words[desk.proc.pid] = "run"
                # The parent seldom: with it all go.
                pids = [p for p in words if words[p] != "run" or
                        chance.random() < 0.25]
                if not pids:
                    continue
                pid = chance.choice(pids)
                try:
                    os.kill(pid, 9)
                except ProcessLookupError:
                    continue
                killed[words[pid]] = killed.get(words[pid], 0) + 1
                if words[pid] == "run":
                    desk.stop()
                    desk.start()
        finally:
            feeding = False
            feeder.join()
        note("killed: %s; %d mails" % (killed, sent))
        desk.stop()  # also ends a back-off
        desk.start()
        total = sent + sent // 5

        def hurry():
            """A letter that met three kills waits minutes for its next try:
            an admin who does not want to wait says so."""
            for id, in desk.sql("SELECT id FROM outbox WHERE state = 'pending'"
                                " AND unknowns > 0 AND next_at > "
                                "strftime('%s', 'now') + 5"):
                desk.run("outbox", "retry", id)
                hurried.append(id)

        hurried = []

        def through():
            hurry()
            rows = desk.sql("SELECT count(*) FROM ledger WHERE state <> "
                            "'stored'")[0][0]
            left = desk.sql("SELECT count(*) FROM outbox WHERE state IN "
                            "('pending', 'sending')")[0][0]
            return rows == total and left == 0

        try:
            lab.wait(through, "everything to be worked and sent",
                     60 + KILLS / 10)
        except TimeoutError:
            tell(desk, dv, sent, total)
            raise
        same(desk.stop(), 0, "the last one ends well")
        same(len(desk.ledger()), total, "each UID is in the ledger once")
        states = dict(desk.sql("SELECT state, count(*) FROM ledger GROUP BY "
                               "1"))
        same(states, {"new": sent, "append": total - sent},
             "each mail is what it is on a quiet day")
        same(desk.sql("SELECT count(*), count(DISTINCT subject) FROM ticket"),
             [(sent, sent)], "one ticket for each matter")
        same(faults(desk, sink), [], "every invariant holds after %d kills" %
             sum(killed.values()))
        unknown = desk.sql("SELECT sum(unknowns) FROM outbox")[0][0]
        letters = desk.sql("SELECT count(*) FROM outbox")[0][0]
        note("unknown outcomes: %d; letters taken once more: %d; waited for "
             "an admin: %d" % (unknown, len(sink.accepted()) - letters,
                               len(set(hurried))))
        ok(len(sink.accepted()) <= letters + unknown,
           "no more letters than unknown outcomes explain")


if __name__ == "__main__":
    main(kill_anything)
