/* What all letters to requesters share.  See the header. */
#include "rules/letter.h"

#include <string.h>
#include <strings.h>

#include "parser/ascii.h"
#include "parser/buf.h"
#include "parser/limits.h"
#include "parser/utf8.h"

#define SUBJECT_ROOM 60 /* bytes kept for "Re: " and a tag */

/* The bytes of "Re:", "AW[2]: " and the like in front of s. */
static size_t
answer_mark(const char *s)
{
	static const char *const marks[] = { "re", "aw", "antw", "sv", "vs",
		"odp", "r", "rv" };
	size_t n;

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		n = strlen(marks[i]);
		if (strncasecmp(s, marks[i], n) != 0)
			continue;
		if (s[n] == '[' || s[n] == '(')
			n += strcspn(s + n, "])") + 1;
		if (strnlen(s, n) == n && s[n] == ':')
			return n + 1 + strspn(s + n + 1, " ");
	}
	return 0;
}

/* The bytes of "[EX-77]" and blanks at s; 0: no tag of ours stands there. */
static size_t
tag_mark(const char *s, const char *prefix)
{
	size_t n = strlen(prefix), k;

	if (*s != '[' || strncasecmp(s + 1, prefix, n) != 0)
		return 0;
	k = strspn(s + 1 + n, "0123456789");
	if (k == 0 || s[1 + n + k] != ']')
		return 0;
	return n + k + 2 + strspn(s + n + k + 2, " ");
}

char *
letter_bare_subject(struct arena *a, const struct conf *c, const char *subject)
{
	const char *s = utf8_line(
	    a, subject == NULL ? "" : subject, MAIL_SUBJECT_MAX - SUBJECT_ROOM);
	char *out = arena_strdup(a, s), *to = out;
	size_t n;

	s += strspn(s, " ");
	while (*s != '\0') {
		n = tag_mark(s, c->tickets.prefix);
		if (n == 0 && to == out)
			n = answer_mark(s);
		if (n > 0)
			s += n;
		else
			*to++ = *s++;
	}
	while (to > out && to[-1] == ' ')
		to--;
	*to = '\0';
	return out;
}

char *
letter_tagged(
    struct arena *a, const struct conf *c, const char *subject, const char *tag)
{
	const char *mark = arena_printf(a, "[%s]", tag);

	if (c->tickets.subject_tag == TAG_NONE || strstr(subject, mark) != NULL)
		return arena_strdup(a, subject);
	if (c->tickets.subject_tag == TAG_LEFT)
		return arena_printf(a, "%s %s", mark, subject);
	return arena_printf(a, "%s %s", subject, mark);
}

char *
letter_subject(
    struct arena *a, const struct conf *c, const char *subject, const char *tag)
{
	const char *s = letter_bare_subject(a, c, subject);

	return letter_tagged(a, c, arena_printf(a, "Re: %s", s), tag);
}

size_t
letter_chain(struct arena *a, const struct letter_parent *p, const char ***out)
{
	const char **ids = arena_calloc(a, p->references_n + 2, sizeof(*ids));
	bool there = false;
	size_t n = 0;

	for (size_t i = 0; i < p->references_n; i++)
		ids[n++] = p->references[i];
	if (n == 0 && p->in_reply_to != NULL)
		ids[n++] = p->in_reply_to;
	for (size_t i = 0; p->message_id != NULL && i < n && !there; i++)
		there = strcmp(ids[i], p->message_id) == 0;
	if (p->message_id != NULL && !there)
		ids[n++] = p->message_id;
	*out = ids;
	return n;
}

void
letter_field(struct letter_fields *f, const char *name, const char *value)
{
	if (value == NULL || *value == '\0' || f->n + 3 > LETTER_FIELDS_MAX)
		return;
	f->list[f->n++] = name;
	f->list[f->n++] = value;
}

/* RFC 3986 2.3; more is safe in a mailto:, but not in every mail program. */
static void
put_encoded(struct buf *b, const char *s, const char *safe)
{
	static const char hex[] = "0123456789ABCDEF";

	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (ascii_alpha(*s) || ascii_digit(*s) ||
		    strchr(safe, *s) != NULL) {
			buf_char(b, *s);
		} else if (*s == '\n') {
			buf_str(b, "%0D%0A");
		} else {
			buf_char(b, '%');
			buf_char(b, hex[c >> 4]);
			buf_char(b, hex[c & 15]);
		}
	}
}

char *
letter_mailto(
    struct arena *a, const char *address, const char *subject, const char *body)
{
	struct buf b;
	char *out;

	buf_init(&b, 0);
	buf_str(&b, "mailto:");
	put_encoded(&b, address, "-._~@");
	buf_str(&b, "?subject=");
	put_encoded(&b, subject, "-._~");
	buf_str(&b, "&body=");
	put_encoded(&b, body, "-._~");
	out = arena_strdup(a, buf_text(&b));
	buf_done(&b);
	return out;
}
