/* deskd help, deskd version, and finding a subcommand by its name. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include <curl/curl.h>
#include <libetpan/libetpan_version.h>
#include <zstd.h>

#include "daemon/cmd.h"
#include "parser/near.h"
#include "version.h"

const struct cmd *
cmd_find(const char *name)
{
	const struct cmd *near = NULL;
	int best = 3;

	for (int i = 0; cmds[i] != NULL; i++) {
		int d = near_distance(name, cmds[i]->name);

		if (d == 0)
			return cmds[i];
		if (d < best && (cmds[i]->needs & HIDDEN) == 0) {
			best = d;
			near = cmds[i];
		}
	}
	fprintf(stderr, "deskd: no command '%s'", name);
	if (near != NULL)
		fprintf(stderr, "; did you mean '%s'?", near->name);
	fprintf(stderr, " (deskd help lists them)\n");
	return NULL;
}

static void
overview(void)
{
	printf(
	    "usage: deskd [-c FILE] [-d DIR] [--json] [-q] [-v] COMMAND ...\n\n");
	for (int i = 0; cmds[i] != NULL; i++)
		if ((cmds[i]->needs & HIDDEN) == 0)
			printf("  %-10s %s\n", cmds[i]->name, cmds[i]->about);
	printf("\n"
	       "-c FILE  the configuration (default $DESKD_CONF, else "
	       "/etc/deskd/deskd.conf)\n"
	       "-d DIR   the state folder with deskd.db (default "
	       "$STATE_DIRECTORY, else the\n"
	       "         configuration's state, else /var/lib/deskd)\n"
	       "--json   one JSON document on standard output\n"
	       "--color  auto, always or never\n"
	       "-q, -v   say nothing on success; say more\n\n"
	       "deskd help COMMAND tells more.  Exit codes: 0 done, 1 no, "
	       "others as sysexits(3).\n");
}

static int
help_run(struct context *c, int argc, char **argv)
{
	const struct cmd *cmd;

	(void)c;
	if (argc < 2) {
		overview();
		return 0;
	}
	cmd = cmd_find(argv[1]);
	if (cmd == NULL)
		return EX_USAGE;
	cmd_print_usage(stdout, cmd);
	printf("\n%s\n", cmd->about);
	if (cmd->help != NULL)
		printf("\n%s", cmd->help);
	return 0;
}

const struct cmd cmd_help = {
	.name = "help",
	.args = "[COMMAND]",
	.about = "what there is, or more on one command",
	.run = help_run,
};

static int
version_run(struct context *c, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	if (c->json)
		printf("{\"version\":\"%s\"}\n", VERSION);
	else
		printf("deskd %s (libetpan %d.%d, SQLite %s, %s, zstd %s)\n",
		    VERSION, libetpan_get_version_major(),
		    libetpan_get_version_minor(), sqlite3_libversion(),
		    curl_version_info(CURLVERSION_NOW)->version,
		    ZSTD_versionString());
	return 0;
}

const struct cmd cmd_version = {
	.name = "version",
	.args = "",
	.about = "the version of deskd and of its libraries",
	.run = version_run,
};
