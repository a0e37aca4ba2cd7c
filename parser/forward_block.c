/* The header of a mail that is passed on.  See forward_block.h. */
#include "parser/forward_block.h"

#include <string.h>
#include <strings.h>

#include "parser/ascii.h"
#include "parser/quote_words.h"
#include "parser/utf8.h"

#define LINE_LOOKED_AT 1000 /* bytes: a list of addresses is long */
#define BLOCK_LINES    24
#define OTHER_LINES    3 /* between fields that are none of ours */
#define WORDS          (WORD_SUBJECT + 1)

const char *
block_line(struct arena *a, const char *p, struct block_line *out)
{
	size_t n = strcspn(p, "\n"), skip = strspn(p, " \t>|");

	if (skip > n)
		skip = n;
	out->s = arena_strndup(
	    a, p + skip, utf8_cut(p + skip, n - skip, LINE_LOOKED_AT));
	out->folded = utf8_fold(a, utf8_line(a, out->s, LINE_LOOKED_AT));
	out->blank = out->folded[0] == '\0';
	return p[n] == '\n' ? p + n + 1 : p + n;
}

/* "[mailto:" as "<" and blanks before it. */
static void
blank_scheme(char *at)
{
	memset(at, ' ', 7);
	at[7] = '<';
}

/* "[mailto:x]" as "<x>", without the marks of bold text, and an address that
 * HTML says twice only once. */
static char *
plain_value(struct arena *a, const char *value)
{
	char *s = utf8_line(a, value, LINE_LOOKED_AT), *at, *end;

	while ((at = strstr(s, "[mailto:")) != NULL) {
		blank_scheme(at);
		end = strchr(at, ']');
		if (end != NULL)
			*end = '>';
	}
	while ((at = strstr(s, "<mailto:")) != NULL) {
		/* <a@b<mailto:a@b>> and a@b <mailto:a@b>: the first will do */
		end = at + strcspn(at, ">");
		if (memchr(s, '@', (size_t)(at - s)) != NULL) {
			memset(at, ' ', (size_t)(end - at));
			if (*end == '>' && end[1] != '>')
				*end = ' ';
		} else {
			blank_scheme(at);
		}
	}
	while ((at = strpbrk(s, "[]*")) != NULL)
		*at = ' ';
	return utf8_line(a, s, LINE_LOOKED_AT);
}

/* "Ann Lee [mailto:ann@example.com]" and its kind.  The name is NULL when
 * there is none, or when it is the address again. */
static void
read_person(
    struct arena *a, const char *value, const char **name, const char **addr)
{
	char *s = plain_value(a, value);
	struct address *list;

	if (address_list(a, s, strlen(s), &list, NULL) > 0) {
		*addr = list[0].addr;
		*name = list[0].name;
	} else {
		*name = utf8_line(
		    a, arena_strndup(a, s, strcspn(s, "<(@")), 200);
	}
	if (*name != NULL &&
	    (**name == '\0' ||
		(*addr != NULL && strcasecmp(*name, *addr) == 0)))
		*name = NULL;
}

/* Outlook separates people by semicolons. */
static size_t
people(struct arena *a, const char *value, struct address **out)
{
	char *s = plain_value(a, value);

	for (char *p = s; *p != '\0'; p++)
		if (*p == ';')
			*p = ',';
	return address_list(a, s, strlen(s), out, NULL);
}

static void
take(struct arena *a, struct block *b, enum header_word w, const char *value)
{
	switch (w) {
	case WORD_FROM:
		read_person(a, value, &b->from_name, &b->from_addr);
		break;
	case WORD_DATE:
		b->date = plain_value(a, value);
		break;
	case WORD_TO:
		b->to_n = people(a, value, &b->to);
		break;
	case WORD_CC:
		b->cc_n = people(a, value, &b->cc);
		break;
	case WORD_SUBJECT:
		b->subject = plain_value(a, value);
		break;
	case WORD_NONE:
		break;
	}
}

/* A field in the making: long lists go on, and some values stand below. */
struct open_field {
	enum header_word word;
	const char *value;
};

static void
close_field(struct arena *a, struct block *b, struct open_field *f)
{
	if (f->word != WORD_NONE)
		take(a, b, f->word, f->value);
	f->word = WORD_NONE;
}

/* Does a line without a word of its own belong to the open field? */
static bool
goes_on(const struct open_field *f, const struct block_line *l)
{
	size_t n;

	if (f->word == WORD_NONE || l->blank)
		return false;
	n = strlen(f->value);
	while (n > 0 && ascii_blank(f->value[n - 1]))
		n--;
	if (n == 0)
		return true;
	if (f->word != WORD_TO && f->word != WORD_CC)
		return false;
	return f->value[n - 1] == ',' || f->value[n - 1] == ';' ||
	    l->s[0] == '<';
}

/* The next line with something in it: is it a field that was not seen? */
static bool
more_follows(struct arena *a, const char *p, const bool seen[WORDS])
{
	struct block_line l = { .blank = true };

	for (int i = 0; i < 2 && l.blank && *p != '\0'; i++)
		p = block_line(a, p, &l);
	return !l.blank && words_header(l.folded) != WORD_NONE &&
	    !seen[words_header(l.folded)];
}

/* "Reply-To" and "Importance" count as fields and say nothing to us. */
static bool
is_copy(const char *folded)
{
	return strncmp(folded, "reply", 5) != 0 &&
	    strncmp(folded, "importance", 10) != 0;
}

void
block_read(struct arena *a, const char *p, struct block *b)
{
	struct open_field open = { .word = WORD_NONE };
	bool seen[WORDS] = { false };
	int other = 0;

	memset(b, 0, sizeof(*b));
	for (int i = 0; i < BLOCK_LINES && *p != '\0' && other < OTHER_LINES;
	     i++) {
		enum header_word w;
		struct block_line l;

		p = block_line(a, p, &l);
		if (l.blank) {
			if (b->fields >= 3 && !more_follows(a, p, seen))
				break;
			continue;
		}
		w = words_header(l.folded);
		if (w == WORD_NONE && goes_on(&open, &l)) {
			open.value = arena_printf(a, "%s %s", open.value, l.s);
			continue;
		}
		close_field(a, b, &open);
		if (w == WORD_NONE) {
			other++;
			continue;
		}
		if (seen[w] && w != WORD_CC)
			break; /* the mail itself begins so */
		b->fields += !seen[w];
		b->danish |= strncmp(l.folded, "fra", 3) == 0 &&
		    !ascii_alpha(l.folded[3]);
		open.word = w == WORD_CC && (seen[w] || !is_copy(l.folded))
		    ? WORD_NONE
		    : w;
		seen[w] = true;
		open.value = words_value(l.s);
	}
	close_field(a, b, &open);
}
