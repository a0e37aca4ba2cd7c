#!/usr/bin/env python3
"""Under valgrind, where /proc/self/exe is not deskd: the reader of mails is
started all the same, and nothing is read or written that is not ours."""
import shutil
import subprocess

from lab import DESKD, SAN, Lab, Skip, mail, main, ok, same


def work():
    if SAN:
        raise Skip("sanitizers and valgrind do not go together")
    if not shutil.which("valgrind"):
        raise Skip("valgrind is not installed (apt-get install valgrind)")
    with Lab() as lab:
        dv, sink = lab.dovecot(), lab.sink()
        desk = lab.desk(dv, sink)
        for n in range(3):
            dv.deliver("support@example.com", mail(
                sender="Jörg Größe <jo%d@example.org>" % n, subject="Grüße",
                text="Please help.\n\n> quoted\n-- \nJo\n"))
        desk.run("fetch", "support", "--once")
        p = subprocess.run(
            ["valgrind", "-q", "--error-exitcode=99", DESKD, "-c", desk.conf,
             "work", "--until-idle"], capture_output=True, timeout=120)
        same(p.returncode, 0, "work under valgrind ends well")
        ok(b"Invalid" not in p.stderr and b"uninitialised" not in p.stderr,
           "valgrind has nothing to say")
        same([r["state"] for r in desk.ledger()], ["new"] * 3,
             "the reader was started and has read")
        desk.run("send", "--until-idle")
        same(len(sink.taken), 3, "and each is acknowledged")


if __name__ == "__main__":
    main(work)
