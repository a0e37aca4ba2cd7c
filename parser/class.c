/*
 * What kind of sender a mail has: RELIABILITY 5.1, read strictly, in its order.
 * Whether a mail is our own (CLASS_OWN) needs the key and is decided elsewhere.
 */
#include <string.h>
#include <strings.h>

#include "parser/reader.h"

const char *
mail_class_name(enum mail_class c)
{
	static const char *const names[CLASS_COUNT] = { "human", "own", "dsn",
		"complaint", "receipt", "auto-reply", "peer", "bulk",
		"generated" };

	return c < CLASS_COUNT ? names[c] : "human";
}

void
class_decide(struct mail_reader *r)
{
	bounce_read(r);
}
