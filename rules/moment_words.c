/*
 * Words of days and times in English, German, French and Spanish, folded: no
 * capitals, no accents, "ss" for the sharp s; also as they are typed without
 * umlauts.
 */
#include "rules/moment_words.h"

#include "parser/ascii.h"

static const struct row {
	enum moment_word kind;
	int value;
	const char *words;
} rows[] = {
	{ MOMENT_DAY, 0, "today heute aujourd'hui hoy" },
	{ MOMENT_DAY, 1, "tomorrow tomorow tmrw tmw morgen demain manana" },
	{ MOMENT_DAY, 2, "ubermorgen uebermorgen apres-demain" },

	{ MOMENT_WEEKDAY, 0, "monday mon montag mo lundi lun lunes" },
	{ MOMENT_WEEKDAY, 1,
	    "tuesday tue tues dienstag di die mardi mar martes" },
	{ MOMENT_WEEKDAY, 2,
	    "wednesday wed mittwoch mi mit mercredi mer miercoles mie" },
	{ MOMENT_WEEKDAY, 3,
	    "thursday thu thur thurs donnerstag do don jeudi jeu jueves "
	    "jue" },
	{ MOMENT_WEEKDAY, 4,
	    "friday fri freitag fr fre vendredi ven viernes vie" },
	{ MOMENT_WEEKDAY, 5,
	    "saturday sat samstag sa sam sonnabend samedi sabado sab" },
	{ MOMENT_WEEKDAY, 6,
	    "sunday sun sonntag so son dimanche dim domingo "
	    "dom" },

	{ MOMENT_MONTH, 1, "january jan januar janvier janv enero ene" },
	{ MOMENT_MONTH, 2, "february feb februar fevrier fevr fev febrero" },
	{ MOMENT_MONTH, 3, "march mar marz maerz mrz mars marzo" },
	{ MOMENT_MONTH, 4, "april apr avril avr abril abr" },
	{ MOMENT_MONTH, 5, "may mai mayo" },
	{ MOMENT_MONTH, 6, "june jun juni juin junio" },
	{ MOMENT_MONTH, 7, "july jul juli juillet juil julio" },
	{ MOMENT_MONTH, 8, "august aug aout agosto ago" },
	{ MOMENT_MONTH, 9,
	    "september sept sep septembre septiembre setiembre" },
	{ MOMENT_MONTH, 10, "october oct oktober okt octobre octubre" },
	{ MOMENT_MONTH, 11, "november nov novembre noviembre" },
	{ MOMENT_MONTH, 12,
	    "december dec dezember dez decembre diciembre dic" },

	{ MOMENT_UNIT, 60, "m min mins minute minutes minuten minuto minutos" },
	{ MOMENT_UNIT, 3600,
	    "h hr hrs hour hours std stunde stunden heure heures hora "
	    "horas" },
	{ MOMENT_UNIT, MOMENT_A_DAY,
	    "d day days t tag tage tagen j jour jours dia dias" },
	{ MOMENT_UNIT, MOMENT_A_WEEK,
	    "w wk week weeks woche wochen semaine semaines sem semana "
	    "semanas" },
	{ MOMENT_UNIT, MOMENT_A_MONTH,
	    "month months monat monate monaten mois mes meses" },

	{ MOMENT_NUMBER, 1, "a an one ein eine einen einem einer un une una" },
	{ MOMENT_NUMBER, 2, "two zwei deux dos" },
	{ MOMENT_NUMBER, 3, "three drei trois tres" },
	{ MOMENT_NUMBER, 4, "four vier quatre cuatro" },
	{ MOMENT_NUMBER, 5, "five funf fuenf cinq cinco" },

	{ MOMENT_CLOCK, 8 * 60,
	    "morning morgen morgens fruh frueh vormittag matin manana" },
	{ MOMENT_CLOCK, 12 * 60, "noon midday mittag mittags midi mediodia" },
	{ MOMENT_CLOCK, 14 * 60,
	    "afternoon nachmittag nachmittags apres-midi tarde" },
	{ MOMENT_CLOCK, 18 * 60, "evening abend abends soir noche" },

	{ MOMENT_HALF, 0, "am" },
	{ MOMENT_HALF, 12, "pm" },

	{ MOMENT_NEXT, 0,
	    "next nachste nachsten nachster nachstes naechste naechsten "
	    "naechster naechstes kommende kommenden kommender kommendes "
	    "prochain prochaine proximo proxima siguiente viene" },

	{ MOMENT_AT, 0, "at um gegen a vers las" },
	{ MOMENT_HOUR, 0, "uhr o'clock heures horas" },
	{ MOMENT_IN, 0, "in for fur fuer dans pour en por" },
	{ MOMENT_FILLER, 0,
	    "on until till by bis am zum den dem der die das le la el los "
	    "this diesen ce au jusqu'a jusqu'au hasta para que por de" },
};

bool
moment_word(enum moment_word kind, const char *folded, int *value)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].kind == kind &&
		    ascii_listed(rows[i].words, folded)) {
			*value = rows[i].value;
			return true;
		}
	return false;
}
