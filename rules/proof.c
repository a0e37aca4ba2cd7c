/*
 * The verdict on a sender, from the lines that parser/trace.c read.  Position
 * is all: a stranger writes what he likes below the line where our border
 * begins, and nothing above it.
 */
#include "rules/proof.h"

#include <string.h>

#include "parser/address.h"
#include "parser/ascii.h"

const char *const proof_names[PROOF_COUNT] = { "pass", "fail", "none",
	"forged" };
const char *const proof_line_names[PROOF_LINE_KINDS] = { "ignored", "border",
	"counts", "against" };

#define NO_BORDER SIZE_MAX

/* What the lines that count say, added up. */
struct tally {
	bool dmarc[AUTH_VERDICT_COUNT];
	bool dkim[AUTH_VERDICT_COUNT]; /* only of the domain of From */
	const char *other; /* dmarc=pass of another domain than From's */
	bool forged, broken;
	bool blind;       /* a Received above that cannot be read */
	const char *weak; /* a signature that leaves too much open */
};

struct court {
	struct arena *a;
	const struct conf_auth *auth;
	const struct mail *m;
	const char *from; /* the domain of the sender */
	struct proof_line *lines;
	size_t border; /* index of the Received that the border wrote */
	struct tally t;
};

static void
say(struct court *c, size_t i, enum proof_line_kind kind, const char *why)
{
	c->lines[i] = (struct proof_line){ kind, why };
}

/* "*.example.com" is every host below; else the host itself. */
static bool
host_fits(const char *pattern, const char *host)
{
	size_t n = strlen(host), k = strlen(pattern) - 1;

	if (*pattern != '*')
		return ascii_same(pattern, host);
	return n > k && ascii_same(pattern + 1, host + n - k);
}

/*
 * The topmost Received of the border.  One above it that cannot be read may be
 * it, with a name in it that the sender chose; then a forged one below would be
 * taken for it.
 */
static void
find_border(struct court *c)
{
	for (size_t i = 0; i < c->m->trace_n; i++) {
		const struct trace *t = &c->m->trace[i];

		if (t->kind != TRACE_RECEIVED)
			continue;
		if (t->broken) {
			say(c, i, PROOF_AGAINST, "it cannot be read");
			c->t.blind = true;
			return;
		}
		if (host_fits(c->auth->boundary_by, t->host)) {
			say(c, i, PROOF_BORDER, "by the border server");
			c->border = i;
			return;
		}
		say(c, i, PROOF_IGNORED, "above the border");
	}
}

static void
count_result(struct court *c, const struct auth_result *r)
{
	bool own = *r->domain != '\0' && ascii_same(r->domain, c->from);

	if (r->method == AUTH_DKIM) {
		c->t.dkim[r->verdict] |= own;
	} else if (r->method != AUTH_DMARC) {
		return;
	} else if (r->verdict != AUTH_PASS || own) {
		c->t.dmarc[r->verdict] = true;
	} else if (*r->domain == '\0') {
		c->t.dmarc[AUTH_UNSURE] = true;
	} else {
		c->t.other = r->domain;
	}
}

static void
count_line(struct court *c, size_t i)
{
	const struct trace *t = &c->m->trace[i];

	if (t->broken) {
		c->t.broken = true;
		say(c, i, PROOF_AGAINST, "it cannot be read");
		return;
	}
	for (size_t k = 0; k < t->results_n; k++)
		count_result(c, &t->results[k]);
	say(c, i, PROOF_COUNTS, "written by the border server");
}

/* A line in the name of the border right below its own first one: perhaps its
 * second, perhaps the sender's.  It may contradict, never confirm. */
static void
count_second(struct court *c, size_t i)
{
	struct tally first = c->t;

	count_line(c, i);
	c->t.dmarc[AUTH_PASS] = first.dmarc[AUTH_PASS];
	c->t.dkim[AUTH_PASS] = first.dkim[AUTH_PASS];
	say(c, i, PROOF_AGAINST, "not the first below the border");
}

static bool
is_own(const struct court *c, const struct trace *t)
{
	return ascii_same(t->host, c->auth->authserv_id);
}

static void
judge_results(struct court *c, size_t i, bool *first, bool touching)
{
	const struct trace *t = &c->m->trace[i];
	bool below = i > c->border;

	if (!is_own(c, t) && !(t->broken && *t->host == '\0' && !below)) {
		say(c, i, PROOF_IGNORED, "of another server");
	} else if (!below) {
		count_line(c, i);
	} else if (!touching) {
		c->t.forged = true;
		say(c, i, PROOF_AGAINST, "forged: it stands below the border");
	} else if (*first) {
		*first = false;
		count_line(c, i);
	} else {
		count_second(c, i);
	}
}

/* trust authserv-id: 3.3, 1 and 2. */
static void
by_position(struct court *c)
{
	bool first = true;
	bool touching = c->auth->results == RESULTS_BELOW;

	find_border(c);
	if (c->border == NO_BORDER)
		return;
	for (size_t i = 0; i < c->m->trace_n; i++) {
		enum trace_kind kind = c->m->trace[i].kind;

		if (kind == TRACE_RESULTS)
			judge_results(c, i, &first, touching);
		else if (i > c->border)
			touching = false;
	}
}

/* trust topmost-no-id: 3.3, 3. */
static void
by_top(struct court *c)
{
	bool results = false, received = false;

	for (size_t i = 0; i < c->m->trace_n; i++) {
		const struct trace *t = &c->m->trace[i];

		if (t->kind == TRACE_RECEIVED && !received) {
			received = true;
			if (t->broken ||
			    !host_fits(c->auth->boundary_by, t->host))
				return;
			say(c, i, PROOF_BORDER, "the topmost, by the border");
			c->border = i;
		} else if (t->kind == TRACE_RESULTS && !results) {
			results = true;
			if (*t->host == '\0')
				count_line(c, i);
		}
	}
}

/* The last two labels: "example.com" of "mail.example.com".  Of a domain like
 * "example.co.uk" it is too little, so that more signatures are looked at. */
static const char *
last_labels(const char *domain)
{
	int dots = 0;

	for (const char *c = domain + strlen(domain); c > domain; c--)
		if (c[-1] == '.' && ++dots == 2)
			return c;
	return domain;
}

/*
 * 3.3, 6.  A DMARC pass may rest on any signature of the sender's domain; one
 * that leaves the end of the body or a field that matters to others proves too
 * little, even beside a better one.
 */
static void
judge_signatures(struct court *c)
{
	for (size_t i = 0; i < c->m->trace_n; i++) {
		const struct trace *t = &c->m->trace[i];
		bool aligned = ascii_same(
		    last_labels(t->host), last_labels(c->from));

		if (t->kind != TRACE_SIGNATURE || (!t->broken && !aligned))
			continue;
		if (!t->broken && t->whole) {
			say(c, i, PROOF_IGNORED, "covers all that matters");
			continue;
		}
		c->t.weak = t->broken
		    ? "a signature that cannot be read"
		    : "a signature of the sender's domain that covers too "
		      "little: l=, or not From, To, Subject, Date and "
		      "Message-ID";
		say(c, i, PROOF_AGAINST, c->t.weak);
	}
}

/* What the border says, as the sum of its lines: first match. */
static enum proof
weigh(const struct court *c, const char **why)
{
	const struct tally *t = &c->t;
	bool pass = t->dmarc[AUTH_PASS];
	bool dkim = t->dkim[AUTH_PASS];
	const struct {
		bool so;
		enum proof proof;
		const char *why;
	} rows[] = {
		{ t->forged, PROOF_FORGED,
		    "a line in the name of the border server stands below it" },
		{ t->dmarc[AUTH_FAIL] && pass, PROOF_FAIL,
		    "it says both dmarc=pass and dmarc=fail" },
		{ t->dmarc[AUTH_FAIL], PROOF_FAIL, "it says dmarc=fail" },
		{ t->other != NULL, PROOF_FAIL,
		    "it says dmarc=pass of another domain than that of From" },
		{ t->dmarc[AUTH_UNSURE] && pass, PROOF_FAIL,
		    "it says dmarc=pass, and something else" },
		{ dkim && t->dkim[AUTH_FAIL] && !pass, PROOF_FAIL,
		    "it says both dkim=pass and dkim=fail" },
		{ t->broken, PROOF_NONE, "a line of it cannot be read" },
		{ (pass || dkim) && t->weak != NULL, PROOF_NONE, t->weak },
		{ pass, PROOF_PASS, "dmarc=pass" },
		{ dkim, PROOF_PASS, "dkim=pass of the domain of From" },
		{ true, PROOF_NONE,
		    "the border server says nothing that proves the sender" },
	};
	size_t i = 0;

	while (!rows[i].so)
		i++;
	*why = rows[i].why;
	return rows[i].proof;
}

static const char *
no_border(const struct court *c)
{
	if (c->t.blind)
		return "a Received line cannot be read, and may be the border";
	if (c->auth->trust == TRUST_TOPMOST_NO_ID)
		return arena_printf(c->a,
		    "the topmost Received is not by a host of %s",
		    c->auth->boundary_by);
	return arena_printf(
	    c->a, "no Received line by %s", c->auth->boundary_by);
}

enum proof
proof_lines(struct arena *a, const struct conf *c, const struct mail *m,
    struct proof_line *lines, const char **why)
{
	struct court court = { .a = a,
		.auth = &c->auth,
		.m = m,
		.border = NO_BORDER,
		.lines = lines };

	if (lines == NULL)
		court.lines = arena_calloc(a, m->trace_n, sizeof(*lines));
	for (size_t i = 0; i < m->trace_n; i++)
		say(&court, i, PROOF_IGNORED,
		    m->trace[i].kind == TRACE_RESULTS
			? "not the one that counts"
			: m->trace[i].kind == TRACE_RECEIVED
			? "not the border"
			: "of another domain");
	if (!c->auth.named) {
		*why = "no border server is named";
		return PROOF_NONE;
	}
	if (m->torn || m->trace_cut || m->from_n != 1 || m->from_addr == NULL) {
		*why = m->from_n != 1 ? "not one sender"
				      : "a header that others may read "
					"otherwise";
		return PROOF_NONE;
	}
	court.from = address_domain(m->from_addr);
	if (c->auth.trust == TRUST_AUTHSERV_ID)
		by_position(&court);
	else
		by_top(&court);
	if (court.border == NO_BORDER) {
		*why = no_border(&court);
		return PROOF_NONE;
	}
	judge_signatures(&court);
	return weigh(&court, why);
}

enum proof
proof_of(struct arena *a, const struct conf *c, const struct mail *m,
    const char **why)
{
	return proof_lines(a, c, m, NULL, why);
}
