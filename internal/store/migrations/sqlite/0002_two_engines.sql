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
  (programme_id, (submitted_at / 4194304), updated_at, seq, submitted_at, safety, person_seq);
CREATE INDEX application_state ON application (programme_id, state, language, submitted_at, seq, safety, person_seq);
CREATE INDEX application_state_changed ON application
  (programme_id, state, language, updated_at, seq, submitted_at, safety, person_seq);
CREATE INDEX application_safety ON application
  (programme_id, safety, submitted_at, seq, state, language, person_seq) WHERE safety <> 'none';
CREATE INDEX application_safety_changed ON application
  (programme_id, safety, updated_at, seq, submitted_at, state, language, person_seq) WHERE safety <> 'none';
CREATE UNIQUE INDEX application_person ON application (person_seq);
