/* When somebody is there, in words.  See the header. */
#include "rules/opening.h"

#include <string.h>

#include "rules/template.h"

static const struct conf_node *
titled(const struct conf *c, const char *kind, const char *name)
{
	const struct conf_node *n = conf_child(c->root, kind);

	for (; n != NULL; n = conf_after(n))
		if (strcmp(conf_text(n, 0), name) == 0)
			return n;
	return NULL;
}

static const char *
setting(const struct conf_node *block, const char *name, size_t i)
{
	const struct conf_node *n = block == NULL ? NULL
						  : conf_child(block, name);

	return n == NULL ? NULL : conf_text(n, i);
}

/* The SLA of the ticket, or NULL. */
static const struct conf_node *
sla_of(const struct rulebook *b, const struct ticket *t, const char *sla)
{
	const struct org *org = rulebook_org(b, t->requester);
	const struct conf_team *team = conf_team(b->conf, t->team);

	if (sla == NULL && org != NULL)
		sla = setting(titled(b->conf, "org", org->name), "sla", 0);
	if (sla == NULL && team != NULL)
		sla = team->sla;
	return sla == NULL ? NULL : titled(b->conf, "sla", sla);
}

/* "critical 15m 30m 4h calendar oncall" has a calendar of its own. */
const struct hours *
opening_hours(const struct rulebook *b, const struct ticket *t, const char *sla)
{
	const struct conf_node *block = sla_of(b, t, sla);
	const char *name = setting(block, priority_names[t->priority], 4);
	const struct hours *h;

	if (name == NULL)
		name = setting(block, "calendar", 0);
	h = name == NULL ? NULL : rulebook_hours(b, name);
	if (h == NULL && b->calendars_n > 0)
		h = b->calendars[0].hours;
	return h;
}

/* The words of a date and what stands between them. */
struct tongue {
	const char *language;
	const char *first; /* how the first day of a month is written */
	const char *after_weekday, *after_day, *before_time, *end;
	const char *days[7], *months[12];
};

static const struct tongue tongues[] = {
	{ "en", "1", ", ", " ", ", ", "",
	    { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
		"Saturday", "Sunday" },
	    { "January", "February", "March", "April", "May", "June", "July",
		"August", "September", "October", "November", "December" } },
	{ "de", "1", ", ", ". ", ", ", " Uhr",
	    { "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag",
		"Samstag", "Sonntag" },
	    { "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli",
		"August", "September", "Oktober", "November", "Dezember" } },
	{ "fr", "1er", " ", " ", " à ", "",
	    { "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi",
		"dimanche" },
	    { "janvier", "février", "mars", "avril", "mai", "juin", "juillet",
		"août", "septembre", "octobre", "novembre", "décembre" } },
	{ "es", "1", " ", " de ", " a las ", "",
	    { "lunes", "martes", "miércoles", "jueves", "viernes", "sábado",
		"domingo" },
	    { "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio",
		"agosto", "septiembre", "octubre", "noviembre", "diciembre" } },
};

static const struct tongue *
tongue_of(const char *language)
{
	for (size_t i = 0; i < sizeof(tongues) / sizeof(tongues[0]); i++)
		if (language != NULL &&
		    language_serves(
			tongues[i].language, language, strlen(language)))
			return &tongues[i];
	return NULL;
}

char *
opening_words(
    struct arena *a, const struct zone *z, const char *language, int64_t when)
{
	const struct tongue *t = tongue_of(language);
	struct civil c = zone_civil(z, when);

	if (t == NULL)
		return arena_printf(a, "%04d-%02d-%02d, %02d:%02d", c.year,
		    c.month, c.day, c.minute / 60, c.minute % 60);
	return arena_printf(a, "%s%s%s%s%s%s%02d:%02d%s", t->days[c.weekday],
	    t->after_weekday,
	    c.day == 1 ? t->first : arena_printf(a, "%d", c.day), t->after_day,
	    t->months[c.month - 1], t->before_time, c.minute / 60,
	    c.minute % 60, t->end);
}

/* "12 May", with the year if it is told. */
static char *
day_words(
    struct arena *a, const struct tongue *t, const struct civil *c, bool year)
{
	const char *day;

	if (t == NULL)
		return arena_printf(
		    a, "%04d-%02d-%02d", c->year, c->month, c->day);
	day = c->day == 1 ? t->first : arena_printf(a, "%d", c->day);
	if (!year)
		return arena_printf(
		    a, "%s%s%s", day, t->after_day, t->months[c->month - 1]);
	return arena_printf(a, "%s%s%s%s%d", day, t->after_day,
	    t->months[c->month - 1],
	    strcmp(t->language, "es") == 0 ? t->after_day : " ", c->year);
}

char *
opening_short(struct arena *a, const struct zone *z, const char *language,
    int64_t now, int64_t when, bool seconds)
{
	const struct tongue *t = tongue_of(language);
	struct civil today = zone_civil(z, now), c = zone_civil(z, when);
	const char *clock = seconds
	    ? arena_printf(
		  a, "%d:%02d:%02d", c.minute / 60, c.minute % 60, c.second)
	    : arena_printf(a, "%d:%02d", c.minute / 60, c.minute % 60);

	if (c.year != today.year)
		return day_words(a, t, &c, true);
	if (c.month == today.month && c.day == today.day)
		return arena_strdup(a, clock);
	return arena_printf(a, "%s%s%s", day_words(a, t, &c, false),
	    t == NULL ? " " : t->before_time, clock);
}

char *
opening_day(struct arena *a, const struct zone *z, const char *language,
    int64_t now, int64_t when)
{
	struct civil today = zone_civil(z, now), c = zone_civil(z, when);

	return day_words(a, tongue_of(language), &c, c.year != today.year);
}

char *
opening_date(
    struct arena *a, const struct zone *z, const char *language, int64_t when)
{
	struct civil c = zone_civil(z, when);
	const struct tongue *t = tongue_of(language);
	const char *day = day_words(a, t, &c, true);

	if (t == NULL)
		return arena_printf(
		    a, "%s, %02d:%02d", day, c.minute / 60, c.minute % 60);
	return arena_printf(a, "%s%s%s%s%02d:%02d%s", t->days[c.weekday],
	    t->after_weekday, day, t->before_time, c.minute / 60, c.minute % 60,
	    t->end);
}

char *
opening_time(struct arena *a, const struct zone *z, int64_t when)
{
	struct civil c = zone_civil(z, when);

	return arena_printf(a, "%02d:%02d", c.minute / 60, c.minute % 60);
}
