/* What the subcommands share: errors, options, ticket names. */
#include "daemon/cmd.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "daemon/files.h"
#include "daemon/loading.h"
#include "rules/ticket.h"
#include "store/confs.h"

#define USAGE_WIDTH 79

int
cmd_fail(const struct err *e)
{
	fprintf(stderr, "deskd: %s\n", e->text);
	return e->kind == ERR_RETRY ? EX_TEMPFAIL
	    : e->kind == ERR_REJECT ? EX_DATAERR
				    : EX_SOFTWARE;
}

int
cmd_usage(const struct cmd *c, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "deskd %s: ", c->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	cmd_print_usage(stderr, c);
	return EX_USAGE;
}

void
cmd_print_usage(FILE *out, const struct cmd *c)
{
	const char *p = c->args;
	int indent = fprintf(out, "usage: deskd %s", c->name);
	int column = indent;

	while (*p != '\0') {
		int n = (int)strcspn(p, " ");

		if (column + 1 + n > USAGE_WIDTH && column > indent)
			column = fprintf(out, "\n%*s", indent, "") - 1;
		column += fprintf(out, " %.*s", n, p);
		p += n;
		p += *p == ' ';
	}
	fputc('\n', out);
}

void
cmd_use_conf(struct context *c, struct conf *conf)
{
	c->conf = conf;
	if (conf->timezone == NULL)
		return;
	/* The desk's zone, not that of whoever started us. */
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	setenv("TZ", conf->timezone, 1);
	tzset();
}

/* Files that were kept come in place of those on disk.  78: text says why. */
static int
load(struct context *c, const char *path, const struct bundle *kept,
    struct buf *text)
{
	struct loading *l = arena_alloc(&c->arena, sizeof(*l));
	struct conf_report rep = { .text = text };

	loading_init(l, &c->arena, &files_conf_source, kept);
	if (loading_read(l, path, &rep) == -1)
		return EX_CONFIG;
	c->files = &l->files;
	cmd_use_conf(c, l->conf);
	return 0;
}

static int
load_kept(struct context *c, struct buf *text)
{
	struct conf_kept *k = arena_alloc(&c->arena, sizeof(*k));
	struct db *db = NULL;
	struct err e = { 0 };
	int rc;

	cmd_choose_dir(c, NULL);
	if (db_open(&db, c->dir, DB_OPEN, &e) == -1)
		return cmd_fail(&e);
	rc = confs_read(db, &c->arena, c->conf_id, k, &e);
	db_close(db);
	if (rc == -1)
		return cmd_fail(&e);
	if (k->bundle.n > 0)
		return load(c, k->bundle.list[0].path, &k->bundle, text);
	buf_printf(text, "deskd: configuration %lld is not kept\n",
	    (long long)c->conf_id);
	return EX_CONFIG;
}

/* The one that the service has; 0: none. */
static int64_t
last_kept(struct context *c)
{
	struct db *db = NULL;
	int64_t id = 0;
	size_t n = 0;

	cmd_choose_dir(
	    c, conf_state(&c->arena, c->conf_path, &files_conf_source));
	if (db_open(&db, c->dir, DB_OPEN, NULL) == 0)
		(void)confs_had(db, &id, 1, &n, NULL);
	db_close(db);
	return n == 1 ? id : 0;
}

/* Who looks while the files are being mended sees with the eyes of the
 * service. */
static int
load_last(struct context *c, const char *report)
{
	struct buf text;
	int rc;

	c->conf_id = last_kept(c);
	buf_init(&text, 1 << 20);
	rc = c->conf_id == 0 ? EX_CONFIG : load_kept(c, &text);
	buf_done(&text);
	if (rc == 0)
		fprintf(stderr,
		    "%.*s\ndeskd: the configuration that is in force is used "
		    "(number %lld)\n",
		    (int)strcspn(report, "\n"), report, (long long)c->conf_id);
	return rc;
}

int
cmd_load_conf(struct context *c, unsigned needs)
{
	bool looks = (needs & TAKES_CONF) != 0 && (needs & NEEDS_DB) != 0;
	struct buf text;
	int rc;

	buf_init(&text, 1 << 20);
	if (c->conf_id != 0)
		rc = load_kept(c, &text);
	else
		rc = load(c, c->conf_path, NULL, &text);
	if (rc == EX_CONFIG && looks && c->conf_id == 0)
		rc = load_last(c, buf_text(&text));
	if (rc != 0)
		fputs(buf_text(&text), stderr);
	buf_done(&text);
	return rc;
}

void
cmd_choose_dir(struct context *c, const char *state)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	const char *env = getenv("STATE_DIRECTORY");

	if (c->dir == NULL && env != NULL && env[0] != '\0')
		c->dir = env;
	if (c->dir == NULL)
		c->dir = arena_strdup(&c->arena, state);
	if (c->dir == NULL)
		c->dir = "/var/lib/deskd";
}

int64_t
cmd_ticket(const struct context *c, const char *word)
{
	const char *prefix = c->conf != NULL ? c->conf->tickets.prefix : "EX-";
	size_t n = strlen(prefix);
	char *end;
	long long v;

	word += *word == '[';
	if (strncasecmp(word, prefix, n) == 0)
		word += n;
	if (!isdigit((unsigned char)*word))
		return 0;
	v = strtoll(word, &end, 10);
	end += *end == ']';
	return *end == '\0' ? v : 0;
}

char *
cmd_tag(struct context *c, int64_t number)
{
	const char *prefix = c->conf != NULL ? c->conf->tickets.prefix : "EX-";

	return ticket_tag(&c->arena, prefix, number);
}

/* Take n words off the line at i. */
static void
take(int *argc, char **argv, int i, int n)
{
	for (; i + n <= *argc; i++)
		argv[i] = argv[i + n];
	*argc -= n;
}

bool
opt_flag(int *argc, char **argv, const char *name)
{
	for (int i = 1; i < *argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], name) == 0) {
			take(argc, argv, i, 1);
			return true;
		}
	return false;
}

const char *
opt_value(int *argc, char **argv, const char *name)
{
	size_t n = strlen(name);
	const char *value;

	for (int i = 1; i < *argc && strcmp(argv[i], "--") != 0; i++) {
		if (strncmp(argv[i], name, n) == 0 && argv[i][n] == '=') {
			value = argv[i] + n + 1;
			take(argc, argv, i, 1);
			return value;
		}
		if (strcmp(argv[i], name) == 0 && i + 1 < *argc) {
			value = argv[i + 1];
			take(argc, argv, i, 2);
			return value;
		}
	}
	return NULL;
}

const char *
opt_unknown(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (argv[i][0] == '-' && argv[i][1] != '\0')
			return argv[i];
	return NULL;
}
