"""What the crash tests share: a set of mails, the end state of a desk as text
that can be compared, and what must hold after any crash (RELIABILITY 2.0)."""
import collections
import email.parser
import email.policy
import hashlib
import os
import shutil
import time

from lab import mail, note, ok

parser = email.parser.BytesParser(policy=email.policy.default)

LOOPS = (("fetch", "support", "--once"), ("work", "--until-idle"),
         ("send", "--until-idle"))
WHEN = "Tue, 28 Jul 2026 09:14:06 +0200"


def mails():
    """A little of everything: new, answer, copy, variant, robot, no id."""
    ann = "Ann Ahlers <ann@example.org>"
    first = mail(ann, subject="VPN", message_id="a1@x.org", date=WHEN)
    return [
        first,
        mail(ann, subject="Re: VPN", message_id="a2@x.org", date=WHEN,
             text="More.\n", In_Reply_To="<a1@x.org>"),
        mail("bob@example.net", subject="Mouse", message_id="b1@x.net",
             date=WHEN, text="x" * 3000 + "\n"),
        first,
        first.replace(b"Please help.", b"Please help.\r\n-- \r\nfooter"),
        mail("robot@example.net", subject="Out of office",
             message_id="r1@x.net", date=WHEN, text="away\n",
             Auto_Submitted="auto-replied"),
        mail("carla@example.com", subject="No id", message_id="", date=WHEN),
        mail("dora@example.com", subject="Big", message_id="d1@x.net",
             date=WHEN, text=("0123456789" * 7 + "\n") * 3000),
    ]


def answers(desk):
    """What an agent writes: an answer, a note, commands alone, and a word that
    is asked about; each to a ticket of its own, from before."""
    out = []
    letters = desk.sql("SELECT id FROM outbox WHERE agent <> '' ORDER BY id")
    for n, ((id,), text) in enumerate(zip(letters, (
            "Please restart it.\n", "#note\nShe called.\n",
            "#resolve\n#tag done\n", "#noet\nCall Bob.\n"))):
        letter = parser.parsebytes(
            desk.run("outbox", "show", "--raw", id).stdout)
        out.append(mail("Ana Silva <ana@example.com>",
                        to=str(letter["Reply-To"].addresses[0].addr_spec),
                        subject="Re: " + letter["Subject"], text=text,
                        message_id="ana%d@mail.example.com" % n,
                        In_Reply_To=letter["Message-ID"]))
    return out


def end_state(desk):
    """Everything that must be the same, however often it crashed.  Times and
    what depends on chance are left out."""
    out = []

    def rows(title, query):
        out.append("-- " + title)
        out.extend("|".join("" if v is None else
                            hashlib.sha256(v).hexdigest()[:16]
                            if isinstance(v, bytes) else str(v) for v in row)
                   for row in desk.sql(query))

    rows("ledger", "SELECT b.name, l.uid, l.state, l.ticket, l.reason,"
         " l.marked FROM ledger l JOIN mailbox b ON b.id = l.mailbox"
         " ORDER BY 1, l.uidvalidity, 2")
    rows("raw", "SELECT size, sha256, data IS NULL FROM raw ORDER BY sha256")
    rows("pieces", "SELECT count(*) FROM piece p WHERE raw NOT IN"
         " (SELECT raw FROM ledger WHERE raw IS NOT NULL)")
    rows("waiting", "SELECT count(*) FROM inbound")
    rows("ticket", "SELECT number, subject, status, priority, team, requester,"
         " serial FROM ticket ORDER BY 1")
    rows("message", "SELECT ticket, direction, class, sender, message_id,"
         " subject, text, attachments FROM message ORDER BY ticket, id")
    rows("event", "SELECT ticket, who, what, old, new, why FROM event"
         " ORDER BY ticket, id")
    rows("participant", "SELECT * FROM participant ORDER BY 1, 2")
    rows("held", "SELECT uid, kind, agent, reason, state FROM held"
         " ORDER BY uid")
    rows("acted", "SELECT principal, count(*) FROM acted GROUP BY 1")
    rows("evidence", "SELECT ticket, principal, method FROM evidence"
         " ORDER BY 1")
    rows("outbox", "SELECT ticket, kind, sender, recipient, message_id, state"
         " FROM outbox ORDER BY ticket, recipient")
    return "\n".join(out)


def server_marks(dovecot, user="support@example.com"):
    return sorted((uid, tuple(sorted(set(flags) - {"\\Recent"})))
                  for uid, flags, _ in dovecot.mails(user))


def finish(desk, mailboxes=("support",)):
    """All loops by hand until nothing is left, letters to be repeated too."""
    for _ in range(100):
        desk.round(mailboxes)
        if not desk.sql("SELECT 1 FROM outbox WHERE state IN "
                        "('pending', 'sending') UNION ALL SELECT 1 FROM "
                        "inbound"):
            return
        time.sleep(0.05)
    raise RuntimeError("it does not come to an end")


def faults(desk, sink):
    """The invariants that no crash may break; a list of what is wrong."""
    bad = []
    if desk.integrity() != "ok":
        bad.append("integrity: " + desk.integrity())
    states = desk.sql("SELECT state, count(*) FROM ledger GROUP BY 1")
    if any(s == "stored" for s, _ in states):
        bad.append("unworked rows in the ledger")
    acks = desk.sql("SELECT ticket, count(*) FROM outbox WHERE kind = 'ack' "
                    "GROUP BY 1 HAVING count(*) > 1")
    if acks:
        bad.append("tickets with two acknowledgements: %r" % acks)
    doubled = desk.sql("SELECT fingerprint, count(DISTINCT ticket) FROM message"
                       " WHERE fingerprint IS NOT NULL AND direction = 'in'"
                       " GROUP BY 1 HAVING count(*) > 1")
    if doubled:
        bad.append("one mail in two messages: %r" % doubled[:3])
    accepted = collections.Counter()
    for taken in sink.accepted():
        for line in taken.data.split(b"\r\n\r\n")[0].split(b"\r\n"):
            if line.lower().startswith(b"message-id:"):
                accepted[line.split(b"<")[1].rstrip(b"> ").decode()] += 1
    for mid, state, unknowns in desk.sql(
            "SELECT message_id, state, unknowns FROM outbox"):
        n = accepted.pop(mid, 0)
        if state == "sent" and not 1 <= n <= 1 + unknowns:
            bad.append("letter %s: %d times taken, %d unknown outcomes" % (
                mid, n, unknowns))
        if state in ("pending", "sending"):
            bad.append("letter %s is still %s" % (mid, state))
    if accepted:
        bad.append("letters out that no outbox knows: %r" % accepted)
    return bad


class Stages:
    """The same work, from before each loop, as often as wanted."""

    def __init__(self, lab):
        self.lab = lab
        self.dv = lab.dovecot()
        self.sink = lab.sink(staff=())
        self.desk = lab.desk(self.dv, self.sink)
        for n in range(4):  # tickets that an agent was told of
            self.dv.deliver("support@example.com", mail(
                "Eve Early <eve@example.org>", subject="Before %d" % n,
                message_id="e%d@x.org" % n))
        self.desk.round()  # makes the database and the desk key
        self.early = list(self.sink.taken)
        self.first = max(uid for uid, _, _ in self.dv.mails(
            "support@example.com")) + 1
        for data in mails() + answers(self.desk):
            self.dv.deliver("support@example.com", data)
        self.before = {}
        for loop in LOOPS:
            self.before[loop[0]] = self._save(loop[0])
            self.desk.run(*loop)
        finish(self.desk)
        self.want = end_state(self.desk)
        self.marks = server_marks(self.dv)
        problems = faults(self.desk, self.sink)
        ok(not problems, "the undisturbed run is in order%s" % (
            ": %r" % problems if problems else ""))

    def _save(self, name):
        to = "%s/before-%s" % (self.lab.dir, name)
        shutil.copytree(self.desk.state, to,
                        ignore=lambda d, names: [
                            n for n in names if n.endswith(".wake")])
        os.chmod(to, 0o700)
        return to

    def again(self, loop):
        """Back to the moment before this loop ran first."""
        shutil.rmtree(self.desk.state)
        shutil.copytree(self.before[loop], self.desk.state)
        os.chmod(self.desk.state, 0o700)
        self.sink.taken[:] = self.early
        if loop == "fetch":
            box = self.dv.imap("support@example.com")
            box.uid("store", "%d:*" % self.first, "FLAGS.SILENT", "()")
            box.logout()

    def verdict(self):
        """After the crash: finish, compare.  None, or what is wrong."""
        finish(self.desk)
        got = end_state(self.desk)
        if got != self.want:
            a, b = self.want.splitlines(), got.splitlines()
            return "end state differs: " + "; ".join(
                ["lacks " + s for s in a if s not in b][:3] +
                ["has " + s for s in b if s not in a][:3])
        if server_marks(self.dv) != self.marks:
            return "marks on the server differ: %r" % server_marks(self.dv)
        problems = faults(self.desk, self.sink)
        return "; ".join(problems) if problems else None


def report(what, done, bad):
    for line in bad[:5]:
        note(line)
    ok(done > 0 and not bad, "%s: %d crashes, %d with a wrong end state" % (
        what, done, len(bad)))
