/*
 * Message-IDs (RFC 5322 3.6.4): finding those of others in what the field
 * holds, making ours, and knowing ours again by their mark.
 */
#include "parser/msgid.h"

#include <stdlib.h>
#include <string.h>

#include <nettle/memops.h>

#include "parser/hash.h"
#include "parser/limits.h"
#include "parser/utf8.h"

struct ids {
	struct arena *a;
	const char **list;
	size_t n, cap;
};

/* Take blanks and controls out of an id; returns its length. */
static size_t
squeeze(char *out, size_t max, const char *s, size_t n)
{
	size_t len = 0;

	for (size_t i = 0; i < n && len < max; i++)
		if ((unsigned char)s[i] > ' ' && s[i] != 0x7f && s[i] != '<' &&
		    s[i] != '>')
			out[len++] = s[i];
	out[len] = '\0';
	return len;
}

/* Take what stands between < and >: blanks of folding go, as do controls, and
 * once more what only a charset has made a blank. */
static void
take(struct ids *ids, const char *s, size_t n)
{
	char *id = arena_alloc(ids->a, (n < MAIL_ID_MAX ? n : MAIL_ID_MAX) + 1);
	size_t len = squeeze(id, MAIL_ID_MAX, s, n);

	if (!utf8_valid(id, len)) {
		id = utf8_line(ids->a, utf8_from(ids->a, NULL, id, len, NULL),
		    MAIL_ID_MAX);
		squeeze(id, MAIL_ID_MAX, id, strlen(id));
	}
	if (id[0] == '\0')
		return;
	ids->list = arena_grow(
	    ids->a, ids->list, ids->n, &ids->cap, sizeof(*ids->list));
	ids->list[ids->n++] = id;
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == ',' || c == ';' || c == '\r' ||
	    c == '\n';
}

/* Without any <>: the words that have an @ inside. */
static void
bare_words(struct ids *ids, const char *s, size_t n)
{
	const char *end = s + n, *p;

	while (s < end) {
		for (p = s; p < end && !blank(*p); p++)
			continue;
		if (p - s > 2 &&
		    memchr(s + 1, '@', (size_t)(p - s) - 2) != NULL)
			take(ids, s, (size_t)(p - s));
		s = p < end ? p + 1 : end;
	}
}

size_t
msgid_list(struct arena *a, const char *value, size_t n, const char ***out)
{
	struct ids ids = { .a = a };
	const char *end = value + n, *s = value, *open, *close;

	while ((open = memchr(s, '<', (size_t)(end - s))) != NULL) {
		open++;
		close = memchr(open, '>', (size_t)(end - open));
		take(
		    &ids, open, (size_t)((close != NULL ? close : end) - open));
		s = close != NULL ? close + 1 : end;
	}
	if (ids.n == 0)
		bare_words(&ids, value, n);
	*out = ids.list;
	if (ids.n > MAIL_REFERENCES_MAX) {
		*out += ids.n - MAIL_REFERENCES_MAX;
		ids.n = MAIL_REFERENCES_MAX;
	}
	return ids.n;
}

/* The 40 bits that prove an id: over its local part without the mark. */
static void
mark(const uint8_t key[DESK_KEY], const char *local, size_t n,
    char out[MSGID_MARK + 1])
{
	uint8_t sum[HASH_SIZE];

	hash_hmac(key, DESK_KEY, local, n, sum);
	hash_base32(sum, (size_t)MSGID_MARK * 5, out);
}

char *
msgid_make(struct arena *a, const struct desk_keys *k, const char *tag,
    const char *thread, const char *domain)
{
	char *local = arena_printf(a, "%s.%s", tag, thread);
	char bits[MSGID_MARK + 1];

	mark(k->key[k->first], local, strlen(local), bits);
	return arena_printf(a, "%s.%s@%s", local, bits, domain);
}

/* Digits that fit; *p moves behind them. */
static int64_t
digits(const char **p)
{
	int64_t v = 0;
	int n = 0;

	for (; **p >= '0' && **p <= '9'; ++*p, n++)
		if (n < 16)
			v = v * 10 + (**p - '0');
	return n == 0 || n > 16 ? -1 : v;
}

/* The mark behind the local part of n bytes, by whichever key. */
static bool
mark_proves(const struct desk_keys *k, const char *local, size_t n,
    const char got[MSGID_MARK])
{
	char want[MSGID_MARK + 1];
	bool ok = false;

	for (int i = 0; i < DESK_KEYS; i++) {
		if (!k->have[i])
			continue;
		mark(k->key[i], local, n, want);
		ok |= memeql_sec(want, got, MSGID_MARK) != 0;
	}
	return ok;
}

bool
msgid_own(const struct desk_keys *k, const char *prefix, const char *id,
    struct msgid_own *out)
{
	size_t prefix_n = strlen(prefix);
	struct msgid_own own = { 0 };
	const char *p = id + prefix_n, *dot;

	if (strncmp(id, prefix, prefix_n) != 0)
		return false;
	own.ticket = digits(&p);
	if (own.ticket <= 0 || *p++ != '.')
		return false;
	if (*p == 's' || *p == 'v')
		own.kind = *p++;
	own.serial = digits(&p);
	dot = p;
	if (own.serial < 0 || *dot != '.' ||
	    strnlen(dot + 1, MSGID_MARK + 1) <= MSGID_MARK ||
	    dot[1 + MSGID_MARK] != '@')
		return false;
	if (!mark_proves(k, id, (size_t)(dot - id), dot + 1))
		return false;
	*out = own;
	return true;
}
