#!/usr/bin/env python3
"""deskd template: what is in force, and what a letter looks like before anybody
gets it.  It changes nothing."""
import json
import os
import subprocess

from lab import DESKD, Lab, mail, main, ok, same
from main_threads import Bench

CONF = """name "Example Support"
address support@example.com
timezone Europe/Berlin
languages en de tlh
tickets { id "HD-{{number}}" }
calendar office { hours mon-fri 08:00-17:00 }
agent ana "Ana" { email ana@example.com }
team net "Network & VPN" { members ana; signature "Your network team" }
org kunde "Kunde GmbH" { domain kunde.example }
rule hail { when subject /(?<what>hail|ice)/; reply template:hail }
"""
HAIL = ("Subject: Re: {{ticket.subject}}\n\n{{requester.name}}, "
        "{{organisation.name|nobody}}: {{match.what}}\n\n{{team.signature}}\n")


class Place:
    def __init__(self, lab):
        self.dir = lab.folder("conf")
        self.put("deskd.conf", CONF)
        self.put("templates/en/hail.txt", HAIL)
        self.put("templates/de/acknowledge.txt",
                 "Subject: Re: {{ticket.subject}}\n\nMoin! "
                 "{{hours.next_open.local|offen}}\n")

    def put(self, name, text):
        path = os.path.join(self.dir, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.write(text)

    def run(self, *args):
        p = subprocess.run(
            [DESKD, "-c", self.dir + "/deskd.conf", "-d", self.dir + "/state",
             "template", *args], capture_output=True, text=True, timeout=60,
            stdin=subprocess.DEVNULL)
        return p.returncode, p.stdout, p.stderr


def in_force():
    with Lab() as lab:
        p = Place(lab)
        code, out, err = p.run("list")
        rows = [line.split(None, 2) for line in out.splitlines()[1:]]
        own = p.dir + "/templates/"
        staff = [r for r in rows if r[0].startswith("notice-")]
        rows = [r for r in rows if r not in staff]
        same(len([r for r in staff if r[1:] == ["en", "built in"]]), 18,
             "one for each kind of letter to the staff")
        same((code, err, rows), (0, "", [
            ["acknowledge", "en", "built in"],
            ["acknowledge", "de", own + "de/acknowledge.txt"],
            ["acknowledge", "tlh", "none, the one in 'en' is used"],
            *[[name, code, "built in" if code != "tlh" else
               "none, the one in 'en' is used"]
              for name in ("answer", "handed", "merged")
              for code in ("en", "de", "tlh")],
            ["received", "en", "built in"],
            ["received", "de", "built in"],
            ["received", "tlh", "none, the one in 'en' is used"],
            ["resolved", "en", "built in"],
            ["resolved", "de", "built in"],
            ["resolved", "tlh", "none, the one in 'en' is used"],
            ["alert", "en", "built in"],
            ["alert", "de", "none, the one in 'en' is used"],
            ["alert", "tlh", "none, the one in 'en' is used"],
            ["refused", "en", "built in"],
            ["refused", "de", "none, the one in 'en' is used"],
            ["refused", "tlh", "none, the one in 'en' is used"],
            ["hail", "en", own + "en/hail.txt"],
            ["hail", "de", "none, the one in 'en' is used"],
            ["hail", "tlh", "none, the one in 'en' is used"]]),
            "each template in each language of the desk")
        same(p.run()[1], out, "list is the first verb")
        got = json.loads(p.run("list", "--json")[1])["templates"]
        same(got[1], {"template": "acknowledge", "language": "de",
                      "used": "de", "file": own + "de/acknowledge.txt"},
             "--json: a file")
        same(got[2], {"template": "acknowledge", "language": "tlh",
                      "used": "en", "file": None}, "--json: a built-in one")
        p.put("templates/en/hail.txt", "Subject: x\n\n{{requester.nam}}\n")
        code, out, err = p.run("list")
        ok(code == 78 and "3:1: error: unknown variable 'requester.nam'" in err
           and "did you mean 'requester.name'?" in err,
           "what is wrong is shown with its line")


def looks():
    with Lab() as lab:
        p = Place(lab)
        same(p.run("preview", "hail", "--at", "2026-11-23T09:00"),
             (0, "Subject: Re: VPN does not connect [HD-1042]\n\n"
              "Maria Gomez, Kunde GmbH: [what]\n\nYour network team\n", ""),
             "a rule's template with plain values")
        code, out, err = p.run(
            "preview", "acknowledge", "--at", "2026-11-22T03:00")
        ok(code == 0 and "open again on Monday, 23 November, 08:00." in out and
           "Someone from Network & VPN" in out, "at night: closed")
        ok("closed" not in p.run("preview", "acknowledge", "--at",
                                 "2026-11-23T09:00")[1], "by day: open")
        same(p.run("preview", "acknowledge", "--lang", "de", "--at",
                   "2026-11-21T03:00")[1].splitlines()[2],
             "Moin! Montag, 23. November, 08:00 Uhr", "the admin's own words")
        code, out, err = p.run("preview", "acknowledge", "--lang", "tlh")
        ok(code == 0 and "thank you for writing" in out and
           "none in 'tlh'; this is the one in 'en'" in err, "what stands in")
        ok("HD-1042" in p.run("preview", "alert")[1], "the staff's, too")
        code, out, err = p.run("preview", "refused")
        ok(code == 0 and "Subject: The new configuration was refused" in out and
           "read %s/deskd.conf again" % p.dir in out and
           "\n      |                  ^^^^^^^ did you" in out,
           "a configuration refused: with a report")
        code, out, err = p.run("preview", "notice-new")
        same((code, err, out.splitlines()[:3]),
             (0, "", ["From: Maria Gomez via Example Support",
                      "Subject: [HD-1042] VPN does not connect", ""]),
             "a letter to the staff has a sender of its own")
        got = json.loads(p.run("preview", "notice-gone", "--json")[1])
        same((got["from"], got["text"].splitlines()[0]),
             ("HD-1042: bob has it now", "bob has HD-1042 now."),
             "its keys")
        got = json.loads(p.run("preview", "received", "--json")[1])
        same((got["template"], got["language"], got["subject"]),
             ("received", "en", "[HD-1042] We received your message"), "--json")
        code, out, err = p.run("preview", "hial")
        ok(code == 1 and "did you mean 'hail'?" in err, "a name that is none")
        same(p.run("preview")[0], 64, "no name")
        same(p.run("preview", "hail", "--at", "yesterweek")[0], 64, "no moment")
        ok(not os.path.exists(p.dir + "/state"), "no database is made")


def of_a_ticket():
    with Lab() as lab:
        b = Bench(lab)
        b.put(mail(sender="Jo \x1b[31mPark <jo@example.org>",
                   subject="Printer burns"))
        before = b.desk.sql("SELECT count(*) FROM event")
        p = b.desk.run("template", "preview", "acknowledge", "--ticket",
                       "EX-1001")
        text = p.stdout.decode()
        ok(text.startswith("Subject: Re: Printer burns [EX-1001]\n\nHello") and
           "Service Desk" in text, "with the ticket's own words")
        ok("\x1b" not in text, "which do not steer the terminal")
        same(b.desk.sql("SELECT count(*) FROM event"), before,
             "nothing is written down")
        same(len(b.sink.taken), 1, "nothing is sent but the acknowledgement")
        p = b.desk.run("template", "preview", "acknowledge", "--ticket",
                       "EX-77", check=False)
        same((p.returncode, p.stderr),
             (1, b"deskd: there is no ticket EX-77\n"), "a ticket that is not")


if __name__ == "__main__":
    main(in_force, looks, of_a_ticket)
