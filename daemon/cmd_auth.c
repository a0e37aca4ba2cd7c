/*
 * deskd auth: is the sender of a mail proven?  Shows how a mail was judged,
 * makes mails that are forged on purpose, and judges them when they came back.
 * It sends nothing and changes nothing: the way into the mailbox must be that
 * of a stranger's mail.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "daemon/auth_probe.h"
#include "daemon/clock.h"
#include "daemon/cmd.h"
#include "daemon/document.h"
#include "daemon/mail_read.h"
#include "daemon/print.h"
#include "daemon/rows.h"
#include "rules/authority.h"

extern const struct cmd cmd_auth;

/* One mail, judged. */
struct judged {
	const char *file;
	struct mail m;
	const struct conf_agent *agent; /* of From, or NULL */
	enum proof proof;
	const char *why;
	struct proof_line *lines;
	bool one_sender;
};

static int
judge(struct context *c, const char *file, struct judged *out)
{
	struct judged j = { .file = file };
	struct err e = { 0 };
	uint64_t size;

	if (mail_read_file(&c->arena, file, &j.m, &size, &e) == -1) {
		cmd_fail(&e);
		return EX_NOINPUT;
	}
	if (j.m.from_addr != NULL)
		j.agent = conf_agent_by_address(c->conf, j.m.from_addr);
	j.lines = arena_calloc(&c->arena, j.m.trace_n, sizeof(*j.lines));
	j.proof = proof_lines(&c->arena, c->conf, &j.m, j.lines, &j.why);
	j.one_sender = authority_one_sender(&j.m);
	*out = j;
	return 0;
}

/* A field as one line of text. */
static const char *
shown(struct context *c, const char *s)
{
	char *flat = arena_strdup(&c->arena, s);

	for (char *t = flat; *t != '\0'; t++)
		if (*t == '\t')
			*t = ' ';
	return print_line(&c->arena, flat);
}

static void
json_judged(struct context *c, struct document *d, const struct judged *j)
{
	json_object(&d->j, NULL);
	json_text(&d->j, "file", j->file);
	json_text_or_null(&d->j, "from", j->m.from_addr);
	json_text_or_null(
	    &d->j, "agent", j->agent == NULL ? NULL : j->agent->name);
	json_text(&d->j, "proof", proof_names[j->proof]);
	json_text(&d->j, "why", j->why);
	json_bool(&d->j, "one_sender", j->one_sender);
	json_array(&d->j, "lines");
	for (size_t i = 0; i < j->m.trace_n; i++) {
		const struct field *f = &j->m.fields[j->m.trace[i].field];

		json_object(&d->j, NULL);
		json_text(&d->j, "kind", proof_line_names[j->lines[i].kind]);
		json_text(&d->j, "why", j->lines[i].why);
		json_text(&d->j, "field", shown(c, f->name));
		json_text(&d->j, "value", shown(c, f->value));
		json_object_end(&d->j);
	}
	json_array_end(&d->j);
	json_object_end(&d->j);
	document_part(d);
}

static void
table_judged(struct context *c, const struct print *p, const struct judged *j)
{
	static const struct column columns[] = {
		{ "", false, false },
		{ "WHY", false, false },
		{ "LINE", false, true },
	};
	static const enum print_style styles[PROOF_LINE_KINDS] = {
		[PROOF_BORDER] = STYLE_BOLD,
		[PROOF_COUNTS] = STYLE_GREEN,
		[PROOF_AGAINST] = STYLE_RED,
	};
	struct table t;

	table_init(
	    &t, &c->arena, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < j->m.trace_n; i++) {
		const struct field *f = &j->m.fields[j->m.trace[i].field];
		enum proof_line_kind kind = j->lines[i].kind;

		table_cell(&t, proof_line_names[kind], styles[kind]);
		table_cell(&t, j->lines[i].why, STYLE_NONE);
		table_cell(&t,
		    arena_printf(
			&c->arena, "%s: %s", f->name, shown(c, f->value)),
		    STYLE_NONE);
	}
	table_print(&t, p);
}

/* What an admin may have to mend, when the border's own word is not heard. */
static const char *
advice(const struct context *c, const struct judged *j)
{
	const struct conf_auth *auth = &c->conf->auth;
	size_t border = 0;

	if (!auth->named)
		return "Name the server that tests incoming mail: agent-auth "
		       "in deskd.conf(5).";
	if (j->proof != PROOF_FORGED || auth->results != RESULTS_ABOVE)
		return NULL;
	for (; border < j->m.trace_n; border++) {
		if (j->lines[border].kind == PROOF_COUNTS)
			return NULL; /* it writes above */
		if (j->lines[border].kind == PROOF_BORDER)
			break;
	}
	if (border + 1 < j->m.trace_n &&
	    j->lines[border + 1].kind == PROOF_AGAINST)
		return "If your own server writes its results right below its "
		       "Received line, as Gmail does,\nsay 'results below' in "
		       "agent-auth; if not, this mail is forged.";
	return NULL;
}

static void
print_judged(struct context *c, const struct judged *j)
{
	static const enum print_style styles[PROOF_COUNT] = {
		[PROOF_PASS] = STYLE_GREEN,
		[PROOF_FAIL] = STYLE_RED,
		[PROOF_FORGED] = STYLE_RED,
	};
	const char *hint = advice(c, j);
	struct print p;

	print_init(&p, c);
	printf("%s: from %s, %s%s\n", print_line(&c->arena, j->file),
	    j->m.from_addr == NULL ? "nobody"
				   : print_line(&c->arena, j->m.from_addr),
	    j->agent == NULL ? "no agent" : "agent ",
	    j->agent == NULL ? "" : j->agent->name);
	if (j->m.trace_n > 0)
		table_judged(c, &p, j);
	printf("proof: %s%s%s: %s\n", print_on(&p, styles[j->proof]),
	    proof_names[j->proof], print_off(&p, styles[j->proof]), j->why);
	printf("one plain sender: %s\n",
	    j->one_sender ? "yes" : "no; such a mail never acts for an agent");
	if (hint != NULL)
		printf("%s\n", hint);
}

static int
auth_show_run(struct context *c, int argc, char **argv)
{
	struct document d;
	int rc = 0;

	if (argc < 2)
		return cmd_usage(&cmd_auth, "which mail? give its file, or -");
	if (c->json) {
		document_open(&d);
		json_array(&d.j, "mails");
	}
	for (int i = 1; i < argc && rc == 0; i++) {
		struct judged j;

		rc = judge(c, argv[i], &j);
		if (rc == 0 && c->json)
			json_judged(c, &d, &j);
		else if (rc == 0)
			print_judged(c, &j);
		if (rc == 0 && !c->json && i + 1 < argc)
			putchar('\n');
	}
	if (c->json) {
		json_array_end(&d.j);
		document_close(&d);
	}
	return rc;
}

/* The agent in whose name probes are forged. */
static const struct conf_agent *
probe_agent(struct context *c, const char *name)
{
	if (name != NULL)
		return conf_agent(c->conf, name);
	return c->conf->agents_n > 0 ? &c->conf->agents[0] : NULL;
}

/* One probe into a file of the folder, or to stdout as an mbox. */
static int
put_probe(const char *folder, const struct auth_probe *probe,
    const struct buf *text, struct context *c)
{
	const char *path;
	bool bad;
	FILE *f;

	if (folder == NULL) {
		printf("From deskd@localhost Thu Jan  1 00:00:00 1970\n%s\n",
		    buf_text(text));
		return 0;
	}
	path = arena_printf(
	    &c->arena, "%s/auth-probe-%s.eml", folder, probe->name);
	f = fopen(path, "we");
	if (f != NULL) {
		bad = fputs(buf_text(text), f) == EOF;
		if (fclose(f) == 0 && !bad)
			return 0;
	}
	fprintf(stderr, "deskd: %s: %m\n", path);
	return EX_CANTCREAT;
}

static int
auth_probe_run(struct context *c, int argc, char **argv)
{
	const char *name = opt_value(&argc, argv, "--agent");
	const struct conf_agent *agent = probe_agent(c, name);
	const char *folder = argc > 1 ? argv[1] : NULL;
	uint64_t serial;
	int rc = 0;

	if (argc > 2)
		return cmd_usage(&cmd_auth, "unknown word '%s'", argv[2]);
	if (agent == NULL)
		return cmd_usage(&cmd_auth, "there is no agent%s%s",
		    name == NULL ? "" : " ", name == NULL ? "" : name);
	if (!c->conf->auth.named)
		return cmd_usage(&cmd_auth,
		    "no border server is named, so there is nothing to test; "
		    "see agent-auth in deskd.conf(5)");
	if (folder != NULL && mkdir(folder, 0700) == -1 && errno != EEXIST) {
		fprintf(stderr, "deskd: %s: %m\n", folder);
		return EX_CANTCREAT;
	}
	chance_bytes(&serial, sizeof(serial));
	for (size_t i = 0; rc == 0 && i < auth_probes_n; i++) {
		struct buf text;

		buf_init(&text, 0);
		auth_probe_text(&text, &auth_probes[i], c->conf,
		    agent->emails[0], clock_now(), serial);
		rc = put_probe(folder, &auth_probes[i], &text, c);
		buf_done(&text);
	}
	if (rc == 0 && folder != NULL && !c->quiet)
		printf("%zu mails in %s, forged in the name of %s.  Send each "
		       "to %s from a\nhost outside, then give the copies out "
		       "of the mailbox to 'deskd auth selftest'.\n",
		    auth_probes_n, folder, agent->emails[0], c->conf->address);
	return rc;
}

/* What came back of each probe. */
struct selftest {
	bool seen[AUTH_PROBES_MAX];
	size_t came, passed, silent, alien;
};

static void
weigh_probe(struct context *c, struct document *d, struct selftest *t,
    const struct judged *j)
{
	int i = auth_probe_of(j->m.subject);
	bool passed = j->proof == PROOF_PASS;

	if (i < 0) {
		t->alien++;
		fprintf(stderr, "deskd: %s: this is no probe\n", j->file);
		return;
	}
	t->came += !t->seen[i];
	t->seen[i] = true;
	t->passed += passed;
	t->silent += j->proof == PROOF_NONE;
	if (!c->json) {
		printf("%-8s %s: %s: %s\n", auth_probes[i].name,
		    passed ? "BELIEVED" : "refused", proof_names[j->proof],
		    j->why);
		return;
	}
	json_object(&d->j, NULL);
	json_text(&d->j, "probe", auth_probes[i].name);
	json_text(&d->j, "file", j->file);
	json_text(&d->j, "proof", proof_names[j->proof]);
	json_text(&d->j, "why", j->why);
	json_bool(&d->j, "refused", !passed);
	json_object_end(&d->j);
}

static void
say_result(struct context *c, const struct selftest *t)
{
	if (c->quiet)
		return;
	for (size_t i = 0; i < auth_probes_n; i++)
		if (!t->seen[i])
			printf("%-8s missing\n", auth_probes[i].name);
	if (t->passed > 0)
		printf("A forged mail is believed.  Do not let agents act by "
		       "mail: see agent-auth in\ndeskd.conf(5), and 'deskd "
		       "auth show FILE'.\n");
	else if (t->came < auth_probes_n)
		printf("%zu of %zu came back.  Did the server refuse the "
		       "others?  Then they are no danger;\nelse look for them "
		       "in 'deskd ledger'.\n",
		    t->came, auth_probes_n);
	else if (t->silent > 0)
		printf("None is believed, but of %zu the border server was not "
		       "heard, and so it would be\nwith an agent's own mail: "
		       "is agent-auth right, has the domain a DMARC record?\n",
		    t->silent);
	else
		printf("All %zu are refused.\n", auth_probes_n);
}

static int
auth_selftest_run(struct context *c, int argc, char **argv)
{
	struct selftest t = { 0 };
	struct document d;
	int rc = 0;

	if (argc < 2)
		return cmd_usage(&cmd_auth,
		    "which mails? give the files of the probes that came back");
	if (!c->conf->auth.named)
		return cmd_usage(&cmd_auth,
		    "no border server is named, so there is nothing to test; "
		    "see agent-auth in deskd.conf(5)");
	if (c->json) {
		document_open(&d);
		json_array(&d.j, "probes");
	}
	for (int i = 1; i < argc && rc == 0; i++) {
		struct judged j;

		rc = judge(c, argv[i], &j);
		if (rc == 0)
			weigh_probe(c, &d, &t, &j);
	}
	if (rc == 0 &&
	    (t.passed + t.silent + t.alien > 0 || t.came < auth_probes_n))
		rc = 1;
	if (c->json) {
		json_array_end(&d.j);
		json_bool(&d.j, "refused", t.passed == 0);
		json_bool(&d.j, "complete", t.came == auth_probes_n);
		document_close(&d);
	} else if (rc <= 1) {
		say_result(c, &t);
	}
	return rc;
}

static int
auth_run(struct context *c, int argc, char **argv)
{
	static const struct row_verb verbs[] = {
		{ "show", auth_show_run },
		{ "probe", auth_probe_run },
		{ "selftest", auth_selftest_run },
		{ NULL, NULL },
	};

	return rows_run(c, &cmd_auth, verbs, argc, argv);
}

const struct cmd cmd_auth = {
	.name = "auth",
	.args = "[show FILE... | probe [--agent NAME] [FOLDER] | selftest "
		"FILE...]",
	.about = "is the sender of a mail proven; test it with forged ones",
	.needs = NEEDS_CONF,
	.run = auth_run,
	.help =
	    "  show      what each Received, Authentication-Results and "
	    "DKIM-Signature line\n            counts for and why, and whether "
	    "the sender is proven\n"
	    "  probe     write six mails in the name of an agent (the first, or "
	    "--agent),\n            with forged results of your border "
	    "server, into a folder or an mbox\n"
	    "  selftest  judge those mails when they came back; 0: all six are "
	    "refused\n"
	    "\n"
	    "A mail that is sent through your own relay proves nothing: send "
	    "the probes from\na host outside, to the public server of your "
	    "domain, and take the copies out of\nthe mailbox.  Do it before "
	    "agents work by mail, and after changes at the server.\n"
	    "\n"
	    "  deskd auth probe probes\n"
	    "  for f in probes/*.eml; do sendmail support@example.com <$f; "
	    "done\n"
	    "  deskd auth selftest Maildir/new/*\n",
};
