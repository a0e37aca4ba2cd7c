#!/usr/bin/env python3
"""TLS that must not be believed, STARTTLS that was stripped, logins: nothing
secret goes in clear, and no letter is charged for it (M13, T46, T47)."""
from lab import PASSWORD, Lab, main, ok, same
from post import Post, letter, put, send

FAST = "rate off"


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


if __name__ == "__main__":
    main(logins, tls, only_here)
