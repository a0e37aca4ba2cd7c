/*
 * What kind of sender a mail has: RELIABILITY 5.1, read strictly, in its order.
 * Whether a mail is our own (CLASS_OWN) needs the key and is decided elsewhere.
 */
#include <string.h>

#include "parser/ascii.h"
#include "parser/bounce.h"
#include "parser/class_signs.h"
#include "parser/class_words.h"
#include "parser/reader.h"
#include "parser/utf8.h"

#define TEXT_LOOKED_AT 800 /* bytes: who is away says so at once */

const char *
mail_class_name(enum mail_class c)
{
	static const char *const names[CLASS_COUNT] = { "human", "own", "dsn",
		"complaint", "receipt", "auto-reply", "peer", "bulk",
		"generated" };

	return c < CLASS_COUNT ? names[c] : "human";
}

static void
set_class(struct mail_reader *r, enum mail_class class, const char *name,
    const char *value)
{
	char *why = arena_printf(r->a, "%s: %.200s", name, value);

	r->m.class = class;
	r->m.class_why = utf8_line(
	    r->a, utf8_from(r->a, NULL, why, strlen(why), NULL), 160);
}

/* A report that does not call itself one, but has the part that makes it one.
 */
static bool
report_part(struct mail_reader *r)
{
	static const struct {
		const char *type;
		enum mail_class class;
	} parts[] = {
		{ "message/feedback-report", CLASS_COMPLAINT },
		{ "message/disposition-notification", CLASS_RECEIPT },
	};

	for (size_t i = 0; i < r->m.parts_n; i++)
		for (size_t k = 0; k < sizeof(parts) / sizeof(*parts); k++)
			if (r->m.parts[i].parent == 0 &&
			    part_is(&r->m.parts[i], parts[k].type)) {
				set_class(r, parts[k].class, "a part of type",
				    parts[k].type);
				return true;
			}
	return false;
}

/* multipart/report (RFC 6522) says exactly what it is. */
static bool
report(struct mail_reader *r)
{
	static const struct {
		const char *type;
		enum mail_class class;
	} types[] = {
		{ "delivery-status", CLASS_DSN },
		{ "feedback-report", CLASS_COMPLAINT },
		{ "disposition-notification", CLASS_RECEIPT },
	};

	if (r->report_type == NULL)
		return report_part(r);
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strcasecmp(r->report_type, types[i].type) == 0) {
			set_class(
			    r, types[i].class, "report-type", r->report_type);
			return true;
		}
	return false;
}

/* Amazon SES tells the same in JSON. */
static bool
report_ses(struct mail_reader *r)
{
	const char *kind = bounce_ses_kind(r);

	if (kind == NULL ||
	    (strcmp(kind, "Bounce") != 0 && strcmp(kind, "Complaint") != 0))
		return false;
	set_class(r, kind[0] == 'B' ? CLASS_DSN : CLASS_COMPLAINT,
	    "notificationType", kind);
	return true;
}

/* An answer to an invitation is made by a program (RFC 5546 3.2.3), unless the
 * one who pressed the button wrote a word to it: then people should see it. */
static bool
meeting_answer(struct mail_reader *r)
{
	const char *method = r->meeting;
	bool reply = method != NULL && strcmp(method, "REPLY") == 0;

	if (!reply &&
	    (method == NULL ||
		(strcmp(method, "COUNTER") != 0 &&
		    strcmp(method, "REFRESH") != 0)))
		return false;
	set_class(r,
	    reply && r->calendar_comment == NULL ? CLASS_AUTO_REPLY
						 : CLASS_GENERATED,
	    "calendar method", method);
	return true;
}

static bool
sign_found(struct mail_reader *r, bool auto_reply)
{
	enum mail_class class;
	const struct field *f = class_sign(&r->m, auto_reply, &class);

	if (f != NULL)
		set_class(r, class, f->name, f->value);
	return f != NULL;
}

static bool
auto_sign(struct mail_reader *r)
{
	return sign_found(r, true);
}

static bool
other_sign(struct mail_reader *r)
{
	return sign_found(r, false);
}

/* The start of the text, folded and on one line. */
static const char *
start_of_text(struct mail_reader *r)
{
	return utf8_fold(r->a, utf8_line(r->a, r->m.text, TEXT_LOOKED_AT));
}

/* Notes writes "Ann Lee is out of the office (returning 12/01)" in the words
 * of its user, and marks it as it marks what it generates. */
static bool
notes_absent(struct mail_reader *r)
{
	const char *mailer = mail_field(&r->m, "X-Mailer");

	return mailer != NULL && ascii_find(mailer, "Notes Release") != NULL &&
	    mail_field(&r->m, "Auto-Submitted") != NULL &&
	    words_absent_text(utf8_fold(r->a, r->m.subject));
}

/* Who is away tells it below a subject of their own; who only announces it
 * answers nothing. */
static bool
absent_subject(struct mail_reader *r)
{
	const struct mail *m = &r->m;
	enum absent sure;

	if (m->subject == NULL)
		return false;
	sure = notes_absent(r) ? ABSENT_SURE
			       : words_absent(utf8_fold(r->a, m->subject));
	if (sure == ABSENT_NO ||
	    (sure == ABSENT_MAYBE &&
		!((m->in_reply_to != NULL || m->references_n > 0 ||
		      m->no_ack) &&
		    words_absent_text(start_of_text(r)))))
		return false;
	set_class(r, CLASS_AUTO_REPLY, "Subject", m->subject);
	return true;
}

/* Programs that watch other programs, and scanners. */
static bool
alert_found(struct mail_reader *r)
{
	const struct mail *m = &r->m;
	const char *who = NULL;

	if (m->subject != NULL)
		who = words_alert(utf8_fold(r->a, m->subject));
	if (who != NULL) {
		set_class(r, CLASS_GENERATED,
		    arena_printf(r->a, "Subject as %s writes", who),
		    m->subject);
		return true;
	}
	who = words_alert_text(start_of_text(r));
	if (who != NULL)
		set_class(r, CLASS_GENERATED, "text as written by", who);
	return who != NULL;
}

/* An address nobody reads, unless another is given for answers: then a form
 * passes on what a person wrote. */
static bool
robot_sender(struct mail_reader *r)
{
	const struct mail *m = &r->m;

	if (m->from_addr == NULL || !words_robot(r->a, m->from_addr))
		return false;
	for (size_t i = 0; i < m->reply_to_n; i++)
		if (!words_robot(r->a, m->reply_to[i].addr))
			return false;
	set_class(r, CLASS_GENERATED, "From", m->from_addr);
	return true;
}

static bool
null_sender(struct mail_reader *r)
{
	const char *path = mail_field(&r->m, "Return-Path");

	if (path == NULL || strncmp(path, "<>", 2) != 0)
		return false;
	set_class(r, CLASS_AUTO_REPLY, "Return-Path", path);
	return true;
}

/* "X-Auto-Response-Suppress: OOF, AutoReply" (MS-OXCMAIL 2.1.3.2.20). */
static void
read_suppress(struct mail_reader *r)
{
	const char *value = mail_field(&r->m, "X-Auto-Response-Suppress");

	r->m.no_ack = value != NULL &&
	    (ascii_find(value, "All") != NULL ||
		ascii_find(value, "AutoReply") != NULL);
}

/* In the order of RELIABILITY 5.1; a null sender says least. */
static void
decide_by_words(struct mail_reader *r)
{
	static bool (*const tests[])(struct mail_reader *) = { auto_sign,
		absent_subject, meeting_answer, other_sign, alert_found,
		null_sender, robot_sender };

	for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++)
		if (tests[i](r))
			return;
}

void
class_decide(struct mail_reader *r)
{
	const char *why;

	read_suppress(r);
	if (!report(r) && !report_ses(r)) {
		why = bounce_sign(r);
		if (why != NULL)
			set_class(r, CLASS_DSN, "bounce", why);
		else
			decide_by_words(r);
	}
	if (r->m.class == CLASS_DSN)
		bounce_read(r);
	report_read(r);
}
