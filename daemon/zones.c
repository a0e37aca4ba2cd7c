/* Zone and holiday files. */
#include "daemon/zones.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "daemon/files.h"

#define ZONES    "/usr/share/zoneinfo"
#define ZONE_MAX (256 << 10)

int
zones_load(struct arena *a, const char *name, struct zone **out, struct err *e)
{
	char path[PATH_MAX];
	char *bytes;
	size_t n;

	*out = NULL;
	if (name == NULL || strcmp(name, "UTC") == 0)
		return 0;
	if (name[0] == '/' || strstr(name, "..") != NULL)
		return err_set(e, ERR_REJECT, "'%.80s' is no time zone", name);
	snprintf(path, sizeof(path), ZONES "/%s", name);
	if (files_read(a, path, ZONE_MAX, &bytes, &n, e) == -1)
		return err_wrap(e, "time zone %.80s (package tzdata)", name);
	if (zone_read(a, bytes, n, out, e) == -1)
		return err_wrap(e, "%s", path);
	return 0;
}

static int
source_zone(void *ctx, struct arena *a, const char *name, struct zone **out,
    struct err *e)
{
	(void)ctx;
	return zones_load(a, name, out, e);
}

static int
source_holidays(void *ctx, struct arena *a, const char *path, char **bytes,
    size_t *n, struct err *e)
{
	const struct conf_source *src = ctx;

	return src->read(src->ctx, a, path, bytes, n, e);
}

struct hours_source
zones_source(struct arena *a, const struct conf *c)
{
	return (struct hours_source){ .zone = source_zone,
		.holidays = source_holidays,
		.ctx = c->source == NULL
		    ? NULL
		    : arena_memdup(a, c->source, sizeof(*c->source)) };
}
