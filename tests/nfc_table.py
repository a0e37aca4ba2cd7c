#!/usr/bin/env python3
"""Prints parser/nfc_table.h from the Unicode data that Python carries."""
import unicodedata as u

CLOSED = 1 << 24  # a pair that is never made, only taken apart


def table(what, kind, name, numbers, per=1):
    print("/* %s */\nstatic const %s %s[] = {" % (what, kind, name))
    line = ""
    for i in range(0, len(numbers), per):
        text = "".join("%d," % n for n in numbers[i:i + per])
        if len(line) + len(text) > 71:
            print("\t" + line)
            line = ""
        line += text
    print("\t%s\n};\n" % line)


def spans(wanted):
    out = []
    for c in wanted:
        if out and out[-1] == c - 1:
            out[-1] = c
        else:
            out += [c, c]
    return out


def main():
    pairs, singles, classes = [], {}, []
    for c in range(0x110000):
        text = u.decomposition(chr(c))
        if text and not text.startswith("<"):
            to = [int(x, 16) for x in text.split()]
            if len(to) == 1:
                singles[c] = to[0]
            else:
                closed = u.normalize("NFC", chr(c)) != chr(c)
                pairs.append((to[0], to[1], c + closed * CLOSED))
        ccc = u.combining(chr(c))
        if ccc and classes and classes[-2:] == [c - 1, ccc]:
            classes[-2] = c
        elif ccc:
            classes += [c, c, ccc]
    pairs.sort()
    order = sorted(range(len(pairs)), key=lambda i: pairs[i][2] % CLOSED)
    seconds = {p[1] for p in pairs if p[2] < CLOSED}
    seconds |= set(range(0x1161, 0x1176)) | set(range(0x11a8, 0x11c3))
    look = [c for c in range(0x110000)
            if u.combining(chr(c)) or c in seconds
            or (not 0xd800 <= c < 0xe000
                and u.normalize("NFC", chr(c)) != chr(c))]
    compat = range(0xf900, 0xfada), range(0x2f800, 0x2fa1e)
    rest = [x for c in sorted(singles) for x in (c, singles[c])
            if c not in compat[0] and c not in compat[1]]
    print("/* Made by tests/nfc_table.py from Unicode %s. */\n"
          "/* clang-format off */\n" % u.unidata_version)
    table("first, second, composed + 1 << 24 when it is never made",
          "uint32_t", "nfc_pairs", [x for p in pairs for x in p], 3)
    table("indices of pairs, in the order of what is composed",
          "uint16_t", "nfc_by_composed", order)
    table("from, to", "uint32_t", "nfc_singles", rest, 2)
    for name, span in zip(("nfc_f900", "nfc_2f800"), compat):
        table("from U+%X on" % span[0], "uint32_t", name,
              [singles.get(c, c) for c in span])
    table("from, to, combining class", "uint32_t", "nfc_classes", classes, 3)
    table("from, to: characters that may not stay as they are",
          "uint32_t", "nfc_look", spans(look), 2)
    print("/* clang-format on */")


main()
