/* When somebody is there, in words.  See the header. */
#include "rules/opening.h"

#include <string.h>

#include "rules/sla.h"
#include "rules/template.h"

const struct hours *
opening_hours(const struct rulebook *b, const struct ticket *t, const char *sla)
{
	struct sla_terms terms;

	sla_choose(b, t, sla, &terms);
	return terms.hours;
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

static int64_t
day_of(const struct civil *c)
{
	return civil_days(c->year, c->month, c->day);
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

/* How a language says when something is due. */
static const struct due {
	const char *language;
	const char *today[2], *tomorrow[2]; /* before and behind the time */
	const char *after_weekday, *after_date;
	const char *place[2]; /* before and behind the name of a town */
} dues[] = {
	{ "en", { "", " today" }, { "", " tomorrow" }, " ", ", ",
	    { " (", " time)" } },
	{ "de", { "heute ", "" }, { "morgen ", "" }, ", ", ", ",
	    { " (Ortszeit ", ")" } },
	{ "fr", { "", " aujourd'hui" }, { "", " demain" }, " à ", " à ",
	    { " (heure de ", ")" } },
	/* The time goes first: las 9:00 del martes. */
	{ "es", { "", " de hoy" }, { "", " de mañana" }, " del ", " del ",
	    { " (hora de ", ")" } },
};

/* "Europe/Berlin" is told by its town; what has none by its name. */
static char *
place_words(struct arena *a, const struct due *d, const char *place)
{
	const char *town = strrchr(place, '/');
	char *name;

	if (town == NULL || strncmp(place, "Etc/", 4) == 0)
		return arena_printf(a, " (%s)", place);
	name = arena_strdup(a, town + 1);
	for (char *p = name; *p != '\0'; p++)
		if (*p == '_')
			*p = ' ';
	return arena_printf(a, "%s%s%s", d->place[0], name, d->place[1]);
}

/* "9:00", "9:00 Uhr", "las 9:00" */
static char *
due_time(struct arena *a, const struct due *d, const struct civil *c)
{
	bool spanish = strcmp(d->language, "es") == 0;
	const char *article = c->minute / 60 == 1 ? "la " : "las ";

	return arena_printf(a, "%s%d:%02d%s", spanish ? article : "",
	    c->minute / 60, c->minute % 60,
	    strcmp(d->language, "de") == 0 ? " Uhr" : "");
}

/* What is not today nor tomorrow. */
static char *
due_far(struct arena *a, const struct tongue *t, const struct due *d,
    const struct civil *now, const struct civil *c)
{
	int64_t ahead = day_of(c) - day_of(now);
	bool near = ahead > 0 && ahead < 7;
	const char *day = t->days[c->weekday], *time = due_time(a, d, c);
	const char *joint = near ? d->after_weekday : d->after_date;

	if (!near)
		day = arena_printf(a, "%s%s%s", day, t->after_weekday,
		    day_words(a, t, c, c->year != now->year));
	return strcmp(d->language, "es") == 0
	    ? arena_printf(a, "%s%s%s", time, joint, day)
	    : arena_printf(a, "%s%s%s", day, joint, time);
}

char *
opening_due(struct arena *a, const struct zone *z, const char *place,
    const char *language, int64_t now, int64_t when)
{
	const struct tongue *t = tongue_of(language);
	struct civil today = zone_civil(z, now), c = zone_civil(z, when);
	const struct due *d = t == NULL ? NULL : &dues[t - tongues];
	int64_t ahead = day_of(&c) - day_of(&today);
	const char *const *around;

	if (t == NULL)
		return arena_printf(a, "%04d-%02d-%02d, %02d:%02d%s%s%s",
		    c.year, c.month, c.day, c.minute / 60, c.minute % 60,
		    place == NULL ? "" : " (", place == NULL ? "" : place,
		    place == NULL ? "" : ")");
	around = ahead == 0 ? d->today : d->tomorrow;
	return arena_printf(a, "%s%s",
	    ahead == 0 || ahead == 1 ? arena_printf(a, "%s%s%s", around[0],
					   due_time(a, d, &c), around[1])
				     : due_far(a, t, d, &today, &c),
	    place == NULL ? "" : place_words(a, d, place));
}
