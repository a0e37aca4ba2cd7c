/*
 * What is written on the line of a subcommand that does something: options,
 * tickets, values.  A row says which command of a mail it is and what stands
 * behind it; do.c does it, nothing is touched here.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/do.h"
#include "parser/near.h"
#include "parser/utf8.h"

#define DO_MAX 1000 /* tickets of one line */

extern const struct cmd cmd_reply, cmd_note, cmd_assign, cmd_set, cmd_resolve,
    cmd_close, cmd_reopen, cmd_merge, cmd_unmerge, cmd_split, cmd_link,
    cmd_undo, cmd_new;

/* What stands on the line besides options. */
enum rest {
	REST_TICKET,  /* one ticket */
	REST_TICKETS, /* one or more */
	REST_VALUE,   /* tickets, then a value */
	REST_TARGET,  /* tickets, then another ticket */
	REST_OTHERS,  /* one ticket, then others */
	REST_FIELDS   /* tickets, then fields and values */
};

static const struct do_verb {
	const struct cmd *cmd;
	enum command_word word; /* COMMAND_COUNT: none */
	enum rest rest;
	enum do_text text;
	bool files;
} verbs[] = {
	{ &cmd_reply, COMMAND_COUNT, REST_TICKET, DO_TEXT_MUST, true },
	{ &cmd_note, COMMAND_NOTE, REST_TICKETS, DO_TEXT_MUST, false },
	{ &cmd_assign, COMMAND_ASSIGN, REST_VALUE, DO_TEXT_NONE, false },
	{ &cmd_set, COMMAND_COUNT, REST_FIELDS, DO_TEXT_NONE, false },
	{ &cmd_resolve, COMMAND_RESOLVE, REST_TICKETS, DO_TEXT_MAY, true },
	{ &cmd_close, COMMAND_CLOSE, REST_TICKETS, DO_TEXT_MAY, true },
	{ &cmd_reopen, COMMAND_REOPEN, REST_TICKETS, DO_TEXT_NONE, false },
	{ &cmd_merge, COMMAND_MERGE, REST_TARGET, DO_TEXT_NONE, false },
	{ &cmd_unmerge, COMMAND_UNMERGE, REST_TICKET, DO_TEXT_NONE, false },
	{ &cmd_split, COMMAND_SPLIT, REST_TICKET, DO_TEXT_NONE, false },
	{ &cmd_link, COMMAND_LINK, REST_OTHERS, DO_TEXT_NONE, false },
	{ &cmd_undo, COMMAND_UNDO, REST_TICKETS, DO_TEXT_NONE, false },
};

static const struct do_field {
	const char *name;
	enum command_word word;
} fields[] = {
	{ "priority", COMMAND_PRIORITY },
	{ "impact", COMMAND_IMPACT },
	{ "urgency", COMMAND_URGENCY },
	{ "type", COMMAND_TYPE },
	{ "category", COMMAND_CATEGORY },
	{ "team", COMMAND_TEAM },
	{ "tier", COMMAND_TIER },
	{ "assignee", COMMAND_ASSIGN },
	{ "subject", COMMAND_SUBJECT },
	{ "requester", COMMAND_REQUESTER },
	{ "language", COMMAND_LANG },
	{ "tag", COMMAND_TAG },
	{ "untag", COMMAND_UNTAG },
	{ "cc", COMMAND_CC },
	{ "uncc", COMMAND_UNCC },
	{ "watch", COMMAND_WATCH },
	{ "time", COMMAND_TIME },
	{ "status", COMMAND_COUNT },
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

const char *
do_field_name(size_t i)
{
	return i < FIELDS ? fields[i].name : NULL;
}

/* One line, taken apart. */
struct line {
	const struct do_verb *verb;
	struct context *c;
	int argc;
	char **argv;
	const char *as;
	bool dry;
	struct do_source source;
	const char **files;
	size_t files_n;
	int64_t *tickets;
	size_t n;
	const char *const *values;
	size_t values_n;
};

/* Options. */

static int
take_files(struct line *l)
{
	const char *path;

	l->files = arena_calloc(
	    &l->c->arena, (size_t)l->argc + 1, sizeof(*l->files));
	while ((path = opt_value(&l->argc, l->argv, "--attach")) != NULL)
		l->files[l->files_n++] = path;
	if (l->files_n > 0 && !l->verb->files)
		return cmd_usage(l->verb->cmd, "no file goes with it");
	return 0;
}

/* "-" is standard input, "--" the end of options: neither is a ticket. */
static int
drop_marks(struct line *l)
{
	int kept = 1;
	bool end = false;

	for (int i = 1; i < l->argc; i++) {
		char *word = l->argv[i];

		if (!end && strcmp(word, "--") == 0) {
			end = true;
		} else if (!end && strcmp(word, "-") == 0) {
			if (l->source.file != NULL)
				return cmd_usage(
				    l->verb->cmd, "one text is enough");
			l->source.file = "-";
		} else {
			l->argv[kept++] = word;
		}
	}
	l->argc = kept;
	return 0;
}

static int
take_options(struct line *l)
{
	const char *odd;
	int rc;

	l->as = opt_value(&l->argc, l->argv, "--as");
	l->dry = opt_flag(&l->argc, l->argv, "--dry-run");
	l->source.said = opt_value(&l->argc, l->argv, "-m");
	l->source.file = opt_value(&l->argc, l->argv, "--file");
	rc = take_files(l);
	if (rc != 0)
		return rc;
	odd = opt_unknown(l->argc, l->argv);
	if (odd != NULL)
		return cmd_usage(l->verb->cmd,
		    "unknown option '%s', or its value is missing", odd);
	return drop_marks(l);
}

/* Tickets. */

static int
take_tickets(struct line *l, int from, int to)
{
	l->tickets = arena_calloc(
	    &l->c->arena, (size_t)l->argc + 1, sizeof(*l->tickets));
	if (to - from > DO_MAX)
		return cmd_usage(l->verb->cmd, "more than %d tickets", DO_MAX);
	for (int i = from; i < to; i++) {
		int64_t number = cmd_ticket(l->c, l->argv[i]);
		bool twice = false;

		if (number == 0)
			return cmd_usage(l->verb->cmd,
			    "'%s' is no ticket; write 1042 or %s", l->argv[i],
			    cmd_tag(l->c, 1042));
		for (size_t k = 0; k < l->n; k++)
			twice |= l->tickets[k] == number;
		if (!twice)
			l->tickets[l->n++] = number;
	}
	return 0;
}

/* Where the tickets end and the values begin. */
static int
border(const struct line *l)
{
	int i = 1;

	switch (l->verb->rest) {
	case REST_TICKET:
	case REST_TICKETS:
		return l->argc;
	case REST_VALUE:
	case REST_TARGET:
		return l->argc > 2 ? l->argc - 1 : l->argc;
	case REST_OTHERS:
		return 2;
	case REST_FIELDS:
		while (i < l->argc && cmd_ticket(l->c, l->argv[i]) != 0)
			i++;
		return i;
	}
	return l->argc;
}

static int
take_rest(struct line *l)
{
	enum rest rest = l->verb->rest;
	int at, rc;

	if (l->argc < 2)
		return cmd_usage(l->verb->cmd, "which ticket?");
	at = border(l);
	rc = take_tickets(l, 1, at);
	if (rc != 0)
		return rc;
	l->values = (const char *const *)(void *)(l->argv + at);
	l->values_n = (size_t)(l->argc - at);
	if (rest == REST_TICKET && l->n != 1)
		return cmd_usage(l->verb->cmd, "one ticket at a time");
	if (l->n == 0)
		return cmd_usage(l->verb->cmd, "'%s' is no ticket", l->argv[1]);
	if (rest == REST_FIELDS && (l->values_n == 0 || l->values_n % 2 != 0))
		return cmd_usage(
		    l->verb->cmd, "a field and its value, in turn");
	if ((rest == REST_VALUE || rest == REST_TARGET ||
		rest == REST_OTHERS) &&
	    l->values_n == 0)
		return cmd_usage(l->verb->cmd, "something is missing");
	return 0;
}

/* Words. */

static int
add_word(struct doing *x, const struct cmd *cmd, enum command_word word,
    const char *value)
{
	if (command_takes(word) == VALUE_MUST &&
	    value[strspn(value, " \t")] == '\0')
		return cmd_usage(cmd, "a value is empty");
	if (do_word(x, word, value))
		return 0;
	fprintf(stderr, "deskd: a value is not UTF-8\n");
	return EX_DATAERR;
}

/* Some are words of mails, with all that hangs on them. */
static int
add_status(struct doing *x, const struct cmd *cmd, const char *value)
{
	static const enum command_word words[STATUS_COUNT] = {
		[STATUS_OPEN] = COMMAND_COUNT,
		[STATUS_IN_PROGRESS] = COMMAND_COUNT,
		[STATUS_WAITING] = COMMAND_WAIT,
		[STATUS_ON_HOLD] = COMMAND_HOLD,
		[STATUS_RESOLVED] = COMMAND_RESOLVE,
		[STATUS_CLOSED] = COMMAND_CLOSE,
	};
	int s = word_index(status_names, STATUS_COUNT, value);

	if (s < 0)
		return cmd_usage(cmd,
		    "no status '%s'; open, in-progress, waiting, on-hold, "
		    "resolved or closed",
		    value);
	if (words[s] != COMMAND_COUNT)
		return add_word(x, cmd, words[s], "");
	x->status = (enum status)s;
	return 0;
}

static int
add_field(
    struct doing *x, const struct cmd *cmd, const char *name, const char *value)
{
	const char *names[FIELDS + 1] = { NULL };
	const char *near;

	for (size_t i = 0; i < FIELDS; i++) {
		names[i] = fields[i].name;
		if (strcmp(fields[i].name, name) != 0)
			continue;
		return fields[i].word == COMMAND_COUNT
		    ? add_status(x, cmd, value)
		    : add_word(x, cmd, fields[i].word, value);
	}
	near = near_word(name, names);
	return near != NULL
	    ? cmd_usage(cmd, "no field '%s'; did you mean '%s'?", name, near)
	    : cmd_usage(cmd, "no field '%s'", name);
}

static int
add_words(struct line *l, struct doing *x)
{
	const struct cmd *cmd = l->verb->cmd;
	const char *value = "";
	int rc = 0;

	if (l->verb->rest == REST_FIELDS) {
		for (size_t i = 0; i < l->values_n && rc == 0; i += 2)
			rc = add_field(x, cmd, l->values[i], l->values[i + 1]);
		return rc;
	}
	if (l->verb->word == COMMAND_COUNT)
		return 0;
	for (size_t i = 0; i < l->values_n; i++)
		value = arena_printf(&l->c->arena, "%s%s%s", value,
		    i > 0 ? " " : "", l->values[i]);
	return add_word(x, cmd, l->verb->word, value);
}

static int
one_ticket(struct doing *x, const struct do_each *each, size_t i,
    struct done *out, struct err *e)
{
	return do_ticket(x, each->tickets[i], out, e);
}

static int
carry_out(struct line *l, struct doing *x)
{
	struct do_each each = {
		.one = one_ticket, .tickets = l->tickets, .n = l->n
	};
	int rc = add_words(l, x);

	if (rc == 0)
		rc = do_read_files(l->c, l->files, l->files_n,
		    (uint64_t)l->c->conf->tickets.max_size, &x->parts);
	l->source.must = l->verb->text;
	/* A file can stand alone. */
	if (l->files_n > 0 && l->source.must == DO_TEXT_MUST)
		l->source.must = DO_TEXT_MAY;
	if (rc == 0)
		rc = do_read_text(
		    l->c, l->verb->cmd, &l->source, &x->words.text);
	x->words.before = x->words.text;
	return rc == 0 ? do_all(x, &each) : rc;
}

int
do_run(struct context *c, int argc, char **argv)
{
	struct line l = { .c = c, .argc = argc, .argv = argv };
	struct doing x;
	int rc;

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(verbs[i].cmd->name, argv[0]) == 0)
			l.verb = &verbs[i];
	rc = take_options(&l);
	if (rc == 0)
		rc = take_rest(&l);
	if (rc != 0)
		return rc;
	rc = do_open(&x, c, l.dry, l.as);
	if (rc == 0)
		rc = carry_out(&l, &x);
	do_close(&x);
	return rc;
}

/* deskd new */

static int
one_new(struct doing *x, const struct do_each *each, size_t i, struct done *out,
    struct err *e)
{
	(void)i;
	return do_new(x, each->fresh, out, e);
}

int
do_new_run(struct context *c, int argc, char **argv)
{
	static const struct do_verb verb = { &cmd_new, COMMAND_COUNT,
		REST_TICKETS, DO_TEXT_MAY, false };
	struct line l = { .verb = &verb, .c = c };
	struct do_new in = { .requester = opt_value(
				 &argc, argv, "--requester") };
	struct do_each each = { .one = one_new, .fresh = &in, .n = 1 };
	struct doing x;
	int rc;

	in.subject = opt_value(&argc, argv, "--subject");
	in.team = opt_value(&argc, argv, "--team");
	in.acknowledge = opt_flag(&argc, argv, "--acknowledge");
	l.argc = argc;
	l.argv = argv;
	rc = take_options(&l);
	if (rc != 0)
		return rc;
	if (l.argc > 1)
		return cmd_usage(&cmd_new, "unknown word '%s'", l.argv[1]);
	if (in.requester == NULL || in.subject == NULL)
		return cmd_usage(&cmd_new,
		    "--requester and --subject are "
		    "needed");
	if (!utf8_valid(in.requester, strlen(in.requester)) ||
	    !utf8_valid(in.subject, strlen(in.subject))) {
		fprintf(stderr, "deskd: a value is not UTF-8\n");
		return EX_DATAERR;
	}
	if (in.subject[strspn(in.subject, " \t\n")] == '\0')
		return cmd_usage(&cmd_new, "the subject is empty");
	rc = do_open(&x, c, l.dry, l.as);
	l.source.must = DO_TEXT_MAY;
	if (rc == 0)
		rc = do_read_text(c, &cmd_new, &l.source, &x.words.text);
	if (rc == 0)
		rc = do_all(&x, &each);
	do_close(&x);
	return rc;
}
