#ifndef DAEMON_TEMPLATES_H
#define DAEMON_TEMPLATES_H

#include "parser/arena.h"
#include "parser/conf.h"
#include "parser/err.h"
#include "rules/template.h"

/*
 * The templates in force: the built-in ones, and over them each file
 * LANGUAGE/NAME.txt of the folder that the setting `templates` names.  Read
 * once, at start.  ERR_REJECT: one of the files is wrong; the text says where.
 */
int templates_load(struct arena *a, const struct conf *c,
    struct template_set *out, struct err *e);

#endif
