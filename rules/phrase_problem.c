/* Problems: why a mail of an agent was not carried out.  {0} is the line. */
#include "rules/phrase_private.h"

const struct phrase_row phrase_problems[] = {
	{ PHRASE_UNKNOWN,
	    { "I do not know \"{1}\" (line {0})",
		"\"{1}\" ist unbekannt (Zeile {0})",
		"\"{1}\" n'est pas une commande connue (ligne {0})",
		"\"{1}\" no es una orden conocida (línea {0})" } },
	{ PHRASE_NEEDS,
	    { "#{1} needs a value (line {0}), as in \"{2}\"",
		"bei #{1} fehlt ein Wert (Zeile {0}), wie in \"{2}\"",
		"il manque une valeur à #{1} (ligne {0}), comme dans \"{2}\"",
		"a #{1} le falta un valor (línea {0}), como en \"{2}\"" } },
	{ PHRASE_TAKES_NONE,
	    { "#{1} takes no value, but \"{2}\" stands behind it (line {0})",
		"#{1} steht ohne Wert, aber dahinter steht \"{2}\" (Zeile {0})",
		"#{1} ne prend pas de valeur, mais il est suivi de \"{2}\" "
		"(ligne {0})",
		"#{1} no lleva valor, pero detrás pone \"{2}\" (línea {0})" } },
	{ PHRASE_ALONE,
	    { "#{1} stands alone: no other command goes with it",
		"#{1} steht allein: kein anderer Befehl passt dazu",
		"#{1} s'emploie seul : aucune autre commande ne "
		"l'accompagne",
		"#{1} va solo: ninguna otra orden puede acompañarlo" } },
	{ PHRASE_TWICE,
	    { "#{1} stands there twice (line {0})",
		"#{1} steht zweimal da (Zeile {0})",
		"#{1} apparaît deux fois (ligne {0})",
		"#{1} aparece dos veces (línea {0})" } },
	{ PHRASE_AGAINST,
	    { "#{1} and #{2} contradict each other (line {0})",
		"#{1} und #{2} widersprechen sich (Zeile {0})",
		"#{1} et #{2} se contredisent (ligne {0})",
		"#{1} y #{2} se contradicen (línea {0})" } },
	{ PHRASE_VALUE,
	    { "\"{1}\" is not a value of {2} (line {0})",
		"\"{1}\" gibt es nicht bei {2} (Zeile {0})",
		"\"{1}\" n'est pas une valeur de {2} (ligne {0})",
		"\"{1}\" no es un valor de {2} (línea {0})" } },
	{ PHRASE_WHEN,
	    { "I do not know when \"{1}\" is (line {0}); \"3d\", \"fri "
	      "9:00\" or \"2026-08-10\" would do",
		"wann \"{1}\" ist, ist nicht klar (Zeile {0}); möglich wären "
		"\"3d\", \"fr 9:00\" oder \"2026-08-10\"",
		"\"{1}\" n'est pas une date comprise (ligne {0}) ; \"3d\", "
		"\"vendredi 9:00\" ou \"2026-08-10\" conviendraient",
		"no se entiende cuándo es \"{1}\" (línea {0}); valdrían "
		"\"3d\", \"viernes 9:00\" o \"2026-08-10\"" } },
	{ PHRASE_OVER,
	    { "\"{1}\" is over: it was {2} (line {0})",
		"\"{1}\" ist vorbei: Das war {2} (Zeile {0})",
		"\"{1}\" est passé : c'était {2} (ligne {0})",
		"\"{1}\" ya pasó: fue {2} (línea {0})" } },
	{ PHRASE_ORDER,
	    { "it would be closed before anybody asks again (line {0})",
		"es würde geschlossen, bevor nachgefragt wird (Zeile {0})",
		"il serait fermé avant toute relance (ligne {0})",
		"se cerraría antes de volver a preguntar (línea {0})" } },
	{ PHRASE_SPENT,
	    { "\"{1}\" is no time that somebody works in a day (line {0}); "
	      "\"20m\" or \"1h30m\" would do",
		"\"{1}\" ist keine Arbeitszeit eines Tages (Zeile {0}); "
		"möglich wären \"20m\" oder \"1h30m\"",
		"\"{1}\" n'est pas une durée de travail d'une journée (ligne "
		"{0}) ; \"20m\" ou \"1h30m\" conviendraient",
		"\"{1}\" no es un tiempo de trabajo de un día (línea {0}); "
		"valdrían \"20m\" o \"1h30m\"" } },
	{ PHRASE_NOBODY,
	    { "\"{1}\" is neither an agent nor a team (line {0})",
		"unter \"{1}\" gibt es hier weder eine Person noch ein Team "
		"(Zeile {0})",
		"\"{1}\" n'est ni un agent ni une équipe (ligne {0})",
		"\"{1}\" no es ni un agente ni un equipo (línea {0})" } },
	{ PHRASE_NOBODY_NEAR,
	    { "\"{1}\" is neither an agent nor a team (line {0}); is it {2}?",
		"unter \"{1}\" gibt es hier weder eine Person noch ein Team "
		"(Zeile {0}); ist {2} gemeint?",
		"\"{1}\" n'est ni un agent ni une équipe (ligne {0}) ; "
		"est-ce {2} ?",
		"\"{1}\" no es ni un agente ni un equipo (línea {0}); ¿es "
		"{2}?" } },
	{ PHRASE_SEVERAL,
	    { "\"{1}\" may be any of {2} (line {0})",
		"\"{1}\" kann jeder von diesen sein: {2} (Zeile {0})",
		"\"{1}\" peut désigner {2} (ligne {0})",
		"\"{1}\" puede ser cualquiera de {2} (línea {0})" } },
	{ PHRASE_NO_AGENT,
	    { "only an agent can have a ticket, and you are none (line {0}): "
	      "use #assign",
		"nur ein Agent kann ein Ticket haben, und Sie sind keiner "
		"(Zeile {0}): #assign hilft",
		"seul un agent peut avoir un ticket, et vous n'en êtes pas un "
		"(ligne {0}) : utilisez #assign",
		"solo un agente puede tener un ticket, y usted no lo es "
		"(línea {0}): use #assign" } },
	{ PHRASE_TEAM,
	    { "\"{1}\" is not a team (line {0}): {2}",
		"\"{1}\" ist kein Team (Zeile {0}): {2}",
		"\"{1}\" n'est pas une équipe (ligne {0}) : {2}",
		"\"{1}\" no es un equipo (línea {0}): {2}" } },
	{ PHRASE_TEAM_NEAR,
	    { "\"{1}\" is not a team (line {0}); is it {2}?",
		"\"{1}\" ist kein Team (Zeile {0}); ist {2} gemeint?",
		"\"{1}\" n'est pas une équipe (ligne {0}) ; est-ce {2} ?",
		"\"{1}\" no es un equipo (línea {0}); ¿es {2}?" } },
	{ PHRASE_NO_TEAM,
	    { "the ticket has no team whose tiers could be followed (line "
	      "{0}): use #team",
		"das Ticket hat kein Team mit Stufen (Zeile {0}): #team hilft",
		"le ticket n'a pas d'équipe dont on puisse suivre les niveaux "
		"(ligne {0}) : utilisez #team",
		"el ticket no tiene un equipo con niveles (línea {0}): use "
		"#team" } },
	{ PHRASE_NO_TIER,
	    { "team {2} has no way to a team of tier {1} (line {0}): use #team",
		"von Team {2} führt kein Weg zu einem Team der Stufe {1} "
		"(Zeile {0}): #team hilft",
		"l'équipe {2} ne mène à aucune équipe de niveau {1} (ligne "
		"{0}) : utilisez #team",
		"desde el equipo {2} no se llega a un equipo de nivel {1} "
		"(línea {0}): use #team" } },
	{ PHRASE_NEXT_TIER,
	    { "team {1} is the last of its tiers (line {0}): use #team",
		"Team {1} ist die letzte Stufe (Zeile {0}): #team hilft",
		"l'équipe {1} est le dernier niveau (ligne {0}) : utilisez "
		"#team",
		"el equipo {1} es el último nivel (línea {0}): use #team" } },
	{ PHRASE_TICKET,
	    { "\"{1}\" is no number of a ticket (line {0})",
		"\"{1}\" ist keine Ticketnummer (Zeile {0})",
		"\"{1}\" n'est pas un numéro de ticket (ligne {0})",
		"\"{1}\" no es un número de ticket (línea {0})" } },
	{ PHRASE_NO_TICKET,
	    { "there is no {1}, or it is not yours to see (line {0})",
		"{1} gibt es nicht, oder Sie dürfen es nicht sehen (Zeile {0})",
		"{1} n'existe pas, ou vous n'y avez pas accès (ligne {0})",
		"{1} no existe, o usted no puede verlo (línea {0})" } },
	{ PHRASE_ITSELF,
	    { "{1} is this ticket (line {0})",
		"{1} ist dieses Ticket (Zeile {0})",
		"{1} est ce ticket même (ligne {0})",
		"{1} es este mismo ticket (línea {0})" } },
	{ PHRASE_MERGED,
	    { "{1} is merged into {2} already (line {0})",
		"{1} ist schon in {2} aufgegangen (Zeile {0})",
		"{1} est déjà fusionné avec {2} (ligne {0})",
		"{1} ya está fusionado con {2} (línea {0})" } },
	{ PHRASE_ADDRESS,
	    { "\"{1}\" is not an address of mail (line {0})",
		"\"{1}\" ist keine Mailadresse (Zeile {0})",
		"\"{1}\" n'est pas une adresse de messagerie (ligne {0})",
		"\"{1}\" no es una dirección de correo (línea {0})" } },
	{ PHRASE_OWN,
	    { "{1} is our own address (line {0})",
		"{1} ist unsere eigene Adresse (Zeile {0})",
		"{1} est notre propre adresse (ligne {0})",
		"{1} es nuestra propia dirección (línea {0})" } },
	{ PHRASE_AGENT_CC,
	    { "{1} is an agent (line {0}); \"#watch {2}\" keeps agents "
	      "informed",
		"{1} gehört zu den Agenten (Zeile {0}); \"#watch {2}\" hält "
		"sie auf dem Laufenden",
		"{1} est un agent (ligne {0}) ; \"#watch {2}\" tient les "
		"agents au courant",
		"{1} es un agente (línea {0}); \"#watch {2}\" mantiene al "
		"corriente a los agentes" } },
	{ PHRASE_IS_REQUESTER,
	    { "{1} is the requester (line {0}); #requester names another",
		"{1} ist die anfragende Person (Zeile {0}); #requester nennt "
		"eine andere",
		"{1} est la personne qui a écrit (ligne {0}) ; #requester en "
		"désigne une autre",
		"{1} es la persona que lo pidió (línea {0}); #requester "
		"indica otra" } },
	{ PHRASE_WATCH,
	    { "\"{1}\" is not an agent (line {0}), and others do not see "
	      "notes; #cc lets somebody take part",
		"\"{1}\" ist kein Agent (Zeile {0}), und andere sehen keine "
		"Notizen; mit #cc wird jemand beteiligt",
		"\"{1}\" n'est pas un agent (ligne {0}), et les autres ne "
		"voient pas les notes ; #cc fait participer quelqu'un",
		"\"{1}\" no es un agente (línea {0}), y los demás no ven las "
		"notas; con #cc alguien participa" } },
	{ PHRASE_LANGUAGE,
	    { "\"{1}\" is not a language here (line {0}): {2}",
		"\"{1}\" ist hier keine Sprache (Zeile {0}): {2}",
		"\"{1}\" n'est pas une langue d'ici (ligne {0}) : {2}",
		"\"{1}\" no es un idioma de aquí (línea {0}): {2}" } },
	{ PHRASE_CATEGORY,
	    { "\"{1}\" is not a category (line {0}); \"network/vpn\" would "
	      "be one",
		"\"{1}\" ist keine Kategorie (Zeile {0}); \"network/vpn\" "
		"wäre eine",
		"\"{1}\" n'est pas une catégorie (ligne {0}) ; "
		"\"network/vpn\" en serait une",
		"\"{1}\" no es una categoría (línea {0}); \"network/vpn\" lo "
		"sería" } },
	{ PHRASE_TAG,
	    { "\"{1}\" is no tag (line {0}): letters, digits, \"-\", \"_\" "
	      "and \".\" are",
		"\"{1}\" ist kein Etikett (Zeile {0}): erlaubt sind "
		"Buchstaben, Ziffern, \"-\", \"_\" und \".\"",
		"\"{1}\" n'est pas une étiquette (ligne {0}) : lettres, "
		"chiffres, \"-\", \"_\" et \".\" sont permis",
		"\"{1}\" no es una etiqueta (línea {0}): se admiten letras, "
		"cifras, \"-\", \"_\" y \".\"" } },
	{ PHRASE_NEW_WHO,
	    { "#new does not say who it is for: add \"#requester "
	      "maria@example.org\"",
		"bei #new fehlt, für wen es ist: ergänzen Sie \"#requester "
		"maria@example.org\"",
		"#new ne dit pas pour qui : ajoutez \"#requester "
		"maria@example.org\"",
		"#new no dice para quién es: añada \"#requester "
		"maria@example.org\"" } },
	{ PHRASE_ONLY_NEW,
	    { "#{1} goes only with #new (line {0})",
		"#{1} geht nur zusammen mit #new (Zeile {0})",
		"#{1} ne va qu'avec #new (ligne {0})",
		"#{1} solo va con #new (línea {0})" } },
	{ PHRASE_CONFIRM,
	    { "#{1} is done only when you confirm it",
		"#{1} wird erst ausgeführt, wenn Sie es bestätigen",
		"#{1} n'est exécuté que si vous le confirmez",
		"#{1} solo se ejecuta si usted lo confirma" } },
	{ PHRASE_MIDDLE,
	    { "\"{1}\" stands in the middle of your text (line {0})",
		"\"{1}\" steht mitten in Ihrem Text (Zeile {0})",
		"\"{1}\" se trouve au milieu de votre texte (ligne {0})",
		"\"{1}\" está en medio de su texto (línea {0})" } },
	{ PHRASE_COMMANDS_OFF,
	    { "commands are switched off here (line {0})",
		"Befehle sind hier abgeschaltet (Zeile {0})",
		"les commandes sont désactivées ici (ligne {0})",
		"aquí las órdenes están desactivadas (línea {0})" } },
	{ PHRASE_COMMANDS_LEADS,
	    { "only those who lead a team give commands here (line {0})",
		"hier geben nur Leitungen von Teams Befehle (Zeile {0})",
		"seuls les responsables d'équipe donnent des commandes ici "
		"(ligne {0})",
		"aquí solo dan órdenes quienes dirigen un equipo (línea "
		"{0})" } },
	{ PHRASE_EMPTY,
	    { "there is neither text nor a command in it",
		"sie enthält weder Text noch einen Befehl",
		"il ne contient ni texte ni commande",
		"no contiene ni texto ni órdenes" } },
	{ PHRASE_TEXT_BELOW,
	    { "{1} stands alone in a mail, but there is text below it",
		"{1} steht allein in einer Mail, aber darunter ist Text",
		"{1} s'emploie seul dans un message, mais il est suivi de "
		"texte",
		"{1} va solo en un correo, pero debajo hay texto" } },
	{ PHRASE_NO_REQUESTER,
	    { "the ticket has no requester who could be answered; "
	      "#requester names one",
		"das Ticket hat keine anfragende Person, der geantwortet "
		"werden könnte; #requester nennt eine",
		"le ticket n'a personne à qui répondre ; #requester désigne "
		"quelqu'un",
		"el ticket no tiene a quién responder; #requester indica a "
		"alguien" } },
	{ PHRASE_WROTE_SINCE,
	    { "somebody wrote since", "inzwischen hat jemand geschrieben",
		"quelqu'un a écrit entre-temps",
		"mientras tanto alguien ha escrito" } },
	{ PHRASE_MANY_CLOSED,
	    { "more than 5 tickets were closed in a minute",
		"in einer Minute wurden mehr als 5 Tickets geschlossen",
		"plus de 5 tickets ont été fermés en une minute",
		"se cerraron más de 5 tickets en un minuto" } },
	{ PHRASE_MANY_ACTED,
	    { "more than 60 mails of yours acted in an hour",
		"in einer Stunde haben mehr als 60 Mails von Ihnen etwas "
		"bewirkt",
		"plus de 60 de vos messages ont agi en une heure",
		"más de 60 correos suyos han actuado en una hora" } },
	{ PHRASE_SAME_AGAIN,
	    { "these very words went twice today already",
		"genau diese Worte gingen heute schon zweimal hinaus",
		"ces mêmes mots sont déjà partis deux fois aujourd'hui",
		"estas mismas palabras ya salieron dos veces hoy" } },
	{ PHRASE_NO_VERB,
	    { "\"{1}\" is neither APPROVE nor REJECT",
		"\"{1}\" ist weder APPROVE noch REJECT",
		"\"{1}\" n'est ni APPROVE ni REJECT",
		"\"{1}\" no es ni APPROVE ni REJECT" } },
};
const size_t phrase_problems_n = sizeof(phrase_problems) /
    sizeof(phrase_problems[0]);
