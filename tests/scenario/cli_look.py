#!/usr/bin/env python3
"""The looking commands on a desk whose rows are all known: exact output.

list, show, thread, why, search, queue, ledger, held; text and --json, exit
codes, filters, foreign text that tries to steer the terminal (T40), width.
"""
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile

import lab
from lab import DESKD, ROOT, same

T0 = 1785222846  # 2026-07-28T07:14:06Z


def ok(cond, text, detail=""):
    if not lab.ok(cond, text) and detail != "":
        lab.note(detail)


class Desk:
    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="deskd-cli-")
        path = os.path.join(self.dir, "deskd.db")
        self.db = sqlite3.connect(path)
        schema = open(os.path.join(ROOT, "store", "schema.sql")).read()
        version = re.search(
            r"#define SCHEMA_VERSION (\d+)",
            open(os.path.join(ROOT, "store", "migrate.h")).read()).group(1)
        self.db.executescript(schema)
        self.db.execute("PRAGMA application_id = 0x6465736b")
        self.db.execute("PRAGMA user_version = " + version)
        self.db.execute("INSERT INTO salt VALUES(randomblob(32))")
        self.db.execute("INSERT INTO meta VALUES('next_ticket', 1001)")
        self.db.commit()

    def ticket(self, number, subject, **kw):
        kw.setdefault("created", T0)
        kw.setdefault("updated", kw["created"])
        kw.setdefault("person", 0)
        kw.setdefault("key", 0)
        kw.setdefault("begun", 0)
        kw.setdefault("guid", number.to_bytes(16, "big"))
        kw.update(number=number, subject=subject)
        self.insert("ticket", kw)

    def insert(self, table, row):
        self.db.execute("INSERT INTO %s(%s) VALUES(%s)" % (
            table, ", ".join(row), ", ".join("?" * len(row))),
            list(row.values()))

    def message(self, ticket, direction, text, **kw):
        kw.setdefault("date", T0)
        kw.setdefault("received", kw["date"])
        kw.update(ticket=ticket, direction=direction, text=text)
        self.insert("message", kw)
        rowid = self.db.execute("SELECT last_insert_rowid()").fetchone()[0]
        table = "search_note" if direction == "note" else "search"
        self.db.execute(
            "INSERT INTO %s(rowid, subject, body) VALUES(?, ?, ?)" % table,
            (rowid, kw.get("subject", ""), kw.get("new_text") or text))

    def run(self, *args, env=None, stdin=""):
        self.db.commit()
        e = dict(os.environ, TZ="UTC", LC_ALL="C.UTF-8", COLUMNS="80",
                 DESKD_CONF=os.path.join(self.dir, "none.conf"))
        e.pop("NO_COLOR", None)
        e.pop("CLICOLOR_FORCE", None)
        e.pop("STATE_DIRECTORY", None)
        e.update(env or {})
        p = subprocess.run([DESKD, "-d", self.dir, *args], env=e, text=True,
                           input=stdin, capture_output=True, timeout=20)
        return p.returncode, p.stdout, p.stderr

    def json(self, *args):
        rc, out, err = self.run("--json", *args)
        if rc not in (0, 1) or err:
            ok(False, "deskd %s --json" % " ".join(args), out + err)
        return json.loads(out)

    def numbers(self, *args):
        return [t["number"] for t in self.json("list", *args)["tickets"]]

    def close(self):
        self.db.close()
        shutil.rmtree(self.dir)


def fill(d):
    d.ticket(1001, "VPN geht nicht", status="in-progress", priority="high",
             impact="medium", urgency="high", category="network/vpn",
             team="network", tier=2, assignee="ana",
             requester="maria@kunde.example", requester_name="Maria Gómez",
             language="de", updated=T0 + 600)
    d.ticket(1002, "Evil \x1b]0;owned\x07 \u202etxt.exe",
             requester="x@evil.example", created=T0 + 60)
    d.ticket(1003, "Printer on fire", priority="critical", team="servicedesk",
             requester="bob@kunde.example", created=T0 + 120)
    d.ticket(1004, "Old matter", status="closed", team="servicedesk",
             type="request", requester="maria@kunde.example",
             created=T0 - 86400 * 400, closed=T0 - 86400 * 390,
             resolved=T0 - 86400 * 395)
    d.insert("tag", {"ticket": 1001, "tag": "vpn"})
    d.insert("tag", {"ticket": 1001, "tag": "home-office"})
    d.insert("link", {"ticket": 1001, "kind": "follow-up-of", "other": 1004})
    d.message(1001, "in", "Hello,\nno tunnel since today.\n\n> old quote\n",
              new_text="Hello,\nno tunnel since today.\n",
              sender="maria@kunde.example", sender_name="Maria Gómez",
              message_id="a1@kunde.example", subject="VPN geht nicht",
              attachments=json.dumps([{
                  "name": "log\x1b[2J.txt", "type": "text/plain",
                  "size": 2048, "sha256": "00" * 32, "inline": False}]))
    d.message(1001, "out", "We are looking into it.", sender="ana@example.com",
              subject="Re: VPN geht nicht", message_id="o1@example.com",
              date=T0 + 300)
    d.message(1001, "note", "Certificate of the gateway ended.",
              sender="ana@example.com", date=T0 + 400)
    d.message(1002, "in", "click\x1b[31m here \x9b1m tunnel",
              sender="x@evil.example", subject="Evil", date=T0 + 60)
    for time, who, what, old, new, why in (
            (T0, "mail", "new", None, "VPN geht nicht", "no reference"),
            (T0 + 300, "agent ana", "status", "open", "in-progress",
             "agent ana answered")):
        d.insert("event", dict(ticket=1001, time=time, who=who, what=what,
                               old=old, new=new, why=why))
    d.insert("mailbox", {"id": 1, "name": "support", "uidvalidity": 7})
    d.insert("mailbox", {"id": 2, "name": "import"})
    d.insert("raw", {"id": 1, "hash": 1, "sha256": b"x" * 32, "size": 1,
                     "received": T0})
    for box, uid, state, ticket, reason in (
            (1, 1, "new", 1001, None),
            (1, 2, "held", None, "cannot be parsed"),
            (1, 3, "filed", None, "out of office"),
            (2, 1, "stored", None, None)):
        d.insert("ledger", dict(mailbox=box, uidvalidity=7 * (box == 1),
                                uid=uid, state=state, ticket=ticket, raw=1,
                                reason=reason, marked=1))
    d.insert("held", dict(id=5, raw=1, mailbox=1, uidvalidity=7, uid=2,
                          since=T0, sender="x@evil.example",
                          subject="Evil \x1b[1m", reason="cannot be parsed"))


TICKET_KEYS = """number tag subject status type category tags impact urgency
priority team tier assignee requester created updated due links""".split()


def test_list(d):
    doc = d.json("list")
    same(list(doc), ["tickets"], "list --json has the key tickets")
    t = doc["tickets"]
    same([x["number"] for x in t], [1004, 1003, 1002, 1001],
         "list --json has all tickets, newest first")
    ok(all(k in x for x in t for k in TICKET_KEYS),
       "every ticket has every key of the contract")
    one = t[-1]
    same({k: one[k] for k in TICKET_KEYS}, {
        "number": 1001, "tag": "EX-1001", "subject": "VPN geht nicht",
        "status": "in-progress", "type": "incident",
        "category": "network/vpn", "tags": ["home-office", "vpn"],
        "impact": "medium", "urgency": "high", "priority": "high",
        "team": "network", "tier": 2, "assignee": "ana",
        "requester": {"name": "Maria Gómez",
                      "address": "maria@kunde.example"},
        "created": "2026-07-28T07:14:06Z", "updated": "2026-07-28T07:24:06Z",
        "due": {"first_response": None, "next_response": None,
                "resolution": None},
        "links": [{"kind": "follow-up-of", "number": 1004,
                   "tag": "EX-1004"}]},
        "every value of one ticket")
    same(t[1]["assignee"], None, "nobody is null")
    rc, out, err = d.run("list")
    same(rc, 0, "list: exit code 0")
    heads = out.splitlines()[0].split()
    same(heads, ["TICKET", "STATUS", "PRIORITY", "TEAM", "AGENT", "CHANGED",
                 "SUBJECT"], "the heads of the table")
    same([x.split()[0] for x in out.splitlines()[1:]],
         ["EX-1003", "EX-1002", "EX-1001"],
         "the table has what is not closed, newest first")
    ok("\x1b" not in out and "\u202e" not in out and
       "Evil \\x1b]0;owned\\x07 \\u202etxt.exe" in
       d.run("list", env={"COLUMNS": "200"})[1],
       "foreign text cannot steer the terminal", out)
    ok("EX-1004" in d.run("list", "--all")[1], "--all has the closed one")
    rc, out, err = d.run("list", "--limit", "1")
    same((len(out.splitlines()), err), (2, "the first 1; --limit 0 shows all\n"),
         "--limit says that there is more")


def test_filters(d):
    for words, want in (
            (["status:open"], [1003, 1002]),
            (["status:closed"], [1004]),
            (["team:network"], [1001]),
            (["team:none"], [1002]),
            (["agent:ana"], [1001]),
            (["assignee:none", "team:servicedesk"], [1004, 1003]),
            (["from:@kunde.example"], [1004, 1003, 1001]),
            (["from:Maria@kunde.example"], [1004, 1001]),
            (["from:maria"], [1004, 1001]),
            (["tag:vpn"], [1001]),
            (["priority:critical"], [1003]),
            (["type:request"], [1004]),
            (["category:network"], [1001]),
            (["category:net"], []),
            (["tier:2"], [1001]),
            (["since:2026-07-01"], [1003, 1002, 1001]),
            (["since:2026-07-28T07:15"], [1003, 1002]),
            (["tunnel"], [1001, 1002]),
            (["tunnel", "from:maria"], [1001]),
            (["tunnel", "status:closed"], []),
            (["certificate"], [1001]),
            (["since today"], [1001]),
            (["today since"], []),
            (["--", "status:open"], [])):
        same(sorted(d.numbers(*words)), sorted(want),
             "list " + " ".join(words))
    for words, text in (
            (["statsu:open"], "no filter 'statsu'; did you mean 'status'?"),
            (["status:opne"], "no status 'opne'; did you mean 'open'?"),
            (["priority:urgent"], "no priority 'urgent'; there are critical, "
             "high, normal, low"),
            (["colour:red"], "no filter 'colour'; to look for a word with a "
             "colon, put -- before it"),
            (["since:soon"], "since:soon is no time"),
            (["since:2026-02-30"], "since:2026-02-30 is no time"),
            (["tier:5"], "tier is 1, 2, 3 or 4"),
            (["team:"], "team: needs a value"),
            (["--foo"], "unknown option '--foo'"),
            (["--limit", "x"], "--limit takes a number")):
        rc, out, err = d.run("list", *words)
        ok(rc == 64 and out == "" and text in err,
           "list %s: usage error" % " ".join(words), err)


def test_show(d):
    doc = d.json("show", "1001")
    ok(all(k in doc for k in TICKET_KEYS + ["messages", "events"]),
       "show --json has the keys of list, messages and events", doc.keys())
    same([m["direction"] for m in doc["messages"]], ["in", "out", "note"],
         "directions")
    m = doc["messages"][0]
    same({k: m[k] for k in ("direction", "from", "date", "message_id",
                            "subject", "text", "attachments")}, {
        "direction": "in", "from": "maria@kunde.example",
        "date": "2026-07-28T07:14:06Z", "message_id": "a1@kunde.example",
        "subject": "VPN geht nicht",
        "text": "Hello,\nno tunnel since today.\n\n> old quote\n",
        "attachments": [{"name": "log\x1b[2J.txt", "type": "text/plain",
                         "size": 2048, "sha256": "00" * 32,
                         "inline": False}]}, "one message")
    same(doc["events"], [
        {"time": "2026-07-28T07:14:06Z", "who": "mail", "what": "new",
         "from": None, "to": "VPN geht nicht", "why": "no reference"},
        {"time": "2026-07-28T07:19:06Z", "who": "agent ana",
         "what": "status", "from": "open", "to": "in-progress",
         "why": "agent ana answered"}], "the events")
    for word in ("1001", "EX-1001", "[EX-1001]", "ex-1001"):
        same(d.json("show", word)["number"], 1001, "show " + word)
    rc, out, err = d.run("show", "EX-1001")
    same(out, """EX-1001  VPN geht nicht

  status     in-progress
  priority   high (impact medium, urgency high)
  type       incident
  category   network/vpn
  tags       home-office vpn
  team       network (tier 2), ana
  requester  Maria Gómez <maria@kunde.example>
  language   de
  created    2026-07-28 07:14 UTC
  updated    2026-07-28 07:24 UTC
  links      follow-up-of EX-1004

MESSAGES                    FROM             TEXT
2026-07-28 07:14 UTC  in    Maria Gómez      Hello,
2026-07-28 07:19 UTC  out   ana@example.com  We are looking into it.
2026-07-28 07:20 UTC  note  ana@example.com  Certificate of the gateway ended.

The whole conversation: deskd thread EX-1001
Each change and its reason: deskd why EX-1001
""", "show as text")
    same(d.run("show", "1001", env={"TZ": "Europe/Berlin"})[1].count(
        "2026-07-28 09:14 CEST"), 2, "times are local, with the zone")
    rc, out, err = d.run("show", "EX-9999")
    same((rc, out, err), (1, "", "deskd: there is no ticket EX-9999\n"),
         "show of a ticket that is not there")
    for words in (["show"], ["show", "abc"], ["show", "1001", "1002"],
                  ["show", "--foo", "1001"], ["show", "1001x"]):
        rc, out, err = d.run(*words)
        ok(rc == 64 and out == "" and "usage: deskd show" in err,
           " ".join(words) + ": usage error", err)


def test_thread(d):
    rc, out, err = d.run("thread", "1001")
    same(out, """EX-1001  VPN geht nicht

2026-07-28 07:14 UTC  from Maria Gómez <maria@kunde.example>

Hello,
no tunnel since today.

> old quote
  [log\\x1b[2J.txt, text/plain, 2.0 KB]

2026-07-28 07:19 UTC  answer by ana@example.com
Subject: Re: VPN geht nicht

We are looking into it.

2026-07-28 07:20 UTC  internal note by ana@example.com

Certificate of the gateway ended.

""", "thread as text")
    doc = d.json("thread", "EX-1002")
    same((doc["number"], len(doc["messages"])), (1002, 1), "thread --json")
    out = d.run("thread", "1002")[1]
    ok("click\\x1b[31m here \\x9b1m tunnel" in out and "\x1b" not in out and
       "\x9b" not in out, "C0 and C1 in a text are shown, not sent", out)


def test_why(d):
    same(d.run("why", "1001")[1], """EX-1001  VPN geht nicht

2026-07-28 07:14 UTC  new VPN geht nicht  (mail)
    no reference
2026-07-28 07:19 UTC  status open -> in-progress  (agent ana)
    agent ana answered
""", "why as text")
    same([e["why"] for e in d.json("why", "1001")["events"]],
         ["no reference", "agent ana answered"], "why --json")
    same(d.run("why", "7")[0], 1, "why of a ticket that is not there")


def test_search(d):
    doc = d.json("search", "tunnel")
    same(sorted(t["number"] for t in doc["tickets"]), [1001, 1002],
         "search finds both")
    ok("[tunnel]" in doc["tickets"][0]["snippet"], "the place is shown")
    same([t["number"] for t in d.json("search", "CERT*")["tickets"]], [1001],
         "a beginning, any case, in a note")
    rc, out, err = d.run("search", "zeppelin")
    same((rc, out, err), (1, "", "no ticket\n"), "nothing found: exit code 1")
    same(d.json("search", "zeppelin"), {"tickets": []}, "the same in JSON")
    same(d.run("search")[0], 64, "search needs words")
    for words in ('"', 'AND OR NOT', 'subject:x"', "NEAR(a b)", "*", "' --"):
        ok(d.run("search", "--", words)[0] in (0, 1),
           "no query syntax: search %r" % words)


def test_queue(d):
    same([t["number"] for t in d.json("queue")["tickets"]], [1002, 1003],
         "queue: open and nobody's, oldest first")
    same([t["number"] for t in d.json("queue", "servicedesk")["tickets"]],
         [1003], "the queue of a team")


def test_ledger(d):
    doc = d.json("ledger")
    same(list(doc), ["rows"], "ledger --json has the key rows")
    keys = ("mailbox", "uidvalidity", "uid", "state", "ticket", "reason")
    same([tuple(r[k] for k in keys) for r in doc["rows"]], [
        ("import", 0, 1, "stored", None, None),
        ("support", 7, 1, "new", 1001, None),
        ("support", 7, 2, "held", None, "cannot be parsed"),
        ("support", 7, 3, "filed", None, "out of office")], "every row")
    same(d.run("ledger")[1], """MAILBOX  UIDVALIDITY  UID  STATE   TICKET   REASON
import             0    1  stored
support            7    1  new     EX-1001
support            7    2  held             cannot be parsed
support            7    3  filed            out of office
4 mails: 1 stored, 1 new, 1 filed, 1 held
""", "ledger as text")
    same([r["uid"] for r in d.json("ledger", "--mailbox", "support",
                                   "--state", "held")["rows"]], [2],
         "ledger --mailbox --state")
    same(d.run("ledger", "--sum", "--mailbox=import")[1], "1 mail: 1 stored\n",
         "ledger --sum")
    ok("did you mean 'held'" in d.run("ledger", "--state", "hedl")[2],
       "a wrong state")


def test_held(d):
    doc = d.json("held", "list")
    same(list(doc), ["rows"], "held list --json has the key rows")
    same([(r["id"], r["uid"], r["reason"]) for r in doc["rows"]],
         [(5, 2, "cannot be parsed")], "one held mail")
    rc, out, err = d.run("held")
    ok("\\x1b[1m" in out and "\x1b" not in out, "held as text", out)
    same(d.run("held", "release", "6")[0], 1, "release of a wrong number")
    ok("did you mean 'release'" in d.run("held", "relaese", "5")[2],
       "a wrong word")
    same(d.run("held", "show", "99")[0], 1, "show of a wrong number")
    same(d.run("held", "release", "5")[0:2],
         (0, "1 released, next to be worked\n"), "held release")
    same(d.json("held")["rows"], [], "it waits no more")
    same(d.db.execute("SELECT raw, uid FROM inbound").fetchall(), [(1, 2)],
         "it is in the work list again")
    same([r["state"] for r in d.json("ledger")["rows"]][2], "stored",
         "the ledger says stored")
    d.db.execute("DELETE FROM inbound")
    d.insert("held", dict(id=6, raw=1, mailbox=1, uidvalidity=7, uid=2,
                          since=T0, reason="again"))
    same(d.run("held", "drop", "6")[0], 0, "held drop")
    row = d.json("ledger")["rows"][2]
    same((row["state"], row["reason"]), ("filed", "dropped by hand"),
         "dropped means filed, with the reason")


def zstd(data):
    """One raw block: what the store keeps, without a compressor."""
    return (b"\x28\xb5\x2f\xfd\x20" + bytes([len(data)]) +
            (len(data) << 3 | 1).to_bytes(3, "little") + data)


def test_outbox(d):
    data = b"From: desk@example.com\r\nSubject: \x1b[1mhi\r\n\r\nText\r\n"
    row = dict(ticket=1001, kind="reply", auto=0, sender="b@example.com",
               budget_key="maria@kunde.example", domain="kunde.example",
               data=zstd(data), size=len(data),
               sha256=hashlib.sha256(data).digest(), created=T0, next_at=T0)
    for n, state in ((1, "pending"), (2, "dead"), (3, "sent")):
        d.insert("outbox", dict(
            row, id=n, state=state, recipient="maria@kunde.example",
            message_id="o%d@example.com" % n, tries=n - 1,
            reply="550 5.1.1 no \x1b[31msuch user" if n == 2 else None))
    doc = d.json("outbox", "list")
    same(list(doc), ["rows"], "outbox list --json has the key rows")
    same([(r["id"], r["state"], r["to"], r["ticket"]) for r in doc["rows"]],
         [(1, "pending", "maria@kunde.example", 1001),
          (2, "dead", "maria@kunde.example", 1001)],
         "what waits and what was given up")
    same([r["id"] for r in d.json("outbox", "list", "--all")["rows"]],
         [1, 2, 3], "--all has what was sent, too")
    rc, out, err = d.run("outbox", "show", "2")
    ok(rc == 0 and "Subject: \\x1b[1mhi\n\nText\n" in out and
       "no \\x1b[31msuch user" in out and "\x1b" not in out,
       "outbox show, harmless", out + err)
    p = subprocess.run([DESKD, "-d", d.dir, "outbox", "show", "--raw", "2"],
                       capture_output=True)
    same(p.stdout, data, "--raw gives the bytes")
    same(d.run("outbox", "show", "9")[0], 1, "a wrong number")
    same(d.run("outbox", "retry", "2", "9")[0], 1, "one of two is wrong")
    same([r["state"] for r in d.json("outbox")["rows"]],
         ["pending", "dead"], "then nothing changes")
    same(d.run("outbox", "retry", "2")[0:2], (0, "1 to be sent now\n"),
         "outbox retry")
    same([r["state"] for r in d.json("outbox")["rows"]],
         ["pending", "pending"], "it waits again")
    same(d.run("outbox", "drop", "1", "2")[0], 0, "outbox drop")
    ok("pending" not in [r["state"] for r in d.json("outbox")["rows"]],
       "neither waits now")
    for words in (["retry"], ["retry", "x"], ["show"], ["rtry", "1"]):
        same(d.run("outbox", *words)[0], 64, "outbox " + " ".join(words))


def test_colour(d):
    for env, args, want in (
            ({}, [], False),
            ({"CLICOLOR_FORCE": "1"}, [], True),
            ({"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, [], False),
            ({"NO_COLOR": "1"}, ["--color", "always"], True),
            ({"CLICOLOR_FORCE": "1"}, ["--color=never"], False)):
        out = d.run("list", *args, env=env)[1]
        same("\x1b[" in out, want, "colour with %s %s" % (env, args))
    same(d.run("list", "--color", "blue")[0], 64, "a wrong --color")


def test_width(d):
    d.ticket(1005, "word " * 60, requester="long@kunde.example")
    d.ticket(1006, "日本語" * 40, requester="wide@kunde.example")
    for columns in (60, 80, 132):
        out = d.run("list", env={"COLUMNS": str(columns)})[1]
        rows = [x for x in out.splitlines() if x.startswith("EX-100")]
        ok(all(len(x) + len(re.findall("[\u3000-\u9fff]", x)) <= columns
               for x in out.splitlines()), "fits %d columns" % columns, out)
        ok(sum("\u2026" in x for x in rows) >= 2, "what is cut says so")
    out = d.run("list", env={"COLUMNS": "60", "LC_ALL": "C"})[1]
    ok("\u2026" not in out, "without UTF-8 the mark is ASCII")
    out = d.run("list", env={"COLUMNS": ""})[1]
    ok("word " * 59 in out, "into a pipe nothing is cut")


def test_agents(d):
    """What agents' mails leave; last, because it adds tickets."""
    d.ticket(1905, "Waits", status="waiting", until=T0 + 86400,
             nudge=T0 + 3600, created=T0 + 180)
    d.ticket(1906, "Merged", status="closed", merged_into=1905,
             created=T0 + 240)
    d.ticket(1907, "Merged, too", status="closed", merged_into=1906,
             created=T0 + 300)
    d.message(1905, "in", "First", sender="jo@example.org")
    d.message(1905, "note", "#priority high\n\n> all of it", kept=1,
              **{"class": "command", "sender": "ana@example.com"})
    d.message(1907, "in", "Second", sender="lee@example.org", date=T0 + 60)
    d.message(1906, "note", "A secret", kept=1,
              **{"class": "withdrawn", "sender": "ana@example.com"})
    for number in ("1905", "1906", "1907"):
        doc = d.json("-q", "show", number)
        same((doc["number"], [(m["text"], m.get("ticket"))
                              for m in doc["messages"]]),
             (1905, [("First", None), ("#priority high\n\n> all of it", None),
                     ("Second", 1907), ("", 1906)]),
             "show %s: the one that lives on, with all mails" % number)
    same({k: doc.get(k) for k in ("until", "nudge", "end")},
         {"until": "2026-07-29T07:14:06Z", "nudge": "2026-07-28T08:14:06Z",
          "end": None}, "what it waits for")
    ok("until" not in d.json("show", "1001"), "only where it is set")
    rc, out, err = d.run("show", "1907")
    same(err, "EX-1907 is merged into EX-1905\n", "which is said")
    ok("(command) #priority high" in out and "(withdrawn)" in out and
       "secret" not in out and "  until      2026-07-29 07:14 UTC\n" in out,
       "commands in short, what was withdrawn not at all", out)
    ok("\x1b[2m(command)" in d.run("--color=always", "show", "1905")[1],
       "and dimmed")
    out = d.run("-q", "thread", "1906")[1]
    ok("command by ana@example.com" in out and "all of it" not in out and
       "(withdrawn)" in out and "secret" not in out and "Second" in out,
       "the same in the conversation", out)
    same(d.json("why", "1906")["number"], 1906, "why has its own history")


def test_missing(d):
    empty = tempfile.mkdtemp(prefix="deskd-cli-")
    try:
        p = subprocess.run([DESKD, "-d", empty, "list"], text=True,
                           capture_output=True)
        same((p.returncode, p.stdout), (66, ""), "no database: exit code 66")
        ok("-d" in p.stderr, "and says what to do", p.stderr)
        same(os.listdir(empty), [], "looking makes no database")
    finally:
        os.rmdir(empty)


desk = Desk()


def on_desk(test):
    def run():
        test(desk)
    run.__name__ = test.__name__
    return run


if __name__ == "__main__":
    try:
        fill(desk)
        lab.main(*map(on_desk, (
            test_list, test_filters, test_show, test_thread, test_why,
            test_search, test_queue, test_ledger, test_held, test_outbox,
            test_colour, test_width, test_agents, test_missing)))
    finally:
        desk.close()
