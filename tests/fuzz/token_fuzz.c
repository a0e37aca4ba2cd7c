/*
 * Tokens as strangers write them.  What is read and made again is the same, and
 * nothing proves but what was made.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "parser/token.h"

#define BASE    "support@example.com"
#define DOMAIN  "example.com"
#define ADDRESS "ana@example.com"
#define SAID    22 /* characters that hold no bit of the MAC */

static const struct desk_keys keys = {
	.key = { [1] = "a key of thirty-two bytes, first",
	    [2] = "another key, made at a rotation." },
	.have = { [1] = true, [2] = true },
	.first = 1,
};

static bool
same(const struct token *x, const struct token *y)
{
	return x->purpose == y->purpose && x->key == y->key &&
	    x->ticket == y->ticket && x->principal == y->principal &&
	    x->day == y->day && x->sequence == y->sequence;
}

/* text has the form: t is what it says. */
static void
again(struct arena *a, const char *text, const struct token *t)
{
	struct desk_keys k = keys;
	struct token second = { 0 };
	char *made, *plain;
	bool proves = token_proves(&keys, text, DOMAIN, ADDRESS);

	assert(t->ticket >= 0 && t->ticket < INT64_C(1) << 40);
	assert(t->principal >= 0 && t->principal < 1 << 24);
	assert(t->key >= 0 && t->key < DESK_KEYS);
	k.first = t->key;
	made = token_make(a, &k, t, DOMAIN, ADDRESS);
	assert(token_read(made, &second) && same(t, &second));
	plain = token_of_address(a, BASE, token_address(a, BASE, text));
	assert(plain != NULL && memcmp(plain, made, SAID) == 0);
	assert(proves == (k.have[k.first] && strcmp(plain, made) == 0));
	assert(!token_proves(&keys, text, DOMAIN, "bob@example.com"));
	assert(!token_fresh(t, INT64_MAX));
	(void)token_fresh(t, INT64_MIN);
	(void)token_fresh(t, 1795392000);
}

static void
address(struct arena *a, const char *text)
{
	static const char *const bases[] = { BASE, "@help.example.com", "" };
	struct token t;

	for (size_t i = 0; i < sizeof(bases) / sizeof(*bases); i++) {
		char *got = token_of_address(a, bases[i], text), *second;

		if (got == NULL)
			continue;
		assert(token_read(got, &t));
		second = token_of_address(
		    a, bases[i], token_address(a, bases[i], got));
		assert(second != NULL && strcmp(second, got) == 0);
	}
	(void)token_of_address(a, text, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct token t = { 0 };
	char *text = malloc(size + 1); /* ASan sees its end */

	memcpy(text, data, size);
	text[size] = '\0';
	if (token_read(text, &t))
		again(&a, text, &t);
	else
		assert(!token_proves(&keys, text, DOMAIN, ADDRESS));
	address(&a, text);
	if (token_is_ref(&keys, text))
		assert(strlen(text) >= 9 && text[4] == '-');
	if (token_short_proves(&keys, text, TOKEN_REQUESTER, 1042, ADDRESS))
		assert(strlen(text) == TOKEN_SHORT);
	free(text);
	arena_done(&a);
	return 0;
}
