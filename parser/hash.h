#ifndef PARSER_HASH_H
#define PARSER_HASH_H

#include <stddef.h>
#include <stdint.h>

#include <nettle/sha2.h>

/*
 * SHA-256 and HMAC-SHA-256 (nettle, which comes with the TLS library of
 * libcurl), and the short forms that the store uses as index keys.
 */
#define HASH_SIZE 32

struct hash {
	struct sha256_ctx ctx;
};

void hash_init(struct hash *h);
void hash_add(struct hash *h, const void *p, size_t n);
void hash_str(struct hash *h, const char *s); /* with its NUL; NULL is "" */
void hash_end(struct hash *h, uint8_t out[HASH_SIZE]);

void hash_hmac(const uint8_t *key, size_t key_n, const void *p, size_t n,
    uint8_t out[HASH_SIZE]);

/* The first 8 bytes as a number, for an INTEGER index. */
int64_t hash_short(const uint8_t sum[HASH_SIZE]);

/* Lower-case hexadecimal; out has 2 * n + 1 bytes. */
void hash_hex(const uint8_t *p, size_t n, char *out);

/* The first bits (a multiple of 5) as lower-case Crockford base32; out has bits
 * / 5 + 1 bytes. */
void hash_base32(const uint8_t *p, size_t bits, char *out);

#endif
