/*
 * The values of header fields: encoded words, parameters, addresses, ids,
 * dates and subjects.  The first byte chooses which.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parser/date.h"
#include "parser/limits.h"
#include "parser/mail.h"
#include "parser/msgid.h"
#include "parser/param.h"
#include "parser/utf8.h"
#include "parser/word.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_line(const char *s)
{
	assert(utf8_valid(s, strlen(s)));
	for (; *s != '\0'; s++)
		assert((unsigned char)*s >= ' ' && *s != 0x7f);
}

static void
word(struct arena *a, const char *s, size_t n)
{
	char *line = word_decode(a, s, n, "iso-8859-2", 500);

	check_line(line);
	assert(strlen(line) <= 500);
	assert(word_length(s, n) <= n);
}

static void
params(struct arena *a, const char *s, size_t n)
{
	struct params ps;
	char *text, *name;
	size_t k;

	param_parse(a, s, n, &ps);
	assert(ps.n <= MAIL_PARAMS_MAX);
	text = param_text(a, &ps, "name", NULL, 900);
	if (text != NULL) {
		check_line(text);
		name = param_file_name(a, text);
		if (name != NULL) {
			check_line(name);
			assert(strlen(name) <= MAIL_NAME_MAX);
			assert(strpbrk(name, "/\\") == NULL && name[0] != '.');
		}
	}
	if (param_bytes(a, &ps, "boundary", &k) != NULL)
		assert(k <= MAIL_FIELD_MAX);
}

static void
addresses(struct arena *a, const char *s, size_t n)
{
	struct address *list;
	size_t bad, k = address_list(a, s, n, &list, &bad);

	assert(k <= MAIL_ADDRESSES_MAX);
	for (size_t i = 0; i < k; i++) {
		char *key = address_key(a, list[i].addr);
		char *budget = address_budget(a, list[i].addr);

		assert(address_valid(list[i].addr));
		assert(address_same(key, list[i].addr));
		assert(
		    strcmp(address_domain(key), address_domain(budget)) == 0);
		check_line(list[i].name);
	}
}

static void
ids(struct arena *a, const char *s, size_t n)
{
	static const uint8_t key[32] = { 1 };
	struct msgid_own own;
	const char **list;
	size_t k = msgid_list(a, s, n, &list);

	assert(k <= MAIL_REFERENCES_MAX);
	for (size_t i = 0; i < k; i++) {
		check_line(list[i]);
		assert(list[i][0] != '\0' && strlen(list[i]) <= MAIL_ID_MAX);
		/* 40 bits are not guessed */
		assert(!msgid_own(key, sizeof(key), "EX-", list[i], &own));
	}
}

static void
date(struct arena *a, const char *s, size_t n)
{
	int64_t when, again;
	char text[DATE_SIZE];
	int zone;

	(void)a;
	if (!date_parse(s, n, &when, &zone))
		return;
	date_rfc5322(when, zone, text);
	assert(date_parse(text, strlen(text), &again, &zone));
	assert(again == when);
	date_rfc3339(when, text);
	assert(date_parse(text, strlen(text), &again, &zone));
	assert(again == when);
}

static void
subject(struct arena *a, const char *s, size_t n)
{
	char *line = utf8_line(a, utf8_from(a, NULL, s, n, NULL), 1000);
	char *key = mail_subject_key(a, line, "EX-");

	check_line(key);
	assert(mail_subject_ticket(line, "EX-") >= 0);
	(void)mail_subject_forward(a, line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const kinds[])(struct arena *, const char *,
	    size_t) = { word, params, addresses, ids, date, subject };
	struct arena a = { 0 };

	if (size == 0)
		return 0;
	kinds[data[0] % 6](&a, (const char *)data + 1, size - 1);
	arena_done(&a);
	return 0;
}
