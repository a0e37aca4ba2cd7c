/* What rules ask of the database.  See the header. */
#include "store/asking.h"

int
ask_similar(
    struct db *db, const struct ask_similar *ask, int64_t *n, struct err *e)
{
	return db_number(db, n, NULL, e,
	    "SELECT count(*) FROM (SELECT key, created FROM ticket"
	    " WHERE number < ? ORDER BY number DESC LIMIT ?)"
	    " WHERE key = ? AND created >= ?",
	    "iiii", ask->below > 0 ? ask->below : INT64_MAX,
	    (int64_t)ASK_SIMILAR_MAX, ask->key, ask->since);
}

int
ask_merge(struct db *db, const char *key, int64_t *ticket, struct err *e)
{
	bool found = false;
	int64_t n = 0;

	if (db_number(db, &n, &found, e,
		"SELECT t.number FROM merge_key AS k"
		" JOIN ticket AS t ON t.number = k.ticket"
		" WHERE k.key = ? AND t.status NOT IN ('resolved', 'closed')"
		" AND t.merged_into = 0",
		"t", key) == -1)
		return -1;
	*ticket = found ? n : 0;
	return 0;
}

static int
ask_state(struct db *db, const struct conf_team *team, const char *agent,
    struct agent_state *out, struct err *e)
{
	out->agent = agent;
	out->turn = 0;
	if (db_number(db, &out->open, NULL, e,
		"SELECT count(*) FROM ticket WHERE assignee = ?"
		" AND assignee <> '' AND status NOT IN ('resolved', 'closed')",
		"t", agent) == -1)
		return -1;
	return db_number(db, &out->turn, NULL, e,
	    "SELECT coalesce(max(ticket), 0) FROM turn"
	    " WHERE team = ? AND agent = ?",
	    "tt", team == NULL ? "" : team->name, agent);
}

int
ask_states(struct db *db, struct arena *a, const struct ask_team *ask,
    struct agent_state **out, size_t *n, struct err *e)
{
	const struct conf *c = ask->conf;
	struct agent_state *list = arena_calloc(a, c->agents_n, sizeof(*list));

	for (size_t i = 0; i < c->agents_n; i++)
		if (ask_state(db, ask->team, c->agents[i].name, &list[i], e) ==
		    -1)
			return -1;
	*out = list;
	*n = c->agents_n;
	return 0;
}

int
rule_hits_add(struct db *db, const struct rule_hits *h, struct err *e)
{
	return db_run(db, e,
	    "INSERT INTO rule_hit(rule, hits, limits, last) VALUES(?, ?, ?, ?)"
	    " ON CONFLICT DO UPDATE SET hits = hits + excluded.hits,"
	    " limits = limits + excluded.limits,"
	    " last = max(last, excluded.last)",
	    "tiii", h->rule, h->hits, h->limits, h->last);
}

int
rule_hits_list(struct db *db, struct arena *a, struct rule_hits **out,
    size_t *n, struct err *e)
{
	struct query q;
	size_t cap = 0;
	int rc;

	*out = NULL;
	*n = 0;
	if (db_query(db, &q, e,
		"SELECT rule, hits, limits, last FROM rule_hit ORDER BY rule",
		"") == -1)
		return -1;
	while ((rc = db_row(&q)) == 1) {
		*out = arena_grow(a, *out, *n, &cap, sizeof(**out));
		(*out)[(*n)++] = (struct rule_hits){ db_copy(&q, 0, a),
			db_int(&q, 1), db_int(&q, 2), db_int(&q, 3) };
	}
	return rc;
}
