/*
 * Outlook's conversation index (MS-OXOMSG 2.2.1.3): 22 bytes of a root, then
 * five for each later mail.  An answer has to extend what it answers, or
 * Outlook shows it as another conversation.
 */
#include "rules/thread_index.h"

#include <string.h>

#include "parser/buf.h"
#include "parser/decode.h"
#include "parser/encode.h"

#define ROOT_SIZE    22
#define CHILD_SIZE   5
#define CHILDREN_MAX 100
#define EPOCH_1601   11644473600 /* seconds from 1601 to 1970 */
#define TICKS        10000000    /* of 100 ns in a second */

static uint64_t
filetime(int64_t when)
{
	return (uint64_t)(when + EPOCH_1601) * TICKS;
}

char *
thread_index_root(
    struct arena *a, const uint8_t guid[THREAD_GUID], int64_t created)
{
	uint8_t root[ROOT_SIZE] = { 1 };
	uint64_t when = filetime(created);

	/* The top five of its eight bytes. */
	for (int i = 0; i < 5; i++)
		root[1 + i] = (uint8_t)(when >> (56 - 8 * i));
	memcpy(root + 6, guid, THREAD_GUID);
	return encode_base64_word(a, root, ROOT_SIZE);
}

/* The five bytes for a mail at time now under this root. */
static void
child_make(const uint8_t *root, int64_t now, int64_t serial, uint8_t out[5])
{
	uint64_t start = 0, diff, when;
	uint32_t bits;

	/* The top five of the eight bytes of a FILETIME. */
	for (int i = 1; i <= 5; i++)
		start = start << 8 | root[i];
	start <<= 24;
	when = filetime(now);
	diff = when > start ? when - start : 0;
	if (diff >> 49 == 0)
		bits = (uint32_t)(diff >> 18);
	else
		bits = 1U << 31 | (uint32_t)(diff >> 23 & 0x7fffffff);
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(bits >> (24 - 8 * i));
	/* Random and sequence: only to tell two mails of one moment apart. */
	out[4] = (uint8_t)serial;
}

char *
thread_index_child(
    struct arena *a, const char *parent, int64_t now, int64_t serial)
{
	uint8_t *bytes;
	char *out = NULL;
	struct buf b;

	if (parent == NULL ||
	    strlen(parent) > (size_t)ROOT_SIZE * 4 * CHILDREN_MAX)
		return NULL;
	buf_init(&b, ROOT_SIZE + CHILDREN_MAX * CHILD_SIZE);
	decode_base64(&b, parent, strlen(parent));
	if (!b.over && b.len >= ROOT_SIZE && b.data[0] == 1 &&
	    (b.len - ROOT_SIZE) % CHILD_SIZE == 0) {
		bytes = arena_alloc(a, b.len + CHILD_SIZE);
		memcpy(bytes, b.data, b.len);
		child_make(bytes, now, serial, bytes + b.len);
		out = encode_base64_word(a, bytes, b.len + CHILD_SIZE);
	}
	buf_done(&b);
	return out;
}
