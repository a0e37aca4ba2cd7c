#ifndef PARSER_CLASS_WORDS_H
#define PARSER_CLASS_WORDS_H

#include <stdbool.h>

#include "parser/arena.h"

/*
 * The words by which machines give themselves away where they add no field.
 * Subjects and texts are folded by utf8_fold() and on one line.
 */

/* How sure a subject is that of an automatic answer. */
enum absent {
	ABSENT_NO,
	ABSENT_MAYBE, /* people write it too: something else has to say so */
	ABSENT_SURE
};
enum absent words_absent(const char *subject);

/* Does the text begin as that of somebody who is away? */
bool words_absent_text(const char *text);

/* Who writes such a subject or text: "Nagios", "a scanner"; NULL: nobody we
 * know. */
const char *words_alert(const char *subject);
const char *words_alert_text(const char *text);

/* "no-reply", "zabbix": the part of an address before the "@". */
bool words_robot(struct arena *a, const char *addr);

#endif
