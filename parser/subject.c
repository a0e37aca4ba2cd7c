/*
 * Subjects: what is left of one without reply marks and ticket tags.
 */
#include <string.h>
#include <strings.h>

#include "parser/limits.h"
#include "parser/mail.h"
#include "parser/utf8.h"

/* "Re", "Fwd" and their translations, folded, without the colon. */
static const char *const marks[] = { "re", "fw", "fwd", "aw", "wg", "antw",
	"antwort", "sv", "vs", "vl", "vb", "doorst", "rv", "enc", "res", "tr",
	"rif", "r", "i", "odp", "pd", "ynt", "ilt", "ref", "reenv", "betr",
	"bls", "trs", "bt", "tf", "yn", "hl", "отв", "ответ", "на", "пересл",
	"نص", "回复", "回覆", "答复", "转发", "轉寄", "返信", "転送", "답장",
	"전달", "external", "ext" };

/* Behind "[EX-1042]", any prefix in any case; NULL: there is none here. */
static const char *
skip_tag(const char *s, const char *prefix, int64_t *number)
{
	size_t n = strlen(prefix);
	int64_t v = 0;
	int digits = 0;

	if (*s != '[' || strncasecmp(s + 1, prefix, n) != 0)
		return NULL;
	for (s += 1 + n; *s >= '0' && *s <= '9' && digits < 16; s++, digits++)
		v = v * 10 + (*s - '0');
	if (digits == 0 || *s != ']')
		return NULL;
	*number = v;
	return s + 1;
}

int64_t
mail_subject_ticket(const char *subject, const char *prefix)
{
	int64_t number;

	if (subject == NULL)
		return 0;
	for (; *subject != '\0'; subject++)
		if (skip_tag(subject, prefix, &number) != NULL)
			return number;
	return 0;
}

/* Behind one mark: "re:", "re[2]:", "aw (3):", "fw：", "[external]". */
static const char *
skip_mark(const char *s)
{
	bool bracket = *s == '[';
	const char *from = s + bracket, *p;
	size_t n;

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		n = strlen(marks[i]);
		if (strncmp(from, marks[i], n) != 0)
			continue;
		p = from + n;
		if (bracket && *p == ']')
			return p[1] == ':' ? p + 2 : p + 1;
		if (*p == '[' || *p == '(' || *p == '^' || *p == '*')
			p += 1 + strspn(p + 1, "0123456789])");
		p += strspn(p, " ");
		if (!bracket && *p == ':')
			return p + 1;
		if (!bracket && strncmp(p, "\xef\xbc\x9a", 3) == 0)
			return p + 3; /* the full-width colon */
	}
	return NULL;
}

/* Copy without tags, white space as one blank. */
static void
copy(char *out, const char *s, const char *prefix)
{
	char *o = out;
	int64_t number;

	while (*s != '\0') {
		const char *next = skip_tag(s, prefix, &number);

		if (next != NULL) {
			s = next;
			continue;
		}
		if (*s != ' ')
			*o++ = *s;
		else if (o > out && o[-1] != ' ')
			*o++ = ' ';
		s++;
	}
	while (o > out && o[-1] == ' ')
		o--;
	*o = '\0';
}

/* "[EXTERNAL] Fwd: x", "[EX-1042] [list] WG: x" */
static const char *
skip_brackets(const char *s)
{
	for (int i = 0; i < 4 && *s == '['; i++) {
		const char *end = strchr(s, ']');

		if (end == NULL)
			break;
		s = end + 1 + strspn(end + 1, " :");
	}
	return s;
}

/* mutt's "[ann@example.com: her subject]". */
static bool
forward_in_brackets(const char *s)
{
	size_t n = strcspn(s, " :");
	const char *at = memchr(s, '@', n);

	return *s == '[' && at != NULL && at > s + 1 && s[n] == ':' &&
	    s[n + 1] == ' ' && s[strlen(s) - 1] == ']';
}

bool
mail_subject_forward(struct arena *a, const char *subject)
{
	static const char *const forwards[] = { "fw", "fwd", "wg", "tr", "rv",
		"enc", "vb", "vl", "pd", "doorst", "videres", "vidb", "i",
		"转发", "轉寄", "転送", "전달", "пересл", "ilt", "prd", "fs",
		"forward", "forwarded", "weitergeleitet", "reenv", "encam",
		"transf", "tovabbitva", "tovabbitas", "redirectionat",
		"doorgestuurd", "videresendt", "vidarebefordrat", "prosl",
		"posredovano", "πρθ", "προωθ", "переслано", "препр", "转寄",
		"轉發", "הועבר", "إعادة توجيه" };
	const char *line = utf8_line(a, subject, MAIL_SUBJECT_MAX), *s;

	if (forward_in_brackets(line))
		return true;
	s = skip_brackets(utf8_fold(a, utf8_line(a, subject, 160)));
	for (size_t i = 0; i < sizeof(forwards) / sizeof(*forwards); i++) {
		size_t n = strlen(forwards[i]);
		const char *p = s + n;

		if (strncmp(s, forwards[i], n) != 0)
			continue;
		p += strspn(p, " ");
		if (*p == ':' || strncmp(p, "\xef\xbc\x9a", 3) == 0)
			return true;
	}
	return false;
}

bool
mail_subject_marked(struct arena *a, const char *subject)
{
	return skip_mark(utf8_fold(a, utf8_line(a, subject, 80))) != NULL;
}

char *
mail_subject_key(struct arena *a, const char *subject, const char *prefix)
{
	char *line = utf8_line(
	    a, subject == NULL ? "" : subject, MAIL_SUBJECT_MAX);
	char *key;
	const char *p, *next;

	copy(line, line, prefix);
	p = utf8_fold(a, line);
	while (p += strspn(p, " "), (next = skip_mark(p)) != NULL)
		p = next;
	key = arena_strdup(a, p);
	return key;
}
