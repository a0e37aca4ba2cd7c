#ifndef PARSER_BOUNCE_H
#define PARSER_BOUNCE_H

#include "parser/mail.h"

/*
 * The inside of the bounce reader; no other folder includes this.
 *
 *   bounce_sign.c    is it one at all, when it is no report by its type
 *   bounce.c         the report: recipients, status, what the server said
 *   bounce_text.c    the same where there are only words for people
 *   bounce_ses.c     the same in the JSON of Amazon SES
 *   bounce_reason.c  from all that: why, and whether the address is dead
 *   bounce_words.c   the phrases of mail servers, in one table
 */

struct mail_reader;

#define BOUNCE_RECIPIENTS_MAX 100
#define BOUNCE_WORDS_MAX      16384 /* bytes of a report in words */
#define BOUNCE_SAID_MAX       2048  /* bytes of what a server answered */

/* What a report tells of the recipient that failed first. */
struct bounce_report {
	size_t cap; /* of the list of recipients */
	enum bounce_action action;
	bool told;          /* something was found */
	const char *status; /* "5.1.1" (RFC 3463), NULL: none */
	const char *said;   /* the server's answer, NULL: not told */
	bool smtp;          /* word for word, after a 5xx */
	const char *words;  /* what the report tells people, or NULL */
	const char *to;     /* the recipient, NULL: not told */
	bool dead;          /* the reporter filed it under bad addresses */
};

/* bounce.c */
void bounce_add(
    struct mail_reader *r, struct bounce_report *s, const char *addr);
/* The best enhanced status code that a text tells, NULL: none. */
const char *bounce_code(struct arena *a, const char *text);

/* bounce_text.c: the text without the mail that it returns. */
const char *bounce_words(struct mail_reader *r);
/* Recipients from X-Failed-Recipients and from the words. */
void bounce_addresses(struct mail_reader *r, struct bounce_report *s);
/* From the first reply code on, behind the recipient (may be NULL); NULL: there
 * is no such code. */
const char *bounce_answer(struct arena *a, const char *words, const char *to);
/* Everything from the words. */
void bounce_text(struct mail_reader *r, struct bounce_report *s);

/* bounce_ses.c: "Bounce", "Complaint", ..., NULL: it is no such mail. */
const char *bounce_ses_kind(struct mail_reader *r);
void bounce_ses(struct mail_reader *r, struct bounce_report *s);

/* bounce_reason.c: sets reason and hard. */
void bounce_judge(
    struct arena *a, const struct bounce_report *s, struct bounce *b);

/*
 * bounce_words.c.  Phrases have a rank: PLAIN ones say exactly what was wrong
 * though the address works; DEAD ones that it does not; VAGUE ones are asked
 * when no other, and no code, tells.
 */
enum phrase_rank {
	PHRASE_PLAIN,
	PHRASE_DEAD,
	PHRASE_VAGUE
};

/* Text on one line, folded, without addresses, host names, links and codes:
 * what is left are the words. */
char *phrase_text(struct arena *a, const char *text, size_t max);

/* What the first phrase of that rank in such a text means; *sure (may be NULL)
 * that nothing else has to confirm it. */
enum bounce_reason phrase_reason(
    const char *text, enum phrase_rank rank, bool *sure);

#endif
