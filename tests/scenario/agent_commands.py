#!/usr/bin/env python3
"""Words that steer: agents' commands by mail, what is asked back, one tap.

Nothing of a command ever reaches the requester; what is not understood is
held, changes nothing, and is asked."""
# time limit: 300
import re
import time

import clients
from lab import Lab, main, note, ok, same
from office import (LEO, MARIA, PEOPLE, SUPPORT, Got, Office, first, flat,
                    leaks, links, reply, spoken)

ANA, BOB, DIETER = (PEOPLE[n][1] for n in ("ana", "bob", "dieter"))
QUESTION = "My VPN says \"no route to host\". Please help.\n"


class Desk(Office):
    """Tickets of Maria's that are Ana's; each test asks one question."""

    def begin(self, subject="VPN", who=MARIA, **more):
        """A ticket; Ana's letter about it."""
        number = self.ask(who, subject, QUESTION, **more)
        self.fresh(who[1])
        return number, self.letter(ANA, "assigned", number)

    def told(self, who=MARIA):
        """What the requester read since."""
        out = self.fresh(who[1])
        for got in out:
            same(leaks(got.data), [], "nothing of the inside to %s" % who[1])
        return out


def plain_words():
    """What each word does, alone and with text."""
    with Lab() as lab:
        o = Desk(lab)
        for text, to_her, status, owner in (
                ("Please restart it.", "Please restart it.", "waiting", "ana"),
                ("#note\nCall Bob, he knows.", None, "in-progress", "ana"),
                ("#note Call Bob, he knows.", None, "in-progress", "ana"),
                ("#take", None, "in-progress", "ana"),
                ("#wait 3d", None, "waiting", "ana"),
                ("#wait 3d\n\nAny news from you?", "Any news from you?",
                 "waiting", "ana"),
                ("#hold 2d waits for Acme", None, "on-hold", "ana"),
                ("#assign bob", None, None, "bob"),
                ("#assign: “bob”", None, None, "bob"),
                ("#assign @bob", None, None, "bob"),
                ("#drop", None, "open", None),
                ("#priority high\n#tag vpn urgent", None, None, "ana"),
                ("#close", None, "closed", "ana"),
                ("#Close.", None, "closed", "ana"),
                ("# close", None, "closed", "ana"),
                ("＃close", None, "closed", "ana"),
                ("#\u200bclose", None, "closed", "ana"),
                ("/close", None, "closed", "ana"),
                ("/etc/hosts is wrong, please look.",
                 "/etc/hosts is wrong, please look.", "waiting", "ana"),
                ("#1042 is the same problem.", "#1042 is the same problem.",
                 "waiting", "ana"),
                ("It is done.\n\n#close", "It is done.", "closed", "ana"),
                ("\n\n  #take\n\nI look into it.", "I look into it.",
                 None, "ana")):
            n, letter = o.begin(text.split("\n")[0][:30])
            o.answer("ana", letter, text, "mutt", position="top")
            got, t = o.told(), o.show(n)
            label = repr(text)
            same([spoken(g) for g in got], [to_her] if to_her else [],
                 "%s: what she reads" % label)
            if status:
                same(t["status"], status, "%s: status" % label)
            same(t["assignee"] or None, owner, "%s: owner" % label)
            if not same(len(o.held()), 0, "%s: not held" % label):
                note(o.held())
                o.desk.run("held", "drop", o.held()[0]["id"])


def fields():
    """Commands change what they name, all of one mail or nothing."""
    with Lab() as lab:
        o = Desk(lab)
        n, letter = o.begin()
        o.answer("ana", letter, "#priority low\n#tag one two\n#category "
                 "network/vpn\n#type request\n#subject VPN in Lisbon\n#note\n"
                 "He is in Lisbon.", "outlook")
        t = o.show(n)
        same((t["priority"], sorted(t["tags"]), t["category"], t["type"],
              t["subject"]), ("low", ["one", "two"], "network/vpn", "request",
                              "VPN in Lisbon"), "five changes by one mail")
        same([(m["direction"], m["text"].strip()) for m in t["messages"]][-1],
             ("note", "He is in Lisbon."), "and a note")
        same(o.told(), [], "she hears nothing of it")
        receipt = o.letter(ANA, "receipt", n)
        ok(receipt is not None, "several commands at once: a receipt")
        # One of them is wrong: none is carried out.
        o.answer("ana", letter, "#priority high\n#assign nobody-we-know",
                 "gmail")
        t = o.show(n)
        same((t["priority"], t["assignee"], len(o.held())), ("low", "ana", 1),
             "one wrong value: none of them is done, the mail is held")
        why = [e["why"] for e in t["events"] if e["what"] == "priority"]
        ok(any("ana" in w for w in why), "the why names her: %s" % why)


ALIASES = (
    ("#erledigt", "resolved"), ("#gelöst", "resolved"), ("#solved", "resolved"),
    ("#résolu", "resolved"), ("#resuelto", "resolved"), ("#done", "resolved"),
    ("#fermer", "closed"), ("#cerrar", "closed"), ("#schließen", "closed"),
    ("#warten 3d", "waiting"), ("#attendre 3d", "waiting"),
    ("#esperar 3d", "waiting"), ("#pending", "waiting"),
    ("#Erledigt.", "resolved"), ("#RÉSOLU", "resolved"))


def four_languages():
    with Lab() as lab:
        o = Desk(lab)
        for i, (word, status) in enumerate(ALIASES):
            n, letter = o.begin("Alias %d" % i)
            o.answer("ana", letter, word, "iphone")
            same(o.show(n)["status"], status, word)
        for word in ("#Notiz", "#interne", "#nota", "#internal"):
            n, letter = o.begin("Note %s" % word[1:])
            o.answer("ana", letter, word + "\nIntern, intern.", "k9")
            same((o.show(n)["messages"][-1]["direction"], o.told()),
                 ("note", []), word)
        n, letter = o.begin("Hoch")
        o.answer("ana", letter, "#Priorität hoch", "gmail-app")
        same(o.show(n)["priority"], "high", "#Priorität hoch")
        for word in ("#zuweisen bob", "#assigner bob", "#asignar bob",
                     "#owner bob"):
            n, letter = o.begin("To Bob %s" % word[1:4])
            o.answer("ana", letter, word, "owa")
            if o.show(n)["assignee"] != "bob" and o.held():
                note(o.held()[-1])
            same(o.show(n)["assignee"], "bob", word)


def resolved():
    """One mail with the text and how to confirm; a lone word sends it, too."""
    with Lab() as lab:
        o = Desk(lab)
        n, letter = o.begin()
        o.answer("ana", letter, "#resolve\nThe old profile was broken. You "
                 "have a new one now.", "gmail")
        got = o.told()
        if same(len(got), 1, "one mail"):
            text = flat("\n".join(got[0].lines()))
            ok("The old profile was broken. You have a new one now." in text,
               "with what solved it")
            ok("reply to this mail and it is open again" in text,
               "and how to open it again")
            same(str(got[0].mail["Auto-Submitted"]), "auto-generated" if
                 "auto-generated" in str(got[0].mail["Auto-Submitted"])
                 else "None", "marked")
        same(o.state(n), ("resolved", "ana"), "resolved")
        data = None
        for name, to, subject, body in links(got[0]):
            if "works" in body:
                same(to.lower(), SUPPORT, "the link needs no token")
                data = first(MARIA, subject, body + "\n\nSent from my iPhone\n",
                             In_Reply_To=got[0].id)
        if ok(data is not None, "there is a tap for \"it works\""):
            o.put(data)
            same(o.show(n)["status"], "closed", "one tap closes it")
        n, letter = o.begin("Lone")
        o.answer("ana", letter, "#resolve", "outlook-mobile")
        got = o.told()
        same((len(got), o.show(n)["status"]), (1, "resolved"),
             "a lone #resolve: she is told that it is solved")
        o.put(reply("yahoo", got[0], "No, it is not, it fails again!", MARIA))
        same(o.show(n)["status"], "in-progress", "she opens it again")
        ok(o.letter(ANA, "answered", n) is not None, "Ana is told")


TYPOS = (("#noet", "note"), ("#cloes", "close"), ("#reslove", "resolve"),
         ("#hlep", "help"), ("/noet", "note"), ("#Notw", "note"),
         ("#asign bob", "assign"), ("#priorty high", "priority"))


def unknown():
    """A typo sends nothing and changes nothing; one tap says what it was."""
    with Lab() as lab:
        o = Desk(lab)
        for word, meant in TYPOS:
            n, letter = o.begin("Typo " + word[1:])
            before = o.show(n)
            o.answer("ana", letter, word + "\nCall Bob, canary-word.", "iphone")
            after = o.show(n)
            same([(after[k] == before[k]) for k in (
                "status", "assignee", "priority", "tags")], [True] * 4,
                "%s changes nothing" % word)
            same(o.told(), [], "%s sends nothing" % word)
            q = o.letter(ANA, "held.command", n)
            if not ok(q is not None, "%s is asked" % word):
                continue
            text = flat("\n".join(q.lines()))
            ok("#" + meant in text, "%s: did you mean %s?" % (word, meant))
            ok("canary-word" in text, "%s: the text is kept" % word)
            ok("[EX-" in q.subject and q.mail["In-Reply-To"],
               "%s: in the same thread" % word)
        for text in ("#close the ticket please", "#WeAreHiring",
                     "# Heading in Markdown\nmore", "#assign",
                     "#wait sometime\nText", "#priority urgentissimo",
                     "#resolve 5\nText", "#kb vpn-reset", "#canned hello",
                     "#remind fri", "#broadcast\nAll", "#tier 4\nPlease",
                     "Hello\n#close\nand goodbye", "#merge 999999",
                     "#cc not-an-address\nText"):
            n, letter = o.begin("Odd")
            before = len(o.held())
            o.answer("ana", letter, text, "thunderbird-text", position="top")
            same((o.told(), len(o.held()) - before, o.show(n)["status"]),
                 ([], 1, letter and "open" if False else
                  o.show(n)["status"]), "held: %r" % text)
            ok(o.show(n)["status"] in ("open", "in-progress"),
               "unchanged: %r" % text)


def one_tap():
    """note, send, drop: by the links of the question."""
    with Lab() as lab:
        o = Desk(lab)
        for label, verb, hers, direction in (
                ("note", "note", [], "note"),
                ("send", "send", ["#noet\nCall Bob."], "out"),
                ("drop", "drop", [], None)):
            n, letter = o.begin("Tap " + label)
            o.answer("ana", letter, "#noet\nCall Bob.", "outlook")
            q = o.letter(ANA, "held.command", n)
            link = [x for x in links(q) if re.search(
                r"#do \S+ %s" % verb, x[3])]
            if not same(len(link), 1, "one link for %s" % verb):
                note(links(q))
                continue
            o.tap("ana", q, r"#do \S+ %s" % verb)
            same(len(o.held()), 0, "%s: it waits no more" % verb)
            # The agent chose to send a word of hers as text.
            same([flat(spoken(g)) for g in o.fresh(MARIA[1])],
                 [flat(h) for h in hers], "%s: what the requester reads" % verb)
            last = o.show(n)["messages"][-1]
            if direction:
                same(last["direction"], direction, "%s: kept as that" % verb)
                ok("Call Bob." in last["text"], "%s: the words" % verb)
            else:
                ok("Call Bob." not in last["text"], "thrown away")
            # The same tap again changes nothing.
            count = len(o.show(n)["messages"])
            o.tap("ana", q, r"#do \S+ %s" % verb)
            same(o.fresh(MARIA[1]), [], "%s twice: nothing leaves" % verb)
            same(o.show(n)["status"], "waiting" if verb == "send" else
                 o.show(n)["status"], "%s twice: as it was" % verb)
        n, letter = o.begin("Every tap")
        for label, status in (("Wait 3 days", "waiting"),
                              ("Resolve", "resolved")):
            o.tap("ana", letter, "^" + label)
            same(o.show(n)["status"], status, "the button %r" % label)
        n, letter = o.begin("Give it away")
        o.tap("ana", letter, "Give to")
        same(o.show(n)["assignee"], "bob", "the button for a colleague")
        ok(o.letter(BOB, "handed", n) is not None, "Bob gets all of it")
        ok(o.letter(ANA, "gone", n) is not None, "Ana gets a line")


def stale():
    """Somebody wrote since: held, asked, sent by one tap as it was."""
    with Lab() as lab:
        o = Desk(lab)
        n, letter = o.begin()
        ack = o.box(MARIA[1])[-1]
        o.put(reply("gmail", ack, "Back again after a restart, by cable.",
                    MARIA))
        o.answer("ana", letter, "Please restart it.", "apple")
        same(o.told(), [], "nothing leaves")
        q = o.letter(ANA, "held.stale", n)
        if ok(q is not None, "she is asked"):
            text = flat("\n".join(q.lines()))
            ok("by cable" in text and "Please restart it." in text,
               "with what came since, and with what she wrote")
            o.tap("ana", q, r"#do \S+ send")
            same([spoken(g) for g in o.told()], ["Please restart it."],
                 "one tap sends it")
            same(o.show(n)["status"], "waiting", "it waits for her now")
        # A note passes, an answer to the newer letter, too.
        n, letter = o.begin("Second")
        o.put(reply("gmail", o.letter(MARIA[1], ticket=n), "More words.",
                    MARIA))
        o.answer("ana", letter, "#note\nShe is in a hurry.", "apple")
        same((o.show(n)["messages"][-1]["direction"], o.told()), ("note", []),
             "a note is never stale")
        newer = o.letter(ANA, "answered", n)
        o.answer("ana", newer, "Right away.", "apple")
        same([spoken(g) for g in o.told()], ["Right away."],
             "the newest letter is answered as ever: her own note is no news")
        # The new answer replaces the held one.
        n, letter = o.begin("Third")
        o.put(reply("gmail", o.letter(MARIA[1], ticket=n), "Still here.",
                    MARIA))
        o.answer("ana", letter, "#resolve\nSolved it.", "outlook")
        q = o.letter(ANA, "held.stale", n)
        same(o.show(n)["status"] != "resolved", True, "nor is it resolved")
        if ok(q is not None, "asked"):
            o.answer("ana", q, "I see, one moment.", "outlook")
            same([spoken(g) for g in o.told()], ["I see, one moment."],
                 "an answer to the question goes in its place")
            same([h for h in o.held() if h["ticket"] == n], [],
                 "and the held one waits no more")


def undo():
    """Within send-delay an answer never leaves; other acts are taken back."""
    with Lab() as lab:
        o = Desk(lab)
        o.desk.write_conf(o.desk.text.replace("send-delay 0s",
                                              "send-delay 1h"))
        n, letter = o.begin()
        o.answer("ana", letter, "Please restart it.", "gmail")
        same(o.told(), [], "it lies in the outbox")
        rows = [r for r in o.desk.json("outbox", "list")["rows"]
                if r["recipient"] == MARIA[1]]
        same(len(rows), 1, "where it can be seen")
        o.answer("ana", letter, "#undo", "iphone")
        rows = [r for r in o.desk.json("outbox", "list")["rows"]
                if r["recipient"] == MARIA[1]]
        same((rows, o.told()), ([], []), "#undo: it never leaves")
        ok(o.letter(ANA, "receipt", n) is not None, "she is told so")
        same(o.show(n)["status"], "open", "the ticket is as it was")
        o.answer("ana", letter, "#assign bob\n#priority high", "gmail")
        same((o.show(n)["assignee"], o.show(n)["priority"]), ("bob", "high"),
             "two changes")
        receipt = o.letter(ANA, "receipt", n)
        if ok(any("#undo" in x[3] for x in links(receipt)), "with an undo"):
            o.tap("ana", receipt, "#undo")
        same((o.show(n)["assignee"], o.show(n)["priority"]),
             ("ana", "normal"), "one tap takes both back")


def asking():
    """#why, #show, #find, #help answer by mail and change nothing."""
    with Lab() as lab:
        o = Desk(lab)
        n, letter = o.begin("Rare zebra printer")
        o.answer("ana", letter, "#note\nThe toner is magenta.", "gmail")
        before = o.show(n)
        for text, wanted in (("#why", "rule hers"), ("#show", "magenta"),
                             ("#find zebra", "Rare zebra printer"),
                             ("#help", "#resolve"), ("#help wait", "#wait 3d"),
                             ("#history", "magenta")):
            o.fresh(ANA)
            o.answer("ana", letter, text, "outlook-mobile")
            got = o.fresh(ANA)
            if not same(len(got), 1, "%s: one answer" % text):
                note(o.held())
                continue
            ok(wanted in "\n".join(got[0].lines()), "%s says %r" % (
                text, wanted))
            ok(got[0].subject.startswith("[EX-"), "%s: the same thread" % text)
        same(o.told(), [], "the requester hears nothing")
        after = o.show(n)
        same([before[k] == after[k] for k in ("status", "assignee", "priority",
                                              "tags")], [True] * 4,
             "and nothing changed")
        help_text = "\n".join(o.letter(ANA, "answer", n).lines())
        same([w for w in ("#kb", "#canned", "#broadcast", "#remind")
              if w in help_text], [], "what is not built is not promised")


def merged():
    """Merge, split, apart again; Cc people come and go."""
    with Lab() as lab:
        o = Desk(lab)
        one, l1 = o.begin("VPN down")
        two, l2 = o.begin("VPN still down")
        o.desk.execute("UPDATE evidence SET time = time")  # it exists
        o.answer("ana", l2, "#merge %s" % str(one).rpartition("-")[2], "gmail")
        challenge = o.letter(ANA, "held.challenge", two)
        if ok(challenge is not None, "without a border server it is asked"):
            o.tap("ana", challenge, "approve|yes, it is mine")
        t = o.show(two)
        ok(any(x["kind"] == "merged-into" for x in t["links"]),
           "merged: %s" % t["links"])
        got = o.told()
        same(len(got), 1, "she is told once where it goes on")
        if got:
            ok(str(one).rpartition("-")[2] in "\n".join(got[0].lines()),
               "in the other ticket")
        # What is said in the old conversation lands in the survivor.
        o.put(reply("apple", o.letter(MARIA[1], ticket=two), "It is me again.",
                    MARIA))
        ok(any("It is me again." in m["text"] for m in
               o.show(one)["messages"]), "her answer lands in the survivor")
        late = o.letter(ANA, "answered", one)
        o.answer("ana", late, "We are on it.", "thunderbird")
        same([spoken(g) for g in o.told()], ["We are on it."],
             "and is answered from there")
        p = o.desk.run("unmerge", two, check=False)
        same(p.returncode, 0, "deskd unmerge: %s" % p.stderr.decode())
        ok(not any(x["kind"] == "merged-into" for x in o.show(two)["links"]),
           "apart again")
        # Cc.
        three, l3 = o.begin("With a colleague")
        o.answer("ana", l3, "#cc leo@kunde.example\nWe look into it.", "gmail")
        challenge = o.letter(ANA, "held.challenge", three)
        if challenge is not None:
            o.tap("ana", challenge, "approve|yes, it is mine")
        same([spoken(g) for g in o.fresh(LEO[1])], ["We look into it."],
             "#cc: the colleague gets the answer, too")
        same(len(o.told()), 1, "and she hers")


def stacked():
    """Commands as phones and programs leave them, in ten of them."""
    with Lab() as lab:
        o = Desk(lab)
        for name in ("outlook", "owa", "outlook-mobile", "gmail", "apple",
                     "iphone", "thunderbird", "k9", "yahoo", "samsung",
                     "notes", "html-only", "mutt", "evolution"):
            n, letter = o.begin("Stack " + name)
            o.answer("ana", letter,
                     "#Priority: High\n\n#assign bob.\n\nPlease restart it.",
                     name, position=clients.CLIENTS[name].positions[0])
            t = o.show(n)
            same((t["priority"], t["assignee"], [spoken(g) for g in o.told()]),
                 ("high", "bob", ["Please restart it."]), name)


if __name__ == "__main__":
    main(plain_words, fields, four_languages, resolved, unknown, one_tap,
         stale, undo, asking, merged, stacked)
