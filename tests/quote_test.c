/* parser/quote.c: what a person added. */
#include <stdbool.h>

#include "parser/quote.h"
#include "tests/test.h"

static struct arena a;

static void
cut_with(const struct quote_input *in, const char *want)
{
	char *got = quote_cut(&a, in, NULL);
	bool same = strcmp(got, want) == 0;

	test_ok(same, "%.*s ...", (int)strcspn(in->text, "\n"), in->text);
	if (!same)
		printf("# got [%s]\n", got);
}

static void
cut(const char *text, const char *want)
{
	struct quote_input in = { .text = text };

	cut_with(&in, want);
}

/* One line of introduction, then the old mail, marked or not. */
static void
attribution(const char *line)
{
	char text[600];

	snprintf(
	    text, sizeof(text), "New text.\n\n%s\n\n> old\n> mail\n", line);
	cut(text, "New text.");
	snprintf(text, sizeof(text), "New text.\n\n%s\n\nold mail\n", line);
	cut(text, "New text.");
}

static void
attributions(void)
{
	attribution(
	    "On Tue, 3 Mar 2026 at 10:11, Ann <ann@example.com> wrote:");
	attribution("On 3 Mar 2026, at 10:11, Ann\n<ann@example.com>\nwrote:");
	attribution("Am 03.03.2026 um 10:11 schrieb Ann:");
	attribution(
	    "Ann <ann@example.com> schrieb am Di., 3. März 2026, 10:11:");
	attribution("Le 3 mars 2026 à 10:11, Ann <ann@example.com> a écrit :");
	attribution("El mar, 3 mar 2026 a las 10:11, Ann (<ann@example.com>) "
		    "escribió:");
	attribution("Il giorno mar 3 mar 2026 alle ore 10:11 Ann "
		    "<ann@example.com> ha scritto:");
	attribution("Op di 3 mrt 2026 om 10:11 schreef Ann <ann@example.com>:");
	attribution("Em ter., 3 de mar. de 2026 às 10:11, Ann "
		    "<ann@example.com> escreveu:");
	attribution(
	    "Den tis 3 mars 2026 kl 10:11 skrev Ann <ann@example.com>:");
	attribution("W dniu 3.03.2026 o 10:11, Ann pisze:");
	attribution("Dne 3. 3. 2026 v 10:11 Ann <ann@example.com> napsal(a):");
	attribution("3 мар. 2026 г. 10:11 пользователь Ann <ann@example.com> "
		    "написал:");
	attribution("2026-03-03 10:11 GMT+01:00 Ann <ann@example.com>:");
	attribution("2026年3月3日 10:11 Ann <ann@example.com> 写道：");
	attribution("Ann <ann@example.com> wrote:");
}

static void
prose(void)
{
	cut("On Monday I called you.\nNobody answered: why?\n",
	    "On Monday I called you.\nNobody answered: why?");
	cut("The page says:\nYou wrote:\nnothing\n",
	    "The page says:\nYou wrote:\nnothing");
	cut("From: Berlin\nTo: Paris\nDate: 3 May\n\nPlease book it.\n",
	    "From: Berlin\nTo: Paris\nDate: 3 May\n\nPlease book it.");
	cut("Please book:\n\nFrom: Berlin\nTo: Paris\nDate: 3 May\n",
	    "Please book:\n\nFrom: Berlin\nTo: Paris\nDate: 3 May");
	cut("> one line only\n", "> one line only");
	cut("a -- b\n--x\n", "a -- b\n--x");
	cut("Sent from my desk, which is slow.\n",
	    "Sent from my desk, which is slow.");
	cut("", "");
	cut("\n\n  text  \n\n", "  text");
}

static void
headers(void)
{
	cut("Thanks\n\nFrom: Desk <help@example.org>\nSent: Tuesday 10:11\n"
	    "To: ann@example.com\nSubject: Re: VPN\n\nold\n",
	    "Thanks");
	cut("Danke\n________________________________\nVon: Desk "
	    "<help@example.org>\nGesendet: Dienstag 10:11\nAn: Ann\n"
	    "Betreff: VPN\n\nalt\n",
	    "Danke");
	cut("Merci\n\nDe : Desk [mailto:help@example.org]\nEnvoyé : mardi "
	    "10:11\nÀ : Ann\nObjet : VPN\n\nvieux\n",
	    "Merci");
	cut("Ok\n\n*From:* Desk\n*Sent:* Tuesday 10:11\n*To:* Ann\n"
	    "*Subject:* VPN\n\nold\n",
	    "Ok");
	cut("Ok\n\n-----Original Message-----\nanything\n", "Ok");
	cut("Ok\n\n-----Ursprüngliche Nachricht-----\nwas auch immer\n", "Ok");
	cut("Ok\n\n---- Ann wrote ----\nold\n", "Ok");
	/* a language nobody told of, between dashes and above a header */
	cut("Ok\n\n---------- Xyz uvw ----------\n\nOd: Desk "
	    "<help@example.org>\n\nKomu: ann@example.com\n\nDatum: 28. 7. "
	    "2026 9:02:11\n\nPředmět: VPN\n\nold\n",
	    "Ok");
	cut("Ok\n\n---------- New rooms ----------\nMonday: 12\n",
	    "Ok\n\n---------- New rooms ----------\nMonday: 12");
	/* what runs together */
	cut("Does it work?Sent from my Galaxy\n-------- Original message "
	    "--------From: Desk <help@example.org> Date: 28/07/2026  10:02  "
	    "(GMT+00:00) To: ann@example.com Subject: VPN \nold\n",
	    "Does it work?");
	cut("Yes.\n\nSent from my Galaxy-------- Original message "
	    "--------From: Desk <help@example.org> Date: 28/07/2026\nold\n",
	    "Yes.");
	cut("We sell -------- message -------- on flags\n",
	    "We sell -------- message -------- on flags");
	/* GroupWise */
	cut("Ok\n\n>>> Help Desk <help@example.org> 28.07.2026 09:02 >>>\n"
	    "old\nmail\n",
	    "Ok");
	cut("Ok\n\n>>> \"Help Desk\" <help@example.org> 7/28/2026 9:02 AM "
	    ">>>\n>>> Ann <ann@example.com> 7/27/2026 8:00 AM >>>\nold\n",
	    "Ok");
	cut("In Python\n>>> 1 + 2026\n3\n>>> print(4 >>> 2) >>>\n",
	    "In Python\n>>> 1 + 2026\n3\n>>> print(4 >>> 2) >>>");
	cut("Ok\n##- Please type your reply above this line -##\nold\n", "Ok");
	cut("Ok\n-- reply above this line (ref 7F3K) --\nold\n", "Ok");
}

static void
signatures(void)
{
	cut("Text\n-- \nAnn\nExample Ltd\n", "Text");
	cut("Text\n--\nAnn\n", "Text");
	cut("Text\n\nSent from my iPhone\n", "Text");
	cut("Text\n\nVon meinem iPhone gesendet\n", "Text");
	cut("Text\n\nEnvoyé de mon téléphone\n", "Text");
	cut("Text\n\nGet Outlook for iOS<https://aka.ms/x>\n", "Text");
	cut("Text\n\n- Ann\n", "Text");
	cut("Text\n\n____________________________\nusers mailing list\nx\n",
	    "Text");
	cut("Text\n-- \nAnn\n\nOn 3 Mar 2026 10:11, Bob wrote:\n> q\n\nmore\n",
	    "Text\n\nmore");
}

static void
between(void)
{
	cut("On 3 Mar 2026 10:11, Bob wrote:\n> one?\n\nyes\n\n> two?\n\nno\n",
	    "> one?\n\nyes\n\n> two?\n\nno");
	cut("On 3 Mar 2026 10:11, Bob wrote:\n\nall of this is the answer\n",
	    "all of this is the answer");
	cut("Hi\n\nOn 3 Mar 2026 10:11, Bob wrote:\n> a long line of quoted "
	    "text that a program wrapped without\nmarks\n> more\n",
	    "Hi");
	cut("FYI\n\n---------- Forwarded message ---------\nFrom: x@example.com\n"
	    "Subject: y\n\nplease read\n",
	    "FYI\n\n---------- Forwarded message ---------\nFrom: "
	    "x@example.com\nSubject: y\n\nplease read");
}

static void
known(void)
{
	struct quote_input in = {
		.text = "It does not work.\n\nHello Ann, please restart the "
			"machine and then\ntry it once more, that helps in "
			"most cases.\nRegards of the desk\n",
		.known = "Hello Ann,\nplease restart the machine and then try "
			 "it once more,\nthat helps in most cases.\nRegards of "
			 "the desk\n",
	};

	cut_with(&in, "It does not work.");
	in.text = "Please restart the other machine as well, then I try.\n";
	cut_with(&in, "Please restart the other machine as well, then I try.");
}

static void
forward(void)
{
	struct quote_input in = { .text = "FYI\n\nBegin forwarded message:\n\n"
					  "From: x@example.com\n" };
	size_t at;

	quote_cut(&a, &in, &at);
	test_ok(
	    at != QUOTE_NO_FORWARD && strncmp(in.text + at, "\n\nFrom", 6) == 0,
	    "where the forwarded mail begins");
	in.text = "FYI\n\nFrom: a <x@example.com>\nSent: Tue 10:11\nTo: b\n"
		  "Subject: c\n\nbody\n";
	in.forward = true;
	quote_cut(&a, &in, &at);
	test_ok(strstr(quote_cut(&a, &in, &at), "body") != NULL,
	    "under Fwd: a header is for us to read");
}

/* Long texts of what looks most like work. */
static void
bounds(void)
{
	static const char *const lines[] = { "On On On On:\n", "From: x\n",
		"-----a-----\n", ".x.x.x!y\n-------- message --------\n",
		"-----", ">>> a 2026 >>>\n", "----- a -----From: b", "> x\n",
		"-- \n", "a:\n", "2026 10:11 <a@b.c>:\n", "_____\n",
		"On 3 Mar 2026 10:11, a\n" };
	static char big[1 << 20];

	for (size_t k = 0; k < sizeof(lines) / sizeof(*lines); k++) {
		struct quote_input in = { .text = big };
		size_t n = 0, len = strlen(lines[k]);

		for (; n + len < sizeof(big); n += len)
			memcpy(big + n, lines[k], len);
		big[n] = '\0';
		test_ok(strlen(quote_cut(&a, &in, NULL)) <= n,
		    "a megabyte of one line, %zu", k);
		arena_reset(&a);
	}
}

/* An introduction in the middle of a line that turns out to be none. */
static void
glued(void)
{
	static const char text[] =
	    "Than---------- Forwarded message ---------\nb@example.co 10";
	struct quote_input in = { .text = text };
	const char *got;

	test_text(quote_cut(&a, &in, NULL), text, "a line stays in one piece");
	in.text = "Yes.\n> and so-----Original Message-----";
	got = quote_cut(&a, &in, NULL);
	test_ok(strcmp(got, "Yes.") == 0 || strcmp(got, in.text) == 0,
	    "a quoted line is quoted to its end: %s", got);
}

int
main(void)
{
	attributions();
	prose();
	headers();
	signatures();
	between();
	known();
	forward();
	bounds();
	glued();
	arena_done(&a);
	return test_end();
}
