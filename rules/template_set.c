/*
 * Which templates there are: the built-in ones, carried in the program, and
 * those an admin put in their place.
 */
#include "rules/template.h"

#include <stdbool.h>
#include <string.h>

#include "templates.h"

static const char *const acknowledge_names[] = {
	"desk.name",
	"desk.address",
	"ticket.tag",
	"ticket.number",
	"ticket.subject",
	"requester.first_name",
	"requester.name",
	"requester.address",
	"team.name",
	"team.signature",
	"organisation.name",
	"hours.open",
	"hours.next_open.local",
	NULL,
};

/* What clocks and the knowledge base will fill. */
static const char *const acknowledge_later[] = {
	"sla.first_response.local",
	"sla.next_response.local",
	"sla.resolution.local",
	"suggestions", /* a row each: */
	"title",
	"summary",
	"works", /* a link */
	NULL,
};

static const char *const received_names[] = {
	"desk.name",
	"desk.address",
	"ticket.tag",
	"ticket.number",
	NULL,
};

/* One list for all letters behind the first: what there is none of is empty. */
static const char *const answer_names[] = {
	"desk.name",
	"desk.address",
	"ticket.tag",
	"ticket.number",
	"ticket.subject",
	"requester.first_name",
	"requester.name",
	"requester.address",
	"agent.name",
	"agent.first_name",
	"team.name",
	"team.signature",
	"text",      /* what the agent wrote */
	"sign",      /* he did not sign it himself */
	"greet",     /* nor does it begin with a greeting */
	"quote",     /* what is answered, with ">" */
	"quote.day", /* of what is answered */
	"quote.time",
	"quote.name", /* who wrote it */
	"works",      /* a link: the requester confirms */
	"other.tag",  /* of the ticket it was merged into */
	NULL,
};

static const char *const alert_names[] = {
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

static const char *const refused_names[] = {
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

/* Every letter about a ticket to the staff: rules/notice.h. */
static const char *const notice_names[] = {
	"desk.name",
	"desk.address",
	"ticket.tag",
	"ticket.number",
	"ticket.subject",
	"ticket.priority", /* a word of the language */
	"ticket.category",
	"team.name",
	"assignee.first_name", /* or what he is called */
	"mine",                /* it is the reader's */
	"nobody",              /* it is nobody's */
	"watcher", /* the reader is told because he watches or leads */
	"requester.name",
	"requester.first_name",
	"requester.address",
	"requester.vip",
	"organisation.name",
	"from.name", /* who wrote or did it */
	"from.first_name",
	"from.address",
	"text",     /* what was written */
	"text.cut", /* not all of it */
	"quote",    /* the same, with "> " */
	"short",    /* its first words, one line */
	"note",     /* it stays inside */
	"unproven", /* the sender may not be who he says */
	"follows",  /* the ticket before, "EX-988" */
	"files",    /* "log.txt (14 KB)" */
	"files.left",
	"whys", /* a row each: */
	"line",
	"before", /* earlier tickets, a row each: tag, who, when, day, text */
	"thread", /* what was written, newest first; the same */
	"tag",
	"who",
	"when", /* "9:52" */
	"day",  /* "12 May" */
	"problem",
	"meant", /* "#note, #close" */
	"meant.note",
	"held.number",
	"done",  /* in one line */
	"lines", /* the same, a row each: line */
	"title",
	"leaves",
	"undo.until",
	"commands",   /* the reader may steer */
	"answerable", /* an answer to this mail arrives */
	"colleagues", /* a row each: name, tap */
	"name",
	"tap",
	"tap.resolve", /* links */
	"tap.note",
	"tap.wait",
	"tap.take",
	"tap.drop",
	"tap.undo",
	"tap.help",
	"tap.why",
	"tap.add",
	"do.send", /* of held mail */
	"do.note",
	"do.drop",
	"do.clean",
	"do.approve",
	"do.reject",
	"inside",   /* there is more that is only for the staff */
	"internal", /* the mark above what is only for the staff */
	NULL,
};

/* What clocks will fill. */
static const char *const notice_later[] = { "due", "due.in", NULL };

#define NOTICE(name)                                         \
	{                                                    \
		name, notice_names, notice_later, true, true \
	}

const struct template_kind template_kinds[] = {
	{ "acknowledge", acknowledge_names, acknowledge_later, false, false },
	{ "received", received_names, NULL, false, false },
	{ "answer", answer_names, NULL, true, false },
	{ "resolved", answer_names, NULL, true, false },
	{ "merged", answer_names, NULL, true, false },
	{ "handed", answer_names, NULL, true, false },
	{ "alert", alert_names, NULL, true, false },
	{ "refused", refused_names, NULL, true, false },
	NOTICE("notice-new"),
	NOTICE("notice-answered"),
	NOTICE("notice-colleague"),
	NOTICE("notice-handed"),
	NOTICE("notice-gone"),
	NOTICE("notice-stranger"),
	NOTICE("notice-bounced"),
	NOTICE("notice-escalated"),
	NOTICE("notice-command"),
	NOTICE("notice-stale"),
	NOTICE("notice-guard"),
	NOTICE("notice-empty"),
	NOTICE("notice-old"),
	NOTICE("notice-challenge"),
	NOTICE("notice-leaked"),
	NOTICE("notice-held"),
	NOTICE("notice-receipt"),
	NOTICE("notice-said"),
	{ NULL, NULL, NULL, false, false },
};

const struct template_kind *
template_kind(const char *name)
{
	for (const struct template_kind *k = template_kinds; k->name != NULL;
	     k++)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

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

/* The entry of that kind and language, or a new one. */
static struct template_entry *
entry_of(struct template_set *set, const char *kind, const char *language)
{
	for (size_t i = 0; i < set->n; i++)
		if (strcmp(set->list[i].kind->name, kind) == 0 &&
		    strcmp(set->list[i].language, language) == 0)
			return &set->list[i];
	set->list = arena_grow(
	    set->arena, set->list, set->n, &set->cap, sizeof(*set->list));
	return &set->list[set->n++];
}

static void
put(struct template_set *set, const char *language,
    const struct template_source *src, const struct template *t)
{
	*entry_of(set, src->kind->name, language) = (struct template_entry){
		.kind = src->kind,
		.language = arena_strdup(set->arena, language),
		.path = arena_strdup(set->arena, src->path),
		.template = t,
	};
}

int
template_set_add(struct template_set *set, const char *language,
    const struct template_source *src, struct conf_report *rep)
{
	struct template_source own = *src;
	struct template *t;

	own.language = language;
	if (template_compile(set->arena, &own, rep, &t) == -1)
		return -1;
	put(set, language, src, t);
	return 0;
}

int
template_set_builtin(
    struct arena *a, struct template_set *out, struct conf_report *rep)
{
	struct template_set set = { .arena = a };

	for (size_t i = 0; template_texts[i][0] != NULL; i++) {
		const char *path = template_texts[i][0];
		const char *name = strchr(path, '/') + 1;
		struct template_source src = { .path = path,
			.text = template_texts[i][1],
			.kind = template_kind(
			    arena_strndup(a, name, strcspn(name, "."))) };

		if (src.kind == NULL)
			continue;
		if (template_set_add(&set,
			arena_strndup(a, path, strcspn(path, "/")), &src,
			rep) == -1)
			return -1;
		set.list[set.n - 1].path = NULL;
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

bool
language_alike(const char *a, const char *b)
{
	return *a != '\0' && *b != '\0' &&
	    (language_serves(a, b, strlen(b)) ||
		language_serves(b, a, strlen(a)));
}

const struct template_entry *
template_set_entry(
    const struct template_set *set, const char *kind, const char *language)
{
	size_t n = strlen(language);

	for (size_t i = 0; i < set->n; i++)
		if (strcmp(set->list[i].kind->name, kind) == 0 &&
		    language_serves(set->list[i].language, language, n))
			return &set->list[i];
	return NULL;
}

const struct template *
template_set_find(const struct template_set *set, const char *kind,
    const char *const *languages, size_t n, const char **language)
{
	for (size_t i = 0; i < n; i++) {
		const struct template_entry *t = languages[i] == NULL
		    ? NULL
		    : template_set_entry(set, kind, languages[i]);

		if (t == NULL)
			continue;
		if (language != NULL)
			*language = t->language;
		return t->template;
	}
	return NULL;
}

const struct template *
template_set_for(const struct template_set *set, const char *kind,
    const struct conf *c, const char *first, const char **language)
{
	const char *const english = "en";
	const struct template *t = NULL;

	if (first != NULL && *first != '\0')
		t = template_set_find(set, kind, &first, 1, language);
	if (t == NULL)
		t = template_set_find(
		    set, kind, c->languages, c->languages_n, language);
	if (t == NULL)
		t = template_set_find(set, kind, &english, 1, language);
	return t;
}
