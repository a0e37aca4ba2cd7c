#ifndef PARSER_CONF_PRIVATE_H
#define PARSER_CONF_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/conf.h"
#include "parser/conf_tree.h"
#include "parser/hash.h"

/* What the conf_*.c files share with each other and with nobody else. */

/* conf_print.c: messages. */
enum conf_weight {
	CONF_ERROR,
	CONF_WARNING
};

struct conf_talk {
	struct arena *arena;
	struct conf_report *rep;
};

/*
 * Report one mistake at a place.  The hint (may be NULL) stands beside the
 * caret.  Foreign text in fmt is written as %.80s; what cannot be shown is
 * replaced.  Only the first CONF_ERRORS_SHOWN of each weight are printed.
 */
void conf_say(struct conf_talk *t, enum conf_weight w,
    const struct conf_place *p, const char *hint, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* Will the next one be printed?  Else looking for a hint is wasted time. */
bool conf_shown(const struct conf_talk *t, enum conf_weight w);
/* "... and 4 more", when there are more. */
void conf_say_rest(struct conf_talk *t);
/* "bad.conf:16" */
const char *conf_where(struct conf_talk *t, const struct conf_place *p);

/* "did you mean": offer words, then ask for the hint. */
struct conf_guess {
	const char *word, *best;
	int distance;
};
void conf_guess_init(struct conf_guess *g, const char *word);
void conf_guess_offer(struct conf_guess *g, const char *candidate);
const char *conf_guess_hint(
    struct conf_talk *t, const struct conf_guess *g, const char *otherwise);

/* conf_lex.c: characters to words. */
enum conf_token {
	TOKEN_WORD,
	TOKEN_END, /* a line or ";" */
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_EOF
};

struct conf_lex {
	struct conf_talk *talk;
	const struct conf_file *file;
	size_t at;            /* the next byte */
	size_t line_at, mark; /* of this line; column is that of mark */
	int line, column;
	int lost;   /* braces that unclosed quotes have swallowed */
	bool tests; /* after "when" and "unless": an unfinished pattern may hold
	               braces */
};

void conf_lex_init(
    struct conf_lex *l, struct conf_talk *t, const struct conf_file *f);
/* out->place is set for every kind of token. */
enum conf_token conf_lex_next(struct conf_lex *l, struct conf_arg *out);
/* Give a "}" back. */
void conf_lex_back(struct conf_lex *l);
/* Bytes that no text may have. */
void conf_lex_scan(struct conf_talk *t, const struct conf_file *f);

/* conf_tree.c: words to a tree; reads included files. */
struct conf_tree {
	struct conf_node *root;
	const char **files;
	const struct conf_file **texts; /* the same, read */
	size_t files_n;
	uint8_t sha256[HASH_SIZE];
};
void conf_tree_read(struct conf_talk *t, const struct conf_source *src,
    const char *path, struct conf_tree *out);

/* conf_value.c: one argument to a value.  false: it is not one. */
bool conf_size(const char *s, int64_t *bytes);
bool conf_rate(const char *s, int64_t *per_minute);
bool conf_number(const char *s, int64_t low, int64_t high, int64_t *out);
bool conf_share(const char *s, int64_t *percent);
bool conf_date(const char *s, size_t n);
bool conf_time(const char *s, size_t n, int *minute);
bool conf_weekdays(const char *s);
bool conf_code(const char *s); /* "en", "pt-BR" */
bool conf_name(const char *s); /* letters, digits, - _ . */
bool conf_line(const char *s); /* no control characters */
bool conf_loopback(const char *host);

/* conf_server.c: URLs and secrets.  NULL, or what is wrong. */
enum conf_scheme {
	SCHEME_IMAP,
	SCHEME_SMTP
};
const char *conf_server(struct arena *a, enum conf_scheme scheme,
    const char *url, struct conf_server *out, const char **hint);
const char *conf_secret(
    struct arena *a, const char *s, struct conf_secret *out, const char **hint);

/* The name in the folder of the file at path. */
char *conf_beside(struct arena *a, const char *path, const char *name);

/* conf_check.c: the tree against the tables. */
enum {
	CONF_ONCE = 1 << 0,
	CONF_MUST = 1 << 1,
	CONF_BLOCK = 1 << 2,
	CONF_TITLE = 1 << 3, /* the first argument is a unique name */
	CONF_FREE = 1 << 4,  /* ... and any text will do */
	CONF_LATER = 1 << 5  /* read and checked; nothing acts on it yet */
};

#define CONF_MANY 1000000 /* arguments: any number */

struct conf_check;
struct conf_setting;

/* One row for each setting of a block. */
struct conf_setting {
	const char *name;
	int min, max; /* arguments */
	unsigned flags;
	const char *like; /* an example, for hints */
	/* Its values, by themselves.  Called when their number is right. */
	void (*check)(struct conf_check *k, const struct conf_node *n,
	    const struct conf_setting *s);
	const char *const *words; /* what conf_want_words() accepts */
	const char *refers; /* each argument is the title of such a block */
	/* Its values among all others; block is the one around it. */
	void (*cross)(struct conf_check *k, const struct conf_node *n,
	    const struct conf_node *block);
	const struct conf_setting *inside; /* of a block */
	/* Into struct conf, at base + at (and the number at at_n); NULL: it
	 * stays in the tree. */
	void (*put)(struct arena *a, const struct conf_node *n,
	    const struct conf_setting *s, void *base);
	size_t at, at_n;
	/* Values that begin so have no effect yet: "kb:". */
	const char *later;
};

#define ROW(name_, min_, max_, flags_, like_, ...)              \
	{                                                       \
		.name = (name_), .min = (min_), .max = (max_),  \
		.flags = (flags_), .like = (like_), __VA_ARGS__ \
	}
#define PUT(how, type, field) .put = (how), .at = offsetof(struct type, field)
#define PUTS(how, type, field)                            \
	.put = (how), .at = offsetof(struct type, field), \
	.at_n = offsetof(struct type, field##_n)

struct conf_title {
	const char *kind, *title; /* "team", "network" */
	const struct conf_node *node;
	struct conf_title *next;
};

#define CONF_BUCKETS 1024
#define CONF_EVENTS  4 /* when a rule is asked: new, reply, agent, timer */

struct conf_check {
	struct conf_talk *talk;
	const struct conf_source *src;
	const struct conf_node *root;
	struct conf_title *titles[CONF_BUCKETS];
	/* For each event the rule that takes every mail and stops. */
	const struct conf_node *catcher[CONF_EVENTS];
};

void conf_check_tree(struct conf_check *k);
const struct conf_setting *conf_find(
    const struct conf_setting *table, const char *name);
const struct conf_node *conf_titled(
    struct conf_check *k, const char *kind, const char *title);
/* Remember it; the one that had the name before, or NULL. */
const struct conf_node *conf_title_add(struct conf_check *k, const char *kind,
    const char *title, const struct conf_node *n);
/* The block of that name, or an error at the argument and NULL. */
const struct conf_node *conf_refer(struct conf_check *k, const char *kind,
    const struct conf_arg *arg, const char *title);
/* An error at an argument. */
void conf_bad(struct conf_check *k, const struct conf_arg *arg,
    const char *hint, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* conf_want.c: what the values of a setting may be (struct conf_setting.check).
 * Those with an argument are for settings whose values differ. */
void conf_want_text(
    struct conf_check *, const struct conf_node *, const struct conf_setting *);
void conf_want_words(
    struct conf_check *, const struct conf_node *, const struct conf_setting *);
void conf_want_names(
    struct conf_check *, const struct conf_node *, const struct conf_setting *);
void conf_want_addresses(
    struct conf_check *, const struct conf_node *, const struct conf_setting *);
void conf_want_people(
    struct conf_check *, const struct conf_node *, const struct conf_setting *);
void conf_want_durations(
    struct conf_check *, const struct conf_node *, const struct conf_setting *);
void conf_want_codes(
    struct conf_check *, const struct conf_node *, const struct conf_setting *);
void conf_want_zone(
    struct conf_check *, const struct conf_node *, const struct conf_setting *);
void conf_want_paths(
    struct conf_check *, const struct conf_node *, const struct conf_setting *);
void conf_want_secret(
    struct conf_check *, const struct conf_node *, const struct conf_setting *);
void conf_want_number(
    struct conf_check *, const struct conf_node *, const struct conf_setting *);
void conf_want_pattern(
    struct conf_check *, const struct conf_node *, const struct conf_setting *);

/* true: it is good.  false: the error is reported. */
bool conf_is_plain(struct conf_check *k, const struct conf_arg *arg);
bool conf_is_word(struct conf_check *k, const struct conf_arg *arg,
    const char *const *words, const char *what);
bool conf_is_duration(struct conf_check *k, const struct conf_arg *arg);
bool conf_is_secret(struct conf_check *k, const struct conf_arg *arg);
bool conf_is_pattern(
    struct conf_check *k, const struct conf_arg *arg, size_t most);
/* Too few or too many for the form that args[0] chose. */
bool conf_is_count(struct conf_check *k, const struct conf_node *n, size_t min,
    size_t max, const char *like);
/* The hint, or the better one when the word ends in a comma. */
const char *conf_comma(const struct conf_arg *arg, const char *hint);
/* The index of a word in a list, -1. */
int conf_index(const char *const *words, const char *word);

/* conf_put.c: values into struct conf (struct conf_setting.put). */
void conf_put_text(struct arena *, const struct conf_node *,
    const struct conf_setting *, void *base);
void conf_put_texts(struct arena *, const struct conf_node *,
    const struct conf_setting *, void *base);
void conf_put_word(struct arena *, const struct conf_node *,
    const struct conf_setting *, void *base);
void conf_put_duration(struct arena *, const struct conf_node *,
    const struct conf_setting *, void *base);
void conf_put_durations(struct arena *, const struct conf_node *,
    const struct conf_setting *, void *base);
void conf_put_number(struct arena *, const struct conf_node *,
    const struct conf_setting *, void *base);
void conf_put_secret(struct arena *, const struct conf_node *,
    const struct conf_setting *, void *base);

/* The tables. */
extern const struct conf_setting conf_top[]; /* conf_schema.c */
extern const struct conf_setting conf_mailbox_rows[];
extern const struct conf_setting conf_smtp_rows[];
extern const struct conf_setting conf_tickets_rows[];
extern const struct conf_setting conf_agent_rows[];
extern const struct conf_setting conf_team_rows[];
extern const struct conf_setting conf_auth_rows[];
extern const struct conf_setting conf_rule_rows[]; /* conf_rule.c */
extern const struct conf_setting conf_test_rows[];
extern const struct conf_setting conf_any_rows[]; /* conf_when.c */
extern const struct conf_setting conf_sla_rows[]; /* conf_later.c */
extern const struct conf_setting conf_calendar_rows[];
extern const struct conf_setting conf_webhook_rows[];
extern const struct conf_setting conf_oauth2_rows[];
extern const struct conf_setting conf_org_rows[];
extern const struct conf_setting conf_matrix_rows[];
extern const struct conf_setting conf_metrics_rows[];

/* Words that several tables use. */
extern const char *const conf_levels[], *const conf_priorities[];
extern const char *const conf_types[], *const conf_statuses[];

/* "2026-08-03..2026-08-21", "2026-12-24" */
bool conf_is_dates(struct conf_check *k, const struct conf_arg *arg);

/* conf_when.c: "when" and "unless" */
void conf_want_when(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s);
void conf_cross_when(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block);

/* conf_mail.c: what mailbox and smtp share. */
void conf_want_server(
    struct conf_check *k, const struct conf_node *n, enum conf_scheme scheme);
void conf_put_server(struct arena *a, const struct conf_node *n,
    enum conf_scheme scheme, struct conf_server *out);
void conf_want_login(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s);
void conf_cross_login(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block);
void conf_put_login(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base);

/* Checks of a whole block. */
void conf_cross_mailbox(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block);
void conf_cross_smtp(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block);
void conf_cross_team(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block);
void conf_cross_auth(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block);
void conf_cross_rule(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block);
void conf_cross_matrix(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block);
/* "webhook:noc" */
void conf_cross_webhook(struct conf_check *k, const struct conf_arg *arg);

#endif
