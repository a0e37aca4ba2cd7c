/*
 * What a stranger writes below the line where our border begins: whatever it
 * is, it never makes a proof of what was none (RELIABILITY 3.3).  Input: a byte
 * that chooses what the border wrote, then what stands below.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parser/ascii.h"
#include "parser/limits.h"
#include "rules/authority.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BORDER "Received: from x (y [192.0.2.1]) by mx1.example.com; now\n"
#define MX1    "Authentication-Results: mx1.example.com; "
#define OUT    "Received: from x by a.outlook.example; now\n"
#define END                                                            \
	"\nTo: s@example.com\nDate: Mon, 23 Nov 2026 09:00:00 +0000\n" \
	"Message-ID: <1@example.org>\nSubject: x\n\nx\n"

static const struct conf above = {
	.auth = { .named = true,
	    .trust = TRUST_AUTHSERV_ID,
	    .authserv_id = "mx1.example.com",
	    .boundary_by = "mx1.example.com" },
};
static const struct conf below = {
	.auth = { .named = true,
	    .trust = TRUST_AUTHSERV_ID,
	    .results = RESULTS_BELOW,
	    .authserv_id = "mx1.example.com",
	    .boundary_by = "mx1.example.com" },
};
static const struct conf top = {
	.auth = { .named = true,
	    .trust = TRUST_TOPMOST_NO_ID,
	    .boundary_by = "*.outlook.example" },
};

static const struct {
	const struct conf *conf;
	const char *header;
} borders[] = {
	{ &above, BORDER },
	{ &above, MX1 "spf=pass\n" BORDER },
	{ &above, MX1 "dmarc=fail header.from=example.org\n" BORDER },
	{ &above, MX1 "dmarc=pass header.from=example.org\n" BORDER },
	{ &above, MX1 "dkim=pass header.d=example.org\n" BORDER },
	{ &below, BORDER MX1 "spf=pass\n" },
	{ &below, BORDER MX1 "dmarc=fail header.from=example.org\n" },
	{ &below, BORDER MX1 "dmarc=pass header.from=example.org\n" },
	{ &top, OUT "Authentication-Results: spf=pass\n" },
	{ &top,
	    OUT
	    "Authentication-Results: dmarc=pass header.from=example.org\n" },
};

static bool
lower(const char *s)
{
	for (; *s != '\0'; s++)
		if (*s != ascii_lower(*s) || *s < ' ' || *s > '~')
			return *s == '\t';
	return true;
}

static void
check_trace(const struct mail *m)
{
	assert(m->trace_n <= MAIL_TRACE_MAX);
	for (size_t i = 0; i < m->trace_n; i++) {
		const struct trace *t = &m->trace[i];

		assert(t->field >= 0 && (size_t)t->field < m->fields_n);
		assert(i == 0 || t->field > t[-1].field);
		assert(t->broken || lower(t->host));
		assert(
		    t->kind == TRACE_RESULTS || !t->broken || *t->host == '\0');
		assert(t->results_n <= TRACE_RESULTS_MAX);
		for (size_t k = 0; !t->broken && k < t->results_n; k++)
			assert(lower(t->results[k].domain));
	}
}

/* Is a mail with nothing of a stranger in it but its sender proven? */
static bool
proven_alone(struct arena *a, size_t which, const char *domain)
{
	const char *why;
	const char *raw = arena_printf(
	    a, "%sFrom: x@%s%s", borders[which].header, domain, END);
	struct mail m;

	mail_parse(a, raw, strlen(raw), &m);
	return proof_of(a, borders[which].conf, &m, &why) == PROOF_PASS;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct mail m;
	struct buf b;
	const char *why = NULL;
	size_t which;

	/* A first line that is folded would be the border's own. */
	if (size < 2 || ascii_blank((char)data[1]))
		return 0;
	which = data[0] % (sizeof(borders) / sizeof(*borders));
	buf_init(&b, 0);
	buf_str(&b, borders[which].header);
	buf_add(&b, data + 1, size - 1);
	buf_str(&b, "\nFrom: Ana <ana@example.org>" END);
	mail_parse(&a, b.data, b.len, &m);
	check_trace(&m);
	if (proof_of(&a, borders[which].conf, &m, &why) == PROOF_PASS)
		assert(proven_alone(&a, which, address_domain(m.from_addr)));
	assert(why != NULL);
	if (authority_one_sender(&m))
		assert(address_valid(m.from_addr) && m.from_n == 1);
	buf_done(&b);
	arena_done(&a);
	return 0;
}
