#!/usr/bin/env python3
"""The subcommands that do something: the same words, letters and history as by
mail, without a network."""
import email
import email.policy
import getpass
import json
import os
import pty
import pwd
import sqlite3
import subprocess

from lab import DESKD, Lab, Skip, mail, main, note, ok, same

PEOPLE = """
agent ana "Ana Silva" { email ana@example.com }
agent bob "Bob Berg" { email bob@example.com }
agent dieter "Dieter Krause" { email dieter@example.com }
team desk "Desk" { tier 1; members ana bob; lead dieter; next-tier network }
team network "Network" { tier 2; members dieter; lead dieter }
"""
ME = "cli " + getpass.getuser()
HELLO = "Please try again.\n\nIt should work – now.\n"


class Office:
    """A desk with two tickets, EX-1001 and EX-1002."""

    def __init__(self, lab, tickets="", settings="", people=PEOPLE,
                 delay="0s"):
        self.desk = lab.desk(people=people, tickets=tickets,
                             settings=settings)
        if delay != "0s":
            self.desk.write_conf(self.desk.text.replace(
                "send-delay 0s", "send-delay " + delay))
        self.desk.env["SUDO_USER"] = ""
        for i, more in ((1, {"Cc": "Carla <carla@example.org>"}), (2, {})):
            path = "%s/%d.eml" % (self.desk.dir, i)
            with open(path, "wb") as f:
                f.write(mail("Ann Ahlers <ann%d@example.org>" % i,
                             subject="VPN %d" % i, text="It is broken.\n",
                             message_id="m%d@example.org" % i, **more))
            self.desk.run("import", "--live", path)
        self.seen = self.letters()[0]

    def letters(self):
        rows = self.desk.sql("SELECT id, kind, recipient FROM outbox "
                             "ORDER BY id")
        return (rows[-1][0] if rows else 0), rows

    def new(self):
        """(kind, recipient) of the letters since the last call."""
        last, rows = self.letters()
        out = [(k, r) for i, k, r in rows if i > self.seen]
        self.seen = last
        return sorted(out)

    def letter(self):
        """The newest letter, parsed."""
        rows = self.desk.sql("SELECT max(id) FROM outbox")
        raw = self.desk.run("outbox", "show", "--raw", rows[0][0]).stdout
        return email.message_from_bytes(raw, policy=email.policy.default)

    def do(self, *words, rc=0, text=None, **env):
        p = self.desk.run(*words, check=False, env=env,
                          input=b"" if text is None else text)
        same(p.returncode, rc, ascii(" ".join(
            map(str, words)))[:60] + ": exit %d" % rc)
        if p.returncode != rc:
            note(p.stderr.decode("utf-8", "replace"))
        return p.stdout.decode(), p.stderr.decode("utf-8", "replace")

    def events(self, ticket, what=None):
        return [v for v in self.desk.show(ticket)["events"]
                if what in (None, v["what"])]

    def last(self, ticket, what):
        v = self.events(ticket, what)[-1]
        return v["from"], v["to"], v["who"], v["why"]

    def get(self, ticket, *keys):
        t = self.desk.show(ticket)
        return [t[k] for k in keys]

    def everything(self):
        """All that could change, for those who promise to change nothing."""
        return [self.desk.sql("SELECT * FROM %s ORDER BY 1" % t) for t in (
            "ticket", "message", "event", "outbox", "tag", "link",
            "participant", "principal")]


def answers():
    with Lab() as lab:
        o = Office(lab, delay="5m")
        out, _ = o.do("reply", 1001, "-m", HELLO)
        ok("ann1@example.org, carla@example.org at 20" in out and
           "deskd undo EX-1001" in out, "it says to whom and when: %r" % out)
        same(o.new(), [("reply", "ann1@example.org"),
                       ("reply", "carla@example.org")],
             "one letter each; nobody of the staff, who is not its owner")
        m = o.letter()
        body = m.get_body(("plain",)).get_content().replace("\r", "")
        ok(body.startswith("Please try again.\n\nIt should work – now."),
           "the text: %r" % body)
        same((m["In-Reply-To"], str(m["Subject"])),
             ("<m1@example.org>", "Re: VPN 1 [EX-1001]"), "in her thread")
        same(o.get(1001, "status", "assignee"), ["waiting", None],
             "it waits, and nobody took it")
        same(o.last(1001, "message"), (None, "out", ME, ME + " answered"),
             "who and why")
        messages = o.desk.show(1001)["messages"]
        same((messages[-1]["direction"], messages[-1]["text"]),
             ("out", HELLO.rstrip("\n")), "the conversation has it")
        o.do("reply", 1002, "--as", "ana", text=b"Out of a pipe\r\n")
        same((o.get(1002, "status", "assignee"), o.new()),
             (["waiting", "ana"], [("reply", "ann2@example.org")]),
             "as ana: it is hers now")
        same(o.last(1002, "assignee"), (None, "ana", "agent ana",
             "agent ana (%s) answered" % ME), "and the login name is kept")
        ok("Ana (Example Support)" in str(o.letter()["From"]) or
           "Ana" in str(o.letter()["From"]), "her name on the letter")
        same(o.desk.show(1002)["messages"][-1]["from"], "ana@example.com",
             "and in the conversation")


def sources():
    """Where a text comes from, and which texts are none."""
    with Lab() as lab:
        o = Office(lab)
        path = o.desk.dir + "/text"

        def put(data):
            with open(path, "wb") as f:
                f.write(data)
            return path

        def text():
            return o.desk.show(1001)["messages"][-1]["text"]
        o.do("note", 1001, "--file", put(b"\n\nof a file \n\n"))
        same(text(), "of a file", "a file, without blank lines around")
        o.do("note", 1001, "-", text=b"#close is only text\n")
        same((text(), o.get(1001, "status")),
             ("#close is only text", ["open"]), "standard input; no commands")
        o.do("note", "--file=-", 1001, text="Grüße".encode())
        same(text(), "Grüße", "and with another name")
        o.do("note", 1001, "-m", "x\x1b[31my\u202ez")
        same(text(), "x[31myz", "nothing that steers a terminal")
        before = o.everything()
        o.do("note", 1001, rc=66)
        o.do("note", 1001, "-m", " \n", rc=66)
        o.do("note", 1001, "--file", o.desk.dir + "/none", rc=66)
        _, err = o.do("note", 1001, "--file", put(b"caf\xe9"), rc=65)
        ok("not UTF-8" in err, "another charset is refused")
        o.do("note", 1001, "--file", put(b"a\0b"), rc=65)
        o.do("note", 1001, "--file", put(b"a" * ((1 << 20) + 1)), rc=65)
        o.do("note", 1001, "-m", "a", "--file", path, rc=64)
        o.do("note", 1001, "-m", rc=64)
        o.do("reply", 1001, "--attach", o.desk.dir + "/none", "-m", "x",
             rc=66)
        same(o.everything() == before, True, "and nothing has changed")
        put(b"a" * (1 << 20))
        o.do("note", 1001, "--file", path)
        same(len(text()), 1 << 20, "a megabyte is none too many")


def editor():
    with Lab() as lab:
        o = Office(lab)
        script = o.desk.dir + "/edit"
        with open(script, "w") as f:
            f.write("#!/bin/sh\ntest \"$1\" = -x && printf '%s' \"$TEXT\" "
                    "> \"$2\"\n")
        os.chmod(script, 0o755)

        def type_in(text, command):
            ours, theirs = pty.openpty()
            env = dict(os.environ, TEXT=text, VISUAL=command,
                       TMPDIR=o.desk.dir)
            p = subprocess.run(
                [DESKD, "-c", o.desk.conf, "note", "1001"], env=env,
                stdin=theirs, capture_output=True, timeout=20)
            os.close(ours)
            os.close(theirs)
            return p.returncode
        same(type_in("typed", script + " -x"), 0, "an editor, with options")
        same(o.desk.show(1001)["messages"][-1]["text"], "typed", "its text")
        same(type_in("", script + " -x"), 66, "nothing was typed")
        same(type_in("x", "false"), 66, "the editor failed")
        same([f for f in os.listdir(o.desk.dir) if f.startswith("deskd-")],
             [], "no file is left behind")


def files():
    with Lab() as lab:
        o = Office(lab, settings="")
        for name, data in (("a b.txt", "Grüße\n".encode()),
                           ("x.bin", bytes(range(256))),
                           ("old.txt", b"caf\xe9\n")):
            with open(o.desk.dir + "/" + name, "wb") as f:
                f.write(data)
        names = [o.desk.dir + "/" + n for n in ("a b.txt", "x.bin",
                                                "old.txt")]
        o.do("reply", 1002, "-m", "See these.", "--attach", names[0],
             "--attach=" + names[1], "--attach", names[2])
        got = [(p.get_filename(), p.get_content_type(),
                p.get_payload(decode=True))
               for p in o.letter().iter_attachments()]
        same(got, [("a b.txt", "text/plain", "Grüße\n".encode()),
                   ("x.bin", "application/octet-stream", bytes(range(256))),
                   ("old.txt", "application/octet-stream", b"caf\xe9\n")],
             "all three, byte by byte")
        same([v["to"] for v in o.events(1002, "attached")],
             ["a b.txt (8 bytes)", "x.bin (256 bytes)",
              "old.txt (5 bytes)"], "their names are in the history")
        o.new()
        o.do("reply", 1002, "--attach", names[0], text=b"")
        same(o.new(), [("reply", "ann2@example.org")], "a file alone will do")
        o.do("note", 1002, "-m", "x", "--attach", names[0], rc=64)
        with open(names[1], "wb") as f:
            f.truncate(26 << 20)
        o.do("reply", 1002, "-m", "x", "--attach", names[1], rc=66)
        same(o.new(), [], "too large: nothing goes")


def notes():
    with Lab() as lab:
        o = Office(lab)
        o.do("assign", 1001, "bob")
        o.new()
        o.do("note", 1001, "EX-1002", "[EX-1001]", "-m", "SECRET")
        same(o.new(), [("notify", "bob@example.com")],
             "its owner is told, the requester never")
        body = o.letter().get_body(("plain",)).get_content()
        ok("SECRET" in body and "left a note" in body,
           "told as a note: %r" % body[:60])
        same([o.desk.show(t)["messages"][-1]["direction"]
              for t in (1001, 1002)], ["note", "note"], "in both tickets")
        same(len(o.events(1001, "message")), 1, "named twice, noted once")
        same(o.get(1001, "status"), ["open"], "the status stays")


def hands():
    with Lab() as lab:
        o = Office(lab)
        out, _ = o.do("assign", 1001, 1002, "bob")
        same(out, "EX-1001  Bob Berg has it\nEX-1002  Bob Berg has it\n",
             "two at once")
        same(o.new(), [("notify", "bob@example.com")] * 2,
             "he is told of both")
        same(o.last(1001, "assignee"), (None, "bob", ME, ME + ": #assign bob"),
             "who and why")
        o.do("assign", 1001, "ana@example.com", "--as", "bob")
        same(o.new(), [("notify", "ana@example.com")],
             "she is told; who gave it away is not")
        o.do("assign", 1001, "Network")
        same(o.get(1001, "team", "tier", "assignee"), ["network", 2, None],
             "a team by its name")
        same(o.new(), [("notify", "dieter@example.com")], "the team is told")
        before = o.everything()
        for who, said in (
                ("bobb", "\"bobb\" is neither an agent nor a team; is it "
                 "bob?"),
                ("xyzzy", "\"xyzzy\" is neither an agent nor a team")):
            _, err = o.do("assign", 1001, 1002, who, rc=1)
            same(err, "deskd: %s\n" % said, "the words that agents get")
        _, err = o.do("assign", 1001, 4711, "bob", rc=1)
        same(err, "deskd: there is no ticket EX-4711\n", "a number of none")
        _, err = o.do("assign", 1001, "bob", "--as", "eve", rc=1)
        same(err, "deskd: there is no agent 'eve'\n", "an agent of none")
        o.do("assign", 1001, "b\udcff", rc=65)
        for bad in (["assign"], ["assign", 1001], ["assign", "x", "bob"],
                    ["assign", 1001, ""], ["assign", 1001, "bob", "--no"],
                    ["assign", 1001, "bob", "-m", "x"], ["split", 1001, 1002],
                    ["undo"], ["merge", 1001], ["link", 1001], ["new"]):
            o.do(*bad, rc=64)
        same(o.everything() == before, True, "nothing at all was done")


def fields():
    with Lab() as lab:
        o = Office(lab)
        o.do("set", 1001, 1002, "priority", "high", "category", "Network/VPN",
             "type", "request", "subject", "It is the router", "tag", "a b",
             "team", "network", "language", "en", "cc", "jo@example.net")
        for t in (1001, 1002):
            same(o.get(t, "priority", "category", "type", "subject", "tags",
                       "team", "tier", "language"),
                 ["high", "network/vpn", "request", "It is the router",
                  ["a", "b"], "network", 2, "en"], "all fields of %d" % t)
        o.do("set", 1001, "priority", "matrix", "impact", "high", "urgency",
             "high", "untag", "a", "tier", "1", "assignee", "ana",
             "requester", "neu@example.org", "time", "20m")
        same(o.get(1001, "priority", "impact", "urgency", "tags", "team",
                   "assignee"),
             ["critical", "high", "high", ["b"], "desk", "ana"],
             "and the others")
        same(o.get(1001, "requester")[0]["address"], "neu@example.org",
             "another requester")
        o.new()
        for status in ("in-progress", "waiting", "on-hold", "open",
                       "resolved", "open", "closed", "in-progress"):
            o.do("set", 1002, "status", status)
            same(o.get(1002, "status"), [status], "the status " + status)
            same(o.last(1002, "status")[1:3], (status, ME), "and who")
        ok(("reply", "ann2@example.org") in o.new(), "resolved is told")
        before = o.everything()
        for rc, words in ((64, ["prioriti", "high"]), (64, ["priority"]),
                          (64, ["status", "done"]), (64, ["tag", " "]),
                          (1, ["priority", "urgent"]),
                          (1, ["tag", "good", "team", "nirvana"]),
                          (1, ["requester", "nobody"]),
                          (1, ["requester", "support@example.com"]),
                          (1, ["type", "incident", "type", "request"]),
                          (1, ["cc", "ana@example.com"])):
            o.do("set", 1001, *words, rc=rc)
        _, err = o.do("set", 1001, "pirority", "high", rc=64)
        ok("did you mean 'priority'?" in err, "a hint")
        same(o.everything() == before, True, "all or nothing")


def ends():
    with Lab() as lab:
        o = Office(lab)
        o.do("resolve", 1001)
        same((o.get(1001, "status"), o.new()),
             (["resolved"], [("reply", "ann1@example.org"),
                             ("reply", "carla@example.org")]),
             "resolved: the requester is asked")
        o.do("reopen", 1001)
        same((o.get(1001, "status"), o.new()), (["open"], []), "reopened")
        o.do("resolve", 1001, "-m", "A new profile.", "--as", "ana")
        ok("A new profile." in o.letter().get_body(
            ("plain",)).get_content(), "with a text")
        o.new()
        out, _ = o.do("close", 1001, 1002, text=b"not asked for\n")
        same((out, o.get(1001, "status"), o.get(1002, "status"), o.new()),
             ("EX-1001  closed\nEX-1002  closed\n", ["closed"], ["closed"],
              []), "two are closed, nobody is told, standard input is left")
        out, _ = o.do("close", 1001)
        same(out, "EX-1001  it is closed already\n", "once is enough")
        o.do("close", 1002, "-m", "Good bye.")
        same(o.new(), [("reply", "ann2@example.org")], "a text goes out")


def together():
    with Lab() as lab:
        o = Office(lab)
        o.do("merge", 1002, 1001)
        same((o.desk.show(1002)["number"], o.desk.sql(
            "SELECT status, merged_into FROM ticket WHERE number = 1002")),
             (1001, [("closed", 1001)]), "merged")
        same(o.new(), [("reply", "ann2@example.org")], "and she is told")
        _, err = o.do("note", 1002, "-m", "where does it go?")
        ok("EX-1002 is merged into EX-1001" in err, "said: %r" % err)
        same(o.desk.show(1001)["messages"][-1]["text"], "where does it go?",
             "into the one that lives on")
        _, err = o.do("merge", 1002, 1001, rc=1)
        ok("is merged into EX-1001 already" in err, "not twice")
        o.do("merge", 1001, 1001, rc=1)
        o.do("merge", 1001, 4711, rc=1)
        o.do("unmerge", 1002)
        same(o.get(1002, "status", "links"), ["open", []], "apart again")
        o.do("unmerge", 1002, rc=1)
        o.do("unmerge", 1001, rc=1)
        o.do("merge", 1002, 1001)
        o.do("unmerge", 1001)
        same(o.get(1002, "links"), [[]], "also by the one that lives on")
        o.do("link", 1001, 1002)
        same([x["kind"] for x in o.get(1001, "links")[0]], ["related"],
             "linked")
        path = o.desk.dir + "/more.eml"
        with open(path, "wb") as f:
            f.write(mail("Ann Ahlers <ann1@example.org>", subject="Re: VPN 1",
                         text="Something else.\n",
                         In_Reply_To="<m1@example.org>"))
        o.desk.run("import", path)
        out, _ = o.do("split", 1001)
        same(out, "EX-1001  the last mail is EX-1003 now\n", "split")
        same([m["new_text"].strip() for m in o.desk.show(1003)["messages"]],
             ["Something else."], "it has the mail")


def back():
    with Lab() as lab:
        o = Office(lab, delay="5m")
        o.do("undo", 1001, rc=1)
        o.do("set", 1001, "priority", "high", "tag", "x")
        o.do("reply", 1001, "-m", "Wrong!")
        o.do("set", 1001, "category", "x", "--as", "ana")
        out, _ = o.do("undo", 1001)
        ok("did not leave" in out, "the own last act: %r" % out)
        same((o.get(1001, "status", "priority", "category", "tags"),
              o.desk.sql("SELECT count(*) FROM outbox WHERE kind = 'reply' "
                         "AND state <> 'dropped'")),
             (["open", "high", "x", ["x"]], [(0,)]),
             "the answer, not what ana did since")
        o.do("undo", 1001)
        same(o.get(1001, "priority", "tags", "category"), ["normal", [], "x"],
             "then the one before")
        _, err = o.do("undo", 1001, rc=1)
        same(err, "deskd: there is nothing of yours to undo any more\n",
             "then no more")
        o.do("undo", 1001, "--as", "ana")
        same(o.get(1001, "category"), [None], "hers")
        o.do("merge", 1002, 1001)
        o.do("undo", 1002)
        same(o.get(1002, "status", "links"), ["open", []],
             "a merge, by the name of the one that was merged")
        o.do("note", 1001, "-m", "NOT SO")
        o.do("undo", 1001)
        ok("NOT SO" not in o.desk.run("thread", 1001).stdout.decode(),
           "a note")


def begins():
    with Lab() as lab:
        o = Office(lab)
        out, _ = o.do("new", "--requester", "Jo Park <Jo@example.net>",
                      "--subject", "Phone", "-m", "He called.")
        ok("EX-1003" in out and "desk, the first" in out, "its tag: %r" % out)
        t = o.desk.show(1003)
        same((t["subject"], t["team"], t["status"], t["requester"]["address"],
              t["requester"]["name"], t["messages"][0]["direction"],
              t["messages"][0]["text"]),
             ("Phone", "desk", "open", "jo@example.net", "Jo Park", "in",
              "He called."), "a ticket like any other")
        same(o.new(), [("notify", "ana@example.com"),
                       ("notify", "bob@example.com")],
             "the team is told, the requester is not")
        same(o.last(1003, "team")[2:], (
            ME, "the first team of the configuration"), "why that team")
        o.do("new", "--requester", "jo@example.net", "--subject", "More",
             "--team", "network", "--acknowledge", "--as", "ana")
        same((o.get(1004, "team", "tier"), o.new()),
             (["network", 2], [("ack", "jo@example.net"),
                               ("notify", "dieter@example.com")]),
             "another team; acknowledged when asked for")
        out, _ = o.do("reply", 1003, "-m", "Hello Jo")
        same(o.new(), [("reply", "jo@example.net")], "he can be answered")
        before = o.everything()
        for rc, words in (
                (1, ["--requester", "nobody", "--subject", "x"]),
                (1, ["--requester", "a@b.org, c@d.org", "--subject", "x"]),
                (1, ["--requester", "support@example.com", "--subject", "x"]),
                (1, ["--requester", "a@example.org", "--subject", "x",
                     "--team", "none"]),
                (64, ["--requester", "a@example.org", "--subject", " "]),
                (64, ["--requester", "a@example.org"]),
                (64, ["--requester", "a@example.org", "--subject", "x", "y"]),
                (65, ["--requester", "a@example.org", "--subject",
                      "\udcff"])):
            o.do("new", *words, rc=rc)
        same(o.everything() == before, True, "no ticket of mistakes")


def shown():
    """--json, -q, --dry-run."""
    with Lab() as lab:
        o = Office(lab, delay="5m")
        out, _ = o.do("reply", 1001, "-m", "x", "--json")
        t = json.loads(out)
        same((t["tag"], t["status"], t["requester"]["address"]),
             ("EX-1001", "waiting", "ann1@example.org"), "one: the ticket")
        ok(t["leaves"].endswith("Z"), "and when it leaves")
        out, _ = o.do("close", 1001, 1002, "--json")
        same([(t["number"], t["status"], t["done"], t["leaves"])
              for t in json.loads(out)["tickets"]],
             [(1001, "closed", ["closed"], None),
              (1002, "closed", ["closed"], None)], "several: a list")
        same(o.do("reopen", 1001, 1002, "-q")[0], "", "-q is quiet")
        same(o.do("assign", 1001, "bobb", "--json", rc=1)[0], "",
             "an error is text on stderr")
        before = o.everything()
        for words in (["reply", 1001, "-m", "x"], ["note", 1001, "-m", "x"],
                      ["assign", 1001, 1002, "bob", "--as", "ana"],
                      ["set", 1001, "priority", "low", "status", "on-hold"],
                      ["resolve", 1001], ["close", 1001],
                      ["merge", 1002, 1001], ["split", 1001],
                      ["link", 1001, 1002], ["undo", 1001],
                      ["new", "--requester", "a@example.org", "--subject",
                       "x", "--acknowledge"]):
            out, _ = o.do(*words, "--dry-run")
            ok("nothing is done" in out, "%s --dry-run" % words[0])
        same(o.everything() == before, True, "nothing was done")
        out, _ = o.do("resolve", 1001, "--dry-run", "--json")
        got = json.loads(out)
        same(got["changes"][0], {
            "tag": "EX-1001", "what": "status", "to": "resolved",
            "why": ME + ": #resolve"}, "the decision as JSON")
        same([c["to"] for c in got["changes"] if c["what"] == "letter"],
             ["ann1@example.org", "carla@example.org"], "and its letters")
        same(o.do("assign", 1001, "bobb", "--dry-run", rc=1)[1],
             "deskd: \"bobb\" is neither an agent nor a team; is it bob?\n",
             "a mistake is one before, too")


def walls():
    """What must not leave does not; a busy database is not an error of ours;
    what is settled for mails stays settled; rules on agent are asked."""
    rule = """
rule loud {
    on agent
    when status resolved
    tag was-resolved
}
"""
    with Lab() as lab:
        o = Office(lab, tickets="commands off", settings=rule)
        o.do("resolve", 1001)
        same(o.get(1001, "status", "tags"), ["resolved", ["was-resolved"]],
             "'commands off' is about mails; a rule on agent has its say")
        o.do("assign", 1002, "bob", "--as", "ana")
        told = o.letter().get_body(("plain",)).get_content()
        before = o.everything()
        _, err = o.do("reply", 1002, "-m", "See:\n\n" + told, rc=1)
        ok("it would go to the requester, but" in err, "the guard: %r" % err)
        same(o.everything() == before, True, "nothing went")
        db = sqlite3.connect(o.desk.state + "/deskd.db",
                             isolation_level=None)
        db.execute("BEGIN IMMEDIATE")
        p = o.desk.run("close", 1002, check=False, timeout=60)
        same(p.returncode, 75, "the database is busy: try later")
        db.execute("ROLLBACK")
        db.close()
        o.do("close", 1002)
        same(o.desk.integrity(), "ok", "the database is in order")
        p = subprocess.run([DESKD, "-d", o.desk.dir + "/none", "close", "1"],
                           capture_output=True, timeout=20)
        same(p.returncode, 66, "no database")


def owner():
    """root works with the rights of the folder's owner, and is named."""
    if os.getuid() != 0:
        raise Skip("needs root")
    with Lab() as lab:
        o = Office(lab)
        them = pwd.getpwnam("nobody")
        for top, _, names in os.walk(o.desk.state):
            for path in [top] + [top + "/" + n for n in names]:
                os.chown(path, them.pw_uid, them.pw_gid)
        o.do("reply", 1001, "-m", "x")
        o.do("key", "rotate")
        o.do("explain", 1001)
        same(o.last(1001, "message")[2], ME, "the history names root")
        same({os.stat(o.desk.state + "/" + n).st_uid
              for n in os.listdir(o.desk.state)}, {them.pw_uid},
             "no file of the state folder is root's")


if __name__ == "__main__":
    main(answers, sources, editor, files, notes, hands, fields, ends, together,
         back, begins, shown, walls, owner)
