#ifndef PARSER_UU_H
#define PARSER_UU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Files that stand uuencoded in the middle of a text: "begin 644 name", lines,
 * "end".  Bytes go in, in pieces of any size; text and files come out apart.
 * A "begin" that no line of uuencode follows is text.
 */
#define UU_LINE_MAX 200

struct uu_sink {
	void (*text)(void *ctx, const char *p, size_t n);
	/* A file starts; at is where its "begin" stood in the input. */
	void (*begin)(void *ctx, const char *name, size_t n, uint64_t at);
	void (*bytes)(void *ctx, const char *p, size_t n);
	void (*end)(void *ctx, uint64_t at, bool whole);
	void *ctx;
};

enum uu_state {
	UU_TEXT,
	UU_BEGUN, /* "begin" was seen: is the next line of its kind? */
	UU_FILE
};

struct uu {
	enum uu_state state;
	bool long_line;               /* the rest of a line that is text */
	char line[UU_LINE_MAX];       /* what is there of the present one */
	char begin_line[UU_LINE_MAX]; /* "begin ..." while it is doubted */
	size_t n, begin_n;
	uint64_t at; /* of the line in the input */
	uint64_t begin_at;
};

void uu_init(struct uu *u);
void uu_feed(struct uu *u, const char *p, size_t n, const struct uu_sink *s);
void uu_end(struct uu *u, const struct uu_sink *s);

/* One line of uuencode (without its end) to out (room for 64): its bytes, -1:
 * it is none. */
int uu_read_line(const char *s, size_t n, char *out);

#endif
