#!/usr/bin/env python3
"""What deskd itself says to agents, in the language of each; the record, the
log and the command line stay English."""
# time limit: 120
from lab import Lab, main, note, ok, same
from office import MARIA, Office

PEOPLE = {"ana": ("Ana Silva", "ana@example.com"),
          "bob": ("Bob Weber", "bob@example.com"),
          "chloe": ("Chloe Petit", "chloe@example.com"),
          "diego": ("Diego Ruiz", "diego@example.com")}
STAFF = """
agent ana "Ana Silva" { email ana@example.com; language de }
agent bob "Bob Weber" { email bob@example.com }
agent chloe "Chloe Petit" { email chloe@example.com; language fr }
agent diego "Diego Ruiz" { email diego@example.com; language es }
team servicedesk "Service Desk" {
    tier 1; members ana bob chloe diego; lead bob; assign nobody
}
rule hers "Everything is somebody's" {
    when subject /%s/
    assign agent %s
}
"""

# What is typed; the event of the answer; what stands in it, by language.
WORDS = (
    ("#noet\nHallo", "held.command", {
        "ana": "ist nicht gesendet: \"#noet\" ist unbekannt (Zeile 1)",
        "bob": "because I do not know \"#noet\" (line 1)",
        "chloe": "\"#noet\" n'est pas une commande connue (ligne 1)",
        "diego": "\"#noet\" no es una orden conocida (línea 1)"}),
    ("Hallo\n\n#close\n\nund mehr", "held.command", {
        "ana": "\"#close\" steht mitten in Ihrem Text (Zeile 3)",
        "bob": "\"#close\" stands in the middle of your text (line 3)",
        "chloe": "\"#close\" se trouve au milieu de votre texte (ligne 3)",
        "diego": "\"#close\" está en medio de su texto (línea 3)"}),
    ("#priority high\n#tag vpn", "receipt", {
        "ana": "Erledigt: Priorität hoch; Etikett vpn.",
        "bob": "Done: priority high; tag vpn.",
        "chloe": "Fait : priorité haute ; étiquette vpn.",
        "diego": "Hecho: prioridad alta; etiqueta vpn."}),
    ("#undo", "receipt", {
        "ana": "Erledigt: zurückgenommen",
        "bob": "Done: taken back",
        "chloe": "Fait : annulé",
        "diego": "Hecho: deshecho"}),
    ("#find nowhere-to-be-found", "answer", {
        "ana": "es fand sich nichts, was Sie sehen dürfen",
        "bob": "nothing was found that you may see",
        "chloe": "rien n'a été trouvé que vous puissiez voir",
        "diego": "no se ha encontrado nada que usted pueda ver"}),
    ("#why", "answer", {
        "ana": "Regel hers (", "bob": "rule hers (",
        "chloe": "règle hers (", "diego": "regla hers ("}),
    ("#help", "answer", {
        "ana": "#warten, #wait [wann]",
        "bob": "#wait [when]",
        "chloe": "#attendre, #wait [quand]",
        "diego": "#esperar, #wait [cuándo]"}),
)


def told(o, who, letter, text, event, wanted):
    address = PEOPLE[who][1]
    o.fresh(address)
    o.answer(PEOPLE[who], letter, text, "outlook-mobile")
    got = [g for g in o.fresh(address)
           if str(g.mail["X-Deskd-Event"]) == event]
    if not same(len(got), 1, "%s, %r: a letter" % (who, text[:20])):
        note([g.text for g in o.box(address)][-1:])
        return
    read = got[0].text
    ok(" ".join(wanted.split()) in " ".join(read.split()),
       "%s reads %r" % (who, wanted))


def languages():
    for who in PEOPLE:
        with Lab() as lab:
            o = Office(lab, people=STAFF % ("VPN", who))
            n = o.ask(MARIA, "VPN", "It says \"no route to host\".\n")
            letter = o.letter(PEOPLE[who][1], "assigned", n)
            if not ok(letter is not None, "%s has the ticket" % who):
                continue
            same({"ana": "Regel hers (", "bob": "rule hers (",
                  "chloe": "règle hers (", "diego": "regla hers ("}[who]
                 in letter.text, True, "%s: why it is his" % who)
            for text, event, by in WORDS:
                told(o, who, letter, text, event, by[who])
            same({h["problem"] for h in o.held()},
                 {"I do not know \"#noet\" (line 1)",
                  "\"#close\" stands in the middle of your text (line 3)"},
                 "%s: the record is English" % who)


if __name__ == "__main__":
    main(languages)
