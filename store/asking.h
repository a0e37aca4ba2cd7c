#ifndef STORE_ASKING_H
#define STORE_ASKING_H

#include <stdint.h>

#include "parser/arena.h"
#include "parser/conf.h"
#include "parser/err.h"
#include "rules/assign.h"
#include "store/db.h"

/* What rules ask of the database while they run, and what is counted of them.
 * All but rule_hits_add() only read. */

/* Tickets with this key (match_key()) created at or after since: looked for
 * among the newest ASK_SIMILAR_MAX with a number below the one given (0: among
 * all). */
#define ASK_SIMILAR_MAX 5000
struct ask_similar {
	int64_t key, since, below;
};
int ask_similar(
    struct db *db, const struct ask_similar *ask, int64_t *n, struct err *e);

/* The ticket that takes mail with this merge key, when it is still open; else
 * 0. */
int ask_merge(struct db *db, const char *key, int64_t *ticket, struct err *e);

/* What all agents have in hand, and when each had a ticket of this team. */
struct ask_team {
	const struct conf *conf;
	const struct conf_team *team; /* NULL: of none, turn is 0 */
};
int ask_states(struct db *db, struct arena *a, const struct ask_team *ask,
    struct agent_state **out, size_t *n, struct err *e);

struct rule_hits {
	const char *rule;
	int64_t hits, limits, last;
};
/* Added to what is counted already. */
int rule_hits_add(struct db *db, const struct rule_hits *h, struct err *e);
int rule_hits_list(struct db *db, struct arena *a, struct rule_hits **out,
    size_t *n, struct err *e);

#endif
