/*
 * Configurations that are broken or hostile: a few thousand mutants of the
 * sample, with their rules, long lines, and words that play with the terminal.
 */
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include "daemon/zones.h"
#include "parser/limits.h"
#include "parser/utf8.h"
#include "rules/evaluate.h"
#include "rules/rule_lint.h"
#include "rules/rule_test.h"
#include "tests/conf.h"
#include "tests/test.h"

static const char *const sample_files[] = { "deskd.conf", "people.conf",
	"sla.conf", "rules.d/10-noise.conf", "rules.d/20-routing.conf",
	"rules.d/90-priority.conf", "rules.d/99-tests.conf" };
#define SAMPLE_FILES (sizeof(sample_files) / sizeof(sample_files[0]))

static void
sample(struct arena *a, struct shelf *s)
{
	for (size_t i = 0; i < SAMPLE_FILES; i++) {
		char path[100];

		snprintf(path, sizeof(path), "sample/%s", sample_files[i]);
		shelf_add(s, a, sample_files[i], slurp(a, path));
	}
}

/* Mutation: a generator with a fixed start, so that each run is the same. */

static uint64_t
next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

static const char *const pieces[] = { "{", "}", "{{", "}}", "\"", "'", "/",
	"\\", "\n", "\r\n", "\t", ";", "#", " ", "[", "]", "(", "include ",
	"include *\n", "rule x { when text /", "\xc3", "\xff", "\xef\xbb\xbf",
	"\x01", "\\\n", "-", "99999999999999999999", "command:\"", "[[:", "@",
	"%", "{{number}}", "\xe2\x80\xae" };

static void
mutate(struct arena *a, struct shelf *s, uint64_t *seed)
{
	size_t f = next(seed) % s->count, n = s->file[f].n;
	char *old = s->file[f].text, *new;
	size_t at = n == 0 ? 0 : next(seed) % n;
	size_t cut = next(seed) % 4 == 0 ? next(seed) % 40 : 0;
	const char *piece =
	    pieces[next(seed) % (sizeof(pieces) / sizeof(pieces[0]))];
	size_t len = next(seed) % 3 == 0 ? 0 : strlen(piece);

	if (cut > n - at)
		cut = n - at;
	if (len == 0 && cut == 0)
		cut = n > at;
	new = arena_alloc(a, n + len + 1);
	memcpy(new, old, at);
	memcpy(new + at, piece, len);
	memcpy(new + at + len, old + at + cut, n - at - cut);
	s->file[f].text = new;
	s->file[f].n = n + len - cut;
}

static size_t
characters(const char *s, size_t n)
{
	size_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += ((unsigned char)s[i] & 0xc0) != 0x80;
	return sum;
}

/* "file:line:column: error: what" with a line and a column that exist. */
static bool
sane_place(const struct shelf *s, const char *line)
{
	for (size_t i = 0; i < s->count; i++) {
		size_t n = strlen(s->file[i].path);
		const char *t = s->file[i].text, *end = t + s->file[i].n, *nl;
		unsigned row, column;

		if (strncmp(line, s->file[i].path, n) != 0 || line[n] != ':')
			continue;
		if (sscanf(line + n, ":%u:%u:", &row, &column) != 2)
			return false;
		for (; row > 1; row--) {
			t = memchr(t, '\n', (size_t)(end - t));
			if (t++ == NULL)
				return false;
		}
		nl = memchr(t, '\n', (size_t)(end - t));
		return column >= 1 &&
		    column <=
		    characters(t, (size_t)((nl != NULL ? nl : end) - t)) + 1;
	}
	return false;
}

/* Every message is a place, its line and its caret; then the summary. */
static bool
sane_report(const struct shelf *s, const char *text, int errors)
{
	int seen = 0;

	while (*text != '\0') {
		const char *nl = strchr(text, '\n');

		if (nl == NULL)
			return false;
		if (strstr(text, ": error: ") != NULL &&
		    strstr(text, ": error: ") < nl)
			seen++;
		if (*text == ' ' || strncmp(text, "... and ", 8) == 0) {
			text = nl + 1;
			continue;
		}
		if (nl[1] != '\0' && !sane_place(s, text))
			return false;
		text = nl + 1;
	}
	return seen ==
	    (errors < CONF_ERRORS_SHOWN ? errors : CONF_ERRORS_SHOWN);
}

static int64_t
cpu(void)
{
	return (int64_t)clock() * 1000000 / CLOCKS_PER_SEC;
}

/* The mutants' files stand in memory, the holidays beside the sample. */
static int
sample_holidays(void *ctx, struct arena *a, const char *path, char **bytes,
    size_t *n, struct err *e)
{
	const char *slash = strrchr(path, '/');

	(void)ctx;
	return files_read(a,
	    arena_printf(a, "sample/%s", slash != NULL ? slash + 1 : path),
	    1 << 20, bytes, n, e);
}

/* One mail before the rules: what is decided has a why. */
static bool
ask_mail(struct arena *a, const struct rulebook *b, struct matcher *m)
{
	struct mail mail = { .from_addr = "maria@kunde.example",
		.subject = "VPN outage on db1.example.com PROBLEM",
		.text = "Nobody can print, the whole office is down.\n" };
	struct ticket t = ticket_blank;
	struct facts f = { .mail = &mail,
		.ticket = &t,
		.mailbox = "support",
		.now = 1785222846,
		.matcher = m };
	struct decision d;
	struct evaluation v;
	struct err e = { 0 };

	mail.new_text = mail.text;
	t.subject = mail.subject;
	t.requester = mail.from_addr;
	decision_init(&d, a, 0, "test");
	if (rules_evaluate(b, &f, &d, &v, &e) == -1)
		return false;
	for (size_t i = 0; i < d.n; i++)
		if (d.list[i].why == NULL || *d.list[i].why == '\0')
			return false;
	return v.n == b->n;
}

/* What loads is built, looked at, tested and asked: it works or says why not.
 */
static bool
use_rules(struct arena *a, const struct conf *c, int *built)
{
	struct buf text;
	struct conf_report rep = { .text = &text };
	struct matcher *m = matcher_new(cpu);
	struct hours_source hours = zones_source(a, c);
	struct rulebook *b = NULL;
	struct rule_tests t = { .matcher = m, .rep = &rep };
	bool good;

	hours.holidays = sample_holidays;
	buf_init(&text, 1 << 20);
	if (rulebook_build(a, c, &hours, &rep, &b) == 0) {
		++*built;
		rule_lint(a, b, &rep);
		good = rep.errors == 0;
		t.book = b;
		rule_tests_run(a, &t);
		good &= (rep.errors > 0) == (t.failed > 0) && ask_mail(a, b, m);
	} else {
		good = rep.errors > 0 &&
		    strstr(buf_text(&text), ": error: ") != NULL;
	}
	good &= utf8_valid(buf_text(&text), text.len);
	if (!good)
		printf("# %s", buf_text(&text));
	matcher_free(m);
	buf_done(&text);
	return good;
}

#define MUTANTS 2500

static void
test_mutants(void)
{
	struct arena keep = { 0 }, a = { 0 };
	struct shelf whole = { 0 }, s;
	struct conf_source src = files_conf_source;
	uint64_t seed = 20260728;
	int bad = 0, errors = 0, good = 0, built = 0, useless = 0;

	src.read = shelf_read;
	src.glob = shelf_glob;
	src.ctx = &s;
	sample(&keep, &whole);
	for (int i = 0; i < MUTANTS; i++) {
		struct conf_report rep;
		struct conf *c = NULL;
		char *text;
		int rc;

		s = whole;
		for (uint64_t n = next(&seed) % 3 + 1; n > 0; n--)
			mutate(&a, &s, &seed);
		rc = load(&a, "deskd.conf", &src, &c, &rep, &text);
		if ((rc == -1) != (rep.errors > 0) ||
		    !utf8_valid(text, strlen(text)) ||
		    !sane_report(&s, text, rep.errors)) {
			printf("# mutant %d:\n%s", i, text);
			bad++;
		}
		good += rc == 0;
		errors += rc == -1;
		useless += rc == 0 && !use_rules(&a, c, &built);
		arena_reset(&a);
	}
	test_ok(bad == 0, "%d mutants: %d good, %d refused, each with a place",
	    MUTANTS, good, errors);
	test_ok(useless == 0 && built > MUTANTS / 50,
	    "the rules of %d of the good are built, tested and asked", built);
	test_ok(good > MUTANTS / 20 && errors > MUTANTS / 2,
	    "the mutants are of both kinds");
	arena_done(&a);
	arena_done(&keep);
}

/* What would take for ever if it were not linear. */
static void
test_long(void)
{
	static const char *const units[] = { "\"", "{{ ", "/[ ", "a;", "{", "}",
		"name ", "/a[[:b ", "x { ", "rule a{}\n", "\\\n", "'x", "a:'" };
	clock_t since = clock();

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		struct arena a = { 0 };
		size_t n = strlen(units[i]), most = 200000;
		char *text = arena_alloc(&a, most + 1);
		struct conf *c;

		for (size_t k = 0; k + n < most; k += n)
			memcpy(text + k, units[i], n);
		report(&a, text, &c);
		arena_done(&a);
	}
	test_ok((clock() - since) / CLOCKS_PER_SEC < 10,
	    "long lines and many blocks are read in linear time");
}

static void
test_refused(void)
{
	struct arena a = { 0 };
	struct conf *c;
	const char *text;

	text = report(&a, "name \"\x1b[2J\xe2\x80\xae\xff\t\x89\"", &c);
	test_ok(strchr(text, '\x1b') == NULL &&
		strstr(text, "\xe2\x80\xae") == NULL &&
		utf8_valid(text, strlen(text)),
	    "a file cannot play with the terminal");
	report(&a, "name \"a\\nb\"", &c);
	test_ok(c == NULL, "no line break in a name");
	text = report(
	    &a, "a {a {a {a {a {a {a {a {a {a {a {a {a {a {a {a {a {", &c);
	test_ok(strstr(text, "nested too deeply") != NULL && c == NULL,
	    "blocks in blocks end somewhere");
	arena_done(&a);
}

int
main(void)
{
	if (chdir("tests/conf") == -1)
		return 1;
	test_refused();
	test_long();
	test_mutants();
	return test_end();
}
