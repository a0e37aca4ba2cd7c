/* deskd import: mail from files.  What the options mean, and the summary. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "daemon/cmd.h"
#include "daemon/document.h"
#include "daemon/import.h"
#include "daemon/print.h"

extern const struct cmd cmd_import;

struct number {
	const char *key, *words; /* "new", "new tickets" */
	int64_t n;
};

#define NUMBERS 7

static void
numbers_of(const struct import_sum *s, struct number out[NUMBERS])
{
	const struct number all[NUMBERS] = {
		{ "new", "new tickets", s->new },
		{ "append", "appended", s->append },
		{ "dup_of", "duplicates", s->copies },
		{ "event", "events", s->events },
		{ "filed", "filed", s->filed },
		{ "held", "held", s->held },
		{ "stored", "not worked yet", s->stored },
	};

	memcpy(out, all, sizeof(all));
}

static void
summary_json(const struct import_options *o, const struct import_result *r)
{
	struct number numbers[NUMBERS];
	struct document d;

	numbers_of(&r->sum, numbers);
	document_open(&d);
	json_int(&d.j, "mails", (int64_t)r->mails);
	json_int(&d.j, "bytes", (int64_t)r->bytes);
	json_int(&d.j, "files", (int64_t)r->files);
	json_int(&d.j, "files_known", (int64_t)r->known);
	json_int(&d.j, "files_strange", (int64_t)r->strange);
	json_int(&d.j, "oversize", (int64_t)r->oversize);
	json_bool(&d.j, "stopped", r->stopped);
	json_bool(&d.j, "dry_run", o->dry_run);
	if (o->dry_run)
		json_int(&d.j, "have", (int64_t)r->have);
	for (size_t i = 0; i < NUMBERS && !o->dry_run; i++)
		json_int(&d.j, numbers[i].key, numbers[i].n);
	document_close(&d);
}

static void
summary_details(struct context *c, const struct import_options *o,
    const struct import_result *r)
{
	struct number numbers[NUMBERS];

	numbers_of(&r->sum, numbers);
	for (size_t i = 0; i < NUMBERS && !o->dry_run; i++)
		if (numbers[i].n > 0 || i < 3)
			printf("  %10s  %s\n",
			    print_number(&c->arena, numbers[i].n),
			    numbers[i].words);
	if (o->dry_run)
		printf("  %10s  are stored already\n",
		    print_number(&c->arena, (int64_t)r->have));
	if (r->oversize > 0)
		printf("  %10s  larger than max-size: only the beginning is "
		       "kept\n",
		    print_number(&c->arena, (int64_t)r->oversize));
	if (r->known > 0)
		printf("  %10s  files were read before and have not changed\n",
		    print_number(&c->arena, (int64_t)r->known));
}

static void
summary(struct context *c, const struct import_options *o,
    const struct import_result *r)
{
	struct arena *a = &c->arena;

	printf("%s %s in %s %s, %s%s\n", print_number(a, (int64_t)r->mails),
	    r->mails == 1 ? "mail" : "mails",
	    print_number(a, (int64_t)r->files),
	    r->files == 1 ? "file" : "files", print_size(a, r->bytes),
	    o->dry_run ? "; nothing was stored" : "");
	summary_details(c, o, r);
}

/* What a person should know besides the numbers. */
static void
remarks(struct context *c, const struct import_result *r)
{
	if (r->strange > 0)
		fprintf(stderr,
		    "%s %s could not be taken for mail, such as %s%s\n",
		    print_number(&c->arena, (int64_t)r->strange),
		    r->strange == 1 ? "file" : "files",
		    print_line(&c->arena, r->strange_path),
		    c->verbose > 0 ? "" : " (-v names all)");
	if (r->elsewhere && r->sum.stored > 0)
		fprintf(stderr, "the running service works the rest\n");
	if (r->stopped)
		fprintf(
		    stderr, "stopped; run the same command again to go on\n");
}

static int
readable(char **paths, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (access(paths[i], R_OK) == -1) {
			fprintf(stderr, "deskd: %s: %m\n", paths[i]);
			return EX_NOINPUT;
		}
	return 0;
}

static int
open_db(struct context *c, bool dry_run)
{
	struct err e = { 0 };

	if (db_open(&c->db, c->dir, dry_run ? DB_OPEN : DB_CREATE, &e) == 0)
		return 0;
	c->db = NULL;
	/* A dry run makes nothing, and needs none. */
	return dry_run && e.kind == ERR_REJECT ? 0 : cmd_fail(&e);
}

static int
import_paths(
    struct context *c, const struct import_options *o, char **paths, size_t n)
{
	struct import_result r;
	struct err e = { 0 };
	int rc = readable(paths, n);

	if (rc == 0)
		rc = open_db(c, o->dry_run);
	if (rc != 0)
		return rc;
	if (import_run(c, o, paths, n, &r, &e) == -1)
		return cmd_fail(&e);
	if (c->json)
		summary_json(o, &r);
	else if (!c->quiet)
		summary(c, o, &r);
	if (!c->quiet)
		remarks(c, &r);
	if (r.stopped)
		return EX_TEMPFAIL;
	return r.strange > 0 && r.files == 0 ? EX_DATAERR : 0;
}

/* The name stands in the ledger and in the log for ever. */
static bool
good_name(const char *s)
{
	size_t n = strspn(s,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789-_.");

	return n > 0 && n <= 64 && s[n] == '\0';
}

static int
import_main(struct context *c, int argc, char **argv)
{
	struct import_options o = {
		.dry_run = opt_flag(&argc, argv, "--dry-run"),
		.live = opt_flag(&argc, argv, "--live"),
		.no_progress = opt_flag(&argc, argv, "--no-progress"),
		.mailbox = opt_value(&argc, argv, "--mailbox"),
	};
	const char *odd = opt_unknown(argc, argv);

	if (odd != NULL)
		return cmd_usage(&cmd_import, "unknown option '%s'", odd);
	if (o.mailbox == NULL)
		o.mailbox = "import";
	if (!good_name(o.mailbox))
		return cmd_usage(&cmd_import,
		    "--mailbox takes a name of letters, digits, - _ and .");
	if (argc > 1 && strcmp(argv[1], "--") == 0) {
		argc--;
		argv++;
	}
	if (argc < 2)
		return cmd_usage(&cmd_import, "which file or folder?");
	return import_paths(c, &o, argv + 1, (size_t)argc - 1);
}

const struct cmd cmd_import = {
	.name = "import",
	.args = "[--dry-run] [--live] [--mailbox NAME] [--no-progress] "
		"PATH...",
	.about = "take in mail from mbox files, Maildirs, .eml files, folders",
	.needs = TAKES_CONF,
	.run = import_main,
	.help =
	    "  --dry-run        only read and count; nothing is stored\n"
	    "  --live           treat it like new mail: acknowledge, tell "
	    "agents.  Without it\n"
	    "                   nothing is sent\n"
	    "  --mailbox NAME   the mailbox it shall have come to (default "
	    "import); that\n"
	    "                   mailbox's settings hold\n"
	    "  --no-progress    no line that says how far it is\n"
	    "\n"
	    "Needs no network and no configuration.  Can be stopped and "
	    "killed: the same\n"
	    "command goes on where it stood.  Run twice, the second run does "
	    "nothing new.\n"
	    "Exit codes: 75 stopped by a signal, 65 no file was mail, 66 a "
	    "path is not\n"
	    "there.\n"
	    "\n"
	    "  deskd import --dry-run old.mbox\n"
	    "  deskd import ~/Maildir archive/*.mbox mails/\n",
};
