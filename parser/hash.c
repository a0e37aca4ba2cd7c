#include "parser/hash.h"

#include <nettle/hmac.h>
#include <string.h>

void
hash_init(struct hash *h)
{
	sha256_init(&h->ctx);
}

void
hash_add(struct hash *h, const void *p, size_t n)
{
	sha256_update(&h->ctx, n, p);
}

void
hash_str(struct hash *h, const char *s)
{
	if (s == NULL)
		s = "";
	hash_add(h, s, strlen(s) + 1);
}

void
hash_end(struct hash *h, uint8_t out[HASH_SIZE])
{
	sha256_digest(&h->ctx, HASH_SIZE, out);
}

void
hash_hmac(const uint8_t *key, size_t key_n, const void *p, size_t n,
    uint8_t out[HASH_SIZE])
{
	struct hmac_sha256_ctx c;

	hmac_sha256_set_key(&c, key_n, key);
	hmac_sha256_update(&c, n, p);
	hmac_sha256_digest(&c, HASH_SIZE, out);
}

int64_t
hash_short(const uint8_t sum[HASH_SIZE])
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | sum[i];
	return (int64_t)v;
}

void
hash_hex(const uint8_t *p, size_t n, char *out)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*out++ = digit[p[i] >> 4];
		*out++ = digit[p[i] & 15];
	}
	*out = '\0';
}

void
hash_base32(const uint8_t *p, size_t bits, char *out)
{
	static const char digit[] = "0123456789abcdefghjkmnpqrstvwxyz";

	for (size_t i = 0; i + 5 <= bits; i += 5) {
		unsigned v = (unsigned)p[i / 8] << 8;

		if (i % 8 > 3)
			v |= p[i / 8 + 1];
		*out++ = digit[v >> (11 - i % 8) & 31];
	}
	*out = '\0';
}
