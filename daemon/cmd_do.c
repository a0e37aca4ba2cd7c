/*
 * deskd new, reply, note, assign, set, resolve, close, reopen, merge, unmerge,
 * split, link, undo: the words of agents' mails, on the command line.  Only
 * what `deskd help` says of them; do_line.c reads the line.
 */
#include "daemon/do.h"

extern const struct cmd cmd_reply, cmd_note, cmd_assign, cmd_set, cmd_resolve,
    cmd_close, cmd_reopen, cmd_merge, cmd_unmerge, cmd_split, cmd_link,
    cmd_undo, cmd_new;

#define NEEDS (TAKES_CONF | NEEDS_DB)
#define BOTH                                                          \
	"  --as AGENT  in that agent's name; else it is \"cli\" and " \
	"your login name\n"                                           \
	"  --dry-run   only show what it would do\n"

const struct cmd cmd_new = {
	.name = "new",
	.args = "--requester ADDRESS --subject TEXT [-m TEXT | --file FILE] "
		"[--team TEAM] [--acknowledge] [--as AGENT] [--dry-run]",
	.about = "a ticket for somebody who called",
	.needs = NEEDS,
	.run = do_new_run,
	.help =
	    "Rules are about mails, so they are not asked: the ticket goes "
	    "to TEAM, else to\nthe first team.  The requester hears of it "
	    "only with --acknowledge.\n\n"
	    "  -m TEXT     what it is about\n"
	    "  --file FILE the same out of a file; - is standard input\n" BOTH
	    "\n"
	    "  deskd new --requester 'Maria <maria@example.org>' \\\n"
	    "      --subject 'VPN breaks off' -m 'She called at nine.'\n",
};

const struct cmd cmd_reply = {
	.name = "reply",
	.args = "[-m TEXT | --file FILE] [--attach FILE]... [--as AGENT] "
		"[--dry-run] TICKET",
	.about = "answer the requester",
	.needs = NEEDS,
	.run = do_run,
	.help =
	    "The text goes to the requester and all in Cc, after "
	    "'send-delay'; then the\nticket waits for an answer.  "
	    "Standard input is taken when it is no terminal,\nelse "
	    "$VISUAL or $EDITOR is started.  All of it is text: no line "
	    "is taken for a\ncommand.\n\n"
	    "  -m TEXT     the text\n"
	    "  --file FILE the same out of a file; - is standard input\n"
	    "  --attach FILE  a file that goes along; as often as wanted\n" BOTH
	    "\n"
	    "  deskd reply EX-1042 -m 'Please try once more.' --as ana\n"
	    "  deskd reply 1042 --attach howto.pdf < answer.txt\n",
};

const struct cmd cmd_note = {
	.name = "note",
	.args = "[-m TEXT | --file FILE] [--as AGENT] [--dry-run] TICKET...",
	.about = "write down what only agents see",
	.needs = NEEDS,
	.run = do_run,
	.help =
	    "Standard input is taken when it is no terminal, else $VISUAL "
	    "or $EDITOR is\nstarted.\n\n"
	    "  -m TEXT     the text\n"
	    "  --file FILE the same out of a file; - is standard input\n" BOTH
	    "\n"
	    "  deskd note 12 13 -m 'Waits for the new switch.'\n",
};

const struct cmd cmd_assign = {
	.name = "assign",
	.args = "[--as AGENT] [--dry-run] TICKET... AGENT|TEAM",
	.about = "give tickets to an agent or a team",
	.needs = NEEDS,
	.run = do_run,
	.help = BOTH "\n"
		     "  deskd assign EX-1042 bob\n"
		     "  deskd assign 12 13 14 network\n",
};

const struct cmd cmd_set = {
	.name = "set",
	.args = "[--as AGENT] [--dry-run] TICKET... FIELD VALUE [FIELD "
		"VALUE]...",
	.about = "change fields of tickets",
	.needs = NEEDS,
	.run = do_run,
	.help =
	    "Fields: priority (critical, high, normal, low, matrix), impact, "
	    "urgency (high,\nmedium, low), type (incident, request, problem, "
	    "change), category, team, tier\n(1, 2, 3, next), assignee, status "
	    "(open, in-progress, waiting, on-hold,\nresolved, closed), "
	    "subject, requester, language, tag, untag, cc, uncc, watch,\n"
	    "time (worked: 20m).\n\n" BOTH "\n"
	    "  deskd set EX-1042 priority high category network/vpn\n"
	    "  deskd set 12 13 tag router status on-hold\n",
};

const struct cmd cmd_resolve = {
	.name = "resolve",
	.args = "[-m TEXT | --file FILE] [--attach FILE]... [--as AGENT] "
		"[--dry-run] TICKET...",
	.about = "solved; the requester is asked whether it is",
	.needs = NEEDS,
	.run = do_run,
	.help =
	    "  -m TEXT     goes along with it\n"
	    "  --file FILE the same out of a file; - is standard input\n"
	    "  --attach FILE  a file that goes along; as often as wanted\n" BOTH
	    "\n"
	    "  deskd resolve EX-1042 -m 'You have a new profile now.'\n",
};

const struct cmd cmd_close = {
	.name = "close",
	.args = "[-m TEXT | --file FILE] [--attach FILE]... [--as AGENT] "
		"[--dry-run] TICKET...",
	.about = "over at once; nobody is asked",
	.needs = NEEDS,
	.run = do_run,
	.help =
	    "Without a text the requester gets no mail.\n\n"
	    "  -m TEXT     goes to the requester\n"
	    "  --file FILE the same out of a file; - is standard input\n"
	    "  --attach FILE  a file that goes along; as often as wanted\n" BOTH
	    "\n"
	    "  deskd close 12 13\n",
};

const struct cmd cmd_reopen = {
	.name = "reopen",
	.args = "[--as AGENT] [--dry-run] TICKET...",
	.about = "what was resolved or closed is worked again",
	.needs = NEEDS,
	.run = do_run,
	.help = BOTH "\n  deskd reopen EX-1042\n",
};

const struct cmd cmd_merge = {
	.name = "merge",
	.args = "[--as AGENT] [--dry-run] TICKET... INTO",
	.about = "one matter that came twice: it goes on in the last one named",
	.needs = NEEDS,
	.run = do_run,
	.help = "The requester is told where it goes on; later mail to the "
		"one lands in the\nother.  'deskd unmerge' parts them "
		"again.\n\n" BOTH "\n"
		"  deskd merge EX-1043 EX-1042\n",
};

const struct cmd cmd_unmerge = {
	.name = "unmerge",
	.args = "[--as AGENT] [--dry-run] TICKET",
	.about = "take a merged ticket out again",
	.needs = NEEDS,
	.run = do_run,
	.help = "Of a ticket that others were merged into, the last one that "
		"was.\n\n" BOTH "\n"
		"  deskd unmerge EX-1043\n",
};

const struct cmd cmd_split = {
	.name = "split",
	.args = "[--as AGENT] [--dry-run] TICKET",
	.about = "the last mail of a ticket becomes one of its own",
	.needs = NEEDS,
	.run = do_run,
	.help = BOTH "\n  deskd split EX-1042\n",
};

const struct cmd cmd_link = {
	.name = "link",
	.args = "[--as AGENT] [--dry-run] TICKET OTHER...",
	.about = "say that tickets are related",
	.needs = NEEDS,
	.run = do_run,
	.help = BOTH "\n  deskd link EX-1042 EX-1040\n",
};

const struct cmd cmd_undo = {
	.name = "undo",
	.args = "[--as AGENT] [--dry-run] TICKET...",
	.about = "take back the last thing that you did to a ticket",
	.needs = NEEDS,
	.run = do_run,
	.help = "As long as 'undo' of the configuration allows.  A letter "
		"that has left cannot be\ntaken back; a field that somebody "
		"else has changed since stays.\n\n" BOTH "\n"
		"  deskd undo EX-1042\n",
};
