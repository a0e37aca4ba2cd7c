/*
 * TLS settings of libcurl, and its refusals in words an admin can act on.
 * Promises that no setting here ever weakens the check.
 */
#include "daemon/tls.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

#include "daemon/clock.h"

static bool
loopback(const struct sockaddr *sa)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (sa->sa_family == AF_INET) {
		memcpy(&in, sa, sizeof(in));
		return ntohl(in.sin_addr.s_addr) >> 24 == 127;
	}
	if (sa->sa_family == AF_INET6) {
		memcpy(&in6, sa, sizeof(in6));
		return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
	}
	return false;
}

/* A plain connection is refused before its first byte unless it stays on this
 * machine: the name in the configuration may resolve to anything. */
static curl_socket_t
open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *a)
{
	const struct conf_server *s = ctx;

	(void)purpose;
	if (s->tls == TLS_PLAIN && !loopback(&a->addr))
		return CURL_SOCKET_BAD;
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

/* IPv6 addresses stand in brackets. */
static int
set_url(CURL *c, const struct conf_server *s, const char *scheme)
{
	char url[400];
	int n = (int)strlen(scheme) - (s->tls == TLS_IMPLICIT ? 0 : 1);
	bool six = strchr(s->host, ':') != NULL;
	int len = snprintf(url, sizeof(url), "%.*s://%s%s%s:%d", n, scheme,
	    six ? "[" : "", s->host, six ? "]" : "", s->port);

	if (len < 0 || (size_t)len >= sizeof(url))
		return CURLE_URL_MALFORMAT;
	return (int)curl_easy_setopt(c, CURLOPT_URL, url);
}

#define SET(opt, value) (rc != 0 ? rc : (int)curl_easy_setopt(c, opt, value))

int
tls_setup(CURL *c, const struct conf_server *s, const char *scheme, char *text,
    struct err *e)
{
	long use = s->tls == TLS_PLAIN ? CURLUSESSL_NONE : CURLUSESSL_ALL;
	int rc = set_url(c, s, scheme);

	rc = SET(CURLOPT_ERRORBUFFER, text);
	rc = SET(CURLOPT_PROTOCOLS_STR, "imap,imaps,smtp,smtps");
	rc = SET(CURLOPT_NOSIGNAL, 1L);
	rc = SET(CURLOPT_USE_SSL, use);
	rc = SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	rc = SET(CURLOPT_SSL_VERIFYPEER, 1L);
	rc = SET(CURLOPT_SSL_VERIFYHOST, 2L);
	rc = SET(CURLOPT_CERTINFO, 1L); /* for tls_failed() */
	rc = SET(CURLOPT_TCP_KEEPALIVE, 1L);
	rc = SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
	rc = SET(CURLOPT_OPENSOCKETDATA, s);
	if (s->tls == TLS_PLAIN)
		rc = SET(CURLOPT_PROXY, ""); /* nor to a proxy */
	if (s->ca_file != NULL) {
		rc = SET(CURLOPT_CAINFO, s->ca_file);
		/* else the public authorities stay trusted beside it */
		rc = SET(CURLOPT_CAPATH, NULL);
	}
	if (rc != CURLE_OK)
		return err_set(e, ERR_BUG, "%s: libcurl: %s", s->host,
		    curl_easy_strerror((CURLcode)rc));
	return 0;
}

/* A line of certificate n that begins with name; NULL: there is none. */
static const char *
cert_line(const struct curl_certinfo *ci, int n, const char *name)
{
	if (ci == NULL || n >= ci->num_of_certs)
		return NULL;
	for (const struct curl_slist *l = ci->certinfo[n]; l != NULL;
	     l = l->next)
		if (strncasecmp(l->data, name, strlen(name)) == 0)
			return l->data + strlen(name);
	return NULL;
}

/* GnuTLS builds of libcurl write "2026-11-24 18:27:11 GMT", which their own
 * curl_getdate() cannot read.  Less than 0: before
 * now; 0: now, or not to be read; more: after. */
static int
against_now(const char *date)
{
	time_t now = (time_t)clock_now(), then;
	char text[32];
	struct tm tm;

	if (date == NULL || gmtime_r(&now, &tm) == NULL)
		return 0;
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	if (strlen(date) >= 19 && date[4] == '-')
		return strncmp(date, text, 19);
	then = curl_getdate(date, NULL);
	return then == -1 ? 0 : then < now ? -1 : 1;
}

/* The certificate that is not valid today; *date is the day that matters. */
static bool
out_of_date(const struct curl_certinfo *ci, bool *early, const char **date)
{
	for (int i = 0; ci != NULL && i < ci->num_of_certs; i++) {
		const char *from = cert_line(ci, i, "Start date:");
		const char *to = cert_line(ci, i, "Expire date:");

		*early = against_now(from) > 0;
		*date = *early ? from : to;
		if (*early || against_now(to) < 0)
			return true;
	}
	return false;
}

static int
refused(CURL *c, const struct conf_server *s, const char *text, struct err *e)
{
	struct curl_certinfo *ci = NULL;
	const char *subject, *issuer, *date = NULL;
	bool early = false;

	if (curl_easy_getinfo(c, CURLINFO_CERTINFO, &ci) != CURLE_OK)
		ci = NULL;
	subject = cert_line(ci, 0, "Subject:");
	issuer = cert_line(ci, 0, "Issuer:");
	if (out_of_date(ci, &early, &date))
		return err_set(e, ERR_RETRY,
		    "certificate refused: it %s %.10s; renew it on the server, "
		    "or set this machine's clock if that is wrong",
		    early ? "is not valid before" : "expired on",
		    date == NULL ? "?" : date);
	if (strstr(text, "does not match") != NULL || subject == NULL ||
	    issuer == NULL)
		return err_set(e, ERR_RETRY,
		    "certificate refused: it is not for the host name '%s' "
		    "but for %.100s; write the name that stands in the "
		    "certificate",
		    s->host, subject == NULL ? "another" : subject);
	return err_set(e, ERR_RETRY,
	    "certificate refused: %s %.100s, which is not trusted here; if it "
	    "is the right server, name %s in 'ca-file'",
	    strcmp(subject, issuer) == 0 ? "it is signed by itself,"
					 : "it is signed by",
	    issuer,
	    strcmp(subject, issuer) == 0 ? "its certificate"
					 : "the certificate of that authority");
}

int
tls_failed(CURL *c, CURLcode rc, const struct conf_server *s, const char *text,
    struct err *e)
{
	if (rc == CURLE_PEER_FAILED_VERIFICATION)
		refused(c, s, text, e);
	else if (rc == CURLE_USE_SSL_FAILED)
		err_set(e, ERR_RETRY,
		    "the server does not offer STARTTLS, so nothing was sent; "
		    "use its port for TLS from the first byte");
	else if (rc == CURLE_SSL_CONNECT_ERROR)
		err_set(e, ERR_RETRY, "TLS failed (%s); %s",
		    text[0] != '\0' ? text : curl_easy_strerror(rc),
		    strstr(text, "unexpected") != NULL
			? "no TLS on this port, perhaps it is for STARTTLS"
			: "it must be TLS 1.2 or newer");
	else if (rc == CURLE_OPERATION_TIMEDOUT && s->tls == TLS_STARTTLS)
		err_set(e, ERR_RETRY,
		    "%s; perhaps this port wants TLS from the first byte",
		    text);
	else if (rc == CURLE_SSL_CACERT_BADFILE)
		err_set(e, ERR_RETRY, "ca-file %s cannot be read",
		    s->ca_file == NULL ? "?" : s->ca_file);
	else if (rc == CURLE_COULDNT_CONNECT && s->tls == TLS_PLAIN)
		err_set(e, ERR_RETRY, "%s (without TLS only to this machine)",
		    text);
	else
		err_set(e, ERR_RETRY, "%s",
		    text[0] != '\0' ? text : curl_easy_strerror(rc));
	return err_wrap(e, "%s port %d", s->host, s->port);
}
