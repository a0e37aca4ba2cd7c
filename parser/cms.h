#ifndef PARSER_CMS_H
#define PARSER_CMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What an S/MIME part holds (CMS, RFC 5652, in BER as mail programs write it:
 * definite and indefinite lengths, octet strings in pieces).  Bytes go in, in
 * pieces of any size; what was signed comes out.  Linear in the bytes, and of
 * fixed memory whatever they are.
 *
 * It verifies no signature and decrypts nothing.
 */
#define CMS_DEPTH_MAX 24 /* of elements in each other; real ones have 8 */

enum cms_kind {
	CMS_NONE, /* no CMS, or too little of it to tell */
	CMS_SIGNED,
	CMS_ENCRYPTED,
	CMS_COMPRESSED,
	CMS_OTHER
};

struct cms_level {
	uint64_t end; /* where the element ends, if it says */
	bool open;    /* indefinite: it ends at an end-of-contents */
	int role;
	int children;
};

struct cms {
	enum cms_kind kind;
	bool content; /* some of what was signed is there */
	bool whole;   /* and all of it */
	bool broken;

	bool done; /* the rest is of no interest */
	uint64_t at;
	struct cms_level stack[CMS_DEPTH_MAX];
	size_t stack_n;
	uint8_t head[10]; /* tag and length of the next element */
	size_t head_n;
	int role;     /* of the primitive element whose bytes follow */
	uint64_t run; /* how many */
	uint8_t oid[16];
	size_t oid_n;
};

struct cms_sink {
	void (*bytes)(void *ctx, const char *p, size_t n);
	void *ctx;
};

void cms_init(struct cms *c);
void cms_feed(
    struct cms *c, const void *p, size_t n, const struct cms_sink *sink);
void cms_end(struct cms *c);

#endif
