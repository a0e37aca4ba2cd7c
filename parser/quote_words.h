#ifndef PARSER_QUOTE_WORDS_H
#define PARSER_QUOTE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The words by which mail programs of many languages introduce what they
 * quote.  All functions take a line folded by utf8_fold().
 */

/* "On 3 May 2026 at 10:11, Ann <ann@example.com> wrote:" and its kind: one to
 * four lines joined by a blank.  sure: more than a colon and a date. */
bool words_attribution(const char *s, bool *sure);

/* Could an attribution begin with this line? */
bool words_attribution_start(const char *s);

/* Which field of a quoted header a line is. */
enum header_word {
	WORD_NONE,
	WORD_FROM,
	WORD_DATE,
	WORD_TO,
	WORD_CC,
	WORD_SUBJECT
};
enum header_word words_header(const char *s);
/* Where the value begins, behind the colon. */
const char *words_value(const char *s);

/* "-----Original Message-----", "---- Ann wrote ----" */
bool words_original(const char *s);

/* "---------- Forwarded message ---------", "Begin forwarded message:" */
bool words_forward(const char *s);

/* "Please type your reply above this line" */
bool words_reply_above(const char *s);

/* "Sent from my iPhone", "Get Outlook for iOS" */
bool words_mobile(const char *s);

#endif
