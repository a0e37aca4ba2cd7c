#!/usr/bin/env python3
"""deskd import: formats, going on after a kill, nothing twice, bounded memory.

No server is needed; every desk is a state folder without a configuration.
"""
import contextlib
import email.utils
import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time

import lab
from lab import DESKD, SAN, note, ok, same

T0 = 1700560800  # 2023-11-21T10:00:00Z


def mail(n, subject=None, text="Please help.", reply_to=None, eol="\n",
         **fields):
    lines = ["From: Person %d <p%d@example.org>" % (n % 50, n % 50),
             "To: support@example.com",
             "Subject: " + (subject or "Matter number %d" % n),
             "Date: " + email.utils.formatdate(T0 + n * 60),
             "Message-ID: <m%d@example.org>" % n]
    if reply_to is not None:
        lines += ["In-Reply-To: <m%d@example.org>" % reply_to,
                  "References: <m%d@example.org>" % reply_to]
    lines += ["%s: %s" % (k.replace("_", "-"), v) for k, v in fields.items()]
    return (eol.join(lines + ["", text]) + eol).encode()


def from_line(when):
    return ("From ana@example.org %s\n" % time.strftime(
        "%a %b %d %H:%M:%S %Y", time.gmtime(when))).encode()


def mbox(path, mails, mode="wb"):
    """mails is a list of (number, bytes), written as mboxrd."""
    with open(path, mode) as f:
        for n, data in mails:
            f.write(from_line(T0 + n * 60 + 5))
            f.write(re.sub(rb"(?m)^(>*From )", rb">\1", data) + b"\n")


class Desk:
    def __init__(self):
        self.top = tempfile.mkdtemp(prefix="deskd-import-")
        self.dir = self.top + "/state"
        self.env = dict(os.environ, DESKD_CONF=self.top + "/none",
                        LC_ALL="C.UTF-8", TZ="UTC")
        for name in ("STATE_DIRECTORY", "DESKD_CRASH"):
            self.env.pop(name, None)

    def path(self, name):
        return os.path.join(self.top, name)

    def run(self, *args, env=None):
        p = subprocess.run([DESKD, "-d", self.dir, *args], text=True,
                           capture_output=True, timeout=120,
                           env=dict(self.env, **(env or {})))
        return p.returncode, p.stdout, p.stderr

    def load(self, *args, rc=0):
        """import --json; the summary."""
        code, out, err = self.run("--json", "import", *args)
        if code != rc:
            same((code, err), (rc, ""), "import " + " ".join(args))
        return json.loads(out)

    def json(self, *args):
        return json.loads(self.run(*args, "--json")[1])

    def sql(self, query):
        with contextlib.closing(sqlite3.connect(self.dir + "/deskd.db")) as db:
            return db.execute(query).fetchall()

    def picture(self):
        """What must be the same however often the import was interrupted."""
        return {
            "ledger": self.sql("SELECT mailbox, uidvalidity, uid, state,"
                               " ticket FROM ledger ORDER BY 1, 2, 3"),
            "tickets": self.sql("SELECT number, subject, requester, created"
                                " FROM ticket ORDER BY 1"),
            "messages": self.sql("SELECT ticket, message_id, text FROM"
                                 " message ORDER BY id"),
            "raw": self.sql("SELECT hex(sha256), size FROM raw ORDER BY 1"),
            "rest": self.sql("SELECT count(*) FROM inbound UNION ALL SELECT"
                             " count(*) FROM outbox"),
            "integrity": self.sql("PRAGMA integrity_check"),
        }

    def close(self):
        shutil.rmtree(self.top)


@contextlib.contextmanager
def desk():
    d = Desk()
    try:
        yield d
    finally:
        d.close()


def thread(n, start=0):
    """n mails; every third is a reply to the one before."""
    return [(i, mail(i, reply_to=i - 1 if i % 3 == 2 else None))
            for i in range(start, start + n)]


def test_mbox():
    with desk() as d:
        mails = thread(30)
        mails.append((30, mail(30, text="x\n\nFrom here on\n>From there\n")))
        mbox(d.path("a.mbox"), mails)
        r = d.load(d.path("a.mbox"))
        same((r["mails"], r["new"], r["append"], r["dup_of"], r["stored"]),
             (31, 21, 10, 0, 0), "31 mails of an mbox")
        rows = d.json("ledger")["rows"]
        same([(x["mailbox"], x["uidvalidity"], x["uid"]) for x in rows],
             [("import", 0, i + 1) for i in range(31)],
             "each has a row in the ledger, its uid is a running number")
        last = d.json("show", str(rows[-1]["ticket"]))
        same(last["messages"][0]["text"].strip(),
             "x\n\nFrom here on\n>From there", "quoting is taken off")
        same(last["created"], "2023-11-21T10:30:05Z",
             "arrival is that of the From line")
        same(d.sql("SELECT count(*) FROM outbox"), [(0,)], "nothing is sent")
        before = d.picture()
        r = d.load(d.path("a.mbox"))
        same((r["mails"], r["files"], r["files_known"]), (0, 1, 1),
             "a second run does nothing new")
        os.utime(d.path("a.mbox"), (1, 1))
        same(d.load(d.path("a.mbox"))["mails"], 0,
             "nor when only the file's time has changed")
        ok(d.picture() == before, "and changes nothing")
        mbox(d.path("a.mbox"), thread(5, 100), "ab")
        same(d.load(d.path("a.mbox"))["mails"], 5, "what came since is new")
        same(d.load(d.path("a.mbox"))["mails"], 0, "once")
        shutil.copy(d.path("a.mbox"), d.path("copy.mbox"))
        r = d.load(d.path("copy.mbox"))
        same((r["mails"], r["dup_of"], r["new"]), (36, 36, 0),
             "a copy of the file is known mail by mail")
        data = open(d.path("a.mbox"), "rb").read()
        with open(d.path("a.mbox"), "wb") as f:
            f.write(data[data.index(b"From ana", 10):])  # the first is gone
        r = d.load(d.path("a.mbox"))
        same((r["mails"], r["dup_of"], r["new"]), (35, 35, 0),
             "a file that was changed is read again, without new tickets")


def test_torn():
    """The last mail is being written while we read."""
    with desk() as d:
        mbox(d.path("a.mbox"), thread(4))
        whole = open(d.path("a.mbox"), "rb").read()
        with open(d.path("a.mbox"), "wb") as f:
            f.write(whole[:-12])
        same(d.load(d.path("a.mbox"))["mails"], 4, "a torn mbox")
        with open(d.path("a.mbox"), "wb") as f:
            f.write(whole)
        mbox(d.path("a.mbox"), thread(2, 50), "ab")
        d.load(d.path("a.mbox"))
        texts = d.sql("SELECT text FROM message WHERE message_id ="
                      " 'm3@example.org' ORDER BY id")
        ok(("Please help.\n",) in texts, "the whole mail is there in the end")
        same(len(d.sql("SELECT 1 FROM ticket WHERE subject LIKE"
                       " 'Matter number 5%'")), 2, "and those behind it")


def test_maildir():
    with desk() as d:
        for sub in ("cur", "new", "tmp", ".Sent/cur", ".Sent/new"):
            os.makedirs(d.path("md/" + sub))
        put = {"new/%d.a.host" % (T0 + 2): mail(2),
               "cur/%d.a.host:2,S" % (T0 + 1): mail(1),
               "cur/%d.a.host:2," % (T0 + 3): mail(3, eol="\r\n"),
               "tmp/%d.a.host" % T0: mail(9),
               ".Sent/cur/%d.b.host:2,RS" % T0: mail(4),
               "dovecot.index.log": b"From: x\n\n"}
        for name, data in put.items():
            with open(d.path("md/" + name), "wb") as f:
                f.write(data)
        r = d.load(d.path("md"))
        same((r["mails"], r["new"], r["files_strange"]), (4, 4, 0),
             "new and cur, also of .Sent, not tmp")
        same([t[0] for t in d.sql("SELECT subject FROM ticket ORDER BY"
                                  " number")],
             ["Matter number %d" % n for n in (1, 2, 3, 4)],
             "in the order of delivery")
        same(d.sql("SELECT created FROM ticket WHERE number = 1001"),
             [(T0 + 60,)], "arrival is what the header says")
        os.rename(d.path("md/new/%d.a.host" % (T0 + 2)),
                  d.path("md/cur/%d.a.host:2,FS" % (T0 + 2)))
        same(d.load(d.path("md"))["mails"], 0,
             "a mail that was read or flagged since is the same")
        with open(d.path("md/new/%d.c.host" % T0), "wb") as f:
            f.write(mail(6))
        same(d.load(d.path("md"))["mails"], 1, "a new one is new")


def test_folder():
    with desk() as d:
        os.makedirs(d.path("in/b/deep"))
        os.makedirs(d.path("in/.git"))
        files = {"in/2.eml": mail(2), "in/10.eml": mail(10),
                 "in/b/deep/3": mail(3), "in/b/notes.txt": b"hello world\n",
                 "in/.git/4.eml": mail(4), "in/.5.eml": mail(5),
                 "in/empty.eml": b"", "in/odd.eml": b"no header at all",
                 "in/photo.jpg": b"\xff\xd8\xff\xe0\0\0" * 9}
        for name, data in files.items():
            with open(d.path(name), "wb") as f:
                f.write(data)
        mbox(d.path("in/b/old"), thread(3, 20))
        r = d.load(d.path("in"))
        same((r["mails"], r["files_strange"]), (7, 2),
             "mails, an mbox, and two files that are neither")
        same([t[0] for t in d.sql(
            "SELECT subject FROM message ORDER BY id")][:2],
            ["Matter number 10", "Matter number 2"], "sorted by name")
        code, out, err = d.run("import", d.path("in"))
        ok(code == 0 and "2 files could not be taken for mail, such as " in err
           and "0 mails" in out, "what was left out is told")
        err = d.run("-v", "import", d.path("in"))[2]
        ok("notes.txt" in err and "photo.jpg" in err, "-v names all")
        with open(d.path("in/2.eml"), "wb") as f:
            f.write(mail(200))
        same(d.load(d.path("in"))["mails"], 1, "a file with another mail")
        os.utime(d.path("in/10.eml"), (1, 1))
        same(d.load(d.path("in"))["mails"], 0, "a file with another time")


def test_large():
    with desk() as d:
        lines = ("%060d\n" * 1000) % tuple(range(1000))
        big = mail(1, text=lines * 60)              # 3.6 MB
        huge = mail(2, text=lines * 440)            # 26.8 MB: over max-size
        mbox(d.path("a.mbox"), [(0, mail(0)), (1, big), (2, huge),
                                (3, mail(3))])
        with open(d.path("big.eml"), "wb") as f:
            f.write(mail(4, text=lines * 400))      # 24.4 MB: allowed
        # A small process in between: the peak that the kernel counts for a
        # child begins with the size of the process that started it.
        p = subprocess.run(
            ["python3", "-c", "import resource, subprocess, sys\n"
             "subprocess.call(sys.argv[1:])\nprint(resource.getrusage("
             "resource.RUSAGE_CHILDREN).ru_maxrss)", DESKD, "-d", d.dir,
             "--json", "import", d.path("a.mbox"), d.path("big.eml")],
            env=d.env, stdout=subprocess.PIPE, text=True)
        first, peak = p.stdout.splitlines()
        r = json.loads(first)
        same((p.returncode, r["mails"], r["oversize"], r["held"]),
             (0, 5, 1, 0), "small, large and too large mails")
        note("peak %s KiB" % peak)
        if not SAN:
            ok(int(peak) < 64 << 10, "peak memory under 64 MiB")
        same(d.sql("SELECT size FROM raw ORDER BY id"),
             [(len(mail(0)),), (len(big),), (256 << 10,), (len(mail(3)),),
              (len(mail(4, text=lines * 400)),)],
             "all bytes, but of the one too large only the beginning")
        same([x["state"] for x in d.json("ledger")["rows"]],
             ["new", "new", "oversize", "new", "new"], "the ledger says so")
        ok(d.sql("SELECT count(*) FROM piece")[0][0] > 50,
           "large mails are kept in pieces")
        same(d.load(d.path("a.mbox"), d.path("big.eml"))["mails"], 0,
             "nothing new in a second run")


def crash_loop(name, paths, limit):
    """Die before and after every commit; go on; compare with no crash."""
    with desk() as calm:
        paths(calm)
        calm.load(calm.path("in"))
        want = calm.picture()
    points = bad = 0
    for n in range(1, limit):
        with desk() as d:
            paths(d)
            code = d.run("import", d.path("in"),
                         env={"DESKD_CRASH": str(n)})[0]
            if code == 0:
                break
            points += 1
            d.load(d.path("in"))
            got = d.picture()
            if code != 77 or got != want:
                bad += 1
                note("crash point %d: code %d, other %s" % (
                    n, code, [k for k in want if got[k] != want[k]]))
    ok(points > 5 and bad == 0 and n < limit - 1,
       "%s: the same end after each of %d crash points" % (name, points))


def test_crash_mbox():
    def paths(d):
        os.mkdir(d.path("in"))
        mbox(d.path("in/a"), thread(300))
        mbox(d.path("in/b"), thread(3, 300))
    crash_loop("mbox", paths, 60)


def test_crash_large():
    def paths(d):
        os.mkdir(d.path("in"))
        mbox(d.path("in/a"), [(0, mail(0)), (1, mail(1, text="x" * 70 + (
            "\n" + "y" * 70) * 25000)), (2, mail(2))])
    crash_loop("a large mail", paths, 80)


def test_crash_maildir():
    def paths(d):
        for sub in ("in/cur", "in/new"):
            os.makedirs(d.path(sub))
        for n, data in thread(140):
            with open(d.path("in/%s/%d.x.y" % (
                    "cur" if n % 2 else "new", T0 + n)), "wb") as f:
                f.write(data)
    crash_loop("Maildir", paths, 60)


def start_on_terminal(d, *args):
    """With standard error on a terminal of its own."""
    ours, theirs = pty.openpty()
    p = subprocess.Popen([DESKD, "-d", d.dir, *args], env=dict(
        d.env, TERM="xterm"), stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    return p, ours


def read_until(fd, pattern, seconds):
    text = b""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not re.search(pattern, text):
        if select.select([fd], [], [], 0.1)[0]:
            try:
                part = os.read(fd, 4096)
            except OSError:
                break
            if not part:
                break
            text += part
    return text


def test_stop():
    with desk() as d:
        mbox(d.path("a.mbox"), thread(12000))
        p, tty = start_on_terminal(d, "import", d.path("a.mbox"))
        line = rb"import  [\d,]+/[\d,]+  \d+ %  [\d,]+/s  \d+ (s|min) left"
        text = read_until(tty, line, 60)
        p.send_signal(signal.SIGINT)
        text += read_until(tty, rb"go on", 30)
        out = p.communicate(timeout=60)[0].decode()
        os.close(tty)
        ok(re.search(line, text), "a line says how far it is")
        same(p.returncode, 75, "stopped by a signal: exit code 75")
        ok(b"stopped; run the same command again to go on" in text,
           "it says how to go on")
        some = int(out.split()[0].replace(",", ""))
        ok(0 < some < 12000, "a part was read: %d" % some)
        r = d.load(d.path("a.mbox"))
        same(some + r["mails"], 12000, "the second run reads the rest")
        same(d.sql("SELECT state, count(*) FROM ledger GROUP BY 1 ORDER BY 1"),
             [("append", 4000), ("new", 8000)], "none is lost, none doubled")


def test_kill():
    """kill -9 at any moment, again and again."""
    with desk() as calm, desk() as d:
        for x in (calm, d):
            mbox(x.path("a.mbox"), thread(2500))
        calm.load(calm.path("a.mbox"))
        kills = 0
        for n in range(40):
            p = subprocess.Popen([DESKD, "-d", d.dir, "import",
                                  d.path("a.mbox")], env=d.env,
                                 stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
            try:
                p.wait(timeout=0.05 + 0.02 * n)
                break
            except subprocess.TimeoutExpired:
                p.kill()
                p.wait()
                kills += 1
        d.load(d.path("a.mbox"))
        got, want = d.picture(), calm.picture()
        ok(kills > 1 and got == want,
           "the same end after %d kills" % kills)
        if got != want:
            note([k for k in want if got[k] != want[k]])


def test_beside_the_service():
    """Another process holds the work; two imports at once."""
    with desk() as d:
        mbox(d.path("a.mbox"), thread(600))
        mbox(d.path("b.mbox"), thread(3, 1000))
        d.load(d.path("b.mbox"))
        loop = subprocess.Popen([DESKD, "-d", d.dir, "work"], env=d.env,
                                stderr=subprocess.DEVNULL)
        try:
            time.sleep(0.3)
            r = d.load(d.path("a.mbox"))
            same((r["mails"], r["new"], r["append"], r["stored"]),
                 (600, 400, 200, 0), "the running service works the mails")
            same(loop.poll(), None, "and goes on")
        finally:
            loop.terminate()
            loop.wait(timeout=20)
        with open(d.dir + "/import.lock", "a") as f:
            fcntl.flock(f, fcntl.LOCK_EX)
            code, out, err = d.run("import", d.path("a.mbox"))
            same((code, out), (75, ""), "one import at a time: exit code 75")
            note(err)


def test_dry_run():
    with desk() as d:
        mbox(d.path("a.mbox"), thread(7))
        r = d.load("--dry-run", d.path("a.mbox"))
        same((r["mails"], r["have"], r["dry_run"]), (7, 0, True), "a dry run")
        ok(not os.path.exists(d.dir), "makes no state folder")
        d.load(d.path("a.mbox"))
        before = d.picture()
        mbox(d.path("b.mbox"), thread(9))
        r = d.load("--dry-run", d.path("b.mbox"))
        same((r["mails"], r["have"]), (9, 7), "knows what is stored already")
        same(d.load("--dry-run", d.path("a.mbox"))["mails"], 0,
             "and what was read")
        ok(d.picture() == before, "and stores nothing")


def test_options():
    with desk() as d:
        mbox(d.path("a.mbox"), thread(2))
        with open(d.path("text"), "w") as f:
            f.write("nothing\n")
        for args, code, words in (
                ((), 64, "which file or folder?"),
                (("--foo", "x"), 64, "unknown option '--foo'"),
                (("--mailbox", "a b", d.path("a.mbox")), 64, "takes a name"),
                ((d.path("a.mbox"), d.path("missing")), 66, "missing: No "),
                ((d.path("text"),), 65, "could not be taken for mail")):
            got, out, err = d.run("import", *args)
            ok(got == code and words in err, "import %s: %d" % (
                " ".join(args).replace(d.top, ""), code))
            if got != code or words not in err:
                note("%d %s" % (got, err))
        ok(not os.path.exists(d.dir) or d.json("ledger")["rows"] == [],
           "a path that is missing is found before anything is stored")
        d.load("--mailbox", "old-desk", d.path("a.mbox"))
        same({x["mailbox"] for x in d.json("ledger")["rows"]}, {"old-desk"},
             "--mailbox names the mailbox")
        code, out, err = d.run("-q", "import", d.path("a.mbox"))
        same((code, out, err), (0, "", ""), "-q says nothing")


def test_held():
    """What waits for a human can be looked at without danger."""
    data = (b"To: support@example.com\nSubject: a \x1b]0;owned\x07\n"
            b"Date: Tue, 21 Nov 2023 10:00:00 +0000\n\n"
            b"click \x1b[31mhere\x9b1m\nand there\n")
    with desk() as d:
        with open(d.path("a.eml"), "wb") as f:
            f.write(data)
        same(d.load(d.path("a.eml"))["held"], 1, "without From it is held")
        code, out, err = d.run("held", "show", "1")
        ok(code == 0 and "no From" in out and "and there" in out and
           "2023-11-21 10:00 UTC" in out, "held show tells what it is")
        ok("\x1b" not in out and "\x9b" not in out and "\x07" not in out,
           "and nothing in it steers the terminal")
        note(out)
        p = subprocess.run([DESKD, "-d", d.dir, "held", "show", "--raw", "1"],
                           env=d.env, capture_output=True)
        same(p.stdout, data, "--raw gives its bytes")
        j = d.json("held", "show", "1")
        ok(j["id"] == 1 and "and there" in j["text"] and
           j["unreadable"] is None, "held show --json")
        same(d.run("held", "release", "1")[0], 0, "release")
        same(d.sql("SELECT quiet FROM inbound"), [(1,)],
             "what was imported stays quiet")
        same(d.run("work", "--until-idle")[0], 0, "it is worked")
        [t] = d.json("list")["tickets"]
        same((t["requester"], d.json("held", "list")["rows"]),
             ({"name": "unknown sender", "address": None}, []),
             "and is a ticket of nobody, not held again")


def test_live():
    with desk() as d:
        with open(d.path("conf"), "w") as f:
            f.write('name "Example Support"\naddress support@example.com\n'
                    "admin root@example.com\ntimezone UTC\nlanguages en\n"
                    "tickets {\n    acknowledge all once-per 0s\n}\n"
                    'agent ana "Ana" { email ana@example.com }\n'
                    'team desk "Desk" { tier 1; members ana; lead ana }\n')
        with open(d.path("a.eml"), "wb") as f:
            f.write(mail(1).replace(email.utils.formatdate(
                T0 + 60).encode(), email.utils.formatdate().encode()))
        code, out, err = d.run("-c", d.path("conf"), "import", "--live",
                               d.path("a.eml"))
        same(code, 0, "import --live")
        note(err)
        same(len(d.sql("SELECT 1 FROM outbox WHERE kind = 'ack'")), 1,
             "with --live the sender gets an acknowledgement")


if __name__ == "__main__":
    lab.main(test_mbox, test_torn, test_maildir, test_folder, test_large,
             test_crash_mbox, test_crash_large, test_crash_maildir, test_stop,
             test_kill, test_beside_the_service, test_dry_run, test_options,
             test_held, test_live)
