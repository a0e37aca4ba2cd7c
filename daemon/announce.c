/* Letters of deskd about itself.  See the header. */
#include "daemon/announce.h"

#include "daemon/clock.h"
#include "daemon/templates.h"
#include "parser/compose.h"
#include "parser/msgid.h"

/* Two processes may write in the same second. */
#define LETTERS_A_SECOND 1000000

int
announce_open(struct announce *x, struct arena *a, const struct conf *c,
    const char *dir, int64_t now, struct err *e)
{
	*x = (struct announce){ .arena = a, .conf = c, .now = now };
	x->written = chance_between(0, LETTERS_A_SECOND - 1000);
	if (secret_desk_keys(a, c, dir, &x->keys, e) == -1)
		return -1;
	return templates_load(a, c, NULL, NULL, &x->templates, e);
}

static int
write_text(struct announce *x, const struct announcement *m, struct compose *c,
    struct err *e)
{
	const struct template *t = template_set_for(
	    &x->templates, m->template, x->conf, NULL, &c->language);
	char *subject, *text;

	if (template_render(x->arena, t, m->values, &subject, &text, e) == -1)
		return err_wrap(e, "template %s", m->template);
	c->subject = subject;
	c->text = text;
	return 0;
}

/* Our own mark is in the Message-ID, so that a letter that comes back is known
 * (T21). */
static const char *
message_id(struct announce *x, int64_t ticket)
{
	const char *tag = ticket_tag(x->arena, x->conf->tickets.prefix, ticket);
	int64_t serial = x->now * LETTERS_A_SECOND + x->written++;

	return msgid_make(x->arena, &x->keys, tag,
	    arena_printf(x->arena, "s%lld", (long long)serial),
	    address_domain(x->conf->address));
}

int
announce_write(struct announce *x, const struct announcement *m,
    struct letter *l, struct err *e)
{
	const char *const fields[] = { "Auto-Submitted", "auto-generated",
		"X-Auto-Response-Suppress", "OOF, AutoReply, RN, NRN",
		"X-Deskd-Event", m->event, NULL };
	struct compose c = {
		.from = { x->conf->desk, x->conf->address },
		.to = { "", l->recipient },
		.message_id = message_id(x, l->ticket),
		.date = x->now,
		.fields = fields,
	};
	char *data;

	if (write_text(x, m, &c, e) == -1 ||
	    compose_mail(x->arena, &c, &data, &l->size, e) == -1)
		return -1;
	l->data = data;
	l->message_id = c.message_id;
	l->kind = LETTER_ALERT;
	l->automatic = true;
	l->sender = "";
	l->created = x->now;
	return 0;
}
