/*
 * What a person added, in the styles of many mail programs and languages.  The
 * mails are in tests/reply/: lists of single pieces, from which each test
 * builds answers of several shapes, and whole mails.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parser/html.h"
#include "parser/quote.h"
#include "tests/test.h"

static struct arena a;

static char *
file(const char *name)
{
	char path[100];
	char *text;
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "tests/reply/%s.txt", name);
	f = fopen(path, "r");
	if (f == NULL) {
		printf("Bail out! %s cannot be read\n", path);
		exit(1);
	}
	text = arena_alloc(&a, 256 << 10);
	n = fread(text, 1, (256 << 10) - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

/* The next piece of a file up to a separator; "#" lines before it go. */
static char *
piece(char **p, const char *separator)
{
	char *s = *p, *end;

	while (*s == '#' && s[1] == ' ')
		s += strcspn(s, "\n") + 1;
	if (*s == '\0')
		return NULL;
	end = strstr(s, separator);
	*p = end == NULL ? s + strlen(s) : end + strlen(separator);
	if (end != NULL)
		*end = '\0';
	return s;
}

static void
shown(const char *what, const char *s)
{
	printf("# %s [", what);
	for (; *s != '\0'; s++)
		if (*s == '\n')
			fputs("\\n", stdout);
		else
			putchar(*s);
	puts("]");
}

static void
compare(const struct quote_input *in, const char *want, const char *name)
{
	const char *got = quote_cut(&a, in, NULL);
	bool same = strcmp(got, want) == 0;

	test_ok(same, "%.*s", (int)strcspn(name, "\n"), name);
	if (!same) {
		shown("text", in->text);
		shown("want", want);
		shown("got ", got);
	}
}

__attribute__((format(printf, 3, 4))) static void
cut(const char *want, const char *name, const char *fmt, ...)
{
	static char text[16 << 10];
	struct quote_input in = { .text = text };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	compare(&in, want, name);
}

/* The line broken at the last blank before a column. */
static const char *
wrapped(const char *line, size_t column)
{
	char *s = arena_strdup(&a, line);
	size_t at = 0;

	for (size_t i = 0; s[i] != '\0'; i++) {
		if (i - at > column)
			for (size_t k = i; k > at; k--)
				if (s[k] == ' ') {
					s[k] = '\n';
					at = k + 1;
					break;
				}
	}
	return s;
}

/* Above, below and between; the line whole and broken. */
static void
attributions(void)
{
	static const size_t columns[] = { 40, 50, 60, 72 };
	char *p = file("attributions"), *line;

	while ((line = piece(&p, "\n")) != NULL) {
		bool sure = *line != '?';

		line += !sure;
		cut("New text.", line, "New text.\n\n%s\n\n> old\n> mail\n",
		    line);
		cut("New text.", line, "%s\n> old\n> mail\n\nNew text.\n",
		    line);
		cut("> old?\nNew.\n\n> mail?\n\nText.", line,
		    "%s\n\n> Dear Bob,\n>\n> old?\nNew.\n\n> mail?\n\nText.\n",
		    line);
		if (sure)
			cut("New text.", line, "New text.\n\n%s\nold\nmail\n",
			    line);
		for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++)
			cut("New text.", line,
			    "New text.\n\n%s\n\n> old\n> mail\n",
			    wrapped(line, columns[i]));
	}
}

static void
headers(void)
{
	char *p = file("headers"), *block;

	while ((block = piece(&p, "\n\n")) != NULL) {
		cut("New text.", block, "New text.\n\n%s\n\nold\nmail\n",
		    block);
		cut("New text.", block, "New text.\n%s\nold\n", block);
	}
}

static void
mobiles(void)
{
	char *p = file("mobile"), *line;

	while ((line = piece(&p, "\n")) != NULL) {
		cut("New text.", line, "New text.\n\n%s\n", line);
		cut("New text.", line,
		    "New text.\n\n%s\n\n"
		    "On 3 Mar 2026 10:11, Ann Lee wrote:\n> old\n",
		    line);
	}
}

static void
footers(void)
{
	char *p = file("footers"), *block;

	while ((block = piece(&p, "\n\n")) != NULL) {
		cut("New text.\n\nMore text.", block,
		    "New text.\n\nMore text.\n\n%s\n", block);
		cut("New text.", block,
		    "New text.\n\n%s\n\n"
		    "On 3 Mar 2026 10:11, Ann Lee wrote:\n> old\n",
		    block);
	}
}

/* Nothing says that this mail answers another. */
static void
fresh(const char *text)
{
	struct quote_input in = { .text = text, .fresh = true };

	compare(&in, text, text);
}

static void
prose(void)
{
	char *p = file("prose"), *text;

	while ((text = piece(&p, "%%\n")) != NULL) {
		size_t n = strlen(text);

		while (n > 0 && text[n - 1] == '\n')
			text[--n] = '\0';
		fresh(text);
		cut(text, text,
		    "%s\n\nOn Tue, 3 Mar 2026 at 10:11, Ann Lee "
		    "<ann@example.com> wrote:\n\n> old\n> mail\n",
		    text);
	}
}

/* "%% name", a text, "%%new", what is new in it. */
static void
whole(const char *name, bool html)
{
	char *p = file(name), *text;
	struct html_result x = { 0 };

	piece(&p, "%% ");
	while ((text = piece(&p, "\n%%new\n")) != NULL) {
		char *title = piece(&text, "\n"), *want = piece(&p, "%% ");
		struct quote_input in = { .text = text };
		size_t n = strlen(want);

		while (n > 0 && want[n - 1] == '\n')
			want[--n] = '\0';
		if (html) {
			html_read(&a, text, &x);
			in.text = x.text;
			in.ranges = x.quotes;
			in.ranges_n = x.quotes_n;
		}
		compare(&in, want, title);
	}
}

int
main(void)
{
	attributions();
	headers();
	mobiles();
	footers();
	prose();
	whole("whole", false);
	whole("html", true);
	arena_done(&a);
	return test_end();
}
