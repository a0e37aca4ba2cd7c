/* Knowing our own mail again (RELIABILITY 5.2). */
#include "rules/loopmark.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <nettle/memops.h>

#include "parser/hash.h"
#include "parser/limits.h"

#define MAC_BITS 80
#define MAC_SIZE (MAC_BITS / 5 + 1)
#define HOPS_CAP 99

/* What the mac is over. */
static char *
mac_text(struct arena *a, const char *host, const char *id)
{
	return arena_printf(a, "deskd loop v1\n%s\n%s", host, id);
}

static void
mac_make(const uint8_t key[DESK_KEY], const char *text, char out[MAC_SIZE])
{
	uint8_t sum[HASH_SIZE];

	hash_hmac(key, DESK_KEY, text, strlen(text), sum);
	hash_base32(sum, MAC_BITS, out);
}

char *
loop_mark(struct arena *a, const struct desk_keys *k, const char *host,
    const char *id)
{
	char mac[MAC_SIZE];
	char *local = arena_strndup(a, id, strcspn(id, "@"));

	mac_make(k->key[k->first], mac_text(a, host, local), mac);
	return arena_printf(a, "v1; host=%s; id=%s; mac=%s", host, local, mac);
}

/* The value of "name=value;" in s; "" when it is not there. */
static char *
part(struct arena *a, const char *s, const char *name)
{
	size_t n = strlen(name);

	for (; *s != '\0'; s += strcspn(s, ";"), s += *s == ';') {
		s += strspn(s, " \t");
		if (strncmp(s, name, n) == 0 && s[n] == '=')
			return arena_strndup(
			    a, s + n + 1, strcspn(s + n + 1, "; \t"));
	}
	return arena_strdup(a, "");
}

static bool
mark_is_ours(struct arena *a, const struct desk_keys *k, const char *s)
{
	const char *got = part(a, s, "mac"), *text;
	char want[MAC_SIZE];
	bool ok = false;

	if (strncmp(s, "v1;", 3) != 0 || strlen(got) != MAC_SIZE - 1)
		return false;
	text = mac_text(a, part(a, s, "host"), part(a, s, "id"));
	for (int i = 0; i < DESK_KEYS; i++) {
		if (!k->have[i])
			continue;
		mac_make(k->key[i], text, want);
		ok |= memeql_sec(want, got, MAC_SIZE - 1) != 0;
	}
	return ok;
}

bool
loop_is_ours(struct arena *a, const struct desk_keys *k, const struct mail *m)
{
	for (size_t i = 0; i < m->fields_n; i++)
		if (strcasecmp(m->fields[i].name, LOOP_FIELD) == 0 &&
		    strlen(m->fields[i].value) < MAIL_SUBJECT_MAX &&
		    mark_is_ours(a, k, m->fields[i].value))
			return true;
	return false;
}

int
loop_hops(const struct mail *m)
{
	const char *s = mail_field(m, HOPS_FIELD);
	int hops = 0;

	for (; s != NULL && *s >= '0' && *s <= '9' && hops < HOPS_CAP; s++)
		hops = hops * 10 + (*s - '0');
	return hops < HOPS_CAP ? hops : HOPS_CAP;
}
