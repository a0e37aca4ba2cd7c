/* A ticket, its messages and its history as JSON: the keys of DESIGN 6. */

#include "daemon/print_ticket.h"

static void
json_links(struct json *j, struct context *c, const struct ticket_tags *more)
{
	json_array(j, "links");
	for (size_t i = 0; i < more->links_n; i++) {
		json_object(j, NULL);
		json_text(j, "kind", more->links[i].kind);
		json_int(j, "number", more->links[i].other);
		json_text(j, "tag", cmd_tag(c, more->links[i].other));
		json_object_end(j);
	}
	json_array_end(j);
}

static void
json_words(struct json *j, const struct ticket *t)
{
	json_text(j, "type", type_names[t->type]);
	json_text(j, "status", status_names[t->status]);
	json_text(j, "impact", level_names[t->impact]);
	json_text(j, "urgency", level_names[t->urgency]);
	json_text(j, "priority", priority_names[t->priority]);
	json_text_or_null(j, "category", t->category);
	json_text_or_null(j, "team", t->team);
	json_int(j, "tier", t->tier);
	json_text_or_null(j, "assignee", t->assignee);
	json_text_or_null(j, "language", t->language);
}

/* The targets belong to the service levels; a ticket without them has none. */
static void
json_times(struct json *j, const struct ticket *t)
{
	json_time(j, "created", t->created);
	json_time(j, "updated", t->updated);
	json_time(j, "resolved", t->resolved);
	json_time(j, "closed", t->closed);
	if (t->until != 0)
		json_time(j, "until", t->until);
	if (t->nudge != 0)
		json_time(j, "nudge", t->nudge);
	if (t->end != 0)
		json_time(j, "end", t->end);
	json_object(j, "due");
	json_time(j, "first_response", 0);
	json_time(j, "next_response", 0);
	json_time(j, "resolution", 0);
	json_object_end(j);
}

void
json_ticket(struct json *j, struct context *c, const struct ticket_view *v)
{
	json_int(j, "number", v->t.number);
	json_text(j, "tag", cmd_tag(c, v->t.number));
	json_text(j, "subject", v->t.subject);
	json_words(j, &v->t);
	json_array(j, "tags");
	for (size_t i = 0; i < v->more.tags_n; i++)
		json_text(j, NULL, v->more.tags[i]);
	json_array_end(j);
	json_object(j, "requester");
	json_text_or_null(j, "name", v->t.requester_name);
	json_text_or_null(j, "address", v->t.requester);
	json_object_end(j);
	json_times(j, &v->t);
	json_links(j, c, &v->more);
	if (v->hit != NULL) {
		json_text(j, "snippet", v->hit->snippet);
		json_int(j, "message", v->hit->message);
	}
}

/* ticket: whose conversation is shown; a mail may be of one merged into it. */
static void
json_message(struct json *j, const struct message *m, int64_t ticket)
{
	json_object(j, NULL);
	json_int(j, "id", m->id);
	if (m->ticket != ticket)
		json_int(j, "ticket", m->ticket);
	json_text(j, "direction", m->direction);
	json_text(j, "class", m->class);
	json_text_or_null(j, "from", m->sender);
	json_text_or_null(j, "from_name", m->sender_name);
	json_time(j, "date", m->date);
	json_time(j, "received", m->received);
	json_text_or_null(j, "message_id", m->message_id);
	json_text(j, "subject", m->subject);
	json_text(j, "text", m->text);
	json_text(j, "new_text", m->new_text);
	json_raw(
	    j, "attachments", m->attachments == NULL ? "[]" : m->attachments);
	json_object_end(j);
}

void
json_messages(struct document *d, const struct ticket_read *r)
{
	struct json *j = &d->j;

	json_array(j, "messages");
	for (size_t i = 0; i < r->messages_n; i++) {
		json_message(j, &r->messages[i], r->view.t.number);
		document_part(d);
	}
	json_array_end(j);
}

void
json_events(struct document *d, const struct ticket_read *r)
{
	struct json *j = &d->j;

	json_array(j, "events");
	for (size_t i = 0; i < r->events_n; i++) {
		const struct event *v = &r->events[i];

		json_object(j, NULL);
		json_time(j, "time", v->time);
		json_text(j, "who", v->who);
		json_text(j, "what", v->what);
		json_text(j, "from", v->old);
		json_text(j, "to", v->new);
		json_text_or_null(j, "why", v->why);
		json_object_end(j);
		document_part(d);
	}
	json_array_end(j);
}
