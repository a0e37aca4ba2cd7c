/*
 * Whom and what a value of a command names: agents, teams, addresses, numbers
 * of tickets, however people write them.
 */
#include <string.h>

#include "parser/ascii.h"
#include "parser/near.h"
#include "parser/utf8.h"
#include "rules/commands_private.h"
#include "rules/person.h"

#define NUMBER_DIGITS 15

/* "@Ana Silva <mailto:ana@example.com>": the address, else without the "@". */
static const char *
bare(struct arena *a, const char *s)
{
	const char *open = strchr(s, '<'), *close;

	if (open != NULL && (close = strchr(open, '>')) != NULL)
		s = arena_strndup(a, open + 1, (size_t)(close - open - 1));
	s += strspn(s, " @");
	if (ascii_starts(s, "mailto:"))
		s += strlen("mailto:");
	return s;
}

/* Name, shown name, address; the first name is asked for when none is that. */
static bool
is_agent(struct steering *x, const struct conf_agent *a, const char *s)
{
	for (size_t i = 0; i < a->emails_n; i++)
		if (ascii_same(a->emails[i], s))
			return true;
	return commands_same(x, a->name, s) ||
	    (a->shown != NULL && commands_same(x, a->shown, s));
}

static bool
is_first_name(struct steering *x, const struct conf_agent *a, const char *s)
{
	const char *first = a->shown == NULL
	    ? ""
	    : person_first_name(x->arena, a->shown);

	return *first != '\0' && commands_same(x, first, s);
}

const struct conf_agent *
commands_agent(struct steering *x, const char *value, const char **several)
{
	const struct conf *c = x->ask->conf;
	const struct conf_agent *found = NULL;
	const char *s = bare(x->arena, value);

	*several = NULL;
	for (size_t i = 0; i < c->agents_n; i++)
		if (is_agent(x, &c->agents[i], s))
			return &c->agents[i];
	for (size_t i = 0; i < c->agents_n; i++) {
		const struct conf_agent *a = &c->agents[i];

		if (!is_first_name(x, a, s))
			continue;
		if (found != NULL)
			*several = arena_printf(x->arena, "%s, %s",
			    *several == NULL ? found->name : *several, a->name);
		found = a;
	}
	return *several == NULL ? found : NULL;
}

const struct conf_team *
commands_team_named(struct steering *x, const char *value)
{
	const struct conf *c = x->ask->conf;

	for (size_t i = 0; i < c->teams_n; i++) {
		const struct conf_team *t = &c->teams[i];

		if (t->tier < 4 &&
		    (commands_same(x, t->name, value) ||
			(t->shown != NULL &&
			    commands_same(x, t->shown, value))))
			return t;
	}
	return NULL;
}

const char *
commands_near_name(struct steering *x, const char *value, bool agents)
{
	const struct conf *c = x->ask->conf;
	size_t n = 0;
	const char **list = arena_calloc(
	    x->arena, c->agents_n + c->teams_n + 1, sizeof(*list));

	for (size_t i = 0; agents && i < c->agents_n; i++)
		list[n++] = c->agents[i].name;
	for (size_t i = 0; i < c->teams_n; i++)
		if (c->teams[i].tier < 4)
			list[n++] = c->teams[i].name;
	return near_word(utf8_fold(x->arena, bare(x->arena, value)), list);
}

const char *
commands_team_names(struct steering *x)
{
	const struct conf *c = x->ask->conf;
	const char *all = "";

	for (size_t i = 0; i < c->teams_n; i++)
		if (c->teams[i].tier < 4)
			all = arena_printf(x->arena, "%s%s%s", all,
			    *all == '\0' ? "" : ", ", c->teams[i].name);
	return all;
}

/* "1042", "#1042", "EX-1042", "[EX-1042]"; 0: it is none. */
static int64_t
number_of(struct steering *x, const char *s)
{
	const char *prefix = x->ask->conf->tickets.prefix;
	int64_t v = 0;
	int digits = 0;

	s += strspn(s, "[#");
	if (ascii_starts(s, prefix))
		s += strlen(prefix);
	for (; ascii_digit(*s) && digits < NUMBER_DIGITS; digits++)
		v = v * 10 + (*s++ - '0');
	s += *s == ']';
	return *s == '\0' ? v : 0;
}

bool
commands_ticket(struct steering *x, const char *word, struct ticket *out)
{
	int64_t number = number_of(x, word);
	bool found = false;

	if (number == 0) {
		commands_problem(x, PHRASE_TICKET, word, NULL);
		return false;
	}
	*out = ticket_blank;
	if (x->ask->find(x->ask->ctx, number, out, &found, x->e) == -1) {
		x->broken = true;
		return false;
	}
	if (!found)
		commands_problem(
		    x, PHRASE_NO_TICKET, commands_tag(x, number), NULL);
	return found;
}

const char *
commands_next(struct arena *a, const char **s)
{
	size_t n;
	const char *word;

	*s += strspn(*s, " ,;\t");
	n = strcspn(*s, " ,;\t");
	word = arena_strndup(a, *s, n);
	*s += n;
	return n == 0 ? NULL : word;
}

/* Addresses between blanks or commas, names before "<" as in a mail. */
size_t
commands_addresses(struct steering *x, struct address **out)
{
	char *s = arena_strdup(x->arena, x->now->value), *p;
	size_t n, bad = 0;

	while ((p = strstr(s, "mailto:")) != NULL)
		memset(p, ' ', strlen("mailto:"));
	for (p = s; *p != '\0'; p++)
		if (*p == ';' || (*p == ' ' && strchr(s, '<') == NULL))
			*p = ',';
	n = address_list(x->arena, s, strlen(s), out, &bad);
	for (size_t i = 0; i < n; i++)
		bad += !address_valid((*out)[i].addr);
	if (n > 0 && bad == 0)
		return n;
	commands_problem(x, PHRASE_ADDRESS, x->now->value, NULL);
	return 0;
}
