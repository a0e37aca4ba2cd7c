/*
 * Servers and logins, and the block mailbox.  Nothing that would send a
 * password in the clear to another machine gets through here.
 */
#include <stdlib.h>
#include <string.h>

#include "parser/address.h"
#include "parser/conf_private.h"

/* Servers. */

void
conf_want_server(
    struct conf_check *k, const struct conf_node *n, enum conf_scheme scheme)
{
	static const char *const words[] = { "plain", NULL };
	struct conf_server v = { 0 };
	const char *hint, *what;

	what = conf_server(k->talk->arena, scheme, n->args[0].text, &v, &hint);
	if (what != NULL) {
		conf_bad(k, &n->args[0], hint, "%s", what);
		return;
	}
	if (n->args_n < 2 ||
	    !conf_is_word(k, &n->args[1], words, "a word for a server"))
		return;
	if (v.tls == TLS_IMPLICIT)
		conf_bad(k, &n->args[1],
		    "leave it out, or write imap:// or smtp://",
		    "'plain' contradicts imaps:// and smtps://");
	else if (!conf_loopback(v.host))
		conf_bad(k, &n->args[1],
		    "only for 127.0.0.1, ::1 and localhost; without it "
		    "STARTTLS is used",
		    "'plain' would show mail and password to the network");
}

static void
want_imap(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	(void)s;
	conf_want_server(k, n, SCHEME_IMAP);
}

void
conf_put_server(struct arena *a, const struct conf_node *n,
    enum conf_scheme scheme, struct conf_server *out)
{
	const char *hint;

	conf_server(a, scheme, n->args[0].text, out, &hint);
	if (n->args_n > 1)
		out->tls = TLS_PLAIN;
}

static void
put_imap(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base)
{
	struct conf_mailbox *m = base;

	(void)s;
	conf_put_server(a, n, SCHEME_IMAP, &m->imap);
}

/* auth password SECRET, auth oauth2 NAME */

static bool
is_password(const struct conf_node *n)
{
	return strcmp(n->args[0].text, "password") == 0;
}

void
conf_want_login(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	static const char *const words[] = { "password", "oauth2", NULL };

	(void)s;
	if (!conf_is_word(k, &n->args[0], words, "a way to log in"))
		return;
	if (is_password(n))
		conf_is_secret(k, &n->args[1]);
	else
		conf_is_plain(k, &n->args[1]);
}

/* Does the URL of the block's server end in that domain? */
static bool
server_in(const struct conf_node *block, const char *domain)
{
	const struct conf_node *n = conf_child(block, "imap");
	const char *url, *hit;

	if (n == NULL)
		n = conf_child(block, "relay");
	url = n != NULL ? conf_text(n, 0) : NULL;
	hit = url != NULL ? strstr(url, domain) : NULL;
	return hit != NULL && strchr(":/", hit[strlen(domain)]) != NULL;
}

void
conf_cross_login(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block)
{
	if (strcmp(n->args[0].text, "oauth2") == 0) {
		if (conf_refer(k, "oauth2", &n->args[1], n->args[1].text) !=
		    NULL)
			conf_bad(k, &n->args[0],
			    "use auth password credential:NAME",
			    "this version cannot log in with oauth2 yet");
	} else if (server_in(block, "office365.com")) {
		conf_say(k->talk, CONF_WARNING, &n->args[0].place,
		    "use auth oauth2 NAME",
		    "Microsoft 365 accepts no passwords");
	}
}

void
conf_put_login(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base)
{
	const char *hint;

	if (is_password(n))
		conf_secret(a, n->args[1].text,
		    (struct conf_secret *)(void *)((char *)base + s->at),
		    &hint);
}

/* mailbox */

static void
want_poll(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	static const char *const words[] = { "idle", NULL };
	int64_t v = 1;

	(void)s;
	if (conf_is_duration(k, &n->args[0]))
		conf_duration(n->args[0].text, &v);
	if (v < 1 || v > 86400)
		conf_bad(k, &n->args[0], "60s is usual",
		    "'poll' must be between 1s and 1d");
	if (n->args_n > 1)
		conf_is_word(k, &n->args[1], words, "a value of 'poll'");
}

static void
put_poll(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base)
{
	struct conf_mailbox *m = base;

	(void)a;
	(void)s;
	conf_duration(n->args[0].text, &m->poll);
	m->idle = n->args_n > 1;
}

static const char *const after_words[] = {
	[AFTER_FLAG] = "flag",
	[AFTER_MOVE] = "move",
	[AFTER_KEEP] = "keep",
	NULL,
};
static const char *const reject_words[] = { "move", NULL };
static const char *const lists_words[] = {
	[LISTS_NEW] = "new",
	[LISTS_HELD] = "held",
	[LISTS_IGNORE] = "ignore",
	NULL,
};

/* A word, and a folder behind "move". */
static void
want_move(struct conf_check *k, const struct conf_node *n,
    const struct conf_setting *s)
{
	bool move = strcmp(n->args[0].text, "move") == 0;

	if (!conf_is_word(k, &n->args[0], s->words,
		arena_printf(k->talk->arena, "a value of '%s'", s->name)))
		return;
	if (conf_is_count(k, n, move ? 2 : 1, move ? 2 : 1, s->like) && move)
		conf_is_plain(k, &n->args[1]);
}

static void
put_after(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base)
{
	struct conf_mailbox *m = base;

	conf_put_word(a, n, s, base);
	m->after_folder = conf_text(n, 1);
}

static void
put_reject(struct arena *a, const struct conf_node *n,
    const struct conf_setting *s, void *base)
{
	struct conf_mailbox *m = base;

	(void)a;
	(void)s;
	m->reject_folder = conf_text(n, 1);
}

static const char *
folder_of(const struct conf_node *mailbox)
{
	const struct conf_node *n = conf_child(mailbox, "folder");
	const char *name = n != NULL ? conf_text(n, 0) : NULL;

	return name != NULL ? name : "INBOX";
}

/* What was moved into the folder that is read would come again for ever. */
static void
cross_move(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block)
{
	if (n->args_n > 1 && strcmp(n->args[1].text, folder_of(block)) == 0)
		conf_bad(k, &n->args[1], "name another folder",
		    "this is the folder that is read");
}

const struct conf_setting conf_mailbox_rows[] = {
	ROW("imap", 1, 2, CONF_ONCE | CONF_MUST,
	    "imap imaps://imap.example.com", .check = want_imap,
	    .put = put_imap),
	ROW("user", 1, 1, CONF_ONCE | CONF_MUST, "user support@example.com",
	    .check = conf_want_text, PUT(conf_put_text, conf_mailbox, user)),
	ROW("auth", 2, 2, CONF_ONCE | CONF_MUST,
	    "auth password credential:imap-password", .check = conf_want_login,
	    .cross = conf_cross_login,
	    PUT(conf_put_login, conf_mailbox, password)),
	ROW("folder", 1, 1, CONF_ONCE, "folder INBOX", .check = conf_want_text,
	    PUT(conf_put_text, conf_mailbox, folder)),
	ROW("ca-file", 1, 1, CONF_ONCE, "ca-file /etc/deskd/ca.pem",
	    .check = conf_want_paths,
	    PUT(conf_put_text, conf_mailbox, imap.ca_file)),
	ROW("poll", 1, 2, CONF_ONCE, "poll 60s idle", .check = want_poll,
	    .put = put_poll),
	ROW("after", 1, 2, CONF_ONCE, "after move \"Archive/Helpdesk\"",
	    .check = want_move, .words = after_words, .cross = cross_move,
	    PUT(put_after, conf_mailbox, after)),
	ROW("reject", 1, 2, CONF_ONCE, "reject move \"Helpdesk/Rejected\"",
	    .check = want_move, .words = reject_words, .cross = cross_move,
	    .put = put_reject),
	ROW("lists", 1, 1, CONF_ONCE, "lists new", .check = conf_want_words,
	    .words = lists_words, PUT(conf_put_word, conf_mailbox, lists)),
	{ 0 },
};

/* Two mailboxes that read one folder would both answer each mail. */
void
conf_cross_mailbox(struct conf_check *k, const struct conf_node *n,
    const struct conf_node *block)
{
	const struct conf_node *imap = conf_child(n, "imap");
	const struct conf_node *user = conf_child(n, "user"), *old;
	struct conf_server v = { 0 };
	const char *hint;

	(void)block;
	if (strcmp(n->args[0].text, "import") == 0)
		conf_bad(k, &n->args[0], "choose another name",
		    "'import' is the name of the mails that 'deskd import' "
		    "reads");
	if (user != NULL && user->args_n > 0 &&
	    !address_valid(user->args[0].text) &&
	    conf_child(k->root, "address") == NULL)
		conf_bad(k, &user->args[0],
		    "add at the top: address support@example.com",
		    "people need an address to write to, and this is none");
	if (imap == NULL || user == NULL || imap->args_n == 0 ||
	    user->args_n == 0 ||
	    conf_server(k->talk->arena, SCHEME_IMAP, imap->args[0].text, &v,
		&hint) != NULL)
		return;
	old = conf_title_add(k, "folder",
	    arena_printf(k->talk->arena, "%s:%d\n%s\n%s", v.host, v.port,
		user->args[0].text, folder_of(n)),
	    n);
	if (old != NULL)
		conf_bad(k, &n->args[0], "each folder is read by one mailbox",
		    "mailbox '%.80s' (%s) reads the same folder",
		    conf_text(old, 0), conf_where(k->talk, &old->place));
}
