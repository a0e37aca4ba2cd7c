/*
 * The walk through a CMS message.  Elements that say nothing to us are skipped
 * by their length; only an element without one is entered to find its end.
 */
#include "parser/cms.h"

#include <string.h>

/* What an element is to us: it follows from its parent and its place. */
enum role {
	ROLE_TOP,
	ROLE_INFO,    /* ContentInfo */
	ROLE_KIND,    /* its contentType */
	ROLE_CONTENT, /* its [0] */
	ROLE_SIGNED,  /* SignedData */
	ROLE_ENCAP,   /* encapContentInfo */
	ROLE_INNER,   /* its [0] */
	ROLE_OCTETS,  /* the octet string in it, or a piece of that */
	ROLE_SKIP
};

#define ANY         (-1)
#define CONSTRUCTED 0x20
#define OCTETS      0x04

static const struct {
	enum role parent;
	int child;
	uint8_t tag;
	enum role role;
} places[] = {
	{ ROLE_TOP, 0, 0x30, ROLE_INFO },
	{ ROLE_INFO, 0, 0x06, ROLE_KIND },
	{ ROLE_INFO, 1, 0xa0, ROLE_CONTENT },
	{ ROLE_CONTENT, 0, 0x30, ROLE_SIGNED },
	{ ROLE_SIGNED, 2, 0x30, ROLE_ENCAP },
	{ ROLE_ENCAP, 1, 0xa0, ROLE_INNER },
	{ ROLE_INNER, 0, OCTETS, ROLE_OCTETS },
	{ ROLE_INNER, 0, OCTETS | CONSTRUCTED, ROLE_OCTETS },
	{ ROLE_OCTETS, ANY, OCTETS, ROLE_OCTETS },
	{ ROLE_OCTETS, ANY, OCTETS | CONSTRUCTED, ROLE_OCTETS },
};

/* The content types under 1.2.840.113549.1 (PKCS). */
static const struct {
	const char *oid;
	size_t n;
	enum cms_kind kind;
} kinds[] = {
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", 9, CMS_SIGNED },
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03", 9, CMS_ENCRYPTED },
	/* signedAndEnveloped and encrypted of PKCS #7 1.5 */
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x04", 9, CMS_ENCRYPTED },
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x06", 9, CMS_ENCRYPTED },
	/* RFC 3274, RFC 5083 */
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x09", 11, CMS_COMPRESSED },
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17", 11, CMS_ENCRYPTED },
};

static enum role
role_of(const struct cms_level *parent, uint8_t tag)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if ((int)places[i].parent == parent->role &&
		    (places[i].child == ANY ||
			places[i].child == parent->children) &&
		    places[i].tag == tag)
			return places[i].role;
	return ROLE_SKIP;
}

static void
stop(struct cms *c, bool broken)
{
	c->done = true;
	c->broken = c->broken || broken;
}

void
cms_init(struct cms *c)
{
	*c = (struct cms){ .stack_n = 1 };
	c->stack[0] = (struct cms_level){ .open = true, .role = ROLE_TOP };
}

/* An element is over; what was signed is over with its outermost string. */
static void
ended(struct cms *c, int role, const struct cms_level *parent)
{
	bool signed_all = role == ROLE_OCTETS && parent->role == ROLE_INNER;

	c->whole = c->whole || signed_all;
	if (signed_all || role == ROLE_INFO)
		stop(c, false);
}

static void
pop(struct cms *c)
{
	struct cms_level *top = &c->stack[--c->stack_n];

	ended(c, top->role, top - 1); /* the lowest level never ends */
}

/* Elements of a given length that end here. */
static void
pop_full(struct cms *c)
{
	while (!c->done && c->stack_n > 1 && !c->stack[c->stack_n - 1].open &&
	    c->stack[c->stack_n - 1].end <= c->at)
		pop(c);
}

/* How many bytes tag and length have, as far as one can tell. */
static size_t
head_size(const struct cms *c)
{
	if (c->head_n < 2 || c->head[1] <= 0x80)
		return 2;
	return 2 + (size_t)(c->head[1] & 0x7f);
}

static uint64_t
head_length(const struct cms *c)
{
	uint64_t n = 0;

	if (c->head[1] < 0x80)
		return c->head[1];
	for (size_t i = 2; i < c->head_n; i++)
		n = n << 8 | c->head[i];
	return n;
}

/* Does an element of that length fit into those around it? */
static bool
fits(const struct cms *c, uint64_t n)
{
	if (n > UINT64_MAX / 2)
		return false;
	for (size_t i = c->stack_n; i-- > 0;)
		if (!c->stack[i].open)
			return c->at + n <= c->stack[i].end;
	return true;
}

static void
enter(struct cms *c, enum role role, bool open, uint64_t n)
{
	if (c->stack_n == CMS_DEPTH_MAX) {
		stop(c, true);
		return;
	}
	c->stack[c->stack_n++] = (struct cms_level){
		.end = c->at + n,
		.open = open,
		.role = (int)role,
	};
	c->content = c->content || role == ROLE_OCTETS;
	pop_full(c);
}

/* The kind of the whole is known. */
static void
kind_read(struct cms *c)
{
	c->kind = CMS_OTHER;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kinds[i].n == c->oid_n &&
		    memcmp(kinds[i].oid, c->oid, c->oid_n) == 0)
			c->kind = kinds[i].kind;
	if (c->kind != CMS_SIGNED)
		stop(c, false);
}

/* A primitive element is over. */
static void
leaf_over(struct cms *c)
{
	if (c->role == ROLE_KIND)
		kind_read(c);
	else
		ended(c, c->role, &c->stack[c->stack_n - 1]);
	pop_full(c);
}

/* Tag and length stand in head[]. */
static void
element(struct cms *c)
{
	struct cms_level *parent = &c->stack[c->stack_n - 1];
	uint8_t tag = c->head[0];
	bool open = c->head[1] == 0x80;
	uint64_t n = open ? 0 : head_length(c);
	enum role role;

	c->head_n = 0;
	if (tag == 0 && n == 0 && parent->open && c->stack_n > 1) {
		pop(c);
		pop_full(c);
		return;
	}
	role = role_of(parent, tag);
	if ((tag & 0x1f) == 0x1f || (open && (tag & CONSTRUCTED) == 0) ||
	    !fits(c, n) ||
	    (parent->children == 0 && role == ROLE_SKIP &&
		(parent->role == ROLE_TOP || parent->role == ROLE_INFO))) {
		stop(c, true);
		return;
	}
	parent->children += parent->children < 3;
	if ((tag & CONSTRUCTED) != 0 && (role != ROLE_SKIP || open)) {
		enter(c, role, open, n);
		return;
	}
	c->role = (int)role;
	c->run = n;
	c->content = c->content || role == ROLE_OCTETS;
	if (n == 0)
		leaf_over(c);
}

static size_t
feed_run(struct cms *c, const uint8_t *p, size_t n, const struct cms_sink *s)
{
	if (n > c->run)
		n = (size_t)c->run;
	if (c->role == ROLE_OCTETS)
		s->bytes(s->ctx, (const char *)p, n);
	for (size_t i = 0;
	     c->role == ROLE_KIND && i < n && c->oid_n < sizeof(c->oid); i++)
		c->oid[c->oid_n++] = p[i];
	c->run -= n;
	c->at += n;
	if (c->run == 0)
		leaf_over(c);
	return n;
}

void
cms_feed(struct cms *c, const void *p, size_t n, const struct cms_sink *sink)
{
	const uint8_t *s = p, *end = s + n;

	while (s < end && !c->done) {
		if (c->run > 0) {
			s += feed_run(c, s, (size_t)(end - s), sink);
			continue;
		}
		c->head[c->head_n++] = *s++;
		c->at++;
		if (head_size(c) > sizeof(c->head))
			stop(c, true);
		else if (c->head_n == head_size(c))
			element(c);
	}
}

void
cms_end(struct cms *c)
{
	if (!c->done)
		c->broken = true;
	c->done = true;
}
