/*
 * The words of the configuration: how they are cut and read, the tables of what
 * may stand where with their examples, and the man pages, which name all.
 */
#define _GNU_SOURCE /* memmem */
#include <stdint.h>
#include <unistd.h>

#include "parser/conf_private.h"
#include "rules/ticket.h"
#include "tests/conf.h"
#include "tests/test.h"

/* Small texts that are good, and what they give in name. */
static const struct {
	const char *text, *name;
} lexical[] = {
	{ "\xef\xbb\xbfname x\r\n", "x" },
	{ "name \"a\\\"b\\\\c\"", "a\"b\\c" },
	{ "name 'a\\\"b'", "a\\\"b" },
	{ "name a#b # comment", "a#b" },
	{ "name a\\b", "a\\b" },
	{ "name {{x y}}z", "{{x y}}z" },
	{ "name a{{x}}b;", "a{{x}}b" },
	{ "name \\\r\n  x", "x" },
	{ "name x\\\n", "x" },
	{ ";;name x;;#c\n;", "x" },
	{ "name /var/log", "/var/log" },
	{ "name /a/ib", "/a/ib" },
	{ "name '/a/i'", "/a/i" },
	{ "name \xc3\xa9\xe6\x97\xa5", "\xc3\xa9\xe6\x97\xa5" },
	{ "name x # no newline \\", "x" },
	{ "name a:\"b c\"", "a:b c" },
	{ "name -", "-" },
};

static void
test_lexical(void)
{
	for (size_t i = 0; i < sizeof(lexical) / sizeof(lexical[0]); i++) {
		struct arena a = { 0 };
		struct conf *c;
		const char *text = report(&a, lexical[i].text, &c);

		test_text(c != NULL ? c->desk : text, lexical[i].name,
		    "lexical %zu", i);
		arena_done(&a);
	}
}

static void
test_values(void)
{
	static const struct {
		const char *text;
		int64_t seconds; /* -1: none */
	} table[] = { { "90s", 90 }, { "1h30m", 5400 },
		{ "1w2d3h4m5s", 788645 }, { "0s", 0 }, { "", -1 }, { "5", -1 },
		{ "m", -1 }, { "30m1h", -1 }, { "1h1h", -1 }, { "1.5h", -1 },
		{ "-1s", -1 }, { "99999999999999999999s", -1 },
		{ "9999999d", -1 }, { "1H", -1 }, { "1s ", -1 } };
	int64_t v;
	int minute;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		v = -1;
		test_ok(conf_duration(table[i].text, &v) ==
			    (table[i].seconds >= 0) &&
			v == table[i].seconds,
		    "duration '%s'", table[i].text);
	}
	test_ok(conf_size("25M", &v) && v == 25 << 20, "25M");
	test_ok(conf_size("3k", &v) && v == 3072, "3k");
	test_ok(!conf_size("25MB", &v) && !conf_size("M", &v) &&
		!conf_size("9999999999G", &v),
	    "no sizes");
	test_ok(conf_date("2024-02-29", 10) && !conf_date("2026-02-29", 10) &&
		!conf_date("2100-02-29", 10) && !conf_date("2026-04-31", 10) &&
		!conf_date("2026-4-3", 8),
	    "dates");
	test_ok(conf_time("24:00", 5, &minute) && minute == 1440 &&
		!conf_time("24:01", 5, &minute) &&
		!conf_time("12:60", 5, &minute),
	    "times");
	test_ok(conf_weekdays("mon-fri") && conf_weekdays("mon,wed-thu") &&
		!conf_weekdays("mo") && !conf_weekdays("mon,") &&
		!conf_weekdays("mon-"),
	    "days");
	test_ok(conf_loopback("127.0.0.1") && conf_loopback("127.255.0.9") &&
		conf_loopback("::1") && conf_loopback("LOCALHOST") &&
		!conf_loopback("127.0.0.1.example.com") &&
		!conf_loopback("127.1") && !conf_loopback("127.0.0.256") &&
		!conf_loopback("127.0.0.") && !conf_loopback("128.0.0.1") &&
		!conf_loopback("localhost.example.com"),
	    "what is this machine");
}

/* The tables must be in order for ROWS_MAX, hints and man page. */
static void
test_table(const struct conf_setting *t, const char *name, int depth)
{
	size_t n = 0;

	for (; t[n].name != NULL; n++) {
		const struct conf_setting *s = &t[n];

		if (conf_find(t, s->name) != s || s->min > s->max ||
		    strncmp(s->like, s->name, strlen(s->name)) != 0 ||
		    ((s->flags & CONF_BLOCK) != 0) != (s->inside != NULL))
			test_ok(0, "%s: the row '%s'", name, s->name);
		if (s->inside != NULL && depth < 4)
			test_table(s->inside, s->name, depth + 1);
	}
	test_ok(n < 64, "%s: %zu rows", name, n);
}

/* What an example may lack: it stands alone here. */
static bool
excused(const char *line, size_t n)
{
	static const char *const excuses[] = { " lacks ", ": there is no ",
		" needs 'authserv-id'", " needs 'boundary-by'", " without ",
		" has no address" };

	for (size_t i = 0; i < sizeof(excuses) / sizeof(excuses[0]); i++)
		if (memmem(line, n, excuses[i], strlen(excuses[i])) != NULL)
			return true;
	return false;
}

/* Each example in the tables must be good for itself. */
static void
test_likes(const struct conf_setting *t, const char *open, const char *close)
{
	struct arena a = { 0 };
	struct conf *c;

	for (; t->name != NULL; t++) {
		const char *text = arena_printf(
			       &a, "%s%s%s", open, t->like, close),
			   *line, *end;
		bool good = true;

		if (t->inside != NULL) {
			test_likes(t->inside,
			    arena_printf(&a, "%s%s {", open, t->like),
			    arena_printf(&a, "}%s", close));
			continue;
		}
		line = report(&a, text, &c);
		for (; (end = strchr(line, '\n')) != NULL; line = end + 1)
			if (memmem(line, (size_t)(end - line),
				": error: ", 9) != NULL &&
			    !excused(line, (size_t)(end - line))) {
				printf("# %.*s\n", (int)(end - line), line);
				good = false;
			}
		test_ok(good, "like: %s", text);
	}
	arena_done(&a);
}

/* Does the word stand in the page, by itself? */
static bool
told(const char *page, const char *word)
{
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
	size_t n = strlen(word);

	for (const char *s = page; (s = strstr(s, word)) != NULL; s++)
		if (s > page && s[-1] == ' ' &&
		    (s[n] == '\0' || strchr(letters, s[n]) == NULL))
			return true;
	return false;
}

/* The man page names every setting of the tables. */
static void
test_page(const char *page, const struct conf_setting *t, const char *block)
{
	for (; t->name != NULL; t++) {
		if (!told(page, t->name))
			test_ok(
			    0, "the man pages lack '%s' of %s", t->name, block);
		if (t->inside != NULL)
			test_page(page, t->inside, t->name);
	}
}

static void
test_pages(void)
{
	struct arena a = { 0 };
	const char *page;

	page = arena_printf(&a, "%s%s", slurp(&a, "../../conf/deskd.conf.5"),
	    slurp(&a, "../../conf/deskd-rules.5"));
	test_page(page, conf_top, "the top level");
	test_ok(told(page, "mailbox") && !told(page, "mailboxes"),
	    "the man page names every setting");
	arena_done(&a);
}

/* The words of the tables are those of rules/ticket.h. */
static void
test_words(void)
{
	bool same = true;

	for (int i = 0; i < LEVEL_COUNT; i++)
		same = same && strcmp(conf_levels[i], level_names[i]) == 0;
	for (int i = 0; i < PRIORITY_COUNT; i++)
		same = same &&
		    strcmp(conf_priorities[i], priority_names[i]) == 0;
	for (int i = 0; i < TYPE_COUNT; i++)
		same = same && strcmp(conf_types[i], type_names[i]) == 0;
	for (int i = 0; i < STATUS_COUNT; i++)
		same = same && strcmp(conf_statuses[i], status_names[i]) == 0;
	test_ok(same && conf_levels[LEVEL_COUNT] == NULL &&
		conf_priorities[PRIORITY_COUNT] == NULL &&
		conf_types[TYPE_COUNT] == NULL &&
		conf_statuses[STATUS_COUNT] == NULL,
	    "the words of a ticket");
}

int
main(void)
{
	if (chdir("tests/conf") == -1)
		return 1;
	test_lexical();
	test_values();
	test_table(conf_top, "top", 0);
	test_likes(conf_top, "", "");
	test_pages();
	test_words();
	return test_end();
}
