/*
 * Who may act for an agent: every shape of From, every word of the border
 * server, every token, old and new, as real mails.  What must come out is said
 * below in plain words, by nothing that the program uses.
 */
#include <stdlib.h>

#include "rules/authority.h"
#include "rules/phrase.h"
#include "tests/test.h"

#define BORDER "Received: from x (x [192.0.2.1]) by mx1.example.com; now\n"
#define MX1    "Authentication-Results: mx1.example.com; "
#define PASS   MX1 "dmarc=pass header.from=example.com\n"
#define FAIL   MX1 "dmarc=fail header.from=example.com\n"

static struct arena a;
static int cases;

static const char *ana_emails[] = { "ana@example.com" };
static const char *bob_emails[] = { "bob@example.com" };
static struct conf_agent agents[] = {
	{ .name = "ana", .emails = ana_emails, .emails_n = 1 },
	{ .name = "bob", .emails = bob_emails, .emails_n = 1 },
};
#define ANA (&agents[0])
#define BOB (&agents[1])

/* The four kinds of site. */
static struct conf sites[] = {
	{ .auth = { .unproven = UNPROVEN_CHALLENGE } },
	{ .auth = { .named = true, .unproven = UNPROVEN_CHALLENGE } },
	{ .auth = { .named = true, .unproven = UNPROVEN_NOTE } },
	{ .auth = { .named = true, .unproven = UNPROVEN_REFUSE } },
};

static const struct shape {
	const char *name, *header;
	bool ana;   /* the first address there is hers */
	bool alone; /* there is one address */
	bool plain; /* as a mail client writes it */
} shapes[] = {
	{ "exact", "From: Ana Silva <ana@example.com>\n", true, true, true },
	{ "her name, a stranger's address",
	    "From: \"Ana ana@example.com\" <eve@evil.example>\n", false, true,
	    true },
	{ "upper case", "From: ANA@EXAMPLE.COM\n", true, true, true },
	{ "plus tag", "From: ana+x@example.com\n", false, true, true },
	{ "two addresses", "From: ana@example.com, eve@evil.example\n", true,
	    false, false },
	{ "two fields", "From: ana@example.com\nFrom: eve@evil.example\n", true,
	    false, false },
	{ "a group", "From: Team: ana@example.com;\n", true, true, false },
	{ "quoted local part", "From: \"ana\"@example.com\n", true, true,
	    false },
	{ "homograph", "From: ana@ex\xd0\xb0mple.com\n", false, true, false },
	{ "sub-domain", "From: ana@mail.example.com\n", false, true, true },
	{ "only in Reply-To",
	    "From: eve@evil.example\nReply-To: ana@example.com\n", false, true,
	    true },
	{ "empty", "From: \n", false, false, false },
};

/* What a site that has named its border server must take it for. */
enum word {
	GOOD,
	BAD,
	SILENT
};
static const struct state {
	const char *name, *header;
	enum word word;
} states[] = {
	{ "pass", PASS BORDER, GOOD },
	{ "fail", FAIL BORDER, BAD },
	{ "none", MX1 "dmarc=none header.from=example.com\n" BORDER, SILENT },
	{ "forged below the boundary", BORDER PASS, BAD },
	{ "other id",
	    "Authentication-Results: mx9.example.com; dmarc=pass "
	    "header.from=example.com\n" BORDER,
	    SILENT },
	{ "upper case id",
	    "AUTHENTICATION-RESULTS: MX1.EXAMPLE.COM; DMARC=PASS "
	    "HEADER.FROM=EXAMPLE.COM\n" BORDER,
	    GOOD },
	{ "folded",
	    "Authentication-Results:\n mx1.example.com\n\t(x);\n dmarc=pass\n"
	    "\t(p=none)\n header.from=example.com\n" BORDER,
	    GOOD },
	{ "contradictory", PASS FAIL BORDER, BAD },
	{ "SPF only", MX1 "spf=pass smtp.mailfrom=example.com\n" BORDER,
	    SILENT },
	{ "compauth", MX1 "compauth=pass header.from=example.com\n" BORDER,
	    SILENT },
	{ "no boundary", PASS "Received: from x by mbox.example.com; now\n",
	    SILENT },
	{ "ARC",
	    "ARC-Authentication-Results: i=1; mx1.example.com; dmarc=pass "
	    "header.from=example.com\n" BORDER,
	    SILENT },
};

/* All tokens are of ana, but for one. */
enum held {
	NO_TOKEN,
	HER_TOKEN,
	HER_NOTE,
	HER_RELEASE,
	BOBS_TOKEN,
	OLD_TOKEN,
	WRONG_TOKEN,
	REQUESTERS_TOKEN,
	LETTER_ANSWERED,
	HELDS
};
static const struct {
	enum token_state state;
	enum token_purpose purpose;
	const struct conf_agent *principal;
} tokens[HELDS] = {
	[NO_TOKEN] = { TOKEN_NONE, 0, NULL },
	[HER_TOKEN] = { TOKEN_VALID, TOKEN_AGENT, ANA },
	[HER_NOTE] = { TOKEN_VALID, TOKEN_NOTE, ANA },
	[HER_RELEASE] = { TOKEN_VALID, TOKEN_RELEASE, ANA },
	[BOBS_TOKEN] = { TOKEN_VALID, TOKEN_AGENT, BOB },
	[OLD_TOKEN] = { TOKEN_EXPIRED, TOKEN_AGENT, ANA },
	[WRONG_TOKEN] = { TOKEN_BAD, TOKEN_AGENT, NULL },
	[REQUESTERS_TOKEN] = { TOKEN_VALID, TOKEN_REQUESTER, NULL },
	[LETTER_ANSWERED] = { TOKEN_NONE, 0, NULL },
};

struct cell {
	const struct conf *site;
	const struct shape *shape;
	const struct state *state;
	enum held held;
	bool fresh, tagged;
};

/* Nobody vouches for her, though somebody should: what the site wants then. */
static enum authority
unproven(const struct conf *site)
{
	if (site->auth.unproven == UNPROVEN_NOTE)
		return AUTHORITY_NOTE;
	return site->auth.unproven == UNPROVEN_REFUSE ? AUTHORITY_HELD
						      : AUTHORITY_CHALLENGE;
}

/* What comes of ana's own mail, when nothing speaks against her. */
static enum authority
of_ana(const struct cell *c, bool vouched)
{
	bool site_asks = c->site->auth.named;

	switch (c->held) {
	case HER_TOKEN:
	case HER_NOTE:
		if (!c->fresh)
			return AUTHORITY_HELD;
		if (vouched)
			return AUTHORITY_EXECUTE;
		return site_asks ? unproven(c->site) : AUTHORITY_TICKET;
	case HER_RELEASE:
		return c->fresh ? AUTHORITY_EXECUTE : AUTHORITY_HELD;
	case LETTER_ANSWERED:
		if (!c->fresh)
			return AUTHORITY_HELD;
		return vouched ? AUTHORITY_EXECUTE : AUTHORITY_CHALLENGE;
	case BOBS_TOKEN:
		return vouched && c->fresh ? AUTHORITY_NOTE : AUTHORITY_HELD;
	case OLD_TOKEN:
		return vouched || !site_asks ? AUTHORITY_RENEW : AUTHORITY_HELD;
	case WRONG_TOKEN:
		return AUTHORITY_HELD;
	case NO_TOKEN:
	case REQUESTERS_TOKEN:
	case HELDS:
		break;
	}
	/* Where nobody is asked he can ask for something, as anybody can. */
	if (!vouched)
		return site_asks ? AUTHORITY_HELD : AUTHORITY_REQUESTER;
	return c->tagged ? AUTHORITY_NOTE : AUTHORITY_REQUESTER;
}

/* The oracle. */
static enum authority
expected(const struct cell *c)
{
	bool agents_token = c->held == HER_TOKEN || c->held == HER_NOTE ||
	    c->held == HER_RELEASE || c->held == BOBS_TOKEN;
	/* the border speaks of one sender, or of none */
	bool heard = c->site->auth.named && c->shape->alone;

	/* A stranger is a requester; with a letter to an agent he is more. */
	if (!c->shape->ana)
		return agents_token ? AUTHORITY_LEAK : AUTHORITY_REQUESTER;
	/* A token in a mail that is proven to be forged is a crime. */
	if ((agents_token || c->held == LETTER_ANSWERED) && heard &&
	    c->state->word == BAD)
		return AUTHORITY_SPOOF;
	/* What others may read otherwise acts for nobody. */
	if (!c->shape->plain)
		return AUTHORITY_HELD;
	return of_ana(c, heard && c->state->word == GOOD);
}

/* Each reason has words for agents. */
static bool
is_told(const char *why)
{
	struct arena own = { 0 };
	bool told = strcmp(phrase_again(&own, "de", why), why) != 0;

	arena_done(&own);
	return told || strcmp(why, "no agent") == 0;
}

static const char *const authorities[] = { "requester", "execute", "ticket",
	"note", "challenge", "held", "spoof", "leak", "renew" };

static bool
cell_right(const struct cell *c, const struct mail *m, enum proof proof)
{
	struct authority_ask ask = {
		.conf = c->site,
		.sender = m->from_addr == NULL
		    ? NULL
		    : conf_agent_by_address(c->site, m->from_addr),
		.one_sender = authority_one_sender(m),
		.token = tokens[c->held].state,
		.purpose = tokens[c->held].purpose,
		.principal = tokens[c->held].principal,
		.may_see = true,
		.tagged = c->tagged,
		.fresh = c->fresh,
		.own_id = c->held == LETTER_ANSWERED,
		.proof = proof,
		.needs_proof = c->site->auth.named,
	};
	struct authority_answer got;
	enum authority want = expected(c);

	cases++;
	authority_decide(&ask, &got);
	if (!is_told(got.why))
		printf("# \"%s\" is English only\n", got.why);
	else if (got.authority == want)
		return true;
	printf("# token %d, %s, %s: %s, not %s (%s)\n", (int)c->held,
	    c->fresh ? "fresh" : "stale", c->tagged ? "tagged" : "untagged",
	    authorities[want], authorities[got.authority], got.why);
	return false;
}

/* One mail, with every token. */
static void
test_mail(const struct conf *site, const struct shape *s, const struct state *t)
{
	const char *why,
	    *raw = arena_printf(&a,
		"%s%sTo: support@example.com\nSubject: x\nDate: Mon, 23 Nov 2026 "
		"09:00:00 +0000\nMessage-ID: <1@example.com>\n\n#close\n",
		t->header, s->header);
	struct cell c = { .site = site, .shape = s, .state = t };
	enum proof proof;
	bool right = true;
	struct mail m;

	mail_parse(&a, raw, strlen(raw), &m);
	proof = proof_of(&a, site, &m, &why);
	for (int held = 0; held < HELDS; held++)
		for (int bits = 0; bits < 4; bits++) {
			c.held = (enum held)held;
			c.fresh = (bits & 1) != 0;
			c.tagged = (bits & 2) != 0;
			right &= cell_right(&c, &m, proof);
		}
	test_ok(right, "site %d: From %s, results %s: %s (%s)",
	    (int)(site - sites), s->name, t->name, proof_names[proof], why);
	arena_reset(&a);
}

#define COUNT(x) (sizeof(x) / sizeof(*(x)))

static void
test_matrix(void)
{
	for (size_t i = 0; i < COUNT(sites); i++) {
		struct conf *c = &sites[i];

		c->agents = agents;
		c->agents_n = COUNT(agents);
		c->auth.trust = c->auth.named ? TRUST_AUTHSERV_ID : TRUST_NONE;
		c->auth.authserv_id = c->auth.boundary_by = "mx1.example.com";
		for (size_t k = 0; k < COUNT(shapes); k++)
			for (size_t j = 0; j < COUNT(states); j++)
				test_mail(c, &shapes[k], &states[j]);
	}
	test_ok(cases >= 3000, "%d cases", cases);
}

/* What no combination of anything may bring about. */
static struct {
	long asked, execute, unproven, stranger, suspended, twins, stale, bad,
	    blind, others, alone;
} sum;

static void
weigh(const struct authority_ask *ask)
{
	struct authority_answer r;
	bool acts, speaks;

	authority_decide(ask, &r);
	acts = r.authority == AUTHORITY_EXECUTE ||
	    r.authority == AUTHORITY_TICKET;
	speaks = acts || r.authority == AUTHORITY_NOTE;
	sum.asked++;
	sum.execute += acts;
	sum.unproven += r.authority == AUTHORITY_EXECUTE &&
	    ask->proof != PROOF_PASS && ask->purpose != TOKEN_RELEASE;
	sum.stranger += speaks && ask->sender == NULL;
	sum.suspended += speaks && ask->suspended;
	sum.twins += speaks && !ask->one_sender;
	sum.stale += acts && !ask->fresh;
	sum.bad += speaks &&
	    (ask->proof == PROOF_FAIL || ask->proof == PROOF_FORGED);
	sum.blind += speaks && !ask->may_see && ask->purpose != TOKEN_RELEASE;
	sum.others += acts && ask->token == TOKEN_VALID &&
	    ask->purpose != TOKEN_REQUESTER && ask->principal != ask->sender &&
	    !ask->own_id;
	sum.alone += acts && ask->token != TOKEN_VALID && !ask->own_id;
}

static void
flags(struct authority_ask ask)
{
	for (int bits = 0; bits < 1 << 7; bits++) {
		ask.one_sender = (bits & 1) != 0;
		ask.suspended = (bits & 2) != 0;
		ask.may_see = (bits & 4) != 0;
		ask.tagged = (bits & 8) != 0;
		ask.fresh = (bits & 16) != 0;
		ask.own_id = (bits & 32) != 0;
		ask.needs_proof = (bits & 64) != 0;
		weigh(&ask);
	}
}

static void
test_never(void)
{
	static const struct conf_agent *const people[] = { NULL, ANA, BOB };

	for (int i = 0; i < 4 * TOKEN_PURPOSES * PROOF_COUNT * 9; i++) {
		int n = i;
		struct authority_ask ask = { .conf = &sites[0] };

		ask.token = (enum token_state)(n % 4);
		n /= 4;
		ask.purpose = (enum token_purpose)(n % TOKEN_PURPOSES);
		n /= TOKEN_PURPOSES;
		ask.proof = (enum proof)(n % PROOF_COUNT);
		n /= PROOF_COUNT;
		ask.sender = people[n % 3];
		ask.principal = people[n / 3];
		flags(ask);
	}
	test_ok(sum.execute > 0, "%ld of %ld act", sum.execute, sum.asked);
	test_ok(sum.unproven == 0, "none for all without a pass");
	test_ok(sum.stranger == 0, "none of a stranger");
	test_ok(sum.suspended == 0, "none of a suspended agent");
	test_ok(sum.twins == 0, "none of two senders");
	test_ok(sum.stale == 0, "none that is old");
	test_ok(sum.bad == 0, "none that failed");
	test_ok(sum.blind == 0, "none who may not see the ticket");
	test_ok(sum.others == 0, "none with another's token");
	test_ok(sum.alone == 0, "none without a token");
}

/* What the answer says of whom to tell. */
static void
test_told(void)
{
	struct authority_ask ask = { .conf = &sites[0],
		.one_sender = true,
		.token = TOKEN_VALID,
		.purpose = TOKEN_AGENT,
		.principal = ANA,
		.may_see = true,
		.fresh = true,
		.proof = PROOF_PASS };
	struct authority_answer r;

	authority_decide(&ask, &r);
	test_ok(r.authority == AUTHORITY_LEAK && r.agent == ANA,
	    "a leak: whose letter it was");
	ask.sender = BOB;
	authority_decide(&ask, &r);
	test_ok(r.authority == AUTHORITY_NOTE && r.agent == BOB,
	    "a note: who wrote it");
	ask.proof = PROOF_FORGED;
	authority_decide(&ask, &r);
	test_ok(r.authority == AUTHORITY_SPOOF && r.agent == NULL,
	    "a forgery: nobody");
	ask.proof = PROOF_PASS;
	ask.suspended = true;
	authority_decide(&ask, &r);
	test_ok(r.authority == AUTHORITY_HELD && r.agent == NULL,
	    "suspended: nobody");
}

static const struct {
	const char *name, *from, *rest; /* NULL: as it should be */
	bool one;
} senders[] = {
	{ "plain", "ana@example.com", NULL, true },
	{ "angles", "<ana@example.com>", NULL, true },
	{ "words", "Ana M. Silva <ana@example.com>", NULL, true },
	{ "quotes", "\"Silva, Ana (\\\"IT\\\")\" <ana@example.com>", NULL,
	    true },
	{ "an encoded word", "=?utf-8?Q?=C3=84na?= <ana@example.com>", NULL,
	    true },
	{ "folded", "Ana\n\t<ana@example.com>", NULL, true },
	{ "a comment", "ana@example.com (Ana)", NULL, false },
	{ "a comment before", "(x) ana@example.com", NULL, false },
	{ "a comment in it", "ana(x)@example.com", NULL, false },
	{ "two in angles", "<eve@evil.example> <ana@example.com>", NULL,
	    false },
	{ "one outside", "eve@evil.example <ana@example.com>", NULL, false },
	{ "a route", "<@evil.example:ana@example.com>", NULL, false },
	{ "text behind", "<ana@example.com> x", NULL, false },
	{ "an open quote", "\"Ana <ana@example.com>", NULL, false },
	{ "8 bit", "\xc3\x84na <ana@example.com>", NULL, false },
	{ "a literal", "ana@[192.0.2.1]", NULL, false },
	{ "two dots", "ana..x@example.com", NULL, false },
	{ "no Subject", "ana@example.com",
	    "To: s@example.com\nDate: Mon, 23 Nov 2026 09:00:00 +0000\n"
	    "Message-ID: <1@example.com>\n",
	    false },
	{ "no Message-ID", "ana@example.com",
	    "To: s@example.com\nDate: Mon, 23 Nov 2026 09:00:00 +0000\n"
	    "Subject: x\n",
	    false },
};

#define GOOD_REST                                                    \
	"To: s@example.com\nDate: Mon, 23 Nov 2026 09:00:00 +0000\n" \
	"Message-ID: <1@example.com>\nSubject: x\n"

static bool
one(const char *from, const char *rest, const char *more)
{
	const char *raw = arena_printf(
	    &a, "From: %s\n%s%s\nx\n", from, rest, more);
	struct mail m;

	mail_parse(&a, raw, strlen(raw), &m);
	return authority_one_sender(&m);
}

static void
test_senders(void)
{
	static const char *const twice[] = { "To: a@b.example\n",
		"to : a@b.example\n", "Subject: y\n", "Date: x\n",
		"Message-ID: <2@x>\n",
		"Reply-To: a@b.example\nReply-To: a@b.example\n",
		"Sender: a@b.example\nSender: a@b.example\n",
		"Content-Type: text/plain\nContent-Type: text/html\n",
		"Cc: \xe4@b.example\n", "no field\n" };

	for (size_t i = 0; i < COUNT(senders); i++)
		test_ok(
		    one(senders[i].from,
			senders[i].rest == NULL ? GOOD_REST : senders[i].rest,
			"") == senders[i].one,
		    "%s sender: %s", senders[i].one ? "one" : "no",
		    senders[i].name);
	test_ok(one("ana@example.com", GOOD_REST,
		    "Reply-To: a@b.example\nCc: a@b.example\n"
		    "X-Odd: \xe4\nX-Odd: y\n"),
	    "what may stand may stand");
	for (size_t i = 0; i < COUNT(twice); i++)
		test_ok(!one("ana@example.com", GOOD_REST, twice[i]),
		    "not with %.*s", (int)strcspn(twice[i], ":\n"), twice[i]);
}

int
main(void)
{
	test_matrix();
	test_never();
	test_told();
	test_senders();
	arena_done(&a);
	return test_end();
}
