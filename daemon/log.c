/*
 * The log: one event, one line, one write(2), so that the lines of several
 * processes never mix.  Promises not to hold state but name and level, and to
 * let no control byte through to a terminal.
 */
#include "daemon/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOG_LINE_MAX  2048 /* under PIPE_BUF: one write stays one line */
#define LOG_QUOTE_MAX 200  /* bytes of foreign text kept */
#define LOG_QUOTES    8

static struct {
	char name[64];
	enum log_level least;
	bool journal;
} state = { "deskd", LOG_INFO, false };

/* systemd tells in $JOURNAL_STREAM which device:inode is the journal; only if
 * our stderr still is that one do prefixes make sense (systemd.exec(5)). */
static bool
stderr_is_journal(void)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
	const char *s = getenv("JOURNAL_STREAM");
	char want[64];
	struct stat st;

	if (s == NULL || fstat(STDERR_FILENO, &st) == -1)
		return false;
	snprintf(want, sizeof(want), "%ju:%ju", (uintmax_t)st.st_dev,
	    (uintmax_t)st.st_ino);
	return strcmp(s, want) == 0;
}

void
log_open(const char *name, enum log_level least)
{
	snprintf(state.name, sizeof(state.name), "%s", name);
	state.least = least;
	state.journal = stderr_is_journal();
}

/* The second wall behind log_quote(): no newline, no escape, no DEL. */
static void
clean(char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = ' ';
}

static void
put_all(const char *s, size_t n)
{
	while (n > 0) {
		ssize_t w = write(STDERR_FILENO, s, n);

		if (w == -1 && errno == EINTR)
			continue;
		if (w <= 0)
			return; /* nowhere left to say so */
		s += w;
		n -= (size_t)w;
	}
}

void
log_line(enum log_level level, const char *fmt, ...)
{
	char line[LOG_LINE_MAX];
	int saved = errno, head = 0, n;
	va_list ap;
	size_t len;

	if (level > state.least)
		return;
	if (state.journal)
		head = snprintf(line, sizeof(line), "<%d>", (int)level);
	head += snprintf(
	    line + head, sizeof(line) - (size_t)head, "%s: ", state.name);
	va_start(ap, fmt);
	n = vsnprintf(line + head, sizeof(line) - 1 - (size_t)head, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	clean(line);
	len = strlen(line);
	line[len++] = '\n'; /* one byte was kept back for it */
	put_all(line, len);
	errno = saved;
}

void
log_err(enum log_level level, const struct err *e)
{
	log_line(level, "%s", e->text);
}

/* Bytes that are shown as they are: the rest of UTF-8 stands as \xHH, because
 * C1 controls and bidi marks are as good as an escape on many terminals. */
static bool
plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

const char *
log_quote(const char *s)
{
	static char ring[LOG_QUOTES][4 * LOG_QUOTE_MAX + 8];
	static unsigned turn;
	char *out = ring[turn++ % LOG_QUOTES], *p = out;
	size_t n = 0;

	if (s == NULL)
		s = "";
	*p++ = '"';
	for (; s[n] != '\0' && n < LOG_QUOTE_MAX; n++) {
		unsigned char c = (unsigned char)s[n];

		if (plain(c))
			*p++ = (char)c;
		else if (c == '"' || c == '\\')
			p += sprintf(p, "\\%c", c);
		else
			p += sprintf(p, "\\x%02x", c);
	}
	if (s[n] != '\0')
		p += sprintf(p, "..");
	*p++ = '"';
	*p = '\0';
	return out;
}
