/* deskd queue: what nobody has taken.  Looks only. */
#include "daemon/cmd.h"
#include "daemon/filter.h"
#include "daemon/print_ticket.h"

extern const struct cmd cmd_queue;

static int
queue_run(struct context *c, int argc, char **argv)
{
	const char *limit = opt_value(&argc, argv, "--limit");
	const char *odd = opt_unknown(argc, argv);
	struct ticket_filter f = { .status = status_names[STATUS_OPEN],
		.assignee = "" };

	if (odd != NULL)
		return cmd_usage(&cmd_queue, "unknown option '%s'", odd);
	if (argc > 2)
		return cmd_usage(&cmd_queue, "one team, or none for all");
	if (filter_limit(c, limit, &f.limit) == -1)
		return cmd_usage(&cmd_queue, "--limit takes a number");
	f.team = argc == 2 ? argv[1] : NULL;
	return print_tickets(c, &f);
}

const struct cmd cmd_queue = {
	.name = "queue",
	.args = "[--limit N] [TEAM]",
	.about = "open tickets that nobody has taken, the oldest first",
	.needs = TAKES_CONF | NEEDS_DB,
	.run = queue_run,
	.help = FILTER_LIMIT_HELP "\n"
				  "  deskd queue\n"
				  "  deskd queue network --json\n",
};
