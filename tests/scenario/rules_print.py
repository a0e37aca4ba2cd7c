#!/usr/bin/env python3
"""What check, explain, why, blame, replay, rules and reload print about the same
few mails.

tests/rules holds a configuration, mails and, in want/, what each command
prints.  "make want" writes what is printed now; git shows what changed.  Times
and costs of this machine are masked.
"""
import difflib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import lab
from lab import DESKD, ROOT

PLACE = os.path.join(ROOT, "tests", "rules")
NIGHT = "2026-08-04T03:00"
COSTS = ("microseconds", "worst", "calls")


def deskd(*args, place=PLACE, **env):
    """Its output, and how it ended when that was not well."""
    own = {k: v for k, v in os.environ.items()
           if k not in ("COLUMNS", "CLICOLOR_FORCE", "DESKD_CONF")}
    env = dict(own, TZ="Europe/Berlin", LC_ALL="C.UTF-8", **env)
    r = subprocess.run(
        [os.path.abspath(DESKD), *args], cwd=place, env=env,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        stderr=subprocess.DEVNULL, timeout=60, check=False)
    return r.stdout + ("" if r.returncode == 0 else
                       "exit %d\n" % r.returncode)


def mask(text):
    """Moments and ages."""
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d CES?T", "DAY TIME", text)
    text = re.sub(r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"', '"TIME"', text)
    return re.sub(r"(?m)^(\S+ +\d+) {2,}(now|\d+[mhdw])( |$)", r"\1 AGE\3",
                  text)


def lines(text):
    """JSON a person can compare."""
    return json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n"


def mask_replay(text):
    """The patterns in the order of their names, without their costs."""
    text = re.sub(r"\d+ microseconds of rules", "N microseconds of rules",
                  text)
    head, mark, table = text.partition("MICROSECONDS")
    rows = sorted(re.sub(r"^ *[\d.,]+ +[\d,]+ +", "N  N  ", row)
                  for row in table.splitlines()[1:])
    return head + mark + "\n" + "\n".join(rows) + "\n"


def mask_json(text):
    """The same for --json."""
    def walk(v):
        if isinstance(v, dict):
            return {k: "N" if k in COSTS else walk(w) for k, w in v.items()}
        if isinstance(v, list):
            return [walk(w) for w in v]
        return v
    v = walk(json.loads(text))
    v["patterns"] = sorted(v["patterns"], key=str)
    return json.dumps(v, indent=1, ensure_ascii=False) + "\n"


def pages(state):
    """(name, text) of all that is compared."""
    base = ("-c", "deskd.conf", "-d", state)
    for f in sorted(os.listdir(PLACE)):
        if f.startswith("check-"):
            yield f[:-5], deskd("-q", "-c", f, "check")
    yield "check", deskd("-c", "deskd.conf", "check")
    mails = sorted(os.listdir(PLACE + "/mail"))
    for m in mails[:7]:
        yield "explain-" + m[:-4], deskd(
            *base, "explain", "--at", NIGHT, "mail/" + m)
    yield "explain-narrow", deskd(
        *base, "explain", "--at", NIGHT, "mail/" + mails[1], COLUMNS="60")
    yield "explain-json", lines(deskd(
        *base, "--json", "explain", "--at", NIGHT, "mail/" + mails[1]))
    deskd(*base, "import", *("mail/" + m for m in mails[:7]))
    yield "replay", mask_replay(deskd(*base, "replay"))
    yield "replay-other", mask_replay(
        deskd(*base, "replay", "--diff", "--rules", "other"))
    yield "replay-json", mask_json(
        deskd(*base, "--json", "replay", "--rules", "other"))
    yield "replay-wrong", deskd(*base, "replay", "--rules",
                                "check-words.conf")
    yield "explain-" + mails[7][:-4], deskd(
        *base, "explain", "--at", NIGHT, "mail/" + mails[7])
    deskd(*base, "import", "mail/" + mails[7])
    yield "explain-ticket", deskd(
        *base, "explain", "--at", NIGHT, "1001")
    for n in ("1001", "1002", "1003", "1004"):
        yield "why-" + n, mask(deskd(*base, "why", n))
    yield "why-narrow", mask(deskd(*base, "why", "1002", COLUMNS="50"))
    yield "why-json", mask(lines(deskd(*base, "--json", "why", "1002")))
    yield "rules", mask(deskd(*base, "rules"))
    yield "rules-unused", mask(deskd(*base, "rules", "unused"))
    yield from blames(base, state)
    for name in ("deskd", "check-words"):
        yield "reload-" + name, deskd(
            "-c", name + ".conf", "-d", state, "reload")


def change(folder):
    """Lines of the rules that move, change, and go."""
    path = folder + "/rules.d/20-routing.conf"
    with open(path, encoding="utf-8") as f:
        text = f.read()
    text = "# one line more\n" + text.replace(
        "set    impact high", "set    impact medium", 1)
    head, tail = text.split("rule again {")
    with open(path, "w", encoding="utf-8") as f:
        f.write(head + "rule once-more {" + tail)


def blames(base, state):
    """As the files are, after they were changed, and without them."""
    yield "blame-1002", mask(deskd(*base, "blame", "1002"))
    yield "blame-tag", mask(deskd(*base, "blame", "1001", "tag"))
    yield "blame-json", mask(lines(deskd(*base, "--json", "blame", "1002")))
    yield "blame-never", deskd(*base, "blame", "1003", "type")
    yield "blame-nothing", deskd(*base, "blame", "1002", "colour")
    yield "blame-nobody", deskd(*base, "blame", "1999")
    there = state + "/changed"
    shutil.copytree(PLACE, there)
    change(there)
    for ticket, field in (("1002", "team"), ("1002", "impact"),
                          ("1001", "urgency")):
        yield "blame-changed-" + field, mask(deskd(
            *base, "blame", ticket, field, place=there))
    yield "blame-changed-json", mask(lines(deskd(
        *base, "--json", "blame", "1001", place=there)))
    os.unlink(there + "/rules.d/20-routing.conf")
    yield "blame-no-file", mask(deskd(*base, "blame", "1001", "category",
                                      place=there))


def want(name):
    return os.path.join(PLACE, "want", name)


def write(got):
    shutil.rmtree(PLACE + "/want", ignore_errors=True)
    os.mkdir(PLACE + "/want")
    for name, text in got:
        with open(want(name), "w", encoding="utf-8") as f:
            f.write(text)


def compare(got):
    seen = set()
    for name, text in got:
        seen.add(name)
        with open(want(name), encoding="utf-8") as f:
            wanted = f.read()
        lab.ok(text == wanted, "what is printed as " + name)
        for line in difflib.unified_diff(
                wanted.splitlines(), text.splitlines(), "want", "got", n=1,
                lineterm=""):
            print("# " + line)
    lab.same(sorted(os.listdir(PLACE + "/want")), sorted(seen),
             "each has its command")


def run(how):
    state = tempfile.mkdtemp(prefix="deskd-rules-")
    try:
        how(pages(state))
    finally:
        shutil.rmtree(state)


def test_printed():
    run(compare)


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        run(write)
    else:
        lab.main(test_printed)
