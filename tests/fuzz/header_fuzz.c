/*
 * Header fields, and their values: encoded words, parameters, addresses, ids,
 * dates and subjects.  The first byte chooses which.  What was understood and
 * is written again is understood in the same way.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parser/date.h"
#include "parser/encode.h"
#include "parser/header.h"
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

/* Written as compose writes it, the address is read again as it was. */
static void
address_again(struct arena *a, const struct address *was)
{
	struct address *list;
	struct encode f;
	struct buf b;
	size_t bad;
	char *name;

	buf_init(&b, 0);
	encode_open(&f, a, &b, "To");
	encode_phrase(&f, was->name);
	name = arena_printf(a, "<%s>", was->addr);
	encode_token(&f, name, strlen(name));
	encode_close(&f);
	assert(address_list(a, b.data + 3, b.len - 3, &list, &bad) == 1);
	assert(bad == 0 && strcmp(list[0].addr, was->addr) == 0);
	buf_done(&b);
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

		assert(address_readable(list[i].addr));
		assert(address_same(key, list[i].addr));
		assert(
		    strcmp(address_domain(key), address_domain(budget)) == 0);
		check_line(list[i].name);
		/* what we write to; readers drop a ' at the ends */
		if (address_valid(list[i].addr) &&
		    strchr(list[i].addr, '\'') == NULL)
			address_again(a, &list[i]);
	}
}

static void
ids(struct arena *a, const char *s, size_t n)
{
	static const struct desk_keys keys = { .have = { true } };
	struct msgid_own own;
	const char **list;
	size_t k = msgid_list(a, s, n, &list);
	const char **again;
	char *all = arena_strdup(a, "");

	assert(k <= MAIL_REFERENCES_MAX);
	for (size_t i = 0; i < k; i++) {
		check_line(list[i]);
		assert(list[i][0] != '\0' && strlen(list[i]) <= MAIL_ID_MAX);
		/* 40 bits are not guessed */
		assert(!msgid_own(&keys, "EX-", list[i], &own));
		if (i < 20)
			all = arena_printf(a, "%s <%s>", all, list[i]);
	}
	assert(msgid_list(a, all, strlen(all), &again) == (k < 20 ? k : 20));
	for (size_t i = 0; i < k && i < 20; i++)
		assert(strcmp(again[i], list[i]) == 0);
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
	assert(strlen(key) <= 3 * strlen(line));
	assert(mail_subject_ticket(line, "EX-") >= 0);
	(void)mail_subject_forward(a, line);
}

/* A whole header: every field is found by its name. */
static void
fields(struct arena *a, const char *s, size_t n)
{
	struct header h;

	header_parse(a, s, n, n / 2 + 20, &h);
	assert(h.n <= MAIL_FIELDS_MAX);
	for (size_t i = 0; i < h.n; i++) {
		assert(h.fields[i].name[0] != '\0');
		assert(strpbrk(h.fields[i].name, " :\t\r\n") == NULL);
		assert(strpbrk(h.fields[i].value, "\r\n") == NULL);
		assert(header_get(&h, h.fields[i].name) != NULL);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const kinds[])(struct arena *, const char *,
	    size_t) = { word, params, addresses, ids, date, subject, fields };
	struct arena a = { 0 };

	if (size == 0)
		return 0;
	kinds[data[0] % 7](&a, (const char *)data + 1, size - 1);
	arena_done(&a);
	return 0;
}
