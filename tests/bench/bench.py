#!/usr/bin/env python3
"""How fast deskd is, against mbsync on the same mailbox in the same run.

    make bench                        20 000 mails, 3 runs
    make bench ARGS="--quick"         2 000 mails, 1 run
    make bench ARGS="--latency 100"   from EXISTS to the acknowledgement's dot
    make bench ARGS="--only parse,box,linear"       the parser by itself
    make bench ARGS="--only rules"                  the rules by themselves
    make bench ARGS="--only replay -n 154000"       rules over 100 000 tickets

  import   mail from files to tickets (deskd import)
  pull     from a private Dovecot to tickets: fetch and work side by side, until
           the work list is empty
  full     the same after ten times as many mails are stored; beside it once
           more into an empty database ("empty")
  mbsync   mbsync to a Maildir with its default FSync, same mailbox
  fsyncs   fsync and fdatasync calls a mail, in bulk and singly (strace)
  parse    ordinary mails of 8 KiB through the parser alone, on one core
  box      the same through the box, and what share of the core that costs
  rules    500 rules over an ordinary mail, slow patterns over hostile text; then
           once more as under the shipped unit's MemoryDenyWriteExecute
  replay   deskd import, then deskd replay over what it stored
  linear   the work on malformed mails of n and of 4n bytes, a line a family

Contenders take turns (A B, B A, ...), figures are medians.  CPU is that of the
program measured, without Dovecot.  Memory is the largest of its processes.
Every mailbox is read once by Dovecot before anybody is measured.
"""
import argparse
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "scenario"))
sys.path.insert(0, HERE)

import gen  # noqa: E402
import lab  # noqa: E402
import linear_table  # noqa: E402
import push  # noqa: E402
from measure import Program, children, median, quantile  # noqa: E402

LARGE = 40 << 20


def say(text):
    print(text, flush=True)


def make_mails(folder, n, seed, large):
    """n files, one a mail.  Returns their bytes."""
    os.makedirs(folder)
    total = 0
    for number, raw in enumerate(gen.Desk(seed).mails(n)):
        with open("%s/%07d.eml" % (folder, number), "wb") as f:
            f.write(raw)
        total += len(raw)
    if large:
        with open(folder + "/9999999.eml", "wb") as f:
            total += write_large(f)
    return total


def write_large(f):
    """A mail of nearly 40 MB: one attachment."""
    mark = "=-large"
    f.write(("From: Large <large@example.org>\nTo: support@example.com\n"
             "Subject: a large one\nMessage-ID: <large@example.org>\n"
             "Date: Thu, 01 Jan 2026 00:00:00 +0000\nMIME-Version: 1.0\n"
             'Content-Type: multipart/mixed; boundary="%s"\n\n--%s\n'
             "Content-Type: text/plain\n\nSee the file.\n--%s\n"
             "Content-Type: application/zip\nContent-Disposition: attachment;"
             ' filename="large.zip"\nContent-Transfer-Encoding: base64\n\n'
             % (mark, mark, mark)).encode())
    line = gen.base64_lines(bytes(range(57)))
    for _ in range((LARGE - (1 << 20)) // 79):
        f.write(line)
    f.write(("--%s--\n" % mark).encode())
    return f.tell()


def strace(desk):
    """deskd run, with its fsyncs counted."""
    return Program(["strace", "-f", "-c", "-e", "trace=fsync,fdatasync", "-o",
                    desk.dir + "/strace", lab.DESKD, "-c", desk.conf, "run"],
                   log=desk.dir + "/log")


def strace_end(program, desk):
    """Ends it; the number of calls."""
    for pid in children(program.proc.pid):
        os.kill(pid, signal.SIGTERM)
    program.wait()
    calls = 0
    with open(desk.dir + "/strace") as f:
        for line in f:
            words = line.split()
            if words and words[-1] in ("fsync", "fdatasync"):
                calls += int(words[3])
    return calls


class Bench:
    def __init__(self, args, where):
        self.args, self.where = args, where
        self.lab = where
        self.dir = where.dir
        self.rows = {}
        self.size = "max-size 40M" if args.with_40mb else ""
        self.users = ["bench%d@example.com" % i for i in range(args.runs + 3)]

    # The same mails as files and as mailboxes --------------------------------

    def prepare(self):
        began = time.monotonic()
        self.files = self.dir + "/files"
        self.bytes = make_mails(self.files, self.args.n, 1, self.args.with_40mb)
        self.count = self.args.n + self.args.with_40mb
        self.dovecot = self.where.dovecot(self.users, start=False)
        names = sorted(os.listdir(self.files))
        for user in self.users[:self.args.runs]:
            self.fill(user, self.files, names)
        self.dovecot.start()
        for user in self.users[:self.args.runs]:
            self.warm(user)
        say("%d mails, %.1f MB, mean %.1f KB, ready after %.0f s" % (
            self.count, self.bytes / 1e6, self.bytes / 1e3 / self.count,
            time.monotonic() - began))

    def fill(self, user, folder, names):
        """Into a Maildir; copies, so that one run's marks stay its own."""
        top = self.dovecot.folder(user)
        for number, name in enumerate(names):
            path = "%s/cur/%s:2," % (top, gen.maildir_name(number))
            shutil.copy(folder + "/" + name, path)
            if os.getuid() == 0:
                os.chown(path, self.dovecot.uid, self.dovecot.gid)
            os.utime(path, (gen.START + number, gen.START + number))

    def warm(self, user):
        box = self.dovecot.imap(user)
        box.uid("fetch", "1:*", "(UID RFC822.SIZE INTERNALDATE)")
        box.uid("fetch", "1:*", "(BODY.PEEK[HEADER.FIELDS (Message-ID)])")
        box.logout()

    # Contenders ---------------------------------------------------------------

    def note(self, what, program, seconds, count):
        row = dict(rate=count / seconds, cpu=program.cpu / count * 1000,
                   peak=program.peak / 1024)
        self.rows.setdefault(what, []).append(row)
        who = ", ".join("%s %.0f MiB %.0f us" % (
            name or "deskd", kb / 1024, program.cpu_of(name) / count * 1e6)
            for name, kb in sorted(program.peaks.items(), key=lambda x: -x[1]))
        say("  %-8s %7.0f mails/s   %6.3f CPU s per 1000   %5.1f MiB  (%s)" % (
            what, row["rate"], row["cpu"], row["peak"], who))

    def desk(self, user, state=None):
        desk = self.where.desk(self.dovecot, None, name="desk-" + user,
                               tickets=self.size)
        text = desk.text.replace("user support@example.com", "user " + user)
        if state:
            shutil.rmtree(desk.state)
            text = text.replace("state " + desk.state, "state " + state)
            desk.state = state
        desk.write_conf(text)
        return desk

    def import_run(self, run):
        desk = self.where.desk(None, None, name="import%d" % run,
                               tickets=self.size)
        program = Program([lab.DESKD, "-c", desk.conf, "import", self.files],
                          log=desk.dir + "/log")
        if program.wait() != 0:
            raise RuntimeError("deskd import failed:\n" + desk.log())
        self.check(desk, self.count, "import")
        self.note("import", program, program.wall, self.count)
        shutil.rmtree(desk.state)

    def pull(self, what, desk, count, before=0):
        """deskd run until the work list is empty."""
        program = Program([lab.DESKD, "-c", desk.conf, "run"],
                          log=desk.dir + "/log")
        seconds = self.wait_worked(program, desk, before + count)
        program.stop()
        self.check(desk, before + count, what)
        self.note(what, program, seconds, count)

    def wait_worked(self, program, desk, count):
        """Seconds until every mail is in the ledger and none is waiting."""
        path = desk.state + "/deskd.db"
        while program.seconds() < self.args.limit:
            time.sleep(0.02)
            if not program.alive():
                raise RuntimeError("deskd run ended:\n" + desk.log()[-4000:])
            try:
                db = sqlite3.connect("file:%s?mode=ro" % path, uri=True,
                                     timeout=5)
                # Counting all is dear: only when it looks done.
                seen, waiting = db.execute(
                    "SELECT (SELECT max(id) FROM raw),"
                    " EXISTS(SELECT 1 FROM inbound)").fetchone()
                if seen is not None and seen >= count and not waiting:
                    seen = db.execute("SELECT count(*) FROM ledger WHERE"
                                      " state <> 'stored'").fetchone()[0]
                    waiting = seen < count
                db.close()
            except sqlite3.Error:
                continue
            if seen is not None and seen >= count and not waiting:
                return program.seconds()
        raise RuntimeError("not done after %d s:\n%s" % (
            self.args.limit, desk.log()[-4000:]))

    def check(self, desk, count, what):
        """A fast program that lost mail is not fast."""
        states = dict(desk.sql("SELECT state, count(*) FROM ledger"
                               " GROUP BY state"))
        if sum(states.values()) != count or states.get("stored"):
            raise RuntimeError("%s: %d mails, but the ledger has %s\n%s" % (
                what, count, states, desk.log()[-4000:]))

    def mbsync(self, user):
        top = self.dir + "/mbsync-" + user
        os.makedirs(top + "/mail")
        with open(top + "/rc", "w") as f:
            f.write("IMAPStore far\nHost 127.0.0.1\nPort %d\nUser %s\nPass %s\n"
                    "SSLType None\nAuthMechs LOGIN\n\n"
                    "MaildirStore near\nPath %s/mail/\nInbox %s/mail/INBOX\n\n"
                    "Channel all\nFar :far:\nNear :near:\nPatterns INBOX\n"
                    "Create Near\nSync Pull New\nSyncState *\n" % (
                        self.dovecot.port, user, lab.PASSWORD, top, top))
        program = Program(["mbsync", "-c", top + "/rc", "all"],
                          env=dict(os.environ, HOME=top), log=top + "/log")
        code = program.wait()
        got = sum(len(os.listdir("%s/mail/INBOX/%s" % (top, sub)))
                  for sub in ("cur", "new"))
        if code != 0 or got != self.count:
            with open(top + "/log") as f:
                raise RuntimeError("mbsync: exit %d, %d mails\n%s" % (
                    code, got, f.read()[-2000:]))
        self.note("mbsync", program, program.wall, self.count)
        shutil.rmtree(top)

    # The runs -----------------------------------------------------------------

    def run(self):
        self.prepare()
        has_mbsync = shutil.which("mbsync") is not None
        if not has_mbsync:
            say("mbsync is not installed (apt-get install isync): no ratio")
        wanted = self.args.only.split(",")
        for run in range(self.args.runs):
            say("run %d of %d" % (run + 1, self.args.runs))
            user, turns = self.users[run], []
            if "pull" in wanted:
                turns.append(lambda: self.pull("pull", self.desk(user),
                                               self.count))
            if "mbsync" in wanted and has_mbsync:
                turns.append(lambda: self.mbsync(user))
            for turn in turns if run % 2 == 0 else reversed(turns):
                turn()
            if "import" in wanted:
                self.import_run(run)
        if "full" in wanted:
            self.full()
        if "fsyncs" in wanted:
            self.fsyncs()
        self.summary()

    def full(self):
        """Ten times the mails first, by import; then a pull on top."""
        many = 10 * self.args.n
        folder, user = self.dir + "/many", self.users[-1]
        say("full: storing %d mails first" % many)
        make_mails(folder, many, 2, False)
        desk = self.where.desk(None, None, name="full")
        began = time.monotonic()
        desk.run("import", folder, timeout=self.args.limit)
        say("  stored %d, %.0f mails/s" % (
            many, many / (time.monotonic() - began)))
        shutil.rmtree(folder)
        beside = self.users[-3]
        for name in (user, beside):
            self.fill(name, self.files, sorted(os.listdir(self.files)))
            self.warm(name)
        self.pull("empty", self.desk(beside), self.count)
        self.pull("full", self.desk(user, state=desk.state), self.count, many)

    def fsyncs(self):
        """How often the disk is waited for, in bulk."""
        if not shutil.which("strace"):
            say("strace is not installed (apt-get install strace): no fsyncs")
            return
        user, n = self.users[-2], min(2000, self.count)
        self.fill(user, self.files, sorted(os.listdir(self.files))[:n])
        self.warm(user)
        desk = self.desk(user)
        program = strace(desk)
        self.wait_worked(program, desk, n)
        self.rows["fsyncs"] = strace_end(program, desk) / n
        say("  fsyncs   %7.3f a mail in bulk (%d mails)" % (
            self.rows["fsyncs"], n))
        self.rows["fsyncs singly"] = self.fsyncs_singly()

    def fsyncs_singly(self, n=20):
        """The same when mails come one by one and each is acknowledged; less
        what starting and stopping cost."""
        calls = []
        for count in (0, n):
            imap, smtp = push.Push(), push.Dots()
            desk = self.where.desk(imap, smtp, name="single")
            program = strace(desk)
            if not imap.idle.wait(60):
                raise RuntimeError("no client idles:\n" + desk.log())
            for number in range(count):
                address = "lat%d@d%d.example" % (number, number)
                imap.put(latency_mail(number, address))
                if smtp.came(address, 30) is None:
                    raise RuntimeError("no acknowledgement:\n" + desk.log())
                time.sleep(0.5)
            calls.append(strace_end(program, desk))
            imap.stop()
            smtp.stop()
        each = (calls[1] - calls[0]) / n
        say("  fsyncs   %7.3f a mail singly, with its acknowledgement" % each)
        return each

    def middle(self, what, key):
        rows = self.rows.get(what)
        return median([r[key] for r in rows]) if rows else None

    def summary(self):
        say("")
        say("%-8s %9s %14s %10s   medians of %d, %d mails of %.1f KB" % (
            "", "mails/s", "CPU s / 1000", "peak MiB", self.args.runs,
            self.count, self.bytes / 1e3 / self.count))
        for what in ("import", "pull", "mbsync", "empty", "full"):
            if what in self.rows:
                say("%-8s %9.0f %14.3f %10.1f" % (
                    what, self.middle(what, "rate"), self.middle(what, "cpu"),
                    max(r["peak"] for r in self.rows[what])))
        pull, mbsync = self.middle("pull", "rate"), self.middle("mbsync", "rate")
        if mbsync and pull:
            say("pull / mbsync %.2f" % (pull / mbsync))
        if "full" in self.rows:
            say("full / empty  %.2f" % (
                self.middle("full", "rate") / self.middle("empty", "rate")))
        if "fsyncs" in self.rows:
            say("fsyncs a mail %.3f in bulk, %.1f singly" % (
                self.rows["fsyncs"], self.rows["fsyncs singly"]))


# --- Latency ------------------------------------------------------------------

def latency_mail(number, address):
    return ("From: \"Lat\" <%s>\r\nTo: support@example.com\r\n"
            "Subject: latency %d\r\nMessage-ID: <lat%d.%d@example.org>\r\n"
            "Date: %s\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n\r\n%s" % (
                address, number, number, time.time_ns(),
                time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime()),
                "Hello, the printer is on fire again.\r\n" * 60)).encode()


def latency(args, where):
    """One mail at a time: EXISTS written, until the final dot is read."""
    imap, smtp = push.Push(), push.Dots()
    desk = where.desk(imap, smtp, name="latency")
    program = Program([lab.DESKD, "-c", desk.conf, "run"] +
                      (["-v"] if args.marks else []), log=desk.dir + "/log")
    times, lost = [], 0
    try:
        if not imap.idle.wait(30):
            raise RuntimeError("no client idles:\n" + desk.log())
        for number in range(args.latency):
            # A domain each: budgets are counted by domain.
            address = "lat%d@d%d.example" % (number, number)
            began = imap.put(latency_mail(number, address))
            came = smtp.came(address, 20)
            if came is None:
                lost += 1
            else:
                times.append((came - began) * 1000)
            time.sleep(args.gap)
        # The mark on the server is the last thing of a mail.
        time.sleep(0.5)
    finally:
        program.stop()
        imap.stop()
        smtp.stop()
    if args.marks:
        sys.stdout.write(desk.log())
    if not times:
        raise RuntimeError("no acknowledgement came:\n" + desk.log()[-4000:])
    say("latency of %d, %d lost, ms: p50 %.1f  p90 %.1f  p99 %.1f  max %.1f"
        "   peak %.1f MiB" % (
            len(times), lost, quantile(times, .5), quantile(times, .9),
            quantile(times, .99), max(times), program.peak / 1024))
    marked = sum(b"$DeskdDone" in flags for flags in imap.flags)
    say("%d of %d mails marked on the server" % (marked, len(imap.flags)))


# --- Rules --------------------------------------------------------------------

def deny_write_execute():
    """What MemoryDenyWriteExecute= asks for: prctl(PR_SET_MDWE), Linux 6.3."""
    if lab.libc.prctl(65, 1, 0, 0, 0) != 0:
        raise OSError("this kernel has no PR_SET_MDWE")


def rules():
    """The test of their speed says it; the JIT of PCRE2 is never used."""
    test = os.path.abspath(os.environ["RULES"])
    for title, before in (("rules", None),
                          ("rules without writable code", deny_write_execute)):
        try:
            out = subprocess.run([test], stdout=subprocess.PIPE, text=True,
                                 preexec_fn=before)
        except subprocess.SubprocessError:
            say("%s: this kernel has no PR_SET_MDWE" % title)
            continue
        for line in out.stdout.splitlines():
            if "under" in line:
                say("%s: %s" % (title, line.partition(" - ")[2]))
        if out.returncode != 0:
            raise RuntimeError("%s: too slow" % title)
    with open(lab.DESKD, "rb") as f:
        say("PCRE2's JIT is %s" % (
            "USED" if b"pcre2_jit_compile" in f.read() else "not used"))


def replay(args, where):
    """Import once, then replay the sample's rules over it."""
    folder, state = where.dir + "/replay", where.dir + "/replay-state"
    conf = os.path.join(HERE, "../conf/sample/deskd.conf")
    make_mails(folder, args.n, 5, False)
    os.mkdir(state, 0o700)
    tickets = args.n
    for what in ["import"] + ["replay"] * args.runs:
        log = "%s/%s.log" % (where.dir, what)
        program = Program([lab.DESKD, "-c", conf, "-d", state, what] +
                          ([folder] if what == "import" else ["--json"]),
                          log=log)
        code = program.wait()
        with open(log) as f:
            text = f.read()
        if code != 0:
            raise RuntimeError("deskd %s failed:\n%s" % (what, text[-4000:]))
        if what == "replay":
            start = text.rindex('{"tickets"')
            found = json.loads(text[start:].splitlines()[0])
            tickets = found["tickets"] + found["ruled"]
        say("%-7s %7d %s %7.1f s  %6.0f/s  %5.0f us of CPU each  %5.1f MiB%s" % (
            what, tickets, "mails  " if what == "import" else "tickets",
            program.wall, tickets / program.wall, program.cpu / tickets * 1e6,
            program.peak / 1024, "" if what == "import" else
            "  (100 000: %.0f s)" % (program.wall / tickets * 1e5)))
    shutil.rmtree(folder)


def parser(wanted):
    """What needs neither mailbox nor database."""
    if "parse" in wanted:
        subprocess.run([linear_table.BENCH], check=True)
    if "box" in wanted:
        subprocess.run([linear_table.BENCH, "box"], check=True)
    if "linear" in wanted:
        high = linear_table.linear(say, 4.6)
        say("more than linear: %s" % (", ".join(high) or "none"))


def main():
    ap = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    ap.add_argument("-n", type=int, default=20000, help="mails")
    ap.add_argument("--runs", type=int, default=3)
    ap.add_argument("--quick", action="store_true", help="-n 2000 --runs 1")
    ap.add_argument("--with-40mb", action="store_true",
                    help="one mail of nearly 40 MB among them")
    ap.add_argument("--only", default="pull,mbsync,import,full,fsyncs",
                    metavar="WHAT,..", help="leave out the others")
    ap.add_argument("--limit", type=int, default=1800, help="seconds a run")
    ap.add_argument("--latency", type=int, nargs="?", const=100, metavar="N")
    ap.add_argument("--gap", type=float, default=1.1,
                    help="seconds between two mails of --latency")
    ap.add_argument("--marks", action="store_true",
                    help="with --latency: the log of deskd run -v")
    ap.add_argument("--json", metavar="FILE", help="the figures, for machines")
    args = ap.parse_args()
    if args.quick:
        args.n, args.runs = 2000, 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    wanted = set(args.only.split(","))
    parser(wanted)
    if "rules" in wanted:
        rules()
    if wanted <= {"parse", "box", "linear", "rules"} and not args.latency:
        return
    with lab.Lab() as where:
        if "replay" in wanted:
            replay(args, where)
            return
        if args.latency:
            latency(args, where)
            return
        bench = Bench(args, where)
        bench.run()
        if args.json:
            with open(args.json, "w") as f:
                json.dump(bench.rows, f, indent=1)


if __name__ == "__main__":
    main()
