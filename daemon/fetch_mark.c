/*
 * Marks on the server: what is ours is flagged or moved, as the mailbox says,
 * so that a person sees it and a restored backup can find it again.  A mark is
 * owed from the commit of the mail on, survives crashes in the ledger, and is
 * settled only after the server was asked whether it has it (M20).
 */
#include "daemon/fetch_state.h"

#include <string.h>

#include "daemon/clock.h"
#include "daemon/imap_text.h"
#include "daemon/log.h"

#define SET_TEXT   8000
#define MARK_PAUSE 300000 /* milliseconds after a refusal */
#define UNMARKED   "UNKEYWORD " FETCH_KEYWORD

/* Else verify() would take UIDs for marked that it did not ask for. */
_Static_assert(FETCH_MARK_MAX * sizeof("4294967295") + 40 < SET_TEXT,
    "the UIDs of one mark fit into one command");

bool
fetch_must_mark(const struct fetch *f)
{
	return f->m->after != AFTER_KEEP || f->m->reject_folder != NULL;
}

/* UIDs that share one command. */
struct marks {
	uint32_t uids[FETCH_MARK_MAX];
	size_t n;
	const char *folder; /* NULL: no move */
	bool flag;
	bool more; /* others are owed too */
};

/* "UID 1:5,7 ..."; the answer leaves in m only what is not in it. */
static int
verify(struct fetch *f, struct marks *m, const char *more, size_t *left,
    struct err *e)
{
	struct arena a = { 0 };
	uint32_t *still = NULL;
	size_t n = 0, at = 0, kept = 0;
	struct buf what;
	int rc;

	buf_init(&what, 0);
	buf_str(&what, "UID ");
	imap_set(&what, m->uids, m->n, SET_TEXT);
	buf_printf(&what, "%s%s", more[0] != '\0' ? " " : "", more);
	rc = imap_search(f->im, &a, buf_text(&what), &still, &n, e);
	for (size_t i = 0; rc == 0 && i < m->n; i++) {
		while (at < n && still[at] < m->uids[i])
			at++;
		if (at == n || still[at] != m->uids[i])
			m->uids[kept++] = m->uids[i];
	}
	*left = m->n - kept;
	if (rc == 0)
		m->n = kept;
	buf_done(&what);
	arena_done(&a);
	return rc;
}

static void
no_keyword(struct fetch *f, const char *why)
{
	if (!f->no_keyword)
		log_line(LOG_WARN,
		    "the server does not keep the keyword %s (%s): the mails "
		    "stay as they are, as with 'after keep'",
		    FETCH_KEYWORD, why);
	f->no_keyword = true;
}

static int
flag(struct fetch *f, struct marks *m, const char *set, size_t *left,
    struct err *e)
{
	if (!f->no_keyword && f->folder.readonly)
		no_keyword(f, "the folder is read-only");
	if (!f->no_keyword && !f->folder.keyword)
		no_keyword(f, "it is not among its PERMANENTFLAGS");
	if (f->no_keyword)
		return 0;
	if (imap_flag(f->im, set, FETCH_KEYWORD, e) == -1 ||
	    verify(f, m, UNMARKED, left, e) == -1)
		return -1;
	if (*left > 0 && m->n == 0)
		no_keyword(f, "it is gone at once");
	return 0;
}

/* Into the folder; it is made when it is missing. */
static int
into(struct fetch *f, const char *set, const char *folder, struct err *e)
{
	int (*how)(struct imap *, const char *, const char *,
	    struct err *) = imap_has(f->im, IMAP_MOVE) ? imap_move : imap_copy;
	struct err made;

	if (how(f->im, set, folder, e) == 0)
		return 0;
	/* Not every server says [TRYCREATE]. */
	if (imap_broken(f->im) || imap_create(f->im, folder, &made) == -1)
		return -1;
	log_line(LOG_NOTE, "made the folder %s", log_quote(folder));
	return how(f->im, set, folder, e);
}

/*
 * No MOVE (RFC 6851): a copy and the keyword.  What has the keyword already
 * was copied before a crash; m keeps only what still needs a copy meanwhile.
 */
static int
copy(struct fetch *f, struct marks *m, size_t *left, struct err *e)
{
	struct marks all = *m, fresh = { 0 };
	struct buf set;
	size_t n = 0, at = 0;
	int rc = 0;

	if (!f->no_keyword && f->folder.keyword)
		rc = verify(f, &all, UNMARKED, &n, e);
	else
		all.n = 0;
	for (size_t i = 0; rc == 0 && i < m->n; i++) {
		if (at < all.n && all.uids[at] == m->uids[i])
			at++; /* marked, or gone */
		else
			fresh.uids[fresh.n++] = m->uids[i];
	}
	buf_init(&set, 0);
	imap_set(&set, fresh.uids, fresh.n, SET_TEXT);
	if (rc == 0 && fresh.n > 0)
		rc = into(f, buf_text(&set), m->folder, e);
	if (rc == 0 && fresh.n > 0)
		rc = flag(f, m, buf_text(&set), left, e);
	buf_done(&set);
	return rc;
}

/* One command; m keeps the UIDs whose mark is sure. */
static int
mark(struct fetch *f, struct marks *m, size_t *left, struct err *e)
{
	struct buf set;
	int rc = 0;

	*left = 0;
	buf_init(&set, 0);
	imap_set(&set, m->uids, m->n, SET_TEXT);
	if (m->folder != NULL && !imap_has(f->im, IMAP_MOVE))
		rc = copy(f, m, left, e);
	else if (m->folder != NULL)
		rc = into(f, buf_text(&set), m->folder, e) == -1
		    ? -1
		    : verify(f, m, "", left, e);
	else if (m->flag)
		rc = flag(f, m, buf_text(&set), left, e);
	buf_done(&set);
	return rc;
}

/* The next UIDs that share a fate. */
static int
next_marks(struct fetch *f, struct marks *m, struct err *e)
{
	uint32_t uids[FETCH_MARK_MAX];
	bool rejected[FETCH_MARK_MAX];
	struct ledger_marks owed = { uids, rejected, FETCH_MARK_MAX, 0 };
	bool waits = f->m->reject_folder != NULL;

	*m = (struct marks){ 0 };
	if (ledger_unmarked(
		f->c->db, f->row.id, f->row.uidvalidity, waits, &owed, e) == -1)
		return -1;
	for (size_t i = 0; i < owed.n; i++)
		if ((waits && rejected[i]) == (waits && rejected[0]))
			m->uids[m->n++] = uids[i];
	m->more = owed.n > m->n || owed.n == FETCH_MARK_MAX;
	if (owed.n > 0 && waits && rejected[0])
		m->folder = f->m->reject_folder;
	else if (f->m->after == AFTER_MOVE)
		m->folder = f->m->after_folder;
	m->flag = m->folder == NULL && f->m->after == AFTER_FLAG;
	return 0;
}

/* Try again later, say it once. */
static void
pause_marks(struct fetch *f, const char *why)
{
	f->marks_after = clock_steady() + fetch_scale(f, MARK_PAUSE);
	log_line(LOG_WARN,
	    "mails are not marked on the server: %s; next try "
	    "in %d s",
	    why, MARK_PAUSE / 1000);
}

/* The marks that are sure go into the next commit. */
static void
settle(struct fetch *f, const struct marks *m)
{
	memcpy(f->settled, m->uids, m->n * sizeof(m->uids[0]));
	f->settled_n = m->n;
}

int
fetch_settle(struct fetch *f, struct err *e)
{
	return f->settled_n == 0 ? 0 : fetch_commit(f, NULL, NULL, e);
}

int
fetch_marks(struct fetch *f, bool all, struct err *e)
{
	struct marks m;
	size_t left = 0;

	f->owed = 0;
	if (!fetch_must_mark(f) || f->marks_after > clock_steady())
		return fetch_settle(f, e);
	do {
		/* The ledger is asked what is owed: it must know the last. */
		if (fetch_settle(f, e) == -1 || next_marks(f, &m, e) == -1)
			return -1;
		if (m.n == 0)
			return 0;
		if (mark(f, &m, &left, e) == -1) {
			if (imap_broken(f->im))
				return -1;
			pause_marks(f, e->text);
			return 0;
		}
		settle(f, &m);
		if (left > 0 && !f->no_keyword) {
			pause_marks(f, "the server did not do it");
			return fetch_settle(f, e);
		}
	} while (all && m.more);
	return 0;
}
