/*
 * Any bytes as an mbox: the splitter ends, gives no more than there is, does
 * not depend on how the bytes are read, and a reader that begins where another
 * stood between two mails sees the rest just the same.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parser/hash.h"
#include "parser/mbox.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct file {
	const uint8_t *p;
	size_t n, step;
};

static int64_t
file_read(void *ctx, uint64_t at, void *p, size_t n, struct err *e)
{
	const struct file *f = ctx;

	(void)e;
	if (at >= f->n)
		return 0;
	if (n > f->n - at)
		n = (size_t)(f->n - at);
	if (f->step > 0 && n > f->step)
		n = f->step;
	memcpy(p, f->p + at, n);
	return (int64_t)n;
}

struct result {
	uint8_t sum[HASH_SIZE]; /* of the mails from number `from` on */
	size_t bytes, mails;
	uint64_t middle; /* where mail number `from` begins */
};

static void
split(struct file *f, uint64_t at, size_t from, struct result *r)
{
	struct mbox_source src = { .read = file_read, .ctx = f };
	struct arena a = { 0 };
	struct mbox_mail mail;
	struct hash h;
	struct mbox m;
	const char *p;
	size_t n;

	*r = (struct result){ 0 };
	hash_init(&h);
	mbox_init(&m, &a, &src, at);
	while (mbox_next(&m, &mail, NULL) == 1) {
		bool count = r->mails++ >= from;

		if (r->mails == from + 1)
			r->middle = mail.at;
		while (mbox_piece(&m, &p, &n, NULL) == 0 && n > 0) {
			r->bytes += n;
			if (count)
				hash_add(&h, p, n);
		}
		if (count)
			hash_add(&h, &mail, sizeof(mail));
	}
	assert(mbox_at(&m) <= f->n);
	hash_end(&h, r->sum);
	arena_done(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct file f = { data, size, 0 };
	struct result whole, steps, rest;

	split(&f, 0, 0, &whole);
	assert(whole.bytes <= size);
	f.step = size / 3 + 1;
	split(&f, 0, 0, &steps);
	assert(memcmp(whole.sum, steps.sum, HASH_SIZE) == 0);
	if (whole.mails > 1) {
		split(&f, 0, whole.mails / 2, &steps);
		split(&f, steps.middle, 0, &rest);
		assert(memcmp(rest.sum, steps.sum, HASH_SIZE) == 0);
	}
	return 0;
}
