/*
 * The configuration's rules and what they refer to, compiled.  A rule is its
 * clauses (rule_when.c) and its actions (rule_do.c).
 */
#include "rules/rulebook.h"

#include <string.h>

#include "parser/address.h"
#include "rules/rule_private.h"
#include "rules/sla.h"

const char *const occasion_names[OCCASION_COUNT] = {
	[OCCASION_NEW] = "new",
	[OCCASION_REPLY] = "reply",
	[OCCASION_AGENT] = "agent",
	[OCCASION_TIMER] = "timer",
};

/* impact x urgency when the configuration has no matrix (ITIL's usual one). */
static const enum priority usual[LEVEL_COUNT][LEVEL_COUNT] = {
	{ PRIORITY_LOW, PRIORITY_LOW, PRIORITY_NORMAL },
	{ PRIORITY_LOW, PRIORITY_NORMAL, PRIORITY_HIGH },
	{ PRIORITY_NORMAL, PRIORITY_HIGH, PRIORITY_CRITICAL },
};

static size_t
count(const struct conf_node *root, const char *name)
{
	const struct conf_node *n = conf_child(root, name);
	size_t found = 0;

	for (; n != NULL; n = conf_after(n))
		found++;
	return found;
}

static unsigned
occasions_of(const struct conf_node *rule)
{
	const struct conf_node *on = conf_child(rule, "on");
	unsigned set = 0;

	if (on == NULL)
		return 1u << OCCASION_NEW;
	for (size_t i = 0; i < on->args_n; i++)
		set |= 1u << word_index(
			   occasion_names, OCCASION_COUNT, on->args[i].text);
	return set;
}

static bool
is_clause(const struct conf_node *n)
{
	return strcmp(n->name, "when") == 0 || strcmp(n->name, "unless") == 0 ||
	    strcmp(n->name, "any") == 0;
}

static void
read_rule(struct building *b, const struct conf_node *n, struct rule *r)
{
	r->node = n;
	r->name = conf_text(n, 0);
	r->shown = conf_text(n, 1);
	r->occasions = occasions_of(n);
	for (const struct conf_node *c = n->child; c != NULL; c = c->next)
		r->clauses_n += is_clause(c);
	r->clauses = arena_calloc(b->arena, r->clauses_n, sizeof(*r->clauses));
	r->clauses_n = 0;
	for (const struct conf_node *c = n->child; c != NULL; c = c->next)
		if (is_clause(c))
			rule_read_clause(b, c, &r->clauses[r->clauses_n++]);
	rule_read_actions(b, n, r);
}

static void
read_rules(struct building *b)
{
	const struct conf_node *n = conf_child(b->conf->root, "rule");
	struct rulebook *k = b->book;

	k->rules = arena_calloc(
	    b->arena, count(b->conf->root, "rule"), sizeof(*k->rules));
	for (; n != NULL; n = conf_after(n))
		read_rule(b, n, &k->rules[k->n++]);
}

/* The arguments of all settings of that name in a block, in one list. */
static const char *const *
gather(struct building *b, const struct conf_node *block, const char *name,
    size_t *n)
{
	const struct conf_node *s = conf_child(block, name);
	const char **list = NULL;
	size_t cap = 0;

	for (*n = 0; s != NULL; s = conf_after(s))
		for (size_t i = 0; i < s->args_n; i++) {
			list = arena_grow(
			    b->arena, list, *n, &cap, sizeof(*list));
			list[(*n)++] = address_key(b->arena, s->args[i].text);
		}
	return list;
}

static void
read_orgs(struct building *b)
{
	const struct conf_node *n = conf_child(b->conf->root, "org"), *s;
	struct rulebook *k = b->book;

	k->orgs = arena_calloc(
	    b->arena, count(b->conf->root, "org"), sizeof(*k->orgs));
	for (; n != NULL; n = conf_after(n)) {
		struct org *o = &k->orgs[k->orgs_n++];

		o->name = conf_text(n, 0);
		o->shown = conf_text(n, 1);
		o->domains = gather(b, n, "domain", &o->domains_n);
		s = conf_child(n, "language");
		o->language = s != NULL ? conf_text(s, 0) : NULL;
		s = conf_child(n, "sla");
		o->sla = s != NULL ? conf_text(s, 0) : NULL;
	}
}

static void
read_calendars(struct building *b)
{
	const struct conf_node *n = conf_child(b->conf->root, "calendar");
	struct rulebook *k = b->book;
	struct err e = { 0 };

	k->calendars = arena_calloc(
	    b->arena, count(b->conf->root, "calendar"), sizeof(*k->calendars));
	for (; n != NULL; n = conf_after(n)) {
		struct calendar *c = &k->calendars[k->calendars_n++];

		c->name = conf_text(n, 0);
		if (hours_build(b->arena, n, b->conf->timezone, b->src,
			&c->hours, &e) == 0)
			continue;
		conf_complain(
		    b->arena, b->rep, true, &n->place, NULL, "%s", e.text);
		b->failed = true;
	}
}

static void
read_slas(struct building *b)
{
	const struct conf_node *n = conf_child(b->conf->root, "sla");
	struct rulebook *k = b->book;

	k->slas = arena_calloc(
	    b->arena, count(b->conf->root, "sla"), sizeof(*k->slas));
	for (; n != NULL; n = conf_after(n))
		sla_read(b->arena, n, &k->slas[k->slas_n++]);
}

/* Checked already: three columns, all nine cells. */
static void
read_matrix(struct building *b)
{
	const struct conf_node *m = conf_child(
	    b->conf->root, "priority-matrix");
	const struct conf_node *columns, *line;

	memcpy(b->book->matrix, usual, sizeof(usual));
	if (m == NULL)
		return;
	b->book->matrix_node = m;
	columns = conf_child(m, "impact");
	line = conf_child(m, "urgency");
	for (; line != NULL; line = conf_after(line)) {
		int u = word_index(
		    level_names, LEVEL_COUNT, line->args[0].text);

		for (size_t i = 0; i < LEVEL_COUNT; i++) {
			int at = word_index(
			    level_names, LEVEL_COUNT, columns->args[i].text);

			b->book->matrix[at][u] = (enum priority)word_index(
			    priority_names, PRIORITY_COUNT,
			    line->args[i + 1].text);
		}
	}
}

int
rulebook_build(struct arena *a, const struct conf *c,
    const struct hours_source *src, struct conf_report *rep,
    struct rulebook **out)
{
	struct building b = { .arena = a, .conf = c, .src = src, .rep = rep };

	b.book = arena_alloc(a, sizeof(*b.book));
	b.book->conf = c;
	b.book->words = words_new(a);
	memcpy(b.book->matrix, usual, sizeof(usual));
	if (c->root != NULL) {
		b.book->vips = gather(&b, c->root, "vip", &b.book->vips_n);
		read_orgs(&b);
		read_calendars(&b);
		read_slas(&b);
		read_matrix(&b);
		read_rules(&b);
	}
	if (b.failed)
		return -1;
	*out = b.book;
	return 0;
}

char *
rulebook_place(
    struct arena *a, const struct rulebook *b, const struct conf_node *n)
{
	const char *path = n->place.file->path, *main = path;
	const char *slash;

	if (b->conf->files_n > 0)
		main = b->conf->files[0];
	slash = strrchr(main, '/');
	if (slash != NULL &&
	    strncmp(path, main, (size_t)(slash - main) + 1) == 0)
		path += slash - main + 1;
	return arena_printf(a, "%s:%d", path, n->place.line);
}

const struct hours *
rulebook_hours(const struct rulebook *b, const char *name)
{
	for (size_t i = 0; i < b->calendars_n; i++)
		if (name == NULL || strcmp(b->calendars[i].name, name) == 0)
			return b->calendars[i].hours;
	return NULL;
}

/* Is the domain of an address this one, or one below it? */
static bool
within(const char *domain, const char *wanted)
{
	size_t n = strlen(domain), w = strlen(wanted);

	return n >= w && strcasecmp(domain + n - w, wanted) == 0 &&
	    (n == w || domain[n - w - 1] == '.');
}

const struct org *
rulebook_org(const struct rulebook *b, const char *address)
{
	const char *domain = address_domain(address);

	for (size_t i = 0; i < b->orgs_n && *domain != '\0'; i++)
		for (size_t j = 0; j < b->orgs[i].domains_n; j++)
			if (within(domain, b->orgs[i].domains[j]))
				return &b->orgs[i];
	return NULL;
}

bool
rulebook_vip(const struct rulebook *b, const char *address)
{
	const char *domain = address_domain(address);

	for (size_t i = 0; i < b->vips_n; i++) {
		const char *vip = b->vips[i];

		if (vip[0] == '@' ? *domain != '\0' && within(domain, vip + 1)
				  : address_same(vip, address))
			return true;
	}
	return false;
}
