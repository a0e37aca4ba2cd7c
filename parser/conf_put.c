/*
 * Checked values into struct conf.  Called only for a tree without errors, so
 * nothing here can fail.
 */
#include <string.h>

#include "parser/conf_private.h"

static void *
field(void *base, size_t at)
{
	return (char *)base + at;
}

void
conf_put_text(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base)
{
	const char *text = n->args[0].text;

	(void)a;
	memcpy(field(base, s->at), &text, sizeof(text));
}

void
conf_put_texts(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base)
{
	const char **list = arena_calloc(a, n->args_n, sizeof(*list));

	for (size_t i = 0; i < n->args_n; i++)
		list[i] = n->args[i].text;
	memcpy(field(base, s->at), &list, sizeof(list));
	memcpy(field(base, s->at_n), &n->args_n, sizeof(n->args_n));
}

/* An enum whose values stand in the order of the words. */
void
conf_put_word(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base)
{
	int value = conf_index(s->words, n->args[0].text);

	(void)a;
	memcpy(field(base, s->at), &value, sizeof(value));
}

void
conf_put_duration(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base)
{
	(void)a;
	conf_duration(n->args[0].text, field(base, s->at));
}

void
conf_put_durations(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base)
{
	int64_t *list = arena_calloc(a, n->args_n, sizeof(*list));

	for (size_t i = 0; i < n->args_n; i++)
		conf_duration(n->args[i].text, &list[i]);
	memcpy(field(base, s->at), &list, sizeof(list));
	memcpy(field(base, s->at_n), &n->args_n, sizeof(n->args_n));
}

/* A small number into an int. */
void
conf_put_number(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base)
{
	int64_t v = 0;
	int value;

	(void)a;
	conf_number(n->args[0].text, 0, 1000000, &v);
	value = (int)v;
	memcpy(field(base, s->at), &value, sizeof(value));
}

void
conf_put_secret(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base)
{
	const char *hint;

	conf_secret(a, n->args[0].text, field(base, s->at), &hint);
}
