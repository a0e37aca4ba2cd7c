/* What the subcommands about numbered rows share: verbs, numbers, changes. */
#include "daemon/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/clock.h"
#include "parser/near.h"

#define VERBS_MAX 8

int
rows_run(struct context *c, const struct cmd *cmd, const struct row_verb *verbs,
    int argc, char **argv)
{
	const char *names[VERBS_MAX + 1] = { NULL };
	const char *near;

	if (argc < 2 || argv[1][0] == '-')
		return verbs[0].run(c, argc, argv);
	for (int i = 0; verbs[i].name != NULL && i < VERBS_MAX; i++) {
		if (strcmp(argv[1], verbs[i].name) == 0)
			return verbs[i].run(c, argc - 1, argv + 1);
		names[i] = verbs[i].name;
	}
	near = near_word(argv[1], names);
	if (near != NULL)
		return cmd_usage(
		    cmd, "no '%s'; did you mean '%s'?", argv[1], near);
	return cmd_usage(cmd, "no '%s'", argv[1]);
}

/* "17" -> 17; 0: no number. */
static int64_t
number(const char *word)
{
	char *end;
	long long v = strtoll(word, &end, 10);

	return *end == '\0' && end != word && v > 0 ? v : 0;
}

int64_t
rows_id(const struct cmd *cmd, int argc, char **argv)
{
	int64_t id = argc == 2 ? number(argv[1]) : 0;

	if (argc != 2)
		cmd_usage(cmd, "which? 'deskd %s list' shows their numbers",
		    cmd->name);
	else if (id == 0)
		cmd_usage(cmd, "'%s' is no number; 'deskd %s list' shows them",
		    argv[1], cmd->name);
	return id;
}

static int
change_one(struct db *db, const struct row_change *r, int64_t id, int64_t now,
    struct err *e)
{
	return r->change_how != NULL ? r->change_how(db, id, r->how, e)
				     : r->change(db, id, now, e);
}

static int
change_all(struct db *db, const struct row_change *r, int argc, char **argv,
    struct err *e)
{
	int64_t now = clock_now();

	if (db_begin(db, e) == -1)
		return -1;
	for (int i = 1; i < argc; i++)
		if (change_one(db, r, number(argv[i]), now, e) == -1) {
			db_rollback(db);
			return -1;
		}
	return db_commit(db, e);
}

int
rows_change(
    struct context *c, const struct row_change *r, int argc, char **argv)
{
	struct err e = { 0 };

	if (argc < 2)
		return cmd_usage(r->cmd,
		    "which? 'deskd %s list' shows their numbers", r->cmd->name);
	for (int i = 1; i < argc; i++)
		if (rows_id(r->cmd, 2, argv + i - 1) == 0)
			return EX_USAGE;
	if (change_all(c->db, r, argc, argv, &e) == -1) {
		int rc = cmd_fail(&e);

		return e.kind == ERR_REJECT ? 1 : rc;
	}
	if (!c->quiet)
		printf("%d %s\n", argc - 1, r->done);
	return 0;
}
