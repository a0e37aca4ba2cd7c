/*
 * Counting in open time: cases reckoned by another program, what is too much,
 * and a comparison with the slowest way of all, a look at each minute.
 */
#include "rules/worktime.h"

#include "daemon/files.h"
#include "rules/hours_private.h"
#include "tests/test.h"
#include "tests/worktime.h"

struct named {
	char name[16];
	struct hours *hours;
};

/* "2026-11-23 09:14:05", "2026-10-25 02:30*": the second of two. */
static int64_t
moment(const struct zone *z, const char *s)
{
	struct civil c = { .year = atoi(s),
		.month = atoi(s + 5),
		.day = atoi(s + 8),
		.minute = atoi(s + 11) * 60 + atoi(s + 14),
		.second = s[16] == ':' ? atoi(s + 17) : 0 };
	int64_t when = zone_moment(z, &c), later;

	if (strchr(s, '*') == NULL)
		return when;
	for (later = when + 1800; later < when + 7200; later += 1800)
		if (zone_civil(z, later).minute == c.minute)
			break;
	return later;
}

static char *
moment_text(struct arena *a, const struct zone *z, int64_t when)
{
	struct civil c;

	if (when == WORKTIME_NEVER)
		return arena_strdup(a, "never");
	c = zone_civil(z, when);
	return arena_printf(a, "%04d-%02d-%02d %02d:%02d%s%s", c.year, c.month,
	    c.day, c.minute / 60, c.minute % 60,
	    c.second != 0 ? arena_printf(a, ":%02d", c.second) : "",
	    zone_moment(z, &c) != when ? "*" : "");
}

static char *
span_text(struct arena *a, int64_t n)
{
	static const char units[] = "hms";
	char *s = arena_strdup(a, "");

	for (int i = 0, worth = 3600; i < 3; i++, worth /= 60) {
		if (n >= worth)
			s = arena_printf(
			    a, "%s%d%c", s, (int)(n / worth), units[i]);
		n %= worth;
	}
	return *s == '\0' ? arena_strdup(a, "0s") : s;
}

/* One case; what comes out, as the file writes it. */
static char *
answer(struct arena *a, const struct hours *h, int64_t from, const char *op,
    const char *amount)
{
	int64_t n = 0;

	if (strcmp(op, "to") == 0)
		return span_text(
		    a, worktime_between(h, from, moment(h->zone, amount)));
	if (strchr(amount, 'd') != NULL)
		return moment_text(
		    a, h->zone, worktime_add_days(h, from, atoi(amount)));
	if (!conf_duration(amount, &n))
		return arena_printf(a, "no duration: %s", amount);
	return moment_text(a, h->zone, worktime_add(h, from, n));
}

static void
test_case(struct arena *a, const struct named *list, size_t n, const char *line)
{
	char name[16], from[24], op[4], amount[24], want[24];
	size_t i = 0;

	if (sscanf(line, "%15s %23[0-9*: -] %3s %23[^=]= %23[^\n]", name, from,
		op, amount, want) != 5) {
		test_ok(0, "a case: %s", line);
		return;
	}
	amount[strlen(amount) - 1] = '\0'; /* the blank before the sign */
	while (i < n && strcmp(list[i].name, name) != 0)
		i++;
	if (i == n) {
		test_ok(0, "a calendar: %s", line);
		return;
	}
	test_text(answer(a, list[i].hours, moment(list[i].hours->zone, from),
		      op, amount),
	    want, "%s", line);
}

static void
test_cases(void)
{
	struct named list[20];
	struct arena a = { 0 };
	struct err e = { 0 };
	char *text, *line, zone[32], settings[200];
	size_t n = 0, bytes;
	int cases = 0;

	if (files_read(&a, "tests/worktime/cases.txt", 1 << 20, &text, &bytes,
		&e) == -1) {
		test_ok(0, "%s", e.text);
		return;
	}
	for (; (line = strtok_r(text, "\n", &text)) != NULL;) {
		if (line[0] == '#')
			continue;
		if (n < 20 &&
		    sscanf(line, "calendar %15s %31[^:]: %199[^\n]",
			list[n].name, zone, settings) == 3) {
			list[n].hours = hours_of(&a, zone, settings);
			n++;
		} else {
			test_case(&a, list, n, line);
			cases++;
		}
	}
	test_ok(cases >= 300, "%d cases", cases);
	arena_done(&a);
}

/* What nobody asks for, and must not hurt. */
static void
test_bounds(void)
{
	struct arena a = { 0 };
	struct hours *h = hours_of(&a, "Europe/Berlin", "hours always");
	struct hours *never = hours_of(&a, "Europe/Berlin",
	    "hours mon 08:00-09:00; closed 0001-01-01..9999-12-31");
	const int64_t moments[] = { INT64_MIN, INT64_MIN + 1, -62135596801,
		-62135596800, -1, 0, 1, 1795424400, 253402300799, 253402300800,
		INT64_MAX - 1, INT64_MAX };
	const size_t n = sizeof(moments) / sizeof(moments[0]);
	bool good = true;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++) {
			int64_t got = worktime_between(
			    h, moments[i], moments[j]);

			good = good && got >= 0 && got <= WORKTIME_LOOK &&
			    worktime_between(never, moments[i], moments[j]) ==
				0;
			got = worktime_add(h, moments[i], moments[j]);
			good = good && got >= moments[i];
			got = worktime_add_days(h, moments[i], moments[j]);
			good = good && got >= moments[i];
			got = worktime_add(NULL, moments[i], moments[j]);
			good = good && got >= moments[i];
		}
	test_ok(good, "no moment and no amount is too much");
	test_ok(worktime_add(h, 0, WORKTIME_LOOK) == WORKTIME_LOOK &&
		worktime_add(h, 0, WORKTIME_LOOK + 1) == WORKTIME_NEVER,
	    "three years and no second more");
	test_ok(worktime_between(h, 0, WORKTIME_LOOK * 2) == WORKTIME_LOOK,
	    "the first three years of six");
	test_ok(worktime_add(never, 0, 1) == WORKTIME_NEVER &&
		worktime_add(never, 7, 0) == 7 &&
		worktime_days(never, 0, 1) == WORKTIME_NEVER,
	    "never open: never, but nothing at once");
	test_ok(worktime_between(NULL, 5, 12) == 7 &&
		worktime_add(NULL, 5, 7) == 12 &&
		worktime_add_days(NULL, 5, 2) == 5 + 2 * 86400,
	    "no hours: always open");
	arena_done(&a);
}

/* The night in which an hour comes twice, as hours.h tells it. */
static void
test_next(void)
{
	struct arena a = { 0 };
	struct hours *h = hours_of(&a, "Europe/Berlin",
	    "hours sun 01:00-02:30; hours mon 09:00-17:00");
	const struct zone *z = h->zone;

	test_ok(hours_next_closed(h, moment(z, "2026-10-25 02:10*")) ==
		moment(z, "2026-10-25 02:30*"),
	    "open again in the second hour, until it is over");
	test_ok(hours_next_open(h, moment(z, "2026-10-25 02:40")) ==
		moment(z, "2026-10-25 02:00*"),
	    "closed only until the second hour");
	test_ok(hours_next_closed(h, moment(z, "2026-03-29 01:10")) ==
		moment(z, "2026-03-29 03:00"),
	    "closed when the hour in spring is left out");
	h = hours_of(&a, "Europe/Berlin",
	    "hours mon 08:00-12:00 10:00-14:00 14:00-15:00");
	test_ok(hours_next_closed(h, moment(z, "2026-11-23 09:00")) ==
		moment(z, "2026-11-23 15:00"),
	    "spans that overlap or touch are one");
	arena_done(&a);
}

/* Each minute of some weeks, by hours_open(). */
#define MODEL_START (45 * 1440) /* cases begin before that minute */
#define MODEL_N     (75 * 1440)

struct model {
	const struct hours *hours;
	int64_t from;
	unsigned char open[MODEL_N];
	int day[MODEL_N];    /* of the wall */
	short time[MODEL_N]; /* of the day */
};

static void
look(struct model *m, const struct hours *h, int64_t from)
{
	m->hours = h;
	m->from = from;
	for (int i = 0; i < MODEL_N; i++) {
		int64_t when = from + (int64_t)i * 60;
		struct civil c = zone_civil(h->zone, when);

		m->open[i] = hours_open(h, when);
		m->day[i] = (int)civil_days(c.year, c.month, c.day);
		m->time[i] = (short)c.minute;
	}
}

static int
minute_of(const struct model *m, int64_t when)
{
	return (int)((when - m->from) / 60);
}

static int64_t
slow_between(const struct model *m, int64_t from, int64_t to)
{
	int64_t sum = 0, next = from - from % 60 + 60;

	for (int i = minute_of(m, from); from < to; i++, next += 60) {
		if (next > to)
			next = to;
		if (m->open[i])
			sum += next - from;
		from = next;
	}
	return sum;
}

static int64_t
slow_add(const struct model *m, int64_t from, int64_t seconds)
{
	int64_t next = from - from % 60 + 60;

	for (int i = minute_of(m, from); seconds > 0; i++, next += 60) {
		if (i == MODEL_N)
			return WORKTIME_NEVER;
		if (m->open[i] && next - from >= seconds)
			return from + seconds;
		if (m->open[i])
			seconds -= next - from;
		from = next;
	}
	return from;
}

static int64_t
slow_days(const struct model *m, int64_t from, int n)
{
	int i = minute_of(m, from), day, time;
	int64_t second = from % 60, to;

	for (; i < MODEL_N && !m->open[i]; i++)
		second = 0;
	if (i == MODEL_N)
		return WORKTIME_NEVER;
	day = m->day[i];
	time = m->time[i];
	for (; n > 0; n--) {
		while (i < MODEL_N && (m->day[i] <= day || !m->open[i]))
			i++;
		if (i == MODEL_N)
			return WORKTIME_NEVER;
		day = m->day[i];
	}
	while (m->day[i - 1] == day)
		i--;
	while (m->day[i] == day && m->time[i] < time)
		i++;
	to = m->from + (int64_t)i * 60;
	if (m->day[i] == day && m->time[i] == time)
		to += second;
	return slow_add(m, from, slow_between(m, from, to));
}

static uint64_t seed = 20261123;

static int
chance(int n)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (int)((seed >> 33) % (unsigned)n);
}

/* Hours at random: one to three lines, some of them over midnight's edge, and
 * a few closed days. */
static char *
any_hours(struct arena *a, int64_t from)
{
	static const char *const days[] = { "mon", "tue", "wed", "thu", "fri",
		"sat", "sun", "mon-fri", "sat,sun", "mon-sun", "fri-mon" };
	char *s = arena_strdup(a, "");

	if (chance(8) == 0)
		s = arena_strdup(a, "hours always");
	for (int i = *s == '\0' ? 1 + chance(3) : 0; i > 0; i--) {
		int open = chance(4) == 0 ? 0 : chance(1430);
		int to = chance(4) == 0 ? 1440 : open + 1 + chance(1440 - open);

		s = arena_printf(a, "%s; hours %s %02d:%02d-%02d:%02d", s,
		    days[chance(11)], open / 60, open % 60, to / 60, to % 60);
	}
	for (int i = chance(4); i > 0; i--) {
		struct civil c = zone_civil(
		    NULL, from + (int64_t)chance(75) * 86400);

		s = arena_printf(
		    a, "%s; closed %04d-%02d-%02d", s, c.year, c.month, c.day);
	}
	return s;
}

/* One question to both; false: they differ. */
static bool
ask(const struct model *m)
{
	int64_t from = m->from + (int64_t)chance(MODEL_START) * 60, to;
	int n = 1 + chance(3);
	int64_t seconds, fast, slow;

	if (chance(3) == 0)
		from += chance(60);
	to = from + chance(chance(2) ? 86400 : 20 * 86400);
	if (worktime_between(m->hours, from, to) != slow_between(m, from, to))
		return false;
	seconds = chance(chance(9) ? 20000 : 400000);
	fast = worktime_add(m->hours, from, seconds);
	slow = slow_add(m, from, seconds);
	if (slow != WORKTIME_NEVER && fast != slow)
		return false;
	fast = worktime_add_days(m->hours, from, n);
	slow = slow_days(m, from, n);
	return slow == WORKTIME_NEVER || fast == slow;
}

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define SLOW
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(SLOW)
#define CALENDARS 5
#else
#define CALENDARS 50
#endif
#define QUESTIONS 2000 /* of each calendar */

static void
test_model(void)
{
	const int zones = sizeof(zone_rules) / sizeof(zone_rules[0]);
	struct model *m = malloc(sizeof(*m));
	struct arena a = { 0 };
	int wrong = 0;

	for (int i = 0; m != NULL && i < CALENDARS; i++) {
		const char *zone = zone_rules[i % zones][0];
		int64_t from = INT64_C(1767225600) + 86400 * chance(330);
		char *text = any_hours(&a, from);

		look(m, hours_of(&a, zone, text), from);
		for (int j = 0; j < QUESTIONS; j++)
			if (!ask(m)) {
				printf(
				    "# question %d of %s: %s\n", j, zone, text);
				wrong++;
				break;
			}
		arena_reset(&a);
	}
	test_ok(m != NULL && wrong == 0,
	    "%d questions answered as by a look at each minute",
	    CALENDARS * QUESTIONS);
	free(m);
	arena_done(&a);
}

int
main(void)
{
	test_cases();
	test_bounds();
	test_next();
	test_model();
	return test_end();
}
