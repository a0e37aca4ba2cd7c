#!/usr/bin/env python3
"""Fetching from servers that lie, drip, flood, hang and forget (RELIABILITY
M2 - M7, T45, T57): what can be had is had, what cannot is held with a reason,
and no process grows or hangs.

time limit: 300
"""
import hashlib
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "fake"))
from imapd import Drop, Imapd  # noqa: E402
from lab import SAN, SLOW, Lab, mail, main, note, ok, same  # noqa: E402

FAST = {"DESKD_TIMEOUT_MS": str(int(600 * SLOW))}


def mails(n):
    return [mail(subject="mail %d" % i, text="text %d\n" % i)
            for i in range(1, n + 1)]


def fetch(desk, *args, **env):
    return desk.run("fetch", "support", *(args or ("--once",)),
                    env=dict(FAST, **env), check=False)


def states(desk):
    return {r["uid"]: r["state"] for r in desk.ledger()}


def reason(desk, uid):
    return [r["reason"] for r in desk.ledger() if r["uid"] == uid][0] or ""


def good_bytes(desk, server, uids):
    for uid in uids:
        data = server.folders["INBOX"][uid]
        got = desk.sql("SELECT r.sha256, r.size FROM ledger l JOIN raw r"
                       " ON r.id = l.raw WHERE l.uid = ?", uid)
        if got != [(hashlib.sha256(data).digest(), len(data))]:
            return False
    return True


def loop_of(lab, desk, **env):
    return lab.loop(desk, "fetch", "support", **dict(FAST, **env))


def always(uid, data):
    """A server that answers so whenever this mail's bytes are asked for."""
    def on_fetch(conn, asked, items):
        if asked != uid or "BODY" not in items:
            return None
        return data(conn, items) if callable(data) else data
    return on_fetch


def test_well_behaved():
    """The fake itself, and what we never say to any server."""
    with Lab() as lab, Imapd(mails(30)) as server:
        desk = lab.desk(server)
        same(fetch(desk).returncode, 0, "a good server")
        same(len(states(desk)), 30, "all mails")
        ok(good_bytes(desk, server, server.uids()), "all bytes")
        ok(all("$DeskdDone" in f for f in server.flags.values()), "all marks")
        same(server.sent(r"EXPUNGE|\\Deleted|\\Seen|STORE \S+ FLAGS|BODY\[|"
                         r"BODYSTRUCTURE|ENVELOPE|RFC822[^.]"), [],
             "nothing that deletes or reads, nor what is dangerous to parse")
        same(fetch(desk).returncode, 0, "again")
        same(server.sent(r"BODY\.PEEK")[1:], [], "one command, once, for 30")


def test_drop_once():
    """The connection ends inside a literal (M2)."""
    hits = []

    def cut(conn, items):
        hits.append(1)
        if len(hits) > 1:
            return None
        whole = conn.server.fetch("INBOX", 3, items)
        conn.send(whole[:len(whole) // 2])
        raise Drop
    with Lab() as lab, Imapd(mails(8), on_fetch=always(3, cut)) as server:
        desk = lab.desk(server)
        same(fetch(desk).returncode, 0, "one cut: done in the end")
        same(states(desk), {u: "stored" for u in range(1, 9)}, "all stored")
        ok(good_bytes(desk, server, server.uids()), "with the right bytes")


def museum():
    """Ways not to hand out a mail: (what the server does, a word of why)."""
    def drop(conn, uid, items):
        conn.send(conn.server.fetch("INBOX", uid, items)[:40])
        raise Drop

    def changing(conn, uid, items):
        conn.server.folders["INBOX"][uid] += b"x"

    def drip(conn, uid, items):
        for byte in conn.server.fetch("INBOX", uid, items):
            conn.send(bytes([byte]))
            time.sleep(0.1)
        return b""

    def flood(conn, uid, items):
        line = b"* 1 FETCH (FLAGS (\\Seen))\r\n" * 2000
        while True:
            conn.send(line)

    def searches(conn, uid, items):
        line = b"* SEARCH" + b" 1" * 100000 + b"\r\n"
        while True:
            conn.send(line)

    def endless(conn, uid, items):
        conn.send(b"* 1 FETCH (FLAGS (")
        while True:
            conn.send(b"a" * 100000)

    def literals(conn, uid, items):
        one = b"* 1 FETCH (UID 1 BODY[] {60000}\r\n" + b"a" * 60000 + b")\r\n"
        while True:
            conn.send(one)

    def hang(conn, uid, items):
        time.sleep(3600)

    return {
        "NIL": (b"* 3 FETCH (UID %d BODY[] NIL)\r\n", "NIL"),
        "nothing": (b"", "does not give"),
        "a cut in the literal": (drop, "closed"),
        "2^32 + 21": (b"* 3 FETCH (UID %d BODY[] {4294967317}\r\n"
                      b"123456789012345678901)\r\n", "literal"),
        "900 KiB for 900 B": (b"* 3 FETCH (UID %d BODY[] {900000}\r\n",
                              "larger"),
        "3 GB": (b"* 3 FETCH (UID %d BODY[] {3000000000}\r\nabc", "literal"),
        "nested parentheses": (b"* 3 FETCH (UID %d BODYSTRUCTURE "
                               + b"(" * 200000, "asked for"),
        "a long line": (b"* 3 FETCH (UID %d X" + b"y" * 3000000, "line"),
        "garbage": (b"* 3 FETCH (UID %d BODY[] ???)\r\n", "well formed"),
        "another uid": (b"* 3 FETCH (UID 9%d BODY[] {3}\r\nabc)\r\n",
                        "not give"),
        "no uid": (b"* 3 FETCH (BODY[] {3}\r\nabc)\r\n", "not give"),
        "a NUL": (b"* 3 FETCH (UID %d \0 BODY[] {3}\r\nabc)\r\n",
                  "a NUL"),
        "BYE": (b"* BYE I am tired\r\n", "I am tired"),
        "not asked for": (b"* NAMESPACE ((\r\n", "asked for"),
        "bytes that change": (changing, "change with each fetch"),
        "a drip": (drip, "in time"),
        "a flood": (flood, "more than"),
        "a flood of numbers": (searches, "more than"),
        "an endless line": (endless, "line"),
        "a flood of literals": (literals, "literal larger"),
        "silence": (hang, "in time"),
    }


def test_museum():
    """Every second mail cannot be had, each for another reason (M2 - M7)."""
    bad = {2 * i + 2: (name, *what)
           for i, (name, what) in enumerate(museum().items())}
    n = 2 * len(bad) + 1

    def on_fetch(conn, uid, items):
        if uid not in bad or "BODY" not in items:
            return None
        way = bad[uid][1]
        if callable(way):
            return way(conn, uid, items)
        return way.replace(b"%d", b"%d" % uid)

    want = {u: "held" if u in bad else "stored" for u in range(1, n + 1)}
    with Lab() as lab, Imapd(mails(n), on_fetch=on_fetch, size=lambda u, size:
                             size + 5 * (bad.get(u, [0])[0] ==
                                         "bytes that change")) as server:
        desk = lab.desk(server)
        loop = loop_of(lab, desk)
        try:
            lab.wait(lambda: desk.ready() and
                     states(desk) == want, "all held or stored", 60)
        except TimeoutError as e:
            note(e)
            note(loop.log()[-3000:])
        got = states(desk)
        for uid, (name, _, word) in bad.items():
            why = reason(desk, uid) if uid in got else ""
            ok(got.get(uid) == "held" and word in why and
               "unfetchable after 5 tries" in why, "%s: %s" % (name, why))
            ok("uid=%d held" % uid in loop.log(), "%s: in the log" % name)
        good = [u for u in want if u not in bad]
        ok(all(got.get(u) == "stored" for u in good), "the others are stored")
        ok(good_bytes(desk, server, good), "with the right bytes")
        lab.wait(lambda: all("$DeskdDone" in server.flags[u] for u in good),
                 "their marks")
        ok(not any(server.flags[u] for u in bad), "what is held is not marked")
        if not SAN:
            peak = loop.memory()
            ok(peak < 64, "%.0f MiB at most" % peak)
        same(loop.stop(), 0, "and it still stops when asked")


def test_sizes():
    """RFC822.SIZE is a claim (M6): the same bytes twice are taken."""
    for wrong in (lambda uid, n: n + 7, lambda uid, n: n - 7,
                  lambda uid, n: 0):
        with Lab() as lab, Imapd(mails(4), size=wrong) as server:
            desk = lab.desk(server)
            p = fetch(desk)
            same(states(desk), {u: "stored" for u in range(1, 5)},
                 "wrong sizes: all stored")
            ok(good_bytes(desk, server, server.uids()), "with the right bytes")
            same(len(server.sent("BODY.PEEK")), 2, "asked for twice, together")
            ok(b"the server had said" in p.stderr, "noted")
    big = mail(text="a" * 70 + "\n" + "b" * 3000 * 1024)
    for wrong in (lambda uid, n: n - 1000, lambda uid, n: n + 1000):
        with Lab() as lab, Imapd([big], size=wrong) as server:
            desk = lab.desk(server)
            fetch(desk)
            ok(good_bytes(desk, server, [1]), "the same for one in pieces")


def test_no_and_bad():
    """Tagged NO after one FETCH (M7), and a server that cannot for a while."""
    def some(conn, tag, verb, rest):
        if verb != "UID FETCH" or "BODY" not in rest or "," not in rest \
                and ":" not in rest:
            return False
        conn.send(conn.server.fetch("INBOX", 1, rest))
        conn.send(tag + " NO [SERVERBUG] some of them failed\r\n")
        return True
    with Lab() as lab, Imapd(mails(5), on_line=some) as server:
        desk = lab.desk(server)
        same(fetch(desk).returncode, 0, "NO after one of five")
        same(states(desk), {u: "stored" for u in range(1, 6)}, "all stored")
    until = []

    def down(conn, tag, verb, rest):
        if verb != "UID FETCH" or "BODY" not in rest:
            return False
        until.append(1)
        if len(until) > 30:
            return False
        conn.send(tag + " NO [UNAVAILABLE] storage is down\r\n")
        return True
    with Lab() as lab, Imapd(mails(9), on_line=down) as server:
        desk = lab.desk(server)
        same(fetch(desk).returncode, 0, "a storage that is down for a while")
        same(set(states(desk).values()), {"stored"}, "holds no mail for good")

    def bad(conn, tag, verb, rest):
        if verb == "UID STORE":
            conn.send(tag + " BAD never heard of it\r\n")
            return True
        return False
    with Lab() as lab, Imapd(mails(2), on_line=bad) as server:
        desk = lab.desk(server)
        p = fetch(desk)
        same(p.returncode, 69, "BAD ends the connection")
        ok(b"never heard of it" in p.stderr, "and its text is shown")
        same(len(states(desk)), 2, "the mail is ours all the same")


def test_uidvalidity():
    for value, name in ((None, "missing"), (0, "0"), (2 ** 32, "2^32")):
        with Lab() as lab, Imapd(mails(2), uidvalidity=value) as server:
            desk = lab.desk(server)
            p = fetch(desk)
            same(p.returncode, 69, "UIDVALIDITY %s: stop" % name)
            ok(b"no valid UIDVALIDITY" in p.stderr, "and say so")
            same(server.sent("UID (FETCH|STORE|MOVE)"), [], "nothing fetched")
            same(states(desk), {}, "nothing stored")


def test_no_uidnext():
    """UIDNEXT is a courtesy; without it nothing is missed nor taken twice."""
    old = "01-Jan-2020 10:00:00 +0000"
    with Lab() as lab, Imapd(mails(600), tell_uidnext=False,
                             date=lambda uid: old) as server:
        desk = lab.desk(server)
        loop = lab.loop(desk, "fetch", "support")
        lab.wait(lambda: any(c.idle_tag for c in server.conns), "IDLE")
        uid = server.push(mail(subject="pushed"))
        lab.wait(lambda: "$DeskdDone" in server.flags[uid], "its mark")
        same(loop.stop(), 0, "without UIDNEXT: stops when asked")
        same(desk.sql("SELECT count(*) FROM inbound WHERE quiet = 1"),
             [(600,)], "what waited is old")
        same(desk.sql("SELECT quiet FROM inbound WHERE uid = 601"), [(0,)],
             "what came is new")
        same(desk.sql("SELECT count(*) FROM ledger WHERE marked = 0"), [(0,)],
             "all marks are in the ledger")


def test_dates():
    """An INTERNALDATE that libetpan cannot read breaks the list only once."""
    with Lab() as lab, Imapd(
            mails(4), date=lambda uid: "yesterday" if uid == 2
            else "01-Jan-2026 10:00:00 +0100") as server:
        desk = lab.desk(server)
        same(fetch(desk).returncode, 0, "a bad date: done")
        same(states(desk), {u: "stored" for u in range(1, 5)}, "all stored")
        same(desk.sql("SELECT r.received FROM ledger l JOIN raw r"
                      " ON r.id = l.raw WHERE l.uid = 1"), [(1767258000,)],
             "the right date where there is one")
        now = desk.sql("SELECT r.received FROM ledger l JOIN raw r"
                       " ON r.id = l.raw WHERE l.uid = 2")[0][0]
        ok(abs(now - time.time()) < 60, "else the time of the fetch")


def test_stop():
    """A stop request ends every wait at once."""
    def hang(conn, tag, verb, rest):
        if verb == "UID FETCH":
            time.sleep(3600)
        return False
    with Lab() as lab, Imapd(mails(1), on_line=hang) as server:
        desk = lab.desk(server)
        loop = loop_of(lab, desk, DESKD_TIMEOUT_MS="600000")
        lab.wait(lambda: server.sent("UID FETCH"), "the command that hangs")
        began = time.monotonic()
        same(loop.stop(), 0, "SIGTERM while a command hangs")
        ok(time.monotonic() - began < SLOW, "ends it at once")
    with Lab() as lab, Imapd(greeting=None) as server:
        desk = lab.desk(server)
        loop = loop_of(lab, desk, DESKD_TIMEOUT_MS="600000")
        lab.wait(lambda: server.conns, "the connection")
        began = time.monotonic()
        same(loop.stop(), 0, "SIGTERM while the greeting does not come")
        ok(time.monotonic() - began < 2.5 * SLOW, "ends it in a second or two")


def idle_server(way):
    """IDLE carried out by way(conn, tag)."""
    def on_line(conn, tag, verb, rest):
        if verb != "IDLE":
            return False
        way(conn, tag)
        return True
    return on_line


def read_done(conn):
    while conn.line().upper() != "DONE":
        pass


def test_idle():
    pushed = []

    def early(conn, tag):  # EXISTS before "+ idling"
        if not pushed:
            pushed.append(conn.server.add(mail(subject="pushed")))
        conn.tell()
        conn.send("+ idling\r\n")
        read_done(conn)
        conn.ok(tag)

    def late(conn, tag):  # news between DONE and the answer
        conn.send("+ idling\r\n* OK still here\r\n")
        if len(pushed) < 2:
            pushed.append(conn.server.add(mail(subject="late")))
            conn.send("* 1 FETCH (FLAGS (\\Seen))\r\n* 1 RECENT\r\n")
            conn.send("* %d EXISTS\r\n" % len(conn.server.uids()))
        read_done(conn)
        if len(pushed) < 3:
            pushed.append(conn.server.add(mail(subject="later")))
            conn.told = len(conn.server.uids())
            conn.send("* %d EXISTS\r\n" % conn.told)
        conn.ok(tag)

    def bye(conn, tag):
        conn.send("+ idling\r\n")
        if len(pushed) < 2:
            pushed.append(conn.server.add(mail(subject="after bye")))
            conn.send("* BYE maintenance\r\n")
            raise Drop
        read_done(conn)
        conn.ok(tag)

    def refuse(conn, tag):
        if len(pushed) < 2:
            pushed.append(conn.server.add(mail(subject="polled")))
        conn.send(tag + " NO not today\r\n")

    def over(conn, tag):  # ends it by itself
        conn.send("+ idling\r\n")
        conn.tell()
        if len(pushed) < 2:
            pushed.append(conn.server.add(mail(subject="over")))
        conn.ok(tag)
        time.sleep(0.1)

    for name, way, n in (("EXISTS before +", early, 2),
                         ("news around DONE", late, 3), ("BYE", bye, 2),
                         ("IDLE refused", refuse, 2),
                         ("IDLE ended by the server", over, 2)):
        pushed[:] = [] if way is early else [0]
        with Lab() as lab, Imapd(mails(1), on_line=idle_server(way)) as server:
            desk = lab.desk(server, mailbox_more="poll 1s idle")
            loop = loop_of(lab, desk)
            lab.wait(lambda: desk.ready() and
                     len(states(desk)) == n and
                     set(states(desk).values()) == {"stored"},
                     name + ": %d mails" % n)
            ok(True, name + ": every mail came")
            same(loop.stop(), 0, name + ": stops when asked")
            logins = len(server.sent("AUTHENTICATE"))
            same(logins, 2 if way is bye else 1, name + ": connections")


def test_idle_crier():
    """EXISTS with every command and nothing new: no busy loop."""
    def cry(conn, tag, verb, rest):
        if verb in ("IDLE", "UID FETCH", "UID SEARCH"):
            conn.told = -1
        return False
    with Lab() as lab, Imapd(mails(1), on_line=cry) as server:
        desk = lab.desk(server)
        loop = loop_of(lab, desk, DESKD_TIMEOUT_MS="60000")
        lab.wait(lambda: len(server.sent("IDLE")) > 3, "some IDLEs")
        n = len(server.lines)
        time.sleep(1.5)
        ok(len(server.lines) - n < 40, "%d commands in 1.5 s" % (
            len(server.lines) - n))
        uid = server.push(mail(subject="a real one"))
        lab.wait(lambda: "$DeskdDone" in server.flags[uid], "its mark", 30)
        same(loop.stop(), 0, "a real mail still comes")


def test_idle_flood():
    """Unasked lines in IDLE cost neither memory nor time without end."""
    def flood(conn, tag):
        conn.send("+ idling\r\n")
        line = b"* 1 FETCH (FLAGS (\\Seen))\r\n" * 2000
        while len(conn.server.conns) < 4:
            conn.send(line)
        read_done(conn)
        conn.ok(tag)
    with Lab() as lab, Imapd(mails(1), on_line=idle_server(flood)) as server:
        desk = lab.desk(server)
        loop = loop_of(lab, desk)
        lab.wait(lambda: len(server.conns) >= 3, "new connections")
        ok("more than was asked for" in loop.log(), "the flood is refused")
        if not SAN:
            ok(loop.memory() < 64, "%.0f MiB" % loop.memory())
        same(loop.stop(), 0, "stops when asked")


def test_latency():
    with Lab() as lab, Imapd(mails(1)) as server:
        desk = lab.desk(server)
        loop = loop_of(lab, desk)
        lab.wait(lambda: any(c.idle_tag for c in server.conns), "IDLE")
        times = []
        for i in range(10):
            began = time.monotonic()
            uid = server.push(mail(subject="push %d" % i))
            while "$DeskdDone" not in server.flags[uid]:
                time.sleep(0.001)
                if time.monotonic() - began > 10 * SLOW:
                    break
            times.append(time.monotonic() - began)
            lab.wait(lambda: any(c.idle_tag for c in server.conns), "IDLE")
        note("EXISTS to mark: %.1f ms median" % (sorted(times)[5] * 1000))
        ok(sorted(times)[5] < 0.5 * SLOW, "a mail is taken at once")
        same(len(server.sent("AUTHENTICATE")), 1, "in one connection")
        ok(loop.proc.poll() is None, "which goes on")
        lab.wait(lambda: desk.sql("SELECT count(*) FROM ledger WHERE"
                                  " marked = 0") == [(0,)], "the last commit")
        time.sleep(0.5 * SLOW)
        cpu = open("/proc/%d/stat" % loop.proc.pid).read().split()[13:15]
        time.sleep(1)
        ok(open("/proc/%d/stat" % loop.proc.pid).read().split()[13:15] == cpu,
           "no time is used while nothing happens")


def test_poll():
    with Lab() as lab, Imapd(mails(1), caps="IMAP4rev1 AUTH=PLAIN") as server:
        desk = lab.desk(server, mailbox_more="poll 1s")
        loop = loop_of(lab, desk)
        lab.wait(lambda: "$DeskdDone" in server.flags[1], "the first")
        uid = server.push(mail(subject="polled"))
        lab.wait(lambda: "$DeskdDone" in server.flags[uid], "the second")
        same(server.sent("IDLE"), [], "no IDLE where there is none")
        same(len(server.sent("AUTHENTICATE")), 1, "in one connection")
        same(loop.stop(), 0, "stops when asked")


def test_nudge():
    """A nudge ends the IDLE; it costs no mail."""
    with Lab() as lab, Imapd(mails(1)) as server:
        desk = lab.desk(server)
        loop = loop_of(lab, desk)
        lab.wait(lambda: any(c.idle_tag for c in server.conns), "IDLE")
        n = len(server.sent("IDLE"))
        with open(desk.state + "/fetch-support.wake", "wb") as f:
            f.write(b"x")
        lab.wait(lambda: len(server.sent("IDLE")) > n, "the next IDLE")
        ok(True, "the nudge was heard")
        same(loop.stop(), 0, "stops when asked")


def test_vanished():
    """Gone between the list and the fetch (T72)."""
    def gone(conn, tag, verb, rest):
        if verb == "UID FETCH" and "BODY" in rest:
            for uid in (2, 4):
                conn.server.folders["INBOX"].pop(uid, None)
        return False
    with Lab() as lab, Imapd(mails(5), on_line=gone) as server:
        desk = lab.desk(server)
        same(fetch(desk).returncode, 0, "two of five are gone")
        same(states(desk), {1: "stored", 2: "vanished", 3: "stored",
                            4: "vanished", 5: "stored"}, "vanished")
        ok("gone" in reason(desk, 2), reason(desk, 2))


def test_lying_vanish():
    """An empty answer is not "gone" while SEARCH still shows the mail."""
    with Lab() as lab, Imapd(mails(3), on_fetch=lambda c, uid, i:
                             b"" if uid == 2 else None) as server:
        desk = lab.desk(server)
        fetch(desk)
        same(states(desk), {1: "stored", 3: "stored"}, "never shown: not seen")
        fetch(desk)  # begins with a full comparison
        same(states(desk), {1: "stored", 2: "held", 3: "stored"},
             "held, not vanished")


def test_keyword():
    with Lab() as lab, Imapd(mails(3), permanent="\\Seen") as server:
        desk = lab.desk(server)
        p = fetch(desk)
        same(p.returncode, 0, "no keywords: like keep")
        same(p.stderr.count(b"does not keep the keyword"), 1, "said once")
        same(server.sent("STORE"), [], "no STORE")
        same(desk.sql("SELECT count(*) FROM ledger WHERE marked = 0"), [(0,)],
             "nothing is owed")
    for permanent in ("\\Seen $deskddone", None):
        with Lab() as lab, Imapd(mails(3), permanent=permanent) as server:
            desk = lab.desk(server)
            fetch(desk)
            ok(all("$DeskdDone" in f for f in server.flags.values()),
               "PERMANENTFLAGS %s: flagged" % permanent)

    def forget(conn, tag, verb, rest):
        if verb != "UID STORE":
            return False
        conn.ok(tag)
        return True
    with Lab() as lab, Imapd(mails(3), on_line=forget) as server:
        desk = lab.desk(server)
        p = fetch(desk)
        ok(b"gone at once" in p.stderr, "STORE that does nothing is noticed")


def test_copy():
    """No MOVE: COPY and the keyword, never twice."""
    crash = []

    def cut(conn, tag, verb, rest):
        if verb == "UID STORE" and not crash:
            crash.append(1)
            conn.do_uid_store(tag, rest)
            raise Drop  # copied and flagged, but we never hear of it
        return False
    with Lab() as lab, Imapd(mails(4), caps="IMAP4rev1 AUTH=PLAIN",
                             separator=".", on_line=cut) as server:
        desk = lab.desk(server, mailbox_more='after move "Old/Done"')
        same(fetch(desk).returncode, 0, "COPY where there is no MOVE")
        same(len(server.folders.get("Old.Done", ())), 4,
             "copied once, into a folder with the server's own separator")
        ok(all("$DeskdDone" in server.flags[u] for u in server.uids()),
           "and flagged")
        same(len(server.uids()), 4, "the originals stay")


def test_move_refused():
    def refuse(conn, tag, verb, rest):
        if verb in ("UID MOVE", "CREATE"):
            conn.send(tag + " NO [NOPERM] not yours\r\n")
            return True
        return False
    with Lab() as lab, Imapd(mails(2), on_line=refuse) as server:
        desk = lab.desk(server, mailbox_more='after move "Done"')
        p = fetch(desk)
        same(p.returncode, 0, "a MOVE that is refused stops nothing")
        ok(b"not yours" in p.stderr, "the log shows why")
        same(desk.sql("SELECT count(*) FROM ledger WHERE marked = 0"), [(2,)],
             "the marks stay owed")
        server.on_line = None
        fetch(desk)
        same(desk.sql("SELECT count(*) FROM ledger WHERE marked = 0"), [(0,)],
             "and are made up for later")
        same(len(server.folders["Done"]), 2, "in the folder")


def test_reject():
    """With reject the mark waits for what work decides."""
    import sqlite3
    with Lab() as lab, Imapd(mails(3)) as server:
        desk = lab.desk(server, mailbox_more='after move "Done"\n'
                        'reject move "Rejected"')
        fetch(desk)
        same(len(server.uids()), 3, "nothing is moved before it is worked")
        db = sqlite3.connect(desk.state + "/deskd.db")
        db.execute("UPDATE ledger SET state = 'new' WHERE uid = 1")
        db.execute("UPDATE ledger SET state = 'loop_held' WHERE uid = 3")
        db.commit()
        db.close()
        fetch(desk)
        same([len(server.folders.get(x, ())) for x in
              ("INBOX", "Done", "Rejected")], [1, 1, 1],
             "then each where it belongs")


def test_login():
    def refuse(text):
        def on_line(conn, tag, verb, rest):
            if verb == "AUTHENTICATE":
                conn.send("+ \r\n")
                conn.line()
                conn.send("%s %s\r\n" % (tag, text))
                return True
            return False
        return on_line
    with Lab() as lab:
        for text, code in (("NO [AUTHENTICATIONFAILED] go away", 77),
                           ("NO [UNAVAILABLE] later", 69),
                           ("BAD what", 77)):
            with Imapd(mails(1), on_line=refuse(text)) as server:
                desk = lab.desk(server, name="login")
                p = fetch(desk)
                same(p.returncode, code, text)
                ok(text.split()[-1].encode() in p.stderr, "its words are shown")
                ok(b"geheim" not in p.stderr, "the password is not")
        with Imapd(mails(1), caps="IMAP4rev1 IDLE") as server:
            desk = lab.desk(server, name="login")
            same(fetch(desk).returncode, 0, "LOGIN without AUTH=PLAIN")
            same(server.sent("LOGIN"), ['2 LOGIN "support@example.com" '
                                        '"geheim"'], "as quoted strings")
        with Imapd(mails(1), caps="IMAP4rev1 LOGINDISABLED") as server:
            desk = lab.desk(server, name="login")
            p = fetch(desk)
            same(p.returncode, 77, "LOGINDISABLED")
            same(server.sent("LOGIN"), [], "nothing is sent then")


def test_backlog():
    """Many mails, and a folder with holes, in little memory."""
    with Lab() as lab, Imapd() as server:
        for i in range(1200):
            if i % 3:
                server.next += 5000
            server.add(b"Subject: %d\r\n\r\n" % i)
        desk = lab.desk(server)
        p = fetch(desk, DESKD_TIMEOUT_MS="20000")
        same(p.returncode, 0, "1200 mails in six million UIDs")
        same(len(states(desk)), 1200, "all stored")
        ok(len(server.lines) < 60, "in %d commands" % len(server.lines))


if __name__ == "__main__":
    main(test_well_behaved, test_drop_once, test_museum, test_sizes,
         test_no_and_bad, test_uidvalidity, test_no_uidnext,
         test_dates, test_stop, test_idle, test_idle_crier, test_idle_flood,
         test_latency, test_poll, test_nudge, test_vanished,
         test_lying_vanish, test_keyword, test_copy, test_move_refused,
         test_reject, test_login, test_backlog)
