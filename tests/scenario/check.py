#!/usr/bin/env python3
"""deskd check: exit codes, what goes to which stream, --strict, -q, --json.

The messages themselves have golden files (tests/conf); here is the command
around them, and that deskd run refuses what others could have written (T49).
"""
import json
import os
import re
import shutil
import subprocess
import tempfile

import lab
from lab import DESKD, ROOT, same

CONF = os.path.join(ROOT, "tests", "conf")
GOOD = """address support@example.com
mailbox support {
    imap imap://127.0.0.1:1 plain
    user support
    auth password file:%s/pass
}
"""


def deskd(*args, cwd=None, **env):
    return subprocess.run(
        [DESKD, *args], cwd=cwd, env=dict(os.environ, **env),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)


class Place:
    """A folder with a configuration and a password."""

    def __init__(self):
        self.dir = self.root = tempfile.mkdtemp(prefix="deskd-check-")
        self.conf = self.dir + "/deskd.conf"
        self.put("pass", "sesame\n")
        self.put("deskd.conf", GOOD % self.dir)

    def put(self, name, text, mode=0o600):
        path = os.path.join(self.dir, name)
        with open(path, "w") as f:
            f.write(text)
        os.chmod(path, mode)
        return path

    def check(self, *args, **env):
        return deskd("-c", self.conf, "check", *args, **env)


def test_broken():
    r = deskd("-c", "bad.conf", "check", cwd=CONF)
    with open(CONF + "/bad.want") as f:
        same(r.stdout, f.read(), "bad.conf gives exactly its golden output")
    same((r.returncode, r.stderr), (78, ""), "errors are exit 78")
    r = deskd("check", cwd=CONF, DESKD_CONF="bad.conf")
    same(r.returncode, 78, "the file of $DESKD_CONF")
    r = deskd("-c", "/nowhere.conf", "check")
    same(r.returncode, 78, "no file is exit 78")
    lab.ok("/nowhere.conf: error: No such file" in r.stdout, "and says so")


def test_good(p):
    r = p.check()
    same((r.returncode, r.stdout, r.stderr),
         (0, p.conf + ": 0 errors, 0 warnings. The running daemon takes it "
          "at its next reload.\n", ""), "a good file")
    r = p.check("-q")
    same((r.returncode, r.stdout, r.stderr), (0, "", ""), "-q says nothing")
    r = p.check("--json")
    same(json.loads(r.stdout), {"file": p.conf, "errors": 0, "warnings": 0,
                                "tests": 0, "tests_failed": 0,
                                "report": ""}, "--json")
    same(p.check("nonsense").returncode, 64, "a word too many is exit 64")


def test_shipped(p):
    """conf/, copied as README says, in a shell: no noise, only what an
    admin has to see to."""
    there = p.dir + "/etc"
    shutil.copytree(os.path.join(ROOT, "conf"), there,
                    ignore=shutil.ignore_patterns("*.5", "templates"))
    for at, _, files in os.walk(there):
        os.chmod(at, 0o755)
        for name in files:
            os.chmod(os.path.join(at, name), 0o644)
    conf = there + "/deskd.conf"
    r = deskd("-c", conf, "check", "--strict", CREDENTIALS_DIRECTORY="")
    same((r.returncode, re.sub(r"\d+ rule tests", "N rule tests", r.stdout)),
         (0, "N rule tests, 0 failed.\n" + conf + ": 0 errors, 0 warnings. "
          "The running daemon takes it at its next reload.\n"),
         "conf/ has no error and no warning")
    same([line.split(":")[0] + ":" + line.split(":")[-1]
          for line in r.stderr.splitlines() if "border server" not in line],
         ["note:imap-password", "note:smtp-password"],
         "notes name what to do: two secrets")
    same(r.stderr.count("\n"), 3, "and the border server")
    rules = os.path.join(there, "rules.d")
    with open(rules + "/20-categories.conf") as f:
        names = re.findall(r"(?m)^    set +category (\S+)", f.read())
    same(sorted(names), ["access", "account", "application", "email",
                         "hardware", "network", "other", "printer",
                         "security", "software", "vpn"], "its categories")
    with open(rules + "/99-tests.conf") as f:
        tests = f.read()
    for name in names:
        for language in ("English", "German", "French", "Spanish"):
            if '"%s, in %s"' % (name, language) not in tests:
                lab.ok(False, "no test of %s in %s" % (name, language))
    lab.ok(tests.count("expect   category") >= 44,
           "and each has a test in four languages")


def test_warnings(p):
    p.put("deskd.conf", GOOD % p.dir + "languages en tlh\n")
    r = p.check()
    same(r.returncode, 0, "a warning is exit 0")
    same(p.check("--strict").returncode, 1, "with --strict exit 1")
    r = p.check("-q", "--strict")
    lab.ok("no templates in 'tlh'" in r.stdout, "-q shows warnings")
    p.put("deskd.conf", GOOD % p.dir)
    os.chmod(p.dir + "/pass", 0o644)
    r = p.check("--strict")
    same(r.returncode, 1, "a secret that others may read")
    lab.ok("others may read this secret" in r.stdout and
           "sesame" not in r.stdout + r.stderr, "is named, not shown")
    os.chmod(p.dir + "/pass", 0o600)
    p.put("deskd.conf", GOOD % p.dir, 0o664)
    r = p.check("--strict")
    same(r.returncode, 1, "a file that others may write")
    lab.ok("its group can write to it" in r.stdout, "is warned about")


def test_notes(p):
    p.put("deskd.conf", (GOOD % p.dir).replace(
        "file:%s/pass" % p.dir, "credential:imap") +
        "agent ana { email ana@example.com; signature Ana }\n"
        "rule x { suggest kb:vpn }\n")
    r = p.check("--strict")
    same((r.returncode, r.stdout.count("\n")), (0, 1),
         "what cannot be tested is a note, not a warning")
    lab.ok("credential:imap" in r.stderr and
           "without effect in this version: agent signature, rule suggest" in r.stderr and
           "no border server" in r.stderr, "notes go to stderr")
    same(p.check("-q").stderr, "", "-q leaves notes out")
    r = p.check("--strict", CREDENTIALS_DIRECTORY=p.dir)
    same(r.returncode, 1, "inside the service a missing credential counts")
    p.put("imap", "x\n")
    r = p.check("--strict", CREDENTIALS_DIRECTORY=p.dir)
    same(r.returncode, 0, "one that is there is good")
    p.put("deskd.conf", (GOOD % p.dir).replace(
        "file:%s/pass" % p.dir, "command:\"touch %s/ran\"" % p.dir))
    p.check()
    lab.ok(not os.path.exists(p.dir + "/ran"), "no command of a secret runs")


def test_templates(p):
    os.makedirs(p.dir + "/t/en", exist_ok=True)
    p.put("t/en/acknowledge.txt", "Subject: x\n\n{{nonsense}}\n")
    p.put("deskd.conf", GOOD % p.dir + "templates %s/t\n" % p.dir)
    r = p.check()
    same(r.returncode, 78, "a template with an unknown variable is an error")
    lab.ok("t/en/acknowledge.txt:3:1: error: unknown variable 'nonsense'\n"
           "    3 | {{nonsense}}\n      | ^^^^" in r.stdout, "with its place")
    p.put("t/en/received.txt", "Subject: x\n\n{{desk.nam}} {{ticket.subject}}"
          "\n{{#count}}\n")
    r = p.check()
    same([m for m in r.stdout.splitlines() if " error: " in m],
         ["%s/t/en/%s.txt:%s: error: %s" % (p.dir, f, at, what)
          for f, at, what in (
              ("acknowledge", "3:1", "unknown variable 'nonsense'"),
              ("received", "3:1", "unknown variable 'desk.nam'"),
              ("received", "3:14", "unknown variable 'ticket.subject'"),
              ("received", "4:1", "unknown variable 'count'"),
              ("received", "4:1", "this section has no end: count"))],
         "all errors of all templates in one run")
    lab.ok("did you mean 'desk.name'?" in r.stdout, "with what was meant")


def test_replies(p):
    os.makedirs(p.dir + "/t/en", exist_ok=True)
    rules = GOOD % p.dir + ("templates %s/t\nrule a { when subject /(?<no>\\d)/"
                            "\n  reply template:outage\n}\n" % p.dir)
    p.put("deskd.conf", rules)
    r = p.check()
    same(r.returncode, 78, "a template that is not there is an error")
    lab.ok(":9:9: error: there is no template 'outage' in 'en'" in r.stdout and
           "^ write %s/t/en/outage.txt" % p.dir in r.stdout,
           "at the place that names it")
    p.put("t/en/outage.txt", "Subject: x\n\n{{match.no}} {{match.on}}\n")
    r = p.check()
    lab.ok("3:14: error: unknown variable 'match.on'" in r.stdout and
           "did you mean 'match.no'" in r.stdout,
           "groups that no pattern gives")
    p.put("t/en/outage.txt", "Subject: x\n\n{{match.no}}\n")
    r = p.check("--strict")
    same((r.returncode, r.stderr), (0, ""), "now it is good")
    p.put("t/en/outrage.txt", "Subject: x\n\ny\n")
    p.put("t/en/README", "x\n")
    r = p.check("--strict")
    same(r.returncode, 1, "a template that nothing uses is warned about")
    lab.ok("outrage.txt: warning: no letter uses this template; did you mean "
           "'outage'?" in r.stdout, "with what was meant")
    for name in ("alert", "refused"):
        p.put("deskd.conf", rules.replace(":outage", ":" + name))
        lab.ok("the template '%s' is for the staff" % name in p.check().stdout,
               "no %s to requesters" % name)


def test_run(p):
    p.put("deskd.conf", GOOD % p.dir, 0o666)
    r = deskd("-c", p.conf, "-d", p.dir + "/state", "run")
    same(r.returncode, 78, "deskd run refuses a file that all may write")
    lab.ok("everybody can write to it" in r.stderr, "and says why")
    lab.ok(not os.path.exists(p.dir + "/state"), "before it makes anything")


def test_shared(p):
    """Who can write a template writes our letters (T49)."""
    os.makedirs(p.dir + "/t/en")
    os.chmod(p.dir + "/t", 0o755)
    os.chmod(p.dir + "/t/en", 0o755)
    p.put("t/en/acknowledge.txt", "Subject: x\n\ny\n")
    p.put("deskd.conf", GOOD % p.dir + "templates %s/t\n" % p.dir)

    def say():
        r = p.check("--strict")
        out = r.stdout.replace(p.dir, "").split("\n")[0]
        return r.returncode, out.split("warning: ")[-1]

    same(p.check("--strict").returncode, 0, "a folder of our own")
    for name, mode, back, who in (("t/en/acknowledge.txt", 0o666, 0o600,
                                   "everybody"),
                                  ("t/en/acknowledge.txt", 0o620, 0o600,
                                   "its group"),
                                  ("t/en", 0o777, 0o755, "everybody"),
                                  ("t", 0o775, 0o755, "its group")):
        path = os.path.join(p.dir, name)
        os.chmod(path, mode)
        same(say(), (1, "/%s: %s can write to it; chmod go-w it" %
                     (name, who)), "check warns: %s %o" % (name, mode))
        r = deskd("-c", p.conf, "-d", p.dir + "/state", "run")
        same((r.returncode, "can write to it" in r.stderr,
              os.path.exists(p.dir + "/state")), (78, True, False),
             "deskd run refuses it, and says why")
        os.chmod(path, back)
    same(p.check("--strict").returncode, 0, "and takes it once mended")


def test_brackets(p):
    """A folder's name is no pattern."""
    there, base = p.dir + "/[x]*?\\y", p.dir
    os.makedirs(there + "/templates/en")
    p.dir, p.conf = there, there + "/deskd.conf"
    p.put("templates/en/acknowledge.txt", "Subject: x\n\n{{wrong}}\n")
    p.put("deskd.conf", GOOD % base +
          'include "rules.d/*.conf"\n')
    os.mkdir(there + "/rules.d")
    p.put("rules.d/a.conf", "team nobody\n")
    lab.ok("rules.d/a.conf:1:" in p.check().stdout, "a file is included")
    p.put("rules.d/a.conf", "")
    lab.ok("unknown variable 'wrong'" in p.check().stdout,
           "a template is read")
    p.put("templates/en/acknowledge.txt", "Subject: x\n\ny\n")
    p.put("templates/en/acknowledgd.txt", "Subject: x\n\ny\n")
    r = p.check("--strict")
    lab.ok("acknowledgd.txt: warning: no letter uses this" in r.stdout,
           "one that nothing uses is found")
    same(r.stdout.count("warning:"), 1, "and nothing else")


def placed(test):
    """The test with a place of its own."""
    def run():
        place = Place()
        try:
            test(place)
        finally:
            shutil.rmtree(place.root)
    run.__name__ = test.__name__
    return run


if __name__ == "__main__":
    lab.main(test_broken, *map(placed, (
        test_good, test_shipped, test_warnings, test_notes, test_templates,
        test_replies, test_run, test_shared, test_brackets)))
