#ifndef DAEMON_WORK_ACT_H
#define DAEMON_WORK_ACT_H

#include "daemon/work_hand.h"
#include "daemon/work_post.h"

/* Inside the present transaction: what a proven agent's mail does. */
int work_act(struct work *w, struct parcel *p, struct work_decision *x,
    int64_t now, struct err *e);

/* The same, but only what would be decided; for those who want to know. */
int work_act_look(struct work *w, struct parcel *p, struct work_decision *x,
    int64_t now, struct act_result *out, struct err *e);

/* An agent's mail that may not: held, and who must know is told (RELIABILITY
 * 3.5). */
int work_refuse(struct work *w, struct parcel *p, struct hand *h, int64_t now,
    struct err *e);

/* An answer to a question about a held mail, with a token for just that. */
int work_answer_held(struct work *w, struct parcel *p, struct hand *h,
    int64_t now, struct err *e);

/* A ticket in somebody's name: "#new" and a mail that an agent passes on. */
int work_call(struct work *w, struct parcel *p, struct hand *h, int64_t now,
    struct err *e);

#endif
