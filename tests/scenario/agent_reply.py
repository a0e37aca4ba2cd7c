#!/usr/bin/env python3
"""Agents answer from their own mail programs: what they typed, and nothing
else, reaches the requester, in the requester's thread.

Every program in every position and language it has, batched; then eight
programs through a real SMTP server and real mailboxes, two rounds each."""
# time limit: 300
import re

import clients
from office import (MARIA, PEOPLE, SUPPORT, Crowd, Got, Office, first, flat,
                    leaks, reply, spoken)
from lab import Lab, Postfix, Skip, main, note, ok, same

ASKED = """Hello,

since this morning two things do not work:

Which server name do I enter, alpha or beta?

And may I close the old window meanwhile?

Rita
"""
AFTER = ["alpha or beta", "old window meanwhile"]
SAID = {
    "en": ["Please take the server name gamma-{n}, with port 443.",
           "Yes, close it and wait for two minutes, case {n}."],
    "de": ["Bitte nehmen Sie den Servernamen gamma-{n} mit Port 443.",
           "Ja, schließen Sie es und warten zwei Minuten, Fall {n}."],
    "fr": ["Utilisez le serveur gamma-{n}, port 443, s'il vous plaît.",
           "Oui, fermez-la et attendez deux minutes, cas {n}."],
    "ja": ["サーバー名は gamma-{n} を入力してください。",
           "はい、閉じて二分お待ちください {n}。"],
}


def said(n, lang):
    return [s.format(n=n) for s in SAID.get(lang, SAID["en"])]


def stripped(letter):
    text = re.sub(r"<(br|/p|/div|/li)[^>]*>", " ", letter.html or "")
    return flat(clients.html.unescape(re.sub(r"<[^>]*>", "", text)))


def faults(letters, words, first_id, tag, canaries=()):
    """What is wrong with what a requester got; empty when all is right."""
    out = []
    if len(letters) != 1:
        return ["%d letters instead of one" % len(letters)]
    [got] = letters
    if flat(spoken(got)) != flat("\n".join(words)):
        out.append("reads %r" % spoken(got))
    if flat("\n".join(words)) not in stripped(got):
        out.append("HTML reads %r" % stripped(got))
    out += ["shows %s in %s" % (what, where)
            for where, what in leaks(got.data, canaries)]
    if got.mail["In-Reply-To"] != first_id:
        out.append("In-Reply-To %s" % got.mail["In-Reply-To"])
    if not got.references or got.references[0] != first_id or not all(
            re.match(r"<(first\.\d+@kunde|%s\.\d+\.\w+@)" % tag, r) or
            r == first_id for r in got.references):
        out.append("References %s" % got.references)
    if not re.match(r"Re: .* \[%s\]$" % tag, got.subject):
        out.append("Subject %s" % got.subject)
    for name in ("Auto-Submitted", "Reply-To", "Precedence", "List-Id"):
        if got.mail[name]:
            out.append("%s: %s" % (name, got.mail[name]))
    return out


def matrix():
    """Each program x position x language, a ticket each."""
    every("en", list(clients.cases()))


def desks():
    """The same with letters in the agents' languages, in those programs."""
    for desk in ("de", "fr", "es"):
        every(desk, [c for c in clients.cases() if c[2] in (desk, "en")])


def every(desk, cases):
    with Lab() as lab:
        crowd = Crowd(lab, 1 + len(cases) // 30, desk)
        opened = crowd.open([ASKED] * len(cases))
        same([i for i, (tag, _) in enumerate(opened) if not tag], [],
             "each of %d tickets has an agent, who is told" % len(cases))
        same({str(got.mail["Content-Language"]) for _, got in opened}, {desk},
             "in the agents' language")
        mails, words = [], []
        for i, ((name, position, lang), (tag, got)) in enumerate(
                zip(cases, opened)):
            said_now = said(i, lang)
            sign = "Agent Smith\nRoom 4, extension 77%d" % i
            mails.append(reply(
                name, got, said_now, crowd.agent_of(got), position, lang,
                after=AFTER, sign=sign if clients.CLIENTS[name].signs and i % 2
                else None))
            words.append(said_now)
        sent = crowd.replies(mails)
        tickets = {t["tag"]: t for t in crowd.desk.tickets()}
        held = {h["ticket"]: h for h in crowd.held()}
        for i, ((name, position, lang), (tag, got)) in enumerate(
                zip(cases, opened)):
            wrong = faults(sent.get("r%d@kunde.example" % i, []), words[i],
                           "<first.%d@kunde.example>" % i, tag,
                           ["Room 4", "77%d" % i])
            t = tickets[tag]
            if (t["status"], t["assignee"]) != (
                    "waiting", got.to[0][1].partition("@")[0]):
                wrong.append("ticket %s, %s" % (t["status"], t["assignee"]))
            if tag in held or str(t["number"]) in map(str, held):
                wrong.append("held")
            if not ok(not wrong, "%s, %s, %s; a letter in %s" % (
                    name, position, lang, desk)):
                note("; ".join(wrong))
        same(crowd.desk.integrity(), "ok", "the database is in order")


def back():
    """The requester answers Ana's answer, in each program: her agent reads her
    new words, and of the rest at most the lines she answered between."""
    cases = list(clients.cases())
    with Lab() as lab:
        crowd = Crowd(lab, 1 + len(cases) // 30)
        opened = crowd.open([ASKED] * len(cases))
        sent = crowd.replies([reply(
            "owa", got, ["Take gamma-%d please, and close the old one then." %
                         i], crowd.agent_of(got))
            for i, (_, got) in enumerate(opened)])
        mails = [reply(name, sent["r%d@kunde.example" % i][0], said(i, lang),
                       ("Rita %d" % i, "r%d@kunde.example" % i), position,
                       lang, after=["Take gamma", "close the old"])
                 for i, (name, position, lang) in enumerate(cases)]
        told = crowd.replies(mails)
        tickets = {t["tag"]: t for t in crowd.desk.tickets()}
        for i, ((name, position, lang), (tag, got)) in enumerate(
                zip(cases, opened)):
            letters = [x for x in told.get(got.to[0][1], [])
                       if str(x.mail["X-Deskd-Ticket"]) == tag]
            text = "\n".join(letters[0].lines()) if letters else ""
            new = text.partition(") --\n")[2].partition('\n\n   "')[0]
            new = "\n".join(s for s in new.split("\n") if position != "between"
                            or not s.startswith(">"))
            if not ok(len(letters) == 1 and flat(new) == flat(
                    "\n".join(said(i, lang))) and tickets[tag]["status"] ==
                    "in-progress", "her %s, %s, %s" % (name, position, lang)):
                note("%d letters, %s: %r" % (len(letters),
                                             tickets[tag]["status"], new))


PICTURE = (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9b"
           b"U\0\0\0\nIDATx\x9cc`\0\0\0\2\0\1H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82")
FILE = ("Anleitung für VPN.txt", "text/plain", b"Step one.\nStep two.\n")


def attached():
    """Files come along, pictures stay where they were, bold stays bold."""
    names = sorted(clients.CLIENTS)
    with Lab() as lab:
        crowd = Crowd(lab, 5)
        opened = crowd.open([ASKED] * len(names))
        mails = []
        for i, (name, (tag, got)) in enumerate(zip(names, opened)):
            client = clients.CLIENTS[name]
            mails.append(reply(
                name, got, ["See the *red* button %d." % i],
                crowd.agent_of(got), client.positions[0], files=[FILE],
                pictures=[("shot%d@host-of-agent.lan" % i, "shot.png",
                           PICTURE)] if client.rich else ()))
        sent = crowd.replies(mails)
        for i, (name, (tag, got)) in enumerate(zip(names, opened)):
            client, letters = clients.CLIENTS[name], sent.get(
                "r%d@kunde.example" % i, [])
            if not same(len(letters), 1, "%s with a file: sent" % name):
                continue
            [got] = letters
            files = {p.get_filename(): p.get_payload(decode=True)
                     for p in got.mail.walk() if p.get_filename()}
            same(files.get(FILE[0]), FILE[2], "%s: the file came along" % name)
            ok(flat("See the *red* button %d." % i).replace("*", "") in
               stripped(got).replace("*", ""), "%s: the words" % name)
            same(leaks(got.data, ["host-of-agent"]), [],
                 "%s: nothing of the inside, no id of the agent's" % name)
            if client.rich:
                same(files.get("shot.png"), PICTURE, "%s: the picture" % name)
                ids = re.findall(r'''src=["']cid:([^"']+)''', got.html or "")
                have = [str(p["Content-ID"]).strip("<>") for p in
                        got.mail.walk() if p["Content-ID"]]
                ok(len(ids) == 1 and ids == have,
                   "%s: shown where it was: %s %s" % (name, ids, have))
                ok(re.search(r"<(b|strong)[^>]*>red</", got.html or ""),
                   "%s: bold stays bold" % name)


EIGHT = ("outlook", "owa", "outlook-mobile", "gmail", "apple", "iphone",
         "thunderbird", "mutt", "k9", "yahoo")


def mail_server():
    """Two rounds by each of ten programs through deskd run, a real Dovecot and
    a real Postfix (as root; else a small server of our own)."""
    with Lab() as lab:
        def postfix(lab, dovecot):
            try:
                return lab.postfix(dovecot)
            except Skip as e:
                note("no Postfix: %s" % e)
                return lab.sink(dovecot, staff=())
        office = Office(lab, live=True, mta=postfix)
        Conversation(office).all()
        same(office.desk.stop(), 0, "deskd run ends well")


class Conversation:
    """Maria asks, Ana answers, Maria asks again in her program, Ana answers:
    for many programs at once, all through real mailboxes."""

    def __init__(self, office):
        self.office = office

    def box(self, address, tag, word):
        """The mails in a mailbox about a ticket that contain a word."""
        out = []
        for _, _, data in self.office.dv.mails(address):
            got = Got(data)
            if tag in got.subject and word in "\n".join(got.lines()):
                out.append(got)
        return out

    def wait(self, address, tag, word):
        try:
            return self.office.lab.wait(
                lambda: self.box(address, tag, word), "%s to %s in %s" % (
                    word, address, tag), 30)[-1]
        except TimeoutError as e:
            ok(False, str(e))
            return None

    def all(self):
        o, tags = self.office, {}
        for i, name in enumerate(EIGHT):
            o.post(first(MARIA, "Talk %d" % i, ASKED + "first-%d-word\n" % i,
                         id="<talk.%d@kunde.example>" % i))
        o.lab.wait(lambda: len(o.desk.tickets()) == len(EIGHT), "the tickets",
                   30)
        for t in o.desk.tickets():
            tags[int(t["subject"].split()[1])] = t["tag"]
        for rounds in (1, 2):
            self.round(tags, rounds)
        for i, name in enumerate(EIGHT):
            same(o.state(tags[i]), ("waiting", "ana"),
                 "%s: waits for her in the end" % name)

    def round(self, tags, n):
        o, ana = self.office, PEOPLE["ana"]
        words = {}
        for i, name in enumerate(EIGHT):
            word = "first-%d-word" % i if n == 1 else "second-%d-word" % i
            got = self.wait(ana[1], tags[i], word)
            if got is None:
                continue
            words[i] = ["Answer %d of %s-%d." % (n, name, i)]
            o.post(reply(name, got, words[i], ana))
        for i, name in enumerate(EIGHT):
            if i not in words:
                continue
            got = self.wait(MARIA[1], tags[i], words[i][0])
            if got is None:
                continue
            wrong = [w for w in faults(
                [got], words[i], str(got.mail["In-Reply-To"]), tags[i])
                if not w.startswith("References")]
            if not ok(not wrong, "%s, round %d: she reads it" % (name, n)):
                note("; ".join(wrong))
            last = "<%s.%d@kunde.example>" % ("talk" if n == 1 else "again", i)
            same(str(got.mail["In-Reply-To"]), last,
                 "%s, round %d: it answers her last mail" % (name, n))
            ok(not any(re.search(r"\.s\d+\.|\.desk@", r) for r in
                       got.references) and "<talk.%d@kunde.example>" % i in
               got.references, "%s, round %d: her chain alone: %s" % (
                   name, n, got.references))
            if n == 1:
                o.post(reply(EIGHT[-1 - i], got, [
                    "Thanks, but second-%d-word?" % i], MARIA,
                    id="<again.%d@kunde.example>" % i))


if __name__ == "__main__":
    main(matrix, desks, back, attached, mail_server)
