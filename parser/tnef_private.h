#ifndef PARSER_TNEF_PRIVATE_H
#define PARSER_TNEF_PRIVATE_H

#include "parser/tnef.h"

/* The inside of the reader of winmail.dat: tnef.c walks through the stream,
 * tnef_value.c knows what the values mean. */
enum attribute {
	ATTR_BODY = 0x0002800c,
	ATTR_FILE_BYTES = 0x0006800f,
	ATTR_FILE_BEGIN = 0x00069002,
	ATTR_MESSAGE_PROPS = 0x00069003,
	ATTR_FILE_PROPS = 0x00069005,
	ATTR_CODE_PAGE = 0x00069007,
	ATTR_FILE_TITLE = 0x00018010
};

/* What the bytes of a value are for; the names from worst to best. */
enum to {
	TO_NOTHING,
	TO_FILE,
	TO_PAGES, /* from here on they are kept until the value is over */
	TO_PAGE,
	TO_HTML_PAGE,
	TO_NAME_SHOWN,
	TO_NAME_SHORT,
	TO_NAME_TITLE,
	TO_NAME_LONG,
	TO_TYPE,
	TO_ID,
	TO_TEXT, /* from here on they are long */
	TO_HTML,
	TO_RTF,
	TO_COUNT
};

#define TNEF_WIDE 0x1f /* UTF-16LE: a type of properties */

/* What an attribute, or the present property, is for; TO_NOTHING: it is passed
 * over. */
int tnef_plain_for(uint32_t attribute);
int tnef_property_for(const struct tnef *t);

/* The file that is being read, NULL: none. */
struct tnef_file *tnef_file(struct tnef *t);
void tnef_file_begin(struct tnef *t);

/* A value that was kept is whole. */
void tnef_value_read(struct tnef *t);

/* The texts, once all is read. */
void tnef_texts_read(struct tnef *t);

#endif
