/*
 * What stands in the database as a configuration that was kept, when something
 * else wrote there.  What is taken for one is one in all its parts: it packs
 * into the very same bytes, and the same files put together in any order are
 * the same bundle.  Input: the bytes.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "store/bundle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LINES_READ 20

static void
check_lines(struct arena *a, const struct bundle_file *f)
{
	int i = 1;

	while (i < LINES_READ && bundle_line(a, f, i) != NULL)
		i++;
	assert(bundle_line(a, f, 0) == NULL);
	assert(i == LINES_READ || bundle_line(a, f, i + 1) == NULL);
	assert((f->n == 0) == (bundle_line(a, f, 1) == NULL));
}

static void
check_files(struct arena *a, const struct bundle *b)
{
	assert(b->n > 0 && b->n <= BUNDLE_FILES_MAX);
	for (size_t i = 0; i < b->n; i++) {
		const struct bundle_file *f = &b->list[i];

		assert(
		    strlen(f->path) > 0 && strlen(f->path) < BUNDLE_PATH_MAX);
		assert(f->data[f->n] == '\0');
		assert(bundle_find(b, f->path) == f);
		check_lines(a, f);
	}
	assert(bundle_find(b, "no such path\n") == NULL);
}

static void
check_packed(const struct bundle *b, const void *data, size_t n)
{
	struct err e = { 0 };
	struct buf again;

	buf_init(&again, 0);
	assert(bundle_pack(b, &again, &e) == 0);
	assert(again.len == n && memcmp(again.data, data, n) == 0);
	buf_done(&again);
}

/* The main file, then the others from the last to the first, each twice. */
static void
check_order(struct arena *a, const struct bundle *b, const void *data, size_t n)
{
	uint8_t one[HASH_SIZE], two[HASH_SIZE];
	const struct bundle_file *main = &b->list[0];
	struct bundle again;

	bundle_init(&again, a);
	bundle_add(&again, main->path, main->data, main->n);
	for (size_t i = b->n; i-- > 1;) {
		const struct bundle_file *f = &b->list[i];

		bundle_add(&again, f->path, f->data, f->n);
		bundle_add(&again, f->path, "another", 7);
	}
	check_packed(&again, data, n);
	bundle_hash(b, one);
	bundle_hash(&again, two);
	assert(memcmp(one, two, HASH_SIZE) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct bundle b = { .n = 77 };
	struct err e = { 0 };

	if (bundle_read(&a, (const char *)data, size, &b, &e) == 0) {
		check_files(&a, &b);
		check_packed(&b, data, size);
		check_order(&a, &b, data, size);
	} else {
		assert(e.kind == ERR_REJECT && e.text[0] != '\0' && b.n == 77);
	}
	arena_done(&a);
	return 0;
}
