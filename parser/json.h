#ifndef PARSER_JSON_H
#define PARSER_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "parser/buf.h"

/*
 * Writing JSON (RFC 8259): commas and escapes are taken care of, nesting is
 * the caller's.  key is NULL inside an array and at the top.  Text must be
 * UTF-8; NULL is written as null.
 */
struct json {
	struct buf *out;
	int depth;
	bool comma; /* the next value needs one */
};

void json_init(struct json *j, struct buf *out);
void json_object(struct json *j, const char *key);
void json_object_end(struct json *j);
void json_array(struct json *j, const char *key);
void json_array_end(struct json *j);
void json_text(struct json *j, const char *key, const char *value);
void json_int(struct json *j, const char *key, int64_t value);
void json_bool(struct json *j, const char *key, bool value);
/* Text that is JSON already, as it stands. */
void json_raw(struct json *j, const char *key, const char *json);
void json_time(struct json *j, const char *key, int64_t when); /* 0 is null */

#endif
