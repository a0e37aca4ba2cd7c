/*
 * The configuration reader: messages against their golden files, what a good
 * configuration becomes, and a few thousand broken ones.
 *
 * "conf_test --write" writes the .want files anew; look at them with git.
 */
#define _GNU_SOURCE /* memmem */
#include <dirent.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "daemon/files.h"
#include "daemon/zones.h"
#include "parser/conf_private.h"
#include "parser/limits.h"
#include "parser/utf8.h"
#include "rules/evaluate.h"
#include "rules/rule_lint.h"
#include "rules/rule_test.h"
#include "rules/ticket.h"
#include "tests/test.h"

/* Load and give the whole report as text. */
static int
load(struct arena *a, const char *path, const struct conf_source *src,
    struct conf **c, struct conf_report *rep, char **text)
{
	struct buf out;
	int rc;

	buf_init(&out, 1 << 20);
	*rep = (struct conf_report){ .text = &out };
	rc = conf_load(a, path, src, c, rep);
	conf_summary(&out, path, rep);
	*text = arena_strdup(a, buf_text(&out));
	buf_done(&out);
	rep->text = NULL;
	return rc;
}

static const char *
slurp(struct arena *a, const char *path)
{
	struct err e = { 0 };
	char *text;
	size_t n;

	if (files_read(a, path, 1 << 20, &text, &n, &e) == -1)
		return "(the .want file cannot be read)";
	return text;
}

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

/* Files of a table instead of the disk. */
struct shelf {
	struct {
		const char *path;
		char *text;
		size_t n;
	} file[16];
	size_t count;
};

static int
shelf_read(void *ctx, struct arena *a, const char *path, char **data, size_t *n,
    struct err *e)
{
	const struct shelf *s = ctx;

	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->file[i].path, path) == 0) {
			*data = arena_memdup(a, s->file[i].text, s->file[i].n);
			*n = s->file[i].n;
			return 0;
		}
	return err_set(e, ERR_REJECT, "%s: no such file", path);
}

/* "rules.d/" + anything: enough for what the sample asks. */
static int
shelf_glob(void *ctx, struct arena *a, const char *pattern, char ***paths,
    size_t *n, struct err *e)
{
	const struct shelf *s = ctx;
	size_t len = strcspn(pattern, "*?[");

	(void)e;
	*n = 0;
	*paths = arena_calloc(a, s->count + 1, sizeof(**paths));
	for (size_t i = 0; i < s->count; i++)
		if (strncmp(s->file[i].path, pattern, len) == 0)
			(*paths)[(*n)++] = arena_strdup(a, s->file[i].path);
	return 0;
}

static void
shelf_add(struct shelf *s, struct arena *a, const char *path, const char *text)
{
	s->file[s->count].path = path;
	s->file[s->count].text = arena_strdup(a, text);
	s->file[s->count++].n = strlen(text);
}

/* One file of that text; the report. */
static const char *
report(struct arena *a, const char *text, struct conf **c)
{
	struct shelf s = { 0 };
	struct conf_source src = {
		.read = shelf_read, .glob = shelf_glob, .ctx = &s
	};
	struct conf_report rep;
	char *out;

	shelf_add(&s, a, "x.conf", text);
	*c = NULL;
	load(a, "x.conf", &src, c, &rep, &out);
	return out;
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
		strcmp(c->auth.boundary_by, "mx2.example.com") == 0,
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

/* Small texts that are good, and what they give in name. */
static const struct {
	const char *text, *name;
} lexical[] = {
	{ "\xef\xbb\xbfname x\r\n", "x" },
	{ "name \"a\\\"b\\\\c\"", "a\"b\\c" },
	{ "name 'a\\\"b'", "a\\\"b" },
	{ "name a#b # comment", "a#b" },
	{ "name a\\b", "a\\b" },
	{ "name {{x y}}z", "{{x y}}z" },
	{ "name a{{x}}b;", "a{{x}}b" },
	{ "name \\\r\n  x", "x" },
	{ "name x\\\n", "x" },
	{ ";;name x;;#c\n;", "x" },
	{ "name /var/log", "/var/log" },
	{ "name /a/ib", "/a/ib" },
	{ "name '/a/i'", "/a/i" },
	{ "name \xc3\xa9\xe6\x97\xa5", "\xc3\xa9\xe6\x97\xa5" },
	{ "name x # no newline \\", "x" },
	{ "name a:\"b c\"", "a:b c" },
	{ "name -", "-" },
};

static void
test_lexical(void)
{
	for (size_t i = 0; i < sizeof(lexical) / sizeof(lexical[0]); i++) {
		struct arena a = { 0 };
		struct conf *c;
		const char *text = report(&a, lexical[i].text, &c);

		test_text(c != NULL ? c->desk : text, lexical[i].name,
		    "lexical %zu", i);
		arena_done(&a);
	}
}

static void
test_values(void)
{
	static const struct {
		const char *text;
		int64_t seconds; /* -1: none */
	} table[] = { { "90s", 90 }, { "1h30m", 5400 },
		{ "1w2d3h4m5s", 788645 }, { "0s", 0 }, { "", -1 }, { "5", -1 },
		{ "m", -1 }, { "30m1h", -1 }, { "1h1h", -1 }, { "1.5h", -1 },
		{ "-1s", -1 }, { "99999999999999999999s", -1 },
		{ "9999999d", -1 }, { "1H", -1 }, { "1s ", -1 } };
	int64_t v;
	int minute;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		v = -1;
		test_ok(conf_duration(table[i].text, &v) ==
			    (table[i].seconds >= 0) &&
			v == table[i].seconds,
		    "duration '%s'", table[i].text);
	}
	test_ok(conf_size("25M", &v) && v == 25 << 20, "25M");
	test_ok(conf_size("3k", &v) && v == 3072, "3k");
	test_ok(!conf_size("25MB", &v) && !conf_size("M", &v) &&
		!conf_size("9999999999G", &v),
	    "no sizes");
	test_ok(conf_date("2024-02-29", 10) && !conf_date("2026-02-29", 10) &&
		!conf_date("2100-02-29", 10) && !conf_date("2026-04-31", 10) &&
		!conf_date("2026-4-3", 8),
	    "dates");
	test_ok(conf_time("24:00", 5, &minute) && minute == 1440 &&
		!conf_time("24:01", 5, &minute) &&
		!conf_time("12:60", 5, &minute),
	    "times");
	test_ok(conf_weekdays("mon-fri") && conf_weekdays("mon,wed-thu") &&
		!conf_weekdays("mo") && !conf_weekdays("mon,") &&
		!conf_weekdays("mon-"),
	    "days");
	test_ok(conf_loopback("127.0.0.1") && conf_loopback("127.255.0.9") &&
		conf_loopback("::1") && conf_loopback("LOCALHOST") &&
		!conf_loopback("127.0.0.1.example.com") &&
		!conf_loopback("127.1") && !conf_loopback("127.0.0.256") &&
		!conf_loopback("127.0.0.") && !conf_loopback("128.0.0.1") &&
		!conf_loopback("localhost.example.com"),
	    "what is this machine");
}

/* The tables must be in order for ROWS_MAX, hints and man page. */
static void
test_table(const struct conf_setting *t, const char *name, int depth)
{
	size_t n = 0;

	for (; t[n].name != NULL; n++) {
		const struct conf_setting *s = &t[n];

		if (conf_find(t, s->name) != s || s->min > s->max ||
		    strncmp(s->like, s->name, strlen(s->name)) != 0 ||
		    ((s->flags & CONF_BLOCK) != 0) != (s->inside != NULL))
			test_ok(0, "%s: the row '%s'", name, s->name);
		if (s->inside != NULL && depth < 4)
			test_table(s->inside, s->name, depth + 1);
	}
	test_ok(n < 64, "%s: %zu rows", name, n);
}

/* What an example may lack: it stands alone here. */
static bool
excused(const char *line, size_t n)
{
	static const char *const excuses[] = { " lacks ", ": there is no ",
		" needs 'authserv-id'", " needs 'boundary-by'", " without ",
		" has no address" };

	for (size_t i = 0; i < sizeof(excuses) / sizeof(excuses[0]); i++)
		if (memmem(line, n, excuses[i], strlen(excuses[i])) != NULL)
			return true;
	return false;
}

/* Each example in the tables must be good for itself. */
static void
test_likes(const struct conf_setting *t, const char *open, const char *close)
{
	struct arena a = { 0 };
	struct conf *c;

	for (; t->name != NULL; t++) {
		const char *text = arena_printf(
			       &a, "%s%s%s", open, t->like, close),
			   *line, *end;
		bool good = true;

		if (t->inside != NULL) {
			test_likes(t->inside,
			    arena_printf(&a, "%s%s {", open, t->like),
			    arena_printf(&a, "}%s", close));
			continue;
		}
		line = report(&a, text, &c);
		for (; (end = strchr(line, '\n')) != NULL; line = end + 1)
			if (memmem(line, (size_t)(end - line),
				": error: ", 9) != NULL &&
			    !excused(line, (size_t)(end - line))) {
				printf("# %.*s\n", (int)(end - line), line);
				good = false;
			}
		test_ok(good, "like: %s", text);
	}
	arena_done(&a);
}

/* Does the word stand in the page, by itself? */
static bool
told(const char *page, const char *word)
{
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
	size_t n = strlen(word);

	for (const char *s = page; (s = strstr(s, word)) != NULL; s++)
		if (s > page && s[-1] == ' ' &&
		    (s[n] == '\0' || strchr(letters, s[n]) == NULL))
			return true;
	return false;
}

/* The man page names every setting of the tables. */
static void
test_page(const char *page, const struct conf_setting *t, const char *block)
{
	for (; t->name != NULL; t++) {
		if (!told(page, t->name))
			test_ok(
			    0, "the man pages lack '%s' of %s", t->name, block);
		if (t->inside != NULL)
			test_page(page, t->inside, t->name);
	}
}

/* The words of the tables are those of rules/ticket.h. */
static void
test_words(void)
{
	bool same = true;

	for (int i = 0; i < LEVEL_COUNT; i++)
		same = same && strcmp(conf_levels[i], level_names[i]) == 0;
	for (int i = 0; i < PRIORITY_COUNT; i++)
		same = same &&
		    strcmp(conf_priorities[i], priority_names[i]) == 0;
	for (int i = 0; i < TYPE_COUNT; i++)
		same = same && strcmp(conf_types[i], type_names[i]) == 0;
	for (int i = 0; i < STATUS_COUNT; i++)
		same = same && strcmp(conf_statuses[i], status_names[i]) == 0;
	test_ok(same && conf_levels[LEVEL_COUNT] == NULL &&
		conf_priorities[PRIORITY_COUNT] == NULL &&
		conf_types[TYPE_COUNT] == NULL &&
		conf_statuses[STATUS_COUNT] == NULL,
	    "the words of a ticket");
}

static const char *const sample_files[] = { "deskd.conf", "people.conf",
	"sla.conf", "rules.d/10-noise.conf", "rules.d/20-routing.conf",
	"rules.d/90-priority.conf", "rules.d/99-tests.conf" };
#define SAMPLE_FILES (sizeof(sample_files) / sizeof(sample_files[0]))

static void
sample(struct arena *a, struct shelf *s)
{
	for (size_t i = 0; i < SAMPLE_FILES; i++) {
		char path[100];

		snprintf(path, sizeof(path), "sample/%s", sample_files[i]);
		shelf_add(s, a, sample_files[i], slurp(a, path));
	}
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

/* Mutation: a generator with a fixed start, so that each run is the same. */

static uint64_t
next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

static const char *const pieces[] = { "{", "}", "{{", "}}", "\"", "'", "/",
	"\\", "\n", "\r\n", "\t", ";", "#", " ", "[", "]", "(", "include ",
	"include *\n", "rule x { when text /", "\xc3", "\xff", "\xef\xbb\xbf",
	"\x01", "\\\n", "-", "99999999999999999999", "command:\"", "[[:", "@",
	"%", "{{number}}", "\xe2\x80\xae" };

static void
mutate(struct arena *a, struct shelf *s, uint64_t *seed)
{
	size_t f = next(seed) % s->count, n = s->file[f].n;
	char *old = s->file[f].text, *new;
	size_t at = n == 0 ? 0 : next(seed) % n;
	size_t cut = next(seed) % 4 == 0 ? next(seed) % 40 : 0;
	const char *piece =
	    pieces[next(seed) % (sizeof(pieces) / sizeof(pieces[0]))];
	size_t len = next(seed) % 3 == 0 ? 0 : strlen(piece);

	if (cut > n - at)
		cut = n - at;
	if (len == 0 && cut == 0)
		cut = n > at;
	new = arena_alloc(a, n + len + 1);
	memcpy(new, old, at);
	memcpy(new + at, piece, len);
	memcpy(new + at + len, old + at + cut, n - at - cut);
	s->file[f].text = new;
	s->file[f].n = n + len - cut;
}

static size_t
characters(const char *s, size_t n)
{
	size_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += ((unsigned char)s[i] & 0xc0) != 0x80;
	return sum;
}

/* "file:line:column: error: what" with a line and a column that exist. */
static bool
sane_place(const struct shelf *s, const char *line)
{
	for (size_t i = 0; i < s->count; i++) {
		size_t n = strlen(s->file[i].path);
		const char *t = s->file[i].text, *end = t + s->file[i].n, *nl;
		unsigned row, column;

		if (strncmp(line, s->file[i].path, n) != 0 || line[n] != ':')
			continue;
		if (sscanf(line + n, ":%u:%u:", &row, &column) != 2)
			return false;
		for (; row > 1; row--) {
			t = memchr(t, '\n', (size_t)(end - t));
			if (t++ == NULL)
				return false;
		}
		nl = memchr(t, '\n', (size_t)(end - t));
		return column >= 1 &&
		    column <=
		    characters(t, (size_t)((nl != NULL ? nl : end) - t)) + 1;
	}
	return false;
}

/* Every message is a place, its line and its caret; then the summary. */
static bool
sane_report(const struct shelf *s, const char *text, int errors)
{
	int seen = 0;

	while (*text != '\0') {
		const char *nl = strchr(text, '\n');

		if (nl == NULL)
			return false;
		if (strstr(text, ": error: ") != NULL &&
		    strstr(text, ": error: ") < nl)
			seen++;
		if (*text == ' ' || strncmp(text, "... and ", 8) == 0) {
			text = nl + 1;
			continue;
		}
		if (nl[1] != '\0' && !sane_place(s, text))
			return false;
		text = nl + 1;
	}
	return seen ==
	    (errors < CONF_ERRORS_SHOWN ? errors : CONF_ERRORS_SHOWN);
}

static int64_t
cpu(void)
{
	return (int64_t)clock() * 1000000 / CLOCKS_PER_SEC;
}

/* The mutants' files stand in memory, the holidays beside the sample. */
static int
sample_holidays(void *ctx, struct arena *a, const char *path, char **bytes,
    size_t *n, struct err *e)
{
	const char *slash = strrchr(path, '/');

	(void)ctx;
	return files_read(a,
	    arena_printf(a, "sample/%s", slash != NULL ? slash + 1 : path),
	    1 << 20, bytes, n, e);
}

/* One mail before the rules: what is decided has a why. */
static bool
ask_mail(struct arena *a, const struct rulebook *b, struct matcher *m)
{
	struct mail mail = { .from_addr = "maria@kunde.example",
		.subject = "VPN outage on db1.example.com PROBLEM",
		.text = "Nobody can print, the whole office is down.\n" };
	struct ticket t = ticket_blank;
	struct facts f = { .mail = &mail,
		.ticket = &t,
		.mailbox = "support",
		.now = 1785222846,
		.matcher = m };
	struct decision d;
	struct evaluation v;
	struct err e = { 0 };

	mail.new_text = mail.text;
	t.subject = mail.subject;
	t.requester = mail.from_addr;
	decision_init(&d, a, 0, "test");
	if (rules_evaluate(b, &f, &d, &v, &e) == -1)
		return false;
	for (size_t i = 0; i < d.n; i++)
		if (d.list[i].why == NULL || *d.list[i].why == '\0')
			return false;
	return v.n == b->n;
}

/* What loads is built, looked at, tested and asked: it works or says why not.
 */
static bool
use_rules(struct arena *a, const struct conf *c, int *built)
{
	struct buf text;
	struct conf_report rep = { .text = &text };
	struct matcher *m = matcher_new(cpu);
	struct hours_source hours = zones_source(a, c);
	struct rulebook *b = NULL;
	struct rule_tests t = { .matcher = m, .rep = &rep };
	bool good;

	hours.holidays = sample_holidays;
	buf_init(&text, 1 << 20);
	if (rulebook_build(a, c, &hours, &rep, &b) == 0) {
		++*built;
		rule_lint(a, b, &rep);
		good = rep.errors == 0;
		t.book = b;
		rule_tests_run(a, &t);
		good &= (rep.errors > 0) == (t.failed > 0) && ask_mail(a, b, m);
	} else {
		good = rep.errors > 0 &&
		    strstr(buf_text(&text), ": error: ") != NULL;
	}
	good &= utf8_valid(buf_text(&text), text.len);
	if (!good)
		printf("# %s", buf_text(&text));
	matcher_free(m);
	buf_done(&text);
	return good;
}

#define MUTANTS 2500

static void
test_mutants(void)
{
	struct arena keep = { 0 }, a = { 0 };
	struct shelf whole = { 0 }, s;
	struct conf_source src = files_conf_source;
	uint64_t seed = 20260728;
	int bad = 0, errors = 0, good = 0, built = 0, useless = 0;

	src.read = shelf_read;
	src.glob = shelf_glob;
	src.ctx = &s;
	sample(&keep, &whole);
	for (int i = 0; i < MUTANTS; i++) {
		struct conf_report rep;
		struct conf *c = NULL;
		char *text;
		int rc;

		s = whole;
		for (uint64_t n = next(&seed) % 3 + 1; n > 0; n--)
			mutate(&a, &s, &seed);
		rc = load(&a, "deskd.conf", &src, &c, &rep, &text);
		if ((rc == -1) != (rep.errors > 0) ||
		    !utf8_valid(text, strlen(text)) ||
		    !sane_report(&s, text, rep.errors)) {
			printf("# mutant %d:\n%s", i, text);
			bad++;
		}
		good += rc == 0;
		errors += rc == -1;
		useless += rc == 0 && !use_rules(&a, c, &built);
		arena_reset(&a);
	}
	test_ok(bad == 0, "%d mutants: %d good, %d refused, each with a place",
	    MUTANTS, good, errors);
	test_ok(useless == 0 && built > MUTANTS / 50,
	    "the rules of %d of the good are built, tested and asked", built);
	test_ok(good > MUTANTS / 20 && errors > MUTANTS / 2,
	    "the mutants are of both kinds");
	arena_done(&a);
	arena_done(&keep);
}

/* What would take for ever if it were not linear. */
static void
test_long(void)
{
	static const char *const units[] = { "\"", "{{ ", "/[ ", "a;", "{", "}",
		"name ", "/a[[:b ", "x { ", "rule a{}\n", "\\\n", "'x", "a:'" };
	clock_t since = clock();

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		struct arena a = { 0 };
		size_t n = strlen(units[i]), most = 200000;
		char *text = arena_alloc(&a, most + 1);
		struct conf *c;

		for (size_t k = 0; k + n < most; k += n)
			memcpy(text + k, units[i], n);
		report(&a, text, &c);
		arena_done(&a);
	}
	test_ok((clock() - since) / CLOCKS_PER_SEC < 10,
	    "long lines and many blocks are read in linear time");
}

static void
test_refused(void)
{
	struct arena a = { 0 };
	struct conf *c;
	const char *text;

	text = report(&a, "name \"\x1b[2J\xe2\x80\xae\xff\t\x89\"", &c);
	test_ok(strchr(text, '\x1b') == NULL &&
		strstr(text, "\xe2\x80\xae") == NULL &&
		utf8_valid(text, strlen(text)),
	    "a file cannot play with the terminal");
	report(&a, "name \"a\\nb\"", &c);
	test_ok(c == NULL, "no line break in a name");
	text = report(
	    &a, "a {a {a {a {a {a {a {a {a {a {a {a {a {a {a {a {a {", &c);
	test_ok(strstr(text, "nested too deeply") != NULL && c == NULL,
	    "blocks in blocks end somewhere");
	arena_done(&a);
}

int
main(int argc, char **argv)
{
	bool rewrite = argc > 1 && strcmp(argv[1], "--write") == 0;
	struct arena a = { 0 };
	const char *page;

	if (chdir("tests/conf") == -1)
		return 1;
	test_goldens(rewrite);
	test_lexical();
	test_values();
	test_default();
	test_good();
	test_sample();
	test_table(conf_top, "top", 0);
	test_likes(conf_top, "", "");
	page = arena_printf(&a, "%s%s", slurp(&a, "../../conf/deskd.conf.5"),
	    slurp(&a, "../../conf/deskd-rules.5"));
	test_page(page, conf_top, "the top level");
	test_ok(told(page, "mailbox") && !told(page, "mailboxes"),
	    "the man page names every setting");
	arena_done(&a);
	test_words();
	test_shipped();
	test_refused();
	test_long();
	test_mutants();
	return test_end();
}
