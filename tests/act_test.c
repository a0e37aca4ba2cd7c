/* What an agent's mail does where not everybody may give commands. */
#include "rules/act.h"
#include "tests/test.h"

static int
give(void *ctx, struct arena *a, const char *path, char **data, size_t *n,
    struct err *e)
{
	(void)path;
	(void)e;
	*data = arena_strdup(a, ctx);
	*n = strlen(*data);
	return 0;
}

static struct conf *
desk(struct arena *a, const char *commands)
{
	struct conf_source src = { .read = give };
	struct conf_report rep = { .text = NULL };
	struct conf *c = NULL;

	src.ctx = arena_printf(a,
	    "address support@example.com\n"
	    "tickets { commands %s }\n"
	    "agent ana { email ana@example.com }\n"
	    "agent bob { email bob@example.com }\n"
	    "agent eva { email eva@example.com }\n"
	    "team network { members ana; lead bob; manager eva }\n",
	    commands);
	conf_load(a, "test.conf", &src, &c, &rep);
	return c;
}

static const struct {
	const char *commands, *agent, *own;
	enum act_leave leave;
	const char *want; /* the question; or what leaves, or the status */
} cases[] = {
	{ "\"#\"", "ana", "#resolve", LEAVE_NONE, "resolved" },
	{ "\"#\" leads", "bob", "#resolve", LEAVE_NONE, "resolved" },
	{ "\"#\" leads", "eva", "#resolve", LEAVE_NONE, "resolved" },
	{ "\"#\" leads", "ana", "#resolve", LEAVE_NONE,
	    "only those who lead a team give commands here (line 1)" },
	{ "\"#\" leads", "ana", "Hello\n#note", LEAVE_NONE,
	    "only those who lead a team give commands here (line 2)" },
	{ "\"#\" leads", "ana", "Hello", LEAVE_NONE, "Hello" },
	{ "off", "bob", "#note he is away", LEAVE_NONE,
	    "commands are switched off here (line 1)" },
	{ "off", "bob", "#7 is yours", LEAVE_NONE, "#7 is yours" },
	{ "off", "bob", "a\n#close\nb", LEAVE_NONE, "a\n#close\nb" },
	{ "off", "bob", "#note\nb", LEAVE_SEND, "#note\nb" },
	{ "off", "bob", "#do k4p2x send", LEAVE_NONE, "send" },
};

/* What else decides between an answer, a note and a question. */
static const struct branch {
	const char *own, *want; /* "answer: x", "note: x", "done", "ask 7" */
	struct act in;          /* without what is the same for all */
	const char *requester, *stale;
	int kind; /* of the question */
} branches[] = {
	{ "Hi", "answer: Hi", { .actions = 0 }, NULL, NULL, 0 },
	{ "Hi", "note: Hi", { .note_only = true }, NULL, NULL, 0 },
	{ "#close\nHi", "note: #close\nHi", { .note_only = true }, NULL, NULL,
	    0 },
	{ "Hi", "note: Hi", { .leave = LEAVE_NOTE }, NULL, NULL, 0 },
	{ "#note Hi", "note: Hi", { .actions = 0 }, NULL, NULL, 0 },
	{ "#note a\nb", "note: a\n\nb", { .actions = 0 }, NULL, NULL, 0 },
	{ "#close", "done", { .actions = 0 }, NULL, NULL, 0 },
	{ " \n", "ask", { .actions = 0 }, NULL, NULL, NOTICE_EMPTY },
	{ "", "answer: ", { .files = true }, NULL, NULL, 0 },
	{ "", "note: ", { .files = true, .note_only = true }, NULL, NULL, 0 },
	{ "#split\nHi", "ask", { .actions = 0 }, NULL, NULL, NOTICE_COMMAND },
	{ "a\n#close\nb", "ask", { .actions = 0 }, NULL, NULL, NOTICE_COMMAND },
	{ "#cloes\nb", "ask", { .actions = 0 }, NULL, NULL, NOTICE_COMMAND },
	/* nobody to write to */
	{ "Hi", "ask", { .actions = 0 }, "", NULL, NOTICE_COMMAND },
	{ "Hi", "ask", { .actions = 0 }, "no address", NULL, NOTICE_COMMAND },
	{ "#requester leo@kunde.example\nHi", "answer: Hi", { .actions = 0 },
	    "", NULL, 0 },
	{ "#note Hi", "note: Hi", { .actions = 0 }, "", NULL, 0 },
	{ "#close", "done", { .actions = 0 }, "", NULL, 0 },
	/* stale */
	{ "Hi", "ask", { .others_wrote = true }, NULL, NULL, NOTICE_STALE },
	{ "#close", "ask", { .others_wrote = true }, NULL, NULL, NOTICE_STALE },
	{ "#take", "done", { .others_wrote = true }, NULL, NULL, 0 },
	{ "#note Hi", "note: Hi", { .others_wrote = true }, NULL, NULL, 0 },
	{ "Hi", "answer: Hi", { .others_wrote = true, .leave = LEAVE_SEND },
	    NULL, NULL, 0 },
	{ "Hi", "ask", { .others_wrote = true, .leave = LEAVE_YES }, NULL, NULL,
	    NOTICE_STALE },
	{ "Hi", "answer: Hi", { .others_wrote = true }, NULL, "send", 0 },
	/* limits */
	{ "Hi", "answer: Hi", { .actions = ACT_HOUR_MAX - 1 }, NULL, NULL, 0 },
	{ "Hi", "ask", { .actions = ACT_HOUR_MAX }, NULL, NULL,
	    NOTICE_CHALLENGE },
	{ "Hi", "answer: Hi", { .actions = 99, .leave = LEAVE_YES }, NULL, NULL,
	    0 },
	{ "#close", "ask", { .closes = ACT_CLOSE_MAX }, NULL, NULL,
	    NOTICE_CHALLENGE },
	{ "Hi", "answer: Hi", { .closes = ACT_CLOSE_MAX }, NULL, NULL, 0 },
	{ "Hi", "answer: Hi", { .said_before = ACT_SAME_MAX - 1 }, NULL, NULL,
	    0 },
	{ "Hi", "ask", { .said_before = ACT_SAME_MAX }, NULL, NULL,
	    NOTICE_CHALLENGE },
	{ "Hi", "answer: Hi",
	    { .said_before = ACT_SAME_MAX, .leave = LEAVE_YES }, NULL, NULL,
	    0 },
	{ "#close", "done", { .said_before = ACT_SAME_MAX }, NULL, NULL, 0 },
	/* what is confirmed */
	{ "#merge 7", "ask", { .ask.restricted = true }, NULL, NULL,
	    NOTICE_CHALLENGE },
};

static int
find_seven(
    void *ctx, int64_t number, struct ticket *out, bool *found, struct err *e)
{
	(void)ctx;
	(void)e;
	*out = ticket_blank;
	out->number = number;
	*found = number == 7;
	return 0;
}

static void
test_branch(size_t i, const struct branch *b)
{
	struct arena a = { 0 };
	struct conf *c = desk(&a, "\"#\"");
	struct ticket t = ticket_blank;
	struct mail mail = { .new_text = b->own };
	struct command_mail words;
	struct act in = b->in;
	struct act_result r;
	struct decision d;
	struct err e = { 0 };
	char got[200];

	if (c == NULL) {
		test_ok(0, "branch %zu: the configuration", i);
		return;
	}
	c->tickets.stale = b->stale == NULL ? STALE_ASK : STALE_SEND;
	t.number = 1042;
	t.team = "network";
	t.requester = b->requester == NULL ? "maria@kunde.example"
					   : b->requester;
	in.ask = (struct commands_ask){ .conf = c,
		.agent = conf_agent(c, "bob"),
		.who = "agent bob",
		.ticket = &t,
		.now = 1785321000,
		.restricted = b->in.ask.restricted,
		.find = find_seven };
	in.words = &words;
	in.mail = &mail;
	command_split(&a, b->own, &words);
	decision_init(&d, &a, 1042, "agent bob");
	test_ok(act_decide(&in, &d, &r, &e) == 0, "branch %zu: no error", i);
	snprintf(got, sizeof(got), "%s%s",
	    r.asks          ? "ask"
		: r.answers ? "answer: "
		: r.note    ? "note: "
			    : "done",
	    r.asks ? "" : r.text);
	test_text(got, b->want, "branch %zu: %s", i, b->own);
	if (r.asks)
		test_ok((int)r.question == b->kind && d.n == 0,
		    "branch %zu: one question, nothing is done: %s", i,
		    r.problem);
	else
		test_ok(d.n > 0, "branch %zu: something is done", i);
	arena_done(&a);
}

static const char *
shown(const struct act_result *r, const struct decision *d)
{
	if (r->asks)
		return r->problem;
	if (r->answers)
		return r->text;
	if (r->said.verb != NULL)
		return r->said.verb;
	for (size_t i = 0; i < d->n; i++)
		if (d->list[i].kind == CHANGE_STATUS)
			return status_names[d->list[i].value];
	return "";
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct arena a = { 0 };
		struct conf *c = desk(&a, cases[i].commands);
		struct ticket t = ticket_blank;
		struct command_mail words;
		struct mail mail = { .new_text = cases[i].own };
		struct act_result r;
		struct decision d;
		struct act in = { .leave = cases[i].leave,
			.left_because = "command",
			.words = &words,
			.mail = &mail };
		struct err e = { 0 };

		if (c == NULL) {
			test_ok(0, "%zu: the configuration", i);
			continue;
		}
		t.number = 1042;
		t.requester = "maria@kunde.example";
		t.team = "network";
		in.ask = (struct commands_ask){ .conf = c,
			.agent = conf_agent(c, cases[i].agent),
			.who = "agent x",
			.ticket = &t,
			.now = 1785321000 };
		command_split(&a, cases[i].own, &words);
		decision_init(&d, &a, 1042, "agent x");
		test_ok(act_decide(&in, &d, &r, &e) == 0, "%zu: no error", i);
		test_text(shown(&r, &d), cases[i].want, "%s: %s",
		    cases[i].agent, cases[i].own);
		arena_done(&a);
	}
	for (size_t i = 0; i < sizeof(branches) / sizeof(*branches); i++)
		test_branch(i, &branches[i]);
	return test_end();
}
