/*
 * IDLE (RFC 2177), by hand: libetpan's own loses its place when the server
 * says EXISTS before "+ idling", and cannot be woken.
 */
#include "daemon/imap_session.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "daemon/clock.h"
#include "daemon/log.h"

/* "* 4 EXISTS" */
static bool
is_news(struct imap *im, const char *line)
{
	unsigned long n;
	char *end;

	if (strncmp(line, "* ", 2) != 0 || !isdigit((unsigned char)line[2]))
		return false;
	n = strtoul(line + 2, &end, 10);
	if (n > UINT32_MAX || strncasecmp(end, " EXISTS", 7) != 0)
		return false;
	imap_set_exists(im, (uint32_t)n);
	return true;
}

enum heard {
	HEARD_NOTHING,
	HEARD_NEWS,
	HEARD_GO_ON, /* "+" */
	HEARD_END,   /* the answer to the command */
	HEARD_BROKEN
};

/* Read one line and say what it means. */
static enum heard
hear(struct imap *im, struct err *e)
{
	const char *line, *rest;
	char text[300];

	link_time(im->link, im->timeout_ms);
	line = imap_line(im, e);
	if (line == NULL)
		return HEARD_BROKEN;
	if (line[0] == '+')
		return HEARD_GO_ON;
	rest = imap_tagged(im, line);
	if (rest != NULL && strncasecmp(rest, "OK", 2) != 0) {
		im->caps &= ~(unsigned)IMAP_IDLE; /* it does not mean it */
		return HEARD_END;
	}
	if (rest != NULL)
		return HEARD_END;
	if (strncasecmp(line, "* BYE", 5) == 0) {
		snprintf(text, sizeof(text), "the server says %s",
		    log_quote(line + 2));
		imap_break(im, e, text);
		return HEARD_BROKEN;
	}
	return is_news(im, line) ? HEARD_NEWS : HEARD_NOTHING;
}

static enum heard
wait_go_on(struct imap *im, bool *news, struct err *e)
{
	enum heard h;

	do {
		h = hear(im, e);
		*news |= h == HEARD_NEWS;
	} while (h == HEARD_NOTHING || h == HEARD_NEWS);
	return h;
}

/* "DONE", then every line up to the tag: some servers have more to say. */
static enum imap_idle_end
finish(struct imap *im, enum imap_idle_end end, struct err *e)
{
	enum heard h;

	if (imap_send(im, "DONE", e) == -1)
		return IDLE_BROKEN;
	if (end == IDLE_STOP)
		return end;
	do {
		h = hear(im, e);
		if (h == HEARD_NEWS)
			end = IDLE_NEWS;
	} while (h != HEARD_END && h != HEARD_BROKEN);
	return h == HEARD_END ? end : IDLE_BROKEN;
}

/* What the end of a wait means; HEARD_END: the server has ended the IDLE. */
static bool
wait_end(struct imap *im, int64_t ms, enum imap_idle_end *end, struct err *e)
{
	enum link_event ev = link_wait(im->link, ms);
	enum heard h;

	*end = ev == LINK_NUDGE ? IDLE_NUDGE
	    : ev == LINK_STOP   ? IDLE_STOP
				: IDLE_TIME;
	if (ev == LINK_GONE) {
		imap_break(im, e, "the connection is gone");
		*end = IDLE_BROKEN;
	}
	if (ev != LINK_READY)
		return true;
	h = hear(im, e);
	if (h == HEARD_NEWS)
		*end = IDLE_NEWS;
	else if (h == HEARD_BROKEN || h == HEARD_END)
		*end = IDLE_BROKEN;
	return h == HEARD_NEWS || h == HEARD_BROKEN || h == HEARD_END;
}

enum imap_idle_end
imap_idle(struct imap *im, int64_t ms, struct err *e)
{
	int64_t until = clock_steady() + ms;
	enum imap_idle_end end = IDLE_NEWS;
	bool news = false;
	enum heard h;

	if (imap_begin(im, "IDLE", e) == -1)
		return IDLE_BROKEN;
	h = wait_go_on(im, &news, e);
	if (h == HEARD_BROKEN)
		return IDLE_BROKEN;
	if (h == HEARD_END) /* refused, or over at once */
		return news ? IDLE_NEWS : IDLE_TIME;
	while (!news && !wait_end(im, until - clock_steady(), &end, e))
		;
	if (end == IDLE_BROKEN && !im->broken) /* ended without our DONE */
		return IDLE_TIME;
	return end == IDLE_BROKEN ? end : finish(im, end, e);
}
