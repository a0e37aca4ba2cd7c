/*
 * The way of a mail, and the signatures in it.  One pass over each value;
 * comments are counted, not followed.
 */
#include "parser/trace.h"

#include <string.h>

#include "parser/ascii.h"
#include "parser/limits.h"
#include "parser/trace_private.h"

static bool
printable(char c)
{
	return (c >= ' ' && c <= '~') || c == '\t';
}

/* Behind a comment that opens here. */
static void
skip_comment(struct trace_text *t)
{
	int depth = 0;

	for (; *t->p != '\0'; t->p++) {
		t->bad |= !printable(*t->p);
		if (*t->p == '\\' && t->p[1] != '\0') {
			t->p++;
			t->bad |= !printable(*t->p);
		} else if (*t->p == '(') {
			depth++;
			t->bad |= depth > MAIL_COMMENT_MAX;
		} else if (*t->p == ')' && --depth == 0) {
			t->p++;
			return;
		}
	}
	t->bad = true;
}

void
trace_skip(struct trace_text *t)
{
	for (;;) {
		if (*t->p == '(')
			skip_comment(t);
		else if (ascii_blank(*t->p))
			t->p++;
		else
			return;
	}
}

static void
add(struct trace_text *t, char c)
{
	t->bad |= !printable(c);
	if (t->n < TRACE_WORD_MAX)
		t->word[t->n++] = c;
	else
		t->bad = true;
}

static void
read_quoted(struct trace_text *t)
{
	for (t->p++; *t->p != '"'; t->p++) {
		if (*t->p == '\\')
			t->p++;
		if (*t->p == '\0') {
			t->bad = true;
			return;
		}
		add(t, *t->p);
	}
	t->p++;
}

const char *
trace_word(struct trace_text *t, const char *stop)
{
	t->n = 0;
	while (*t->p != '\0' && !ascii_blank(*t->p) && *t->p != '(' &&
	    strchr(stop, *t->p) == NULL) {
		if (*t->p == '"') {
			read_quoted(t);
			continue;
		}
		/* neither can stand alone */
		t->bad |= *t->p == ')' || *t->p == '\\';
		add(t, *t->p++);
	}
	t->word[t->n] = '\0';
	return t->word;
}

const char *
trace_lower(struct arena *a, const char *s)
{
	char *low = arena_strdup(a, s);

	for (char *c = low; *c != '\0'; c++)
		*c = ascii_lower(*c);
	return low;
}

/* Behind what stands between < and >, or [ and ]. */
static void
skip_bracket(struct trace_text *t, char close)
{
	for (t->p++; *t->p != close; t->p++) {
		if (*t->p == '"') {
			while (*++t->p != '"' && *t->p != '\0')
				if (*t->p == '\\' && t->p[1] != '\0')
					t->p++;
		}
		if (*t->p == '\0') {
			t->bad = true;
			return;
		}
	}
	t->p++;
}

/*
 * The host behind "by" (RFC 5321 4.4).  A second "by" means that somebody gave
 * a name with blanks in it, and which of the two the host wrote cannot be told.
 */
static void
read_received(struct arena *a, const char *value, struct trace *out)
{
	struct trace_text t = { .p = value };
	bool by = false, host;
	int found = 0;

	for (trace_skip(&t); *t.p != '\0' && *t.p != ';'; trace_skip(&t)) {
		const char *word = "";

		if (*t.p == '<')
			skip_bracket(&t, '>');
		else if (*t.p == '[' && !by)
			skip_bracket(&t, ']');
		else
			word = trace_word(&t, ";<");
		host = by;
		found += ascii_same(word, "by");
		by = !host && ascii_same(word, "by");
		if (host)
			out->host = trace_lower(a, word);
	}
	out->broken = t.bad || by || found > 1;
	if (out->broken)
		out->host = "";
}

/* DKIM-Signature: RFC 6376 3.5. */
enum tag {
	TAG_DOMAIN,
	TAG_FIELDS,
	TAG_IDENTITY,
	TAG_LENGTH,
	TAGS
};
static const char tag_names[TAGS] = { 'd', 'h', 'i', 'l' };

/* What must be signed, or others could change what an agent meant. */
static const char *const signed_fields[] = { "from", "to", "subject", "date",
	"message-id" };
#define SIGNED_FIELDS (sizeof(signed_fields) / sizeof(*signed_fields))

struct span {
	const char *p;
	size_t n;
	bool there;
};

static struct span
trimmed(const char *p, const char *end)
{
	while (p < end && ascii_blank(*p))
		p++;
	while (p < end && ascii_blank(end[-1]))
		end--;
	return (struct span){ p, (size_t)(end - p), true };
}

/* One "name = value"; false: it is none, or comes twice. */
static bool
read_tag(const char *p, const char *end, struct span tags[TAGS])
{
	const char *equal = memchr(p, '=', (size_t)(end - p));
	struct span name;

	if (equal == NULL)
		return false;
	name = trimmed(p, equal);
	if (name.n == 0 || !ascii_alpha(*name.p))
		return false;
	for (int i = 0; i < TAGS; i++) {
		if (name.n != 1 || *name.p != tag_names[i])
			continue;
		if (tags[i].there)
			return false;
		tags[i] = trimmed(equal + 1, end);
	}
	return true;
}

static bool
read_tags(const char *value, struct span tags[TAGS])
{
	const char *p = value;

	for (const char *c = value; *c != '\0'; c++)
		if (!printable(*c))
			return false;
	for (;;) {
		const char *end = p + strcspn(p, ";");

		if (*end == '\0' && trimmed(p, end).n == 0)
			return true; /* the list may end in ";" */
		if (!read_tag(p, end, tags))
			return false;
		if (*end == '\0')
			return true;
		p = end + 1;
	}
}

/* Are all fields that matter named in "from : to : ..."? */
static bool
signs_all(struct span list)
{
	bool have[SIGNED_FIELDS] = { false };
	const char *p = list.p, *last = list.p + list.n;
	size_t found = 0;

	while (p < last) {
		const char *colon = memchr(p, ':', (size_t)(last - p));
		const char *end = colon == NULL ? last : colon;
		struct span name = trimmed(p, end);

		for (size_t i = 0; i < SIGNED_FIELDS; i++)
			if (!have[i] && strlen(signed_fields[i]) == name.n &&
			    strncasecmp(signed_fields[i], name.p, name.n) ==
				0) {
				have[i] = true;
				found++;
			}
		p = end + (end < last);
	}
	return found == SIGNED_FIELDS;
}

/* Is it the domain of the signature, or one below (RFC 6376 3.5, i=)? */
static bool
identity_fits(struct span identity, const char *domain)
{
	size_t n = strlen(domain);
	const char *at;

	if (!identity.there)
		return true;
	if (identity.n <= n)
		return false;
	at = identity.p + identity.n - n;
	return strncasecmp(at, domain, n) == 0 &&
	    (at[-1] == '@' || at[-1] == '.');
}

static void
read_signature(struct arena *a, const char *value, struct trace *out)
{
	struct span tags[TAGS] = { 0 };
	const char *domain;

	out->broken = true;
	if (!read_tags(value, tags) || tags[TAG_DOMAIN].n == 0 ||
	    tags[TAG_DOMAIN].n > ADDRESS_MAX)
		return;
	domain = trace_lower(
	    a, arena_strndup(a, tags[TAG_DOMAIN].p, tags[TAG_DOMAIN].n));
	if (strpbrk(domain, " \t@") != NULL ||
	    !identity_fits(tags[TAG_IDENTITY], domain))
		return;
	out->host = domain;
	out->broken = false;
	out->whole = !tags[TAG_LENGTH].there && tags[TAG_FIELDS].there &&
	    signs_all(tags[TAG_FIELDS]);
}

static const struct {
	const char *name;
	enum trace_kind kind;
	void (*read)(struct arena *a, const char *value, struct trace *out);
} kinds[] = {
	{ "Received", TRACE_RECEIVED, read_received },
	{ "Authentication-Results", TRACE_RESULTS, trace_results },
	{ "DKIM-Signature", TRACE_SIGNATURE, read_signature },
};

void
trace_read(struct arena *a, struct mail *m)
{
	size_t cap = 0;

	for (size_t i = 0; i < m->fields_n; i++)
		for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
			struct trace *t;

			if (!ascii_same(m->fields[i].name, kinds[k].name))
				continue;
			if (m->trace_n == MAIL_TRACE_MAX) {
				m->trace_cut = true;
				return;
			}
			m->trace = arena_grow(
			    a, m->trace, m->trace_n, &cap, sizeof(*m->trace));
			t = &m->trace[m->trace_n++];
			*t = (struct trace){ .kind = kinds[k].kind,
				.field = (int)i,
				.host = "" };
			kinds[k].read(a, m->fields[i].value, t);
		}
}
