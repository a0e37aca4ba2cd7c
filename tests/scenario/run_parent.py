#!/usr/bin/env python3
"""The parent of the loops: what it starts, what it says, whom it obeys."""
import contextlib
import os
import signal
import socket
import subprocess
import time

from lab import DESKD, SLOW, Lab, main, ok, same
from lab import _die_with_parent
from post import Post, letter, put


class Systemd:
    """The socket that systemd would listen on."""

    def __init__(self, folder, abstract=False):
        self.path = folder + "/notify"
        self.name = "@" + self.path if abstract else self.path
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.sock.bind("\0" + self.path if abstract else self.path)
        self.heard = []

    def read(self):
        self.sock.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                self.heard.append(self.sock.recv(4096).decode())
        return self.heard

    def said(self, word):
        return any(word in x for x in self.read())

    def stop(self):
        self.sock.close()

    def log(self):
        return "\n".join(self.heard)


def words(desk):
    """The loops that run, by their arguments."""
    return sorted(line.partition(" -d ")[2].split(" ", 1)[1].removesuffix(
        " --child") for line in desk.processes().values()
        if "--child" in line)


def log_says(lab, desk, word):
    lab.wait(lambda: word in desk.log(), repr(word) + " in the log")
    return True


def what_runs():
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post, mailboxes={
            "support": (Post(lab, start=False), "support@example.com",
                        "imap imap://127.0.0.1:9 plain")}).start()
        lab.wait(lambda: len(words(desk)) == 3, "three loops")
        same(words(desk), ["fetch support", "send", "work"],
             "fetch, work and send")
        lab.wait(lambda: os.path.exists(desk.state + "/send.lock"), "a lock")
        mine = {}
        for pid, line in desk.processes().items():
            if "--child" not in line:
                continue
            for fd in os.listdir("/proc/%d/fd" % pid):
                with contextlib.suppress(OSError):
                    mine.setdefault(pid, []).append(
                        os.readlink("/proc/%d/fd/%s" % (pid, fd)))
        ok(all(not any(name.endswith("/run.lock") for name in names)
               for names in mine.values()),
           "no child has the parent's lock")
        
        same(desk.stop(), 0, "ends well")
        bare = lab.desk(None, None)
        bare.start()
        lab.wait(lambda: words(bare) == ["work"], "work alone")
        time.sleep(0.3)
        same(words(bare), ["work"],
             "no smtp block, no mailbox: work alone")
        same(bare.stop(), 0, "ends well, too")


def parent_is_clean():
    """The parent: no database, no socket, no wake-up while nothing happens."""
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post).start()
        lab.wait(lambda: len(words(desk)) == 2, "two loops")
        time.sleep(1)
        pid = desk.proc.pid
        names = [os.readlink("/proc/%d/fd/%s" % (pid, fd))
                 for fd in os.listdir("/proc/%d/fd" % pid)]
        ok(not any("deskd.db" in n for n in names), "no database is open")
        ok(not any(n.startswith("socket:") for n in names), "no socket")

        def switches():
            total = 0
            for p in [pid, *desk.processes()]:
                with open("/proc/%d/status" % p) as f:
                    total += next(int(x.split()[1]) for x in f
                                  if x.startswith("voluntary_ctxt"))
            return total
        before = switches()
        time.sleep(2)
        ok(switches() == before, "nobody wakes up in 2 s (%d times)" % (
            switches() - before))
        same(desk.stop(), 0, "ends well")


def says_so():
    for abstract in (False, True):
        with Lab() as lab:
            post = lab._add(Post(lab))
            desk = lab.desk(None, post)
            bus = lab._add(Systemd(desk.dir, abstract))
            desk.env = {"NOTIFY_SOCKET": bus.name, "WATCHDOG_USEC": "400000"}
            desk.start()
            lab.wait(lambda: bus.said("READY=1"), "READY=1")
            ok(True, "READY=1" + (" (abstract socket)" if abstract else ""))
            lab.wait(lambda: bus.said("STATUS=running: work, send"), "status")
            lab.wait(lambda: bus.read().count("WATCHDOG=1") >= 3,
                     "the watchdog's food")
            ok(True, "STATUS and WATCHDOG=1")
            os.kill(desk.proc.pid, signal.SIGHUP)
            lab.wait(lambda: bus.said("RELOADING=1\nMONOTONIC_USEC="), "that")
            lab.wait(lambda: bus.read().count("READY=1") == 2, "READY again")
            ok(True, "RELOADING=1, then READY=1 again")
            same(desk.stop(), 0, "ends well")
            ok(bus.said("STOPPING=1"), "STOPPING=1")


def watchdog_starves():
    """A loop that cannot live: systemd is not told that all is well."""
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post)
        bus = lab._add(Systemd(desk.dir))
        desk.env = {"NOTIFY_SOCKET": bus.name, "WATCHDOG_USEC": "200000"}
        os.mkdir(desk.state + "/send.wake")  # send ends at once
        desk.start()
        log_says(lab, desk, "send, process")
        lab.wait(lambda: bus.said("send starts again in"), "the status")
        ok(True, "the status says which loop waits")
        del bus.heard[:]
        time.sleep(0.6)
        fed = bus.read().count("WATCHDOG=1")
        ok(fed <= 1, "no WATCHDOG=1 while a loop does not live (%d)" % fed)
        os.rmdir(desk.state + "/send.wake")
        lab.wait(lambda: bus.read().count("WATCHDOG=1") > fed + 2,
                 "it again, once the loop lives", 20)
        ok(True, "and again when it lives")
        desk.stop()


def by_hand_beside():
    """A loop that runs by hand: the child waits for it and says so."""
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post, smtp_more="rate off")
        ident = put(desk, "ann@example.org", next_at=int(time.time()) + 3600)
        hand = subprocess.Popen([DESKD, "-c", desk.conf, "send"],
                                stderr=subprocess.DEVNULL,
                                preexec_fn=_die_with_parent())
        lab.wait(lambda: os.path.exists(desk.state + "/send.wake"), "it")
        desk.start()
        log_says(lab, desk, "exit 75")
        ok(str(hand.pid) in desk.log(), "the log says who has the lock")
        hand.terminate()
        same(hand.wait(20), 0, "the one by hand ends")
        lab.wait(lambda: "send" in words(desk) and
                 desk.run("send", "--until-idle", check=False).returncode
                 == 75, "the child's turn", 30)
        ok(True, "then the child takes over")
        same(letter(desk, ident).state, "pending", "nothing went meanwhile")
        desk.stop()


def reload():
    with Lab() as lab:
        one, two = lab._add(Post(lab)), lab._add(Post(lab))
        desk = lab.desk(None, one, smtp_more="rate off").start()
        lab.wait(lambda: len(words(desk)) == 2, "the loops")
        pids = set(desk.processes())
        put(desk, "a@example.org")
        wake(desk)
        lab.wait(lambda: len(one.taken()) == 1, "a letter over the first")
        desk.write_conf(desk.text + "\nnonsense 1\n")
        os.kill(desk.proc.pid, signal.SIGHUP)
        log_says(lab, desk, "configuration refused")
        ok("nonsense" in desk.log(), "a mistake: refused, with the reason")
        time.sleep(0.3)
        same(set(desk.processes()), pids, "and the loops were left alone")
        desk.write_conf(desk.text.replace(
            "smtp://127.0.0.1:%d " % one.port,
            "smtp://127.0.0.1:%d " % two.port))
        os.kill(desk.proc.pid, signal.SIGHUP)
        log_says(lab, desk, "configuration read again")
        lab.wait(lambda: len(words(desk)) == 2 and
                 not pids & set(desk.processes()), "new loops")
        ok(True, "a good one: every loop is a new process")
        put(desk, "b@example.org")
        lab.wait(lambda: wake(desk) or len(two.taken()) == 1,
                 "a letter over the second relay")
        same((len(one.taken("b@example.org")),
              len(two.taken("b@example.org"))), (0, 1),
             "letters go over the new relay")
        desk.write_conf(desk.text.partition("smtp {")[0] + desk.text.partition(
            "smtp {")[2].partition("\n}")[2])
        os.kill(desk.proc.pid, signal.SIGHUP)
        lab.wait(lambda: words(desk) == ["work"], "no send any more")
        ok(True, "without the smtp block there is no send")
        os.kill(desk.proc.pid, signal.SIGUSR1)
        log_says(lab, desk, "work runs, process")
        ok(True, "SIGUSR1: how they are")
        same(desk.stop(), 0, "ends well")


def wake(desk):
    with contextlib.suppress(OSError):
        fd = os.open(desk.state + "/send.wake", os.O_WRONLY | os.O_NONBLOCK)
        os.write(fd, b"x")
        os.close(fd)


def obeys():
    """A child that does not end is killed; a second SIGTERM does not wait."""
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post).start()
        lab.wait(lambda: len(words(desk)) == 2, "the loops")
        desk.kill("send", signal.SIGSTOP)
        pids = list(desk.processes())
        began = time.monotonic()
        desk.proc.terminate()
        time.sleep(0.5)
        desk.proc.terminate()
        same(desk.proc.wait(20), 0, "told twice: ends")
        ok(time.monotonic() - began < 5 * SLOW, "at once, %.1f s" % (
            time.monotonic() - began))
        ok(not any(os.path.exists("/proc/%d" % p) for p in pids),
           "and leaves nobody behind")
        desk.stop()


def mistakes():
    with Lab() as lab:
        desk = lab.desk(None, None)
        desk.write_conf(desk.text + "\nnonsense 1\n")
        p = desk.run("run", check=False)
        same(p.returncode, 78, "a mistake in the configuration: 78")
        desk.write_conf(desk.text)
        with open(desk.state + "/deskd.db", "w") as f:
            f.write("this is no database, and never was one. " * 100)
        p = desk.run("run", check=False)
        ok(p.returncode not in (0, 75), "a file that is no database: exit %d, "
           "%s" % (p.returncode, p.stderr.decode().strip()))
        os.unlink(desk.state + "/deskd.db")
        same(desk.run("run", "now", check=False).returncode, 64,
             "a word too much: 64")


if __name__ == "__main__":
    main(what_runs, parent_is_clean, says_so, watchdog_starves,
         by_hand_beside, reload, obeys, mistakes)
