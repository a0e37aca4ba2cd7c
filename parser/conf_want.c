/*
 * What the values of a setting may be: the kinds that several settings share.
 * Each says what is wrong with the very word that is wrong.
 */
#include <string.h>

#include "parser/address.h"
#include "parser/conf_private.h"
#include "parser/limits.h"

bool
conf_is_plain(struct conf_check *k, const struct conf_arg *arg)
{
	if (arg->form == FORM_PATTERN)
		conf_bad(k, arg, "put it into quotes if it is text or a path",
		    "a pattern cannot stand here");
	else if (arg->text[0] == '\0')
		conf_bad(k, arg, NULL, "an empty text");
	else if (!conf_line(arg->text))
		conf_bad(k, arg, "it must be one line of text",
		    "a control character in the text");
	else
		return true;
	return false;
}

int
conf_index(const char *const *words, const char *word)
{
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return -1;
}

/* "write a, b or c" */
static const char *
choices(struct arena *a, const char *const *words)
{
	const char *s = "write";

	for (int i = 0; words[i] != NULL; i++)
		s = arena_printf(a, "%s%s%s", s,
		    i == 0                     ? " "
			: words[i + 1] == NULL ? " or "
					       : ", ",
		    words[i]);
	return s;
}

bool
conf_is_word(struct conf_check *k, const struct conf_arg *arg,
    const char *const *words, const char *what)
{
	struct conf_guess g;

	if (arg->form != FORM_PATTERN && conf_index(words, arg->text) >= 0)
		return true;
	conf_guess_init(&g, arg->text);
	for (int i = 0; words[i] != NULL; i++)
		conf_guess_offer(&g, words[i]);
	conf_bad(k, arg,
	    conf_guess_hint(k->talk, &g, choices(k->talk->arena, words)),
	    "'%.80s' is not %s", arg->text, what);
	return false;
}

bool
conf_is_duration(struct conf_check *k, const struct conf_arg *arg)
{
	int64_t v;

	if (arg->form != FORM_PATTERN && conf_duration(arg->text, &v))
		return true;
	conf_bad(k, arg, "write 90s, 30m, 4h, 2d or 1h30m",
	    "'%.80s' is not a duration", arg->text);
	return false;
}

/* The habit of other files. */
const char *
conf_comma(const struct conf_arg *arg, const char *hint)
{
	size_t n = strlen(arg->text);

	return n > 1 && arg->text[n - 1] == ','
	    ? "blanks separate values, not commas"
	    : hint;
}

static bool
is_address(struct conf_check *k, const struct conf_arg *arg)
{
	if (arg->form != FORM_PATTERN && address_valid(arg->text))
		return true;
	conf_bad(k, arg, conf_comma(arg, "write name@example.com"),
	    "'%.80s' is not a mail address", arg->text);
	return false;
}

bool
conf_is_secret(struct conf_check *k, const struct conf_arg *arg)
{
	struct conf_secret v;
	const char *hint, *what;

	what = conf_secret(k->talk->arena, arg->text, &v, &hint);
	if (what != NULL)
		conf_bad(k, arg, hint, "%s", what);
	return what == NULL;
}

/* The place of byte `at` of a pattern: "\/" was two characters in the file. */
static struct conf_place
inside(const struct conf_arg *arg, size_t at)
{
	struct conf_place p = arg->place;
	const char *s = p.file->text + p.at + 1;

	p.column++;
	for (size_t i = 0; i < at && *s != '\n' && *s != '\0'; i++, s++) {
		if (s[0] == '\\' && s[1] == '/') {
			s++;
			p.column++;
		}
		p.column += ((unsigned char)*s & 0xc0) != 0x80;
	}
	p.at = (size_t)(s - p.file->text);
	p.width = 1;
	return p;
}

bool
conf_is_pattern(struct conf_check *k, const struct conf_arg *arg, size_t most)
{
	struct conf_pattern v = { 0 };
	struct conf_place p;

	if (arg->form != FORM_PATTERN) {
		conf_bad(k, arg, "write it between slashes: /.../i",
		    "this is not a pattern");
		return false;
	}
	if (k->src->pattern == NULL)
		return true;
	k->src->pattern(
	    k->src->ctx, k->talk->arena, arg->text, arg->flags, most, &v);
	if (v.error != NULL) {
		p = inside(arg, v.at);
		conf_say(k->talk, CONF_ERROR, &p, NULL, "in the pattern: %s",
		    v.error);
		return false;
	}
	if (v.empty)
		conf_say(k->talk, CONF_WARNING, &arg->place,
		    "every mail will match",
		    "this pattern matches an empty text");
	if (v.slow != NULL)
		conf_say(k->talk, CONF_WARNING, &arg->place,
		    "avoid nested repeats, like (a+)+ or .*.*",
		    "this pattern is slow: %s", v.slow);
	return true;
}

bool
conf_is_count(struct conf_check *k, const struct conf_node *n, size_t min,
    size_t max, const char *like)
{
	const char *hint = arena_printf(k->talk->arena, "like: %s", like);

	if (n->args_n > max)
		conf_bad(k, &n->args[max], hint, "one value too many");
	else if (n->args_n < min)
		conf_say(k->talk, CONF_ERROR, &n->args[n->args_n - 1].place,
		    hint, "something must follow '%.80s'",
		    n->args[n->args_n - 1].text);
	else
		return true;
	return false;
}

void
conf_want_text(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	(void)s;
	for (size_t i = 0; i < n->args_n; i++)
		conf_is_plain(k, &n->args[i]);
}

void
conf_want_words(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	const char *what = arena_printf(
	    k->talk->arena, "a value of '%s'", s->name);

	for (size_t i = 0; i < n->args_n; i++)
		conf_is_word(k, &n->args[i], s->words, what);
}

void
conf_want_names(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	(void)s;
	for (size_t i = 0; i < n->args_n; i++)
		if (conf_is_plain(k, &n->args[i]) &&
		    !conf_name(n->args[i].text))
			conf_bad(k, &n->args[i],
			    "letters, digits, - _ and . make a name",
			    "'%.80s' is not a good name", n->args[i].text);
}

void
conf_want_addresses(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	(void)s;
	for (size_t i = 0; i < n->args_n; i++)
		is_address(k, &n->args[i]);
}

/* Addresses and whole domains: "@example.com". */
void
conf_want_people(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	(void)s;
	for (size_t i = 0; i < n->args_n; i++) {
		const char *text = n->args[i].text;

		if (text[0] == '@' && n->args[i].form != FORM_PATTERN)
			text = arena_printf(k->talk->arena, "x%s", text);
		if (!address_valid(text) || n->args[i].form == FORM_PATTERN)
			conf_bad(k, &n->args[i],
			    "write name@example.com, or @example.com for "
			    "everybody there",
			    "'%.80s' is not a mail address", n->args[i].text);
	}
}

void
conf_want_durations(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	(void)s;
	for (size_t i = 0; i < n->args_n; i++)
		conf_is_duration(k, &n->args[i]);
}

void
conf_want_codes(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	(void)s;
	for (size_t i = 0; i < n->args_n; i++)
		if (n->args[i].form == FORM_PATTERN ||
		    !conf_code(n->args[i].text))
			conf_bad(k, &n->args[i], "write en, de, fr or pt-BR",
			    "'%.80s' is not a language", n->args[i].text);
}

void
conf_want_zone(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	const struct conf_arg *arg = &n->args[0];
	const char *t = arg->text;
	bool good = arg->form != FORM_PATTERN && t[0] != '/' &&
	    strstr(t, "..") == NULL && t[0] != '\0' &&
	    t[strspn(t,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789_+-/")] == '\0';

	(void)s;
	if (good && k->src->zone != NULL)
		good = k->src->zone(k->src->ctx, t);
	if (!good)
		conf_bad(k, arg, "write Europe/Berlin, America/New_York or UTC",
		    "there is no time zone '%.80s'", t);
}

void
conf_want_paths(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	(void)s;
	for (size_t i = 0; i < n->args_n; i++)
		if (conf_is_plain(k, &n->args[i]) && n->args[i].text[0] != '/')
			conf_bad(k, &n->args[i],
			    "write the whole path, from / on",
			    "'%.80s' is not a full path", n->args[i].text);
}

void
conf_want_secret(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	(void)s;
	conf_is_secret(k, &n->args[0]);
}

void
conf_want_number(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	int64_t v;

	(void)s;
	for (size_t i = 0; i < n->args_n; i++)
		if (n->args[i].form == FORM_PATTERN ||
		    !conf_number(n->args[i].text, 1, 1000000, &v))
			conf_bad(k, &n->args[i], "write 1, 2, 3 ...",
			    "'%.80s' is not a number", n->args[i].text);
}

void
conf_want_pattern(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	(void)s;
	for (size_t i = 0; i < n->args_n; i++)
		conf_is_pattern(k, &n->args[i], PATTERN_TEXT_MAX);
}
