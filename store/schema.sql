-- deskd.db, schema 1.  The tables, explained in place.
--
-- Two kinds: facts (raw, piece, mailbox, ledger, inbound, held, ticket, event,
-- outbox, ...) and what can be derived from facts again (message, msgid,
-- search).  Times are seconds since 1970, UTC.  Enumerations are stored as
-- their words, because an admin with sqlite3 reads this too.
--
-- Journal: TRUNCATE with synchronous EXTRA.  Not WAL: SQLite before 3.51.3
-- can corrupt a WAL database that two connections write, and Debian 12 ships
-- 3.40.1 (sqlite.org/wal.html#walresetbug).

-- Small numbers: next_ticket, started, paused.
CREATE TABLE meta(
  key   TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A random secret of this database: keys the hashes of Message-IDs and
-- subjects, so that nobody outside can construct a collision.
CREATE TABLE salt(value BLOB NOT NULL) STRICT;

-- Every mail as it came, for ever, never changed.  The truth.
CREATE TABLE raw(
  id       INTEGER PRIMARY KEY,
  hash     INTEGER NOT NULL, -- first 8 bytes of sha256: a small index
  sha256   BLOB NOT NULL,    -- of the bytes as they came
  size     INTEGER NOT NULL, -- those bytes; checked on reading
  received INTEGER NOT NULL, -- INTERNALDATE: arrival at the server
  data     BLOB              -- zstd; NULL: the mail is large, see piece
) STRICT;
CREATE INDEX raw_hash ON raw(hash);

-- A large mail in pieces of at most FETCH_PIECE bytes, each its own zstd frame,
-- so that no process ever holds the whole.
CREATE TABLE piece(
  raw  INTEGER NOT NULL REFERENCES raw ON DELETE CASCADE,
  n    INTEGER NOT NULL,     -- 0, 1, 2 ...
  data BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX piece_raw ON piece(raw, n);

-- Where mail comes from.  "import" is one too; its uid is a running number.
CREATE TABLE mailbox(
  id          INTEGER PRIMARY KEY,
  name        TEXT NOT NULL UNIQUE,
  uidvalidity INTEGER NOT NULL DEFAULT 0, -- the present epoch; 0: never seen
  last_uid    INTEGER NOT NULL DEFAULT 0, -- all up to here are in the ledger
  scanned     INTEGER NOT NULL DEFAULT 0, -- last full comparison with the server
  polled      INTEGER NOT NULL DEFAULT 0  -- last look that went well
) STRICT;

-- Every UID a server ever showed us and what became of it.  Never deleted.
CREATE TABLE ledger(
  mailbox     INTEGER NOT NULL REFERENCES mailbox,
  uidvalidity INTEGER NOT NULL,
  uid         INTEGER NOT NULL,
  state       TEXT NOT NULL CHECK(state IN ('stored', 'new', 'append',
    'variant', 'event', 'filed', 'dup_of', 'held', 'oversize', 'loop_held',
    'own', 'vanished')),
  raw         INTEGER REFERENCES raw,
  ticket      INTEGER,
  reason      TEXT,
  marked      INTEGER NOT NULL DEFAULT 0, -- 1: the server was told, or need not be
  -- Of new mail that a rule held or dropped: the number of the next ticket then.
  ruled       INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(mailbox, uidvalidity, uid)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_ruled ON ledger(mailbox, uidvalidity, uid)
  WHERE ruled > 0;
CREATE INDEX ledger_unmarked ON ledger(mailbox, uidvalidity, uid)
  WHERE marked = 0;
CREATE INDEX ledger_ticket ON ledger(ticket) WHERE ticket IS NOT NULL;

-- The work list: mails that nobody has worked yet.  The row goes with the
-- commit that makes the mail part of a ticket.
CREATE TABLE inbound(
  id          INTEGER PRIMARY KEY,
  raw         INTEGER NOT NULL REFERENCES raw,
  mailbox     INTEGER NOT NULL,
  uidvalidity INTEGER NOT NULL,
  uid         INTEGER NOT NULL,
  oversize    INTEGER NOT NULL DEFAULT 0, -- raw is only the beginning
  quiet       INTEGER NOT NULL DEFAULT 0, -- import: make no letters
  released    INTEGER NOT NULL DEFAULT 0, -- a person let it go: not held again by a rule
  release_as  TEXT NOT NULL DEFAULT '',   -- how: see struct held_way
  release_ticket INTEGER NOT NULL DEFAULT 0,
  release_agent  TEXT NOT NULL DEFAULT '',
  tries       INTEGER NOT NULL DEFAULT 0  -- counted durably before each try
) STRICT;
CREATE INDEX inbound_raw ON inbound(raw);

-- Mail that waits for a human, with the reason.
CREATE TABLE held(
  id          INTEGER PRIMARY KEY,
  raw         INTEGER NOT NULL REFERENCES raw,
  mailbox     INTEGER NOT NULL,
  uidvalidity INTEGER NOT NULL,
  uid         INTEGER NOT NULL,
  oversize    INTEGER NOT NULL DEFAULT 0, -- as in inbound, for its release
  quiet       INTEGER NOT NULL DEFAULT 0,
  since       INTEGER NOT NULL,
  sender      TEXT,
  subject     TEXT,
  reason      TEXT NOT NULL,
  kind        TEXT NOT NULL DEFAULT '',   -- '', command, stale, guard, empty, old, challenge, spoof, leak ...
  ticket      INTEGER NOT NULL DEFAULT 0, -- that it is about; 0: none
  agent       TEXT NOT NULL DEFAULT '',   -- whose mail it is
  code        TEXT NOT NULL DEFAULT '',   -- what `#do` names; nobody can count to it
  problem     TEXT NOT NULL DEFAULT '',   -- what the agent was asked
  question    INTEGER NOT NULL DEFAULT 0, -- number of the letter that asked, in the staff's thread
  state       TEXT NOT NULL DEFAULT 'held'
    CHECK(state IN ('held', 'released', 'dropped'))
) STRICT;
CREATE INDEX held_waiting ON held(id) WHERE state = 'held';
CREATE INDEX held_code ON held(code) WHERE state = 'held' AND code <> '';

-- One row for each matter somebody brought to us.
CREATE TABLE ticket(
  number      INTEGER PRIMARY KEY,
  subject     TEXT NOT NULL,
  type        TEXT NOT NULL DEFAULT 'incident',
  status      TEXT NOT NULL DEFAULT 'open',
  impact      TEXT NOT NULL DEFAULT 'medium',
  urgency     TEXT NOT NULL DEFAULT 'medium',
  priority    TEXT NOT NULL DEFAULT 'normal',
  pinned      INTEGER NOT NULL DEFAULT 0, -- the matrix leaves priority alone
  category    TEXT NOT NULL DEFAULT '',
  team        TEXT NOT NULL DEFAULT '',
  tier        INTEGER NOT NULL DEFAULT 1,
  assignee    TEXT NOT NULL DEFAULT '',
  requester   TEXT NOT NULL DEFAULT '',   -- address, lower case
  requester_name TEXT NOT NULL DEFAULT '',
  language    TEXT NOT NULL DEFAULT '',
  created     INTEGER NOT NULL,           -- arrival of the first mail
  updated     INTEGER NOT NULL,
  resolved    INTEGER NOT NULL DEFAULT 0,
  closed      INTEGER NOT NULL DEFAULT 0,
  merged_into INTEGER NOT NULL DEFAULT 0,
  revision    INTEGER NOT NULL DEFAULT 0, -- grows with each mail or note of a person
  serial      INTEGER NOT NULL DEFAULT 0, -- last number in the requester's thread
  staff_serial  INTEGER NOT NULL DEFAULT 0,
  vendor_serial INTEGER NOT NULL DEFAULT 0,
  until       INTEGER NOT NULL DEFAULT 0, -- when waiting or on-hold ends; 0: as configured
  nudge       INTEGER NOT NULL DEFAULT 0, -- when the requester is asked again
  end_at      INTEGER NOT NULL DEFAULT 0, -- when it closes by itself
  guid        BLOB NOT NULL,              -- 16 bytes, in Thread-Index: see ticket_guid()
  person      INTEGER NOT NULL,           -- hash of requester
  key         INTEGER NOT NULL,           -- hash of the subject's key
  begun       INTEGER NOT NULL            -- last event of the first mail that set a field
) STRICT;
-- What was merged into a ticket is shown with it.
CREATE INDEX ticket_merged ON ticket(merged_into) WHERE merged_into <> 0;
-- Few indexes, and small ones: in a bulk each random index costs as much as the
-- row itself, more so as it outgrows the cache.
CREATE INDEX ticket_person ON ticket(person, created);
CREATE INDEX ticket_live ON ticket(status, updated)
  WHERE status <> 'closed';

-- Who has what in hand: for least-loaded and max-open.
CREATE INDEX ticket_assignee ON ticket(assignee)
  WHERE assignee <> '' AND status NOT IN ('resolved', 'closed');

-- Whose turn it is: the last ticket of a team that an agent was given.
CREATE TABLE turn(
  team   TEXT NOT NULL,
  agent  TEXT NOT NULL,
  ticket INTEGER NOT NULL,
  PRIMARY KEY(team, agent)
) STRICT, WITHOUT ROWID;

-- `merge open tickets "KEY"`: which ticket takes mail with this key.
CREATE TABLE merge_key(
  key    TEXT PRIMARY KEY,
  ticket INTEGER NOT NULL REFERENCES ticket
) STRICT, WITHOUT ROWID;

CREATE TABLE tag(
  ticket INTEGER NOT NULL REFERENCES ticket,
  tag    TEXT NOT NULL,
  PRIMARY KEY(ticket, tag)
) STRICT, WITHOUT ROWID;

CREATE TABLE link(
  ticket INTEGER NOT NULL REFERENCES ticket,
  kind   TEXT NOT NULL, -- merged-into, problem-of, duplicate, related, follow-up-of
  other  INTEGER NOT NULL REFERENCES ticket,
  PRIMARY KEY(ticket, kind, other)
) STRICT, WITHOUT ROWID;

-- Who takes part in a ticket, besides agents.
CREATE TABLE participant(
  ticket  INTEGER NOT NULL REFERENCES ticket,
  address TEXT NOT NULL, -- lower case
  name    TEXT NOT NULL DEFAULT '',
  role    TEXT NOT NULL, -- requester, cc, watcher
  PRIMARY KEY(ticket, address)
) STRICT, WITHOUT ROWID;

-- One entry of a conversation.
CREATE TABLE message(
  id          INTEGER PRIMARY KEY,
  ticket      INTEGER NOT NULL REFERENCES ticket,
  direction   TEXT NOT NULL CHECK(direction IN ('in', 'out', 'note')),
  raw         INTEGER REFERENCES raw,  -- of a mail that came
  letter      INTEGER,                 -- of a mail that went: outbox.id
  class       TEXT NOT NULL DEFAULT 'human', -- 'ack': an automatic letter of ours;
                                       -- 'command': nothing but commands;
                                       -- 'withdrawn': taken back, not shown
  sender      TEXT NOT NULL DEFAULT '',
  sender_name TEXT NOT NULL DEFAULT '',
  date        INTEGER NOT NULL,        -- of the mail; else its arrival
  received    INTEGER NOT NULL,
  message_id  TEXT NOT NULL DEFAULT '',
  thread_index TEXT,                   -- what Outlook threads by, of a mail that had it
  subject     TEXT NOT NULL DEFAULT '',
  text        TEXT NOT NULL DEFAULT '',
  new_text    TEXT,                    -- NULL: the same as text
  kept        INTEGER NOT NULL DEFAULT 0, -- 1: class and text were decided, not read: rebuild leaves them
  attachments TEXT,                    -- JSON, NULL: none
  print       INTEGER NOT NULL DEFAULT 0, -- fingerprint, first 8 bytes
  envelope    INTEGER NOT NULL DEFAULT 0, -- the same without the bodies
  fingerprint BLOB
) STRICT;
CREATE INDEX message_ticket ON message(ticket);
-- A mail with a Message-ID is found by it (msgid), copies too.
CREATE INDEX message_print ON message(print)
  WHERE message_id = '' AND print <> 0;

-- Message-ID to ticket.  The id itself is not needed: a salted hash is smaller.
-- message 0: an ancestor that was named but not seen yet, so that it finds the
-- thread when it comes.
CREATE TABLE msgid(
  hash    INTEGER NOT NULL,
  ticket  INTEGER NOT NULL,
  message INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(hash, ticket, message)
) STRICT, WITHOUT ROWID;

-- The history: one row for each change, with who and why.  Never changed.
CREATE TABLE event(
  id     INTEGER PRIMARY KEY,
  ticket INTEGER NOT NULL,
  time   INTEGER NOT NULL,
  who    TEXT NOT NULL,
  what   TEXT NOT NULL,
  old    TEXT,
  new    TEXT,
  why    TEXT NOT NULL DEFAULT '',
  conf   INTEGER,           -- which configuration was in force
  act    INTEGER,           -- all changes of one act of a person have one number; NULL: none
  ref    INTEGER            -- the row it is about: message, letter, ticket, event; seconds; act undone
) STRICT;
CREATE INDEX event_ticket ON event(ticket);
CREATE INDEX event_act ON event(act) WHERE act IS NOT NULL;
CREATE INDEX event_undo ON event(ref) WHERE what = 'undo';

-- Each configuration that was ever in force, with all its files: `blame` shows
-- the line that did something, and the last good one is what a start falls back
-- to.  bundle.h has the form of files.
CREATE TABLE conf(
  id     INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE, -- over all the files
  since  INTEGER NOT NULL,     -- when it was kept first
  files  BLOB                  -- zstd; NULL: too large to keep
) STRICT;

-- Each time the service took a configuration, or refused one.
CREATE TABLE conf_try(
  id       INTEGER PRIMARY KEY,
  time     INTEGER NOT NULL,
  occasion TEXT NOT NULL CHECK(occasion IN ('start', 'reload')),
  conf     INTEGER REFERENCES conf, -- in force from then on; NULL: not kept
  refused  TEXT,                    -- the mistakes of the files on disk, or NULL
  told     INTEGER NOT NULL DEFAULT 0 -- 1: the admins were written to
) STRICT;

-- How often each rule matched, and met a limit.
CREATE TABLE rule_hit(
  rule   TEXT PRIMARY KEY,
  hits   INTEGER NOT NULL DEFAULT 0,
  limits INTEGER NOT NULL DEFAULT 0,
  last   INTEGER NOT NULL DEFAULT 0 -- when it matched last
) STRICT, WITHOUT ROWID;

-- Letters: complete when they enter, one envelope recipient a row.
--   pending -> sending(connect) -> sending(body) -> sent | dead | pending
-- dropped: taken back by hand.  See STATES.md.
CREATE TABLE outbox(
  id         INTEGER PRIMARY KEY,
  ticket     INTEGER NOT NULL DEFAULT 0,
  kind       TEXT NOT NULL,   -- ack, reply, notify, alert, ...
  thread     TEXT NOT NULL DEFAULT '', -- requester, staff, vendor, or '': it took no number
  serial     INTEGER NOT NULL DEFAULT 0, -- its number in that thread
  agent      TEXT NOT NULL DEFAULT '', -- to whom of the staff it went
  revision   INTEGER NOT NULL DEFAULT 0, -- of the ticket, as the letter shows it
  inside     INTEGER NOT NULL DEFAULT 0, -- 1: an agent's answer to it is a note
  auto       INTEGER NOT NULL, -- 1: automatic, counts against the budgets
  sender     TEXT NOT NULL,   -- envelope; "" is the null sender
  recipient  TEXT NOT NULL,
  budget_key TEXT NOT NULL,   -- address_budget(recipient)
  domain     TEXT NOT NULL,
  message_id TEXT NOT NULL,
  data       BLOB NOT NULL,   -- the final bytes, zstd
  size       INTEGER NOT NULL,
  sha256     BLOB NOT NULL,
  created    INTEGER NOT NULL,
  next_at    INTEGER NOT NULL, -- not before
  tries      INTEGER NOT NULL DEFAULT 0,
  unknowns   INTEGER NOT NULL DEFAULT 0, -- times the outcome was not known
  state      TEXT NOT NULL DEFAULT 'pending'
    CHECK(state IN ('pending', 'sending', 'sent', 'dead', 'dropped')),
  phase      TEXT NOT NULL DEFAULT ''
    CHECK(phase IN ('', 'connect', 'body')),
  reply      TEXT,            -- the server's last answer
  done       INTEGER NOT NULL DEFAULT 0  -- when it was sent or given up
) STRICT;
CREATE INDEX outbox_due ON outbox(next_at, id)
  WHERE state IN ('pending', 'sending');
CREATE INDEX outbox_order ON outbox(ticket, recipient, id)
  WHERE state IN ('pending', 'sending');
CREATE INDEX outbox_budget ON outbox(budget_key, created) WHERE auto = 1;
CREATE INDEX outbox_domain ON outbox(domain, created) WHERE auto = 1;
CREATE INDEX outbox_created ON outbox(created) WHERE auto = 1;
CREATE INDEX outbox_ticket ON outbox(ticket);
CREATE INDEX outbox_answered ON outbox(budget_key) WHERE kind = 'reply';
CREATE INDEX outbox_dead ON outbox(id) WHERE state = 'dead';

-- Who acts by mail (people.h).  The small number of an agent stands in his
-- tokens: a row is never deleted, so no number is ever somebody else's.
CREATE TABLE principal(
  id        INTEGER PRIMARY KEY,
  name      TEXT NOT NULL UNIQUE,
  suspended INTEGER NOT NULL DEFAULT 0,
  since     INTEGER NOT NULL DEFAULT 0 -- last suspended or let act again: older tokens are dead
) STRICT;

-- Tokens that were seen in other hands: dead up to this sequence.
CREATE TABLE revoked(
  ticket    INTEGER NOT NULL,
  principal INTEGER NOT NULL,
  since     INTEGER NOT NULL,
  sequence  INTEGER NOT NULL,
  PRIMARY KEY(ticket, principal)
) STRICT, WITHOUT ROWID;

-- Tokens that work once, and did.
CREATE TABLE token_used(
  sha256 BLOB PRIMARY KEY,
  time   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Mails that acted: the same mail again is a replay (T02).
CREATE TABLE acted(
  principal INTEGER NOT NULL,
  print     BLOB NOT NULL,
  time      INTEGER NOT NULL,
  PRIMARY KEY(principal, print)
) STRICT, WITHOUT ROWID;

-- Why a change by mail was allowed (I6).
CREATE TABLE evidence(
  id        INTEGER PRIMARY KEY,
  ticket    INTEGER NOT NULL,
  principal INTEGER NOT NULL,
  raw       INTEGER NOT NULL,
  time      INTEGER NOT NULL,
  method    TEXT NOT NULL,
  token     TEXT NOT NULL, -- 6 characters of its sha256
  proof     TEXT NOT NULL  -- what the border server said
) STRICT;
CREATE INDEX evidence_principal ON evidence(principal, time);

-- What somebody wants, besides any ticket.
CREATE TABLE person(
  address  TEXT PRIMARY KEY, -- lower case
  language TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Where an import stands, so that it can go on: one row for each file.
CREATE TABLE import(
  path     TEXT PRIMARY KEY, -- in a Maildir without cur/ or new/ and flags
  position INTEGER NOT NULL, -- bytes that are done, up to the end of a mail
  size     INTEGER NOT NULL, -- of the file then
  print    INTEGER NOT NULL, -- hash of what stands before position
  updated  INTEGER NOT NULL  -- the file's own time
) STRICT, WITHOUT ROWID;

-- Full text.  What requesters may see and notes are two tables, so that no
-- query over one can show the other (T35).  External content: the text stands
-- once, in message.  Only the new text is indexed, not the quoted history.
CREATE VIEW search_public(id, subject, body) AS
  SELECT id, subject, coalesce(new_text, text) FROM message
  WHERE direction <> 'note' AND class NOT IN ('ack', 'command', 'withdrawn');
CREATE VIEW search_staff(id, subject, body) AS
  SELECT id, subject, coalesce(new_text, text) FROM message
  WHERE direction = 'note' AND class NOT IN ('command', 'withdrawn');
CREATE VIRTUAL TABLE search USING fts5(subject, body,
  content = 'search_public', content_rowid = 'id',
  tokenize = "unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE search_note USING fts5(subject, body,
  content = 'search_staff', content_rowid = 'id',
  tokenize = "unicode61 remove_diacritics 2");
