#ifndef RULES_DESK_H
#define RULES_DESK_H

#include <stdbool.h>

#include "parser/conf.h"
#include "parser/token.h"
#include "rules/hours.h"
#include "rules/rulebook.h"
#include "rules/template.h"

/* What every letter is made with. */
struct desk {
	const struct conf *conf;
	const struct template_set *templates;
	const struct rulebook *book; /* NULL: no hours, no organisations */
	const struct desk_keys *keys;
	const struct zone *zone; /* whose time is printed; NULL: UTC */
	int64_t now;
	int offset; /* minutes, for the Date field */
};

/* A finished mail; the caller makes a letter of it.  Lives in the arena. */
struct note_out {
	const char *sender;    /* envelope; "" where a bounce must not come */
	const char *recipient; /* exactly one */
	const char *message_id;
	const char *subject; /* decoded, for the ticket's history */
	const char *text;    /* the plain text of it */
	const char *data;    /* final bytes */
	size_t size;
	bool inside; /* an answer to it stays inside */
};

#endif
