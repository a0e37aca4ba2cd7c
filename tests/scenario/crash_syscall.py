"""Each loop is killed at the Nth write, sync, truncate, unlink or send, for
each N until it comes through, and must come to the same end state when it is
started again.  Under strace, which kills it at the entry of that call.

    DESKD_SWEEP=full    every N; otherwise a sample within the time below

time limit: 1800
"""
import os
import random
import shutil
import subprocess
import time

from crash import LOOPS, Stages, report
from lab import Lab, Skip, main, note, SAN, SLOW

CHANGES = ("pwrite64", "write", "fdatasync", "fsync", "ftruncate", "unlink",
           "sendto", "sendmsg", "rename")
FULL = os.environ.get("DESKD_SWEEP") == "full"
CALLS = CHANGES + ("openat", "fcntl", "recvfrom") if FULL else CHANGES
SECONDS = 20  # for each loop, when only a sample is tried


def traced(desk, loop, call, n):
    """True: it was killed."""
    prefix = ("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + call,
              "-e", "inject=%s:signal=KILL:when=%d" % (call, n))
    p = desk.run(*loop, prefix=prefix, check=False)
    return p.returncode in (-9, 137)


def counts(lab, stages, loop):
    """How often each call is made in an undisturbed run of the loop."""
    log = lab.dir + "/strace.log"
    stages.again(loop[0])
    stages.desk.run(*loop, prefix=("strace", "-f", "-qq", "-o", log, "-e",
                                   "trace=" + ",".join(CALLS)))
    with open(log, errors="replace") as f:
        text = f.read()
    return {c: sum(1 for line in text.splitlines()
                   if line.split(None, 1)[1].startswith(c + "("))
            for c in CALLS}


def every_call():
    if not shutil.which("strace"):
        raise Skip("strace is not installed (apt-get install strace)")
    if SAN:
        raise Skip("too slow under sanitizers")
    if subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"],
                      capture_output=True).returncode != 0:
        raise Skip("strace may not trace here")
    seed = int(os.environ.get("DESKD_SEED", time.time()))
    note("DESKD_SEED=%d" % seed)
    chance = random.Random(seed)
    with Lab() as lab:
        stages = Stages(lab)
        for loop in LOOPS:
            number = counts(lab, stages, loop)
            points = [(c, n) for c in CALLS for n in range(1, number[c] + 1)]
            if not FULL:
                chance.shuffle(points)
            end, done, bad = time.monotonic() + SECONDS * SLOW, 0, []
            for call, n in points:
                if not FULL and time.monotonic() > end:
                    break
                stages.again(loop[0])
                killed = traced(stages.desk, loop, call, n)
                done += killed
                wrong = stages.verdict()
                if wrong:
                    bad.append("%s at %s %d%s: %s" % (
                        loop[0], call, n, "" if killed else " (not killed)",
                        wrong))
            note("deskd %s makes %s" % (loop[0], ", ".join(
                "%d %s" % (k, c) for c, k in number.items() if k)))
            report("deskd %s killed at %d of %d calls" % (
                loop[0], done, len(points)), done, bad)


if __name__ == "__main__":
    main(every_call)
