/*
 * What the demo prints: words, mails as a reader sees them, and checks.  Text
 * of mails is made harmless for the terminal like any other foreign text.
 */
#include "daemon/demo.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
demo_say(struct demo *d, const char *fmt, ...)
{
	va_list ap;

	if (d->quiet)
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	fflush(stdout);
}

void
demo_headline(struct demo *d, const char *text)
{
	demo_say(d, "\n%s%d. %s%s\n\n", print_on(&d->print, STYLE_BOLD),
	    ++d->scenes, text, print_off(&d->print, STYLE_BOLD));
}

void
demo_check(struct demo *d, bool good, const char *fmt, ...)
{
	enum print_style style = good ? STYLE_GREEN : STYLE_ALARM;
	va_list ap;

	d->checks++;
	d->failed += !good;
	if (d->quiet && good)
		return;
	printf("   %s%s%s ", print_on(&d->print, style),
	    !good               ? "NOT SO:"
		: d->print.utf8 ? "\u2713"
				: "ok:",
	    print_off(&d->print, style));
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

static void
say_field(struct demo *d, const char *name, const char *value)
{
	if (value != NULL)
		demo_say(d, "   %s %s: %s\n", d->print.utf8 ? "\u2502" : "|",
		    name, print_line(d->arena, value));
}

static const char *
person(struct demo *d, const char *name, const char *addr)
{
	return name != NULL && name[0] != '\0'
	    ? arena_printf(d->arena, "%s <%s>", name, addr)
	    : addr;
}

static size_t
width(const struct print *p)
{
	return p->width > 40 && p->width < 90 ? (size_t)p->width - 8 : 72;
}

/* Long lines broken at blanks, as a mail program shows them. */
static char *
wrap(struct arena *a, const char *text, size_t max)
{
	char *out = arena_strdup(a, text), *start = out, *blank = NULL;

	for (char *at = out; *at != '\0'; at++) {
		if (*at == ' ')
			blank = at;
		if (*at == '\n') {
			start = at + 1;
			blank = NULL;
		} else if ((size_t)(at - start) >= max && blank != NULL) {
			*blank = '\n';
			start = blank + 1;
			blank = NULL;
		}
	}
	return out;
}

/* The addresses behind buttons are long and nothing to read. */
static char *
shorten(struct arena *a, const char *text)
{
	static const char open[] = "<mailto:";
	char *out = arena_strdup(a, text), *to = out;

	for (const char *at = text; *at != '\0';) {
		size_t n = strncmp(at, open, strlen(open)) == 0
		    ? strcspn(at, ">\n")
		    : 0;

		if (n > 20) {
			to = stpcpy(to, "<mailto:...>");
			at += n + (at[n] == '>');
		} else {
			*to++ = *at++;
		}
	}
	*to = '\0';
	return out;
}

void
demo_say_mail(struct demo *d, const struct mail *m)
{
	const char *bar = d->print.utf8 ? "\u2502" : "|";
	char *line,
	    *rest = print_block(d->arena,
		wrap(d->arena, shorten(d->arena, m->text), width(&d->print)));

	say_field(d, "From",
	    person(d, m->from_name, m->from_addr != NULL ? m->from_addr : ""));
	if (m->to_n > 0)
		say_field(d, "To", person(d, m->to[0].name, m->to[0].addr));
	if (m->reply_to_n > 0)
		say_field(d, "Reply-To", m->reply_to[0].addr);
	say_field(d, "Subject", m->subject);
	say_field(d, "Message-ID", m->message_id);
	say_field(d, "In-Reply-To", m->in_reply_to);
	say_field(d, "Auto-Submitted", mail_field(m, "Auto-Submitted"));
	demo_say(d, "   %s\n", bar);
	while ((line = strsep(&rest, "\n")) != NULL)
		if (line[0] != '\0' || rest != NULL)
			demo_say(d, "   %s %s\n", bar, line);
	demo_say(d, "\n");
}
