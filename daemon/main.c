/*
 * deskd: an email-driven helpdesk.  This file reads the options that every
 * subcommand takes, opens what the subcommand asks for, and calls it.
 */
#include <grp.h>
#include <locale.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "daemon/cmd.h"

#define CMD(name) extern const struct cmd cmd_##name;
#include "daemon/cmds.h"
#undef CMD

const struct cmd *const cmds[] = {
#define CMD(name) &cmd_##name,
#include "daemon/cmds.h"
#undef CMD
	NULL
};

static void
set_colour(struct context *c, const char *word)
{
	if (strcmp(word, "auto") != 0 && strcmp(word, "always") != 0 &&
	    strcmp(word, "never") != 0) {
		fprintf(stderr, "deskd: --color is auto, always or never\n");
		exit(EX_USAGE); /* NOLINT(concurrency-mt-unsafe) */
	}
	c->colour = word;
}

/* Take one shared option off the line: how many words, 0 if it is none. */
static int
shared_option(struct context *c, int left, char **argv)
{
	const char *word = argv[0];
	bool colour = strcmp(word, "--color") == 0;
	bool kept = strcmp(word, "--conf-id") == 0; /* from our parent */
	bool takes = strcmp(word, "-c") == 0 || strcmp(word, "-d") == 0 ||
	    colour || kept;

	if (takes && left < 2) {
		fprintf(stderr, "deskd: %s needs a value\n", word);
		exit(EX_USAGE); /* NOLINT(concurrency-mt-unsafe) */
	}
	if (strcmp(word, "-c") == 0) {
		c->conf_path = argv[1];
		c->conf_given = true;
	} else if (strcmp(word, "-d") == 0) {
		c->dir = argv[1];
	} else if (strcmp(word, "--json") == 0) {
		c->json = true;
	} else if (kept) {
		c->conf_id = strtoll(argv[1], NULL, 10);
	} else if (colour) {
		set_colour(c, argv[1]);
	} else if (strncmp(word, "--color=", 8) == 0) {
		set_colour(c, word + 8);
	} else if (strcmp(word, "-q") == 0 || strcmp(word, "--quiet") == 0) {
		c->quiet = true;
	} else if (strcmp(word, "-v") == 0 || strcmp(word, "--verbose") == 0) {
		c->verbose++;
	} else {
		return 0;
	}
	return takes ? 2 : 1;
}

static int
read_options(struct context *c, int argc, char **argv)
{
	int kept = 0;

	for (int i = 0; i < argc;) {
		int n = shared_option(c, argc - i, argv + i);

		if (strcmp(argv[i], "--") == 0) {
			for (; i < argc; i++)
				argv[kept++] = argv[i];
			break;
		}
		if (n == 0)
			argv[kept++] = argv[i++];
		i += n;
	}
	argv[kept] = NULL;
	return kept;
}

/*
 * root works with the rights of whoever owns the state folder: no file in it
 * ever belongs to root, where the service could not read it.  What the line
 * names is then read with these rights, too.
 */
static int
become_owner(struct context *c, const struct cmd *cmd)
{
	unsigned works = NEEDS_DB | MAKES_DB | IN_STATE;
	const struct passwd *pw;
	struct stat st;

	if (geteuid() != 0 || (cmd->needs & works) == 0 ||
	    stat(c->dir, &st) == -1 || st.st_uid == 0)
		return 0;
	pw = getpwuid(st.st_uid); /* NOLINT(concurrency-mt-unsafe) */
	if ((pw != NULL ? initgroups(pw->pw_name, pw->pw_gid)
			: setgroups(0, NULL)) == 0 &&
	    setgid(pw != NULL ? pw->pw_gid : st.st_gid) == 0 &&
	    setuid(st.st_uid) == 0)
		return 0;
	fprintf(stderr, "deskd: %s: cannot become its owner: %m\n", c->dir);
	return EX_NOPERM;
}

static int
open_db(struct context *c, const struct cmd *cmd)
{
	struct err e = { 0 };
	enum db_mode mode = (cmd->needs & MAKES_DB) != 0 ? DB_CREATE : DB_OPEN;

	if ((cmd->needs & (NEEDS_DB | MAKES_DB)) == 0)
		return 0;
	if (db_open(&c->db, c->dir, mode, &e) == 0)
		return 0;
	cmd_fail(&e);
	return e.kind == ERR_REJECT ? EX_NOINPUT
	    : e.kind == ERR_RETRY   ? EX_TEMPFAIL
				    : EX_SOFTWARE;
}

static int
open_conf(struct context *c, const struct cmd *cmd)
{
	if ((cmd->needs & NEEDS_CONF) != 0 || c->conf_given ||
	    c->conf_id != 0 ||
	    ((cmd->needs & TAKES_CONF) != 0 &&
		access(c->conf_path, F_OK) == 0)) {
		if ((cmd->needs & (NEEDS_CONF | TAKES_CONF)) != 0)
			return cmd_load_conf(c, cmd->needs);
	} else if ((cmd->needs & TAKES_CONF) != 0) {
		c->conf = conf_default(&c->arena);
	}
	return 0;
}

static int
run(struct context *c, const struct cmd *cmd, int argc, char **argv)
{
	int rc = open_conf(c, cmd);

	if ((cmd->needs & OWN_CONF) == 0)
		cmd_choose_dir(c, c->conf == NULL ? NULL : c->conf->state);
	if (rc == 0 && c->dir != NULL)
		rc = become_owner(c, cmd);
	if (rc == 0)
		rc = open_db(c, cmd);
	if (rc == 0)
		rc = cmd->run(c, argc, argv);
	db_close(c->db);
	arena_done(&c->arena);
	if (fflush(stdout) != 0 && rc == 0)
		rc = EX_IOERR;
	return rc;
}

int
main(int argc, char **argv)
{
	struct context c = { .program = argv[0], .uid = (long)getuid() };
	const struct cmd *cmd;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	const char *env = getenv("DESKD_CONF");

	setlocale(LC_CTYPE, "C.UTF-8"); /* NOLINT(concurrency-mt-unsafe) */
	signal(SIGPIPE, SIG_IGN);
	c.conf_path = env != NULL && env[0] != '\0' ? env
						    : "/etc/deskd/deskd.conf";
	if (argc > 0) {
		argc = read_options(&c, argc - 1, argv + 1);
		argv++;
	}
	if (argc == 0 || strcmp(argv[0], "-h") == 0 ||
	    strcmp(argv[0], "--help") == 0)
		cmd = cmd_find("help");
	else if (strcmp(argv[0], "--version") == 0)
		cmd = cmd_find("version");
	else
		cmd = cmd_find(argv[0]);
	if (cmd == NULL)
		return EX_USAGE; /* cmd_find() has said why */
	if (argc > 1 &&
	    (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		char *ask[] = { argv[1], argv[0], NULL };

		return run(&c, cmd_find("help"), 2, ask);
	}
	return run(&c, cmd, argc, argv);
}
