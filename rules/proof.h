#ifndef RULES_PROOF_H
#define RULES_PROOF_H

#include "parser/conf.h"
#include "parser/mail.h"

/*
 * Factor 1 (RELIABILITY 3.3): what our own border server says of the sender.
 * Only what stands above the Received line that it wrote counts (or right below
 * it, where the configuration says that it writes there); nothing below can
 * better the verdict.
 *
 * It knows nothing of agents, tokens and tickets: authority.h.
 */
enum proof {
	PROOF_PASS,
	PROOF_FAIL,   /* it says fail, or contradicts itself */
	PROOF_NONE,   /* it says nothing that counts, or none is named */
	PROOF_FORGED, /* a line in its name where it cannot have written */
	PROOF_COUNT
};
extern const char *const proof_names[PROOF_COUNT];

/* *why is a few words, in the arena. */
enum proof proof_of(struct arena *a, const struct conf *c, const struct mail *m,
    const char **why);

/* What a line of the trace was in the eyes of the judge. */
enum proof_line_kind {
	PROOF_IGNORED, /* it changes nothing */
	PROOF_BORDER,  /* the border: what it wrote is trusted */
	PROOF_COUNTS,  /* a word of the border server */
	PROOF_AGAINST, /* it can only lower the verdict */
	PROOF_LINE_KINDS
};
extern const char *const proof_line_names[PROOF_LINE_KINDS];

struct proof_line {
	enum proof_line_kind kind;
	const char *why; /* static words, or in the arena */
};

/* The same, and of each line of m->trace what it was: lines has room for all,
 * or is NULL. */
enum proof proof_lines(struct arena *a, const struct conf *c,
    const struct mail *m, struct proof_line *lines, const char **why);

#endif
