#ifndef RULES_GUARD_H
#define RULES_GUARD_H

#include "parser/compose.h"
#include "parser/conf.h"
#include "parser/token.h"

/*
 * The last look at what would leave to a requester (T08, RELIABILITY 3.6): no
 * reference of a cut line, cut line, token, address with a token, Message-ID of
 * the staff's thread, mark of an internal block, address that only agents have,
 * in the text, the HTML, names and texts of attachments.  It never mends: what
 * it finds is held, and the agent is asked.
 */
struct guard {
	const struct conf *conf;
	const struct desk_keys *keys;
	const struct conf_agent *agent; /* who writes: his own address is his */
	const char *text;
	const char *rich; /* or NULL */
	const struct compose_part *parts;
	size_t parts_n;
};

struct guard_find {
	const char *what;  /* "the cut line of a notification", static; NULL:
	                      nothing was found */
	const char *where; /* "the text", "the file log.txt" */
	size_t at;         /* bytes into the text from which it is internal;
	                      all of them, when it stands elsewhere */
};

void guard_look(struct arena *a, const struct guard *g, struct guard_find *out);

/* The part of the text above what was found, for "send only that", without rich
 * and files: text that the guard passes, or NULL. */
char *guard_above(struct arena *a, const struct guard *g);

/* The lines that fence internal words; ref is token_ref(). */
#define GUARD_CUT  "-- reply above this line (ref "
#define GUARD_MARK "[internal]"

#endif
