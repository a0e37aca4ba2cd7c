"""An SMTP server for the tests: takes every mail, delivers into Dovecot, and
misbehaves on request.

    sink.script("rcpt", "451 4.7.1 later")    the next RCPT gets that reply
    sink.script("dot", "drop")                 ... the connection goes away
    sink.always("mail", "421 4.3.2 closing")   until always("mail", None)

Stages: connect, ehlo, auth, mail, rcpt, data, body (while the text arrives),
dot (after the final dot).  Actions: a reply; "drop" (connection closed), "reset"
(closed with RST), "hang" (silence until the peer or the test ends), at the dot
also "accept-drop" (taken and delivered, then dropped before the reply) and
"accept-hang".
"""
import base64
import collections
import socket
import ssl
import struct
import threading
import time


class Taken(collections.namedtuple(
        "Taken", "sender recipients data accepted when session")):
    """One transaction whose text arrived."""


class Gone(Exception):
    pass


class Session:
    """One connection."""

    def __init__(self, sink, sock, number):
        self.sink, self.sock, self.number = sink, sock, number
        self.user, self.helo, self.tls = None, "", False
        self.sender, self.recipients = None, []
        self.buffer = b""

    def say(self, line):
        self.sock.sendall(line.encode() + b"\r\n")

    def act(self, stage):
        """Do what the test asked for at this stage.  The action's word if the
        caller must do something, None to go on, False when a reply was sent."""
        action = self.sink.next_action(stage)
        if callable(action):
            action = action(self)
        if action is None or action.startswith("accept-"):
            return action
        if action == "hang":
            self.hang()
        if action == "reset":
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                 struct.pack("ii", 1, 0))
        if action in ("drop", "reset"):
            raise Gone
        self.say(action)
        if action.startswith("421"):
            raise Gone
        return False

    def hang(self):
        while not self.sink.closing:
            try:
                self.sock.settimeout(0.2)
                if self.sock.recv(4096) == b"":
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        raise Gone

    def more(self):
        piece = self.sock.recv(65536)
        if not piece:
            raise Gone
        self.buffer += piece

    def line(self):
        while b"\n" not in self.buffer:
            self.more()
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.rstrip(b"\r").decode("latin-1")

    def text(self):
        """The text up to the final dot, dots unstuffed."""
        if self.sink.has_action("body"):
            while not self.buffer:
                self.more()
            self.act("body")
        data = self.buffer
        while not (data.endswith(b"\r\n.\r\n") or data == b".\r\n"):
            piece = self.sock.recv(65536)
            if not piece:
                raise Gone
            data += piece
        self.buffer = b""
        data = data[:-3]
        return (b"\r\n" + data).replace(b"\r\n..", b"\r\n.")[2:]

    def start_tls(self):
        self.sock = self.sink.tls_context.wrap_socket(
            self.sock, server_side=True)
        self.tls = True

    def serve(self):
        if self.sink.implicit_tls:
            self.start_tls()
        if self.act("connect") is False:
            raise Gone
        self.say("220 sink.example.com ESMTP")
        while True:
            line = self.line()
            verb, _, rest = line.partition(" ")
            command = getattr(self, "do_" + verb.lower(), None)
            if command is None:
                self.say("500 5.5.2 no such command")
            else:
                command(rest)

    def do_ehlo(self, rest):
        self.helo = rest
        if self.act("ehlo") is False:
            return
        lines = ["sink.example.com", "PIPELINING", "SIZE 67108864", "8BITMIME",
                 "ENHANCEDSTATUSCODES"]
        if self.sink.tls_context and not self.tls:
            lines.append("STARTTLS")
        if self.sink.users:
            lines.append("AUTH PLAIN LOGIN")
        for i, text in enumerate(lines):
            self.say("250%s%s" % (" " if i == len(lines) - 1 else "-", text))

    do_helo = do_ehlo

    def do_starttls(self, rest):
        if not self.sink.tls_context:
            self.say("454 4.7.0 no TLS here")
            return
        self.say("220 2.0.0 go ahead")
        self.buffer = b""
        self.start_tls()

    def do_auth(self, rest):
        kind, _, first = rest.partition(" ")

        def ask(prompt):
            self.say("334 " + base64.b64encode(prompt).decode())
            return base64.b64decode(self.line())

        if kind.upper() == "PLAIN":
            plain = base64.b64decode(first) if first else ask(b"")
            user, password = plain.split(b"\0")[1:3]
        else:
            user = base64.b64decode(first) if first else ask(b"Username:")
            password = ask(b"Password:")
        self.sink.logins.append((user.decode(), password.decode(), self.tls))
        if self.act("auth") is False:
            return
        if self.sink.users and self.sink.users.get(
                user.decode()) == password.decode():
            self.user = user.decode()
            self.say("235 2.7.0 welcome")
        else:
            self.say("535 5.7.8 no")

    def do_mail(self, rest):
        if self.act("mail") is False:
            return
        if self.sink.users and not self.user:
            self.say("530 5.7.0 log in first")
            return
        self.sender = rest[5:].strip().split(">")[0].lstrip("<")
        self.recipients = []
        self.say("250 2.1.0 ok")

    def do_rcpt(self, rest):
        if self.act("rcpt") is False:
            return
        address = rest[3:].strip().split(">")[0].lstrip("<")
        if not self.sink.knows(address):
            self.say("550 5.1.1 <%s>: no such mailbox" % address)
            return
        self.recipients.append(address)
        self.say("250 2.1.5 ok")

    def do_data(self, rest):
        if self.act("data") is False:
            return
        if self.sender is None or not self.recipients:
            self.say("503 5.5.1 MAIL and RCPT first")
            return
        self.say("354 go on")
        data = self.text()
        action = self.act("dot")
        accepted = action is not False
        self.sink.take(Taken(self.sender, tuple(self.recipients), data,
                             accepted, time.time(), self.number))
        self.sender, self.recipients = None, []
        if action == "accept-drop":
            raise Gone
        if action == "accept-hang":
            self.hang()
        if accepted:
            self.say("250 2.0.0 taken as %d" % len(self.sink.taken))

    def do_rset(self, rest):
        self.sender, self.recipients = None, []
        self.say("250 2.0.0 ok")

    def do_noop(self, rest):
        self.say("250 2.0.0 ok")

    def do_quit(self, rest):
        self.say("221 2.0.0 bye")
        raise Gone


class Sink:
    """users: {name: password} makes a login necessary.  cert: (file, key)
    gives STARTTLS, with implicit_tls smtps.  known: addresses that exist
    besides Dovecot's users; None: every address does.  staff: addresses whose
    mail is kept apart, so that a test of requesters counts only theirs."""

    def __init__(self, dovecot=None, users=None, cert=None, implicit_tls=False,
                 known=None, staff=()):
        self.dovecot, self.users, self.known = dovecot, users, known
        self.staff, self.told = set(staff), []
        self.implicit_tls, self.tls_context = implicit_tls, None
        if cert:
            self.tls_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls_context.load_cert_chain(*cert)
        self.taken, self.logins, self.connections = [], [], 0
        self.closing = False
        self._once = collections.defaultdict(collections.deque)
        self._always = {}
        self._lock = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self._socket.getsockname()[1]
        self._sessions = set()

    def start(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def _accept(self):
        while not self.closing:
            try:
                sock, _ = self._socket.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            session = Session(self, sock, self.connections)
            self._sessions.add(session)
            threading.Thread(target=self._serve, args=(session,),
                             daemon=True).start()

    def _serve(self, session):
        try:
            session.serve()
        except (Gone, OSError, ValueError):
            pass
        finally:
            self._sessions.discard(session)
            session.sock.close()

    def stop(self):
        self.closing = True
        self._socket.close()
        for session in list(self._sessions):
            try:
                session.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def log(self):
        return "\n".join("%s -> %s, %d bytes, %s" % (
            t.sender, ",".join(t.recipients), len(t.data),
            "taken" if t.accepted else "refused") for t in self.taken)

    # What the test says.

    def script(self, stage, *actions):
        with self._lock:
            self._once[stage].extend(actions)

    def always(self, stage, action):
        with self._lock:
            self._always[stage] = action

    def has_action(self, stage):
        with self._lock:
            return bool(self._once[stage] or self._always.get(stage))

    def next_action(self, stage):
        with self._lock:
            if self._once[stage]:
                return self._once[stage].popleft()
            return self._always.get(stage)

    # What arrived.

    def accepted(self, recipient=None):
        """The mails taken, in order; those for one recipient."""
        return [t for t in list(self.taken) if t.accepted and (
            recipient is None or recipient in t.recipients)]

    def _user(self, address):
        """The Dovecot user of an address; a +tag is ignored."""
        local, _, domain = address.lower().rpartition("@")
        plain = "%s@%s" % (local.partition("+")[0], domain)
        if self.dovecot and plain in self.dovecot.users:
            return plain
        return None

    def knows(self, address):
        return (self.known is None or address.lower() in self.staff or address.lower() in self.known or
                self._user(address) is not None)

    def take(self, taken):
        with self._lock:
            staff = set(taken.recipients) <= self.staff
            (self.told if staff else self.taken).append(taken)
        if not taken.accepted:
            return
        stamp = time.strftime("%a, %d %b %Y %H:%M:%S +0000",
                              time.gmtime(taken.when))
        for address in taken.recipients:
            user = self._user(address)
            if user is None:
                continue
            trace = ("Return-Path: <%s>\r\nDelivered-To: %s\r\nReceived: from "
                     "client.example.com ([127.0.0.1])\r\n\tby sink.example.com"
                     " with ESMTP id %d; %s\r\n" % (
                         taken.sender, address, len(self.taken), stamp))
            self.dovecot.deliver(user, trace.encode() + taken.data)
