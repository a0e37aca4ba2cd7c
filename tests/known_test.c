/*
 * parser/known.c through quote_cut(): a requester's mail program hands our own
 * letter back to us in many shapes; none of its words is new, and all of his
 * are.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "parser/buf.h"
#include "parser/html.h"
#include "parser/quote.h"
#include "tests/test.h"

static struct arena a;

struct letter {
	const char *name, *text; /* what we sent: paragraphs */
	const char *answer;      /* what the requester writes */
};

static const struct letter letters[] = {
	{ "English",
	    "Hello Maria,\n\n"
	    "thank you for writing to us. Your message has arrived, and there "
	    "is nothing more you need to do right now.\n\n"
	    "It is ticket EX-1042. You don't need to answer \"yes\" - we'll "
	    "call you, see https://desk.example.org/1042 for more.\n\n"
	    "Example IT Support",
	    "It works again.\nThank you!" },
	{ "German",
	    "Guten Tag Herr Müller,\n\n"
	    "vielen Dank für Ihre Nachricht; wir haben sie erhalten und melden "
	    "uns bis morgen um 10:40 Uhr.\n\n"
	    "Bitte starten Sie das Gerät \"neu\" - größere Änderungen müssen "
	    "Sie nicht machen.\n\n"
	    "Ihr Beispiel-Helpdesk im Erdgeschoss",
	    "Das Gerät läuft wieder.\nVielen Dank!" },
	{ "French",
	    "Bonjour Léa,\n\n"
	    "merci de nous avoir écrit ; nous avons bien reçu votre message et "
	    "nous répondrons avant demain matin.\n\n"
	    "L'imprimante doit être \"redémarrée\" - merci de ne pas l'éteindre "
	    "pendant ce temps.\n\n"
	    "Votre équipe du support informatique",
	    "C'est fait.\nMerci !" },
	{ "Russian",
	    "Здравствуйте, Иван,\n\n"
	    "спасибо за ваше письмо; мы его получили и ответим вам завтра до "
	    "десяти часов утра.\n\n"
	    "Пожалуйста, \"перезагрузите\" компьютер - и попробуйте войти ещё "
	    "один раз, а потом позвоните нам, если это не поможет.\n\n"
	    "Ваша служба поддержки Example",
	    "Теперь работает.\nСпасибо!" },
	{ "Japanese",
	    "山田様\n\n"
	    "お問い合わせいただきありがとうございます。担当者が明日の午前中まで"
	    "にご返事いたします。\n\n"
	    "お手数ですが、パソコンを「再起動」してから、もう一度ログインして"
	    "みてください。\n\n"
	    "サンプルサポート窓口より",
	    "直りました。\nどうも。" },
	{ "Chinese",
	    "王先生，您好：\n\n"
	    "感谢您的来信，我们已经收到您的邮件，将在明天上午十点之前给您答复。"
	    "\n\n"
	    "请先“重新启动”电脑，然后再登录一次系统，看看问题是否仍然存在。\n\n"
	    "示例公司技术支持中心",
	    "好了。\n多谢！" },
	{ "Arabic",
	    "مرحبا أحمد،\n\n"
	    "شكرا لمراسلتنا. لقد وصلت رسالتك وسوف نجيب عليها غدا قبل الساعة "
	    "العاشرة صباحا.\n\n"
	    "يرجى \"إعادة تشغيل\" الجهاز ثم محاولة الدخول مرة أخرى من فضلك، ثم "
	    "اتصل بنا إذا لم ينفع ذلك.\n\n"
	    "فريق الدعم الفني في الشركة",
	    "يعمل الآن.\nممتاز" },
};

static const char *
take(struct buf *b)
{
	const char *s = arena_memdup(&a, buf_text(b), b->len);

	buf_done(b);
	return s;
}

/* Ways in which a text comes back. */
static const char *
same(const char *s)
{
	return s;
}

static const char *
wrap(const char *s, size_t column, const char *prefix)
{
	struct buf b;
	size_t at = 0;

	buf_init(&b, 1 << 16);
	buf_str(&b, prefix);
	for (; *s != '\0'; s++) {
		if (*s == '\n' || (*s == ' ' && at >= column)) {
			buf_char(&b, '\n');
			buf_str(&b, prefix);
			at = 0;
		} else {
			buf_char(&b, *s);
			at++;
		}
	}
	return take(&b);
}

static const char *
narrow(const char *s)
{
	return wrap(s, 24, "");
}

static const char *
wide(const char *s)
{
	return wrap(s, 60, "");
}

static const char *
indented(const char *s)
{
	return wrap(s, 50, "    ");
}

static const char *
barred(const char *s)
{
	return wrap(s, 40, "| ");
}

static const char *
replaced(const char *s, const char *const (*list)[2], size_t n)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	while (*s != '\0') {
		size_t i = 0;

		while (i < n && strncmp(s, list[i][0], strlen(list[i][0])) != 0)
			i++;
		if (i < n) {
			buf_str(&b, list[i][1]);
			s += strlen(list[i][0]);
		} else {
			buf_char(&b, *s++);
		}
	}
	return take(&b);
}

static const char *
smart(const char *s)
{
	static const char *const list[][2] = { { " \"", " “" }, { "\"", "”" },
		{ "'", "’" }, { " - ", " — " }, { " ", "\xc2\xa0" },
		{ "「", "“" }, { "」", "”" }, { "，", "," } };

	return replaced(s, list, sizeof(list) / sizeof(*list));
}

static const char *
linked(const char *s)
{
	static const char *const list[][2] = {
		{ "https://desk.example.org/1042",
		    "desk <https://safe.example.net/?url=https%3A%2F%2Fdesk>" },
		{ "EX-1042", "EX-1042<https://desk.example.org/t>" },
	};

	/* the text of the link is ours, not the address */
	return replaced(s, list + 1, 1);
}

static const char *
holes(const char *s)
{
	static const char *const list[][2] = { { "\n\n", "\n\n\n \n" } };

	return replaced(s, list, 1);
}

static const char *
joined(const char *s)
{
	static const char *const list[][2] = { { "\n\n", " " } };

	return replaced(s, list, 1);
}

static const char *
by_html(const char *s)
{
	static const char *const list[][2] = { { "\n\n", "</p><p>" },
		{ "https://desk.example.org/1042",
		    "<a href='https://safe.example.net/x'>"
		    "https://desk.example.org/1042</a>" },
		{ "Example", "<b>Example</b>" } };
	const char *html = replaced(s, list, 3);
	struct buf b;

	buf_init(&b, 1 << 16);
	buf_printf(&b, "<table><tr><td><p>%s</p></td></tr></table>", html);
	return html_text(&a, take(&b));
}

/* A link of a mail behind a word, without its scheme, as HTML is read. */
static const char *
mail_linked(const char *s)
{
	static const char *const list[][2] = { { "EX-1042",
	    "EX-1042 <desk%2Bx@example.org?subject=%5BEX%5D%20yes&body=a>" } };

	return replaced(s, list, 1);
}

/* Only its second half. */
static const char *
trimmed(const char *s)
{
	return strstr(strstr(s, "\n\n") + 2, "\n\n") + 2;
}

static const struct shape {
	const char *name;
	const char *(*make)(const char *);
} shapes[] = {
	{ "as it was", same },
	{ "narrow", narrow },
	{ "wide", wide },
	{ "indented", indented },
	{ "with bars", barred },
	{ "with other quotes and dashes", smart },
	{ "with links", linked },
	{ "with holes", holes },
	{ "on one line", joined },
	{ "through HTML", by_html },
	{ "with links of mails", mail_linked },
	{ "trimmed", trimmed },
};

static void
check(const char *text, const struct letter *l, const char *want,
    const char *shape, const char *where)
{
	struct quote_input in = { .text = text, .known = l->text };
	const char *got = quote_cut(&a, &in, NULL);
	bool good = strcmp(got, want) == 0;

	test_ok(good, "%s, %s, %s", l->name, shape, where);
	if (!good)
		printf("# text [%s]\n# got [%s]\n", text, got);
}

static const char *
format(const char *first, const char *between, const char *second)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	buf_printf(&b, "%s%s%s\n", first, between, second);
	return take(&b);
}

/* The answer above, below, above with an attribution, and on both sides. */
static void
positions(const struct letter *l, const struct shape *x)
{
	const char *old = x->make(l->text);

	check(format(l->answer, "\n\n", old), l, l->answer, x->name, "above");
	check(format(old, "\n\n", l->answer), l, l->answer, x->name, "below");
	check(format(l->answer,
		  "\n\nOn Tue, 3 Mar 2026 at 10:11, Desk "
		  "<desk@example.org> wrote:\n\n",
		  old),
	    l, l->answer, x->name, "above, introduced");
	check(format(format(l->answer, "\n\n", old), "\n", l->answer), l,
	    arena_printf(&a, "%s\n\n%s", l->answer, l->answer), x->name,
	    "on both sides");
}

/* An answer below each of our long paragraphs. */
static void
between(const struct letter *l)
{
	const char *p = strstr(l->text, "\n\n") + 2;
	const char *q = strstr(p, "\n\n") + 2, *r = strstr(q, "\n\n");
	const char *text = arena_printf(&a, "%.*s\n%s\n\n%.*s\n%s\n",
	    (int)(q - p), p, l->answer, (int)(r - q), q, l->answer);

	check(text, l, arena_printf(&a, "%s\n\n%s", l->answer, l->answer),
	    "two paragraphs", "between");
}

/* The second line of an attribution stands in what we know, too: it is one
 * attribution all the same. */
static void
half_known(void)
{
	static const struct letter l = { "Half an attribution",
		"It is still the same as it was on Monday, sorry.\n\n"
		"On Mon, 2 Mar 2026 at 10:11, Ann Lee (Example Support)\n"
		"<desk@example.org> wrote:\n"
		"> please restart it, wait for two minutes and try again",
		"I see." };

	check(
	    "I see.\n\n"
	    "On Tue, Mar 3, 2026 at 10:11 AM Maria Gomez via Example Support\n"
	    "<desk@example.org> wrote:\n"
	    "> It is still the same as it was on Monday, sorry.\n",
	    &l, "I see.", "its second line", "known");
}

/* Outlook quotes without marks, and people answer in there all the same. */
static void
inside_unmarked(void)
{
	static const struct letter l = { "Answers inside",
		"Maria asked two things, please answer her today.\n\n"
		"Which server name do I enter for this, alpha or beta?\n\n"
		"And may I close the old window in the meanwhile, "
		"or should it stay open?\n",
		"See below." };
	static const char *const above[] = { "-----Original Message-----\n", "",
		"________________\n" };

	for (size_t i = 0; i < 3; i++)
		check(arena_printf(&a,
			  "See below.\n\n%sFrom: Desk <desk@example.org>\n"
			  "Sent: Monday, November 23, 2026 1:00 AM\n"
			  "To: Ann <ann@example.org>\nSubject: [EX-1] VPN\n\n"
			  "Maria asked two things, please answer her today.\n\n"
			  "Which server name do I enter for this, alpha or "
			  "beta?\n[Ann] Take gamma.\n\n"
			  "And may I close the old window in the meanwhile, "
			  "or should it stay open?\n"
			  "[Ann] Yes, do.\n",
			  above[i]),
		    &l, "See below.\n\n[Ann] Take gamma.\n\n[Ann] Yes, do.",
		    "unmarked", above[i]);
	for (size_t i = 0; i < 3; i++)
		check(
		    arena_printf(&a,
			"%sFrom: Desk <desk@example.org>\n"
			"Sent: Monday, November 23, 2026 1:00 AM\n"
			"To: Ann <ann@example.org>\nSubject: [EX-1] VPN\n\n%s",
			above[i], l.text),
		    &l, "", "nothing written", above[i]);
}

static void
all(void)
{
	half_known();
	inside_unmarked();
	for (size_t i = 0; i < sizeof(letters) / sizeof(*letters); i++) {
		for (size_t k = 0; k < sizeof(shapes) / sizeof(*shapes); k++)
			positions(&letters[i], &shapes[k]);
		between(&letters[i]);
	}
}

/* What he writes himself stays his, though we said it too. */
static void
his_own(void)
{
	static const char *const texts[] = {
		"Hello Maria,\nthank you for writing to us.",
		"thank you for writing to us",
		"Your message has arrived, but the printer has not.",
		"there is nothing more you need to do right now?",
		"Example IT Support\n\nnever called me.",
		"It is ticket EX-1042.",
		"right now",
		"call you",
		"I need to answer yes.",
		"It is ticket EX-1042. You don't need to answer \"yes\" - we'll "
		"call you, see https://desk.example.org/1042 for more: 7.2!",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		check(texts[i], &letters[0], texts[i], texts[i], "his own");
		check(format(texts[i], "\n\nThat is all.\n\n", letters[0].text),
		    &letters[0],
		    arena_printf(&a, "%s\n\nThat is all.", texts[i]), texts[i],
		    "his own above ours");
	}
}

int
main(void)
{
	all();
	his_own();
	arena_done(&a);
	return test_end();
}
