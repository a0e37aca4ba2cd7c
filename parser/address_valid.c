/*
 * One address: the strict grammar for all that we send to, the wide one for all
 * that a mail may name, and the forms in which two are compared.  Lists of them
 * are address.c.
 */
#include <string.h>
#include <strings.h>

#include "parser/address.h"
#include "parser/ascii.h"
#include "parser/limits.h"
#include "parser/utf8.h"

static bool
local_valid(const char *s, size_t n)
{
	if (n == 0 || n > ADDRESS_LOCAL_MAX || s[0] == '.' || s[n - 1] == '.')
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s[i] <= ' ' || s[i] > '~' ||
		    strchr("<>()[]\\,;:\"@", s[i]) != NULL)
			return false;
		if (s[i] == '.' && s[i + 1] == '.')
			return false;
	}
	return true;
}

static bool
domain_valid(const char *s, size_t n)
{
	size_t label = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '.') {
			if (label == 0 || s[i - 1] == '-')
				return false;
			label = 0;
			continue;
		}
		if (!ascii_alpha(s[i]) && !ascii_digit(s[i]) && s[i] != '-' &&
		    s[i] != '_')
			return false;
		if ((s[i] == '-' && label == 0) || ++label > 63)
			return false;
	}
	return label > 0 && s[n - 1] != '-';
}

bool
address_valid(const char *addr)
{
	size_t n = strnlen(addr, ADDRESS_MAX + 1);
	const char *at = memchr(addr, '@', n);

	return n <= ADDRESS_MAX && at != NULL &&
	    local_valid(addr, (size_t)(at - addr)) &&
	    domain_valid(at + 1, n - (size_t)(at - addr) - 1);
}

/* A dot-atom with dots anywhere (phone companies hand out such), letters beyond
 * ASCII (RFC 6531 3.3), or a quoted string. */
static bool
local_readable(const char *s, size_t n)
{
	bool quoted = n > 2 && s[0] == '"' && s[n - 1] == '"';

	if (n == 0 || n > ADDRESS_LOCAL_MAX)
		return false;
	if (quoted) {
		s++;
		n -= 2;
	}
	for (size_t i = 0; i < n; i++)
		if (s[i] == 0x7f || (unsigned char)s[i] < ' ' ||
		    strchr(quoted ? "\"\\<>" : " <>()[]\\,;:\"@", s[i]) != NULL)
			return false;
	return true;
}

/* "[192.0.2.1]", "[IPv6:2001:db8::1]": RFC 5321 4.1.3. */
static bool
literal_readable(const char *s, size_t n)
{
	if (n < 4 || s[n - 1] != ']')
		return false;
	s++;
	n -= 2;
	if (n > 5 && strncasecmp(s, "IPv6:", 5) == 0) {
		s += 5;
		n -= 5;
	}
	for (size_t i = 0; i < n; i++)
		if (ascii_hex(s[i]) < 0 && s[i] != '.' && s[i] != ':')
			return false;
	return true;
}

/* As domain_valid(), where any letter beyond ASCII counts as one of a-z. */
static bool
domain_readable(const char *s, size_t n)
{
	char plain[ADDRESS_MAX + 1];

	if (n > ADDRESS_MAX)
		return false;
	if (n > 0 && s[0] == '[')
		return literal_readable(s, n);
	for (size_t i = 0; i < n; i++)
		plain[i] = (char)((unsigned char)s[i] < 0x80 ? s[i] : 'x');
	plain[n] = '\0';
	return domain_valid(plain, n);
}

/* UTF-8 whose characters can be seen. */
static bool
letters_readable(const char *s, size_t n)
{
	const char *end = s + n;

	if (!utf8_valid(s, n))
		return false;
	while (s < end) {
		uint32_t c = utf8_next(&s, end);

		if (c >= 0x80 && (utf8_space(c) || utf8_hidden(c)))
			return false;
	}
	return true;
}

bool
address_readable(const char *addr)
{
	size_t n = strnlen(addr, ADDRESS_MAX + 1);
	const char *at = n == 0 ? NULL : addr + n - 1;

	while (at > addr && *at != '@')
		at--;
	return n <= ADDRESS_MAX && at != NULL && *at == '@' &&
	    letters_readable(addr, n) &&
	    local_readable(addr, (size_t)(at - addr)) &&
	    domain_readable(at + 1, n - (size_t)(at - addr) - 1);
}

/* Scripts whose letters look alike. */
static int
script_of(uint32_t c)
{
	return c < 0x80                 ? (ascii_alpha((char)c) ? 1 : 0)
	    : c >= 0xc0 && c < 0x250    ? 1
	    : c >= 0x370 && c < 0x400   ? 2
	    : c >= 0x400 && c < 0x530   ? 4
	    : c >= 0x530 && c < 0x590   ? 8
	    : c >= 0x13a0 && c < 0x1400 ? 16
					: 0;
}

bool
address_mixed(const char *addr)
{
	const char *p = addr, *end = addr + strlen(addr);
	int seen = 0;

	while (p < end) {
		uint32_t c = utf8_next(&p, end);

		if (c == '.' || c == '@')
			seen = 0;
		seen |= script_of(c);
		if ((seen & (seen - 1)) != 0)
			return true;
	}
	return false;
}

char *
address_key(struct arena *a, const char *addr)
{
	char *key = arena_strdup(a, addr);

	for (char *p = key; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + 32);
	return key;
}

char *
address_budget(struct arena *a, const char *addr)
{
	char *key = address_key(a, addr), *o = key;
	const char *domain = address_domain(key);
	bool gmail = strcmp(domain, "gmail.com") == 0 ||
	    strcmp(domain, "googlemail.com") == 0;
	const char *p = key;

	for (; *p != '\0' && *p != '@' && *p != '+'; p++)
		if (*p != '.' || !gmail)
			*o++ = *p;
	p = strchr(p, '@');
	if (p == NULL)
		return key;
	memmove(o, p, strlen(p) + 1);
	return key;
}

const char *
address_domain(const char *addr)
{
	const char *at = strrchr(addr, '@');

	return at == NULL ? "" : at + 1;
}

bool
address_same(const char *a, const char *b)
{
	return strcasecmp(a, b) == 0;
}
