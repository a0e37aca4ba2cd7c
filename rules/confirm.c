/* "Thanks, it works now!": confirmation in several languages. */
#include "rules/confirm.h"

#include <string.h>

#include "parser/utf8.h"

#define CONFIRM_WORDS_MAX 10

/* Folded words of which a confirmation may consist ... */
static const char *const filler[] = { "ok", "okay", "all", "good", "very",
	"much", "many", "so", "a", "lot", "it", "is", "now", "again", "for",
	"you", "your", "the", "help", "yes", "great", "super", "perfect", "hi",
	"hello", "best", "regards", "cheers", "es", "ja", "jetzt", "wieder",
	"alles", "gut", "vielen", "sehr", "fur", "die", "hilfe", "prima",
	"hallo", "viele", "grusse", "gruss", "oui", "ca", "cela", "tout",
	"bien", "beaucoup", "bonjour", "pour", "votre", "aide", "parfait", "si",
	"todo", "muchas", "bueno", "hola", "por", "ayuda", "perfecto", "ya" };

/* ... and of which it must have at least one. */
static const char *const core[] = { "thanks", "thank", "thx", "works", "worked",
	"solved", "fixed", "confirmed", "danke", "dank", "dankeschon",
	"funktioniert", "klappt", "geht", "erledigt", "gelost", "bestatigt",
	"merci", "marche", "fonctionne", "resolu", "gracias", "funciona",
	"resuelto", "solucionado", "yes", "ja", "oui", "si", "ok", "okay",
	"perfect", "super" };

static bool
listed(const char *const *list, size_t count, const char *s, size_t n)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(list[i]) == n && memcmp(list[i], s, n) == 0)
			return true;
	return false;
}

#define LISTED(list, s, n) listed(list, sizeof(list) / sizeof((list)[0]), s, n)

bool
confirm_only(struct arena *a, const char *text)
{
	static const char gap[] = " \t\n.,;!:)(-*'\"";
	const char *s = utf8_fold(a, text);
	bool found = false;

	/* A question is never a confirmation: "is it fixed now?" */
	if (strchr(s, '?') != NULL)
		return false;
	s += strspn(s, gap);
	for (int words = 0; *s != '\0'; words++) {
		size_t n = strcspn(s, gap);
		bool main_word = LISTED(core, s, n);

		if (words >= CONFIRM_WORDS_MAX ||
		    (!main_word && !LISTED(filler, s, n)))
			return false;
		found |= main_word;
		s += n;
		s += strspn(s, gap);
	}
	return found;
}

bool
confirm_mail(struct arena *a, const struct mail *m)
{
	return strchr(m->new_text, '?') == NULL &&
	    confirm_only(a, mail_own_text(a, m));
}
