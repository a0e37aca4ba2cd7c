/* Compressed RTF: runs of bytes, and references into the last 4096 of them. */
#include "parser/lzfu.h"

#include <stdint.h>
#include <string.h>

#define HEADER     16
#define WINDOW     4096
#define COMPRESSED 0x75465a4c
#define PLAIN      0x414c454d

/* What the window holds before the first byte ([MS-OXRTFCP] 2.1.2.1). */
static const char prefix[] =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman "
    "\\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New "
    "RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0"
    "\\fs20\\b\\i\\u\\tab\\tx";

struct window {
	char bytes[WINDOW];
	size_t at;
};

static uint32_t
number(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

static void
put(struct window *w, struct buf *out, char c)
{
	w->bytes[w->at] = c;
	w->at = (w->at + 1) % WINDOW;
	buf_char(out, c);
}

static int
inflate(struct buf *out, const uint8_t *p, const uint8_t *end)
{
	struct window w = { .at = sizeof(prefix) - 1 };

	memcpy(w.bytes, prefix, sizeof(prefix) - 1);
	while (p < end && !out->over) {
		unsigned control = *p++;

		for (int i = 0; i < 8; i++, control >>= 1) {
			size_t from, n;

			if ((size_t)(end - p) < 1 + (control & 1))
				return -1;
			if ((control & 1) == 0) {
				put(&w, out, (char)*p++);
				continue;
			}
			from = (size_t)p[0] << 4 | p[1] >> 4;
			n = (p[1] & 15u) + 2;
			p += 2;
			if (from == w.at)
				return 0;
			for (; n > 0; n--, from++)
				put(&w, out, w.bytes[from % WINDOW]);
		}
	}
	return -1;
}

int
lzfu_read(struct buf *out, const void *p, size_t n)
{
	const uint8_t *s = p;

	if (n < HEADER)
		return -1;
	if (number(s + 8) == COMPRESSED)
		return inflate(out, s + HEADER, s + n);
	if (number(s + 8) != PLAIN)
		return -1;
	return buf_add(out, s + HEADER, n - HEADER);
}
