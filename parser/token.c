/*
 * Tokens: made, read, proven (RELIABILITY 3.4).  Whether a token that proves
 * allows anything is not decided here: see rules/authority.h.
 */
#define _GNU_SOURCE /* memrchr() */
#include "parser/token.h"

#include <stdlib.h>
#include <string.h>

#include <nettle/hmac.h>
#include <nettle/memops.h>

#include "parser/address.h"
#include "parser/ascii.h"
#include "parser/hash.h"

#define DAY     INT64_C(86400)
#define EPOCH   1704067200 /* 2024-01-01 00:00 UTC */
#define VERSION 1

#define BODY        14 /* bytes before the MAC */
#define MAC         10
#define TOKEN_BYTES (BODY + MAC)
#define TOKEN_BITS \
	((size_t)TOKEN_CHARS * 5) /* three more than the bytes have */

#define SHORT_BITS  ((size_t)TOKEN_SHORT * 5)
#define SHORT_BYTES (SHORT_BITS / 8)
#define REF_SALT    2
#define REF_CHARS   (TOKEN_SHORT + 1) /* with its dash */

/* How long one is good, in seconds after the day of its issue began: see
 * token_fresh().  A requester's and a vendor's also end with their ticket. */
static const int64_t life[TOKEN_PURPOSES] = {
	[TOKEN_AGENT] = 14 * DAY,
	[TOKEN_NOTE] = 30 * DAY,
	[TOKEN_ESCALATE] = DAY,
	[TOKEN_REQUESTER] = 365 * DAY,
	[TOKEN_VENDOR] = 365 * DAY,
	[TOKEN_RELEASE] = 3600,
	[TOKEN_VERP] = 14 * DAY,
	[TOKEN_WITNESS] = DAY,
	[TOKEN_PROBE] = DAY,
};

int
token_day(int64_t now)
{
	int64_t day = now < EPOCH ? 0 : (now - EPOCH) / DAY;

	return day > 0xffff ? 0xffff : (int)day;
}

bool
token_fresh(const struct token *t, int64_t now)
{
	int64_t issued = EPOCH + (int64_t)t->day * DAY;

	if (t->purpose <= 0 || t->purpose >= TOKEN_PURPOSES)
		return false;
	return t->day <= token_day(now) + 1 &&
	    now < issued + DAY + life[t->purpose];
}

void
token_name(const void *p, size_t n, char out[TOKEN_NAME + 1])
{
	uint8_t sum[HASH_SIZE];
	struct hash h;

	hash_init(&h);
	hash_add(&h, p, n);
	hash_end(&h, sum);
	hash_hex(sum, TOKEN_NAME / 2, out);
}

/* The value of a character of Crockford's base32, or -1. */
static int
digit_value(char c)
{
	static const char digit[] = "0123456789abcdefghjkmnpqrstvwxyz";
	const char *at;

	c = ascii_lower(c);
	if (c == 'o')
		return 0;
	if (c == 'i' || c == 'l')
		return 1;
	at = c != '\0' ? strchr(digit, c) : NULL;
	return at != NULL ? (int)(at - digit) : -1;
}

/* n characters to n * 5 / 8 bytes.  The bits that are over must be 0: there is
 * one way to write a token.  Reads no further than to the first bad one. */
static bool
decode(const char *s, size_t n, uint8_t *out)
{
	unsigned bits = 0, have = 0;

	for (size_t i = 0; i < n; i++) {
		int v = digit_value(s[i]);

		if (v == -1)
			return false;
		bits = (bits << 5 | (unsigned)v) & 0xfff;
		have += 5;
		if (have >= 8) {
			have -= 8;
			*out++ = (uint8_t)(bits >> have);
		}
	}
	return (bits & ((1u << have) - 1)) == 0;
}

static bool
decode_token(const char *text, uint8_t out[TOKEN_BYTES])
{
	return strnlen(text, TOKEN_CHARS + 1) == TOKEN_CHARS &&
	    decode(text, TOKEN_CHARS, out);
}

static void
encode_token(const uint8_t bytes[TOKEN_BYTES], char out[TOKEN_CHARS + 1])
{
	uint8_t padded[TOKEN_BYTES + 1] = { 0 };

	memcpy(padded, bytes, TOKEN_BYTES);
	hash_base32(padded, TOKEN_BITS, out);
}

/* A number, n bytes long, the highest first. */
static void
put(uint8_t *p, int n, int64_t v)
{
	for (; n-- > 0; v >>= 8)
		p[n] = (uint8_t)v;
}

static int64_t
get(const uint8_t *p, int n)
{
	int64_t v = 0;

	while (n-- > 0)
		v = v << 8 | *p++;
	return v;
}

/* An HMAC with a key that is good for one purpose only; 0: a reference. */
static void
mac_begin(
    struct hmac_sha256_ctx *h, const uint8_t key[DESK_KEY], uint8_t purpose)
{
	uint8_t text[] = "purpose?", derived[HASH_SIZE];

	text[sizeof(text) - 2] = purpose;
	hash_hmac(key, DESK_KEY, text, sizeof(text) - 1, derived);
	hmac_sha256_set_key(h, sizeof(derived), derived);
	explicit_bzero(derived, sizeof(derived));
}

/* In lower case, with its NUL: addresses and domains are the same in any. */
static void
mac_text(struct hmac_sha256_ctx *h, const char *s)
{
	uint8_t lower[64];
	size_t n = 0;

	do {
		lower[n++] = (uint8_t)ascii_lower(*s);
		if (n == sizeof(lower) || *s == '\0') {
			hmac_sha256_update(h, n, lower);
			n = 0;
		}
	} while (*s++ != '\0');
}

/* The first n bytes; nothing of the key stays on the stack. */
static void
mac_end(struct hmac_sha256_ctx *h, uint8_t *out, size_t n)
{
	hmac_sha256_digest(h, n, out);
	explicit_bzero(h, sizeof(*h));
}

static void
token_mac(const uint8_t key[DESK_KEY], const uint8_t body[BODY],
    const char *domain, const char *address, uint8_t out[MAC])
{
	struct hmac_sha256_ctx h;

	mac_begin(&h, key, body[1]);
	mac_text(&h, "deskd token v1");
	hmac_sha256_update(&h, 1, body + 1);
	mac_text(&h, domain);
	mac_text(&h, address);
	hmac_sha256_update(&h, BODY, body);
	mac_end(&h, out, MAC);
}

char *
token_make(struct arena *a, const struct desk_keys *k, const struct token *t,
    const char *domain, const char *address)
{
	uint8_t bytes[TOKEN_BYTES];
	char *out = arena_alloc(a, TOKEN_CHARS + 1);

	bytes[0] = (uint8_t)(VERSION << 4 | k->first);
	bytes[1] = (uint8_t)t->purpose;
	put(bytes + 2, 5, t->ticket);
	put(bytes + 7, 3, t->principal);
	put(bytes + 10, 2, t->day);
	put(bytes + 12, 2, t->sequence);
	token_mac(k->key[k->first], bytes, domain, address, bytes + BODY);
	encode_token(bytes, out);
	return out;
}

bool
token_read(const char *text, struct token *out)
{
	uint8_t b[TOKEN_BYTES];

	if (!decode_token(text, b) || b[0] >> 4 != VERSION || b[1] == 0 ||
	    b[1] >= TOKEN_ID)
		return false;
	*out = (struct token){
		.purpose = (enum token_purpose)b[1],
		.key = b[0] & 15,
		.ticket = get(b + 2, 5),
		.principal = get(b + 7, 3),
		.day = (int)get(b + 10, 2),
		.sequence = (int)get(b + 12, 2),
	};
	return true;
}

bool
token_proves(const struct desk_keys *k, const char *text, const char *domain,
    const char *address)
{
	uint8_t b[TOKEN_BYTES], want[MAC];
	struct token t;
	bool same;

	if (!token_read(text, &t) || !decode_token(text, b))
		return false;
	token_mac(k->key[t.key], b, domain, address, want);
	same = memeql_sec(want, b + BODY, MAC) != 0;
	return (same & k->have[t.key]) != 0;
}

/* Where the token must begin in an address of this desk, or NULL.  A short word
 * and a dot may stand before it: people who read headers like to see what an
 * address is for. */
static const char *
token_place(const char *base, const char *address)
{
	const char *base_at = strrchr(base, '@'), *at = strrchr(address, '@');
	size_t n, skip = base_at == NULL ? 0 : (size_t)(base_at - base);
	const char *from = address, *dot;

	if (base_at == NULL || at == NULL || strcasecmp(base_at, at) != 0)
		return NULL;
	n = (size_t)(at - address);
	if (skip > 0) {
		if (n <= skip || strncasecmp(address, base, skip) != 0 ||
		    address[skip] != '+')
			return NULL;
		from += skip + 1;
	}
	dot = memrchr(from, '.', (size_t)(at - from));
	if (dot != NULL)
		from = dot + 1;
	return at - from == TOKEN_CHARS ? from : NULL;
}

char *
token_of_address(struct arena *a, const char *base, const char *address)
{
	const char *from = token_place(base, address);
	uint8_t b[TOKEN_BYTES];
	struct token t;
	char *text;

	if (from == NULL)
		return NULL;
	text = arena_strndup(a, from, TOKEN_CHARS);
	if (!token_read(text, &t) || !decode_token(text, b))
		return NULL;
	encode_token(b, text);
	return text;
}

char *
token_address(struct arena *a, const char *base, const char *token)
{
	const char *domain = address_domain(base);
	int local = (int)strcspn(base, "@");

	if (local == 0)
		return arena_printf(a, "%s@%s", token, domain);
	return arena_printf(a, "%.*s+%s@%s", local, base, token, domain);
}

static void
short_mac(const uint8_t key[DESK_KEY], enum token_purpose purpose,
    int64_t ticket, const char *address, uint8_t out[SHORT_BYTES])
{
	struct hmac_sha256_ctx h;
	uint8_t number[8];

	put(number, sizeof(number), ticket);
	mac_begin(&h, key, (uint8_t)purpose);
	mac_text(&h, "deskd short v1");
	hmac_sha256_update(&h, sizeof(number), number);
	mac_text(&h, address);
	mac_end(&h, out, SHORT_BYTES);
}

char *
token_short(struct arena *a, const struct desk_keys *k,
    enum token_purpose purpose, int64_t ticket, const char *address)
{
	char *out = arena_alloc(a, TOKEN_SHORT + 1);
	uint8_t b[SHORT_BYTES];

	short_mac(k->key[k->first], purpose, ticket, address, b);
	hash_base32(b, SHORT_BITS, out);
	return out;
}

bool
token_short_proves(const struct desk_keys *k, const char *text,
    enum token_purpose purpose, int64_t ticket, const char *address)
{
	uint8_t b[SHORT_BYTES], want[SHORT_BYTES];
	bool ok = false;

	if (strnlen(text, TOKEN_SHORT + 1) != TOKEN_SHORT ||
	    !decode(text, TOKEN_SHORT, b))
		return false;
	for (int i = 0; i < DESK_KEYS; i++) {
		if (!k->have[i])
			continue;
		short_mac(k->key[i], purpose, ticket, address, want);
		ok |= memeql_sec(want, b, sizeof(b)) != 0;
	}
	return ok;
}

/* What stands behind the salt of a reference. */
static void
ref_mac(const uint8_t key[DESK_KEY], const uint8_t salt[REF_SALT],
    uint8_t out[SHORT_BYTES - REF_SALT])
{
	struct hmac_sha256_ctx h;

	mac_begin(&h, key, 0);
	mac_text(&h, "deskd ref v1");
	hmac_sha256_update(&h, REF_SALT, salt);
	mac_end(&h, out, SHORT_BYTES - REF_SALT);
}

/* The salt is another for each letter, and it tells nobody which. */
static void
ref_salt(const uint8_t key[DESK_KEY], int64_t ticket, int64_t serial,
    uint8_t out[REF_SALT])
{
	struct hmac_sha256_ctx h;
	uint8_t numbers[16];

	put(numbers, 8, ticket);
	put(numbers + 8, 8, serial);
	mac_begin(&h, key, 0);
	mac_text(&h, "deskd salt v1");
	hmac_sha256_update(&h, sizeof(numbers), numbers);
	mac_end(&h, out, REF_SALT);
}

char *
token_ref(
    struct arena *a, const struct desk_keys *k, int64_t ticket, int64_t serial)
{
	const uint8_t *key = k->key[k->first];
	char text[TOKEN_SHORT + 1];
	uint8_t b[SHORT_BYTES];

	ref_salt(key, ticket, serial, b);
	ref_mac(key, b, b + REF_SALT);
	hash_base32(b, SHORT_BITS, text);
	for (char *p = text; *p != '\0'; p++)
		if (*p >= 'a')
			*p = (char)(*p - 32);
	return arena_printf(a, "%.4s-%s", text, text + 4);
}

bool
token_is_ref(const struct desk_keys *k, const char *nine)
{
	uint8_t b[SHORT_BYTES], want[SHORT_BYTES - REF_SALT];
	char text[TOKEN_SHORT];
	bool ok = false;

	if (strnlen(nine, REF_CHARS) < REF_CHARS || nine[4] != '-')
		return false;
	memcpy(text, nine, 4);
	memcpy(text + 4, nine + 5, 4);
	if (!decode(text, TOKEN_SHORT, b))
		return false;
	for (int i = 0; i < DESK_KEYS; i++) {
		if (!k->have[i])
			continue;
		ref_mac(k->key[i], b, want);
		ok |= memeql_sec(want, b + REF_SALT, sizeof(want)) != 0;
	}
	return ok;
}
