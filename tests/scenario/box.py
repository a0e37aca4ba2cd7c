#!/usr/bin/env python3
"""The box: a mail that crashes, stalls, fills or takes over its reader costs
only itself.

Each fault strikes on one marked mail in the middle of a queue of good ones
(the environment variable DESKD_TEST_FAULT opens that door).  Every good mail
must become a ticket, the marked one must be held as it came; where the fault
strikes only at the full parse it still becomes a ticket.
"""
import json
import os
import shutil
import subprocess
import tempfile
import time

import lab
from lab import DESKD

SAN = os.environ.get("SAN", "")
GOOD = 12


def mail(n, fault=None):
    return ("From: p%d@example.org\nTo: support@example.com\n"
            "Subject: mail %d\nMessage-ID: <box.%d@example.org>\n%s"
            "Date: Tue, 28 Jul 2026 09:14:06 +0200\n\nHello %d\n" % (
                n, n, n, "X-Test-Fault: %s\n" % fault if fault else "", n))


def run(fault):
    """Import a queue with one marked mail; the desk's tables afterwards."""
    top = tempfile.mkdtemp(prefix="deskd-box-")
    try:
        os.mkdir(top + "/mails")
        for n in range(GOOD + 1):
            with open("%s/mails/%02d.eml" % (top, n), "w") as f:
                f.write(mail(n, fault if n == GOOD // 2 else None))
        env = dict(os.environ, DESKD_TEST_FAULT=fault)
        start = time.time()
        done = subprocess.run(
            [DESKD, "-d", top + "/state", "import", top + "/mails"],
            env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=150)
        took = time.time() - start

        def ask(*words):
            out = subprocess.run([DESKD, "-d", top + "/state", "--json",
                                  *words], capture_output=True, text=True)
            return json.loads(out.stdout)
        return (done.returncode, took, ask("ledger")["rows"],
                ask("held", "list")["rows"], done.stderr)
    finally:
        shutil.rmtree(top)


def check(fault, worst):
    rc, took, rows, held, err = run(fault)
    good = [r for r in rows if r["state"] == "new"]
    lab.ok(rc == 0 and len(rows) == GOOD + 1 and len(good) == GOOD,
           "%s: every other mail is a ticket" % fault)
    lab.ok(len(held) == 1 and "could not be read" in held[0]["reason"],
           "%s: the mail itself is held" % fault)
    lab.ok(took < worst, "%s: in %.1f s" % (fault, took))
    if len(good) != GOOD or len(held) != 1:
        lab.note("%s %s %s" % (rows, held, err))


def whole():
    for fault in ("crash", "lie"):
        check(fault, 20)


def locked():
    if SAN:
        raise lab.Skip("under sanitizers the box is not locked: they need"
                       " system calls and address space of their own")
    for fault in ("memory", "file", "network", "exec"):
        check(fault, 20)


def ladder():
    rc, took, rows, held, err = run("crash-once")
    lab.ok(not held and len([r for r in rows if r["state"] == "new"])
           == GOOD + 1, "a mail that is read more simply is a ticket after all")
    rc, took, rows, held, err = run("spin-once")
    lab.ok(not held and took < 40,
           "a mail that stalls its reader is let go (%.1f s)" % took)


def no_start():
    """A box that cannot start blames no mail: all wait until it can."""
    if SAN:
        raise lab.Skip("under sanitizers the box is not locked")
    if not shutil.which("strace"):
        raise lab.Skip("strace is not installed (apt-get install strace)")
    with lab.Lab() as place:
        dovecot = place.dovecot()
        desk = place.desk(dovecot, place.sink())
        for n in range(3):
            dovecot.deliver("support@example.com", mail(n).encode())
        desk.run("fetch", "support", "--once")
        p = desk.run("work", "--until-idle", check=False, prefix=(
            "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=prctl",
            "-e", "inject=prctl:error=EPERM"))
        lab.same(p.returncode, 75, "no reader: try again later")
        lab.ok(b"cannot lock itself in" in p.stderr and
               b"does not start" in p.stderr, "and it says why")
        lab.same(desk.sql("SELECT tries FROM inbound"), [(0,)] * 3,
                 "no mail is blamed")
        desk.run("work", "--until-idle")
        lab.same([r["state"] for r in desk.ledger()], ["new"] * 3,
                 "with a reader all are worked")


if __name__ == "__main__":
    lab.main(whole, locked, ladder, no_start)
