/*
 * The shape of an IMAP line: each step is a function that takes one byte and
 * names the step after it.  Where libetpan is generous (words that only begin
 * right, blanks of its own making), this is not.  Promises no list and no
 * string: strings and literals come as one symbol each, from scan.c.
 */
#include "daemon/scan_line.h"

#include <string.h>

#define NOT_ASKED   "a response that was not asked for"
#define NO_ITEM     "an item that was not asked for"
#define NO_RESPONSE "a line that is no IMAP response"
#define NO_SHAPE    "a response that is not well formed"
#define NO_FLAGS    "PERMANENTFLAGS that are no flags"

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static int
lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
}

static bool
is_letter(int c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool
is_control(int c)
{
	return c < ' ' || c == 0x7f;
}

/* Part of a flag or a name; some servers send 8-bit ones, "*" and "]". */
static bool
is_word(int c)
{
	return c > ' ' && c != 0x7f && c < 256 && strchr("(){\"", c) == NULL;
}

/* Surely an atom (RFC 3501 9, ATOM-CHAR). */
static bool
is_atom(int c)
{
	return is_word(c) && c < 0x7f && strchr("%*\\]", c) == NULL;
}

static const char *
go(struct scan_line *l, const char *(*step)(struct scan_line *l, int c))
{
	l->step = step;
	l->word[0] = '\0';
	l->n = 0;
	return NULL;
}

static void
keep(struct scan_line *l, int c)
{
	if (l->n < sizeof(l->word) - 1)
		l->word[l->n++] = (char)lower(c);
	l->word[l->n] = '\0';
}

/* The end of the line, and nothing before it but blanks. */
static const char *
nothing(struct scan_line *l, int c)
{
	if (c == '\n')
		*l = (struct scan_line){ 0 };
	return c == '\n' || c == ' ' ? NULL : NO_SHAPE;
}

/* Words for people. */
static const char *
text(struct scan_line *l, int c)
{
	return c == '\n' ? nothing(l, c) : NULL;
}

/* Response codes: "[WORD ...]" before the words for people. */

/* Behind [ALERT]. */
static const char *
need_text(struct scan_line *l, int c)
{
	if (c == '\n')
		return "an alert without words";
	return c == ' ' || c == '\t' ? NULL : go(l, text);
}

/* A code that libetpan does not know: it only looks for the "]". */
static const char *
code_unknown(struct scan_line *l, int c)
{
	if (c == '\n')
		return nothing(l, c);
	if (is_control(c))
		return NO_SHAPE;
	return c == ']' ? go(l, text) : NULL;
}

static const char *
code_known(struct scan_line *l, int c)
{
	if (c == '"' || c == '{')
		return "a string inside of a response code";
	return code_unknown(l, c);
}

static const char *
code_alert(struct scan_line *l, int c)
{
	if (c == ']')
		return go(l, need_text);
	return c == ' ' ? NULL : code_known(l, c);
}

static const char *
code_refused(struct scan_line *l, int c)
{
	(void)l;
	(void)c;
	return "a BADCHARSET";
}

/* The flags of PERMANENTFLAGS up to the ")"; to libetpan "]" is one of them. */
static const char *
more_flags(struct scan_line *l, int c)
{
	if (c == ')')
		return go(l, code_known);
	return is_word(c) || c == ' ' ? NULL : NO_FLAGS;
}

/* Behind its "(\". */
static const char *
flag_name(struct scan_line *l, int c)
{
	return is_atom(c) || c == '*' ? go(l, more_flags) : NO_FLAGS;
}

/* Behind its "(". */
static const char *
first_flag(struct scan_line *l, int c)
{
	if (c == ' ')
		return NULL;
	if (c == '\\')
		return go(l, flag_name);
	if (is_atom(c))
		return go(l, more_flags);
	return c == ')' ? go(l, code_known) : NO_FLAGS;
}

static const char *
code_flags(struct scan_line *l, int c)
{
	if (c == '(')
		return go(l, first_flag);
	return c == ' ' ? NULL : code_known(l, c);
}

/* libetpan takes a word that only begins like one of these for it. */
static const struct code {
	const char *word;
	const char *(*step)(struct scan_line *l, int c);
} codes[] = {
	{ "alert", code_alert },
	{ "parse", code_alert },
	{ "badcharset", code_refused },
	{ "permanentflags", code_flags },
	{ "capability", code_known },
	{ "uidnext", code_known },
	{ "uidvalidity", code_known },
	{ "unseen", code_known },
	{ "appenduid", code_known },
	{ "copyuid", code_known },
	{ "highestmodseq", code_known },
	{ "modified", code_known },
	{ "annotatemore", code_known },
};

static const char *
code_word(struct scan_line *l, int c)
{
	if (is_atom(c)) {
		keep(l, c);
		return NULL;
	}
	if (c == ' ' && l->n == 0)
		return NULL;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (strncmp(l->word, codes[i].word, strlen(codes[i].word)) ==
		    0) {
			l->step = codes[i].step;
			return l->step(l, c);
		}
	l->step = code_unknown;
	return l->step(l, c);
}

/* Behind OK, NO, BAD, BYE and "+". */
static const char *
condition(struct scan_line *l, int c)
{
	if (c == ' ' || c == '\t')
		return NULL;
	go(l, c == '[' ? code_word : text);
	return c == '[' ? NULL : text(l, c);
}

/* Untagged responses that are not for people. */

/* Atoms and blanks: CAPABILITY. */
static const char *
atoms(struct scan_line *l, int c)
{
	return is_atom(c) ? NULL : nothing(l, c);
}

static const char *
numbers(struct scan_line *l, int c)
{
	return is_digit(c) ? NULL : nothing(l, c);
}

/* Behind the "(" of a list of flags. */
static const char *
flags(struct scan_line *l, int c)
{
	if (c == ')')
		return go(l, l->after);
	return is_word(c) || c == ' ' ? NULL : NO_SHAPE;
}

static const char *
flags_line(struct scan_line *l, int c)
{
	l->after = nothing;
	if (c == '(')
		return go(l, flags);
	return c == ' ' ? NULL : NO_SHAPE;
}

static const char *
list_atom(struct scan_line *l, int c)
{
	return is_word(c) ? NULL : nothing(l, c);
}

static const char *
list_name(struct scan_line *l, int c)
{
	if (c == SYMBOL_STRING || c == SYMBOL_LITERAL)
		return go(l, nothing);
	if (is_word(c))
		return go(l, list_atom);
	return c == ' ' ? NULL : NO_SHAPE;
}

/* "." in quotes, or NIL. */
static const char *
list_delimiter(struct scan_line *l, int c)
{
	if (c == SYMBOL_STRING)
		return go(l, list_name);
	if (is_letter(c)) {
		l->n++;
		return NULL;
	}
	if (c != ' ')
		return NO_SHAPE;
	return l->n == 0 ? NULL : go(l, list_name);
}

static const char *
list_line(struct scan_line *l, int c)
{
	l->strings = true;
	l->after = list_delimiter;
	if (c == '(')
		return go(l, flags);
	return c == ' ' ? NULL : NO_SHAPE;
}

/* FETCH. */

static const char *item(struct scan_line *l, int c);

/* Behind a value: a blank and the next item, or the end. */
static const char *
item_end(struct scan_line *l, int c)
{
	if (c == ')')
		return go(l, nothing);
	return c == ' ' ? go(l, item) : NO_SHAPE;
}

static const char *
value_number(struct scan_line *l, int c)
{
	if (is_digit(c))
		l->n++;
	if (is_digit(c) || (c == ' ' && l->n == 0))
		return NULL;
	return l->n == 0 ? NO_SHAPE : item_end(l, c);
}

static const char *
value_string(struct scan_line *l, int c)
{
	if (c == SYMBOL_STRING)
		return go(l, item_end);
	return c == ' ' ? NULL : NO_SHAPE;
}

static const char *
value_flags(struct scan_line *l, int c)
{
	l->after = item_end;
	if (c == '(')
		return go(l, flags);
	return c == ' ' ? NULL : NO_SHAPE;
}

/* A string, a literal, or NIL. */
static const char *
value_body(struct scan_line *l, int c)
{
	if (c == SYMBOL_STRING || c == SYMBOL_LITERAL)
		return l->n == 0 ? go(l, item_end) : NO_SHAPE;
	if (is_letter(c)) {
		l->n++;
		return NULL;
	}
	if (c == ' ' && l->n == 0)
		return NULL;
	return l->n == 0 ? NO_SHAPE : item_end(l, c);
}

/* "<0>" behind BODY[]: the place of a piece. */
static const char *
origin(struct scan_line *l, int c)
{
	if (c == '>')
		return go(l, value_body);
	return is_digit(c) ? NULL : NO_SHAPE;
}

static const char *
body_end(struct scan_line *l, int c)
{
	if (c == '<')
		return go(l, origin);
	return c == ' ' ? go(l, value_body) : NO_SHAPE;
}

/* deskd asks for BODY[] alone, never for a part. */
static const char *
body(struct scan_line *l, int c)
{
	return c == ']' ? go(l, body_end) : NO_ITEM;
}

static const struct item {
	const char *name;
	char end;
	const char *(*step)(struct scan_line *l, int c);
} items[] = {
	{ "uid", ' ', value_number },
	{ "rfc822.size", ' ', value_number },
	{ "internaldate", ' ', value_string },
	{ "flags", ' ', value_flags },
	{ "modseq", ' ', value_flags },
	{ "body", '[', body },
};

static const char *
item(struct scan_line *l, int c)
{
	if (is_letter(c) || is_digit(c) || c == '.') {
		keep(l, c);
		return NULL;
	}
	if (l->n == 0 && c == ' ')
		return NULL;
	if (l->n == 0 && c == ')')
		return go(l, nothing);
	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++)
		if (c == items[i].end && strcmp(l->word, items[i].name) == 0)
			return go(l, items[i].step);
	return NO_ITEM;
}

static const char *
fetch_line(struct scan_line *l, int c)
{
	l->strings = true;
	if (c == '(')
		return go(l, item);
	return c == ' ' ? NULL : NO_SHAPE;
}

/* The first words of a line. */

static const struct kind {
	const char *word;
	const char *(*step)(struct scan_line *l, int c);
} untagged[] = {
	{ "ok", condition },
	{ "no", condition },
	{ "bad", condition },
	{ "bye", condition },
	{ "preauth", condition },
	{ "capability", atoms },
	{ "flags", flags_line },
	{ "list", list_line },
	{ "search", numbers },
};

static const struct kind numbered[] = {
	{ "exists", nothing },
	{ "recent", nothing },
	{ "expunge", nothing },
	{ "fetch", fetch_line },
};

static const struct kind tagged[] = {
	{ "ok", condition },
	{ "no", condition },
	{ "bad", condition },
};

/* The word is complete: c stands behind it. */
static const char *
known(struct scan_line *l, const struct kind *kinds, size_t n, int c)
{
	if (c != ' ' && c != '\n')
		return NOT_ASKED;
	for (size_t i = 0; i < n; i++)
		if (strcmp(l->word, kinds[i].word) == 0) {
			go(l, kinds[i].step);
			return l->step(l, c);
		}
	return NOT_ASKED;
}

static const char *
number_word(struct scan_line *l, int c)
{
	if (is_letter(c)) {
		keep(l, c);
		return NULL;
	}
	return known(l, numbered, sizeof(numbered) / sizeof(numbered[0]), c);
}

static const char *
untagged_word(struct scan_line *l, int c)
{
	bool number = l->n > 0 && is_digit(l->word[0]);

	if (number ? is_digit(c) : is_letter(c) || (l->n == 0 && is_digit(c))) {
		keep(l, c);
		return NULL;
	}
	if (number && c == ' ')
		return go(l, number_word);
	return known(l, untagged, sizeof(untagged) / sizeof(untagged[0]), c);
}

static const char *
tagged_word(struct scan_line *l, int c)
{
	if (is_letter(c)) {
		keep(l, c);
		return NULL;
	}
	return known(l, tagged, sizeof(tagged) / sizeof(tagged[0]), c);
}

static const char *
tag(struct scan_line *l, int c)
{
	if (is_letter(c) || is_digit(c))
		return NULL;
	return c == ' ' ? go(l, tagged_word) : NO_RESPONSE;
}

static const char *
star(struct scan_line *l, int c)
{
	return c == ' ' ? go(l, untagged_word) : NO_RESPONSE;
}

static const char *
line_start(struct scan_line *l, int c)
{
	if (c == '*')
		return go(l, star);
	if (c == '+')
		return go(l, condition);
	return is_letter(c) || is_digit(c) ? go(l, tag) : NO_RESPONSE;
}

const char *
scan_line_symbol(struct scan_line *l, int c)
{
	return l->step == NULL ? line_start(l, c) : l->step(l, c);
}
