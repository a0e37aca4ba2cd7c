#ifndef DAEMON_ROWS_H
#define DAEMON_ROWS_H

#include "daemon/cmd.h"

/*
 * Subcommands about rows with numbers: "deskd held release 17 18".  The second
 * word is a verb; without one it is the first of the table.
 */
struct row_verb {
	const char *name;
	int (*run)(struct context *c, int argc, char **argv);
};

/* verbs ends with a NULL name. */
int rows_run(struct context *c, const struct cmd *cmd,
    const struct row_verb *verbs, int argc, char **argv);

/* The only number on the line; 0: said what is wrong, return EX_USAGE. */
int64_t rows_id(const struct cmd *cmd, int argc, char **argv);

/* Change all rows that are named, or none; says how many ("2 released").
 * Returns an exit code: 1 when there is no such row. */
struct row_change {
	const struct cmd *cmd;
	const char *done;
	int (*change)(struct db *db, int64_t id, int64_t now, struct err *e);
	/* Or the one that takes how. */
	int (*change_how)(
	    struct db *db, int64_t id, const void *how, struct err *e);
	const void *how;
};
int rows_change(
    struct context *c, const struct row_change *r, int argc, char **argv);

#endif
