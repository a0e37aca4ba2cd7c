/* The probes: see the header. */
#include "daemon/auth_probe.h"

#include <inttypes.h>
#include <string.h>

#include "parser/address.h"
#include "parser/ascii.h"
#include "parser/date.h"

#define SUBJECT "deskd auth probe: "

const struct auth_probe auth_probes[] = {
	{ "id",
	    "Authentication-Results: %I; dmarc=pass (p=reject) header.from=%D;"
	    "\n\tdkim=pass header.d=%D; spf=pass smtp.mailfrom=%D\n" },
	{ "upper", "AUTHENTICATION-RESULTS: %U; DMARC=PASS HEADER.FROM=%D\n" },
	{ "version",
	    "Authentication-Results: %I 1; dmarc/1=pass header.from=%D\n" },
	{ "folded",
	    "Authentication-Results:\n\t(checked)\n %I\n\t;\n dmarc\n\t=\n "
	    "pass\n header.from=%D\n" },
	{ "two",
	    "Authentication-Results: %I; dmarc=pass header.from=%D\n"
	    "Received: from mail.%D by %R with ESMTP id 1;\n"
	    "\tMon, 23 Nov 2026 09:00:00 +0000\n"
	    "Authentication-Results: %I; dmarc=pass header.from=%D\n" },
	{ "no-id",
	    "Authentication-Results: dmarc=pass action=none header.from=%D;\n"
	    "\tdkim=pass header.d=%D;compauth=pass reason=100\n" },
};
const size_t auth_probes_n = sizeof(auth_probes) / sizeof(*auth_probes);

static void
add_upper(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++)
		buf_char(out, ascii_upper(*s));
}

static void
add_lines(struct buf *out, const char *lines, const struct conf_auth *auth,
    const char *domain)
{
	const char *host = auth->boundary_by;
	const char *id;

	if (strncmp(host, "*.", 2) == 0)
		host += 2;
	id = auth->authserv_id != NULL ? auth->authserv_id : host;
	for (const char *c = lines; *c != '\0'; c++) {
		if (*c != '%')
			buf_char(out, *c);
		else if (*++c == 'U')
			add_upper(out, id);
		else
			buf_str(out,
			    *c == 'I'       ? id
				: *c == 'R' ? host
					    : domain);
	}
}

void
auth_probe_text(struct buf *out, const struct auth_probe *p,
    const struct conf *c, const char *agent, int64_t now, uint64_t serial)
{
	const char *domain = address_domain(agent);
	char date[DATE_SIZE];

	date_rfc5322(now, 0, date);
	add_lines(out, p->lines, &c->auth, domain);
	buf_printf(out,
	    "From: %s\nTo: %s\nSubject: " SUBJECT "%s\nDate: %s\n"
	    "Message-ID: <deskd-probe.%s.%016" PRIx64 "@%s>\n"
	    "MIME-Version: 1.0\nContent-Type: text/plain; charset=us-ascii\n"
	    "\n"
	    "This mail is forged on purpose.  It shows whether the mail server "
	    "and deskd\ntell an agent from a stranger who writes in his name: "
	    "deskd auth selftest.\n",
	    agent, c->address, p->name, date, p->name, serial, domain);
}

int
auth_probe_of(const char *subject)
{
	size_t n = strlen(SUBJECT);

	if (subject == NULL || strncmp(subject, SUBJECT, n) != 0)
		return -1;
	for (size_t i = 0; i < auth_probes_n; i++)
		if (strcmp(subject + n, auth_probes[i].name) == 0)
			return (int)i;
	return -1;
}
