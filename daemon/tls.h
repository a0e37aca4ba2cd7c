#ifndef DAEMON_TLS_H
#define DAEMON_TLS_H

#include <curl/curl.h>

#include "parser/conf.h"
#include "parser/err.h"

/*
 * The one TLS door of the program: what every libcurl handle that talks to a
 * mail server is set to.  Certificate and host name are verified, TLS is 1.2
 * or newer, STARTTLS is demanded and never only tried; plain text goes to
 * loopback addresses only, whatever the configuration says.
 */

/* scheme is that of TLS_IMPLICIT ("imaps", "smtps"); the other two are the same
 * without the "s".  text has CURL_ERROR_SIZE bytes and outlives the handle. */
int tls_setup(CURL *curl, const struct conf_server *s, const char *scheme,
    char *text, struct err *e);

/*
 * After a call of libcurl that failed: one sentence that says what is wrong
 * with the connection and what to do.  Always ERR_RETRY: servers come back and
 * certificates are renewed.  Returns -1.
 */
int tls_failed(CURL *curl, CURLcode rc, const struct conf_server *s,
    const char *text, struct err *e);

#endif
