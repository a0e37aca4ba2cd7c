/* The pieces that times are written in: words and numbers. */
#include <string.h>

#include "parser/ascii.h"
#include "parser/utf8.h"
#include "rules/moment_private.h"

void
moment_blanks(struct moment *m)
{
	while (ascii_blank(*m->p))
		m->p++;
}

bool
moment_ends(const char *p)
{
	if (*p == '.')
		p++;
	return *p == '\0' || ascii_blank(*p) || strchr(",;:!?)", *p) != NULL;
}

static bool
is_letter(const char *p)
{
	return ascii_alpha(*p) || (unsigned char)*p >= 0xc2;
}

const char *
moment_word_at(const char *p, char out[MOMENT_WORD_MAX])
{
	const char *end = p + strnlen(p, (size_t)MOMENT_WORD_MAX * 4);
	size_t n = 0;

	while (p < end && n + 5 < MOMENT_WORD_MAX) {
		bool joint = (*p == '-' || *p == '\'') && n > 0 &&
		    is_letter(p + 1);

		if (!is_letter(p) && !joint)
			break;
		n += utf8_fold_char(out + n, utf8_next(&p, end));
	}
	out[n] = '\0';
	return p;
}

bool
moment_take(struct moment *m, enum moment_word kind, int *value)
{
	const char *from = m->p, *p;
	char word[MOMENT_WORD_MAX];

	while (ascii_blank(*from))
		from++;
	p = moment_word_at(from, word);
	if (p == from || !moment_ends(p) || !moment_word(kind, word, value))
		return false;
	m->p = p + (*p == '.' && p - from <= 4);
	return true;
}

bool
moment_number(struct moment *m, int digits, int *value)
{
	const char *p = m->p;
	int v = 0, n = 0;

	for (; ascii_digit(*p) && n < digits; n++)
		v = v * 10 + (*p++ - '0');
	if (n == 0 || ascii_digit(*p))
		return false;
	m->p = p;
	*value = v;
	return true;
}
