/*
 * Full text.  What a person types is words, never query syntax: each term is
 * quoted, so that no column, operator or quote of FTS5 can be reached (T35).
 */
#include <string.h>

#include "parser/utf8.h"
#include "store/tickets.h"

#define SEARCH_TERMS    16
#define SEARCH_TERM_MAX 64

/* The next term: a "quoted phrase" or a word; NULL at the end. */
static const char *
next_term(const char **p, size_t *n)
{
	const char *s = *p, *end;

	while (*s == ' ' || *s == '\t' || *s == '\n')
		s++;
	if (*s == '\0')
		return NULL;
	if (*s == '"' && (end = strchr(s + 1, '"')) != NULL) {
		*n = (size_t)(end - s - 1);
		*p = end + 1;
		return s + 1;
	}
	*n = strcspn(s, " \t\n");
	*p = s + *n;
	return s;
}

/* One quoted term; a "*" at its end asks for words that begin so. */
static char *
quote(struct arena *a, char *out, const char *s, size_t n)
{
	bool prefix = n > 1 && s[n - 1] == '*';
	char *q;

	n = utf8_cut(s, n - prefix, SEARCH_TERM_MAX);
	q = arena_alloc(a, 2 * n + 4);
	*q = '"';
	for (size_t i = 0, k = 1; i < n; i++) {
		if (s[i] == '"')
			q[k++] = '"';
		q[k++] = s[i];
	}
	return arena_printf(a, "%s%s%s\"%s", out, *out == '\0' ? "" : " ", q,
	    prefix ? "*" : "");
}

static char *
match_text(struct arena *a, const char *words)
{
	char *out = arena_strdup(a, "");
	size_t n = 0;
	const char *s;

	for (int i = 0; i < SEARCH_TERMS; i++) {
		s = next_term(&words, &n);
		if (s == NULL)
			break;
		if (n > 0)
			out = quote(a, out, s, n);
	}
	return out;
}

struct finding {
	struct arena *a;
	const char *match; /* an FTS5 query */
	int limit;
	struct hit *hits;
	size_t n, cap;
};

static int
find(struct db *db, struct finding *f, const char *sql, struct err *e)
{
	struct query q;
	int rc;

	if (db_query(db, &q, e, sql, "ti", f->match, (int64_t)f->limit) == -1)
		return -1;
	while ((rc = db_row(&q)) == 1) {
		f->hits = arena_grow(
		    f->a, f->hits, f->n, &f->cap, sizeof(*f->hits));
		f->hits[f->n++] = (struct hit){ .ticket = db_int(&q, 0),
			.message = db_int(&q, 1),
			.subject = db_copy(&q, 2, f->a),
			.snippet = db_copy(&q, 3, f->a) };
	}
	return rc;
}

#define SEARCH_SQL(table)                                          \
	"SELECT m.ticket, m.id, t.subject,"                        \
	" snippet(" table ", -1, '[', ']', '...', 12)"             \
	" FROM " table " JOIN message m ON m.id = " table ".rowid" \
	" JOIN ticket t ON t.number = m.ticket"                    \
	" WHERE " table " MATCH ? ORDER BY rank LIMIT ?"

int
search_messages(struct db *db, struct arena *a, const struct search *s,
    struct hit **out, size_t *n, struct err *e)
{
	struct finding f = {
		.a = a, .match = match_text(a, s->words), .limit = s->limit
	};

	if (*f.match != '\0' && find(db, &f, SEARCH_SQL("search"), e) == -1)
		return -1;
	if (*f.match != '\0' && s->staff &&
	    find(db, &f, SEARCH_SQL("search_note"), e) == -1)
		return -1;
	*out = f.hits;
	*n = f.n;
	return 0;
}
