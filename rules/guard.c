/*
 * The egress guard.  Composing from zero is what keeps internal words inside;
 * this is the check that it did.  It errs to the careful side: an agent who is
 * asked once too often loses a minute, a note that left cannot be called back.
 * It opens no archive and no picture.
 */
#include "rules/guard.h"

#include <string.h>

#include "parser/ascii.h"
#include "parser/limits.h"
#include "rules/guard_view.h"

#define REF_CHARS 9 /* "7F3K-9QXM" */

struct look {
	struct arena *arena; /* for as long as the guard looks */
	struct arena work;   /* for one window */
	size_t base;         /* where that begins */
	const struct guard *g;
	const char *cut;    /* GUARD_CUT without blanks and marks */
	const char *local;  /* "support+" */
	const char *prefix; /* "ex-" */
	const char *domain; /* "@help.example.com", or NULL */
	size_t tries;       /* candidates that still may be proven */
	const char *what;   /* the first that was found, or NULL */
	size_t at;          /* where */
};

static void
found(struct look *l, const struct guard_view *v, size_t i, const char *what)
{
	size_t at = l->base + v->at[i];

	if (l->what != NULL && at >= l->at)
		return;
	l->what = what;
	l->at = at;
}

static bool
is_word(char c)
{
	return ascii_alpha(c) || ascii_digit(c);
}

/* The letters and digits at s. */
static size_t
run(const char *s)
{
	size_t n = 0;

	while (is_word(s[n]))
		n++;
	return n;
}

static bool
is_token(struct look *l, const char *s)
{
	struct token t;

	return token_read(arena_strndup(&l->work, s, TOKEN_CHARS), &t);
}

/* A reference with its dash in the middle of the nine.  When there are more
 * that may be one than can be tested, one of them is. */
static bool
is_ref(struct look *l, const char *s)
{
	if (run(s) != 4 || s[4] != '-' || run(s + 5) < 4)
		return false;
	if (l->tries == 0)
		return true;
	l->tries--;
	return token_is_ref(l->g->keys, s);
}

/* "ex-1042.s9.", "ex-1042.v1.", "ex-1042.desk@": ids of threads that the
 * requester never sees. */
static bool
is_staff_id(const struct look *l, const char *s)
{
	size_t n = strlen(l->prefix), k;

	if (strncmp(s, l->prefix, n) != 0)
		return false;
	k = strspn(s + n, "0123456789");
	if (k == 0 || s[n + k] != '.')
		return false;
	s += n + k + 1;
	if (strncmp(s, "desk@", 5) == 0 || strncmp(s, "vendor@", 7) == 0)
		return true;
	k = *s == 's' || *s == 'v' ? strspn(s + 1, "0123456789") : 0;
	return k > 0 && s[1 + k] == '.' && run(s + 2 + k) == 8;
}

static bool
in_local(char c)
{
	return is_word(c) || (c != '\0' && strchr("!#$&'*+-=._~", c) != NULL);
}

/* The address around the "@" at i is that of an agent who is not the writer? */
static bool
is_agents(struct look *l, const struct guard_view *v, size_t i)
{
	const struct conf_agent *agent;
	size_t from = i, to = i + 1;
	const char *addr;

	while (from > 0 && i - from < ADDRESS_LOCAL_MAX &&
	    in_local(v->text[from - 1]))
		from--;
	while (to - from < ADDRESS_MAX &&
	    (is_word(v->text[to]) || v->text[to] == '-' || v->text[to] == '.'))
		to++;
	while (to > i && v->text[to - 1] == '.')
		to--;
	while (from < i && strchr("'*.=-_~", v->text[from]) != NULL)
		from++;
	if (from == i || to == i + 1)
		return false;
	addr = arena_strndup(&l->work, v->text + from, to - from);
	agent = conf_agent_by_address(l->g->conf, addr);
	return agent != NULL && agent != l->g->agent &&
	    !conf_is_own(l->g->conf, addr);
}

/* What shows itself only while words are still apart. */
static void
look_words(struct look *l, const struct guard_view *v)
{
	size_t local = strlen(l->local);

	for (size_t i = 0; i < v->n; i++) {
		const char *s = v->text + i;
		bool begins = i == 0 || !is_word(s[-1]);

		if (*s == '@') {
			if (is_agents(l, v, i))
				found(l, v, i, "the address of a colleague");
			if (l->domain != NULL &&
			    strncmp(s, l->domain, strlen(l->domain)) == 0)
				found(l, v, i, "an address for agents");
		}
		if (!begins)
			continue;
		if (run(s) == TOKEN_CHARS && is_token(l, s))
			found(l, v, i, "a token");
		if (strncmp(s, l->local, local) == 0 && is_word(s[local]))
			found(l, v, i, "an address with a token");
		if (strncmp(s, "x-deskd-", 8) == 0)
			found(l, v, i, "a header field for the staff");
		if (is_staff_id(l, s))
			found(l, v, i, "the Message-ID of a notification");
		if (is_ref(l, s))
			found(l, v, i, "the reference of a notification");
	}
}

/* What stays itself when it is broken over lines. */
static void
look_tight(struct look *l, const struct guard_view *v)
{
	const char *mark = GUARD_MARK;
	size_t local = strlen(l->local), cut = strlen(l->cut);
	char ref[REF_CHARS + 1];

	for (size_t i = 0; i < v->n; i++) {
		const char *s = v->text + i;

		if (*s == *mark && strncmp(s, mark, strlen(mark)) == 0)
			found(l, v, i, "a mark of internal words");
		if (*s == *l->cut && strncmp(s, l->cut, cut) == 0)
			found(l, v, i, "the cut line of a notification");
		if (*s == *l->local && strncmp(s, l->local, local) == 0) {
			const char *t = s + local;

			t += strncmp(t, "r.", 2) == 0 ? 2 : 0;
			if (run(t) >= TOKEN_CHARS && is_token(l, t))
				found(l, v, i, "an address with a token");
		}
		if (strncmp(s, "ref", 3) != 0)
			continue;
		s += 3;
		memcpy(ref, "0000-0000", sizeof(ref));
		for (size_t k = 0; k < REF_CHARS; k++) {
			s += *s == '-';
			if (k == 4)
				continue;
			if (!is_word(*s))
				break;
			ref[k] = *s++;
			if (k == REF_CHARS - 1 && is_ref(l, ref))
				found(
				    l, v, i, "the reference of a notification");
		}
	}
}

static void
look_view(struct look *l, const struct guard_view *v)
{
	struct guard_view tight;

	look_words(l, v);
	guard_view_tight(&l->work, v, &tight);
	look_tight(l, &tight);
}

static void
look_window(struct look *l, const char *s, size_t n)
{
	struct guard_view v, again;

	for (int how = 0; how < GUARD_DECODINGS; how++) {
		if (!guard_view_make(
			&l->work, s, n, (enum guard_decoding)how, &v))
			continue;
		look_view(l, &v);
		if (guard_view_again(&l->work, &v, &again))
			look_view(l, &again);
		arena_reset(&l->work);
	}
}

/* All ways to read these bytes, in windows that overlap by more than anything
 * that is looked for.  The first place of all counts. */
static void
look_bytes(struct look *l, const char *s, size_t n)
{
	for (l->base = 0;; l->base += GUARD_WINDOW - GUARD_OVERLAP) {
		size_t left = n - l->base;

		look_window(
		    l, s + l->base, left < GUARD_WINDOW ? left : GUARD_WINDOW);
		if (left <= GUARD_WINDOW)
			break;
	}
}

static const char *
folded(struct arena *a, const char *s)
{
	struct guard_view v;

	guard_view_make(a, s, strlen(s), GUARD_PLAIN, &v);
	return v.text;
}

static void
look_init(struct look *l, struct arena *a, const struct guard *g)
{
	const struct conf *c = g->conf;
	struct guard_view v, tight;
	const char *local;

	*l = (struct look){ .arena = a, .g = g, .tries = GUARD_TRIES_MAX };
	guard_view_make(a, GUARD_CUT, strlen(GUARD_CUT), GUARD_PLAIN, &v);
	guard_view_tight(a, &v, &tight);
	l->cut = tight.text + strspn(tight.text, "-");
	local = arena_strndup(a, c->address, strcspn(c->address, "@"));
	l->local = arena_printf(a, "%s+", folded(a, local));
	l->prefix = folded(a, c->tickets.prefix);
	if (c->tickets.token_domain != NULL)
		l->domain = arena_printf(
		    a, "@%s", folded(a, c->tickets.token_domain));
}

static bool
ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);

	return n >= k && strcasecmp(s + n - k, end) == 0;
}

/* A whole mail of an agent: its header alone tells too much (3.6). */
static bool
is_mail(const struct compose_part *p)
{
	static const char *const types[] = { "message/", "application/ms-tnef",
		"application/vnd.ms-tnef", "application/vnd.ms-outlook" };
	static const char *const names[] = { ".eml", ".msg", "winmail.dat" };

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (p->type != NULL && ascii_starts(p->type, types[i]))
			return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (p->name != NULL && ends_with(p->name, names[i]))
			return true;
	return false;
}

/* Is it text, whatever it says it is?  UTF-16 is. */
static bool
is_text(const struct compose_part *p)
{
	const unsigned char *s = p->data;

	if (p->type != NULL && ascii_starts(p->type, "text/"))
		return true;
	for (size_t i = 0; i < p->size && i < GUARD_SNIFF; i++)
		if (s[i] != '\0' && s[i] < ' ' && !ascii_blank((char)s[i]) &&
		    s[i] != '\f')
			return false;
	return true;
}

static void
look_part(struct look *l, const struct compose_part *p, struct guard_find *out)
{
	const char *name = p->name == NULL ? "" : p->name;

	look_bytes(l, name, strlen(name));
	if (l->what != NULL) {
		out->where = "the name of a file";
		return;
	}
	out->where = arena_printf(l->arena, "the file %.200s", name);
	if (is_mail(p))
		l->what = "a whole mail";
	else if (p->size > 0 && is_text(p))
		look_bytes(l, p->data,
		    p->size < GUARD_PART_MAX ? p->size : GUARD_PART_MAX);
}

void
guard_look(struct arena *a, const struct guard *g, struct guard_find *out)
{
	struct arena own = { 0 };
	struct guard_find f = { .where = "the text" };
	const char *text = g->text == NULL ? "" : g->text;
	struct look l;

	look_init(&l, &own, g);
	look_bytes(&l, text, strlen(text));
	f.at = l.what != NULL ? l.at : strlen(text);
	if (l.what == NULL && g->rich != NULL) {
		f.where = "the formatted text";
		look_bytes(&l, g->rich, strlen(g->rich));
	}
	for (size_t i = 0; l.what == NULL && i < g->parts_n; i++)
		look_part(&l, &g->parts[i], &f);
	f.what = l.what;
	f.where = f.what == NULL ? NULL : arena_strdup(a, f.where);
	arena_done(&l.work);
	arena_done(&own);
	*out = f;
}

/* Where the last line of the n bytes begins. */
static size_t
last_line(const char *s, size_t n)
{
	while (n > 0 && s[n - 1] != '\n')
		n--;
	return n;
}

/* Without what only leads to a quote: blank lines, quoted ones, and the line
 * "On .. wrote:" above those. */
static size_t
without_lead(const char *s, size_t n)
{
	bool quoted = false;

	while (n > 0) {
		size_t from = last_line(s, n);
		size_t at = from + strspn(s + from, " \t");

		if (at < n && s[at] != '>' && s[at] != '\n')
			break;
		quoted |= at < n && s[at] == '>';
		n = from > 0 ? from - 1 : 0;
	}
	if (quoted && n > 0 && s[n - 1] == ':')
		n = last_line(s, n);
	while (n > 0 && ascii_blank(s[n - 1]))
		n--;
	return n;
}

char *
guard_above(struct arena *a, const struct guard *g)
{
	const char *text = g->text == NULL ? "" : g->text;
	struct guard only = *g;
	struct guard_find f;
	size_t n;

	only.rich = NULL;
	only.parts_n = 0;
	guard_look(a, &only, &f);
	n = f.what == NULL ? strlen(text) : last_line(text, f.at);
	n = without_lead(text, n);
	if (n == 0)
		return NULL;
	only.text = arena_strndup(a, text, n);
	guard_look(a, &only, &f);
	return f.what == NULL ? arena_strndup(a, text, n) : NULL;
}
