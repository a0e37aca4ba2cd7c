#!/usr/bin/env python3
"""The man pages of the formats: their examples are run.

Each literal block of deskd-rules(5) and deskd.conf(5) is put into a small
configuration and has to load without an error or a warning.  Lines of a rule
become a rule each.  A comment that begins with .\\"+ is added to the block above
it: tests of rules, which prove what the text says comes of a mail.  A block
behind the comment "shown, not run" is left alone.  A block behind .\\"> NAME is
a template of that name.  A block behind .\\"$ FIELD SUBJECT is what "deskd blame"
prints of the rule above it, when a mail of that subject came and a line was put
in above the rule since.
"""
import os
import re
import shutil
import subprocess
import tempfile

import lab
from lab import DESKD, ROOT

PAGES = ["deskd-rules.5", "deskd.conf.5"]

# What examples refer to; left out is what an example brings itself.
BASE = [
    'address support@example.com',
    'mailbox support { imap imap://127.0.0.1:1 plain; user support; '
    'auth password env:PASSWORD }',
    'agent ana { email ana@example.com }',
    'agent dieter { email dieter@example.com }',
    'team servicedesk { members ana; lead ana }',
    'team network { members ana; lead dieter; assign nobody }',
    'calendar office { hours mon-fri 08:00-17:00 }',
    'sla relaxed { calendar office; normal 1h 2h 3d }',
    'webhook noc { type json; url https://example.com/hook; events ticket.* }',
    'org kunde "Kunde GmbH" { domain kunde.example }',
    'vip @kunde.example',
]
TEMPLATES = {"outage": "Subject: x\n\nWe know of it.\n"}
ASKS = ("when", "unless")
ACTS = ("assign", "set", "tag", "watch", "cc", "merge", "hold", "quarantine",
        "drop", "log", "stop", "suggest", "reply", "sla", "notify", "on")


def plain(line):
    """A line of a literal block as a reader sees it."""
    line = line.replace("\\&", "").replace("\\e", "\\")
    return line.replace("\\(dq", '"').replace("\\-", "-")


def blocks(path):
    """(line, text, what comments add) of each example."""
    out, inside, shown, name = [], None, False, None
    with open(path, encoding="utf-8") as f:
        for n, line in enumerate(f, 1):
            line = line.rstrip("\n")
            if line.startswith('.\\"+ ') and out:
                out[-1][2].append(line[5:])
            elif line == '.\\" shown, not run':
                shown = True
            elif line.startswith('.\\"> '):
                name = line[5:]
            elif line.startswith(".Bd -literal") and name:
                inside, shown = (n + 1, [], []), True
            elif line.startswith(".Bd -literal"):
                inside = (n + 1, [], [])
            elif line == ".Ed" and inside:
                if name:
                    TEMPLATES[name] = "\n".join(inside[1]) + "\n"
                    name = None
                if not shown:
                    out.append(inside)
                inside, shown = None, False
            elif inside:
                inside[1].append(plain(line))
    return out


def configuration(lines, more):
    """The example with what it needs around it."""
    text, rules = [], 0
    loose = all(line.split()[0] in ASKS + ACTS
                for line in lines if line.strip())
    for line in lines:
        if not loose or not line.strip():
            text.append(line)
            continue
        rules += 1
        text.append("rule x%d {\n%s\n%s}" % (
            rules, line, "tag x\n" if line.split()[0] in ASKS else ""))
    text += more
    whole = "\n".join(text)
    base = [b for b in BASE if not re.search(
        r"^%s\b.*%s" % (re.escape(b.split(" {")[0].split(' "')[0]),
                         "{" if "{" in b else ""), whole, re.M)]
    return "\n".join(base) + "\n" + whole + "\n"


def check(folder, text):
    path = folder + "/deskd.conf"
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    os.chmod(path, 0o600)
    shutil.rmtree(folder + "/templates", ignore_errors=True)
    os.makedirs(folder + "/templates/en")
    for name, words in TEMPLATES.items():
        if "template:" + name not in text and name != "acknowledge":
            continue
        with open("%s/templates/en/%s.txt" % (folder, name), "w",
                  encoding="utf-8") as f:
            f.write(words)
    return subprocess.run([DESKD, "-q", "-c", path, "check", "--strict"],
                          stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=60, check=False)


def test_examples(page, folder):
    found = blocks(os.path.join(ROOT, "conf", page))
    lab.ok(len(found) > 0, "%s has examples" % page)
    for line, lines, more in found:
        r = check(folder, configuration(lines, more))
        lab.ok(r.returncode == 0, "%s:%d: the example is good%s" % (
            page, line, ", and so is what the text says" if more else ""))
        for bad in r.stdout.splitlines() if r.returncode != 0 else []:
            print("# " + bad)


def test_claims(folder):
    """A test that is wrong is noticed, so that the above can fail."""
    r = check(folder, configuration(
        ["rule a { when text has vpn; tag x }"],
        ['test "a" { subject wlan; expect tag x }']))
    lab.ok(r.returncode == 78 and "there is no tag 'x'" in r.stdout,
           "a false claim is found")


def shown(page):
    """(field, subject, the rule, what the page shows of it)."""
    with open(os.path.join(ROOT, "conf", page), encoding="utf-8") as f:
        text = f.read()
    for m in re.finditer(
            r'\.Bd [^\n]*\n((?:(?!\.Bd)[^\n]*\n)*?)\.Ed\n(?:\.\\"\+ [^\n]*\n)*'
            r'\.\\"\$ (\S+) ([^\n]*)\n\.\\" shown, not run\n'
            r'\.Bd [^\n]*\n(.*?)\.Ed\n', text, re.S):
        yield m.group(2), m.group(3), plain(m.group(1)), plain(m.group(4))


def mask(text):
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d [A-Z]{3,4}", "WHEN", text)
    return re.sub(r"Configuration \d+", "Configuration N", text).strip()


def blamed(folder, field, subject, rule):
    """What deskd blame says of it."""
    path = folder + "/rules.d/20-routing.conf"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(folder + "/deskd.conf", "w", encoding="utf-8") as f:
        f.write("\n".join(BASE) + "\ninclude rules.d/*.conf\n")
    os.chmod(folder + "/deskd.conf", 0o600)
    with open(path, "w", encoding="utf-8") as f:
        f.write(rule)
    with open(folder + "/a.eml", "wb") as f:
        f.write(lab.mail(subject=subject))

    def deskd(*args):
        return subprocess.run(
            [DESKD, "-c", folder + "/deskd.conf", "-d", folder + "/state",
             *args], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=60, check=False).stdout
    deskd("import", folder + "/a.eml")
    with open(path, "w", encoding="utf-8") as f:
        f.write("# one line more\n" + rule)
    text = deskd("blame", "1001", field)
    return text.partition("\n\n")[2].replace(folder, "/etc/deskd")


def test_blame(folder):
    found = list(shown("deskd-rules.5"))
    lab.same(len(found), 1, "deskd-rules(5) shows a blame")
    for field, subject, rule, want in found:
        lab.same(mask(blamed(folder, field, subject, rule)), mask(want),
                 "and it is what is printed")


def test_form():
    mandoc = shutil.which("mandoc")
    for page in ["conf/" + p for p in PAGES] + ["daemon/deskd.1"]:
        if mandoc is None:
            lab.skip("%s has no mistake of form" % page,
                     "apt-get install mandoc")
            continue
        r = subprocess.run([mandoc, "-Tlint", "-W", "warning", page], cwd=ROOT,
                           capture_output=True, text=True, check=False)
        lab.ok(r.returncode == 0 and r.stdout == "",
               "%s has no mistake of form" % page)
        for bad in r.stdout.splitlines():
            print("# " + bad)


def in_a_folder(test):
    def run():
        folder = tempfile.mkdtemp(prefix="deskd-pages-")
        try:
            test(folder)
        finally:
            shutil.rmtree(folder)
    run.__name__ = test.__name__
    return run


def test_pages(folder):
    for page in PAGES:
        test_examples(page, folder)


if __name__ == "__main__":
    lab.main(in_a_folder(test_pages), in_a_folder(test_claims),
             in_a_folder(test_blame), test_form)
