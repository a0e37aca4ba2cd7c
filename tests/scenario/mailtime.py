"""The days, months and moments that mail programs write, in ten languages."""

LANGS = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "ja")

_DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira "
          "sábado domingo",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "pl": "poniedziałek wtorek środa czwartek piątek sobota niedziela",
    "sv": "måndag tisdag onsdag torsdag fredag lördag söndag",
    "ja": "月 火 水 木 金 土 日",
}
_SHORT_DAYS = {
    "en": "Mon Tue Wed Thu Fri Sat Sun",
    "de": "Mo. Di. Mi. Do. Fr. Sa. So.",
    "fr": "lun. mar. mer. jeu. ven. sam. dim.",
    "es": "lun mar mié jue vie sáb dom",
    "it": "lun mar mer gio ven sab dom",
    "pt": "seg. ter. qua. qui. sex. sáb. dom.",
    "nl": "ma di wo do vr za zo",
    "pl": "pon. wt. śr. czw. pt. sob. niedz.",
    "sv": "mån tis ons tors fre lör sön",
    "ja": "月 火 水 木 金 土 日",
}
_MONTHS = {
    "en": "January February March April May June July August September "
          "October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober "
          "November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre "
          "novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre "
          "octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre "
          "ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro "
          "outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september "
          "oktober november december",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września "
          "października listopada grudnia",
    "sv": "januari februari mars april maj juni juli augusti september oktober "
          "november december",
    "ja": "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
}
_SHORT_MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "de": "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "es": "ene feb mar abr may jun jul ago sept oct nov dic",
    "it": "gen feb mar apr mag giu lug ago set ott nov dic",
    "pt": "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
    "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "pl": "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    "sv": "jan. feb. mars apr. maj juni juli aug. sep. okt. nov. dec.",
    "ja": "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
}


def words(when, lang):
    """What the patterns below may name."""
    hour, half = when.hour % 12 or 12, "AM" if when.hour < 12 else "PM"
    return dict(
        day=_DAYS[lang].split()[when.weekday()],
        dy=_SHORT_DAYS[lang].split()[when.weekday()],
        month=_MONTHS[lang].split()[when.month - 1],
        mon=_SHORT_MONTHS[lang].split()[when.month - 1],
        d=when.day, dd="%02d" % when.day, m=when.month, mm="%02d" % when.month,
        y=when.year, yy="%02d" % (when.year % 100), h=when.hour,
        hm="%02d:%02d" % (when.hour, when.minute),
        hms="%02d:%02d:%02d" % (when.hour, when.minute, when.second),
        h12="%d:%02d %s" % (hour, when.minute, half),
        h12s="%d:%02d:%02d %s" % (hour, when.minute, when.second, half),
        hm1="%d:%02d" % (when.hour, when.minute))


GMAIL = {
    "en": "On {dy}, {mon} {d}, {y} at {h12} {name} <{addr}> wrote:",
    "de": "Am {dy}, {d}. {mon} {y} um {hm} Uhr schrieb {name} <{addr}>:",
    "fr": "Le {dy} {d} {mon} {y} à {hm}, {name} <{addr}> a écrit :",
    "es": "El {dy}, {d} {mon} {y} a las {hm1}, {name} (<{addr}>) escribió:",
    "it": "Il giorno {dy} {d} {mon} {y} alle ore {hm} {name} <{addr}> ha "
          "scritto:",
    "pt": "Em {dy}, {d} de {mon} de {y} às {hm}, {name} <{addr}> escreveu:",
    "nl": "Op {dy} {d} {mon} {y} om {hm} schreef {name} <{addr}>:",
    "pl": "{dy}, {d} {mon} {y} o {hm} {name} <{addr}> napisał(a):",
    "sv": "Den {dy} {d} {mon} {y} kl {hm} skrev {name} <{addr}>:",
    "ja": "{y}年{mon}{d}日({dy}) {hm1} {name} <{addr}>:",
}
APPLE = {
    "en": "On {d} {mon} {y}, at {hm}, {name} <{addr}> wrote:",
    "de": "Am {dd}.{mm}.{y} um {hm} schrieb {name} <{addr}>:",
    "fr": "Le {d} {mon} {y} à {hm}, {name} <{addr}> a écrit :",
    "es": "El {d} {mon} {y}, a las {hm1}, {name} <{addr}> escribió:",
    "it": "Il giorno {d} {mon} {y}, alle ore {hm}, {name} <{addr}> ha scritto:",
    "pt": "Em {d} de {mon} de {y}, à(s) {hm}, {name} <{addr}> escreveu:",
    "nl": "Op {d} {mon} {y}, om {hm} heeft {name} <{addr}> het volgende "
          "geschreven:",
    "pl": "Wiadomość napisana przez {name} <{addr}> w dniu {d} {mon} {y}, o "
          "godz. {hm}:",
    "sv": "{d} {mon} {y} kl. {hm} skrev {name} <{addr}>:",
    "ja": "{y}/{mm}/{dd} {hm1}、{name} <{addr}>のメール:",
}
THUNDERBIRD = {
    "en": "On {dd}/{mm}/{y} {hm}, {name} wrote:",
    "de": "Am {dd}.{mm}.{yy} um {hm} schrieb {name}:",
    "fr": "Le {dd}/{mm}/{y} à {hm}, {name} a écrit :",
    "es": "El {d}/{m}/{yy} a las {hm1}, {name} escribió:",
    "it": "Il {dd}/{mm}/{y} {hm}, {name} ha scritto:",
    "pt": "Em {dd}/{mm}/{y} {hm}, {name} escreveu:",
    "nl": "Op {d}-{m}-{y} om {hm} schreef {name}:",
    "pl": "W dniu {dd}.{mm}.{y} o {hm}, {name} pisze:",
    "sv": "Den {y}-{mm}-{dd} kl. {hm}, skrev {name}:",
    "ja": "On {y}/{mm}/{dd} {hm1}, {name} wrote:",
}
YAHOO = {
    "en": "On {day}, {month} {d}, {y} at {h12s} GMT, {name} <{addr}> wrote:",
    "de": "Am {day}, {d}. {month} {y} um {hms} MEZ hat {name} <{addr}> "
          "Folgendes geschrieben:",
    "fr": "Le {day} {d} {month} {y} à {hms} UTC+1, {name} <{addr}> a écrit :",
    "es": "El {day}, {d} de {month} de {y}, {hms} CET, {name} <{addr}> "
          "escribió:",
    "it": "Il {day} {d} {month} {y} alle ore {hms} CET, {name} <{addr}> ha "
          "scritto:",
    "pt": "Em {day}, {d} de {month} de {y} às {hms} BRT, {name} <{addr}> "
          "escreveu:",
    "nl": "Op {day} {d} {month} {y} om {hms} CET schreef {name} <{addr}>:",
    "pl": "W dniu {day}, {d} {month} {y} {hms} CET użytkownik {name} <{addr}> "
          "napisał:",
    "sv": "Den {day} {d} {month} {y} {hms} CET skrev {name} <{addr}>:",
    "ja": "{y}年{month}{d}日 {hm1}、{name} <{addr}>のメール:",
}
K9 = {
    "en": "On {d} {month} {y} {hms} GMT, {name} <{addr}> wrote:",
    "de": "Am {d}. {month} {y} {hms} MEZ schrieb {name} <{addr}>:",
    "fr": "Le {d} {month} {y} {hms} GMT+01:00, {name} <{addr}> a écrit :",
    "es": "El {d} de {month} de {y} {hms} CET, {name} <{addr}> escribió:",
}
PROTON = {
    "en": "On {day}, {month} {d}th, {y} at {h12}, {name} <{addr}> wrote:",
    "de": "{name} <{addr}> schrieb am {day}, {d}. {month} {y} um {hm}:",
    "fr": "Le {day} {d} {month} {y} à {hm}, {name} <{addr}> a écrit :",
}
EVOLUTION = {
    "en": "On {dy}, {y}-{mm}-{dd} at {hm} +0000, {name} wrote:",
    "de": "Am {day}, dem {dd}.{mm}.{y} um {hm} +0000 schrieb {name}:",
    "fr": "Le {day} {d} {month} {y} à {hm} +0000, {name} a écrit :",
}
ROUNDCUBE = {
    "en": "On {y}-{mm}-{dd} {hm}, {name} wrote:",
    "de": "Am {y}-{mm}-{dd} {hm}, schrieb {name}:",
    "it": "Il {y}-{mm}-{dd} {hm} {name} ha scritto:",
}
MUTT = {
    "en": "On {dy}, {mon} {dd}, {y} at {hms} +0000, {name} wrote:",
    "de": "{name} schrieb am {day}, den {dd}. {month} {y}:",
}
MUTT_STAR = {"en": "* {name} [{y}-{mm}-{dd} {hm}]:"}
GNUS = {"en": "{name} <{addr}> writes:"}
CLAWS = {"en": "On {dy}, {d} {mon} {y} {hms} +0000\n{name} <{addr}> wrote:"}
FAIR = {"en": "{mon} {d}, {y} {h12s} {name} <{addr}>:",
        "de": "{dd}.{mm}.{y} {hms} {name} <{addr}>:"}

# From, Sent, To, Subject; the separator of older programs; a subject's prefix.
LABELS = {
    "en": ("From", "Sent", "To", "Subject"),
    "de": ("Von", "Gesendet", "An", "Betreff"),
    "fr": ("De", "Envoyé", "À", "Objet"),
    "es": ("De", "Enviado", "Para", "Asunto"),
    "it": ("Da", "Inviato", "A", "Oggetto"),
    "pt": ("De", "Enviado", "Para", "Assunto"),
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp"),
    "pl": ("Od", "Wysłano", "Do", "Temat"),
    "sv": ("Från", "Skickat", "Till", "Ämne"),
    "ja": ("差出人", "送信日時", "宛先", "件名"),
}
SENT = {
    "en": "{day}, {month} {d}, {y} {h12}", "de": "{day}, {d}. {month} {y} {hm}",
    "fr": "{day} {d} {month} {y} {hm}",
    "es": "{day}, {d} de {month} de {y} {hm}",
    "it": "{day} {d} {month} {y} {hm}", "pt": "{day}, {d} de {month} de {y} "
    "{hm}", "nl": "{day} {d} {month} {y} {hm}", "pl": "{day}, {d} {month} {y} "
    "{hm}", "sv": "den {d} {month} {y} {hm}", "ja": "{y}年{month}{d}日 {hm1}",
}
ORIGINAL = {
    "en": "Original Message", "de": "Ursprüngliche Nachricht",
    "fr": "Message d'origine", "es": "Mensaje original",
    "it": "Messaggio originale", "pt": "Mensagem original",
    "nl": "Oorspronkelijk bericht", "pl": "Wiadomość oryginalna",
    "sv": "Ursprungligt meddelande", "ja": "Original Message",
}
ANSWER = {"en": "RE: ", "de": "AW: ", "fr": "RE: ", "es": "RE: ", "it": "R: ",
          "pt": "RES: ", "nl": "RE: ", "pl": "ODP: ", "sv": "SV: ",
          "ja": "RE: "}
FORWARD = {"en": "FW: ", "de": "WG: ", "fr": "TR: ", "es": "RV: ", "it": "I: ",
           "pt": "ENC: ", "nl": "FW: ", "pl": "PD: ", "sv": "VB: ",
           "ja": "FW: "}
IPHONE = {
    "en": "Sent from my iPhone", "de": "Von meinem iPhone gesendet",
    "fr": "Envoyé de mon iPhone", "es": "Enviado desde mi iPhone",
    "it": "Inviato da iPhone", "pt": "Enviado do meu iPhone",
    "nl": "Verstuurd vanaf mijn iPhone", "pl": "Wysłane z iPhone’a",
    "sv": "Skickat från min iPhone", "ja": "iPhoneから送信",
}
OUTLOOK_MOBILE = {
    "en": "Get Outlook for iOS", "de": "Outlook für iOS beziehen",
    "fr": "Obtenir Outlook pour iOS", "es": "Obtener Outlook para iOS",
    "it": "Scarica Outlook per iOS", "pt": "Obter o Outlook para iOS",
    "nl": "Outlook voor iOS downloaden", "sv": "Hämta Outlook för iOS",
}


def attribution(table, when, lang, name, addr):
    pattern = table.get(lang) or table["en"]
    return pattern.format(name=name or addr, addr=addr,
                          **words(when, lang if lang in table else "en"))
