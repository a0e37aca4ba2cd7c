#!/usr/bin/env python3
"""An agent with a real mutt on a terminal: she opens what deskd sent her, over
IMAP, answers by a key, types, sends by SMTP; the requester reads it."""
import os
import shutil
import subprocess
import time

from lab import PASSWORD, SLOW, Lab, Skip, main, note, ok, same
from office import MARIA, PEOPLE, Got, Office, first, flat, leaks, spoken

ANA = PEOPLE["ana"][1]
RC = """
set imap_user="{user}"
set imap_pass="{password}"
set spoolfile="imap://127.0.0.1:{imap}/INBOX"
set folder="imap://127.0.0.1:{imap}/"
set smtp_url="smtp://127.0.0.1:{smtp}"
set ssl_starttls=no
set ssl_force_tls=no
set realname="Ana Silva"
set from="{user}"
set use_from=yes
set hostname="example.com"
set editor="{editor}"
set charset="utf-8"
set fast_reply=yes
set include=yes
set reply_to=yes
set copy=no
set confirmappend=no
set abort_unmodified=no
set delete=no
set move=no
set sort=date
set mail_check=1
set timeout=1
set header_cache=""
set certificate_file=""
set wait_key=no
"""
# What is typed, up to a line with a dot, goes above the quote; up to "..",
# below it.  A person's vi does the same with more keys.
EDITOR = """#!/bin/sh
echo "What do you write?"
while IFS= read -r line; do
    case $line in
    .) cat "$1" >>"$1.typed"; break ;;
    ..) cat "$1" "$1.typed" >"$1.all"; mv "$1.all" "$1.typed"; break ;;
    esac
    printf '%s\\n' "$line" >>"$1.typed"
done
mv "$1.typed" "$1"
"""


class Terminal:
    """A program in tmux, with a person at its keyboard."""

    def __init__(self, lab, command):
        self.name = "deskd-test-%d" % os.getpid()
        self.lab = lab
        env = dict(os.environ, LC_ALL="C.UTF-8", TERM="screen",
                   HOME=lab.folder("home"), TMUX="")
        subprocess.run(["tmux", "-L", self.name, "-f", "/dev/null",
                        "new-session", "-d", "-x", "120", "-y", "40", command],
                       env=env, check=True, stdin=subprocess.DEVNULL)

    def run(self, *args):
        return subprocess.run(["tmux", "-L", self.name, *args],
                              capture_output=True, text=True).stdout

    def screen(self):
        return self.run("capture-pane", "-p")

    def see(self, text, seconds=15):
        """Wait until it stands on the screen."""
        end = time.monotonic() + seconds * SLOW
        while text not in self.screen():
            if time.monotonic() > end:
                note(self.screen())
                raise TimeoutError("%r is not on the screen" % text)
            time.sleep(0.05)

    def type(self, *lines):
        for line in lines:
            if line:
                self.run("send-keys", "-l", line)
            self.run("send-keys", "Enter")

    def press(self, *keys):
        self.run("send-keys", *keys)

    def log(self):
        return self.screen()

    def stop(self):
        self.run("kill-server")


def terminal(lab, office):
    mutt = shutil.which("mutt") or shutil.which("neomutt")
    for name, path in (("mutt", mutt), ("tmux", shutil.which("tmux"))):
        if not path:
            raise Skip("%s is not installed (apt-get install %s)" % (name,
                                                                     name))
    folder = lab.folder("mutt")
    with open(folder + "/editor", "w") as f:
        f.write(EDITOR)
    os.chmod(folder + "/editor", 0o755)
    with open(folder + "/rc", "w") as f:
        f.write(RC.format(user=ANA, password=PASSWORD, editor=folder +
                          "/editor", imap=office.dv.port,
                          smtp=office.sink.port))
    return lab._add(Terminal(lab, "%s -n -F %s/rc" % (mutt, folder)))


def read(office, word):
    """The mail in Maria's mailbox with this word."""
    def look():
        for _, _, data in office.dv.mails(MARIA[1]):
            got = Got(data)
            if word in "\n".join(got.lines()):
                return got
        return None
    return office.lab.wait(look, "%r in her mailbox" % word, 30)


def answers():
    with Lab() as lab:
        office = Office(lab, live=True)
        office.post(first(MARIA, "The share is gone",
                          "Since Monday the share is gone.\nWhat now?\n"))
        lab.wait(lambda: office.dv.mails(ANA), "Ana's notification")
        t = terminal(lab, office)
        t.see("The share is gone")
        t.press("Enter")
        t.see("What now?")
        ok("Yours: answer Maria" in t.screen(), "she reads what to do")
        t.press("r")
        t.see("What do you write?")
        t.type("#resolve", "It was the cable, a new one is in.", "",
               "Please look at it once more - käse & €.", ".")
        t.see("y:Send")
        ok("support+" in t.screen(), "mutt answers to Reply-To")
        t.press("y")
        got = read(office, "a new one is in")
        text = flat("\n".join(got.lines()))
        for words in ("It was the cable, a new one is in.",
                      "Please look at it once more - käse & €."):
            ok(words in text, "she reads %r" % words)
        same(leaks(got.data), [], "and nothing of the inside")
        ok("#resolve" not in text, "nor the command")
        [ticket] = office.desk.tickets()
        same((ticket["status"], ticket["assignee"]), ("resolved", "ana"),
             "the ticket is resolved")
        same(office.held(), [], "nothing is held")
        # She answers below the quote, as mutt's people do.
        office.post(first(MARIA, "Another thing", "Is the door open?\n"))
        lab.wait(lambda: len(office.desk.tickets()) == 2, "a second ticket")
        lab.wait(lambda: any(b"Another thing" in d for _, _, d in
                             office.dv.mails(ANA)), "its notification")
        t.press("q")
        t.see("Another thing", 30)
        t.press("*")  # the last one
        t.press("Enter")
        t.see("Is the door open?")
        t.press("r")
        t.see("What do you write?")
        t.type("Yes, until eight.", "..")
        t.see("y:Send")
        t.press("y")
        got = read(office, "Yes, until eight.")
        same(spoken(got), "Yes, until eight.", "an answer below: her words")
        same(leaks(got.data), [], "and nothing of the inside")
        t.press("q", "q", "x")
        same(office.desk.stop(), 0, "deskd run ends well")


if __name__ == "__main__":
    main(answers)
