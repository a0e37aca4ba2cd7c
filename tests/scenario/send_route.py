#!/usr/bin/env python3
"""The way to the relay: refusals before any letter, kept connections that
died, one connection or more, the rate."""
import threading
import time

from lab import SLOW, Lab, main, ok, same
from post import Post, letter, put, send

FAST = "rate off"


def refusals():
    """Nothing before MAIL is a letter's fault: it waits, uncharged."""
    faults = ["connect=drop", "connect=rst", "greeting=421", "greeting=554",
              "greeting=drop", "greeting=hang", "greeting=garbage",
              "greeting=flood", "ehlo=421", "ehlo=554", "ehlo=drop",
              "ehlo=rst"]
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post, smtp_more=FAST)
        ident = put(desk, "ann@example.org", kind="reply")
        for fault in faults:
            post.again("--fault", fault)
            p = send(desk, DESKD_TIMEOUT_MS="300")
            x = letter(desk, ident)
            same((p.returncode, x.state, x.tries, x.unknowns),
                 (69, "pending", 0, 0), "%s: %s" % (fault, x.reply[:70]))
        same(len(post.rows("letter")), 0, "no letter went")
        post.again()
        same(send(desk).returncode, 0, "the relay is back")
        same(letter(desk, ident).state, "sent", "and so the letter goes")


def nobody_there():
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post, smtp_more=FAST)
        ident = put(desk, "ann@example.org")
        post.stop()
        p = send(desk)
        same(p.returncode, 69, "no server: exit 69")
        ok(b"does not take letters" in p.stderr, "and words")
        same((letter(desk, ident).state, letter(desk, ident).tries),
             ("pending", 0), "the letter waits")
        stale = put(desk, "bob@example.org", kind="ack",
                    created=int(time.time()) - 7 * 3600)
        post.start()
        same(send(desk).returncode, 0, "the server is back")
        same(letter(desk, ident).state, "sent", "the letter goes")
        x = letter(desk, stale)
        same((x.state, post.taken(x.to)), ("dead", []),
             "an acknowledgement of seven hours ago does not: " + x.reply)
        desk.run("outbox", "retry", stale)
        send(desk)
        same(letter(desk, stale).state, "sent", "but by hand it does")


def kept_connections():
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post, smtp_more=FAST)
        for i in range(6):
            put(desk, "p%d@example.org" % i)
        put(desk, "rcpt-550@example.org", kind="alert")
        send(desk)
        same(len(post.taken()), 6, "six letters")
        same(len(post.rows("connect")), 1,
             "one connection, also after a refusal")
        same(len(post.rows("quit")), 1, "and a good-bye at the end")
        for how in ("421", "drop", "rst"):
            post.again("--fault", "idle=" + how)
            began = len(post.rows("connect"))
            ids = [put(desk, "%s%d@example.org" % (how, i))
                   for i in range(4)]
            send(desk)
            same([(letter(desk, i).state, letter(desk, i).tries)
                  for i in ids], [("sent", 0)] * 4,
                 "the server ends idle connections (%s): no penalty" % how)
            ok(len(post.rows("connect")) - began == 4,
               "each went on a fresh one")
        post.again("--fault", "mail=ok,421,ok")
        ids = [put(desk, "m%d@example.org" % i) for i in range(3)]
        send(desk)
        same([(letter(desk, i).state, letter(desk, i).tries) for i in ids],
             [("sent", 0)] * 3, "421 at MAIL on a kept one: no penalty")


def many():
    """A heap of letters gets more connections; a hanging one does not hold up
    the others."""
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post, smtp_more=FAST)
        for i in range(60):
            put(desk, "p%d@example.org" % i)
        send(desk)
        same(len(post.taken()), 60, "sixty letters")
        ok(2 <= len(post.rows("connect")) <= 4, "over %d connections"
           % len(post.rows("connect")))
        slow = put(desk, "dot-hang@example.org")
        ids = [put(desk, "q%d@example.org" % i) for i in range(5)]
        desk_env = {"DESKD_TIMEOUT_MS": str(int(6000 * SLOW))}
        began = time.monotonic()
        t = threading.Thread(target=send, args=(desk,), kwargs=desk_env)
        t.start()
        lab.wait(lambda: len(post.taken()) == 65, "the others")
        took = time.monotonic() - began
        ok(took < 5 * SLOW, "the others went after %.1f s" % took)
        lab.wait(lambda: all(letter(desk, i).state == "sent" for i in ids),
                 "their outcome in the database")
        ok(time.monotonic() - began < 5.5 * SLOW,
           "known before the hanging one is")
        t.join()
        same(letter(desk, slow).unknowns, 1, "that one is in doubt")


def rates():
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post, smtp_more="rate 240/min")
        for i in range(54):
            put(desk, "p%d@example.org" % i)
        began = time.monotonic()
        same(send(desk).returncode, 0, "--until-idle waits for the rate")
        took = time.monotonic() - began
        same(len(post.taken()), 54, "all went")
        ok(took >= 1.4, "48 at once, six at four a second: %.1f s" % took)


if __name__ == "__main__":
    main(refusals, nobody_there, kept_connections, many, rates)
