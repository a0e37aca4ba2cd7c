#ifndef DAEMON_ZONES_H
#define DAEMON_ZONES_H

#include "parser/conf.h"
#include "rules/hours.h"

/*
 * The files that calendars need: zones from the system's list, holiday files
 * beside the configuration file that names them, from where that came.
 */
struct hours_source zones_source(struct arena *a, const struct conf *c);

/* The zone of a name; NULL name: UTC.  ERR_REJECT: no such zone, or the list of
 * this machine is missing (package tzdata). */
int zones_load(
    struct arena *a, const char *name, struct zone **out, struct err *e);

#endif
