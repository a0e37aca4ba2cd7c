#!/usr/bin/env python3
"""Nothing of the inside reaches a requester, whatever a mail program quotes.

More than a thousand tickets, each with a note that holds a canary.  The note is
in the notification of the agent who answers, and his program hands it back in
one of its ways, or he does something careless.  What leaves is searched raw,
decoded, stripped and attached; what would not be clean is held and asked, and
no word of the agent's is lost either way."""
# time limit: 600
import base64
import re

import clients
from lab import Lab, main, note, ok, same
from office import Crowd, Got, flat, leaks, reply, spoken

ASKED = """Hello,

since Monday the share is gone for all of us here in Lisbon.

Can you tell me when it will be back, and what I may do until then?

Rita
"""
AFTER = ["gone for all of us", "when it will be back"]
SAID = {
    "en": ["It is back now, please try again ({n}).",
           "Until then take the copy on drive K, number {n}."],
    "de": ["Es geht wieder, bitte versuchen Sie es noch einmal ({n}).",
           "Bis dahin nehmen Sie die Kopie auf Laufwerk K, Nummer {n}."],
    "fr": ["C'est rétabli, merci de réessayer ({n}).",
           "D'ici là, prenez la copie sur le lecteur K, numéro {n}."],
    "es": ["Ya funciona, inténtelo de nuevo ({n}).",
           "Hasta entonces use la copia en la unidad K, número {n}."],
    "ja": ["復旧しました。もう一度お試しください（{n}）。",
           "それまではKドライブのコピーをご利用ください、{n}番。"],
}
# Notes as colleagues write them; {c} is the canary.
NOTES = (
    "She is difficult, be careful: {c}.",
    "{c}",
    "pw {c}",
    "Call her boss {c}\nbefore you answer\nanything at all.",
    "The disk of server nine is full again, see {c}. Do not tell the customer "
    "that we had no alarm for it, it would only upset everybody once more.",
    "- disk full\n- no alarm\n- {c}\n- tell nobody",
    "She wrote > {c} <\n\nIgnore it.",
    "On Monday Bob wrote: it was {c} and I think so, too.",
    "From: Bob, {c}\n\nSee above.",
    "https://intra.example.com/{c}?x=1&y=2",
    "<b>{c}</b> & <script>alert(1)</script>",
    "--\t{c}\n---\nBob Weber\n___\nService Desk",
    "Die Festplatte ist schon wieder voll: {c}. Bitte nichts davon sagen.",
    "Le disque est encore plein : {c}. Ne rien dire à la cliente.",
    "ディスクがまた一杯です {c} 顧客には言わないでください。",
    "Диск снова переполнен: {c}. Клиенту ничего не говорить.",
    "{c} {c} {c} {c} {c} {c} {c} {c} {c} {c} {c} {c} {c} {c} {c} {c} {c}",
    "1. reboot\n2. {c}\n3. wait\n\nThen answer her.",
    "* one\n\n\n\n\n{c}\n\n\n\n\n* two",
    "Name\tValue\nkey\t{c}\nhost\tnine",
    "I think reply above this line was never a good idea: {c}",
    "{c} " + "and a very long line that goes on and on without an end " * 8,
    "short.\n{c}.\nshort.",
    "   indented {c}\n      more {c}",
    "We say \"{c}\" - she must not know it's 'ours'; it’s “secret”.",
)
MARK = "canary%04dx"


# --- Careless ways to answer -----------------------------------------------------

def _mail(got, sender, text, page=None, **options):
    """A mail of no program in particular."""
    d = clients.reply("mutt", got, text, sender, position="top", **options)
    head, _, _ = d.partition(b"\r\nMIME-Version:")
    parts = [clients.part("text/plain", text.encode(), "quoted-printable",
                          "; charset=utf-8")]
    if page is not None:
        parts.append(clients.part("text/html", page.encode(), "base64",
                                  "; charset=utf-8"))
    body = parts[0] if len(parts) == 1 else clients.multi("alternative", parts)
    for f in options.get("extra") or ():
        body = clients.multi("mixed", [body, f])
    return head + b"\r\nMIME-Version: 1.0\r\n" + body


def bare(got, sender, words):
    """Neither an attribution nor marks: the whole mail below the answer."""
    return _mail(got, sender, "\n\n".join(words) + "\n\n" + got.text)


def bare_above(got, sender, words):
    return _mail(got, sender, got.text + "\n\n" + "\n\n".join(words))


def narrow(got, sender, words):
    """Wrapped anew at 40 columns, no marks."""
    lines = [p for s in got.text.split("\n") for p in clients.fill(s, 40)]
    return _mail(got, sender, "\n\n".join(words) + "\n\n" + "\n".join(lines))


def one_line(got, sender, words):
    """A phone that makes one line of the quote."""
    return _mail(got, sender, "\n\n".join(words) + "\n\n" + flat(got.text))


def note_only(got, sender, words):
    """All but the part about the note was deleted by hand."""
    text = got.text[got.text.index("SO FAR"):] if "SO FAR" in got.text \
        else got.text[len(got.text) // 2:]
    return _mail(got, sender, "\n\n".join(words) + "\n\n" + text)


def note_marked(got, sender, words):
    text = got.text[got.text.index("SO FAR"):] if "SO FAR" in got.text \
        else got.text[len(got.text) // 2:]
    return _mail(got, sender, "\n\n".join(words) + "\n\n> " +
                 text.replace("\n", "\n> "))


def in_the_note(got, sender, words):
    """The second answer stands inside the internal part."""
    lines = got.text.split("\n")
    at = next((i for i, s in enumerate(lines) if "canary" in s), len(lines) - 2)
    quote = ["> " + s for s in lines]
    text = [words[0], ""] + quote[:at] + ["", words[1], ""] + quote[at:]
    return _mail(got, sender, "\n".join(text))


def odd_marks(got, sender, words):
    return _mail(got, sender, "\n\n".join(words) + "\n\n" + "\n".join(
        "| " + s for s in got.text.split("\n")))


def twice(got, sender, words):
    """Quoted by two programs, one after the other."""
    lines = got.text.split("\n")
    return _mail(got, sender, "\n\n".join(words) + "\n\n" + "\n".join(
        ">> " + s for s in lines) + "\n\n" + "\n".join(
            "> " + s for s in lines))


def html_bare(got, sender, words):
    """HTML whose quote has lost every mark, and no text."""
    d = clients.reply("html-only", got, words, sender)
    page = "<div>%s</div><br><div>%s</div>" % (
        clients.breaks("\n\n".join(words)), got.inner_html())
    head = d.partition(b"\r\nMIME-Version:")[0]
    return head + b"\r\nMIME-Version: 1.0\r\n" + clients.part(
        "text/html", page.encode(), "quoted-printable", "; charset=utf-8")


def html_differs(got, sender, words):
    """The text is clean, the HTML is not."""
    return _mail(got, sender, "\n\n".join(words), "<p>%s</p><p>%s</p>" % (
        "</p><p>".join(words), got.inner_html()))


def as_text_file(got, sender, words):
    return _mail(got, sender, "\n\n".join(words), extra=[clients.file_part(
        "notes.txt", "text/plain", got.text.encode())])


def as_html_file(got, sender, words):
    return _mail(got, sender, "\n\n".join(words), extra=[clients.file_part(
        "page.html", "text/html", (got.html or "").encode())])


def as_mail(got, sender, words):
    return _mail(got, sender, "\n\n".join(words), extra=[clients.part(
        "message/rfc822", got.data, "8bit", "", [
            'Content-Disposition: attachment; filename="mail.eml"'])])


def as_name(got, sender, words):
    """The token as the name of a file."""
    return _mail(got, sender, "\n\n".join(words), extra=[clients.file_part(
        got.reply_to[0][1] + ".txt", "text/plain", b"nothing in it")])


def address_typed(got, sender, words):
    """He tells her the address with his token."""
    return _mail(got, sender, "\n\n".join(words) + "\n\nWrite to %s!" %
                 got.reply_to[0][1])


def coded(got, sender, words):
    """The internal part in base64, as a log that nobody looks into."""
    return _mail(got, sender, "\n\n".join(words), extra=[clients.file_part(
        "log.csv", "text/csv", got.text.encode("utf-16"))])


CARELESS = (bare, bare_above, narrow, one_line, note_only, note_marked,
            in_the_note, odd_marks, twice, html_bare, html_differs,
            as_text_file, as_html_file, as_mail, as_name, address_typed, coded)
# The agent wrote these words himself: what is in a file in another charset is
# his file, as he meant it.
OWN_WORDS = ()


# --- The matrix -------------------------------------------------------------------

class Case:
    def __init__(self, number, how, position=None, lang="en", text=0):
        self.n, self.how, self.position = number, how, position
        self.lang = lang if lang in SAID else "en"
        self.client_lang, self.note = lang, NOTES[text % len(NOTES)]
        self.canary = MARK % number
        self.words = [s.format(n=number) for s in SAID[self.lang]]
        self.label = "%s, %s" % (how if isinstance(how, str) else
                                 how.__name__, position or "careless")

    def mail(self, got, sender):
        if callable(self.how):
            return self.how(got, sender, self.words)
        return reply(self.how, got, self.words, sender, self.position,
                     self.client_lang, after=AFTER)


def cases():
    out = []
    for k, (name, position, lang) in enumerate(clients.cases()):
        for m in range(3):
            out.append(Case(len(out), name, position, lang, 3 * k + m))
    for how in CARELESS:
        for text in range(len(NOTES)):
            out.append(Case(len(out), how, None,
                            list(SAID)[text % len(SAID)], text))
    return out


def hand_over(crowd, opened, todo, agents):
    """Each agent leaves a note and gives the ticket to the next one: it is in
    that one's letter.  [letter]"""
    mails = []
    for c, (tag, got) in zip(todo, opened):
        me = int(re.sub(r"\D", "", got.to[0][1]))
        mails.append(reply("mutt", got, "#assign agent%d\n#note\n%s" % (
            (me + 1) % agents, c.note.format(c=c.canary)),
            crowd.agent_of(got), position="top", id="<note.%d@x.example>" % c.n))
    sent = crowd.replies(mails)
    found = {}
    for letters in sent.values():
        for got in letters:
            if str(got.mail["X-Deskd-Event"]) in ("assigned", "handed"):
                found[str(got.mail["X-Deskd-Ticket"])] = got
    return [found.get(tag) for tag, _ in opened]


def faults(case, hers, his):
    """What is wrong with one case."""
    out = ["%s shows %s" % x for got in hers
           for x in leaks(got.data, [case.canary])]
    if len(hers) > 1:
        out.append("%d letters" % len(hers))
    asked = [g for g in his
             if str(g.mail["X-Deskd-Event"]).startswith("held.")]
    text = "\n".join(s for g in (hers or asked) for s in g.lines())
    for words in case.words:
        if flat(words) not in flat(text.replace("> ", "").replace(">", "")):
            out.append("%r is lost" % words)
    if not hers and len(asked) != 1:
        out.append("neither sent nor asked")
    if hers and asked:
        out.append("sent and asked")
    if hers and not callable(case.how) and flat(spoken(hers[0])) != flat(
            "\n".join(case.words)):
        out.append("reads %r" % spoken(hers[0]))
    return out


def matrix():
    todo, agents = cases(), 70
    ok(len(todo) >= 1000, "%d cases" % len(todo))
    with Lab() as lab:
        crowd = Crowd(lab, agents)
        opened = crowd.open([ASKED] * len(todo), subject="Share")
        letters = hand_over(crowd, opened, todo, agents)
        same([c.n for c, got in zip(todo, letters) if got is None or
              c.canary not in flat(got.text)], [],
             "each note is in a colleague's letter")
        crowd.age()
        began = len(crowd.sink.taken)
        mails = [c.mail(got, crowd.agent_of(got))
                 for c, got in zip(todo, letters)]
        sent = crowd.replies(mails)
        wrong, held, count = {}, {}, {}
        for c, (tag, _), got in zip(todo, opened, letters):
            hers = sent.get("r%d@kunde.example" % c.n, [])
            his = [g for g in sent.get(got.to[0][1], [])
                   if str(g.mail["X-Deskd-Ticket"]) == tag]
            bad = faults(c, hers, his)
            count[c.label] = count.get(c.label, 0) + 1
            held[c.label] = held.get(c.label, 0) + (not hers)
            if bad:
                wrong.setdefault(c.label, []).append((c.n, c.client_lang,
                                                      NOTES.index(c.note), bad))
        for label, n in count.items():
            if not ok(label not in wrong, "%s: %d answers, %d of them held" % (
                    label, n, held[label])):
                for line in wrong[label][:6]:
                    note(str(line)[:600])
        # Whatever was sent, to whomever it was not meant for.
        outside = [t for t in crowd.sink.taken[began:]
                   if not t.recipients[0].endswith("@example.com")]
        ok(len(outside) > len(todo) // 3, "%d letters left" % len(outside))
        same([t.recipients for t in outside if re.search(
            rb"canary", t.data) or leaks(t.data)][:5], [],
            "none of them holds anything of the inside")
        normal = [label for label in count if "careless" not in label]
        same({x: held[x] for x in normal if held[x]}, {},
             "no ordinary answer is held")
        same(crowd.desk.integrity(), "ok", "the database is in order")


if __name__ == "__main__":
    main(matrix)
