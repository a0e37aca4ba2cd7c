#!/usr/bin/env python3
"""The letters as a requester gets them: in their language, in the words of the
built-in template or of the admin's, and what an admin reads when one fails."""
import datetime
import email
import email.policy
import os

from lab import Lab, mail, main, ok, same


def parse(data):
    return email.message_from_bytes(data, policy=email.policy.default)


def plain(data):
    return parse(data).get_body(("plain",)).get_content().replace("\r\n", "\n")


def rejoined(text):
    """Flowed lines put together (RFC 3676), for looking for sentences."""
    return text.replace(" \n", " ")


def write(desk, path, text):
    path = "%s/templates/%s" % (desk.dir, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write(text)


def desk_of(lab, own=False, **more):
    dv, sink = lab.dovecot(), lab.sink()
    desk = lab.desk(dv, sink, **more)
    text = desk.text.replace("languages en", "languages en de fr es")
    if own:
        text = "templates %s/templates\n" % desk.dir + text
    desk.write_conf(text)
    return dv, sink, desk


def languages():
    """Each writes in a language and is answered in it."""
    with Lab() as lab:
        dv, sink, desk = desk_of(lab)
        for tongue in ("en", "de-AT", "fr", "es", "pl"):
            dv.deliver("support@example.com", mail(
                sender="Maria Gomez <maria@%s.example>" % tongue[:2],
                subject="VPN", Content_Language=tongue))
        desk.round()
        got = {t.recipients[0]: parse(t.data) for t in sink.taken}
        words = {"en": "Hello Maria,", "de": "Guten Tag Maria Gomez,",
                 "fr": "Bonjour Maria Gomez,", "es": "Hola, Maria:",
                 "pl": "Hello Maria,"}
        for tongue, hello in words.items():
            ack = got.get("maria@%s.example" % tongue)
            if not ok(ack is not None, "%s is answered" % tongue):
                continue
            text = ack.get_body(("plain",)).get_content()
            same(text.splitlines()[0], hello, "%s is greeted" % tongue)
            same(ack["Content-Language"], "en" if tongue == "pl" else tongue,
                 "%s: the language is named" % tongue)
            html = ack.get_body(("html",)).get_content()
            ok("<html lang=\"%s\">" % ack["Content-Language"] in html,
               "%s: in the HTML part, too" % tongue)


def own_words():
    """A file of the admin's takes the place of that one built-in template."""
    with Lab() as lab:
        dv, sink, desk = desk_of(lab, own=True)
        write(desk, "de/acknowledge.txt",
              "Subject: Re: {{ticket.subject}}\n\nMoin {{requester.name|Du}}! "
              "{{ticket.tag}}\n")
        for tongue in ("de", "en"):
            dv.deliver("support@example.com", mail(
                sender="Jo Park <jo@%s.example>" % tongue, subject="Drucker",
                Content_Language=tongue))
        desk.round()
        text = {t.recipients[0][3:5]: plain(t.data) for t in sink.taken}
        same(text["de"], "Moin Jo Park! EX-1001\n", "the admin's words")
        ok("thank you for writing" in text["en"], "the others stay built in")


def wrong_words():
    """A mistake in a template is found with its place, before any mail."""
    with Lab() as lab:
        dv, sink, desk = desk_of(lab, own=True)
        write(desk, "fr/acknowledge.txt",
              "Subject: Re\n\nBonjour {{requester.nom}}\n")
        dv.deliver("support@example.com", mail())
        desk.run("fetch", "support", "--once")
        p = desk.run("work", "--until-idle", check=False)
        ok(p.returncode != 0, "work does not start: exit %d" % p.returncode)
        ok(b"fr/acknowledge.txt:3:9: error: unknown variable 'requester.nom'"
           in p.stderr, "and says where: %s" % p.stderr.decode().strip())
        same([r["state"] for r in desk.ledger()], ["stored"], "no mail is lost")
        os.unlink(desk.dir + "/templates/fr/acknowledge.txt")
        desk.run("work", "--until-idle")
        same(len(desk.tickets()), 1, "it goes on when the file is right")


def closed():
    """Outside the hours of the desk the letter says when it opens again."""
    day = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(2)
    hours = "hours %s 08:00-17:00" % day.strftime("%a").lower()
    when = "%s, %d %s, 08:00" % (day.strftime("%A"), day.day,
                                 day.strftime("%B"))
    people = """
calendar office { %s }
calendar oncall { hours always }
sla standard { calendar office; critical 1h 1h 1h calendar oncall
    high 1h 1h 1h; normal 1h 1h 1h; low 1h 1h 1h }
agent ana "Ana" { email ana@example.com }
team desk "Service Desk" { members ana; sla standard
    signature "Your service desk" }
org kunde "Kunde GmbH" { domain kunde.example }
rule burning { when subject has fire; set priority critical }
rule known { when subject has hail; reply template:hail }
rule odd { when subject /(?<what>snow|ice)/; reply template:hail }
""" % hours
    with Lab() as lab:
        dv, sink, desk = desk_of(lab, own=True, people=people)
        write(desk, "en/hail.txt",
              "Subject: Re: {{ticket.subject|hail}}\n\n"
              "{{match.what|Hail}} is known, {{organisation.name|you}}. "
              "{{ticket.tag}}{{#hours.open}} open{{/hours.open}}\n")
        for subject, sender in (("rain", "Jo <jo@a.example>"),
                                ("fire", "Jo <jo@b.example>"),
                                ("hail", "Jo <jo@c.example>"),
                                ("snow", "Jo <jo@kunde.example>")):
            dv.deliver("support@example.com",
                       mail(sender=sender, subject=subject))
        desk.round()
        got = {t.recipients[0].partition("@")[2]: rejoined(plain(t.data))
               for t in sink.taken}
        ok("We are closed at the moment and open again on %s." % when in
           got["a.example"], "it says when")
        ok("Someone from Service Desk" in got["a.example"] and
           got["a.example"].endswith("\nYour service desk\n"),
           "team and signature")
        ok("closed" not in got["b.example"],
           "the calendar of the priority counts")
        tags = {t["subject"]: t["tag"] for t in desk.tickets()}
        same(got["c.example"], "Hail is known, you. %s\n" % tags["hail"],
             "a rule replies with a template of its own")
        same(got["kunde.example"], "snow is known, Kunde GmbH. %s\n" %
             tags["snow"], "with what its pattern matched")
        why = [e["why"] for e in desk.show(tags["snow"])["events"]]
        ok(any(w.startswith("rule odd (deskd.conf:") for w in why),
           "the rule is the why of the letter")
        same(len(sink.taken), 4, "one letter each")
        p = desk.run("check", check=False)
        same((p.returncode, b"without effect" in p.stderr and
              b"reply" in p.stderr), (0, False), "check is content")
        dv.deliver("support@example.com", mail(
            sender="Jo <jo@d.example>", subject="hail",
            Auto_Submitted="auto-generated"))
        desk.round()
        same(len(sink.taken), 4, "a machine is not answered by a rule either")


def refused():
    """The requester's server refuses: the admin reads which letter and why."""
    with Lab() as lab:
        dv, sink, desk = desk_of(lab, people="", admin="admin@example.com")
        sink.script("rcpt", "550 5.1.1 no such user <b>here</b>")
        dv.deliver("support@example.com", mail(
            sender="Maria Gomez <maria@kunde.example>", subject="VPN"))
        desk.round()
        desk.run("send", "--until-idle")
        # He reads of the new ticket, too: there is no team.
        got = [t for t in sink.taken if "admin@example.com" in t.recipients
               and b"X-Deskd-Event: new" not in t.data]
        if not same(len(got), 1, "the admin gets one letter"):
            return
        alert = parse(got[0].data)
        same(str(alert["Subject"]), "[EX-1001] A letter to maria@kunde.example "
             "could not be delivered", "its subject")
        same(alert["Auto-Submitted"], "auto-generated", "it is automatic")
        text = rejoined(plain(got[0].data))
        for line in ("This letter could not be delivered:",
                     "acknowledgement to maria@kunde.example, ticket EX-1001",
                     "given up after 1 try", "no such user",
                     "deskd outbox retry 1 "):
            ok(line in text, "it says: %s" % line)


if __name__ == "__main__":
    main(languages, own_words, wrong_words, closed, refused)
