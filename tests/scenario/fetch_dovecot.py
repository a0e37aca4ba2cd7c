#!/usr/bin/env python3
"""Fetching from a real Dovecot: marks, epochs, large mail, people in between."""
import hashlib
import os
import signal
import subprocess
import sys
import time

from lab import (DESKD, SAN, SLOW, Lab, Skip, mail, main, note, ok,
                 same)

BOX = "support@example.com"
KEYWORD = "$DeskdDone"


def states(desk):
    """{uid: state} of the newest epoch."""
    rows = desk.ledger()
    newest = max((r["uidvalidity"] for r in rows), default=0)
    return {r["uid"]: r["state"] for r in rows if r["uidvalidity"] == newest}


def raw_bytes(desk, uid):
    """The stored bytes of a mail, by way of its sha256 and size."""
    return desk.sql(
        "SELECT r.sha256, r.size FROM ledger l JOIN raw r ON r.id = l.raw"
        " WHERE l.uid = ?", uid)


def test_flag():
    with Lab() as lab:
        dovecot = lab.dovecot([BOX])
        desk = lab.desk(dovecot)
        for i in range(300):
            dovecot.deliver(BOX, mail(subject="mail %d" % i))
        desk.run("fetch", "support", "--once")
        same(set(states(desk).values()), {"stored"}, "all are in the ledger")
        same(len(states(desk)), 300, "all 300 of them")
        mails = dovecot.mails(BOX)
        ok(all(KEYWORD in flags for _, flags, _ in mails), "all are flagged")
        ok(not any("\\Seen" in flags or "\\Deleted" in flags
                   for _, flags, _ in mails), "none is read, none deleted")
        same(desk.sql("SELECT count(*) FROM ledger WHERE marked = 0"), [(0,)],
             "no mark is owed")
        ok(all(raw_bytes(desk, uid) == [
            (hashlib.sha256(data).digest(), len(data))]
            for uid, _, data in mails), "every byte is there")
        p = desk.run("fetch", "support", "--once")
        same(len(states(desk)), 300, "a second time takes nothing")
        dovecot.deliver(BOX, mail(subject="one more"))
        desk.run("fetch", "support", "--once")
        same(len(states(desk)), 301, "only the new one")
        p = desk.run("ledger", "--reconcile", check=False)
        same(p.returncode, 0, "the ledger and the server agree")
        desk.sql("SELECT 1")
        got = desk.json("ledger", "--reconcile")["reconcile"][0]
        same((got["on_server"], got["known"], got["missing"]), (301, 301, []),
             "and --json says so")


def test_move():
    with Lab() as lab:
        dovecot = lab.dovecot([BOX])
        desk = lab.desk(dovecot, mailbox_more='after move "Archive/H\u00e4lp"')
        for i in range(5):
            dovecot.deliver(BOX, mail(subject="mail %d" % i))
        desk.run("fetch", "support", "--once")
        same(dovecot.mails(BOX), [], "the folder that is read is empty")
        same(len(dovecot.mails(BOX, "Archive/H&AOQ-lp")), 5,
             "all are in the other one, made on the way")
        dovecot.deliver(BOX, mail(subject="one more"))
        desk.run("fetch", "support", "--once")
        same(len(dovecot.mails(BOX, "Archive/H&AOQ-lp")), 6, "the next too")
        same(set(states(desk).values()), {"stored"}, "all are stored")


def test_keep():
    with Lab() as lab:
        dovecot = lab.dovecot([BOX])
        desk = lab.desk(dovecot, mailbox_more="after keep")
        dovecot.deliver(BOX, mail())
        desk.run("fetch", "support", "--once")
        ok(KEYWORD not in dovecot.mails(BOX)[0][1], "nothing is marked")
        same(states(desk), {1: "stored"}, "it is stored")
        same(desk.sql("SELECT marked FROM ledger"), [(1,)], "nothing is owed")


def test_large():
    big = mail(text="x" * 60 + "\n" + ("0123456789abcdef" * 4 + "\n") * 600000)
    with Lab() as lab:
        dovecot = lab.dovecot([BOX])
        desk = lab.desk(dovecot, tickets="max-size 40M")
        dovecot.deliver(BOX, mail(subject="before"))
        dovecot.deliver(BOX, big)
        dovecot.deliver(BOX, mail(subject="after"))
        loop = lab.loop(desk, "fetch", "support")
        lab.wait(lambda: desk.ready() and
                 len(desk.sql("SELECT 1 FROM ledger WHERE marked = 1")) == 3,
                 "three marked mails", 30)
        if not SAN:
            ok(loop.memory() < 64, "%.0f MiB at most for %.0f MiB of mail" % (
                loop.memory(), len(big) / 1048576))
        same(loop.stop(), 0, "it stops when asked")
        uid, _, data = max(dovecot.mails(BOX), key=lambda m: len(m[2]))
        same(raw_bytes(desk, uid),
             [(hashlib.sha256(data).digest(), len(data))], "every byte of it")
        ok(desk.sql("SELECT count(*) FROM piece")[0][0] > 10, "in pieces")
        same(desk.sql("SELECT value FROM meta WHERE key LIKE 'unfin%'"),
             [(0,)], "nothing is unfinished")


def test_oversize():
    with Lab() as lab:
        dovecot = lab.dovecot([BOX])
        desk = lab.desk(dovecot, tickets="max-size 1M")
        dovecot.deliver(BOX, mail(text="y" * 70 + "\n" + "z" * 79 * 20000))
        dovecot.deliver(BOX, mail(subject="small"))
        p = desk.run("fetch", "support", "--once")
        same(desk.sql("SELECT i.uid, i.oversize, r.size FROM inbound i"
                      " JOIN raw r ON r.id = i.raw ORDER BY 1")[0],
             (1, 1, 262144), "only the beginning of the large one")
        same(len(states(desk)), 2, "the small one too")
        ok(b"larger than max-size" in p.stderr, "the log says so")
        ok(len(dovecot.mails(BOX)[0][2]) > 1 << 20, "the whole is there still")


def test_epoch():
    with Lab() as lab:
        dovecot = lab.dovecot([BOX])
        desk = lab.desk(dovecot)
        for i in range(20):
            dovecot.deliver(BOX, mail(subject="mail %d" % i))
        desk.run("fetch", "support", "--once")
        dovecot.deliver(BOX, mail(subject="new"))
        dovecot.stop()
        dovecot.reset_uids(BOX)
        dovecot.start()
        p = desk.run("fetch", "support", "--once")
        ok(b"UIDVALIDITY changed" in p.stderr, "the log says so")
        rows = desk.ledger()
        same(len({r["uidvalidity"] for r in rows}), 2, "two epochs")
        same(len(rows), 41, "every UID of both is in the ledger")
        same(desk.sql("SELECT count(*) FROM raw"), [(21,)],
             "equal bytes are stored once")
        same(desk.sql("SELECT count(*) FROM ledger WHERE marked = 0"), [(0,)],
             "all marks are settled")


def test_gap():
    """What the ledger lacks below the last UID is found at the start."""
    with Lab() as lab:
        dovecot = lab.dovecot([BOX])
        desk = lab.desk(dovecot)
        for i in range(9):
            dovecot.deliver(BOX, mail(subject="mail %d" % i))
        desk.run("fetch", "support", "--once")
        import sqlite3
        db = sqlite3.connect(desk.state + "/deskd.db")
        db.execute("DELETE FROM inbound WHERE uid IN (3, 7)")
        db.execute("DELETE FROM ledger WHERE uid IN (3, 7)")
        db.commit()
        db.close()
        p = desk.run("ledger", "--reconcile", check=False)
        same(p.returncode, 1, "reconcile sees it")
        ok(b"uid 3, 7" in p.stdout, "and names the UIDs")
        desk.run("fetch", "support", "--once")
        same(sorted(states(desk)), list(range(1, 10)), "fetch closes the gap")


def test_quiet():
    """Old mail that waited makes no letters (T69, T70); what comes while we
    look is new, whatever its date."""
    with Lab() as lab:
        dovecot = lab.dovecot([BOX])
        desk = lab.desk(dovecot)
        old = time.time() - 3 * 86400
        dovecot.deliver(BOX, mail(subject="old"), old)
        dovecot.deliver(BOX, mail(subject="new"), time.time() - 3600)
        loop = lab.loop(desk, "fetch", "support")
        lab.wait(lambda: all(KEYWORD in flags
                             for _, flags, _ in dovecot.mails(BOX)), "marks")
        same(desk.sql("SELECT uid, quiet FROM inbound ORDER BY uid"),
             [(1, 1), (2, 0)], "older than a day when we came: quiet")
        dovecot.deliver(BOX, mail(subject="late"), old)
        lab.wait(lambda: len(desk.ledger()) == 3, "the third")
        same(desk.sql("SELECT quiet FROM inbound WHERE uid = 3"), [(0,)],
             "it came while we looked: new")
        same(loop.stop(), 0, "stops when asked")


def test_disk():
    """No room: the mail stays on the server, unmarked (T62)."""
    with Lab() as lab:
        dovecot = lab.dovecot([BOX])
        desk = lab.desk(dovecot)
        dovecot.deliver(BOX, mail())
        small = ["mount", "-t", "tmpfs", "-o", "size=64m", "none", desk.state]
        if os.getuid() != 0 or subprocess.run(
                small, capture_output=True).returncode != 0:
            raise Skip("mounting a small tmpfs needs root")
        try:
            p = desk.run("fetch", "support", "--once", check=False)
            same(p.returncode, 75, "75 when the disk is full")
            ok(b"MiB free" in p.stderr, "with the figures")
            same(desk.ledger(), [], "nothing is taken")
            ok(KEYWORD not in dovecot.mails(BOX)[0][1], "nothing is marked")
        finally:
            subprocess.run(["umount", desk.state])
        desk.run("fetch", "support", "--once")
        same(len(desk.ledger()), 1, "with room it comes")


def test_people():
    """Somebody moves and deletes mail while it is fetched."""
    with Lab() as lab:
        dovecot = lab.dovecot([BOX])
        desk = lab.desk(dovecot)
        for i in range(400):
            dovecot.deliver(BOX, mail(subject="mail %d" % i))
        box = dovecot.imap(BOX)
        box.create("Other")
        loop = lab.loop(desk, "fetch", "support")
        for uid in range(390, 2, -7):
            box.uid("copy", str(uid), "Other")
            box.uid("store", str(uid), "+FLAGS.SILENT", "(\\Deleted \\Seen)")
            box.expunge()
        box.logout()
        for i in range(20):
            dovecot.deliver(BOX, mail(subject="late %d" % i))
        lab.wait(lambda: desk.ready() and
                 max(states(desk), default=0) == 420 and
                 desk.sql("SELECT count(*) FROM ledger WHERE marked = 0")
                 == [(0,)], "the end of it", 30)
        same(loop.stop(), 0, "it goes on to the end")
        left = {uid for uid, _, _ in dovecot.mails(BOX)}
        got = states(desk)
        ok(left <= set(got), "all that is there is in the ledger")
        ok(all(got[uid] == "stored" for uid in left), "and stored")
        ok(set(got.values()) <= {"stored", "vanished"}, "the rest is gone")
        same(desk.json("ledger", "--reconcile")["reconcile"][0]["missing"], [],
             "nothing is missing")


def test_down():
    """Dovecot stops, freezes and restarts; fetch carries on."""
    env = {"DESKD_TIMEOUT_MS": "1000"}
    with Lab() as lab:
        dovecot = lab.dovecot([BOX])
        desk = lab.desk(dovecot)
        dovecot.stop()
        p = desk.run("fetch", "support", "--once", env=env, check=False)
        same(p.returncode, 69, "69 when the server is down")
        ok(b"onnect" in p.stderr, "with the reason")
        note(p.stderr.decode())
        loop = lab.loop(desk, "fetch", "support", **env)
        time.sleep(0.3)
        dovecot.start()
        dovecot.deliver(BOX, mail(subject="one"))
        lab.wait(lambda: len(desk.ledger()) == 1, "the first mail")
        dovecot.deliver(BOX, mail(subject="two"))
        lab.wait(lambda: len(desk.ledger()) == 2, "the second one by IDLE")
        dovecot.freeze()
        dovecot.deliver(BOX, mail(subject="three"))
        p = desk.run("ledger", "--reconcile", env=env, check=False)
        same(p.returncode, 69, "a frozen server is not reached")
        dovecot.thaw()
        lab.wait(lambda: len(desk.ledger()) == 3, "the third after the thaw")
        dovecot.restart()
        dovecot.deliver(BOX, mail(subject="four"))
        lab.wait(lambda: len(desk.ledger()) == 4, "the fourth after a restart")
        lab.wait(lambda: desk.sql(
            "SELECT count(*) FROM ledger WHERE marked = 0") == [(0,)], "marks")
        same(loop.stop(), 0, "it stops when asked")
        ok("fetching again" in loop.log(), "the log says that it is back")
        ok("geheim" not in loop.log(), "and never shows the password")


def test_lock():
    with Lab() as lab:
        dovecot = lab.dovecot([BOX])
        desk = lab.desk(dovecot)
        loop = lab.loop(desk, "fetch", "support")
        lab.wait(lambda: os.path.exists(
            desk.state + "/fetch-support.lock"), "the lock")
        time.sleep(0.2)
        p = desk.run("fetch", "support", "--once", check=False)
        same(p.returncode, 75, "only one fetch a mailbox")
        began = time.monotonic()
        same(loop.stop(), 0, "SIGTERM ends the IDLE")
        ok(time.monotonic() - began < 2 * SLOW, "at once")
        p = desk.run("fetch", "nobody", check=False)
        same(p.returncode, 64, "an unknown mailbox")


def test_crash():
    """Killed before and after each commit, the end is the same (C1 - C10)."""
    with Lab() as lab:
        dovecot = lab.dovecot([BOX])
        desk = lab.desk(dovecot, mailbox_more='after move "Done"')
        n = kills = 0
        while n < 60:
            n += 1
            for i in range(3):
                dovecot.deliver(BOX, mail(subject="mail %d %d" % (n, i)))
            dovecot.deliver(BOX, mail(text="w" * 70 + "\n" + "v" * 1300000))
            p = desk.run("fetch", "support", "--once", check=False,
                         env={"DESKD_CRASH": str(n)})
            if p.returncode != 77:
                break
            kills += 1
            desk.run("fetch", "support", "--once")
            if desk.integrity() != "ok":
                ok(False, "integrity after crash %d" % n)
                return
        ok(kills >= 8, "%d places to crash" % kills)
        same(desk.sql("SELECT count(*), count(DISTINCT uid) FROM ledger"),
             [(4 * n, 4 * n)], "each mail is in the ledger once")
        same(desk.sql("SELECT count(*) FROM inbound"), [(4 * n,)],
             "and once in the work list")
        same(desk.sql("SELECT count(*) FROM ledger WHERE marked = 0 OR"
                      " state <> 'stored'"), [(0,)], "all marked")
        same(len(dovecot.mails(BOX, "Done")), 4 * n, "all moved, none twice")
        same(dovecot.mails(BOX), [], "none left behind")
        same(desk.sql("SELECT count(*) FROM raw WHERE sha256 = x''"), [(0,)],
             "no unfinished mail is left")


def test_kill():
    """kill -9 at odd moments."""
    with Lab() as lab:
        dovecot = lab.dovecot([BOX])
        desk = lab.desk(dovecot)
        for i in range(600):
            dovecot.deliver(BOX, mail(subject="m%d" % i, text="a%d\n" % i * 99))
        for i in range(8):
            p = subprocess.Popen([DESKD, "-q", "-c", desk.conf, "fetch",
                                  "support"], stderr=subprocess.DEVNULL)
            time.sleep(0.02 + 0.02 * i)
            p.send_signal(signal.SIGKILL)
            p.wait()
        desk.run("fetch", "support", "--once")
        same(len(states(desk)), 600, "all are in the ledger once")
        same(desk.sql("SELECT count(*) FROM raw"), [(600,)], "stored once")
        ok(all(KEYWORD in flags for _, flags, _ in dovecot.mails(BOX)),
           "all are flagged")
        same(desk.integrity(), "ok", "the database is whole")


if __name__ == "__main__":
    main(test_flag, test_move, test_keep, test_large, test_oversize,
         test_epoch, test_gap, test_quiet, test_disk, test_people, test_down, test_lock, test_crash,
         test_kill)
