#ifndef PARSER_TNEF_H
#define PARSER_TNEF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/buf.h"
#include "parser/hash.h"

/*
 * winmail.dat: the files and the text that Outlook wrapped up ([MS-OXTNEF]).
 * Bytes go in, in pieces of any size.  Files are measured and hashed as they
 * pass and never held; names and texts are kept within limits.h.  Time is
 * linear and memory bounded whatever the bytes are.
 *
 * A message inside is a file like any other: it is not entered.
 */
struct tnef_file {
	const char *name; /* UTF-8, made safe; NULL when there is none */
	const char *type; /* "image/png", lower case; NULL when not said */
	const char *id;   /* Content-ID, or NULL */
	bool message;     /* an Outlook message */
	uint64_t at;      /* where its bytes are in the stream */
	uint64_t size;
	uint8_t sha256[HASH_SIZE];
	int name_rank; /* which of the names it has was taken */
};

struct tnef {
	struct arena *a;
	size_t text_max, files_max;
	struct tnef_file *files;
	size_t files_n, files_cap;
	const char *text; /* UTF-8, or NULL */
	const char *html; /* the same, with its tags */
	const char *rtf;  /* as Outlook compressed it, or NULL */
	size_t rtf_n;
	uint64_t rtf_at;
	bool broken; /* something is not as it should be */
	bool over;   /* more files than files_max */
	bool cut;    /* a text longer than text_max */
	bool any;    /* an attribute was read */

	/* the state between two pieces */
	int step;
	uint64_t at;
	uint8_t held[24]; /* what a step waits for */
	size_t held_n;
	uint32_t attribute; /* its id, how much of it is left, and its sum */
	uint64_t left;
	uint16_t sum;
	uint32_t props, values; /* properties and values that are to come */
	uint32_t tag;           /* of the present property */
	uint64_t run, pad;      /* bytes of the value, and behind it */
	int to;                 /* what the value is for */
	bool naming;            /* the value is the name of a property */
	struct tnef_text {
		const char *bytes; /* as they came, NULL: none */
		size_t n;
		bool wide;
	} texts[2]; /* plain, HTML: their code page comes later */
	struct buf kept;
	struct hash hash;
	uint32_t code_page, html_page;
};

/* text_max, files_max: no more than this is kept. */
void tnef_init(
    struct tnef *t, struct arena *a, size_t text_max, size_t files_max);
void tnef_feed(struct tnef *t, const void *p, size_t n);
/* The end of the bytes; frees what is not in the arena. */
void tnef_end(struct tnef *t);

#endif
