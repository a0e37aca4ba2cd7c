#ifndef DAEMON_LOG_H
#define DAEMON_LOG_H

#include <stdint.h>

#include "parser/err.h"

/*
 * Only daemon/ logs.  One event, one line on stderr, key=value, the ticket
 * first; never a body, never a secret.  Under systemd each line begins with
 * <3> .. <7>, which journald takes as its priority.
 */
enum log_level {
	LOG_ERROR = 3,
	LOG_WARN = 4,
	LOG_NOTE = 5,
	LOG_INFO = 6,
	LOG_DEBUG = 7
};

/* name is the process: "fetch support", "work", "send", "run". */
void log_open(const char *name, enum log_level least);
void log_line(enum log_level level, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* "fetch support: imap.example.com: connection refused; next try in 15 s" */
void log_err(enum log_level level, const struct err *e);

/*
 * Foreign text as one quoted, escaped and cut word: "a\x1b[2J..".  Up to eight
 * results are valid at the same time (a ring of static buffers).
 */
const char *log_quote(const char *s);

#endif
