#!/usr/bin/env python3
"""Malformed mails: each is read within a second and 64 MiB, and none is lost.

tests/hostile.py makes them, of more than 140 families; `make test` takes two
of each, HOSTILE=6500 in the environment that many, HOSTILE_FOLDER the
mails of a folder instead.  What is read must be JSON, its header values one
line, its file names safe.  Then all are imported at once: the ledger has a row
for each, and each is a ticket, with one, or held.
"""
# time limit: 3600
import concurrent.futures
import glob
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile

import lab
from lab import DESKD

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import hostile  # noqa: E402

SAN = os.environ.get("SAN", "")
COUNT = int(os.environ.get("HOSTILE", "284"))
FOLDER = os.environ.get("HOSTILE_FOLDER")
CPU = 1.0 if not SAN else 20.0
MEMORY = 64 << 10  # KiB
BAD = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
LINES = ("from_addr", "from_name", "subject", "message_id", "in_reply_to",
         "forward_from", "forward_subject", "bounce_status", "bounce_message_id")
LISTS = ("to", "cc", "reply_to", "references", "bounce_recipients", "defects")


def wrong_name(name):
    return ("/" in name or "\\" in name or name in (".", "..") or
            len(name.encode()) > 200 or BAD.search(name))


def wrong(text):
    """What of the answer must not be; None: it is all right."""
    try:
        mail = json.loads(text.decode("utf-8"))
    except ValueError as e:
        return "no JSON: %s" % e
    values = [mail.get(k, "") for k in LINES]
    for key in LISTS:
        values += mail.get(key, [])
    for value in values:
        if BAD.search(value):
            return "not one line: %r" % value[:80]
    for a in mail["attachments"]:
        if wrong_name(a["name"]):
            return "an unsafe name: %r" % a["name"][:80]
    for key in ("body_text", "reply_text"):
        if "\x00" in mail[key] or "\r" in mail[key]:
            return "NUL or CR in " + key
    return None


def parse(path):
    """(CPU seconds, KiB, what is wrong) of one mail."""
    out = tempfile.TemporaryFile()
    p = subprocess.Popen([DESKD, "parse", "--json", path], stdout=out,
                         stderr=subprocess.PIPE)
    try:
        _, status, used = os.wait4(p.pid, 0)
    finally:
        err = p.stderr.read().decode("utf-8", "replace")
        p.stderr.close()
    p.returncode = os.waitstatus_to_exitcode(status)
    out.seek(0)
    text = out.read()
    out.close()
    why = None
    if p.returncode != 0:
        why = "exit code %d: %s" % (p.returncode, err.strip()[-200:])
    return (used.ru_utime + used.ru_stime, used.ru_maxrss,
            why or wrong(text))


def place(top):
    """The mails as files."""
    if FOLDER:
        return sorted(glob.glob(FOLDER + "/**/*.eml", recursive=True))
    paths = []
    for name, raw in hostile.mails(COUNT):
        paths.append("%s/%s.eml" % (top, name))
        with open(paths[-1], "wb") as f:
            f.write(raw)
    return paths


def each(paths):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        rows = list(zip(pool.map(parse, paths), paths))
    bad = [(why, path) for (_, _, why), path in rows if why]
    lab.ok(not bad, "%d malformed mails are read" % len(rows))
    for why, path in bad[:10]:
        lab.note("%s: %s" % (os.path.basename(path), why))
    (cpu, _, _), path = max(rows)
    lab.ok(cpu < CPU, "none takes more than %.2f s of CPU (%s)" % (
        cpu, os.path.basename(path)))
    if SAN:
        return
    memory, path = max((row[1], path) for row, path in rows)
    lab.ok(memory < MEMORY, "none takes more than %.1f MiB (%s)" % (
        memory / 1024, os.path.basename(path)))


def kept(top, paths):
    """One import of all; the ledger, the tickets and what is held."""
    def ask(*words):
        out = subprocess.run([DESKD, "-d", top + "/state", "--json", *words],
                             capture_output=True, check=True)
        return json.loads(out.stdout)
    done = subprocess.run([DESKD, "-d", top + "/state", "import",
                           FOLDER or top + "/mails"],
                          stdin=subprocess.DEVNULL, capture_output=True)
    lab.same(done.returncode, 0, "they are imported: %s" % done.stderr[-200:])
    rows = ask("ledger")["rows"]
    states = {}
    for row in rows:
        states[row["state"]] = states.get(row["state"], 0) + 1
    lab.same(len(rows), len(paths), "the ledger has each: %s" % states)
    with_ticket = ("new", "append", "variant", "oversize")
    lab.ok(all(r["ticket"] for r in rows if r["state"] in with_ticket),
           "what was taken has a ticket")
    lab.ok(set(states) <= {"new", "append", "variant", "oversize", "event",
                           "dup_of", "filed", "held", "loop_held"},
           "nothing else became of any")
    held = ask("held", "list")["rows"]
    lab.same(len(held), states.get("held", 0) + states.get("loop_held", 0),
             "what is held is on the list")
    lab.ok(not [h for h in held if "could not be read" in h["reason"]],
           "and none for its reader's sake")
    numbers = {r["ticket"] for r in rows if r["state"] == "new"}
    lab.same(len(ask("list")["tickets"]), len(numbers),
             "as many tickets as new ones")


def malformed():
    # no core file of a reader that dies
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    top = tempfile.mkdtemp(prefix="deskd-malformed-")
    try:
        os.mkdir(top + "/mails")
        paths = place(top + "/mails")
        each(paths)
        kept(top, paths)
    finally:
        shutil.rmtree(top)


if __name__ == "__main__":
    lab.main(malformed)
