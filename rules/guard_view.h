#ifndef RULES_GUARD_VIEW_H
#define RULES_GUARD_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"

/*
 * Private to guard: the same bytes as a searching eye may read them.  Lower
 * case, no accents, full-width forms and long dashes as plain ones, nothing
 * that shows nothing; also without NUL, so UTF-16 of plain letters is read,
 * too.  Every byte knows where in the source it came from.
 */
struct guard_view {
	char *text;
	uint32_t *at;
	size_t n;
};

enum guard_decoding {
	GUARD_PLAIN,
	GUARD_REFERENCES, /* &#64; &commat; %40 =40 are what they stand for */
	GUARD_STRIPPED,   /* and no tags */
	GUARD_DECODINGS
};

/* false: this decoding would show nothing that the one before did not. */
bool guard_view_make(struct arena *a, const char *s, size_t n,
    enum guard_decoding how, struct guard_view *out);

/* References of references: "&#37;40". */
bool guard_view_again(
    struct arena *a, const struct guard_view *v, struct guard_view *out);

/* Only letters, digits and "+@.[]-": words that were broken over lines. */
void guard_view_tight(
    struct arena *a, const struct guard_view *v, struct guard_view *out);

#endif
