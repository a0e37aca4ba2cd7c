#!/usr/bin/env python3
"""Malformed mails by the thousand, the same ones for the same seed.

    tests/hostile.py FOLDER [--count 6300] [--seed 1]     write them as files

A family is one way to be broken: a function of a random generator and of a size
n, whose mail is about n bytes long.  So each serves twice: many small ones that
must neither crash nor get lost, and two large ones that show whether the work
grows with the size and no faster.  Two families break the good mails of
tests/mail: cut off anywhere, and with bytes changed.

It does not know what ought to come out of a mail: scenario/malformed.py does.
"""
import argparse
import base64
import glob
import os
import random

HERE = os.path.dirname(os.path.abspath(__file__))
FAMILIES = {}
LINE = b"It still does not print, whatever I do. "


def family(make):
    FAMILIES[make.__name__] = make
    return make


def head(fields=b"", kind=b"text/plain", sender=b"Ann <ann@example.org>"):
    return (b"From: " + sender + b"\r\nTo: support@example.com\r\n"
            b"Subject: broken\r\nDate: Tue, 28 Jul 2026 09:14:06 +0200\r\n"
            b"MIME-Version: 1.0\r\nContent-Type: " + kind + b"\r\n" + fields +
            b"\r\n")


def fill(unit, n):
    """unit again and again, n bytes of it."""
    return (unit * (n // len(unit) + 1))[:n]


def counted(n, each, make):
    """make(0), make(1), ...: about n bytes when one has each."""
    return b"".join(make(i) for i in range(max(1, n // each)))


def noise(rng, n):
    return rng.randbytes(n)


def some(rng, n, parts):
    """n bytes out of these, in any order."""
    out, size = [], 0
    while size < n:
        out.append(rng.choice(parts))
        size += len(out[-1])
    return b"".join(out)


def plain(body, kind=b"text/plain; charset=utf-8", coding=None):
    field = b"Content-Transfer-Encoding: " + coding + b"\r\n" if coding else b""
    return head(field, kind) + body


def html(body):
    return plain(b"<html><body>" + body, b"text/html; charset=utf-8")


def mixed(body, boundary=b"x", kind=b"multipart/mixed"):
    return head(kind=kind + b'; boundary="' + boundary + b'"') + body


def part(kind, body, fields=b""):
    return mixed(b"--x\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n"
                 b"--x\r\nContent-Type: " + kind + b"\r\n" + fields + b"\r\n" +
                 body + b"\r\n--x--\r\n")


def encoded(kind, body, name=b"winmail.dat"):
    return part(kind + b'; name="' + name + b'"', base64.encodebytes(body),
                b"Content-Transfer-Encoding: base64\r\n")


# Structure ------------------------------------------------------------------

@family
def nested_multiparts(rng, n):
    return head(kind=b"multipart/mixed; boundary=b0") + counted(
        n, 60, lambda i: b"--b%d\r\nContent-Type: multipart/mixed;"
        b" boundary=b%d\r\n\r\n" % (i, i + 1)) + b"the end"


@family
def nested_one_boundary(rng, n):
    return mixed(fill(b"--x\r\nContent-Type: multipart/mixed; boundary=x"
                      b"\r\n\r\n", n))


@family
def nested_no_boundary(rng, n):
    return fill(b"Content-Type: multipart/mixed\r\n\r\n--a\r\n", n)


@family
def nested_messages(rng, n):
    return fill(b"Content-Type: message/rfc822\r\n\r\n", n) + head() + b"in"


@family
def nested_both(rng, n):
    return mixed(counted(n, 75, lambda i: b"--x\r\nContent-Type: message/rfc822"
                         b"\r\n\r\nContent-Type: multipart/mixed; boundary=x"
                         b"\r\n\r\n"))


@family
def nested_closed(rng, n):
    deep = max(1, n // 90)
    return (head(kind=b"multipart/mixed; boundary=b0") + b"".join(
        b"--b%d\r\nContent-Type: multipart/related; boundary=b%d\r\n\r\n"
        % (i, i + 1) for i in range(deep)) + b"".join(
        b"--b%d--\r\nbehind\r\n" % i for i in range(deep, 0, -1)))


@family
def many_parts(rng, n):
    return mixed(counted(n, 60, lambda i: b"--x\r\nContent-Type: text/plain; "
                         b"name=f%d\r\n\r\n%d\r\n" % (i, i)))


@family
def many_empty_parts(rng, n):
    return mixed(fill(b"--x\r\n", n))


@family
def many_alternatives(rng, n):
    return mixed(fill(b"--x\r\nContent-Type: text/html\r\n\r\n<p>a\r\n--x\r\n"
                      b"\r\nplain\r\n", n), kind=b"multipart/alternative")


@family
def boundary_never_comes(rng, n):
    return mixed(fill(b"--y\r\n" + LINE + b"\r\n", n))


@family
def boundary_prefixes(rng, n):
    return mixed(counted(n, 40, lambda i: b"--" + b"x" * (i % 70) + b"\r\n"),
                 boundary=b"x" * 70)


@family
def boundary_long(rng, n):
    mark = b"b" * min(n, 60000)
    return mixed(fill(b"--" + mark + b"\r\n\r\ntext\r\n", n * 2), mark)


@family
def boundary_closed_again(rng, n):
    return mixed(b"--x\r\n\r\ntext\r\n" + fill(b"--x--\r\n", n))


@family
def boundary_broken_quotes(rng, n):
    return head(kind=b'multipart/mixed; boundary="x') + fill(
        b'--x\r\n\r\na\r\n--"x\r\n\r\n--x"\r\n', n)


@family
def dashes(rng, n):
    return mixed(b"--x\r\n\r\n" + some(rng, n, [b"--\r\n", b"-", b"--", b"\r\n",
                                                b"--x", b"--x--", b" "]))


@family
def delimiters_in_header(rng, n):
    return mixed(fill(b"--x\r\nContent-Type: text/plain\r\n--x--\r\n", n))


@family
def no_blank_line(rng, n):
    return (b"From: ann@example.org\r\nSubject: a\r\n" +
            fill(LINE + b"\r\n", n))


@family
def external_and_partial(rng, n):
    return mixed(fill(b"--x\r\nContent-Type: message/partial; id=a; number=1; "
                      b"total=9\r\n\r\n--x\r\nContent-Type: message/external-"
                      b"body; access-type=url; url=\"http://example.com\"\r\n"
                      b"\r\n", n))


# Header ---------------------------------------------------------------------

@family
def many_fields(rng, n):
    return head(counted(n, 16, lambda i: b"X-%d: value\r\n" % i)) + b"text"


@family
def many_froms(rng, n):
    return fill(b"From: Ann <ann@example.org>\r\n", n) + b"\r\ntext"


@family
def many_received(rng, n):
    return head(fill(b"Received: from a.example.org by b.example.org; Tue, 28 "
                     b"Jul 2026 09:14:06 +0200\r\n", n)) + b"text"


@family
def long_field(rng, n):
    return head(b"X-Long: " + fill(b"abc def ", n) + b"\r\n") + b"text"


@family
def long_subject(rng, n):
    return b"Subject: " + fill("Grüße ".encode(), n) + b"\r\n" + head() + b"a"


@family
def folded_field(rng, n):
    return head(b"Subject: a\r\n" + fill(b" b\r\n", n)) + b"text"


@family
def folded_blanks(rng, n):
    return head(b"X-Blank:" + fill(b"\r\n \t", n) + b"\r\n") + b"text"


@family
def no_colons(rng, n):
    return fill(b"this is no field\r\n", n) + head() + b"text"


@family
def odd_names(rng, n):
    return some(rng, n, [b": x\r\n", b"\xe4: y\r\n", b"A B: z\r\n", b"a\x00: b"
                         b"\r\n", b" \r\n", b"From : c\r\n", b":\r\n"]) + b"\r\n"


@family
def subject_prefixes(rng, n):
    return b"Subject: " + fill(b"Re: Fwd: [EX-1] AW: ", n) + b"\r\n" + head()


@family
def type_values(rng, n):
    return head(kind=some(rng, n, [b"text/", b"/", b";", b"plain", b"\"", b"=",
                                   b"(", b")", b"\\", b" ", b"html"])) + LINE


@family
def many_params(rng, n):
    return part(b"application/pdf; " + counted(
        n, 12, lambda i: b"p%d=value; " % i), b"abc")


@family
def name_pieces(rng, n):
    return part(b"application/pdf;" + counted(
        n, 22, lambda i: b"\r\n name*%d*=%%41bc%%e4;" % i), b"abc")


@family
def name_pieces_mixed_up(rng, n):
    return part(b"application/pdf;" + counted(
        n, 22, lambda i: b"\r\n name*%d=\"a\";" % rng.randrange(999)), b"abc")


@family
def name_with_paths(rng, n):
    return part(b"application/pdf; name=\"" + some(rng, n, [
        b"../", b"/etc/passwd", b"C:\\", b"\\\\", b"\x00", b"\x1b[2J", b"CON",
        b"\xe2\x80\xae", b".", b"%2e%2e%2f", b" "]) + b"\"", b"abc")


@family
def params_without_end(rng, n):
    return part(b"application/pdf; name=\"" + fill(b"a\\\"b;", n), b"abc")


@family
def params_only_semicolons(rng, n):
    return part(b"application/pdf" + fill(b" ; ;", n), b"abc")


@family
def param_comments(rng, n):
    return part(b"application/pdf; " + fill(b"(", n) + b"name=a", b"abc")


# Words ----------------------------------------------------------------------

@family
def many_words(rng, n):
    return b"Subject: " + fill(b"=?utf-8?Q?a=C3=A4?= ", n) + b"\r\n" + head()


@family
def words_in_names(rng, n):
    return head(b"Cc: " + fill(b"=?utf-8?B?w6Q=?= <a@example.org>, ", n) +
                b"\r\n") + b"text"


@family
def words_without_end(rng, n):
    return b"Subject: " + fill(b"=?utf-8?B?w6Q ", n) + b"\r\n" + head()


@family
def words_half_begun(rng, n):
    return b"Subject: " + some(rng, n, [b"=?", b"?=", b"?Q?", b"?B?", b"=",
                                        b"?", b"utf-8", b"a"]) + b"\r\n" + head()


@family
def words_in_words(rng, n):
    return (b"Subject: " + fill(b"=?utf-8?Q?", n // 2) + b"a" +
            fill(b"?=", n // 2) + b"\r\n" + head())


@family
def words_with_line_ends(rng, n):
    return (b"Subject: " + fill(b"=?utf-8?Q?a=0D=0ABcc:=20x=00?= ", n) + b"\r\n"
            + head(sender=b"=?utf-8?B?DQpCY2M6IHgA?= <a@example.org>"))


@family
def words_of_odd_charsets(rng, n):
    return b"Subject: " + counted(
        n, 30, lambda i: b"=?x-%d*en?Q?=%02X?= " % (i, i % 256)) + b"\r\n" + head()


@family
def words_cut_characters(rng, n):
    return b"Subject: " + fill(b"=?utf-8?B?w6?= =?utf-8?Q?=E2=82?= =?utf-8?Q?"
                               b"=AC?= ", n) + b"\r\n" + head()


@family
def charset_lies(rng, n):
    return plain(noise(rng, n), b"text/plain; charset=" + rng.choice(
        [b"utf-8", b"us-ascii", b"iso-8859-1", b"koi8-r", b"big5"]))


@family
def charset_shifts(rng, n):
    return plain(some(rng, n, [b"\x1b$B", b"\x1b(B", b"\x1b(I", b"$3", b"\x1b",
                               b"\x0e", b"\x0f", b"\r\n", b"\xff"]),
                 b"text/plain; charset=" + rng.choice(
                     [b"iso-2022-jp", b"iso-2022-kr", b"hz-gb-2312"]))


@family
def charset_utf16(rng, n):
    return plain(rng.choice([b"\xff\xfe", b"\xfe\xff", b""]) + noise(rng, n) +
                 b"\x00", b"text/plain; charset=utf-16")


@family
def charset_utf7(rng, n):
    return plain(fill(b"+AGEAYgBj- +AD4 <+", n), b"text/plain; charset=utf-7")


@family
def charset_east(rng, n):
    return plain(some(rng, n, [b"\x81", b"\x30", b"\xfe", b"\x81\x30\x81\x30",
                               b"\xa4\x40", b"\xff", b"\n"]),
                 b"text/plain; charset=" + rng.choice(
                     [b"gb18030", b"shift_jis", b"euc-kr", b"big5-hkscs"]))


@family
def charset_names(rng, n):
    return plain(b"\xe4" + LINE, b"text/plain; charset=\"" + fill(
        b"utf-8//IGNORE,", n) + b"\"")


@family
def characters_hidden(rng, n):
    return plain(some(rng, n, [b"\xe2\x80\xae", b"\xe2\x80\x8b", b"\xcc\x81",
                               b"a", b"\x1b[31m", b"\x08", b"\xef\xbb\xbf",
                               b"\xf3\xa0\x81\x81", b"\x7f"]))


@family
def characters_accents(rng, n):
    return plain(b"a" + fill(b"\xcc\x81\xcc\xa3", n))


# Transfer encodings -----------------------------------------------------------

@family
def base64_noise(rng, n):
    return plain(noise(rng, n), coding=b"base64")


@family
def base64_padding(rng, n):
    return plain(some(rng, n, [b"=", b"QQ==", b"Q", b"\r\n", b"!", b"w6Q="]),
                 coding=b"base64")


@family
def quoted_noise(rng, n):
    return plain(some(rng, n, [b"=", b"=3", b"=\r\n", b"=ZZ", b" \r\n", b"\t",
                               b"=0D", b"a", b"= \n", b"\r"]),
                 coding=b"quoted-printable")


@family
def quoted_soft_breaks(rng, n):
    return plain(fill(b"=\r\n", n), coding=b"quoted-printable")


@family
def quoted_blanks(rng, n):
    return plain(fill(b" ", n), coding=b"quoted-printable")


@family
def uu_many(rng, n):
    return plain(fill(b"begin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\n", n))


@family
def uu_without_end(rng, n):
    return plain(fill(b"begin 644 a.txt\r\n", n))


@family
def uu_noise(rng, n):
    return plain(b"begin 644 a\r\n" + some(rng, n, [b"M", b"#0V%T\r\n", b"\r\n",
                                                    b"`", b"end", b"\xff", b"~"]),
                 coding=b"x-uuencode")


@family
def coding_unknown(rng, n):
    return plain(noise(rng, n), coding=rng.choice([b"x-yenc", b"binary", b"",
                                                   b"base64; x", b"8-bit"]))


# People, ids, dates -----------------------------------------------------------

@family
def many_addresses(rng, n):
    return head(b"Cc: " + counted(
        n, 24, lambda i: b"a%d@example.org, " % i) + b"\r\n") + b"text"


@family
def address_comments(rng, n):
    return fill(b"(", 10) + head(sender=fill(b"(", n) + b"a@example.org")


@family
def address_comments_flat(rng, n):
    return head(sender=fill(b"(a) ", n) + b"a@example.org")


@family
def address_groups(rng, n):
    return head(b"Cc: " + fill(b"g:", n) + b"\r\n") + b"text"


@family
def address_quotes(rng, n):
    return head(sender=fill(b"\"a\\", n))


@family
def address_angles(rng, n):
    return head(sender=some(rng, n, [b"<", b">", b"@", b",", b";", b":", b"a",
                                     b"\"", b"(", b")", b"\\", b".", b" "]))


@family
def address_routes(rng, n):
    return head(sender=b"<" + fill(b"@a.example,", n) + b":a@example.org>")


@family
def address_long(rng, n):
    return head(sender=fill(b"a.", n) + b"@" + fill(b"b.", n) + b"example")


@family
def many_references(rng, n):
    return head(b"References:" + counted(
        n, 22, lambda i: b"\r\n <%d@example.org>" % i) + b"\r\n") + b"text"


@family
def references_broken(rng, n):
    return head(b"References: " + some(rng, n, [b"<", b">", b"@", b"a", b" ",
                                                b"<a@b>", b"\"", b"("]) + b"\r\n")


@family
def ids_long(rng, n):
    return head(b"Message-ID: <" + fill(b"a", n) + b"@example.org>\r\n"
                b"In-Reply-To: <" + fill(b"b", n) + b">\r\n") + b"text"


@family
def dates(rng, n):
    return b"Date: " + some(rng, min(n, 4000), [
        b"Tue", b", ", b"28", b" Jul", b" 2026", b" 99:99:99", b" +9999",
        b"(", b")", b"-", b"/", b"1e9", b"\xe4", b" GMT", b":"]) + b"\r\n" + (
        b"From: a@example.org\r\n\r\n") + fill(LINE, n)


@family
def date_digits(rng, n):
    return b"Date: " + fill(b"9", n) + b"\r\nFrom: a@example.org\r\n\r\ntext"


# HTML -------------------------------------------------------------------------

@family
def html_deep(rng, n):
    return html(fill(b"<div>", n) + b"text")


@family
def html_deep_formats(rng, n):
    return html(fill(b"<b><i><u><a href=x>", n) + b"text")


@family
def html_wrong_ends(rng, n):
    return html(fill(b"<div>", n // 2) + fill(b"</p></td></b>", n // 2))


@family
def html_tables(rng, n):
    return html(fill(b"<table><tr><td>a", n))


@family
def html_flat_tables(rng, n):
    return html(b"<table>" + fill(b"<tr><td>a<td>b<th>c", n))


@family
def html_lists(rng, n):
    return html(fill(b"<ul><li>a<ol><li>b", n))


@family
def html_quotes(rng, n):
    return html(fill(b"<blockquote type=cite>a", n))


@family
def html_flat_quotes(rng, n):
    return html(fill(b"<blockquote>a</blockquote>b", n))


@family
def html_entities(rng, n):
    return html(some(rng, n, [b"&amp;", b"&#x110000;", b"&#0;", b"&nbsp;", b"&",
                              b"&a", b"&#99999999999;", b"&lt;"]))


@family
def html_one_attribute(rng, n):
    return html(b"<p title=\"" + fill(b"a &amp; ", n) + b"\">text</p>")


@family
def html_attributes(rng, n):
    return html(b"<p " + counted(n, 8, lambda i: b"a%d=1 " % i) + b">text</p>")


@family
def html_many_attributes(rng, n):
    return html(fill(b"<p " + counted(1500, 8, lambda i: b"a%d=1 " % i) +
                     b">text</p>", n))


@family
def html_style(rng, n):
    return html(b"<style>" + fill(b"p{color:red} /* ", n) + b"</style>text")


@family
def html_hidden(rng, n):
    return html(fill(b"<span style=\"display:none\">a<span style='font-size:0'"
                     b">b</span>", n))


@family
def html_links(rng, n):
    return html(counted(n, 45, lambda i: b"<a href=\"https://example.com/%d\">"
                        b"%d</a> " % (i, i)))


@family
def html_comments(rng, n):
    return html(fill(b"<!-- a ", n) + b"text")


@family
def html_declarations(rng, n):
    return html(some(rng, n, [b"<![CDATA[", b"<?xml", b"<!DOCTYPE", b"]]>", b"<!",
                              b"<![if !mso]>", b"?>", b"a", b"-->"]))


@family
def html_angles(rng, n):
    return html(some(rng, n, [b"<", b">", b"</", b"<a", b"<\"", b"'", b"=", b" "]))


@family
def html_scripts(rng, n):
    return html(fill(b"<script>a</scrip<title>b", n))


@family
def html_preformatted(rng, n):
    return html(b"<pre>" + fill(b"\n ", n))


@family
def html_bytes(rng, n):
    return html(some(rng, n, [b"\x00", b"\xff", b"<p>", b"\xc3", b"a", b"&#0;"]))


# Answers ----------------------------------------------------------------------

@family
def quote_deep(rng, n):
    return plain(b"a\r\n" + fill(b">", n) + b"b\r\n")


@family
def quote_levels(rng, n):
    return plain(b"a\r\n" + counted(
        n, 40, lambda i: b">" * (i % 70) + b" b\r\n"))


@family
def quote_alternating(rng, n):
    return plain(fill(b"> a\r\nb\r\n", n))


@family
def quote_intros(rng, n):
    return plain(fill(b"On Mon, 27 Jul 2026 at 16:01, Ann wrote:\r\n", n))


@family
def quote_intros_open(rng, n):
    return plain(b"Hello\r\n" + fill(b"On Mon, 27 Jul 2026 at 16:01, Ann <a@"
                                     b"example.org>\r\n", n))


@family
def quote_headers(rng, n):
    return plain(b"Hello\r\n" + fill(b"From: Ann\r\nTo: Bob\r\n", n))


@family
def quote_colons(rng, n):
    return plain(b"Hello\r\n" + fill(b"Am 27.07.2026 um 16:01 a@example.org:"
                                     b"\r\n\r\n", n))


@family
def quote_signatures(rng, n):
    return plain(b"Hello\r\n" + fill(b"-- \r\nAnn\r\n", n))


@family
def quote_rules(rng, n):
    return plain(b"Hello\r\n" + fill(b"____________\r\n", n))


@family
def quote_forwards(rng, n):
    return plain(b"Hello\r\n" + fill(b"---------- Forwarded message\r\n", n))


@family
def quote_long_line(rng, n):
    return plain(b"On " + fill(LINE, n) + b" wrote:\r\n> a\r\n")


@family
def quote_names(rng, n):
    return plain(b"Hello\r\n" + fill(b"\r\n- Ann\r\n", n))


@family
def quote_telephones(rng, n):
    return plain(b"Hello\r\n" + fill(b"\r\nSent from my telephone\r\n", n))


@family
def quote_goodbyes(rng, n):
    return plain(b"Hello\r\n" + fill(b"Best regards\r\nAnn\r\n", n))


@family
def blank_lines(rng, n):
    return plain(b"a" + fill(b"\r\n", n) + b"b")


@family
def flowed(rng, n):
    return plain(some(rng, n, [b"> ", b">", b"a \r\n", b"b\r\n", b"-- \r\n",
                               b" ", b"\r\n"]),
                 b"text/plain; format=flowed; delsp=yes")


@family
def one_line(rng, n):
    return plain(fill(LINE, n))


@family
def languages(rng, n):
    return plain(some(rng, n, [w.encode() for w in (
        "the ", "und ", "не ", "は", "و ", "λ ", "ñ", "이 ", "\r\n")]))


# Formats in parts ---------------------------------------------------------------

def tnef(body):
    return b"\x78\x9f\x3e\x22\x01\x00" + body


@family
def tnef_noise(rng, n):
    return encoded(b"application/ms-tnef", tnef(noise(rng, n)))


@family
def tnef_attributes(rng, n):
    one = b"\x02\x0f\x80\x06\x00" + (3).to_bytes(4, "little") + b"abc\x26\x01"
    name = b"\x02\x10\x80\x01\x00" + (4).to_bytes(4, "little") + b"a.b\0\xf3\x00"
    start = b"\x02\x02\x90\x06\x00" + (2).to_bytes(4, "little") + b"\1\0\1\0"
    return encoded(b"application/ms-tnef", tnef(fill(start + name + one, n)))


@family
def tnef_lengths(rng, n):
    return encoded(b"application/ms-tnef", tnef(b"".join(
        b"\x02\x0f\x80\x06\x00" + rng.choice([b"\xff\xff\xff\xff", b"\0\0\0\x80",
                                              b"\0\0\0\0", b"\x10\0\0\0"])
        for _ in range(max(1, n // 9)))))


@family
def tnef_properties(rng, n):
    body = (max(1, n // 8)).to_bytes(4, "little") + fill(
        b"\x1e\x00\x01\x37\x01\x00\x00\x00\x04\x00\x00\x00a.b\0", n)
    return encoded(b"application/ms-tnef", tnef(
        b"\x01\x03\x90\x06\x00" + len(body).to_bytes(4, "little") + body +
        b"\0\0"))


@family
def cms_nested(rng, n):
    return encoded(b"application/pkcs7-mime; smime-type=signed-data",
                   fill(b"\x30\x80", n), b"smime.p7m")


@family
def cms_lengths(rng, n):
    return encoded(b"application/pkcs7-mime; smime-type=signed-data", some(
        rng, n, [b"\x30\x84\xff\xff\xff\xff", b"\x24\x80", b"\x04\x03abc",
                 b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", b"\xa0\x80",
                 b"\x00\x00", b"\x04\x00"]), b"smime.p7m")


@family
def cms_octets(rng, n):
    start = (b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30"
             b"\x80\x02\x01\x01\x31\x00\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d"
             b"\x01\x07\x01\xa0\x80\x24\x80")
    return encoded(b"application/pkcs7-mime; smime-type=signed-data",
                   start + fill(b"\x04\x03a\r\n", n), b"smime.p7m")


@family
def signed_deep(rng, n):
    return head(kind=b"multipart/signed; boundary=b0") + counted(
        n, 70, lambda i: b"--b%d\r\nContent-Type: multipart/signed;"
        b" boundary=b%d\r\n\r\n" % (i, i + 1))


@family
def pgp_armor(rng, n):
    return plain(fill(b"-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: a\r\n\r\n- "
                      b"-----BEGIN PGP MESSAGE-----\r\n=aaaa\r\n", n))


@family
def calendar_noise(rng, n):
    return part(b"text/calendar; method=REQUEST", b"BEGIN:VCALENDAR\r\n" + some(
        rng, n, [b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n", b"DTSTART:", b"2026",
                 b";TZID=\"", b"\r\n ", b"\\n", b"SUMMARY:a\r\n", b":", b"\xff"]))


@family
def calendar_people(rng, n):
    return part(b"text/calendar", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + counted(
        n, 45, lambda i: b"ATTENDEE;CN=\"A %d\":mailto:a%d@example.org\r\n" % (
            i, i)) + b"END:VEVENT\r\nEND:VCALENDAR\r\n")


@family
def calendar_folds(rng, n):
    return part(b"text/calendar", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:"
                + fill(b"\r\n a", n) + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")


@family
def calendar_many(rng, n):
    return part(b"text/calendar", b"BEGIN:VCALENDAR\r\n" + fill(
        b"BEGIN:VTIMEZONE\r\nTZID:a\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nSUMMARY:"
        b"a\r\nDTSTART;TZID=a:20260728T091400\r\nEND:VEVENT\r\n", n))


@family
def report_recipients(rng, n):
    return mixed(b"--x\r\n\r\nNot delivered.\r\n--x\r\nContent-Type: message/"
                 b"delivery-status\r\n\r\nReporting-MTA: dns; a.example\r\n\r\n" +
                 counted(n, 90, lambda i: b"Final-Recipient: rfc822; a%d@example"
                         b".org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n" % i) +
                 b"--x--\r\n",
                 kind=b"multipart/report; report-type=delivery-status")


@family
def report_noise(rng, n):
    return mixed(b"--x\r\nContent-Type: message/delivery-status\r\n\r\n" + some(
        rng, n, [b"Final-Recipient:", b" rfc822;", b"\r\n", b"Status: ", b"5.",
                 b"999.999", b"Diagnostic-Code: smtp; 550", b"<", b">", b"@"]) +
        b"\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n" + noise(rng, 99),
        kind=b"multipart/report; report-type=delivery-status")


@family
def report_words(rng, n):
    return (b"Return-Path: <>\r\nFrom: MAILER-DAEMON@example.org\r\nSubject: "
            b"Undelivered mail\r\n\r\nHi. This is the mail program.\r\n" +
            fill(b"<a@example.org>:\r\n550 5.1.1 user unknown\r\n", n))


@family
def report_returned(rng, n):
    return (b"Return-Path: <>\r\nFrom: mailer-daemon@example.org\r\nSubject: "
            b"failure notice\r\n\r\n--- Below this line is a copy.\r\n\r\n" +
            fill(b"Message-ID: <a@\r\nReturn-Path: <b@example.org>\r\n\r\n", n))


# Bytes ------------------------------------------------------------------------

@family
def nuls(rng, n):
    return head(b"X-Nul: a\x00b\r\nSubject: c\x00d\r\n") + some(
        rng, n, [b"\x00", b"a", b"\r\n", b"\x00\x00\x00"])


@family
def only_nuls(rng, n):
    return bytes(n)


@family
def only_cr(rng, n):
    return head().replace(b"\r\n", b"\r") + fill(b"a\rb\r", n)


@family
def wrong_line_ends(rng, n):
    return some(rng, n, [b"From: a@example.org", b"\n\r", b"\r\r\n", b"\r", b"\n",
                         b"Subject: b", b"\x0b", b"\x85", b"text"])


@family
def random_bytes(rng, n):
    return noise(rng, n)


@family
def random_body(rng, n):
    return head(kind=rng.choice([b"text/plain", b"text/html", b"multipart/mixed",
                                 b"message/rfc822", b"text/calendar"])) + noise(
                                     rng, n)


@family
def random_tokens(rng, n):
    return some(rng, n, [b"Content-Type: ", b"multipart/mixed", b"; boundary=x",
                         b"\r\n", b"\r\n\r\n", b"--x", b"--x--", b"From: ", b"<",
                         b"=?utf-8?Q?a?=", b"text/html", b"base64", b"> ", b"a",
                         b"Content-Transfer-Encoding: ", b"<p>", b"@", b"\""])


GOOD = sorted(glob.glob(HERE + "/mail/*.eml"))


def good(rng):
    with open(rng.choice(GOOD), "rb") as f:
        return f.read()


@family
def cut_off(rng, n):
    raw = good(rng)
    return raw[:rng.randrange(len(raw) + 1)]


@family
def cut_front(rng, n):
    raw = good(rng)
    return raw[rng.randrange(len(raw)):]


@family
def bytes_changed(rng, n):
    raw = bytearray(good(rng))
    for _ in range(rng.choice([1, 3, 30, 300])):
        raw[rng.randrange(len(raw))] = rng.choice(
            b"\x00\r\n\"'()<>=?;:@\\-\xff\x80 aA0" + rng.randbytes(4))
    return bytes(raw)


@family
def bytes_lost(rng, n):
    raw = bytearray(good(rng))
    for _ in range(rng.choice([1, 3, 30])):
        at = rng.randrange(len(raw))
        del raw[at:at + rng.choice([1, 2, 40])]
        raw = raw or bytearray(b"a")
    return bytes(raw)


@family
def pieces_swapped(rng, n):
    lines = good(rng).split(b"\n") + good(rng).split(b"\n")
    rng.shuffle(lines)
    return b"\n".join(lines)


FIXED = {"cut_off", "cut_front", "bytes_changed", "bytes_lost", "pieces_swapped"}


def make(name, n, seed=1):
    """The same choices for every n, so that sizes can be compared."""
    return FAMILIES[name](random.Random("%s %d" % (name, seed)), n)


def mails(count, seed=1):
    """(name, bytes) of as many mails as that, the families in turn."""
    rng = random.Random(seed)
    names = sorted(FAMILIES)
    for i in range(count):
        name = names[i % len(names)]
        # most are small; one in twenty is large
        n = int(10 ** rng.uniform(1, 4.2)) if i % 20 else 200000
        yield "%s-%05d" % (name, i), make(name, n, seed + i)


def main():
    ap = argparse.ArgumentParser(description=__doc__,
                                 formatter_class=argparse.RawTextHelpFormatter)
    ap.add_argument("folder")
    ap.add_argument("--count", type=int, default=6300)
    ap.add_argument("--seed", type=int, default=1)
    args = ap.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    for name, raw in mails(args.count, args.seed):
        with open("%s/%s.eml" % (args.folder, name), "wb") as f:
            f.write(raw)
    print("%d mails of %d families" % (args.count, len(FAMILIES)))


if __name__ == "__main__":
    main()
