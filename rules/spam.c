/*
 * The condition `spam`: has a filter before us marked the mail?  Judges
 * nothing itself.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "rules/rule_private.h"

#define SPAM_LEVEL     5 /* of Microsoft: it goes to the junk folder */
#define SPAM_LEVEL_MAX 9

/* Does a filter before us say so in words? */
static bool
spam_by_word(struct asking *k)
{
	static const char *const names[] = { "X-Spam-Flag", "X-Spam-Status",
		"X-Spam", "X-Rspamd-Action", "X-Spam-Action" };
	static const char *const yes[] = { "yes", "true", "reject",
		"add header", "rewrite subject" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = mail_field(k->facts->mail, names[i]);

		for (size_t j = 0;
		     value != NULL && j < sizeof(yes) / sizeof(yes[0]); j++) {
			if (strncasecmp(value, yes[j], strlen(yes[j])) != 0)
				continue;
			k->why = arena_printf(
			    k->arena, "%s \"%s\"", names[i], yes[j]);
			return true;
		}
	}
	return false;
}

/* A level at the beginning of a text; one that is none is the lowest. */
static bool
spam_level(struct asking *k, const char *field, const char *value)
{
	int level = (int)strtol(value, NULL, 10);

	if (level < SPAM_LEVEL || level > SPAM_LEVEL_MAX)
		return false;
	k->why = arena_printf(k->arena, "%s SCL %d", field, level);
	return true;
}

/*
 * Microsoft's spam confidence level, -1 to 9: on its own ("5"), and among what
 * its filter reports ("CIP:192.0.2.1;LANG:en;SCL:5;SRV:;").
 */
static bool
spam_by_level(struct asking *k)
{
	static const char alone[] = "X-MS-Exchange-Organization-SCL";
	static const char report[] = "X-Forefront-Antispam-Report";
	const char *value = mail_field(k->facts->mail, alone);

	if (value != NULL && spam_level(k, alone, value))
		return true;
	value = mail_field(k->facts->mail, report);
	while (value != NULL) {
		value += strspn(value, " \t\r\n;");
		if (strncasecmp(value, "SCL:", 4) == 0)
			return spam_level(k, report, value + 4);
		value = strchr(value, ';');
	}
	return false;
}

/* What filters before us have written into the header. */
enum answer
condition_spam(struct asking *k, const struct condition *c)
{
	bool flagged = k->facts->mail != NULL &&
	    (spam_by_word(k) || spam_by_level(k));

	if (!flagged)
		k->why = "not marked as spam";
	return flagged == (strcmp(c->values[0].text, "yes") == 0) ? ANSWER_YES
								  : ANSWER_NO;
}
