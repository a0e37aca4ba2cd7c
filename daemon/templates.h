#ifndef DAEMON_TEMPLATES_H
#define DAEMON_TEMPLATES_H

#include "parser/arena.h"
#include "parser/conf.h"
#include "parser/err.h"
#include "rules/rulebook.h"
#include "rules/template.h"

/*
 * The templates in force: the built-in ones, over them each file
 * LANGUAGE/NAME.txt of the folder that the setting `templates` names, and those
 * that rules reply with.  Read once, at start.
 */

/*
 * book NULL: no rule is asked, so only the built-in kinds.  ERR_REJECT: some
 * are wrong or missing; rep has all that is to be said, and when it is NULL the
 * first of it is in e.
 */
int templates_load(struct arena *a, const struct conf *c,
    const struct rulebook *book, struct conf_report *rep,
    struct template_set *out, struct err *e);

/* Warns about files of the folder that no letter will ever use. */
void templates_lint(struct arena *a, const struct conf *c,
    const struct template_set *set, struct conf_report *rep);

#endif
