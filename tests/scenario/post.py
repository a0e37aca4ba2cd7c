"""For the tests of the send loop: a rude SMTP server, letters put straight into
the outbox, and what became of them.

    post = lab._add(Post(lab, "--fault", "greeting=421,ok"))
    desk = lab.desk(None, post)
    put(desk, "rcpt-550@example.org", kind="reply")
    desk.run("send", "--until-idle")
    letters(desk)[0].state
"""
import collections
import hashlib
import json
import os
import sqlite3
import struct
import subprocess
import sys
import time

from lab import ROOT, SLOW, _die_with_parent

Letter = collections.namedtuple(
    "Letter", "id ticket kind to state phase tries unknowns next_at created "
    "done reply message_id")


class Post:
    """tests/fake/smtpd.py as a process of its own."""

    def __init__(self, lab, *args, start=True):
        self.record = lab.folder("post") + "/record"
        self.args, self.proc, self.port = list(args), None, 0
        open(self.record, "w").close()
        if start:
            self.start()

    def start(self):
        self.proc = subprocess.Popen(
            [sys.executable, ROOT + "/tests/fake/smtpd.py", "--record",
             self.record, "--port", str(self.port), *self.args],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            preexec_fn=_die_with_parent())
        self.port = int(self.proc.stdout.readline())
        return self

    def stop(self):
        if self.proc is None:
            return
        self.proc.stdin.close()
        self.proc.stdout.close()
        self.proc.kill()
        self.proc.wait()
        self.proc = None

    def again(self, *args):
        """Another server at the same port, the record goes on."""
        self.stop()
        self.args = list(args)
        return self.start()

    def log(self):
        with open(self.record) as f:
            return f.read()

    def rows(self, event):
        out = []
        for line in self.log().splitlines():
            row = json.loads(line)
            if row["event"] == event:
                out.append(row)
        return out

    def taken(self, to=None):
        """Letters that the server took."""
        return [r for r in self.rows("letter") if r["taken"] and
                (to is None or r["rcpts"] == ["<%s>" % to])]


def zstd(data):
    """A frame of raw blocks (RFC 8878): the library of Python has no zstd."""
    out = b"\x28\xb5\x2f\xfd\xa0" + struct.pack("<I", len(data))
    blocks = [data[i:i + 131072] for i in range(0, len(data), 131072)]
    for i, block in enumerate(blocks):
        head = len(block) << 3 | (i == len(blocks) - 1)
        out += struct.pack("<I", head)[:3] + block
    return out


def make_database(desk):
    """An import of nothing."""
    nothing = desk.dir + "/nothing"
    os.makedirs(nothing, exist_ok=True)
    desk.run("import", nothing)


_serial = 0


def put(desk, to, kind="notify", ticket=0, text="Hello.\r\n", sender="",
        created=None, next_at=None, raw=None):
    """A letter into the outbox.  Its id."""
    global _serial
    _serial += 1
    now = int(time.time())
    message_id = "t%d.%d@desk.example.com" % (os.getpid(), _serial)
    data = raw or ("From: desk@example.com\r\nTo: <%s>\r\nSubject: letter %d"
                   "\r\nDate: Thu, 01 Jan 2026 00:00:00 +0000\r\nMessage-ID: "
                   "<%s>\r\n\r\n%s" % (to, _serial, message_id, text)).encode()
    if not os.path.exists(desk.state + "/deskd.db"):
        make_database(desk)
    db = sqlite3.connect(desk.state + "/deskd.db", timeout=20)
    with db:
        cursor = db.execute(
            "INSERT INTO outbox(ticket, kind, auto, sender, recipient,"
            " budget_key, domain, message_id, data, size, sha256, created,"
            " next_at) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (ticket, kind, int(kind != "reply"), sender, to, to,
             to.rpartition("@")[2], message_id, zstd(data), len(data),
             hashlib.sha256(data).digest(), created or now,
             next_at if next_at is not None else created or now))
    db.close()
    return cursor.lastrowid


def letters(desk):
    return [Letter(*row) for row in desk.sql(
        "SELECT id, ticket, kind, recipient, state, phase, tries, unknowns,"
        " next_at, created, done, coalesce(reply, ''), message_id FROM outbox"
        " ORDER BY id")]


def letter(desk, ident):
    return next(x for x in letters(desk) if x.id == ident)


def due_now(desk):
    """As if the time for every next try had come."""
    db = sqlite3.connect(desk.state + "/deskd.db", timeout=20)
    with db:
        db.execute("UPDATE outbox SET next_at = 0 WHERE state = 'pending'")
    db.close()


def send(desk, check=False, **env):
    """deskd send --until-idle; silence of the server ends after 0.6 s."""
    env.setdefault("DESKD_TIMEOUT_MS", str(int(600 * SLOW)))
    return desk.run("send", "--until-idle", env=env, check=check)
