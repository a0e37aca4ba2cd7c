/*
 * How many ordinary mails a second mail_parse() reads on one core: an 8-KiB
 * multipart/alternative in quoted-printable with a small base64 attachment, or
 * any mails given as files.  Prints one line.
 *
 *   build/parse_bench [-n ROUNDS] [FILE...]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "parser/buf.h"
#include "parser/mail.h"

static void
add_text(struct buf *b, size_t bytes, const char *line)
{
	for (size_t end = b->len + bytes; b->len < end;)
		buf_str(b, line);
}

static void
ordinary(struct buf *b)
{
	buf_str(b,
	    "Return-Path: <maria@example.com>\r\n"
	    "Received: from mx.example.com (mx.example.com [192.0.2.1])\r\n"
	    "\tby imap.example.org (Postfix) with ESMTPS id 4Fxyz\r\n"
	    "\tfor <support@example.org>; Tue, 28 Jul 2026 09:14:06 +0200\r\n"
	    "From: =?UTF-8?Q?Maria_G=C3=B3mez?= <maria@example.com>\r\n"
	    "To: Example Support <support@example.org>\r\n"
	    "Subject: =?UTF-8?Q?Re=3A_VPN_does_not_connect?= [EX-1042]\r\n"
	    "Date: Tue, 28 Jul 2026 09:14:06 +0200\r\n"
	    "Message-ID: <CAF2Xq.7714@mail.example.com>\r\n"
	    "In-Reply-To: <EX-1042.7.p3k9x2vd@support.example.com>\r\n"
	    "References: <a1@mail.example.com> "
	    "<EX-1042.7.p3k9x2vd@support.example.com>\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: multipart/mixed; boundary=\"outer_1\"\r\n\r\n"
	    "--outer_1\r\n"
	    "Content-Type: multipart/alternative; boundary=\"inner_1\"\r\n\r\n"
	    "--inner_1\r\nContent-Type: text/plain; charset=UTF-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
	add_text(b, 1500,
	    "It still says no route to host, gr=C3=BC=C3=9Fe. I have tried it "
	    "twice to=\r\nday.\r\n");
	buf_str(b, "\r\nOn Tue, 28 Jul 2026 at 08:01, Support wrote:\r\n");
	add_text(b, 800, "> please restart the client and try once more\r\n");
	buf_str(b,
	    "--inner_1\r\nContent-Type: text/html; charset=UTF-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n<html><body>");
	add_text(b, 3000,
	    "<p class=3D\"MsoNormal\">It still says <b>no route</b> to host, "
	    "gr=C3=BC=\r\n=C3=9Fe.</p>\r\n");
	buf_str(b,
	    "</body></html>\r\n--inner_1--\r\n--outer_1\r\n"
	    "Content-Type: image/png; name=\"screen.png\"\r\n"
	    "Content-Disposition: attachment; filename=\"screen.png\"\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\n");
	add_text(b, 1400,
	    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9Q"
	    "DwADhgGAWj\r\n");
	buf_str(b, "--outer_1--\r\n");
}

static int
add_file(struct buf *b, const char *path)
{
	FILE *f = fopen(path, "rb");
	char piece[8192];
	size_t n;

	if (f == NULL) {
		perror(path);
		return -1;
	}
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(b, piece, n);
	fclose(f);
	return 0;
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Parse one mail again and again. */
static void
run(const struct buf *b, int rounds, const char *name)
{
	struct arena a = { 0 };
	double start = seconds(), took;
	size_t used = 0;

	for (int i = 0; i < rounds; i++) {
		struct mail m;

		mail_parse(&a, b->data, b->len, &m);
		used = a.used;
		arena_reset(&a);
	}
	took = seconds() - start;
	arena_done(&a);
	printf("%s: %zu bytes, %.0f mails/s, %.1f us, %.0f MB/s, arena %zu\n",
	    name, b->len, rounds / took, took / rounds * 1e6,
	    (double)b->len * rounds / took / 1e6, used);
}

int
main(int argc, char **argv)
{
	int rounds = 50000, i = 1;
	struct buf b;

	if (argc > 2 && strcmp(argv[1], "-n") == 0) {
		rounds = (int)strtol(argv[2], NULL, 10);
		i = 3;
	}
	buf_init(&b, 0);
	if (i == argc) {
		ordinary(&b);
		run(&b, rounds, "ordinary");
	}
	for (; i < argc; i++) {
		buf_clear(&b);
		if (add_file(&b, argv[i]) == 0)
			run(&b, rounds, argv[i]);
	}
	buf_done(&b);
	return 0;
}
