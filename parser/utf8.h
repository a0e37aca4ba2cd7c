#ifndef PARSER_UTF8_H
#define PARSER_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"

/*
 * Past the border of parser/ all text is valid, NUL-free UTF-8.  These are the
 * gates: everything that comes from outside goes through one of them.
 */

/* How many bytes of ASCII stand at s; a NUL is none of them. */
size_t utf8_ascii(const char *s, const char *end);

/* Valid UTF-8 (RFC 3629: no surrogates, no overlong forms), no NUL? */
bool utf8_valid(const char *s, size_t n);

/* Decode one character at *p (p < end); moves *p; U+FFFD for a bad byte. */
uint32_t utf8_next(const char **p, const char *end);

/* White space of any script, line and paragraph separators too. */
bool utf8_space(uint32_t c);

/* Characters that show nothing and can only deceive (T34). */
bool utf8_hidden(uint32_t c);

/* Append c as UTF-8 to out (room for 4); returns the bytes written. */
size_t utf8_put(char *out, uint32_t c);

/*
 * Any bytes in any charset to clean UTF-8 in NFC.  charset may be NULL, unknown
 * or "iso-8859-1" against all evidence: then valid UTF-8 is taken as such, else
 * what has the shape of another charset, else windows-1252.  UTF-7 is never
 * decoded (T33).  NUL and controls but TAB and LF are dropped, CRLF
 * and CR become LF.  *guessed (may be NULL) says that charset was not used.
 */
char *utf8_from(struct arena *a, const char *charset, const char *s, size_t n,
    bool *guessed);

/* Does a charset say something about text that names none?  UTF-8 and Latin-1
 * do not: they are tried anyway, and often named without being meant. */
bool charset_tells(const char *charset);

/* What windows-1252 has at U+0080 to U+009F; U+FFFD: nothing. */
uint32_t charset_c1(uint32_t c);

/* Is it one of those that are read?  No charset at all is not. */
bool charset_known(const char *charset);

/* Is a control character in it always one byte and never part of another? */
bool charset_plain(const char *charset);

/* Are there control characters that no text needs?  TAB and line ends are not
 * meant, nor is the form feed. */
bool utf8_controls(const char *s, size_t n);

/*
 * Takes out of a text what turns its direction (T34), and what only hides words
 * from a search: soft hyphens, zero-width spaces, tags.  Joiners and marks that
 * scripts need stay.  True when a turn was among it.
 */
bool utf8_neutral(char *s);

/*
 * The conversions that glibc would load from files, loaded now and kept until
 * charset_release(): for a process that may open no file (the box).  NULL is
 * never returned; what could not be loaded is read as windows-1252 later.
 */
struct charset_set;
struct charset_set *charset_preload(void);
void charset_release(struct charset_set *set);

/* One line for header values and logs: runs of white space become one blank,
 * controls, bidi marks and zero-width characters go, cut to max bytes. */
char *utf8_line(struct arena *a, const char *s, size_t max);

/* The longest prefix of at most max bytes that does not cut a character. */
size_t utf8_cut(const char *s, size_t n, size_t max);

/* Case and accents folded, any blank a plain one, for comparing words. */
char *utf8_fold(struct arena *a, const char *s);
/* The same for one character: bytes written to out (room for 4), 0 for an
 * accent that stands alone. */
size_t utf8_fold_char(char *out, uint32_t c);

#endif
