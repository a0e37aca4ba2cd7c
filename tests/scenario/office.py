"""A desk with people at it: agents and requesters with mail programs.

    with Lab() as lab:
        office = Office(lab)
        n = office.ask("Maria Gomez <maria@kunde.example>", "VPN", "Help?")
        letter = office.letter("ana@example.com", "assigned")
        office.answer("ana", letter, "Restart it.", client="gmail")
        office.letter("maria@kunde.example")       # what she got, a Got

Mail goes to the desk as a border server hands it over, with Return-Path,
Delivered-To and Received; what the desk sends is read from the SMTP server.
live: `deskd run` and real mailboxes for everybody, else each loop by hand.
"""
import email.utils
import functools
import html
import re
import smtplib
import time
import urllib.parse

import clients
from clients import Got, reply
from lab import ok, note, same

PEOPLE = {"ana": ("Ana Silva", "ana@example.com"),
          "bob": ("Bob Weber", "bob@example.com"),
          "dieter": ("Dieter Krause", "dieter@example.com")}
MARIA = ("Maria Gomez", "maria@kunde.example")
LEO = ("Leo Pinto", "leo@kunde.example")
SUPPORT = "support@example.com"
STAFF = """
agent ana "Ana Silva" { email ana@example.com ana.silva@example.com }
agent bob "Bob Weber" { email bob@example.com }
agent dieter "Dieter Krause" { email dieter@example.com }
team servicedesk "Service Desk" {
    tier 1; members ana bob; lead dieter; assign nobody; next-tier network
}
team network "Network" { tier 2; members bob; lead dieter; assign nobody }
rule hers "Everything is Ana's" {
    when from /kunde\\.example/
    assign agent ana
}
"""
AUTH = """
agent-auth {
    trust authserv-id
    authserv-id mx.example.com
    boundary-by mx.example.com
}
"""


class Office:
    def __init__(self, lab, live=False, mta=None, people=STAFF, **more):
        self.lab, self.live = lab, live
        users = [SUPPORT] + [a for _, a in PEOPLE.values()] + [
            MARIA[1], LEO[1]]
        self.dv = lab.dovecot(users if live else [SUPPORT])
        self.sink = lab.sink(self.dv if live else None, staff=())
        self.mta = mta(lab, self.dv) if mta else self.sink
        self.desk = lab.desk(self.dv, self.mta, people=people, **more)
        self.rows, self.seen = 0, {}
        if live:
            self.desk.start()

    # Mail to the desk.

    def deliver(self, data, to=None, auth=None, sender=""):
        """A mail as the border server puts it into support@."""
        got = Got(data)
        to = to or next((a for _, a in got.to + got.cc
                         if a.lower().startswith("support")), SUPPORT)
        trace = "Return-Path: <%s>\r\nDelivered-To: %s\r\n" % (
            sender or got.addr, to)
        if auth:
            trace += "Authentication-Results: mx.example.com; dmarc=%s " \
                "header.from=%s\r\n" % (auth, got.addr.rpartition("@")[2])
        trace += "Received: from client.example.com ([192.0.2.9])\r\n\tby " \
            "mx.example.com with ESMTPS id x; %s\r\n" % (
                email.utils.formatdate())
        self.dv.deliver(SUPPORT, trace.encode() + data)

    def post(self, data):
        """The same by SMTP, for live offices."""
        got = Got(data)
        with smtplib.SMTP("127.0.0.1", self.mta.port, timeout=20) as s:
            s.sendmail(got.addr, [a for _, a in got.to + got.cc], data)

    def turn(self):
        """Everything in, worked, out; the new rows of the ledger."""
        self.desk.round()
        rows = self.desk.ledger()
        new, self.rows = rows[self.rows:], len(rows)
        return new

    def put(self, *mails, **how):
        for data in mails:
            self.deliver(data, **how)
        return self.turn()

    def ask(self, who, subject, text, client=None, **more):
        """A requester's first mail; the number of the ticket."""
        rows = self.put(first(who, subject, text, **more))
        return rows[-1]["ticket"] if rows else None

    def answer(self, who, letter, words, client="gmail", how=None, **options):
        """An agent (a name of PEOPLE) or anybody (name, address) answers."""
        sender = PEOPLE.get(who, who) if isinstance(who, str) else who
        data = reply(client, letter, words, sender, **options)
        rows = self.put(data, **(how or {}))
        return rows[-1] if rows else None

    def tap(self, who, letter, label):
        """One tap on a link of a letter, then "send"."""
        sender = PEOPLE.get(who, who) if isinstance(who, str) else who
        data = tapped(letter, label, sender)
        if not ok(data is not None, "the letter has a link %r" % label):
            note(letter.text)
            return None
        rows = self.put(data)
        return rows[-1] if rows else None

    # What the desk says.

    def box(self, address):
        """All mails that were sent to somebody, oldest first."""
        return [Got(t.data) for t in self.mta_taken(address)]

    def mta_taken(self, address):
        return self.sink.accepted(address)

    def letter(self, address, event=None, ticket=None):
        """The newest one, of an event or about a ticket; else None."""
        for got in reversed(self.box(address)):
            if event and str(got.mail["X-Deskd-Event"]) != event:
                continue
            if ticket and not str(got.mail["X-Deskd-Ticket"] or "").endswith(
                    "-%s" % str(ticket).rpartition("-")[2]):
                continue
            return got
        note("no letter %s to %s; sent: %s" % (event, address, [
            (t.recipients[0], str(Got(t.data).mail["X-Deskd-Event"]))
            for t in self.sink.taken]))
        return None

    def fresh(self, address):
        """Those since the last call."""
        box = self.box(address)
        new = box[self.seen.get(address, 0):]
        self.seen[address] = len(box)
        return new

    def show(self, ticket):
        return self.desk.show(ticket)

    def age(self, seconds=7200):
        """What agents did lies that far back: the limits of an hour do not
        count it."""
        self.desk.execute("UPDATE evidence SET time = time - ?", seconds)

    def held(self):
        return self.desk.json("held", "list")["rows"]

    def state(self, ticket):
        """(status, assignee)"""
        t = self.show(ticket)
        return t["status"], t["assignee"]


def first(who, subject, text, **fields):
    """A requester's first mail."""
    name, addr = who if isinstance(who, tuple) else email.utils.parseaddr(who)
    lines = ["From: " + clients.address(name, addr), "To: " + SUPPORT,
             "Subject: " + subject,
             "Date: " + fields.pop("date", email.utils.formatdate()),
             "Message-ID: " + (fields.pop("id", None) or
                               email.utils.make_msgid(domain="kunde.example"))]
    index = fields.pop("index", None)
    if index:
        lines.append("Thread-Index: " + index)
    lines += ["%s: %s" % (k.replace("_", "-"), v) for k, v in fields.items()]
    return "\r\n".join(lines + ["MIME-Version: 1.0"]).encode() + b"\r\n" + \
        clients.part("text/plain", text.encode(), "8bit", "; charset=utf-8")


# --- Links ---------------------------------------------------------------------

def links(letter):
    """[(label, address, subject, body)] of the mailto links of a letter."""
    out = []
    for url, label in re.findall(
            r'<a [^>]*href="(mailto:[^"]*)"[^>]*>(.*?)</a>', letter.html or "",
            re.S):
        url = html.unescape(url)
        label = html.unescape(re.sub(r"<[^>]*>", "", label)).strip()
        to, _, query = url[7:].partition("?")
        values = dict(v.partition("=")[::2] for v in query.split("&"))
        out.append((label, urllib.parse.unquote(to),
                    urllib.parse.unquote(values.get("subject", "")),
                    urllib.parse.unquote(values.get("body", ""))))
    return out


def tapped(letter, label, sender):
    """The mail that a tap writes: its body, and a phone's footer below."""
    for name, to, subject, body in links(letter):
        if re.search(label, name + "\n" + body, re.I):
            text = body + "\r\n\r\nSent from my iPhone\r\n"
            head = ("From: %s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\n"
                    "Message-ID: %s\r\nMIME-Version: 1.0\r\n" % (
                        clients.address(*sender), to, subject,
                        email.utils.formatdate(), email.utils.make_msgid(
                            domain="phone.example.com")))
            return head.encode() + clients.part(
                "text/plain", text.replace("\r\n", "\n").encode(),
                "quoted-printable", "; charset=utf-8")
    return None


# --- What a requester may see ------------------------------------------------------

QUOTE = re.compile(r"^(On|Am|Le|El) .*(wrote|schrieb|écrit|escribió).*:\s*$",
                   re.M)
SIGNS = ("Ana Silva", "Bob Weber", "Dieter Krause", "Service Desk", "Network",
         "Example Support")


def spoken(letter):
    """The agent's own words in a letter to a requester: what stands above the
    quote of the requester's mail, without the desk's signature."""
    text = "\n".join(letter.lines())
    lines = text.split("\n")
    at = [i for i, s in enumerate(lines) if QUOTE.match(s) and
          all(not t or t.startswith(">") for t in lines[i + 1:])]
    lines = lines[:at[0]] if at else lines
    while lines and (not lines[-1].strip() or lines[-1].strip() in SIGNS or
                     re.match(r"^Agent \w+$", lines[-1].strip())):
        lines.pop()
    return "\n".join(lines).strip()


def flat(text):
    return " ".join(text.split())


INTERNAL = [re.compile(p, re.I) for p in (
    rb"support(\+|%2b|=2b)", rb"reply above this line", rb"\[internal\]",
    rb"\(ref [0-9a-z-]{6,}", rb"[A-Z]+-\d+\.s\d+\.", rb"[A-Z]+-\d+\.desk@",
    rb"(?<![0-9a-z])[0-9a-hjkmnp-tv-z]{39}(?![0-9a-z])",
    rb"\b(ana|bob|dieter|agent\d+|ana\.silva)@example\.com",
    rb"X-Deskd-(Team|Priority|Tier|Due|Category|Status|Type)",
    rb"#(note|resolve|assign|wait|team|priority|do)\b", rb"WHY YOU",
    rb"Begin with")]


def views(data):
    """A mail as a reader could look at it: raw, decoded, stripped, attached,
    with all white space out."""
    mail = Got(data).mail
    yield "raw", data
    yield "header", "\n".join("%s: %s" % h for h in mail.items()).encode()
    for p in mail.walk():
        if p.is_multipart():
            continue
        body = p.get_payload(decode=True) or b""
        yield p.get_content_type(), body
        if b"\0" in body:
            yield "wide", body.replace(b"\0", b"")
        if p.get_filename():
            yield "name", p.get_filename().encode("utf-8", "replace")
        if p.get_content_type() == "text/html":
            text = body.decode("utf-8", "replace")
            yield "stripped", html.unescape(
                re.sub(r"<[^>]*>", "", text)).encode()
        if p.get_content_type() == "text/plain":
            yield "unflowed", clients.unflow(
                body.decode("utf-8", "replace").replace("\r\n", "\n")).encode()


@functools.lru_cache(4096)
def _inside(data):
    """The views of a mail without white space, and what is internal in it."""
    tight, out = [], []
    for name, body in views(data):
        tight.append((name, body, re.sub(rb"\s+", b"", body)))
        for pattern in INTERNAL:
            m = pattern.search(body)
            if m:
                out.append((name, m.group(0).decode("latin-1")))
    return tight, out


def leaks(data, canaries=()):
    """What of the inside shows in a mail: [(view, what)]."""
    seen, out = _inside(data)
    return out + [(name, word) for name, body, tight in seen
                  for word in canaries if word.encode() in body or
                  re.sub(r"\s+", "", word).encode() in tight]


# --- Many tickets at once ------------------------------------------------------------

class Crowd(Office):
    """A desk of n agents, for matrices: one ticket for each case, everything
    in batches, so that a thousand cases are a few runs of each loop."""

    def __init__(self, lab, n=30, lang="en", **more):
        names = ["agent%d" % i for i in range(n)]
        people = "\n".join('agent %s "Agent %s" { email %s@example.com; '
                           'language %s }' % (x, x[5:], x, lang)
                           for x in names)
        people += '\nteam desk "Service Desk" { tier 1; members %s; ' \
            'assign round-robin }\n' % " ".join(names)
        people += 'agent bob "Bob Weber" { email bob@example.com }\n' \
            'team network "Network" { tier 2; members bob; assign nobody }\n'
        super().__init__(lab, people=people, **more)
        self.desk.write_conf(self.desk.text.replace(
            "languages en", "languages en de fr es"))

    def open(self, texts, subject="Case", **fields):
        """A ticket for each text: [(ticket, notification)]."""
        began = len(self.sink.taken)
        for i, text in enumerate(texts):
            self.deliver(first(("Rita %d" % i, "r%d@kunde.example" % i),
                               "%s %d" % (subject, i), text,
                               id="<first.%d@kunde.example>" % i, **fields))
        self.turn()
        found = {}
        for t in self.sink.taken[began:]:
            if t.recipients[0].startswith("agent"):
                got = Got(t.data)
                i = int(got.subject.rpartition(" ")[2])
                found[i] = (str(got.mail["X-Deskd-Ticket"]), got)
        return [found.get(i, (None, None)) for i in range(len(texts))]

    def replies(self, mails):
        """All at once; what the desk sent because of them, by recipient."""
        began = len(self.sink.taken)
        for data in mails:
            self.deliver(data)
        self.rows_new = self.turn()
        sent = {}
        for t in self.sink.taken[began:]:
            sent.setdefault(t.recipients[0], []).append(Got(t.data))
        return sent

    def typed(self, cases, text="Please help.\n"):
        """(words, client) each in a ticket of its own: [(ticket as shown,
        letters to the requester, letters to the agent)]."""
        opened = self.open([text] * len(cases))
        mails = [reply(client, got, [words], self.agent_of(got),
                       position="top") for (words, client), (_, got) in
                 zip(cases, opened)]
        sent = self.replies(mails)
        out = []
        for i, (tag, got) in enumerate(opened):
            inside = [x for x in sent.get(got.to[0][1], [])
                      if str(x.mail["X-Deskd-Ticket"]) == tag]
            out.append((self.show(tag), sent.get("r%d@kunde.example" % i, []),
                        inside))
        return out

    @staticmethod
    def agent_of(letter):
        return ("Agent %s" % re.sub(r"\D", "", letter.to[0][1].split("@")[0]),
                letter.to[0][1])
