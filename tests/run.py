#!/usr/bin/env python3
"""Run every test of the tree and count single checks.

    tests/run.py [--build DIR] [-j N] [-v] [NAME ...]

What runs: DIR/*_test (C, TAP), tests/*.t (shell, TAP), tests/scenario/*.py
(Python, TAP) and tests/layers.sh (good when it exits 0).  Names choose: the
base name with or without its suffix, or a part of it with a * ("crash*").

One line a program with its time; the whole output of what fails.  Each program
has a process group of its own that is killed whole when its time is up.  The
last line is "N passed, N failed, N skipped", counted in single checks.  The
exit code is 0 or 1.  It promises not to hide anything: a program that dies,
prints no plan or prints fewer checks than planned is a failed check.
"""
import argparse
import contextlib
import fnmatch
import glob
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LIMIT = {"c": 60, "t": 120, "py": 240, "sh": 60}  # seconds
TAP = re.compile(r"^(not )?ok\b\s*(\d*)(.*)$")
SKIP = re.compile(r"#\s*skip\b\s*(.*)", re.I)
PLAN = re.compile(r"^1\.\.(\d+)(?:\s*#\s*skip\b\s*(.*))?", re.I)
MAIN = re.compile(r"^if __name__ ==", re.M)
TIMEOUT = re.compile(r"^(?:#|//|\"\"\"|\s*\*)?\s*time limit:\s*(\d+)", re.M | re.I)


class Result:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.why = []


def limit_of(path, kind):
    """A test may ask for more time: a line "# time limit: 300"."""
    if kind in ("t", "py"):
        with open(path, encoding="utf-8") as f:
            found = TIMEOUT.search(f.read(4000))
        if found:
            return int(found.group(1))
    return LIMIT[kind]


def programs(build):
    out = []
    for path in sorted(glob.glob(os.path.join(build, "*_test"))):
        out.append((path, "c", [path]))
    for path in sorted(glob.glob(os.path.join(ROOT, "tests", "*.t"))):
        out.append((path, "t", ["sh", path]))
    for path in sorted(glob.glob(os.path.join(ROOT, "tests/scenario/*.py"))):
        with open(path, encoding="utf-8") as f:
            if MAIN.search(f.read()):  # lab.py and its like are not tests
                out.append((path, "py", [sys.executable, path]))
    out.append((os.path.join(ROOT, "tests/layers.sh"), "sh",
                ["sh", os.path.join(ROOT, "tests/layers.sh")]))
    return out


def wanted(path, names):
    base = os.path.basename(path)
    stem = os.path.splitext(base)[0]
    return not names or any(
        fnmatch.fnmatch(word, pattern) for pattern in names
        for word in (base, stem, stem.removesuffix("_test")))


def count(text, code, kind):
    """What the output says, and what it ought to have said."""
    r = Result()
    plan = None
    if kind == "sh":
        r.passed, r.failed = int(code == 0), int(code != 0)
        return r
    for line in text.splitlines():
        m = PLAN.match(line)
        if m:
            plan = int(m.group(1))
            if plan == 0 and m.group(2) is not None:
                r.skipped += 1
                r.why.append(m.group(2))
            continue
        m = TAP.match(line)
        if not m:
            continue
        skip = SKIP.search(m.group(3))
        if m.group(1):
            r.failed += 1
        elif skip:
            r.skipped += 1
            r.why.append(skip.group(1))
        else:
            r.passed += 1
    seen = r.passed + r.failed + (r.skipped if plan != 0 else 0)
    if plan is None:
        r.failed += 1
        r.why.append("no plan: it ended early")
    elif plan != seen:
        r.failed += 1
        r.why.append("planned %d checks, saw %d" % (plan, seen))
    elif code != 0 and r.failed == 0:
        r.failed += 1
        r.why.append("exit code %d" % code)
    return r


def kill_group(pid):
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


running = set()


def stop_all(*_):
    """A stop from outside takes the running tests along."""
    for p in list(running):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(p.pid, signal.SIGTERM)
    time.sleep(1)
    for p in list(running):
        kill_group(p.pid)
    os._exit(1)


def run(path, kind, argv, env):
    """(result, seconds, output)"""
    seconds = limit_of(path, kind) * float(os.environ.get("TEST_SLOW", "1"))
    began = time.monotonic()
    with tempfile.TemporaryFile() as out:
        p = subprocess.Popen(argv, cwd=ROOT, env=env, stdin=subprocess.DEVNULL,
                             stdout=out, stderr=subprocess.STDOUT,
                             start_new_session=True)
        running.add(p)
        late = False
        try:
            p.wait(seconds)
        except subprocess.TimeoutExpired:
            late = True
            os.killpg(p.pid, signal.SIGTERM)  # a chance to clean up
            with contextlib.suppress(subprocess.TimeoutExpired):
                p.wait(5)
        kill_group(p.pid)
        code = p.wait()
        running.discard(p)
        out.seek(0)
        text = out.read().decode("utf-8", "replace")
    r = count(text, code, kind)
    if late:
        r.failed += 1
        r.why.append("killed after %d s" % seconds)
    return r, time.monotonic() - began, text


def main():
    ap = argparse.ArgumentParser(usage=__doc__)
    ap.add_argument("--build", default="build")
    ap.add_argument("-j", type=int, default=2)
    ap.add_argument("-v", action="store_true")
    ap.add_argument("names", nargs="*")
    args = ap.parse_args()
    build = os.path.abspath(args.build)
    env = dict(os.environ)
    env["DESKD"] = os.path.abspath(env.get("DESKD") or build + "/deskd")
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    env.setdefault("SAN", "")
    # Nothing of the caller's desk may leak into a test.
    for name in ("DESKD_CONF", "DESKD_CRASH", "STATE_DIRECTORY",
                 "CREDENTIALS_DIRECTORY", "NOTIFY_SOCKET", "JOURNAL_STREAM"):
        env.pop(name, None)
    todo = [p for p in programs(build) if wanted(p[0], args.names)]
    if not todo:
        print("no test has that name")
        print("0 passed, 1 failed, 0 skipped")
        return 1
    # Scenarios take longest: begin with them.
    todo.sort(key=lambda p: {"py": 0, "t": 1, "c": 2, "sh": 3}[p[1]])
    total = Result()
    lock = threading.Lock()

    def worker():
        while True:
            with lock:
                if not todo:
                    return
                path, kind, argv = todo.pop(0)
            r, seconds, text = run(path, kind, argv, env)
            name = os.path.relpath(path, ROOT)
            with lock:
                total.passed += r.passed
                total.failed += r.failed
                total.skipped += r.skipped
                words = "%d ok" % r.passed
                if r.failed:
                    words += ", %d FAILED" % r.failed
                if r.skipped:
                    words += ", %d skipped" % r.skipped
                if r.why:
                    words += " (%s)" % "; ".join(dict.fromkeys(r.why))
                print("%-44s %6.1f s  %s" % (name, seconds, words))
                if r.failed or args.v:
                    print("".join("    " + s + "\n"
                                  for s in text.splitlines()), end="")
                sys.stdout.flush()

    threads = [threading.Thread(target=worker, daemon=True)
               for _ in range(max(1, args.j))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print("%d passed, %d failed, %d skipped" %
          (total.passed, total.failed, total.skipped))
    return 1 if total.failed or total.passed == 0 else 0


if __name__ == "__main__":
    for sig in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sig, stop_all)
    sys.exit(main())
