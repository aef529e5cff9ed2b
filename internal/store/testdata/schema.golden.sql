CREATE INDEX application_changed ON application
  (programme_id, (submitted_at / 4194304), updated_at, seq, submitted_at, state, language, safety, person_seq);

CREATE INDEX application_form ON application (form_slug, form_version);

CREATE INDEX application_newest ON application (programme_id, submitted_at, seq, safety, person_seq);

CREATE INDEX application_person ON application
  (person_seq, programme_id, seq, submitted_at, updated_at, state, language, safety);

CREATE INDEX application_safety ON application
  (programme_id, safety, submitted_at, seq, state, language, person_seq) WHERE safety <> 'none';

CREATE INDEX application_safety_changed ON application
  (programme_id, safety, updated_at, seq, submitted_at, state, language, person_seq) WHERE safety <> 'none';

CREATE INDEX application_state ON application (programme_id, state, language, submitted_at, seq, safety, person_seq);

CREATE INDEX application_state_changed ON application
  (programme_id, state, language, updated_at, seq, submitted_at, safety, person_seq);

CREATE INDEX booking_resource ON booking (resource_id, busy_from, busy_until);

CREATE INDEX care_group_newest ON care_group (programme_id, created_at, id);

CREATE INDEX care_group_type ON care_group (type_slug, type_version);

CREATE INDEX consent_of ON consent (element, version);

CREATE INDEX consent_person ON consent (person_id);

CREATE UNIQUE INDEX decision_application ON decision (application_id, number);

CREATE INDEX decision_by ON decision (decided_by);

CREATE INDEX feed_person ON feed (person_id);

CREATE INDEX idempotency_age ON idempotency (created_at);

CREATE INDEX leader_person ON leader (person_id);

CREATE INDEX membership_application ON membership (application_id);

CREATE UNIQUE INDEX membership_once ON membership (group_id, person_id) WHERE state IN ('enrolled', 'active', 'on_hold');

CREATE INDEX membership_person ON membership (person_id);

CREATE INDEX offer_application ON offer (application_id, created_at);

CREATE INDEX offer_by ON offer (offered_by);

CREATE INDEX offer_held ON offer (group_id, expires_at) WHERE state = 'held';

CREATE UNIQUE INDEX offer_once ON offer (group_id, application_id) WHERE state = 'held';

CREATE INDEX outbox_due ON outbox (due_at, id) WHERE settled_at IS NULL;

CREATE INDEX outbox_failed ON outbox (settled_at) WHERE outcome = 'failed';

CREATE INDEX outbox_person ON outbox (person_id, record);

CREATE INDEX person_programme ON person (programme_id);

CREATE INDEX room_programme ON room (programme_id);

CREATE INDEX room_site ON room (site_id);

CREATE INDEX search_word_person ON search_word (person_seq);

CREATE INDEX series_group ON series (group_id);

CREATE INDEX session_facilitator_person ON session_facilitator (person_id);

CREATE INDEX session_group ON session (group_id, starts_at);

CREATE INDEX session_room ON session (room_id);

CREATE INDEX site_programme ON site (programme_id);

CREATE INDEX staff_role_programme ON staff_role (programme_id, role);

CREATE INDEX token_person ON token (person_id);

CREATE TABLE application (
  seq          INTEGER PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  programme_id TEXT NOT NULL REFERENCES programme,
  person_id    TEXT NOT NULL UNIQUE REFERENCES person (id),
  reference    TEXT NOT NULL UNIQUE,
  receipt      BLOB NOT NULL UNIQUE, -- SHA-256 of the receipt code
  form_slug    TEXT NOT NULL,
  form_version INTEGER NOT NULL,
  language     TEXT NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'in_review', 'interview', 'eligible', 'waitlisted',
                 'enrolled', 'withdrawn', 'referred_on', 'duplicate')),
  safety       TEXT NOT NULL CHECK (safety IN ('none', 'open', 'cleared')),
  answers      BLOB NOT NULL,    -- sealed JSON
  version      INTEGER NOT NULL,
  submitted_at INTEGER NOT NULL,
  updated_at   INTEGER NOT NULL, person_seq INTEGER REFERENCES person (seq),
  FOREIGN KEY (form_slug, form_version) REFERENCES form
) STRICT;

CREATE TABLE audit (
  seq       INTEGER PRIMARY KEY AUTOINCREMENT,
  at        INTEGER NOT NULL,
  caller    TEXT NOT NULL,       -- kind of caller
  person_id TEXT,                -- no reference: the trail outlives the person
  action    TEXT NOT NULL,
  record    TEXT NOT NULL,
  outcome   TEXT NOT NULL CHECK (outcome IN ('done', 'refused'))
) STRICT;

CREATE TABLE audit_chain (       -- written by a job within a second, so that writers never wait for one chain's head
  seq  INTEGER PRIMARY KEY REFERENCES audit,
  hash BLOB NOT NULL             -- HMAC of the hash before and the row, under a key of the installation's
) STRICT;

CREATE TABLE audit_head (        -- where the chain ends, so that rows taken from its end are missed
  id   INTEGER PRIMARY KEY CHECK (id = 1),
  seq  INTEGER NOT NULL,
  hash BLOB NOT NULL             -- HMAC of the last link and its number
) STRICT;

CREATE TABLE booking (           -- of sessions that are not cancelled
  session_id  TEXT NOT NULL REFERENCES session,
  resource    TEXT NOT NULL CHECK (resource IN ('room', 'facilitator', 'group')),
  resource_id TEXT NOT NULL,
  busy_from   INTEGER NOT NULL,
  busy_until  INTEGER NOT NULL CHECK (busy_until > busy_from), -- half-open: what touches does not clash
  PRIMARY KEY (session_id, resource, resource_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE calendar_version (  -- rises with all that a feed can show, so that a replica knows when what it keeps is old
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL
) STRICT;

CREATE TABLE care_group (        -- "group" is a word of SQL
  id           TEXT PRIMARY KEY,
  programme_id TEXT NOT NULL REFERENCES programme,
  type_slug    TEXT NOT NULL,
  type_version INTEGER NOT NULL,
  title        BLOB NOT NULL,    -- sealed with the programme's key
  language     TEXT NOT NULL,
  delivery     TEXT NOT NULL CHECK (delivery IN ('in-person', 'online', 'hybrid')),
  membership   TEXT NOT NULL CHECK (membership IN ('open', 'half-open', 'closed')),
  minimum      INTEGER NOT NULL CHECK (minimum BETWEEN 1 AND capacity),
  capacity     INTEGER NOT NULL CHECK (capacity BETWEEN 1 AND 100),
  state        TEXT NOT NULL CHECK (state IN ('planned', 'recruiting', 'confirmed', 'running', 'ending', 'closed',
                 'postponed', 'cancelled')),
  version      INTEGER NOT NULL,
  created_at   INTEGER NOT NULL,
  updated_at   INTEGER NOT NULL,
  FOREIGN KEY (type_slug, type_version) REFERENCES group_type
) STRICT;

CREATE TABLE consent (
  id            TEXT PRIMARY KEY,
  membership_id TEXT NOT NULL REFERENCES membership,
  person_id     TEXT NOT NULL REFERENCES person (id),
  element       TEXT NOT NULL,   -- slug of the catalogue
  version       INTEGER NOT NULL,
  language      TEXT NOT NULL,   -- the text was read in
  way           TEXT NOT NULL CHECK (way IN ('written', 'oral')),
  given_at      INTEGER NOT NULL,
  withdrawn_at  INTEGER,
  UNIQUE (membership_id, element, version),
  FOREIGN KEY (element, version) REFERENCES consent_element
) STRICT;

CREATE TABLE consent_element (   -- a version never changes: it is what somebody agreed to
  slug         TEXT NOT NULL,
  version      INTEGER NOT NULL,
  body         TEXT NOT NULL,    -- JSON: name and text in every language
  published_at INTEGER NOT NULL,
  PRIMARY KEY (slug, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE decision (
  id             TEXT PRIMARY KEY,
  application_id TEXT NOT NULL REFERENCES application (id),
  verb           TEXT NOT NULL,
  type_slug      TEXT,
  alternative    TEXT,
  override       INTEGER NOT NULL CHECK (override IN (0, 1)),
  reason         BLOB NOT NULL,  -- sealed
  decided_by     TEXT NOT NULL REFERENCES staff,
  decided_at     INTEGER NOT NULL
, number INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE feed (
  id            TEXT PRIMARY KEY,
  person_id     TEXT NOT NULL REFERENCES person (id),
  token         BLOB NOT NULL UNIQUE, -- SHA-256 of the secret in the address
  detail        TEXT NOT NULL CHECK (detail IN ('discreet', 'full')),
  summary       BLOB NOT NULL,   -- sealed
  language      TEXT NOT NULL,
  alarm_minutes INTEGER NOT NULL,
  created_at    INTEGER NOT NULL,
  expires_at    INTEGER NOT NULL,
  revoked_at    INTEGER,
  fetched_on    TEXT             -- a day, no more
) STRICT;

CREATE TABLE form (
  slug         TEXT NOT NULL,
  version      INTEGER NOT NULL,
  body         TEXT NOT NULL,    -- the data format of package intake
  published_at INTEGER NOT NULL,
  PRIMARY KEY (slug, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE group_type (
  slug         TEXT NOT NULL,
  version      INTEGER NOT NULL,
  body         TEXT NOT NULL,    -- the data format of package intake
  published_at INTEGER NOT NULL,
  PRIMARY KEY (slug, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
  key          BLOB PRIMARY KEY, -- SHA-256 of who, what and the client's key
  request      BLOB NOT NULL,    -- SHA-256 of the request
  response     BLOB NOT NULL,    -- sealed under a key derived from the client's key, which is not kept
  created_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE installation (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  key_check  BLOB NOT NULL,      -- a known text, sealed: tells a wrong key at start instead of at the first reading
  key        BLOB NOT NULL,      -- wrapped
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE leader (
  group_id  TEXT NOT NULL REFERENCES care_group,
  person_id TEXT NOT NULL REFERENCES staff,
  PRIMARY KEY (group_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE membership (
  id             TEXT PRIMARY KEY,
  group_id       TEXT NOT NULL REFERENCES care_group,
  person_id      TEXT NOT NULL REFERENCES person (id),
  application_id TEXT NOT NULL REFERENCES application (id),
  offer_id       TEXT NOT NULL UNIQUE REFERENCES offer,
  state          TEXT NOT NULL CHECK (state IN ('enrolled', 'active', 'on_hold', 'completed', 'left', 'removed')),
  from_day       TEXT NOT NULL,  -- 2026-11-22, at the programme's site
  to_day         TEXT CHECK (to_day >= from_day), -- inclusive; null while it goes on
  created_at     INTEGER NOT NULL,
  updated_at     INTEGER NOT NULL
) STRICT;

CREATE TABLE offer (
  id             TEXT PRIMARY KEY,
  group_id       TEXT NOT NULL REFERENCES care_group,
  application_id TEXT NOT NULL REFERENCES application (id),
  state          TEXT NOT NULL CHECK (state IN ('held', 'accepted', 'declined', 'expired', 'withdrawn')),
  offered_by     TEXT NOT NULL REFERENCES staff,
  created_at     INTEGER NOT NULL,
  expires_at     INTEGER NOT NULL CHECK (expires_at > created_at),
  answered_at    INTEGER
) STRICT;

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

CREATE TABLE person (
  seq          INTEGER PRIMARY KEY, -- in the order they came: what is keyed by it grows at one end of its tree
  id           TEXT NOT NULL UNIQUE,
  programme_id TEXT NOT NULL REFERENCES programme,
  key          BLOB NOT NULL,    -- wrapped; destroying it makes everything sealed about the person unreadable
  language     TEXT NOT NULL,
  time_zone    TEXT NOT NULL,    -- IANA name
  contact      BLOB NOT NULL,    -- sealed JSON: name, addresses, how to reach
  created_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE programme (
  id         TEXT PRIMARY KEY,
  key        BLOB NOT NULL,      -- wrapped
  language   TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE room (
  id           TEXT PRIMARY KEY,
  programme_id TEXT NOT NULL REFERENCES programme,
  site_id      TEXT NOT NULL REFERENCES site,
  name         BLOB NOT NULL,    -- sealed with the programme's key
  capacity     INTEGER NOT NULL CHECK (capacity > 0),
  created_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE "screening" (
  application_seq INTEGER NOT NULL REFERENCES application (seq),
  number          INTEGER NOT NULL,
  verdicts        TEXT NOT NULL, -- type and verdict, with a space between, and commas
  trace           BLOB NOT NULL, -- sealed JSON: what each criterion found
  run_at          INTEGER NOT NULL,
  PRIMARY KEY (application_seq, number)
) STRICT;

CREATE TABLE search_word (
  word       BLOB NOT NULL,      -- HMAC of a kind and a normalised word
  person_seq INTEGER NOT NULL REFERENCES person (seq) ON DELETE CASCADE,
  PRIMARY KEY (word, person_seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE series (
  id          TEXT PRIMARY KEY,
  group_id    TEXT NOT NULL REFERENCES care_group,
  start_local TEXT NOT NULL,     -- wall clock: 2026-10-06T18:00
  time_zone   TEXT NOT NULL,     -- IANA name
  minutes     INTEGER NOT NULL,
  every_weeks INTEGER NOT NULL,
  count       INTEGER,
  until_day   TEXT,
  skip_days   TEXT NOT NULL,     -- days with commas between
  created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
  id          TEXT PRIMARY KEY,
  group_id    TEXT NOT NULL REFERENCES care_group,
  series_id   TEXT NOT NULL REFERENCES series,
  number      INTEGER NOT NULL,
  start_local TEXT NOT NULL,     -- wall clock, which is the truth
  time_zone   TEXT NOT NULL,     -- IANA name
  minutes     INTEGER NOT NULL CHECK (minutes > 0),
  starts_at   INTEGER NOT NULL,  -- derived from the wall clock
  ends_at     INTEGER NOT NULL CHECK (ends_at > starts_at),
  room_id     TEXT REFERENCES room,
  state       TEXT NOT NULL CHECK (state IN ('planned', 'moved', 'held', 'cancelled')),
  sequence    INTEGER NOT NULL,
  version     INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  UNIQUE (series_id, number)
) STRICT;

CREATE TABLE session_facilitator (
  session_id TEXT NOT NULL REFERENCES session,
  person_id  TEXT NOT NULL REFERENCES staff,
  PRIMARY KEY (session_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE site (
  id           TEXT PRIMARY KEY,
  programme_id TEXT NOT NULL REFERENCES programme,
  time_zone    TEXT NOT NULL,    -- IANA name
  created_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE staff (
  person_id   TEXT PRIMARY KEY REFERENCES person (id),
  email       BLOB NOT NULL UNIQUE, -- HMAC of the mail address
  disabled_at INTEGER,
  created_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE staff_role (
  person_id    TEXT NOT NULL REFERENCES staff,
  programme_id TEXT NOT NULL REFERENCES programme,
  role         TEXT NOT NULL CHECK (role IN ('administrator', 'coordinator', 'facilitator')),
  created_at   INTEGER NOT NULL,
  PRIMARY KEY (person_id, programme_id, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE token (
  hash       BLOB PRIMARY KEY,   -- SHA-256 of the token
  person_id  TEXT NOT NULL REFERENCES staff,
  name       BLOB NOT NULL,      -- sealed: what its owner calls it
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE "verdict" (       -- of the newest screening
  type_slug       TEXT NOT NULL,
  verdict         TEXT NOT NULL CHECK (verdict IN ('suits', 'discuss', 'not_now')),
  application_seq INTEGER NOT NULL,
  PRIMARY KEY (type_slug, verdict, application_seq)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER booking_clash BEFORE INSERT ON booking BEGIN
  SELECT RAISE(ABORT, 'clash') WHERE EXISTS (SELECT 1 FROM booking
    WHERE resource_id = NEW.resource_id AND busy_from < NEW.busy_until AND NEW.busy_from < busy_until);
END;

CREATE TRIGGER booking_clash_again BEFORE UPDATE ON booking BEGIN
  SELECT RAISE(ABORT, 'clash') WHERE EXISTS (SELECT 1 FROM booking
    WHERE resource_id = NEW.resource_id AND session_id <> OLD.session_id
      AND busy_from < NEW.busy_until AND NEW.busy_from < busy_until);
END;

CREATE TRIGGER capacity_covers_seats BEFORE UPDATE OF capacity ON care_group WHEN NEW.capacity < OLD.capacity BEGIN
  SELECT RAISE(ABORT, 'capacity_below_taken') WHERE
    (SELECT count(*) FROM membership WHERE group_id = NEW.id AND state IN ('enrolled', 'active', 'on_hold'))
    + (SELECT count(*) FROM offer WHERE group_id = NEW.id AND state = 'held' AND expires_at > NEW.updated_at)
    > NEW.capacity;
END;

CREATE TRIGGER membership_takes_seat BEFORE INSERT ON membership WHEN NEW.state IN ('enrolled', 'active', 'on_hold') BEGIN
  SELECT RAISE(ABORT, 'seat_taken') WHERE
    (SELECT count(*) FROM membership WHERE group_id = NEW.group_id AND state IN ('enrolled', 'active', 'on_hold'))
    + (SELECT count(*) FROM offer WHERE group_id = NEW.group_id AND state = 'held' AND expires_at > NEW.created_at)
    >= (SELECT capacity FROM care_group WHERE id = NEW.group_id);
END;

CREATE TRIGGER membership_takes_seat_again BEFORE UPDATE OF state ON membership
WHEN NEW.state IN ('enrolled', 'active', 'on_hold') AND OLD.state NOT IN ('enrolled', 'active', 'on_hold') BEGIN
  SELECT RAISE(ABORT, 'seat_taken') WHERE
    (SELECT count(*) FROM membership WHERE group_id = NEW.group_id AND state IN ('enrolled', 'active', 'on_hold'))
    + (SELECT count(*) FROM offer WHERE group_id = NEW.group_id AND state = 'held' AND expires_at > NEW.updated_at)
    >= (SELECT capacity FROM care_group WHERE id = NEW.group_id);
END;

CREATE TRIGGER offer_answered_once BEFORE UPDATE OF state ON offer BEGIN
  SELECT RAISE(ABORT, 'offer_over') WHERE OLD.state <> 'held'
    OR (NEW.state = 'accepted' AND (NEW.answered_at IS NULL OR NEW.answered_at >= OLD.expires_at));
END;

CREATE TRIGGER offer_takes_seat BEFORE INSERT ON offer WHEN NEW.state = 'held' BEGIN
  SELECT RAISE(ABORT, 'already_member') WHERE EXISTS (SELECT 1 FROM membership WHERE group_id = NEW.group_id
    AND application_id = NEW.application_id AND state IN ('enrolled', 'active', 'on_hold'));
  SELECT RAISE(ABORT, 'seat_taken') WHERE
    (SELECT count(*) FROM membership WHERE group_id = NEW.group_id AND state IN ('enrolled', 'active', 'on_hold'))
    + (SELECT count(*) FROM offer WHERE group_id = NEW.group_id AND state = 'held' AND expires_at > NEW.created_at)
    >= (SELECT capacity FROM care_group WHERE id = NEW.group_id);
END;

