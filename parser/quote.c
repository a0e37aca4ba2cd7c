/*
 * What a person added to a mail.  See quote.h.
 */
#include "parser/quote.h"

#include <string.h>

char *
quote_cut(struct arena *a, const struct quote_input *in)
{
	return arena_strdup(a, in->text);
}
