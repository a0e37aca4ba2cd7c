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

int
cmd_load_conf(struct context *c)
{
	struct buf text;
	struct conf_report rep = { .text = &text };
	int rc;

	buf_init(&text, 1 << 20);
	rc = conf_load(
	    &c->arena, c->conf_path, &files_conf_source, &c->conf, &rep);
	if (rc == -1)
		fputs(buf_text(&text), stderr);
	buf_done(&text);
	if (rc == 0 && c->conf->timezone != NULL) {
		/* The desk's zone, not that of whoever started us. */
		/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
		setenv("TZ", c->conf->timezone, 1);
		tzset();
	}
	return rc;
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

	return arena_printf(&c->arena, "%s%lld", prefix, (long long)number);
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
