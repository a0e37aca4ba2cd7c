#!/usr/bin/env python3
"""kill -9 of the send loop at each system call that changes something: no
letter is lost, none is taken more often than the doubts that were recorded
allow (RELIABILITY T60, O1-O7).

# time limit: 300

Every Nth call is tried; TEST_KILLS=all tries each of them.
"""
import os
import shutil
import signal
import subprocess

from lab import DESKD, SAN, Lab, Skip, main, note, ok, same
from post import Post, letters, put, send

CALLS = ["pwrite64", "fdatasync", "ftruncate", "unlink", "write", "sendto",
         "fcntl", "connect", "recvfrom"]
MAY_BE_RARE = {"unlink", "write", "connect"}


def strace(desk, *args):
    return ["strace", "-f", "-qq", "-o", "/dev/null", *args, DESKD, "-c",
            desk.conf, "send", "--until-idle"]


def killed_at(desk, call, n):
    """True when the nth such call came and was the end."""
    p = subprocess.run(
        strace(desk, "-e", "trace=" + call, "-e",
               "inject=%s:signal=KILL:when=%d" % (call, n)),
        capture_output=True, timeout=60)
    return p.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)


def calls_of(desk, call):
    """How many of them a whole run makes."""
    p = subprocess.run(
        ["strace", "-f", "-qq", "-c", "-e", "trace=" + call, DESKD, "-c",
         desk.conf, "send", "--until-idle"], capture_output=True, text=True,
        timeout=60)
    for line in p.stderr.splitlines():
        words = line.split()
        if words and words[-1] == call:
            return int(words[3])
    return 0


def fill(desk):
    put(desk, "ann@example.org", kind="ack")
    put(desk, "ann@example.org", kind="reply")
    put(desk, "bob@example.org", kind="notify")
    put(desk, "rcpt-550@example.org", kind="notify")
    put(desk, "once-dot-451@example.org", kind="reply")


def broken_rules(desk, post, since):
    """What I1, I3 and I8 forbid, in words."""
    bad = []
    took = post.rows("letter")[since:]
    for x in letters(desk):
        n = sum(1 for r in took if r["taken"] and
                "<%s>" % x.message_id in r["data"])
        want = {"rcpt-550@example.org": ("dead", 0),
                "once-dot-451@example.org": ("pending", 0)}
        state, least = want.get(x.to, ("sent", 1))
        if x.kind == "alert":
            continue
        if x.state != state and not (x.to.startswith("once") and
                                     x.state == "sent"):
            bad.append("%s is %s" % (x.to, x.state))
        if not (least if x.state != "sent" else 1) <= n <= 1 + x.unknowns:
            bad.append("%s: taken %d times with %d doubts" % (
                x.to, n, x.unknowns))
        if x.to == "bob@example.org" and x.unknowns > 1:
            bad.append("one kill, %d doubts" % x.unknowns)
    if desk.integrity() != "ok":
        bad.append(desk.integrity())
    return bad


def restore(desk, template):
    for name in ("deskd.db", "deskd.db-journal"):
        if os.path.exists(desk.state + "/" + name):
            os.unlink(desk.state + "/" + name)
    shutil.copy(template, desk.state + "/deskd.db")


def every_call():
    if not shutil.which("strace"):
        raise Skip("strace is not installed (apt-get install strace)")
    if SAN:
        raise Skip("sanitizers and strace -f do not go together")
    step = 1 if os.environ.get("TEST_KILLS") == "all" else 4
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post, smtp_more="rate off")
        fill(desk)
        template = desk.dir + "/template.db"
        shutil.copy(desk.state + "/deskd.db", template)
        kills = 0
        for call in CALLS:
            restore(desk, template)
            n = calls_of(desk, call)
            if call not in MAY_BE_RARE:
                ok(n > 0, "a run makes %d calls of %s" % (n, call))
            bad, done = [], 0
            for at in sorted({*range(1, n + 1, step), n} - {0}):
                restore(desk, template)
                since = len(post.rows("letter"))
                done += killed_at(desk, call, at)
                for _ in range(3):
                    if send(desk).returncode == 0:
                        break
                bad += ["%s %d: %s" % (call, at, x)
                        for x in broken_rules(desk, post, since)]
            kills += done
            if not same(bad, [], "%d kills at %s" % (done, call)):
                note("\n".join(bad))
        ok(kills > 20, "%d kills in all" % kills)


if __name__ == "__main__":
    main(every_call)
