#!/usr/bin/env python3
"""Templates that broke since they were in force: the words that were kept go on,
and the log, the status line and a letter to the admin say so."""
import email
import email.policy
import os
import signal

from lab import Lab, mail, main, ok, same
from post import Post
from run_parent import Systemd, log_says, words

RULES = """
rule outage {
    when subject has outage
    reply template:%s
}
"""
GOOD = "Subject: Re: {{ticket.subject}}\n\n%s\n"

# What is done to the files, for a reload and for a start, and what is said.
BROKEN = [
    ("an unknown variable", "acknowledge",
     ["{{ticket.subjec}}", "{{ticket.subjekt}}"],
     "acknowledge.txt:3:1: error: unknown variable 'ticket.subje"),
    ("a section without an end", "acknowledge",
     ["{{#team.name}}we", "{{#ticket.subject}}we"],
     "acknowledge.txt:3:1: error: this section has no end: t"),
    ("an end without a section", "outage",
     ["we {{/team.name}}", "we {{/ticket.subject}}"],
     "outage.txt:3:4: error: no section 't"),
    ("a file that is away", None, ["lost", "gone"],
     ": error: there is no template '"),
    ("the words of the letter itself", "refused",
     ["{{reprot}}", "{{rport}}"],
     "refused.txt:3:1: error: unknown variable 'r"),
]


class Place:
    """A desk whose acknowledgement and reply are the admin's own words."""

    def __init__(self, lab):
        self.lab = lab
        self.dovecot = lab.dovecot(["support@example.com"])
        self.post = lab._add(Post(lab))
        self.desk = lab.desk(self.dovecot, self.post)
        self.bus = lab._add(Systemd(self.desk.dir))
        self.desk.env = {"NOTIFY_SOCKET": self.bus.name}
        self.plain = self.desk.text
        self.people = self.told = 0
        self.mend()

    def path(self, name):
        return "%s/templates/en/%s.txt" % (self.desk.dir, name)

    def put(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w") as f:
            f.write(text)

    def mend(self):
        self.put("acknowledge", GOOD % "own words")
        self.put("outage", GOOD % "known")
        if os.path.exists(self.path("refused")):
            os.unlink(self.path("refused"))
        self.desk.write_conf(self.plain + RULES % "outage")

    def spoil(self, name, how):
        self.mend()
        if name is None:
            self.desk.write_conf(self.plain + RULES % how)
        else:
            self.put(name, "Subject: x\n\n%s\n" % how)

    def start(self):
        self.desk.start()
        self.lab.wait(lambda: len(words(self.desk)) == 3, "the loops")

    def hup(self):
        os.kill(self.desk.proc.pid, signal.SIGHUP)

    def tries(self):
        return self.desk.sql("SELECT occasion, conf, refused FROM conf_try"
                             " ORDER BY id")

    def answer(self, subject):
        """The first line of what a new requester gets."""
        self.people += 1
        who = "person%d@example.net" % self.people
        self.dovecot.deliver("support@example.com",
                             mail(sender=who, subject=subject))
        self.lab.wait(lambda: self.post.taken(who), "a letter to " + who)
        return body(self.post.taken(who)[0]).split("\n")[0]

    def letter(self):
        """The next one to the admin: its subject, its text."""
        self.told += 1
        self.lab.wait(lambda: len(self.post.taken("root@example.com")) >=
                      self.told, "a letter to the admin")
        got = self.post.taken("root@example.com")
        same(len(got), self.told, "one letter")
        return subject_of(got[-1]), body(got[-1])


def read(row):
    return email.message_from_string(row["data"], policy=email.policy.default)


def subject_of(row):
    return read(row)["Subject"]


def body(row):
    part = read(row).get_body(("plain",))
    return part.get_content().replace("\r\n", "\n")


def is_told(p, occasion, what, message, how):
    """Everywhere where a human may look."""
    p.lab.wait(lambda: p.tries()[-1][2] and how in p.tries()[-1][2], "its row")
    row = p.tries()[-1]
    ok(row[:2] == (occasion, 1) and message in row[2],
       "%s, %s: refused, configuration 1 stays" % (what, occasion))
    if message not in row[2]:
        print("# " + row[2].replace("\n", "\n# "))
    p.lab.wait(lambda: p.bus.said("; configuration refused: "), "the status")
    ok(any(message in line for line in p.bus.heard
           if "; configuration refused: " in line), "the status has its place")
    subject, text = p.letter()
    same(subject, "The new configuration was refused, the old one goes on"
         if occasion == "reload" else
         "deskd started with its last good configuration", "its subject")
    ok(message in text and how in text and "^^^" in text and
       "number 1 of " in text and "deskd reload" in text,
       "the letter shows the line and says what to do")
    begins = ("deskd was told to read " if occasion == "reload" else
              "deskd was started and found a mistake in its configuration, ")
    ok(text.startswith(begins) and p.desk.conf in text,
       "and what has happened")
    if not text.startswith(begins):
        print("# " + text.replace("\n", "\n# "))


def old_words(p, what):
    same(p.answer("A question"), "own words", what + ": the old words go on")
    same(p.answer("An outage"), "known", what + ": those of the rule too")


def breaks():
    with Lab() as lab:
        p = Place(lab)
        p.start()
        old_words(p, "at first")
        for what, name, how, message in BROKEN:
            p.spoil(name, how[0])
            p.bus.heard.clear()
            p.hup()
            is_told(p, "reload", what, message, how[0])
            ok("configuration refused, the old one stays: " in p.desk.log() and
               message in p.desk.log(), "the log says so")
            old_words(p, what)

            p.spoil(name, how[1])
            p.desk.stop()
            p.bus.read()
            p.bus.heard.clear()
            p.start()
            log_says(lab, p.desk, "started with configuration 1 of ")
            ok("configuration refused, the last good one takes its place: "
               in p.desk.log(), "the log of the start says so")
            is_told(p, "start", what, message, how[1])
            old_words(p, what + ", started")

        p.hup()
        lab.wait(lambda: p.tries()[-1][0] == "reload", "its row")
        same(p.desk.sql("SELECT count(*) FROM outbox WHERE kind = 'alert'"),
             [(p.told,)], "what was told at the start is not told again")
        p.mend()
        os.unlink(p.path("acknowledge"))
        same(p.desk.run("reload", check=False).returncode, 0,
             "without the admin's acknowledgement: no mistake")
        ok(p.answer("A question") not in ("own words", ""),
           "the built-in one takes its place")
        same(p.answer("An outage"), "known", "and only there")
        same(len(p.post.taken("root@example.com")), p.told,
             "and nobody is told of what is well")
        same(p.desk.stop(), 0, "ends well")


def never_good():
    """Nothing was ever in force: there is nothing to fall back to."""
    with Lab() as lab:
        p = Place(lab)
        for what, name, how, message in BROKEN:
            p.spoil(name, how[0])
            r = p.desk.run("run", check=False)
            ok(r.returncode == 78 and message in r.stderr.decode(),
               what + ": the first start is refused, with its place")
        ok(not os.path.exists(p.desk.state + "/deskd.db"),
           "and nothing was begun")


if __name__ == "__main__":
    main(breaks, never_good)
