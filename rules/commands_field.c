/* Commands that set a field: priority, type, category, tags, subject. */
#include <string.h>

#include "parser/ascii.h"
#include "parser/limits.h"
#include "parser/utf8.h"
#include "rules/commands_private.h"
#include "rules/evaluate.h"

/* Folded; the first word of each is its name. */
static const char *const priorities[] = {
	[PRIORITY_CRITICAL] = "critical kritisch critique critico critica",
	[PRIORITY_HIGH] = "high hoch haute haut alta alto",
	[PRIORITY_NORMAL] = "normal medium mittel normale moyenne media",
	[PRIORITY_LOW] = "low niedrig gering basse faible baja bajo",
	[PRIORITY_COUNT] = "matrix matrice matriz",
};

static const char *const levels[] = {
	[LEVEL_LOW] = "low niedrig gering basse faible baja bajo",
	[LEVEL_MEDIUM] = "medium normal mittel moyen moyenne media medio",
	[LEVEL_HIGH] = "high hoch haute haut eleve alta alto",
};

static const char *const types[] = {
	[TYPE_INCIDENT] =
	    "incident vorfall storung stoerung incidente incidencia",
	[TYPE_REQUEST] = "request anfrage auftrag demande solicitud peticion",
	[TYPE_PROBLEM] = "problem probleme problema",
	[TYPE_CHANGE] = "change anderung aenderung changement cambio",
};

void
commands_priority(struct steering *x)
{
	int p = commands_word(x, priorities, PRIORITY_COUNT + 1);

	if (p < 0) {
		commands_problem(x, PHRASE_VALUE, x->now->value,
		    "#priority: critical, high, normal, low, matrix");
		return;
	}
	if (p == PRIORITY_COUNT) { /* settled at the end */
		x->t.pinned = false;
		return;
	}
	commands_done(x, DONE_PRIORITY,
	    phrase_priority(x->ask->language, (enum priority)p), NULL);
	if (x->t.pinned && (int)x->t.priority == p)
		return;
	commands_change(x, CHANGE_PRIORITY, p, "pinned");
	x->t.priority = (enum priority)p;
	x->t.pinned = true;
}

void
commands_level(struct steering *x)
{
	bool impact = x->now->word == COMMAND_IMPACT;
	enum level *field = impact ? &x->t.impact : &x->t.urgency;
	int l = commands_word(x, levels, LEVEL_COUNT);

	if (l < 0) {
		commands_problem(x, PHRASE_VALUE, x->now->value,
		    impact ? "#impact: low, medium, high"
			   : "#urgency: low, medium, high");
		return;
	}
	commands_done(x, impact ? DONE_IMPACT : DONE_URGENCY,
	    phrase_level(x->ask->language, (enum level)l), NULL);
	if ((int)*field == l)
		return;
	*field = (enum level)l;
	commands_change(x, impact ? CHANGE_IMPACT : CHANGE_URGENCY, l, NULL);
}

/* What the matrix makes of it, unless it is pinned. */
void
commands_settle_priority(struct steering *x)
{
	const struct ticket *was = x->ask->ticket;
	enum priority p;
	bool asked = false;

	for (size_t i = 0; i < x->mail->n; i++) {
		enum command_word w = x->mail->list[i].word;

		if (w == COMMAND_IMPACT || w == COMMAND_URGENCY ||
		    (w == COMMAND_PRIORITY && !x->t.pinned)) {
			x->now = &x->mail->list[i];
			asked = true;
		}
	}
	if (!asked)
		return;
	if (x->t.pinned) {
		if (was->pinned)
			commands_done(x, DONE_PINNED,
			    phrase_priority(x->ask->language, x->t.priority),
			    NULL);
		return;
	}
	p = rules_priority(x->ask->book, x->t.impact, x->t.urgency);
	commands_done(
	    x, DONE_PRIORITY, phrase_priority(x->ask->language, p), NULL);
	if (p == was->priority && !was->pinned)
		return;
	decision_add(x->d, CHANGE_PRIORITY, p, NULL,
	    arena_printf(x->arena,
		"%s, priority-matrix: impact %s x urgency %s", commands_why(x),
		level_names[x->t.impact], level_names[x->t.urgency]));
	x->t.priority = p;
}

void
commands_type(struct steering *x)
{
	int t = commands_word(x, types, TYPE_COUNT);

	if (t < 0) {
		commands_problem(x, PHRASE_VALUE, x->now->value,
		    "#type: incident, request, problem, change");
		return;
	}
	commands_done(
	    x, DONE_TYPE, phrase_type(x->ask->language, (enum type)t), NULL);
	if ((int)x->t.type == t)
		return;
	commands_change(x, CHANGE_TYPE, t, NULL);
	x->t.type = (enum type)t;
}

/* Letters of any script, digits and a few marks, as rules compare them. */
static bool
is_path(const char *s, bool slashes)
{
	const char *end = s + strlen(s);
	uint32_t last = '/';

	if (*s == '\0' || end - s > CONF_NAME_MAX)
		return false;
	while (s < end) {
		uint32_t c = utf8_next(&s, end);
		bool mark = c == '-' || c == '_' || c == '.' || c == '+' ||
		    c == '&';
		bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		    (c >= 'A' && c <= 'Z') || (c >= 0xc0 && c < 0x2000) ||
		    c >= 0x2c00;

		if (!plain && !mark && !(c == '/' && slashes && last != '/'))
			return false;
		last = c;
	}
	return last != '/' || !slashes;
}

/* "network / VPN" is "network/vpn". */
void
commands_category(struct steering *x)
{
	char *s = arena_strdup(x->arena, x->now->value), *out = s;

	for (char *p = s; *p != '\0'; p++)
		if (*p != ' ' ||
		    (out > s && out[-1] != '/' && p[strspn(p, " ")] != '/'))
			*out++ = ascii_lower(*p);
	*out = '\0';
	if (!is_path(s, true)) {
		commands_problem(x, PHRASE_CATEGORY, x->now->value, NULL);
		return;
	}
	commands_done(x, DONE_CATEGORY, s, NULL);
	if (strcmp(x->t.category, s) == 0)
		return;
	commands_change(x, CHANGE_CATEGORY, 0, s);
	x->t.category = s;
}

void
commands_tags(struct steering *x)
{
	bool off = x->now->word == COMMAND_UNTAG;
	const char *s = x->now->value, *word;

	while ((word = commands_next(x->arena, &s)) != NULL) {
		word += *word == '#';
		if (!is_path(word, false)) {
			commands_problem(x, PHRASE_TAG, word, NULL);
			return;
		}
		commands_change(x, off ? CHANGE_UNTAG : CHANGE_TAG, 0, word);
		commands_done(x, off ? DONE_UNTAG : DONE_TAG, word, NULL);
	}
}

void
commands_subject(struct steering *x)
{
	const char *s = utf8_line(
	    x->arena, x->now->value, MAIL_SUBJECT_MAX / 4);

	commands_done(x, DONE_SUBJECT, s, NULL);
	if (strcmp(x->t.subject, s) == 0)
		return;
	commands_change(x, CHANGE_SUBJECT, 0, s);
	x->t.subject = s;
}

static const char *const language_words[][2] = {
	{ "en", "english englisch anglais ingles" },
	{ "de", "german deutsch allemand aleman" },
	{ "fr", "french franzosisch franzoesisch francais frances" },
	{ "es", "spanish spanisch espagnol espanol" },
};

/* The code of a language that is named by its own or another's word. */
static const char *
language_code(struct steering *x)
{
	for (size_t i = 0; i < sizeof(language_words) / sizeof(*language_words);
	     i++)
		if (commands_word(x, &language_words[i][1], 1) == 0)
			return language_words[i][0];
	return x->now->value;
}

void
commands_lang(struct steering *x)
{
	const struct conf *c = x->ask->conf;
	const char *code = language_code(x), *all = "";

	for (size_t i = 0; i < c->languages_n; i++) {
		all = arena_printf(x->arena, "%s%s%s", all, i > 0 ? ", " : "",
		    c->languages[i]);
		if (!commands_same(x, c->languages[i], code))
			continue;
		commands_done(x, DONE_LANGUAGE, c->languages[i], NULL);
		if (strcmp(x->t.language, c->languages[i]) != 0)
			commands_change(x, CHANGE_LANGUAGE, 0, c->languages[i]);
		x->t.language = c->languages[i];
		return;
	}
	commands_problem(x, PHRASE_LANGUAGE, x->now->value, all);
}
