#ifndef RULES_NOTICE_PRIVATE_H
#define RULES_NOTICE_PRIVATE_H

#include "rules/notice.h"

/* Private to notice: a letter while it is made. */
struct notice_row {
	const char *template;       /* "notice-new" */
	const char *event;          /* X-Deskd-Event */
	enum token_purpose purpose; /* what an answer to it may become */
	bool held; /* about one mail of the agent: an answer to that one */
};

struct saying {
	struct arena *arena;
	const struct notice *in;
	const struct notice_row *row;
	const char *tag;      /* "EX-1042" */
	const char *language; /* of the template that was found */
	const char *ref;      /* "7F3K-9QXM" */
	const char *token;    /* of the buttons, NULL: there are none */
	const char *instead;  /* to stand where the text would, or NULL */
};

struct values {
	const struct saying *s;
	struct value *list;
	size_t n, cap;
};

struct value *notice_add(struct values *v, const char *name, const char *text);
/* Is it so?  For {{#name}}. */
void notice_if(struct values *v, const char *name, bool is);
/* A list; each of the rows has values of its own. */
void notice_rows(
    struct values *v, const char *name, struct values *rows, size_t n);
/* The buttons, where the reader may press them. */
void notice_taps(struct values *v);
/* Of an agent, by his name in the configuration. */
const char *notice_first_name(const struct saying *s, const char *name);

/* The values of the template, NULL-name-terminated. */
const struct value *notice_values(const struct saying *s);

/* The words of a priority, in the language if it is known here. */
const char *notice_priority(const char *language, enum priority p);

/* support+TOKEN@example.com, TOKEN@help.example.com, or NULL: no tokens. */
char *notice_token_address(const struct saying *s, const char *token);

/* The reader's own clock: "9:52" for today, else with its day. */
char *notice_time(const struct saying *s, int64_t when, bool seconds);
/* "12 May", "3 February 2025". */
char *notice_day(const struct saying *s, int64_t when);

#endif
