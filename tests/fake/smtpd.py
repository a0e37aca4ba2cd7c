#!/usr/bin/env python3
"""A small SMTP server that misbehaves on request.

It keeps what it is sent as JSON lines and can be as rude as a real server, or
ruder, at every step.  Standard library only; loopback only.

    smtpd.py [--record FILE] [--tls none|starttls|implicit --cert F --key F]
             [--user U --password P] [--fault STAGE=ACTION[,ACTION..]]..

The first line on standard output is the port.  It ends with its standard
input, so it cannot outlive the test that started it.

A fault is asked for by --fault (one action for each time the stage is reached,
the last one for ever) or by a letter itself: the local part of the recipient
(or, for the stage mail, of the sender) is "STAGE-ACTION", perhaps with
"once-" in front and ".anything" behind: once-dot-451.x@example.org.

Stages: connect greeting ehlo starttls auth mail rcpt data body dot idle quit.
Actions:
  ok          as it should be
  NNN         answer with this code
  drop, rst   close, or reset, the connection instead of an answer
  hang        never answer
  drip        answer, one byte in 0.1 seconds (times $TEST_SLOW, as all here)
  garbage     a line that is no SMTP, then nothing
  partial     "25", then close
  nolf        the answer without its line end, then close
  flood       an answer that never ends
  lost        dot: the letter is taken, the connection closes before the answer
  okdrop      answer well, then close
  early       data: the answer to the dot comes together with the 354
  stall       body: read nothing for 1.5 seconds, then all that came
  slow        answer well after 0.3 seconds
"""
import argparse
import base64
import json
import os
import socket
import ssl
import struct
import sys
import threading
import time

STAGES = ("connect greeting ehlo starttls auth mail rcpt data body dot idle "
          "quit").split()
WORDS = ("ok drop rst hang drip garbage partial nolf flood lost okdrop early "
         "stall slow").split()
# Under sanitizers everything is slower, deadlines and rudeness alike (lab.py).
SLOW = float(os.environ.get("TEST_SLOW") or
             ("4" if os.environ.get("SAN") else "1"))
GOOD = {"greeting": 220, "ehlo": 250, "starttls": 220, "auth": 235,
        "mail": 250, "rcpt": 250, "data": 354, "dot": 250, "quit": 221}


class Closed(Exception):
    pass


class Desk:
    """What all connections share: the options, the record, the fault lists."""

    def __init__(self, args):
        self.args = args
        self.lock = threading.Lock()
        self.out = open(args.record, "a") if args.record else None
        self.faults, self.once, self.number = {}, set(), 0
        for f in args.fault:
            stage, _, actions = f.partition("=")
            if stage not in STAGES:
                sys.exit("no stage %r" % stage)
            self.faults[stage] = actions.split(",")
        self.ctx = None
        if args.tls != "none":
            self.ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.ctx.load_cert_chain(args.cert, args.key)

    def write(self, row):
        row["time"] = time.time()
        with self.lock:
            if self.out:
                self.out.write(json.dumps(row) + "\n")
                self.out.flush()

    def by_letter(self, stage, address):
        local = address.strip("<>").split("@")[0].split(".")[0]
        once = local.startswith("once-")
        words = (local[5:] if once else local).split("-")
        if len(words) != 2 or words[0] != stage:
            return None
        if not words[1].isdigit() and words[1] not in WORDS:
            return None
        with self.lock:
            if once and (stage, address) in self.once:
                return None
            self.once.add((stage, address))
        return words[1]

    def action(self, stage, addresses=()):
        for address in addresses:
            asked = self.by_letter(stage, address)
            if asked:
                return asked
        with self.lock:
            todo = self.faults.get(stage)
            if not todo:
                return "ok"
            return todo.pop(0) if len(todo) > 1 else todo[0]


class Talk:
    def __init__(self, desk, sock, number):
        self.desk, self.sock, self.number = desk, sock, number
        self.buf, self.tls, self.user, self.helo = b"", False, None, None
        self.sender, self.rcpts, self.letters = None, [], 0

    # Bytes.

    def more(self):
        try:
            got = self.sock.recv(65536)
        except OSError:
            got = b""
        if not got:
            raise Closed
        self.buf += got

    def line(self):
        while b"\n" not in self.buf:
            self.more()
        line, self.buf = self.buf.split(b"\n", 1)
        text = line.rstrip(b"\r").decode("latin-1")
        if self.desk.args.lines:
            self.desk.write({"event": "line", "conn": self.number,
                             "tls": self.tls, "line": text})
        return text

    def send(self, data):
        try:
            self.sock.sendall(data)
        except OSError:
            raise Closed

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                             struct.pack("ii", 1, 0))
        raise Closed

    def hang(self):
        while True:
            self.more()
            self.buf = b""

    # One answer, as the fault wants it.

    def answer(self, stage, addresses=(), text=None, lines=()):
        """True when the answer was the good one."""
        act = self.desk.action(stage, addresses)
        return self.act(stage, act, text, lines)

    def act(self, stage, act, text=None, lines=()):
        code = GOOD[stage]
        text = text or "2.0.0 ok (%s)" % stage
        good = "".join("%d-%s\r\n" % (code, x) for x in lines)
        good = (good + "%d %s\r\n" % (code, text)).encode()
        if act in ("drop", "lost"):
            raise Closed
        if act == "rst":
            self.reset()
        if act == "hang":
            self.hang()
        if act == "garbage":
            self.send(b"\x00\xff?? this is no SMTP \x1b[2J\r\n")
            self.hang()
        if act == "partial":
            self.send(b"25")
            raise Closed
        if act == "nolf":
            self.send(good.rstrip())
            raise Closed
        if act == "flood":
            while True:
                self.send(b"%d-and so on\r\n" % code * 1000)
        if act == "drip":
            for i in range(len(good)):
                self.send(good[i:i + 1])
                time.sleep(0.1 * SLOW)
            return True
        if act == "slow":
            time.sleep(0.3 * SLOW)
        if act == "early":
            good += b"250 2.0.0 before its time\r\n"
        if act.isdigit():
            self.send(("%s %s.0.0 as asked (%s)\r\n"
                       % (act, act[0], stage)).encode())
            if act == "421":
                raise Closed
            return act[0] == "2"
        self.send(good)
        if act == "okdrop":
            raise Closed
        return True

    # The dialogue.

    def run(self):
        args = self.desk.args
        self.desk.write({"event": "connect", "conn": self.number})
        act = self.desk.action("connect")
        if act == "rst":
            self.reset()
        if act != "ok":
            raise Closed
        if args.tls == "implicit":
            self.wrap()
        if not self.answer("greeting", text="fake ESMTP"):
            raise Closed
        verbs = {"EHLO": self.ehlo, "HELO": self.ehlo, "AUTH": self.auth,
                 "STARTTLS": self.starttls, "MAIL": self.mail,
                 "RCPT": self.rcpt, "DATA": self.data, "RSET": self.rset,
                 "NOOP": self.rset, "QUIT": self.quit}
        while True:
            line = self.line()
            do = verbs.get(line.split(" ")[0].split(":")[0].upper())
            if do is None:
                self.send(b"500 5.5.1 what?\r\n")
            else:
                do(line)

    def wrap(self):
        try:
            self.sock = self.desk.ctx.wrap_socket(self.sock, server_side=True)
        except OSError as e:
            self.desk.write({"event": "tls", "conn": self.number,
                             "error": str(e)})
            raise Closed
        self.tls = True

    def ehlo(self, line):
        args = self.desk.args
        self.helo = line.partition(" ")[2]
        able = ["fake", "PIPELINING", "8BITMIME", "SIZE 52428800"]
        if args.tls == "starttls" and not self.tls and not args.strip:
            able.append("STARTTLS")
        if args.user:
            able.append("AUTH " + args.mechanisms)
        
        self.answer("ehlo", text="HELP", lines=able)

    def starttls(self, line):
        if self.answer("starttls"):
            self.buf = b""
            self.wrap()

    def auth(self, line):
        words = line.split(" ")
        given = None
        if words[1:2] == ["PLAIN"]:
            if len(words) < 3:
                self.send(b"334 \r\n")
                words.append(self.line())
            given = base64.b64decode(words[2]).decode().split("\0")[1:]
        elif words[1:2] == ["LOGIN"]:
            given = [words[2]] if len(words) > 2 else []
            while len(given) < 2:
                self.send(b"334 " + base64.b64encode(
                    b"Password:" if given else b"Username:") + b"\r\n")
                given.append(self.line())
            given = [base64.b64decode(x).decode() for x in given]
        good = given == [self.desk.args.user, self.desk.args.password]
        self.desk.write({"event": "auth", "conn": self.number, "good": good,
                         "tls": self.tls, "how": words[1]})
        if not good:
            self.send(b"535 5.7.8 no\r\n")
        elif self.answer("auth"):
            self.user = given[0]

    def mail(self, line):
        if self.desk.args.user and not self.user:
            self.send(b"530 5.7.0 authenticate first\r\n")
            return
        address = line.partition(":")[2].split(" ")[0]
        if self.answer("mail", [address]):
            self.sender, self.rcpts, self.mail_line = address, [], line

    def rcpt(self, line):
        address = line.partition(":")[2].split(" ")[0]
        if self.answer("rcpt", [address]):
            self.rcpts.append(address)

    def rset(self, line):
        self.sender, self.rcpts = None, []
        self.send(b"250 ok\r\n")

    def quit(self, line):
        self.desk.write({"event": "quit", "conn": self.number})
        self.answer("quit")
        raise Closed

    def data(self, line):
        if self.sender is None or not self.rcpts:
            self.send(b"503 5.5.1 MAIL and RCPT first\r\n")
            return
        act = self.desk.action("data", self.rcpts)
        if act == "early":
            self.early(act)
            return
        if self.act("data", act):
            self.body(self.desk.action("body", self.rcpts))

    def early(self, act):
        self.act("data", act)
        self.take(self.read_body("ok"), "early")

    def read_body(self, act):
        """The exact bytes between DATA and the final dot, unstuffed."""
        if act in ("drop", "rst"):
            if not self.buf:
                self.more()
            if act == "rst":
                self.reset()
            raise Closed
        if act == "hang":
            time.sleep(3600)
        if act == "stall":
            time.sleep(1.5 * SLOW)
        pieces = [self.buf]
        while True:
            end = b"\r\n" + b"".join(pieces[-5:])
            if end.endswith(b"\r\n.\r\n"):
                break
            self.buf = b""
            self.more()
            pieces.append(self.buf)
        body, self.buf = b"".join(pieces)[:-3], b""
        return (b"\r\n" + body).replace(b"\r\n.", b"\r\n")[2:]

    def body(self, act):
        data = self.read_body(act)
        act = self.desk.action("dot", self.rcpts)
        self.take(data, act)
        self.act("dot", act, text="2.0.0 queued as %d-%d" % (
            self.number, self.letters))
        idle = self.desk.action("idle")
        if idle.isdigit():
            self.send(("%s 4.0.0 closing (idle)\r\n" % idle).encode())
        if idle != "ok":
            raise Closed

    def take(self, data, act):
        """Write the record before the answer, as a careful server would."""
        taken = act in ("ok", "lost", "okdrop", "early", "slow", "drip",
                        "nolf") or act[0] == "2"
        self.letters += 1
        self.desk.write({"event": "letter", "conn": self.number,
                         "nth": self.letters, "taken": taken, "dot": act,
                         "sender": self.sender, "rcpts": self.rcpts,
                         "mail": self.mail_line, "tls": self.tls,
                         "user": self.user, "helo": self.helo,
                         "data": data.decode("latin-1")})
        self.sender, rcpts, self.rcpts = None, self.rcpts, []
        return rcpts


def serve(desk, sock, number):
    talk = Talk(desk, sock, number)
    try:
        talk.run()
    except Closed:
        pass
    finally:
        talk.sock.close()
        desk.write({"event": "closed", "conn": number})


def options():
    p = argparse.ArgumentParser()
    p.add_argument("--port", type=int, default=0)
    p.add_argument("--record")
    p.add_argument("--lines", action="store_true", help="record each line")
    p.add_argument("--tls", choices=["none", "starttls", "implicit"],
                   default="none")
    p.add_argument("--strip", action="store_true",
                   help="hide STARTTLS, as a man in the middle does")
    p.add_argument("--cert")
    p.add_argument("--key")
    p.add_argument("--user")
    p.add_argument("--password")
    p.add_argument("--mechanisms", default="PLAIN LOGIN")
    
    p.add_argument("--fault", action="append", default=[])
    return p.parse_args()


def end_with_stdin():
    """Standard input is a pipe from the test: its end is our end."""
    sys.stdin.buffer.read()
    os._exit(0)


def main():
    desk = Desk(options())
    listener = socket.create_server(("127.0.0.1", desk.args.port))
    listener.listen(64)
    threading.Thread(target=end_with_stdin, daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    while True:
        sock, _ = listener.accept()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        desk.number += 1
        threading.Thread(target=serve, args=(desk, sock, desk.number),
                         daemon=True).start()


if __name__ == "__main__":
    main()
