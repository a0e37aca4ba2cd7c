/*
 * What is wrapped in others: the first byte chooses winmail.dat, CMS, armor,
 * RTF, or one of the first two as the only part of a mail.  What is promised:
 * names and texts are clean, every file lies inside the bytes, nothing depends
 * on how these were cut, and no more is kept than was allowed.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parser/armor.h"
#include "parser/buf.h"
#include "parser/cms.h"
#include "parser/lzfu.h"
#include "parser/mail.h"
#include "parser/tnef.h"
#include "parser/utf8.h"

#define TEXT_MAX  500
#define FILES_MAX 5
#define RTF_BYTES 3000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* How many bytes come next: the bytes themselves choose. */
static size_t
step_of(const uint8_t *p, size_t left)
{
	size_t k = (size_t)(*p % 9) * (*p % 9) + 1;

	return k < left ? k : left;
}

static void
check_file(const struct tnef_file *f, size_t size)
{
	assert(f->at + f->size <= size);
	if (f->name != NULL) {
		assert(utf8_valid(f->name, strlen(f->name)));
		assert(strpbrk(f->name, "/\\") == NULL && *f->name != '.');
	}
	assert(f->type == NULL || utf8_valid(f->type, strlen(f->type)));
	assert(f->id == NULL || utf8_valid(f->id, strlen(f->id)));
}

static void
try_tnef(struct arena *a, const uint8_t *p, size_t n)
{
	struct tnef t, x;

	tnef_init(&t, a, TEXT_MAX, FILES_MAX);
	tnef_feed(&t, p, n);
	tnef_end(&t);
	tnef_init(&x, a, TEXT_MAX, FILES_MAX);
	for (size_t i = 0, k; i < n; i += k) {
		k = step_of(p + i, n - i);
		tnef_feed(&x, p + i, k);
	}
	tnef_end(&x);
	assert(t.files_n <= FILES_MAX && t.rtf_n <= TEXT_MAX);
	assert(t.text == NULL || utf8_valid(t.text, strlen(t.text)));
	assert(t.html == NULL || utf8_valid(t.html, strlen(t.html)));
	assert(t.files_n == x.files_n && t.broken == x.broken);
	assert((t.text == NULL) == (x.text == NULL));
	for (size_t i = 0; i < t.files_n; i++) {
		check_file(&t.files[i], n);
		assert(t.files[i].at == x.files[i].at);
		assert(memcmp(t.files[i].sha256, x.files[i].sha256,
			   HASH_SIZE) == 0);
	}
}

static void
collect(void *ctx, const char *p, size_t n)
{
	buf_add(ctx, p, n);
}

static void
try_cms(const uint8_t *p, size_t n)
{
	struct buf one, two;
	struct cms_sink sink = { .bytes = collect, .ctx = &one };
	struct cms c, x;

	buf_init(&one, 0);
	buf_init(&two, 0);
	cms_init(&c);
	cms_feed(&c, p, n, &sink);
	cms_end(&c);
	sink.ctx = &two;
	cms_init(&x);
	for (size_t i = 0, k; i < n; i += k) {
		k = step_of(p + i, n - i);
		cms_feed(&x, p + i, k, &sink);
	}
	cms_end(&x);
	assert(c.kind == x.kind && c.whole == x.whole);
	assert(c.broken == x.broken && c.at == x.at && c.at <= n);
	assert(one.len == two.len && one.len <= n);
	assert(strcmp(buf_text(&one), buf_text(&two)) == 0);
	assert(!c.whole || (c.kind == CMS_SIGNED && c.content));
	buf_done(&one);
	buf_done(&two);
}

static void
try_rtf(const uint8_t *p, size_t n)
{
	struct buf b;

	buf_init(&b, RTF_BYTES);
	(void)lzfu_read(&b, p, n);
	assert(b.len <= RTF_BYTES && b.len <= 9 * n);
	buf_done(&b);
}

static void
try_armor(struct arena *a, const uint8_t *p, size_t n)
{
	bool encrypted = false;
	const char *text = utf8_from(a, "utf-8", (const char *)p, n, NULL);
	const char *read = armor_read(a, text, "note", &encrypted);

	assert(utf8_valid(read, strlen(read)));
	assert(strlen(read) <= strlen(text));
}

static void
try_mail(struct arena *a, const char *head, const uint8_t *p, size_t n)
{
	struct mail m;
	struct buf b;

	buf_init(&b, 0);
	buf_str(&b, head);
	buf_add(&b, p, n);
	mail_parse(a, b.data, b.len, &m);
	assert(m.parts_n >= 1 && utf8_valid(m.text, strlen(m.text)));
	for (size_t i = 0; i < m.parts_n; i++) {
		const struct part *x = &m.parts[i];

		assert(x->parent < (int)i && x->inside < (int)i);
		assert(x->offset + x->raw_size <=
		    (x->inside < 0 ? b.len : m.parts[x->inside].size));
	}
	buf_done(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };

	if (size == 0)
		return 0;
	if (data[0] % 6 == 0)
		try_tnef(&a, data + 1, size - 1);
	else if (data[0] % 6 == 1)
		try_cms(data + 1, size - 1);
	else if (data[0] % 6 == 2)
		try_armor(&a, data + 1, size - 1);
	else if (data[0] % 6 == 5)
		try_rtf(data + 1, size - 1);
	else if (data[0] % 6 == 3)
		try_mail(&a, "Content-Type: application/ms-tnef\n\n", data + 1,
		    size - 1);
	else
		try_mail(&a, "Content-Type: application/pkcs7-mime\n\n",
		    data + 1, size - 1);
	arena_done(&a);
	return 0;
}
