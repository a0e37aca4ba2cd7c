/*
 * The configuration reader: messages against their golden files, and what a
 * good configuration becomes.
 *
 * "conf_test --write" writes the .want files anew; look at them with git.
 */
#include <dirent.h>
#include <unistd.h>

#include "parser/conf_private.h"
#include "tests/conf.h"
#include "tests/test.h"

static void
write_want(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL)
		return;
	fputs(text, f);
	fclose(f);
}

/* Each tests/conf/X.conf gives tests/conf/X.want. */
static void
test_golden(const char *name, bool rewrite)
{
	struct arena a = { 0 };
	struct conf_report rep;
	struct conf *c = NULL;
	char *text, path[300];
	int rc = load(&a, name, &files_conf_source, &c, &rep, &text);

	snprintf(path, sizeof(path), "%.*s.want", (int)strlen(name) - 5, name);
	if (rewrite)
		write_want(path, text);
	test_text(text, slurp(&a, path), "%s", name);
	test_ok((rc == -1) == (rep.errors > 0) && (c != NULL) == (rc == 0),
	    "%s: the result fits the number of errors", name);
	arena_done(&a);
}

static void
test_goldens(bool rewrite)
{
	struct dirent **list;
	int n = scandir(".", &list, NULL, alphasort), seen = 0;

	for (int i = 0; i < n; i++) {
		const char *end = strrchr(list[i]->d_name, '.');

		if (end != NULL && strcmp(end, ".conf") == 0) {
			test_golden(list[i]->d_name, rewrite);
			seen++;
		}
		free(list[i]);
	}
	free(list);
	test_ok(seen >= 15, "%d golden files", seen);
}

static void
test_mailboxes(const struct conf *c)
{
	const struct conf_mailbox *m = conf_mailbox(c, "support");

	test_ok(c->mailboxes_n == 3 && m == &c->mailboxes[0], "mailboxes");
	test_ok(m->imap.tls == TLS_STARTTLS && m->imap.port == 143 &&
		strcmp(m->imap.host, "mail.example.com") == 0 &&
		strcmp(m->imap.ca_file, "/etc/deskd/ca.pem") == 0,
	    "imap:// demands STARTTLS");
	test_text(m->user, "sup port", "user");
	test_ok(m->password.kind == SECRET_COMMAND &&
		strcmp(m->password.argv[0], "pass") == 0 &&
		strcmp(m->password.argv[2], "desk imap") == 0 &&
		strcmp(m->password.argv[3], "x y") == 0 &&
		strcmp(m->password.argv[4], "/bin/") == 0 &&
		m->password.argv[5] == NULL,
	    "a command is split as the configuration is");
	test_text(m->folder, "INBOX.Help Desk", "folder");
	test_ok(m->poll == 90 && !m->idle, "poll without idle");
	test_ok(m->after == AFTER_MOVE &&
		strcmp(m->after_folder, "Done/2026") == 0 &&
		strcmp(m->reject_folder, "Rejected") == 0 &&
		m->lists == LISTS_IGNORE,
	    "after, reject, lists");
	m = conf_mailbox(c, "local");
	test_ok(m->imap.tls == TLS_PLAIN && m->imap.port == 1143 &&
		m->after == AFTER_KEEP && m->lists == LISTS_HELD &&
		m->poll == 60 && m->idle && m->password.kind == SECRET_ENV &&
		strcmp(m->folder, "INBOX") == 0 && m->reject_folder == NULL,
	    "plain on loopback; defaults");
	m = conf_mailbox(c, "v6");
	test_ok(m->imap.tls == TLS_IMPLICIT && m->imap.port == 9993 &&
		strcmp(m->imap.host, "2001:db8::1") == 0 &&
		m->after == AFTER_FLAG && m->lists == LISTS_NEW &&
		strcmp(m->password.value, "imap.two") == 0,
	    "an IPv6 address");
	test_ok(conf_mailbox(c, "none") == NULL, "no such mailbox");
}

static void
test_letters(const struct conf *c)
{
	const struct conf_smtp *s = &c->smtp;
	const struct conf_tickets *t = &c->tickets;

	test_ok(c->has_smtp && s->relay.tls == TLS_STARTTLS &&
		s->relay.port == 587 &&
		strcmp(s->relay.ca_file, "/etc/deskd/ca.pem") == 0,
	    "smtp:// is port 587");
	test_ok(s->rate == 120 && s->retry_n == 2 && s->retry[0] == 10 &&
		s->retry[1] == 5400,
	    "rate and retry");
	test_text(s->bounces, "desk+b.{{token}}@example.com", "bounces");
	test_ok(s->password.kind == SECRET_FILE, "the secret of smtp");
	test_text(t->prefix, "IT.", "prefix");
	test_ok(t->subject_tag == TAG_LEFT && t->acknowledge == ACK_ALL &&
		t->once_per == 0 && t->send_delay == 0 && t->undo == 604800 &&
		t->reopen_within == 216000 && t->close_after == 5400 &&
		t->remind == 345600 && t->duplicate_window == 2700 &&
		t->max_size == 500 << 10,
	    "tickets");
}

static void
test_people(const struct conf *c)
{
	const struct conf_agent *g = conf_agent(c, "ana");
	const struct conf_team *t = conf_team(c, "network");

	test_ok(c->agents_n == 2 && g == &c->agents[0] && g->emails_n == 2,
	    "agents");
	test_text(g->shown, "Ana Silva", "shown name");
	test_text(g->language, "pt", "the first language");
	test_ok(conf_agent_by_address(c, "ANA.silva@EXAMPLE.com") == g,
	    "an agent by address, whatever the case");
	test_ok(conf_agent_by_address(c, "ana+x@example.com") == NULL,
	    "a + tag is another address: it decides who may act");
	g = conf_agent(c, "bob");
	test_text(g->shown, "bob", "no shown name");
	test_text(g->language, "de", "the first of languages");
	test_ok(t->tier == 2 && t->members_n == 2 &&
		strcmp(t->members[1], "bob") == 0 &&
		strcmp(t->lead, "ana") == 0 && strcmp(t->manager, "bob") == 0,
	    "team");
	t = conf_team(c, "acme");
	test_ok(t->tier == 4 && t->members_n == 0 &&
		strcmp(t->address, "support@acme.example") == 0,
	    "a vendor");
	test_ok(c->auth.named &&
		strcmp(c->auth.authserv_id, "mx1.example.com") == 0 &&
		strcmp(c->auth.boundary_by, "mx2.example.com") == 0 &&
		c->auth.trust == TRUST_AUTHSERV_ID &&
		c->auth.results == RESULTS_BELOW &&
		c->auth.unproven == UNPROVEN_NOTE,
	    "agent-auth");
}

static void
test_top(const struct conf *c)
{
	test_text(c->desk, "Desk \"one\"", "name");
	test_text(c->address, "Help@Example.com", "address");
	test_ok(
	    c->admins_n == 2 && strcmp(c->admins[1], "boss@example.com") == 0,
	    "admins, over two lines");
	test_text(c->timezone, "UTC", "timezone");
	test_ok(c->languages_n == 2 && strcmp(c->languages[0], "de") == 0,
	    "languages");
	test_text(c->state, "/srv/desk", "state");
	test_text(c->templates, "/etc/desk/templates", "templates");
	test_ok(c->token_keys.kind == SECRET_FILE, "token-keys");
	/* address = mailbox local; support's login is no address; v6; bounces
	 */
	test_ok(c->addresses_n == 3, "own addresses: %zu", c->addresses_n);
	test_ok(conf_is_own(c, "help+abc.1@example.COM") &&
		conf_is_own(c, "two@example.org") &&
		conf_is_own(c, "desk+b.x@example.com"),
	    "own addresses with any tag");
	test_ok(!conf_is_own(c, "helper@example.com") &&
		!conf_is_own(c, "help@example.org") &&
		!conf_is_own(c, "help") && !conf_is_own(c, ""),
	    "others are not");
	test_ok(c->files_n == 1 && strcmp(c->files[0], "good.conf") == 0,
	    "the files are listed");
}

static void
test_good(void)
{
	struct arena a = { 0 };
	struct conf_report rep;
	struct conf *c = NULL;
	const struct conf_node *n;
	char *text;

	if (load(&a, "good.conf", &files_conf_source, &c, &rep, &text) == -1) {
		test_ok(0, "good.conf: %s", text);
		return;
	}
	test_top(c);
	test_mailboxes(c);
	test_letters(c);
	test_people(c);
	n = conf_child(conf_after(conf_child(c->root, "team")), "case-number");
	test_text(conf_text(n, 0), "/x[/\\]]{2}", "a pattern as PCRE2 gets it");
	test_text(n->args[0].flags, "ix", "its flags");
	arena_done(&a);
}

static void
test_default(void)
{
	struct arena a = { 0 };
	const struct conf *c = conf_default(&a);
	struct conf *empty;

	test_ok(c->mailboxes_n == 0 && !c->has_smtp && c->agents_n == 0 &&
		c->address != NULL && c->languages_n == 1 && c->admins_n == 0,
	    "without a file: no mailbox, no relay");
	test_text(c->tickets.prefix, "EX-", "the default prefix");
	test_ok(c->tickets.duplicate_window == 1800 &&
		c->tickets.reopen_within == 14 * 86400 &&
		c->tickets.once_per == 600 && c->tickets.max_size == 25 << 20 &&
		c->tickets.acknowledge == ACK_DEFAULT && c->smtp.retry_n == 6 &&
		c->smtp.retry[5] == 43200,
	    "the default times");
	test_ok(!c->auth.named && c->token_keys.kind == SECRET_NONE &&
		c->state == NULL && conf_later(&a, c) == NULL,
	    "the default trust");
	report(&a, "", &empty);
	test_ok(empty != NULL && empty->mailboxes_n == 0,
	    "an empty file is the default too");
	arena_done(&a);
}

static size_t
blocks(const struct conf *c, const char *name)
{
	const struct conf_node *n = conf_child(c->root, name);
	size_t sum = 0;

	for (; n != NULL; n = conf_after(n))
		sum++;
	return sum;
}

/* The complete sample: no error, no warning, also with timed patterns. */
static void
test_sample(void)
{
	struct arena a = { 0 };
	struct conf_report rep;
	struct conf *c = NULL, *again = NULL;
	char *text;
	int rc = load(
	    &a, "sample/deskd.conf", &files_conf_timed, &c, &rep, &text);

	test_ok(rc == 0 && rep.warnings == 0, "the sample has no mistake");
	if (rc == -1 || rep.warnings > 0)
		printf("# %s", text);
	if (rc == -1)
		return;
	test_ok(blocks(c, "rule") == 13 && c->teams_n == 6 &&
		c->agents_n == 6 && c->files_n == 7 && blocks(c, "test") == 3,
	    "13 rules, 6 teams, 6 agents, 3 tests, 7 files");
	test_text(c->files[3], "sample/rules.d/10-noise.conf",
	    "files of a glob come in the order of their names");
	test_text(c->mailboxes[0].after_folder, "Archive/Helpdesk", "after");
	test_text(conf_text(conf_child(c->root, "vip"), 2), "@kunde.example",
	    "what is not in struct conf is in the tree");
	test_ok(strstr(conf_later(&a, c), "rule") != NULL &&
		strstr(conf_later(&a, c), "team digest") != NULL,
	    "what has no effect yet: %s", conf_later(&a, c));
	load(&a, "sample/deskd.conf", &files_conf_source, &again, &rep, &text);
	test_ok(again != NULL &&
		memcmp(c->sha256, again->sha256, sizeof(c->sha256)) == 0,
	    "the same files have the same hash");
	arena_done(&a);
}

/* The file that is installed: good, and nothing in it is without effect. */
static void
test_shipped(void)
{
	struct arena a = { 0 };
	struct conf_report rep;
	struct conf *c = NULL;
	char *text;

	load(&a, "../../conf/deskd.conf", &files_conf_timed, &c, &rep, &text);
	test_ok(c != NULL && rep.warnings == 0 && conf_later(&a, c) == NULL,
	    "conf/deskd.conf is good and acts in this version");
	if (c == NULL || rep.warnings > 0)
		printf("# %s", text);
	arena_done(&a);
}

int
main(int argc, char **argv)
{
	if (chdir("tests/conf") == -1)
		return 1;
	test_goldens(argc > 1 && strcmp(argv[1], "--write") == 0);
	test_default();
	test_good();
	test_sample();
	test_shipped();
	return test_end();
}
