#ifndef DAEMON_AUTH_PROBE_H
#define DAEMON_AUTH_PROBE_H

#include <stdint.h>

#include "parser/buf.h"
#include "parser/conf.h"

/*
 * Mails that forge an agent, with lines in the name of our own border server
 * (RELIABILITY 3.3, 7): what a stranger could send.  None of them may ever be
 * taken for the agent's.  They hold no token.
 */
#define AUTH_PROBES_MAX 8

struct auth_probe {
	const char *name; /* "version" */
	/* lines of results; "%I" is the border's id, "%U" the same in upper
	 * case, "%D" the domain of the agent, "%R" the host of its Received */
	const char *lines;
};
extern const struct auth_probe auth_probes[];
extern const size_t auth_probes_n;

/* The mail, with LF.  serial makes its Message-ID another each time. */
void auth_probe_text(struct buf *out, const struct auth_probe *p,
    const struct conf *c, const char *agent, int64_t now, uint64_t serial);

/* Which probe has this subject; -1: none.  NULL is none. */
int auth_probe_of(const char *subject);

#endif
