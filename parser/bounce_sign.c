/*
 * Is a mail a bounce though its type does not say so?  By its sender, its
 * subject and its words; what it says is bounce.c's.
 */
#include <string.h>

#include "parser/ascii.h"
#include "parser/reader.h"
#include "parser/utf8.h"

/* Nobody but a mail system sends as this. */
static const char *const robots[] = { "mailer-daemon", "mailerdaemon",
	"post_master" };

/* Mail systems, and sometimes the people behind them. */
static const char *const daemons[] = { "postmaster", "poostmaster", "mdaemon",
	"maildaemon", "mail delivery", "system administrator",
	"mail administrator", "<>" };

/* What the subjects of bounces begin with or hold, folded. */
static const char *const subjects[] = { "delivery status", "undeliver",
	"returned mail", "delivery failed", "delivery failure", "delivery fail",
	"failure notice", "failed delivery", "mail system error",
	"mail failure", "could not be delivered", "not be delivered",
	"delivery has failed", "delayed mail", "could not send",
	"error sending your mail", "unzustellbar", "nicht zugestellt",
	"unzustellbarkeit", "non remis", "non distribue", "mancata consegna",
	"no se pudo entregar", "no entregado", "onbestelbaar", "niet bezorgd",
	"nie dostarczono", "не доставлено", "недоставленное", "未達", "退信",
	"配信不能", "delivery problem", "message not delivered",
	"mail could not be delivered", "delivery notification", "[bounce]",
	"undelivered", "unable to deliver", "wasn't delivered",
	"nao foi possivel entregar", "nao entregue", "falha na entrega",
	"non recapitat", "mancato recapito", "echec de la remise",
	"echec de remise", "notification d'etat de remise",
	"benachrichtigung zum ubermittlungsstatus", "zustellung fehlgeschlagen",
	"niedostarczon", "niedoreczon", "nedorucitel", "nedoruceno",
	"kezbesithetetlen", "iletilemedi", "teslim edilemedi", "olevererbar",
	"kunne ikke leveres", "kan ikke leveres", "toimittaminen epaonnistui",
	"не может быть доставлено", "уведомление о состоянии доставки",
	"送信できません", "エラーメール", "配信できません", "投递失败",
	"無法傳送", "无法投递", "발송 실패", "전송 실패", "배달 실패" };

/* What bounces in words say, folded and on one line. */
static const char *const phrases[] = { "could not be delivered",
	"did not reach the following recipient", "was not delivered to",
	"delivery to the following", "unable to deliver your message",
	"had delivery problems", "had permanent fatal errors",
	"no such user here", "undeliverable" };

static bool
any_of(const char *folded, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strstr(folded, list[i]) != NULL)
			return true;
	return false;
}
#define ANY_OF(text, list) any_of(text, list, sizeof(list) / sizeof(*(list)))

static bool
sent_by(const struct mail_reader *r, const char *const *names, size_t n)
{
	const char *from = mail_field(&r->m, "From");

	for (size_t i = 0; from != NULL && i < n; i++)
		if (ascii_find(from, names[i]) != NULL)
			return true;
	return false;
}
#define SENT_BY(r, names) sent_by(r, names, sizeof(names) / sizeof(*(names)))

/* Text on one line and folded: phrases may be broken over lines. */
static const char *
flatten(struct arena *a, const char *s)
{
	return utf8_fold(a, utf8_line(a, s, 16384));
}

static bool
has_part(const struct mail_reader *r, const char *type)
{
	for (size_t i = 0; i < r->m.parts_n; i++)
		if (part_is(&r->m.parts[i], type))
			return true;
	return false;
}

/* fml, the list server of Japan, returns what it does not pass on. */
static bool
list_refuses(const struct mail_reader *r)
{
	static const char *const refusals[] = { "not member", "not a member",
		"loop alert", "denied", "reject", "size exceeds" };
	const char *server = mail_field(&r->m, "X-MLServer");

	return server != NULL && ascii_starts(server, "fml") &&
	    mail_field(&r->m, "X-Mail-Count") == NULL && r->m.subject != NULL &&
	    ANY_OF(flatten(r->a, r->m.subject), refusals);
}

const char *
bounce_sign(struct mail_reader *r)
{
	const char *path = mail_field(&r->m, "Return-Path");
	bool null = path != NULL && strncmp(path, "<>", 2) == 0;
	bool robot = SENT_BY(r, robots);

	if (robot)
		return "From a mail system";
	/* with its type or without; people pass such parts on in a mixed one */
	if (r->m.parts_n > 0 && part_is(&r->m.parts[0], "multipart/report") &&
	    has_part(r, "message/delivery-status"))
		return "message/delivery-status";
	if (list_refuses(r))
		return "a list server's refusal";
	if (!null && !SENT_BY(r, daemons))
		return NULL;
	if (mail_field(&r->m, "X-Failed-Recipients") != NULL)
		return "X-Failed-Recipients";
	if (has_part(r, "message/delivery-status"))
		return "message/delivery-status";
	if (r->m.subject != NULL &&
	    ANY_OF(flatten(r->a, r->m.subject), subjects))
		return "a mail system's sender and subject";
	if (null && ANY_OF(flatten(r->a, r->m.text), phrases))
		return "no sender, and the words of a bounce";
	return NULL;
}
