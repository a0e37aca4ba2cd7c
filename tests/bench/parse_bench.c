/*
 * How many ordinary mails a second one core reads: mail_parse() alone, and the
 * same mails through the box (its process and ours together).  CPU time, the
 * best of several turns, since other programs run beside us.
 *
 *   build/parse_bench [-r TURNS] [-n MAILS] [box | FILE...]
 *
 * -n 0: as many of each file as a two-hundredth of a second takes.
 *
 * Ordinary is what mails of today look like, 8 KiB each: 3 KiB of header (the
 * hops, signatures and verdicts of four servers) and behind it one of
 *
 *   text         an answer above a quoted mail, plain text
 *   alternative  the same as plain text and HTML, quoted-printable
 *   file         a short text and a picture, base64
 *   html         nothing but the HTML of an office program
 *
 * with words drawn at random, so that no two mails are the same.  It promises
 * nothing about how fast mails come in: that is bench.py.
 */
#define _GNU_SOURCE /* CPU_SET */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "daemon/box.h"
#include "parser/buf.h"
#include "parser/mail.h"

#define MAIL_SIZE 8192
#define VARIANTS  100
#define TURN      0.005 /* seconds */
#define BATCH     256   /* mails that work gives to the box at once */

static const char *const words[] = { "the", "printer", "on", "floor", "three",
	"does", "not", "answer", "any", "more", "since", "we", "moved", "to",
	"new", "office", "and", "nobody", "here", "knows", "which", "driver",
	"it", "needs", "could", "you", "please", "have", "a", "look", "when",
	"I", "open", "settings", "page", "says", "that", "certificate", "has",
	"expired", "yesterday", "evening", "everything", "was", "still",
	"working", "as", "usual", "restarted", "router", "twice", "but", "lamp",
	"keeps", "blinking", "in", "red", "colleague", "told", "me", "about",
	"update", "of", "last", "week", "might", "be", "reason", "thank", "for",
	"your", "help", "best", "regards", "München", "café", "résumé",
	"Grüße" };

struct maker {
	struct buf b;
	uint32_t seed;
	int number;
};

static uint32_t
chance(struct maker *m, uint32_t n)
{
	m->seed = m->seed * 1664525u + 1013904223u;
	return (m->seed >> 8) % n;
}

static const char *
word(struct maker *m)
{
	return words[chance(m, sizeof(words) / sizeof(*words))];
}

/* n characters that a server drew. */
static void
token(struct maker *m, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
				     "opqrstuvwxyz0123456789+/";

	while (n-- > 0)
		buf_char(&m->b, digits[chance(m, 64)]);
}

static void
signature(struct maker *m, const char *begin)
{
	buf_str(&m->b, begin);
	for (int i = 0; i < 5; i++) {
		token(m, 66);
		buf_str(&m->b, i < 4 ? "\r\n         " : "==\r\n");
	}
}

static void
received(struct maker *m, int hop)
{
	buf_printf(&m->b,
	    "Received: from mx%d.example.com (mx%d.example.com [192.0.2.%d])\r\n"
	    "        by mail%d.example.org (Postfix) with ESMTPS id ",
	    hop, hop, hop, hop);
	token(m, 12);
	buf_printf(&m->b,
	    "\r\n        for <support@example.org>; Tue, 28 Jul 2026 09:14:%02d "
	    "+0200 (CEST)\r\n",
	    59 - hop);
}

static void
header(struct maker *m)
{
	struct buf *b = &m->b;

	buf_str(b,
	    "Return-Path: <maria@example.com>\r\n"
	    "Delivered-To: support@example.org\r\n");
	for (int hop = 0; hop < 4; hop++)
		received(m, hop);
	signature(m,
	    "ARC-Seal: i=1; a=rsa-sha256; t=1785222846; cv=none;\r\n"
	    "        d=example.com; s=arc-20260601; b=");
	signature(m,
	    "ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; "
	    "d=example.com;\r\n        h=in-reply-to:references:message-id:"
	    "subject:date:from:to; s=arc-20260601; b=");
	buf_str(b,
	    "Authentication-Results: mail.example.org; spf=pass "
	    "smtp.mailfrom=maria@example.com;\r\n        dkim=pass "
	    "header.d=example.com; dmarc=pass (p=REJECT sp=REJECT dis=NONE)\r\n"
	    "        header.from=example.com\r\n");
	signature(m,
	    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n"
	    "        d=example.com; s=20260112; t=1785222846; "
	    "x=1785827646;\r\n        b=");
	buf_str(b, "X-Google-Smtp-Source: ");
	token(m, 72);
	buf_str(b,
	    "\r\nX-Received: by 2002:a05:6402:1f0c with SMTP id\r\n"
	    " 4fb4d7f45d1cf-6a1b2c3d4e5mr1234567a12.7.1785222846; Tue, "
	    "28 Jul 2026 00:14:06 -0700 (PDT)\r\nMIME-Version: 1.0\r\n");
	buf_printf(b,
	    "In-Reply-To: <EX-%d.7.p3k9x2vd@support.example.org>\r\n"
	    "References: <a%d.1@mail.example.com>\r\n <b%d.2@mail.example.com> "
	    "<EX-%d.7.p3k9x2vd@support.example.org>\r\n"
	    "From: =?UTF-8?Q?Maria_G=C3=B3mez?= <maria@example.com>\r\n"
	    "Date: Tue, 28 Jul 2026 09:14:06 +0200\r\n"
	    "Message-ID: <CAF2Xq.%d@mail.example.com>\r\n"
	    "Subject: =?UTF-8?Q?Re=3A_Printer_on_floor_3?= [EX-%d]\r\n"
	    "To: Example Support <support@example.org>\r\n"
	    "Cc: \"Novak, Jan\" <jan.novak@example.com>, anna@example.net\r\n",
	    m->number, m->number, m->number, m->number, m->number, m->number);
}

/* A line of words; "=" and what is not ASCII escaped where qp. */
static void
line(struct maker *m, const char *before, bool qp)
{
	size_t start = m->b.len;

	buf_str(&m->b, before);
	while (m->b.len - start < 66) {
		for (const char *s = word(m); *s != '\0'; s++)
			if (qp && (*s & 0x80) != 0)
				buf_printf(
				    &m->b, "=%02X", (unsigned)(uint8_t)*s);
			else
				buf_char(&m->b, *s);
		buf_char(&m->b, ' ');
	}
	buf_str(&m->b, qp && chance(m, 2) == 0 ? "=\r\n" : ".\r\n");
}

static void
lines(struct maker *m, size_t end, const char *before, bool qp)
{
	while (m->b.len < end) {
		line(m, before, qp);
		if (chance(m, 5) == 0)
			buf_printf(&m->b, "%s\r\n", before);
	}
}

static const char attribution[] =
    "\r\nOn Mon, 27 Jul 2026 at 16:01, Example Support <support@example.org> "
    "wrote:\r\n\r\n";

static void
text(struct maker *m)
{
	buf_str(&m->b,
	    "Content-Type: text/plain; charset=\"UTF-8\"\r\n"
	    "Content-Transfer-Encoding: 8bit\r\n\r\n");
	lines(m, 4800, "", false);
	buf_str(&m->b, attribution);
	lines(m, MAIL_SIZE - 80, "> ", false);
}

/* Paragraphs as web mail writes them; in quoted-printable. */
static void
paragraphs(struct maker *m, size_t end, const char *open)
{
	while (m->b.len < end) {
		buf_str(&m->b, open);
		line(m, "", true);
		line(m, "", true);
		buf_str(&m->b, "</div><div><br></div>\r\n");
	}
}

static void
alternative(struct maker *m)
{
	buf_str(&m->b,
	    "Content-Type: multipart/alternative; boundary=\"00000000a1b2\"\r\n"
	    "\r\n--00000000a1b2\r\nContent-Type: text/plain; charset=\"UTF-8\""
	    "\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
	lines(m, 4400, "", true);
	buf_str(&m->b, attribution);
	lines(m, 5200, "> ", true);
	buf_str(&m->b,
	    "\r\n--00000000a1b2\r\nContent-Type: text/html; charset=\"UTF-8\""
	    "\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
	paragraphs(m, 6800, "<div dir=3D\"ltr\">");
	buf_str(&m->b,
	    "<div class=3D\"gmail_quote\"><blockquote class=3D\"gmail_quote\""
	    " style=3D\"margin:0px 0px 0px 0.8ex;border-left:1px solid\">\r\n");
	paragraphs(m, MAIL_SIZE - 230, "<div>");
	buf_str(&m->b, "</blockquote></div>\r\n--00000000a1b2--\r\n");
}

static void
file(struct maker *m)
{
	buf_str(&m->b,
	    "Content-Type: multipart/mixed; boundary=\"=_8f3a\"\r\n\r\n"
	    "--=_8f3a\r\nContent-Type: text/plain; charset=utf-8; "
	    "format=flowed\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
	lines(m, 4500, "", false);
	buf_str(&m->b,
	    "\r\n--=_8f3a\r\nContent-Type: image/png; name=\"screen.png\"\r\n"
	    "Content-Disposition: attachment; filename=\"screen.png\"\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\n");
	while (m->b.len < MAIL_SIZE - 90) {
		token(m, 76);
		buf_str(&m->b, "\r\n");
	}
	buf_str(&m->b, "--=_8f3a--\r\n");
}

static void
html(struct maker *m)
{
	buf_str(&m->b,
	    "Content-Type: text/html; charset=\"utf-8\"\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
	    "<html><head><style><!-- p.MsoNormal {margin:0cm; font-size:11.0pt;"
	    "} a:link {color:#0563C1;} --></style></head>"
	    "<body lang=3D\"EN-GB\" link=3D\"#0563C1\">\r\n"
	    "<div class=3D\"WordSection1\">\r\n");
	while (m->b.len < MAIL_SIZE - 420) {
		buf_str(&m->b,
		    "<p class=3D\"MsoNormal\"><span style=3D\"font-size:11.0pt;"
		    "color:black\">");
		line(m, "", true);
		line(m, "", true);
		buf_str(&m->b, "<o:p></o:p></span></p>\r\n");
	}
	buf_str(&m->b,
	    "<p><b>See</b> <a href=3D\"https://example.com/a?b=3D1\">"
	    "the page</a></p></div></body></html>\r\n");
}

/* Of a hundred mails: what share has this shape. */
static const struct shape {
	const char *name;
	void (*make)(struct maker *m);
	int share;
} shapes[] = {
	{ "text", text, 30 },
	{ "alternative", alternative, 40 },
	{ "file", file, 20 },
	{ "html", html, 10 },
};
#define SHAPES (sizeof(shapes) / sizeof(*shapes))

struct set {
	char *raw[VARIANTS];
	size_t size[VARIANTS], n;
};

static void
add(struct set *set, const struct shape *shape)
{
	struct maker m = { .seed = (uint32_t)set->n * 7919 + 1,
		.number = 1000 + (int)set->n };

	header(&m);
	shape->make(&m);
	set->raw[set->n] = m.b.data;
	set->size[set->n++] = m.b.len;
}

static int
add_file(struct set *set, const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf b = { 0 };
	char piece[8192];
	size_t n;

	if (f == NULL) {
		perror(path);
		return -1;
	}
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(&b, piece, n);
	fclose(f);
	set->raw[set->n] = b.data;
	set->size[set->n++] = b.len;
	return 0;
}

static void
clear(struct set *set)
{
	while (set->n > 0)
		free(set->raw[--set->n]);
}

/* CPU seconds of this process and of those it has waited for. */
static double
seconds(void)
{
	double sum = 0;

	for (int who = RUSAGE_CHILDREN; who <= RUSAGE_SELF; who++) {
		struct rusage u;

		getrusage((__rusage_who_t)who, &u);
		sum += (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
		    (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
	}
	return sum;
}

static int
alone(const struct set *set, int n)
{
	struct arena a = { 0 };

	for (int i = 0; i < n; i++) {
		size_t k = (size_t)i % set->n;
		struct mail m;

		mail_parse(&a, set->raw[k], set->size[k], &m);
		arena_reset(&a);
	}
	arena_done(&a);
	return 0;
}

/* As work does it: a batch goes in while answers come out. */
static int
batch(struct box *b, struct arena *a, const struct set *set, int from, int n)
{
	struct box_result *r = arena_calloc(a, BATCH, sizeof(*r));
	struct err e = { 0 };
	int bad = 0;

	box_start(b, 20000, a, r);
	for (int i = 0; i < n && bad == 0; i++) {
		size_t k = (size_t)(from + i) % set->n;

		bad = box_begin(b, MAIL_FULL, NULL, &e) == -1;
		if (bad != 0)
			break;
		box_feed(b, set->raw[k], set->size[k]);
		box_end(b);
	}
	box_finish(b);
	for (int i = 0; i < n; i++)
		bad |= r[i].end != BOX_DONE;
	arena_reset(a);
	return bad ? -1 : 0;
}

static int
boxed(const struct set *set, int n)
{
	struct box *b = box_new();
	struct arena a = { 0 };
	int rc = 0;

	for (int i = 0; i < n && rc == 0; i += BATCH)
		rc = batch(b, &a, set, i, n - i < BATCH ? n - i : BATCH);
	box_free(b);
	arena_done(&a);
	return rc;
}

/* Seconds of CPU that a mail takes, in the best turn so far. */
static double
turn(int (*run)(const struct set *set, int n), const struct set *set, int n,
    double best)
{
	double start = seconds(), took;

	if (run(set, n) == -1) {
		fputs("a mail did not come out of the box\n", stderr);
		exit(1);
	}
	took = (seconds() - start) / n;
	return best == 0 || took < best ? took : best;
}

static void
print(const char *name, const struct set *set, double took)
{
	size_t bytes = 0;

	for (size_t i = 0; i < set->n; i++)
		bytes += set->size[i];
	bytes /= set->n;
	printf("%-12s %6zu bytes %8.0f mails/s %7.1f us %5.0f MB/s\n", name,
	    bytes, 1 / took, took * 1e6, (double)bytes / took / 1e6);
	fflush(stdout);
}

/* Rounds that make a turn long enough to be measured. */
static int
rounds(const struct set *set)
{
	double took = turn(alone, set, 1, 0);

	return took <= 0 ? 100 : took > TURN ? 1 : (int)(TURN / took) + 1;
}

static void
measure(const char *name, const struct set *set, int turns, int n)
{
	double took = 0;

	if (n == 0)
		n = rounds(set);
	for (int i = 0; i < turns; i++)
		took = turn(alone, set, n, took);
	print(name, set, took);
}

/* The two take turns, so that both meet the same machine. */
static void
measure_box(const struct set *set, int turns, int n)
{
	double bare = 0, box = 0;

	for (int i = 0; i < turns; i++) {
		bare = turn(alone, set, n, bare);
		box = turn(boxed, set, n, box);
	}
	print("parser", set, bare);
	print("box", set, box);
	printf("loss through the box: %.0f %%\n", 100 * (1 - bare / box));
}

/* One core for us and for the box. */
static void
pin(void)
{
	cpu_set_t now, one;

	CPU_ZERO(&one);
	if (sched_getaffinity(0, sizeof(now), &now) == -1)
		return;
	for (int i = CPU_SETSIZE - 1; i >= 0; i--)
		if (CPU_ISSET((size_t)i, &now)) {
			CPU_SET((size_t)i, &one);
			(void)sched_setaffinity(0, sizeof(one), &one);
			return;
		}
}

static void
mix(struct set *set)
{
	for (size_t i = 0; i < SHAPES; i++)
		for (int k = 0; k < shapes[i].share; k++)
			add(set, &shapes[i]);
}

static void
ordinary(bool box, int turns, int n)
{
	struct set set = { 0 };

	for (size_t i = 0; !box && i < SHAPES; i++) {
		for (int k = 0; k < VARIANTS; k++)
			add(&set, &shapes[i]);
		measure(shapes[i].name, &set, turns, n);
		clear(&set);
	}
	mix(&set);
	printf("ordinary: of 100 mails");
	for (size_t i = 0; i < SHAPES; i++)
		printf(" %d %s%s", shapes[i].share, shapes[i].name,
		    i + 1 < SHAPES ? "," : "\n");
	if (box)
		measure_box(&set, turns, n);
	else
		measure("ordinary", &set, turns, n);
	clear(&set);
}

int
main(int argc, char **argv)
{
	int n = 10000, turns = 5, i = 1;
	struct set set = { 0 };

	/* The box starts this very program. */
	if (argc == 2 && strcmp(argv[0], "deskd") == 0)
		return box_serve();
	for (; i + 1 < argc && argv[i][0] == '-'; i += 2)
		*(argv[i][1] == 'r' ? &turns : &n) = (int)strtol(
		    argv[i + 1], NULL, 10);
	if (i == argc || strcmp(argv[i], "box") == 0)
		pin();
	if (i == argc || strcmp(argv[i], "box") == 0) {
		ordinary(i < argc, turns, n);
		return 0;
	}
	for (; i < argc; i++) {
		if (add_file(&set, argv[i]) == 0)
			measure(argv[i], &set, turns, n);
		clear(&set);
	}
	return 0;
}
