#ifndef RULES_THREAD_INDEX_H
#define RULES_THREAD_INDEX_H

#include <stdint.h>

#include "parser/arena.h"

/*
 * Thread-Index: what Outlook and Exchange sort mails into conversations by
 * (MS-OXOMSG 2.2.1.3).  A root is made of a ticket, every later mail extends
 * what it follows; the same index twice would open a conversation of its own.
 */
#define THREAD_GUID 16

/* The root of a ticket's own thread. */
char *thread_index_root(
    struct arena *a, const uint8_t guid[THREAD_GUID], int64_t created);

/* The one of an answer: the parent's and five bytes.  NULL: there is no parent,
 * or it is not one. */
char *thread_index_child(
    struct arena *a, const char *parent, int64_t now, int64_t serial);

#endif
