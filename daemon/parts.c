/* Taking attachments out of the raw mail.  See the header. */
#include "daemon/parts.h"

#include <string.h>

#include "parser/decode.h"
#include "store/inbound.h"

/* One part while the raw mail goes by. */
struct taking {
	const struct part *part;
	struct decode decode;
	struct buf out;
	bool done;
};

struct takings {
	struct taking *list;
	size_t n;
	uint64_t at; /* bytes of the raw mail so far */
};

static void
keep(void *ctx, const char *p, size_t n)
{
	buf_add(ctx, p, n);
}

static void
take(struct taking *t, uint64_t at, const char *p, size_t n)
{
	uint64_t from = t->part->offset, to = from + t->part->raw_size;
	const struct decode_sink sink = { keep, &t->out };

	if (to <= at || from >= at + n)
		return;
	if (from > at) {
		p += from - at;
		n -= from - at;
		at = from;
	}
	if (at + n > to)
		n = (size_t)(to - at);
	decode_feed(&t->decode, p, n, &sink);
}

static void
feed(void *ctx, const void *p, size_t n)
{
	struct takings *x = ctx;

	for (size_t i = 0; i < x->n; i++)
		take(&x->list[i], x->at, p, n);
	x->at += n;
}

static const char *
name_of(const struct part *p)
{
	return p->name != NULL ? p->name : "";
}

/* "log.txt (14 KB)", one after the other. */
static const char *
leave(struct arena *a, const char *so_far, const struct part *p)
{
	return arena_printf(a, "%s%s%s (%llu KB)", so_far == NULL ? "" : so_far,
	    so_far == NULL ? "" : ", ",
	    *name_of(p) != '\0' ? name_of(p) : p->type,
	    (unsigned long long)((p->size + 1023) / 1024));
}

/* Can its bytes be had from the raw mail, and is there room? */
static bool
can_take(const struct part *p, uint64_t *room)
{
	if (p->inside != -1 || strchr("bqu", p->encoding) == NULL ||
	    p->size > *room)
		return false;
	*room -= p->size;
	return true;
}

static void
finish(struct arena *a, struct taking *t, struct compose_part *out)
{
	const struct decode_sink sink = { keep, &t->out };

	decode_end(&t->decode, &sink);
	*out = (struct compose_part){ .name = name_of(t->part),
		.type = t->part->type,
		.id = t->part->inline_ ? t->part->id : NULL,
		.size = t->out.len };
	out->data = arena_memdup(a, t->out.data, t->out.len);
	buf_done(&t->out);
}

int
parts_load(struct db *db, struct arena *a, const struct parts_ask *ask,
    struct parts *out, struct err *e)
{
	const struct mail *m = ask->mail;
	struct takings x = { 0 };
	uint64_t room = ask->most;
	int rc = 0;

	*out = (struct parts){ 0 };
	x.list = arena_calloc(a, m->parts_n + 1, sizeof(*x.list));
	for (int i = mail_attachment(m, -1); i >= 0;
	     i = mail_attachment(m, i)) {
		struct taking *t = &x.list[x.n];

		if (!can_take(&m->parts[i], &room)) {
			out->left = leave(a, out->left, &m->parts[i]);
			continue;
		}
		t->part = &m->parts[i];
		decode_init(&t->decode, t->part->encoding);
		buf_init(&t->out, (size_t)t->part->size + 1);
		x.n++;
	}
	if (x.n > 0)
		rc = raw_read(db, ask->raw, feed, &x, e);
	out->list = arena_calloc(a, x.n + 1, sizeof(*out->list));
	for (size_t i = 0; i < x.n; i++)
		finish(a, &x.list[i], &out->list[out->n++]);
	return rc;
}
