/* deskd list: tickets that match a filter.  Looks only. */

#include "daemon/cmd.h"
#include "daemon/filter.h"
#include "daemon/print_ticket.h"

extern const struct cmd cmd_list;

/* The table is an overview for people: what lives, the newest.  A script with
 * --json gets everything it did not filter out itself. */
static int
list_run(struct context *c, int argc, char **argv)
{
	bool all = opt_flag(&argc, argv, "--all");
	const char *limit = opt_value(&argc, argv, "--limit");
	struct ticket_filter f;
	int rc = filter_parse(c, &cmd_list, argc, argv, &f);

	if (rc != 0)
		return rc;
	if (filter_limit(c, limit, &f.limit) == -1)
		return cmd_usage(&cmd_list, "--limit takes a number");
	f.live = !all && !c->json && f.status == NULL;
	f.newest = true;
	return print_tickets(c, &f);
}

const struct cmd cmd_list = {
	.name = "list",
	.args = "[--all] [--limit N] [FILTER...]",
	.about = "tickets, the newest first",
	.needs = TAKES_CONF | NEEDS_DB,
	.run = list_run,
	.help =
	    "  --all      closed tickets too (with --json they are always in)\n" FILTER_LIMIT_HELP
	    "\n" FILTER_HELP "\n"
	    "  deskd list team:network priority:high\n"
	    "  deskd list status:waiting since:2w\n"
	    "  deskd list from:@kunde.example \"vpn access\"\n",
};
