/* Letters to the staff with sample words.  See the header. */
#include "daemon/preview_notice.h"

#include <string.h>

#include "rules/phrase.h"

static const char *const said[] = {
	"9:14  new, normal: rule default (20-routing.conf:1)",
	"9:14  Ana: least-loaded, ana 4, bob 7",
};
static const struct compose_part part = { .name = "vpn-log.txt",
	.type = "text/plain",
	.data = "no route to host\n",
	.size = 17 };

/* What each kind tells; the templates take what they need. */
static const struct sample {
	const char *text, *problem;
	bool by_colleague, of_stranger, by_reader;
} samples[NOTICE_KINDS] = {
	[NOTICE_COLLEAGUE] = { "Please restart it.", NULL, true, false, false },
	[NOTICE_HANDED] = { NULL, NULL, true, false, false },
	[NOTICE_STRANGER] = { "I have the same trouble.", NULL, false, true,
	    false },
	[NOTICE_BOUNCED] = { "Please restart it.", "550 5.1.1 no such mailbox",
	    false, false, true },
	[NOTICE_ESCALATED] = { "May I restart the gateway?", NULL, true, false,
	    false },
	[NOTICE_COMMAND] = { "#noet\nHe is in Lisbon, call Bob.", NULL, false,
	    false, true },
	[NOTICE_STALE] = { "Please restart it.", NULL, false, false, true },
	[NOTICE_GUARD] = { "Please restart it.",
	    "the cut line of a notification stands in the text", false, false,
	    true },
	[NOTICE_OLD] = { "Please restart it.", NULL, false, false, true },
	[NOTICE_CHALLENGE] = { "#resolve", NULL, false, false, true },
	[NOTICE_LEAKED] = { "Please restart it.", NULL, false, true, false },
	[NOTICE_HELD] = { "Please restart it.", "looks like an agent", false,
	    true, false },
};

static const char *const colleague[] = { "bob" };

static void
fill_people(const struct preview_notice *p, struct notice *in)
{
	const struct sample *s = &samples[p->kind];

	in->from_name = s->by_colleague ? "Bob Meyer"
	    : s->of_stranger            ? "Jo Park"
	    : s->by_reader              ? in->to->shown
					: p->ticket->requester_name;
	in->from_address = s->by_colleague ? "bob@example.com"
	    : s->of_stranger               ? "jo.park@other.example"
	    : s->by_reader                 ? in->address
					   : p->ticket->requester;
}

static const char *
problem_of(struct arena *a, const struct preview_notice *p)
{
	return p->kind == NOTICE_COMMAND
	    ? phrase(a, p->language, PHRASE_UNKNOWN, "1", "#noet", NULL)
	    : phrase_again(a, p->language, samples[p->kind].problem);
}

/* The lines of a receipt. */
static const char *const *
done_of(struct arena *a, const char *language)
{
	const char **done = arena_calloc(a, 2, sizeof(*done));

	done[0] = phrase(a, language, DONE_MERGE, "1017", NULL, NULL);
	done[1] = phrase(a, language, DONE_TAG, "vpn", NULL, NULL);
	return done;
}

static const char *const *
whys_of(struct arena *a, const char *language)
{
	const char **whys = arena_calloc(a, 2, sizeof(*whys));

	whys[0] = phrase(a, language, WORD_WHY_TEAM, "network",
	    phrase_again(a, language, "rule vpn (20.conf:8): subject \"VPN\""),
	    NULL);
	whys[1] = phrase(a, language, WORD_WHY_OWNER, "ana",
	    phrase_again(a, language, "team network, least-loaded: 4 open"),
	    NULL);
	return whys;
}

static void
fill_words(struct arena *a, const struct preview_notice *p, struct notice *in)
{
	bool says = p->kind == NOTICE_SAID;

	in->text = samples[p->kind].text;
	if (p->kind == NOTICE_NEW || p->kind == NOTICE_ANSWERED)
		in->text = "Hi, since this morning my VPN says \"no route to "
			   "host\".";
	in->problem = problem_of(a, p);
	in->meant[0] = p->kind == NOTICE_COMMAND ? "note" : NULL;
	in->code = "k4p2";
	in->held = 17;
	in->title = "why";
	in->done = says ? said : done_of(a, p->language);
	in->done_n = 2;
	in->leaves = p->desk->now + 60;
	in->undo_until = p->desk->now + (int64_t)15 * 60;
	if (p->kind != NOTICE_NEW)
		return;
	in->whys = whys_of(a, p->language);
	in->whys_n = 2;
	in->parts = &part;
	in->parts_n = 1;
}

int
preview_notice(struct arena *a, struct preview_notice *p, struct err *e)
{
	struct desk desk = *p->desk;
	struct desk_keys *keys = arena_alloc(a, sizeof(*keys));
	const char *mail = "ana@example.com";
	struct conf_agent ana = { .name = "ana",
		.shown = "Ana Silva",
		.emails = &mail,
		.emails_n = 1,
		.language = p->language };
	struct ticket t = *p->ticket;
	const struct notice_line line = { desk.now - 300, "EX-988", "Bob",
		"Port 12 was down, I fixed it.", true };
	struct notice in = { .desk = &desk,
		.kind = p->kind,
		.ticket = &t,
		.to = &ana,
		.address = mail,
		.serial = 9,
		.colleagues = colleague,
		.colleagues_n = 1 };

	if (*t.assignee == '\0')
		t.assignee = p->kind == NOTICE_GONE ? "bob" : ana.name;
	desk.keys = keys;
	keys->have[0] = true;
	fill_people(p, &in);
	fill_words(a, p, &in);
	in.thread = &line;
	in.thread_n = p->kind == NOTICE_STALE || p->kind == NOTICE_HANDED;
	return notice_words(a, &in, &p->from, &p->used, &p->out, e);
}
