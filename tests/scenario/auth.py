#!/usr/bin/env python3
"""deskd auth: mails forged on purpose, the way a server hands them on, judged.

The border server is played: it puts its lines on top as servers do, above or
below its Received, cleans what came in its name or does not.
"""
import glob
import json
import mailbox
import os
import shutil
import subprocess
import tempfile

import lab
from lab import DESKD, ok, same

CONF = """address support@example.com
agent ana { email ana@example.org }
agent bob { email bob@example.net }
%s
"""
NAMED = """agent-auth { trust authserv-id; authserv-id mx1.example.com
    boundary-by mx1.example.com; %s }"""
EXCHANGE = "agent-auth { trust topmost-no-id; boundary-by *.outlook.example }"
RECEIVED = "Received: from x (x [192.0.2.1]) by mx1.example.com; now\n"
FAIL = "Authentication-Results: mx1.example.com; dmarc=fail header.from=%s\n"
NONE = "Authentication-Results: mx1.example.com; dmarc=none header.from=%s\n"
KINDS = ["folded", "id", "no-id", "two", "upper", "version"]


class Place:
    """A folder with a configuration and probes."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="deskd-auth-")
        self.name("results above")

    def conf(self, text):
        with open(self.dir + "/deskd.conf", "w") as f:
            f.write(CONF % text)
        os.chmod(self.dir + "/deskd.conf", 0o600)

    def name(self, more):
        self.conf(NAMED % more)

    def auth(self, *args):
        return subprocess.run(
            [DESKD, "-c", self.dir + "/deskd.conf", "auth", *args],
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=60)

    def probes(self):
        return sorted(glob.glob(self.dir + "/probes/*.eml"))

    def back(self, on_top, clean=False):
        """The probes as they come out of the mailbox."""
        shutil.rmtree(self.dir + "/back", ignore_errors=True)
        os.mkdir(self.dir + "/back")
        for path in self.probes():
            text = open(path).read()
            if clean:
                text = text[text.index("From: "):]
            with open(f"{self.dir}/back/{os.path.basename(path)}", "w") as f:
                f.write(on_top + text)
        return sorted(glob.glob(self.dir + "/back/*"))


def proofs(r):
    return {p["probe"]: p["proof"] for p in json.loads(r.stdout)["probes"]}


def test_probe(p):
    r = p.auth("probe", p.dir + "/probes")
    same((r.returncode, len(p.probes())), (0, 6), "six probes")
    texts = [open(path).read() for path in p.probes()]
    ok(all("\nTo: support@example.com\n" in t and "From: ana@example.org\n"
           in t for t in texts), "to the desk, in the name of the first agent")
    same(len({t.split("Message-ID: ")[1].split()[0] for t in texts}), 6,
         "each with its own Message-ID")
    r = p.auth("probe", "--agent", "bob")
    with open(p.dir + "/mbox", "w") as f:
        f.write(r.stdout)
    froms = [m["From"] for m in mailbox.mbox(p.dir + "/mbox")]
    same(froms, ["bob@example.net"] * 6, "as an mbox, of another agent")
    same(p.auth("probe", "--agent", "eve").returncode, 64, "of nobody: no")


def test_above(p):
    p.auth("probe", p.dir + "/probes")
    r = p.auth("selftest", "--json", *p.back(FAIL % "example.org" + RECEIVED))
    want = dict.fromkeys(KINDS, "forged")
    want["no-id"] = "fail"
    same((r.returncode, proofs(r)), (0, want), "a server that leaves them")
    r = p.auth("selftest", "--json",
               *p.back(FAIL % "example.org" + RECEIVED, clean=True))
    same((r.returncode, proofs(r)), (0, dict.fromkeys(KINDS, "fail")),
         "a server that takes them out")
    r = p.auth("selftest", *p.back(NONE % "example.org" + RECEIVED, True))
    same(r.returncode, 1, "a domain without DMARC")
    ok("was not heard" in r.stdout, "and it says so")
    r = p.auth("selftest", *p.back(FAIL % "example.org" + RECEIVED)[1:])
    same((r.returncode, "missing" in r.stdout), (1, True), "one is missing")


def test_below(p):
    """Gmail writes below; what stands there in its name is its own."""
    p.auth("probe", p.dir + "/probes")
    files = p.back(RECEIVED + FAIL % "example.org", clean=True)
    r = p.auth("show", files[0])
    ok("results below" in r.stdout, "the advice where none stands above")
    p.name("results below")
    r = p.auth("selftest", "--json", *files)
    same((r.returncode, proofs(r)), (0, dict.fromkeys(KINDS, "fail")),
         "results below")
    files = p.back(RECEIVED + FAIL % "example.org")
    r = p.auth("selftest", "--json", *files)
    same((r.returncode, "pass" in proofs(r).values()), (0, False),
         "a server that leaves them, and writes first")
    files = p.back(RECEIVED)
    r = p.auth("selftest", *files)
    same(r.returncode, 1, "a server that writes nothing is found out")
    ok("BELIEVED" in r.stdout and "Do not let agents" in r.stdout,
       "and it is said loudly")


def test_no_id(p):
    p.conf(EXCHANGE)
    p.auth("probe", p.dir + "/probes")
    top = "Received: from x by a.outlook.example; now\n"
    r = p.auth("selftest", "--json", *p.back(
        top + "Authentication-Results: spf=none; dmarc=fail action=none "
        "header.from=example.org;compauth=fail\n"))
    same((r.returncode, proofs(r)), (0, dict.fromkeys(KINDS, "fail")),
         "Exchange Online")


def test_show(p):
    path = p.dir + "/mail"
    with open(path, "w") as f:
        f.write("Authentication-Results: mx1.example.com;\n\tdmarc=pass "
                "header.from=example.org\n" + RECEIVED +
                "DKIM-Signature: d=example.org; h=from:to:subject:date:"
                "message-id\nFrom: Ana <ana@example.org>\n"
                "To: support@example.com\nSubject: \x1b[31mred\n"
                "Date: Mon, 23 Nov 2026 09:00:00 +0000\n"
                "Message-ID: <1@example.org>\n\nhello\n")
    r = p.auth("show", path)
    same(r.returncode, 0, "show")
    ok("agent ana" in r.stdout and "proof: pass: dmarc=pass" in r.stdout and
       "one plain sender: yes" in r.stdout, "an agent, proven")
    r = p.auth("show", "--json", path)
    mail = json.loads(r.stdout)["mails"][0]
    same([line["kind"] for line in mail["lines"]],
         ["counts", "border", "ignored"], "what each line was")
    same((mail["agent"], mail["proof"], mail["one_sender"]),
         ("ana", "pass", True), "the verdict")
    same(p.auth("show", p.dir + "/nowhere").returncode, 66, "no such file")
    same(p.auth("show").returncode, 64, "no file named")
    p.conf("")
    r = p.auth("show", path)
    ok("no border server is named" in r.stdout, "without a border server")
    same(p.auth("selftest", path).returncode, 64, "nothing to test then")
    r = subprocess.run([DESKD, "-c", p.dir + "/deskd.conf", "check"],
                       capture_output=True, text=True, timeout=60)
    ok("weaker" in r.stderr and "boundary-by" in r.stderr,
       "check says so and how to name one")


def placed(test):
    def run():
        place = Place()
        try:
            test(place)
        finally:
            shutil.rmtree(place.dir)
    run.__name__ = test.__name__
    return run


if __name__ == "__main__":
    lab.main(*map(placed, (
        test_probe, test_above, test_below, test_no_id, test_show)))
