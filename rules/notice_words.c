/* Words of the staff's letters that are no template's: they name what a table
 * has. */
#include <string.h>

#include "rules/notice_private.h"
#include "rules/opening.h"

static const struct {
	const char *language;
	const char *priorities[PRIORITY_COUNT];
} words[] = {
	{ "en", { "Critical", "High", "Normal", "Low" } },
	{ "de", { "Kritisch", "Hoch", "Normal", "Niedrig" } },
	{ "fr", { "Critique", "Haute", "Normale", "Basse" } },
	{ "es", { "Cr\xc3\xadtica", "Alta", "Normal", "Baja" } },
};

const char *
notice_priority(const char *language, enum priority p)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (language_serves(
			words[i].language, language, strlen(language)))
			return words[i].priorities[p];
	return priority_names[p];
}

char *
notice_time(const struct saying *s, int64_t when, bool seconds)
{
	const struct desk *d = s->in->desk;

	return opening_short(
	    s->arena, d->zone, s->language, d->now, when, seconds);
}

char *
notice_day(const struct saying *s, int64_t when)
{
	const struct desk *d = s->in->desk;

	return opening_day(s->arena, d->zone, s->language, d->now, when);
}
