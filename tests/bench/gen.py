#!/usr/bin/env python3
"""Mail as a helpdesk gets it, for measuring: the same bytes for the same seed.

    gen.py [-n 2000] [--seed 1] [--maildir] FOLDER

65 % new requests and 35 % replies inside earlier threads, in seven languages
and eight charsets, written by five kinds of mail program; half of the mails
have an HTML part, 15 % an attachment; about 17 KB in the mean.  The first n
mails of a seed do not depend on how many are asked for.

    from gen import Desk
    for raw in Desk(seed=1).mails(100): ...        bytes with LF
"""
import argparse
import base64
import email.header
import os
import quopri
import random
import sys
import time
import urllib.parse

START = 1767225600  # 2026-01-01, a mail each half minute

# For each language: what people write about, how they begin and end, endings
# that make a vocabulary as large as a real one, and the charsets in use.
TONGUES = {
    "en": dict(
        share=52, charsets=["us-ascii", "utf-8", "windows-1252"],
        hello=["Hi,", "Hello,", "Dear team,", "Good morning,"],
        bye=["Thanks", "Best regards", "Kind regards", "Cheers"],
        wrote="On %s, %s wrote:",
        words="""printer network account password screen license invoice laptop
            server folder update order meeting browser keyboard window driver
            error login access report phone message system button certificate
            please cannot since again today yesterday still works stopped opens
            shows says asks need help try after before with without from the a
            is it and to my our this that when I we have has not no
            file""",
        ends=["", "s", "ed", "ing", "er", "ly", "ment", "tion"],
        roots="con pre sup por mar lin der tex sol gra pli fen cor tam ves"),
    "de": dict(
        share=16, charsets=["utf-8", "iso-8859-1", "windows-1252"],
        hello=["Hallo,", "Guten Tag,", "Sehr geehrte Damen und Herren,"],
        bye=["Viele Grüße", "Mit freundlichen Grüßen", "Danke"],
        wrote="Am %s schrieb %s:",
        words="""Drucker Netzwerk Konto Passwort Bildschirm Lizenz Rechnung
            Rechner Server Ordner Bestellung Fenster Treiber Fehlermeldung
            Anmeldung Zugriff Bericht Telefon Schaltfläche Zertifikat bitte kann
            seit wieder heute gestern noch funktioniert öffnet zeigt sagt
            brauche Hilfe nach vor mit ohne von der die das ist es und zu mein
            unser dies wenn ich wir haben hat nicht kein über möglich
            größer""",
        ends=["", "e", "en", "er", "ung", "heit", "lich", "keit"],
        roots="ver ent auf ein über schal grün wart stell druck fäh schluß"),
    "fr": dict(
        share=10, charsets=["utf-8", "iso-8859-1"],
        hello=["Bonjour,", "Bonjour à tous,", "Madame, Monsieur,"],
        bye=["Cordialement", "Merci d'avance", "Bonne journée"],
        wrote="Le %s, %s a écrit :",
        words="""imprimante réseau compte mot de passe écran licence facture
            ordinateur serveur dossier commande fenêtre pilote erreur connexion
            accès rapport téléphone bouton certificat merci depuis encore
            aujourd'hui hier toujours marche affiche demande besoin aide après
            avant avec sans le la un est il et mon notre ce quand je nous avons
            pas plus même déjà très""",
        ends=["", "s", "ment", "tion", "eur", "ée", "er", "age"],
        roots="con dé pré sur ren bou clé mar tâch pla for gér"),
    "es": dict(
        share=8, charsets=["utf-8", "iso-8859-1"],
        hello=["Hola:", "Buenos días:", "Estimados señores:"],
        bye=["Un saludo", "Gracias", "Saludos cordiales"],
        wrote="El %s, %s escribió:",
        words="""impresora red cuenta contraseña pantalla licencia factura
            ordenador servidor carpeta pedido ventana controlador error sesión
            acceso informe teléfono botón certificado por favor desde otra vez
            hoy ayer todavía funciona abre muestra dice necesito ayuda después
            antes con sin de el la es y mi nuestro este cuando tenemos no ningún
            también más""",
        ends=["", "s", "ción", "mente", "dor", "ado", "ar", "ez"],
        roots="con des pre sub tra res mar pla cor fin señ aña"),
    "pl": dict(
        share=6, charsets=["utf-8", "iso-8859-2"],
        hello=["Dzień dobry,", "Witam,"],
        bye=["Pozdrawiam", "Z poważaniem", "Dziękuję"],
        wrote="%s %s napisał(a):",
        words="""drukarka sieć konto hasło ekran licencja faktura komputer serwer
            folder zamówienie okno sterownik błąd logowanie dostęp raport
            telefon przycisk proszę nie od znowu dzisiaj wczoraj działa otwiera
            pokazuje mówi potrzebuję pomoc po przed z bez jest i do mój nasz
            kiedy mamy już też""",
        ends=["", "a", "y", "ów", "ość", "anie", "ować", "nik"],
        roots="prze roz wy za pod krę ślą żąd pół łąc wiel"),
    "ru": dict(
        share=5, charsets=["utf-8", "koi8-r", "windows-1251"],
        hello=["Здравствуйте!", "Добрый день,"],
        bye=["С уважением", "Спасибо"],
        wrote="%s %s пишет:",
        words="""принтер сеть учётная запись пароль экран лицензия счёт компьютер
            сервер папка заказ окно драйвер ошибка вход доступ отчёт телефон
            кнопка пожалуйста не могу снова сегодня вчера работает открывает
            показывает нужна помощь после перед без есть и мой наш это когда у
            нас уже очень""",
        ends=["", "а", "ы", "ов", "ость", "ение", "ать", "ник"],
        roots="пере рас вы под при об сто ход став каз лож"),
    "ja": dict(
        share=3, charsets=["utf-8", "iso-2022-jp", "shift_jis"],
        hello=["お世話になっております。", "こんにちは。"],
        bye=["よろしくお願いいたします。", "ありがとうございます。"],
        wrote="%s に %s さんは書きました:",
        words="""プリンター ネットワーク アカウント パスワード 画面 ライセンス 請求書
            パソコン サーバー フォルダー 注文 エラー 接続 電話 証明書 今日 昨日 また
            できません 表示されます 開きません お願いします が の に を は で""",
        ends=["", "する", "した", "中", "用", "者"],
        roots="設定 更新 確認 管理 登録 変更 利用 対応 作業 連絡"),
}

GIVEN = """Maria Jonas Zoë Łukasz Иван 花子 Chloé Peter Ana Søren Emma Noah François
    Beatriz Ольга Karl Ingrid José Anneliese Tom Priya Wei Fatima Lars""".split()
FAMILY = """Gomez Müller Dubois Kowalski Петрова 田中 Smith López Jensen O'Brien Weber
    Rossi Novák García Lefèvre Andersson Patel Chen Haddad Schulz""".split()
PLACES = """kunde.example example.com example.org mail.example.net werk.example
    acme.example uni.example shop.example""".split()
FLOORS = ["reception", "warehouse", "2nd floor", "room 214", "home office"]
TEAMS = ["Accounting", "Sales", "Einkauf", "IT", "Logistics", "HR"]

# Mail programs: what they write into the header, how they quote, what HTML.
PROGRAMS = ["outlook", "gmail", "apple", "thunderbird", "phone"]
MAILERS = {
    "outlook": "X-Mailer: Microsoft Outlook 16.0",
    "apple": "X-Mailer: Apple Mail (2.3826.300.87)",
    "thunderbird": "User-Agent: Mozilla Thunderbird",
    "phone": "X-Mailer: iPhone Mail (22F76)",
}

ATTACHED = [
    ("image/png", "Screenshot %d.png", b"\x89PNG\r\n\x1a\n"),
    ("image/jpeg", "IMG_%d.jpeg", b"\xff\xd8\xff\xe0"),
    ("application/pdf", "Rechnung-%d-für-März.pdf", b"%PDF-1.7\n"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
     "List %d.xlsx", b"PK\x03\x04"),
    ("application/zip", "logs-%d.zip", b"PK\x03\x04"),
    ("text/plain", "trace-%d.log", None),
]


class Vocabulary:
    """Real words first, invented ones behind, drawn as Zipf has it."""

    def __init__(self, name):
        tongue = TONGUES[name]
        rng = random.Random("words " + name)
        self.words = list(dict.fromkeys(tongue["words"].split()))
        known = set(self.words)
        roots = tongue["roots"].split()
        while len(self.words) < (3000 if name == "ja" else 9000):
            word = "".join(rng.choice(roots) for _ in range(rng.randint(1, 3)))
            word += rng.choice(tongue["ends"])
            if word in known:
                word += "-%d" % rng.randint(2, 9999) if rng.random() < .1 \
                    else rng.choice(roots)
            if word not in known:
                known.add(word)
                self.words.append(word)
        total, self.weights = 0.0, []
        for rank in range(len(self.words)):
            total += 1 / (rank + 6)
            self.weights.append(total)
        self.blank = "" if name == "ja" else " "
        self.stop = "。" if name == "ja" else "."

    def some(self, rng, least, most):
        return rng.choices(self.words, cum_weights=self.weights,
                           k=rng.randint(least, most))

    def sentence(self, rng):
        words = self.some(rng, 5, 17)
        kind = rng.random()
        if kind < .06:
            words.insert(rng.randrange(len(words)), "0x%08X" % rng.getrandbits(32))
        elif kind < .12:
            words.append("https://%s/%s?id=%d" % (
                rng.choice(PLACES), rng.choice(["kb", "portal", "t"]),
                rng.randrange(10 ** 6)))
        elif kind < .17:
            words.append("(%s)" % rng.choice(FLOORS))
        elif kind < .22:
            words.append("%d.%d.%d" % (rng.randint(1, 19), rng.randint(0, 9),
                                       rng.randint(0, 999)))
        text = self.blank.join(words)
        return text[:1].upper() + text[1:] + self.stop

    def paragraph(self, rng):
        return self.blank.join(self.sentence(rng)
                               for _ in range(rng.randint(1, 6)))


def wrapped(text, width=74):
    if " " not in text:
        return [text[i:i + 36] for i in range(0, len(text), 36)]
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = ""
        line += (" " if line else "") + word
    return lines + [line]


def encoded(text, charset="utf-8"):
    """A header value: as it is, or as encoded words."""
    if text.isascii():
        return text
    return email.header.Header(text, charset, maxlinelen=70).encode()


def base64_lines(data):
    text = base64.b64encode(data)
    return b"\n".join(text[i:i + 76] for i in range(0, len(text), 76)) + b"\n"


def escaped(text):
    return (text.replace("&", "&amp;").replace("<", "&lt;")
            .replace(">", "&gt;").replace('"', "&quot;"))


class Desk:
    """One stream of mail.  Threads and people carry over from mail to mail."""

    def __init__(self, seed=1, address="support@example.com", people=4000):
        self.seed, self.address, self.people = seed, address, people
        self.vocabulary = {name: Vocabulary(name) for name in TONGUES}
        self.threads, self.count = [], 0

    def person(self, number):
        rng = random.Random("%s person %d" % (self.seed, number))
        name = "%s %s" % (rng.choice(GIVEN), rng.choice(FAMILY))
        return name, "p%d.%s@%s" % (
            number, rng.choice("abcdefgh"), rng.choice(PLACES))

    def mails(self, n):
        for _ in range(n):
            yield self.mail()

    # One mail ---------------------------------------------------------------

    def mail(self):
        number, self.count = self.count, self.count + 1
        rng = random.Random("%s mail %d" % (self.seed, number))
        when = START + 31 * number + rng.randint(0, 20)
        thread = self.pick_thread(rng)
        reply = thread is not None
        if not reply:
            thread = self.new_thread(rng)
            self.threads.append(thread)
        who = thread["who"] if rng.random() < .85 else rng.randrange(self.people)
        name, address = self.person(who)
        text, fresh = self.text(rng, thread, name, reply)
        header = self.header(rng, thread, name, address, when, reply, number)
        kind, part = self.body(rng, thread, text, fresh, name, address)
        if rng.random() < .15:
            kind, part = self.attach(rng, kind, part)
        thread["ids"].append(header.pop())
        thread["quote"] = (fresh + ["> " + line for line in thread["quote"]])[:140]
        thread["last"] = (name, when)
        head = "\n".join(header) + "\nMIME-Version: 1.0\n"
        return head.encode() + kind + b"\n" + part

    def pick_thread(self, rng):
        """A recent one, most likely; None: a new request."""
        if not self.threads or rng.random() >= .35:
            return None
        back = min(int(rng.expovariate(1 / 80)), len(self.threads) - 1)
        return self.threads[-1 - back]

    def new_thread(self, rng):
        names = list(TONGUES)
        tongue = rng.choices(names, [TONGUES[x]["share"] for x in names])[0]
        words = self.vocabulary[tongue]
        return dict(tongue=tongue, who=int(self.people * rng.random() ** 1.5),
                    subject=words.blank.join(words.some(rng, 2, 7)),
                    program=rng.choices(PROGRAMS, [40, 25, 12, 10, 13])[0],
                    charset=rng.choice(TONGUES[tongue]["charsets"]),
                    ids=[], quote=[], last=None)

    def text(self, rng, thread, name, reply):
        """All lines, and those that are new."""
        tongue = TONGUES[thread["tongue"]]
        words = self.vocabulary[thread["tongue"]]
        fresh = [rng.choice(tongue["hello"]), ""]
        for _ in range(rng.randint(1, 3) if reply else rng.randint(1, 7)):
            paragraph = words.paragraph(rng)
            fresh += [paragraph] if thread["program"] == "gmail" \
                else wrapped(paragraph)
            fresh.append("")
        fresh += [rng.choice(tongue["bye"]), name]
        sign = ["", "-- ", name, rng.choice(TEAMS),
                "Tel. +%d %d" % (rng.randint(1, 99), rng.randrange(10 ** 8))]
        if rng.random() < .2:
            sign += wrapped("This message is meant for its addressee only. If "
                            "it reached you by mistake, please tell the sender "
                            "and delete it. " * rng.randint(1, 4))
        lines = fresh + sign
        if reply and thread["last"]:
            before, when = thread["last"]
            day = time.strftime("%d.%m.%Y %H:%M", time.gmtime(when))
            lines += ["", tongue["wrote"] % (day, before)]
            lines += [(">" if x.startswith(">") else "> ") + x
                      for x in thread["quote"]]
        return lines, fresh

    def header(self, rng, thread, name, address, when, reply, number):
        date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(when))
        domain = address.split("@")[1]
        lines = ["Return-Path: <%s>" % address]
        for hop in range(rng.randint(1, 4)):
            lines.append(
                "Received: from out%d.%s (out%d.%s [198.51.100.%d])\n"
                "\tby mx%d.example.com (Postfix) with ESMTPS id %010X\n"
                "\tfor <%s>; %s" % (hop, domain, hop, domain,
                                    rng.randint(1, 254), hop,
                                    rng.getrandbits(40), self.address, date))
        if rng.random() < .75:
            mark = base64.b64encode(rng.randbytes(256)).decode()
            lines.append(
                "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=%s;\n"
                "\ts=2026; h=from:to:subject:date:message-id;\n\tbh=%s;\n\tb=%s"
                % (domain, base64.b64encode(rng.randbytes(32)).decode(),
                   "\n\t ".join(mark[i:i + 70]
                                for i in range(0, len(mark), 70))))
            lines.append("Authentication-Results: mx0.example.com;\n"
                         "\tdkim=pass header.d=%s; spf=pass smtp.mailfrom=%s;\n"
                         "\tdmarc=pass header.from=%s" % (domain, domain, domain))
        shown = '"%s"' % name if name.isascii() else encoded(name)
        subject = thread["subject"]
        if reply:
            subject = rng.choice(["Re: ", "Re: ", "RE: ", "AW: "]) + subject
        message_id = "<%d.%012x@%s>" % (number, rng.getrandbits(48), domain)
        lines += ["From: %s <%s>" % (shown, address),
                  "To: %s" % rng.choice(['"Support" <%s>', "<%s>", "%s"])
                  % self.address]
        if rng.random() < .15:
            lines.append("Cc: %s" % self.person(rng.randrange(self.people))[1])
        lines += ["Subject: " + encoded(subject), "Date: " + date,
                  "Message-ID: " + message_id]
        if reply and thread["ids"]:
            lines += ["In-Reply-To: " + thread["ids"][-1],
                      "References: " + "\n ".join(thread["ids"][-10:])]
        if thread["program"] in MAILERS:
            lines.append(MAILERS[thread["program"]])
        if thread["program"] == "outlook":
            index = b"\x01\x01\xdd" + rng.randbytes(19)
            lines += ["Thread-Topic: " + encoded(thread["subject"]),
                      "Thread-Index: " + base64.b64encode(index).decode(),
                      "X-MS-Has-Attach:", "X-MS-TNEF-Correlator:",
                      "Accept-Language: %s" % thread["tongue"],
                      "Content-Language: %s" % thread["tongue"]]
        return lines + [message_id]

    # Its parts --------------------------------------------------------------

    def part(self, rng, kind, text, charset):
        """(header, body) of one text part."""
        try:
            data = text.encode(charset)
        except UnicodeEncodeError:
            charset, data = "utf-8", text.encode()
        head = 'Content-Type: %s; charset="%s"' % (kind, charset)
        if kind == "text/plain" and rng.random() < .2:
            head += "; format=flowed"
        way = "7bit"
        if charset == "iso-2022-jp":
            pass
        elif not data.isascii() or max(map(len, data.split(b"\n"))) > 900:
            way = rng.choices(["quoted-printable", "base64", "8bit"],
                              [70, 22, 8])[0]
            if max(map(len, data.split(b"\n"))) > 900:
                way = "quoted-printable"
        if way == "quoted-printable":
            data = quopri.encodestring(data)
        elif way == "base64":
            data = base64_lines(data)
        head += "\nContent-Transfer-Encoding: %s\n" % way
        return head.encode(), data

    def html(self, thread, text, fresh, name, address):
        """The same words as that mail program would dress them."""
        quote = text[len(fresh):]
        if thread["program"] == "outlook":
            style = ("p.MsoNormal, li.MsoNormal {margin:0cm; font-size:11.0pt; "
                     "font-family:\"Calibri\",sans-serif;}\n"
                     "a:link {mso-style-priority:99; color:#0563C1;}\n"
                     "div.WordSection1 {page:WordSection1;}\n")
            out = ["<html xmlns:o=\"urn:schemas-microsoft-com:office:office\" "
                   "xmlns:w=\"urn:schemas-microsoft-com:office:word\">",
                   "<head><meta http-equiv=\"Content-Type\" "
                   "content=\"text/html; charset=utf-8\">",
                   "<style><!--\n" + style * 6 + "--></style></head>",
                   "<body lang=\"%s\"><div class=\"WordSection1\">"
                   % thread["tongue"].upper()]
            for line in fresh + [""] + quote:
                out.append("<p class=\"MsoNormal\"><span style=\"mso-fareast-"
                           "language:EN-US\">%s<o:p></o:p></span></p>"
                           % (escaped(line) or "&nbsp;"))
            return "\n".join(out + ["</div></body></html>", ""])
        out = ["<div dir=\"ltr\">"]
        out += ["<div>%s</div>" % (escaped(x) or "<br>") for x in fresh]
        out += ["</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" "
                "class=\"gmail_attr\">%s &lt;%s&gt;<br></div>"
                "<blockquote class=\"gmail_quote\" style=\"margin:0 0 0 .8ex;"
                "border-left:1px #ccc solid;padding-left:1ex\">"
                % (escaped(name), address)]
        out += [escaped(x) + "<br>" for x in quote]
        return "\n".join(out + ["</blockquote></div>", ""])

    def body(self, rng, thread, text, fresh, name, address):
        plain = self.part(rng, "text/plain", "\n".join(text) + "\n",
                          thread["charset"])
        if rng.random() < .5:
            return plain
        html = self.part(rng, "text/html",
                         self.html(thread, text, fresh, name, address), "utf-8")
        return self.multipart(rng, "alternative", [plain, html])

    def multipart(self, rng, kind, parts):
        mark = b"=-%016x" % rng.getrandbits(64)
        body = b"".join(b"--%s\n%s\n%s\n" % (mark, head, data)
                        for head, data in parts) + b"--" + mark + b"--\n"
        return (b'Content-Type: multipart/%s;\n boundary="%s"\n'
                % (kind.encode(), mark)), body

    def attach(self, rng, head, body):
        parts = [(head, body)]
        for _ in range(2 if rng.random() < .15 else 1):
            kind, name, magic = rng.choice(ATTACHED)
            size = min(int(rng.lognormvariate(10.1, 1.0)), 400000)
            name = name % rng.randint(1, 9999)
            if magic is None:
                words = self.vocabulary["en"]
                lines = []
                while size > 0:
                    lines.append("%06d %s" % (len(lines), words.sentence(rng)))
                    size -= len(lines[-1])
                data = "\n".join(lines).encode()
            else:
                data = magic + rng.randbytes(size)
            shown = 'filename="%s"' % name if name.isascii() else \
                "filename*=UTF-8''" + urllib.parse.quote(name)
            parts.append((
                ("Content-Type: %s\nContent-Disposition: attachment; %s\n"
                 "Content-Transfer-Encoding: base64\n"
                 % (kind, shown)).encode(), base64_lines(data)))
        return self.multipart(rng, "mixed", parts)


def maildir_name(number):
    return "%d.M%dP1.bench" % (START + number, number)


def main():
    ap = argparse.ArgumentParser(usage=__doc__)
    ap.add_argument("-n", type=int, default=2000)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--maildir", action="store_true",
                    help="a Maildir; else one .eml file each")
    ap.add_argument("folder")
    args = ap.parse_args()
    top = args.folder
    for sub in ("cur", "new", "tmp") if args.maildir else ("",):
        os.makedirs(os.path.join(top, sub), exist_ok=True)
    total = 0
    for number, raw in enumerate(Desk(args.seed).mails(args.n)):
        name = "new/" + maildir_name(number) if args.maildir else \
            "%06d.eml" % number
        with open(os.path.join(top, name), "wb") as f:
            f.write(raw)
        total += len(raw)
    print("%d mails, %.1f MB, %.1f KB each" % (
        args.n, total / 1e6, total / 1e3 / max(1, args.n)), file=sys.stderr)


if __name__ == "__main__":
    main()
