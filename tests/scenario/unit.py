#!/usr/bin/env python3
"""The files for systemd: understood by it, as tight as promised, and about
this program."""
import os
import re
import shutil
import subprocess
import tempfile

from lab import DESKD, ROOT, Skip, main, note, ok, same

UNIT = ROOT + "/systemd/deskd.service"


def settings():
    out = {}
    with open(UNIT) as f:
        for line in f:
            name, eq, value = line.strip().partition("=")
            if eq and not name.startswith("#"):
                out.setdefault(name, []).append(value)
    return out


def understood():
    if not shutil.which("systemd-analyze"):
        raise Skip("systemd-analyze is not installed")
    with tempfile.TemporaryDirectory() as folder:
        with open(UNIT) as f, open(folder + "/deskd.service", "w") as g:
            g.write(f.read().replace("/usr/bin/deskd", DESKD))
        p = subprocess.run(["systemd-analyze", "verify", "--man=no",
                            folder + "/deskd.service"], capture_output=True,
                           text=True)
        bad = [x for x in p.stderr.splitlines() if "deskd.service" in x]
        same(bad, [], "systemd-analyze verify has nothing to say")
        p = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--no-pager",
             folder + "/deskd.service"], capture_output=True, text=True)
        level = re.search(r"exposure level for \S+: ([\d.]+)", p.stdout)
        if level is None:
            raise Skip("this systemd-analyze does not know --offline")
        ok(float(level[1]) <= 1.1, "exposure %s" % level[1])


def accounts_and_folders():
    for tool, name in (("systemd-sysusers", "deskd.sysusers"),
                       ("systemd-tmpfiles", "deskd.tmpfiles")):
        if not shutil.which(tool):
            raise Skip(tool + " is not installed")
        with tempfile.TemporaryDirectory() as root:
            os.mkdir(root + "/etc")
            for base in ("passwd", "group"):
                with open("%s/etc/%s" % (root, base), "w") as f:
                    f.write("root:x:0:0:root:/root:/bin/sh\n"
                            if base == "passwd" else "root:x:0:\n")
                    if tool == "systemd-tmpfiles":
                        f.write("deskd:x:%d:%d::/:/bin/sh\n" % (
                            os.getuid(), os.getgid())
                            if base == "passwd" else
                            "deskd:x:%d:\n" % os.getgid())
            args = ["--create"] if tool == "systemd-tmpfiles" else []
            if os.getuid() != 0:
                raise Skip("needs root")
            p = subprocess.run(
                [tool, *args, "--root=" + root, ROOT + "/systemd/" + name],
                capture_output=True, text=True)
            same(p.returncode, 0, "%s takes %s" % (tool, name))
            if p.returncode != 0:
                note(p.stderr)
            if tool == "systemd-sysusers":
                with open(root + "/etc/passwd") as f:
                    ok("deskd:" in f.read(), "the account is made")
            else:
                same(oct(os.stat(root + "/etc/deskd/secrets").st_mode & 0o777),
                     "0o700", "only root sees the secrets")


def about_this_program():
    s = settings()
    known = subprocess.run([DESKD, "help"], capture_output=True,
                           text=True).stdout
    for line in s["ExecStart"] + s["ExecReload"]:
        words = line.split()
        if words[0].endswith("/deskd"):
            ok(re.search(r"^  %s +" % words[1], known, re.M),
               "there is a subcommand %s" % words[1])
    same(s["Type"], ["notify"], "it tells when it is ready")
    same(s["RestartPreventExitStatus"], ["78"],
         "a wrong configuration is not started for ever")
    ok("ExecStartPre" not in s, "and is found by run itself")


if __name__ == "__main__":
    main(understood, accounts_and_folders, about_this_program)
