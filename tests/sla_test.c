/*
 * Service levels: what is read and which of them holds, and each transition of
 * the clocks as a short story with what comes out of it.
 */
#include <strings.h>

#include "rules/worktime.h"
#include "tests/sla.h"
#include "tests/test.h"

static struct arena arena;
static struct rulebook *book;

static void
test_read(void)
{
	const struct sla *s = &book->slas[0];
	const struct sla_target *t = s->types[TYPE_PROBLEM].targets;

	test_ok(book->slas_n == 3, "three blocks");
	test_text(s->name, "standard", "its name");
	test_ok(s->steps_n == 3 && s->steps[0].percent == 75 &&
		!s->steps[0].escalate && s->steps[1].percent == 100 &&
		s->steps[1].escalate && s->steps[2].percent == 150,
	    "steps by their shares");
	test_ok(s->steps[2].n == 2, "two are told at 150 %%");
	test_text(s->steps[2].whom[0].text, "manager", "the manager");
	test_text(s->steps[2].whom[1].text, "webhook:noc", "and a webhook");
	test_ok(s->pauses == (1u << STATUS_WAITING | 1u << STATUS_ON_HOLD),
	    "what pauses");
	test_ok(t[SLA_FIRST].days == 1 && t[SLA_NEXT].text == NULL &&
		t[SLA_RESOLUTION].days == 10 &&
		t[SLA_RESOLUTION].seconds == 7200,
	    "1d, none, and 10d2h");
	test_ok(s->priorities[PRIORITY_LOW].targets[SLA_RESOLUTION].weeks == 1,
	    "a week");
	test_ok(book->slas[1].priorities[PRIORITY_HIGH].name == NULL,
	    "a priority without a line");
	test_ok(book->slas[2].pauses == 0 && book->slas[2].steps_n == 0,
	    "nothing pauses, nobody is told");
}

static void
test_choose(void)
{
	static const struct {
		const char *requester, *team, *sla;
		enum priority priority;
		enum type type;
		const char *want; /* sla row calendar */
	} rows[] = {
		{ "a@example.net", "desk", NULL, PRIORITY_NORMAL, TYPE_REQUEST,
		    "standard normal office" },
		{ "a@example.net", "desk", NULL, PRIORITY_CRITICAL,
		    TYPE_REQUEST, "standard critical oncall" },
		{ "a@example.net", "desk", NULL, PRIORITY_CRITICAL,
		    TYPE_PROBLEM, "standard problem office" },
		{ "a@example.net", "free", NULL, PRIORITY_NORMAL, TYPE_REQUEST,
		    "- - office" },
		{ "a@example.net", "", NULL, PRIORITY_NORMAL, TYPE_REQUEST,
		    "- - office" },
		{ "a@kunde.example", "desk", NULL, PRIORITY_NORMAL,
		    TYPE_REQUEST, "relaxed normal sydney" },
		{ "a@kunde.example", "", NULL, PRIORITY_CRITICAL, TYPE_REQUEST,
		    "relaxed - sydney" },
		{ "a@gast.example", "desk", NULL, PRIORITY_HIGH, TYPE_REQUEST,
		    "standard high office" },
		{ "a@kunde.example", "desk", "bare", PRIORITY_HIGH,
		    TYPE_REQUEST, "bare high office" },
		{ "a@kunde.example", "desk", "gone", PRIORITY_LOW, TYPE_REQUEST,
		    "relaxed low sydney" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ticket t = ticket_blank;
		struct sla_terms o;

		t.requester = rows[i].requester;
		t.team = rows[i].team;
		t.priority = rows[i].priority;
		t.type = rows[i].type;
		sla_choose(book, &t, rows[i].sla, &o);
		test_text(arena_printf(&arena, "%s %s %s",
			      o.sla == NULL ? "-" : o.sla->name,
			      o.row == NULL ? "-" : o.row->name,
			      o.calendar == NULL ? "-" : o.calendar),
		    rows[i].want, "%s, %s, %s", rows[i].requester, rows[i].team,
		    rows[i].want);
		test_ok(o.hours == rulebook_hours(book, o.calendar) && o.id > 0,
		    "its hours");
	}
}

/* Stories. */

struct story {
	struct sla_clocks clocks;
	struct sla_terms terms;
	enum status status;
	bool asleep; /* nobody looks at the clock */
	struct buf log;
};

/* "23 09:14": that day of November 2026 in Berlin; 32 is 2 December. */
static int64_t
when_of(const char *s)
{
	int day = 0, h = 0, m = 0;

	sscanf(s, "%d %d:%d", &day, &h, &m);
	return (civil_days(2026, 11, 1) + day - 1) * 86400 + (h - 1) * 3600 +
	    m * 60;
}

static const char *
when_text(int64_t when)
{
	struct civil c = zone_civil(NULL, when + 3600);

	if (when == SLA_NEVER)
		return "never";
	return arena_printf(&arena, "%d %02d:%02d%s",
	    (int)(civil_days(c.year, c.month, c.day) -
		civil_days(2026, 11, 1)) +
		1,
	    c.minute / 60, c.minute % 60,
	    c.second != 0 ? arena_printf(&arena, ":%02d", c.second) : "");
}

static const char *const short_kinds[] = { "first", "next", "whole" };

static void
write_told(struct story *s, const struct sla_told *t, int64_t now)
{
	buf_printf(&s->log, "%s %s %d%%", when_text(now), short_kinds[t->kind],
	    t->percent);
	if (t->moment != now)
		buf_printf(&s->log, " of %s", when_text(t->moment));
	for (size_t i = 0; t->step != NULL && i < t->step->n; i++)
		buf_printf(&s->log, " %s", t->step->whom[i].text);
	buf_printf(&s->log, "\n");
}

static void
tick(struct story *s, int64_t now)
{
	size_t n;
	struct sla_told *told = sla_tick(
	    &arena, &s->clocks, &s->terms, now, &n);

	for (size_t i = 0; i < n; i++)
		write_told(s, &told[i], now);
}

static void
tick_until(struct story *s, int64_t when)
{
	int64_t next;

	while ((next = sla_next(&s->clocks, &s->terms)) <= when) {
		tick(s, next);
		if (sla_next(&s->clocks, &s->terms) == next) {
			buf_printf(&s->log, "STUCK\n");
			return;
		}
	}
}

static void
event(struct story *s, enum sla_event_kind kind, int64_t when)
{
	struct sla_event e = {
		.kind = kind, .when = when, .status = s->status
	};

	sla_apply(&s->clocks, &s->terms, &e);
}

static void
other_terms(struct story *s, const char *word, int64_t when)
{
	struct ticket t = ticket_blank;
	struct sla_terms before = s->terms;
	int p = word_index(priority_names, PRIORITY_COUNT, word);

	t.team = p < 0 ? word : "desk";
	t.requester = strcmp(word, "kunde") == 0 ? "a@kunde.example"
						 : "a@example.net";
	t.priority = p < 0 ? PRIORITY_NORMAL : (enum priority)p;
	if (strcmp(word, "problem") == 0) {
		t.type = TYPE_PROBLEM;
		t.team = "desk";
	}
	sla_choose(book, &t, NULL, &s->terms);
	if (when == 0 || !sla_change(&s->clocks, &before, &s->terms, when))
		return;
	for (int i = 0; i < SLA_COUNT; i++) {
		const char *why = sla_change_why(
		    &arena, &s->clocks.list[i], &s->terms);

		if (why != NULL)
			buf_printf(&s->log, "%s\n", why);
	}
}

/* "23 10:00 answered", "23 11:00 wrote", "23 11:00 waiting",
 * "23 12:00 critical", "23 12:00 asleep", "23 12:00 tick" */
static void
step(struct story *s, const char *line)
{
	int64_t when = when_of(line);
	const char *word = line + strcspn(line, ":") + 4;
	int status = word_index(status_names, STATUS_COUNT, word);

	if (!s->asleep)
		tick_until(s, when);
	if (strcmp(word, "asleep") == 0)
		s->asleep = true;
	else if (strcmp(word, "tick") == 0)
		tick(s, when);
	else if (strcmp(word, "answered") == 0)
		event(s, SLA_ANSWERED, when);
	else if (strcmp(word, "wrote") == 0)
		event(s, SLA_WROTE, when);
	else if (strcmp(word, "merged") == 0)
		event(s, SLA_ENDED, when);
	else if (status >= 0) {
		s->status = (enum status)status;
		event(s, SLA_STATUS, when);
	} else {
		other_terms(s, word, when);
	}
}

static void
write_clock(struct story *s, const struct sla_clock *k)
{
	buf_printf(
	    &s->log, "%s %s", short_kinds[k->kind], sla_state_names[k->state]);
	if (k->state != SLA_IDLE)
		buf_printf(&s->log, " %lldm", (long long)k->used / 60);
	if (k->state != SLA_IDLE && k->due != SLA_NEVER)
		buf_printf(&s->log, " due %s", when_text(k->due));
	if (k->mark.late != 0)
		buf_printf(&s->log, " late");
	buf_printf(&s->log, "\n");
}

/* "high 23 09:14; 23 10:00 answered; ..." to what was told and how the clocks
 * stand. */
static const char *
tell(const char *text)
{
	struct story s = { .status = STATUS_OPEN };
	char *rest = arena_strdup(&arena, text), *line;
	const char *out;

	buf_init(&s.log, 1 << 20);
	line = strtok_r(rest, ";", &rest);
	line[strcspn(line, " ")] = '\0';
	other_terms(&s, line, 0);
	event(&s, SLA_BEGAN, when_of(line + strlen(line) + 1));
	while ((line = strtok_r(NULL, ";", &rest)) != NULL)
		step(&s, line + 1);
	for (int i = 0; i < SLA_COUNT; i++)
		write_clock(&s, &s.clocks.list[i]);
	out = arena_strdup(&arena, buf_text(&s.log));
	buf_done(&s.log);
	return out;
}

/* tests/sla/stories.txt: "> story", then what comes out, then an empty line. */
static void
test_stories(void)
{
	FILE *f = fopen("tests/sla/stories.txt", "r");
	char line[400], story[400] = "", want[2000] = "";
	int n = 0;

	if (f == NULL) {
		test_ok(0, "tests/sla/stories.txt cannot be read");
		return;
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		if (line[0] == '>') {
			line[strcspn(line, "\n")] = '\0';
			snprintf(story, sizeof(story), "%s", line + 2);
			want[0] = '\0';
		} else if (line[0] == '\n' && story[0] != '\0') {
			const char *got = tell(story);

			test_text(got, want, "%s", story);
			if (strcmp(got, want) != 0)
				fprintf(stderr, "> %s\n%s\n", story, got);
			story[0] = '\0';
			n++;
		} else if (line[0] != '#') {
			strncat(want, line, sizeof(want) - strlen(want) - 1);
		}
	}
	fclose(f);
	test_ok(n >= 50, "%d stories", n);
}

/* "moment kind percent whom .." of each thing to come. */
static void
test_ahead(void)
{
	struct sla_terms t = sla_terms_of(book, PRIORITY_HIGH);
	struct sla_event e = { SLA_BEGAN, when_of("23 09:14"), STATUS_OPEN };
	struct sla_clocks c = { 0 };
	struct story s = { 0 };
	struct sla_told *list;
	size_t n;

	sla_apply(&c, &t, &e);
	sla_tick(&arena, &c, &t, when_of("23 10:15"), &n);
	buf_init(&s.log, 1 << 16);
	list = sla_ahead(&arena, &c, &t, &n);
	for (size_t i = 0; i < n; i++)
		write_told(&s, &list[i], list[i].moment);
	test_text(buf_text(&s.log),
	    "23 10:44 first 150% manager webhook:noc\n"
	    "23 16:44 whole 75% assignee\n24 09:14 whole 100%\n"
	    "24 09:14 whole 100% lead\n24 14:14 whole 150% manager webhook:noc\n",
	    "what is to come");
	test_ok(sla_next(&c, &t) == list[0].moment, "the first is the next");
	e = (struct sla_event){ SLA_STATUS, when_of("23 10:20"),
		STATUS_ON_HOLD };
	sla_apply(&c, &t, &e);
	sla_ahead(&arena, &c, &t, &n);
	test_ok(n == 0 && sla_next(&c, &t) == SLA_NEVER,
	    "nothing while it is paused");
	buf_done(&s.log);
}

/* An admin adds a holiday; the terms are the same. */
static void
test_reckon(void)
{
	struct sla_terms t = sla_terms_of(book, PRIORITY_HIGH);
	struct sla_event e = { SLA_BEGAN, when_of("23 16:00"), STATUS_OPEN };
	struct sla_clocks c = { 0 };
	struct sla_clock *whole = &c.list[SLA_RESOLUTION];

	sla_apply(&c, &t, &e);
	test_text(when_text(whole->due), "24 16:00", "a working day");
	test_ok(!sla_reckon(&c, &t, when_of("23 16:10")) && whole->used == 600,
	    "the same hours move nothing");
	t.hours = hours_of(&arena, "Europe/Berlin",
	    "hours mon-fri 08:00-18:00; closed 2026-11-24");
	test_ok(sla_reckon(&c, &t, when_of("23 16:20")), "a new holiday does");
	test_text(when_text(whole->due), "25 16:00", "a day later");
	test_text(when_text(c.list[SLA_FIRST].due), "23 17:00",
	    "the other clock is where it was");
	sla_reckon(&c, &t, when_of("23 17:30"));
	t.hours = hours_of(
	    &arena, "Europe/Berlin", "hours mon-sun 00:00-01:00");
	sla_reckon(&c, &t, when_of("23 17:31"));
	test_text(
	    when_text(c.list[SLA_FIRST].due), "23 17:00", "what is late stays");
	test_text(when_text(whole->due), "23 17:31",
	    "a day that became shorter than what is used: due at once");
}

static void
test_whys(void)
{
	struct sla_terms t = sla_terms_of(book, PRIORITY_HIGH);

	test_text(sla_step_why(&arena, &t, SLA_FIRST, 75),
	    "sla standard, 75 % of 1h", "why a step is told");
}

int
main(void)
{
	book = sla_desk_build(&arena);
	if (book == NULL) {
		test_ok(0, "the desk is read");
		return test_end();
	}
	test_read();
	test_choose();
	test_stories();
	test_ahead();
	test_reckon();
	test_whys();
	arena_done(&arena);
	return test_end();
}
