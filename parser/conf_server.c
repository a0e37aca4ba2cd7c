/*
 * Where a server is and where a secret stands.  Both say what is wrong with a
 * word and how to write it; neither opens anything.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "parser/conf_private.h"

struct scheme {
	const char *name;
	enum conf_tls tls;
	int port;
};

static const struct scheme schemes[2][2] = {
	[SCHEME_IMAP] = { { "imaps://", TLS_IMPLICIT, 993 },
	    { "imap://", TLS_STARTTLS, 143 } },
	[SCHEME_SMTP] = { { "smtps://", TLS_IMPLICIT, 465 },
	    { "smtp://", TLS_STARTTLS, 587 } },
};

static const char *const scheme_hints[] = {
	[SCHEME_IMAP] = "imaps://imap.example.com, or imap:// for STARTTLS",
	[SCHEME_SMTP] = "smtps://smtp.example.com, or smtp:// for STARTTLS",
};

/* RFC 1122 3.2.1.3: all of 127/8. */
bool
conf_loopback(const char *host)
{
	int64_t part;
	int n = 0;

	if (strcasecmp(host, "localhost") == 0 || strcmp(host, "::1") == 0)
		return true;
	if (strncmp(host, "127.", 4) != 0)
		return false;
	for (const char *s = host; s != NULL; n++) {
		char text[4] = "";
		size_t len = strcspn(s, ".");

		if (len == 0 || len > 3)
			return false;
		memcpy(text, s, len);
		if (!conf_number(text, 0, 255, &part))
			return false;
		s = s[len] == '.' ? s + len + 1 : NULL;
	}
	return n == 4;
}

static bool
host_char(char c, bool v6)
{
	if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	    (c >= 'A' && c <= 'F') || c == '.')
		return true;
	if (v6)
		return c == ':';
	return (c >= 'g' && c <= 'z') || (c >= 'G' && c <= 'Z') || c == '-';
}

/* "host", "[::1]"; *end is behind it. */
static char *
read_host(struct arena *a, const char *s, const char **end)
{
	bool v6 = *s == '[';
	size_t n = 0;

	s += v6;
	while (host_char(s[n], v6))
		n++;
	if (n == 0 || n > 253 || s[0] == '-' || s[0] == '.')
		return NULL;
	if (v6 && s[n] != ']')
		return NULL;
	*end = s + n + v6;
	return arena_strndup(a, s, n);
}

const char *
conf_server(struct arena *a, enum conf_scheme scheme, const char *url,
    struct conf_server *out, const char **hint)
{
	const struct scheme *s = schemes[scheme];
	struct conf_server server = { 0 };
	int64_t port;

	*hint = scheme_hints[scheme];
	if (strncmp(url, s->name, strlen(s->name)) != 0)
		s++;
	if (strncmp(url, s->name, strlen(s->name)) != 0)
		return "this is not the address of a server";
	url += strlen(s->name);
	server.host = read_host(a, url, &url);
	server.port = s->port;
	server.tls = s->tls;
	server.ca_file = out->ca_file;
	if (server.host == NULL)
		return "this is not a host name";
	if (*url == ':') {
		size_t n = strcspn(url + 1, "/");

		if (!conf_number(arena_strndup(a, url + 1, n), 1, 65535, &port))
			return "this is not a port";
		server.port = (int)port;
		url += n + 1;
	}
	if (strcmp(url, "") != 0 && strcmp(url, "/") != 0) {
		*hint = "a folder is named by: folder NAME; a login by: user "
			"NAME";
		return "nothing may follow the host and its port";
	}
	*out = server;
	return NULL;
}

static bool
env_name(const char *s)
{
	return *s != '\0' && (*s < '0' || *s > '9') &&
	    s[strspn(s,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789_")] == '\0';
}

/* A command is split as the configuration is, and never sees a shell. */
static char **
split(struct arena *a, const char *s)
{
	struct conf_report quiet = { 0 };
	struct conf_talk t = { a, &quiet };
	struct conf_file f = { .path = "", .text = s, .n = strlen(s) };
	struct conf_arg arg;
	struct conf_lex l;
	enum conf_token k;
	char **argv = arena_calloc(a, f.n / 2 + 2, sizeof(*argv));
	size_t n = 0;

	conf_lex_init(&l, &t, &f);
	while ((k = conf_lex_next(&l, &arg)) == TOKEN_WORD) {
		if (arg.form == FORM_PATTERN) /* a path: /bin/ */
			arg.text = arena_strndup(
			    a, s + arg.place.at, l.at - arg.place.at);
		argv[n++] = arena_strdup(a, arg.text);
	}
	return k == TOKEN_EOF && quiet.errors == 0 && n > 0 ? argv : NULL;
}

const char *
conf_secret(
    struct arena *a, const char *s, struct conf_secret *out, const char **hint)
{
	struct conf_secret v = { 0 };

	*hint = "use credential:NAME, file:/path, env:NAME or command:\"...\"";
	if (strncmp(s, "credential:", 11) == 0) {
		v = (struct conf_secret){ SECRET_CREDENTIAL, s + 11, NULL };
		if (!conf_name(v.value))
			return "this is not the name of a credential";
	} else if (strncmp(s, "file:", 5) == 0) {
		v = (struct conf_secret){ SECRET_FILE, s + 5, NULL };
		*hint = "file:/path, from the root folder on";
		if (v.value[0] != '/' || !conf_line(v.value))
			return "this is not a full path";
	} else if (strncmp(s, "env:", 4) == 0) {
		v = (struct conf_secret){ SECRET_ENV, s + 4, NULL };
		if (!env_name(v.value))
			return "this is not the name of a variable";
	} else if (strncmp(s, "command:", 8) == 0) {
		v = (struct conf_secret){ SECRET_COMMAND, s + 8, NULL };
		v.argv = split(a, v.value);
		*hint = "command:\"pass show desk/imap\"; no shell reads it";
		if (v.argv == NULL)
			return "this is not a command";
	} else {
		return "a secret may not stand in this file";
	}
	*out = v;
	return NULL;
}
