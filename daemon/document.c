/* One JSON document on standard output, in parts. */
#include "daemon/document.h"

#include <stdio.h>

#define PART (64 << 10) /* bytes worth a write */

void
document_open(struct document *d)
{
	buf_init(&d->text, 0);
	json_init(&d->j, &d->text);
	json_object(&d->j, NULL);
}

static void
put(struct document *d)
{
	if (d->text.len > 0)
		fwrite(buf_text(&d->text), 1, d->text.len, stdout);
	buf_clear(&d->text);
}

void
document_part(struct document *d)
{
	if (d->text.len >= PART)
		put(d);
}

void
document_close(struct document *d)
{
	json_object_end(&d->j);
	put(d);
	buf_done(&d->text);
}

void
json_text_or_null(struct json *j, const char *key, const char *value)
{
	json_text(j, key, value == NULL || value[0] == '\0' ? NULL : value);
}
