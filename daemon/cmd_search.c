/* deskd search: tickets by the words of their mails.  Looks only. */

#include "daemon/cmd.h"
#include "daemon/filter.h"
#include "daemon/print_ticket.h"

extern const struct cmd cmd_search;

static int
search_run(struct context *c, int argc, char **argv)
{
	const char *limit = opt_value(&argc, argv, "--limit");
	struct ticket_filter f;
	int rc = filter_parse(c, &cmd_search, argc, argv, &f);

	if (rc != 0)
		return rc;
	if (f.words == NULL)
		return cmd_usage(&cmd_search, "which words?");
	if (filter_limit(c, limit, &f.limit) == -1)
		return cmd_usage(&cmd_search, "--limit takes a number");
	return print_tickets(c, &f);
}

const struct cmd cmd_search = {
	.name = "search",
	.args = "[--limit N] WORDS... [FILTER...]",
	.about = "tickets whose mails and notes hold all the words, best first",
	.needs = TAKES_CONF | NEEDS_DB,
	.run = search_run,
	.help = FILTER_LIMIT_HELP
	"\n"
	"Case and accents do not matter; vpn* finds words that begin "
	"so, and\n"
	"\"no route\" in quotes the words side by side.  Exit code 1: "
	"nothing found.\n"
	"\n" FILTER_HELP "\n"
	"  deskd search vpn certificate\n"
	"  deskd search 'printer*' status:closed\n",
};
