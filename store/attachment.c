/* The attachments of a message, back from the JSON in which they are kept. */
#include "store/tickets.h"

int
attachments_list(struct db *db, struct arena *a, const char *json,
    struct attachment **out, size_t *n, struct err *e)
{
	struct attachment *list = NULL;
	size_t cap = 0;
	struct query q;
	int rc;

	*n = 0;
	if (json == NULL)
		return 0;
	if (db_query(db, &q, e,
		"SELECT value ->> 'name', value ->> 'type', value ->> 'size'"
		" FROM json_each(?)",
		"t", json) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1) {
		list = arena_grow(a, list, *n, &cap, sizeof(*list));
		list[(*n)++] = (struct attachment){ .name = db_copy(&q, 0, a),
			.type = db_copy(&q, 1, a),
			.size = (uint64_t)db_int(&q, 2) };
	}
	*out = list;
	return rc;
}
