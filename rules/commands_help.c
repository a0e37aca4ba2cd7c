/*
 * The text of #help: the table of commands, or one of them, in the language of
 * who asks.
 */
#include <string.h>

#include "parser/buf.h"
#include "parser/utf8.h"
#include "rules/commands_private.h"

#define NAMES_WIDE 20 /* letters of "#wait [when]" */
#define WORD_SHOWN 40 /* bytes of an unknown word */
#define BOTH_WIDE  32 /* of "#warten, #wait [wann]" */

static const enum phrase groups[HELP_GROUPS] = {
	[HELP_STATE] = HELP_TITLE_STATE,
	[HELP_HAND] = HELP_TITLE_HAND,
	[HELP_FIELD] = HELP_TITLE_FIELD,
	[HELP_OTHER] = HELP_TITLE_OTHER,
};

/* What is written, and in which language. */
struct helping {
	struct arena *arena;
	struct buf *out;
	const char *language;
	int column;
};

/* "#warten, #wait [wann]": the reader's own word first. */
static const char *
usage_of(const struct helping *h, const struct help_row *r)
{
	const char *name = command_names[r->word];
	const char *alias = r->alias[h->column];

	return arena_printf(h->arena, "%s%s%s#%s %s", *alias == '\0' ? "" : "#",
	    alias, *alias == '\0' ? "" : ", ", name, r->usage[h->column]);
}

static int
letters(const char *s)
{
	int n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static void
add_line(const struct helping *h, const struct help_row *r)
{
	const char *usage = usage_of(h, r);
	int wide = h->column == 0 ? NAMES_WIDE : BOTH_WIDE, n = letters(usage);

	buf_printf(h->out, "  %s%*s  %s\n", usage, n < wide ? wide - n : 0, "",
	    r->does[h->column]);
}

static void
add_table(const struct helping *h)
{
	buf_printf(h->out, "%s\n", phrase_plain(h->language, HELP_INTRO));
	for (int g = 0; g < HELP_GROUPS; g++) {
		buf_printf(
		    h->out, "\n%s\n", phrase_plain(h->language, groups[g]));
		for (size_t i = 0; i < commands_helps_n; i++)
			if ((int)commands_helps[i].group == g)
				add_line(h, &commands_helps[i]);
	}
}

static void
add_word(const struct helping *h, const struct help_row *r)
{
	add_line(h, r);
	buf_printf(
	    h->out, "\n%s\n\n  ", phrase_plain(h->language, HELP_EXAMPLE));
	for (const char *p = r->example; *p != '\0'; p++) {
		buf_char(h->out, *p);
		if (*p == '\n')
			buf_str(h->out, "  ");
	}
	buf_char(h->out, '\n');
}

static const struct help_row *
row_of(struct arena *a, const char *word)
{
	enum command_word w = command_find(a, word + strspn(word, "#/ "));

	for (size_t i = 0; i < commands_helps_n; i++)
		if (commands_helps[i].word == w)
			return &commands_helps[i];
	return NULL;
}

char *
commands_help(struct arena *a, const char *language, const char *word)
{
	bool asked = word != NULL && *word != '\0';
	const struct help_row *r = asked ? row_of(a, word) : NULL;
	struct buf b;
	struct helping h = { a, &b, language, phrase_column(language) };
	char *out;

	buf_init(&b, 0);
	if (asked && r == NULL)
		buf_printf(&b, "%s\n\n",
		    phrase(a, language, HELP_UNKNOWN, NULL,
			utf8_line(a, word, WORD_SHOWN), NULL));
	if (r != NULL)
		add_word(&h, r);
	else
		add_table(&h);
	out = arena_strdup(a, buf_text(&b));
	buf_done(&b);
	return out;
}
