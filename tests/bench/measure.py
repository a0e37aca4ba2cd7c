"""What the kernel says a program cost: wall time, CPU seconds, peak memory.

CPU is that of the process and of every child it waited for; by process it is
what was seen last while each lived, so a little less.  Peak memory is the
largest VmHWM of any single process of the tree, read while they live: ru_maxrss
would also count the Python that forked them.
"""
import os
import signal
import statistics
import subprocess
import threading
import time


def children(pid):
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
            return [int(x) for x in f.read().split()]
    except OSError:
        return []


TICK = os.sysconf("SC_CLK_TCK")


def look_at(pid):
    """(peak kB, CPU seconds, name) of one process; 0 when it is gone."""
    try:
        with open("/proc/%d/status" % pid) as f:
            text = f.read()
        with open("/proc/%d/stat" % pid) as f:
            stat = f.read().rpartition(")")[2].split()
        with open("/proc/%d/cmdline" % pid, "rb") as f:
            words = f.read().split(b"\0")
    except OSError:
        return 0, 0, ""
    if "VmHWM:" not in text:
        return 0, 0, ""
    kilobytes = int(text.partition("VmHWM:")[2].split()[0])
    known = [w.decode("utf-8", "replace") for w in words[1:]
             if w and not w.startswith((b"-", b"/"))]
    return (kilobytes, (int(stat[11]) + int(stat[12])) / TICK,
            " ".join(known[:2]))


class Program:
    """A program being measured.  wait() or stop() ends it."""

    def __init__(self, argv, env=None, log=None, cwd=None):
        self.peaks, self.seconds_of = {}, {}
        out = open(log, "ab") if log else subprocess.DEVNULL
        self.began = time.monotonic()
        self.proc = subprocess.Popen(
            argv, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out,
            stderr=out, start_new_session=True)
        if log:
            out.close()
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()

    def _tree(self, pid):
        yield pid
        for child in children(pid):
            yield from self._tree(child)

    def _look(self):
        while not self._over.wait(0.05):
            self.look()

    def look(self):
        for pid in self._tree(self.proc.pid):
            kilobytes, seconds, name = look_at(pid)
            if kilobytes > self.peaks.get(name, 0):
                self.peaks[name] = kilobytes
            if kilobytes:
                self.seconds_of[pid] = (name, seconds)

    def cpu_of(self, name):
        """Of all processes of that name."""
        return sum(s for n, s in self.seconds_of.values() if n == name)

    def seconds(self):
        return time.monotonic() - self.began

    def wait(self):
        """To its end; the exit code."""
        _, status, usage = os.wait4(self.proc.pid, 0)
        self.wall = self.seconds()
        self.cpu = usage.ru_utime + usage.ru_stime
        self.proc.returncode = os.waitstatus_to_exitcode(status)
        self._over.set()
        self._watch.join()
        try:
            os.killpg(self.proc.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        return self.proc.returncode

    def stop(self):
        self.look()
        self.proc.send_signal(signal.SIGTERM)
        return self.wait()

    def alive(self):
        """Not reaped here: wait4() wants the usage."""
        try:
            with open("/proc/%d/stat" % self.proc.pid) as f:
                return f.read().rpartition(")")[2].split()[0] not in "ZX"
        except OSError:
            return False

    @property
    def peak(self):
        return max(self.peaks.values(), default=0)


def median(values):
    values = [v for v in values if v is not None]
    return statistics.median(values) if values else None


def quantile(values, share):
    """The value that this share of them does not pass."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
