/*
 * The configuration as the program uses it: defaults, the checked tree put
 * into structs, and finding what is in them.  The work before that is done by
 * the conf_*.c files; conf.h is the contract of them all.
 */
#include "parser/conf.h"

#include <string.h>
#include <strings.h>

#include "parser/address.h"
#include "parser/conf_private.h"

#define MINUTE ((int64_t)60)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* What holds where nothing is said: the sample of CONFIG 10, DESIGN 8. */

static void
smtp_default(struct arena *a, struct conf_smtp *m)
{
	static const int64_t retry[] = { 1 * MINUTE, 5 * MINUTE, 15 * MINUTE,
		1 * HOUR, 4 * HOUR, 12 * HOUR };

	m->from = "{{agent.first_name}} ({{desk.name}})";
	m->retry = arena_memdup(a, retry, sizeof(retry));
	m->retry_n = sizeof(retry) / sizeof(retry[0]);
}

static const struct conf_tickets tickets_default = {
	.prefix = "EX-",
	.subject_tag = TAG_RIGHT,
	.acknowledge = ACK_DEFAULT,
	.once_per = 10 * MINUTE,
	.send_delay = 60,
	.undo = 15 * MINUTE,
	.reopen_within = 14 * DAY,
	.close_after = 5 * DAY,
	.remind = 3 * DAY,
	.duplicate_window = 30 * MINUTE,
	.max_size = 25 << 20,
};

struct conf *
conf_default(struct arena *a)
{
	struct conf *c = arena_alloc(a, sizeof(*c));
	struct conf_node *root = arena_alloc(a, sizeof(*root));

	root->name = "";
	root->block = true;
	c->root = root;
	c->desk = "Helpdesk";
	c->address = "support@localhost";
	c->addresses = arena_calloc(a, 1, sizeof(*c->addresses));
	c->addresses[0] = c->address;
	c->addresses_n = 1;
	c->timezone = "UTC";
	c->languages = arena_calloc(a, 1, sizeof(*c->languages));
	c->languages[0] = "en";
	c->languages_n = 1;
	c->tickets = tickets_default;
	smtp_default(a, &c->smtp);
	return c;
}

/* The settings of one block into its struct. */
static void
fill(struct arena *a, const struct conf_node *block,
    const struct conf_setting *table, void *base)
{
	const struct conf_setting *s;
	const struct conf_node *n;

	for (n = block->child; n != NULL; n = n->next) {
		s = conf_find(table, n->name);
		if (s->put != NULL)
			s->put(a, n, s, base);
	}
}

static size_t
count(const struct conf_node *root, const char *name)
{
	const struct conf_node *n;
	size_t sum = 0;

	for (n = conf_child(root, name); n != NULL; n = conf_after(n))
		sum++;
	return sum;
}

static void
add_mailboxes(struct arena *a, struct conf *c)
{
	const struct conf_node *n = conf_child(c->root, "mailbox");
	struct conf_mailbox *m;

	c->mailboxes = arena_calloc(
	    a, count(c->root, "mailbox"), sizeof(*c->mailboxes));
	for (; n != NULL; n = conf_after(n)) {
		m = &c->mailboxes[c->mailboxes_n++];
		m->name = conf_text(n, 0);
		m->folder = "INBOX";
		m->poll = 60;
		m->idle = true;
		fill(a, n, conf_mailbox_rows, m);
	}
}

static void
add_agents(struct arena *a, struct conf *c)
{
	const struct conf_node *n = conf_child(c->root, "agent");
	struct conf_agent *g;

	c->agents = arena_calloc(
	    a, count(c->root, "agent"), sizeof(*c->agents));
	for (; n != NULL; n = conf_after(n)) {
		g = &c->agents[c->agents_n++];
		g->name = conf_text(n, 0);
		g->shown = n->args_n > 1 ? conf_text(n, 1) : g->name;
		g->language = c->languages[0];
		g->node = n;
		fill(a, n, conf_agent_rows, g);
	}
}

static void
add_teams(struct arena *a, struct conf *c)
{
	const struct conf_node *n = conf_child(c->root, "team");
	struct conf_team *t;

	c->teams = arena_calloc(a, count(c->root, "team"), sizeof(*c->teams));
	for (; n != NULL; n = conf_after(n)) {
		t = &c->teams[c->teams_n++];
		t->name = conf_text(n, 0);
		t->shown = n->args_n > 1 ? conf_text(n, 1) : t->name;
		t->tier = 1;
		fill(a, n, conf_team_rows, t);
	}
}

static void
add_own(struct conf *c, const char *addr)
{
	if (!address_valid(addr))
		return;
	for (size_t i = 0; i < c->addresses_n; i++)
		if (address_same(c->addresses[i], addr))
			return;
	c->addresses[c->addresses_n++] = addr;
}

/* "support+b.{{token}}@example.com": what is left without the tag. */
static const char *
bounce_address(struct arena *a, const char *template)
{
	const char *plus = strchr(template, '+'), *at = strrchr(template, '@');

	if (plus == NULL || at == NULL || plus > at)
		return "";
	return arena_printf(a, "%.*s%s", (int)(plus - template), template, at);
}

char *
conf_beside(struct arena *a, const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL
	    ? arena_strdup(a, name)
	    : arena_printf(a, "%.*s/%s", (int)(slash - path), path, name);
}

static void
own_addresses(struct arena *a, struct conf *c)
{
	bool given = conf_child(c->root, "address") != NULL;

	c->addresses = arena_calloc(
	    a, c->mailboxes_n + 2, sizeof(*c->addresses));
	c->addresses_n = 0;
	for (size_t i = 0; !given && i < c->mailboxes_n; i++)
		if (address_valid(c->mailboxes[i].user)) {
			c->address = c->mailboxes[i].user;
			break;
		}
	add_own(c, c->address);
	for (size_t i = 0; i < c->mailboxes_n; i++)
		add_own(c, c->mailboxes[i].user);
	if (c->smtp.bounces != NULL)
		add_own(c, bounce_address(a, c->smtp.bounces));
}

static struct conf *
build(struct arena *a, const struct conf_tree *tree)
{
	const struct conf_node *root = tree->root, *n;
	struct conf *c = conf_default(a);

	c->root = root;
	c->files = tree->files;
	c->texts = tree->texts;
	c->files_n = tree->files_n;
	memcpy(c->sha256, tree->sha256, sizeof(c->sha256));
	fill(a, root, conf_top, c);
	add_mailboxes(a, c);
	add_agents(a, c);
	add_teams(a, c);
	n = conf_child(root, "smtp");
	c->has_smtp = n != NULL;
	if (n != NULL)
		fill(a, n, conf_smtp_rows, &c->smtp);
	n = conf_child(root, "tickets");
	if (n != NULL)
		fill(a, n, conf_tickets_rows, &c->tickets);
	n = conf_child(root, "agent-auth");
	if (n != NULL)
		fill(a, n, conf_auth_rows, &c->auth);
	own_addresses(a, c);
	if (c->templates == NULL)
		c->templates = conf_beside(a, c->files[0], "templates");
	return c;
}

int
conf_load(struct arena *a, const char *path, const struct conf_source *src,
    struct conf **out, struct conf_report *rep)
{
	struct conf_talk talk = { a, rep };
	struct conf_check *k = arena_alloc(a, sizeof(*k));
	struct conf_tree tree;

	rep->errors = rep->warnings = 0;
	conf_tree_read(&talk, src, path, &tree);
	k->talk = &talk;
	k->src = src;
	k->root = tree.root;
	/* After a mistake of form the rest would be false alarms (CONFIG 3). */
	if (rep->errors == 0)
		conf_check_tree(k);
	conf_say_rest(&talk);
	if (rep->errors > 0)
		return -1;
	*out = build(a, &tree);
	(*out)->source = arena_memdup(a, src, sizeof(*src));
	return 0;
}

const char *
conf_state(struct arena *a, const char *path, const struct conf_source *src)
{
	struct conf_report rep = { 0 };
	struct conf_talk talk = { a, &rep };
	const struct conf_node *n;
	struct conf_tree tree;

	conf_tree_read(&talk, src, path, &tree);
	n = conf_child(tree.root, "state");
	return n == NULL || n->args_n != 1 ? NULL : conf_text(n, 0);
}

const struct conf_mailbox *
conf_mailbox(const struct conf *c, const char *name)
{
	for (size_t i = 0; i < c->mailboxes_n; i++)
		if (strcmp(c->mailboxes[i].name, name) == 0)
			return &c->mailboxes[i];
	return NULL;
}

const struct conf_agent *
conf_agent(const struct conf *c, const char *name)
{
	for (size_t i = 0; i < c->agents_n; i++)
		if (strcmp(c->agents[i].name, name) == 0)
			return &c->agents[i];
	return NULL;
}

const struct conf_agent *
conf_agent_by_address(const struct conf *c, const char *addr)
{
	for (size_t i = 0; i < c->agents_n; i++)
		for (size_t j = 0; j < c->agents[i].emails_n; j++)
			if (address_same(c->agents[i].emails[j], addr))
				return &c->agents[i];
	return NULL;
}

const struct conf_team *
conf_team(const struct conf *c, const char *name)
{
	for (size_t i = 0; i < c->teams_n; i++)
		if (strcmp(c->teams[i].name, name) == 0)
			return &c->teams[i];
	return NULL;
}

/* The same with "+tag" taken off both sides, in any case. */
static bool
same_without_tag(const char *own, const char *addr)
{
	const char *own_at = strrchr(own, '@'), *at = strrchr(addr, '@');
	size_t n = strcspn(own, "+@"), m = strcspn(addr, "+@");

	return own_at != NULL && at != NULL && n == m &&
	    strncasecmp(own, addr, n) == 0 && strcasecmp(own_at, at) == 0;
}

bool
conf_is_own(const struct conf *c, const char *addr)
{
	for (size_t i = 0; i < c->addresses_n; i++)
		if (same_without_tag(c->addresses[i], addr))
			return true;
	return false;
}

/* Add "word" to a list, once. */
static void
list_add(struct arena *a, const char **list, const char *word)
{
	size_t n = strlen(word);

	for (const char *s = *list; s != NULL; s = strstr(s, ", ")) {
		s += *s == ',' ? 2 : 0;
		if (strncmp(s, word, n) == 0 && (s[n] == '\0' || s[n] == ','))
			return;
	}
	*list = *list == NULL ? word : arena_printf(a, "%s, %s", *list, word);
}

static void
later_inside(struct arena *a, const struct conf_node *block,
    const struct conf_setting *table, const char **list)
{
	const struct conf_setting *s;
	const struct conf_node *n;

	for (n = block->child; n != NULL; n = n->next) {
		s = conf_find(table, n->name);
		if (s != NULL && s->later != NULL && n->args_n > 0 &&
		    strncmp(n->args[0].text, s->later, strlen(s->later)) == 0)
			list_add(a, list,
			    arena_printf(
				a, "%s %s %s", block->name, s->name, s->later));
		if (s != NULL && (s->flags & CONF_LATER) != 0)
			list_add(a, list,
			    block->name[0] == '\0' ? s->name
						   : arena_printf(a, "%s %s",
							 block->name, s->name));
		else if (s != NULL && s->inside != NULL)
			later_inside(a, n, s->inside, list);
	}
}

const char *
conf_later(struct arena *a, const struct conf *c)
{
	const char *list = NULL;

	later_inside(a, c->root, conf_top, &list);
	return list;
}
