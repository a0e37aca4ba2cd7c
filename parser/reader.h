#ifndef PARSER_READER_H
#define PARSER_READER_H

#include "parser/buf.h"
#include "parser/decode.h"
#include "parser/header.h"
#include "parser/html.h"
#include "parser/limits.h"
#include "parser/line_end.h"
#include "parser/mail.h"
#include "parser/param.h"
#include "parser/uu.h"

/*
 * The inside of the mail reader; no other folder includes this.
 *
 *   mime.c   bytes -> lines -> header sections and bodies, boundary stack
 *   part.c   a header section -> a part
 *   leaf.c   a leaf's bytes -> decoded, hashed, kept as text where wanted
 *   inner.c  what is wrapped in a leaf: S/MIME, winmail.dat, a message
 *   text.c   which texts are shown, and how they are joined
 *   meeting.c  what calendars in it say
 *   report.c  what reports and lists say of themselves
 *   class.c  what kind of sender;  bounce.c  delivery status (bounce.h)
 *   mail.c   the fields of the mail, and the order of all this
 */

#define LINE_MAX_BYTES 1100 /* a boundary, "--" on both sides, blanks */

/* An open multipart. */
struct level {
	const char *boundary; /* NULL: not known yet, the first "--x" is it */
	size_t boundary_n;
	int part;
	bool digest; /* parts are message/rfc822 unless they say */
	bool related;
	const char *start; /* of a related: Content-ID of its root, or NULL */
};

enum reader_state {
	IN_HEADER,
	IN_BODY
};

enum line_state {
	LINE_START, /* the next byte begins a line */
	LINE_HELD,  /* a line that may be a boundary stands in line[] */
	LINE_REST,  /* somewhere inside a line */
	LINE_CR     /* behind a CR that may belong to the end of the line */
};

/* What a leaf's decoded bytes are kept for. */
enum keep {
	KEEP_NOTHING,
	KEEP_TEXT,
	KEEP_STATUS,  /* message/delivery-status: all of it */
	KEEP_HEADERS, /* the start of a returned or forwarded message */
	KEEP_NOTICE,  /* a feedback report, a disposition notification */
	KEEP_CALENDAR /* the start of a calendar */
};

/* A text that may be shown. */
struct piece {
	int part;
	bool html;
	bool flowed, delsp; /* format=flowed (RFC 3676) */
	const char *text;   /* UTF-8; HTML still with its tags */
	bool blank;
	int alternative;   /* the outermost around it, or -1 */
	bool related;      /* directly in a multipart/related, whose root is */
	const char *start; /* the part with this Content-ID; NULL: the first */
	bool aside;        /* a file that the root of a related shows */
	bool spare; /* of a winmail.dat: shown when there is no other text */
};

/* A calendar as it came. */
struct calendar_part {
	const char *bytes;
	size_t n;
	const char *charset, *method; /* may be NULL */
	bool attached;                /* a file, not what the mail is */
};

struct leaf {
	bool open;
	int part; /* -1: bytes that belong to nothing */
	enum keep keep;
	struct decode decode;
	struct hash hash;
	struct hash text_hash; /* of its words, for the fingerprint */
	bool words, word_gap, word_any;
	struct buf kept;
	bool cut; /* not all of it fitted */
	const char *charset;
	const char *method; /* of a calendar */
	bool attached;
	bool shown; /* a candidate for the text */
	bool html, flowed, delsp;
	bool with_files; /* a plain text that may hold uuencoded files */
	struct uu uu;
	int file; /* the part of the open one, or -1 */
	struct hash file_hash;
	const char *start;   /* as in struct piece, and related */
	struct inner *inner; /* what is wrapped in it; NULL: nothing */
	bool related;
	bool preamble;   /* what stands before the first delimiter ... */
	int preamble_of; /* ... of this part */
};

struct mail_reader {
	struct arena *a;
	enum mail_depth depth;
	int level; /* of readers in each other: 0 is the mail's */
	const char *known;
	uint64_t at; /* bytes consumed */
	struct line_end line_end;
	struct hash whole; /* MAIL_HEADERS: of all bytes */
	uint64_t whole_n;

	/* limits of this rung */
	size_t text_max, html_max, parts_max, depth_max, fields_max;

	enum reader_state state;
	struct buf section;   /* the header section being read */
	size_t section_lines; /* lines of it so far */
	size_t section_start; /* where the last line begins in it */
	int replays;          /* sections whose end is being read again */
	enum line_state line_state;
	char line[LINE_MAX_BYTES];
	size_t line_n;
	char eol[2];  /* a line end not yet given to the leaf: the boundary */
	size_t eol_n; /* that may follow owns it */
	struct level *stack;
	size_t stack_n;
	int container;   /* the part around the section being read, or -1 */
	bool message;    /* the section is that of a message, not of a part */
	size_t messages; /* message/rfc822 entered as the only content */

	struct leaf leaf;
	struct mail m; /* in the making */
	size_t parts_cap, defects_cap;
	uint8_t (*prints)[HASH_SIZE]; /* fingerprint of each part */
	struct piece *pieces;
	size_t pieces_n, pieces_cap;
	bool noted;       /* there are words of ours in the text */
	bool no_text;     /* none of the pieces that are no spare ones */
	bool spare_plain; /* a spare one is plain text */
	size_t text_kept, html_kept;               /* bytes in pieces */
	struct html_range quotes[HTML_RANGES_MAX]; /* of m.text */
	size_t quotes_n;
	size_t forward_at;  /* in m.text, or QUOTE_NO_FORWARD */
	const char *hint;   /* charset of the first text part that names one */
	const char *status; /* the delivery status, NULL: none */
	size_t status_n;
	const char *notice; /* fields of a report, NULL: none */
	size_t notice_n;
	const char *returned; /* header section of the returned message */
	size_t returned_n;
	struct calendar_part calendars[CALENDARS_MAX];
	size_t calendars_n;
	const char *meeting;          /* the method the mail itself has */
	const char *calendar_about;   /* an event in its own words */
	const char *calendar_comment; /* who answers an invitation says more */
	bool calendar_text;           /* m.text is nothing but calendars */
	bool seen_leaf;
	size_t headers_read; /* bytes of all sections */
	const char *report_type;
	int64_t own_date; /* of the Date field; 0: none */
};

/* Say what is wrong with the mail; the same thing once. */
void reader_defect(struct mail_reader *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#define DEFECT_TURNS "characters that turn the direction of text: taken out"

/* A part in the making, with what does not outlive it. */
struct draft {
	struct part p;
	struct params type, disposition;
	bool attachment; /* the disposition says so */
};

/* part.c: a section was read; the body that follows belongs to it.  whole: it
 * ended as it should, so that what follows may be a message by itself. */
void part_begin(struct mail_reader *r, const struct header *h, bool whole);
bool part_is(const struct part *p, const char *type);
bool part_type_valid(const char *type);  /* "type/subtype" (RFC 2045)? */
bool part_message(const struct part *p); /* RFC 822, or 6532 */
int part_add(struct mail_reader *r, const struct part *p);
/* A message that has no name has that of its subject. */
void part_name_message(
    struct mail_reader *r, struct part *p, const char *head, size_t n);
/* Is this section of n bytes one more than is read?  What follows is nothing.
 */
bool part_too_many(struct mail_reader *r, size_t n);

/* leaf.c: part is its index, or -1 for text that may turn out to be none. */
void leaf_open(struct mail_reader *r, const struct draft *d, int part);
void leaf_feed(struct mail_reader *r, const char *p, size_t n);
/* container: whose delimiter ends it; -1: the end of the mail does. */
void leaf_end(struct mail_reader *r, int container);

/* mime.c */
void mime_feed(struct mail_reader *r, const char *p, size_t n);
void mime_end(struct mail_reader *r);
/* The body that follows is a multipart, or a message by itself. */
void mime_push(struct mail_reader *r, const char *boundary, size_t n, int part);
void mime_enter_message(struct mail_reader *r, int part);

/* inner.c: NULL: nothing is wrapped in such a leaf.  The bytes are decoded. */
struct inner *inner_open(struct mail_reader *r, const struct draft *d);
void inner_feed(struct mail_reader *r, const char *p, size_t n);
void inner_end(struct mail_reader *r);

/* A leaf that is for programs, not for people?  Marks a signature. */
bool inner_aside(struct mail_reader *r, const struct draft *d, int part);

/* What the headers of a part say to a person, into the text. */
void inner_say(struct mail_reader *r, const struct draft *d, int part);

/* text.c: a text that may be shown. */
struct piece *text_add(struct mail_reader *r, int part, const char *text);

/* Fills m.text. */
void text_join(struct mail_reader *r);

/* meeting.c: fills m.calendar, and m.text when there is none. */
void meeting_read(struct mail_reader *r);

/* forward.c: is it somebody's mail that a person passes on? */
void forward_read(struct mail_reader *r);

/* report.c: fills m.list, and m.report for the classes that have one. */
void report_read(struct mail_reader *r);

/* class.c, bounce.c: after the fields and the text are there. */
void class_decide(struct mail_reader *r);
void bounce_read(struct mail_reader *r);
/* What shows that this is a bounce though it is no report; NULL: nothing. */
const char *bounce_sign(struct mail_reader *r);

#endif
