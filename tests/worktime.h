#ifndef TESTS_WORKTIME_H
#define TESTS_WORKTIME_H

/* What tests of open time share: zones that do not hang on the machine, and
 * calendars from one line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/hours.h"

static const char *const zone_rules[][2] = {
	{ "Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3" },
	{ "America/New_York", "EST5EDT,M3.2.0,M11.1.0" },
	{ "Australia/Sydney", "AEST-10AEDT,M10.1.0,M4.1.0/3" },
	{ "Australia/Lord_Howe", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0" },
	{ "America/Santiago", "<-04>4<-03>,M9.1.6/24,M4.1.6/24" },
	{ "Asia/Kathmandu", "<+0545>-5:45" },
	{ "UTC", "UTC0" },
};

/* A zone file (RFC 8536) with nothing but the rule of its footer. */
static inline int
zone_of(void *ctx, struct arena *a, const char *name, struct zone **out,
    struct err *e)
{
	char bytes[200] = { 0 };
	size_t i = 0, n = sizeof(zone_rules) / sizeof(zone_rules[0]);

	(void)ctx;
	while (i < n && strcmp(zone_rules[i][0], name) != 0)
		i++;
	if (i == n)
		return err_set(e, ERR_REJECT, "no zone %s", name);
	for (int block = 0; block < 2; block++) {
		char *p = bytes + (size_t)block * 54;

		memcpy(p, "TZif2", 5);
		p[39] = 1; /* one type */
		p[43] = 4; /* four bytes of names */
		memcpy(p + 50, "LMT", 4);
	}
	n = 108 + (size_t)sprintf(bytes + 108, "\n%s\n", zone_rules[i][1]);
	return zone_read(a, bytes, n, out, e);
}

static inline int
no_holidays(void *ctx, struct arena *a, const char *path, char **bytes,
    size_t *n, struct err *e)
{
	(void)ctx;
	(void)a;
	(void)bytes;
	(void)n;
	return err_set(e, ERR_REJECT, "no file %s", path);
}

/* "hours mon-fri 08:00-18:00; closed 2026-12-24" */
static inline struct hours *
hours_of(struct arena *a, const char *zone, const char *text)
{
	struct hours_source src = { zone_of, no_holidays, NULL };
	struct conf_node nodes[16] = { 0 };
	struct conf_node block = { .name = "calendar", .child = nodes };
	struct hours *h = NULL;
	struct err e = { 0 };
	char *at, *line, *word, *rest;
	size_t n = 0;

	at = arena_strdup(a, text);
	while (n < 16 && (line = strtok_r(at, ";", &at)) != NULL) {
		struct conf_node *node = &nodes[n++];

		node->name = strtok_r(line, " ", &rest);
		node->args = arena_calloc(a, 12, sizeof(*node->args));
		while ((word = strtok_r(NULL, " ", &rest)) != NULL)
			node->args[node->args_n++].text = word;
		if (n > 1)
			nodes[n - 2].next = node;
	}
	if (hours_build(a, &block, zone, &src, &h, &e) == -1)
		printf("# %s\n", e.text);
	return h;
}

#endif
