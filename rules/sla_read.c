/*
 * The `sla` blocks of a configuration, and which of them a ticket goes by.  The
 * reader has checked their form (parser/conf_later.c).
 */
#include "rules/sla.h"

#include <stdlib.h>
#include <string.h>

#include "rules/rulebook.h"

const char *const sla_kind_names[SLA_COUNT] = {
	[SLA_FIRST] = "first response",
	[SLA_NEXT] = "next response",
	[SLA_RESOLUTION] = "resolution",
};

/* "2d", "1w2d4h", "-": weeks and days apart, the rest in seconds. */
static struct sla_target
read_target(const char *s)
{
	struct sla_target t = { 0 };
	char *end;

	if (strcmp(s, "-") == 0)
		return t;
	t.text = s;
	while (*s != '\0') {
		int64_t n = strtol(s, &end, 10);

		if (*end == 'w')
			t.weeks = n;
		else if (*end == 'd')
			t.days = n;
		else
			break;
		s = end + 1;
	}
	if (*s != '\0')
		conf_duration(s, &t.seconds);
	return t;
}

static void
read_row(const struct conf_node *n, struct sla_row *out)
{
	out->name = n->name;
	out->calendar = conf_text(n, 4);
	for (size_t i = 0; i < SLA_COUNT; i++)
		out->targets[i] = read_target(n->args[i].text);
}

static void
add_step(struct sla *s, const struct conf_node *n)
{
	int percent = (int)strtol(n->args[0].text, NULL, 10);
	size_t i = s->steps_n++;

	for (; i > 0 && s->steps[i - 1].percent > percent; i--)
		s->steps[i] = s->steps[i - 1];
	s->steps[i] = (struct sla_step){ .percent = percent,
		.escalate = strcmp(n->name, "escalate") == 0,
		.node = n,
		.whom = n->args + 1,
		.n = n->args_n - 1 };
}

static unsigned
read_pauses(const struct conf_node *n)
{
	unsigned set = 0;

	for (size_t i = 1; i < n->args_n; i++)
		set |= 1u << word_index(
			   status_names, STATUS_COUNT, n->args[i].text);
	return set;
}

static void
read_setting(struct sla *s, const struct conf_node *n)
{
	int i;

	if (strcmp(n->name, "calendar") == 0)
		s->calendar = conf_text(n, 0);
	else if (strcmp(n->name, "pause") == 0)
		s->pauses = read_pauses(n);
	else if (strcmp(n->name, "warn") == 0 ||
	    strcmp(n->name, "escalate") == 0)
		add_step(s, n);
	else if ((i = word_index(priority_names, PRIORITY_COUNT, n->name)) >= 0)
		read_row(n, &s->priorities[i]);
	else if ((i = word_index(type_names, TYPE_COUNT, n->name)) >= 0)
		read_row(n, &s->types[i]);
}

void
sla_read(struct arena *a, const struct conf_node *block, struct sla *out)
{
	size_t settings = 0;

	*out = (struct sla){ .name = conf_text(block, 0), .node = block };
	for (const struct conf_node *n = block->child; n != NULL; n = n->next)
		settings++;
	out->steps = arena_calloc(a, settings, sizeof(*out->steps));
	for (const struct conf_node *n = block->child; n != NULL; n = n->next)
		read_setting(out, n);
}

static const struct sla *
named(const struct rulebook *b, const char *name)
{
	for (size_t i = 0; i < b->slas_n && name != NULL; i++)
		if (strcmp(b->slas[i].name, name) == 0)
			return &b->slas[i];
	return NULL;
}

/* One that a rule gave and the configuration has no more is as if none had. */
static const struct sla *
sla_of(const struct rulebook *b, const struct ticket *t, const char *name)
{
	const struct sla *s = named(b, name);
	const struct org *org = rulebook_org(b, t->requester);
	const struct conf_team *team = conf_team(b->conf, t->team);

	if (s == NULL && org != NULL)
		s = named(b, org->sla);
	if (s == NULL && team != NULL)
		s = named(b, team->sla);
	return s;
}

/* FNV-1a, 64 bits: names that are not to be guessed at, only told apart. */
static void
mix(uint64_t *h, const void *p, size_t n)
{
	const unsigned char *s = p;

	for (size_t i = 0; i < n; i++)
		*h = (*h ^ s[i]) * UINT64_C(1099511628211);
}

static void
mix_text(uint64_t *h, const char *s)
{
	mix(h, s == NULL ? "" : s, s == NULL ? 1 : strlen(s) + 1);
}

/* Never 0. */
static int64_t
id_of(const struct sla_terms *t)
{
	uint64_t h = UINT64_C(14695981039346656037);

	mix_text(&h, t->sla == NULL ? NULL : t->sla->name);
	mix_text(&h, t->calendar);
	if (t->row != NULL) {
		mix_text(&h, t->row->name);
		for (size_t i = 0; i < SLA_COUNT; i++)
			mix_text(&h, t->row->targets[i].text);
	}
	return (int64_t)(h >> 1) | 1;
}

void
sla_choose(const struct rulebook *b, const struct ticket *t, const char *sla,
    struct sla_terms *out)
{
	struct sla_terms o = { .sla = sla_of(b, t, sla) };

	if (o.sla != NULL) {
		o.row = &o.sla->types[t->type];
		if (o.row->name == NULL)
			o.row = &o.sla->priorities[t->priority];
		if (o.row->name == NULL)
			o.row = NULL;
		o.calendar = o.row != NULL && o.row->calendar != NULL
		    ? o.row->calendar
		    : o.sla->calendar;
	}
	if (o.calendar == NULL && b->calendars_n > 0)
		o.calendar = b->calendars[0].name;
	if (o.calendar != NULL)
		o.hours = rulebook_hours(b, o.calendar);
	o.id = id_of(&o);
	*out = o;
}
