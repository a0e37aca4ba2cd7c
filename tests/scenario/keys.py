#!/usr/bin/env python3
"""The keys of the desk: what an older one made still proves after a rotation and
no more after it is taken away; nobody ever sees one, and the file is whole."""
import fcntl
import hashlib
import os
import pty
import re
import subprocess

from lab import DESKD, Lab, mail, main, ok, same

ANN = "Ann Ahlers <ann@example.org>"
CARL = "Carl Cohn <carl@example.net>"
FULL = "".join("%d %064x\n" % (i, i + 1) for i in range(16))


class Keys:
    """A desk without servers: mails come by import, letters stay."""

    def __init__(self, lab, **more):
        self.desk = lab.desk(**more)
        self.file = self.desk.state + "/token-keys"
        self.mails = 0

    def put(self, data):
        """One mail in; its row of the ledger."""
        self.mails += 1
        path = "%s/%d.eml" % (self.desk.dir, self.mails)
        with open(path, "wb") as f:
            f.write(data)
        self.desk.run("import", "--live", path)
        return self.desk.ledger()[-1]

    def letter(self):
        """The last letter to a requester: its Message-ID and its bytes."""
        id = [r["id"] for r in self.desk.json("outbox", "list")["rows"]
              if r["kind"] == "ack"][-1]
        raw = self.desk.run("outbox", "show", "--raw", id).stdout
        return re.search(rb"(?mi)^Message-ID:\s*(<\S+>)", raw)[1].decode(), raw

    def list(self):
        return self.desk.json("key", "list")["keys"]

    def text(self):
        with open(self.file) as f:
            return f.read()

    def lines(self):
        return [x for x in self.text().splitlines() if x and x[0] != "#"]

    def write(self, text, mode=0o600):
        with open(self.file, "w") as f:
            f.write(text)
        os.chmod(self.file, mode)

    def run(self, *args):
        p = self.desk.run("key", *args, check=False)
        return p.returncode, (p.stdout + p.stderr).decode()


def rotation():
    with Lab() as lab:
        k = Keys(lab)
        first = k.put(mail(ANN, subject="VPN", message_id="first@x.example"))
        old, letter = k.letter()
        other = k.put(mail(CARL, subject="Wifi"))
        unanswered, _ = k.letter()
        [key] = k.list()
        same((key["id"], key["first"]), (1, True), "the first start made one")
        rc, text = k.run("rotate")
        ok(rc == 0 and "Key 2" in text and "started again" in text,
           "rotate: %s" % text)
        same([(x["id"], x["first"]) for x in k.list()],
             [(1, False), (2, True)], "the new one makes")
        row = k.put(mail(ANN, subject="The mast", In_Reply_To=old))
        same((row["state"], row["ticket"]), ("append", first["ticket"]),
             "an answer to a letter of the old key goes to its ticket")
        same(k.put(letter)["state"], "loop_held",
             "the letter itself, come back, is known for ours")
        k.put(mail("Bob <bob@example.net>", subject="Printer"))
        new, _ = k.letter()
        ok(new != old, "the next letter")
        rc, text = k.run("revoke", "1")
        ok(rc == 0 and "gone" in text, "revoke: %s" % text)
        same([(x["id"], x["first"]) for x in k.list()], [(2, True)],
             "one is left")
        row = k.put(mail(CARL, subject="A mast", In_Reply_To=unanswered))
        ok(row["state"] == "new" and row["ticket"] != other["ticket"],
           "the old id proves no more")
        row = k.put(mail("Eve <eve@example.net>", subject="?",
                         In_Reply_To=old))
        same(row["state"], "new", "nor one that an answer has named")
        row = k.put(mail("Bob <bob@example.net>", subject="Paper",
                         In_Reply_To=new))
        same(row["state"], "append", "that of the new key does")


def file():
    with Lab() as lab:
        k = Keys(lab)
        k.put(mail(ANN, subject="VPN"))
        head = "# mine, kept in the safe\n\n"
        k.write(head + "7 " + "ab" * 32 + "\n# older\n3 " + "0C" * 32 + "  \n")
        rc, text = k.run("rotate")
        same(rc, 0, "rotate by hand-written lines")
        lines = k.text().splitlines()
        same(lines[:2] + lines[3:], ["# mine, kept in the safe", "",
             "7 " + "ab" * 32, "# older", "3 " + "0C" * 32 + "  "],
             "all that stood there stays, the new one before it")
        ok(re.fullmatch(r"8 [0-9a-f]{64}", lines[2]), "the next number")
        ok(len(set(lines[2].split()[1])) > 4, "by chance")
        st = os.stat(k.file)
        same((oct(st.st_mode & 0o777), st.st_nlink), ("0o600", 1), "0600")
        same(sorted(x for x in os.listdir(k.desk.state)
                    if x.startswith("token-keys")), ["token-keys"],
             "nothing lies beside it")
        secret = lines[2].split()[1]
        names = {x["id"]: x["sha256"] for x in k.list()}
        same(names[8], hashlib.sha256(bytes.fromhex(secret)).hexdigest()[:6],
             "a key is named by 6 characters of its hash")
        shown = text + k.run("list")[1] + k.run("list", "--json")[1]
        ok(secret[:12] not in shown and "ab" * 6 not in shown,
           "no key is shown")
        same(k.run("revoke", "7")[0], 0, "revoke one in the middle")
        same([x.split()[0] for x in k.lines()], ["8", "3"], "it is gone")
        same(k.run("revoke", "8")[0], 0, "revoke the first")
        same([(x["id"], x["first"]) for x in k.list()], [(3, True)],
             "the next one makes")
        before = k.text()
        rc, text = k.run("revoke", "3")
        ok(rc == 1 and "only one" in text, "the only one: %s" % text)
        rc, text = k.run("revoke", "5")
        ok(rc == 1 and "no key 5" in text, "not there: %s" % text)
        same(k.text(), before, "neither changed anything")
        k.write(FULL)
        rc, text = k.run("rotate")
        ok(rc == 1 and "revoke" in text, "full: %s" % text)
        same(k.text(), FULL, "nothing was changed")
        same(k.run("revoke", "15")[0], 0, "the last line")
        same(k.run("rotate")[0], 0, "then there is room")
        same(k.list()[15], {**k.list()[15], "id": 15, "first": True},
             "in the free place")


def link():
    """The file of the configuration may be reached by a link."""
    with Lab() as lab:
        k = Keys(lab)
        real = k.desk.dir + "/real-keys"
        k.file = real
        k.write("1 " + "11" * 32 + "\n")
        os.symlink(real, k.desk.dir + "/keys")
        k.desk.write_conf("token-keys file:%s/keys\n" % k.desk.dir +
                          k.desk.text)
        same(k.run("rotate")[0], 0, "rotate")
        ok(os.path.islink(k.desk.dir + "/keys"), "the link stays one")
        same(len(k.lines()), 2, "what it leads to is changed")


def running():
    """Whoever runs has the old keys: it is said what to do, and by whom it is
    done only one changes them."""
    with Lab() as lab:
        k = Keys(lab)
        k.write("1 " + "11" * 32 + "\n")
        with open(k.desk.state + "/run.lock", "w") as f:
            f.write("%d run\n" % os.getpid())
            f.flush()
            fcntl.flock(f, fcntl.LOCK_EX)
            rc, text = k.run("rotate")
            ok(rc == 0 and "process %d" % os.getpid() in text and
               "deskd reload" in text, "a service runs: %s" % text)
        before = k.text()
        with open(k.desk.state + "/key.lock", "w") as f:
            fcntl.flock(f, fcntl.LOCK_EX)
            same(k.run("rotate")[0], 75, "somebody else changes them")
        same(k.text(), before, "only that one")
        same(len(k.list()), 2, "looking is always possible")


def errors():
    with Lab() as lab:
        k = Keys(lab)
        rc, text = k.run("list")
        ok(rc == 66 and "first start" in text, "none yet: %s" % text)
        same(k.run("rotate")[0], 66, "nothing to rotate")
        ok(not os.path.exists(k.file), "looking makes none")
        k.write("1 " + "11" * 32 + "\n", 0o640)
        for verb in ("list", "rotate"):
            rc, text = k.run(verb)
            ok(rc != 0 and "chmod 600" in text and "1111" not in text,
               "%s, readable by others: %s" % (verb, text))
        k.write("1 " + "11" * 31 + "\n")
        rc, text = k.run("rotate")
        ok(rc == 1 and ":1: not a key" in text and "1111" not in text,
           "a broken line: %s" % text)
        for words in (("rotat",), ("revoke",), ("revoke", "x"),
                      ("revoke", "16"), ("revoke", "-1"), ("revoke", "1", "2"),
                      ("rotate", "1"), ("list", "1"), ("revoke", "1x")):
            same(k.run(*words)[0], 64, "key " + " ".join(words))
        k.write("1 " + "11" * 32 + "\n")
        for kind, word in (("credential:token-keys", "credential"),
                           ("command:\"cat %s\"" % k.file, "command"),
                           ("env:KEYS", "environment")):
            k.desk.write_conf("token-keys %s\n" % kind + k.desk.text)
            for verb in (("rotate",), ("revoke", "1")):
                rc, text = k.run(*verb)
                ok(rc == 77 and word in text and "where they come from" in text,
                   "%s of %s: %s" % (verb[0], kind, text))
        k.desk.write_conf("token-keys command:\"cat %s\"\n" % k.file +
                          k.desk.text)
        same([x["id"] for x in k.list()], [1], "a command's can be listed")
        k.desk.write_conf("token-keys\n" + k.desk.text)
        same(k.run("rotate")[0], 78, "a broken configuration changes nothing")
        same(k.lines(), ["1 " + "11" * 32], "the file is as it was")


def ask(k, word, *args):
    """At a terminal."""
    above, below = pty.openpty()
    p = subprocess.Popen([DESKD, "-c", k.desk.conf, "key", *args],
                         stdin=below, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE)
    os.write(above, word)
    out, err = p.communicate(timeout=20)
    os.close(above)
    os.close(below)
    return p.returncode, (out + err).decode()


def asked():
    with Lab() as lab:
        k = Keys(lab)
        k.write("1 " + "11" * 32 + "\n2 " + "22" * 32 + "\n3 " + "33" * 32 +
                "\n")
        rc, text = ask(k, b"n\n", "revoke", "1")
        ok(rc == 1 and "[y/N]" in text and "proves no more" in text,
           "no: %s" % text)
        same(len(k.lines()), 3, "nothing is gone")
        same((ask(k, b"y\n", "revoke", "1")[0], len(k.lines())), (0, 2), "yes")
        rc, text = ask(k, b"", "revoke", "--yes", "2")
        ok(rc == 0 and "[y/N]" not in text, "--yes asks nobody")
        same([x.split()[0] for x in k.lines()], ["3"], "one is left")


main(rotation, file, link, running, errors, asked)
