#!/usr/bin/env python3
"""The configuration: put in force whole or refused, kept, found again."""
import email
import os
import signal

from lab import Lab, mail, main, ok, same
from post import Post
from run_parent import Systemd, log_says, words

RULE = """
rule beamer {
    when text has beamer
    set category hardware
    tag  "%s"
}
"""
TEST = """
test "a beamer is hardware" {
    subject "The beamer is dark"
    expect category %s
}
"""


def hup(desk):
    os.kill(desk.proc.pid, signal.SIGHUP)


def last_try(desk):
    """The newest row: (id, occasion, conf, refused)."""
    rows = desk.sql("SELECT id, occasion, conf, refused FROM conf_try"
                    " ORDER BY id DESC LIMIT 1")
    return rows[0] if rows else (0, "", None, None)


def bring(lab, desk, server, subject):
    """A mail from the server to a ticket; the ticket."""
    before = len(desk.tickets())
    server.deliver("support@example.com", mail(subject=subject))
    lab.wait(lambda: len(desk.tickets()) > before, "a ticket")
    return desk.show(max(t["number"] for t in desk.tickets()))


def swaps():
    with Lab() as lab:
        dovecot = lab.dovecot(["support@example.com"])
        post = lab._add(Post(lab))
        desk = lab.desk(dovecot, post)
        bus = lab._add(Systemd(desk.dir))
        desk.env = {"NOTIFY_SOCKET": bus.name}
        good = desk.text
        with open(desk.dir + "/rules.conf", "w") as f:
            f.write(RULE % "first")
        desk.write_conf(good + "include rules.conf\n")
        desk.start()
        lab.wait(lambda: len(words(desk)) == 3, "the loops")
        same(last_try(desk)[1:], ("start", 1, None),
             "the first configuration is kept and in force")
        one = bring(lab, desk, dovecot, "The beamer is dark")
        same((one["category"], one["tags"]), ("hardware", ["first"]),
             "its rule works")

        with open(desk.dir + "/rules.conf", "w") as f:
            f.write("\n" + RULE % "second" + TEST % "hardware")
        p = desk.run("reload", check=False)
        same(p.returncode, 0, "deskd reload: 0")
        text = p.stdout.decode()
        ok("1 rule test, 0 failed" in text and "is in force since" in text
           and "(number 2)" in text, "it says so: %r" % text)
        same(last_try(desk)[1:], ("reload", 2, None), "and so does its row")
        two = bring(lab, desk, dovecot, "Another beamer is dark")
        same((two["category"], two["tags"]), ("hardware", ["second"]),
             "the new rule routes the next mail")
        blame(desk, one, two)

        refusals(lab, desk, bus, post, dovecot, good)


def blame(desk, one, two):
    """The line as it stood then, whatever the file says by now."""
    text = desk.run("blame", one["number"], "category").stdout.decode()
    ok("rule beamer (rules.conf:4)" in text, "blame: the why of the event")
    ok("    4 |     set category hardware\n"
       "          |     ^^^^^^^^^^^^^^^^^^^^^\n" in text,
       "blame: the line of the first configuration with its caret")
    ok("Configuration 1, in force since" in text, "blame: which, since when")
    ok("rules.conf still says so, now on line 5." in text,
       "blame: the file has it on another line")
    if "now on line 5" not in text:
        print("# " + text.replace("\n", "\n# "))
    text = desk.run("blame", one["number"], "tag").stdout.decode()
    ok("tag  \"first\"" in text and "but no longer this line" in text,
       "blame: the file no longer says so")
    text = desk.run("blame", two["number"], "tag").stdout.decode()
    ok("Configuration 2" in text and "rules.conf still says so." in text,
       "blame: the present one")
    d = desk.json("blame", one["number"])
    by = {f["field"]: f for f in d["fields"]}
    same((by["category"]["rule"], by["category"]["line"],
          by["category"]["configuration"], by["category"]["now"],
          by["category"]["now_line"], by["tag"]["now"]),
         ("rule beamer", 4, 1, "moved", 5, "changed"), "blame --json")
    same(desk.run("blame", one["number"], "colour", check=False).returncode,
         64, "blame: an unknown field is a usage error")
    text = desk.run("blame", one["number"], "assignee").stdout.decode()
    ok("Nothing has set its assignee" in text, "blame: never set")


def refusals(lab, desk, bus, post, dovecot, good):
    pids = set(desk.processes())
    desk.write_conf(good + "include rules.conf\nnonsense 1\n")
    p = desk.run("reload", check=False)
    same((p.returncode, "unknown setting 'nonsense'" in p.stdout.decode()),
         (78, True), "deskd reload of a broken file: the report, 78")
    same(last_try(desk)[0], 2, "and the service was not told")
    hup(desk)
    log_says(lab, desk, "configuration refused, the old one stays: %s:" %
             desk.conf)
    lab.wait(lambda: last_try(desk)[0] == 3, "its row")
    same(last_try(desk)[1:3], ("reload", 2), "SIGHUP: refused, 2 stays")
    ok("unknown setting 'nonsense'" in last_try(desk)[3], "with the report")
    lab.wait(lambda: bus.said("; configuration refused: "), "the status")
    ok(True, "the status line says so")
    same(set(desk.processes()), pids, "the loops were left alone")

    p = desk.run("list")
    ok("the configuration that is in force is used (number 2)"
       in p.stderr.decode(), "who looks sees with it, and is told")
    lab.wait(lambda: post.taken("root@example.com"), "a letter to the admin")
    letters = desk.sql("SELECT id FROM outbox WHERE kind = 'alert'")
    same(len(letters), 1, "the admin gets one letter")
    data = post.taken("root@example.com")[0]["data"]
    text = email.message_from_string(data).get_payload(decode=True).decode()
    ok("Subject: The new configuration was refused" in data and "number 2 of" in text
       and "unknown setting 'nonsense'" in text and "nonsense 1" in text
       and "^^^^^^^^" in text and "deskd reload" in text,
       "with the mistake, its line and what to do")
    hup(desk)
    lab.wait(lambda: last_try(desk)[0] == 4, "the same once more")
    same(desk.sql("SELECT count(*) FROM outbox WHERE kind = 'alert'"), [(1,)],
         "the same mistake again: no second letter")

    with open(desk.dir + "/rules.conf", "w") as f:
        f.write(RULE % "third" + TEST % "network")
    desk.write_conf(good + "include rules.conf\n")
    same(desk.run("reload", check=False).returncode, 78,
         "deskd reload with a rule test that fails: 78")
    hup(desk)
    lab.wait(lambda: last_try(desk)[0] == 5, "its row")
    ok(last_try(desk)[2] == 2 and "rules.conf:10:21" in last_try(desk)[3],
       "a rule test that fails: refused")
    lab.wait(lambda: len(post.taken("root@example.com")) == 2, "a letter")
    ok(True, "another mistake is another letter")
    three = bring(lab, desk, dovecot, "The third beamer is dark")
    same(three["tags"], ["second"], "the old rules go on")

    # A loop that ends meanwhile comes back with what is in force.
    desk.kill("work", signal.SIGKILL)
    four = bring(lab, desk, dovecot, "The fourth beamer is dark")
    same(four["tags"], ["second"], "also in a loop that had to start again")

    # A start with the same broken files.
    desk.stop()
    bus.read()
    bus.heard.clear()
    desk.start()
    lab.wait(lambda: len(words(desk)) == 3, "the loops, with broken files")
    same(last_try(desk)[1:3], ("start", 2), "a start falls back to 2")
    lab.wait(lambda: bus.said("; configuration refused: "), "the status")
    log_says(lab, desk, "started with configuration 2 of ")
    ok("the last good one takes its place" in desk.log(), "the log says so")
    same(desk.run("check", check=False).returncode, 78, "check still says 78")
    five = bring(lab, desk, dovecot, "The fifth beamer is dark")
    same(five["tags"], ["second"], "and the old rules")

    with open(desk.dir + "/rules.conf", "w") as f:
        f.write(RULE % "fourth" + TEST % "hardware")
    same(desk.run("reload", "-q", check=False).returncode, 0, "mended")
    six = bring(lab, desk, dovecot, "The sixth beamer is dark")
    same(six["tags"], ["fourth"], "the mended files are in force")
    bus.heard.clear()
    hup(desk)
    lab.wait(lambda: bus.said("STATUS=running"), "the status")
    ok(not bus.said("refused"), "the status line is clean again")
    same(desk.stop(), 0, "ends well")


OUTAGE = """
rule outage {
    when subject has outage
    reply template:outage
}
"""


def answer(lab, desk, server, sink, who):
    """A requester who reports the outage; the words of the letter."""
    address = who + "@example.net"
    server.deliver("support@example.com", mail(
        sender=address, subject="An outage"))

    def letters():
        return [t for t in sink.taken if address in t.recipients]
    lab.wait(letters, "a letter to " + who)
    data = email.message_from_bytes(letters()[0].data)
    part = data.get_payload(0) if data.is_multipart() else data
    return part.get_payload(decode=True).decode().split()[0]


def letters():
    """Templates are a part of the configuration, those of rules too."""
    with Lab() as lab:
        dovecot, sink = lab.dovecot(["support@example.com"]), lab.sink()
        desk = lab.desk(dovecot, sink)
        desk.write_conf(desk.text + OUTAGE)
        os.makedirs(desk.dir + "/templates/en")
        path = desk.dir + "/templates/en/outage.txt"

        def put(words):
            with open(path, "w") as f:
                f.write("Subject: Re: outage\n\n%s\n" % words)

        put("first")
        desk.start()
        lab.wait(lambda: len(words(desk)) == 3, "the loops")
        same(answer(lab, desk, dovecot, sink, "ann"), "first",
             "the template of a rule")
        put("{{ticket.subjec}}")
        desk.kill("work", signal.SIGKILL)
        same(answer(lab, desk, dovecot, sink, "ben"), "first",
             "a loop that starts again has the words that were kept")
        p = desk.run("reload", check=False)
        ok(p.returncode == 78 and "outage.txt:3:1: error: unknown variable "
           "'ticket.subjec'" in p.stdout.decode(), "deskd reload: its line")
        hup(desk)
        lab.wait(lambda: last_try(desk)[3], "its row")
        ok(last_try(desk)[2] == 1 and "outage.txt:3:1" in last_try(desk)[3],
           "SIGHUP: refused for a template")
        os.unlink(path)
        desk.stop()
        desk.start()
        lab.wait(lambda: len(words(desk)) == 3, "the loops")
        same(last_try(desk)[1:3], ("start", 1), "a start without the file")
        same(answer(lab, desk, dovecot, sink, "cleo"), "first",
             "falls back to the words that were kept")
        put("second")
        same(desk.run("reload", check=False).returncode, 0, "mended")
        same(answer(lab, desk, dovecot, sink, "dora"), "second",
             "and the new words are in force")
        with open(desk.dir + "/templates/en/outrage.txt", "w") as f:
            f.write("Subject: x\n\ny\n")
        p = desk.run("reload", check=False)
        ok(p.returncode == 0 and "outrage.txt: warning: no letter uses this "
           "template" in p.stdout.decode(), "reload: a file that nothing uses")
        same(desk.stop(), 0, "ends well")


if __name__ == "__main__":
    main(swaps, letters)
