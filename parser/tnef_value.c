/*
 * What the values of a winmail.dat mean: which are wanted, names in their code
 * pages, the texts.  How they are found is tnef.c.
 */
#include <string.h>

#include "parser/param.h"
#include "parser/tnef_private.h"
#include "parser/utf8.h"

/* The properties that are read ([MS-OXPROPS]). */
static const struct {
	uint16_t id;
	bool of_file;
	enum to to;
} wanted[] = {
	{ 0x1000, false, TO_TEXT },
	{ 0x1013, false, TO_HTML },
	{ 0x1009, false, TO_RTF },
	{ 0x3ffd, false, TO_PAGE },
	{ 0x3fde, false, TO_HTML_PAGE },
	{ 0x3701, true, TO_FILE },
	{ 0x3707, true, TO_NAME_LONG },
	{ 0x3704, true, TO_NAME_SHORT },
	{ 0x3001, true, TO_NAME_SHOWN },
	{ 0x370e, true, TO_TYPE },
	{ 0x3712, true, TO_ID },
};

/* Code pages whose name is not "cp" and the number. */
static const struct {
	uint32_t page;
	const char *charset;
} pages[] = {
	{ 1200, "utf-16le" },
	{ 10000, "macintosh" },
	{ 20127, "us-ascii" },
	{ 20866, "koi8-r" },
	{ 20932, "euc-jp" },
	{ 21866, "koi8-u" },
	{ 50222, "iso-2022-jp" },
	{ 50225, "iso-2022-kr" },
	{ 51932, "euc-jp" },
	{ 51936, "gb2312" },
	{ 51949, "euc-kr" },
	{ 52936, "gb2312" },
	{ 54936, "gb18030" },
	{ 65001, "utf-8" },
};

static const char *
charset_of(struct arena *a, uint32_t page)
{
	if (page == 0)
		return NULL;
	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++)
		if (pages[i].page == page)
			return pages[i].charset;
	if (page > 28590 && page < 28606)
		return arena_printf(a, "iso-8859-%u", page - 28590);
	return arena_printf(a, "cp%u", page);
}

int
tnef_property_for(const struct tnef *t)
{
	bool of_file = t->attribute == ATTR_FILE_PROPS;

	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		if (wanted[i].id == t->tag >> 16 &&
		    wanted[i].of_file == of_file)
			return (int)wanted[i].to;
	return TO_NOTHING;
}

int
tnef_plain_for(uint32_t attribute)
{
	static const struct {
		uint32_t attribute;
		int to;
	} plain[] = {
		{ ATTR_BODY, TO_TEXT },
		{ ATTR_FILE_BYTES, TO_FILE },
		{ ATTR_CODE_PAGE, TO_PAGES },
		{ ATTR_FILE_TITLE, TO_NAME_TITLE },
	};

	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++)
		if (plain[i].attribute == attribute)
			return plain[i].to;
	return TO_NOTHING;
}

struct tnef_file *
tnef_file(struct tnef *t)
{
	return t->files_n == 0 ? NULL : &t->files[t->files_n - 1];
}

void
tnef_file_begin(struct tnef *t)
{
	if (t->files_n == t->files_max) {
		t->over = true;
		return;
	}
	t->files = arena_grow(
	    t->a, t->files, t->files_n, &t->files_cap, sizeof(*t->files));
	t->files[t->files_n] = (struct tnef_file){ 0 };
	hash_init(&t->hash);
	hash_end(&t->hash, t->files[t->files_n++].sha256);
}

static char *
decoded(struct tnef *t, const char *bytes, size_t n, bool wide, uint32_t page)
{
	return utf8_from(
	    t->a, wide ? "utf-16le" : charset_of(t->a, page), bytes, n, NULL);
}

/* A text that was kept, to UTF-8. */
static char *
kept_text(struct tnef *t)
{
	return decoded(t, buf_text(&t->kept), t->kept.len,
	    (t->tag & 0xfff) == TNEF_WIDE, t->code_page);
}

static uint32_t
kept_number(const struct tnef *t)
{
	const char *p = buf_text(&t->kept);
	uint8_t four[4] = { 0 };

	memcpy(four, p, t->kept.len < 4 ? t->kept.len : 4);
	return (uint32_t)four[0] | (uint32_t)four[1] << 8 |
	    (uint32_t)four[2] << 16 | (uint32_t)four[3] << 24;
}

static void
read_page(struct tnef *t)
{
	if (t->to == TO_HTML_PAGE)
		t->html_page = kept_number(t);
	else if (t->to == TO_PAGES || t->code_page == 0)
		t->code_page = kept_number(t);
}

/* Of several names the best is taken, and of two alike the first. */
static void
read_name(struct tnef *t)
{
	struct tnef_file *f = tnef_file(t);
	const char *name;

	if (t->over || f == NULL || f->name_rank >= t->to)
		return;
	f->name_rank = t->to;
	name = param_file_name(t->a, kept_text(t));
	if (name != NULL)
		f->name = name;
}

static void
read_type(struct tnef *t)
{
	struct tnef_file *f = tnef_file(t);
	struct params p;
	char *text;

	if (t->over || f == NULL || f->type != NULL)
		return;
	text = kept_text(t);
	param_parse(t->a, text, strlen(text), &p);
	f->type = utf8_line(t->a, p.value, 127);
}

static void
read_id(struct tnef *t)
{
	struct tnef_file *f = tnef_file(t);

	if (!t->over && f != NULL && f->id == NULL)
		f->id = utf8_line(t->a, kept_text(t), 200);
}

/* Which code page it is in may be said later. */
static void
read_text(struct tnef *t)
{
	struct tnef_text *x = &t->texts[t->to == TO_HTML];

	if (x->bytes != NULL)
		return;
	x->bytes = arena_memdup(t->a, buf_text(&t->kept), t->kept.len);
	x->n = t->kept.len;
	x->wide = (t->tag & 0xfff) == TNEF_WIDE;
}

static void
read_rtf(struct tnef *t)
{
	if (t->rtf != NULL)
		return;
	t->rtf = arena_memdup(t->a, buf_text(&t->kept), t->kept.len);
	t->rtf_n = t->kept.len;
	t->rtf_at = t->at - t->kept.len;
}

static void (*const readers[TO_COUNT])(struct tnef *) = {
	[TO_PAGES] = read_page,
	[TO_PAGE] = read_page,
	[TO_HTML_PAGE] = read_page,
	[TO_NAME_SHOWN] = read_name,
	[TO_NAME_SHORT] = read_name,
	[TO_NAME_TITLE] = read_name,
	[TO_NAME_LONG] = read_name,
	[TO_TYPE] = read_type,
	[TO_ID] = read_id,
	[TO_TEXT] = read_text,
	[TO_HTML] = read_text,
	[TO_RTF] = read_rtf,
};

void
tnef_value_read(struct tnef *t)
{
	if (readers[t->to] != NULL)
		readers[t->to](t);
}

static const char *
text_end(struct tnef *t, const struct tnef_text *x, uint32_t page)
{
	return x->bytes == NULL ? NULL
				: decoded(t, x->bytes, x->n, x->wide, page);
}

void
tnef_texts_read(struct tnef *t)
{
	t->text = text_end(t, &t->texts[0], t->code_page);
	t->html = text_end(t, &t->texts[1], t->html_page);
}
