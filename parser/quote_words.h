#ifndef PARSER_QUOTE_WORDS_H
#define PARSER_QUOTE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The words by which mail programs of many languages introduce what they
 * quote, and what they put below.  All functions take lines folded by
 * utf8_fold() and words_plain().
 */

/* Is one of a list in s, or at its start?  For the tables here. */
bool words_in(const char *s, const char *const *list, size_t n);
bool words_start(const char *s, const char *const *list, size_t n);

/* Digits, blanks, colons and brackets of other scripts become plain ones,
 * marks of direction go; in place. */
void words_plain(char *s);

/* "10:11", "2026", "3.5.", "2026-05-03": digits as a date or a time has. */
bool words_date(const char *s);
/* The same with a year. */
bool words_whole_date(const char *s);

/* "On 3 May 2026 at 10:11, Ann <ann@example.com> wrote:" and its kind: some
 * lines joined by blanks. */
enum attribution {
	ATTRIBUTION_NONE,
	ATTRIBUTION_NEAR, /* if quoted lines follow */
	ATTRIBUTION_SURE
};
enum attribution words_attribution(const char *s);

/* Could an attribution begin with this line? */
enum opening {
	OPENS_NOT,
	OPENS_PERHAPS, /* it has a date or an address */
	OPENS_DATE,    /* it begins with a date */
	OPENS_WORD     /* it begins with a word that they begin with */
};
enum opening words_opening(const char *s);

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
/* How many different fields stand on one line that begins with one. */
size_t words_header_line(const char *s);

/* "--- words ---", whatever the words. */
bool words_dashed(const char *s);
/* "-----Original Message-----", "---- Ann wrote ----" */
bool words_original(const char *s);

/* "---------- Forwarded message ---------", "Begin forwarded message:" */
bool words_forward(const char *s);

/* "Please type your reply above this line" */
bool words_reply_above(const char *s);

/* "Sent from my iPhone", "Get Outlook for iOS" */
bool words_mobile(const char *s);

/* What a house puts below all its mails: a paragraph joined by blanks. */
enum notice {
	NOTICE_NONE,
	NOTICE_PART, /* may belong to one that stands above */
	NOTICE_HEAD, /* a heading or a link: to one above or below */
	NOTICE_SURE
};
/* Could one begin with this line? */
bool words_notice_start(const char *s);
enum notice words_notice(const char *s);

/* "This mail originated from outside of the organization": put above. */
bool words_banner(const char *s);
bool words_banner_start(const char *s);

#endif
