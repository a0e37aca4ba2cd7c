/*
 * deskd check: everything that can be known of a configuration without
 * talking to a server.  The report goes to stdout, it is the result; notes on
 * what could not be tested go to stderr.  Changes nothing.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "daemon/cmd.h"
#include "daemon/files.h"
#include "daemon/loading.h"
#include "parser/json.h"

extern const struct cmd cmd_check;

#define REPORT_MAX (1 << 20)

struct checking {
	struct context *c;
	struct loading loading;
	const struct conf *conf;
	struct conf_report rep;
};

static void
warn(struct checking *k, const char *what)
{
	k->rep.warnings++;
	buf_printf(k->rep.text, "%s: warning: %s\n", k->c->conf_path, what);
}

static void
note(const struct checking *k, const char *what, const char *more)
{
	if (!k->c->quiet)
		fprintf(stderr, "note: %s%s\n", what, more);
}

/* What one account needs: its secret and its certificates. */
static void
check_account(struct checking *k, const struct conf_server *server,
    const struct conf_secret *s)
{
	struct err e = { 0 };
	char *text;
	size_t n;

	if (server->ca_file != NULL &&
	    files_read(&k->c->arena, server->ca_file, 4 << 20, &text, &n, &e) ==
		-1)
		warn(k, e.text);
	if (s->kind == SECRET_COMMAND) {
		note(k, "not run here: the command of a secret: ", s->value);
	} else if (s->kind == SECRET_ENV || secret_elsewhere(s)) {
		note(k, "cannot be tested here, only inside the service: ",
		    arena_printf(&k->c->arena, "%s:%s",
			s->kind == SECRET_ENV ? "env" : "credential",
			s->value));
	} else if (s->kind != SECRET_NONE &&
	    secret_read(&k->c->arena, s, &text, &e) == -1) {
		warn(k, e.text);
	}
}

static void
check_accounts(struct checking *k)
{
	static const struct conf_server none = { 0 };
	const struct conf *conf = k->conf;

	for (size_t i = 0; i < conf->mailboxes_n; i++)
		check_account(
		    k, &conf->mailboxes[i].imap, &conf->mailboxes[i].password);
	if (conf->has_smtp)
		check_account(k, &conf->smtp.relay, &conf->smtp.password);
	check_account(k, &none, &conf->token_keys);
}

/* What deskd run would refuse: files that others can write (T49). */
static void
check_files(struct checking *k)
{
	struct err e = { 0 };

	if (loading_safe(&k->loading, &e) == -1)
		warn(k, e.text);
}

static void
say_notes(struct checking *k)
{
	const char *later = conf_later(&k->c->arena, k->conf);

	if (later != NULL)
		note(k,
		    "read and checked, but without effect in this version: ",
		    later);
	if (k->conf->agents_n > 0 && !k->conf->auth.named)
		note(k,
		    "no border server is named, so an agent's mail is believed "
		    "by token and From alone, which is weaker; name it: "
		    "agent-auth { trust authserv-id; authserv-id NAME; "
		    "boundary-by NAME }, see deskd.conf(5) and 'deskd help "
		    "auth'",
		    "");
}

static void
print_text(const struct checking *k)
{
	if (k->loading.tests > 0 && (!k->c->quiet || k->loading.failed > 0))
		buf_printf(k->rep.text, "%zu rule test%s, %zu failed.\n",
		    k->loading.tests, k->loading.tests == 1 ? "" : "s",
		    k->loading.failed);
	if (!k->c->quiet || k->rep.errors + k->rep.warnings > 0)
		conf_summary(k->rep.text, k->c->conf_path, &k->rep);
	fputs(buf_text(k->rep.text), stdout);
}

static void
print_json(const struct checking *k)
{
	struct json j;
	struct buf out;

	buf_init(&out, 0);
	json_init(&j, &out);
	json_object(&j, NULL);
	json_text(&j, "file", k->c->conf_path);
	json_int(&j, "errors", k->rep.errors);
	json_int(&j, "warnings", k->rep.warnings);
	json_int(&j, "tests", (int64_t)k->loading.tests);
	json_int(&j, "tests_failed", (int64_t)k->loading.failed);
	json_text(&j, "report", buf_text(k->rep.text));
	json_object_end(&j);
	puts(buf_text(&out));
	buf_done(&out);
}

static int
check_run(struct context *c, int argc, char **argv)
{
	bool strict = opt_flag(&argc, argv, "--strict");
	struct checking k = { .c = c };
	struct buf text;

	if (argc > 1)
		return cmd_usage(&cmd_check, "unknown word '%s'", argv[1]);
	buf_init(&text, REPORT_MAX);
	k.rep.text = &text;
	loading_init(&k.loading, &c->arena, &files_conf_timed, NULL);
	(void)loading_try(&k.loading, c->conf_path, &k.rep);
	k.conf = k.loading.conf;
	if (k.conf != NULL) {
		check_files(&k);
		check_accounts(&k);
		say_notes(&k);
	}
	if (c->json)
		print_json(&k);
	else
		print_text(&k);
	buf_done(&text);
	if (k.rep.errors > 0)
		return EX_CONFIG;
	return strict && k.rep.warnings > 0 ? 1 : 0;
}

const struct cmd cmd_check = {
	.name = "check",
	.args = "[--strict]",
	.about = "test the configuration and all it includes",
	.needs = 0,
	.run = check_run,
	.help =
	    "Reads the configuration (-c FILE) with everything it includes, runs\n"
	    "the tests of its rules, times each pattern on hostile text, and\n"
	    "prints every mistake with its line and a hint.  Nothing is changed\n"
	    "and no server is asked.\n\n"
	    "  --strict   warnings count too: exit 1\n"
	    "  -q         print nothing when all is well\n\n"
	    "Exit codes: 0 good, 1 warnings with --strict, 78 errors.\n",
};
