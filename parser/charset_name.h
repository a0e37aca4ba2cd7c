#ifndef PARSER_CHARSET_NAME_H
#define PARSER_CHARSET_NAME_H

#include <stddef.h>

/* The fixed list of charsets that are read, by the names that mails give them.
 * Only the files of utf8_from() include this. */
enum charset_kind {
	SET_UNKNOWN,
	SET_ASCII,
	SET_UTF8,
	SET_LATIN1,
	SET_UTF16,
	SET_HZ,  /* RFC 1843 */
	SET_JIS, /* ISO-2022-JP, through Shift_JIS */
	SET_ICONV
};

struct charset {
	const char *name; /* lower case, letters and digits only */
	enum charset_kind kind;
	const char *iconv;
};

/* Never NULL: kind SET_UNKNOWN is what is not on the list. */
const struct charset *charset_find(const char *name);

/* Row i of the list; NULL behind its end. */
const struct charset *charset_at(size_t i);

#endif
