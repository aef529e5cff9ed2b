-- +goose Up
-- The schema of sqlite/0002_two_engines.sql, which says what each table and column means.

-- There is no decision yet that would need a number: no PostgreSQL was used at version 1.
ALTER TABLE decision ADD COLUMN number bigint NOT NULL DEFAULT 0;
DROP INDEX decision_application;
CREATE UNIQUE INDEX decision_application ON decision (application_id, number);

CREATE TABLE outbox (
  id           text COLLATE "C" PRIMARY KEY,
  person_id    text COLLATE "C" NOT NULL REFERENCES person (id),
  kind         text COLLATE "C" NOT NULL
                 CHECK (kind IN ('offer_made', 'session_moved', 'session_cancelled', 'sessions_cancelled')),
  record       text COLLATE "C" NOT NULL,
  payload      bytea NOT NULL,
  created_at   bigint NOT NULL,
  due_at       bigint NOT NULL,
  leased_until bigint,
  attempts     bigint NOT NULL,
  tried_at     bigint,
  settled_at   bigint,
  outcome      text COLLATE "C" CHECK (outcome IN ('sent', 'dropped', 'failed')),
  CHECK ((settled_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE settled_at IS NULL;
CREATE INDEX outbox_failed ON outbox (settled_at) WHERE outcome = 'failed';
CREATE INDEX outbox_person ON outbox (person_id, record);

CREATE TABLE audit_head (
  id   bigint PRIMARY KEY CHECK (id = 1),
  seq  bigint NOT NULL,
  hash bytea NOT NULL
);

CREATE TABLE calendar_version (
  id      bigint PRIMARY KEY CHECK (id = 1),
  version bigint NOT NULL
);
INSERT INTO calendar_version (id, version) VALUES (1, 1);

ALTER TABLE application ADD COLUMN person_seq bigint REFERENCES person (seq);
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

-- No PostgreSQL was used before this version: there are no rows to take along.
DROP TABLE verdict;
DROP TABLE screening;
CREATE TABLE screening (
  application_seq bigint NOT NULL REFERENCES application (seq),
  number          bigint NOT NULL,
  verdicts        text COLLATE "C" NOT NULL, -- type and verdict, with a space between, and commas
  trace           bytea NOT NULL, -- sealed JSON: what each criterion found
  run_at          bigint NOT NULL,
  PRIMARY KEY (application_seq, number)
);
CREATE TABLE verdict (           -- of the newest screening
  type_slug       text COLLATE "C" NOT NULL,
  verdict         text COLLATE "C" NOT NULL CHECK (verdict IN ('suits', 'discuss', 'not_now')),
  application_seq bigint NOT NULL,
  PRIMARY KEY (type_slug, verdict, application_seq)
);

-- Each form that is submitted would lock the rows of its programme and of its form's version, and hundreds at once would
-- queue there. Neither is ever deleted. SQLite has these references; server check asks for them here.
ALTER TABLE person DROP CONSTRAINT person_programme_id_fkey;
ALTER TABLE application DROP CONSTRAINT application_programme_id_fkey,
  DROP CONSTRAINT application_form_slug_form_version_fkey;
