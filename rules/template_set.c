/*
 * Which templates there are: the built-in ones, carried in the program, and
 * those an admin put in their place.
 */
#include "rules/template.h"

#include <stdbool.h>
#include <string.h>

#include "templates.h"

const char *const template_names_acknowledge[] = {
	"desk.name",
	"desk.address",
	"ticket.tag",
	"ticket.number",
	"ticket.subject",
	"requester.first_name",
	"requester.name",
	"requester.address",
	"team.name",
	NULL,
};

const char *const template_names_received[] = {
	"desk.name",
	"desk.address",
	"ticket.tag",
	"ticket.number",
	NULL,
};

const char *const template_names_alert[] = {
	"desk.name",
	"desk.address",
	"ticket.tag",    /* of the one letter; none when there are many */
	"letter.number", /* of the first */
	"letter.recipient",
	"count",
	"many",    /* more than one */
	"letters", /* a row each: */
	"number",
	"kind",
	"recipient",
	"tag",
	"dead",
	"tries",
	"answer",
	"unknown",
	"more", /* how many are not listed */
	NULL,
};

const char *const template_names_refused[] = {
	"desk.name",
	"desk.address",
	"file",  /* the configuration as it was named at the start */
	"start", /* there is when deskd was starting; else it was told to reload
	          */
	"number", /* of the configuration that goes on */
	"since",  /* it was kept first */
	"count",  /* of errors */
	"report", /* the first of them, each with its line and a caret */
	"more",   /* how many are not in the report */
	NULL,
};

const struct template_kind template_kinds[] = {
	{ "acknowledge", template_names_acknowledge },
	{ "received", template_names_received },
	{ "alert", template_names_alert },
	{ "refused", template_names_refused },
	{ NULL, NULL },
};

struct template_entry {
	const char *kind, *language;
	const struct template *template;
};

/* "en/acknowledge.txt" -> language and name, as lengths. */
static bool
is_file(const char *path, const char *name, size_t name_n, const char *language,
    size_t language_n)
{
	return strncmp(path, language, language_n) == 0 &&
	    path[language_n] == '/' &&
	    strncmp(path + language_n + 1, name, name_n) == 0 &&
	    strcmp(path + language_n + 1 + name_n, ".txt") == 0;
}

const char *
template_builtin(const char *name, const char *language)
{
	size_t n = language == NULL ? 0 : strlen(language);

	for (size_t i = 0; n > 0 && template_texts[i][0] != NULL; i++)
		if (is_file(
			template_texts[i][0], name, strlen(name), language, n))
			return template_texts[i][1];
	return NULL;
}

int
template_set_add(struct template_set *set, const struct template_kind *k,
    const char *language, const char *name, const char *text, struct err *e)
{
	struct template *t;

	if (template_compile(set->arena, name, text, k->known, &t, e) == -1)
		return -1;
	for (size_t i = 0; i < set->n; i++)
		if (strcmp(set->list[i].kind, k->name) == 0 &&
		    strcmp(set->list[i].language, language) == 0) {
			set->list[i].template = t;
			return 0;
		}
	set->list = arena_grow(
	    set->arena, set->list, set->n, &set->cap, sizeof(*set->list));
	set->list[set->n++] = (struct template_entry){
		.kind = k->name,
		.language = arena_strdup(set->arena, language),
		.template = t,
	};
	return 0;
}

int
template_set_builtin(struct arena *a, struct template_set *out, struct err *e)
{
	struct template_set set = { .arena = a };

	for (size_t i = 0; template_texts[i][0] != NULL; i++) {
		const char *path = template_texts[i][0];
		const char *language = arena_strndup(
		    a, path, strcspn(path, "/"));

		for (const struct template_kind *k = template_kinds;
		     k->name != NULL; k++)
			if (is_file(path, k->name, strlen(k->name), language,
				strlen(language)) &&
			    template_set_add(&set, k, language, path,
				template_texts[i][1], e) == -1)
				return -1;
	}
	*out = set;
	return 0;
}

bool
language_serves(const char *have, const char *want, size_t want_n)
{
	size_t n = strlen(have);

	return want_n >= n && strncasecmp(have, want, n) == 0 &&
	    (want_n == n || want[n] == '-' || want[n] == '_');
}

const struct template *
template_set_find(const struct template_set *set, const char *kind,
    const char *const *languages, size_t n, const char **language)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; languages[i] != NULL && k < set->n; k++) {
			const struct template_entry *t = &set->list[k];

			if (strcmp(t->kind, kind) != 0 ||
			    !language_serves(t->language, languages[i],
				strlen(languages[i])))
				continue;
			if (language != NULL)
				*language = t->language;
			return t->template;
		}
	return NULL;
}
