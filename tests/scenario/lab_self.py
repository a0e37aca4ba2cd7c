"""The laboratory itself: that its servers serve and that it leaves nothing."""
import os
import signal
import smtplib
import ssl
import subprocess
import sys
import time

import lab as lab_module
from lab import Lab, mail, main, ok, same, PASSWORD


def dovecot_serves():
    with Lab() as lab:
        dv = lab.dovecot(["support@example.com", "ann@example.com"], tls=True)
        dv.deliver("support@example.com", mail(subject="one"))
        dv.append("support@example.com", mail(subject="two"))
        mails = dv.mails("support@example.com")
        same(len(mails), 2, "a delivered and an appended mail are there")
        ok(b"Subject: one\r\n" in mails[0][2], "in order, with CRLF")
        context = ssl.create_default_context(cafile=lab.authority.ca_file)
        import imaplib
        box = imaplib.IMAP4_SSL("127.0.0.1", dv.tls_port, ssl_context=context)
        same(box.login("ann@example.com", PASSWORD)[0], "OK",
             "imaps verifies against the test's own authority")
        box.logout()
        box = imaplib.IMAP4("127.0.0.1", dv.port)
        box.starttls(context)
        same(box.login("ann@example.com", PASSWORD)[0], "OK", "STARTTLS too")
        before = int(box.status("INBOX", "(UIDVALIDITY)")[1][0].split()[-1][:-1])
        box.logout()
        dv.stop()
        dv.reset_uids("ann@example.com")
        dv.start()
        box = dv.imap("ann@example.com", None)
        after = int(box.status("INBOX", "(UIDVALIDITY)")[1][0].split()[-1][:-1])
        box.logout()
        ok(before != after, "reset_uids() changes UIDVALIDITY")


def certificates():
    with Lab() as lab:
        for name, more, word in (
                ("good", {}, None), ("expired", {"expired": True}, "expired"),
                ("other", {"alt": "DNS:other.example.com"}, "match")):
            cert = lab.authority.issue(name, **more)
            dv = lab.dovecot(cert=cert)
            context = ssl.create_default_context(cafile=lab.authority.ca_file)
            said = ""
            try:
                import imaplib
                imaplib.IMAP4_SSL("127.0.0.1", dv.tls_port,
                                  ssl_context=context).logout()
            except ssl.SSLError as e:
                said = str(e)
            ok(said == "" if word is None else word in said,
               "certificate %s: %s" % (name, said or "accepted"))
            dv.stop()


def sink_serves():
    with Lab() as lab:
        dv = lab.dovecot(["ann@example.com"])
        sink = lab.sink(dv, known=["bob@example.org"])
        s = smtplib.SMTP("127.0.0.1", sink.port, timeout=10)
        s.sendmail("x@example.org", ["ann+tag@example.com", "bob@example.org"],
                   mail(text="one\n.\n..two\n"))
        got = dv.mails("ann@example.com")
        same(len(got), 1, "delivered into Dovecot")
        ok(got[0][2].endswith(b"one\r\n.\r\n..two\r\n"), "dots are kept")
        ok(got[0][2].startswith(b"Return-Path: <x@example.org>\r\n"),
           "with the envelope sender")
        code = None
        try:
            s.sendmail("x@example.org", ["nobody@example.com"], mail())
        except smtplib.SMTPRecipientsRefused as e:
            code = e.recipients["nobody@example.com"][0]
        same(code, 550, "an unknown recipient is refused")
        sink.script("dot", "451 4.3.0 later")
        try:
            s.sendmail("x@example.org", ["bob@example.org"], mail())
        except smtplib.SMTPDataError as e:
            code = e.smtp_code
        same(code, 451, "a scripted reply")
        sink.script("dot", "accept-drop")
        before, gone = len(sink.accepted()), False
        try:
            s.sendmail("x@example.org", ["bob@example.org"], mail())
        except smtplib.SMTPServerDisconnected:
            gone = True
        ok(gone and len(sink.accepted()) == before + 1,
           "accept-drop takes the mail and goes away")


def postfix_serves():
    with Lab() as lab:
        dv = lab.dovecot(["ann@example.com"])
        postfix = lab.postfix(dv)
        s = smtplib.SMTP("127.0.0.1", postfix.port, timeout=10)
        s.sendmail("x@example.org", ["ann+tag@example.com"], mail())
        s.quit()
        lab.wait(lambda: dv.mails("ann@example.com"), "the mail from Postfix")
        ok(True, "Postfix delivers into Dovecot")
        below = list(lab_module.descendants(postfix.proc.pid))
        postfix.stop()
        same(lab_module._alive(below), [], "Postfix is gone to the last daemon")


def leaves_nothing():
    code = ("import sys, time; sys.path.insert(0, %r); from lab import *\n"
            "lab = Lab(); dv = lab.dovecot(); print(lab.dir, dv.proc.pid, "
            "flush=True); time.sleep(60)"
            % os.path.dirname(os.path.abspath(__file__)))
    for sig, folder_goes in ((signal.SIGINT, True), (signal.SIGKILL, False)):
        p = subprocess.Popen([sys.executable, "-c", code], text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                             preexec_fn=lambda: signal.signal(
                                 signal.SIGINT, signal.default_int_handler))
        folder, pid = p.stdout.readline().split()
        pids = [int(pid), *lab_module.descendants(int(pid))]
        p.send_signal(sig)
        p.wait(15)
        for _ in range(250):
            if not lab_module._alive(pids):
                break
            time.sleep(0.02)
        same(lab_module._alive(pids), [], "%s: no process left" % sig.name)
        if folder_goes:
            ok(not os.path.exists(folder), "%s: no folder left" % sig.name)
        else:
            import shutil
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(dovecot_serves, certificates, sink_serves, postfix_serves,
         leaves_nothing)
