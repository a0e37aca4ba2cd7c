/*
 * The transfer decoders: any bytes, whole and byte by byte, give the same; what
 * was encoded comes back.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parser/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
to_buf(void *ctx, const char *p, size_t n)
{
	buf_add(ctx, p, n);
}

static void
decode(struct buf *out, char encoding, const char *p, size_t n, size_t piece)
{
	struct decode_sink sink = { .bytes = to_buf, .ctx = out };
	struct decode d;

	decode_init(&d, encoding);
	for (size_t i = 0; i < n; i += piece)
		decode_feed(&d, p + i, piece < n - i ? piece : n - i, &sink);
	decode_end(&d, &sink);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char encodings[] = { 0, 'b', 'q', 'u' };
	const char *p = (const char *)data;
	struct buf whole, pieces;

	for (size_t i = 0; i < sizeof(encodings); i++) {
		buf_init(&whole, 0);
		buf_init(&pieces, 0);
		decode(&whole, encodings[i], p, size, size + 1);
		decode(&pieces, encodings[i], p, size, 1);
		assert(whole.len == pieces.len);
		assert(whole.len == 0 ||
		    memcmp(whole.data, pieces.data, whole.len) == 0);
		assert(whole.len <= size * 2 + 64);
		buf_done(&whole);
		buf_done(&pieces);
	}
	return 0;
}
