#ifndef DAEMON_DOCUMENT_H
#define DAEMON_DOCUMENT_H

#include <stddef.h>

#include "parser/buf.h"
#include "parser/json.h"

/*
 * One JSON document on standard output: an object that document_open() begins
 * and document_close() ends.  What gathers in between goes out in parts, so
 * that a long list needs no memory of its own.
 */
struct document {
	struct json j;
	struct buf text;
};

void document_open(struct document *d);
void document_close(struct document *d);

/* Between two rows: write out what has gathered, when it is worth it. */
void document_part(struct document *d);

/* Nobody and nothing are null, so that a script need not know our "". */
void json_text_or_null(struct json *j, const char *key, const char *value);

#endif
