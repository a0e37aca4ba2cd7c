/* rules/proof.c: what a border server says of a sender, and what strangers
 * write in its name. */
#include <stdlib.h>

#include "rules/proof.h"
#include "tests/test.h"

#define BORDER "Received: from x (x [192.0.2.1]) by mx1.example.com; now\n"
#define INNER  "Received: from mx1.example.com by mbox.example.com; now\n"
#define OUTER  "Received: from ana by out.example.org; now\n"
#define PASS                                                      \
	"Authentication-Results: mx1.example.com;\n\tdmarc=pass " \
	"header.from=example.org\n"
#define FAIL                                                   \
	"Authentication-Results: mx1.example.com; dmarc=fail " \
	"header.from=example.org\n"
#define SPF                                                  \
	"Authentication-Results: mx1.example.com; spf=pass " \
	"smtp.mailfrom=example.org\n"
#define RESULTS(text) "Authentication-Results: mx1.example.com; " text "\n"
#define SIGNED(text)  "DKIM-Signature: v=1; " text "\n"
#define ALL           "h=from:to:subject:date:message-id"

static struct arena a;

static const struct conf above = {
	.auth = { .named = true,
	    .trust = TRUST_AUTHSERV_ID,
	    .authserv_id = "mx1.example.com",
	    .boundary_by = "MX1.example.com" },
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
	const char *name;
	const struct conf *conf;
	enum proof want;
	const char *header;
} cases[] = {
	/* 3.3, 1: position */
	{ "a pass above the border", &above, PROOF_PASS, PASS BORDER OUTER },
	{ "with hosts of ours above", &above, PROOF_PASS, INNER PASS BORDER },
	{ "a pass above those", &above, PROOF_PASS, PASS INNER BORDER },
	{ "a fail", &above, PROOF_FAIL, FAIL BORDER },
	{ "nothing", &above, PROOF_NONE, BORDER OUTER },
	{ "no border", &above, PROOF_NONE, PASS INNER OUTER },
	{ "no Received at all", &above, PROOF_NONE, PASS },
	{ "the topmost Received of the border is it", &above, PROOF_FORGED,
	    BORDER OUTER PASS BORDER },
	{ "a Received that cannot be read may be the border", &above,
	    PROOF_NONE,
	    "Received: from x by y by mx1.example.com; now\n" PASS BORDER },
	{ "one above the border as well", &above, PROOF_NONE,
	    "Received: from (x by mbox.example.com; now\n" PASS BORDER },
	{ "below the border it may be as it likes", &above, PROOF_PASS,
	    PASS BORDER "Received: from (x by mx1.example.com; now\n" },
	{ "a header that others may read otherwise", &above, PROOF_NONE,
	    PASS BORDER "no field\n" },

	/* 2: whose line it is */
	{ "of another server", &above, PROOF_NONE,
	    "Authentication-Results: mx2.example.com; dmarc=pass "
	    "header.from=example.org\n" BORDER },
	{ "of another server below", &above, PROOF_NONE,
	    BORDER "Authentication-Results: mx2.example.com; dmarc=pass "
		   "header.from=example.org\n" },
	{ "no id", &above, PROOF_NONE,
	    "Authentication-Results: dmarc=pass header.from=example.org\n" BORDER },
	{ "our id in upper case, in quotes, with a version", &above, PROOF_PASS,
	    "AUTHENTICATION-RESULTS: \"MX1.Example.com\" 1; DMARC=Pass "
	    "Header.From=Example.ORG\n" BORDER },
	{ "our id folded and with comments", &above, PROOF_PASS,
	    "Authentication-Results: (a)\n\tmx1.example.com\n\t(b);\n "
	    "dmarc\n\t=\n pass\n\theader . from = example.org\n" BORDER },
	{ "forged below", &above, PROOF_FORGED, BORDER PASS },
	{ "forged below a true pass", &above, PROOF_FORGED, PASS BORDER PASS },
	{ "forged below a true fail", &above, PROOF_FORGED, FAIL BORDER PASS },
	{ "a fail below is no less forged", &above, PROOF_FORGED,
	    PASS BORDER FAIL },
	{ "forged in upper case", &above, PROOF_FORGED,
	    BORDER "AUTHENTICATION-RESULTS: MX1.EXAMPLE.COM; dmarc=pass "
		   "header.from=example.org\n" },
	{ "forged with a version", &above, PROOF_FORGED,
	    BORDER "Authentication-Results: mx1.example.com 1; dmarc=pass\n" },
	{ "forged and broken", &above, PROOF_FORGED,
	    BORDER "Authentication-Results: mx1.example.com; dmarc=(\n" },
	{ "no id below is nobody's", &above, PROOF_PASS,
	    PASS BORDER "Authentication-Results: dmarc=fail\n" },
	{ "ARC's copy is none", &above, PROOF_NONE,
	    "ARC-Authentication-Results: i=1; mx1.example.com; dmarc=pass "
	    "header.from=example.org\n" BORDER },
	{ "a field with another name is none", &above, PROOF_NONE,
	    "X-Authentication-Results: mx1.example.com; dmarc=pass "
	    "header.from=example.org\n" BORDER },

	/* 4: what it says */
	{ "aligned DKIM", &above, PROOF_PASS,
	    RESULTS("dkim=pass header.d=example.org") BORDER },
	{ "aligned DKIM by identity", &above, PROOF_PASS,
	    RESULTS("dkim=pass header.i=ana@EXAMPLE.org") BORDER },
	{ "DKIM of another domain", &above, PROOF_NONE,
	    RESULTS("dkim=pass header.d=evil.example") BORDER },
	{ "DKIM of a domain below", &above, PROOF_NONE,
	    RESULTS("dkim=pass header.d=mail.example.org") BORDER },
	{ "DKIM of another, whose identity is ours", &above, PROOF_NONE,
	    RESULTS("dkim=pass header.i=@example.org "
		    "header.d=evil.example") BORDER },
	{ "DKIM of nobody", &above, PROOF_NONE, RESULTS("dkim=pass") BORDER },
	{ "DMARC of nobody", &above, PROOF_NONE, RESULTS("dmarc=pass") BORDER },
	{ "DMARC of another domain", &above, PROOF_FAIL,
	    RESULTS("dmarc=pass header.from=evil.example") BORDER },
	{ "DMARC of a domain above", &above, PROOF_FAIL,
	    RESULTS("dmarc=pass header.from=org") BORDER },
	{ "SPF alone", &above, PROOF_NONE, SPF BORDER },
	{ "SPF and DKIM of others", &above, PROOF_NONE,
	    RESULTS("spf=pass smtp.mailfrom=example.org; dkim=pass "
		    "header.d=list.example") BORDER },
	{ "other methods", &above, PROOF_NONE,
	    RESULTS("compauth=pass reason=100; arc=pass header.from="
		    "example.org; auth=pass") BORDER },
	{ "a guess", &above, PROOF_NONE,
	    RESULTS("dmarc=bestguesspass header.from=example.org") BORDER },
	{ "words that begin with pass", &above, PROOF_NONE,
	    RESULTS("dmarc=passed header.from=example.org") BORDER },
	{ "another version of a method", &above, PROOF_NONE,
	    RESULTS("dmarc/2=pass header.from=example.org") BORDER },
	{ "none", &above, PROOF_NONE, RESULTS("none") BORDER },
	{ "a pass in a comment", &above, PROOF_NONE,
	    RESULTS("spf=fail (x; dmarc=pass header.from=example.org) "
		    "smtp.helo=x") BORDER },
	{ "a pass in a quoted string", &above, PROOF_NONE,
	    RESULTS("spf=fail smtp.mailfrom=\"x; dmarc=pass "
		    "header.from=example.org\"@evil.example") BORDER },
	{ "a pass out of a comment that ended too early", &above, PROOF_NONE,
	    RESULTS("spf=fail (of a) ; dmarc=pass header.from=example.org; "
		    "x=y)") BORDER },
	{ "a broken line", &above, PROOF_NONE,
	    "Authentication-Results: mx1.example.com; dmarc=pass "
	    "header.from=example.org word\n" BORDER },
	{ "a broken line beside a good one", &above, PROOF_NONE,
	    PASS "Authentication-Results: mx1.example.com; spf=(\n" BORDER },
	{ "a broken line of whom?", &above, PROOF_NONE,
	    PASS "Authentication-Results: (\n" BORDER },
	{ "a broken line of another", &above, PROOF_PASS,
	    PASS "Authentication-Results: mx9.example; spf=(\n" BORDER },
	{ "two lines contradict", &above, PROOF_FAIL, PASS FAIL BORDER },
	{ "the other way round", &above, PROOF_FAIL, FAIL PASS BORDER },
	{ "one line contradicts itself", &above, PROOF_FAIL,
	    RESULTS("dmarc=pass header.from=example.org; dmarc=fail") BORDER },
	{ "pass and none", &above, PROOF_FAIL,
	    PASS RESULTS("dmarc=none") BORDER },
	{ "DKIM contradicts itself", &above, PROOF_FAIL,
	    RESULTS("dkim=pass header.d=example.org; dkim=fail "
		    "header.d=example.org") BORDER },
	{ "DKIM of others may fail", &above, PROOF_PASS,
	    RESULTS("dkim=pass header.d=example.org; dkim=fail "
		    "header.d=list.example") BORDER },
	{ "DMARC by SPF, with a broken signature", &above, PROOF_PASS,
	    RESULTS("dkim=fail header.d=example.org; spf=pass; dmarc=pass "
		    "header.from=example.org") BORDER },
	{ "DKIM passes, DMARC does not", &above, PROOF_FAIL,
	    RESULTS("dkim=pass header.d=example.org; dmarc=fail") BORDER },
	{ "DKIM passes, DMARC has no policy", &above, PROOF_PASS,
	    RESULTS("dkim=pass header.d=example.org; dmarc=none") BORDER },
	{ "two lines, one test each", &above, PROOF_PASS,
	    RESULTS("dkim=pass header.d=example.org") SPF PASS BORDER },

	/* 6: signatures */
	{ "a whole signature", &above, PROOF_PASS,
	    PASS BORDER SIGNED("d=example.org; " ALL) },
	{ "l=", &above, PROOF_NONE,
	    PASS BORDER SIGNED("d=example.org; l=9; " ALL) },
	{ "l= of a domain aligned with it", &above, PROOF_NONE,
	    PASS BORDER SIGNED("d=mail.EXAMPLE.org; l=9; " ALL) },
	{ "To is not signed", &above, PROOF_NONE,
	    PASS BORDER SIGNED("d=example.org; h=from:subject:date:"
			       "message-id") },
	{ "a weak one beside a whole one", &above, PROOF_NONE,
	    PASS BORDER SIGNED("d=example.org; " ALL)
		SIGNED("d=example.org; h=from") },
	{ "a weak one of another domain", &above, PROOF_PASS,
	    PASS BORDER SIGNED("d=list.example; l=1; h=from") },
	{ "one that cannot be read", &above, PROOF_NONE,
	    PASS BORDER SIGNED("d=example.org; d=list.example; " ALL) },
	{ "a weak one does not soften a fail", &above, PROOF_FAIL,
	    FAIL BORDER SIGNED("d=example.org; l=9; " ALL) },
	{ "nor a forgery", &above, PROOF_FORGED,
	    BORDER PASS SIGNED("d=example.org; l=9; " ALL) },

	/* results below: Gmail */
	{ "below: a pass", &below, PROOF_PASS, INNER BORDER PASS OUTER },
	{ "below: with lines of others between", &below, PROOF_PASS,
	    BORDER "Received-SPF: pass\n"
		   "Authentication-Results: mx9.example; none\n" PASS OUTER },
	{ "below: above is trusted as well", &below, PROOF_PASS, PASS BORDER },
	{ "below: a fail", &below, PROOF_FAIL, BORDER FAIL },
	{ "below: a pass after a fail", &below, PROOF_FAIL, BORDER FAIL PASS },
	{ "below: a fail after a pass", &below, PROOF_FAIL, BORDER PASS FAIL },
	{ "below: only the first may confirm", &below, PROOF_NONE,
	    BORDER SPF PASS },
	{ "below: nor by DKIM", &below, PROOF_NONE,
	    BORDER SPF RESULTS("dkim=pass header.d=example.org") },
	{ "below: a second that says nothing else", &below, PROOF_PASS,
	    BORDER PASS SPF },
	{ "below: forged under the next Received", &below, PROOF_FORGED,
	    BORDER PASS OUTER PASS },
	{ "below: forged, and none of the border", &below, PROOF_FORGED,
	    BORDER OUTER PASS },
	{ "below: forged under a signature", &below, PROOF_FORGED,
	    BORDER SIGNED("d=list.example; h=from") PASS },
	{ "below: no border", &below, PROOF_NONE, INNER PASS OUTER },

	/* 3: Exchange Online */
	{ "no id: a pass", &top, PROOF_PASS,
	    "Received: from y by a.prod.outlook.example; now\n"
	    "Received: from x by b.outlook.example; now\n"
	    "Authentication-Results: spf=pass smtp.mailfrom=x; dkim=none; "
	    "example.com; dmarc=pass action=none header.from=example.org;"
	    "compauth=pass reason=100\n" OUTER },
	{ "no id: the first decides", &top, PROOF_FAIL,
	    "Received: from y by a.outlook.example; now\n"
	    "Authentication-Results: dmarc=fail header.from=example.org\n"
	    "Authentication-Results: dmarc=pass header.from=example.org\n" },
	{ "no id: the first has one", &top, PROOF_NONE,
	    "Received: from y by a.outlook.example; now\n" PASS
	    "Authentication-Results: dmarc=pass header.from=example.org\n" },
	{ "no id: the first cannot be read", &top, PROOF_NONE,
	    "Received: from y by a.outlook.example; now\n"
	    "Authentication-Results: dmarc=pass header.from=(\n"
	    "Authentication-Results: dmarc=pass header.from=example.org\n" },
	{ "no id: another host on top", &top, PROOF_NONE,
	    OUTER "Received: from y by a.outlook.example; now\n"
		  "Authentication-Results: dmarc=pass header.from=example.org"
		  "\n" },
	{ "no id: a host that ends alike", &top, PROOF_NONE,
	    "Received: from y by evil-outlook.example; now\n"
	    "Authentication-Results: dmarc=pass header.from=example.org\n" },
	{ "no id: the domain alone", &top, PROOF_NONE,
	    "Received: from y by outlook.example; now\n"
	    "Authentication-Results: dmarc=pass header.from=example.org\n" },
	{ "no id: a Received that cannot be read", &top, PROOF_NONE,
	    "Received: from ( by a.outlook.example; now\n"
	    "Received: from y by a.outlook.example; now\n"
	    "Authentication-Results: dmarc=pass header.from=example.org\n" },
};

static enum proof
judge(const struct conf *c, const char *header, const char *from)
{
	const char *raw = arena_printf(
	    &a, "%s%sTo: s@example.com\nSubject: x\n\nx\n", header, from);
	const char *why = NULL;
	enum proof p;
	struct mail m;

	mail_parse(&a, raw, strlen(raw), &m);
	p = proof_of(&a, c, &m, &why);
	test_ok(why != NULL && *why != '\0', "it says why: %s", why);
	return p;
}

static void
test_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		enum proof got = judge(cases[i].conf, cases[i].header,
		    "From: Ana <ana@Example.org>\n");

		test_ok(got == cases[i].want, "%s: %s, not %s", cases[i].name,
		    proof_names[cases[i].want], proof_names[got]);
		arena_reset(&a);
	}
}

static void
test_senders(void)
{
	static const struct conf nobody = { 0 };

	test_ok(judge(&nobody, PASS BORDER, "From: ana@example.org\n") ==
		PROOF_NONE,
	    "no border server is named");
	test_ok(judge(&above, PASS BORDER, "") == PROOF_NONE, "no sender");
	test_ok(judge(&above, RESULTS("dmarc=pass header.from=") BORDER,
		    "From: ana\n") == PROOF_NONE,
	    "a sender without a domain");
	test_ok(judge(&above, PASS BORDER,
		    "From: ana@example.org, bob@example.org\n") == PROOF_NONE,
	    "two senders");
	test_ok(
	    judge(&above, PASS BORDER,
		"From: ana@example.org\nFrom: bob@example.org\n") == PROOF_NONE,
	    "two From");
	test_ok(judge(&above, PASS BORDER, "From: ana@www.example.org\n") ==
		PROOF_FAIL,
	    "a domain below the one that was tested");
}

/* So many lines that the one against it is not seen. */
static void
test_flood(void)
{
	struct buf b;

	buf_init(&b, 0);
	buf_str(&b, PASS BORDER);
	for (int i = 0; i < 100; i++)
		buf_str(&b, OUTER);
	buf_str(&b, SIGNED("d=example.org; l=1; h=from"));
	test_ok(judge(&above, buf_text(&b), "From: ana@example.org\n") ==
		PROOF_NONE,
	    "more lines than are read");
	buf_done(&b);
}

/* `deskd auth show` prints these. */
static void
test_lines(void)
{
	static const char raw[] = INNER PASS BORDER
	    "Authentication-Results: mx1.example.com; none\n"
	    "Authentication-Results: mx9.example; none\n" SIGNED(
		"d=example.org; l=9; h=from") "From: ana@example.org\n\nx\n";
	static const enum proof_line_kind want[] = { PROOF_IGNORED,
		PROOF_COUNTS, PROOF_BORDER, PROOF_AGAINST, PROOF_IGNORED,
		PROOF_AGAINST };
	struct proof_line lines[6];
	const char *why;
	struct mail m;

	mail_parse(&a, raw, sizeof(raw) - 1, &m);
	test_ok(m.trace_n == 6, "six lines");
	proof_lines(&a, &above, &m, lines, &why);
	for (size_t i = 0; i < 6; i++)
		test_ok(lines[i].kind == want[i], "line %zu %s: %s", i + 1,
		    proof_line_names[lines[i].kind], lines[i].why);
}

int
main(void)
{
	test_cases();
	test_senders();
	test_flood();
	test_lines();
	arena_done(&a);
	return test_end();
}
