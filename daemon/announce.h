#ifndef DAEMON_ANNOUNCE_H
#define DAEMON_ANNOUNCE_H

#include "daemon/files.h"
#include "daemon/keys.h"
#include "parser/token.h"
#include "rules/template.h"
#include "store/outbox.h"

/*
 * Plain letters of deskd itself to those who run it: what failed, what was
 * refused.  Composes only; the caller puts them into the outbox.
 */
struct announce {
	struct arena *arena;
	const struct conf *conf;
	int64_t now;
	struct desk_keys keys;
	struct template_set templates;
	int64_t written; /* makes each Message-ID another */
};

struct announcement {
	const char *template; /* a kind; it is there in English at least */
	const char *event;    /* for X-Deskd-Event: "letter-dead" */
	const struct value *values;
};

int announce_open(struct announce *x, struct arena *a, const struct conf *c,
    const char *dir, int64_t now, struct err *e);
/* l has its recipient and ticket (0: none); the rest is filled in. */
int announce_write(struct announce *x, const struct announcement *m,
    struct letter *l, struct err *e);

#endif
