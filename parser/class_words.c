/*
 * Subjects, first lines and senders of machines.  See class_words.h.  A person
 * who answers such a mail writes "Re:" before it; so the start has to match.
 */
#include "parser/class_words.h"

#include <stddef.h>
#include <string.h>

#include "parser/ascii.h"

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

/* What mail programs put before the subject of an automatic answer; always
 * with a colon. */
static const char *const absent[] = { "automatic reply", "automatic response",
	"auto reply", "auto-reply", "autoreply", "auto response",
	"auto-response", "autoresponse", "autoresponder",
	"out of office autoreply", "out of office reply",
	"out of office auto-reply", "automatische antwort",
	"automatische ruckantwort", "abwesenheitsnotiz",
	"abwesenheitsnachricht", "abwesenheitsmeldung",
	"automatische abwesenheitsnotiz", "reponse automatique",
	"absence du bureau", "message d'absence", "notification d'absence",
	"respuesta automatica", "contestacion automatica",
	"risposta automatica", "resposta automatica", "automatisch antwoord",
	"automatische reactie", "afwezigheidsbericht", "automatiskt svar",
	"automatisk svar", "autosvar", "franvaromeddelande", "franvarobesked",
	"fravaersbesked", "automaattinen vastaus", "poissaoloviesti",
	"autom. vastaus", "sjalfvirkt svar", "automatyczna odpowiedz",
	"odpowiedz automatyczna", "automaticka odpoved", "automatska odgovor",
	"automatski odgovor", "samodejni odgovor", "samodejno sporocilo",
	"automatikus valasz", "otomatik yanit", "otomatik cevap",
	"raspuns automat", "automatinis atsakymas", "automatiska atbilde",
	"automatiline vastus", "automaatvastus", "automaatne vastus",
	"erantzun automatikoa", "balasan otomatis", "tra loi tu dong",
	"автоматический ответ", "автоответ", "автоматична відповідь",
	"автовідповідь", "автоматичен отговор", "аутоматски одговор",
	"автоматски одговор", "αυτοματη απαντηση", "自動応答", "自動返信",
	"自动答复", "自动回复", "自動回覆", "自動答覆", "자동 회신",
	"자동 응답", "자동응답", "رد تلقائي", "תשובה אוטומטית", "מענה אוטומטי",
	"ตอบกลับอัตโนมัติ", "स्वचालित उत्तर", "yahoo! auto response" };

/* Said by programs, and by people who tell that they will be away. */
static const char *const perhaps[] = { "out of office", "out of the office",
	"out-of-office", "ooo", "abwesend", "abwesenheit", "absence", "absent",
	"fuera de la oficina", "ausente", "ausencia", "fuori ufficio",
	"assente", "afwezig", "afwezigheid", "poza biurem", "mimo kancelar",
	"fora do escritorio", "ausencia temporaria", "poissa", "bortrest",
	"fravaer", "franvaro", "izvan ureda", "hazon kivul", "ofis disinda",
	"отсутствую", "vacation", "on vacation", "on holiday", "urlaub",
	"vacances", "vacaciones", "ferie", "ferias", "vakantie", "away", "auto",
	"不在" };

/* How such a text begins, wherever the name of the sender stands. */
static const char *const away[] = { "out of the office", "out of office",
	"on vacation", "on annual leave", "on holiday", "on leave",
	"away from my desk", "away until", "not in the office",
	"limited access to", "nicht im buro", "nicht im haus", "ausser haus",
	"im urlaub", "abwesend", "nicht erreichbar", "ruckkehr", "suis absent",
	"serai absent", "suis en conge", "absent du bureau",
	"fuera de la oficina", "me encuentro ausente", "estoy de vacaciones",
	"sono assente", "saro assente", "fuori ufficio", "sono in ferie",
	"fora do escritorio", "estou ausente", "estou de ferias", "ben afwezig",
	"niet aanwezig", "op vakantie", "niet op kantoor", "inte pa kontoret",
	"pa semester", "ikke pa kontoret", "pa ferie", "har ferie",
	"olen lomalla", "poissa toimistosta", "poza biurem", "na urlopie",
	"jestem nieobecny", "mimo kancelar", "na dovolene", "szabadsagon",
	"irodan kivul", "ofis disinda", "izindeyim", "in concediu", "na odmoru",
	"na dopustu", "в отпуске", "отсутствую", "у відпустці", "в отпуска",
	"σε αδεια", "εκτος γραφειου", "不在", "休暇", "休假", "外出", "부재중",
	"휴가" };

/* Behind a word of a list and the colon after it, NULL: it does not begin so.
 */
static const char *
behind(const char *s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t k = strlen(list[i]);
		const char *p = s + k;

		if (strncmp(s, list[i], k) != 0)
			continue;
		p += strspn(p, " ");
		if (*p == ':')
			return p + 1;
		if (strncmp(p, "\xef\xbc\x9a", 3) == 0)
			return p + 3;
	}
	return NULL;
}

static bool
any_in(const char *s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strstr(s, list[i]) != NULL)
			return true;
	return false;
}

enum absent
words_absent(const char *s)
{
	if (behind(s, absent, COUNT(absent)) != NULL)
		return ABSENT_SURE;
	/* Notes: "AUTO: Ann Lee is out of the office (returning 12/01)" */
	if (strncmp(s, "auto: ", 6) == 0 && any_in(s, away, COUNT(away)))
		return ABSENT_SURE;
	if (behind(s, perhaps, COUNT(perhaps)) != NULL ||
	    strstr(s, " is out of the office") != NULL)
		return ABSENT_MAYBE;
	return ABSENT_NO;
}

bool
words_absent_text(const char *text)
{
	return any_in(text, away, COUNT(away));
}

/* "%" stands for anything; the end is open. */
struct alert {
	const char *who;
	const char *like;
};

static const struct alert subjects[] = {
	{ "Nagios", "** % alert: % **" },
	{ "Nagios", "** % host alert: %" },
	{ "Icinga", "[problem] % is %!" },
	{ "Icinga", "[recovery] % is %!" },
	{ "Icinga", "[acknowledgement] % is %!" },
	{ "Icinga", "[flappingstart] %" },
	{ "Icinga", "[downtimestart] %" },
	{ "Checkmk", "check_mk: % -> %" },
	{ "Checkmk", "checkmk: % -> %" },
	{ "Alertmanager or Grafana", "[firing:%] %" },
	{ "Grafana", "[alerting] %" },
	{ "cron", "cron <%@%> %" },
	{ "cron", "anacron job '%' on %" },
	{ "smartd", "smart error (%) detected on host: %" },
	{ "mdadm", "% event on /dev/md%:%" },
	{ "logwatch", "logwatch for %" },
	{ "Munin", "munin notification%" },
	{ "Monit", "monit alert -- %" },
	{ "apcupsd", "% ups % power failure !!!%" },
	{ "apcupsd", "% ups % power has returned%" },
	{ "NUT", "ups %@% on battery%" },
	{ "NUT", "ups %@% on line power%" },
	{ "UptimeRobot", "monitor is down: %" },
	{ "UptimeRobot", "monitor is up: %" },
	{ "a cloud", "alarm: \"%\" in %" },
	{ "a cloud", "ok: \"%\" in %" },
	{ "a cloud", "%ired:sev% azure monitor alert %" },
	{ "a cloud", "resolved:sev% azure monitor alert %" },
	{ "PRTG", "[prtg network monitor%] %" },
	{ "fail2ban", "[fail2ban] %" },
	{ "rkhunter", "[rkhunter] %" },
	{ "OSSEC", "ossec notification - %" },
	{ "Wazuh", "wazuh notification - %" },
	{ "unattended-upgrades", "%unattended-upgrades result for %" },
	{ "apticron", "% debian package update(s) for %" },
	{ "Bacula", "bacula: % of %" },
	{ "Bareos", "bareos: % of %" },
	{ "vzdump", "vzdump backup status (%" },
	{ "LibreNMS", "alert for device % - %" },
	{ "vCenter", "[vmware vcenter - alarm %" },
	{ "ZFS", "zfs % event for % on %" },
	{ "ZFS", "zfs device fault for pool %" },
	{ "sudo", "*** security information for %" },
	{ "a scanner", "scanned image from %" },
	{ "a scanner", "scan from a xerox %" },
	{ "a scanner", "scanned from a %multifunction%" },
	{ "a scanner", "message from \"rnp%" },
	{ "a scanner", "message from km_%" },
	{ "a scanner", "message from kmbt%" },
	{ "a scanner", "message from \"kmbt%" },
	{ "a scanner", "scan to e-mail from %" },
	{ "an answering machine", "please confirm your message" },
	{ "an answering machine", "your email requires verification verify#%" },
};

static const struct alert texts[] = {
	{ "Zabbix", "problem started at % original problem id: " },
	{ "Zabbix", "problem has been resolved at % original problem id: " },
	{ "Zabbix", "problem has been resolved in % original problem id: " },
	{ "Nagios", "***** nagios %notification type: " },
	{ "Icinga", "***** icinga %" },
	{ "Icinga", "***** service monitoring on %" },
	{ "Icinga", "***** host monitoring on %" },
	{ "smartd", "this message was generated by the smartd daemon %" },
	{ "mdadm",
	    "this is an automatically generated mail message from "
	    "mdadm %" },
	{ "a scanner", "this e-mail was sent from \"rnp%" },
};

/* Where in s part stands, as far as it goes. */
static const char *
find(const char *s, const char *part, size_t n)
{
	for (; *s != '\0'; s++)
		if (*s == *part && strncmp(s, part, n) == 0)
			return s;
	return NULL;
}

static bool
is_like(const char *s, const char *like)
{
	size_t n = strcspn(like, "%");

	if (strncmp(s, like, n) != 0)
		return false;
	for (s += n, like += n; *like == '%'; like += n) {
		n = strcspn(++like, "%");
		if (n == 0)
			continue;
		s = find(s, like, n);
		if (s == NULL)
			return false;
		s += n;
	}
	return true;
}

const char *
words_alert(const char *subject)
{
	for (size_t i = 0; i < COUNT(subjects); i++)
		if (is_like(subject, subjects[i].like))
			return subjects[i].who;
	return NULL;
}

const char *
words_alert_text(const char *text)
{
	for (size_t i = 0; i < COUNT(texts); i++)
		if (is_like(text, texts[i].like))
			return texts[i].who;
	return strstr(text, "sent by alertmanager") != NULL ||
		strstr(text, "view in alertmanager") != NULL
	    ? "Alertmanager"
	    : NULL;
}

bool
words_robot(struct arena *a, const char *addr)
{
	/* without ".", "-" and "_"; more may follow */
	static const char *const starts[] = { "noreply", "donotreply",
		"dontreply", "nepasrepondre", "noresponder", "noresponda",
		"noreponder", "naoresponda", "naoresponder", "nichtantworten",
		"bittenichtantworten", "keineantwort", "nonrispondere",
		"nietbeantwoorden", "svarainte", "svarikke", "eivastausta",
		"nieodpowiadaj", "neodpovidat", "neodpovidejte" };
	static const char *const names[] = { "notification", "notifications",
		"notify", "alert", "alerts", "nagios", "nagios3", "nagios4",
		"icinga", "icinga2", "zabbix", "prometheus", "alertmanager",
		"grafana", "munin", "checkmk", "prtg", "logwatch", "logcheck",
		"smartd", "mdadm", "monit", "cron", "crond", "anacron",
		"uptimerobot", "pagerduty", "opsgenie", "pingdom", "scanner",
		"scan", "scantomail", "scan2mail", "scantoemail", "scan2email",
		"copier", "kopierer", "mfp", "printer", "drucker", "imprimante",
		"stampante", "impresora", "autoreply", "autoresponder",
		"autoresponse", "automailer", "majordomo", "listserv",
		"mailman" };
	char *s = arena_alloc(a, strlen(addr) + 1), *out = s;

	for (; *addr != '\0' && *addr != '@' && *addr != '+'; addr++)
		if (strchr(".-_", *addr) == NULL)
			*out++ = ascii_lower(*addr);
	*out = '\0';
	for (size_t i = 0; i < COUNT(starts); i++)
		if (ascii_starts(s, starts[i]))
			return true;
	for (size_t i = 0; i < COUNT(names); i++)
		if (strcmp(s, names[i]) == 0)
			return true;
	return false;
}
