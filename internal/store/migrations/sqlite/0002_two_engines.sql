-- +goose Up
-- What replicas share, and what mail waits to be sent.

-- Decisions of one second keep their order by a number of their own; an engine need not have row ids.
ALTER TABLE decision ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
UPDATE decision SET number = (SELECT count(*) FROM decision d
  WHERE d.application_id = decision.application_id AND (d.decided_at, d.rowid) <= (decision.decided_at, decision.rowid));
DROP INDEX decision_application;
CREATE UNIQUE INDEX decision_application ON decision (application_id, number);

CREATE TABLE outbox (            -- mail that is to be sent at least once, written in the unit that causes it
  id           TEXT PRIMARY KEY, -- also the left part of its Message-ID: the same at every try
  person_id    TEXT NOT NULL REFERENCES person (id), -- the one recipient
  kind         TEXT NOT NULL CHECK (kind IN ('offer_made', 'session_moved', 'session_cancelled', 'sessions_cancelled')),
  record       TEXT NOT NULL,    -- id of what it tells of: an offer, a session; of all that a group cancels, the group
  payload      BLOB NOT NULL,    -- sealed JSON: what the record does not tell by itself
  created_at   INTEGER NOT NULL,
  due_at       INTEGER NOT NULL, -- of the next try
  leased_until INTEGER,          -- somebody is sending it until then
  attempts     INTEGER NOT NULL, -- rises with each lease: a lease is known by it
  tried_at     INTEGER,          -- of the first try: days later it is given up
  settled_at   INTEGER,          -- null while it waits
  outcome      TEXT CHECK (outcome IN ('sent', 'dropped', 'failed')),
  CHECK ((settled_at IS NULL) = (outcome IS NULL))
) STRICT;
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE settled_at IS NULL;
CREATE INDEX outbox_failed ON outbox (settled_at) WHERE outcome = 'failed';
CREATE INDEX outbox_person ON outbox (person_id, record);

CREATE TABLE audit_head (        -- where the chain ends, so that rows taken from its end are missed
  id   INTEGER PRIMARY KEY CHECK (id = 1),
  seq  INTEGER NOT NULL,
  hash BLOB NOT NULL             -- HMAC of the last link and its number
) STRICT;

CREATE TABLE calendar_version (  -- rises with all that a feed can show, so that a replica knows when what it keeps is old
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL
) STRICT;
INSERT INTO calendar_version (id, version) VALUES (1, 1);

-- Lists are read along these indexes, see package store: what stands behind seq is asked without reading the row. A word
-- that is searched for leads to people in the order they came, and so must an application be found by one.
ALTER TABLE application ADD COLUMN person_seq INTEGER REFERENCES person (seq);
UPDATE application SET person_seq = (SELECT p.seq FROM person p WHERE p.id = application.person_id);
DROP INDEX application_newest;
DROP INDEX application_changed;
DROP INDEX application_state;
DROP INDEX application_unsafe;
CREATE INDEX application_newest ON application (programme_id, submitted_at, seq, safety, person_seq);
CREATE INDEX application_changed ON application
  (programme_id, (submitted_at / 4194304), updated_at, seq, submitted_at, state, language, safety, person_seq);
CREATE INDEX application_state ON application (programme_id, state, language, submitted_at, seq, safety, person_seq);
CREATE INDEX application_state_changed ON application
  (programme_id, state, language, updated_at, seq, submitted_at, safety, person_seq);
CREATE INDEX application_safety ON application
  (programme_id, safety, submitted_at, seq, state, language, person_seq) WHERE safety <> 'none';
CREATE INDEX application_safety_changed ON application
  (programme_id, safety, updated_at, seq, submitted_at, state, language, person_seq) WHERE safety <> 'none';
CREATE INDEX application_person ON application
  (person_seq, programme_id, seq, submitted_at, updated_at, state, language, safety);

-- What the newest screening said is shown with its application, and looked for by type: it stands once for each. The
-- rows of verdict follow from those of screening and need no reference of their own. A trace is too long for a table
-- without row ids: it would take an overflow page each.
CREATE TABLE screening_new (
  application_seq INTEGER NOT NULL REFERENCES application (seq),
  number          INTEGER NOT NULL,
  verdicts        TEXT NOT NULL, -- type and verdict, with a space between, and commas
  trace           BLOB NOT NULL, -- sealed JSON: what each criterion found
  run_at          INTEGER NOT NULL,
  PRIMARY KEY (application_seq, number)
) STRICT;
INSERT INTO screening_new (application_seq, number, verdicts, trace, run_at)
  SELECT s.application_seq, s.number, coalesce((SELECT group_concat(v.type_slug || ' ' || v.verdict, ',') FROM verdict v
    WHERE v.application_seq = s.application_seq AND s.number = (SELECT max(number) FROM screening n
      WHERE n.application_seq = s.application_seq)), ''), s.trace, s.run_at FROM screening s ORDER BY 1, 2;
CREATE TABLE verdict_new (       -- of the newest screening
  type_slug       TEXT NOT NULL,
  verdict         TEXT NOT NULL CHECK (verdict IN ('suits', 'discuss', 'not_now')),
  application_seq INTEGER NOT NULL,
  PRIMARY KEY (type_slug, verdict, application_seq)
) STRICT, WITHOUT ROWID;
INSERT INTO verdict_new (type_slug, verdict, application_seq) SELECT type_slug, verdict, application_seq FROM verdict;
DROP TABLE verdict;
DROP TABLE screening;
ALTER TABLE screening_new RENAME TO screening;
ALTER TABLE verdict_new RENAME TO verdict;
