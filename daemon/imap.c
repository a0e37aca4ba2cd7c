/*
 * The IMAP session: libetpan parses the answers, the commands are written
 * here.  Promises to take no answer for granted (RELIABILITY M7): a result of
 * 0 says that the server answered OK, not that it did what was asked.
 */
#include "daemon/imap_session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "daemon/imap_text.h"

#define FETCH_LINE     400 /* bytes around one FETCH response */
#define KIB_A_TURN     960 /* in each time limit: 16 KiB/s, else dead */
#define MARK_TIMEOUTS  3   /* some servers are slow to move (M19) */
#define SEARCH_NUMBERS (768 << 10)
#define UIDS_AT_ONCE   40000 /* of one SEARCH: under IMAP_LINE_MAX */

/* Open and close. */

/* libetpan calls imap_got_mail() only when there is somebody to see progress.
 */
static void
no_progress(size_t now, size_t all, void *ctx)
{
	(void)now;
	(void)all;
	(void)ctx;
}

static const struct {
	const char *name;
	enum imap_cap cap;
} caps[] = {
	{ "IDLE", IMAP_IDLE },
	{ "MOVE", IMAP_MOVE },
	{ "LOGINDISABLED", IMAP_NO_LOGIN },
	{ "IMAP4REV1", IMAP_REV1 },
};

static void
read_cap(struct imap *im, const struct mailimap_capability *c)
{
	if (c->cap_type == MAILIMAP_CAPABILITY_AUTH_TYPE) {
		if (strcasecmp(c->cap_data.cap_auth_type, "PLAIN") == 0)
			im->caps |= IMAP_PLAIN;
		return;
	}
	for (size_t i = 0; i < sizeof(caps) / sizeof(caps[0]); i++)
		if (strcasecmp(c->cap_data.cap_name, caps[i].name) == 0)
			im->caps |= caps[i].cap;
}

int
imap_capability(struct imap *im, struct err *e)
{
	struct mailimap_capability_data *d;

	if (imap_do(im, NULL, e, "CAPABILITY") == -1)
		return imap_break(im, e, "CAPABILITY was refused");
	im->caps = 0;
	d = im->session->imap_connection_info->imap_capability;
	if (d != NULL && d->cap_list != NULL)
		for (clistiter *i = clist_begin(d->cap_list); i != NULL;
		     i = clist_next(i))
			read_cap(im, clist_content(i));
	if (!imap_has(im, IMAP_REV1))
		return imap_break(im, e, "the server does not speak IMAP4rev1");
	return 0;
}

static int
new_session(struct imap *im, struct err *e)
{
	im->session = mailimap_new(0, NULL);
	if (im->session == NULL)
		return err_set(e, ERR_RETRY, "out of memory");
	im->session->imap_stream = link_stream(im->link);
	im->session->imap_connection_info = mailimap_connection_info_new();
	/* curl has read the greeting: mailimap_connect() would wait for it. */
	im->session->imap_state = MAILIMAP_STATE_NON_AUTHENTICATED;
	if (im->session->imap_connection_info == NULL)
		return err_set(e, ERR_RETRY, "out of memory");
	mailimap_set_progress_callback(
	    im->session, no_progress, no_progress, NULL);
	mailimap_set_msg_att_handler(im->session, imap_got_mail, im);
	return imap_capability(im, e);
}

int
imap_open(struct imap **out, const struct conf_mailbox *m, const struct wake *w,
    int64_t timeout_ms, struct err *e)
{
	struct imap *im = calloc(1, sizeof(*im));

	if (im == NULL)
		return err_set(e, ERR_RETRY, "out of memory");
	im->mailbox = m;
	im->timeout_ms = timeout_ms;
	if (link_open(&im->link, &m->imap, w, timeout_ms, e) == -1 ||
	    new_session(im, e) == -1) {
		imap_close(im);
		return -1;
	}
	*out = im;
	return 0;
}

void
imap_close(struct imap *im)
{
	if (im == NULL)
		return;
	if (im->session != NULL) {
		if (!im->broken)
			imap_begin(im, "LOGOUT", NULL);
		im->session->imap_stream = NULL; /* of the link */
		mailimap_free(im->session);
	}
	link_close(im->link);
	free(im);
}

bool
imap_has(const struct imap *im, enum imap_cap cap)
{
	return (im->caps & cap) != 0;
}

bool
imap_broken(const struct imap *im)
{
	return im->broken;
}

bool
imap_stopped(const struct imap *im)
{
	return link_stopped(im->link);
}

/* Folders. */

/* What stands between the levels of folder names; asked once, when needed. */
static int
ask_delimiter(struct imap *im, struct err *e)
{
	clist *l;
	struct mailimap_mailbox_list *m;

	if (im->delimiter != '\0')
		return 0;
	if (imap_do(im, NULL, e, "LIST \"\" \"\"") == -1)
		return -1;
	l = im->session->imap_response_info->rsp_mailbox_list;
	m = l == NULL || clist_isempty(l) ? NULL
					  : clist_content(clist_begin(l));
	if (m != NULL)
		im->delimiter = m->mb_delimiter;
	if (im->delimiter == '\0')
		im->delimiter = '/';
	return 0;
}

/* "VERB [set] folder" */
static int
folder_command(struct imap *im, const char *verb, const char *set,
    const char *folder, struct err *e)
{
	struct imap_cost cost = { .ms = im->timeout_ms * MARK_TIMEOUTS };
	struct buf name;
	int rc = 0;

	buf_init(&name, 0);
	if (strchr(folder, '/') != NULL)
		rc = ask_delimiter(im, e);
	if (rc == 0)
		rc = imap_folder(&name, folder, im->delimiter, e);
	if (rc == 0)
		rc = imap_do(im, &cost, e, "%s %s%s%s", verb, set,
		    set[0] != '\0' ? " " : "", buf_text(&name));
	buf_done(&name);
	return rc;
}

/* May this keyword be kept?  No PERMANENTFLAGS at all means yes (RFC 3501
 * 7.1). */
static bool
keeps(const struct mailimap_selection_info *sel, const char *keyword)
{
	if (keyword == NULL || sel->sel_perm_flags == NULL)
		return true;
	for (clistiter *i = clist_begin(sel->sel_perm_flags); i != NULL;
	     i = clist_next(i)) {
		const struct mailimap_flag_perm *p = clist_content(i);

		if (p->fl_type == MAILIMAP_FLAG_PERM_ALL)
			return true;
		if (p->fl_flag != NULL &&
		    p->fl_flag->fl_type == MAILIMAP_FLAG_KEYWORD &&
		    strcasecmp(p->fl_flag->fl_data.fl_keyword, keyword) == 0)
			return true;
	}
	return false;
}

int
imap_select(struct imap *im, const char *folder, bool readonly,
    const char *keyword, struct imap_folder *out, struct err *e)
{
	struct mailimap_selection_info *sel = mailimap_selection_info_new();

	if (sel == NULL)
		return err_set(e, ERR_RETRY, "out of memory");
	if (im->session->imap_selection_info != NULL)
		mailimap_selection_info_free(im->session->imap_selection_info);
	im->session->imap_selection_info = sel;
	if (folder_command(
		im, readonly ? "EXAMINE" : "SELECT", "", folder, e) == -1)
		return -1;
	im->session->imap_state = MAILIMAP_STATE_SELECTED;
	*out = (struct imap_folder){ .uidvalidity = sel->sel_uidvalidity,
		.uidnext = sel->sel_uidnext,
		.exists = sel->sel_exists,
		.keyword = keeps(sel, keyword),
		.readonly = sel->sel_perm == MAILIMAP_MAILBOX_READONLY };
	return 0;
}

int
imap_fetch(struct imap *im, const struct imap_want *w,
    void (*each)(void *ctx, const struct imap_mail *m), void *ctx,
    struct err *e)
{
	struct imap_cost cost = { .lines = w->count * FETCH_LINE,
		.literals = w->literals,
		.ms = im->timeout_ms +
		    im->timeout_ms * (int64_t)(w->literals >> 10) /
			KIB_A_TURN };
	int rc;

	im->each = each;
	im->ctx = ctx;
	rc = imap_do(im, &cost, e, "UID FETCH %s (%s)", w->set, w->what);
	im->each = NULL;
	return rc;
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* The numbers of the SEARCH responses, sorted, each once, without 0. */
static size_t
numbers(clist *found, uint32_t *out)
{
	size_t n = 0, kept = 0;

	for (clistiter *i = clist_begin(found); i != NULL; i = clist_next(i))
		out[n++] = *(uint32_t *)clist_content(i);
	qsort(out, n, sizeof(*out), by_number);
	for (size_t i = 0; i < n; i++)
		if (out[i] != 0 && (kept == 0 || out[kept - 1] != out[i]))
			out[kept++] = out[i];
	return kept;
}

int
imap_search(struct imap *im, struct arena *a, const char *what, uint32_t **uids,
    size_t *n, struct err *e)
{
	struct imap_cost cost = { .lines = SEARCH_NUMBERS };
	clist *found;

	*n = 0;
	*uids = NULL;
	if (imap_do(im, &cost, e, "UID SEARCH %s", what) == -1)
		return -1;
	found = im->session->imap_response_info->rsp_search_result;
	if (found == NULL || clist_isempty(found))
		return 0;
	*uids = arena_calloc(a, (size_t)clist_count(found), sizeof(**uids));
	*n = numbers(found, *uids);
	return 0;
}

static void
keep_highest(void *ctx, const struct imap_mail *m)
{
	uint32_t *highest = ctx;

	if (m->uid > *highest)
		*highest = m->uid;
}

int
imap_last_uid(struct imap *im, uint32_t *uid, struct err *e)
{
	struct imap_want w = { .set = "*", .what = "UID", .count = 1 };

	*uid = 0;
	if (imap_exists(im) == 0)
		return 0;
	return imap_fetch(im, &w, keep_highest, uid, e);
}

int
imap_uids(struct imap *im, struct arena *a, struct imap_range *r,
    uint32_t **uids, size_t *n, struct err *e)
{
	uint64_t last = r->to;
	char what[64];
	size_t kept = 0;

	if (imap_exists(im) > UIDS_AT_ONCE && r->to - r->from >= UIDS_AT_ONCE)
		last = r->from + UIDS_AT_ONCE - 1;
	snprintf(what, sizeof(what), "UID %llu:%llu",
	    (unsigned long long)r->from, (unsigned long long)last);
	if (imap_search(im, a, what, uids, n, e) == -1)
		return -1;
	/* "7:5" is "5:7", and "*" is the last one even below (M20). */
	for (size_t i = 0; i < *n; i++)
		if ((*uids)[i] >= r->from && (*uids)[i] <= last)
			(*uids)[kept++] = (*uids)[i];
	*n = kept;
	r->from = last + 1;
	return 0;
}

uint32_t
imap_exists(const struct imap *im)
{
	const struct mailimap_selection_info *sel =
	    im->session->imap_selection_info;

	return sel == NULL ? 0 : sel->sel_exists;
}

bool
imap_news(struct imap *im)
{
	struct mailimap_selection_info *sel = im->session->imap_selection_info;
	bool news = sel != NULL && sel->sel_has_exists;

	if (sel != NULL)
		sel->sel_has_exists = 0;
	return news;
}

void
imap_set_exists(struct imap *im, uint32_t n)
{
	struct mailimap_selection_info *sel = im->session->imap_selection_info;

	if (sel == NULL)
		return;
	sel->sel_exists = n;
	sel->sel_has_exists = 1;
}

int
imap_noop(struct imap *im, struct err *e)
{
	return imap_do(im, NULL, e, "NOOP");
}

int
imap_flag(struct imap *im, const char *set, const char *keyword, struct err *e)
{
	struct imap_cost cost = { .ms = im->timeout_ms * MARK_TIMEOUTS };

	return imap_do(
	    im, &cost, e, "UID STORE %s +FLAGS.SILENT (%s)", set, keyword);
}

int
imap_move(struct imap *im, const char *set, const char *folder, struct err *e)
{
	return folder_command(im, "UID MOVE", set, folder, e);
}

int
imap_copy(struct imap *im, const char *set, const char *folder, struct err *e)
{
	return folder_command(im, "UID COPY", set, folder, e);
}

int
imap_create(struct imap *im, const char *folder, struct err *e)
{
	return folder_command(im, "CREATE", "", folder, e);
}
