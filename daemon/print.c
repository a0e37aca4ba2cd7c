/*
 * Text for a person at a terminal: harmless, cut to the width, with a little
 * colour.  Reads no database and never writes what a stranger sent as it is.
 */
#define _XOPEN_SOURCE 700 /* wcwidth() */
#include "daemon/print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#include "daemon/clock.h"
#include "parser/utf8.h"

#define WIDTH_LEAST 40   /* no table can be told in less */
#define WIDTH_MOST  1000 /* what COLUMNS may say */
#define DAY         INT64_C(86400)

static const char *
env(const char *name)
{
	const char *s = getenv(name); /* NOLINT(concurrency-mt-unsafe) */

	return s == NULL ? "" : s;
}

/* no-color.org, bixense.com/clicolors; the word of --color goes before all. */
static bool
want_colour(const char *word)
{
	if (word != NULL && strcmp(word, "auto") != 0)
		return strcmp(word, "always") == 0;
	if (env("NO_COLOR")[0] != '\0')
		return false;
	if (env("CLICOLOR_FORCE")[0] != '\0' &&
	    strcmp(env("CLICOLOR_FORCE"), "0") != 0)
		return true;
	return isatty(STDOUT_FILENO) && strcmp(env("TERM"), "dumb") != 0;
}

static int
find_width(void)
{
	struct winsize w = { 0 };
	long n = strtol(env("COLUMNS"), NULL, 10);

	if (n <= 0 && isatty(STDOUT_FILENO) &&
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0)
		n = w.ws_col;
	if (n <= 0)
		return 0;
	return n < WIDTH_LEAST ? WIDTH_LEAST
	    : n > WIDTH_MOST   ? WIDTH_MOST
			       : (int)n;
}

/* The locale as the environment has it (POSIX 8.2): the first that is set. */
static bool
speaks_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *s = env(names[i]);

		if (s[0] != '\0')
			return strstr(s, "UTF-8") != NULL ||
			    strstr(s, "utf8") != NULL;
	}
	return false;
}

void
print_init(struct print *p, const struct context *c)
{
	*p = (struct print){ .width = find_width(),
		.colour = want_colour(c->colour),
		.utf8 = speaks_utf8(),
		.now = clock_now() };
}

const char *
print_on(const struct print *p, enum print_style style)
{
	static const char *const codes[STYLE_COUNT] = { "", "\x1b[1m",
		"\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[34m", "\x1b[1;31m",
		"\x1b[2m" };

	return p->colour ? codes[style] : "";
}

const char *
print_off(const struct print *p, enum print_style style)
{
	return p->colour && style != STYLE_NONE ? "\x1b[0m" : "";
}

/* Foreign text. */

/* Would this character steer the terminal or turn the reading order? */
static bool
steers(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x00, 0x1f },     /* C0 with ESC */
		{ 0x7f, 0x9f },     /* DEL, C1 */
		{ 0x061c, 0x061c }, /* Arabic letter mark */
		{ 0x200e, 0x200f }, /* left-to-right, right-to-left mark */
		{ 0x2028, 0x202e }, /* line, paragraph; embedding, override */
		{ 0x2066, 0x2069 }, /* isolates */
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

/* Most of what is printed is this; it needs no second look. */
static bool
plain(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] < ' ' || s[i] > '~')
			return false;
	return true;
}

/* One character as it is or as an escape; a byte that begins no valid one
 * comes from utf8_next() as U+FFFD. */
static char *
put(char *w, const char *s, size_t n, uint32_t c, bool block)
{
	bool broken = c == 0xfffd &&
	    (n != 3 || memcmp(s, "\xef\xbf\xbd", 3) != 0);

	if (broken) {
		for (size_t i = 0; i < n; i++)
			w += sprintf(w, "\\x%02x", (unsigned char)s[i]);
		return w;
	}
	if (block && (c == '\n' || c == '\t')) {
		*w = (char)c;
		return w + 1;
	}
	if (steers(c))
		return w + sprintf(w, c < 0x100 ? "\\x%02x" : "\\u%04x", c);
	memcpy(w, s, n);
	return w + n;
}

static char *
harmless(struct arena *a, const char *s, bool block)
{
	size_t n = s == NULL ? 0 : strlen(s);
	const char *p = s, *end = s + n;
	char *out, *w;

	if (s == NULL)
		return arena_strdup(a, "");
	if (plain(s, n))
		return arena_strndup(a, s, n);
	/* The longest escape for each byte is "\x1b". */
	out = w = arena_alloc(a, n * 4 + 1);
	while (p < end) {
		const char *start = p;
		uint32_t c = utf8_next(&p, end);

		w = put(w, start, (size_t)(p - start), c, block);
	}
	*w = '\0';
	return out;
}

char *
print_line(struct arena *a, const char *s)
{
	return harmless(a, s, false);
}

char *
print_block(struct arena *a, const char *s)
{
	return harmless(a, s, true);
}

static int
columns_of(uint32_t c)
{
	int w = c < 0x80 ? 1 : wcwidth((wchar_t)c);

	return w < 0 ? 1 : w;
}

int
print_columns(const char *s)
{
	const char *end = s + strlen(s);
	int n = 0;

	while (s < end)
		n += columns_of(utf8_next(&s, end));
	return n;
}

char *
print_cut(const struct print *p, struct arena *a, const char *s, int width)
{
	const char *mark = p->utf8 ? "\xe2\x80\xa6" : "~";
	const char *q = s, *end = s + strlen(s), *last = s;
	int n = 0;

	if (print_columns(s) <= width)
		return arena_strdup(a, s);
	while (q < end) {
		n += columns_of(utf8_next(&q, end));
		if (n > width - 1)
			break;
		last = q;
	}
	while (last > s && last[-1] == ' ')
		last--;
	return arena_printf(a, "%.*s%s", (int)(last - s), s, mark);
}

void
print_wrapped(const struct print *p, const char *s, int at, int indent)
{
	const char *end = s + strlen(s);

	while (p->width > 0 && at + print_columns(s) > p->width) {
		const char *q = s, *cut = NULL;
		int n = at;

		while (q < end && (n <= p->width || cut == NULL)) {
			if (*q == ' ' && q > s)
				cut = q;
			n += columns_of(utf8_next(&q, end));
		}
		if (cut == NULL)
			break;
		printf("%.*s\n%*s", (int)(cut - s), s, indent, "");
		s = cut + 1;
		at = indent;
	}
	puts(s);
}

/* Values. */

char *
print_time(struct arena *a, int64_t when)
{
	time_t t = (time_t)when;
	struct tm tm;
	char text[64];

	if (when == 0 || localtime_r(&t, &tm) == NULL ||
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M %Z", &tm) == 0)
		return arena_strdup(a, "-");
	return arena_strdup(a, text);
}

char *
print_age(const struct print *p, struct arena *a, int64_t when)
{
	static const struct {
		int64_t below, unit;
		char letter;
	} steps[] = {
		{ 3600, 60, 'm' },
		{ 2 * DAY, 3600, 'h' },
		{ 28 * DAY, DAY, 'd' },
		{ INT64_MAX, 7 * DAY, 'w' },
	};
	int64_t age = p->now - when;
	size_t i = 0;

	if (when == 0)
		return arena_strdup(a, "-");
	if (age < 60)
		return arena_strdup(a, "now");
	while (age >= steps[i].below)
		i++;
	return arena_printf(
	    a, "%lld%c", (long long)(age / steps[i].unit), steps[i].letter);
}

char *
print_number(struct arena *a, int64_t n)
{
	char text[32], out[48], *w = out;
	size_t len = (size_t)snprintf(text, sizeof(text), "%lld", (long long)n);

	for (size_t i = 0; i < len; i++) {
		if (i > 0 && text[i - 1] != '-' && (len - i) % 3 == 0)
			*w++ = ',';
		*w++ = text[i];
	}
	*w = '\0';
	return arena_strdup(a, out);
}

char *
print_size(struct arena *a, uint64_t bytes)
{
	static const char *const units[] = { "B", "KB", "MB", "GB", "TB" };
	double v = (double)bytes;
	size_t i = 0;

	while (v >= 999.5 && i < 4) {
		v /= 1024;
		i++;
	}
	return arena_printf(
	    a, i > 0 && v < 9.95 ? "%.1f %s" : "%.0f %s", v, units[i]);
}

enum print_style
print_style_of(const char *word)
{
	static const struct {
		const char *word;
		enum print_style style;
	} rows[] = {
		{ "open", STYLE_GREEN },
		{ "in-progress", STYLE_BLUE },
		{ "waiting", STYLE_YELLOW },
		{ "on-hold", STYLE_YELLOW },
		{ "critical", STYLE_ALARM },
		{ "high", STYLE_RED },
		{ "held", STYLE_YELLOW },
		{ "loop_held", STYLE_YELLOW },
		{ "oversize", STYLE_YELLOW },
		{ "dead", STYLE_RED },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(word, rows[i].word) == 0)
			return rows[i].style;
	return STYLE_NONE;
}
