"""Rules in the running program: what they set, whom they give it to, what they
keep back, what is counted, and what a hostile sender can cost."""
import datetime
import os
import resource
import shutil
import time

from lab import Lab, mail, main, ok, same

SUPPORT = "support@example.com"
AGENTS = """
agent ana "Ana Silva" { email ana@example.com; skills network vpn }
agent bob "Bob" { email bob@example.com; %s }
agent chloe "Chloe" { email chloe@example.com }
agent dieter "Dieter" { email dieter@example.com }
"""
TEAMS = """
team desk "Service Desk" { members ana bob chloe; lead dieter; assign %s }
team network "Network" { members ana dieter; lead dieter; assign nobody }
"""


class Place:
    """A desk with a mailbox, rules and a hand that gives it mail."""

    def __init__(self, lab, rules="", assign="round-robin", bob="", more=""):
        self.lab = lab
        self.dv = lab.dovecot()
        self.sink = lab.sink()
        self.desk = lab.desk(self.dv, self.sink, people=AGENTS % bob +
                             TEAMS % assign + more + rules)
        self.serial = 0

    def put(self, subject="Printer", text="Please help.\n", who=None, when=None,
            **fields):
        """Into the mailbox; who it is from (somebody new each time)."""
        self.serial += 1
        who = who or "p%d@example.org" % self.serial
        self.dv.deliver(SUPPORT, mail(who, subject=subject, text=text,
                                      **fields), when=when)
        return who

    def work(self):
        self.desk.run("fetch", "support", "--once")
        return self.desk.run("work", "--until-idle")

    def give(self, *args, **fields):
        """One mail, worked; the newest ticket."""
        self.put(*args, **fields)
        self.work()
        return self.newest()

    def newest(self):
        tickets = self.desk.tickets()
        return max(tickets, key=lambda t: t["number"]) if tickets else None

    def whys(self, ticket, what):
        return [e["why"] for e in self.desk.show(ticket["number"])["events"]
                if e["what"] == what]

    def hits(self, field="hits"):
        return {r["rule"]: r[field] for r in
                self.desk.json("rules", "hits")["rules"] if r[field]}

    def line(self, text):
        """"deskd.conf:17" of the line that has this text."""
        for number, line in enumerate(open(self.desk.conf), 1):
            if text in line:
                return "deskd.conf:%d" % number
        raise ValueError(text)


def fields():
    rules = """
rule default {
    assign team desk
    set type request
}
rule vpn "VPN" {
    when text has vpn "remote access"
    set category network/vpn
    assign team network
    set impact high
    set urgency high
    tag vpn
    watch dieter
    cc boss@example.net
}
rule pinned {
    when subject /^p(?<n>\\d)\\b/i
    set priority low
    tag "p-{{match.n}}"
}
rule host {
    when from robot@example.net
    when subject /\\bhost (?<host>\\w+)/
    set requester "host {{match.host}}"
    set subject "{{match.host}} is ill"
    stop
}
rule never { tag behind-a-stop }
"""
    with Lab() as lab:
        p = Place(lab, rules)
        t = p.give("Kein Zugang", "Hallo, das VPN ist weg.\n")
        same([t[k] for k in ("team", "category", "type", "impact", "urgency",
                             "priority", "tags")],
             ["network", "network/vpn", "request", "high", "high", "critical",
              ["behind-a-stop", "vpn"]],
             "team, category, type, tags, and the priority of the matrix")
        same(p.desk.sql("SELECT address, role FROM participant WHERE"
                        " ticket = ? AND role <> 'requester' ORDER BY 1",
                        t["number"]),
             [("boss@example.net", "cc"), ("dieter@example.com", "watcher")],
             "who watches and who gets copies")
        same(p.whys(t, "category"), ['rule vpn (%s): text "VPN"' % p.line(
            "set category network/vpn")],
             "the history names the rule, its line and the words")
        same(p.whys(t, "team"), ['rule vpn (%s): text "VPN"' % p.line(
            "assign team network")], "of the rule that won")
        ok("impact high x urgency high" in p.whys(t, "priority")[0],
           "and the cell of the matrix: %s" % p.whys(t, "priority")[0])
        why = p.desk.run("why", t["tag"]).stdout.decode()
        ok('rule vpn (%s): text "VPN"' % p.line("tag vpn") in why and
           "team network" in why, "deskd why prints the same")
        t = p.give("P3 nothing much")
        same([t["priority"], sorted(t["tags"]), t["team"]],
             ["low", ["behind-a-stop", "p-3"], "desk"],
             "a priority set outright; a group of the pattern in a tag")
        t = p.give("host db7 hot", who="robot@example.net")
        same([t["subject"], t["requester"]["name"], t["tags"]],
             ["db7 is ill", "host db7", []],
             "subject and requester from a group; nothing behind stop")
        same(p.hits(), {"default": 3, "vpn": 1, "pinned": 1, "host": 1,
                        "never": 2}, "each match is counted")
        same([r["rule"] for r in p.desk.json("rules", "unused")["rules"]], [],
             "no rule is unused")
        same(p.desk.integrity(), "ok", "the database is in order")


def in_turn():
    with Lab() as lab:
        p = Place(lab)
        for _ in range(4):
            p.put()
        p.work()
        p.put()
        p.work()
        p.desk.start()
        for _ in range(3):
            p.put()
        lab.wait(lambda: len(p.desk.tickets()) == 8, "eight tickets")
        p.desk.stop()
        tickets = sorted(p.desk.tickets(), key=lambda t: t["number"])
        same([t["assignee"] for t in tickets],
             ["ana", "bob", "chloe", "ana", "bob", "chloe", "ana", "bob"],
             "round-robin: in turn, over restarts too")
        ok("round-robin" in p.whys(tickets[0], "assignee")[0], "and why")


def loads():
    with Lab() as lab:
        p = Place(lab, assign="least-loaded", bob="max-open 1")
        for _ in range(5):
            p.put()
        p.work()
        count = dict(p.desk.sql("SELECT assignee, count(*) FROM ticket"
                                " GROUP BY 1"))
        same(count, {"ana": 2, "bob": 1, "chloe": 2},
             "least-loaded: evenly, and no more than max-open for Bob")
        p.desk.execute("UPDATE ticket SET status = 'resolved'"
                       " WHERE assignee IN ('bob', 'chloe')")
        same([p.give()["assignee"] for _ in range(2)],
             ["bob", "chloe"], "what is resolved is no load")
        p.desk.execute("UPDATE ticket SET status = 'resolved'"
                       " WHERE assignee = 'ana'")
        p.desk.write_conf(p.desk.text.replace("{ email ana", "{ max-open 1;"
                          " email ana").replace("{ email chloe",
                                                "{ max-open 1; email chloe"))
        same(p.give()["assignee"], "ana", "the only one with room")
        t = p.give()
        same(t["assignee"] or None, None, "all at max-open: the queue")
        ok("at max-open 3" in p.whys(t, "queue")[0], "and why: %s" %
           p.whys(t, "queue")[0])
        same([q["number"] for q in p.desk.json("queue")["tickets"]],
             [t["number"]], "deskd queue shows it")


def away_and_hours():
    """Days relative to today, so that no clock need be faked; what depends on
    the hour is hours_test's."""
    today = datetime.datetime.now(datetime.timezone.utc).date()
    span = "%s..%s" % (today - datetime.timedelta(1),
                       today + datetime.timedelta(2))
    more = ("calendar shut { hours always; closed %s \"Move\" }\n"
            "agent eve { email eve@example.com; calendar shut }\n"
            "team night { members eve; assign round-robin }\n" % span)
    rules = """
rule night { when subject has night; assign team night }
rule shut { when hours off shut; tag closed }
rule dieter { when subject has dieter; assign agent dieter; assign team network }
"""
    with Lab() as lab:
        p = Place(lab, rules, bob="away %s to dieter" % span, more=more)
        same([p.give()["assignee"] for _ in range(4)],
             ["ana", "dieter", "chloe", "ana"],
             "who is away is replaced by the stand-in, in turn")
        t = p.give("At night")
        same([t["team"], t["assignee"] or None, t["tags"]],
             ["night", None, ["closed"]],
             "outside of an agent's hours: the queue; `hours off` matches")
        ok("outside of hours 1" in p.whys(t, "queue")[0], "and why")
        t = p.give("Ask Dieter")
        same([t["team"], t["assignee"]], ["network", "dieter"],
             "assign agent: past the team's own way")
        ok(p.whys(t, "assignee")[0].startswith("rule dieter (deskd.conf:"),
           "and why: %s" % p.whys(t, "assignee")[0])
        old = time.time() - 40 * 86400
        t = p.give("Long ago", when=old)
        same(t["tags"], [], "hours are asked for the moment the mail came")


def merged():
    rules = """
rule alarms {
    when from nagios@example.net
    when subject /\\bon\\b ?(?<host>[a-z0-9]+)?/
    merge open tickets "host {{match.host}}"
    set category monitoring
}
rule more { on reply; when subject has worse; set impact high; set urgency high
    assign agent chloe; tag worse }
"""
    nagios = "nagios@example.net"
    with Lab() as lab:
        p = Place(lab, rules)
        first = p.give("PROBLEM on db1", who=nagios)
        p.put("PROBLEM on db2", who=nagios)
        p.put("RECOVERY on db1", who=nagios)
        p.put("PROBLEM again on db1", who=nagios)
        p.work()
        same([t["subject"] for t in sorted(p.desk.tickets(),
                                           key=lambda t: t["number"])],
             ["PROBLEM on db1", "PROBLEM on db2"], "a ticket for each host")
        same(len(p.desk.show(first["number"])["messages"]), 3,
             "the later mails are in the first one")
        same([r["state"] for r in p.desk.ledger()],
             ["new", "new", "append", "append"], "the ledger says so")
        ok(any(e["what"] == "message" and "rule alarms (%s)" % p.line(
            "merge open") in e["why"]
               for e in p.desk.show(first["number"])["events"]),
           "the history says which rule merged it")
        p.desk.execute("UPDATE ticket SET status = 'closed', closed = ?"
                       " WHERE number = ?", int(time.time()), first["number"])
        t = p.give("PROBLEM the third on db1", who=nagios)
        ok(t["number"] not in (first["number"], first["number"] + 1),
           "once that one is closed there is a new ticket")
        p.put("PROBLEM the fourth on db1", who=nagios)
        p.work()
        same([len(p.desk.show(t["number"])["messages"]),
              len(p.desk.tickets())], [2, 3], "which takes the next")
        # Without a host there is nothing to merge by.
        a = p.give("PROBLEM on  ", who=nagios)
        b = p.give("PROBLEM on ?", who=nagios)
        same([len(p.desk.show(x["number"])["messages"]) for x in (a, b)],
             [1, 1], "mails without a host stay apart")
        ok('rule alarms (%s)' % p.line("merge open") in
           p.whys(b, "not-merged")[0] and
           'the key "host {{match.host}}" is empty' in
           p.whys(b, "not-merged")[0], "and the history says why: %s" %
           p.whys(b, "not-merged"))
        ok(b"merge nothing: the key" in
           p.desk.run("explain", b["tag"]).stdout, "explain too")
        # On a reply.
        t = p.give("Mouse", who="ann@example.org", message_id="m1@x.org")
        p.put("Re: Mouse, worse", who="ann@example.org",
              In_Reply_To="<m1@x.org>")
        p.work()
        t = p.desk.show(t["number"])
        same([len(t["messages"]), t["priority"], t["assignee"], t["tags"]],
             [3, "critical", "chloe", ["worse"]],
             "a rule on replies changes the ticket")
        same(p.hits(), {"alarms": 8, "more": 1}, "each match is counted")


def kept_back():
    rules = """
rule quiet {
    when header List-Unsubscribe /./
    drop quietly
    stop
}
rule suspicious "Looks like a trick" {
    when subject has invoice
    when attachment *.exe
    quarantine "a program that calls itself an invoice"
}
rule shout { when subject /^HELP/; hold "loud" }
rule after { tag seen }
"""
    exe = ('Content-Disposition: attachment; filename="a.exe"')
    with Lab() as lab:
        p = Place(lab, rules)
        p.put("News", List_Unsubscribe="<mailto:a@example.net>")
        p.put("An invoice", extra=exe, who="eve@example.net")
        p.put("HELP me", who="eve@example.net")
        p.work()
        same(p.desk.tickets(), [], "no ticket yet")
        rows = {r["uid"]: (r["state"], r["reason"]) for r in p.desk.ledger()}
        same(rows[1], ("filed", 'rule quiet (%s): List-Unsubscribe "<"'
                       % p.line("drop quietly")),
             "dropped: in the ledger, with the rule and the words")
        held = p.desk.json("held")["rows"]
        same([h["from"] for h in held], ["eve@example.net"] * 2,
             "held: two in the list")
        ok(held[0]["reason"].startswith(
            "a program that calls itself an invoice: rule suspicious (%s): "
            % p.line("quarantine")), "with the words of the rule: %s" %
           held[0]["reason"])
        ok(held[1]["reason"].startswith("loud: rule shout (%s): " % p.line(
            "rule shout")), "hold is the same: %s" % held[1]["reason"])
        ok(b"a program that calls" in p.desk.run("held", "list").stdout,
           "deskd held list shows it")
        same(len(p.sink.accepted()), 0, "nobody got a letter")
        p.desk.run("held", "release", held[0]["id"])
        p.desk.run("work", "--until-idle")
        t = p.newest()
        same([t["subject"], t["tags"]], ["An invoice", ["seen"]],
             "released: a ticket, not held again, the other rules apply")
        p.desk.run("held", "drop", "--yes", held[1]["id"])
        same([r["state"] for r in p.desk.ledger()],
             ["filed", "new", "filed"], "the ledger after all that")
        same(p.hits()["quiet"], 1, "what is dropped is counted too")


def replayed():
    """What rules kept from becoming a ticket is asked about again too."""
    rules = """
rule drop { when subject has spam; drop }
rule hold { when subject has wait; hold "wait" }
rule big { when size >5K; tag big; set category large }
"""
    with Lab() as lab:
        p = Place(lab, rules)
        for subject in ("One", "spam", "wait", "wait a bit"):
            p.put(subject)
        p.put("Big", "x" * 70 * 100 + "\n")
        p.work()
        p.desk.run("held", "release",
                   p.desk.json("held")["rows"][1]["id"])
        p.desk.run("work", "--until-idle")
        r = p.desk.json("replay")
        same([r[k] for k in ("tickets", "ruled", "changed", "held", "dropped",
                             "skipped")], [3, 2, 0, 1, 1, 1],
             "the same rules would do the same again")
        other = lab.dir + "/other.conf"
        with open(other, "w") as f:
            f.write('rule hold { when subject has spam; hold "wait" }\n'
                    "rule drop { when subject has one; drop }\n")
        r = p.desk.json("replay", "--rules", other)
        got = {(c["field"], c["from"], c["to"]): c["examples"]
               for c in r["changes"]}
        same(got, {("category", "large", ""): ["EX-1002"],
                   ("end", "dropped", "held"): ["support/2"],
                   ("end", "held", "ticket"): ["EX-1003", "support/3"],
                   ("end", "ticket", "dropped"): ["EX-1001"]},
             "other rules: what is held, dropped and let through is seen")
        text = p.desk.run("replay", "--rules", other, "--diff").stdout.decode()
        ok("support/3  end held -> ticket" in text and
           "3 tickets and 2 mails that rules held or dropped" in text,
           "in the text too")
        same(len(p.desk.tickets()), 3, "nothing was changed")


def replayed_then():
    """Rules that look at other tickets, or at replies, say the same again."""
    rules = """
rule base { set category plain }
rule many { when similar 3 within 1h; set category outage; set impact high }
rule flood { when similar 5 within 1h; hold "too many" }
rule more { on reply; when subject has worse; set impact high; set urgency high
    set category worse; assign team network }
"""
    with Lab() as lab:
        p = Place(lab, rules)
        p.put("Mouse", who="ann@example.org", message_id="m1@x.org")
        p.put("Re: Mouse, worse", who="ann@example.org",
              In_Reply_To="<m1@x.org>")
        for _ in range(6):
            p.put("Mail is down")
        p.put("Something else")
        p.work()
        p.put("Mail is down")
        p.work()
        same([t["category"] for t in sorted(p.desk.tickets(),
                                            key=lambda t: t["number"])],
             ["worse", "plain", "plain", "outage", "outage", "plain"],
             "what the rules made of them")
        r = p.desk.json("replay")
        same([r[k] for k in ("tickets", "ruled", "changed", "held")],
             [6, 3, 0, 3], "and would make of them again: %r" % r["changes"])
        other = lab.dir + "/other.conf"
        with open(other, "w") as f:
            f.write("rule base { set category plain }\n"
                    "rule many { when similar 2 within 1h; set category"
                    " outage }\n")
        r = p.desk.json("replay", "--rules", other)
        same(sorted((c["field"], c["from"], c["to"], c["tickets"])
                    for c in r["changes"]),
             [("category", "plain", "outage", 1),
              ("end", "held", "ticket", 3),
              ("impact", "high", "medium", 2),
              ("priority", "high", "normal", 2)],
             "other rules are asked with the same eyes")


def counted_once():
    """Counters, turns, keys and the ticket stand in one transaction."""
    rules = """
rule all { tag all }
rule drop { when subject has spam; drop }
rule hold { when subject has wait; hold "wait" }
rule alarm { when subject has alarm; merge open tickets alarm }
"""
    query = ("SELECT 'hit', rule, hits, limits FROM rule_hit UNION ALL"
             " SELECT 'turn', team || agent, ticket, 0 FROM turn UNION ALL"
             " SELECT 'key', key, ticket, 0 FROM merge_key UNION ALL"
             " SELECT 'ticket', assignee, number, revision FROM ticket"
             " UNION ALL SELECT 'held', reason, id, 0 FROM held"
             " ORDER BY 1, 2, 3")
    with Lab() as lab:
        p = Place(lab, rules)
        for subject in ("One", "spam", "Two", "wait", "alarm", "Three",
                        "alarm"):
            p.put(subject)
        p.desk.run("fetch", "support", "--once")
        keep = lab.dir + "/keep"
        shutil.copytree(p.desk.state, keep, ignore=lambda d, names: [
            n for n in names if n.endswith(".wake")])
        p.desk.run("work", "--until-idle")
        want = p.desk.sql(query)
        same([w[1:3] for w in want if w[0] == "hit"],
             [("alarm", 2), ("all", 7), ("drop", 1), ("hold", 1)],
             "each match is counted once")
        bad, crashes = [], 0
        for n in range(1, 50):
            shutil.rmtree(p.desk.state)
            shutil.copytree(keep, p.desk.state)
            os.chmod(p.desk.state, 0o700)
            code = p.desk.run("work", "--until-idle", check=False, env={
                "DESKD_CRASH": str(n)}).returncode
            if code == 0:
                break
            crashes += 1
            p.desk.run("work", "--until-idle")
            if p.desk.sql(query) != want:
                bad.append("crash %d: %r" % (n, p.desk.sql(query)))
        same(bad, [], "also when work dies at each of %d commits" % crashes)
        ok(crashes >= 4, "it did die")


def old_mail():
    with Lab() as lab:
        p = Place(lab, "rule all { tag all; set category old }\n")
        folder = lab.folder("old")
        for i in range(3):
            with open("%s/%d.eml" % (folder, i), "wb") as f:
                f.write(mail("o%d@example.org" % i, subject="Old %d" % i))
        p.desk.run("import", folder)
        same([(t["team"], t["assignee"] or None, t["category"])
              for t in p.desk.tickets()], [("desk", None, "old")] * 3,
             "imported mail is sorted, but gives nobody work")
        same(p.desk.sql("SELECT count(*) FROM turn")[0][0], 0,
             "and nobody's turn is used up")
        same(p.give("New")["assignee"], "ana", "new mail does")


# The steps double with each letter a; nothing tells PCRE2 beforehand that there
# is neither b nor c.
EVIL = "/(?:a|aa)+[bc]/"


def limits():
    rules = """
rule guard { when body %s; quarantine "cannot be judged" }
rule grant { when subject %s; assign team network; set priority critical }
rule exempt { when subject has exempt; unless subject %s; tag exempted }
rule tame { when text has printer; tag printer }
""" % (EVIL, EVIL, EVIL)
    with Lab() as lab:
        p = Place(lab, rules)
        done = p.put("Printer", ("a" * 900 + "\n") * 15)
        out = p.work().stderr.decode()
        same(p.desk.tickets(), [], "a rule that holds: unclear is a match")
        held = p.desk.json("held")["rows"]
        ok(len(held) == 1 and held[0]["from"] == done and
           "a limit was met" in held[0]["reason"],
           "it is held, and why: %s" % (held and held[0]["reason"]))
        ok("rule=guard" in out and "a pattern met its limit: read as a match"
           in out, "the log says so")
        p.put("exempt printer " + "a" * 3000)
        out = p.work().stderr.decode()
        t = p.newest()
        same([t["team"], t["priority"], t["tags"]],
             ["desk", "normal", ["printer"]],
             "a rule that grants: unclear is no match, with unless too")
        ok("rule=grant" in out and "read as no match" in out,
           "the log says so")
        same(p.hits("limits"), {"guard": 1, "grant": 1, "exempt": 1},
             "limits are counted by rule")
        ok(b"LIMITS" in p.desk.run("rules", "hits").stdout,
           "and deskd rules hits shows them")
        t = p.give("Ordinary printer")
        same([t["team"], t["tags"]], ["desk", ["printer"]],
             "the next mail has its whole time again")


def hostile_sender():
    """Two hundred mails of one sender with subjects made for a slow pattern,
    and ten of other people behind them."""
    # Cubic, with limits that PCRE2 counts anew from each letter: the dearest.
    rules = "".join("rule slow%d { when subject /%sa*a*a*[bc]/; tag slow }\n"
                    % (i, "a?" * i) for i in range(3))
    with Lab() as lab:
        p = Place(lab, rules)
        for i in range(200):
            p.put("%d %s" % (i, "a" * 3000), who="eve@example.net")
        for i in range(10):
            p.put("Mine %d" % i)
        p.desk.run("fetch", "support", "--once")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        p.desk.run("work", "--until-idle", timeout=200)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = (after.ru_utime + after.ru_stime -
               before.ru_utime - before.ru_stime)
        same(p.desk.sql("SELECT count(*) FROM ticket WHERE subject LIKE"
                        " 'Mine%'")[0][0], 10, "the others have their tickets")
        ok(p.desk.sql("SELECT count(*) FROM ticket")[0][0] < 40,
           "the flood has few")
        ok(0 < p.hits("limits").get("slow2", 0) <= 40,
           "the rules were asked of few of them: %r" % p.hits("limits"))
        ok(cpu < 210 * 0.2, "%.0f ms of CPU a mail, under 200" % (
            cpu / 210 * 1000))


if __name__ == "__main__":
    main(fields, in_turn, loads, away_and_hours, merged, kept_back, replayed,
         replayed_then, counted_once, old_mail, limits, hostile_sender)
