"""`deskd run` as a service: one at a time, quiet when there is nothing to do,
small, and gone when asked."""
import os
import subprocess
import time

from lab import DESKD, Lab, mail, main, note, ok, same, skip, SAN


def used(pids):
    """Nanoseconds on a CPU so far."""
    total = 0
    for pid in pids:
        with open("/proc/%d/schedstat" % pid) as f:
            total += int(f.read().split()[0])
    return total


def pss(pids):
    total = 0
    for pid in pids:
        with open("/proc/%d/smaps_rollup" % pid) as f:
            for line in f:
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total


def idle():
    with Lab() as lab:
        dv = lab.dovecot(["support@example.com", "billing@example.com"])
        sink = lab.sink(dv)
        desk = lab.desk(smtp=sink, mailboxes={
            "support": (dv, "support@example.com", "poll 60s idle"),
            "billing": (dv, "billing@example.com", "poll 60s idle")}).start()
        for i in range(50):
            dv.deliver("support@example.com", mail(
                "p%d@example.org" % i, subject="s%d" % i, text="x" * 5000))
        lab.wait(lambda: len(sink.accepted()) == 50, "50 letters")
        time.sleep(3)  # marks on the server, connections that close
        pids = [desk.proc.pid, *desk.processes()]
        before, began = used(pids), time.monotonic()
        time.sleep(10)
        share = (used(pids) - before) / 1e7 / (time.monotonic() - began)
        same(sorted(pids), sorted([desk.proc.pid, *desk.processes()]),
             "the same %d processes all the time" % len(pids))
        ok(share < 0.05, "idle: %.3f %% of a CPU" % share)
        if SAN:
            skip("memory", "sanitizers take their own")
        else:
            size = pss(pids)
            ok(size < 40 * 1024, "all processes together: %.1f MiB (PSS)" % (
                size / 1024))
        dv.deliver("support@example.com", mail("last@example.org"))
        lab.wait(lambda: len(sink.accepted()) == 51, "a letter after the rest")
        ok(True, "and awake at once when mail comes")
        same(desk.stop(), 0, "ends well when asked")
        left = [p for p in pids if os.path.exists("/proc/%d" % p)]
        same(left, [], "no process is left")


def only_one():
    with Lab() as lab:
        dv = lab.dovecot()
        desk = lab.desk(dv, lab.sink()).start()
        lab.wait(lambda: desk.sql("SELECT 1 FROM mailbox WHERE polled > 0")
                 and desk.log().count("started") >= 3, "its three loops")
        time.sleep(0.5)  # they have their locks by then
        p = subprocess.run([DESKD, "-c", desk.conf, "run"], timeout=20,
                           capture_output=True, text=True)
        same(p.returncode, 75, "a second one refuses with 75")
        ok(str(desk.proc.pid) in p.stderr, "and says who holds it: " +
           p.stderr.strip()[-200:])
        for loop in (("fetch", "support", "--once"),
                     ("work", "--until-idle"), ("send", "--until-idle")):
            p = desk.run(*loop, check=False)
            same(p.returncode, 75, "so does %s by hand" % loop[0])
        same(desk.stop(), 0, "the first goes on and ends well")
        p = desk.run("work", "--until-idle", check=False)
        same(p.returncode, 0, "afterwards there is nobody in the way")


def survives_its_children():
    with Lab() as lab:
        dv = lab.dovecot()
        sink = lab.sink(dv)
        desk = lab.desk(dv, sink).start()

        def answered(who):
            """At least once: send may die between the 250 and its commit."""
            return any(who in t.recipients for t in sink.accepted())

        for word in ("fetch", "work", "send"):
            lab.wait(lambda: desk.kill(word), "a child to kill")
            dv.deliver("support@example.com", mail(word + "@example.org"))
            lab.wait(lambda: answered(word + "@example.org"),
                     "a letter after the death of " + word)
            ok(True, "%s killed: started again, nothing lost" % word)
        pids = list(desk.processes())
        desk.kill(None)
        lab.wait(lambda: not any(os.path.exists("/proc/%d" % p)
                                 for p in pids), "the orphans to end")
        ok(True, "the parent killed: its children end too")
        desk.stop()
        desk.start()
        dv.deliver("support@example.com", mail("again@example.org"))
        lab.wait(lambda: answered("again@example.org"), "a letter afterwards")
        same(desk.stop(), 0, "and all goes on after a new start")
        same(desk.integrity(), "ok", "the database is in order")


if __name__ == "__main__":
    main(idle, only_one, survives_its_children)
