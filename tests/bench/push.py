"""Two servers for measuring latency, and nothing else: an IMAP server with one
mailbox in memory that tells an idling client of a mail the moment it is put in
(Dovecot 2.3 waits half a second), and an SMTP server that notes when the final
dot of each mail came.  Both speak just what a well-behaved client needs.
"""
import re
import socket
import threading
import time

CAPABILITY = b"IMAP4rev1 IDLE UIDPLUS LITERAL+ MOVE"


def listen():
    s = socket.create_server(("127.0.0.1", 0), backlog=64)
    return s, s.getsockname()[1]


class Push:
    """The IMAP server.  put() gives the moment EXISTS was written."""

    def __init__(self):
        self.mails, self.flags, self.sessions = [], [], set()
        self.lock = threading.RLock()
        self.socket, self.port = listen()
        self.idle = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                conn, _ = self.socket.accept()
            except OSError:
                return
            conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            session = Session(self, conn)
            self.sessions.add(session)
            threading.Thread(target=session.run, daemon=True).start()

    def put(self, raw):
        with self.lock:
            self.mails.append(raw)
            self.flags.append(set())
            for session in list(self.sessions):
                if session.idling:
                    session.news()
            return time.monotonic()

    def stop(self):
        self.socket.close()


class Session:
    def __init__(self, server, conn):
        self.server, self.conn = server, conn
        self.file = conn.makefile("rb")
        self.idling, self.selected, self.known = None, False, 0

    def send(self, data):
        self.conn.sendall(data)

    def news(self):
        if self.selected and self.known != len(self.server.mails):
            self.known = len(self.server.mails)
            self.send(b"* %d EXISTS\r\n" % self.known)

    def run(self):
        try:
            self.send(b"* OK [CAPABILITY %s] ready\r\n" % CAPABILITY)
            while self.one():
                pass
        except OSError:
            pass
        self.server.sessions.discard(self)
        self.conn.close()

    def one(self):
        line = self.file.readline().rstrip(b"\r\n")
        if not line:
            return False
        with self.server.lock:
            if self.idling:
                tag, self.idling = self.idling, None
                self.server.idle.clear()
                self.send(tag + b" OK idle ended\r\n")
                return True
            tag, _, rest = line.partition(b" ")
            name, _, args = rest.decode("latin-1").partition(" ")
            uid = name.upper() == "UID"
            if uid:
                name, _, args = args.partition(" ")
            command = getattr(self, "do_" + name.lower(), None)
            if command is None:
                self.send(tag + b" BAD not known here\r\n")
                return True
            if name.upper() == "IDLE":
                self.idling = tag
                self.send(b"+ idling\r\n")
                self.news()
                self.server.idle.set()
                return True
            more = command(args, uid)
            if name.upper() != "FETCH":
                self.news()
            self.send(tag + b" OK done\r\n")
            return more is not False

    def numbers(self, words):
        last = len(self.server.mails)
        out = []
        for piece in words.split(","):
            low, _, high = piece.partition(":")
            low = last if low == "*" else int(low)
            high = low if not high else last if high == "*" else int(high)
            out += range(min(low, high), max(low, high) + 1)
        return [n for n in out if 1 <= n <= last]

    def do_capability(self, args, uid):
        self.send(b"* CAPABILITY %s\r\n" % CAPABILITY)

    def do_noop(self, args, uid):
        pass

    do_login = do_idle = do_check = do_unselect = do_noop

    def do_authenticate(self, args, uid):
        if " " not in args:
            self.send(b"+ \r\n")
            self.file.readline()

    def do_list(self, args, uid):
        self.send(b'* LIST () "/" INBOX\r\n')

    def do_select(self, args, uid):
        self.selected, self.known = True, len(self.server.mails)
        self.send(b"* FLAGS (\\Seen \\Deleted $DeskdDone)\r\n"
                  b"* OK [PERMANENTFLAGS (\\Seen \\Deleted \\*)] ok\r\n"
                  b"* %d EXISTS\r\n* 0 RECENT\r\n"
                  b"* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT %d] ok\r\n"
                  % (self.known, self.known + 1))

    do_examine = do_select

    def do_search(self, args, uid):
        found = range(1, len(self.server.mails) + 1)
        words = re.search(r"UID ([\d:*,]+)", args.upper())
        if words:
            found = self.numbers(words.group(1))
        word = re.search(r"(UN)?KEYWORD (\S+)", args)
        if word:
            found = [n for n in found if bool(word.group(1)) != (
                word.group(2).encode() in self.server.flags[n - 1])]
        self.send(b"* SEARCH%s\r\n" % b"".join(b" %d" % n for n in found))

    def do_fetch(self, args, uid):
        which, _, items = args.partition(" ")
        items = items.upper()
        for n in self.numbers(which):
            raw, out = self.server.mails[n - 1], [b"UID %d" % n]
            if "FLAGS" in items:
                out.append(b"FLAGS (%s)" % b" ".join(self.server.flags[n - 1]))
            if "RFC822.SIZE" in items:
                out.append(b"RFC822.SIZE %d" % len(raw))
            if "INTERNALDATE" in items:
                out.append(b'INTERNALDATE "%s"' % time.strftime(
                    "%d-%b-%Y %H:%M:%S +0000", time.gmtime()).encode())
            body = re.search(r"BODY\.PEEK\[\](?:<(\d+)\.(\d+)>)?", items)
            if body and body.group(1):
                at = int(body.group(1))
                piece = raw[at:at + int(body.group(2))]
                out.append(b"BODY[]<%d> {%d}\r\n%s" % (at, len(piece), piece))
            elif body:
                out.append(b"BODY[] {%d}\r\n%s" % (len(raw), raw))
            self.send(b"* %d FETCH (%s)\r\n" % (n, b" ".join(out)))

    def do_store(self, args, uid):
        which, _, rest = args.partition(" ")
        for n in self.numbers(which):
            self.server.flags[n - 1].update(
                w.encode() for w in re.findall(r"[\\$]\w+", rest))
            if "SILENT" not in rest.upper():
                self.send(b"* %d FETCH (UID %d FLAGS (%s))\r\n" % (
                    n, n, b" ".join(self.server.flags[n - 1])))

    def do_logout(self, args, uid):
        self.send(b"* BYE\r\n")
        return False


class Dots:
    """The SMTP server.  came(address) is when its final dot was read."""

    def __init__(self):
        self.seen, self.changed = {}, threading.Condition()
        self.socket, self.port = listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                conn, _ = self.socket.accept()
            except OSError:
                return
            conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._talk, args=(conn,),
                             daemon=True).start()

    def _talk(self, conn):
        file, to = conn.makefile("rb"), ""
        try:
            conn.sendall(b"220 dots ESMTP\r\n")
            for line in file:
                word = line[:4].upper()
                answer = b"250 ok\r\n"
                if word == b"EHLO":
                    answer = b"250-dots\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
                elif word == b"RCPT":
                    to = line.partition(b"<")[2].partition(b">")[0].decode()
                elif word == b"DATA":
                    conn.sendall(b"354 go on\r\n")
                    for body in file:
                        if body == b".\r\n":
                            break
                    with self.changed:
                        self.seen.setdefault(to, time.monotonic())
                        self.changed.notify_all()
                elif word == b"QUIT":
                    conn.sendall(b"221 bye\r\n")
                    break
                conn.sendall(answer)
        except OSError:
            pass
        conn.close()

    def came(self, address, seconds):
        with self.changed:
            self.changed.wait_for(lambda: address in self.seen, seconds)
            return self.seen.get(address)

    def stop(self):
        self.socket.close()
