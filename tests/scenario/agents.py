#!/usr/bin/env python3
"""deskd agent: who works here, and taking somebody's right to act by mail."""
import os

from lab import Lab, mail, main, ok, same

PEOPLE = """
agent ana "Ana Silva" {
    email ana@example.com ana.silva@example.com
    away 2020-01-01..2020-01-31 to bob
    away 2020-03-01..2199-12-31 to bob
}
agent bob "Bob Berg" { email bob@example.com }
agent chloe "Chloe Petit" { email chloe@example.com; away 2199-01-01 }
agent dieter "Dieter Krause" { email dieter@example.com }
team network "Network" { tier 1; members ana bob; lead dieter
    manager chloe; assign lead }
team desk "Desk" { tier 1; members bob }
"""


def run(desk, *args):
    p = desk.run("agent", *args, check=False)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def agents(desk):
    return {a["name"]: a for a in desk.json("agent", "list")["agents"]}


def with_tickets(lab, n=2):
    desk = lab.desk(people=PEOPLE)
    path = desk.dir + "/mails"
    os.mkdir(path)
    for i in range(n):
        with open("%s/%d.eml" % (path, i), "wb") as f:
            f.write(mail("Ann <ann%d@example.org>" % i, subject="No %d" % i))
    desk.run("import", "--live", path)
    return desk


def listed():
    with Lab() as lab:
        desk = with_tickets(lab)
        got = agents(desk)
        same(list(got), ["ana", "bob", "chloe", "dieter"],
             "all, as they stand in the configuration")
        same(got["ana"], {
            "name": "ana", "shown": "Ana Silva",
            "addresses": ["ana@example.com", "ana.silva@example.com"],
            "teams": ["network"], "away": "2020-03-01..2199-12-31",
            "stand_in": "bob", "suspended": False, "open": 0}, "ana")
        same((got["bob"]["teams"], got["bob"]["away"]),
             (["network", "desk"], None), "two teams, and here")
        same((got["chloe"]["teams"], got["chloe"]["away"],
              got["chloe"]["stand_in"]), (["network"], None, None),
             "a manager; not away yet")
        same((got["dieter"]["teams"], got["dieter"]["open"]),
             (["network"], 2), "the lead has the tickets")
        rc, out, err = run(desk)
        lines = out.splitlines()
        ok(rc == 0 and len(lines) == 5 and lines[0].startswith("NAME") and
           "MAIL" not in lines[0], "a table: %s" % out)
        ok("2020-03-01..2199-12-31 to bob" in lines[1] and
           "ana@example.com, ana.silva@example.com" in lines[1], "her line")


def suspended():
    with Lab() as lab:
        desk = with_tickets(lab, 1)
        rc, out, err = run(desk, "suspend", "Ana.Silva@Example.com")
        ok(rc == 0 and "No mail acts for ana" in out, "by address: %s" % out)
        same([n for n, a in agents(desk).items() if a["suspended"]], ["ana"],
             "only her")
        ok("suspended" in run(desk, "list")[1], "the table says so")
        since = desk.sql("SELECT since FROM principal WHERE name = 'ana'")
        rc, out, err = run(desk, "suspend", "ana")
        ok(rc == 0 and "already" in out, "twice: %s" % out)
        same(desk.sql("SELECT since FROM principal WHERE name = 'ana'"), since,
             "since the first time")
        rc, out, err = run(desk, "resume", "ana")
        ok(rc == 0 and "again" in out, "resume: %s" % out)
        same([n for n, a in agents(desk).items() if a["suspended"]], [],
             "nobody")
        ok("already" in run(desk, "resume", "ana")[1], "resume twice")
        rc, out, err = run(desk, "suspend", "aan")
        ok(rc == 1 and "did you mean 'ana'" in err, "a typo: %s" % err)
        rc, out, err = run(desk, "suspend", "\x1b[2Jx")
        ok(rc == 1 and "\x1b" not in err, "nothing steers the terminal")
        for words in (("suspend",), ("suspend", "ana", "bob"), ("resume",),
                      ("suspnd", "ana"), ("list", "ana")):
            same(run(desk, *words)[0], 64, "agent " + " ".join(words))
        same(run(desk, "-q", "suspend", "bob")[1:], ("", ""), "quietly")
        same(agents(desk)["bob"]["suspended"], True, "and done")
        desk.write_conf(desk.text + "rubbish\n")
        same(run(desk, "suspend", "dieter")[0], 78,
             "a broken configuration that no service has kept")


def nobody():
    with Lab() as lab:
        desk = lab.desk(people="")
        same(run(desk)[0], 66, "no database")
        desk = lab.desk(people="", name="second")
        desk.run("import", os.devnull, check=False)
        rc, out, err = run(desk)
        ok(rc == 0 and "names no agents" in err, "no agents: %s" % err)
        same(desk.json("agent", "list"), {"agents": []}, "as JSON")
        same(run(desk, "suspend", "ana")[0], 1, "nobody to suspend")


main(listed, suspended, nobody)
