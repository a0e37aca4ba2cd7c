/* parser/bounce_reason.c: what a server said, and whether the address is dead.
 */
#include <stdbool.h>

#include "parser/mail.h"
#include "tests/test.h"

static struct arena a;

static struct mail
parse(const char *fields, const char *body)
{
	char *raw = arena_printf(
	    &a, "From: ann@example.com\n%s\n\n%s", fields, body);
	struct mail m;

	mail_parse(&a, raw, strlen(raw), &m);
	return m;
}

#define REPORT                                                          \
	"Content-Type: multipart/report; report-type=delivery-status; " \
	"boundary=b"

/* What a server said in a report, and what that means. */
static const struct said {
	const char *diagnostic, *status, *reason;
	bool hard;
} sayings[] = {
	/* the address is dead */
	{ "smtp; 550 5.1.1 <a@b.example>... User unknown", "5.1.1",
	    "unknown_user", true },
	{ "smtp; 550-5.1.1 The email account that you tried to reach does\n"
	  " not exist. Please try 550-5.1.1 double-checking",
	    "5.1.1", "unknown_user", true },
	{ "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not "
	  "found by SMTP address lookup",
	    "5.1.10", "unknown_user", true },
	{ "smtp; 550 5.4.1 Recipient address rejected: Access denied. "
	  "AS(201806281) [XX1.eop.example]",
	    "5.4.1", "unknown_user", true },
	{ "smtp; 550 5.1.351 Remote server returned unknown recipient or "
	  "mailbox unavailable -> 550 no mailbox",
	    "5.1.351", "unknown_user", true },
	{ "smtp; 450 4.1.1 <a@b.example>: Recipient address rejected: User "
	  "unknown in virtual alias table",
	    "4.1.1", "unknown_user", true },
	{ "smtp; 553 sorry, this recipient is in my badrecipientto list "
	  "(#5.7.1)",
	    "5.7.1", "policy", false },
	{ "X-Postfix; unknown user: \"ann\"", "5.1.1", "unknown_user", true },
	{ "X-Postfix; Host or domain name not found. Name service error for "
	  "name=b.example type=MX: Host not found",
	    "5.4.4", "unknown_host", true },
	{ "smtp; 556 5.1.10 domain has a null MX record", "5.1.10", "no_mail",
	    true },
	{ "X-Postfix; Domain b.example does not accept mail (nullMX)", "5.1.0",
	    "no_mail", true },
	{ "smtp; 551 5.1.6 recipient has moved", "5.1.6", "moved", true },
	{ "X-Notes; User Ann Bee (a@b.example) not listed in Domino "
	  "Directory",
	    "5.0.0", "unknown_user", true },
	/* and here it is not, whatever the code */
	{ "smtp; 550 5.1.1 <a@b.example> 192.0.2.7 has sent to too many "
	  "recipients this hour",
	    "5.1.1", "rate", false },
	{ "smtp; 550 5.1.1 Refused due to recipient preferences", "5.1.1",
	    "refused", false },
	{ "smtp; 550 5.7.1 IP address blacklisted by recipient", "5.1.1",
	    "blocked", false },
	{ "smtp; 553 5.1.8 <x@y.example>... Domain of sender address "
	  "x@y.example does not exist",
	    "5.1.8", "sender", false },
	{ "smtp; 550 Verification failed for <x@y.example> no such user; "
	  "sender verify failed",
	    "5.0.0", "sender", false },
	{ "smtp; 552 5.2.2 The email account that you tried to reach is "
	  "over quota",
	    "5.2.2", "mailbox_full", false },
	{ "smtp; 550 5.2.1 The email account that you tried to reach is "
	  "disabled",
	    "5.2.1", "disabled", false },
	{ "smtp; 554 30 Sorry, your message to a@b.example cannot be "
	  "delivered. This mailbox is disabled (554.30).",
	    "5.0.0", "disabled", false },
	{ "smtp; 552 5.3.4 Message size exceeds fixed limit", "5.3.4",
	    "too_big", false },
	{ "smtp; 554 5.7.1 <a@b.example>: Relay access denied", "5.7.1",
	    "relaying", false },
	{ "smtp; 553 sorry, that domain isn't in my list of allowed "
	  "rcpthosts (#5.7.1)",
	    "5.7.1", "relaying", false },
	{ "smtp; 554 5.7.1 Service unavailable; Client host [192.0.2.7] "
	  "blocked using bl.example.net",
	    "5.7.1", "blocked", false },
	{ "smtp; 550 5.7.26 Unauthenticated email from y.example is not "
	  "accepted due to domain's DMARC policy",
	    "5.7.26", "auth", false },
	{ "smtp; 554 5.7.1 Message rejected as spam", "5.7.1", "spam", false },
	{ "smtp; 554 5.7.0 virus found: EICAR", "5.7.0", "virus", false },
	{ "smtp; 550 5.6.0 Lone CR or LF in headers (see RFC2822 section "
	  "2.2)",
	    "5.6.0", "content", false },
	{ "smtp; 554 5.7.1 <a@b.example>: Recipient address rejected: "
	  "Access denied",
	    "5.7.1", "policy", false },
	{ "smtp; 421 4.7.0 [TS01] Messages from 192.0.2.7 temporarily "
	  "deferred due to user complaints",
	    "4.7.0", "policy", false },
	{ "X-Postfix; connect to b.example[192.0.2.7]:25: Connection timed "
	  "out",
	    "4.4.1", "expired", false },
	{ "smtp; 554 4.4.7 Message expired: unable to deliver in 840 "
	  "minutes.<421 4.4.2 Connection dropped>",
	    "4.4.7", "network", false },
	{ "smtp; 554 5.4.6 Too many hops", "5.4.6", "network", false },
	{ "x-unix; procmail: Couldn't create \"/var/mail/a\": No such user",
	    "5.1.1", "system", false },
	{ "smtp; 550 5.7.606 Access denied, banned sending IP [192.0.2.7]",
	    "5.7.606", "blocked", false },
	{ "smtp; 550 5.7.64 TenantAttribution; Relay Access Denied", "5.7.64",
	    "relaying", false },
	{ "smtp; 550 5.1.1 not sent: the address is on the suppression "
	  "list",
	    "5.1.1", "policy", false },
	{ "smtp; 450 4.2.1 The user you are trying to contact is receiving "
	  "mail too quickly",
	    "4.2.1", "rate", false },
	{ "smtp; 550 Go away", "5.0.0", "unknown", false },
	/* words inside addresses, hosts and links are none */
	{ "smtp; 550 5.1.1 <spam@quota.example>: no such user, see "
	  "https://policy.example/blocked#virus",
	    "5.1.1", "unknown_user", true },
	{ "smtp; 550 5.1.1 mx.spamhaus.example: user unknown", "5.1.1",
	    "unknown_user", true },
	/* another charset than the rest of the report */
	{ "X-Notes; \033$B%G%#%l%/%H%j$K$O8+$D$+$j$^$;$s\033(B", "5.0.0",
	    "unknown_user", true },
};

static void
reasons(void)
{
	for (size_t i = 0; i < sizeof(sayings) / sizeof(*sayings); i++) {
		const struct said *c = &sayings[i];
		char *body = arena_printf(&a,
		    "--b\n\nsorry\n--b\nContent-Type: message/"
		    "delivery-status\n\nReporting-MTA: dns; mx.example.com\n\n"
		    "Final-Recipient: rfc822; a@b.example\nAction: failed\n"
		    "Status: %s\nDiagnostic-Code: %s\n\n--b--\n",
		    c->status, c->diagnostic);
		const struct bounce b = parse(REPORT, body).bounce;

		test_ok(strcmp(bounce_reason_name(b.reason), c->reason) == 0 &&
			b.hard == c->hard && b.action == BOUNCE_FAILED,
		    "%.40s -> %s, %s", c->diagnostic,
		    bounce_reason_name(b.reason), b.hard ? "hard" : "soft");
	}
}

/* The same words mean another thing when the text was refused. */
static void
stages(void)
{
	static const struct {
		const char *words, *reason;
		bool hard;
	} cases[] = {
		{ "<a@b.example>: host mx.b.example[192.0.2.7] said:\n"
		  "    550 No such user (in reply to RCPT TO command)",
		    "unknown_user", true },
		{ "<a@b.example>: host mx.b.example[192.0.2.7] said:\n"
		  "    550 No such user (in reply to end of DATA\n    command)",
		    "refused", false },
		{ "  a@b.example\n    SMTP error from remote mail server after "
		  "MAIL FROM:<me@example.com>:\n    550 no such user",
		    "sender", false },
		{ "  a@b.example\n    host mx.b.example: SMTP error from remote "
		  "mail server after initial connection:\n    550 unknown user",
		    "blocked", false },
		{ "<a@b.example>:\n192.0.2.7 does not like recipient.\n"
		  "Remote host said: 550 No such user",
		    "unknown_user", true },
		{ "<a@b.example>:\n192.0.2.7 failed after I sent the message.\n"
		  "Remote host said: 554 no such user",
		    "refused", false },
		{ "<a@b.example>\n    (reason: 550 unknown user)\n\n"
		  "... while talking to mx.b.example.:\n>>> DATA\n"
		  "<<< 550 unknown user\n<<< 503 5.0.0 Need RCPT (recipient)",
		    "unknown_user", true },
		/* who it came from is not told: a filter's own words */
		{ "The filter could not deliver to a@b.example: unknown user",
		    "unknown_user", false },
		{ "<a@b.example>: 550 : User unknown", "refused", false },
		{ "Sent >>> RCPT TO: <a@b.example>\nReceived <<< 550 "
		  "<a@b.example>: User unknown",
		    "unknown_user", true },
		{ "  a@b.example\n    all relevant MX records point to "
		  "non-existent hosts",
		    "unknown_host", true },
		{ "  a@b.example\n    retry time not reached for any host after "
		  "a long failure period",
		    "expired", false },
		{ "<a@b.example>:\nSorry, I couldn't find a mail exchanger or "
		  "IP address. (#5.4.4)",
		    "unknown_host", true },
		{ "   ----- The following addresses had delivery problems -----"
		  "\n   a@b.example\n\n   ----- Non-delivered information "
		  "-----\n   The recipient's mailbox exceeded the local limit.",
		    "mailbox_full", false },
		{ "a@b.example\nYour message couldn't be delivered.\n\nRemote "
		  "Server returned '550 5.4.310 DNS domain b.example does not "
		  "exist'",
		    "unknown_host", true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct mail m = parse(
		    "From: MAILER-DAEMON@mx.example.com\n"
		    "Return-Path: <>\nSubject: failure notice",
		    cases[i].words);
		const struct bounce *b = &m.bounce;

		test_ok(m.class == CLASS_DSN && b->hard == cases[i].hard &&
			strcmp(bounce_reason_name(b->reason),
			    cases[i].reason) == 0 &&
			b->recipients_n == 1 &&
			strcmp(b->recipients[0], "a@b.example") == 0,
		    "words %zu -> %s, %s", i, bounce_reason_name(b->reason),
		    b->hard ? "hard" : "soft");
	}
}

int
main(void)
{
	reasons();
	stages();
	arena_done(&a);
	return test_end();
}
