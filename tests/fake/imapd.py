"""An IMAP server that misbehaves when asked to.

    with Imapd([mail(), mail()], on_fetch=nil_body(2)) as server:
        ... server.port, server.lines, server.flags[1], server.uids() ...

One folder tree in memory, a thread a connection, Python's library only.  By
default it is a well-behaved server (RFC 3501, IDLE, MOVE, UIDPLUS); what goes
wrong is an argument:

    uidvalidity   a number, None (not told) or any text
    caps          the words of CAPABILITY
    permanent     the words of PERMANENTFLAGS, None: not told
    tls           None, "imaps", "starttls", "deaf" (imaps, but speaks plain)
    cert          (certificate file, key file)
    greeting      bytes sent first; None: nothing at all
    on_line       on_line(conn, tag, verb, rest) before a command is carried
                  out; True: it has answered itself
    on_fetch      on_fetch(conn, uid, items) gives the bytes of one FETCH
                  response (None: the right ones, b"": none)
    size          size(uid, true size) gives RFC822.SIZE
    date          date(uid) gives INTERNALDATE

Every line of a client stands in server.lines, so a test can say what was never
sent.
"""
import re
import socket
import ssl
import threading
import time

CAPS = "IMAP4rev1 AUTH=PLAIN IDLE MOVE UIDPLUS LITERAL+"


class Drop(Exception):
    """Close the connection now."""


class Conn:
    """One client."""

    def __init__(self, server, sock):
        self.server, self.sock = server, sock
        self.buf, self.box, self.out = b"", None, threading.Lock()
        self.idle_tag = None
        self.told = 0  # EXISTS as this client knows it
        self.commands = 0

    def send(self, data):
        if isinstance(data, str):
            data = data.encode()
        with self.out:
            self.sock.sendall(data)

    def line(self):
        while b"\r\n" not in self.buf:
            got = self.sock.recv(65536)
            if not got:
                raise Drop
            self.buf += got
        line, _, self.buf = self.buf.partition(b"\r\n")
        self.server.lines.append(line.decode("latin-1"))
        return line.decode("latin-1")

    def tell(self):
        """Untagged news."""
        n = len(self.server.uids(self.box))
        if n != self.told:
            self.told = n
            self.send("* %d EXISTS\r\n" % n)

    def starttls(self):
        self.sock = self.server.context.wrap_socket(
            self.sock, server_side=True)
        self.buf = b""

    def run(self):
        server = self.server
        if server.tls == "imaps":
            self.sock = server.context.wrap_socket(self.sock, server_side=True)
        if server.greeting is None:
            while self.sock.recv(4096):
                pass
            return
        self.send(server.greeting)
        while True:
            tag, _, rest = self.line().partition(" ")
            verb, _, rest = rest.partition(" ")
            verb = verb.upper()
            if verb == "UID":
                more, _, rest = rest.partition(" ")
                verb += " " + more.upper()
            self.commands += 1
            if server.on_line and server.on_line(self, tag, verb, rest):
                continue
            getattr(self, "do_" + verb.lower().replace(" ", "_"),
                    self.unknown)(tag, rest)

    def unknown(self, tag, _rest):
        self.send(tag + " BAD what is this\r\n")

    def ok(self, tag, text="done"):
        self.send("%s OK %s\r\n" % (tag, text))

    def do_capability(self, tag, _rest):
        caps = self.server.caps
        if self.server.tls == "starttls" and not isinstance(
                self.sock, ssl.SSLSocket):
            caps += " STARTTLS"
        self.send("* CAPABILITY %s\r\n" % caps)
        self.ok(tag)

    def do_starttls(self, tag, _rest):
        self.ok(tag, "go on")
        self.starttls()

    def do_authenticate(self, tag, _rest):
        self.send("+ \r\n")
        self.line()
        self.ok(tag, "logged in")

    def do_login(self, tag, _rest):
        self.ok(tag, "logged in")

    def do_noop(self, tag, _rest):
        self.tell()
        self.ok(tag)

    def do_logout(self, tag, _rest):
        self.send("* BYE bye\r\n%s OK bye\r\n" % tag)
        raise Drop

    def do_list(self, tag, _rest):
        self.send('* LIST (\\Noselect) "%s" ""\r\n' % self.server.separator)
        self.ok(tag)

    def do_create(self, tag, rest):
        self.server.folders.setdefault(rest.strip('"'), {})
        self.ok(tag)

    def do_select(self, tag, rest):
        server, name = self.server, rest.strip('"')
        if name not in server.folders:
            self.send(tag + " NO no such folder\r\n")
            return
        self.box = name
        self.told = len(server.uids(name))
        self.send("* FLAGS (\\Seen \\Deleted)\r\n* %d EXISTS\r\n* 0 RECENT\r\n"
                  % self.told)
        if server.permanent is not None:
            self.send("* OK [PERMANENTFLAGS (%s)] ok\r\n" % server.permanent)
        if server.uidvalidity is not None:
            self.send("* OK [UIDVALIDITY %s] ok\r\n" % server.uidvalidity)
        if server.tell_uidnext:
            self.send("* OK [UIDNEXT %d] ok\r\n" % server.next)
        self.ok(tag, "[READ-WRITE] selected")

    do_examine = do_select

    def chosen(self, words):
        """The UIDs a set names, ascending."""
        uids = self.server.uids(self.box)
        out = set()
        for part in words.split(","):
            low, _, high = part.partition(":")
            low, high = ((uids[-1] if uids else 0) if x == "*" else int(x)
                         for x in (low, high or low))
            out.update(u for u in uids
                       if min(low, high) <= u <= max(low, high))
        return sorted(out)

    def do_uid_search(self, tag, rest):
        words = rest.split()
        uids = self.server.uids(self.box)
        while words:
            word = words.pop(0).upper()
            if word == "UID":
                uids = [u for u in self.chosen(words.pop(0)) if u in uids]
            elif word == "UNKEYWORD":
                key = words.pop(0)
                uids = [u for u in uids if key not in self.server.flags[u]]
        self.send("* SEARCH%s\r\n" % "".join(" %d" % u for u in uids))
        self.ok(tag)

    def do_uid_fetch(self, tag, rest):
        words, _, items = rest.partition(" ")
        for uid in self.chosen(words):
            data = None
            if self.server.on_fetch:
                data = self.server.on_fetch(self, uid, items)
            self.send(self.server.fetch(self.box, uid, items)
                      if data is None else data)
        self.tell()
        self.ok(tag)

    def do_uid_store(self, tag, rest):
        words, _, rest = rest.partition(" ")
        flags = re.search(r"\((.*)\)", rest).group(1).split()
        for uid in self.chosen(words):
            self.server.flags[uid].update(flags)
        self.tell()
        self.ok(tag)

    def copy(self, tag, rest, move):
        words, _, name = rest.partition(" ")
        name = name.strip('"')
        if name not in self.server.folders:
            self.send(tag + " NO [TRYCREATE] no such folder\r\n")
            return
        source = self.server.folders[self.box]
        for uid in self.chosen(words):
            self.server.add(source[uid], name)
            if move:
                n = self.server.uids(self.box).index(uid) + 1
                del source[uid]
                self.told -= 1
                self.send("* %d EXPUNGE\r\n" % n)
        self.ok(tag)

    def do_uid_copy(self, tag, rest):
        self.copy(tag, rest, False)

    def do_uid_move(self, tag, rest):
        self.copy(tag, rest, True)

    def do_idle(self, tag, _rest):
        self.send("+ idling\r\n")
        self.idle_tag = tag
        self.tell()
        while self.line().upper() != "DONE":
            pass
        self.idle_tag = None
        self.ok(tag)


class Imapd:
    def __init__(self, mails=(), uidvalidity=7, caps=CAPS, permanent="\\*",
                 tls=None, cert=None, greeting=b"* OK hello\r\n", on_line=None,
                 on_fetch=None, size=None, date=None, separator="/",
                 tell_uidnext=True, context=None):
        self.uidvalidity, self.caps, self.permanent = (
            uidvalidity, caps, permanent)
        self.tls, self.greeting, self.on_line = tls, greeting, on_line
        self.on_fetch, self.size, self.date = on_fetch, size, date
        self.separator, self.tell_uidnext = separator, tell_uidnext
        self.folders, self.flags, self.next = {"INBOX": {}}, {}, 1
        self.lines, self.conns = [], []
        self.logins = 0
        for data in mails:
            self.add(data)
        self.context = context
        if cert and not context:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*cert)
        self.sock = socket.create_server(("127.0.0.1", 0))
        self.port = self.sock.getsockname()[1]
        self.open = True

    def __enter__(self):
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.open = False
        # Wakes accept().  Closing alone would not, and the next server might
        # get the same descriptor while this thread still waits on it.
        self.sock.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.sock.close()
        self.drop()

    def _accept(self):
        while self.open:
            try:
                sock, _ = self.sock.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            conn = Conn(self, sock)
            self.conns.append(conn)
            threading.Thread(target=self._serve, args=[conn],
                             daemon=True).start()

    def _serve(self, conn):
        try:
            conn.run()
        except (Drop, OSError, ValueError):
            pass  # the client is gone, or the test wants it gone
        finally:
            try:
                conn.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            conn.sock.close()

    def drop(self):
        """Close every connection, as a server that restarts."""
        for conn in self.conns:
            try:
                conn.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.conns = []

    def uids(self, name="INBOX"):
        return sorted(self.folders.get(name, ()))

    def add(self, data, name="INBOX"):
        uid = self.next
        self.flags[uid] = set()
        self.folders[name][uid] = data
        self.next += 1
        return uid

    def push(self, data):
        """A new mail; clients in IDLE hear of it at once."""
        uid = self.add(data)
        for conn in list(self.conns):
            if conn.idle_tag:
                try:
                    conn.tell()
                except OSError:
                    pass
        return uid

    def remove(self, uid, name="INBOX"):
        del self.folders[name][uid]

    def fetch(self, name, uid, items, seq=None):
        """One right FETCH response."""
        data = self.folders[name][uid]
        out = [b"UID %d" % uid]
        if "RFC822.SIZE" in items:
            out.append(b"RFC822.SIZE %d" % (
                self.size(uid, len(data)) if self.size else len(data)))
        if "INTERNALDATE" in items:
            out.append(b'INTERNALDATE "%s"' % (
                self.date(uid) if self.date
                else time.strftime("%d-%b-%Y %H:%M:%S +0000", time.gmtime())
            ).encode())
        part = re.search(r"BODY\.PEEK\[\](?:<(\d+)\.(\d+)>)?", items)
        if part:
            origin = b""
            if part.group(1):
                start, n = int(part.group(1)), int(part.group(2))
                data, origin = data[start:start + n], b"<%d>" % start
            out.append(b"BODY[]%s {%d}\r\n%s" % (origin, len(data), data))
        seq = seq or self.uids(name).index(uid) + 1
        return b"* %d FETCH (%s)\r\n" % (seq, b" ".join(out))

    def sent(self, pattern):
        """Lines of clients that match."""
        return [x for x in self.lines if re.search(pattern, x, re.I)]
