#!/usr/bin/env python3
"""A reply that quotes our own letter in a way that no pattern knows: our words
are taken out of what the person wrote, because we know what we sent."""
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile

import lab
from lab import DESKD

CONF = """name "Example IT Support"
address support@example.com
tickets { acknowledge all once-per 0s }
"""


def answer():
    top = tempfile.mkdtemp(prefix="deskd-known-")

    def deskd(*words):
        p = subprocess.run([DESKD, "-c", top + "/c", "-d", top + "/s", "--json",
                            *words], capture_output=True, text=True)
        return json.loads(p.stdout) if p.stdout.startswith("{") else p

    def mail(name, text):
        with open(top + "/" + name, "w") as f:
            f.write(text)
        deskd("import", "--live", top + "/" + name)

    try:
        with open(top + "/c", "w") as f:
            f.write(CONF)
        head = ("From: Maria <maria@example.org>\nTo: support@example.com\n"
                "Date: %s\n")
        date = subprocess.run(["date", "-R"], capture_output=True,
                              text=True).stdout.strip()
        mail("1.eml", head % date + "Subject: VPN\nMessage-ID: <1@example.org>"
             "\n\nMy VPN is broken.\n")
        ack = deskd("show", "1001")["messages"][1]
        lab.ok(ack["direction"] == "out" and "EX-1001" in ack["text"],
               "the acknowledgement is there")
        # No ">", no "On .. wrote": as some web mailers do it.
        mail("2.eml", head % date + "Subject: Re: VPN\nIn-Reply-To: <%s>\n"
             "Message-ID: <2@example.org>\n\nIt only happens at home.\n\n%s"
             % (ack["message_id"], ack["text"]))
        shown = deskd("show", "1001")["messages"][2]
        rows = deskd("search", "happens")
        lab.ok("only happens at home" in shown["text"], "the reply is there")
        found = sqlite3.connect(top + "/s/deskd.db").execute(
            "SELECT coalesce(new_text, text) FROM message WHERE id = 3"
        ).fetchone()[0].strip()
        lab.same(found, "It only happens at home.",
                 "only her own words are new")
        lab.ok(rows is not None, "and it can be searched")
    finally:
        shutil.rmtree(top)


if __name__ == "__main__":
    lab.main(answer)
