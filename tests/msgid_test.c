/* parser/msgid.c: Message-IDs of others, and ours with their mark. */
#include "parser/limits.h"
#include "parser/msgid.h"
#include "tests/test.h"

static struct arena a;

static void
list(const char *value, const char *want)
{
	char text[300] = "";
	const char **ids;
	size_t n = msgid_list(&a, value, strlen(value), &ids);

	for (size_t i = 0; i < n; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "%s%s", i > 0 ? " " : "", ids[i]);
	test_ok(strcmp(text, want) == 0, "%s -> %s", value, text);
}

static void
lists(void)
{
	static char many[64 << 10];
	const char **ids;
	size_t n = 0;

	list("<a@example.com>", "a@example.com");
	list(" <a@x.example>  <b@x.example>", "a@x.example b@x.example");
	list("<a@x.example><b@x.example>", "a@x.example b@x.example");
	list("<a@x.example>,<b@x.example>", "a@x.example b@x.example");
	list("(hi) <a@x.example> (there)", "a@x.example");
	list("a@x.example b@x.example", "a@x.example b@x.example");
	list("Your message of Tue <a@x.example>", "a@x.example");
	list("<a b@x .example>", "ab@x.example");
	list("<a@x.example", "a@x.example");
	list("a@x.example>", "a@x.example");
	list("<>", "");
	list("nothing here", "");
	list("<abc>", "abc");
	list("<a\xe4@x.example>", "aä@x.example");
	list("<a\xa0\xe4@x.example>", "aä@x.example");
	for (int i = 0; n < sizeof(many) - 20; i++)
		n += (size_t)snprintf(many + n, 20, "<%d@x.example>", i);
	n = msgid_list(&a, many, n, &ids);
	test_ok(n == MAIL_REFERENCES_MAX && strcmp(ids[0], "0@x.example") != 0,
	    "of many the newest are kept");
}

static const struct desk_keys keys = {
	.key = { [3] = "the desk's key" },
	.have = { [3] = true },
	.first = 3,
};

static void
own(const char *id, int64_t ticket, char kind, int64_t serial)
{
	struct msgid_own got = { 0 };
	bool ok = msgid_own(&keys, "EX-", id, &got);

	test_ok(ok == (ticket != 0) && got.ticket == ticket &&
		got.kind == kind && got.serial == serial,
	    "%s", id);
}

static void
ours(void)
{
	/* after a rotation, and when the old key is gone */
	struct desk_keys rotated = keys, other;
	char *id = msgid_make(&a, &keys, "EX-1042", "7", "support.example.com");
	char *staff = msgid_make(
	    &a, &keys, "EX-1042", "s9", "support.example.com");
	struct msgid_own got;
	char *bad;

	test_ok(strncmp(id, "EX-1042.7.", 10) == 0 &&
		strcmp(id + 18, "@support.example.com") == 0,
	    "made: %s", id);
	own(id, 1042, 0, 7);
	own(staff, 1042, 's', 9);
	own("EX-1042.7.p3k9x2vd@support.example.com", 0, 0, 0);
	own("EX-1042.7.@support.example.com", 0, 0, 0);
	own("EX-1042.7", 0, 0, 0);
	own("EX-.7.p3k9x2vd@x", 0, 0, 0);
	own("EX-99999999999999999999.7.p3k9x2vd@x", 0, 0, 0);
	own("", 0, 0, 0);
	memcpy(rotated.key[9], "another key", 12);
	rotated.have[9] = true;
	rotated.first = 9;
	test_ok(msgid_own(&rotated, "EX-", id, &got) && got.serial == 7,
	    "an older key still proves");
	test_ok(strcmp(msgid_make(
			   &a, &rotated, "EX-1042", "7", "support.example.com"),
		    id) != 0,
	    "the first key makes");
	other = rotated;
	other.have[3] = false;
	test_ok(
	    !msgid_own(&other, "EX-", id, &got), "another key proves nothing");
	test_ok(
	    !msgid_own(&keys, "HD-", id, &got), "another prefix is not ours");
	/* one digit of the ticket, the serial, the mark */
	for (size_t i = 3; i < 18; i++) {
		if (id[i] == '.')
			continue;
		bad = arena_strdup(&a, id);
		bad[i] = bad[i] == '2' ? '3' : '2';
		test_ok(
		    !msgid_own(&keys, "EX-", bad, &got), "changed at %zu", i);
	}
	bad = arena_strdup(&a, id);
	strcpy(bad + 18, "@elsewhere.example");
	test_ok(msgid_own(&keys, "EX-", bad, &got),
	    "the domain is not covered: servers rewrite it");
}

int
main(void)
{
	lists();
	ours();
	arena_done(&a);
	return test_end();
}
