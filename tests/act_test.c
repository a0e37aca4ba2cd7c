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
	return test_end();
}
