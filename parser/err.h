#ifndef PARSER_ERR_H
#define PARSER_ERR_H

/*
 * One error type for the whole program.  Three kinds, because callers have
 * three questions: try again, never again, or our own mistake?  Decisions are
 * made on the kind, never on the text.  A function that fails returns -1, has
 * set *e, and has left its outputs alone.  "Not found" is not an error.
 */
enum err_kind {
	ERR_NONE,
	ERR_RETRY, /* the world is busy or down: the same call may work later */
	ERR_REJECT, /* the input is at fault: it will never work */
	ERR_BUG     /* we are at fault */
};

struct err {
	enum err_kind kind;
	char text[400]; /* one line, UTF-8, no newline; says what to do next */
};

/* Set *e (when not NULL).  Returns -1, so that callers can return it. */
int err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Put "context: " in front of the text on the way up.  Returns -1. */
int err_wrap(struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
