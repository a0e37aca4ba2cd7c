"""Does the work on a mail grow with its size and no faster?

For each family of tests/hostile.py a mail of n and one of 4n bytes are parsed
by build/parse_bench, which gives the CPU time a mail takes.  A ratio of 4 is
linear; less, where a limit cuts in.
"""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
import hostile  # noqa: E402

BENCH = os.path.join(HERE, "../..", os.environ.get("BENCH",
                                                   "build/parse_bench"))
SMALL = 60000
NOISE = 300  # us: what is faster says nothing


def seconds(paths, turns):
    """Microseconds a mail takes, by path."""
    out = subprocess.run([BENCH, "-r", str(turns), "-n", "0", *paths],
                         capture_output=True, text=True, check=True).stdout
    found = {}
    for line in out.splitlines():
        words = line.split()
        found[words[0]] = float(words[words.index("us") - 1])
    return found


def measure(names, small=SMALL, turns=3):
    """(ratio, us of n, us of 4n, name) of each."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="deskd-linear-") as top:
        paths = {}
        for name in names:
            for n in (small, 4 * small):
                paths[name, n] = "%s/%s-%d" % (top, name, n)
                with open(paths[name, n], "wb") as f:
                    f.write(hostile.make(name, n))
        took = seconds(sorted(paths.values()), turns)
        for name in names:
            a = took[paths[name, small]]
            b = took[paths[name, 4 * small]]
            rows.append((b / max(a, NOISE / 4), a, b, name))
    return rows


def families():
    return sorted(set(hostile.FAMILIES) - hostile.FIXED)


def linear(say, bar):
    """A table; the families above the bar, measured again in two sizes before
    they are believed."""
    rows = measure(families())
    high = [r[3] for r in rows if r[0] > bar and r[2] > NOISE]
    for size in (SMALL, 2 * SMALL):
        if high:
            again = {r[3]: r for r in measure(high, size, 7)}
            rows = [again.get(r[3], r) for r in rows]
            high = [r[3] for r in again.values() if r[0] > bar]
    for ratio, a, b, name in sorted(rows, reverse=True):
        say("%-26s %9.0f us %9.0f us  %5.2f" % (name, a, b, ratio))
    return high
