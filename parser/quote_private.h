#ifndef PARSER_QUOTE_PRIVATE_H
#define PARSER_QUOTE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "parser/arena.h"
#include "parser/quote.h"

/*
 * Only for quote*.c.  quote.c goes through the lines once and takes out what
 * quote_find.c finds; quote_trim.c then looks at what is left.
 */
struct quote_line {
	const char *s;
	size_t n;
	bool blank, quoted, drop;
	bool marked;  /* begins with ">": a quote for everybody to see */
	bool pointed; /* GroupWise's ">>> Ann <a@example.com> 28.07.26 >>>" */
	bool sure;    /* quoted for another reason than its mark */
	bool intro;   /* an attribution or the like */
	bool ends;    /* may be the last of an attribution: ":" or ">" */
	bool colon;   /* ends with one: most lines do not, and need no look */
};

struct quote_cut {
	const struct quote_input *in;
	struct arena scratch; /* folded lines, given back often */
	struct quote_line *lines;
	size_t n, lines_cap;
	const char *rest; /* of the text, behind the last line */
	size_t kept;      /* lines kept so far that are not blank */
	size_t quoted;    /* quoted lines in all */
	bool answered;    /* something shows that this answers a mail */
	size_t folded_at; /* the line that `folded` is of, from 1 */
	const char *folded;
	size_t forward;
};

/* The text's lines to c->lines. */
void quote_split(struct quote_cut *c, struct arena *a);
/* Does a line begin with ">"? */
bool quote_marked(const char *s, size_t n);

/* Folded, and gone with the next call or a few. */
const char *quote_fold(struct quote_cut *c, const char *s, size_t n);
/* The line folded; "" when it is too long to be anything but prose. */
const char *quote_folded(struct quote_cut *c, size_t i);
/* Lines i to i + k - 1 as one, folded; "" when it is too long. */
const char *quote_joined(struct quote_cut *c, size_t i, size_t k, size_t max);
size_t quote_next_text(const struct quote_cut *c, size_t i);
void quote_drop(struct quote_cut *c, size_t from, size_t to);

/* How many lines from i on are an attribution, a quoted header; 0: none. */
size_t quote_attribution(struct quote_cut *c, size_t i);
size_t quote_header(struct quote_cut *c, size_t i);
/* The same, or with a line between dashes above it, in whatever language. */
size_t quote_header_below(struct quote_cut *c, size_t i);
/* Does HTML say that the answered mail begins here? */
bool quote_divider(struct quote_cut *c, size_t i);
/* "-- " (RFC 3676 4.3), and the same without the blank. */
bool quote_signature(const struct quote_line *l);
/* Nothing but a rule: "_____", "-----", "* * *". */
bool quote_rule(const struct quote_line *l);
/* The end of a quoted line that was broken without a ">". */
bool quote_wrapped(const struct quote_cut *c, size_t i);
/* A rule and then the name of a mailing list. */
bool quote_list_footer(struct quote_cut *c, size_t i);
/* A telephone's signature in the middle: by itself and short. */
bool quote_mobile(struct quote_cut *c, size_t i);

/* What is left at the ends: rules, telephones, names, notices, banners. */
void quote_trim(struct quote_cut *c);
/* Quoted lines that turn out to be text, or that an answer stands below. */
void quote_keep(struct quote_cut *c);

#endif
