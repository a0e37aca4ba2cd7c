#ifndef RULES_ANSWER_WORDS_H
#define RULES_ANSWER_WORDS_H

#include <stdbool.h>

#include "rules/answer.h"
#include "rules/template.h"

/* Private to answer: the words of a letter, out of its template. */
#define ANSWER_VALUES 24

struct answer_words {
	struct value values[ANSWER_VALUES + 1]; /* ends with a NULL name */
	size_t values_n;
	const char *language; /* that of the template */
	char *subject, *text;
	const char *rich; /* the inside of <body>; NULL: made from the text */
};

/* mark is a word that stands in no text.  ERR_REJECT: there is no template, or
 * the text would be too large. */
int answer_words(struct arena *a, const struct answer *in, const char *template,
    const char *mark, struct answer_words *out, struct err *e);

/* "EX-1042" */
const char *answer_tag(
    struct arena *a, const struct answer *in, int64_t number);

/* The pictures with the id `from` get the id `to`; false: there is none. */
bool answer_picture(
    struct arena *a, const char **rich, const char *from, const char *to);
/* Pictures that were given no id of ours go: nothing could show them. */
const char *answer_pictures_end(struct arena *a, const char *rich);

#endif
