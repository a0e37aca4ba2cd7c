/*
 * deskd ledger --reconcile: does the ledger know every mail that the servers
 * hold?  Looks only: EXAMINE, SEARCH, and questions to the ledger.
 */
#include "daemon/reconcile.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/imap.h"
#include "store/inbound.h"

#define UIDS_SHOWN 20 /* in words; JSON shows all */

/* One mailbox. */
struct side {
	const struct conf_mailbox *m;
	bool reached;
	uint32_t uidvalidity; /* of the server */
	struct mailbox_row row;
	size_t on_server, known;
	uint32_t *missing; /* on the server, not in the ledger */
	size_t missing_n, missing_cap;
	struct err e;
};

/* Ask the ledger for each UID of one portion. */
static int
check_uids(struct context *c, struct side *s, const uint32_t *uids, size_t n)
{
	bool same = s->uidvalidity == s->row.uidvalidity;

	for (size_t i = 0; i < n; i++) {
		struct ledger_key key = { s->row.id, s->uidvalidity, uids[i] };
		bool has = false;

		if (same && ledger_has(c->db, &key, &has, &s->e) == -1)
			return -1;
		s->on_server++;
		s->known += has;
		if (has)
			continue;
		s->missing = arena_grow(&c->arena, s->missing, s->missing_n,
		    &s->missing_cap, sizeof(*s->missing));
		s->missing[s->missing_n++] = uids[i];
	}
	return 0;
}

static int
look(struct context *c, struct side *s, struct imap *im)
{
	struct imap_folder f;
	struct imap_range r = { .from = 1 };
	int rc = 0;

	if (imap_select(im, s->m->folder, true, NULL, &f, &s->e) == -1)
		return -1;
	s->uidvalidity = f.uidvalidity;
	if (f.uidvalidity == 0)
		return err_set(&s->e, ERR_RETRY,
		    "%s: the server gives no UIDVALIDITY", s->m->imap.host);
	if (imap_last_uid(im, &r.to, &s->e) == -1)
		return -1;
	while (rc == 0 && r.from <= r.to) {
		struct arena a = { 0 };
		uint32_t *uids;
		size_t n;

		rc = imap_uids(im, &a, &r, &uids, &n, &s->e);
		if (rc == 0)
			rc = check_uids(c, s, uids, n);
		arena_done(&a);
	}
	return rc;
}

static void
reconcile_one(struct context *c, struct side *s)
{
	struct imap *im = NULL;

	if (mailbox_find(c->db, s->m->name, &s->row, &s->e) == -1 ||
	    imap_connect(&im, s->m, NULL, imap_patience(), &s->e) == -1)
		return;
	s->reached = look(c, s, im) == 0;
	imap_close(im);
}

static void
print_json(const struct side *s, struct json *j)
{
	json_object(j, NULL);
	json_text(j, "mailbox", s->m->name);
	json_bool(j, "reached", s->reached);
	json_text(j, "error", s->reached ? NULL : s->e.text);
	json_int(j, "uidvalidity", s->uidvalidity);
	json_int(j, "ledger_uidvalidity", s->row.uidvalidity);
	json_int(j, "on_server", (int64_t)s->on_server);
	json_int(j, "known", (int64_t)s->known);
	json_array(j, "missing");
	for (size_t i = 0; i < s->missing_n; i++)
		json_int(j, NULL, s->missing[i]);
	json_array_end(j);
	json_object_end(j);
}

static void
print_words(const struct side *s)
{
	if (!s->reached) {
		printf("%s: not reached: %s\n", s->m->name, s->e.text);
		return;
	}
	printf("%s: %zu mails on the server, %zu in the ledger, %zu missing\n",
	    s->m->name, s->on_server, s->known, s->missing_n);
	if (s->uidvalidity != s->row.uidvalidity)
		printf("  UIDVALIDITY is %u, the ledger knows %u: the next "
		       "fetch compares all of them\n",
		    s->uidvalidity, s->row.uidvalidity);
	for (size_t i = 0; i < s->missing_n && i < UIDS_SHOWN; i++)
		printf(
		    "%s%u", i == 0 ? "  missing: uid " : ", ", s->missing[i]);
	if (s->missing_n > UIDS_SHOWN)
		printf(" and %zu more", s->missing_n - UIDS_SHOWN);
	if (s->missing_n > 0)
		printf("\n");
}

int
reconcile_run(struct context *c, const char *mailbox, struct json *j)
{
	int rc = 0, seen = 0;

	if (c->conf == NULL || c->conf->mailboxes_n == 0) {
		fprintf(stderr, "deskd: no mailbox in the configuration %s\n",
		    c->conf_path);
		return EX_CONFIG;
	}
	if (mailbox != NULL && conf_mailbox(c->conf, mailbox) == NULL) {
		fprintf(stderr, "deskd: no mailbox '%s' in %s\n", mailbox,
		    c->conf_path);
		return EX_USAGE;
	}
	if (j != NULL)
		json_array(j, "reconcile");
	for (size_t i = 0; i < c->conf->mailboxes_n; i++) {
		struct side s = { .m = &c->conf->mailboxes[i] };

		if (mailbox != NULL && strcmp(s.m->name, mailbox) != 0)
			continue;
		reconcile_one(c, &s);
		if (j != NULL)
			print_json(&s, j);
		else
			print_words(&s);
		seen = s.reached ? s.missing_n > 0 : EX_UNAVAILABLE;
		rc = seen > rc ? seen : rc;
	}
	if (j != NULL)
		json_array_end(j);
	return rc;
}
