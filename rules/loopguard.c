/* What machines write is never answered by a machine. */
#include "rules/loopguard.h"

#include <string.h>
#include <strings.h>

#include "parser/limits.h"
#include "rules/loopmark.h"

/* RELIABILITY 5.3, one row a class. */
static const struct {
	enum fate fate;
	const char *why;
} fates[CLASS_COUNT] = {
	[CLASS_HUMAN] = { FATE_TICKET, NULL },
	[CLASS_OWN] = { FATE_LOOP, "our own mail came back" },
	[CLASS_DSN] = { FATE_EVENT, "delivery report" },
	[CLASS_COMPLAINT] = { FATE_EVENT, "complaint report" },
	[CLASS_RECEIPT] = { FATE_EVENT, "read receipt" },
	[CLASS_AUTO_REPLY] = { FATE_EVENT, "automatic reply" },
	[CLASS_PEER] = { FATE_SILENT, "another ticket system wrote" },
	[CLASS_BULK] = { FATE_SILENT, "list or bulk mail" },
	[CLASS_GENERATED] = { FATE_SILENT, "a machine wrote" },
};

static enum fate
bulk_fate(const struct conf_mailbox *mb, const char **why)
{
	enum conf_lists lists = mb == NULL ? LISTS_NEW : mb->lists;

	*why = fates[CLASS_BULK].why;
	if (lists == LISTS_HELD)
		return FATE_HELD;
	return lists == LISTS_IGNORE ? FATE_FILED : FATE_SILENT;
}

enum fate
loop_fate(const struct conf *c, const struct conf_mailbox *mb,
    const struct mail *m, bool own, const char **why)
{
	*why = NULL;
	if (own) {
		*why = fates[CLASS_OWN].why;
		return FATE_LOOP;
	}
	if (m->received_n > HOPS_MAX) {
		*why = "more than 50 Received fields: the mail goes in circles";
		return FATE_LOOP;
	}
	if (loop_hops(m) > LOOP_HOPS_MAX) {
		*why = "machines answer each other: our own hops field is too "
		       "high";
		return FATE_LOOP;
	}
	if (m->class == CLASS_BULK)
		return bulk_fate(mb, why);
	if (m->class != CLASS_HUMAN) {
		*why = m->class_why != NULL ? m->class_why
					    : fates[m->class].why;
		return fates[m->class].fate;
	}
	if (m->from_addr == NULL) {
		*why = "no From address that could be read";
		return FATE_HELD;
	}
	if (conf_is_own(c, m->from_addr)) {
		*why = "From is an address of the desk itself";
		return FATE_SILENT;
	}
	return FATE_TICKET;
}

/* Large providers where one domain is many strangers. */
static const char *const freemail[] = { "gmail.com", "googlemail.com",
	"outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com",
	"me.com", "aol.com", "gmx.de", "gmx.net", "web.de", "t-online.de",
	"orange.fr", "free.fr", "laposte.net", "mail.ru", "yandex.ru",
	"proton.me", "protonmail.com" };

static int64_t
domain_budget(const char *recipient)
{
	const char *domain = address_domain(recipient);

	for (size_t i = 0; i < sizeof(freemail) / sizeof(freemail[0]); i++)
		if (strcasecmp(domain, freemail[i]) == 0)
			return BUDGET_FREEMAIL_HOUR;
	return BUDGET_DOMAIN_HOUR;
}

/*
 * "once-per 0s" switches off what spaces acknowledgements out (a closed
 * network, a test); what ends a loop with one address always holds.
 */
static const char *
over_budget(
    const struct conf *c, const char *recipient, const struct loop_counts *n)
{
	if (n->address_day >= BUDGET_ADDRESS_DAY)
		return "10 automatic mails went to this address today";
	if (c->tickets.once_per == 0)
		return NULL;
	if (n->sender_since_once_per > 0)
		return "this sender was acknowledged a moment ago";
	if (n->sender_day >= BUDGET_SENDER_DAY)
		return "this sender was acknowledged 20 times today";
	if (n->domain_hour >= domain_budget(recipient))
		return "too many acknowledgements to this domain in an hour";
	if (n->all_minute >= BUDGET_ALL_MINUTE)
		return "60 automatic mails in the last minute";
	if (n->all_hour >= BUDGET_ALL_HOUR)
		return "1000 automatic mails in the last hour";
	return NULL;
}

/*
 * RFC 5230 4.5, the personal responder rule, does not bind a desk that people
 * may reach over an alias: mail that names none of our addresses is answered
 * too, unless it came over a list (its class then says so).
 */
const char *
loop_ack_refused(const struct conf *c, const struct mail *m,
    const char *recipient, bool known, const struct loop_counts *n)
{
	enum conf_ack ack = c->tickets.acknowledge;

	if (m->no_ack)
		return "the sender asked for silence";
	if (recipient == NULL || !address_valid(recipient))
		return "no valid address to answer to";
	if (conf_is_own(c, recipient))
		return "the answer would come back to us";
	if (ack == ACK_DEFAULT)
		ack = c->auth.named ? ACK_KNOWN : ACK_ALL;
	if (ack == ACK_KNOWN && !known)
		return "the sender is not proven and not known";
	return over_budget(c, recipient, n);
}
