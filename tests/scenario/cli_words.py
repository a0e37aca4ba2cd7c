#!/usr/bin/env python3
"""The words of the command line: help, man page and completion agree."""
import os
import re
import shutil
import subprocess
import tempfile

import lab
from lab import DESKD, ROOT, Skip, note, ok, same

PAGE = os.path.join(ROOT, "daemon", "deskd.1")
SHARED = {"--json", "--color", "--help", "--quiet", "--verbose"}


def run(*args, **kw):
    return subprocess.run(args, text=True, capture_output=True, timeout=20,
                          stdin=subprocess.DEVNULL, **kw)


def commands():
    out = run(DESKD, "help").stdout
    return re.findall(r"^  ([a-z][a-z-]*) +\S", out, re.M)


def options(text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)) - SHARED


def page():
    """{command: its part of the man page} and the whole text."""
    with open(PAGE, encoding="utf-8") as f:
        text = f.read()
    parts = {}
    for section in re.split(r"^\.Sh ", text, flags=re.M):
        if not section.startswith(("SERVICE", "LOOKING", "DOING")):
            continue
        section = re.split(r"^\.Ss ", section, flags=re.M)[0]
        found = re.split(r"^\.It (?:Xo )?Cm ([a-z-]+)", section, flags=re.M)
        parts.update(zip(found[1::2], found[2::2]))
    return parts, text


def test_help():
    names = commands()
    ok(len(names) > 8 and "list" in names and "import" in names,
       "deskd help lists the commands")
    same(len(names), len(set(names)), "each once")
    for name in names:
        p = run(DESKD, "help", name)
        q = run(DESKD, name, "--help")
        ok(p.returncode == 0 and p.stdout.startswith("usage: deskd " + name)
           and p.stdout == q.stdout and not p.stderr,
           "help %s, %s --help" % (name, name))
        long = [x for x in p.stdout.splitlines() if len(x) > 80]
        same(long, [], "no line of help %s is longer than 80" % name)
    p = run(DESKD, "help")
    same([x for x in p.stdout.splitlines() if len(x) > 80], [],
         "nor of the overview")
    p = run(DESKD, "lsit")
    ok(p.returncode == 64 and "did you mean 'list'?" in p.stderr,
       "a wrong command")
    same(run(DESKD).stdout, run(DESKD, "help").stdout,
         "no command: the overview")


def test_page():
    parts, text = page()
    names = commands()
    same(sorted(parts), sorted(names),
         "the man page has the commands of deskd help, no more, no less")
    for name in names:
        said = options(run(DESKD, "help", name).stdout)
        written = {"-" + x for x in re.findall(
            r"\bFl (-[a-z-]+)", parts.get(name, ""))} - SHARED
        same(written, said, "the options of %s" % name)
    filters = re.findall(r"^  ([a-z]+):  ", run(DESKD, "help", "list").stdout,
                         re.M)
    same(sorted(re.findall(r"^\.It Cm ([a-z]+) :", text, re.M)),
         sorted(filters), "the filters")
    variables = set(re.findall(r"^\.It Ev ([A-Z_]+)", text, re.M))
    ok({"DESKD_CONF", "NO_COLOR", "COLUMNS", "DESKD_CRASH"} <= variables,
       "the environment")


def test_lint():
    if shutil.which("mandoc") is None:
        raise Skip("no mandoc (Debian: apt-get install mandoc)")
    p = run("mandoc", "-Tlint", "-Wwarning", PAGE)
    same((p.returncode, p.stdout), (0, ""), "mandoc -Tlint has no complaint")


def complete(*words):
    """What bash offers after these words."""
    script = ('eval "$("$DESKD" completion bash)"\n'
              'deskd() { "$DESKD" "$@"; }\n'
              'COMP_WORDS=(%s)\nCOMP_CWORD=%d\n_deskd\n'
              'printf "%%s\\n" "${COMPREPLY[@]}"\n' % (
                  " ".join("'%s'" % w for w in words), len(words) - 1))
    p = run("bash", "-c", script, env=dict(os.environ, DESKD=DESKD))
    if p.stderr:
        note(p.stderr)
    return p.stdout.split()


def test_completion():
    if shutil.which("bash") is None:
        raise Skip("no bash")
    same(complete("deskd", ""), commands(), "bash: every command")
    same(complete("deskd", "led"), ["ledger"], "bash: one of them")
    same(complete("deskd", "-d", "/x", "import", "--d"), ["--dry-run"],
         "bash: an option behind others")
    same(complete("deskd", "held", "r"), ["release"], "bash: a second word")
    with tempfile.TemporaryDirectory(prefix="deskd-words-") as d:
        with open(d + "/a.eml", "w") as f:
            f.write("From: a@example.org\nSubject: x\n\nx\n")
        env = dict(os.environ, STATE_DIRECTORY=d + "/state",
                   DESKD_CONF=d + "/none")
        run(DESKD, "import", d + "/a.eml", env=env)
        p = run(DESKD, "__complete", "tickets", env=env)
        same(p.stdout, "EX-1001\n", "the tickets that may be meant")
        with open(d + "/deskd.conf", "w") as f:
            os.fchmod(f.fileno(), 0o600)
            f.write("address support@example.com\n"
                    "agent ana { email ana@example.com }\n"
                    "team network { tier 1; members ana }\n")
        env["DESKD_CONF"] = d + "/deskd.conf"
        same([run(DESKD, "__complete", what, env=env).stdout
              for what in ("agents", "teams", "passwords")],
             ["ana\n", "network\n", ""], "the agents, the teams, no more")
    ok({"priority", "untag", "--dry-run"} <= set(complete(
        "deskd", "set", "")), "bash: the fields")
    for shell in ("bash", "zsh", "fish"):
        p = run(DESKD, "completion", shell)
        ok(p.returncode == 0 and all(n in p.stdout for n in commands()) and
           "box" not in p.stdout.split(), "completion " + shell)
        if shutil.which(shell):
            q = run(shell, "-n", "/dev/stdin") if shell == "x" else \
                subprocess.run([shell, "-n"], input=p.stdout, text=True,
                               capture_output=True)
            same((q.returncode, q.stderr), (0, ""), shell + " can read it")
    same(run(DESKD, "completion", "tcsh").returncode, 64, "an unknown shell")


if __name__ == "__main__":
    lab.main(test_help, test_page, test_lint, test_completion)
