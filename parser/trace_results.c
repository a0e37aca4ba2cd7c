/*
 * Authentication-Results.  Two liberties beside the grammar of RFC 8601 2.2,
 * since servers take them: a value may hold any printable character but blanks,
 * ";", "(" and quotes, and a property may lack its type ("action=none").
 * Exchange Online leaves the id out, and may put the name of a domain where a
 * result belongs.
 */
#include <string.h>

#include "parser/ascii.h"
#include "parser/trace_private.h"

#define AFTER_KEY   ";=./\"<>@,:[]?"
#define AFTER_VALUE ";"

static const struct {
	const char *word;
	enum auth_method method;
} methods[] = {
	{ "dmarc", AUTH_DMARC },
	{ "dkim", AUTH_DKIM },
	{ "spf", AUTH_SPF },
};

/* All others are no pass and no fail: "bestguesspass", "neutral" ... */
static const struct {
	const char *word;
	enum auth_verdict verdict;
} verdicts[] = {
	{ "pass", AUTH_PASS },
	{ "fail", AUTH_FAIL },
	{ "hardfail", AUTH_FAIL },
	{ "reject", AUTH_FAIL },
	{ "quarantine", AUTH_FAIL },
};

/* What says whose name was tested; the last row counts only when the one
 * before it did not come. */
static const struct {
	enum auth_method method;
	const char *type, *property;
	bool weak;
} domains[] = {
	{ AUTH_DMARC, "header", "from", false },
	{ AUTH_DKIM, "header", "d", false },
	{ AUTH_DKIM, "header", "i", true },
};

/* A result in the making. */
struct making {
	struct auth_result r;
	bool strong; /* the domain is from the best property */
};

static enum auth_method
method_of(const char *word)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
		if (ascii_same(word, methods[i].word))
			return methods[i].method;
	return AUTH_OTHER;
}

static enum auth_verdict
verdict_of(const char *word)
{
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(*verdicts); i++)
		if (ascii_same(word, verdicts[i].word))
			return verdicts[i].verdict;
	return AUTH_UNSURE;
}

/* Takes c, with white space and comments around it. */
static bool
take(struct trace_text *t, char c)
{
	trace_skip(t);
	if (*t->p != c)
		return false;
	t->p++;
	trace_skip(t);
	return true;
}

/* Letters, digits and "-", also "_" as some write it. */
static const char *
keyword(struct trace_text *t)
{
	const char *word = trace_word(t, AFTER_KEY);

	t->bad |= *word == '\0';
	for (const char *c = word; *c != '\0'; c++)
		t->bad |= !ascii_alpha(*c) && !ascii_digit(*c) && *c != '-' &&
		    *c != '_';
	return word;
}

/* "example.com" of "<x@example.com.>" */
static const char *
domain_of(struct arena *a, const char *value)
{
	const char *at = strrchr(value, '@');
	char *domain = arena_strdup(a, at != NULL ? at + 1 : value);
	size_t n = strlen(domain);

	if (n > 0 && domain[n - 1] == '>')
		n--;
	if (n > 0 && domain[n - 1] == '.')
		n--;
	domain[n] = '\0';
	return n > ADDRESS_MAX ? "" : trace_lower(a, domain);
}

static void
put_domain(struct arena *a, struct trace_text *t, struct making *r,
    const char *type, const char *property)
{
	for (size_t i = 0; i < sizeof(domains) / sizeof(*domains); i++) {
		if (domains[i].method != r->r.method ||
		    !ascii_same(domains[i].type, type) ||
		    !ascii_same(domains[i].property, property) ||
		    (domains[i].weak && r->strong))
			continue;
		/* the same twice: which of them was tested? */
		t->bad |= !domains[i].weak && r->strong;
		r->strong = !domains[i].weak;
		r->r.domain = domain_of(a, t->word);
	}
}

/* [ptype "."] property "=" value, and "reason" "=" value */
static void
read_property(struct arena *a, struct trace_text *t, struct making *r)
{
	const char *type = "", *property = arena_strdup(a, keyword(t));

	if (take(t, '.')) {
		type = property;
		property = arena_strdup(a, keyword(t));
	}
	if (!take(t, '=')) {
		t->bad = true;
		return;
	}
	trace_word(t, AFTER_VALUE);
	put_domain(a, t, r, type, property);
}

/* "/1": another version of a method is another method. */
static enum auth_method
read_version(struct trace_text *t, enum auth_method method)
{
	if (!take(t, '/'))
		return method;
	return strcmp(keyword(t), "1") == 0 ? method : AUTH_OTHER;
}

static void
add_result(
    struct arena *a, struct trace *out, size_t *cap, struct auth_result r)
{
	if (out->results_n == TRACE_RESULTS_MAX) {
		out->broken = true;
		return;
	}
	out->results = arena_grow(
	    a, out->results, out->results_n, cap, sizeof(*out->results));
	out->results[out->results_n++] = r;
}

/* method ["/" version] "=" result *property; or "none" alone. */
static void
read_result(
    struct arena *a, struct trace_text *t, struct trace *out, size_t *cap)
{
	struct making r = { .r.domain = "" };
	const char *word = keyword(t);
	bool none = ascii_same(word, "none");

	r.r.method = method_of(word);
	trace_skip(t);
	if (none && *t->p != '=' && *t->p != '/') {
		t->bad |= *t->p != '\0' || out->results_n > 0;
		return;
	}
	r.r.method = read_version(t, r.r.method);
	if (!take(t, '=')) {
		t->bad = true;
		return;
	}
	/* SES: "envelope-from=x@example.com" */
	word = r.r.method == AUTH_OTHER ? trace_word(t, AFTER_VALUE)
					: keyword(t);
	r.r.verdict = verdict_of(word);
	for (trace_skip(t); *t->p != '\0' && *t->p != ';' && !t->bad;
	     trace_skip(t))
		read_property(a, t, &r);
	add_result(a, out, cap, r.r);
}

/* Exchange Online: the domain of the recipient, alone between two ";". */
static bool
stray_domain(struct trace_text *t, const struct trace *out)
{
	struct trace_text ahead = { .p = t->p };
	const char *word = trace_word(&ahead, ";=/");

	if (*out->host != '\0' || strchr(word, '.') == NULL)
		return false;
	trace_skip(&ahead);
	if (ahead.bad || *ahead.p != ';')
		return false;
	t->p = ahead.p;
	return true;
}

/*
 * The id, and the version of this grammar behind it.  What is followed by "="
 * or "/" is a method: there is no id.
 */
static void
read_id(struct arena *a, struct trace_text *t, struct trace *out)
{
	const char *start = t->p, *id = trace_lower(a, trace_word(t, ";=/"));

	trace_skip(t);
	if (*t->p == '=' || *t->p == '/') {
		t->p = start;
		return;
	}
	if (ascii_digit(*t->p)) {
		t->bad |= strcmp(trace_word(t, ";"), "1") != 0;
		trace_skip(t);
	}
	t->bad |= *id == '\0' || *t->p != ';';
	if (*t->p == ';')
		out->host = id;
}

void
trace_results(struct arena *a, const char *value, struct trace *out)
{
	struct trace_text t = { .p = value };
	size_t cap = 0;

	trace_skip(&t);
	read_id(a, &t, out);
	while (!t.bad && *t.p != '\0') {
		if (*t.p == ';')
			take(&t, ';'); /* also one too many */
		else if (!stray_domain(&t, out))
			read_result(a, &t, out, &cap);
	}
	out->broken |= t.bad;
}
