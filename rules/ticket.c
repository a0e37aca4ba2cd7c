/* The words of a ticket's fields, and what its dates allow. */
#include "rules/ticket.h"

#include <string.h>

const char *const status_names[STATUS_COUNT] = {
	[STATUS_OPEN] = "open",
	[STATUS_IN_PROGRESS] = "in-progress",
	[STATUS_WAITING] = "waiting",
	[STATUS_ON_HOLD] = "on-hold",
	[STATUS_RESOLVED] = "resolved",
	[STATUS_CLOSED] = "closed",
};

const char *const type_names[TYPE_COUNT] = {
	[TYPE_INCIDENT] = "incident",
	[TYPE_REQUEST] = "request",
	[TYPE_PROBLEM] = "problem",
	[TYPE_CHANGE] = "change",
};

const char *const level_names[LEVEL_COUNT] = {
	[LEVEL_LOW] = "low",
	[LEVEL_MEDIUM] = "medium",
	[LEVEL_HIGH] = "high",
};

const char *const priority_names[PRIORITY_COUNT] = {
	[PRIORITY_CRITICAL] = "critical",
	[PRIORITY_HIGH] = "high",
	[PRIORITY_NORMAL] = "normal",
	[PRIORITY_LOW] = "low",
};

const struct ticket ticket_blank = {
	.subject = "",
	.impact = LEVEL_MEDIUM,
	.urgency = LEVEL_MEDIUM,
	.priority = PRIORITY_NORMAL,
	.category = "",
	.team = "",
	.tier = 1,
	.assignee = "",
	.requester = "",
	.requester_name = "",
	.language = "",
};

int
word_index(const char *const *names, int count, const char *word)
{
	for (int i = 0; i < count; i++)
		if (strcmp(names[i], word) == 0)
			return i;
	return -1;
}

bool
ticket_reopens(const struct ticket *t, int64_t now, int64_t reopen_within)
{
	return t->status != STATUS_CLOSED || now - t->closed <= reopen_within;
}

char *
ticket_tag(struct arena *a, const char *prefix, int64_t number)
{
	return arena_printf(a, "%s%lld", prefix, (long long)number);
}
