"""Each loop dies just before and just after each of its commits, is started
again and comes to the same end state (habit 15; C1-C10, O1-O7)."""
from crash import LOOPS, Stages, report
from lab import Lab, main


def every_commit():
    with Lab() as lab:
        stages = Stages(lab)
        for loop in LOOPS:
            done, bad = 0, []
            while True:
                stages.again(loop[0])
                n = done + 1
                p = stages.desk.run(*loop, env={"DESKD_CRASH": str(n)},
                                    check=False)
                if p.returncode == 0:
                    break
                if p.returncode != 77:
                    bad.append("crash %d: exit %d: %s" % (
                        n, p.returncode, p.stderr.decode()[-300:]))
                    break
                done = n
                wrong = stages.verdict()
                if wrong:
                    bad.append("crash %d: %s" % (n, wrong))
            report("deskd %s at each commit" % loop[0], done, bad)


def twice():
    """A crash in the recovery of a crash (C12)."""
    with Lab() as lab:
        stages = Stages(lab)
        for loop in LOOPS:
            done, bad = 0, []
            for first in range(1, 100):
                stages.again(loop[0])
                if stages.desk.run(*loop, env={"DESKD_CRASH": str(first)},
                                   check=False).returncode == 0:
                    break
                for second in (2, 1):
                    stages.desk.run(*loop, env={"DESKD_CRASH": str(second)},
                                    check=False)
                done += 1
                wrong = stages.verdict()
                if wrong:
                    bad.append("crash %d, then 2, then 1: %s" % (first, wrong))
            report("deskd %s, three crashes in a row" % loop[0], done, bad)


if __name__ == "__main__":
    main(every_commit, twice)
