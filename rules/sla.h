#ifndef RULES_SLA_H
#define RULES_SLA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/arena.h"
#include "parser/conf_tree.h"
#include "rules/hours.h"
#include "rules/ticket.h"

/*
 * Service levels: what the `sla` blocks of the configuration promise, and the
 * three clocks of a ticket that measure it.  Pure: moments are arguments, the
 * clocks are plain numbers that the caller keeps.
 *
 * In a target h, m and s are open time of its calendar and 1d is a working day
 * (rules/worktime.h); 1w is as many working days as the calendar's week has.
 */
struct rulebook;

enum sla_kind {
	SLA_FIRST,      /* until a person answers first */
	SLA_NEXT,       /* from what the requester wrote to the next answer */
	SLA_RESOLUTION, /* until the ticket is resolved */
	SLA_COUNT
};
extern const char *const sla_kind_names[SLA_COUNT]; /* "first response" */

/* What the configuration says. */

struct sla_target {
	const char *text; /* "1d4h" as written; NULL: none */
	int64_t weeks, days, seconds;
};

/* One line of targets: "critical 15m 30m 4h calendar oncall". */
struct sla_row {
	const char *name; /* "critical", "problem"; NULL: there is no such */
	const char *calendar; /* or NULL */
	struct sla_target targets[SLA_COUNT];
};

/* `warn 75% assignee`, `escalate 150% manager webhook:noc` */
struct sla_step {
	int percent;
	bool escalate;
	const struct conf_node *node;
	/* Roles (assignee, lead, manager, queue-manager, team, watchers), names
	 * of agents, "webhook:NAME": the arguments of the node behind the
	 * first. */
	const struct conf_arg *whom;
	size_t n;
};

struct sla {
	const char *name, *calendar; /* the second may be NULL */
	const struct conf_node *node;
	struct sla_row priorities[PRIORITY_COUNT];
	struct sla_row types[TYPE_COUNT]; /* these go before priorities */
	struct sla_step *steps;           /* by percent, then as written */
	size_t steps_n;
	unsigned pauses; /* bits of enum status */
};

/* A checked `sla` block. */
void sla_read(struct arena *a, const struct conf_node *block, struct sla *out);

/*
 * What holds for one ticket now: the row of its type or else of its priority in
 * the SLA that a rule gave it, else its organisation's, else its team's.  The
 * calendar is the row's, else the block's, else the first there is; hours NULL:
 * there is none, so it is always open.  No SLA: sla and row are NULL, nothing
 * is ever due.  Points into the rulebook.
 */
struct sla_terms {
	const struct sla *sla;
	const struct sla_row *row;
	const char *calendar; /* or NULL */
	const struct hours *hours;
	/* Of the names, the calendar's name and the targets: another number is
	 * another promise.  The hours of a calendar do not count. */
	int64_t id;
};
void sla_choose(const struct rulebook *b, const struct ticket *t,
    const char *sla, struct sla_terms *out);

/* The clocks. */

#define SLA_NEVER INT64_MAX /* a due moment, or a target, that is none */

enum sla_state {
	SLA_IDLE,     /* nothing is owed yet */
	SLA_RUNNING,  /* also when it is late already: mark.late */
	SLA_PAUSED,   /* by `pause while`; also when late */
	SLA_MET,      /* over, in time (or there was no target) */
	SLA_BREACHED, /* over, too late */
	SLA_STOPPED   /* over without an answer: nothing is owed any more */
};
extern const char *const sla_state_names[];

/* What was so under some terms; that of the terms before is kept, so that a
 * change taken back is as if it had not been. */
struct sla_mark {
	int64_t terms; /* sla_terms.id; 0: none */
	int64_t late;  /* the due moment that was missed; 0: it was not */
	int told;      /* the highest share told, in percent */
};

/*
 * WHAT MUST BE STORED: every field, for each clock of each ticket, in the
 * transaction of the change that moved it.  Beside them, of the ticket, the
 * name of the SLA that a rule gave it (sla_choose() asks for it), and for the
 * one sleep until the next thing due an index over sla_next() of the ticket.
 */
struct sla_clock {
	enum sla_kind kind;
	enum sla_state state;
	int64_t started;      /* 0: not yet */
	int64_t measured;     /* `used` is true at this moment */
	int64_t paused_since; /* 0: it is not paused */
	int64_t used;         /* open seconds, pauses taken out */
	int64_t target;       /* open seconds, or SLA_NEVER */
	/* When it is (was) late.  Of a paused clock: when it would be, had it
	 * gone on; going on only moves it later. */
	int64_t due;
	int64_t ended; /* 0: it is not over */
	struct sla_mark mark, before;
};

struct sla_clocks {
	struct sla_clock list[SLA_COUNT]; /* by kind */
};

enum sla_event_kind {
	SLA_BEGAN,    /* the ticket is new; when: its mail reached the server */
	SLA_ANSWERED, /* a person answered the requester; no letter of ours */
	SLA_WROTE,    /* the requester wrote (not the mail that began it) */
	SLA_STATUS, /* nothing but the status: pause, resolve, close, reopen */
	SLA_ENDED   /* merged, junk: nothing is owed any more, not measured */
};

struct sla_event {
	enum sla_event_kind kind;
	/* When it happened, also when we learn of it later: a mail's arrival at
	 * the server. */
	int64_t when;
	enum status status; /* of the ticket behind it, whatever the kind */
};

/*
 * The clocks after an event.  t: sla_choose() of the ticket behind it, whose
 * terms are taken over as by sla_change().
 *
 *   BEGAN     first response and resolution run
 *   ANSWERED  first and next response are met or breached
 *   WROTE     next response runs, unless an answer is owed already: the oldest
 *             mail without one counts
 *   resolved, closed (any event): resolution is met or breached; a response
 *             that nobody gave is stopped, or breached when it was late
 *   neither, and it was (reopened): resolution goes on where it stopped, the
 *             time between does not count; met with nothing to spare, it is
 *             due at once
 *   a status of `pause while`: what runs is paused, until another comes
 *
 * Met at its due moment is met, also when the mail that says so came to us
 * after it was told as late.  What was late stays late; its due moment stays
 * where it was, paused or not.  What fell due before the event and was not told
 * (sla_tick()) is not told any more when the clock is over: after an outage,
 * the mails come before the clocks.
 */
void sla_apply(
    struct sla_clocks *c, const struct sla_terms *t, const struct sla_event *e);

/*
 * Other terms hold from then on (priority, type, team, SLA, configuration).
 * What was used is kept and measured against the new target; a target that is
 * used up already is due at once, not in the past.  Steps that were told stay
 * told as far as the new share bears them out; those that lie ahead are told
 * when it is time.  Terms that held just before get back what they had.
 *
 * before: those that held until then, NULL when they are no longer known (a
 * new configuration): what was not measured yet is counted in the new calendar.
 * Returns true when anything changed; nothing does for the same terms.
 */
bool sla_change(struct sla_clocks *c, const struct sla_terms *before,
    const struct sla_terms *t, int64_t when);

/*
 * The configuration was read anew and the terms kept their id, but a calendar
 * may have got another holiday: targets in days and due moments by the hours of
 * now.  What is late stays so.  Returns true when a due moment moved.  For each
 * open ticket, once for each new configuration.
 */
bool sla_reckon(struct sla_clocks *c, const struct sla_terms *t, int64_t when);

/* The first moment at which sla_tick() has something to tell; SLA_NEVER. */
int64_t sla_next(const struct sla_clocks *c, const struct sla_terms *t);

/*
 * What is to be told now, at most once each for clock, share and terms:
 * - a breach: step NULL, percent 100, also where nothing is configured;
 * - the configured steps, in the order of their moments.
 * A warning before the due moment (under 100 %) that comes when it has passed
 * is left out: the breach says it.  Steps of one moment go to several people;
 * the caller joins what goes to one, and holds back what is too much.
 */
struct sla_told {
	enum sla_kind kind;
	int percent;
	const struct sla_step *step;
	int64_t moment; /* when it was to be told */
	int64_t due;    /* of the clock */
};
struct sla_told *sla_tick(struct arena *a, struct sla_clocks *c,
    const struct sla_terms *t, int64_t now, size_t *n);

/* What is still to come when nothing happens, each with its moment and whom,
 * in order: "at 10:14 the lead gets a mail".  Nothing of paused clocks. */
struct sla_told *sla_ahead(struct arena *a, const struct sla_clocks *c,
    const struct sla_terms *t, size_t *n);

/* Whys. */

/* "sla standard, 75 % of 1h" */
char *sla_step_why(struct arena *a, const struct sla_terms *t,
    enum sla_kind kind, int percent);
/* "first response: 42m used of 15m (sla standard, critical, calendar oncall)",
 * after sla_change(); NULL for a clock that does not run. */
char *sla_change_why(
    struct arena *a, const struct sla_clock *k, const struct sla_terms *t);

#endif
