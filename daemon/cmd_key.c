/*
 * deskd key: the keys that mark our tokens and Message-IDs.  Shows which there
 * are, never what they are; adds one, takes one away.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "daemon/cmd.h"
#include "daemon/document.h"
#include "daemon/files.h"
#include "daemon/keys.h"
#include "daemon/print.h"
#include "daemon/rows.h"

extern const struct cmd cmd_key;

static void
json_keys(const struct desk_keys *k)
{
	char name[TOKEN_NAME + 1];
	struct document d;

	document_open(&d);
	json_array(&d.j, "keys");
	for (int i = 0; i < DESK_KEYS; i++) {
		if (!k->have[i])
			continue;
		token_name(k->key[i], DESK_KEY, name);
		json_object(&d.j, NULL);
		json_int(&d.j, "id", i);
		json_bool(&d.j, "first", i == k->first);
		json_text(&d.j, "sha256", name);
		json_object_end(&d.j);
	}
	json_array_end(&d.j);
	document_close(&d);
}

static void
table_keys(struct context *c, const struct desk_keys *k)
{
	static const struct column columns[] = {
		{ "ID", true, false },
		{ "SHA256", false, false },
		{ "USE", false, true },
	};
	char name[TOKEN_NAME + 1];
	struct table t;
	struct print p;

	print_init(&p, c);
	table_init(
	    &t, &c->arena, columns, sizeof(columns) / sizeof(columns[0]));
	for (int i = 0; i < DESK_KEYS; i++) {
		if (!k->have[i])
			continue;
		token_name(k->key[i], DESK_KEY, name);
		table_cell(&t, arena_printf(&c->arena, "%d", i), STYLE_BOLD);
		table_cell(&t, arena_strdup(&c->arena, name), STYLE_NONE);
		table_cell(&t,
		    i == k->first ? "makes and proves" : "proves only",
		    i == k->first ? STYLE_GREEN : STYLE_NONE);
	}
	table_print(&t, &p);
}

/* Only the first start makes keys: to look changes nothing. */
static int
key_list_run(struct context *c, int argc, char **argv)
{
	struct desk_keys k = { 0 };
	struct err e = { 0 };
	char *path = NULL;

	if (argc > 1)
		return cmd_usage(&cmd_key, "unknown word '%s'", argv[1]);
	if (c->conf->token_keys.kind == SECRET_NONE &&
	    keys_file(&c->arena, c->conf, c->dir, &path, &e) == -1) {
		cmd_fail(&e);
		return EX_NOINPUT;
	}
	if (secret_desk_keys(&c->arena, c->conf, c->dir, &k, &e) == -1)
		return cmd_fail(&e);
	if (c->json)
		json_keys(&k);
	else
		table_keys(c, &k);
	explicit_bzero(&k, sizeof(k));
	return 0;
}

/* The file to change, and nobody else changes it; returns an exit code. */
static int
open_file(struct context *c, char **path)
{
	struct err e = { 0 };
	int lock;

	if (keys_file(&c->arena, c->conf, c->dir, path, &e) == -1) {
		cmd_fail(&e);
		return c->conf->token_keys.kind == SECRET_NONE ||
			c->conf->token_keys.kind == SECRET_FILE
		    ? EX_NOINPUT
		    : EX_NOPERM;
	}
	if (files_lock(c->dir, "key", &lock, &e) == -1)
		return cmd_fail(&e);
	return 0;
}

static int
failed(const struct err *e)
{
	int rc = cmd_fail(e);

	return e->kind == ERR_REJECT ? 1 : rc;
}

/* Keys are read when a loop starts. */
static void
say_when(const struct context *c)
{
	struct err e = { 0 };
	long pid = 0;

	if (c->quiet)
		return;
	if (files_lock_pid(c->dir, "run", &pid, &e) == 0 && pid > 0)
		printf("The service (process %ld) has the keys that were "
		       "there until it reads them again:\n  deskd reload\n",
		    pid);
	else
		printf("No service runs on %s; what runs elsewhere must be "
		       "started again.\n",
		    c->dir);
}

static int
key_rotate_run(struct context *c, int argc, char **argv)
{
	struct err e = { 0 };
	char *path = NULL;
	int id = 0, rc;

	if (argc > 1)
		return cmd_usage(&cmd_key, "unknown word '%s'", argv[1]);
	rc = open_file(c, &path);
	if (rc != 0)
		return rc;
	if (keys_rotate(&c->arena, path, &id, &e) == -1)
		return failed(&e);
	if (!c->quiet)
		printf("Key %d makes the tokens and Message-IDs from now on.  "
		       "What older keys made\nproves until they are taken "
		       "away: deskd key revoke ID\n",
		    id);
	say_when(c);
	return 0;
}

/* There is no way back, so a person at a terminal is asked. */
static bool
agreed(long id)
{
	char answer[16];

	fprintf(stderr,
	    "What was made with key %ld proves no more: answers to letters "
	    "that went out with it\nare not known by their address or "
	    "Message-ID, buttons and replies of agents are\nheld, and bounces "
	    "find no letter.  Go on? [y/N] ",
	    id);
	return fgets(answer, sizeof(answer), stdin) != NULL &&
	    (answer[0] == 'y' || answer[0] == 'Y');
}

static int
key_revoke_run(struct context *c, int argc, char **argv)
{
	bool yes = opt_flag(&argc, argv, "--yes");
	struct err e = { 0 };
	char *path = NULL, *end;
	long id;
	int rc;

	if (argc != 2)
		return cmd_usage(
		    &cmd_key, "which? 'deskd key list' shows their numbers");
	id = strtol(argv[1], &end, 10);
	if (end == argv[1] || *end != '\0' || id < 0 || id >= DESK_KEYS)
		return cmd_usage(&cmd_key,
		    "'%s' is no number of a key; 'deskd key list' shows them",
		    argv[1]);
	rc = open_file(c, &path);
	if (rc != 0)
		return rc;
	if (!yes && isatty(STDIN_FILENO) && !agreed(id))
		return 1;
	if (keys_revoke(&c->arena, path, (int)id, &e) == -1)
		return failed(&e);
	if (!c->quiet)
		printf("Key %ld is gone.\n", id);
	say_when(c);
	return 0;
}

static int
key_run(struct context *c, int argc, char **argv)
{
	static const struct row_verb verbs[] = {
		{ "list", key_list_run },
		{ "rotate", key_rotate_run },
		{ "revoke", key_revoke_run },
		{ NULL, NULL },
	};

	return rows_run(c, &cmd_key, verbs, argc, argv);
}

const struct cmd cmd_key = {
	.name = "key",
	.args = "[list | rotate | revoke [--yes] ID]",
	.about = "the keys of tokens and Message-IDs",
	.needs = TAKES_CONF | IN_STATE,
	.run = key_run,
	.help =
	    "  list    their numbers, which of them makes, and 6 characters of "
	    "their SHA-256;\n          never the keys\n"
	    "  rotate  make a new key that makes from now on; the others still "
	    "prove\n"
	    "  revoke  take one away: what it made proves no more.  Asks at a "
	    "terminal,\n          unless --yes.  The only key stays\n"
	    "\n"
	    "They stand in the file of 'token-keys', by default token-keys in "
	    "the state\nfolder, which is in no backup.  A credential or the "
	    "output of a command is\nchanged where it comes from.  The service "
	    "reads the keys at its start and on\n'deskd reload'.\n"
	    "\n"
	    "  deskd key rotate && deskd reload\n"
	    "  deskd key revoke 1\n",
};
