#!/usr/bin/env python3
"""Replies that quote our own letters in ways that no pattern knows, in four
languages, through the whole of work: what the person wrote is new and nothing
else, because we know what we sent."""
import html
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import textwrap

import lab
from lab import DESKD

CONF = """name "Example IT Support"
address support@example.com
tickets { acknowledge all once-per 0s }
"""

# The first mail, so that the answer is in its language, and the reply.
PEOPLE = {
    "en": ("My VPN is broken since this morning. Please help me, I cannot work "
           "and I have a meeting with the board at noon.",
           ["It only happens at home.", "Here in the office it works."]),
    "de": ("Mein VPN geht seit heute Morgen nicht mehr. Bitte helfen Sie mir, "
           "ich kann nicht arbeiten und habe um zwölf eine Sitzung.",
           ["Es passiert nur zu Hause.", "Hier im Büro geht es."]),
    "fr": ("Mon VPN ne marche plus depuis ce matin. Merci de m'aider, je ne "
           "peux pas travailler et j'ai une réunion à midi avec la direction.",
           ["Cela n'arrive qu'à la maison.", "Ici au bureau ça marche."]),
    "es": ("Mi VPN no funciona desde esta mañana. Por favor ayúdenme, no puedo "
           "trabajar y tengo una reunión con la dirección al mediodía.",
           ["Solo pasa en casa.", "Aquí en la oficina funciona."]),
}


def wrap(text, width, mark=""):
    return "\n".join(mark + line for block in text.split("\n")
                     for line in (textwrap.wrap(block, width) or [""]))


def smart(text):
    for a, b in (("'", "’"), (" - ", " — "), ('"', "”"), (". ", ".\xa0 ")):
        text = text.replace(a, b)
    return text


def paragraphs(text):
    return "".join("<p>%s</p>" % html.escape(p).replace("\n", "<br>")
                   for p in text.split("\n\n"))


# Each takes what we sent and the two sentences; a text that begins with "<" is
# sent as HTML.  Both sentences, and nothing else, are new.
STYLES = {
    "above": lambda old, a, b: "%s\n%s\n\n%s" % (a, b, old),
    "below": lambda old, a, b: "%s\n\n%s\n%s" % (old, a, b),
    "both sides": lambda old, a, b: "%s\n\n%s\n\n%s" % (a, old, b),
    "narrow": lambda old, a, b: "%s\n%s\n\n%s" % (a, b, wrap(old, 34)),
    "wide, below": lambda old, a, b: "%s\n\n%s\n%s" % (wrap(old, 90), a, b),
    "indented": lambda old, a, b: "%s\n%s\n\n%s" % (a, b, wrap(old, 50, "   ")),
    "bars": lambda old, a, b: "%s\n%s\n\n%s" % (a, b, wrap(old, 60, "| ")),
    "marks, wrapped again": lambda old, a, b: "%s\n%s\n\n%s" % (
        a, b, wrap(wrap(old, 72, "> "), 60)),
    "other quotes": lambda old, a, b: "%s\n%s\n\n%s" % (a, b, smart(old)),
    "one paragraph": lambda old, a, b: "%s\n%s\n\n%s" % (
        a, b, " ".join(old.split())),
    "cut at the top": lambda old, a, b: "%s\n%s\n\n%s" % (
        a, b, old.split("\n\n", 1)[1]),
    "cut at the end": lambda old, a, b: "%s\n\n%s\n%s" % (
        old.rsplit("\n\n", 2)[0], a, b),
    "unknown header": lambda old, a, b: "%s\n%s\n\n-----Original Message-----"
                                        "\n%s" % (a, b, old),
    "HTML": lambda old, a, b: "<div>%s</div><div>%s</div>%s" % (
        html.escape(a), html.escape(b), paragraphs(old)),
    "HTML, below": lambda old, a, b: "%s<div>%s</div><div>%s</div>" % (
        paragraphs(old), html.escape(a), html.escape(b)),
    "HTML table": lambda old, a, b: "<p>%s</p><p>%s</p><table><tr><td>%s</td>"
                                    "</tr></table>" % (
        html.escape(a), html.escape(b), paragraphs(smart(old))),
    "HTML, both sides": lambda old, a, b: "<p>%s</p>%s<p>%s</p>" % (
        html.escape(a), paragraphs(old), html.escape(b)),
}



def write(path, who, number, head, text):
    kind = "html" if text.startswith("<") else "plain"
    with open(path, "w", encoding="utf-8") as f:
        f.write("From: Maria <%s@example.org>\nTo: support@example.com\n"
                "Message-ID: <%s@example.org>\nMIME-Version: 1.0\n"
                "Content-Type: text/%s; charset=utf-8\n"
                "Content-Transfer-Encoding: 8bit\n%s\n\n%s\n"
                % (who, number, kind, head, text))


class Desk:
    def __init__(self, top):
        self.top = top
        with open(top + "/c", "w") as f:
            f.write(CONF)
        self.date = subprocess.run(["date", "-R"], capture_output=True,
                                   text=True).stdout.strip()

    def run(self, *words):
        p = subprocess.run([DESKD, "-c", self.top + "/c", "-d",
                            self.top + "/s", "--json", *words],
                           capture_output=True, text=True)
        return json.loads(p.stdout) if p.stdout.startswith("{") else p

    def take(self, name):
        self.run("import", "--live", "%s/%s" % (self.top, name))

    def new_text(self, number):
        row = sqlite3.connect(self.top + "/s/deskd.db").execute(
            "SELECT coalesce(new_text, text) FROM message WHERE message_id = ?",
            ("%s@example.org" % number,)).fetchone()
        return None if row is None else row[0]


def acknowledgements(desk):
    """One ticket a language; what we answered."""
    os.mkdir(desk.top + "/first")
    for who, (text, _) in PEOPLE.items():
        write("%s/first/%s.eml" % (desk.top, who), who, who,
              "Subject: VPN %s\nDate: %s" % (who, desk.date), text)
    desk.take("first")
    acks = {}
    for t in desk.run("list")["tickets"]:
        ack = desk.run("show", str(t["number"]))["messages"][1]
        acks[t["subject"].split()[-1]] = ack
    return acks


def styles():
    top = tempfile.mkdtemp(prefix="deskd-known-")
    try:
        desk = Desk(top)
        acks = acknowledgements(desk)
        lab.same(sorted(acks), sorted(PEOPLE), "each has been answered")
        os.mkdir(top + "/replies")
        cases = []
        for who, (_, (a, b)) in PEOPLE.items():
            head = ("Subject: Re: VPN %s\nDate: %s\nIn-Reply-To: <%s>"
                    % (who, desk.date, acks[who]["message_id"]))
            for name, style in STYLES.items():
                number = "r%d" % len(cases)
                write("%s/replies/%s.eml" % (top, number), who, number, head,
                      style(acks[who]["text"].strip(), a, b))
                cases.append((number, [a, b], "%s, %s" % (who, name)))
            mine = acks[who]["text"].strip().split("\n\n")[-2].split("\n")[0]
            number = "r%d" % len(cases)
            write("%s/replies/%s.eml" % (top, number), who, number, head,
                  "%s\n%s" % (a, mine))
            cases.append((number, [a, mine], "%s, our words by himself" % who))
        desk.take("replies")
        for number, want, name in cases:
            got = desk.new_text(number)
            lab.same(got and [x for x in got.split("\n") if x.strip()], want,
                     name)
    finally:
        shutil.rmtree(top)


if __name__ == "__main__":
    lab.main(styles)
