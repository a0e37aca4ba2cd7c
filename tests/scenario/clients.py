"""Mail programs: what they write when a person answers or forwards a mail.

    got = Got(bytes)                          # a mail in somebody's mailbox
    data = reply("gmail", got, ["Hello", "World"], ("Ana Silva", "ana@x.org"))
    data = forward("outlook", got, "FYI", sender, to="bob@x.org")

A program is a row of CLIENTS: how it quotes, in which languages, where its
users write (top, bottom, between), and what else it leaves in the mail:
headers, footers, formats.  Written from how these programs really do it, so
none of it is tuned to what deskd reads.  No network, no state.
"""
import base64
import binascii
import datetime
import email
import email.header
import email.policy
import email.utils
import html
import html.parser
import itertools
import re
import struct

import mailtime as mt

_serial = itertools.count(1)


# --- A mail as it lies in the mailbox -------------------------------------------

class Got:
    def __init__(self, data):
        self.data = data
        self.mail = m = email.message_from_bytes(data,
                                                 policy=email.policy.default)
        self.subject = str(m["Subject"] or "")
        self.id = str(m["Message-ID"] or "").strip()
        self.references = str(m["References"] or "").split()
        self.topic = str(m["Thread-Topic"] or "") or None
        self.index = str(m["Thread-Index"] or "").strip() or None
        self.name, self.addr = email.utils.parseaddr(str(m["From"] or ""))
        self.to = email.utils.getaddresses([str(m["To"] or "")])
        self.cc = email.utils.getaddresses([str(m["Cc"] or "")])
        self.reply_to = email.utils.getaddresses(
            [str(m["Reply-To"] or m["From"] or "")])
        self.when = (m["Date"].datetime if m["Date"] else
                     datetime.datetime.now(datetime.timezone.utc))
        self.text = self._part("plain")
        self.html = self._part("html")

    def _part(self, kind):
        body = self.mail.get_body((kind,))
        if body is None:
            return None
        return body.get_content().replace("\r\n", "\n").rstrip("\n")

    def lines(self, link=None, **how):
        """The text as a program shows it: flowed lines put together, or made
        of the HTML by one that shows that."""
        if link is not None and self.html:
            return html_text(self.html, link, **how).split("\n")
        text = self.text or ""
        body = self.mail.get_body(("plain",))
        if body is not None and "flowed" in str(body["Content-Type"]).lower():
            text = unflow(text)
        return text.split("\n")

    def inner_html(self):
        """What stands in <body>, with the style of its head before it."""
        if not self.html:
            return "<br>\n".join(html.escape(s) for s in self.lines())
        m = re.search(r"<body[^>]*>(.*)</body>", self.html, re.S | re.I)
        return m.group(1) if m else self.html


class _Text(html.parser.HTMLParser):
    """HTML as text, as a mail program makes its text part of it."""
    BLOCKS = ("p", "div", "h1", "h2", "ul", "ol", "table", "tr", "blockquote")

    def __init__(self, link, gap, bullet):
        super().__init__()
        self.link, self.gap, self.bullet = link, gap, bullet
        self.out, self.href, self.hidden = "", None, 0

    def fresh(self, empty=False):
        self.out = self.out.rstrip(" ")
        if self.out and not self.out.endswith("\n"):
            self.out += "\n"
        if empty and self.out and not self.out.endswith("\n\n"):
            self.out += "\n"

    def handle_starttag(self, tag, attrs):
        if tag in ("style", "script", "head", "title"):
            self.hidden += 1
        elif tag == "br":
            self.out += "\n"
        elif tag == "li":
            self.fresh()
            self.out += self.bullet
        elif tag == "a":
            self.href = dict(attrs).get("href")
        elif tag in self.BLOCKS:
            self.fresh(tag in ("p", "h1", "h2", "ul", "ol") and self.gap)

    def handle_endtag(self, tag):
        if tag in ("style", "script", "head", "title"):
            self.hidden -= 1
        elif tag == "a" and self.href:
            url = self.href
            if url.startswith("mailto:") and "m{" not in self.link:
                url = url[7:]
            self.out += self.link.replace("m{", "{").format(url)
            self.href = None
        elif tag in self.BLOCKS:
            self.fresh(tag in ("p", "h1", "h2", "ul", "ol") and self.gap)

    def handle_data(self, data):
        if self.hidden:
            return
        data = re.sub(r"[ \t\r\n]+", " ", data)
        if not self.out or self.out[-1] in " \n":
            data = data.lstrip(" ")
        self.out += data.replace("\xa0", " ")


def html_text(page, link="", gap=True, bullet="- "):
    """link: what stands behind a link's words; "m{}" keeps the mailto:."""
    p = _Text(link, gap, bullet)
    p.feed(page)
    return p.out.strip("\n")


def unflow(text):
    """RFC 3676, for text that is quoted by nobody yet."""
    out, keep = [], ""
    for line in text.split("\n"):
        line = line[1:] if line.startswith(" ") else line
        if line.endswith(" ") and line != "-- ":
            keep += line
        else:
            out.append(keep + line)
            keep = ""
    return "\n".join(out + ([keep] if keep else []))


# --- Encodings ------------------------------------------------------------------

def _word(value):
    if value.isascii():
        return value
    return email.header.Header(value, "utf-8").encode()


def address(name, addr):
    if not name:
        return addr
    if not name.isascii():
        return "%s <%s>" % (_word(name), addr)
    if re.search(r'[^A-Za-z0-9 _-]', name):
        return '"%s" <%s>' % (name.replace('"', '\\"'), addr)
    return "%s <%s>" % (name, addr)


def qp(data):
    """Quoted-printable, lines of at most 76 (RFC 2045 6.7)."""
    out = []
    for line in data.split(b"\n"):
        coded = binascii.b2a_qp(line, istext=True).replace(b"=\n", b"=\r\n")
        out.append(coded)
    return b"\r\n".join(out)


def part(kind, data, cte="8bit", params="", more=()):
    """One entity with its fields; data is bytes with LF or any bytes."""
    head = ["Content-Type: %s%s" % (kind, params),
            "Content-Transfer-Encoding: " + cte, *more]
    if cte == "quoted-printable":
        body = qp(data)
    elif cte == "base64":
        body = base64.encodebytes(data).replace(b"\n", b"\r\n").rstrip()
    else:
        body = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body + b"\r\n"


def multi(kind, parts, params="", mark="=_%d"):
    boundary = mark % next(_serial)
    out = ('Content-Type: multipart/%s; boundary="%s"%s\r\n\r\n' % (
        kind, boundary, params)).encode()
    for p in parts:
        out += b"--" + boundary.encode() + b"\r\n" + p
    return out + b"--" + boundary.encode() + b"--\r\n"


def file_part(name, kind, data, cid=None):
    shown = '"%s"' % name if name.isascii() else _word(name)
    more = ["Content-Disposition: %s; filename=%s" % (
        "inline" if cid else "attachment", shown)]
    if cid:
        more.append("Content-ID: <%s>" % cid)
    return part(kind, data, "base64", "; name=%s" % shown, more)


# --- What is written --------------------------------------------------------------

class Draft:
    """An answer while it is being written."""

    def __init__(self, got, words, sender, position, lang, options):
        self.got, self.words = got, list(words)
        self.name, self.addr = sender
        self.position, self.lang = position, lang
        self.sign = options.get("sign")
        self.after = options.get("after") or ()
        self.files = options.get("files") or ()
        self.pictures = options.get("pictures") or ()
        self.options = options
        self.client = options["client"]
        self.stamp = options.get("date") or datetime.datetime.now(
            datetime.timezone.utc)
        self.text = self.html = None
        self.params, self.cte, self.charset = "", "8bit", "utf-8"
        self.headers, self.id = [], None
        self.mark = "=_%d"

    def own(self):
        """All words together, for who writes above or below."""
        return "\n\n".join(self.words)

    def lines(self):
        """What is quoted in the text part."""
        client = self.client
        if client.link is None or not self.got.html:
            return self.got.lines()
        return self.got.lines(client.link, bullet=client.bullet)

    def line(self, table):
        return mt.attribution(table, self.got.when, self.lang, self.got.name,
                              self.got.addr)

    def time(self, pattern):
        return pattern.format(**mt.words(self.got.when, self.lang))


def quoted(lines, prefix="> ", width=0):
    """Lines with a prefix, empty ones without its blank.  width: longer ones
    are broken, as programs do that make text out of HTML."""
    out = []
    for line in lines:
        pieces = [line]
        if width and len(line) > width:
            pieces = fill(line, width)
        out += [prefix + piece if piece else prefix.rstrip()
                for piece in pieces]
    return out


def fill(line, width):
    out, now = [], ""
    for word in line.split(" "):
        if now and len(now) + 1 + len(word) > width:
            out.append(now)
            now = word
        else:
            now = now + " " + word if now else word
    return out + [now]


def split_at(lines, after, n):
    """The quote in n + 1 pieces: an answer follows the line that contains
    after[i], else a share of the whole."""
    cuts, at = [], 0
    for i in range(n):
        found = None
        if i < len(after):
            found = next((k + 1 for k in range(at, len(lines))
                          if after[i] in lines[k]), None)
        if found is None:
            found = min(len(lines), at + max(1, len(lines) // (n + 1)))
        cuts.append(found)
        at = found
    edges = [0] + cuts + [len(lines)]
    return [lines[a:b] for a, b in zip(edges, edges[1:])]


def lay_out(d, head, prefix="> ", width=0, gap="\n\n", sign="-- \n"):
    """The text of programs that mark quotes by a prefix."""
    lines = d.lines()
    tail = gap + sign + d.sign if d.sign else ""
    quote = "\n".join(quoted(lines, prefix, width))
    if d.position == "top":
        return d.own() + tail + gap + head + "\n" + quote + "\n"
    if d.position == "bottom":
        return head + "\n" + quote + gap + d.own() + tail + "\n"
    pieces = split_at(lines, d.after, len(d.words))
    out = head + "\n"
    for piece, words in zip(pieces, d.words):
        out += "\n".join(quoted(piece, prefix, width)) + "\n\n" + words + "\n\n"
    rest = pieces[-1]
    if rest and d.options.get("rest", True):
        out += "\n".join(quoted(rest, prefix, width)) + "\n"
    return out.rstrip("\n") + tail + "\n"


def flow(text, width=72):
    """format=flowed, as Thunderbird sends it (RFC 3676)."""
    out = []
    for line in text.split("\n"):
        depth = 0
        m = re.match(r"^((?:> ?)+)(.*)$", line)
        lead, rest = "", line
        if m:
            depth = m.group(1).count(">")
            lead, rest = ">" * depth + " ", m.group(2)
        if line == "-- ":
            out.append(line)
            continue
        rest = rest.rstrip(" ")
        if not depth and (rest.startswith(" ") or rest.startswith("From ") or
                          rest.startswith(">")):
            rest = " " + rest
        pieces = fill(rest, width) if len(rest) > width else [rest]
        for piece in pieces[:-1]:
            out.append(lead + piece + " ")
        out.append((lead + pieces[-1]).rstrip() if depth else pieces[-1])
    return "\n".join(out)


# --- HTML -------------------------------------------------------------------------

def rich(line):
    """One typed line: *bold* as a person marks it."""
    out = html.escape(line, quote=False)
    out = re.sub(r"\*(\w[^*]*\w|\w)\*", r"<b>\1</b>", out)
    return re.sub(r"  ", " &nbsp;", out)


def divs(words, empty="<div><br></div>", tag="div", attrs=""):
    return "".join("<%s%s>%s</%s>" % (tag, attrs, rich(s), tag) if s else empty
                   for s in words.split("\n"))


def breaks(words):
    return "<br>\n".join(rich(s) for s in words.split("\n"))


def quote_html(lines):
    return "<br>\n".join(html.escape(s, quote=False) for s in lines)


def show_pictures(d):
    """<img> for each inline picture, where the cursor stands."""
    return "".join('<div><img src="cid:%s" alt="%s"></div>' % (cid, name)
                   for cid, name, _ in d.pictures)


def interleaved(d, open_quote, close_quote, words_html):
    """HTML of quotes with words between."""
    pieces = split_at(d.lines(), d.after, len(d.words))
    out = ""
    for piece, words in zip(pieces, d.words):
        out += open_quote + quote_html(piece) + close_quote + words_html(words)
    if pieces[-1] and d.options.get("rest", True):
        out += open_quote + quote_html(pieces[-1]) + close_quote
    return out


# --- The programs -------------------------------------------------------------------

def header_block(d, bold=False):
    """From, Sent, To, Subject, as Outlook writes them."""
    labels = mt.LABELS[d.lang]
    to = "; ".join("%s <%s>" % x if x[0] else x[1] for x in d.got.to)
    values = ("%s <%s>" % (d.got.name, d.got.addr),
              d.time(mt.SENT[d.lang]), to, d.got.subject)
    if not bold:
        return "\n".join("%s: %s" % x for x in zip(labels, values))
    return "<br>\n".join("<b>%s:</b> %s" % (a, html.escape(b))
                         for a, b in zip(labels, values))


def outlook(d):
    """Outlook for Windows: Word writes the HTML, the text is made of it."""
    words = "".join('<p class="MsoNormal">%s<o:p></o:p></p>\n' % (
        rich(s) or "&nbsp;") for s in d.own().split("\n"))
    sign = "".join('<p class="MsoNormal">%s<o:p></o:p></p>\n' % rich(s)
                   for s in (d.sign or "").split("\n") if d.sign)
    d.html = (
        '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-'
        'microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:'
        'office:word" xmlns="http://www.w3.org/TR/REC-html40"><head>\n'
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\n'
        '<meta name="Generator" content="Microsoft Word 15 (filtered medium)">'
        '\n<style><!--\n/* Style Definitions */\np.MsoNormal, li.MsoNormal\n'
        '\t{margin:0in;\n\tfont-size:11.0pt;\n\tfont-family:"Calibri",sans-'
        'serif;}\n--></style></head>\n<body lang="EN-GB" link="#0563C1" '
        'vlink="#954F72" style="word-wrap:break-word">\n<div class="'
        'WordSection1">\n%s%s%s<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n'
        '<div>\n<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:'
        '3.0pt 0in 0in 0in">\n<p class="MsoNormal">%s<o:p></o:p></p>\n</div>\n'
        '</div>\n<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n%s</div>\n</body>'
        '\n</html>\n' % (words, show_pictures(d), sign,
                         header_block(d, True), d.got.inner_html()))
    d.text = "%s\n%s\n%s\n\n%s\n" % (
        d.own(), "\n" + d.sign + "\n" if d.sign else "", header_block(d),
        "\n".join(d.lines()))
    d.cte, d.mark = "quoted-printable", "_000_DB9PR01MB%dDB9PR01MB4321eurp_"
    d.id = "<DB9PR01MB%d.eurprd01.prod.exchangelabs.com>"
    d.headers = [("X-Mailer", "Microsoft Outlook 16.0"),
                 ("Content-Language", d.lang),
                 ("X-MS-Has-Attach", "yes" if d.files else "")]


def outlook_plain(d):
    """Outlook with plain text, and what came before it."""
    d.text = "%s\n%s\n-----%s-----\n%s\n\n%s\n" % (
        d.own(), "\n" + d.sign + "\n" if d.sign else "",
        mt.ORIGINAL[d.lang], header_block(d), "\n".join(d.lines()))
    d.cte, d.id = "quoted-printable", "<00a%d01dc$5d2c3ba0$@example.com>"
    d.headers = [("X-Mailer", "Microsoft Outlook 15.0")]


def outlook_marked(d):
    """Outlook with "prefix each line of the original message"."""
    d.text = "%s\n\n-----%s-----\n%s\n\n%s\n" % (
        d.own(), mt.ORIGINAL[d.lang], "\n".join(
            "> " + s for s in header_block(d).split("\n")),
        "\n".join(quoted(d.lines(), "> ")))
    d.cte, d.id = "8bit", "<00b%d01dc$5d2c3ba0$@example.com>"
    d.headers = [("X-Mailer", "Microsoft Outlook 16.0")]


def owa(d):
    """Outlook on the web and the new Outlook."""
    words = divs(d.own(), '<div class="elementToProof"><br></div>', "div",
                 ' class="elementToProof" style="font-family: Aptos, Calibri; '
                 'font-size: 12pt; color: rgb(0, 0, 0);"')
    sign = '<div id="Signature">%s</div>' % divs(d.sign) if d.sign else ""
    d.html = (
        '<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html; '
        'charset=utf-8">\n<style type="text/css" style="display:none;"> P '
        '{margin-top:0;margin-bottom:0;} </style>\n</head>\n<body dir="ltr">\n'
        '%s%s%s<div id="appendonsend"></div>\n<hr style="display:inline-block;'
        'width:98%%" tabindex="-1">\n<div id="divRplyFwdMsg" dir="ltr"><font '
        'face="Calibri, sans-serif" style="font-size:11pt" color="#000000">%s'
        '</font>\n<div>&nbsp;</div>\n</div>\n%s</body>\n</html>\n' % (
            words, show_pictures(d), sign, header_block(d, True),
            d.got.inner_html()))
    d.text = "%s\n%s________________________________\n%s\n\n%s\n" % (
        d.own(), "\n" + d.sign + "\n" if d.sign else "", header_block(d),
        "\n".join(d.lines()))
    d.cte, d.charset = "base64", "utf-8"
    d.id = "<AM0PR02MB%d.eurprd02.prod.outlook.com>"
    d.mark = "_000_AM0PR02MB%dAM0PR02MB5555eurp_"


def outlook_mobile(d):
    """Outlook for iOS and Android."""
    get = mt.OUTLOOK_MOBILE.get(d.lang, mt.OUTLOOK_MOBILE["en"])
    words = divs(d.own(), '<div dir="ltr"><br></div>', "div", ' dir="ltr"')
    d.html = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; '
        'charset=utf-8"></head><body>%s%s<div dir="ltr" id="ms-outlook-mobile-'
        'signature"><div><br></div>%s</div><div id="mail-editor-reference-'
        'message-container" class="ms-outlook-mobile-reference-message"><hr '
        'style="display:inline-block;width:98%%" tabindex="-1"><div '
        'id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif">%s'
        '</font><div>&nbsp;</div></div>%s</div></body></html>' % (
            words, show_pictures(d),
            '<a href="https://aka.ms/o0ukef">%s</a>' % get,
            header_block(d, True), d.got.inner_html()))
    d.text = "%s\n\n%s<https://aka.ms/o0ukef>\n%s\n%s\n\n%s\n" % (
        d.own(), get, "_" * 32, header_block(d), "\n".join(d.lines()))
    d.cte, d.id = "quoted-printable", "<AS8PR03MB%d.prod.outlook.com>"


def gmail_quote(d, body):
    head = html.escape(d.line(mt.GMAIL), quote=False)
    head = head.replace("&lt;%s&gt;" % d.got.addr,
                        '&lt;<a href="mailto:%s">%s</a>&gt;' % (
                            d.got.addr, d.got.addr))
    return (
        '<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" '
        'class="gmail_attr">%s<br></div>%s</div>' % (head, body))


GMAIL_BLOCK = ('<blockquote class="gmail_quote" style="margin:0px 0px 0px '
               '0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex'
               '">')


def gmail(d):
    """Gmail in the browser."""
    text = lay_out(d, "\n".join(fill(d.line(mt.GMAIL), 76)), "> ", 76)
    d.text = text
    sign = ('<br clear="all"><div><br></div><span class="gmail_signature_prefix'
            '">-- </span><br><div dir="ltr" class="gmail_signature" data-'
            'smartmail="gmail_signature">%s</div>' % divs(d.sign)
            if d.sign else "")
    block = GMAIL_BLOCK + d.got.inner_html() + "</blockquote>"
    if d.position == "top":
        d.html = '<div dir="ltr">%s%s%s</div>%s' % (
            divs(d.own()), show_pictures(d), sign, gmail_quote(d, block))
    elif d.position == "bottom":
        d.html = '<div dir="ltr">%s</div><div>%s%s%s</div>' % (
            gmail_quote(d, block), divs(d.own()), show_pictures(d), sign)
    else:
        d.html = '<div dir="ltr">%s%s</div>' % (gmail_quote(d, interleaved(
            d, GMAIL_BLOCK, "</blockquote>",
            lambda w: "<div><br></div>%s<div><br></div>" % divs(w))), sign)
    d.cte, d.mark = "quoted-printable", "000000000000%06dd5b4e6c"
    d.id = "<CAF%d2XqJzM4r=Hq@mail.gmail.com>"


def gmail_app(d):
    """Gmail on a phone: one block, dir=auto."""
    gmail(d)
    if d.position == "top":
        block = GMAIL_BLOCK + d.got.inner_html() + "</blockquote>"
        d.html = '<div dir="auto">%s%s</div>%s\n' % (
            divs(d.own(), '<div dir="auto"><br></div>', "div", ' dir="auto"'),
            show_pictures(d), gmail_quote(d, block))
    d.cte = "8bit"


APPLE_BLOCK = '<blockquote type="cite">'


def apple(d):
    """Mail on a Mac."""
    head = d.line(mt.APPLE)
    d.text = lay_out(d, head + "\n", "> ", gap="\n\n", sign="-- \n"
                     if d.position != "top" else "")
    style = ('<html><head><meta http-equiv="Content-Type" content="text/html; '
             'charset=utf-8"></head><body style="overflow-wrap: break-word; '
             '-webkit-nbsp-mode: space; line-break: after-white-space;">')
    body = ('<div><br></div>' + APPLE_BLOCK + '<div>' + html.escape(head) +
            '</div><br class="Apple-interchange-newline"><div>%s</div>'
            '</blockquote>')
    sign = ('<br id="lineBreakAtBeginningOfMessage"><div>%s</div>' % divs(
        d.sign) if d.sign and d.position == "top" else "")
    if d.position == "top":
        d.html = style + breaks(d.own()) + show_pictures(d) + sign + \
            "<div>" + body % d.got.inner_html() + "</div></body></html>"
    elif d.position == "bottom":
        d.html = style + "<div>" + body % d.got.inner_html() + "</div>" + \
            "<div><br></div>" + divs(d.own()) + show_pictures(d) + \
            "</body></html>"
    else:
        d.html = (style + '<div><br></div>' + APPLE_BLOCK + '<div>' +
                  html.escape(head) + '</div></blockquote>' + interleaved(
                      d, APPLE_BLOCK + '<div><div>', '</div></div></blockquote>',
                      lambda w: "<div><br></div>%s<div><br></div>" % divs(w)) +
                  '</body></html>')
    d.cte, d.mark = "quoted-printable", "Apple-Mail=_7D0A%08d"
    d.id = "<6F1B7C1E-%08d-4B0F@example.com>"
    d.headers = [("X-Mailer", "Apple Mail (2.3826.200.121)")]


def iphone(d):
    """Mail on an iPhone."""
    head, foot = d.line(mt.APPLE), mt.IPHONE[d.lang]
    tail = "\n\n" + foot if not d.sign else "\n\n" + d.sign
    quote = "\n".join(quoted(d.lines(), "> "))
    d.text = "%s%s\n\n> %s\n> \n%s\n" % (d.own(), tail, head, quote)
    d.html = (
        '<html><head><meta http-equiv="content-type" content="text/html; '
        'charset=utf-8"></head><body dir="auto">%s%s<br><div dir="ltr">%s</div>'
        '<div dir="ltr"><br><blockquote type="cite">%s<br><br></blockquote>'
        '</div><blockquote type="cite"><div dir="ltr">%s</div></blockquote>'
        '</body></html>' % (
            divs(d.own(), '<div><br></div>', "div", ' dir="ltr"'),
            show_pictures(d), d.sign and divs(d.sign) or foot,
            html.escape(head), d.got.inner_html()))
    d.cte, d.mark = "quoted-printable", "Apple-Mail-%08d-9A5C"
    d.id = "<A2F9%08d-77D1@example.com>"
    d.headers = [("X-Mailer", "iPhone Mail (22G86)")]


def thunderbird(d):
    """Thunderbird, HTML with a text part."""
    head = d.line(mt.THUNDERBIRD)
    text = lay_out(d, head, "> ")
    d.text, d.params = flow(text), "; format=flowed"
    cite = '<blockquote type="cite" cite="mid:%s">' % d.got.id.strip("<>")
    prefix = '<div class="moz-cite-prefix">%s<br>\n</div>\n' % html.escape(head)
    sign = '<div class="moz-signature">-- <br>\n%s</div>' % breaks(
        d.sign) if d.sign else ""
    whole = prefix + cite + "\n" + d.got.inner_html() + "</blockquote>\n"
    words = "".join("<p>%s</p>\n" % breaks(p)
                    for p in d.own().split("\n\n")) + show_pictures(d)
    if d.position == "top":
        body = words + sign + whole
    elif d.position == "bottom":
        body = whole + words + sign
    else:
        body = prefix + interleaved(d, cite + "<p>", "</p></blockquote>",
                                    lambda w: "<p>%s</p>\n" % breaks(w)) + sign
    d.html = ('<!DOCTYPE html>\n<html>\n  <head>\n    <meta http-equiv="Content'
              '-Type" content="text/html; charset=UTF-8">\n  </head>\n  <body>'
              '\n' + body + '  </body>\n</html>\n')
    d.cte, d.mark = "8bit", "------------0Jb%08dQk"
    d.id = "<0d3f%08d-9f1c-4a41@example.com>"
    d.headers = [("User-Agent", "Mozilla Thunderbird"),
                 ("Content-Language", d.lang)]


def thunderbird_text(d):
    """Thunderbird set to plain text."""
    d.text = flow(lay_out(d, d.line(mt.THUNDERBIRD), "> "))
    d.params, d.cte = "; format=flowed", "8bit"
    d.id = "<1d3f%08d-9f1c-4a41@example.com>"
    d.headers = [("User-Agent", "Mozilla Thunderbird")]


def mutt(d):
    head = d.line(mt.MUTT)
    d.text = lay_out(d, head, "> ")
    d.id = "<20261123.GA%d@host.example.com>"
    d.headers = [("User-Agent", "Mutt/2.2.9 (2022-11-12)")]


def mutt_star(d):
    """mutt with attribution "* %n [%d]:"."""
    d.text = lay_out(d, d.line(mt.MUTT_STAR), "> ")
    d.params, d.id = "", "<Z0%dxK3@host.example.com>"
    d.headers = [("User-Agent", "NeoMutt/20220429")]


def k9(d):
    d.text = lay_out(d, d.line(mt.K9), "> ", 72)
    body = ('<div class="k9mail-signature">-- <br>\n%s</div>' % breaks(d.sign)
            if d.sign else "")
    d.html = (
        '<!DOCTYPE html><html><body>%s%s%s<br><br><div class="gmail_quote">'
        '<div dir="auto">%s</div><blockquote class="gmail_quote" style="margin:'
        ' 0pt 0pt 0pt 0.8ex; border-left: 1px solid rgb(204, 204, 204); '
        'padding-left: 1ex;">%s</blockquote></div></body></html>' % (
            divs(d.own(), '<br>', "div", ' dir="auto"'), show_pictures(d),
            body, html.escape(d.line(mt.K9)), d.got.inner_html()))
    if d.position != "top":
        d.html = None
    d.cte, d.mark = "quoted-printable", "----K9%08dABCD"
    d.id = "<0A1B%08dC@example.com>"
    d.headers = [("User-Agent", "K-9 Mail for Android")]


def fairmail(d):
    d.html = (
        '<html><head></head><body><div dir="auto">%s</div>%s%s<div '
        'fairemail="reference"><p>%s</p><blockquote style="margin:0;border-left'
        ':3px solid #ccc;padding-left:10px">%s</blockquote></div></body></html>'
        % (breaks(d.own()), show_pictures(d),
           '<div fairemail="signature">%s</div>' % divs(d.sign)
           if d.sign else "", html.escape(d.line(mt.FAIR)),
           d.got.inner_html()))
    d.text = lay_out(d, d.line(mt.FAIR) + "\n", "> ", 0, sign="")
    d.cte, d.mark = "quoted-printable", "----=_Part_%d_9817"
    d.id = "<fe%08d-0c@example.com>"
    d.headers = [("X-Mailer", "FairEmail 1.2236")]


def yahoo(d):
    head = d.line(mt.YAHOO)
    d.text = "%s\n\n    %s\n %s\n" % (
        d.own(), head, "\n ".join(" " + s for s in d.lines()))
    d.html = (
        '<html><head></head><body><div class="ydp1a2byahoo-style-wrap" style="'
        'font-family:Helvetica Neue, Helvetica, Arial, sans-serif;font-size:16'
        'px;"><div></div>%s%s<div><br></div></div><div id="ydp3c4dyahoo_quoted_'
        '0987" class="ydp3c4dyahoo_quoted"><div style="font-family:\'Helvetica '
        'Neue\', Helvetica, Arial, sans-serif;font-size:13px;color:#26282a;">'
        '<div>%s</div><div><br></div><div><br></div><div>%s</div></div></div>'
        '</body></html>' % (
            divs(d.own(), '<div><br></div>', "div", ' dir="ltr" data-setdir='
                 '"false"'), show_pictures(d), html.escape(head),
            d.got.inner_html()))
    d.cte, d.mark = "quoted-printable", "----=_Part_%d_1829.17"
    d.id = "<1829.%d.1732@mail.yahoo.com>"
    d.headers = [("X-Mailer", "WebService/1.1.22941 YMailNorrin")]


def notes(d):
    """HCL (Lotus) Notes."""
    labels = {"de": ("Von", "An", "Datum", "Betreff"),
              "fr": ("De", "A", "Date", "Objet")}.get(
                  d.lang, ("From", "To", "Date", "Subject"))
    values = ('"%s" <%s>' % (d.got.name, d.got.addr), d.got.to[0][1],
              d.time("{dd}/{mm}/{y} {hm}"), d.got.subject)
    d.text = "%s\n\n\n\n%s\n\n\n\n%s\n" % (
        d.own(), "\n".join("%s:\t%s" % x for x in zip(labels, values)),
        "\n".join(d.lines()))
    rows = "<br>\n".join(
        '<font size=1 color=#5f5f5f face="sans-serif">%s: &nbsp; &nbsp; &nbsp; '
        '&nbsp;</font><font size=1 face="sans-serif">%s</font>' % (
            a, html.escape(b)) for a, b in zip(labels, values))
    d.html = ('<font size=2 face="sans-serif">%s</font>%s\n<br>\n<br>\n<br>\n'
              '%s\n<br>\n<hr noshade>\n<br>\n<br>\n%s\n' % (
                  breaks(d.own()), show_pictures(d), rows, d.got.inner_html()))
    d.cte, d.mark = "quoted-printable", "=_alternative %08dC12585"
    d.id = "<OF%08d.1A-ONC12585@example.com>"
    d.headers = [("X-Mailer", "HCL Notes Release 11.0.1")]


def samsung(d):
    labels = {"de": ("Von", "Datum", "An", "Betreff"),
              "fr": ("De", "Date", "À", "Objet"),
              "es": ("De", "Fecha", "Para", "Asunto")}.get(
                  d.lang, ("From", "Date", "To", "Subject"))
    values = ("%s <%s>" % (d.got.name, d.got.addr),
              d.time("{dd}/{mm}/{yy} {hm} (GMT+00:00)"), d.got.to[0][1],
              d.got.subject)
    words = {"en": "Original message", "de": "Ursprüngliche Nachricht",
             "fr": "Message d'origine", "es": "Mensaje original"}.get(
                 d.lang, "Original message")
    block = "\n".join("%s: %s " % x for x in zip(labels, values))
    d.text = "%s\n\n-------- %s --------\n%s\n\n%s\n" % (
        d.own(), words, block, "\n".join(d.lines()))
    d.html = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; '
        'charset=UTF-8"></head><body dir="auto">%s%s<div dir="auto"><br></div>'
        '<div align="left" dir="auto" style="font-size:100%%;color:#000000">'
        '<div>-------- %s --------</div>%s<div><br></div></div>%s</body></html>'
        % (divs(d.own(), '<div dir="auto"><br></div>', "div", ' dir="auto"'),
           show_pictures(d), words, divs(block), d.got.inner_html()))
    d.cte, d.mark = "base64", "--_com.samsung.android.email_%d"
    d.id = "<sam%08d.1732@email.android.com>"


def proton(d):
    head = d.line(mt.PROTON)
    d.text = lay_out(d, head + "\n", "> ", 72, sign="")
    d.html = (
        '<div style="font-family: Arial, sans-serif; font-size: 14px;">%s</div>'
        '%s<div class="protonmail_signature_block" style="font-family: Arial, '
        'sans-serif; font-size: 14px;"></div><div class="protonmail_quote">\n'
        '        %s<br>\n        <blockquote class="protonmail_quote" '
        'type="cite">\n%s\n        </blockquote><br>\n    </div>' % (
            breaks(d.own()), show_pictures(d), html.escape(head),
            d.got.inner_html()))
    if d.position != "top":
        d.html = None
    d.cte, d.mark = "quoted-printable", "b1_Proton%08d"
    d.id = "<pQx%08d=@proton.example>"


def zimbra(d):
    labels = mt.LABELS["en"]
    values = ("%s <%s>" % (d.got.name, d.got.addr), d.got.to[0][1],
              d.time("{dy}, {d} {mon} {y} {hms}"), d.got.subject)
    block = "\n".join("%s: %s" % x for x in zip(
        ("From", "To", "Sent", "Subject"), values))
    d.text = "%s\n\n----- Original Message -----\n%s\n\n%s\n" % (
        d.own(), block, "\n".join(d.lines()))
    d.html = (
        '<html><body><div style="font-family: arial, helvetica, sans-serif; '
        'font-size: 12pt; color: #000000">%s%s<div><br></div><hr id="zwchr" '
        'data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><blockquote '
        'style="border-left:2px solid #1010FF;margin-left:5px;padding-left:5px;'
        'color:#000;">%s</blockquote></div><div data-marker="__QUOTED_TEXT__">'
        '<blockquote style="border-left:2px solid #1010FF;">%s</blockquote>'
        '</div></div></body></html>' % (
            divs(d.own()), show_pictures(d),
            "".join("<b>%s: </b>%s<br>" % (a, html.escape(b))
                    for a, b in zip(labels, values)), d.got.inner_html()))
    d.cte, d.mark = "quoted-printable", "=_%08d-zimbra"
    d.id = "<117%08d.2.173@example.com>"
    d.headers = [("X-Mailer", "Zimbra 8.8.15_GA_4717 (ZimbraWebClient)")]


def evolution(d):
    d.text = lay_out(d, d.line(mt.EVOLUTION), "> ", 71)
    d.cte, d.id = "quoted-printable", "<e5%08d.camel@example.com>"
    d.headers = [("User-Agent", "Evolution 3.46.4-2")]


def roundcube(d):
    d.text = lay_out(d, d.line(mt.ROUNDCUBE), "> ", 72)
    d.params, d.id = "; format=flowed", "<7c%08d@example.com>"
    d.text = flow(d.text)
    d.headers = [("User-Agent", "Roundcube Webmail/1.6.5")]


def gnus(d):
    d.text = lay_out(d, d.line(mt.GNUS) + "\n", "> ")
    d.id = "<87%08d.fsf@example.com>"
    d.headers = [("User-Agent", "Gnus/5.13 (Gnus v5.13)")]


def claws(d):
    d.text = lay_out(d, d.line(mt.CLAWS) + "\n", "> ", 72)
    d.id = "<2026%08d.1a2b@example.com>"
    d.headers = [("X-Mailer", "Claws Mail 4.1.1 (GTK 3.24.38)")]


def html_only(d):
    """A web mailer that sends no text part; quotes in a bordered <div>."""
    d.html = (
        '<html><body>%s%s<br><br><div style="border-left:1px solid #0857A6;'
        'padding-left:10px"><p>%s</p>%s</div></body></html>' % (
            divs(d.own(), "<br>"), show_pictures(d),
            header_block(d, True), d.got.inner_html()))
    d.cte, d.id = "base64", "<web%08d@mail.example.com>"


TOP, ALL = ("top",), ("top", "bottom", "between")
EVERY = mt.LANGS


class Client:
    def __init__(self, write, positions, langs, **marks):
        self.write, self.positions, self.langs = write, positions, langs
        self.prefix = marks.get("prefix")    # of subjects; None: "Re: "
        self.thread = marks.get("thread")    # Thread-Index and Thread-Topic
        self.no_ids = marks.get("no_ids")    # neither References nor I-R-T
        self.rich = marks.get("rich", True)  # can show pictures
        self.signs = marks.get("signs")      # "-- " stands above a signature
        # What it puts behind a link when it makes text of the HTML; None: it
        # quotes the text part.
        self.link = marks.get("link")
        self.bullet = marks.get("bullet", "- ")


CLIENTS = {
    "outlook": Client(outlook, TOP, EVERY, prefix=mt.ANSWER, thread=True,
                      no_ids=True, link="<m{}>", bullet="  *   "),
    "outlook-plain": Client(outlook_plain, TOP, EVERY, prefix=mt.ANSWER,
                            thread=True, rich=False, link=" <m{}> ",
                            bullet="*\t"),
    "outlook-marked": Client(outlook_marked, TOP, EVERY, prefix=mt.ANSWER,
                             thread=True, rich=False),
    "owa": Client(owa, TOP, EVERY, prefix=mt.ANSWER, thread=True,
                  link="<m{}>", bullet="  *   "),
    "outlook-mobile": Client(outlook_mobile, TOP, EVERY, thread=True,
                             link="<m{}>", bullet="  *   "),
    "gmail": Client(gmail, ALL, EVERY, signs=True, link=" <{}>",
                    bullet="   - "),
    "gmail-app": Client(gmail_app, TOP, EVERY, link=" <{}>", bullet="   - "),
    "apple": Client(apple, ALL, EVERY, link=" <m{}>", bullet="• "),
    "iphone": Client(iphone, TOP, EVERY, link="", bullet="• "),
    "thunderbird": Client(thunderbird, ALL, EVERY, signs=True, link=" <m{}>",
                          bullet="  * "),
    "thunderbird-text": Client(thunderbird_text, ALL, EVERY, rich=False,
                               signs=True, link=" <m{}>", bullet="  * "),
    "mutt": Client(mutt, ("bottom", "between", "top"), ("en", "de"),
                   rich=False, signs=True),
    "mutt-star": Client(mutt_star, ("bottom", "between"), ("en",), rich=False,
                        signs=True),
    "k9": Client(k9, ("top", "bottom"), tuple(mt.K9), signs=True, link="",
                 bullet="• "),
    "fairmail": Client(fairmail, TOP, tuple(mt.FAIR), link=" <m{}>",
                       bullet="* "),
    "yahoo": Client(yahoo, TOP, EVERY, link="", bullet="   - "),
    "notes": Client(notes, TOP, ("en", "de", "fr")),
    "samsung": Client(samsung, TOP, ("en", "de", "fr", "es"), link="",
                      bullet=""),
    "proton": Client(proton, ("top", "bottom"), tuple(mt.PROTON),
                     link=" [{}]", bullet="- "),
    "zimbra": Client(zimbra, TOP, ("en",), link=" [ m{} ]", bullet="* "),
    "evolution": Client(evolution, ALL, tuple(mt.EVOLUTION), rich=False,
                        signs=True, link="", bullet=" * "),
    "roundcube": Client(roundcube, ALL, tuple(mt.ROUNDCUBE), rich=False,
                        signs=True, link=" [1]", bullet=" * "),
    "gnus": Client(gnus, ("bottom", "between"), ("en",), rich=False,
                   signs=True),
    "claws": Client(claws, ("bottom", "top", "between"), ("en",), rich=False,
                    signs=True, link="", bullet="* "),
    "html-only": Client(html_only, TOP, EVERY),
}


# --- The finished mail ------------------------------------------------------------------

def extend_index(index, sent):
    """Thread-Index with one more child block (MS-OXOMSG 2.2.1.3)."""
    raw = base64.b64decode(index)
    start = int.from_bytes(raw[1:6], "big") << 24
    now = (int(sent.timestamp()) + 11644473600) * 10**7
    return base64.b64encode(raw + struct.pack(
        ">IB", ((now - start) >> 18) & 0x7fffffff, 0x10)).decode()


def _body(d):
    kind = "; charset=%s" % d.charset
    parts = []
    if d.text is not None:
        parts.append(part("text/plain", d.text.encode(d.charset, "replace"),
                          d.cte, kind + d.params))
    if d.html is not None:
        page = part("text/html", d.html.encode(d.charset, "replace"), d.cte,
                    kind)
        if d.pictures:
            page = multi("related", [page] + [
                file_part(name, "image/png", data, cid)
                for cid, name, data in d.pictures], '; type="text/html"',
                d.mark)
        parts.append(page)
    whole = parts[0] if len(parts) == 1 else multi("alternative", parts, "",
                                                   d.mark)
    if d.files:
        whole = multi("mixed", [whole] + [file_part(*f) for f in d.files], "",
                      d.mark)
    return whole


def _mail(d, client, subject, to, cc):
    got = d.got
    ident = d.options.get("id") or d.id % next(_serial)
    d.sent_id = ident
    lines = ["From: " + address(d.name, d.addr),
             "To: " + ", ".join(address(*x) for x in to)]
    if cc:
        lines.append("Cc: " + ", ".join(address(*x) for x in cc))
    lines += ["Subject: " + _word(subject),
              "Date: " + email.utils.format_datetime(d.stamp),
              "Message-ID: " + ident]
    if got.id and not client.no_ids and not d.options.get("bare"):
        lines += ["In-Reply-To: " + got.id, "References: " + "\r\n ".join(
            got.references + [got.id])]
    if client.thread:
        if got.index:
            lines.append("Thread-Index: " + extend_index(got.index, d.stamp))
        lines.append("Thread-Topic: " + _word(got.topic or got.subject))
    lines += ["%s: %s" % h for h in d.headers]
    lines += ["%s: %s" % h for h in d.options.get("headers") or ()]
    lines.append("MIME-Version: 1.0")
    return "\r\n".join(lines).encode() + b"\r\n" + _body(d)


def reply(name, got, words, sender, position=None, lang="en", **options):
    """The bytes of an answer.

    words: a string or a list (for "between": one answer each, after[i] is a
    part of the line it stands below); sender: (name, address); options: after,
    files [(name, type, bytes)], pictures [(cid, name, bytes)], sign, cc, to,
    date, id, headers [(name, value)], bare: no References, subject; rest False:
    what follows the last answer is deleted; cte, charset: another encoding."""
    client = CLIENTS[name]
    if isinstance(words, str):
        words = [words]
    options["client"] = client
    d = Draft(got, words, sender, position or client.positions[0],
              lang if lang in client.langs else "en", options)
    client.write(d)
    d.cte = options.get("cte") or d.cte
    d.charset = options.get("charset") or d.charset
    prefix = client.prefix[d.lang] if client.prefix else "Re: "
    bare = re.sub(r"^(re|aw|sv|antw|odp|res|r|rif):\s*", "", got.subject,
                  flags=re.I)
    to = options.get("to")
    to = [("", to)] if isinstance(to, str) else to or got.reply_to
    return _mail(d, client, options.get("subject", prefix + bare), to,
                 options.get("cc") or ())


# --- Forwarding -----------------------------------------------------------------------------

def _fields(got, labels, date):
    to = ", ".join("%s <%s>" % x if x[0] else x[1] for x in got.to)
    return [(labels[0], "%s <%s>" % (got.name, got.addr)), (labels[1], date),
            (labels[2], got.subject), (labels[3], to)]


FORWARD_WORDS = {
    "gmail": {"en": "Forwarded message", "de": "Forwarded message",
              "fr": "Forwarded message", "es": "Forwarded message"},
    "apple": {"en": "Begin forwarded message:",
              "de": "Anfang der weitergeleiteten Nachricht:",
              "fr": "Début du message réexpédié :",
              "es": "Inicio del mensaje reenviado:"},
    "thunderbird": {"en": "Forwarded Message",
                    "de": "Weitergeleitete Nachricht",
                    "fr": "Message transféré", "es": "Mensaje reenviado"},
}
FORWARD_LABELS = {
    "en": ("From", "Date", "Subject", "To"),
    "de": ("Von", "Datum", "Betreff", "An"),
    "fr": ("De", "Date", "Objet", "À"),
    "es": ("De", "Fecha", "Asunto", "Para"),
}


def _forward_text(d, style):
    got, lang = d.got, d.lang if d.lang in FORWARD_LABELS else "en"
    labels = FORWARD_LABELS[lang]
    body = "\n".join(d.lines())
    if style == "outlook":
        return "%s\n\n%s\n\n%s\n" % (d.own(), header_block(d), body)
    if style == "gmail":
        rows = _fields(got, labels, d.time("{dy}, {mon} {d}, {y} at {h12}"))
        return "%s\n\n---------- %s ---------\n%s\n\n\n%s\n" % (
            d.own(), FORWARD_WORDS["gmail"][lang],
            "\n".join("%s: %s" % r for r in rows), body)
    if style in ("apple", "iphone"):
        rows = _fields(got, labels, d.time("{d} {month} {y} at {hms} GMT"))
        rows = [rows[0], rows[2], rows[1], rows[3]]
        tail = "\n\n" + mt.IPHONE[lang] if style == "iphone" else ""
        return "%s%s\n\n%s\n\n%s\n> \n%s\n" % (
            d.own(), tail, FORWARD_WORDS["apple"][lang],
            "\n".join("> %s: %s" % r for r in rows),
            "\n".join(quoted(d.lines())))
    if style == "thunderbird":
        rows = _fields(got, labels, d.time("{dy}, {d} {mon} {y} {hms} +0000"))
        rows = [rows[2], rows[1], rows[0], rows[3]]
        return "%s\n\n-------- %s --------\n%s\n\n%s\n" % (
            d.own(), FORWARD_WORDS["thunderbird"][lang],
            "\n".join("%s: \t%s" % r for r in rows), body)
    if style == "yahoo":
        rows = _fields(got, ("From", "Sent", "Subject", "To"),
                       d.time("{day}, {month} {d}, {y} at {h12s} GMT"))
        return "%s\n\n   ----- Forwarded Message ----- %s\n\n%s\n" % (
            d.own(), " ".join("%s: %s" % r for r in
                              (rows[0], rows[3], rows[1], rows[2])), body)
    rows = _fields(got, ("From", "Date", "Subject", "To"),
                   d.time("{dy}, {d} {mon} {y} {hms} +0000"))
    return ("%s\n\n----- Forwarded message from %s <%s> -----\n\n%s\n\n%s\n\n"
            "----- End forwarded message -----\n" % (
                d.own(), got.name, got.addr,
                "\n".join("%s: %s" % (rows[i][0], rows[i][1])
                          for i in (1, 0, 3, 2)), body))


FORWARDS = ("outlook", "gmail", "apple", "iphone", "thunderbird", "yahoo",
            "mutt")


def forward(name, got, words, sender, to, lang="en", attached=False,
            **options):
    """A forward: inline, or with the mail attached (message/rfc822)."""
    base = {"mutt": "mutt", "yahoo": "yahoo", "iphone": "iphone"}.get(name,
                                                                     name)
    client = CLIENTS[base]
    options["client"] = client
    d = Draft(got, [words] if isinstance(words, str) else words, sender, "top",
              lang, options)
    client.write(d)
    d.params, d.html = "", None
    prefix = mt.FORWARD[d.lang] if name == "outlook" else "Fwd: "
    if attached:
        d.text = d.own() + "\n"
    else:
        d.text = _forward_text(d, name)
        if name == "outlook":
            client.write(d)  # the same block as in an answer
    data = _mail(d, Client(None, TOP, EVERY, thread=client.thread, no_ids=True),
                 options.get("subject", prefix + got.subject),
                 [("", to)] if isinstance(to, str) else to,
                 options.get("cc") or ())
    if not attached:
        return data
    head, _, body = data.partition(b"\r\nContent-Type:")
    inner = part("message/rfc822", got.data, "8bit", "", [
        'Content-Disposition: attachment; filename="%s.eml"' % re.sub(
            r"[^A-Za-z0-9 ]", "", got.subject)[:40]])
    return head + b"\r\n" + multi("mixed", [b"Content-Type:" + body, inner])


def cases():
    """Every program in every position and language it has."""
    for name, client in CLIENTS.items():
        for position in client.positions:
            for lang in client.langs:
                yield name, position, lang
