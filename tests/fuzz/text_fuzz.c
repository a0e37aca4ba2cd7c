/*
 * What makes text of bytes: charsets, HTML, format=flowed, quotes, language,
 * JSON.  The first byte chooses the charset and what follows.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parser/flowed.h"
#include "parser/html.h"
#include "parser/json.h"
#include "parser/known.h"
#include "parser/language.h"
#include "parser/nfc.h"
#include "parser/quote.h"
#include "parser/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_text(const char *s)
{
	assert(utf8_valid(s, strlen(s)));
	for (; *s != '\0'; s++)
		assert((unsigned char)*s >= ' ' || *s == '\n' || *s == '\t');
}

static void
check_html(struct arena *a, const char *text)
{
	struct html_result x;

	html_read(a, text, &x);
	check_text(x.text);
	assert(strcmp(html_text(a, text), x.text) == 0);
	assert(strlen(x.text) <= 8 * strlen(text) + 64);
	for (size_t i = 0; i < x.quotes_n; i++)
		assert(x.quotes[i].from <= x.quotes[i].to &&
		    x.quotes[i].to <= strlen(x.text));
}

static void
check_quote(struct arena *a, const char *text)
{
	struct quote_input in = { .text = text };
	size_t forward;
	char *cut = quote_cut(a, &in, &forward);

	check_text(cut);
	assert(strlen(cut) <= strlen(text));
	assert(forward == QUOTE_NO_FORWARD || forward <= strlen(text));
	in.known = text;
	assert(strlen(quote_cut(a, &in, NULL)) <= strlen(text));
}

static void
check_json(const char *text)
{
	struct json j;
	struct buf b;

	buf_init(&b, 0);
	json_init(&j, &b);
	json_object(&j, NULL);
	json_text(&j, text, text);
	json_object_end(&j);
	assert(utf8_valid(b.data, b.len) && j.depth == 0);
	buf_done(&b);
}

/* Folding and cleaning what is folded and clean changes nothing. */
static void
check_forms(struct arena *a, const char *text)
{
	char *fold = utf8_fold(a, text), *line = utf8_line(a, text, 500);
	char *copy = arena_strdup(a, text);

	assert(strcmp(utf8_nfc(a, copy), text) == 0);
	(void)utf8_neutral(copy);
	assert(!utf8_neutral(copy) && utf8_valid(copy, strlen(copy)));
	assert(utf8_valid(fold, strlen(fold)));
	assert(strcmp(utf8_fold(a, fold), fold) == 0);
	assert(utf8_valid(line, strlen(line)) && strlen(line) <= 500);
	assert(strcmp(utf8_line(a, line, 500), line) == 0);
	if (strncmp(text, "\xef\xbb\xbf", 3) == 0) /* goes at a beginning */
		return;
	assert(
	    strcmp(utf8_from(a, "utf-8", text, strlen(text), NULL), text) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { NULL, "utf-8", "iso-2022-jp",
		"gb2312", "shift_jis", "utf-16", "koi8-r", "utf-7", "big5",
		"euc-kr", "windows-1252", "utf-32" };
	struct arena a = { 0 };
	bool guessed;
	char *text;

	if (size == 0)
		return 0;
	text = utf8_from(&a, names[data[0] % 12], (const char *)data + 1,
	    size - 1, &guessed);
	check_text(text);
	assert(strlen(text) <= 4 * size);
	check_html(&a, text);
	check_text(flowed_unwrap(&a, text, (data[0] & 16) != 0));
	check_quote(&a, text);
	check_json(text);
	check_forms(&a, text);
	(void)language_guess(&a, text);
	arena_done(&a);
	return 0;
}
