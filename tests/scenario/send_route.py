#!/usr/bin/env python3
"""The way to the relay: refusals before any letter, TLS that must not be
believed, logins, kept connections that died, one connection or more."""
import os
import time

from lab import PASSWORD, SLOW, Lab, main, ok, same
from post import Post, due_now, letter, letters, put, send

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


def logins():
    with Lab() as lab:
        post = lab._add(Post(lab, "--user", "desk", "--password", PASSWORD))
        desk = lab.desk(None, post)
        more = "%s\n user %s\n auth password file:%s"
        desk = lab.desk(None, post,
                        smtp_more=more % (FAST, "desk", desk.password))
        ident = put(desk, "ann@example.org")
        same(send(desk).returncode, 0, "the login works")
        same(post.taken()[0]["user"], "desk", "and the letter went with it")
        wrong = lab.desk(None, post,
                         smtp_more=more % (FAST, "wrong", desk.password))
        ident = put(wrong, "ann@example.org")
        began = len(post.rows("connect"))
        same(send(wrong).returncode, 69, "a wrong name: exit 69")
        same(len(post.rows("connect")) - began, 1,
             "asked once: a password does not get better by trying")
        x = letter(wrong, ident)
        ok(x.state == "pending" and x.reply.startswith("535"), x.reply)
        post.again("--user", "desk", "--password", PASSWORD,
                   "--mechanisms", "LOGIN")
        ident = put(desk, "bob@example.org")
        send(desk)
        same(letter(desk, ident).state, "sent", "AUTH LOGIN")
        post.again("--user", "desk", "--password", PASSWORD,
                   "--mechanisms", "CRAM-MD5 NTLM")
        ident = put(desk, "eve@example.org")
        same(send(desk).returncode, 69, "no weaker way in is taken")
        post.again("--user", "desk", "--password", PASSWORD)
        plain = lab.desk(None, post, smtp_more=FAST)
        ident = put(plain, "ann@example.org")
        same(send(plain).returncode, 69, "a server that wants a login")
        x = letter(plain, ident)
        ok(x.tries == 0 and x.state == "pending" and x.reply.startswith("530"),
           "no letter is at fault for that: " + x.reply)


def tls():
    """Good authority, and everything that is not."""
    with Lab() as lab:
        ca = lab.authority
        good, wrong_name = ca.issue("good"), ca.issue(
            "wrong", alt="DNS:mail.example.org")
        expired, own = ca.issue("old", expired=True), ca.self_signed()
        more = "%s\n relay %s://127.0.0.1:%d\n %s\n user desk\n " \
               "auth password file:%s"
        for scheme, mode in (("smtps", "implicit"), ("smtp", "starttls")):
            post = lab._add(Post(lab, start=False))
            common = ["--lines", "--user", "desk", "--password", PASSWORD,
                      "--tls", mode]

            def serve(pair, *extra):
                return post.again(*common, "--cert", pair[0], "--key",
                                  pair[1], *extra)

            serve(good)
            desk = lab.desk(None, post)
            desk = lab.desk(None, post, smtp_more=more % (
                FAST, scheme, post.port, "ca-file " + ca.ca_file,
                desk.password))
            ident = put(desk, "ann@example.org")
            same(send(desk).returncode, 0, mode + ": our authority is good")
            took = post.taken()
            ok(len(took) == 1 and took[0]["tls"] and
               took[0]["user"] == "desk", mode + ": under TLS, logged in")
            ident = put(desk, "bob@example.org", kind="reply")
            for pair, why in ((own, "signed by itself"),
                              (expired, "expired"), (wrong_name, "not for")):
                serve(pair)
                before = len(post.rows("line"))
                same(send(desk).returncode, 69,
                     "%s: a certificate %s: no" % (mode, why))
                secret_lines(post, before, mode)
                x = letter(desk, ident)
                ok(x.state == "pending" and x.tries == 0 and
                   "certificate" in x.reply, x.reply[:150])
            nobody = lab.desk(None, post, smtp_more=more % (
                FAST, scheme, post.port, "", desk.password))
            put(nobody, "ann@example.org")
            serve(good)
            same(send(nobody).returncode, 69,
                 mode + ": an authority that the system does not know: no")
            if mode == "starttls":
                serve(good, "--strip")
                before = len(post.rows("line"))
                same(send(desk).returncode, 69, "STARTTLS stripped: no")
                secret_lines(post, before, "stripped")
                ok("STARTTLS" in letter(desk, ident).reply,
                   letter(desk, ident).reply)
                serve(good, "--fault", "starttls=454")
                before = len(post.rows("line"))
                same(send(desk).returncode, 69, "STARTTLS refused: no")
                secret_lines(post, before, "refused")
            same(len(post.taken()), 1, mode + ": nothing else arrived")
            serve(good)
            send(desk)
            same(letter(desk, ident).state, "sent",
                 mode + ": good again, and the letter goes")


def secret_lines(post, before, what):
    """Nothing but hello in clear: no name, no password, no letter."""
    said = [r["line"] for r in post.rows("line")[before:] if not r["tls"]]
    bad = [x for x in said
           if x.split(" ")[0].upper() not in ("EHLO", "STARTTLS", "QUIT")]
    same(bad, [], what + ": nothing but EHLO in clear")


def only_here():
    """"plain" is for this machine alone."""
    with Lab() as lab:
        post = lab._add(Post(lab))
        desk = lab.desk(None, post)
        p = desk.run("check", check=False)
        same(p.returncode, 0, "plain to loopback is allowed")
        far = lab.desk(None, post,
                       smtp_more="relay smtp://192.0.2.1:25 plain")
        same(far.run("check", check=False).returncode, 78,
             "plain to another machine is a mistake in the configuration")


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
        import threading
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
    main(refusals, nobody_there, logins, tls, only_here, kept_connections,
         many, rates)
