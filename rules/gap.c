/*
 * {{match.NAME}} in what a rule says: the words that its patterns found stand
 * there.  What they are good for is the caller's.
 */
#include <string.h>

#include "parser/limits.h"
#include "parser/utf8.h"
#include "rules/rule_private.h"

/* A {{match.NAME}} in a text. */
struct gap {
	size_t at;         /* bytes before it */
	const char *value; /* "" when the group took no part */
	const char *rest;  /* what follows */
};

static bool
next_gap(const struct asking *k, const char *text, struct gap *out)
{
	const char *open = text == NULL ? NULL : strstr(text, "{{match.");
	const char *name, *close;

	if (open == NULL)
		return false;
	name = open + strlen("{{match.");
	close = strstr(name, "}}");
	if (close == NULL)
		return false;
	*out = (struct gap){ (size_t)(open - text), "", close + 2 };
	for (size_t i = 0; i < k->groups_n; i++)
		if (strncmp(k->groups[i].name, name, (size_t)(close - name)) ==
			0 &&
		    k->groups[i].name[close - name] == '\0')
			out->value = k->groups[i].value;
	return true;
}

const char *
gap_fill(struct asking *k, const char *text)
{
	struct gap g;

	if (!next_gap(k, text, &g))
		return text;
	return arena_printf(k->arena, "%.*s%s%s", (int)g.at, text, g.value,
	    gap_fill(k, g.rest));
}

/*
 * Does a key tell one thing from another?  One of its groups is enough.  When
 * none took part, what is left is the same for all mails that the rule takes,
 * and strangers would meet in one ticket.
 */
bool
gap_tells(struct asking *k, const char *key)
{
	const char *text = key;
	struct gap g;

	while (next_gap(k, text, &g)) {
		if (*g.value != '\0')
			return true;
		text = g.rest;
	}
	return text == key && *utf8_line(k->arena, key, CONF_NAME_MAX) != '\0';
}
