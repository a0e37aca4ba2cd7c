/*
 * What rules cost: 500 of them over an ordinary mail, and slow patterns over
 * hostile ones.  CPU time, the best of several runs, so that a busy machine
 * does not fail it.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/clock.h"
#include "daemon/zones.h"
#include "parser/limits.h"
#include "rules/evaluate.h"
#include "tests/test.h"

#define RULES 500
#define RUNS  40

#if defined(__SANITIZE_ADDRESS__)
#define SLOW 20
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SLOW 20
#endif
#endif
#ifndef SLOW
#define SLOW 1
#endif

static int64_t
cpu(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static int
give(void *ctx, struct arena *a, const char *path, char **data, size_t *n,
    struct err *e)
{
	(void)path;
	(void)e;
	*data = arena_strdup(a, ctx);
	*n = strlen(*data);
	return 0;
}

/* Nine of ten rules with word lists, the tenth with a pattern. */
static void
write_rules(struct buf *out)
{
	buf_str(out,
	    "address support@example.com\n"
	    "agent ana { email ana@example.com }\n"
	    "team desk { members ana }\n");
	for (int i = 0; i < RULES; i++) {
		if (i % 10 != 9)
			buf_printf(out,
			    "rule r%d { when text has alpha%d beta%d "
			    "\"gamma%d delta%d\" epsilon%d zeta%d\n"
			    " set category c%d; tag t%d }\n",
			    i, i, i, i, i, i, i, i, i);
		else
			buf_printf(out,
			    "rule r%d { when text /\\b(?:kappa%d|lambda%d)\\b"
			    ".{0,40}\\b(?:lost|broken|gone)\\b/i\n"
			    " set category c%d }\n",
			    i, i, i, i);
	}
	buf_str(out, "rule found { when text has printer; tag found }\n");
}

/* With the zones and holidays of this machine. */
static int
build_book(struct arena *a, const struct conf *c, struct conf_report *rep,
    struct rulebook **out)
{
	struct hours_source hours = zones_source(a, c);

	return rulebook_build(a, c, &hours, rep, out);
}

struct place {
	struct arena arena;
	struct arena mail; /* of the last run */
	struct rulebook *book;
	struct matcher *matcher;
};

static bool
build(struct place *p, const char *text)
{
	union {
		const char *in;
		void *out;
	} ctx = { .in = text };
	struct conf_source src = { .read = give, .ctx = ctx.out };
	struct conf_report rep = { 0 };
	struct conf *c;

	p->matcher = matcher_new(cpu);
	matcher_wall(p->matcher, clock_wall);
	return conf_load(&p->arena, "speed.conf", &src, &c, &rep) == 0 &&
	    build_book(&p->arena, c, &rep, &p->book) == 0;
}

/* The cheapest of some runs, in microseconds; *v is the last. */
static int64_t
ask(struct place *p, struct mail *m, int runs, struct evaluation *v)
{
	int64_t best = INT64_MAX;

	for (int i = 0; i < runs; i++) {
		struct ticket t = ticket_blank;
		struct facts f = { .mail = m,
			.ticket = &t,
			.mailbox = "",
			.matcher = p->matcher };
		struct decision d;
		struct err e = { 0 };
		int64_t since = cpu(), took;

		t.subject = m->subject;
		arena_reset(&p->mail);
		decision_init(&d, &p->mail, 0, "test");
		rules_evaluate(p->book, &f, &d, v, &e);
		took = cpu() - since;
		if (took < best)
			best = took;
	}
	return best;
}

static void
test_many(void)
{
	static const char body[] =
	    "Hello,\n\nsince this morning the printer on the second floor does "
	    "not print any more. It shows a yellow light and the words paper "
	    "jam, but there is no paper in it. We have switched it off and on "
	    "twice. Could somebody have a look at it before noon, please? We "
	    "need it for the contracts of today. My telephone number is 4711 "
	    "and I am in room 2.17 until five.\n\nThank you and kind regards\n"
	    "Maria Gomez\n";
	struct place p = { 0 };
	struct buf text, long_body;
	struct mail m = { .subject = "Printer on the second floor" };
	struct evaluation v;
	int64_t took;

	buf_init(&text, 1 << 20);
	buf_init(&long_body, 1 << 16);
	write_rules(&text);
	for (int i = 0; i < 4; i++)
		buf_str(&long_body, body);
	m.text = m.new_text = buf_text(&long_body);
	test_ok(build(&p, buf_text(&text)), "%d rules are built", RULES + 1);
	took = ask(&p, &m, RUNS, &v);
	test_ok(
	    v.results[RULES].verdict == VERDICT_YES, "the right one matches");
	test_ok(took < 1000 * SLOW,
	    "%d rules over %zu bytes: %lld microseconds, under 1000", RULES + 1,
	    long_body.len, (long long)took);
	matcher_free(p.matcher);
	buf_done(&text);
	buf_done(&long_body);
	arena_done(&p.mail);
	arena_done(&p.arena);
}

/* Twenty slow patterns, alone and together. */
static void
test_hostile(void)
{
	static const char *const evil[] = { "a*a*a*[bc]", "(a+)+$b", "(x+x+)+y",
		"(.*,){11}P", "(\\w+\\s?)*:$", "^(([a-z])+.)+[A-Z]$",
		"(a|aa)+$", "([a-z]+)*[0-9]$",
		"(.*)*=", "a?a?a?a?a?a?aaaaaa[bc]", "(?:a+b?)+c",
		"\\b(?:\\w+[ ,]*)+!\\b", "(a{1,9}){1,9}[bc]", "(ab|a|b)*[cd]",
		"((a+)*b?)*c", "(?=(a+))a*b", "(.+)+\\1\\1x", "([^x]*y?)*x",
		"(\\d*\\w*\\s*)*;", "a.*a.*a.*a.*[bc]" };
	static char as[PATTERN_TEXT_MAX * 2], mixed[PATTERN_TEXT_MAX * 2];
	struct place p = { 0 };
	struct buf text;
	struct mail m = { .subject = "x" };
	struct evaluation v;

	memset(as, 'a', sizeof(as) - 1);
	for (size_t i = 0; i + 1 < sizeof(mixed); i++)
		mixed[i] = "ab, x1 "[i * 7 % 7 == 0 ? i % 7 : i % 3];
	buf_init(&text, 1 << 16);
	buf_str(&text, "address support@example.com\n");
	for (size_t i = 0; i < sizeof(evil) / sizeof(evil[0]); i++)
		buf_printf(
		    &text, "rule e%zu { when body /%s/; tag x }\n", i, evil[i]);
	test_ok(build(&p, buf_text(&text)), "%zu slow patterns are built",
	    sizeof(evil) / sizeof(evil[0]));
	for (int i = 0; i < 2; i++) {
		int64_t took;

		m.text = m.new_text = i == 0 ? as : mixed;
		took = ask(&p, &m, 5, &v);
		test_ok(took < 200000,
		    "all of them over hostile text %d: %lld ms, under 200, "
		    "%zu limits",
		    i + 1, (long long)took / 1000, v.limits);
	}
	matcher_free(p.matcher);
	buf_done(&text);
	arena_done(&p.mail);
	arena_done(&p.arena);
}

int
main(void)
{
	test_many();
	test_hostile();
	return test_end();
}
