#!/usr/bin/env python3
"""The send loop as it runs: nudged, idle, told to stop, and whom it tells."""
import contextlib
import os
import sqlite3
import subprocess
import tempfile
import time

from lab import DESKD, SLOW, Lab, mail, main, note, ok, same
from lab import _die_with_parent
from post import Post, due_now, letter, letters, make_database, put, send

FAST = "rate off"


class Loop:
    """deskd send in the foreground, as long as a with block lasts."""

    def __init__(self, desk, **env):
        self.desk, self.env = desk, env

    def __enter__(self):
        self.log = open(self.desk.dir + "/send.log", "w+")
        self.proc = subprocess.Popen(
            [DESKD, "-c", self.desk.conf, "send"], stderr=self.log,
            env=self.desk._env(self.env), preexec_fn=_die_with_parent())
        for _ in range(200):
            if os.path.exists(self.desk.state + "/send.wake"):
                break
            time.sleep(0.02)
        return self

    def __exit__(self, *_):
        if self.proc.poll() is None:
            self.proc.kill()
            self.proc.wait()
        self.log.close()

    def stop(self, seconds=10):
        self.proc.terminate()
        return self.proc.wait(seconds * SLOW)

    def switches(self):
        with open("/proc/%d/status" % self.proc.pid) as f:
            return next(int(line.split()[1]) for line in f
                        if line.startswith("voluntary_ctxt_switches"))


def nudge(desk):
    fd = os.open(desk.state + "/send.wake", os.O_WRONLY | os.O_NONBLOCK)
    os.write(fd, b"x")
    os.close(fd)


def awake():
    """A nudge sends at once; without one nothing stirs."""
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post, smtp_more=FAST)
        make_database(desk)
        with Loop(desk) as loop:
            times = []
            for i in range(12):
                ident = put(desk, "p%d@example.org" % i)
                began = time.monotonic()
                nudge(desk)
                lab.wait(lambda: len(post.rows("letter")) == i + 1, "it")
                times.append((time.monotonic() - began) * 1000)
            times.sort()
            note("nudge to final dot, watched every 30 ms: %.0f ms median"
                 % times[len(times) // 2])
            same(len(post.rows("connect")), 1, "over one kept connection")
            lab.wait(lambda: letter(desk, ident).state == "sent", "outcome")
            time.sleep(0.5)
            before = loop.switches()
            time.sleep(2)
            ok(loop.switches() - before <= 1,
               "idle for 2 s: woken %d times" % (loop.switches() - before))
            later = put(desk, "later@example.org",
                        next_at=int(time.time()) + 2)
            nudge(desk)
            lab.wait(lambda: letter(desk, later).state == "sent",
                     "a letter whose time comes")
            ok(time.time() >= letter(desk, later).next_at,
               "goes at its time, without a nudge")
            same(loop.stop(), 0, "told to stop: exit 0")
        same(len(post.rows("quit")), 1, "with a good-bye to the relay")


def one_at_a_time():
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post, smtp_more=FAST)
        make_database(desk)
        with Loop(desk) as loop:
            lab.wait(lambda: desk.run("send", "--until-idle",
                                      check=False).returncode == 75,
                     "exit 75 of a second loop")
            p = desk.run("send", "--until-idle", check=False)
            ok(str(loop.proc.pid).encode() in p.stderr,
               "it says who is at it: " + p.stderr.decode().strip())


def stopped():
    """Told to stop while the server hangs at each step."""
    want = {"greeting": ("pending", 0, 0), "rcpt": ("pending", 0, 0),
            "data": ("pending", 0, 0), "body": ("pending", 0, 0),
            "dot": ("pending", 1, 1)}
    big = ("x" * 76 + "\r\n") * 300000  # more than the kernel takes
    with Lab() as lab, contextlib.ExitStack() as stack:
        runs = []
        for stage in want:
            fault = ["--fault", "greeting=hang"] if stage == "greeting" else []
            post = lab._add(Post(lab, *fault))
            desk = lab.desk(None, post, smtp_more=FAST)
            ident = put(desk, stage + "-hang@example.org", kind="reply",
                        text=big if stage == "body" else "hello\r\n")
            loop = stack.enter_context(Loop(desk))
            lab.wait(lambda: post.rows("connect"), "the connection")
            runs.append((stage, desk, ident, loop))
        time.sleep(0.5 * SLOW)
        began = time.monotonic()
        for _, _, _, loop in runs:
            loop.proc.terminate()
        for stage, desk, ident, loop in runs:
            code = loop.proc.wait(20 * SLOW)
            took = time.monotonic() - began
            x = letter(desk, ident)
            same((code, x.state, x.tries, x.unknowns), (0, *want[stage]),
                 "stopped while %s hangs" % stage)
            limit = 9 if stage in ("body", "dot") else 2
            ok(took < limit * SLOW, "after %.1f s" % took)


def killed():
    """kill -9 while letters are on the wire: those of a window are in doubt,
    the reply beside them only when it was the one."""
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post, smtp_more=FAST)
        hang = put(desk, "once-dot-hang@example.org")
        others = [put(desk, "p%d@example.org" % i) for i in range(3)]
        reply = put(desk, "r@example.org", kind="reply")
        with Loop(desk) as loop:
            lab.wait(lambda: len(post.rows("letter")) >= 1, "the first dot")
            loop.proc.kill()
            loop.proc.wait()
        note(str([(x.state, x.phase) for x in letters(desk)]))
        same(letter(desk, hang).phase, "body", "found in the body")
        send(desk)
        same([x.state for x in letters(desk)], ["sent"] * 5, "all went")
        same(letter(desk, hang).unknowns, 1, "the first one is in doubt")
        same(letter(desk, reply).unknowns, 0, "the reply is not")
        for x in letters(desk):
            n = len(post.taken(x.to))
            ok(1 <= n <= 1 + x.unknowns, "%s: %d copies, %d doubts" % (
                x.to, n, x.unknowns))


def in_order():
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post, smtp_more=FAST)
        first = put(desk, "once-dot-451@example.org", text="one\r\n")
        second = put(desk, "once-dot-451@example.org", text="two\r\n")
        other = put(desk, "bob@example.org")
        send(desk)
        same([letter(desk, i).state for i in (first, second, other)],
             ["pending", "pending", "sent"],
             "the second to the same person waits for the first")
        due_now(desk)
        send(desk)
        got = [t["data"].split("\r\n\r\n")[1]
               for t in post.taken("once-dot-451@example.org")]
        same(got, ["one\r\n", "two\r\n"], "and comes after it")


def by_hand():
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post, smtp_more=FAST)
        bad = put(desk, "once-rcpt-550@example.org")
        waits = put(desk, "once-rcpt-451@example.org")
        send(desk)
        rows = desk.json("outbox", "list")["rows"]
        mine = {r["id"]: r for r in rows}
        same((mine[bad]["state"], mine[waits]["state"]), ("dead", "pending"),
             "both are listed")
        ok(mine[bad]["reply"].startswith("550") and mine[waits]["next"] and
           mine[waits]["tries"] == 1, "with the answer and the next time")
        text = desk.run("outbox", "list").stdout.decode()
        ok("once-rcpt-550@example.org" in text and "dead" in text, "in a table")
        text = desk.run("outbox", "show", bad).stdout.decode()
        ok("550" in text and "Hello." in text, "show: answer and text")
        raw = desk.run("outbox", "show", "--raw", bad).stdout
        ok(raw.startswith(b"From: ") and raw.endswith(b"Hello.\r\n"),
           "show --raw: the bytes")
        same(desk.json("outbox", "show", bad)["state"], "dead", "as JSON")
        desk.run("outbox", "drop", waits)
        rows = desk.json("outbox", "list")["rows"]
        ok(waits not in [r["id"] for r in rows], "dropped: off the list")
        rows = desk.json("outbox", "list", "--all")["rows"]
        same({r["id"]: r["state"] for r in rows}[waits], "dropped",
             "but in the list of all")
        due_now(desk)
        send(desk)
        same(letter(desk, waits).state, "dropped", "and it does not go")
        desk.run("outbox", "retry", waits, bad)
        send(desk)
        same([letter(desk, i).state for i in (bad, waits)], ["sent", "sent"],
             "retry brings both back")
        same(desk.run("outbox", "retry", 4711, check=False).returncode, 1,
             "no such letter: exit 1")
        same(desk.run("outbox", "show", 4711, check=False).returncode, 1,
             "the same for show")
        same(desk.run("outbox", "retyr", 1, check=False).returncode, 64,
             "a wrong word: exit 64")
        sent = put(desk, "ann@example.org")
        send(desk)
        same(desk.run("outbox", "drop", sent, check=False).returncode, 1,
             "what is gone cannot be dropped")


def ticket(desk, team="servicedesk", status="waiting"):
    """A ticket made of a mail.  Its number."""
    folder = tempfile.mkdtemp(dir=desk.dir)
    with open(folder + "/one.eml", "wb") as f:
        f.write(mail("ann@example.org", subject="VPN " + folder))
    desk.run("import", folder)
    desk.run("work", "--until-idle")
    db = sqlite3.connect(desk.state + "/deskd.db", timeout=20)
    with db:
        number = db.execute("SELECT max(number) FROM ticket").fetchone()[0]
        db.execute("UPDATE ticket SET team = ?, status = ? WHERE number = ?",
                   (team, status, number))
    db.close()
    return number


def status(desk, number):
    return desk.sql("SELECT status FROM ticket WHERE number = ?", number)[0][0]


def events(desk, number):
    return desk.sql("SELECT what, new, why FROM event WHERE ticket = ?"
                    " ORDER BY id", number)


def alerts():
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post, smtp_more=FAST)
        make_database(desk)
        one, two = ticket(desk), ticket(desk, "", "resolved")
        bad = put(desk, "rcpt-550.a@example.org", kind="reply", ticket=one)
        send(desk)
        same(letter(desk, bad).state, "dead", "an answer that is refused")
        what = {e[0]: e for e in events(desk, one)}
        ok("letter-dead" in what and "550" in what["letter-dead"][2] and
           what["letter-dead"][1] == str(bad), "an event in the ticket: %s"
           % (what.get("letter-dead"),))
        same(status(desk, one), "open", "the ticket is open again")
        told = post.taken("dieter@example.com")
        same(len(told), 1, "the lead of the team is told")
        data = told[0]["data"] if told else ""
        ok("550 5.0.0 as asked" in data and "EX-%d" % one in data and
           "deskd outbox retry %d" % bad in data, "what, why, what to do")
        head = data.split("\r\n\r\n")[0]
        ok("Auto-Submitted: auto-generated" in head and
           told and told[0]["sender"] == "<>",
           "as automatic mail, from the null sender")
        # A second one within 15 minutes waits for the summary.
        put(desk, "rcpt-550.b@example.org", kind="notify", ticket=two)
        put(desk, "rcpt-550.c@example.org", kind="ack", ticket=two)
        put(desk, "rcpt-550.d@example.org", kind="notify")
        send(desk)
        same(len(post.rows("letter")), 1, "not a second alert so soon")
        same(status(desk, two), "resolved", "a lost notification opens nothing")
        db = sqlite3.connect(desk.state + "/deskd.db", timeout=20)
        with db:
            db.execute("UPDATE meta SET value = value - 901"
                       " WHERE key = 'alerted'")
            db.execute("UPDATE outbox SET done = done - 901"
                       " WHERE id = ? AND state = 'dead'", (bad,))
        db.close()
        send(desk)
        told = post.taken("root@example.com")
        same(len(told), 1, "15 minutes later: one for the admin")
        data = told[0]["data"] if told else ""
        same([x in data for x in ("rcpt-550.b", "rcpt-550.c", "rcpt-550.d",
                                  "rcpt-550.a")],
             [True, True, True, False],
             "with all that failed meanwhile, and only that")
        send(desk)
        same(len(post.rows("letter")), 2, "and nothing more")


def no_alert_about_alerts():
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post, smtp_more=FAST,
                        admin="rcpt-550@example.com")
        put(desk, "rcpt-550.x@example.org")
        for _ in range(3):
            send(desk)
            due_now(desk)
        rows = letters(desk)
        same([x.kind for x in rows], ["notify", "alert"],
             "an alert that fails makes no alert")
        same([x.state for x in rows], ["dead", "dead"], "both are visible")
        same(len(desk.json("outbox", "list")["rows"]), 2, "in the list")


def late():
    """An answer that has been tried as often as `retry` says: the lead hears
    of it, the letter goes on waiting."""
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post, smtp_more=FAST + "\n retry 60s 60s")
        make_database(desk)
        one = ticket(desk)
        ident = put(desk, "rcpt-451@example.org", kind="reply", ticket=one)
        for _ in range(3):
            send(desk)
            due_now(desk)
        x = letter(desk, ident)
        same((x.state, x.tries), ("pending", 3), "it goes on")
        same([e[0] for e in events(desk, one) if e[0].startswith("letter")],
             ["letter-late"], "one event")
        told = post.taken("dieter@example.com")
        ok(len(told) == 1 and "still being tried" in told[0]["data"],
           "and one letter to the lead")


if __name__ == "__main__":
    main(awake, one_at_a_time, stopped, killed, in_order, by_hand, alerts,
         no_alert_about_alerts, late)
