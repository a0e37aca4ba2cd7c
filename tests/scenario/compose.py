#!/usr/bin/env python3
"""What compose.c writes, another parser reads back: Python's email package
gets the same subject, names, text and files, and finds no field that was not
meant; so do its older parser and our own.

The cases are those of compose_test.c (every hostile string with every text).
"""
import email
import email.header
import email.policy
import email.utils
import hashlib
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.dirname(os.environ.get('DESKD', '')) or \
    os.path.join(HERE, '..', '..', 'build')
FIELDS = ['From', 'To', 'Subject', 'Date', 'Message-ID', 'Content-Language',
          'MIME-Version', 'Content-Type']


def program():
    """The unit test's program, which can print its cases."""
    for folder in (BUILD, os.path.join(HERE, '..', '..', 'build')):
        path = os.path.join(folder, 'compose_test')
        if os.access(path, os.X_OK):
            return path
    sys.exit('build/compose_test is missing: make build/compose_test')


def cases():
    out = subprocess.run([program(), '--emit'], check=True,
                         stdout=subprocess.PIPE).stdout.decode('ascii')
    case = {'F': [], 'D': []}
    for line in out.splitlines():
        value = bytes.fromhex(line[2:])
        if line[0] in 'FD':
            case[line[0]].append(value)
            continue
        case[line[0]] = value
        if line[0] == 'M':
            yield case
            case = {'F': [], 'D': []}


def unflow(text):
    """RFC 3676: join soft lines, take the stuffing off; quotes keep one blank."""
    out, soft, last = [], False, 0
    for line in text.split('\n'):
        depth = len(line) - len(line.lstrip('>'))
        line = line[depth:]
        if line.startswith(' '):
            line = line[1:]
        if soft and depth == last:
            out[-1] += line
        else:
            out.append('>' * depth + (' ' if depth and line else '') + line)
        soft = line.endswith(' ') and line != '-- '
        last = depth
    return '\n'.join(out)


def plain(text):
    """What flowed text may change: blanks at line ends, blanks between ">"."""
    out = []
    for line in text.split('\n'):
        marks = re.match(r'(?:> ?)*', line).group(0)
        rest = line[len(marks):]
        depth = marks.count('>')
        line = '>' * depth + (' ' if depth and rest else '') + rest
        out.append(line if line == '-- ' else line.rstrip(' '))
    return '\n'.join(out).rstrip('\n')


def display_name(field, raw):
    """email.policy keeps the blank between two encoded words of a phrase,
    against RFC 2047 6.2; the older functions of the package do not."""
    shown = field.addresses[0].display_name
    if not re.search(rb'\?=\r\n =\?', raw[raw.index(b'From:'):raw.index(b'To:')]):
        return shown
    old = email.message_from_bytes(raw)['From']
    word = email.utils.parseaddr(old.replace('\n', ''))[0]
    return str(email.header.make_header(email.header.decode_header(word)))


def leaves(mail):
    return [x for x in mail.walk() if not x.is_multipart()]


def files_wrong(case, raw, has_html):
    """Names and bytes of the files, by both parsers of the package and ours."""
    texts = 2 if has_html else 1
    # the package takes <> off a name
    want = sorted(zip((email.utils.unquote(x.decode()) for x in case['F']),
                      case['D']))
    new = email.message_from_bytes(raw, policy=email.policy.default)
    old = email.message_from_bytes(raw)

    got = sorted((x.get_filename() or '', x.get_payload(decode=True))
                 for x in leaves(new)[texts:])
    if got != want:
        return 'files %r, wanted %r' % (got, want)
    got = sorted((email.utils.collapse_rfc2231_value(x.get_filename() or ''),
                  x.get_payload(decode=True)) for x in leaves(old)[texts:])
    if got != want:
        return 'files %r by the old parser, wanted %r' % (got, want)
    for part in new.walk():
        if part.defects:
            return 'defects of a part: %s' % part.defects
        if part.get_content_maintype() == 'message':
            return 'a message as a part'
    return None


def ours_wrong(case, raw):
    """What deskd itself reads."""
    out = subprocess.run([os.path.join(BUILD, 'deskd'), 'parse', '--json', '-'],
                         input=raw, check=True, stdout=subprocess.PIPE).stdout
    files = json.loads(out).get('attachments', [])
    got = sorted((x['size'], x['sha256']) for x in files)
    want = sorted((len(x), hashlib.sha256(x).hexdigest()) for x in case['D'])
    return None if got == want else 'deskd reads %r, wanted %r' % (got, want)


def wrong(case, number):
    """The first thing that is wrong with a case, or None."""
    raw = case['M']
    head = raw.split(b'\r\n\r\n')[0]
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    keys = [k for k in mail.keys() if k != 'Content-Transfer-Encoding']
    subject = case['S'].decode().strip(' ')
    name = case['N'].decode().strip(' ')
    text = case['T'].decode()

    if re.search(rb'[^\r]\n|\r[^\n]|\0', raw):
        return 'a bare CR, LF or NUL'
    if any(len(x) > 998 for x in raw.split(b'\r\n')):
        return 'a line over 998'
    if any(len(x) > 76 for x in head.split(b'\r\n')):
        return 'a header line over 76'
    if keys != FIELDS:
        return 'fields %s' % keys
    if str(mail['Subject']) != subject:
        return 'subject %r, wanted %r' % (str(mail['Subject']), subject)
    person = mail['From'].addresses
    if len(person) != 1 or person[0].addr_spec != 'support@example.com':
        return 'From %s' % (person,)
    if display_name(mail['From'], raw) != name:
        return 'name %r, wanted %r' % (display_name(mail['From'], raw), name)
    if mail.defects:
        return 'defects %s' % mail.defects
    part = mail.get_body(('plain',))
    got = part.get_content().replace('\r\n', '\n')
    if part.get_param('format') == 'flowed':
        got = unflow(got)
    if plain(got) != plain(text):
        return 'text %r, wanted %r' % (got, text)
    page = mail.get_body(('html',))
    if page is not None and '</html>' not in page.get_content():
        return 'a broken HTML part'
    return files_wrong(case, raw, page is not None) or \
        (ours_wrong(case, raw) if case['D'] and number % 3 == 0 else None)


def main():
    number = failed = 0
    for case in cases():
        number += 1
        why = wrong(case, number)
        failed += why is not None
        print('%s %d - %s%s' % ('not ok' if why else 'ok', number,
                                ascii(case['S'].decode())[:60],
                                ' # ' + why if why else ''))
    print('1..%d' % number)
    return 1 if failed or number == 0 else 0


if __name__ == '__main__':
    sys.exit(main())
