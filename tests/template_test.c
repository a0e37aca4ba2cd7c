/*
 * Templates: each tests/template/NAME.txt, rendered with the values below,
 * gives NAME.want, or its error message.  "--want" writes those files anew.
 */
#include "tests/test.h"

#include <glob.h>
#include <stdbool.h>
#include <stdlib.h>

#include "rules/template.h"

static const char *const known[] = { "ticket.subject", "ticket.tag",
	"requester.first_name", "requester.name", "hours.open", "hours.closed",
	"hours.next_open.local", "suggestions", "title", "summary", "works",
	"team.signature", "empty", "nothing", "evil", "one", "many", "outer",
	NULL };

static const char *const later[] = { "sla.first_response.local", "kb.title",
	NULL };
static const struct template_kind kind = { "test", known, later, false, false };

static const struct value first[] = {
	{ .name = "title", .text = "Reset the VPN profile" },
	{ .name = "summary", .text = "Close it.\n\nStart it again." },
	{ 0 },
};
static const struct value second[] = {
	{ .name = "title", .text = "Approve the sign-in" },
	{ .name = "summary", .text = "" },
	{ .name = "outer", .text = "inner" },
	{ 0 },
};
static const struct value rows[] = { { .child = first }, { .child = second } };
static const struct value dead[] = {
	{ .name = "number", .text = "77" },
	{ .name = "kind", .text = "acknowledgement" },
	{ .name = "recipient", .text = "maria@kunde.example" },
	{ .name = "tag", .text = "EX-1042" },
	{ .name = "dead", .text = "yes" },
	{ .name = "tries", .text = "1" },
	{ .name = "answer", .text = "550 5.1.1 no such user" },
	{ 0 },
};
static const struct value waits[] = {
	{ .name = "number", .text = "78" },
	{ .name = "kind", .text = "answer" },
	{ .name = "recipient", .text = "jo@kunde.example" },
	{ .name = "tries", .text = "4" },
	{ .name = "unknown", .text = "yes" },
	{ 0 },
};
static const struct value letters[] = { { .child = dead }, { .child = waits } };
static const struct value values[] = {
	{ .name = "ticket.subject", .text = "VPN does\nnot connect" },
	{ .name = "ticket.tag", .text = "EX-1042" },
	{ .name = "desk.name", .text = "Example IT Support" },
	{ .name = "team.name", .text = "Network & VPN" },
	{ .name = "requester.name", .text = "Maria Gomez" },
	{ .name = "letter.number", .text = "77" },
	{ .name = "letter.recipient", .text = "maria@kunde.example" },
	{ .name = "count", .text = "2" },
	{ .name = "letters", .rows = letters, .rows_n = 2 },
	{ .name = "more", .text = "3" },
	{ .name = "file", .text = "/etc/deskd/deskd.conf" },
	{ .name = "since", .text = "2026-07-28 09:14 CEST" },
	{ .name = "report",
	    .text =
		"/etc/deskd/rules.d/20.conf:9:19: error: there is no team "
		"'netwrok'\n"
		"    9 |     assign  team netwrok\n"
		"      |                  ^^^^^^^ did you mean 'network'?" },
	{ .name = "requester.first_name", .text = "Maria" },
	{ .name = "hours.open", .text = "yes" },
	{ .name = "suggestions", .rows = rows, .rows_n = 2 },
	{ .name = "works", .text = "mailto:support@example.com?body=%23works" },
	{ .name = "empty", .text = "" },
	{ .name = "evil",
	    .text = "{{ticket.tag}}\r\nBcc: x\n{{#evil}}{{/evil}}%s {{" },
	{ .name = "one", .text = "1" },
	{ .name = "many", .text = "22" },
	{ .name = "outer", .text = "outer" },
	{ .name = "agent.name", .text = "Ana Silva" },
	{ .name = "agent.first_name", .text = "Ana" },
	{ .name = "text", .text = "The old profile was broken." },
	{ .name = "sign", .text = "yes" },
	{ .name = "greet", .text = "yes" },
	{ .name = "quote", .text = "> no route\n> to host" },
	{ .name = "quote.day", .text = "DAY" },
	{ .name = "quote.time", .text = "09:14" },
	{ .name = "quote.name", .text = "Maria Gomez" },
	{ .name = "other.tag", .text = "EX-1017" },
	{ 0 },
};

/* What stands instead when the desk is closed. */
static const struct value closed[] = {
	{ .name = "ticket.tag", .text = "EX-1042" },
	{ .name = "desk.name", .text = "Example IT Support" },
	{ .name = "hours.next_open.local", .text = "NEXT" },
	{ .name = "team.signature", .text = "Your network team\nRoom 4" },
	{ 0 },
};

static char *
file_read(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");
	char *s = arena_alloc(a, 1 << 16);

	if (f == NULL)
		return NULL;
	s[fread(s, 1, (1 << 16) - 1, f)] = '\0';
	fclose(f);
	return s;
}

static char *
result(struct arena *a, const char *name, const char *text,
    const struct template_kind *k, const struct value *with)
{
	struct template_source src = { .path = name, .text = text, .kind = k };
	struct template *t = NULL;
	struct err e = { 0 };
	char *subject = NULL, *body = NULL, *out;
	struct buf said;
	struct conf_report rep = { .text = &said };

	buf_init(&said, 1 << 20);
	if (template_compile(a, &src, &rep, &t) == -1)
		out = arena_strdup(a, buf_text(&said));
	else if (template_render(a, t, with, &subject, &body, &e) == -1)
		out = arena_printf(a, "%s\n", e.text);
	else
		out = arena_printf(
		    a, "%sSubject: %s\n\n%s", buf_text(&said), subject, body);
	buf_done(&said);
	return out;
}

static void
golden(struct arena *a, const char *want_path, const char *got, bool rewrite)
{
	const char *want;
	FILE *f;

	if (rewrite && (f = fopen(want_path, "wb")) != NULL) {
		fputs(got, f);
		fclose(f);
		return;
	}
	want = file_read(a, want_path);
	test_ok(want != NULL && strcmp(got, want) == 0, "%s", want_path);
	if (want != NULL && strcmp(got, want) != 0)
		printf("# got:\n%s", got);
}

/* A name without its ".txt". */
static char *
stem(struct arena *a, const char *path)
{
	return arena_strndup(a, path, strlen(path) - 4);
}

static void
test_golden(struct arena *a, bool rewrite)
{
	glob_t g = { 0 };

	glob("tests/template/*.txt", 0, NULL, &g);
	test_ok(g.gl_pathc >= 15, "the templates of the test are there");
	for (size_t i = 0; i < g.gl_pathc; i++) {
		const char *path = g.gl_pathv[i];

		golden(a, arena_printf(a, "%s.want", stem(a, path)),
		    result(a, strrchr(path, '/') + 1, file_read(a, path), &kind,
			values),
		    rewrite);
	}
	globfree(&g);
}

/* conf/templates/en/alert.txt, with the names its kind may use. */
static void
test_sample(struct arena *a, bool rewrite)
{
	glob_t g = { 0 };

	glob("conf/templates/*/*.txt", 0, NULL, &g);
	test_ok(g.gl_pathc >= 9, "the built-in templates are there");
	for (size_t i = 0; i < g.gl_pathc; i++) {
		char *path = g.gl_pathv[i] + strlen("conf/templates/");
		char *name = stem(a, strchr(path, '/') + 1);
		const struct template_kind *k = template_kinds;

		while (k->name != NULL && strcmp(k->name, name) != 0)
			k++;
		test_ok(k->name != NULL, "%s is of a known kind", path);
		if (k->from) /* notice_test.c */
			continue;
		golden(a,
		    arena_printf(a, "tests/template/%.2s-%s.want", path, name),
		    result(a, path, file_read(a, g.gl_pathv[i]), k, values),
		    rewrite);
		if (strcmp(name, "acknowledge") == 0)
			golden(a,
			    arena_printf(
				a, "tests/template/%.2s-closed.want", path),
			    result(a, path, file_read(a, g.gl_pathv[i]), k,
				closed),
			    rewrite);
	}
	globfree(&g);
}

/* A moment that this version does not know is told in words, in the language of
 * the template. */
static void
test_moments(struct arena *a)
{
	static const struct {
		const char *language, *want;
	} table[] = {
		{ "en", "by the agreed time.\n" },
		{ "de", "by zum vereinbarten Zeitpunkt.\n" },
		{ "de-AT", "by zum vereinbarten Zeitpunkt.\n" },
		{ "fr", "by le d\xc3\xa9lai convenu.\n" },
		{ "es", "by el plazo acordado.\n" },
		{ "tlh", "by the agreed time.\n" },
	};
	struct template_source src = { .path = "x.txt",
		.text = "Subject: x\n\nby {{sla.resolution.local}}.\n",
		.kind = template_kind("acknowledge") };

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct template_set set = { .arena = a };
		struct conf_report rep = { 0 };
		struct err e = { 0 };
		char *subject = NULL, *text = NULL;

		test_ok(template_set_add(&set, table[i].language, &src, &rep) ==
			    0 &&
			rep.warnings == 0,
		    "%s: no warning", table[i].language);
		if (template_render(a, set.list[0].template, values, &subject,
			&text, &e) == -1)
			text = e.text;
		test_text(text, table[i].want, "in its words");
	}
	src.text = file_read(a, "tests/template/sample.txt");
	for (size_t i = 0; i < 2; i++) {
		struct template_set set = { .arena = a };
		struct conf_report rep = { 0 };

		test_ok(template_set_add(&set, table[i].language, &src, &rep) ==
			    0 &&
			rep.warnings == 0,
		    "the sample is an acknowledgement without a warning");
	}
}

/* Every built-in template compiles with the names of its kind. */
static void
test_builtin(struct arena *a)
{
	static const char *const languages[] = { "en", "de", "fr", "es" };
	struct template_set set;
	struct conf_report rep = { 0 };
	struct err e = { 0 };
	const char *in = "";
	char *subject = NULL, *text = NULL;

	test_ok(template_set_builtin(a, &set, &rep) == 0, "built-in");
	for (size_t i = 0; i < 4; i++) {
		const struct template *t = template_set_find(
		    &set, "acknowledge", &languages[i], 1, &in);

		test_text(in, languages[i], "%s has one", languages[i]);
		test_ok(t != NULL &&
			template_render(a, t, values, &subject, &text, &e) == 0,
		    "%s renders", languages[i]);
		test_ok(strstr(text, "EX-1042") != NULL &&
			strstr(text, "{{") == NULL &&
			strstr(text, "\n\n\n") == NULL,
		    "%s names the ticket and has no holes", languages[i]);
		test_ok(template_set_find(
			    &set, "received", &languages[i], 1, NULL) != NULL,
		    "%s has the fixed text", languages[i]);
	}
	test_ok(template_builtin("acknowledge", "en") != NULL, "en by name");
	test_ok(template_builtin("acknowledge", "xx") == NULL, "no xx");
	test_ok(template_builtin("acknowledge", NULL) == NULL, "no language");
	test_ok(template_builtin("acknow", "en") == NULL, "whole names only");
	test_ok(
	    template_builtin("../en/acknowledge", "en") == NULL, "no paths");
}

static void
test_find(struct arena *a)
{
	static const char *const wanted[][3] = { { "pl", "de-AT", "en" },
		{ NULL, "fr_CH", "en" }, { "deu", "d", "es" },
		{ "EN-gb", "de", "fr" } };
	static const char *const want[] = { "de", "fr", "es", "en" };
	struct template_set set;
	struct conf_report rep = { 0 };
	const char *in = NULL;

	template_set_builtin(a, &set, &rep);
	for (size_t i = 0; i < 4; i++) {
		template_set_find(&set, "acknowledge", wanted[i], 3, &in);
		test_text(in, want[i], "%s is chosen", want[i]);
	}
	test_ok(
	    template_set_find(&set, "acknowledge", wanted[0], 1, &in) == NULL,
	    "no template for pl");
	test_ok(template_set_find(&set, "nothing", want, 4, &in) == NULL,
	    "no template of that kind");
}

static void
test_replace(struct arena *a)
{
	static const char *const en[] = { "en" };
	struct template_source src = { "own", "Subject: a\n\nb\n",
		&template_kinds[0], NULL };
	struct template_set set;
	struct buf said;
	struct conf_report rep = { .text = &said };
	char *subject, *text;

	buf_init(&said, 1 << 16);
	template_set_builtin(a, &set, &rep);
	test_ok(
	    template_set_add(&set, "en", &src, &rep) == 0, "an own template");
	template_render(a, template_set_find(&set, "acknowledge", en, 1, NULL),
	    values, &subject, &text, NULL);
	test_text(text, "b\n", "takes the place of the built-in one");
	src.path = "own.txt";
	src.text = "Subject: a\n\n{{x}}\n";
	test_ok(template_set_add(&set, "en", &src, &rep) == -1,
	    "a bad one is refused");
	test_text(buf_text(&said),
	    "own.txt:3:1: error: unknown variable 'x'\n"
	    "    3 | {{x}}\n"
	    "      | ^^^^^\n",
	    "with its place");
	template_render(a, template_set_find(&set, "acknowledge", en, 1, NULL),
	    values, &subject, &text, NULL);
	test_text(text, "b\n", "and changes nothing");
	buf_done(&said);
}

int
main(int argc, char **argv)
{
	struct arena a = { 0 };

	bool rewrite = argc > 1 && strcmp(argv[1], "--want") == 0;

	test_golden(&a, rewrite);
	test_sample(&a, rewrite);
	test_moments(&a);
	test_builtin(&a);
	test_find(&a);
	test_replace(&a);
	arena_done(&a);
	return test_end();
}
