/*
 * The blocks calendar, org and priority-matrix, and those whose effect comes
 * with later versions: sla, webhook, oauth2, metrics.  They are read and
 * checked already, so that a configuration written today stays good.
 */
#include <string.h>

#include "parser/conf_private.h"

const char *const conf_levels[] = { "low", "medium", "high", NULL };
const char *const conf_priorities[] = { "critical", "high", "normal", "low",
	NULL };
const char *const conf_types[] = { "incident", "request", "problem", "change",
	NULL };
const char *const conf_statuses[] = { "open", "in-progress", "waiting",
	"on-hold", "resolved", "closed", NULL };

/* calendar */

/* "2026-08-03..2026-08-21", "2026-12-24" */
bool
conf_is_dates(struct conf_check *k, const struct conf_arg *arg)
{
	const char *s = arg->text, *dots = strstr(s, "..");
	bool good = arg->form != FORM_PATTERN;

	if (dots == NULL)
		good = good && conf_date(s, strlen(s));
	else
		good = good && conf_date(s, (size_t)(dots - s)) &&
		    conf_date(dots + 2, strlen(dots + 2)) &&
		    strncmp(s, dots + 2, 10) <= 0;
	if (!good)
		conf_bad(k, arg,
		    "write 2026-12-24..2027-01-01, the first and the last day",
		    "'%.80s' are not days", s);
	return good;
}

/* "08:00-18:00" */
static bool
is_hours(const struct conf_arg *arg)
{
	const char *s = arg->text;
	int from, to;

	return arg->form != FORM_PATTERN && strlen(s) == 11 && s[5] == '-' &&
	    conf_time(s, 5, &from) && conf_time(s + 6, 5, &to) && from < to;
}

/* always; or days and hours: mon-thu 08:00-12:00 13:00-17:00 */
static void
want_hours(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	const struct conf_arg *arg = n->args;

	if (strcmp(arg->text, "always") == 0) {
		conf_is_count(k, n, 1, 1, s->like);
		return;
	}
	if (arg->form == FORM_PATTERN || !conf_weekdays(arg->text)) {
		conf_bad(k, arg, "write mon-fri, mon,wed or always",
		    "'%.80s' are not days of the week", arg->text);
		return;
	}
	if (!conf_is_count(k, n, 2, CONF_MANY, s->like))
		return;
	for (size_t i = 1; i < n->args_n; i++)
		if (!is_hours(&arg[i]))
			conf_bad(k, &arg[i], "write 08:00-18:00",
			    "'%.80s' are not hours", arg[i].text);
}

static void
want_closed(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	(void)s;
	conf_is_dates(k, &n->args[0]);
	if (n->args_n > 1)
		conf_is_plain(k, &n->args[1]);
}

const struct conf_setting conf_calendar_rows[] = {
	ROW("timezone", 1, 1, CONF_ONCE, "timezone Europe/Berlin",
	    .check = conf_want_zone),
	ROW("hours", 1, 10, CONF_MUST, "hours mon-fri 08:00-17:00",
	    .check = want_hours),
	ROW("holidays", 1, 10, 0, "holidays holidays-de.ics",
	    .check = conf_want_text),
	ROW("closed", 1, 2, 0, "closed 2026-12-24..2027-01-01 \"Year end\"",
	    .check = want_closed),
	{ 0 },
};

/* sla */

/* FIRST NEXT RESOLUTION [calendar NAME]; "-" for none */
static void
want_targets(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	static const char *const words[] = { "calendar", NULL };
	int64_t v;

	for (size_t i = 0; i < n->args_n && i < 3; i++)
		if (n->args[i].form == FORM_PATTERN ||
		    (strcmp(n->args[i].text, "-") != 0 &&
			!conf_duration(n->args[i].text, &v)))
			conf_bad(k, &n->args[i],
			    "write 30m, 4h, 2d, or - for none",
			    "'%.80s' is not a duration", n->args[i].text);
	if (n->args_n > 3 &&
	    conf_is_word(k, &n->args[3], words, "a word for a target"))
		conf_is_count(k, n, 5, 5, s->like);
}

static void
cross_targets(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block)
{
	(void)block;
	if (n->args_n > 4)
		conf_refer(k, "calendar", &n->args[4], n->args[4].text);
}

void
conf_cross_webhook(struct conf_check *k, const struct conf_arg *arg)
{
	if (strncmp(arg->text, "webhook:", 8) == 0)
		conf_refer(k, "webhook", arg, arg->text + 8);
}

static const char *const roles[] = { "assignee", "lead", "manager",
	"queue-manager", "team", "watchers", NULL };

/* 75% assignee lead webhook:noc */
static void
want_share(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	int64_t v;

	(void)s;
	if (n->args[0].form == FORM_PATTERN || !conf_share(n->args[0].text, &v))
		conf_bad(k, &n->args[0], "write 75%, 100% or 150%",
		    "'%.80s' is not a share", n->args[0].text);
	for (size_t i = 1; i < n->args_n; i++)
		conf_is_plain(k, &n->args[i]);
}

static void
cross_share(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block)
{
	(void)block;
	for (size_t i = 1; i < n->args_n; i++) {
		const struct conf_arg *arg = &n->args[i];

		if (conf_index(roles, arg->text) >= 0 ||
		    conf_titled(k, "agent", arg->text) != NULL)
			continue;
		if (strncmp(arg->text, "webhook:", 8) == 0)
			conf_cross_webhook(k, arg);
		else
			conf_is_word(
			    k, arg, roles, "an agent, nor a role of one");
	}
}

/* while waiting on-hold */
static void
want_pause(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	static const char *const words[] = { "while", NULL };

	(void)s;
	if (!conf_is_word(k, &n->args[0], words, "a value of 'pause'"))
		return;
	for (size_t i = 1; i < n->args_n; i++)
		conf_is_word(k, &n->args[i], conf_statuses, "a status");
}

#define TARGET_ROW(name)                                                    \
	ROW(name, 3, 5, CONF_ONCE, name " 1h 4h 2d", .check = want_targets, \
	    .cross = cross_targets)

const struct conf_setting conf_sla_rows[] = {
	ROW("calendar", 1, 1, CONF_ONCE, "calendar office",
	    .check = conf_want_text, .refers = "calendar"),
	TARGET_ROW("critical"),
	TARGET_ROW("high"),
	TARGET_ROW("normal"),
	TARGET_ROW("low"),
	/* Of a type: whatever the priority. */
	TARGET_ROW("incident"),
	TARGET_ROW("request"),
	TARGET_ROW("problem"),
	TARGET_ROW("change"),
	ROW("warn", 2, 20, 0, "warn 75% assignee", .check = want_share,
	    .cross = cross_share),
	ROW("escalate", 2, 20, 0, "escalate 100% lead", .check = want_share,
	    .cross = cross_share),
	ROW("pause", 2, 7, CONF_ONCE, "pause while waiting on-hold",
	    .check = want_pause),
	{ 0 },
};

/* webhook */

/* https only (RELIABILITY T54), or a secret that holds the URL. */
static void
want_url(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	const struct conf_arg *arg = &n->args[0];
	const char *host;
	size_t len;

	(void)s;
	if (arg->form != FORM_PATTERN && strstr(arg->text, "://") == NULL) {
		conf_is_secret(k, arg);
		return;
	}
	if (!conf_is_plain(k, arg))
		return;
	if (strncmp(arg->text, "https://", 8) != 0 || arg->text[8] == '\0') {
		conf_bad(k, arg, "write https://...", "it must be https");
		return;
	}
	host = arg->text + 8;
	len = strcspn(host, ":/?#");
	if (len > 19 &&
	    strncmp(host + len - 19, ".webhook.office.com", 19) == 0)
		conf_say(k->talk, CONF_WARNING, &arg->place,
		    "make a flow \"When a Teams webhook request is received\"",
		    "Microsoft has retired these addresses");
}

static const char *const webhook_types[] = { "slack", "teams", "mattermost",
	"ntfy", "json", NULL };
static const char *const yes_no[] = { "yes", "no", NULL };

const struct conf_setting conf_webhook_rows[] = {
	ROW("type", 1, 1, CONF_ONCE | CONF_MUST, "type json",
	    .check = conf_want_words, .words = webhook_types),
	ROW("url", 1, 1, CONF_ONCE | CONF_MUST,
	    "url https://hooks.example.com/deskd", .check = want_url),
	ROW("events", 1, 50, CONF_MUST, "events ticket.* sla.breached",
	    .check = conf_want_text),
	ROW("secret", 1, 1, CONF_ONCE, "secret credential:hook-hmac",
	    .check = conf_want_secret),
	ROW("token", 1, 1, CONF_ONCE, "token credential:ntfy-token",
	    .check = conf_want_secret),
	ROW("timeout", 1, 1, CONF_ONCE, "timeout 10s",
	    .check = conf_want_durations),
	ROW("include-body", 1, 1, CONF_ONCE, "include-body no",
	    .check = conf_want_words, .words = yes_no),
	{ 0 },
};

/* oauth2 */

static void
want_date(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	const struct conf_arg *arg = &n->args[0];

	(void)s;
	if (arg->form == FORM_PATTERN ||
	    !conf_date(arg->text, strlen(arg->text)))
		conf_bad(k, arg, "write 2027-06-30", "'%.80s' is not a day",
		    arg->text);
}

static const char *const providers[] = { "microsoft", "google", NULL };
static const char *const grants[] = { "client-credentials", "device-code",
	"browser", "service-account", NULL };

const struct conf_setting conf_oauth2_rows[] = {
	ROW("provider", 1, 1, CONF_ONCE | CONF_MUST, "provider microsoft",
	    .check = conf_want_words, .words = providers),
	ROW("tenant", 1, 1, CONF_ONCE, "tenant example.onmicrosoft.com",
	    .check = conf_want_text),
	ROW("client-id", 1, 1, CONF_ONCE, "client-id 1111-2222",
	    .check = conf_want_text),
	ROW("client-secret", 1, 1, CONF_ONCE,
	    "client-secret credential:m365-secret", .check = conf_want_secret),
	ROW("certificate", 1, 1, CONF_ONCE,
	    "certificate file:/etc/deskd/secrets/m365.pem",
	    .check = conf_want_secret),
	ROW("secret-ends", 1, 1, CONF_ONCE, "secret-ends 2027-06-30",
	    .check = want_date),
	ROW("grant", 1, 1, CONF_ONCE | CONF_MUST, "grant client-credentials",
	    .check = conf_want_words, .words = grants),
	{ 0 },
};

/* org */

static void
want_domains(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	(void)s;
	for (size_t i = 0; i < n->args_n; i++)
		if (conf_is_plain(k, &n->args[i]) &&
		    (!conf_name(n->args[i].text) ||
			strchr(n->args[i].text, '.') == NULL))
			conf_bad(k, &n->args[i], "write kunde.example",
			    "'%.80s' is not a domain", n->args[i].text);
}

const struct conf_setting conf_org_rows[] = {
	ROW("domain", 1, 100, CONF_MUST, "domain kunde.example",
	    .check = want_domains),
	ROW("sla", 1, 1, CONF_ONCE | CONF_LATER, "sla relaxed",
	    .check = conf_want_text, .refers = "sla"),
	ROW("language", 1, 1, CONF_ONCE | CONF_LATER, "language de",
	    .check = conf_want_codes),
	{ 0 },
};

const struct conf_setting conf_metrics_rows[] = {
	ROW("textfile", 1, 1, CONF_ONCE | CONF_MUST,
	    "textfile /var/lib/prometheus/node-exporter/deskd.prom",
	    .check = conf_want_paths),
	{ 0 },
};

/* priority-matrix: CONFIG 6 */

static void
want_columns(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	(void)s;
	for (size_t i = 0; i < n->args_n; i++) {
		if (!conf_is_word(k, &n->args[i], conf_levels, "an impact"))
			continue;
		for (size_t j = 0; j < i; j++)
			if (strcmp(n->args[i].text, n->args[j].text) == 0)
				conf_bad(k, &n->args[i], "low medium high",
				    "'%s' stands twice", n->args[i].text);
	}
}

static void
want_line(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	(void)s;
	conf_is_word(k, &n->args[0], conf_levels, "an urgency");
	for (size_t i = 1; i < n->args_n; i++)
		conf_is_word(k, &n->args[i], conf_priorities, "a priority");
}

const struct conf_setting conf_matrix_rows[] = {
	ROW("impact", 3, 3, CONF_ONCE | CONF_MUST, "impact low medium high",
	    .check = want_columns),
	ROW("urgency", 4, 4, CONF_MUST, "urgency high normal high critical",
	    .check = want_line),
	{ 0 },
};

/* The cell of the line of that urgency, in the column of that impact. */
static const struct conf_arg *
cell(const struct conf_node *lines[3], const struct conf_node *columns,
    int urgency, int impact)
{
	for (size_t i = 0; i < 3; i++)
		if (strcmp(columns->args[i].text, conf_levels[impact]) == 0)
			return &lines[urgency]->args[i + 1];
	return NULL;
}

/* Warn where more urgency or impact gives less priority; false: it does. */
static bool
compare(struct conf_check *k, const struct conf_arg *more,
    const struct conf_arg *less)
{
	int a, b;

	if (more == NULL || less == NULL)
		return true;
	a = conf_index(conf_priorities, more->text);
	b = conf_index(conf_priorities, less->text);
	if (a < 0 || b < 0 || a <= b)
		return true;
	conf_say(k->talk, CONF_WARNING, &more->place,
	    "more impact or urgency should not lower it",
	    "'%s' is lower than its neighbour '%s'", more->text, less->text);
	return false;
}

void
conf_cross_matrix(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block)
{
	const struct conf_node *lines[3] = { NULL }, *c, *columns;

	(void)block;
	columns = conf_child(n, "impact");
	for (c = conf_child(n, "urgency"); c != NULL; c = conf_after(c)) {
		int i = c->args_n == 4
		    ? conf_index(conf_levels, c->args[0].text)
		    : -1;

		if (i >= 0 && lines[i] != NULL)
			conf_bad(k, &c->args[0], "keep one of them",
			    "urgency '%s' stands already (%s)", conf_levels[i],
			    conf_where(k->talk, &lines[i]->place));
		else if (i >= 0)
			lines[i] = c;
	}
	for (int i = 0; i < 3; i++)
		if (lines[i] == NULL) {
			conf_say(k->talk, CONF_ERROR, &n->place,
			    "all nine cells must be there",
			    "there is no line for urgency '%s'",
			    conf_levels[i]);
			return;
		}
	if (columns == NULL || columns->args_n != 3)
		return;
	for (int u = 0; u < 3; u++)
		for (int i = 0; i < 3; i++) {
			const struct conf_arg *at = cell(lines, columns, u, i);

			if (i == 0 ||
			    compare(k, at, cell(lines, columns, u, i - 1)))
				compare(k, at,
				    u == 0 ? NULL
					   : cell(lines, columns, u - 1, i));
		}
}
