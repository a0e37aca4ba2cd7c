#!/usr/bin/env python3
"""What a fuzzer has found, as a small folder of seeds.

    tests/fuzz/keep.py build/x_fuzz ...

Of tests/fuzz/x and of what hunts have left in build/corpus/x those files stay
that together reach the most edges for their bytes: at most FILES of them and
BYTES.  Files with a name stay as they are; the others are named by their hash.
"""
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile

FILES = 60
BYTES = 100 << 10
LARGEST = 4096  # libFuzzer makes no larger ones of its own


def features(fuzzer, folders):
    """File -> the edges it reaches, as libFuzzer's merge notes them."""
    with tempfile.TemporaryDirectory() as out:
        control = os.path.join(out, "control")
        os.mkdir(os.path.join(out, "none"))
        subprocess.run(
            [fuzzer, "-set_cover_merge=1", "-use_counters=0", "-timeout=20",
             "-merge_control_file=" + control, os.path.join(out, "none"),
             *map(str, folders)],
            stdin=subprocess.DEVNULL, capture_output=True, check=False,
            env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
        lines = pathlib.Path(control).read_text().split("\n")
    names = lines[2:2 + int(lines[0])]
    found = {}
    for line in lines[2 + len(names):]:
        if line.startswith("FT "):
            i, *edges = line.split()[1:]
            found[names[int(i)]] = set(map(int, edges))
    return found


def choose(found, always):
    """The best file for its bytes, again and again."""
    kept, seen, size = [], set(), 0
    left = {n: e for n, e in found.items()
            if os.path.getsize(n) <= LARGEST or n in always}
    while left and len(kept) < FILES:
        def worth(name):
            gain = len(left[name] - seen)
            return (name in always, gain / (1000 + os.path.getsize(name)), name)
        best = max(left, key=worth)
        edges = left.pop(best)
        if best not in always and not edges - seen:
            break
        if best not in always and size + os.path.getsize(best) > BYTES:
            continue
        kept.append(best)
        seen |= edges
        size += os.path.getsize(best)
    return kept, len(seen), size


def is_hash(name):
    return len(name) == 12 and set(name) <= set("0123456789abcdef")


def keep(fuzzer):
    name = pathlib.Path(fuzzer).name.removesuffix("_fuzz")
    here = pathlib.Path("tests/fuzz") / name
    folders = [here]
    if os.path.isdir(f"build/corpus/{name}"):
        folders.append(pathlib.Path("build/corpus") / name)
    found = features(fuzzer, folders)
    always = {str(p) for p in here.iterdir() if not is_hash(p.name)}
    kept, edges, size = choose(found, always)
    new = {n: pathlib.Path(n).read_bytes() for n in kept if n not in always}
    for old in here.iterdir():
        if is_hash(old.name):
            old.unlink()
    for data in new.values():
        (here / hashlib.sha256(data).hexdigest()[:12]).write_bytes(data)
    print(f"keep {name:12} {len(kept):4} of {len(found)} files, "
          f"{size:7} bytes, {edges} edges")


for arg in sys.argv[1:]:
    keep(arg)
