#!/usr/bin/env python3
"""An SMTP server that fails in every way at every step of a letter, and what
becomes of the letter: RELIABILITY 4.4, T46, T58, T59."""
from lab import Lab, main, note, ok, same
from post import Post, due_now, letter, letters, put, send

# (local part, state, tries, unknowns, how often the server took it)
SENT, LATER, DEAD, MAYBE, TWICE = (
    ("sent", 0, 0, 1), ("pending", 1, 0, 0), ("dead", 0, 0, 0),
    ("pending", 1, 1, 0), ("pending", 1, 1, 1))
TABLE = [
    ("rcpt-ok", SENT), ("rcpt-slow", SENT), ("rcpt-251", SENT),
    ("rcpt-450", LATER), ("rcpt-421", LATER), ("rcpt-550", DEAD),
    ("rcpt-drop", LATER), ("rcpt-rst", LATER), ("rcpt-hang", LATER),
    ("rcpt-garbage", LATER), ("rcpt-partial", LATER), ("rcpt-nolf", LATER),
    ("rcpt-okdrop", LATER), ("rcpt-drip", LATER), ("rcpt-flood", LATER),
    ("data-slow", SENT), ("data-451", LATER), ("data-421", LATER),
    ("data-554", DEAD), ("data-250", LATER), ("data-drop", LATER),
    ("data-rst", LATER), ("data-hang", LATER), ("data-garbage", LATER),
    ("data-partial", LATER), ("data-nolf", LATER), ("data-drip", LATER),
    ("data-early", LATER),
    # A small letter is in the kernel whole: dropped in the body or after it
    # looks the same from here.
    ("data-okdrop", MAYBE), ("body-drop", MAYBE), ("body-rst", MAYBE),
    ("body-hang", MAYBE),
    ("dot-251", SENT), ("dot-slow", SENT), ("dot-okdrop", SENT),
    ("dot-451", LATER), ("dot-421", LATER), ("dot-554", DEAD),
    ("dot-drop", MAYBE), ("dot-rst", MAYBE), ("dot-hang", MAYBE),
    ("dot-garbage", MAYBE), ("dot-partial", MAYBE), ("dot-354", MAYBE),
    ("dot-flood", MAYBE),
    ("dot-nolf", TWICE), ("dot-lost", TWICE), ("dot-drip", TWICE),
]
MAIL = [("mail-451", LATER), ("mail-421", LATER), ("mail-550", DEAD),
        ("mail-drop", LATER), ("mail-rst", LATER), ("mail-hang", LATER),
        ("mail-garbage", LATER), ("mail-okdrop", LATER), ("mail-drip", LATER)]


def check(desk, post, ident, name, want):
    x = letter(desk, ident)
    got = (x.state, x.tries, x.unknowns, len(post.taken(x.to)))
    if not same(got, want, name):
        note(x.reply)
    return x


def faults_by_recipient():
    """All at once: what one letter meets is nothing to the others."""
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post, smtp_more="rate off")
        ids = [(put(desk, local + "@example.org"), local, want)
               for local, want in TABLE]
        ids += [(put(desk, local + ".x@example.org",
                     sender=local + "@desk.example.com"), local, want)
                for local, want in MAIL]
        good = [put(desk, "person%d@example.org" % i) for i in range(8)]
        p = send(desk)
        same(p.returncode, 0, "send --until-idle ends well")
        for ident, local, want in ids:
            x = check(desk, post, ident, local, want)
            if x.state != "sent":
                ok(x.reply and len(x.reply) <= 512 and x.reply.isprintable(),
                   "%s: the reason is kept: %s" % (local, x.reply[:60]))
        same([letter(desk, i).state for i in good], ["sent"] * len(good),
             "letters between them went")
        dead = [x for x in letters(desk) if x.state == "dead"]
        ok(all(x.done and "5" == x.reply[0] for x in dead), "5xx is the end")
        same(desk.integrity(), "ok", "the database is in order")


def faults_once():
    """What failed once arrives at the second try, with the same bytes; the
    server has each at most once more often than there were doubts."""
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post, smtp_more="rate off")
        names = [local for local, want in TABLE
                 if want in (LATER, MAYBE, TWICE)]
        ids = [put(desk, "once-%s@example.org" % name) for name in names]
        send(desk)
        due_now(desk)
        send(desk)
        for ident, name in zip(ids, names):
            x = letter(desk, ident)
            took = post.taken(x.to)
            ok(x.state == "sent" and 1 <= len(took) <= 1 + x.unknowns,
               "once-%s: %s, taken %d times, %d doubts" % (
                   name, x.state, len(took), x.unknowns))
            ok(all(t["data"] == took[0]["data"] and
                   "Message-ID: <%s>" % x.message_id in t["data"]
                   for t in took), "once-%s: the same bytes" % name)


def half_a_letter():
    """A server that stops reading: what is broken off in the middle of a body
    must not end in a final dot."""
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post, smtp_more="rate off")
        text = ("x" * 76 + "\r\n") * (12 << 20 >> 6)
        ident = put(desk, "once-body-stall@example.org", text=text)
        send(desk)
        x = letter(desk, ident)
        same((x.state, x.tries, x.unknowns), ("pending", 1, 0),
             "broken off: provably not sent")
        lab.wait(lambda: post.rows("closed"), "the server's end")
        same(len(post.rows("letter")), 0, "no dot came")
        due_now(desk)
        send(desk, DESKD_TIMEOUT_MS="10000")
        took = post.taken()
        same(letter(desk, ident).state, "sent", "the next try sends it")
        ok(len(took) == 1 and took[0]["data"].endswith(text),
           "whole, and once")


def doubts_end():
    """A server that never answers the dot: a stranger or a requester gets at
    most two copies, then a human is asked; staff gets more tries."""
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post, smtp_more="rate off")
        ids = {kind: put(desk, "dot-lost.%s@example.org" % kind, kind=kind)
               for kind in ("ack", "reply", "notify")}
        for _ in range(4):
            send(desk)
            due_now(desk)
        for kind, copies in (("ack", 2), ("reply", 2), ("notify", 4)):
            x = letter(desk, ids[kind])
            same((x.state, len(post.taken(x.to))),
                 ("pending" if kind == "notify" else "dead", copies), kind)


if __name__ == "__main__":
    main(faults_by_recipient, faults_once, half_a_letter, doubts_end)
