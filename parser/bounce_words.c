/*
 * What mail servers say when they do not take a mail, as a table of phrases.
 * It knows no codes and decides nothing: bounce_reason.c does.  The wordings
 * are those of Postfix, Exim, sendmail, qmail, Courier, Exchange, Domino,
 * PowerMTA, of Gmail, Microsoft 365, Yahoo, iCloud, Yandex, Mail.Ru, Laposte,
 * Orange, GMX, the Japanese carriers and of filters before all of these.
 */
#define _GNU_SOURCE /* memmem() */
#include <string.h>

#include "parser/ascii.h"
#include "parser/bounce.h"
#include "parser/utf8.h"

struct phrase {
	enum bounce_reason reason;
	const char *words; /* phrases, folded, with "|" between them */
};

/* In the order asked: what says more of the sender comes first, for it often
 * goes on to say that an address does not exist. */
static const struct phrase plain[] = {
	{ BOUNCE_AUTH,
	    "dmarc|dkim signature|dkim check|dkim valid|spf|sender id|"
	    "domainkeys|unauthenticated|not authenticated|authentication|"
	    "purported responsible|must issue a starttls" },
	{ BOUNCE_SENDER,
	    "sender verif|verify sender|verify the sender|"
	    "verifying sender|callback setup failed|sender callout|"
	    "sender address|address of sender|address of the sender|"
	    "sender rejected|sender denied|sender blocked|"
	    "sender not allowed|sender unknown|unknown sender|"
	    "invalid sender|sender invalid|bad sender|sender domain|"
	    "sender's domain|sending domain does not|domain of sender|"
	    "unroutable sender|unrouteable sender|envelope sender|"
	    "return path|no valid return|badmailfrom|send mail as|"
	    "sendasdenied" },
	{ BOUNCE_REFUSED,
	    " : user unknown| : unknown user|recipient preference|"
	    "recipient's preference|refused by recipient|"
	    "refused by the recipient|rejected by recipient|"
	    "rejected by the recipient's|blocked by recipient|"
	    "blocked by the recipient|recipient has blocked|"
	    "recipient refuses|recipient does not want|"
	    "user does not want|user filter|by user rule|by the user|"
	    "personal black|not on the guest list|whitelist|"
	    "automatically rejected" },
	{ BOUNCE_RATE,
	    "too many connections|too many recipients|to too many|"
	    "too many messages|too many emails|too many mails|"
	    "too many concurrent|too many sessions|too many errors|"
	    "too many invalid recipients|too many unknown|too fast|"
	    "too quickly|relay limit|frequency limit|too frequent|"
	    "rate limit|ratelimit|rate that prevents|unusual rate|"
	    "exceeded the rate|hourly limit|daily limit|sending limit|"
	    "sending quota|sent quota|relay quota|daily user sending|"
	    "connection limit|throttl|unexpected volume|"
	    "number of messages per|messages allowed per|per hour|"
	    "excessive" },
	{ BOUNCE_MAILBOX_FULL,
	    "quota|mailbox full|mailbox is full|mailfolder is full|"
	    "inbox is full|account is full|user's mailbox is full|"
	    "full mailbox|mailbox size limit|mailbox exceed|"
	    "mailbox has exceeded|mailbox would exceed|mailbox over|"
	    "insufficient space|not enough space|no space|maildir over|"
	    "over limit|over its limit|over the maximum|exceeded storage|"
	    "exceeded the storage|exceeded its storage|"
	    "storage allocation|storage full|storage limit|storage space|"
	    "out of storage|mailbox storage|disk space|"
	    "exceeded the local limit|allowed space|space left|"
	    "postfach ist voll|postfach voll|speicherplatz|boite pleine|"
	    "boite aux lettres est pleine|casella piena|buzon lleno|"
	    "caixa cheia|skrzynka pelna|переполнен|容量|已满|已滿" },
	{ BOUNCE_TOO_BIG,
	    "too large|too big|message size exceeds|message size limit|"
	    "mail size limit|size limit exceeded|exceeded the size|"
	    "exceeds size|exceeds the size|exceeds the maximum|"
	    "exceeds maximum|exceeds fixed|exceeds administrative limit|"
	    "exceeded administrative limit|maximum message size|"
	    "message length exceeds|line limit exceeded|larger than|"
	    "nachricht zu gross|trop volumineux|demasiado grande|"
	    "message too long|message is too long|line too long|"
	    "lines too long|header too long" },
	{ BOUNCE_VIRUS,
	    "virus|malware|infected|trojan|worm|malicious|security issue|"
	    "presents a potential|banned file|executable|attachment type|"
	    "attachment name|file attachment|attachments are|"
	    "attachment rejected|attachments not" },
	{ BOUNCE_NETWORK,
	    "hop count|too many hops|loops back|routing loop|"
	    "loop detected|lost connection|connection lost|"
	    "connection refused|connection reset|connection dropped|"
	    "no route to host|unreachable|network error|mail loop| tls|"
	    "starttls" },
	{ BOUNCE_BLOCKED,
	    "black list|blacklist|block list|blocklist|denylist|"
	    "blocked using|blocked by|listed at| rbl|dnsbl|spamhaus|"
	    "spamcop|sorbs|senderbase|reputation|banned|"
	    "client host rejected|client host blocked|cannot find your|"
	    "reverse dns|reverse hostname|reverse lookup|reverse name|"
	    "reverse mapping|rdns|ptr record|ptr lookup|no ptr|helo|ehlo|"
	    "client ip|sending ip|your ip|invalid ip|your ip address|"
	    "ip address is|ip address has|from ip address|"
	    "this ip address|ip range|your network|your host|"
	    "your mail server|your server|your isp|"
	    "internet service provider|open relay|open proxy|dynamic ip|"
	    "dialup|dial-up|residential|weren't sent|name was rejected|"
	    "invalid domain name|refused to talk to me|"
	    "connections not accepted|not accepting connections|"
	    "connection rejected|greylist|graylist|grey list" },
	{ BOUNCE_SPAM,
	    "spam|unsolicited| ube| uce|junk|bulk mail|bulk email|phish|"
	    "uribl|surbl|content rejected|rejected due to content|"
	    "message content|message contains|suspicious|mail rejete|"
	    "рассылк" },
	{ BOUNCE_RELAYING,
	    "relaying|relay access|relay denied|relay not permitted|"
	    "relay prohibited|relay operation|not a relay|no relay|"
	    "mail relay|to relay|can't relay|rcpthosts|not a gateway" },
	{ BOUNCE_POLICY,
	    "policy|policies|administrative prohibition|administratively|"
	    "prohibited|protocol violation|restricted|restrictions|"
	    "not authorized|not authorised|not permitted|permission|"
	    "not allowed to post|not allowed to send|not a member|"
	    "only accepts|group you tried to contact|compliance|"
	    "suppression list|previously bounced" },
	{ BOUNCE_SYSTEM,
	    "couldn't create|can't create|cannot create|cannot open|"
	    "points to local host|can't open|i/o error|input/output|"
	    "out of memory|ldap|pipe to|procmail|command died|"
	    "command time limit|child process|internal error|"
	    "internal system error|system error|system config error|"
	    "configuration error|mailer error|local error|"
	    "insufficient system|system resources|disk full" },
	{ BOUNCE_CONTENT,
	    "8-bit|8bit|duplicate header|multiple from|from: header|"
	    "invalid header|malformed header|missing header|"
	    "header syntax|bare lf|bare newline|bare carriage| mime|"
	    "rfc 5322|rfc 2822|rfc 822|conversion|duplicated message-id|"
	    "invalid message-id|missing message-id" },
	{ BOUNCE_DISABLED,
	    "disabled|suspended|deactivated|is frozen|archived recipient|"
	    "is locked|account is blocked|mailbox is blocked|"
	    "account blocked|compte du destinataire est bloque|gesperrt|"
	    "заблокирован" },
};

/* Found out by the system that says so, or said so that it cannot mean
 * anything else. */
static const struct phrase dead_sure[] = {
	{ BOUNCE_NO_MAIL,
	    "does not accept mail|doesn't accept mail|do not accept mail|"
	    "does not accept email|does not receive mail|"
	    "does not accept any mail|accepts no mail|no smtp service|"
	    "null mx|nullmx|no mx record|no mx found|"
	    "seem to reject all mail" },
	{ BOUNCE_MOVED,
	    "has moved|mailbox moved|no forwarding address|"
	    "no longer on server|no longer on this server|"
	    "no longer works here|no longer with|no longer employed|"
	    "address has changed|has been replaced by" },
	{ BOUNCE_UNKNOWN_HOST,
	    "host unknown|unknown host|host not found|no such host|"
	    "find any host named|find a mail exchanger|"
	    "domain name not found|domain not found|no such domain|"
	    "unknown domain|domain unknown|domain does not exist|"
	    "domain doesn't exist|domain couldn't be found|"
	    "domain could not be found|nonexistent domain|"
	    "non-existent domain|non-existent host|nxdomain|"
	    "illegal host/domain|bad destination system|"
	    "bad destination host|unrouteable address|unroutable address|"
	    "unrouteable mail domain|name service error for|"
	    "no route found to domain|домен не существует|域名不存在" },
	{ BOUNCE_UNKNOWN_USER,
	    "not listed in|not listed on|name is not recognized|"
	    "name is ambiguous|nicht im domino-verzeichnis|"
	    "ディレクトリには見つかりません|ディレクトリに存在しません|"
	    "resolver.adr|recipnotfound|"
	    "email account that you tried to reach does not|"
	    "address you entered couldn't be found|"
	    "address couldn't be found|recipient address does not exist|"
	    "mailbox does not exist|mailbox doesn't exist|"
	    "account does not exist|account doesn't exist|"
	    "no longer exists|no longer valid|no longer in use|"
	    "this user doesn't have a|no mailbox here by that name|"
	    "no account by that name|unknown local part|unknown user: |"
	    "unknown local-part|in local recipient table|"
	    "in virtual mailbox table|in virtual alias table|"
	    "in relay recipient table|no valid recipients for this mm|"
	    "invalid final delivery userid|bad-mailbox|"
	    "invalid user address" },
};

/* Said by servers to RCPT, and by filters of what they did not look at. */
static const struct phrase dead_maybe[] = {
	{ BOUNCE_MOVED, "not our customer" },
	{ BOUNCE_UNKNOWN_USER,
	    "user unknown|unknown user|unknown or illegal user|"
	    "no such user|no such recipient|no such mailbox|"
	    "no such address|no such person|no such account|"
	    "no such email|no such mail drop|no one with that|"
	    "no such local|user not found|user not known|user not exist|"
	    "user invalid|user doesn't exist|invalid user|"
	    "not a valid user|not a known user|not a local user|"
	    "invalid email address|unknown email address|unknown alias|"
	    "unknown virtual user|unknown or illegal alias|"
	    "mailbox not present|not exists|handle mail for that user|"
	    "nobody by that name|user name unknown|is not a registered|"
	    "unknown recipient|recipient unknown|recipient not found|"
	    "recipient not exist|recipient does not exist|"
	    "recipient is not exist|recipient invalid|invalid recipient|"
	    "no valid recipient|not a valid recipient|bad recipient|"
	    "unknown address|address unknown|address not found|"
	    "address does not exist|address doesn't exist|"
	    "address invalid|invalid address|not a valid address|"
	    "undeliverable address|bad address|bad destination mailbox|"
	    "mailbox not found|mailbox unknown|unknown mailbox|"
	    "invalid mailbox|mailbox invalid|mailbox unavailable|"
	    "mailbox not available|not a valid mailbox|no mailbox|"
	    "no mail box|isn't in my list|account not found|"
	    "account unknown|unknown account|invalid account|"
	    "has no account|addressee unknown|unknown to this|"
	    "not known here|not known at this|does not exist|"
	    "doesn't exist|destinataire inconnu|destinataire invalide|"
	    "utilisateur inconnu|adresse inconnue|n'existe pas|"
	    "unbekannter empfanger|empfanger unbekannt|"
	    "benutzer unbekannt|existiert nicht|usuario desconocido|"
	    "usuario no encontrado|usuario nao encontrado|nao existe|"
	    "neexistuje|indirizzo inesistente|nie ma takiego|"
	    "okand mottagare|ukendt modtager|ukjent mottaker|"
	    "tuntematon vastaanottaja|onbekende gebruiker|"
	    "onbekende ontvanger|kullanici bulunamadi|"
	    "destinatario desconocido|no existe|utente sconosciuto|"
	    "destinatario sconosciuto|utente non trovato|"
	    "usuario inexistente|destinatario inexistente|nie istnieje|"
	    "bestaat niet|не существует|не найден|"
	    "нет такого пользователя|宛先不明|存在しません|"
	    "見つかりません|不存在|존재하지 않" },
};

static const struct phrase vague[] = {
	{ BOUNCE_UNKNOWN_USER,
	    "address rejected. |address rejected: access denied" },
	{ BOUNCE_BLOCKED, "access denied|no access|blocked" },
	{ BOUNCE_POLICY, "denied|not allowed" },
	{ BOUNCE_DISABLED,
	    "inactive|not active|discontinued|closed|not accepting" },
	{ BOUNCE_SYNTAX,
	    "malformed|incorrectly constructed|syntax|bad sequence|"
	    "parameter|not implemented|unrecognized command|need rcpt" },
	{ BOUNCE_EXPIRED,
	    "expired|retry timeout|retry time not reached|"
	    "long failure period|failing for a long time|"
	    "could not deliver for the last|"
	    "could not be delivered within|timed out|timeout" },
	{ BOUNCE_NETWORK,
	    "requests to connect|establish an smtp connection|socket|dns|"
	    "name server|lookup fail|network" },
	{ BOUNCE_EXPIRED,
	    "has been delayed|is delayed|not yet been delivered|"
	    "will be retried|queue too long" },
	{ BOUNCE_POLICY, "not accepted|prohibit|reject|rejete" },
	{ BOUNCE_SYSTEM,
	    "try again|try later|temporar|unavailable|not available|"
	    "resources|local problem" },
	{ BOUNCE_POLICY, "refuse" },
};

static bool
any_of(const char *text, size_t text_n, const char *words)
{
	for (size_t n; *words != '\0'; words += n + (words[n] == '|')) {
		n = strcspn(words, "|");
		if (memmem(text, text_n, words, n) != NULL)
			return true;
	}
	return false;
}

static enum bounce_reason
find(const char *text, const struct phrase *list, size_t n)
{
	size_t text_n = strlen(text);

	for (size_t i = 0; i < n; i++)
		if (any_of(text, text_n, list[i].words))
			return list[i].reason;
	return BOUNCE_UNKNOWN;
}
#define FIND(text, list) find(text, list, sizeof(list) / sizeof(*(list)))

enum bounce_reason
phrase_reason(const char *text, enum phrase_rank rank, bool *sure)
{
	enum bounce_reason r;

	if (sure != NULL)
		*sure = false;
	if (rank == PHRASE_PLAIN)
		return FIND(text, plain);
	if (rank == PHRASE_VAGUE)
		return FIND(text, vague);
	r = FIND(text, dead_sure);
	if (sure != NULL)
		*sure = r != BOUNCE_UNKNOWN;
	return r != BOUNCE_UNKNOWN ? r : FIND(text, dead_maybe);
}

/* The marks of Exchange's own errors, which look like host names. */
static bool
is_mark(const char *s)
{
	static const char *const marks[] = { "resolver.", "storedrv.",
		"routing.", "smtpsend.", "queue.", "mapiexception" };

	s += strspn(s, "\"'([#");
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (strncmp(s, marks[i], strlen(marks[i])) == 0)
			return true;
	return false;
}

/* A dot or colon between two letters or digits: host, address of one, code. */
static bool
is_host(const char *s, size_t n)
{
	size_t colons = 0;

	for (size_t i = 1; i + 1 < n; i++) {
		bool before = ascii_digit(s[i - 1]) || ascii_alpha(s[i - 1]);
		bool after = ascii_digit(s[i + 1]) || ascii_alpha(s[i + 1]);

		if (s[i] == '.' && before && after)
			return true;
		colons += s[i] == ':';
	}
	return colons >= 2;
}

static bool
is_link(const char *s, size_t n)
{
	return memchr(s, '@', n) != NULL || memmem(s, n, "://", 3) != NULL;
}

/* The length of "550", "550-" at the start of a word, else 0. */
static size_t
reply_length(const char *s, size_t n)
{
	if (n < 3 || s[0] < '2' || s[0] > '5' || !ascii_digit(s[1]) ||
	    !ascii_digit(s[2]))
		return 0;
	if (n == 3)
		return 3;
	return s[3] == '-' ? 4 : 0;
}

static bool
has_word(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ascii_digit(s[i]) || ascii_alpha(s[i]) ||
		    (unsigned char)s[i] >= 0x80)
			return true;
	return false;
}

char *
phrase_text(struct arena *a, const char *text, size_t max)
{
	char *s = utf8_fold(a, utf8_line(a, text, max)), *out = s;
	char *res = arena_alloc(a, strlen(s) + 3), *w = res;
	bool reply = false; /* right behind a reply code */

	for (size_t n; *out != '\0'; out += n + (out[n] == ' ')) {
		size_t skip;

		n = strcspn(out, " ");
		skip = reply_length(out, n);
		if (skip > 0 && skip == n) {
			reply = true;
			continue;
		}
		if ((is_host(out, n) || is_link(out, n)) && !is_mark(out)) {
			reply = false;
			continue;
		}
		if (!has_word(out, n) && !(reply && n == 1 && *out == ':'))
			continue;
		reply = false;
		*w++ = ' ';
		memcpy(w, out + skip, n - skip);
		w += n - skip;
	}
	*w++ = ' ';
	*w = '\0';
	return res;
}
