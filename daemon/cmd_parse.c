/*
 * deskd parse: what deskd understands of one mail, as JSON or to read.  It
 * needs no configuration and no database.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "daemon/cmd.h"
#include "daemon/mail_read.h"
#include "parser/date.h"
#include "parser/json.h"
#include "parser/limits.h"
#include "parser/mail.h"

static void
json_addresses(
    struct json *j, const char *key, const struct address *list, size_t n)
{
	json_array(j, key);
	for (size_t i = 0; i < n; i++)
		json_text(j, NULL, list[i].addr);
	json_array_end(j);
}

static void
json_strings(struct json *j, const char *key, const char **list, size_t n)
{
	json_array(j, key);
	for (size_t i = 0; i < n; i++)
		json_text(j, NULL, list[i]);
	json_array_end(j);
}

static const char *
or_empty(const char *s)
{
	return s == NULL ? "" : s;
}

static void
json_headers(struct json *j, const struct mail *m)
{
	json_text(j, "from_addr", or_empty(m->from_addr));
	json_text(j, "from_name", or_empty(m->from_name));
	json_addresses(j, "to", m->to, m->to_n);
	json_addresses(j, "cc", m->cc, m->cc_n);
	json_addresses(j, "reply_to", m->reply_to, m->reply_to_n);
	json_text(j, "subject", or_empty(m->subject));
	json_text(j, "message_id", or_empty(m->message_id));
	json_text(j, "in_reply_to", or_empty(m->in_reply_to));
	json_strings(j, "references", m->references, m->references_n);
	json_time(j, "date", m->date);
}

static void
json_attachments(struct json *j, const struct mail *m)
{
	char sum[2 * HASH_SIZE + 1];

	json_array(j, "attachments");
	for (int i = -1; (i = mail_leaf(m, i)) >= 0;) {
		const struct part *p = &m->parts[i];

		hash_hex(p->sha256, HASH_SIZE, sum);
		json_object(j, NULL);
		json_text(j, "name", or_empty(p->name));
		json_text(j, "type", p->type);
		json_int(j, "size", (int64_t)p->size);
		json_text(j, "sha256", sum);
		json_bool(j, "inline", p->inline_);
		if (p->signature)
			json_bool(j, "signature", true);
		if (p->kind == PART_ASIDE)
			json_bool(j, "aside", true);
		json_object_end(j);
	}
	json_array_end(j);
}

/* What came out of each winmail.dat. */
static void
json_tnef(struct json *j, const struct mail *m)
{
	json_array(j, "tnef_names");
	for (size_t i = 0; i < m->parts_n; i++) {
		const struct part *p = &m->parts[i];

		if (p->inside >= 0 && p->kind == PART_ATTACHMENT &&
		    strstr(m->parts[p->inside].type, "tnef") != NULL)
			json_text(j, NULL, or_empty(p->name));
	}
	json_array_end(j);
}

static void
json_some(struct json *j, const char *key, const char *value)
{
	if (value != NULL)
		json_text(j, key, value);
}

static void
json_report(struct json *j, const struct mail *m)
{
	json_some(j, "report_type", m->report.type);
	json_some(j, "report_message_id", m->report.message_id);
	json_some(j, "report_recipient", m->report.recipient);
	json_some(j, "list_id", m->list.id);
	json_some(j, "list_address", m->list.addr);
}

static void
json_class(struct json *j, const struct mail *m)
{
	json_text(j, "class", mail_class_name(m->class));
	if (m->class_why != NULL)
		json_text(j, "class_why", m->class_why);
	json_bool(j, "is_auto", m->class != CLASS_HUMAN);
	json_bool(j, "may_autoreply",
	    m->class == CLASS_HUMAN && !m->no_ack && m->from_addr != NULL &&
		m->received_n <= HOPS_MAX);
	json_report(j, m);
	json_bool(j, "is_bounce", m->class == CLASS_DSN);
	if (m->class != CLASS_DSN)
		return;
	if (m->bounce.status != NULL)
		json_text(j, "bounce_status", m->bounce.status);
	json_bool(j, "bounce_hard", m->bounce.hard);
	json_text(j, "bounce_action", bounce_action_name(m->bounce.action));
	if (m->bounce.action != BOUNCE_DELIVERED)
		json_text(
		    j, "bounce_reason", bounce_reason_name(m->bounce.reason));
	json_strings(j, "bounce_recipients", m->bounce.recipients,
	    m->bounce.recipients_n);
	if (m->bounce.message_id != NULL)
		json_text(j, "bounce_message_id", m->bounce.message_id);
}

static void
json_forward(struct json *j, const struct mail *m)
{
	json_bool(j, "is_forward", m->forward);
	if (!m->forward)
		return;
	json_text(j, "forward_from", or_empty(m->forward_from));
	json_text(j, "forward_subject", or_empty(m->forward_subject));
	json_some(j, "forward_name", m->forward_name);
	if (m->forward_date != 0)
		json_time(j, "forward_date", m->forward_date);
	json_some(j, "forward_message_id", m->forward_message_id);
	json_addresses(j, "forward_to", m->forward_to, m->forward_to_n);
	json_addresses(j, "forward_cc", m->forward_cc, m->forward_cc_n);
	json_text(j, "forward_comment", or_empty(m->forward_comment));
}

static void
print_json(const struct mail *m)
{
	struct json j;
	struct buf out;

	buf_init(&out, 0);
	json_init(&j, &out);
	json_object(&j, NULL);
	json_headers(&j, m);
	json_text(&j, "body_text", m->text);
	json_text(&j, "reply_text", m->new_text);
	if (m->html != NULL)
		json_text(&j, "body_html", m->html);
	if (m->calendar_method != NULL)
		json_text(&j, "calendar_method", m->calendar_method);
	if (m->calendar_n > 0)
		json_strings(&j, "calendar", m->calendar, m->calendar_n);
	json_bool(&j, "encrypted", m->encrypted);
	json_attachments(&j, m);
	json_tnef(&j, m);
	json_class(&j, m);
	json_forward(&j, m);
	if (m->language != NULL)
		json_text(&j, "language", m->language);
	json_strings(&j, "defects", m->defects, m->defects_n);
	json_object_end(&j);
	fwrite(buf_text(&out), 1, out.len, stdout);
	buf_done(&out);
}

static void
print_line(const char *name, const char *value)
{
	if (value != NULL && *value != '\0')
		printf("%s: %s\n", name, value);
}

static void
print_addresses(const char *name, const struct address *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].name[0] != '\0')
			printf("%s: \"%s\" <%s>\n", name, list[i].name,
			    list[i].addr);
		else
			printf("%s: <%s>\n", name, list[i].addr);
}

/* A text, indented, so that it cannot be taken for a line of ours. */
static void
print_text(const char *name, const char *text)
{
	printf("%s:\n", name);
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");

		printf("    %.*s\n", (int)n, text);
		text += n + (text[n] == '\n');
	}
}

static void
print_parts(const struct mail *m)
{
	char sum[2 * HASH_SIZE + 1];

	for (int i = -1; (i = mail_leaf(m, i)) >= 0;) {
		const struct part *p = &m->parts[i];

		hash_hex(p->sha256, 4, sum);
		printf("%s: %s, %s, %llu bytes, %s...%s\n",
		    p->signature                ? "signature"
			: p->kind == PART_ASIDE ? "aside"
						: "attachment",
		    p->name != NULL ? p->name : "(no name)", p->type,
		    (unsigned long long)p->size, sum,
		    p->inline_ ? ", inline" : "");
	}
}

static void
print_forward(const struct mail *m)
{
	char date[DATE_SIZE];

	if (!m->forward)
		return;
	printf("forward: yes\n");
	print_line("forward from", m->forward_from);
	print_line("forward name", m->forward_name);
	print_line("forward subject", m->forward_subject);
	print_line("forward message-id", m->forward_message_id);
	print_addresses("forward to", m->forward_to, m->forward_to_n);
	print_addresses("forward cc", m->forward_cc, m->forward_cc_n);
	if (m->forward_date != 0) {
		date_rfc3339(m->forward_date, date);
		print_line("forward date", date);
	}
	if (m->forward_comment != NULL && *m->forward_comment != '\0')
		print_text("forward comment", m->forward_comment);
}

static void
print_kind(const struct mail *m)
{
	printf("class: %s", mail_class_name(m->class));
	if (m->class_why != NULL)
		printf(" (%s)", m->class_why);
	printf("\n");
	print_line("report", m->report.type);
	print_line("about message", m->report.message_id);
	print_line("about recipient", m->report.recipient);
	print_line("list", m->list.id);
	print_line("list address", m->list.addr);
	if (m->class == CLASS_DSN) {
		printf("bounce: %s", bounce_action_name(m->bounce.action));
		if (m->bounce.action != BOUNCE_DELIVERED)
			printf(", %s, %s", m->bounce.hard ? "hard" : "soft",
			    bounce_reason_name(m->bounce.reason));
		printf("\n");
		print_line("bounce status", m->bounce.status);
		for (size_t i = 0; i < m->bounce.recipients_n; i++)
			print_line("bounced", m->bounce.recipients[i]);
		print_line("bounced message", m->bounce.message_id);
	}
	print_forward(m);
	print_line("language", m->language);
}

static void
print_plain(const struct mail *m)
{
	char date[DATE_SIZE];

	if (m->from_addr != NULL && m->from_name != NULL)
		printf("from: \"%s\" <%s>\n", m->from_name, m->from_addr);
	else if (m->from_addr != NULL)
		printf("from: <%s>\n", m->from_addr);
	else
		print_line("from", m->from_name);
	print_addresses("to", m->to, m->to_n);
	print_addresses("cc", m->cc, m->cc_n);
	print_addresses("reply-to", m->reply_to, m->reply_to_n);
	print_line("subject", m->subject);
	if (m->date != 0) {
		date_rfc3339(m->date, date);
		print_line("date", date);
	}
	print_line("message-id", m->message_id);
	print_line("in-reply-to", m->in_reply_to);
	for (size_t i = 0; i < m->references_n; i++)
		print_line("reference", m->references[i]);
	print_kind(m);
	print_line("calendar method", m->calendar_method);
	for (size_t i = 0; i < m->calendar_n; i++)
		print_line("calendar", m->calendar[i]);
	if (m->encrypted)
		printf("encrypted: yes\n");
	print_parts(m);
	for (size_t i = 0; i < m->defects_n; i++)
		print_line("defect", m->defects[i]);
	print_text("new text", m->new_text);
	if (strncmp(m->text, m->new_text, strlen(m->new_text)) != 0 ||
	    m->text[strlen(m->new_text) +
		strspn(m->text + strlen(m->new_text), " \n")] != '\0')
		print_text("text", m->text);
}

extern const struct cmd cmd_parse;

static int
parse_run(struct context *c, int argc, char **argv)
{
	struct err e = { 0 };
	struct mail m = { 0 };
	uint64_t size;

	if (opt_unknown(argc, argv) != NULL)
		return cmd_usage(
		    &cmd_parse, "no option %s", opt_unknown(argc, argv));
	if (argc != 2)
		return cmd_usage(&cmd_parse, "needs one file, or - for stdin");
	if (strcmp(argv[1], "-") != 0 && access(argv[1], R_OK) == -1) {
		fprintf(stderr, "deskd: %s: %m\n", argv[1]);
		return EX_NOINPUT;
	}
	if (mail_read_file(&c->arena, argv[1], &m, &size, &e) == -1)
		return cmd_fail(&e);
	if (c->json)
		print_json(&m);
	else
		print_plain(&m);
	return 0;
}

const struct cmd cmd_parse = {
	.name = "parse",
	.args = "[--json] FILE or -",
	.about = "what deskd understands of one mail",
	.run = parse_run,
	.help = "FILE is one mail as it came (.eml); - reads standard input.\n"
		"Nothing is stored.  --json prints one object.\n",
};
