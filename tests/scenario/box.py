#!/usr/bin/env python3
"""The box: a mail that crashes, stalls, fills or takes over its reader costs
only itself.

Each fault strikes on one marked mail in the middle of a queue of good ones
(the environment variable DESKD_TEST_FAULT opens that door).  Every good mail
must become a ticket, in order; the marked one must be held as it came.  Where
the fault strikes only at the upper rungs of the ladder it becomes a ticket at
the next, and a rebuild finds the same.  BOX=all: also what takes a minute.
"""
import concurrent.futures
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

import lab
from lab import DESKD

SAN = os.environ.get("SAN", "")
GOOD = 12
BAD = GOOD // 2


def mail(n, fault=None):
    return ("From: p%d@example.org\nTo: support@example.com\n"
            "Subject: mail %d\nMessage-ID: <box.%d@example.org>\n%s"
            "Date: Tue, 28 Jul 2026 09:14:06 +0200\n\nHello %d\n" % (
                n, n, n, "X-Test-Fault: %s\n" % fault if fault else "", n))


class Queue:
    """A queue with one marked mail in its middle, imported."""

    def __init__(self, fault):
        self.top = tempfile.mkdtemp(prefix="deskd-box-")
        self.env = dict(os.environ, DESKD_TEST_FAULT=fault)
        os.mkdir(self.top + "/mails")
        for n in range(GOOD + 1):
            with open(self.path(n), "w") as f:
                f.write(mail(n, fault if n == BAD else None))
        start = time.time()
        self.done = self.deskd("import", self.top + "/mails")
        self.took = time.time() - start
        self.rows = self.ask("ledger")["rows"]
        self.held = self.ask("held", "list")["rows"]
        self.good = [r for r in self.rows if r["state"] == "new"]

    def path(self, n):
        return "%s/mails/%02d.eml" % (self.top, n)

    def deskd(self, *words):
        return subprocess.run(
            [DESKD, "-d", self.top + "/state", *words], env=self.env,
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=150)

    def ask(self, *words):
        return json.loads(self.deskd("--json", *words).stdout)

    def raw_is_kept(self):
        """The marked mail's bytes are in the store as they came."""
        with open(self.path(BAD), "rb") as f:
            sum = hashlib.sha256(f.read()).digest()
        db = sqlite3.connect(self.top + "/state/deskd.db")
        found = db.execute("SELECT count(*) FROM raw WHERE sha256 = ?",
                           (sum,)).fetchone()[0]
        db.close()
        return found == 1

    def messages(self):
        db = sqlite3.connect(self.top + "/state/deskd.db")
        found = db.execute("SELECT * FROM message ORDER BY id").fetchall()
        db.close()
        return found

    def subjects(self):
        """Of the tickets, in the order they were made."""
        return [t["subject"] for t in sorted(
            self.ask("list")["tickets"], key=lambda t: t["number"])]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.top)


def check(fault, worst, why=None):
    """Whatever is tried, the marked mail cannot be read: it is held."""
    with Queue(fault) as q:
        lab.ok(q.done.returncode == 0 and len(q.rows) == GOOD + 1 and
               len(q.good) == GOOD, "%s: every other mail is a ticket" % fault)
        lab.same(q.subjects(), ["mail %d" % n for n in range(GOOD + 1)
                                if n != BAD], "%s: in their order" % fault)
        lab.ok(len(q.held) == 1 and
               "could not be read" in q.held[0]["reason"] and q.raw_is_kept(),
               "%s: the mail itself is held as it came" % fault)
        lab.same(q.done.stderr.count("try="), 4, "%s: after four tries" % fault)
        if why:
            lab.same(q.done.stderr.count(why), 4, "%s: %s" % (fault, why))
        lab.ok(q.took < worst, "%s: in %.1f s" % (fault, q.took))
        if len(q.good) != GOOD or len(q.held) != 1:
            lab.note("%s %s %s" % (q.rows, q.held, q.done.stderr))


def rung(fault, tries, defect, worst=20):
    """A simpler reading spares the marked mail: it becomes a ticket."""
    with Queue(fault) as q:
        lab.ok(not q.held and len(q.good) == GOOD + 1 and q.raw_is_kept(),
               "%s: all are tickets, the mail is kept as it came" % fault)
        lab.same(q.done.stderr.count("try="), tries,
                 "%s: after so many tries" % fault)
        number = [r["ticket"] for r in q.rows][BAD]
        shown = q.ask("show", str(number))
        names = [a["name"] for m in shown["messages"]
                 for a in m["attachments"]]
        lab.same(names, ["mail.eml"] if defect else [],
                 "%s: what could not be read is attached" % fault)
        lab.ok(q.took < worst, "%s: in %.1f s" % (fault, q.took))
        before = q.messages()
        again = q.deskd("rebuild")
        lab.ok(again.returncode == 0 and ", 0 kept" in again.stdout,
               "%s: a rebuild reads all (%s)" % (fault, again.stdout.strip()))
        lab.same(q.messages(), before, "%s: and the same of each" % fault)


FORBIDDEN = "it made the reader do what it must not"


def whole():
    check("crash", 20, "it made the reader crash")
    check("lie", 20)


def locked():
    if SAN:
        raise lab.Skip("under sanitizers the box is not locked: they need"
                       " system calls and address space of their own")
    check("memory", 20, "reading it needed too much memory")
    for fault in ("file", "network", "exec", "fork", "kill", "code", "stderr"):
        check(fault, 20, FORBIDDEN)


def ladder():
    rung("crash-once", 2, False)
    rung("crash-twice", 3, True)
    rung("lie-twice", 3, True)
    if not SAN:
        rung("memory-twice", 3, True)
        rung("fork-once", 2, False)


def spin():
    """A mail that stalls its reader is let go."""
    with stalled.result() as q:
        lab.ok(not q.held and len(q.good) == GOOD + 1 and q.took < 40,
               "spin-once: all are tickets in %.1f s" % q.took)
        lab.same(q.done.stderr.count("took too long"), 2, "after two tries")
    if os.environ.get("BOX") == "all":  # a minute
        check("spin", 120, "took too long")


def parse():
    """One mail by hand: an error that says why, and no core file."""
    with Queue("none") as q:
        for fault, why in (("crash", "crash"),) + (
                () if SAN else (("memory", "memory"), ("file", "must not"))):
            with open(q.path(0), "w") as f:
                f.write(mail(0, fault))
            q.env["DESKD_TEST_FAULT"] = fault
            p = q.deskd("parse", "--json", q.path(0))
            lab.ok(p.returncode == 65 and why in p.stderr and not p.stdout,
                   "parse: %s" % p.stderr.strip())


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
    # spin waits more than it works: meanwhile the others do
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        stalled = None
        if len(sys.argv) == 1 or "spin" in sys.argv:
            stalled = pool.submit(Queue, "spin-once")
        lab.main(whole, locked, ladder, parse, no_start, spin)
