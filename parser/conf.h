#ifndef PARSER_CONF_H
#define PARSER_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/buf.h"
#include "parser/err.h"

/*
 * The configuration: text to a tree with places (conf_lex.c, conf_tree.c), the
 * tree checked against a table (conf_schema.c, conf_check.c), and the checked
 * tree as the structs below.  Built once, const from then on, all in one
 * arena.  Nothing here opens a file: the caller hands over a reader.
 *
 * All mistakes of all files come out of one run, each as file:line:column,
 * with the line, a caret and a hint (CONFIG 3).
 */

enum conf_tls {
	TLS_IMPLICIT, /* imaps:// smtps:// */
	TLS_STARTTLS, /* imap:// smtp:// : STARTTLS is demanded */
	TLS_PLAIN     /* "imap imap://127.0.0.1:143 plain": loopback only */
};

struct conf_server {
	const char *host;
	int port;
	enum conf_tls tls;
	const char
	    *ca_file; /* trust only this; NULL: the system's authorities */
};

enum secret_kind {
	SECRET_NONE,
	SECRET_CREDENTIAL,
	SECRET_FILE,
	SECRET_ENV,
	SECRET_COMMAND
};

/* Where a secret stands; never the secret itself. */
struct conf_secret {
	enum secret_kind kind;
	const char *value;
	char **argv; /* of a command, NULL-terminated */
};

enum conf_after {
	AFTER_FLAG,
	AFTER_MOVE,
	AFTER_KEEP
};
enum conf_lists {
	LISTS_NEW,
	LISTS_HELD,
	LISTS_IGNORE
};

struct conf_mailbox {
	const char *name;
	struct conf_server imap;
	const char *folder; /* "INBOX" unless said */
	const char *user;
	struct conf_secret password;
	int64_t poll; /* seconds between looks without IDLE */
	bool idle;
	enum conf_after after;
	const char *after_folder;
	const char *reject_folder; /* NULL: none */
	enum conf_lists lists;
};

struct conf_smtp {
	struct conf_server relay;
	const char *user; /* NULL: no login */
	struct conf_secret password;
	const char *from;    /* display name template of agents' answers */
	const char *bounces; /* VERP address template, NULL: off */
	int64_t rate;        /* letters a minute; 0: no limit */
	int64_t *retry;      /* seconds before each further try */
	size_t retry_n;
};

enum conf_ack {
	ACK_DEFAULT,
	ACK_KNOWN,
	ACK_ALL
};
enum conf_subject_tag {
	TAG_RIGHT,
	TAG_LEFT,
	TAG_NONE
};

/* When an agent is told that his words were carried out. */
enum conf_receipts {
	RECEIPTS_HIDDEN, /* where he could not see it otherwise */
	RECEIPTS_ALWAYS,
	RECEIPTS_NEVER
};
/* An answer to a ticket in which somebody wrote meanwhile. */
enum conf_stale {
	STALE_ASK,
	STALE_SEND
};
/* How a token comes back to us (RELIABILITY 3.2). */
enum conf_tokens {
	TOKENS_PLUS,      /* support+TOKEN@example.com */
	TOKENS_CATCH_ALL, /* TOKEN@help.example.com */
	TOKENS_NONE
};
/* Who may steer with lines like "#resolve". */
enum conf_commands {
	COMMANDS_AGENTS,
	COMMANDS_LEADS,
	COMMANDS_OFF
};

struct conf_tickets {
	const char *prefix; /* "EX-" of id "EX-{{number}}" */
	enum conf_subject_tag subject_tag;
	enum conf_ack acknowledge;
	int64_t once_per;
	int64_t send_delay, undo;
	int64_t reopen_within, close_after, remind;
	int64_t duplicate_window;
	int64_t max_size; /* bytes */
	enum conf_receipts receipts;
	enum conf_stale stale;
	enum conf_tokens tokens;
	const char *token_domain; /* of catch-all */
	enum conf_commands commands;
};

struct conf_agent {
	const char *name, *shown;
	const char **emails;
	size_t emails_n;
	const char *language;
	const char **skills; /* with the languages: what `assign skill` asks */
	size_t skills_n;
	int max_open; /* tickets at a time; 0: no limit */
	bool quiet;   /* `notify` leaves out tickets: only what is his own */
	const char *timezone, *calendar; /* NULL: the desk's, always */
	const struct conf_node *node;    /* for what is not above: away */
};

/* How a team gives out its tickets. */
enum conf_assign {
	ASSIGN_NOBODY, /* they wait in the queue */
	ASSIGN_ROUND_ROBIN,
	ASSIGN_LEAST_LOADED,
	ASSIGN_SKILL,
	ASSIGN_LEAD
};

struct conf_team {
	const char *name, *shown;
	int tier;
	const char **members;
	size_t members_n;
	const char *lead, *manager; /* names of agents, or NULL */
	const char *queue_manager;  /* the same */
	enum conf_assign assign;
	const char *next_tier; /* a team, or NULL */
	const char *sla;       /* or NULL */
	const char *signature; /* under letters to requesters, or NULL */
	const char *address;   /* tier 4 */
};

/* Whose word on the sender of a mail counts: rules/proof.h. */
enum conf_trust {
	TRUST_NONE,
	TRUST_AUTHSERV_ID,
	TRUST_TOPMOST_NO_ID,
	TRUST_DKIM_LOCAL /* refused in this version */
};
/* Where the border server writes its results: above the Received line of its
 * own, or right below it. */
enum conf_results {
	RESULTS_ABOVE,
	RESULTS_BELOW
};
/* What becomes of an agent's mail of which the border server says nothing. */
enum conf_unproven {
	UNPROVEN_CHALLENGE,
	UNPROVEN_NOTE,
	UNPROVEN_REFUSE
};

struct conf_auth {
	bool named; /* a border server is named */
	enum conf_trust trust;
	enum conf_results results;
	enum conf_unproven unproven;
	/* boundary_by is a host or, for TRUST_TOPMOST_NO_ID, "*.example.com" */
	const char *authserv_id, *boundary_by;
};

struct conf {
	const char *desk;    /* "Example IT Support" */
	const char *address; /* what people write to; never NULL */
	const char *
	    *addresses; /* every address that is ours: address, mailbox users */
	size_t addresses_n;
	const char **admins;
	size_t admins_n;
	const char *timezone;
	const char **languages;
	size_t languages_n;
	const char *state; /* folder or NULL */
	const char
	    *templates; /* folder over the built-in ones; NULL without a file */
	struct conf_secret
	    token_keys; /* SECRET_NONE: the file in the state folder */
	struct conf_mailbox *mailboxes;
	size_t mailboxes_n;
	struct conf_smtp smtp;
	bool has_smtp;
	struct conf_tickets tickets;
	struct conf_agent *agents;
	size_t agents_n;
	struct conf_team *teams;
	size_t teams_n;
	struct conf_auth auth;
	const char **files;             /* all that were read, in order */
	const struct conf_file **texts; /* their bytes: conf_tree.h */
	size_t files_n;
	uint8_t sha256[32];           /* over their bytes */
	const struct conf_node *root; /* the tree, for what is not above */
	/* What read it: templates and holidays come from there too; NULL: there
	 * was no file. */
	const struct conf_source *source;
};

/* What is to be said of a /pattern/. */
struct conf_pattern {
	const char *error; /* NULL: it compiles */
	size_t at;         /* the byte of it that is wrong */
	bool empty;        /* it matches an empty text */
	const char *slow;  /* "24 ms on ...", or NULL */
};

/*
 * What the reader cannot know by itself.  read: a plain file, NUL-terminated.
 * glob: "*", "?", "[", may match nothing; names come back sorted in the C
 * locale.  The rest may be NULL, then nothing of that kind is tested: is a
 * pattern good (PCRE2), does a time zone exist, are there templates in a
 * language.
 */
struct conf_source {
	int (*read)(void *ctx, struct arena *a, const char *path, char **data,
	    size_t *n, struct err *e);
	int (*glob)(void *ctx, struct arena *a, const char *pattern,
	    char ***paths, size_t *n, struct err *e);
	/* most: bytes of the longest text it will ever see */
	void (*pattern)(void *ctx, struct arena *a, const char *text,
	    const char *flags, size_t most, struct conf_pattern *out);
	bool (*zone)(void *ctx, const char *name);
	/* folder: of the setting `templates`, else beside the main file */
	bool (*language)(void *ctx, const char *folder, const char *code);
	void *ctx;
	/* A folder (its *.conf) or a file whose rules and tests stand in place
	 * of all others; NULL: none. */
	const char *rules;
	/* Is there such a file?  For those that may be missing (templates);
	 * NULL: none of them is there. */
	bool (*exists)(void *ctx, const char *path);
};

struct conf_report {
	struct buf *text; /* what to print (CONFIG 3), or NULL: only count */
	int errors, warnings;
};

/*
 * Read path and everything it includes.  Returns 0 and *out when there is no
 * error (warnings may be in the report), else -1; the report then says all.
 */
int conf_load(struct arena *a, const char *path, const struct conf_source *src,
    struct conf **out, struct conf_report *rep);

/* The folder of the setting `state`, though the rest be full of mistakes; NULL:
 * it cannot be told. */
const char *conf_state(
    struct arena *a, const char *path, const struct conf_source *src);

/* The last line: "x.conf: 2 errors, 1 warning. The running daemon ..." */
void conf_summary(
    struct buf *out, const char *path, const struct conf_report *rep);

/* What holds when there is no configuration file: no mailbox, no relay. */
struct conf *conf_default(struct arena *a);

const struct conf_mailbox *conf_mailbox(const struct conf *c, const char *name);
const struct conf_agent *conf_agent(const struct conf *c, const char *name);
const struct conf_agent *conf_agent_by_address(
    const struct conf *c, const char *addr);
const struct conf_team *conf_team(const struct conf *c, const char *name);
/* Is addr one of the desk's own ("+" tags ignored)? */
bool conf_is_own(const struct conf *c, const char *addr);

/* "rule, sla, team digest": what stands in the files and is checked, but has
 * no effect in this version.  NULL: all has. */
const char *conf_later(struct arena *a, const struct conf *c);

#endif
