/*
 * One IMAP command and its answer.  The commands are written here as text,
 * libetpan parses what comes back; each FETCH response is handed on and freed
 * at once, so that what nobody asked for takes no memory.
 */
#include "daemon/imap_session.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/log.h"

#define COMMAND_MAX 10000 /* bytes of one command */

int
imap_break(struct imap *im, struct err *e, const char *why)
{
	const char *link = link_why(im->link);

	im->broken = true;
	return err_set(e, ERR_RETRY, "%s port %d: %s", im->mailbox->imap.host,
	    im->mailbox->imap.port, link[0] != '\0' ? link : why);
}

static bool
within(int n, int from, int to)
{
	return n >= from && n <= to;
}

/* libetpan takes any number for an hour or a zone. */
static int64_t
date_of(const struct mailimap_date_time *d)
{
	struct tm tm = { 0 };
	int64_t zone;

	if (d == NULL || !within(d->dt_year, 1970, 9999) ||
	    !within(d->dt_month, 1, 12) || !within(d->dt_day, 1, 31) ||
	    !within(d->dt_hour, 0, 23) || !within(d->dt_min, 0, 59) ||
	    !within(d->dt_sec, 0, 60) || !within(d->dt_zone, -9959, 9959))
		return 0;
	tm.tm_year = d->dt_year - 1900;
	tm.tm_mon = d->dt_month - 1;
	tm.tm_mday = d->dt_day;
	tm.tm_hour = d->dt_hour;
	tm.tm_min = d->dt_min;
	tm.tm_sec = d->dt_sec;
	zone = d->dt_zone / 100 * 3600 + d->dt_zone % 100 * 60;
	return (int64_t)timegm(&tm) - zone;
}

static void
read_item(const struct mailimap_msg_att_static *st, struct imap_mail *m)
{
	const struct mailimap_msg_att_body_section *s;

	if (st->att_type == MAILIMAP_MSG_ATT_UID)
		m->uid = st->att_data.att_uid;
	if (st->att_type == MAILIMAP_MSG_ATT_INTERNALDATE)
		m->date = date_of(st->att_data.att_internal_date);
	if (st->att_type == MAILIMAP_MSG_ATT_RFC822_SIZE) {
		m->size = st->att_data.att_rfc822_size;
		m->has_size = true;
	}
	if (st->att_type != MAILIMAP_MSG_ATT_BODY_SECTION ||
	    st->att_data.att_body_section == NULL)
		return;
	s = st->att_data.att_body_section;
	m->body = s->sec_body_part;
	m->body_n = s->sec_body_part == NULL ? 0 : s->sec_length;
	m->origin = s->sec_origin_octet;
}

void
imap_got_mail(struct mailimap_msg_att *att, void *ctx)
{
	struct imap *im = ctx;
	struct imap_mail m = { 0 };

	if (im->each == NULL || att->att_list == NULL)
		return;
	for (clistiter *i = clist_begin(att->att_list); i != NULL;
	     i = clist_next(i)) {
		struct mailimap_msg_att_item *item = clist_content(i);

		if (item->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC)
			read_item(item->att_data.att_static, &m);
	}
	im->each(im->ctx, &m);
}

/* Commands. */

int
imap_send(struct imap *im, const char *text, struct err *e)
{
	mailstream *s = link_stream(im->link);

	if (mailstream_write(s, text, strlen(text)) == -1 ||
	    mailstream_write(s, "\r\n", 2) == -1 || mailstream_flush(s) == -1)
		return imap_break(im, e, "cannot send");
	return 0;
}

int
imap_begin(struct imap *im, const char *text, struct err *e)
{
	if (im->broken)
		return imap_break(im, e, "the session is over");
	link_allow(im->link, IMAP_LINES, 0, im->timeout_ms);
	if (mailimap_send_current_tag(im->session) != MAILIMAP_NO_ERROR)
		return imap_break(im, e, "cannot send");
	return imap_send(im, text, e);
}

const char *
imap_line(struct imap *im, struct err *e)
{
	MMAPString *line = im->session->imap_stream_buffer;

	if (mailstream_read_line_remove_eol(link_stream(im->link), line) !=
	    NULL)
		return line->str;
	imap_break(im, e, "the server closed the connection");
	return NULL;
}

const char *
imap_tagged(const struct imap *im, const char *line)
{
	char *end;
	long tag = strtol(line, &end, 10);

	if (end == line || *end != ' ' || tag != im->session->imap_tag)
		return NULL;
	return end + 1;
}

/* The line in which the server said good-bye, if it did: it tells of quotas and
 * maintenance. */
static const char *
bye(struct imap *im)
{
	char *line = strstr(im->session->imap_stream_buffer->str, "* BYE");

	if (line == NULL)
		return NULL;
	line[strcspn(line, "\r\n")] = '\0';
	return line + 2;
}

/* libetpan's reasons in words. */
static int
failed(struct imap *im, int rc, struct err *e)
{
	const char *said = rc == MAILIMAP_ERROR_PROTOCOL
	    ? im->session->imap_response
	    : bye(im);
	char text[300];

	if (said != NULL) {
		snprintf(text, sizeof(text), "the server says %s%s",
		    rc == MAILIMAP_ERROR_PROTOCOL ? "BAD " : "",
		    log_quote(said));
		return imap_break(im, e, text);
	}
	return imap_break(im, e,
	    rc == MAILIMAP_ERROR_PARSE ? "an answer cannot be understood"
				       : "the server closed the connection");
}

/* The answer to the command that was just sent. */
static int
read_answer(struct imap *im, struct err *e)
{
	struct mailimap_response *r = NULL;
	int rc, type;

	if (mailimap_read_line(im->session) == NULL)
		return failed(im, MAILIMAP_ERROR_STREAM, e);
	rc = mailimap_parse_response(im->session, &r);
	if (rc != MAILIMAP_NO_ERROR)
		return failed(im, rc, e);
	type = r->rsp_resp_done->rsp_data.rsp_tagged->rsp_cond_state->rsp_type;
	mailimap_response_free(r);
	if (type == MAILIMAP_RESP_COND_STATE_OK)
		return 0;
	return err_set(e, ERR_RETRY, "%s port %d: the server says NO %s",
	    im->mailbox->imap.host, im->mailbox->imap.port,
	    log_quote(im->session->imap_response));
}

static int
run(struct imap *im, const char *text, const struct imap_cost *cost,
    struct err *e)
{
	if (imap_begin(im, text, e) == -1)
		return -1;
	link_allow(im->link, IMAP_LINES + cost->lines, cost->literals,
	    cost->ms != 0 ? cost->ms : im->timeout_ms);
	return read_answer(im, e);
}

int
imap_do(struct imap *im, const struct imap_cost *cost, struct err *e,
    const char *fmt, ...)
{
	static const struct imap_cost none;
	char text[COMMAND_MAX];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(text))
		return err_set(e, ERR_BUG, "an IMAP command is too long");
	return run(im, text, cost == NULL ? &none : cost, e);
}
