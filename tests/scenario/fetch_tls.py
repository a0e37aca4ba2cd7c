#!/usr/bin/env python3
"""Whom do we give the password to?  (M1, T47)  Every server here would take
it; each refused one must never have seen a login."""
import os
import ssl
import sys
import warnings

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "fake"))
from imapd import Imapd  # noqa: E402
from lab import SLOW, Lab, mail, main, note, ok, same  # noqa: E402

LOGIN = "LOGIN|AUTHENTICATE|Z2VoZWlt|geheim"
FAST = {"DESKD_TIMEOUT_MS": str(int(3000 * SLOW))}


def settings(server, scheme, host="127.0.0.1", ca=None):
    out = ["imap %s://%s:%d" % (scheme, host, server.port)]
    if ca:
        out.append("ca-file " + ca)
    return "\n".join(out)


def attempt(lab, server, where):
    desk = lab.desk(server, name="tls", mailboxes={
        "support": (server, "support@example.com", where)})
    return desk, desk.run("fetch", "support", "--once", check=False, env=FAST)


def refused(lab, name, server, where, *words):
    desk, p = attempt(lab, server, where)
    text = p.stderr.decode()
    note("%s: %s" % (name, text.strip()))
    same(p.returncode, 69, name + ": refused")
    same(len(text.strip().splitlines()), 1, name + ": in one line")
    ok(all(w in text for w in words), "%s: which says %s" % (name, words))
    same(server.sent(LOGIN), [], name + ": no login was sent")
    same(desk.json("ledger")["rows"], [], name + ": nothing was fetched")


def taken(lab, name, server, where):
    desk, p = attempt(lab, server, where)
    if not same(p.returncode, 0, name + ": accepted"):
        note(p.stderr.decode())
    same(len(desk.json("ledger")["rows"]), 1, name + ": and fetched from")
    ok(server.sent(LOGIN), name + ": with a login")


def test_good():
    with Lab() as lab:
        ca, cert = lab.authority.ca_file, lab.authority.issue("good")
        for scheme, tls in (("imaps", "imaps"), ("imap", "starttls")):
            for host in ("127.0.0.1", "localhost"):
                with Imapd([mail()], tls=tls, cert=cert) as server:
                    taken(lab, "%s %s" % (tls, host), server,
                          settings(server, scheme, host, ca))
        with Imapd([mail()]) as server:
            taken(lab, "plain on loopback", server,
                  "imap imap://127.0.0.1:%d plain" % server.port)


def test_certificates():
    with Lab() as lab:
        auth = lab.authority
        ca = auth.ca_file
        own = auth.self_signed()
        wrong = auth.issue("other.example.com", "DNS:other.example.com")
        old = auth.issue("old", expired=True)
        good = auth.issue("good")
        for scheme, tls in (("imaps", "imaps"), ("imap", "starttls")):
            for name, cert, use, words in (
                    ("self-signed", own, ca, ["signed by itself", "ca-file"]),
                    ("expired", old, ca, ["expired on 20", "renew"]),
                    ("wrong name", wrong, ca, ["127.0.0.1",
                                               "other.example.com"]),
                    ("unknown authority", good, None,
                     ["deskd test authority", "ca-file"])):
                with Imapd([mail()], tls=tls, cert=cert) as server:
                    refused(lab, "%s, %s" % (name, tls), server,
                            settings(server, scheme, ca=use),
                            "certificate refused", *words)
        with Imapd([mail()], tls="imaps", cert=own) as server:
            taken(lab, "self-signed, named in ca-file", server,
                  settings(server, "imaps", ca=own[0]))
        with Imapd([mail()], tls="imaps", cert=good) as server:
            refused(lab, "no such ca-file", server,
                    settings(server, "imaps", ca="/nonexistent.pem"),
                    "ca-file")


def test_stripping():
    def plain_text(conn, tag, verb, rest):
        if verb == "STARTTLS":
            conn.send(tag + " NO not today\r\n")
            return True
        return False

    def injected(conn, tag, verb, rest):
        if verb == "STARTTLS":  # CVE-2011-0411: words before the handshake
            conn.send(tag + " OK go on\r\n* CAPABILITY IMAP4rev1\r\n"
                      "A003 OK done\r\n")
            conn.starttls()
            return True
        return False
    with Lab() as lab:
        ca, cert = lab.authority.ca_file, lab.authority.issue("good")
        with Imapd([mail()]) as server:
            refused(lab, "plain on the TLS port", server,
                    settings(server, "imaps", ca=ca), "no TLS on this port")
        with Imapd([mail()]) as server:
            refused(lab, "no STARTTLS offered", server,
                    settings(server, "imap", ca=ca), "STARTTLS")
        with Imapd([mail()], greeting=b"* PREAUTH welcome\r\n") as server:
            refused(lab, "PREAUTH instead of STARTTLS", server,
                    settings(server, "imap", ca=ca), "STARTTLS")
        with Imapd([mail()], tls="starttls", cert=cert,
                   on_line=plain_text) as server:
            refused(lab, "STARTTLS refused", server,
                    settings(server, "imap", ca=ca))
        with Imapd([mail()], tls="starttls", cert=cert,
                   on_line=injected) as server:
            desk, p = attempt(lab, server, settings(server, "imap", ca=ca))
            note("injected: %d %s" % (p.returncode, p.stderr.decode().strip()))
            ok(p.returncode == 69 or server.sent(LOGIN),
               "injected words do not become ours")
        with Imapd([mail()], tls="imaps", cert=cert) as server:
            refused(lab, "TLS on the STARTTLS port", server,
                    settings(server, "imap", ca=ca), "from the first byte")
        with Imapd([mail()], tls="imaps", cert=cert,
                   greeting=b"* PREAUTH welcome\r\n") as server:
            refused(lab, "PREAUTH", server, settings(server, "imaps", ca=ca),
                    "without asking")
        with Imapd([mail()], greeting=b"* BYE too busy\r\n", tls="imaps",
                   cert=cert) as server:
            refused(lab, "BYE", server, settings(server, "imaps", ca=ca),
                    "too busy")
        warnings.simplefilter("ignore", DeprecationWarning)
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        old.set_ciphers("ALL:@SECLEVEL=0")
        old.load_cert_chain(*cert)
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1
        with Imapd([mail()], tls="imaps", context=old) as server:
            refused(lab, "TLS 1.1", server, settings(server, "imaps", ca=ca),
                    "1.2 or newer")


def test_refused_in_the_loop():
    """Said once, tried again, and taken when it is repaired."""
    import subprocess
    from lab import DESKD
    with Lab() as lab:
        ca = lab.authority.ca_file
        own, good = lab.authority.self_signed(), lab.authority.issue("good")
        with Imapd([mail()], tls="imaps", cert=own) as server:
            desk = lab.desk(server, mailboxes={"support": (
                server, "support@example.com",
                settings(server, "imaps", ca=ca))})
            with open(desk.dir + "/log", "wb") as log:
                p = subprocess.Popen(
                    [DESKD, "-c", desk.conf, "fetch", "support"], stderr=log,
                    env=dict(os.environ, DESKD_TIMEOUT_MS="300"))
                try:
                    lab.wait(lambda: len(server.conns) >= 4, "four tries")
                    server.context.load_cert_chain(*good)
                    lab.wait(lambda: server.flags[1], "the mark", 30)
                finally:
                    p.terminate()
                    p.wait()
        text = open(desk.dir + "/log").read()
        same(text.count("certificate refused"), 1, "said once")
        ok("fetching again" in text, "and when it was over")


if __name__ == "__main__":
    main(test_good, test_certificates, test_stripping,
         test_refused_in_the_loop)
