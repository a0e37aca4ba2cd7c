/*
 * The words of commands in four languages (MAIL 7).  A word that a later
 * version knows is not here: it is unknown until its effect is built, so that
 * nobody believes it was done.
 */
#include "parser/command_words.h"

#include <string.h>

#include "parser/ascii.h"
#include "parser/near.h"
#include "parser/utf8.h"

#define WORD_BYTES_MAX 30 /* near.h compares no longer ones */
#define NEAR_SHORTEST  3

const char *const command_names[COMMAND_COUNT] = {
	[COMMAND_RESOLVE] = "resolve",
	[COMMAND_CLOSE] = "close",
	[COMMAND_NOTE] = "note",
	[COMMAND_WAIT] = "wait",
	[COMMAND_HOLD] = "hold",
	[COMMAND_TAKE] = "take",
	[COMMAND_DROP] = "drop",
	[COMMAND_ASSIGN] = "assign",
	[COMMAND_TEAM] = "team",
	[COMMAND_TIER] = "tier",
	[COMMAND_ESCALATE] = "escalate",
	[COMMAND_PRIORITY] = "priority",
	[COMMAND_IMPACT] = "impact",
	[COMMAND_URGENCY] = "urgency",
	[COMMAND_TYPE] = "type",
	[COMMAND_CATEGORY] = "category",
	[COMMAND_TAG] = "tag",
	[COMMAND_UNTAG] = "untag",
	[COMMAND_MERGE] = "merge",
	[COMMAND_UNMERGE] = "unmerge",
	[COMMAND_SPLIT] = "split",
	[COMMAND_LINK] = "link",
	[COMMAND_CC] = "cc",
	[COMMAND_UNCC] = "uncc",
	[COMMAND_WATCH] = "watch",
	[COMMAND_SUBJECT] = "subject",
	[COMMAND_REQUESTER] = "requester",
	[COMMAND_LANG] = "lang",
	[COMMAND_SPAM] = "spam",
	[COMMAND_TIME] = "time",
	[COMMAND_REOPEN] = "reopen",
	[COMMAND_NEW] = "new",
	[COMMAND_SOURCE] = "source",
	[COMMAND_UNDO] = "undo",
	[COMMAND_WHY] = "why",
	[COMMAND_SHOW] = "show",
	[COMMAND_FIND] = "find",
	[COMMAND_HELP] = "help",
	[COMMAND_DO] = "do",
	[COMMAND_WORKS] = "works",
	[COMMAND_RATE] = "rate",
	[COMMAND_OPEN] = "open",
};

/* Aliases are folded: "gelost" is "Gelöst", "geloest" how it is typed without
 * umlauts.  The first row that has a word gets it: an agent's "open" is
 * "reopen". */
static const struct row {
	enum command_value takes;
	bool raw, top;
	const char *aliases;
} rows[COMMAND_COUNT] = {
	[COMMAND_RESOLVE] = { VALUE_NONE, false, false,
	    "solve solved resolved done fixed erledigt gelost geloest losen "
	    "loesen resolu resoudre resuelto resolver solucionado" },
	[COMMAND_CLOSE] = { VALUE_NONE, false, false,
	    "closed schliessen geschlossen fermer ferme cerrar cerrado" },
	[COMMAND_NOTE] = { VALUE_MAYBE, true, false,
	    "notes internal private notiz intern interne nota interna "
	    "interno" },
	[COMMAND_WAIT] = { VALUE_MAYBE, true, false,
	    "waiting pending snooze warten attendre esperar" },
	[COMMAND_HOLD] = { VALUE_MAYBE, true, false,
	    "onhold on-hold anhalten suspendre retener" },
	[COMMAND_TAKE] = { VALUE_NONE, false, false,
	    "mine claim nehmen ubernehmen uebernehmen prendre tomar" },
	[COMMAND_DROP] = { VALUE_NONE, false, false,
	    "release abgeben rendre soltar" },
	[COMMAND_ASSIGN] = { VALUE_MUST, false, false,
	    "to owner give zuweisen assigner asignar" },
	[COMMAND_TEAM] = { VALUE_MUST, false, false,
	    "group queue gruppe equipe equipo" },
	[COMMAND_TIER] = { VALUE_MUST, false, false,
	    "level stufe niveau nivel" },
	[COMMAND_ESCALATE] = { VALUE_MAYBE, true, false,
	    "raise eskalieren escalader escalar" },
	[COMMAND_PRIORITY] = { VALUE_MUST, false, false,
	    "prio p prioritat prioritaet priorite prioridad" },
	[COMMAND_IMPACT] = { VALUE_MUST, false, false, "auswirkung impacto" },
	[COMMAND_URGENCY] = { VALUE_MUST, false, false,
	    "dringlichkeit urgence urgencia" },
	[COMMAND_TYPE] = { VALUE_MUST, false, false, "typ art tipo" },
	[COMMAND_CATEGORY] = { VALUE_MUST, false, false,
	    "cat kategorie categorie categoria" },
	[COMMAND_TAG] = { VALUE_MUST, false, false,
	    "tags label etikett etiquette etiqueta" },
	[COMMAND_UNTAG] = { VALUE_MUST, false, false, "unlabel" },
	[COMMAND_MERGE] = { VALUE_MUST, false, false,
	    "duplicate dup duplikat doublon duplicado zusammenfuhren "
	    "zusammenfuehren fusionner fusionar" },
	[COMMAND_UNMERGE] = { VALUE_MAYBE, false, false, "" },
	[COMMAND_SPLIT] = { VALUE_NONE, false, false,
	    "teilen separer dividir" },
	[COMMAND_LINK] = { VALUE_MUST, false, false,
	    "related verknupfen verknuepfen lier enlazar" },
	[COMMAND_CC] = { VALUE_MUST, false, false, "" },
	[COMMAND_UNCC] = { VALUE_MUST, false, false, "" },
	[COMMAND_WATCH] = { VALUE_MAYBE, false, false,
	    "follow beobachten suivre seguir" },
	[COMMAND_SUBJECT] = { VALUE_MUST, true, false,
	    "title betreff titel sujet objet titre asunto titulo" },
	[COMMAND_REQUESTER] = { VALUE_MUST, false, false,
	    "from melder demandeur solicitante" },
	[COMMAND_LANG] = { VALUE_MUST, false, false,
	    "language sprache langue idioma" },
	[COMMAND_SPAM] = { VALUE_NONE, false, false, "junk" },
	[COMMAND_TIME] = { VALUE_MUST, false, false,
	    "spent worked zeit aufwand temps tiempo" },
	[COMMAND_REOPEN] = { VALUE_NONE, false, false,
	    "open offnen oeffnen rouvrir reabrir" },
	[COMMAND_NEW] = { VALUE_NONE, false, false, "neu nouveau nuevo" },
	[COMMAND_SOURCE] = { VALUE_MUST, false, false,
	    "quelle origine origen" },
	[COMMAND_UNDO] = { VALUE_NONE, false, false,
	    "ruckgangig rueckgaengig annuler deshacer" },
	[COMMAND_WHY] = { VALUE_NONE, false, false, "warum pourquoi porque" },
	[COMMAND_SHOW] = { VALUE_MAYBE, false, false,
	    "status history zeigen verlauf afficher mostrar" },
	[COMMAND_FIND] = { VALUE_MUST, true, false,
	    "search suchen suche chercher buscar" },
	[COMMAND_HELP] = { VALUE_MAYBE, false, false,
	    "commands hilfe aide ayuda" },
	[COMMAND_DO] = { VALUE_MUST, false, true, "" },
	[COMMAND_WORKS] = { VALUE_NONE, false, true, "" },
	[COMMAND_RATE] = { VALUE_MUST, false, true, "" },
	[COMMAND_OPEN] = { VALUE_NONE, false, true, "" },
};

enum command_value
command_takes(enum command_word w)
{
	return w < COMMAND_COUNT ? rows[w].takes : VALUE_MAYBE;
}

bool
command_raw(enum command_word w)
{
	return w < COMMAND_COUNT && rows[w].raw;
}

bool
command_only_top(enum command_word w)
{
	return w < COMMAND_COUNT && rows[w].top;
}

/* The next of the words between blanks, into out; NULL behind the last. */
static const char *
next_alias(const char *list, char out[WORD_BYTES_MAX + 1])
{
	size_t n;

	list += strspn(list, " ");
	n = strcspn(list, " ");
	if (n == 0 || n > WORD_BYTES_MAX)
		return NULL;
	memcpy(out, list, n);
	out[n] = '\0';
	return list + n;
}

enum command_word
command_folded(const char *word)
{
	if (*word == '\0')
		return COMMAND_COUNT;
	for (int w = 0; w < COMMAND_COUNT; w++)
		if (strcmp(command_names[w], word) == 0 ||
		    ascii_listed(rows[w].aliases, word))
			return w == COMMAND_OPEN ? COMMAND_REOPEN
						 : (enum command_word)w;
	return COMMAND_COUNT;
}

enum command_word
command_find(struct arena *a, const char *word)
{
	return command_folded(utf8_fold(a, word));
}

/* A short word is near to everything: it is not what was meant. */
static int
distance(const char *word, const char *known, size_t shortest)
{
	return strlen(known) < shortest ? 99 : near_distance(word, known);
}

static int
nearest(enum command_word w, const char *word, size_t shortest)
{
	int best = distance(word, command_names[w], shortest);
	char alias[WORD_BYTES_MAX + 1];

	for (const char *p = rows[w].aliases;
	     (p = next_alias(p, alias)) != NULL;) {
		int d = distance(word, alias, shortest);

		if (d < best)
			best = d;
	}
	return best;
}

/* Letters, not bytes. */
static size_t
letters(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

size_t
command_near_folded(const char *word, size_t shortest, enum command_word out[3])
{
	int most = letters(word) < 5 ? 1 : 2, how[3];
	size_t n = 0;

	if (strlen(word) > WORD_BYTES_MAX)
		return 0;
	for (int w = 0; w < COMMAND_DO; w++) {
		int d = nearest((enum command_word)w, word, shortest);
		size_t at = n;

		while (at > 0 && how[at - 1] > d)
			at--;
		if (d > most || at == 3)
			continue;
		n += n < 3;
		for (size_t i = n - 1; i > at; i--) {
			how[i] = how[i - 1];
			out[i] = out[i - 1];
		}
		how[at] = d;
		out[at] = (enum command_word)w;
	}
	return n;
}

size_t
command_near(struct arena *a, const char *word, enum command_word out[3])
{
	return command_near_folded(utf8_fold(a, word), NEAR_SHORTEST, out);
}
