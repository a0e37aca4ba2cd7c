/*
 * A relay that says anything at any moment.  Each input is a list of steps: a
 * byte that says how much we get to send, how much then comes in, and those
 * bytes.  Whatever happens, what we say is the dialogue and nothing else, and a
 * letter counts as sent only for a whole 2xx after its last byte.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "daemon/smtp_talk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char body[] = "From: a@example.org\r\n\r\n.dot\r\n..\r\nhello\r\n";
static const char stuffed[] =
    "From: a@example.org\r\n\r\n..dot\r\n...\r\nhello\r\n.\r\n";
static const char *const said[] = { "RSET\r\n", "MAIL FROM:<> SIZE=40\r\n",
	"RCPT TO:<b@example.org>\r\n", "DATA\r\n", stuffed };

struct session {
	struct talk talk;
	char all[400];
	size_t n;
};

/* All that we said so far is the beginning of the one right dialogue. */
static void
check_words(const struct session *s, int first)
{
	char want[400] = "";

	for (size_t i = (size_t)first; i < 5; i++)
		strcat(want, said[i]);
	assert(s->n <= strlen(want));
	assert(memcmp(s->all, want, s->n) == 0);
}

static void
send_some(struct session *s, size_t most)
{
	size_t n;
	const char *p;

	if (s->talk.asks)
		talk_body(&s->talk, most % 16 != 15);
	while (most > 0 && (p = talk_output(&s->talk, &n), n > 0)) {
		if (n > most)
			n = most;
		assert(s->n + n <= sizeof(s->all));
		memcpy(s->all + s->n, p, n);
		s->n += n;
		most -= n;
		talk_sent(&s->talk, n);
	}
}

static void
check_end(const struct session *s, int first)
{
	const struct smtp_trace *t = &s->talk.trace;
	enum smtp_outcome end = smtp_classify(t);
	size_t all = 0;

	for (size_t i = (size_t)first; i < 5; i++)
		all += strlen(said[i]);
	if (end == SMTP_SENT)
		assert(
		    t->stage == SMTP_DOT && t->code / 100 == 2 && s->n == all);
	if (s->n == all)
		assert(end == SMTP_SENT || end == SMTP_UNKNOWN ||
		    t->code / 100 >= 4);
	assert(strlen(t->text) <= REPLY_MAX);
	for (const char *p = t->text; *p != '\0'; p++)
		assert(*p >= 0x20 && *p < 0x7f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct session s;
	struct smtp_letter l = { .sender = "",
		.recipient = "b@example.org",
		.data = body,
		.size = sizeof(body) - 1 };
	int first = size > 0 && (data[0] & 1) != 0 ? 0 : 1;

	s.n = 0;
	talk_start(&s.talk, &l, true, first == 0, first == 0);
	while (size >= 2 && !s.talk.over) {
		size_t in = data[1];

		send_some(&s, data[0]);
		data += 2;
		size -= 2;
		if (in > size)
			in = size;
		if (!s.talk.asks || in % 2 == 0)
			talk_input(&s.talk, (const char *)data, in);
		data += in;
		size -= in;
		check_words(&s, first);
	}
	check_end(&s, first);
	return 0;
}
