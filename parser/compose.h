#ifndef PARSER_COMPOSE_H
#define PARSER_COMPOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/address.h"
#include "parser/arena.h"
#include "parser/err.h"

/*
 * Text to a finished mail (RFC 5322, 2045-2049): the only place that makes
 * bytes for SMTP.  CRLF only, no NUL, no line over 998 bytes, header lines
 * folded at 76, text in UTF-8 and quoted-printable, names and subjects as
 * RFC 2047 encoded words where they are not ASCII.  Header values can hold
 * no line break whatever they were made from (T27).
 */
/* What goes along: a file, or a picture that the HTML shows by its id. */
struct compose_part {
	const char *name; /* file name, "" when none */
	const char *type; /* "image/png" */
	const char *id;   /* Content-ID without <>: inline; NULL: a file */
	const void *data; /* decoded bytes */
	size_t size;
	const char *charset; /* of a text file, or NULL: as it says itself */
};

struct compose {
	struct address from;
	struct address to;        /* the visible To */
	const struct address *cc; /* the visible Cc */
	size_t cc_n;
	const char *reply_to;      /* address or NULL */
	const char *reply_to_name; /* "EX-1042", or NULL */
	const char *subject;     /* decoded text, without a tag of ours added */
	const char *message_id;  /* without <> */
	const char *in_reply_to; /* without <>, or NULL */
	const char **references; /* without <> */
	size_t references_n;
	int64_t date;
	int zone;             /* minutes */
	const char *language; /* Content-Language, or NULL */
	/* More fields, name and value in turn, NULL-terminated; may be NULL. */
	const char *const *fields;
	const char *text; /* UTF-8, LF */
	bool html; /* multipart/alternative with an HTML part made from text */
	/* With html: the inside of <body> to use in place of one made from the
	 * text; safe HTML of ours, see rich.h.  NULL: made from the text. */
	const char *rich;
	const struct compose_part *parts;
	size_t parts_n;
	bool flowed; /* text/plain; format=flowed (RFC 3676): phones may wrap */
};

/*
 * The whole mail.  ERR_REJECT: an address of ours or our Message-ID is not
 * valid.  Ids of others (in_reply_to, references) that cannot be written are
 * left out; of a long chain the first and the last nine stay (MAIL 1).
 */
int compose_mail(struct arena *a, const struct compose *c, char **data,
    size_t *n, struct err *e);

/*
 * The last look before bytes leave (M10): CRLF only, no NUL, no bare CR or LF,
 * no line over 998, a header section with From, Date and Message-ID.
 */
int compose_check(const char *data, size_t n, struct err *e);

/*
 * Plain text as simple, accessible HTML: paragraphs, lists, quotes, links.
 * The text is the master: nothing is added, everything is escaped.  A line end
 * is kept where the writer broke the line early, and is a blank where a full
 * line was wrapped.  title may be NULL.  NULL: it would be too large.
 */
char *compose_html(
    struct arena *a, const char *text, const char *language, const char *title);

/* The same for a letter: lines of nothing but "words" <mailto:..> to its own
 * sender or Reply-To become buttons. */
char *compose_letter(
    struct arena *a, const char *text, const struct compose *c);

/* The same, only what stands inside its <body>; c NULL: no buttons. */
char *compose_letter_body(
    struct arena *a, const char *text, const struct compose *c);

/* What stands inside <body>. */
char *compose_body(struct arena *a, const char *text);

/* The same document around a body that is there already. */
char *compose_page(
    struct arena *a, const char *rich, const char *language, const char *title);

/* Text as format=flowed (RFC 3676 4.2): long lines wrapped softly, quotes and
 * the signature mark kept, space-stuffed. */
char *compose_flow(struct arena *a, const char *text);

#endif
