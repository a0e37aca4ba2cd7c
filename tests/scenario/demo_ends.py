"""deskd demo: it plays, as root and as an ordinary user, and whatever ends it,
nothing stays: no process, no folder."""
import imaplib
import os
import pwd
import re
import shutil
import signal
import smtplib
import subprocess
import time

from lab import DESKD, Lab, Skip, main, mail, note, ok, same, SLOW, _alive
from lab import descendants


class Demo:
    def __init__(self, lab, *args, user=None):
        if not os.path.exists("/usr/sbin/dovecot"):
            raise Skip("dovecot is not installed (apt-get install "
                       "dovecot-imapd)")
        self.tmp = lab.folder("tmp")
        os.chmod(self.tmp, 0o1777)
        self.binary = lab.dir + "/deskd"  # where any user may run it
        if not os.path.exists(self.binary):
            shutil.copy(DESKD, self.binary)
            os.chmod(self.binary, 0o755)
        self.seen, self.text = set(), ""
        self.proc = subprocess.Popen(
            [self.binary, "demo", *args], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd="/",
            env={"TMPDIR": self.tmp, "PATH": os.environ["PATH"],
                 "LANG": "C.UTF-8"},
            start_new_session=True, **({"user": user.pw_uid, "group":
                                        user.pw_gid, "extra_groups": []}
                                       if user else {}))
        os.set_blocking(self.proc.stdout.fileno(), False)

    def stop(self):
        if self.proc.poll() is None:
            self.proc.kill()
            self.proc.wait()

    def log(self):
        return self.text

    def read(self):
        self.seen.update(descendants(self.proc.pid))
        piece = self.proc.stdout.read()
        self.text += piece.decode() if piece else ""
        return self.text

    def wait_for(self, pattern, seconds=20):
        end = time.monotonic() + seconds * SLOW
        while not re.search(pattern, self.read()):
            if time.monotonic() > end or self.proc.poll() is not None:
                raise TimeoutError("no %r in the demo's output:\n%s" % (
                    pattern, self.text))
            time.sleep(0.01)
        return re.search(pattern, self.text)

    def end(self, seconds=20):
        """Its exit code, once it has ended."""
        end = time.monotonic() + seconds * SLOW
        while self.proc.poll() is None and time.monotonic() < end:
            self.read()
            time.sleep(0.01)
        self.read()
        return self.proc.poll()

    def nothing_left(self, what):
        """After the end, at most a moment later."""
        end = time.monotonic() + 10 * SLOW
        while time.monotonic() < end:
            # Dovecot's children too: their folder is the demo's.
            inside = []
            for pid in os.listdir("/proc"):
                try:
                    if pid.isdigit() and os.readlink(
                            "/proc/%s/cwd" % pid).startswith(self.tmp):
                        inside.append(int(pid))
                except OSError:
                    pass
            left = set(_alive(self.seen)) | set(_alive(inside))
            folders = os.listdir(self.tmp)
            if not left and not folders:
                break
            time.sleep(0.02)
        ok(not left and not folders, "%s: nothing is left %s%s" % (
            what, sorted(left) or "", folders or ""))


def plays():
    with Lab() as lab:
        users = [None]
        if os.getuid() == 0:
            users.append(pwd.getpwnam("nobody"))
        for user in users:
            who = "as %s" % (user.pw_name if user else "the caller")
            demo = lab._add(Demo(lab, "--check", user=user))
            began = time.monotonic()
            same(demo.end(40), 0, "deskd demo --check %s" % who)
            took = time.monotonic() - began
            ok(took < 30 * SLOW, "in %.1f seconds" % took)
            same(re.sub(r"\d+", "N", demo.text.strip()),
                 "deskd demo: N checks good", "and says only that")
            demo.nothing_left(who)
        demo = lab._add(Demo(lab))
        same(demo.end(40), 0, "deskd demo, aloud")
        for word in ("VPN does not connect", "In-Reply-To", "dup_of",
                     "$ deskd list", "$ deskd why", "$ deskd held list",
                     "#noet", "#resolve", "0 missing"):
            ok(word in demo.text, "it shows %r" % word)
        ok("NOT SO" not in demo.text, "and nothing that is not so")
        demo.nothing_left("aloud")


def is_ended():
    """Each way to end it, at different moments."""
    with Lab() as lab:
        for what, moment, act in (
                ("Ctrl-C while it starts", r"^", "ctrl-c"),
                ("Ctrl-C in the play", r"\n1\. ", "ctrl-c"),
                ("SIGTERM", r"\n2\. ", signal.SIGTERM),
                ("SIGHUP", r"\n2\. ", signal.SIGHUP),
                ("kill -9", r"\n2\. ", signal.SIGKILL),
                ("kill -9 of the player", r"\n2\. ", "inner"),
                ("kill -9 of deskd run", r"\n1\. ", "deskd run"),
                ("kill -9 of Dovecot", r"\n2\. ", "dovecot")):
            demo = lab._add(Demo(lab))
            demo.wait_for(moment)
            below = descendants(demo.proc.pid)
            demo.seen.update(below)
            if act == "ctrl-c":
                os.killpg(demo.proc.pid, signal.SIGINT)
            elif act == "inner":
                for pid, line in below.items():
                    if line.endswith("demo"):
                        os.kill(pid, signal.SIGKILL)
                        break
            elif isinstance(act, str):
                word = " run" if act == "deskd run" else "dovecot"
                for pid, line in below.items():
                    if (line.endswith(word) or (
                            word == "dovecot" and "dovecot.conf" in line)):
                        os.kill(pid, signal.SIGKILL)
            else:
                demo.proc.send_signal(act)
            code = demo.end()
            ok(code not in (0, None), "%s: exit %s" % (what, code))
            demo.nothing_left(what)


def stays():
    with Lab() as lab:
        demo = lab._add(Demo(lab, "--stay"))
        imap, smtp = map(int, demo.wait_for(
            r"IMAP 127\.0\.0\.1 port (\d+), SMTP 127\.0\.0\.1 port (\d+)"
        ).groups())
        password = demo.wait_for(r"password of everybody: (\S+)").group(1)
        ok("mutt -n" in demo.wait_for(r"mutt .*\n.*imap://.*").group(0),
           "it says how to join in with mutt")
        for who in ("maria", "ana"):
            ok("imap://%s:%s@" % (who, password) in demo.wait_for(
                r"Logs: ").string, "as %s" % who)
        box = imaplib.IMAP4("127.0.0.1", imap, timeout=10)
        box.login("maria", password)
        count = int(box.select("INBOX")[1][0])
        ok(count >= 1, "Maria can read her mail")
        with smtplib.SMTP("127.0.0.1", smtp, timeout=10) as s:
            s.sendmail("maria@example.org", ["support@example.com"], mail(
                "Maria <maria@example.org>", subject="The keyboard, too",
                text=".\n..a dot\n"))
            refused = None
            try:
                s.sendmail("maria@example.org", ["x@example.net"], mail())
            except smtplib.SMTPRecipientsRefused as e:
                refused = e.recipients["x@example.net"][0]
            same(refused, 550, "no mail leaves the demo")

        def more():
            return int(box.select("INBOX")[1][0]) > count

        lab.wait(more, "an acknowledgement while it stays")
        found = box.search(None, "SUBJECT", "keyboard")[1][0].split()
        same(len(found), 1, "a person who joins in is acknowledged")
        conf = demo.wait_for(r"DESKD_CONF=(\S+)").group(1)
        p = subprocess.run([DESKD, "-c", conf, "list", "--json"],
                           capture_output=True, text=True)
        ok("keyboard" in p.stdout, "and the desk can be looked at")
        wrong = None
        try:
            imaplib.IMAP4("127.0.0.1", imap, timeout=10).login("maria", "x")
        except imaplib.IMAP4.error:
            wrong = True
        ok(wrong, "nobody gets in without the password")
        box.shutdown()
        os.killpg(demo.proc.pid, signal.SIGINT)
        same(demo.end(), 0, "Ctrl-C ends it well")
        demo.nothing_left("--stay")


if __name__ == "__main__":
    main(plays, is_ended, stays)
