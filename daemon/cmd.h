#ifndef DAEMON_CMD_H
#define DAEMON_CMD_H

#include <stdbool.h>
#include <stdio.h>

#include "parser/arena.h"
#include "parser/conf.h"
#include "parser/err.h"
#include "store/bundle.h"
#include "store/db.h"

/*
 * A subcommand: one row, one file (cmd_NAME.c).  main.c reads the options that
 * all share (-c -d --json -q -v, anywhere on the line), opens what the row
 * says it needs, and calls run() with what is left; argv[0] is the name.
 * Exit codes are those of sysexits(3); results go to stdout, all else to
 * stderr.
 */
enum {
	NEEDS_CONF = 1 << 0, /* a good configuration, else exit 78 */
	TAKES_CONF =
	    1 << 1, /* the configuration if there is one, else defaults */
	NEEDS_DB = 1 << 2, /* must exist, else exit 66 */
	MAKES_DB = 1 << 3, /* made when missing */
	HIDDEN = 1 << 4,   /* not in help */
	OWN_CONF = 1 << 5, /* reads it itself, then chooses the state folder */
	IN_STATE = 1 << 6  /* works in the state folder without NEEDS_DB */
};

struct context {
	const char *program;   /* argv[0] of the process */
	const char *conf_path; /* as given or by default */
	bool conf_given;
	const char *dir; /* the state folder */
	long uid;        /* who called, whatever we have become */
	bool json, quiet;
	const char *colour; /* the word of --color, or NULL */
	int verbose;
	struct arena arena; /* lives as long as the subcommand */
	struct conf *conf;  /* NULL unless asked for */
	int64_t conf_id;    /* the kept configuration to use; 0: the file */
	const struct bundle *files; /* of conf; NULL: there are none */
	struct db *db;
};

struct cmd {
	const char *name;
	const char *args;  /* "[--reconcile] [--mailbox NAME]" */
	const char *about; /* one line, lower case, no full stop */
	unsigned needs;
	int (*run)(struct context *c, int argc, char **argv);
	const char *help; /* the rest of `deskd help NAME`: options, examples */
};

/* Every subcommand stands in cmds.h, in the order of `deskd help`. */
extern const struct cmd *const cmds[];
const struct cmd *cmd_find(const char *name);

/* Print "deskd: text" to stderr; returns the exit code for the kind of error.
 */
int cmd_fail(const struct err *e);
/* Usage error: says what is wrong and how to get help; returns 64. */
int cmd_usage(const struct cmd *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* "usage: deskd NAME ARGS", folded to 80 columns. */
void cmd_print_usage(FILE *out, const struct cmd *c);

/*
 * Load c->conf from c->conf_path, or from the database the one that c->conf_id
 * names: `deskd run` hands its loops the configuration that it has tried, so
 * that they never meet another, whatever an editor does to the files.  Where
 * the file has mistakes, a command that TAKES_CONF and NEEDS_DB gets the one
 * that the service has.  Returns an exit code; what is wrong was printed.
 */
int cmd_load_conf(struct context *c, unsigned needs);
/* Use this one, in its time zone. */
void cmd_use_conf(struct context *c, struct conf *conf);
/* The state folder: -d, $STATE_DIRECTORY, that of the configuration (NULL: it
 * names none), the default. */
void cmd_choose_dir(struct context *c, const char *state);

/* "1042", "EX-1042", "[EX-1042]" -> 1042; 0: no such form. */
int64_t cmd_ticket(const struct context *c, const char *word);
/* "EX-1042" */
char *cmd_tag(struct context *c, int64_t number);

/*
 * Words of an option: `if (opt_flag(&argc, argv, "--dry-run"))` takes it off
 * the line; opt_value() gives the word behind it, NULL when it is not there.
 */
bool opt_flag(int *argc, char **argv, const char *name);
const char *opt_value(int *argc, char **argv, const char *name);
/* The first word that still begins with "-" (but is not "-"), or NULL. */
const char *opt_unknown(int argc, char **argv);

#endif
