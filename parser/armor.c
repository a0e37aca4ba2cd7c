/* OpenPGP armor in a text, line by line. */
#include "parser/armor.h"

#include <string.h>

#include "parser/ascii.h"
#include "parser/buf.h"

#define BEGIN_SIGNED    "-----BEGIN PGP SIGNED MESSAGE-----"
#define BEGIN_SIGNATURE "-----BEGIN PGP SIGNATURE-----"
#define END_SIGNATURE   "-----END PGP SIGNATURE-----"
#define BEGIN_MESSAGE   "-----BEGIN PGP MESSAGE-----"
#define BLOCKS_MAX      100 /* looked for in one text: the time is linear */
#define END_MESSAGE     "-----END PGP MESSAGE-----"

/* Length of the line at s without its end; *next is the line behind. */
static size_t
line_at(const char *s, const char **next)
{
	size_t n = strcspn(s, "\n");

	*next = s + n + (s[n] == '\n');
	while (n > 0 && (ascii_blank(s[n - 1]) || s[n - 1] == '\r'))
		n--;
	return n;
}

static bool
is_line(const char *s, size_t n, const char *want)
{
	return n == strlen(want) && memcmp(s, want, n) == 0;
}

/* "Hash: SHA256", "Version: GnuPG v2", "Comment: ..." */
static bool
is_key(const char *s, size_t n)
{
	const char *colon = memchr(s, ':', n);

	if (colon == NULL || colon == s)
		return false;
	for (; s < colon; s++)
		if (!ascii_alpha(*s) && !ascii_digit(*s) && *s != '-')
			return false;
	return true;
}

/* Behind the armor's own fields and the blank line; NULL: there is none. */
static const char *
behind_keys(const char *s)
{
	const char *next;

	for (; *s != '\0'; s = next) {
		size_t n = line_at(s, &next);

		if (n == 0)
			return next;
		if (!is_key(s, n))
			return NULL;
	}
	return NULL;
}

static bool
is_base64(const char *s, size_t n)
{
	if (n > 100)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!ascii_alpha(s[i]) && !ascii_digit(s[i]) &&
		    strchr("+/=", s[i]) == NULL)
			return false;
	return true;
}

/* Behind lines of base64 and the line that ends them, or the end of a text
 * that was cut; NULL: something else stands there. */
static const char *
behind_armor(const char *s, const char *last)
{
	const char *next;
	size_t lines = 0;

	s = behind_keys(s);
	for (; s != NULL && *s != '\0'; s = next) {
		size_t n = line_at(s, &next);

		if (is_line(s, n, last))
			return next;
		if (!is_base64(s, n))
			return NULL;
		lines += n > 0;
	}
	return lines > 0 ? s : NULL;
}

/* Behind the signature, or at what cannot belong to it. */
static const char *
behind_signature(const char *s)
{
	const char *next;

	for (; *s != '\0'; s = next) {
		size_t n = line_at(s, &next);

		if (is_line(s, n, END_SIGNATURE))
			return next;
		if (!is_key(s, n) && !is_base64(s, n))
			return s;
	}
	return s;
}

/* What was signed, from s to the signature, without "- " (7.2). */
static const char *
take_signed(struct buf *out, const char *s)
{
	const char *next;

	for (; *s != '\0'; s = next) {
		size_t n = line_at(s, &next);
		size_t skip = strncmp(s, "- ", 2) == 0 ? 2 : 0;

		if (is_line(s, n, BEGIN_SIGNATURE))
			return behind_signature(next);
		buf_add(out, s + skip, (size_t)(next - s) - skip);
	}
	return s;
}

/* A block that begins at s goes to out as it is to be read; NULL: there is
 * none. */
static const char *
take_block(struct buf *out, const char *s, const char *note, bool *encrypted)
{
	const char *next, *end;
	size_t n = line_at(s, &next);

	if (is_line(s, n, BEGIN_SIGNED)) {
		end = behind_keys(next);
		if (end == NULL || strstr(end, "\n" BEGIN_SIGNATURE) == NULL)
			return NULL;
		return take_signed(out, end);
	}
	if (!is_line(s, n, BEGIN_MESSAGE))
		return NULL;
	end = behind_armor(next, END_MESSAGE);
	if (end == NULL)
		return NULL;
	*encrypted = true;
	buf_str(out, note);
	buf_char(out, '\n');
	return end;
}

const char *
armor_read(struct arena *a, const char *text, const char *note, bool *encrypted)
{
	const char *s = strstr(text, "-----BEGIN PGP "), *next;
	struct buf out;
	size_t blocks = 0;
	char *read;

	if (s == NULL)
		return text;
	buf_init(&out, 0);
	for (s = text; *s != '\0'; s = next) {
		next = *s == '-' && blocks < BLOCKS_MAX
		    ? take_block(&out, s, note, encrypted)
		    : NULL;
		if (next != NULL) {
			blocks++;
			continue;
		}
		blocks += is_line(s, line_at(s, &next), BEGIN_SIGNED);
		buf_add(&out, s, (size_t)(next - s));
	}
	read = arena_memdup(a, buf_text(&out), out.len);
	buf_done(&out);
	return read;
}
