#!/usr/bin/env python3
"""deskd rebuild: the same tables come out of raw mail again."""
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
TABLES = {
    "message": "SELECT * FROM message ORDER BY id",
    "msgid": "SELECT * FROM msgid ORDER BY 1, 2, 3",
    "ticket": "SELECT * FROM ticket ORDER BY number",
    "event": "SELECT * FROM event ORDER BY id",
    "ledger": "SELECT * FROM ledger ORDER BY 1, 2, 3",
}
# What agents' mails become: their words without the rest, orders, a note that
# was taken back, words without a mail.
DECIDED = """
UPDATE message SET direction = 'note', kept = 1, text = 'hello decided',
  new_text = NULL WHERE id = 2;
UPDATE message SET direction = 'note', kept = 1, class = 'command'
  WHERE id = (SELECT max(id) FROM message WHERE raw IS NOT NULL);
UPDATE message SET direction = 'note', kept = 1, class = 'withdrawn'
  WHERE id = (SELECT max(id) - 2 FROM message WHERE raw IS NOT NULL);
INSERT INTO message(ticket, direction, sender, date, received, text, kept)
  SELECT max(number), 'out', 'root', 1, 1, 'hello by hand', 1 FROM ticket;
INSERT INTO search(search) VALUES('rebuild');
INSERT INTO search_note(search_note) VALUES('rebuild');
"""


def mails():
    date = subprocess.run(["date", "-R"], capture_output=True,
                          text=True).stdout.strip()
    for n in range(40):
        head = ("From: Jo <jo%d@example.org>\nTo: support@example.com\n"
                "Date: %s\nMessage-ID: <r.%d@example.org>\n" % (
                    n % 7, date, n))
        if n % 3 == 2:
            head += "In-Reply-To: <r.%d@example.org>\n" % (n - 1)
        if n % 5 == 4:
            head += "Auto-Submitted: auto-replied\n"
        if n % 4 == 1:
            yield (head + "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe_%d?=\n"
                   "MIME-Version: 1.0\nContent-Type: text/html;"
                   " charset=iso-8859-1\n\n<p>Hall\xf6chen <b>%d</b></p>"
                   "\n" % (n, n)).encode("latin-1")
        else:
            yield (head + "Subject: words %d\n\nHello %d\n\nOn Monday Ann"
                   " wrote:\n> old words\n" % (n, n)).encode()


def same_again():
    top = tempfile.mkdtemp(prefix="deskd-rebuild-")

    def deskd(*words):
        return subprocess.run([DESKD, "-c", top + "/c", "-d", top + "/s",
                               *words], capture_output=True, text=True)

    def tables():
        db = sqlite3.connect(top + "/s/deskd.db")
        got = {k: db.execute(q).fetchall() for k, q in TABLES.items()}
        for table in ("search", "search_note"):
            db.execute("INSERT INTO %s(%s, rank)"
                       " VALUES('integrity-check', 1)" % (table, table))
            got[table] = db.execute(
                "SELECT rowid FROM %s WHERE %s MATCH 'hello OR hallochen'"
                " ORDER BY 1" % (table, table)).fetchall()
        db.rollback()
        db.close()
        return got

    try:
        with open(top + "/c", "w") as f:
            f.write(CONF)
        os.mkdir(top + "/m")
        for n, text in enumerate(mails()):
            with open("%s/m/%02d.eml" % (top, n), "wb") as f:
                f.write(text)
        deskd("import", "--live", top + "/m")
        db = sqlite3.connect(top + "/s/deskd.db")
        db.executescript(DECIDED)
        gone = db.execute("SELECT id FROM message WHERE class IN"
                          " ('command', 'withdrawn')").fetchall()
        db.close()
        before = tables()
        lab.ok(len(before["message"]) > 40, "mails and letters are there")
        words = {r[0] for r in before["search"] + before["search_note"]}
        hidden = {r[0] for r in gone}
        lab.ok(2 in words and len(hidden) == 2 and not hidden & words,
               "a note is found, neither a command nor what was withdrawn")
        db = sqlite3.connect(top + "/s/deskd.db")
        db.execute("UPDATE message SET text = 'lost', new_text = NULL,"
                   " subject = '' WHERE raw IS NOT NULL AND NOT kept")
        db.execute("UPDATE message SET sender = 'lost' WHERE kept"
                   " AND raw IS NOT NULL")
        db.execute("DELETE FROM msgid")
        db.commit()
        db.close()
        r = deskd("rebuild")
        lab.ok(r.returncode == 0 and "derived again" in r.stdout,
               "rebuild: %s" % (r.stdout + r.stderr).strip())
        after = tables()
        for name in before:
            lab.same(after[name], before[name], "%s is the same" % name)
        p = subprocess.run([DESKD, "-c", top + "/c", "-d", top + "/s",
                            "rebuild"], env=dict(os.environ, DESKD_CRASH="3"),
                           capture_output=True)
        lab.ok(p.returncode == 77, "killed before its commit")
        lab.same(tables(), before, "nothing has changed")
    finally:
        shutil.rmtree(top)


if __name__ == "__main__":
    lab.main(same_again)
