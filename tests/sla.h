#ifndef TESTS_SLA_H
#define TESTS_SLA_H

/* What the tests of service levels share: a small desk. */
#include "parser/conf.h"
#include "rules/rulebook.h"
#include "rules/sla.h"
#include "tests/worktime.h"

static const char sla_desk[] =
    "address support@example.com\ntimezone Europe/Berlin\n"
    "agent ana { email ana@example.com }\n"
    "webhook noc { type json; url https://hooks.example.com/x; events * }\n"
    "team desk { members ana; sla standard }\n"
    "team free { members ana }\n"
    "org kunde { domain kunde.example; sla relaxed }\n"
    "org gast { domain gast.example }\n"
    "calendar office {\n hours mon-thu 08:00-18:00\n hours fri 08:00-16:00\n"
    " closed 2026-12-24..2027-01-01\n}\n"
    "calendar oncall { hours always }\n"
    "calendar sydney {\n timezone Australia/Sydney\n"
    " hours mon-fri 09:00-17:00\n}\n"
    "sla standard {\n calendar office\n"
    " critical 15m 30m 4h calendar oncall\n high 1h 2h 1d\n"
    " normal 4h 1d 3d\n low 1d 2d 1w\n problem 1d - 10d2h\n"
    " escalate 150% manager webhook:noc\n warn 75% assignee\n"
    " escalate 100% lead\n pause while waiting on-hold\n}\n"
    "sla relaxed {\n calendar sydney\n normal 1d 2d 10d\n low 2d - -\n"
    " warn 80% assignee\n warn 50% team\n}\n"
    "sla bare {\n high 1h 1h 1h\n}\n";

static inline int
sla_desk_read(void *ctx, struct arena *a, const char *path, char **bytes,
    size_t *n, struct err *e)
{
	(void)ctx;
	(void)path;
	(void)e;
	*bytes = arena_strdup(a, sla_desk);
	*n = sizeof(sla_desk) - 1;
	return 0;
}

/* NULL and the report on stdout when it is not read. */
static inline struct rulebook *
sla_desk_build(struct arena *a)
{
	struct conf_source src = { .read = sla_desk_read };
	struct hours_source hours = { zone_of, no_holidays, NULL };
	struct rulebook *b = NULL;
	struct conf_report rep = { 0 };
	struct conf *c;
	struct buf out;

	buf_init(&out, 1 << 20);
	rep.text = &out;
	if (conf_load(a, "desk.conf", &src, &c, &rep) == -1 ||
	    rulebook_build(a, c, &hours, &rep, &b) == -1)
		printf("# %s\n", buf_text(&out));
	buf_done(&out);
	return b;
}

static inline struct sla_terms
sla_terms_of(const struct rulebook *b, enum priority p)
{
	struct ticket t = ticket_blank;
	struct sla_terms out;

	t.team = "desk";
	t.requester = "maria@example.net";
	t.priority = p;
	sla_choose(b, &t, NULL, &out);
	return out;
}

#endif
