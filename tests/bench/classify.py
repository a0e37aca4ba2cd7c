#!/usr/bin/env python3
"""How well do the rules put tickets into categories?

    classify.py [--conf FILE] [--rows odd|even|all] [--show CATEGORY]
                MAP CSV...

Each row of the CSV files becomes a mail, the mails are imported into a folder
of their own with the rules of conf/, and the category of each ticket is
compared with the label that people gave it.  Shown are

  - a confusion table: labels downwards, categories of the rules across;
  - precision and recall of each category, of the rules and, beside them, of a
    naive list: the name of a category and five obvious words, the category
    with the most of them in the text, none: other.

The texts are not part of this repository; their licences do not allow it.
Rows are numbered from 0 in each file: words are found and tried on the even
ones (--rows even), figures come from the odd ones, which is the default.

MAP says what the labels of the files mean; a line is one of

    FILE.csv subject COLUMN            # without: the first eight words
    FILE.csv text COLUMN
    FILE.csv label COLUMN LABEL CATEGORY...
    FILE.csv type COLUMN LABEL TYPE...

in shell quoting, # for comments.  With several categories each of them is
right, and the first is the one that a row missed counts against.  A column
may hold several labels with ; between them: the first line of MAP whose label
it holds decides.  A row without a label in MAP has no right answer: it stands
in the confusion table as "-" and is not counted.  Scripts of this kind
cannot know more than the labels do: where people labelled by who had to do it
and not by what it was about, no list of words gets far.
"""
import argparse
import collections
import csv
import email.message
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
DESKD = os.environ.get("DESKD", os.path.join(ROOT, "deskd"))
CATEGORIES = ("hardware", "software", "application", "network", "account",
              "email", "printer", "access", "vpn", "security", "other")
NAIVE = {
    "hardware": "hardware laptop computer monitor keyboard mouse",
    "software": "software install installation update license program",
    "application": "application error crash bug exception failure",
    "network": "network internet wifi wlan connection router",
    "account": "account password login user username locked",
    "email": "email outlook mail mailbox inbox calendar",
    "printer": "printer print printing toner paper scanner",
    "access": "access permission rights folder share grant",
    "vpn": "vpn remote tunnel anyconnect home citrix",
    "security": "security virus malware phishing spam hacked",
}


class Row:
    def __init__(self, number, subject, text, label, right, types):
        self.number, self.subject, self.text = number, subject, text
        self.label, self.right, self.types = label, right, types
        self.got = self.type = None


def read_map(path):
    """File name -> {"subject": column, ..., "label": [(column, label, [..])]}"""
    maps = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            words = shlex.split(line, comments=True)
            if not words:
                continue
            m = maps.setdefault(words[0], {"label": [], "type": []})
            if words[1] in ("label", "type"):
                m[words[1]].append((words[2], words[3], words[4:]))
            else:
                m[words[1]] = words[2]
    return maps


def choose(lines, row):
    for column, label, right in lines:
        if label in row[column].split(";"):
            return label, right
    return None, []


def read_rows(path, m, which):
    rows = []
    with open(path, newline="", encoding="utf-8") as f:
        for n, row in enumerate(csv.DictReader(f)):
            if which != "all" and n % 2 != (which == "odd"):
                continue
            text = row[m["text"]] or ""
            subject = row[m["subject"]] if "subject" in m else " ".join(
                text.split()[:8])
            label, right = choose(m["label"], row)
            if label is None and m["label"]:
                label = "- " + row[m["label"][-1][0]]
            rows.append(Row(n, subject, text, label, right,
                            choose(m["type"], row)[1]))
    return rows


def write_mbox(path, rows):
    with open(path, "wb") as f:
        for i, r in enumerate(rows):
            m = email.message.EmailMessage()
            m["From"] = "row%d@example.org" % i
            m["To"] = "support@example.com"
            m["Subject"] = " ".join(r.subject.split())[:200] or "no subject"
            m["Message-ID"] = "<row%d@mail.example.org>" % i
            m["Date"] = "Mon, 02 Nov 2026 10:%02d:%02d +0000" % (
                i // 60 % 60, i % 60)
            m.set_content(r.text, cte="8bit")
            data = re.sub(rb"(?m)^(>*From )", rb">\1", m.as_bytes())
            f.write(b"From x Mon Nov  2 10:00:00 2026\n" + data + b"\n")


def classify(conf, rows, keep=None):
    """Import them; seconds that took."""
    place = tempfile.mkdtemp(prefix="deskd-classify-")
    try:
        write_mbox(place + "/rows.mbox", rows)
        began = time.monotonic()
        subprocess.run([DESKD, "-c", conf, "-d", place, "import",
                        "--no-progress", place + "/rows.mbox"],
                       check=True, stdout=subprocess.DEVNULL)
        took = time.monotonic() - began
        out = subprocess.run([DESKD, "-c", conf, "-d", place, "list",
                              "--json", "--all", "--limit", "0"],
                             check=True, capture_output=True).stdout
        for t in json.loads(out)["tickets"]:
            m = re.match(r"row(\d+)@", t["requester"]["address"])
            row = rows[int(m.group(1))]
            row.got, row.type = t.get("category") or "other", t.get("type")
            row.priority = t.get("priority")
        lost = [r for r in rows if r.got is None]
        if lost:
            sys.exit("%d rows became no ticket" % len(lost))
        return took
    finally:
        shutil.rmtree(place, ignore_errors=True)


def naive(row):
    words = collections.Counter(re.findall(
        r"\w+", (row.subject + " " + row.text).lower()))
    best, most = "other", 0
    for c, w in NAIVE.items():
        n = sum(words[x] for x in w.split())
        if n > most:
            best, most = c, n
    return best


def confusion(rows, got):
    table = collections.defaultdict(collections.Counter)
    for r in rows:
        table[(not r.right, r.label)][got(r)] += 1
    print("%-24s" % "label" + "".join("%9s" % c[:8] for c in CATEGORIES) +
          "      sum")
    for (_, label), line in sorted(table.items()):
        print("%-24s" % label[:24] + "".join(
            "%9s" % (line[c] or ".") for c in CATEGORIES) +
            "%9d" % sum(line.values()))


def figures(rows, got):
    """Category -> (hits, wrongly so, missed)"""
    out = {c: [0, 0, 0] for c in CATEGORIES}
    for r in rows:
        c = got(r)
        if c in r.right:
            out[c][0] += 1
        else:
            out[c][1] += 1
            out[r.right[0]][2] += 1
    return out


def share(a, b):
    return "%6.0f %%" % (100 * a / b) if b else "%8s" % "-"


def compare(rows):
    counted = [r for r in rows if r.right]
    ours, theirs = (figures(counted, g) for g in (lambda r: r.got, naive))
    print("\n%-13s%8s  %18s  %18s" % ("", "", "rules", "naive list"))
    print("%-13s%8s  %9s%9s  %9s%9s" % (
        "category", "labelled", "precision", "recall", "precision", "recall"))
    for c in CATEGORIES:
        n = sum(r.right[0] == c for r in counted)
        print("%-13s%8d  " % (c, n) + "  ".join(
            " %s %s" % (share(t, t + f), share(t, t + m))
            for t, f, m in (ours[c], theirs[c])))
    for name, x in (("rules", ours), ("naive list", theirs)):
        good = sum(v[0] for v in x.values())
        print("right by the %s: %d of %d, %.1f %%" % (
            name, good, len(counted), 100 * good / len(counted)))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--conf", default=os.path.join(ROOT, "conf/deskd.conf"))
    p.add_argument("--rows", default="odd", choices=("odd", "even", "all"))
    p.add_argument("--show", help="print what went wrong for this category")
    p.add_argument("map")
    p.add_argument("csv", nargs="+")
    a = p.parse_args()
    maps, rows = read_map(a.map), []
    for path in a.csv:
        rows += read_rows(path, maps[os.path.basename(path)], a.rows)
    took = classify(a.conf, rows)
    print("%d rows (%s), imported in %.1f s\n" % (len(rows), a.rows, took))
    confusion(rows, lambda r: r.got)
    compare(rows)
    typed = [r for r in rows if r.types]
    if typed:
        good = sum(r.type in r.types for r in typed)
        print("type right: %d of %d, %.1f %%; always 'incident': %.1f %%" % (
            good, len(typed), 100 * good / len(typed),
            100 * sum("incident" in r.types for r in typed) / len(typed)))
    print("priorities: %s" % dict(collections.Counter(
        r.priority for r in rows)))
    for r in rows if a.show else ():
        if r.right and r.got not in r.right and a.show in (
                r.got, r.right[0]):
            print("\n[%d] %s, not %s: %s | %s" % (
                r.number, r.got, "/".join(r.right), r.subject, r.text[:400]))


if __name__ == "__main__":
    main()
