/*
 * Amazon SES can report by SNS: a mail whose text is JSON, as it stands or
 * packed in a string of the notification around it.  It reads the few keys it
 * needs and promises nothing about the rest.
 */
#include <string.h>

#include "parser/ascii.h"
#include "parser/bounce.h"
#include "parser/msgid.h"
#include "parser/reader.h"

/* Behind "key" and its colon in s; NULL: there is no such key.  Keys inside a
 * packed document are written \"key\". */
static const char *
find_key(const char *s, const char *key)
{
	size_t n = strlen(key);

	while ((s = strstr(s, key)) != NULL) {
		const char *end = s + n;

		s = end;
		if (end[-(ptrdiff_t)n - 1] != '"')
			continue;
		end += *end == '\\';
		if (*end++ != '"')
			continue;
		end += strspn(end, " \t\n");
		if (*end == ':')
			return end + 1;
	}
	return NULL;
}

/* The string value there, without escapes but those of quotes; or NULL. */
static const char *
read_string(struct arena *a, const char *s)
{
	char *out, *w;

	if (s == NULL)
		return NULL;
	s += strspn(s, " \t\n");
	s += *s == '\\';
	if (*s++ != '"')
		return NULL;
	w = out = arena_strndup(a, s, strcspn(s, "\""));
	for (const char *p = out; *p != '\0'; p++)
		if (*p != '\\')
			*w++ = *p;
	*w = '\0';
	return out;
}

static const char *
text_of(struct arena *a, const char *s, const char *key)
{
	return s == NULL ? NULL : read_string(a, find_key(s, key));
}

const char *
bounce_ses_kind(struct mail_reader *r)
{
	const char *s = r->m.text + strspn(r->m.text, " \t\n"), *kind;

	if (*s != '{' || mail_field(&r->m, "x-amz-sns-message-id") == NULL)
		return NULL;
	kind = text_of(r->a, s, "notificationType");
	return kind != NULL ? kind : text_of(r->a, s, "eventType");
}

/* {"name":"Message-ID","value":"<...>"} of the mail that bounced. */
static void
read_id(struct mail_reader *r, const char *s)
{
	const char *value = NULL, **ids;

	while ((s = find_key(s, "name")) != NULL) {
		const char *name = read_string(r->a, s);

		if (name != NULL && strcasecmp(name, "Message-ID") == 0) {
			value = text_of(r->a, s, "value");
			break;
		}
	}
	if (value != NULL && msgid_list(r->a, value, strlen(value), &ids) > 0)
		r->m.bounce.message_id = ids[0];
}

void
bounce_ses(struct mail_reader *r, struct bounce_report *s)
{
	const char *kind = bounce_ses_kind(r), *p, *type;

	if (kind == NULL || strcmp(kind, "Bounce") != 0)
		return;
	p = find_key(r->m.text, "bouncedRecipients");
	if (p == NULL)
		return;
	s->told = true;
	s->action = BOUNCE_FAILED;
	s->said = text_of(r->a, p, "diagnosticCode");
	s->status = text_of(r->a, p, "status");
	if (s->status != NULL)
		s->status = bounce_code(r->a, s->status);
	if (s->status == NULL && s->said != NULL)
		s->status = bounce_code(r->a, s->said);
	type = text_of(r->a, r->m.text, "bounceSubType");
	s->dead = type != NULL && strcmp(type, "NoEmail") == 0;
	s->words = "";
	for (; (p = find_key(p, "emailAddress")) != NULL;) {
		const char *addr = read_string(r->a, p);

		if (addr != NULL && address_valid(addr))
			bounce_add(r, s, addr);
	}
	if (r->m.bounce.recipients_n > 0)
		s->to = r->m.bounce.recipients[0];
	read_id(r, r->m.text);
}
