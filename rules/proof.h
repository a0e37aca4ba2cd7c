#ifndef RULES_PROOF_H
#define RULES_PROOF_H

#include "parser/conf.h"
#include "parser/mail.h"

/*
 * Factor 1 (RELIABILITY 3.3): what our own border server says of the sender.
 * Only what stands above the Received line that it wrote counts; nothing below
 * can better the verdict.
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

#endif
