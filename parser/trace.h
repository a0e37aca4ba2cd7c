#ifndef PARSER_TRACE_H
#define PARSER_TRACE_H

#include "parser/mail.h"

/*
 * Fills m->trace from m->fields: what stands in Received, DKIM-Signature and
 * Authentication-Results.  ARC's copies of the latter are another field and are
 * never read: they are the word of hosts that we do not know.
 *
 * Who wrote a line is not asked here.
 */
void trace_read(struct arena *a, struct mail *m);

#endif
