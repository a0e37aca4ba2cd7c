"""The laboratory of the scenario tests: real servers on loopback ports.

    with Lab() as lab:
        dovecot = lab.dovecot(["support@example.com", "ann@example.com"])
        sink = lab.sink(dovecot)             # an SMTP server of our own
        desk = lab.desk(dovecot, sink)       # writes deskd.conf
        dovecot.deliver("support@example.com", mail(...))
        desk.start()                         # deskd run
        lab.wait(lambda: desk.tickets(), "a ticket")

    if __name__ == "__main__":
        main(test_one, test_two)

Everything stands in one temporary folder with free ports, and everything is
stopped and removed when the with block ends, however it ends.  Works as root
and as an ordinary user; as root the servers run as "nobody".  What a machine
lacks makes a test skip, with the reason.  Python 3 and its library only.
"""
import atexit
import contextlib
import ctypes
import email.utils
import imaplib
import json
import os
import pwd
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import traceback

from smtpsink import Sink

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
DESKD = os.path.abspath(os.environ.get("DESKD") or (
    ROOT + "/build/deskd" if os.path.exists(ROOT + "/build/deskd")
    else ROOT + "/deskd"))
SAN = os.environ.get("SAN", "")
SLOW = float(os.environ.get("TEST_SLOW", "4" if SAN else "1"))
PASSWORD = "geheim"
# Who works at a desk() that is not told otherwise.
STAFF = ("ana@example.com", "bob@example.com", "dieter@example.com",
         "eva@example.com", "chloe@example.com", "zoe@example.com")
libc = ctypes.CDLL(None, use_errno=True)
# deskd refuses a configuration that a group may write (umask 002 is common).
os.umask(os.umask(0) | 0o022)


# --- TAP ---------------------------------------------------------------------

class Skip(Exception):
    """The rest of this test cannot run here; says why."""


_count = _failed = 0


def ok(good, text):
    """One check.  Returns whether it held."""
    global _count, _failed
    _count += 1
    _failed += not good
    print("%sok %d - %s" % ("" if good else "not ", _count, text), flush=True)
    return bool(good)


def same(got, want, text):
    good = ok(got == want, text)
    if not good:
        note("got  %r" % (got,))
        note("want %r" % (want,))
    return good


def skip(text, why):
    global _count
    _count += 1
    print("ok %d - %s # skip %s" % (_count, text, why), flush=True)


def note(text):
    for line in str(text).splitlines():
        print("# " + line, flush=True)


def main(*tests):
    """Run the tests given; those named on the command line, if any."""
    names = sys.argv[1:]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for test in tests:
        if names and test.__name__ not in names:
            continue
        began = time.monotonic()
        try:
            test()
        except Skip as e:
            skip(test.__name__, e)
        except Exception:
            ok(False, "%s: it broke off" % test.__name__)
            note(traceback.format_exc())
        note("%s: %.1f s" % (test.__name__, time.monotonic() - began))
    print("1..%d" % _count)
    sys.exit(1 if _failed else 0)


# --- Small things --------------------------------------------------------------

def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def mail(sender="Ann Ahlers <ann@example.com>", to="support@example.com",
         subject="The printer burns", text="Please help.\n", message_id=None,
         date=None, extra="", **fields):
    """A mail as bytes with CRLF.  message_id "" leaves it out."""
    lines = ["From: " + sender, "To: " + to, "Subject: " + subject]
    lines.append("Date: " + (date or email.utils.formatdate()))
    if message_id is None:
        message_id = email.utils.make_msgid(domain="mail.example.com")
    if message_id:
        if not message_id.startswith("<"):
            message_id = "<%s>" % message_id
        lines.append("Message-ID: " + message_id)
    for name, value in fields.items():
        lines.append("%s: %s" % (name.replace("_", "-"), value))
    if extra:
        lines.extend(extra.strip().splitlines())
    lines += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
              "Content-Transfer-Encoding: 8bit", ""]
    lines += text.splitlines()
    return ("\r\n".join(lines) + "\r\n").encode()


def _die_with_parent(uid=None, gid=None):
    def before_exec():
        if uid is not None:
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
        libc.prctl(1, signal.SIGTERM, 0, 0, 0)  # after setuid, which clears it
    return before_exec


def children(pid):
    """The processes whose parent is pid: {pid: command line}."""
    out = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open("/proc/%s/stat" % name) as f:
                stat = f.read()
            if int(stat.rpartition(")")[2].split()[1]) != pid:
                continue
            if stat.rpartition(")")[2].split()[0] == "Z":
                continue
            with open("/proc/%s/cmdline" % name, "rb") as f:
                out[int(name)] = f.read().replace(b"\0", b" ").decode(
                    "utf-8", "replace").strip()
        except (FileNotFoundError, ProcessLookupError):
            pass
    return out


def descendants(pid):
    out = {}
    for child, line in children(pid).items():
        out[child] = line
        out.update(descendants(child))
    return out


class Authority:
    """A certificate authority that lives as long as the test (openssl)."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        self.ca_file = folder + "/ca.pem"
        self._openssl("req", "-x509", *self._key("ca"), "-days", "2", "-subj",
                      "/CN=deskd test authority", "-out", self.ca_file)
        open(folder + "/index", "w").close()
        with open(folder + "/serial", "w") as f:
            f.write("1000\n")

    def _key(self, name):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-keyout", "%s/%s.key" % (self.folder, name)]

    def _openssl(self, *args):
        p = subprocess.run(["openssl", *args], capture_output=True, text=True,
                           cwd=self.folder)
        if p.returncode != 0:
            raise RuntimeError("openssl %s: %s" % (" ".join(args), p.stderr))

    def issue(self, name="server", alt="IP:127.0.0.1,DNS:localhost",
              expired=False):
        """(certificate file, key file); one file name for each name."""
        base = "%s/%s" % (self.folder, name)
        self._openssl("req", *self._key(name), "-subj", "/CN=" + name, "-out",
                      base + ".csr")
        with open(base + ".ext", "w") as f:
            f.write("[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\n"
                    "new_certs_dir=.\ndefault_md=sha256\npolicy=p\n"
                    "unique_subject=no\nrand_serial=yes\n"
                    "[p]\ncommonName=supplied\n"
                    "[x]\nsubjectAltName=%s\nextendedKeyUsage=serverAuth\n"
                    % alt)
        now = time.time() - (10 * 86400 if expired else 3600)
        stamp = [time.strftime("%Y%m%d%H%M%SZ", time.gmtime(t))
                 for t in (now, now + 2 * 86400)]
        self._openssl("ca", "-batch", "-notext", "-config", base + ".ext",
                      "-extensions", "x", "-cert", self.ca_file, "-keyfile",
                      self.folder + "/ca.key", "-startdate", stamp[0],
                      "-enddate", stamp[1], "-in", base + ".csr", "-out",
                      base + ".pem")
        return base + ".pem", base + ".key"

    def self_signed(self, name="selfsigned"):
        base = "%s/%s" % (self.folder, name)
        self._openssl("req", "-x509", *self._key(name), "-days", "2", "-subj",
                      "/CN=127.0.0.1", "-addext",
                      "subjectAltName=IP:127.0.0.1,DNS:localhost", "-out",
                      base + ".pem")
        return base + ".pem", base + ".key"


# --- Dovecot ----------------------------------------------------------------

DOVECOT_CONF = """
base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/log
instance_name = deskd-test
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_uid = {uid}
mail_gid = {gid}
mail_fsync = never
mail_max_userip_connections = 200
auth_mechanisms = plain login
auth_failure_delay = 1 secs
ssl = {ssl}
namespace inbox {{
  inbox = yes
  separator = /
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
"""

DOVECOT_23 = """
disable_plaintext_auth = no
mail_location = maildir:{dir}/mail/%u
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {dir}/passwd
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={dir}/mail/%u
}}
service imap-login {{
  service_count = 0
}}
"""

DOVECOT_24 = """
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = {dir}/mail/%{{user}}
passdb passwd-file {{
  passwd_file_path = {dir}/passwd
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {dir}/mail/%{{user}}
  }}
}}
"""


def _dovecot_24(binary):
    """Since 2.4 the configuration is another language."""
    text = subprocess.run([binary, "--version"], capture_output=True,
                          text=True).stdout
    return tuple(map(int, text.split(" ")[0].split(".")[:2])) >= (2, 4)


class Dovecot:
    """A private Dovecot: plain IMAP (STARTTLS with TLS) and imaps."""

    def __init__(self, lab, users, tls=False, cert=None, settings=""):
        self.binary = shutil.which(
            "dovecot", path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")
        if not self.binary:
            raise Skip("dovecot is not installed (apt-get install "
                       "dovecot-imapd)")
        self.lab, self.users = lab, list(users)
        self.dir = lab.folder("dovecot")
        self.port, self.tls_port = free_port(), free_port()
        me = pwd.getpwuid(os.getuid() or pwd.getpwnam("nobody").pw_uid)
        self.uid, self.gid = me.pw_uid, me.pw_gid
        self.proc = None
        new = _dovecot_24(self.binary)
        ssl_text = "no"
        if tls or cert:
            cert, key = cert or lab.authority.issue("dovecot")
            for source, name in ((cert, "cert.pem"), (key, "key.pem")):
                shutil.copy(source, self.dir + "/" + name)
            ssl_text = ("yes\nssl_server_cert_file = {0}/cert.pem\n"
                        "ssl_server_key_file = {0}/key.pem" if new else
                        "yes\nssl_cert = <{0}/cert.pem\nssl_key = "
                        "<{0}/key.pem").format(self.dir)
        import grp
        text = (DOVECOT_CONF + (DOVECOT_24 if new else DOVECOT_23)).format(
            dir=self.dir, user=me.pw_name, uid=self.uid, gid=self.gid,
            group=grp.getgrgid(self.gid).gr_name, port=self.port,
            tls_port=self.tls_port if ssl_text != "no" else 0, ssl=ssl_text)
        with open(self.dir + "/dovecot.conf", "w") as f:
            if new:
                f.write("dovecot_config_version = 2.4.0\n"
                        "dovecot_storage_version = 2.4.0\n")
            f.write(text + settings + "\n")
        for sub in ("run", "state", "mail"):
            os.mkdir("%s/%s" % (self.dir, sub))
        for user in self.users:
            for sub in ("", "/cur", "/new", "/tmp"):
                os.mkdir("%s/mail/%s%s" % (self.dir, user, sub))
        with open(self.dir + "/passwd", "w") as f:
            for user in self.users:
                f.write("%s:{PLAIN}%s:%d:%d::::\n" % (
                    user, PASSWORD, self.uid, self.gid))
        self._own(self.dir)
        self._serial = 0
        self._lock = threading.Lock()

    def _own(self, top):
        if os.getuid() != 0:
            return
        os.chown(top, self.uid, self.gid)
        for folder, subs, names in os.walk(top):
            for name in subs + names:
                os.chown(os.path.join(folder, name), self.uid, self.gid)

    def start(self):
        root = os.getuid() == 0
        self.proc = subprocess.Popen(
            [self.binary, "-F", "-c", self.dir + "/dovecot.conf"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, start_new_session=True, cwd=self.dir,
            preexec_fn=_die_with_parent(self.uid if root else None, self.gid))
        for _ in range(200):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as s:
                    s.settimeout(5)
                    if s.recv(100).startswith(b"* OK"):
                        return self
            except OSError:
                pass
            if self.proc.poll() is not None:
                break
            time.sleep(0.02)
        raise RuntimeError("dovecot did not start: " + self.log() +
                           (self.proc.stderr.read().decode()
                            if self.proc.poll() is not None else ""))

    def log(self):
        try:
            with open(self.dir + "/log") as f:
                return f.read()
        except OSError:
            return ""

    def signal(self, sig):
        """To every process of this Dovecot."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.proc.pid, sig)

    def stop(self):
        if self.proc is None:
            return
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        try:
            self.proc.wait(5)
        except subprocess.TimeoutExpired:
            pass
        self.signal(signal.SIGKILL)
        self.proc.wait()
        self.proc.stderr.close()
        self.proc = None

    def restart(self):
        self.stop()
        return self.start()

    def freeze(self):
        self.signal(signal.SIGSTOP)

    def thaw(self):
        self.signal(signal.SIGCONT)

    def folder(self, user, folder="INBOX"):
        top = "%s/mail/%s" % (self.dir, user)
        return top if folder == "INBOX" else top + "/." + folder.replace(
            "/", ".")

    def deliver(self, user, data, when=None):
        """A mail into the INBOX as an MDA does it: tmp, rename to new."""
        with self._lock:
            self._serial += 1
            name = "%d.%d_%d.lab" % (time.time(), os.getpid(), self._serial)
        top = self.folder(user)
        with open("%s/tmp/%s" % (top, name), "wb") as f:
            f.write(data.replace(b"\r\n", b"\n"))
            if os.getuid() == 0:
                os.fchown(f.fileno(), self.uid, self.gid)
        if when is not None:
            os.utime("%s/tmp/%s" % (top, name), (when, when))
        os.rename("%s/tmp/%s" % (top, name), "%s/new/%s" % (top, name))

    def reset_uids(self, user, folder="INBOX"):
        """UIDVALIDITY changes, all UIDs are new.  Dovecot must be stopped."""
        assert self.proc is None
        top = self.folder(user, folder)
        for name in os.listdir(top):
            if name.startswith("dovecot"):
                os.unlink(top + "/" + name)
        # The new UIDVALIDITY is the time of day in seconds.
        time.sleep(1.1)

    def imap(self, user, folder="INBOX"):
        """A connection of the standard library, logged in."""
        box = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        box.login(user, PASSWORD)
        if folder:
            box.select('"%s"' % folder)
        return box

    def mails(self, user, folder="INBOX"):
        """All mails of a folder as (uid, flags, bytes), oldest first."""
        box = self.imap(user, None)
        try:
            if box.select('"%s"' % folder, readonly=True)[0] != "OK":
                return []
            reply = box.uid("fetch", "1:*", "(UID FLAGS BODY.PEEK[])")[1]
        finally:
            box.logout()
        out = []
        for item in reply:
            if isinstance(item, tuple):
                words = item[0].decode()
                uid = int(words.partition("UID ")[2].split()[0].rstrip(")"))
                flags = words.partition("FLAGS (")[2].partition(")")[0].split()
                out.append((uid, flags, item[1]))
        return out

    def append(self, user, data, folder="INBOX", flags=None):
        box = self.imap(user, None)
        try:
            return box.append('"%s"' % folder, flags, None, data)
        finally:
            box.logout()


# --- Postfix ----------------------------------------------------------------

POSTFIX_MAIN = """
compatibility_level = 3.6
queue_directory = {dir}/queue
data_directory = {dir}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
meta_directory = /etc/postfix
multi_instance_enable = no
mail_owner = postfix
setgid_group = postdrop
maillog_file = {dir}/maillog
maillog_file_prefixes = {dir}
myhostname = mx.example.com
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
smtpd_peername_lookup = no
local_recipient_maps =
local_transport = error:local mail is off
default_transport = error:no mail leaves this test
smtp_dns_support_level = disabled
alias_maps =
alias_database =
virtual_mailbox_domains = {domains}
virtual_mailbox_base = {mail}
virtual_mailbox_maps = inline:{{ {boxes} }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
virtual_mailbox_limit = 0
recipient_delimiter = +
{extra}
"""

POSTFIX_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
proxymap unix - - n - - proxymap
"""


class Postfix:
    """A real Postfix that delivers into Dovecot's Maildirs.  Needs root."""

    def __init__(self, lab, dovecot, extra=""):
        if os.getuid() != 0:
            raise Skip("Postfix needs root")
        if not os.path.exists("/usr/lib/postfix/sbin/master"):
            raise Skip("postfix is not installed (apt-get install postfix)")
        self.dovecot = dovecot
        self.dir = lab.folder("postfix")
        self.conf = self.dir + "/conf"
        self.port = free_port()
        self.proc = None
        for sub in ("conf", "queue", "data"):
            os.mkdir("%s/%s" % (self.dir, sub))
        owner = pwd.getpwnam("postfix")
        os.chown(self.dir + "/data", owner.pw_uid, owner.pw_gid)
        boxes = ", ".join("{%s = %s/}" % (u, u) for u in dovecot.users)
        domains = " ".join(sorted({u.split("@")[1] for u in dovecot.users}))
        with open(self.conf + "/main.cf", "w") as f:
            f.write(POSTFIX_MAIN.format(
                dir=self.dir, domains=domains, mail=dovecot.dir + "/mail",
                boxes=boxes, uid=dovecot.uid, gid=dovecot.gid, extra=extra))
        with open(self.conf + "/master.cf", "w") as f:
            f.write(POSTFIX_MASTER.format(port=self.port))

    def _run(self, *args):
        return subprocess.run(["postfix", "-c", self.conf, *args],
                              stdin=subprocess.DEVNULL, capture_output=True,
                              text=True)

    def start(self):
        self._run("check")  # makes the queue's folders
        self.proc = subprocess.Popen(
            ["/usr/lib/postfix/sbin/master", "-c", self.conf, "-d"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
            preexec_fn=_die_with_parent())
        for _ in range(250):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as s:
                    s.settimeout(5)
                    if s.recv(100).startswith(b"220"):
                        return self
            except OSError:
                pass
            if self.proc.poll() is not None:
                break
            time.sleep(0.02)
        raise RuntimeError("postfix did not start: " + self.log())

    def log(self):
        try:
            with open(self.dir + "/maillog") as f:
                return f.read()
        except OSError:
            return ""

    def queue(self):
        """How many mails wait."""
        return sum(len(names) for sub in ("incoming", "active", "deferred")
                   for _, _, names in os.walk("%s/queue/%s" % (self.dir, sub)))

    def stop(self):
        if self.proc is None:
            return
        below = descendants(self.proc.pid)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.proc.pid, signal.SIGTERM)
        try:
            self.proc.wait(5)
        except subprocess.TimeoutExpired:
            self.proc.kill()
            self.proc.wait()
        _end(below)  # daemons of Postfix have groups of their own
        self.proc = None


# --- deskd ------------------------------------------------------------------

class Desk:
    """One deskd: its configuration, its state folder, its processes.

    mailboxes: {name: (server, user, "more settings")}; by default one mailbox
    "support" of the given server.  smtp: a server with .port, or None.
    settings: further lines for the configuration; tickets: lines inside the
    tickets block; smtp_more: lines inside the smtp block.
    """

    def __init__(self, lab, imap=None, smtp=None, name="desk",
                 address="support@example.com", mailboxes=None, settings="",
                 tickets="", smtp_more="", mailbox_more="", people=None,
                 admin="root@example.com"):
        self.lab = lab
        self.dir = lab.folder(name)
        self.state = self.dir + "/state"
        self.conf = self.dir + "/deskd.conf"
        self.password = self.dir + "/password"
        self.address, self.proc, self._log = address, None, None
        self.env = {}
        with open(self.password, "w") as f:
            os.fchmod(f.fileno(), 0o600)
            f.write(PASSWORD + "\n")
        os.mkdir(self.state, 0o700)
        if mailboxes is None:
            mailboxes = {"support": (imap, address, "")} if imap else {}
        text = ['name "Example Support"', "address " + address,
                "admin " + admin, "timezone UTC", "languages en",
                "state " + self.state, settings]
        for box, (server, user, more) in mailboxes.items():
            where = more if "imap " in more else (
                "imap imap://127.0.0.1:%d plain" % server.port)
            text.append(
                "mailbox %s {\n    %s\n    user %s\n    auth password file:%s"
                "\n    %s\n    %s\n    %s\n}" % (
                    box, where, user, self.password,
                    "" if "poll" in more + mailbox_more else "poll 2s idle",
                    "" if where is more else more, mailbox_more))
        if smtp is not None:
            text.append(
                "smtp {\n    %s\n    bounces off\n    %s\n    %s\n}" % (
                    "" if "relay " in smtp_more else
                    "relay smtp://127.0.0.1:%d plain" % smtp.port,
                    "" if "retry " in smtp_more else "retry 1s 1s 1s 1s 1s 1s",
                    smtp_more))
        text.append(
            'tickets {\n    id "EX-{{number}}"\n'
            "    acknowledge all once-per 0s\n    send-delay 0s\n    %s\n}"
            % tickets)
        text.append(people if people is not None else
                    "agent ana \"Ana Silva\" { email ana@example.com }\n"
                    "agent dieter \"Dieter Krause\" "
                    "{ email dieter@example.com }\n"
                    "team servicedesk \"Service Desk\" { tier 1; "
                    "members ana; lead dieter }")
        self.text = "\n".join(text) + "\n"
        self.write_conf(self.text)

    def write_conf(self, text):
        with open(self.conf, "w") as f:
            f.write(text)
        os.chmod(self.conf, 0o600)

    def _env(self, extra=None):
        env = dict(os.environ, **self.env)
        env.update(extra or {})
        return env

    def run(self, *args, env=None, input=None, timeout=60, check=True,
            prefix=()):
        """A subcommand to its end.  check: it must exit 0."""
        p = subprocess.run(
            [*prefix, DESKD, "-c", self.conf, *map(str, args)],
            env=self._env(env), input=input, capture_output=True,
            timeout=timeout * SLOW)
        if check and p.returncode != 0:
            raise RuntimeError("deskd %s: exit %d\n%s%s" % (
                " ".join(map(str, args)), p.returncode,
                p.stdout.decode("utf-8", "replace"),
                p.stderr.decode("utf-8", "replace")))
        return p

    def json(self, *args):
        return json.loads(self.run(*args, "--json").stdout)

    def tickets(self, *filters):
        return self.json("list", *filters)["tickets"]

    def show(self, number):
        return self.json("show", number)

    def ledger(self):
        return self.json("ledger")["rows"]

    def round(self, mailboxes=("support",)):
        """Each loop once by hand: all mail in, worked, all letters out."""
        for name in mailboxes:
            self.run("fetch", name, "--once")
        self.run("work", "--until-idle")
        self.run("send", "--until-idle")

    def start(self, *args):
        """deskd run in the background, its log in self.log()."""
        assert self.proc is None
        self._log = open(self.dir + "/log", "ab")
        self.proc = subprocess.Popen(
            [DESKD, "-c", self.conf, "run", *args], env=self._env(),
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
            start_new_session=True, preexec_fn=_die_with_parent())
        self.lab.wait(lambda: self.ready() or self.proc.poll() is not None,
                      "its database")
        return self

    def ready(self):
        """Is the database there, with its tables?"""
        try:
            return self.sql("SELECT count(*) FROM ledger")
        except sqlite3.Error:
            return None

    def log(self):
        try:
            with open(self.dir + "/log", errors="replace") as f:
                return f.read()
        except OSError:
            return ""

    def processes(self):
        """{pid: command line} of the children of deskd run."""
        return descendants(self.proc.pid) if self.proc else {}

    def kill(self, word, sig=signal.SIGKILL):
        """Signal the children with this word in their command line, or the
        parent when word is None.  Returns how many."""
        pids = [self.proc.pid] if word is None else [
            pid for pid, line in self.processes().items() if word in line]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sig)
        return len(pids)

    def stop(self, seconds=10):
        """Ask it to end.  Returns its exit code; None: it had to be killed."""
        if self.proc is None:
            return 0
        code, pids = None, list(self.processes())
        with contextlib.suppress(ProcessLookupError):
            self.proc.terminate()
        try:
            code = self.proc.wait(seconds * SLOW)
        except subprocess.TimeoutExpired:
            note("deskd run did not end")
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.proc.pid, signal.SIGKILL)
        self.proc.wait()
        end = time.monotonic() + 2 * SLOW
        while _alive(pids) and time.monotonic() < end:
            time.sleep(0.01)
        if _alive(pids):
            code = None
            note("processes of deskd run were left: %r" % _alive(pids))
            _end(pids)
        self.proc = None
        self._log.close()
        return code

    def sql(self, query, *args):
        """Rows of a query.  Whoever comes first after a crash rolls back."""
        db = sqlite3.connect("file:%s/deskd.db?mode=rw" % self.state,
                             timeout=20, uri=True)
        try:
            return db.execute(query, args).fetchall()
        finally:
            db.close()

    def execute(self, statement, *args):
        """Change the database behind deskd's back, to set a scene."""
        db = sqlite3.connect(self.state + "/deskd.db", timeout=20)
        try:
            with db:
                return db.execute(statement, args).rowcount
        finally:
            db.close()

    def integrity(self):
        """"ok" when SQLite finds the file in order."""
        bad = self.sql("PRAGMA integrity_check")
        bad += self.sql("PRAGMA foreign_key_check")
        return "ok" if bad == [("ok",)] else repr(bad)


class Loop:
    """One loop by hand in the background: Loop(desk, "fetch", "support")."""

    def __init__(self, desk, *args, **env):
        self.path = "%s/%s.log" % (desk.dir, args[0])
        self.out = open(self.path, "ab")
        self.proc = subprocess.Popen(
            [DESKD, "-c", desk.conf, "-v", *args], stdin=subprocess.DEVNULL,
            stdout=self.out, stderr=self.out, env=desk._env(env),
            start_new_session=True, preexec_fn=_die_with_parent())

    def log(self):
        with open(self.path, errors="replace") as f:
            return f.read()

    def memory(self, word="VmHWM"):
        """MiB of resident memory: the peak, or VmRSS for now."""
        with open("/proc/%d/status" % self.proc.pid) as f:
            return [int(x.split()[1]) for x in f if word in x][0] / 1024

    def stop(self):
        """Ask it to end.  Returns its exit code."""
        if self.proc.poll() is None:
            self.proc.terminate()
            try:
                self.proc.wait(10 * SLOW)
            except subprocess.TimeoutExpired:
                self.proc.kill()
                self.proc.wait()
        if not self.out.closed:
            self.out.close()
        return self.proc.returncode


def _alive(pids):
    out = []
    for pid in pids:
        try:
            with open("/proc/%d/stat" % pid) as f:
                if f.read().rpartition(")")[2].split()[0] != "Z":
                    out.append(pid)
        except OSError:
            pass
    return out


def _end(pids):
    """Kill and see them gone."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for _ in range(200):
        if not _alive(pids):
            return
        time.sleep(0.01)


# --- The lab ----------------------------------------------------------------

class Lab:
    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="deskd-test-")
        os.chmod(self.dir, 0o755)  # the servers may run as nobody
        self._things, self._authority = [], None
        atexit.register(self.close)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is not None and kind is not Skip:
            for thing in self._things:
                lines = [s for s in thing.log().splitlines()
                         if ": Info: " not in s]  # Dovecot is talkative
                for line in lines[-30:]:
                    note("%s: %s" % (type(thing).__name__, line))
        self.close()

    def close(self):
        for thing in reversed(self._things):
            try:
                thing.stop()
            except Exception:
                note(traceback.format_exc())
        self._things = []
        if not os.environ.get("TEST_KEEP"):
            shutil.rmtree(self.dir, ignore_errors=True)
        atexit.unregister(self.close)

    def folder(self, name):
        path, n = "%s/%s" % (self.dir, name), 1
        while os.path.exists(path):
            n += 1
            path = "%s/%s%d" % (self.dir, name, n)
        os.mkdir(path)
        return path

    @property
    def authority(self):
        if self._authority is None:
            self._authority = Authority(self.folder("ca"))
        return self._authority

    def _add(self, thing):
        self._things.append(thing)
        return thing

    def dovecot(self, users=("support@example.com",), start=True, **more):
        thing = self._add(Dovecot(self, users, **more))
        return thing.start() if start else thing

    def sink(self, dovecot=None, staff=STAFF, **more):
        return self._add(Sink(dovecot, staff=staff, **more)).start()

    def postfix(self, dovecot, **more):
        return self._add(Postfix(self, dovecot, **more)).start()

    def desk(self, imap=None, smtp=None, **more):
        return self._add(Desk(self, imap, smtp, **more))

    def loop(self, desk, *args, **env):
        return self._add(Loop(desk, *args, **env))

    def wait(self, condition, what, seconds=15):
        """Look until condition() is true; its value.  Fails by exception."""
        end = time.monotonic() + seconds * SLOW
        while True:
            value = condition()
            if value:
                return value
            if time.monotonic() > end:
                raise TimeoutError("waited %d s in vain for %s" % (
                    seconds * SLOW, what))
            time.sleep(0.03)
