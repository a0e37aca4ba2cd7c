/* The text of #help: the table of commands, or one of them. */
#include <string.h>

#include "rules/commands.h"
#include "parser/buf.h"

enum help_group {
	HELP_STATE,
	HELP_HAND,
	HELP_FIELD,
	HELP_OTHER,
	HELP_GROUPS
};

static const char *const groups[HELP_GROUPS] = {
	[HELP_STATE] = "HOW IT STANDS",
	[HELP_HAND] = "WHO HAS IT",
	[HELP_FIELD] = "WHAT IT IS",
	[HELP_OTHER] = "MORE",
};

static const struct help {
	enum command_word word;
	enum help_group group;
	const char *usage, *does, *example;
} helps[] = {
	{ COMMAND_RESOLVE, HELP_STATE, "",
	    "solved; closed when the requester confirms", "#resolve" },
	{ COMMAND_CLOSE, HELP_STATE, "", "closed at once", "#close" },
	{ COMMAND_NOTE, HELP_STATE, "[text]", "the whole mail stays inside",
	    "#note he is in Lisbon" },
	{ COMMAND_WAIT, HELP_STATE, "[when]",
	    "for the requester; nudge 2d, close 7d", "#wait fri 9:00" },
	{ COMMAND_HOLD, HELP_STATE, "[when] [why]",
	    "for somebody else; the clock stands still",
	    "#hold 2d Acme sends a disk" },
	{ COMMAND_REOPEN, HELP_STATE, "", "it is not over", "#reopen" },
	{ COMMAND_SPAM, HELP_STATE, "", "closed, nobody is answered", "#spam" },
	{ COMMAND_TAKE, HELP_HAND, "", "it is yours", "#take" },
	{ COMMAND_DROP, HELP_HAND, "", "back to the pool", "#drop" },
	{ COMMAND_ASSIGN, HELP_HAND, "who", "hand over to an agent or a team",
	    "#assign bob" },
	{ COMMAND_TEAM, HELP_HAND, "name", "to another team", "#team network" },
	{ COMMAND_TIER, HELP_HAND, "1..3|next", "along the tiers",
	    "#tier next" },
	{ COMMAND_ESCALATE, HELP_HAND, "[why]", "calls the lead",
	    "#escalate the whole floor is down" },
	{ COMMAND_CC, HELP_HAND, "address", "takes part, gets the answers",
	    "#cc jo@example.org" },
	{ COMMAND_UNCC, HELP_HAND, "address", "takes no part any more",
	    "#uncc jo@example.org" },
	{ COMMAND_WATCH, HELP_HAND, "[agent]", "gets copies, silently",
	    "#watch bob" },
	{ COMMAND_REQUESTER, HELP_HAND, "address",
	    "who asked, when it is wrong", "#requester maria@example.org" },
	{ COMMAND_PRIORITY, HELP_FIELD, "value",
	    "critical, high, normal, low; or matrix", "#priority high" },
	{ COMMAND_IMPACT, HELP_FIELD, "value",
	    "low, medium, high: how many are hit", "#impact high" },
	{ COMMAND_URGENCY, HELP_FIELD, "value",
	    "low, medium, high: how soon it hurts", "#urgency low" },
	{ COMMAND_TYPE, HELP_FIELD, "value",
	    "incident, request, problem, change", "#type request" },
	{ COMMAND_CATEGORY, HELP_FIELD, "a/b", "what it is about",
	    "#category network/vpn" },
	{ COMMAND_TAG, HELP_FIELD, "x y", "free words", "#tag lisbon router" },
	{ COMMAND_UNTAG, HELP_FIELD, "x", "takes them off", "#untag lisbon" },
	{ COMMAND_SUBJECT, HELP_FIELD, "text", "a better subject",
	    "#subject VPN breaks off every hour" },
	{ COMMAND_LANG, HELP_FIELD, "code", "the requester's language",
	    "#lang de" },
	{ COMMAND_TIME, HELP_FIELD, "20m", "time worked", "#time 1h30m" },
	{ COMMAND_MERGE, HELP_OTHER, "1042", "this ticket goes into that one",
	    "#merge 1042" },
	{ COMMAND_UNMERGE, HELP_OTHER, "[1042]", "apart again",
	    "#unmerge 1042" },
	{ COMMAND_SPLIT, HELP_OTHER, "", "the last mail becomes a ticket",
	    "#split" },
	{ COMMAND_LINK, HELP_OTHER, "1042", "the two are related",
	    "#link 1042" },
	{ COMMAND_NEW, HELP_OTHER, "", "a ticket for somebody who called",
	    "#new\n#requester maria@example.org\n#source phone" },
	{ COMMAND_SOURCE, HELP_OTHER, "phone", "with #new: how it came",
	    "#source phone" },
	{ COMMAND_UNDO, HELP_OTHER, "", "takes back what you did last",
	    "#undo" },
	{ COMMAND_WHY, HELP_OTHER, "", "why the ticket is where it is",
	    "#why" },
	{ COMMAND_SHOW, HELP_OTHER, "[1042]", "the ticket", "#show 1042" },
	{ COMMAND_FIND, HELP_OTHER, "words", "tickets with these words",
	    "#find printer lisbon" },
	{ COMMAND_HELP, HELP_OTHER, "[word]", "this, or more about a word",
	    "#help wait" },
};
#define HELPS (sizeof(helps) / sizeof(*helps))

static void
add_line(struct buf *b, const struct help *h)
{
	int n = (int)(strlen(command_names[h->word]) + strlen(h->usage)) + 1;

	buf_printf(b, "  #%s %s%*s  %s\n", command_names[h->word], h->usage,
	    n < 20 ? 20 - n : 0, "", h->does);
}

static void
add_table(struct buf *b)
{
	buf_str(b,
	    "Commands stand on lines of their own at the top of your mail; "
	    "what\nis below them goes to the requester.\n");
	for (int g = 0; g < HELP_GROUPS; g++) {
		buf_printf(b, "\n%s\n", groups[g]);
		for (size_t i = 0; i < HELPS; i++)
			if ((int)helps[i].group == g)
				add_line(b, &helps[i]);
	}
}

static void
add_word(struct buf *b, const struct help *h)
{
	add_line(b, h);
	buf_str(b, "\nFor example:\n\n  ");
	for (const char *p = h->example; *p != '\0'; p++) {
		buf_char(b, *p);
		if (*p == '\n')
			buf_str(b, "  ");
	}
	buf_char(b, '\n');
}

char *
commands_help(struct arena *a, const char *word)
{
	enum command_word w;
	struct buf b;
	char *out;
	size_t i = HELPS;

	buf_init(&b, 0);
	if (word != NULL && *word != '\0') {
		w = command_find(a, word + strspn(word, "#/ "));
		for (i = 0; i < HELPS && helps[i].word != w; i++)
			;
		if (i == HELPS)
			buf_printf(
			    &b, "There is no command \"%.40s\".\n\n", word);
	}
	if (i < HELPS)
		add_word(&b, &helps[i]);
	else
		add_table(&b);
	out = arena_strdup(a, buf_text(&b));
	buf_done(&b);
	return out;
}
