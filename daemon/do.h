#ifndef DAEMON_DO_H
#define DAEMON_DO_H

#include "daemon/work_post.h"
#include "rules/act.h"

/*
 * What somebody does to tickets from the command line: the same words, the same
 * decision and the same letters as by mail, without a mail.  One line is one
 * transaction, whatever it names: all of it is done or nothing.
 */
struct doing {
	struct context *c;
	struct work work;
	const struct conf_agent *agent; /* --as; NULL: an admin */
	const char *login;              /* "cli root" */
	const char *who; /* of the history: "agent ana", "cli root" */
	bool dry;        /* --dry-run: everything is taken back */
	int64_t now;

	/* What is done to each ticket. */
	struct command_mail words;
	enum status status;  /* to set outright; STATUS_COUNT: none */
	struct parts parts;  /* --attach */
	const char *refused; /* why nothing was done: "no", exit 1 */
};

/* What came of one ticket. */
struct done {
	int64_t number;
	struct decision d;
	struct act_result r;
	const char *const *lines; /* for a person */
	size_t lines_n;
	int64_t leaves; /* when the text leaves; 0: there is none */
};

/* as: the word of --as, or NULL.  Returns an exit code, what is wrong was
 * printed; do_close() in any case. */
int do_open(struct doing *x, struct context *c, bool dry, const char *as);
void do_close(struct doing *x);

/* One more command, "#assign bob"; the value is cleaned.  false: it is not
 * UTF-8. */
bool do_word(struct doing *x, enum command_word word, const char *value);

/* One ticket, in the present transaction.  0 and x->refused: nothing is to be
 * done at all. */
int do_ticket(struct doing *x, int64_t number, struct done *out, struct err *e);

/* A new one. */
struct do_new {
	const char *requester, *subject, *team; /* team NULL: the first */
	bool acknowledge;
};
int do_new(
    struct doing *x, const struct do_new *in, struct done *out, struct err *e);

/* Everything inside one transaction; n calls of one().  Returns an exit code,
 * and prints what came of it. */
struct do_each {
	int (*one)(struct doing *x, const struct do_each *each, size_t i,
	    struct done *out, struct err *e);
	const int64_t *tickets;
	const struct do_new *fresh;
	size_t n;
};
int do_all(struct doing *x, const struct do_each *each);

/* do_line.c: the lines of the subcommands. */
int do_run(struct context *c, int argc, char **argv);
int do_new_run(struct context *c, int argc, char **argv);
/* The fields of `set`, NULL behind the last. */
const char *do_field_name(size_t i);

/* do_print.c: what came of it; several: n tickets.  Returns an exit code. */
int do_print(struct doing *x, const struct done *list, size_t n);

/* do_text.c: the text of -m, --file, "-", standard input when it is no
 * terminal, or an editor.  *text "" when there is none.  Exit code. */
enum do_text {
	DO_TEXT_NONE, /* no text goes with it */
	DO_TEXT_MAY,  /* only when asked for */
	DO_TEXT_MUST
};
struct do_source {
	const char *said, *file; /* -m, --file; NULL: not there */
	enum do_text must;
};
int do_read_text(struct context *c, const struct cmd *cmd,
    const struct do_source *from, const char **text);
/* The files that go along.  Exit code. */
int do_read_files(struct context *c, const char *const *paths, size_t n,
    uint64_t most, struct parts *out);

#endif
