#!/usr/bin/env python3
"""Words that steer: agents' commands by mail, what is asked back, one tap.

Nothing of a command ever reaches the requester; what is not understood is
held, changes nothing, and is asked."""
# time limit: 300
import re

import clients
from lab import Lab, main, note, ok, same
from office import (LEO, MARIA, PEOPLE, SUPPORT, Crowd, Office, first, flat,
                    leaks, links, reply, spoken)

# Who writes often and at once is taken for a robot: each her own matter.
PIA, KIM = ("Pia", "pia@kunde.example"), ("Kim", "kim@kunde.example")
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


# More than a few words: the question quotes them, and yet they are hers.
LONG = ("Call Bob. That version is three years old, somebody must have "
        "forgotten her.")
# What is typed, what the requester reads, status, owner (OWN: who had it).
OWN = "own"
WORDS = (
    ("Please restart it.", "Please restart it.", "waiting", OWN),
    ("#note\nCall Bob, he knows.", None, "open", OWN),
    ("#note Call Bob, he knows.", None, "open", OWN),
    ("#take", None, "in-progress", OWN),
    ("#wait 3d", None, "waiting", OWN),
    ("#wait 3d\n\nAny news from you?", "Any news from you?", "waiting", OWN),
    ("#hold 2d waits for Acme", None, "on-hold", OWN),
    ("#assign bob", None, "open", "bob"),
    ("#assign: “bob”", None, "open", "bob"),
    ("#assign @bob", None, "open", "bob"),
    ("#assign bob@example.com", None, "open", "bob"),
    ("#drop", None, "open", None),
    ("#team network", None, "open", None),
    ("#close", None, "closed", OWN),
    ("#Close.", None, "closed", OWN),
    ("# close", None, "closed", OWN),
    ("＃close", None, "closed", OWN),
    ("#\u200bclose", None, "closed", OWN),
    ("#close\u00a0", None, "closed", OWN),
    ("/close", None, "closed", OWN),
    ("/etc/hosts is wrong, please look.", "/etc/hosts is wrong, please look.",
     "waiting", OWN),
    ("#1042 is the same problem.", "#1042 is the same problem.", "waiting",
     OWN),
    ("It is done.\n\n#close", "It is done.", "closed", OWN),
    ("\n\n  #take\n\nI look into it.", "I look into it.", None, OWN),
    ("#solved", "", "resolved", OWN), ("#done", "", "resolved", OWN),
    ("#erledigt", "", "resolved", OWN), ("#gelöst", "", "resolved", OWN),
    ("#Erledigt.", "", "resolved", OWN), ("#résolu", "", "resolved", OWN),
    ("#RÉSOLU", "", "resolved", OWN), ("#resuelto", "", "resolved", OWN),
    ("#schließen", None, "closed", OWN), ("#fermer", None, "closed", OWN),
    ("#cerrar", None, "closed", OWN), ("#warten 3d", None, "waiting", OWN),
    ("#attendre 3d", None, "waiting", OWN), ("#snooze 2d", None, "waiting",
                                             OWN),
    ("#esperar 3d", None, "waiting", OWN), ("#pending", None, "waiting", OWN),
    ("#Notiz\nIntern.", None, "open", OWN), ("#interne\nNon.", None, "open",
                                             OWN),
    ("#nota\nNo.", None, "open", OWN), ("#internal\nNo.", None, "open", OWN),
    ("#private\nNo.", None, "open", OWN),
    ("#zuweisen bob", None, "open", "bob"),
    ("#assigner bob", None, "open", "bob"), ("#owner bob", None, "open",
                                             "bob"))


def plain_words():
    """What each word does, alone and with text, in four languages and as
    keyboards leave it, typed into five programs."""
    names = ("mutt", "gmail", "iphone", "outlook", "owa")
    with Lab() as lab:
        o = Crowd(lab, len(WORDS))
        cases = [(w[0], names[i % len(names)]) for i, w in enumerate(WORDS)]
        for (text, to_her, status, owner), (t, hers, his) in zip(
                WORDS, o.typed(cases)):
            label = repr(text)
            if to_her == "":
                same(len(hers), 1, "%s: she is told that it is solved" % label)
            else:
                same([spoken(g) for g in hers], [to_her] if to_her else [],
                     "%s: what she reads" % label)
            same([leaks(g.data) for g in hers], [[] for g in hers],
                 "%s: nothing of the inside" % label)
            if status:
                same(t["status"], status, "%s: status" % label)
            now = t["assignee"] or None
            ok(now == owner if owner != OWN else (now or "").startswith(
                "agent"), "%s: owner %s" % (label, now))
            if "note" in label.lower() or "not" in label[:6].lower():
                same(t["messages"][-1]["direction"], "note",
                     "%s: a note" % label)
        if not same(o.held(), [], "none of them is held"):
            note("\n".join(h["reason"] for h in o.held()))


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


NOTHING = ("", "\n\n", "   ")


def nothing():
    """Neither text nor command: a quote, a signature, an empty mail."""
    names = sorted(clients.CLIENTS)
    with Lab() as lab:
        o = Crowd(lab, len(names))
        opened = o.open([QUESTION] * len(names))
        sent = o.replies([reply(
            name, got, NOTHING[i % 3], o.agent_of(got),
            [p for p in clients.CLIENTS[name].positions if p != "between"][0],
            sign="Agent Smith\nRoom 7" if clients.CLIENTS[name].signs
            else None) for i, (name, (tag, got)) in enumerate(
                zip(names, opened))])
        for i, (name, (tag, got)) in enumerate(zip(names, opened)):
            same(sent.get("r%d@kunde.example" % i, []), [],
                 "%s, nothing written: nothing leaves" % name)
            same([str(g.mail["X-Deskd-Event"]) for g in sent.get(
                got.to[0][1], [])], ["held.empty"], "%s: she is asked" % name)


ODD = ("#close the ticket please", "#WeAreHiring",
       "# Heading in Markdown\nmore", "#assign", "#wait sometime\nText",
       "#priority urgentissimo", "#resolve 5\nText", "#kb vpn-reset",
       "#canned hello", "#remind fri", "#broadcast\nAll", "#tier 4\nPlease",
       "Hello\n\n#close\n\nand goodbye", "#merge 999999",
       "#cc not-an-address\nText", "#assign nobody-we-know\n#priority high",
       "#priority high\n#foo\nText", "#do abcde send extra words\nText",
       "#problem new", "#split\nText below it", "#team nowhere")


def unknown():
    """A typo sends nothing and changes nothing; the question says what was
    meant and keeps every word."""
    names = ("iphone", "gmail", "outlook", "thunderbird-text", "apple", "k9")
    with Lab() as lab:
        o = Crowd(lab, 20)
        cases = [(w + "\nCall Bob, canary-word.", names[i % len(names)])
                 for i, (w, _) in enumerate(TYPOS)]
        cases += [(w, names[i % len(names)]) for i, w in enumerate(ODD)]
        done = o.typed(cases)
        for i, ((text, client), (t, hers, his)) in enumerate(zip(cases, done)):
            label = repr(text.partition("\n")[0])
            same(hers, [], "%s sends nothing" % label)
            same((t["status"], t["priority"], t["tags"], (t["assignee"] or "")[
                :5], [m["direction"] for m in t["messages"]
                      if m["direction"] == "note"]),
                 ("open", "normal", [], "agent", []),
                 "%s changes nothing" % label)
            q = [g for g in his if str(g.mail["X-Deskd-Event"]).startswith(
                "held.")]
            if not same(len(q), 1, "%s is asked" % label):
                note([str(g.mail["X-Deskd-Event"]) for g in his])
                continue
            read = flat("\n".join(q[0].lines()))
            ok("[EX-" in q[0].subject and q[0].mail["In-Reply-To"],
               "%s: in the same thread" % label)
            for line in text.split("\n"):
                ok(line.strip() in read, "%s: %r is kept" % (label, line))
            if i < len(TYPOS):
                ok("#" + TYPOS[i][1] in read.partition("What you wrote")[0],
                   "%s: did you mean #%s?" % (label, TYPOS[i][1]))
        same(len(o.held()), len(cases), "each is held")


def one_tap():
    """note, send, drop: by the links of the question."""
    with Lab() as lab:
        o = Desk(lab)
        for label, verb, hers, direction in (
                ("note", "note", [], "note"),
                ("send", "send", ["#noet\n" + LONG], "out"),
                ("drop", "drop", [], None)):
            n, letter = o.begin("Tap " + label)
            o.answer("ana", letter, "#noet\n" + LONG, "outlook")
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
                ok(flat(LONG) in flat(last["text"]), "%s: the words" % verb)
            elif 0:
                ok(flat(LONG) in flat(last["text"]), "%s: the words" % verb)
            else:
                ok("three years" not in last["text"], "thrown away")
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
        ok(o.letter(BOB, "assigned", n) is not None, "Bob gets all of it")
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
        n, letter = o.begin("Third", PIA)
        o.put(reply("gmail", o.letter(PIA[1], ticket=n), "Still here.",
                    PIA))
        o.answer("ana", letter, "#resolve\nSolved it.", "outlook")
        q = o.letter(ANA, "held.stale", n)
        same(o.show(n)["status"] != "resolved", True, "nor is it resolved")
        if ok(q is not None, "asked"):
            o.answer("ana", q, "I see, one moment.", "owa")
            same([spoken(g) for g in o.told(PIA)], ["I see, one moment."],
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
                if r["to"] == MARIA[1]]
        same(len(rows), 1, "where it can be seen")
        o.answer("ana", letter, "#undo", "iphone")
        rows = [r for r in o.desk.json("outbox", "list")["rows"]
                if r["to"] == MARIA[1]]
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
                             ("#help", "#resolve"), ("#help wait", "#wait"),
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
        o.answer("ana", l2, "#merge %s" % str(one).rpartition("-")[2], "gmail")
        challenge = o.letter(ANA, "held.challenge", two)
        if ok(challenge is not None, "without a border server it is asked"):
            o.tap("ana", challenge, "approve|yes, it is mine")
        same(o.show(two)["tag"], o.show(one)["tag"],
             "merged: the old number shows the survivor")
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
        o.answer("ana", late, "#unmerge", "gmail")
        same(o.show(two)["number"] == o.show(one)["number"], False,
             "#unmerge: apart again")
        o.told()
        # Cc.
        three, l3 = o.begin("With a colleague")
        o.answer("ana", l3, "#cc leo@kunde.example\nWe look into it.", "gmail")
        challenge = o.letter(ANA, "held.challenge", three)
        if challenge is not None:
            o.tap("ana", challenge, "approve|yes, it is mine")
        same([spoken(g) for g in o.fresh(LEO[1])], ["We look into it."],
             "#cc: the colleague gets the answer, too")
        same(len(o.told()), 1, "and she hers")


def say(o, letter, words, client="gmail"):
    """A mail of Ana's; what must be confirmed is, from her own address."""
    o.answer("ana", letter, words, client)
    if any(h["kind"] == "challenge" for h in o.held()):
        o.tap("ana", o.letter(ANA, "held.challenge"),
              "approve|yes, it is mine")
    for h in o.held():
        note("held: " + h["reason"])


def others():
    """The words that change who is in it, and what it is."""
    with Lab() as lab:
        o = Desk(lab)
        o.desk.write_conf(o.desk.text.replace("languages en",
                                              "languages en de"))
        n, letter = o.begin("Fields")
        for words, key, want in (
                ("#impact high\n#urgency high", "priority", "critical"),
                ("#priority matrix", "priority", "critical"),
                ("#type problem", "type", "problem"),
                ("#tag red green", "tags", ["green", "red"]),
                ("#untag red", "tags", ["green"]),
                ("#cat printer/paper", "category", "printer/paper"),
                ("#betreff Fields and more", "subject", "Fields and more"),
                ("#lang de", "language", "de"),
                ("#take", "assignee", "ana")):
            say(o, letter, words)
            got = o.show(n)[key]
            same(sorted(got) if isinstance(got, list) else got, want, words)
        same(o.told(), [], "she reads nothing of all that")
        # Escalate: the lead is told, the owner stays.
        o.fresh(DIETER)
        say(o, letter, "#escalate She waits since Monday")
        got = o.fresh(DIETER)
        if same(len(got), 1, "#escalate: the lead is told"):
            text = flat("\n".join(got[0].lines()))
            ok("She waits since Monday" in text, "why")
            ok("no route to host" in text, "and what it is about")
        same(o.show(n)["assignee"], "ana", "and she keeps it")
        # Reopen.
        say(o, letter, "#close")
        say(o, letter, "#reopen")
        same(o.show(n)["status"], "in-progress", "#close and #reopen")
        # Watchers and Cc.
        n, letter = o.begin("People", PIA)
        say(o, letter, "#watch bob")
        say(o, letter, "#cc %s" % LEO[1])
        o.fresh(BOB), o.fresh(LEO[1]), o.told(PIA)
        o.put(reply("gmail", o.letter(PIA[1], ticket=n), "More of it.",
                    PIA))
        ok(any("More of it." in g.text for g in o.fresh(BOB)),
           "#watch: Bob reads what she writes")
        newest = o.letter(ANA, "answered", n)
        say(o, newest, "I see.")
        same(([spoken(g) for g in o.told(PIA)],
              [spoken(g) for g in o.fresh(LEO[1])]), (["I see."], ["I see."]),
             "#cc: Leo reads what she is told")
        say(o, newest, "#uncc %s" % LEO[1])
        say(o, newest, "Once more.")
        same(([spoken(g) for g in o.told(PIA)], o.fresh(LEO[1])),
             (["Once more."], []), "#uncc: not any more")
        # The requester was another one.
        n, letter = o.begin("Whose")
        say(o, letter, "#requester %s" % LEO[1])
        same(o.show(n)["requester"]["address"], LEO[1], "#requester")
        o.told(), o.fresh(LEO[1])
        say(o, letter, "It is for you.")
        same(([spoken(g) for g in o.fresh(LEO[1])], o.told()),
             (["It is for you."], []), "he is answered, she is not")
        # Two matters in one ticket.
        n, letter = o.begin("Two matters", KIM)
        o.put(reply("gmail", o.letter(KIM[1], ticket=n),
                    "By the way, the printer is on fire.", KIM))
        say(o, o.letter(ANA, "answered", n), "#split")
        both = [t for t in o.desk.tickets() if "Two matters" in t["subject"]]
        if same(len(both), 2, "#split: two tickets"):
            new = o.show(max(t["number"] for t in both))
            ok("on fire" in new["messages"][0]["text"], "with her last mail")
            ok(not any("on fire" in m["text"] for m in
                       o.show(n)["messages"] if m["direction"] == "in"),
               "which is out of the old one")
            ok(any(x["kind"] == "related" for x in new["links"]), "related")
        # Along the chain: it is not hers any more.
        n, letter = o.begin("Too hard for us")
        say(o, letter, "#tier next\n#note\nToo hard for us.")
        same((o.show(n)["team"], o.state(n)), ("network", ("open", None)),
             "#tier next")
        got = o.letter(BOB, ticket=n)
        ok(got is not None and "Too hard for us." in got.text,
           "its people get it, with the note")
        o.answer("ana", letter, "#close")
        same(o.show(n)["status"], "open", "and she steers it no more")
        # A link.
        m, other = o.begin("Linked")
        say(o, other, "#link %s" % max(t["number"] for t in both))
        ok(any(x["kind"] == "related" for x in o.show(m)["links"]), "#link")
        # Spam.
        n, letter = o.begin("Casino")
        say(o, letter, "#spam")
        t = o.show(n)
        ok(t["status"] == "closed" or "spam" in t["tags"],
           "#spam: %s %s" % (t["status"], t["tags"]))
        same(o.told(), [], "the sender hears nothing")
        # Merge and take it back.
        a, l1 = o.begin("One of two")
        b, l2 = o.begin("Two of two")
        say(o, l2, "#merge %s" % str(a).rpartition("-")[2])
        same(o.show(b)["number"], o.show(a)["number"], "#merge")
        o.tap("ana", o.letter(ANA, "receipt"), "#undo")
        ok(o.show(b)["number"] != o.show(a)["number"],
           "one tap on the receipt takes it back")


def stacked():
    """Commands as phones and programs leave them, in every one of them."""
    names = sorted(clients.CLIENTS)
    with Lab() as lab:
        o = Crowd(lab, len(names))
        opened = o.open([QUESTION] * len(names))
        sent = o.replies([reply(
            name, got, ["#Priority: High\n\n#assign bob.\n\nPlease restart "
                        "it."], o.agent_of(got),
            [p for p in clients.CLIENTS[name].positions if p != "between"][0])
            for name, (tag, got) in zip(names, opened)])
        for i, (name, (tag, got)) in enumerate(zip(names, opened)):
            t = o.show(tag)
            hers = sent.get("r%d@kunde.example" % i, [])
            same((t["priority"], t["assignee"], [spoken(g) for g in hers],
                  [leaks(g.data) for g in hers]),
                 ("high", "bob", ["Please restart it."], [[]]), name)


if __name__ == "__main__":
    main(plain_words, fields, resolved, nothing, unknown, one_tap,
         stale, undo, asking, merged, others, stacked)
