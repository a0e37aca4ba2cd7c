/* One mail through the box.  See the header. */
#include "daemon/mail_read.h"

#include <stdio.h>
#include <string.h>

#include "daemon/box.h"
#include "store/inbound.h"

#define PIECE (64 << 10)
#define WALL  20000 /* ms */

struct reading {
	struct box *box;
	uint64_t size;
};

static void
feed(void *ctx, const void *p, size_t n)
{
	struct reading *r = ctx;

	r->size += n;
	box_feed(r->box, p, n);
}

static int
feed_file(struct reading *r, struct arena *a, FILE *f, struct err *e)
{
	char *piece = arena_alloc(a, PIECE);
	size_t n;

	while ((n = fread(piece, 1, PIECE, f)) > 0)
		feed(r, piece, n);
	if (ferror(f))
		return err_set(e, ERR_REJECT, "cannot be read: %m");
	return 0;
}

/* What to read: a file, else a raw mail of the database. */
struct source {
	FILE *f;
	struct db *db;
	int64_t raw;
};

static int
read_mail(struct arena *a, const struct source *src, struct mail *m,
    uint64_t *size, struct err *e)
{
	struct reading r = { .box = box_new() };
	struct box_result end = { .end = BOX_AGAIN };
	int rc;

	box_start(r.box, WALL, a, &end);
	rc = box_begin(r.box, MAIL_FULL, NULL, e);
	if (rc == 0) {
		rc = src->f != NULL ? feed_file(&r, a, src->f, e)
				    : raw_read(src->db, src->raw, feed, &r, e);
		box_end(r.box);
		box_finish(r.box);
	}
	box_free(r.box);
	if (rc == 0 && end.end != BOX_DONE)
		rc = err_set(e, ERR_REJECT, "this mail cannot be parsed: %s",
		    end.why == NULL ? "the reader is gone" : end.why);
	*m = end.mail;
	*size = r.size;
	return rc;
}

int
mail_read_file(struct arena *a, const char *path, struct mail *m,
    uint64_t *size, struct err *e)
{
	bool in = strcmp(path, "-") == 0;
	struct source src = { .f = in ? stdin : fopen(path, "rbe") };
	int rc;

	if (src.f == NULL)
		return err_set(e, ERR_REJECT, "%s: cannot be read: %m", path);
	rc = read_mail(a, &src, m, size, e);
	if (!in)
		fclose(src.f);
	return rc == -1 ? err_wrap(e, "%s", path) : 0;
}

int
mail_read_raw(struct db *db, struct arena *a, int64_t raw, struct mail *m,
    uint64_t *size, struct err *e)
{
	struct source src = { .db = db, .raw = raw };

	return read_mail(a, &src, m, size, e);
}
