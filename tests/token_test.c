/* Tokens: what proves, what does not, and for how long (RELIABILITY 3.4). */
#include "tests/test.h"

#include <ctype.h>
#include <stdlib.h>

#include "parser/hash.h"
#include "parser/token.h"

#define DAY   INT64_C(86400)
#define TODAY 1795392000 /* 2026-11-23 00:00 UTC */

#define BASE   "support@example.com"
#define DOMAIN "example.com"
#define ANA    "ana@example.com"

static struct arena a;

static const struct desk_keys keys = {
	.key = { [1] = "a key of thirty-two bytes, first",
	    [2] = "another key, made at a rotation." },
	.have = { [1] = true, [2] = true },
	.first = 1,
};

static const struct token sample = {
	.purpose = TOKEN_AGENT,
	.key = 1,
	.ticket = 1042,
	.principal = 7,
	.day = 1057,
	.sequence = 12,
};

static bool
same(const struct token *x, const struct token *y)
{
	return x->purpose == y->purpose && x->key == y->key &&
	    x->ticket == y->ticket && x->principal == y->principal &&
	    x->day == y->day && x->sequence == y->sequence;
}

static bool
proves(const char *text)
{
	return token_proves(&keys, text, DOMAIN, ANA);
}

static void
round_trip(const struct token *t, const char *name)
{
	char *text = token_make(&a, &keys, t, DOMAIN, ANA);
	struct token got = { 0 };

	test_ok(strlen(text) == TOKEN_CHARS &&
		strspn(text, "0123456789abcdefghjkmnpqrstvwxyz") == TOKEN_CHARS,
	    "%s: 39 characters", name);
	test_ok(token_read(text, &got) && same(&got, t), "%s: read", name);
	test_ok(proves(text), "%s: proves", name);
}

/* The form is a promise: what is in mailboxes today must prove tomorrow.  The
 * text was computed apart, with Python's hmac, from the description. */
static void
fixed(void)
{
	test_text(token_make(&a, &keys, &sample, DOMAIN, ANA),
	    "240g00000g9000070ggg032n4vke69pkwkrztcg", "the form of a token");
	test_text(token_short(&a, &keys, TOKEN_REQUESTER, 1042, ANA),
	    "08gpk2zd", "the form of a short mark");
	test_text(token_ref(&a, &keys, 1042, 3), "F4VQ-0TGT", "of a reference");
}

static void
extremes(void)
{
	struct token t = sample;

	round_trip(&t, "sample");
	t.ticket = (1LL << 40) - 1;
	t.principal = (1 << 24) - 1;
	t.day = t.sequence = 0xffff;
	t.purpose = TOKEN_PROBE;
	round_trip(&t, "all bits");
	t = (struct token){ .purpose = TOKEN_AGENT, .key = 1 };
	round_trip(&t, "no bits");
}

/* Each of the 195 bits of the characters, those behind the last byte too. */
static void
flipped(void)
{
	static const char digit[] = "0123456789abcdefghjkmnpqrstvwxyz";
	char *good = token_make(&a, &keys, &sample, DOMAIN, ANA);
	int proven = 0, tried = 0;

	for (size_t i = 0; i < TOKEN_CHARS; i++)
		for (int bit = 1; bit < 32; bit <<= 1, tried++) {
			char *bad = arena_strdup(&a, good);
			long v = strchr(digit, bad[i]) - digit;

			bad[i] = digit[v ^ bit];
			proven += proves(bad);
		}
	test_ok(tried == 195 && proven == 0, "%d of %d flipped bits prove",
	    proven, tried);
}

static void
others(void)
{
	struct desk_keys less = keys, swapped = keys;
	struct token t = sample;
	char *good = token_make(&a, &keys, &t, DOMAIN, ANA);
	char *note, *second;

	test_ok(!token_proves(&keys, good, "example.net", ANA), "a domain");
	test_ok(!token_proves(&keys, good, DOMAIN, "bob@example.com"),
	    "an address");
	test_ok(!token_proves(&keys, good, DOMAIN, ""), "no address");
	test_ok(!token_proves(&keys, good, "example.comana@", "example.com"),
	    "the same letters, divided elsewhere");
	test_ok(token_proves(&keys, good, "EXAMPLE.com", "Ana@Example.COM"),
	    "but in any case");
	t.purpose = TOKEN_NOTE;
	note = token_make(&a, &keys, &t, DOMAIN, ANA);
	test_ok(memcmp(note + 24, good + 24, 15) != 0, "a purpose");
	less.have[1] = false;
	test_ok(!token_proves(&less, good, DOMAIN, ANA), "a revoked key");
	memset(less.key[1], 0, DESK_KEY);
	less.first = 3;
	second = token_make(&a, &less, &t, DOMAIN, ANA);
	test_ok(!proves(second), "a slot without a key proves nothing");
	swapped.first = 2;
	second = token_make(&a, &swapped, &sample, DOMAIN, ANA);
	test_ok(proves(second) && strcmp(second, good) != 0,
	    "the second key proves as well");
	memcpy(swapped.key[1], keys.key[2], DESK_KEY);
	test_ok(!token_proves(&swapped, good, DOMAIN, ANA),
	    "the right slot with another key");
}

static void
spelling(void)
{
	struct token t = sample, got;
	char *text = NULL, *odd;
	int changed = 0;

	/* one that has both digits that letters are read as */
	for (t.sequence = 0; text == NULL || strchr(text + 24, '0') == NULL ||
	     strchr(text + 24, '1') == NULL;
	     t.sequence++)
		text = token_make(&a, &keys, &t, DOMAIN, ANA);
	odd = arena_strdup(&a, text);
	for (char *p = odd; *p != '\0'; p++)
		*p = (char)toupper((unsigned char)*p);
	test_ok(proves(odd), "upper case");
	for (char *p = odd; *p != '\0'; p++) {
		static const char one[] = "lIiL", zero[] = "oO";

		if (*p == '1')
			*p = one[changed++ % 4];
		else if (*p == '0')
			*p = zero[changed++ % 2];
	}
	test_ok(changed > 1 && proves(odd), "o for 0, i and l for 1");
	odd = arena_printf(&a, "support+%s@example.com", odd);
	odd = token_of_address(&a, BASE, odd);
	test_text(odd == NULL ? "" : odd, text,
	    "one way to write it, so that its hash is one");
	test_ok(!token_read("", &got), "empty");
	test_ok(!token_read(arena_strndup(&a, text, 38), &got), "38");
	test_ok(!token_read(arena_printf(&a, "%s0", text), &got), "40");
	odd = arena_strdup(&a, text);
	odd[20] = 'u';
	test_ok(!token_read(odd, &got) && !proves(odd), "u is no digit");
	odd[20] = '-';
	test_ok(!token_read(odd, &got), "nor is a dash");
}

/* Versions and purposes that we do not know. */
static void
unknown(void)
{
	char *text = token_make(&a, &keys, &sample, DOMAIN, ANA);
	struct token t = sample, got;

	text[0] = '4'; /* 0010 0... : version 2 */
	test_ok(!token_read(text, &got) && !proves(text), "version 2");
	text[0] = '0';
	test_ok(!token_read(text, &got), "version 0");
	for (int p = 0; p <= 255; p++) {
		bool known = p > 0 && p < TOKEN_ID;

		t.purpose = (enum token_purpose)p;
		text = token_make(&a, &keys, &t, DOMAIN, ANA);
		if (token_read(text, &got) != known || proves(text) != known)
			test_ok(0, "purpose %d", p);
	}
}

static bool
fresh(enum token_purpose purpose, int64_t issued, int64_t age)
{
	struct token t = { .purpose = purpose, .day = token_day(issued) };

	return token_fresh(&t, issued + age);
}

static void
ages(void)
{
	static const struct {
		enum token_purpose purpose;
		int64_t life;
		const char *name;
	} row[] = {
		{ TOKEN_AGENT, 14 * DAY, "agent 14 d" },
		{ TOKEN_NOTE, 30 * DAY, "note 30 d" },
		{ TOKEN_ESCALATE, DAY, "escalate 24 h" },
		{ TOKEN_REQUESTER, 365 * DAY, "requester 365 d" },
		{ TOKEN_VENDOR, 365 * DAY, "vendor 365 d" },
		{ TOKEN_RELEASE, 3600, "release 1 h" },
		{ TOKEN_VERP, 14 * DAY, "verp 14 d" },
		{ TOKEN_WITNESS, DAY, "witness 1 d" },
		{ TOKEN_PROBE, DAY, "probe 1 d" },
	};
	struct token t = { .purpose = TOKEN_AGENT };

	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		enum token_purpose p = row[i].purpose;
		int64_t late = TODAY + DAY - 1, n = row[i].life;

		test_ok(fresh(p, TODAY, 0) && fresh(p, late, n),
		    "%s: at once, and to its end", row[i].name);
		test_ok(!fresh(p, late, n + 1) && !fresh(p, TODAY, n + DAY),
		    "%s: at most a day longer", row[i].name);
	}
	t.day = token_day(TODAY) + 1;
	test_ok(token_fresh(&t, TODAY), "of tomorrow: our clocks differ");
	t.day++;
	test_ok(!token_fresh(&t, TODAY), "of the day after: no");
	t = (struct token){ .purpose = (enum token_purpose)0,
		.day = token_day(TODAY) };
	test_ok(!token_fresh(&t, TODAY), "no purpose");
	t.purpose = TOKEN_PURPOSES;
	test_ok(!token_fresh(&t, TODAY), "nor one that is none");
	test_ok(token_day(1704067200) == 0 && token_day(1704067199) == 0 &&
		token_day(1704067200 + DAY) == 1 && token_day(0) == 0,
	    "days count from 2024");
	test_ok(token_day(INT64_MAX) == 0xffff && token_day(INT64_MIN) == 0,
	    "in 16 bits");
}

static void
place(
    const char *base, const char *address, const char *token, const char *what)
{
	char *got = token_of_address(&a, base, address);

	test_text(got == NULL ? "" : got, token, "%s", what);
}

static void
addresses(void)
{
	char *t = token_make(&a, &keys, &sample, DOMAIN, ANA);
	const char *help = "@help.example.com";

	test_text(token_address(&a, BASE, t),
	    arena_printf(&a, "support+%s@example.com", t), "plus");
	test_text(token_address(&a, help, t),
	    arena_printf(&a, "%s@help.example.com", t), "catch-all");
	place(BASE, token_address(&a, BASE, t), t, "plus: found again");
	place(help, token_address(&a, help, t), t, "catch-all: found again");
	place(BASE, arena_printf(&a, "Support+%s@EXAMPLE.com", t), t, "case");
	place(BASE, arena_printf(&a, "support+r.%s@example.com", t), t, "r.");
	place(BASE, arena_printf(&a, "support+b.x.%s@example.com", t), t,
	    "two words");
	place(BASE, arena_printf(&a, "sales+%s@example.com", t), "",
	    "somebody else's");
	place(BASE, arena_printf(&a, "support+%s@example.net", t), "",
	    "another domain");
	place(
	    BASE, arena_printf(&a, "support%s@example.com", t), "", "no plus");
	place(BASE, arena_printf(&a, "%s@example.com", t), "", "no name");
	place(BASE, arena_printf(&a, "support+%s0@example.com", t), "", "40");
	place(BASE, arena_printf(&a, "support+%s@@example.com", t), "", "@@");
	place(BASE, "support+@example.com", "", "nothing");
	place(BASE, "support+vpn@example.com", "", "a word");
	place(BASE, BASE, "", "only the address");
	place(BASE, "", "", "empty");
	place(BASE, "support+", "", "no domain");
	place("", arena_printf(&a, "support+%s@example.com", t), "", "no base");
	place(help, "@help.example.com", "", "no local part");
}

static void
shorts(void)
{
	struct desk_keys rotated = keys, revoked = keys;
	char *s = token_short(&a, &keys, TOKEN_REQUESTER, 1042, ANA), *bad;

	test_ok(strlen(s) == TOKEN_SHORT, "8 characters");
#define SHORT(k, s, p, n, x) token_short_proves(&(k), s, TOKEN_##p, n, x)
	test_ok(SHORT(keys, s, REQUESTER, 1042, ANA), "proves");
	test_ok(SHORT(keys, s, REQUESTER, 1042, "ANA@example.com"), "any case");
	test_ok(!SHORT(keys, s, REQUESTER, 1043, ANA), "another ticket");
	test_ok(!SHORT(keys, s, REQUESTER, 1042, "b@example.com"), "address");
	test_ok(!SHORT(keys, s, AGENT, 1042, ANA), "another purpose");
	test_ok(!SHORT(keys, "", REQUESTER, 1042, ANA), "empty");
	test_ok(!SHORT(keys, arena_printf(&a, "%s0", s), REQUESTER, 1042, ANA),
	    "longer");
	rotated.first = 2;
	test_ok(SHORT(rotated, s, REQUESTER, 1042, ANA), "an older key");
	test_ok(strcmp(token_short(&a, &rotated, TOKEN_REQUESTER, 1042, ANA),
		    s) != 0,
	    "the first key makes");
	revoked.have[1] = false;
	test_ok(!SHORT(revoked, s, REQUESTER, 1042, ANA), "a revoked key");
	for (int i = 0; i < TOKEN_SHORT; i++) {
		bad = arena_strdup(&a, s);
		bad[i] = bad[i] == '2' ? '3' : '2';
		test_ok(!SHORT(keys, bad, REQUESTER, 1042, ANA), "at %d", i);
	}
}

static void
refs(void)
{
	struct desk_keys rotated = keys, revoked = keys;
	char *r = token_ref(&a, &keys, 1042, 3), *bad;

	rotated.first = 2;
	revoked.have[1] = false;
	test_ok(strlen(r) == 9 && r[4] == '-', "a reference: %s", r);
	test_ok(token_is_ref(&keys, r), "knows itself");
	test_ok(token_is_ref(&keys, arena_printf(&a, "%s) --", r)),
	    "with a line behind it");
	bad = arena_strdup(&a, r);
	for (char *p = bad; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	test_ok(token_is_ref(&keys, bad), "in lower case");
	test_ok(token_is_ref(&rotated, r), "of an older key");
	test_ok(!token_is_ref(&revoked, r), "not of a revoked one");
	test_ok(strcmp(token_ref(&a, &keys, 1042, 4), r) != 0 &&
		strcmp(token_ref(&a, &keys, 1043, 3), r) != 0 &&
		strcmp(token_ref(&a, &keys, 1042, 3), r) == 0,
	    "another for each letter");
	test_ok(!token_is_ref(&keys, arena_strndup(&a, r, 8)), "cut off");
	test_ok(!token_is_ref(&keys, "") && !token_is_ref(&keys, "7F3K 9QXM") &&
		!token_is_ref(&keys, "UUUU-UUUU"),
	    "no form");
	for (int i = 0; i < 9; i++) {
		bad = arena_strdup(&a, r);
		bad[i] = bad[i] == '2' ? '3' : '2';
		test_ok(!token_is_ref(&keys, bad), "changed at %d", i);
	}
}

static void
names(void)
{
	char got[TOKEN_NAME + 1];

	token_name("abc", 3, got); /* FIPS 180-2 B.1 */
	test_text(got, "ba7816", "the name of a token is of its hash");
}

int
main(void)
{
	fixed();
	extremes();
	flipped();
	others();
	spelling();
	unknown();
	ages();
	addresses();
	shorts();
	refs();
	names();
	arena_reset(&a);
	return test_end();
}
