#ifndef DAEMON_FILTER_H
#define DAEMON_FILTER_H

#include "daemon/cmd.h"
#include "store/tickets.h"

/*
 * The filter words of list and search: "status:open team:network since:2d vpn".
 * A word with a colon after a name is a filter, all others are looked for in
 * the text.  After "--" every word is looked for.
 */
#define FILTER_HELP                                                            \
	"Filters; all that are given must hold:\n"                             \
	"  status:    open, in-progress, waiting, on-hold, resolved, closed\n" \
	"  priority:  critical, high, normal, low\n"                           \
	"  type:      incident, request, problem, change\n"                    \
	"  team:      a team, or none\n"                                       \
	"  agent:     an agent, or none (also assignee:)\n"                    \
	"  tier:      1, 2, 3 or 4\n"                                          \
	"  from:      ana@example.com, @example.com, or part of it (also "     \
	"requester:)\n"                                                        \
	"  tag:       a tag\n"                                                 \
	"  category:  network, or network/vpn\n"                               \
	"  since:     made since 2d, 4h, mon, 2026-08-03, 08:30\n"             \
	"Other words are looked for in the mails; after -- all words are.\n"

/* Fills *f and returns 0, or prints what is wrong and returns EX_USAGE. */
int filter_parse(struct context *c, const struct cmd *cmd, int argc,
    char **argv, struct ticket_filter *f);

/*
 * The value of --limit.  NULL: so many as a person wants to see at once where a
 * table goes to a terminal, else all.  -1: not a number.
 */
#define FILTER_LIMIT_HELP                                                      \
	"  --limit N  at most N, 0 for all (default: 100 on a terminal, else " \
	"all)\n"
int filter_limit(const struct context *c, const char *word, int *limit);

#endif
