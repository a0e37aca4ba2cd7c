#ifndef PARSER_ASCII_H
#define PARSER_ASCII_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* What mail syntax needs of characters: ASCII only, whatever the locale. */

static inline bool
ascii_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static inline bool
ascii_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
ascii_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline char
ascii_lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c + 32);
	return c;
}

static inline char
ascii_upper(char c)
{
	if (c >= 'a' && c <= 'z')
		return (char)(c - 32);
	return c;
}

/* The value of a hexadecimal digit, -1: it is none. */
static inline int
ascii_hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0'
	    : c >= 'A' && c <= 'F'  ? c - 'A' + 10
	    : c >= 'a' && c <= 'f'  ? c - 'a' + 10
				    : -1;
}

/*
 * How many of the eight bytes at s, from the first, are printable and not below
 * `low`: ' ' takes blanks as well, '!' only letters and marks.  A borrow spoils
 * nothing but bytes behind the first that is out.
 */
static inline size_t
ascii_run8(const char *s, unsigned char low)
{
	const uint64_t ones = 0x0101010101010101u;
	uint64_t v, del;

	memcpy(&v, s, sizeof(v));
	v = le64toh(v);
	del = v ^ ones * 0x7f;
	v = (v | (v - ones * low) | (del - ones)) & ones * 0x80;
	return v == 0 ? 8 : (size_t)__builtin_ctzll(v) / 8;
}

/* The same in any case?  Most names differ in the first letter. */
static inline bool
ascii_same(const char *a, const char *b)
{
	return ((*a ^ *b) & 0xdf) == 0 && strcasecmp(a, b) == 0;
}

/* Does s begin with this, in any case? */
static inline bool
ascii_starts(const char *s, const char *with)
{
	return strncasecmp(s, with, strlen(with)) == 0;
}

/* Where part, in any case, first stands in s, or NULL.  For short texts. */
static inline const char *
ascii_find(const char *s, const char *part)
{
	size_t n = strlen(part);

	for (; *s != '\0'; s++)
		if (ascii_lower(*s) == ascii_lower(*part) &&
		    strncasecmp(s, part, n) == 0)
			return s;
	return NULL;
}

/* Is word one of a list with one blank between? */
static inline bool
ascii_listed(const char *list, const char *word)
{
	size_t n = strlen(word);

	while (*list != '\0') {
		size_t k = strcspn(list, " ");

		if (k == n && memcmp(list, word, n) == 0)
			return true;
		list += k + (list[k] == ' ');
	}
	return false;
}

#endif
