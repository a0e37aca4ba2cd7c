#!/usr/bin/env python3
"""The work on a malformed mail grows no faster than the mail: a mail of n and
one of 4n bytes of each family of tests/hostile.py.

4 is linear; the bar is 8, since other programs run beside the tests, and what
seems to be above is measured again.  `make bench ARGS="--only linear"` prints
the table.
"""
# time limit: 600
import os
import sys

import lab

SAN = os.environ.get("SAN", "")
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "../bench"))
from linear_table import families, linear as table  # noqa: E402


def linear():
    if SAN:
        raise lab.Skip("sanitizers have costs of their own")
    high = table(lambda line: None, 8)
    lab.ok(not high, "%d families are linear" % len(families()))
    for name in high:
        lab.note("more than linear: " + name)


if __name__ == "__main__":
    lab.main(linear)
