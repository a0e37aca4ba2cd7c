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

The blocks of deskd-mail(7) are mails: behind .\\"@ KIND what an agent sends, or the
letter that is sent to one; comments .\\"= say what comes of it.
"""
import email
import email.policy
import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.parse

import lab
from lab import DESKD, ROOT, ok, same

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


MAIL = """name "Example IT"
address support@example.com
admin root@example.com
languages en
mailbox support { imap imap://127.0.0.1:1 plain; user support
    auth password env:PASSWORD }
agent ana "Ana Silva" { email ana@example.com }
agent bob "Bob Miller" { email bob@example.com }
agent dieter "Dieter Krause" { email dieter@example.com }
team network "Network & VPN" { members ana bob; lead dieter
    assign least-loaded }
%s
rule vpn { when text has vpn; set category network/vpn; set urgency high
    assign team network }
"""
BORDER = ("agent-auth { trust authserv-id; authserv-id mx1.example.com; "
          "boundary-by mx1.example.com }")
PROOF = ("Authentication-Results: mx1.example.com; dmarc=pass "
         "header.from=example.com\n"
         "Received: from x (x [192.0.2.1]) by mx1.example.com; now\n")
MARIA = "Maria Gomez <maria@kunde.example>"
PROBLEM = 'Hi, since this morning my VPN says "no route to host".\n'


class Desk:
    """A desk without servers: mails come from files, letters stay here."""

    def __init__(self, folder, border=BORDER):
        self.dir = tempfile.mkdtemp(dir=folder)
        self.mails = 0
        with open(self.dir + "/deskd.conf", "w", encoding="utf-8") as f:
            f.write(MAIL % border)
        os.chmod(self.dir + "/deskd.conf", 0o600)

    def run(self, *args):
        return subprocess.run(
            [DESKD, "-q", "-c", self.dir + "/deskd.conf", "-d",
             self.dir + "/state", *args], stdin=subprocess.DEVNULL,
            capture_output=True, timeout=60, check=True).stdout

    def put(self, data):
        # A new file each: import knows again what it has read.
        self.mails += 1
        path = "%s/%d.eml" % (self.dir, self.mails)
        with open(path, "wb") as f:
            f.write(data)
        self.run("import", "--live", path)
        self.run("work", "--until-idle")

    def letters(self):
        """(row, letter, its text) of each that waits."""
        out = []
        for row in json.loads(self.run("outbox", "list", "--json"))["rows"]:
            m = email.message_from_bytes(
                self.run("outbox", "show", "--raw", str(row["id"])),
                policy=email.policy.default)
            out.append((row, m, m.get_body(("plain",)).get_content()))
        return out

    def ticket(self, number):
        return json.loads(self.run("show", "--json", str(number)))

    def reply(self, letter, text):
        return PROOF.encode() + lab.mail(
            "Ana Silva <ana@example.com>", letter["Reply-To"],
            "Re: " + letter["Subject"], text,
            In_Reply_To=letter["Message-ID"], References=letter["Message-ID"])


def to_ana(letters):
    return [(m, text) for row, m, text in letters
            if row["to"] == "ana@example.com"]


def mails():
    """(line, kind, text, what comes of it) of each block that is a mail."""
    out, kind, inside = [], None, None
    with open(os.path.join(ROOT, "conf", "deskd-mail.7"),
              encoding="utf-8") as f:
        for n, line in enumerate(f, 1):
            line = line.rstrip("\n")
            if line.startswith('.\\"@ '):
                kind = line[5:]
            elif line.startswith('.\\"= '):
                out[-1][3].append(line[5:].split(" ", 1))
            elif line.startswith(".Bd -literal"):
                inside = []
            elif line == ".Ed" and inside is not None:
                out.append((n, kind, "\n".join(inside) + "\n", []))
                kind = inside = None
            elif inside is not None:
                line = re.sub(r"\\\('([a-z])", lambda m: {
                    "a": "\u00e1", "e": "\u00e9"}[m.group(1)], line)
                inside.append(plain(line).replace('\\(:a', "\u00e4"))
    return out


def letter_shape(text):
    text = text.replace("\r\n", "\n")
    text = re.sub(r"<mailto:[^>]*>", "<mailto:...>", text)
    text = re.sub(r"ref \w{4}-\w{4}", "ref XXXX-XXXX", text)
    return re.sub(r"EX-\d+", "EX-1042", text).strip()


def comes(desk, wants, before, number):
    """What is not as the page says of the last mail."""
    t, held = desk.ticket(number), json.loads(
        desk.run("held", "list", "--json"))["rows"]
    new = [x for x in desk.letters() if x[0]["id"] > before]
    hers = [text for row, m, text in new if "maria" in row["to"]]
    told = [str(m["From"]) + text for m, text in to_ana(new)]
    said = [m for m in t["messages"] if m["direction"] == "note"]
    for key, want in wants:
        if key == "held":
            good = [h["kind"] for h in held] == (
                [] if want == "no" else [want])
        elif key == "sent" and want == "no":
            good = not [x for x in desk.letters() if "maria" in x[0]["to"]
                        and "Auto-Submitted" not in x[1]]
        elif key == "sent":
            good = (any(want in text for text in hers) and
                    not any(re.search(r"(?m)^ *#", x) for x in hers))
        elif key == "told":
            good = any(want in text for text in told)
        elif key == "note":
            good = hers == [] and any(want in m["text"] for m in said)
        else:
            good = t[key] == want
        if not good:
            yield "%s %s: %s" % (key, want, {
                "held": held, "sent": hers, "told": told,
                "note": said}.get(key, t.get(key)))


def send_one(desk, kind, text, wants):
    """One block of the page, in a desk of its own."""
    desk.put(lab.mail(MARIA, subject="Printer", text="It burns.\n"))
    desk.put(lab.mail(MARIA, subject="VPN does not connect", text=PROBLEM))
    number, letter = 1002, [
        m for m, _ in to_ana(desk.letters()) if "1002" in m["Subject"]]
    if not letter:  # least-loaded: the second one is Bob's
        desk.put(lab.mail(MARIA, subject="VPN is slow", text=PROBLEM))
        number, letter = 1003, [
            m for m, _ in to_ana(desk.letters()) if "1003" in m["Subject"]]
    if kind == "undo":
        desk.put(desk.reply(letter[0], "Hello Maria, try again.\n"))
    before = desk.letters()[-1][0]["id"]
    text = text.replace("1042", "1001")
    if kind == "mail":
        desk.put(PROOF.encode() + lab.mail(
            "Ana Silva <ana@example.com>", subject="Three screens", text=text))
        t = desk.ticket(number + 1)
        same((t["requester"]["address"], t["assignee"]),
             (wants[0][1], "ana"), "a ticket for somebody who called")
        return []
    desk.put(desk.reply(letter[0], text))
    return list(comes(desk, wants, before, number))


def test_mails(folder):
    """What deskd-mail(7) lets an agent send does what it says."""
    found = mails()
    ok(len(found) > 8, "deskd-mail(7) has mails")
    for line, kind, text, wants in found:
        desk = Desk(folder)
        if kind == "letter":
            desk.put(lab.mail(MARIA, subject="VPN does not connect",
                              text=PROBLEM))
            [(m, body)] = to_ana(desk.letters())
            same(letter_shape("From: %s\nSubject: %s\n\n%s" % (
                m["From"], m["Subject"], body)), letter_shape(text),
                "deskd-mail.7:%d: this is the letter" % line)
            continue
        if kind is None:
            ok(False, "deskd-mail.7:%d: what is this?" % line)
            continue
        bad = send_one(desk, kind, text, wants)
        ok(wants and not bad, "deskd-mail.7:%d: %s" % (
            line, text.split("\n")[0]))
        for b in bad:
            print("# " + b)


# The lines of WHO MAY DO WHAT: the border server, who writes, what he writes,
# is the letter's address used; the mail's state in the ledger, what is held,
# whether she is answered, who of admin and agent is written to.
TRUST = [
    ("pass", "ana", "Hello.", True, "append", [], True, ""),
    (None, "ana", "Hello.", True, "append", [], True, ""),
    (None, "ana", "#merge 1001", True, "held", ["challenge"], False, "ana"),
    ("none", "ana", "Hello.", True, "held", ["challenge"], False, "ana"),
    ("fail", "ana", "Hello.", True, "held", ["spoof"], False, "root"),
    ("pass", "bob", "Hello.", True, "append", [], False, "ana"),
    ("pass", "eve", "Hello.", True, "held", ["leak"], False, "ana root"),
    ("none", "ana", "Hello.", False, "held", ["challenge"], False, "ana"),
    ("pass", "ana", "Hello.", "suspended", "held", ["old"], False, "root"),
    ("pass", "ana", "Hello.", "old", "held", ["old"], False, "ana"),
]


def test_trust(folder):
    """Who may do what: each line of the table."""
    for verdict, who, text, how, state, held, answered, told in TRUST:
        desk = Desk(folder, "" if verdict is None else BORDER)
        for subject in ("VPN at home", "VPN does not connect"):
            desk.put(lab.mail(MARIA, subject=subject, text=PROBLEM))
        letter = [m for row, m, _ in desk.letters()
                  if "1002" in m["Subject"] and m["Reply-To"]][0]
        owner = letter["To"].addresses[0].addr_spec.partition("@")[0]
        swap = {"ana": owner, "bob": "bob" if owner == "ana" else "ana"}
        data = desk.reply(letter, text + "\n")[len(PROOF):]
        if how is False:
            data = data.replace(str(letter["Reply-To"]).encode(),
                                b"support@example.com")
            data = re.sub(rb"(?m)^(In-Reply-To|References|Subject):.*\r\n",
                          b"", data)
        if how == "old":
            data = re.sub(rb"(?m)^Date:.*$",
                          b"Date: Mon, 02 Nov 2020 10:00:00 +0000\r", data)
        if how == "suspended":
            desk.run("agent", "suspend", owner)
        data = data.replace(b"Ana Silva <ana@", b"X <%s@" % swap.get(
            who, who).encode())
        if verdict is not None:
            data = PROOF.replace("pass", verdict).encode() + data
        before = desk.letters()[-1][0]["id"]
        desk.put(data)
        new = [row["to"] for row, _, _ in desk.letters() if row["id"] > before]
        row = json.loads(desk.run("ledger", "--json"))["rows"][-1]
        kinds = [h["kind"] for h in json.loads(
            desk.run("held", "list", "--json"))["rows"]]
        swap = {v: k for k, v in swap.items()}
        names = {swap.get(a.partition("@")[0], a.partition("@")[0])
                 for a in new} - {"maria", "bob", "dieter"}
        same((row["state"], kinds, "maria@kunde.example" in new,
              " ".join(sorted(names))), (state, held, answered, told),
             "%s, %s, %s, %s" % (verdict, who, text, how))


def tap(desk, letter, word, proof, who="ana"):
    """Press a button of a letter, then "send"."""
    link = urllib.parse.urlparse(
        re.search(r'"%s" <(mailto:[^>]*)>' % word, letter[1]).group(1))
    q = urllib.parse.parse_qs(link.query)
    desk.put(proof.encode() + lab.mail(
        who + "@example.com", link.path, q["subject"][0], q["body"][0]))


def test_no_plus(folder):
    """reply-tokens none: buttons have a mark in the subject."""
    def begun(border):
        desk = Desk(folder, "tickets { reply-tokens none }\n" + border)
        desk.put(lab.mail(MARIA, subject="VPN", text=PROBLEM))
        return desk, to_ana(desk.letters())[0]

    desk, letter = begun(BORDER)
    ok(letter[0]["Reply-To"] is None, "no token in the letter's address")
    tap(desk, letter, "Wait 3 days", PROOF, "bob")
    same(desk.ticket(1001)["status"], "open", "a colleague's button is his")
    tap(desk, letter, "Wait 3 days", PROOF)
    same(desk.ticket(1001)["status"], "waiting", "hers acts")
    desk, letter = begun("")
    tap(desk, letter, "Wait 3 days", "")
    same(desk.ticket(1001)["status"], "open", "without proof she is asked")
    asked = to_ana(desk.letters())[-1]
    tap(desk, asked, "Yes, it is mine", "", "bob")
    same(desk.ticket(1001)["status"], "open", "a colleague cannot answer")
    tap(desk, asked, "Yes, it is mine", "")
    same(desk.ticket(1001)["status"], "waiting", "she says yes")


def test_form():
    mandoc = shutil.which("mandoc")
    for page in ["conf/" + p for p in PAGES] + [
            "conf/deskd-mail.7", "daemon/deskd.1"]:
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
             in_a_folder(test_blame), in_a_folder(test_mails),
             in_a_folder(test_trust),
             in_a_folder(test_no_plus), test_form)
