/*
 * The configuration reader on any bytes.  The input is split at 0xff bytes
 * into files a.conf, b.conf ...; each may include the others.  Whatever comes:
 * an end, a clean result or an error, and a report that is valid UTF-8.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parser/conf.h"
#include "parser/utf8.h"
#include "rules/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FILES 4

struct input {
	const char *at[FILES];
	size_t n[FILES], count;
};

static int
input_read(void *ctx, struct arena *a, const char *path, char **data, size_t *n,
    struct err *e)
{
	const struct input *in = ctx;
	size_t i = (size_t)(unsigned char)path[0] - 'a';

	if (i >= in->count || strcmp(path + 1, ".conf") != 0)
		return err_set(e, ERR_REJECT, "%s: no such file", path);
	*data = arena_memdup(a, in->at[i], in->n[i]);
	*n = in->n[i];
	return 0;
}

static int
input_glob(void *ctx, struct arena *a, const char *pattern, char ***paths,
    size_t *n, struct err *e)
{
	const struct input *in = ctx;

	(void)pattern;
	(void)e;
	*paths = arena_calloc(a, FILES, sizeof(**paths));
	for (*n = 0; *n < in->count; (*n)++)
		(*paths)[*n] = arena_printf(a, "%c.conf", 'a' + (char)*n);
	return 0;
}

static void
input_pattern(void *ctx, struct arena *a, const char *text, const char *flags,
    size_t most, struct conf_pattern *out)
{
	struct pattern_trial trial = { .most = most };

	(void)ctx;
	pattern_judge(a, text, flags, &trial, out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct input in = { .count = 0 };
	struct conf_source src = { .read = input_read,
		.glob = input_glob,
		.pattern = input_pattern,
		.ctx = &in };
	struct buf text;
	struct conf_report rep = { .text = &text };
	struct conf *c = NULL;
	int rc;

	while (in.count < FILES) {
		const uint8_t *cut = memchr(data, 0xff, size);
		size_t n = cut != NULL ? (size_t)(cut - data) : size;

		in.at[in.count] = (const char *)data;
		in.n[in.count++] = n;
		if (cut == NULL)
			break;
		data += n + 1;
		size -= n + 1;
	}
	buf_init(&text, 1 << 20);
	rc = conf_load(&a, "a.conf", &src, &c, &rep);
	conf_summary(&text, "a.conf", &rep);
	assert((rc == 0) == (rep.errors == 0) && (rc == 0) == (c != NULL));
	assert(utf8_valid(buf_text(&text), text.len));
	if (c != NULL) {
		assert(c->address != NULL && c->languages_n > 0);
		assert(conf_is_own(c, c->address));
		conf_later(&a, c);
	}
	buf_done(&text);
	arena_done(&a);
	return 0;
}
