"""The main job, end to end, with `deskd run` and real servers: a request, its
acknowledgement, the reply to it, the ledger; with our own SMTP server, with
Postfix, with two mailboxes, over TLS."""
import email
import email.policy
import smtplib

from lab import Lab, mail, main, ok, same


def parse(data):
    return email.message_from_bytes(data, policy=email.policy.default)


def answer(ack, text="One more thing.\n", sender="Ann Ahlers "
           "<ann@example.org>"):
    """The mail that a mail program makes of "reply"."""
    return mail(sender=sender, subject=str(ack["Subject"]), text=text,
                In_Reply_To=str(ack["Message-ID"]),
                References=("%s %s" % (ack["References"] or "",
                                       ack["Message-ID"])).strip())


def conversation(lab, dv, desk, submit, acks):
    """Ann writes, is acknowledged, answers; what must be so in the end.
    submit(bytes) sends to support@, acks() gives what Ann has received."""
    submit(mail(sender="Ann Ahlers <ann@example.org>", message_id="a1@x.org",
                subject="VPN does not connect", text="Please help.\n"))
    ack = parse(lab.wait(acks, "the acknowledgement")[0])
    [ticket] = desk.tickets()
    same(ticket["subject"], "VPN does not connect", "a ticket is there")
    same(ticket["requester"]["address"], "ann@example.org", "it is Ann's")
    same(ack["In-Reply-To"], "<a1@x.org>", "the letter answers her mail")
    same(str(ack["Subject"]),
         "Re: VPN does not connect [%s]" % ticket["tag"],
         "its subject is hers with the tag")
    same(ack["Auto-Submitted"], "auto-replied", "it says it is automatic")
    same(ack["Return-Path"], "<>", "it has the null sender")
    submit(answer(ack))
    lab.wait(lambda: len(desk.show(ticket["number"])["messages"]) >= 3,
             "the answer in the ticket")
    shown = desk.show(ticket["number"])
    same([m["direction"] for m in shown["messages"]], ["in", "out", "in"],
         "the conversation is in, out, in")
    same(len(desk.tickets()), 1, "there is still one ticket")
    ok(all(e["why"] for e in shown["events"]), "every event has a why")
    same([r["state"] for r in desk.ledger()], ["new", "append"],
         "the ledger has each mail in its state")

    def marked():
        flags = [set(f) for _, f, _ in dv.mails("support@example.com")]
        return flags if len(flags) == 2 and all(flags) else None

    flags = lab.wait(marked, "the marks on the server")
    ok(not any(f & {"\\Seen", "\\Deleted"} for f in flags),
       "the mails are marked on the server, not seen, not deleted: %s" %
       flags[0])
    same(desk.json("ledger", "--reconcile")["reconcile"][0]["missing"],
         [], "the ledger agrees with the server")
    same(len(acks()), 1, "she got one letter")
    same(desk.json("outbox", "list")["rows"], [], "no letter is left")
    same(desk.integrity(), "ok", "the database is in order")
    same(desk.stop(), 0, "deskd run ends well when asked")


def with_sink():
    with Lab() as lab:
        dv = lab.dovecot(["support@example.com", "ann@example.org"])
        sink = lab.sink(dv)
        desk = lab.desk(dv, sink).start()

        def submit(data):
            with smtplib.SMTP("127.0.0.1", sink.port, timeout=10) as s:
                s.sendmail("ann@example.org", ["support@example.com"], data)

        conversation(lab, dv, desk, submit, lambda: [
            m for _, _, m in dv.mails("ann@example.org")])


def with_postfix():
    with Lab() as lab:
        dv = lab.dovecot(["support@example.com", "ann@example.org",
                          "ana@example.com", "dieter@example.com"])
        postfix = lab.postfix(dv)
        desk = lab.desk(dv, postfix).start()

        def submit(data):
            with smtplib.SMTP("127.0.0.1", postfix.port, timeout=10) as s:
                s.sendmail("ann@example.org", ["support@example.com"], data)

        conversation(lab, dv, desk, submit, lambda: [
            m for _, _, m in dv.mails("ann@example.org")])
        same(postfix.queue(), 0, "Postfix has nothing left")


def over_tls():
    """imaps and STARTTLS to Dovecot, STARTTLS with a login to the relay."""
    with Lab() as lab:
        dv = lab.dovecot(["support@example.com", "ann@example.org"], tls=True)
        sink = lab.sink(dv, cert=lab.authority.issue("sink"),
                        users={"support": "geheim"})
        ca = "ca-file " + lab.authority.ca_file
        for url in ("imaps://localhost:%d" % dv.tls_port,
                    "imap://localhost:%d" % dv.port):
            desk = lab.desk(None, sink, mailboxes={"support": (
                dv, "support@example.com", "imap %s\n    %s\n    "
                "poll 2s idle" % (url, ca))},
                smtp_more="relay smtp://localhost:%d\n    %s\n    user support"
                "\n    auth password file:%s" % (
                    sink.port, ca, lab.dir + "/pw"))
            with open(lab.dir + "/pw", "w") as f:
                f.write("geheim\n")
            import os
            os.chmod(lab.dir + "/pw", 0o600)
            who = "ann+%d@example.org" % len(url)
            dv.deliver("support@example.com", mail(sender=who, subject=url))
            desk.round()
            same(len(sink.accepted(who)), 1,
                 "%s: fetched, worked, acknowledged" % url.split(":")[0])
            desk.stop()
        ok(sink.logins and all(tls for _, _, tls in sink.logins),
           "the login at the relay went over TLS only")


def two_mailboxes():
    with Lab() as lab:
        users = ["support@example.com", "billing@example.com"]
        dv, dv2 = lab.dovecot(users), lab.dovecot(["shop@example.net"])
        sink = lab.sink(dv)
        desk = lab.desk(mailboxes={
            "support": (dv, users[0], ""), "billing": (dv, users[1], ""),
            "shop": (dv2, "shop@example.net", "")}, smtp=sink).start()
        for i in range(3):
            for server, user in ((dv, users[0]), (dv, users[1]),
                                 (dv2, "shop@example.net")):
                server.deliver(user, mail(
                    sender="p%d@example.org" % i, to=user,
                    subject="%d to %s" % (i, user)))
        lab.wait(lambda: len(sink.accepted()) == 9, "nine letters")
        lab.wait(lambda: len([r for r in desk.ledger()
                              if r["state"] == "new"]) == 9, "nine rows")
        rows = desk.ledger()
        same(sorted({r["mailbox"] for r in rows}),
             ["billing", "shop", "support"], "from three mailboxes")
        same(len({(r["mailbox"], r["uidvalidity"], r["uid"]) for r in rows}),
             9, "each UID once")
        same(len(desk.tickets()), 9, "nine tickets")
        # One server down does not stop the others.
        dv2.stop()
        dv.deliver(users[0], mail(sender="late@example.org"))
        lab.wait(lambda: len(sink.accepted()) == 10,
                 "a letter while one server is down")
        ok(True, "one server down, the others go on")
        dv2.deliver("shop@example.net", mail(sender="late2@example.org"))
        dv2.start()
        lab.wait(lambda: len(sink.accepted()) == 11,
                 "a letter after the server is back", 40)
        ok(True, "the server back, its mail comes in")
        same(desk.stop(), 0, "deskd run ends well")
        same(desk.integrity(), "ok", "the database is in order")


if __name__ == "__main__":
    main(with_sink, with_postfix, over_tls, two_mailboxes)
