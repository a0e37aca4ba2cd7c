/*
 * Commands of an agent's text.  Every line of it is a command or text, none is
 * both or lost; a known command never stays in the text unless that is said; a
 * problem leaves the decision as it was, and what is decided is clean text.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parser/utf8.h"
#include "rules/commands.h"
#include "rules/moment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char desk_conf[] =
    "address support@example.com\nlanguages en de\n"
    "agent ana \"Ana Silva\" { email ana@example.com }\n"
    "agent bob \"Bob Müller\" { email bob@example.com }\n"
    "team desk { tier 1; members bob; next-tier network }\n"
    "team network \"Network & VPN\" { tier 2; members ana; lead bob }\n";

static const struct conf *conf;
static const struct rulebook *book;

static int
give(void *ctx, struct arena *a, const char *path, char **data, size_t *n,
    struct err *e)
{
	(void)ctx;
	(void)path;
	(void)e;
	*data = arena_strdup(a, desk_conf);
	*n = strlen(*data);
	return 0;
}

static void
load(void)
{
	static struct arena a;
	struct conf_source src = { .read = give };
	struct hours_source hours = { 0 };
	struct conf_report rep = { 0 };
	struct conf *c;
	struct rulebook *b;

	if (conf != NULL)
		return;
	assert(conf_load(&a, "x.conf", &src, &c, &rep) == 0);
	assert(rulebook_build(&a, c, &hours, &rep, &b) == 0);
	conf = c;
	book = b;
}

static bool
blank(const char *s, size_t n)
{
	const char *end = s + n;

	while (s < end) {
		uint32_t c = utf8_next(&s, end);

		if (!utf8_space(c) && !utf8_hidden(c) && c != 0x34f &&
		    c != 0x20e3 && (c < 0xfe00 || c > 0xfe0f))
			return false;
	}
	return true;
}

/* "#word" of the plainest kind. */
static bool
plain_command(struct arena *a, const char *s, size_t n)
{
	size_t k = 1;
	enum command_word w;

	while (n > 0 && *s == ' ')
		s++, n--;
	if (n < 2 || *s != '#')
		return false;
	while (k < n && strchr(" :=", s[k]) == NULL)
		k++;
	w = command_find(a, arena_strndup(a, s + 1, k - 1));
	return w < COMMAND_DO;
}

static void
check_lines(struct arena *a, const char *own, const struct command_mail *m)
{
	const char *text = m->text;
	size_t line = 1, next = 0,
	       middle = m->middle == NULL ? 0 : m->middle->line;
	bool seen = middle == 0;

	for (; *own != '\0'; line++) {
		size_t n = strcspn(own, "\n");

		if (next < m->n && m->list[next].line <= line) {
			next += m->list[next].line + m->list[next].lines ==
			    line + 1;
		} else if (!blank(own, n)) {
			size_t k;

			while (blank(text, k = strcspn(text, "\n"))) {
				assert(text[k] != '\0');
				text += k + 1;
			}
			assert(k == n && memcmp(text, own, n) == 0);
			assert(middle != 0 || !plain_command(a, own, n));
			seen |= line == middle;
			text += k + (text[k] == '\n');
		}
		own += n + (own[n] == '\n');
	}
	assert(next == m->n && blank(text, strlen(text)) && seen);
}

static int
find(void *ctx, int64_t number, struct ticket *out, bool *found, struct err *e)
{
	(void)ctx;
	*found = number % 2 == 1;
	out->number = number;
	return number == 13 ? err_set(e, ERR_RETRY, "busy") : 0;
}

static void
check_decision(const struct decision *d)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct change *c = &d->list[i];

		assert(c->why != NULL && utf8_valid(c->why, strlen(c->why)));
		assert(c->text == NULL || utf8_valid(c->text, strlen(c->text)));
		assert(c->text == NULL || strchr(c->text, '\n') == NULL);
	}
}

static void
decide(struct arena *a, const struct command_mail *m, bool restricted)
{
	struct ticket t = ticket_blank;
	struct commands_ask ask = { .conf = conf,
		.book = book,
		.agent = conf_agent(conf, "ana"),
		.who = "agent ana",
		.ticket = &t,
		.now = 1785321000,
		.restricted = restricted,
		.find = find };
	struct commands_answer out;
	struct decision d;
	struct err e = { 0 };
	int rc;

	t.number = 1042;
	t.team = "network";
	decision_init(&d, a, 1042, "agent ana");
	rc = commands_decide(&ask, m, &d, &out, &e);
	assert((rc == -1) == (e.kind != ERR_NONE));
	assert(d.n == 0 || out.problem == NULL || out.challenge);
	assert(out.problem == NULL ||
	    utf8_valid(out.problem, strlen(out.problem)));
	assert(!out.challenge || restricted);
	check_decision(&d);
}

static void
check_moment(const char *s)
{
	int64_t when = -7;
	size_t used = 0;

	if (moment_read(s, NULL, 1785321000, &when, &used))
		assert(used > 0 && used <= strlen(s));
	else
		assert(when == -7 && used == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct command_mail m;
	const char *own;

	if (size == 0)
		return 0;
	load();
	own = utf8_from(&a, "utf-8", (const char *)data + 1, size - 1, NULL);
	command_split(&a, own, &m);
	assert(m.before == own);
	check_lines(&a, own, &m);
	for (size_t i = 0; i < m.n; i++) {
		assert(utf8_valid(m.list[i].value, strlen(m.list[i].value)));
		check_moment(m.list[i].value);
	}
	check_moment(own);
	decide(&a, &m, data[0] % 2 == 1);
	arena_done(&a);
	return 0;
}
