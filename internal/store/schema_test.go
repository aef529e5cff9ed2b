package store_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

// inPostgres gives a transaction of a migrated PostgreSQL database. What a test changes in it is undone.
func inPostgres(t *testing.T) pgx.Tx {
	t.Helper()
	database := storetest.Empty(t, storetest.PostgreSQL)
	noError(t, store.Migrate(t.Context(), database))
	conn, err := pgx.Connect(t.Context(), database)
	noError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) }) // the database goes next
	tx, err := conn.Begin(t.Context())
	noError(t, err)
	return tx
}

// undone runs fn and takes back what it did.
func undone(t *testing.T, tx pgx.Tx, fn func(tx pgx.Tx)) {
	t.Helper()
	inner, err := tx.Begin(t.Context())
	noError(t, err)
	fn(inner)
	noError(t, inner.Rollback(t.Context()))
}

// sqliteObjects gives the statements that an SQLite database says it was made with.
func sqliteObjects(t *testing.T) []string {
	t.Helper()
	database := storetest.Empty(t, storetest.SQLite)
	noError(t, store.Migrate(t.Context(), database))
	return firsts(readAll(t, raw(t, database), `SELECT sql FROM sqlite_schema
		WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid`))
}

// sqliteMeaning makes an SQLite database with those statements and gives its facts.
func sqliteMeaning(t *testing.T, tx pgx.Tx, statements []string) facts {
	t.Helper()
	db := raw(t, storetest.Empty(t, storetest.SQLite))
	exec(t, db, "BEGIN; "+strings.Join(statements, ";\n")+"; COMMIT")
	var f facts
	undone(t, tx, func(tx pgx.Tx) {
		rebuild(t, db, tx, "scratch")
		f = factsOf(t, tx, "scratch")
	})
	return f
}

// unlocked are the references that PostgreSQL leaves out on purpose: see migration 2, and the check that asks for them.
var unlocked = []string{
	"person: (programme_id) references programme (id) on delete no action on update no action ",
	"application: (programme_id) references programme (id) on delete no action on update no action ",
	"application: (form_slug, form_version) references form (slug, version) on delete no action on update no action ",
}

func TestBothSchemasMeanTheSame(t *testing.T) {
	t.Parallel()
	tx := inPostgres(t)
	postgres, sqlite := factsOf(t, tx, "public"), sqliteMeaning(t, tx, sqliteObjects(t))
	sqlite = slices.DeleteFunc(sqlite, func(fact string) bool { return slices.Contains(unlocked, fact) })
	equal(t, "facts of PostgreSQL (+) against those of SQLite (-)", postgres, sqlite)
	for kind, least := range map[string]int{
		" is a table": 30, " column ": 190, " primary key ": 30, " unique (": 9, " index ": 35, " unique index ": 3,
		" where ": 5, " references ": 37, " on delete cascade ": 1, " check ": 25, " raises ": 7, " numbered": 3,
		" boolean ": 1, " default ": 1,
	} {
		n := 0
		for _, fact := range postgres {
			if strings.Contains(fact, kind) {
				n++
			}
		}
		if n < least {
			t.Errorf("%d facts with %q were read, at least %d are there", n, kind, least)
		}
	}
}

// TestADifferenceInPostgreSQLIsSeen is the control of the test above: one difference of each kind.
func TestADifferenceInPostgreSQLIsSeen(t *testing.T) {
	t.Parallel()
	tx := inPostgres(t)
	whole := factsOf(t, tx, "public")
	for _, change := range []string{
		"CREATE TABLE more (n bigint)",
		"DROP TABLE session_facilitator",
		"ALTER TABLE room ADD COLUMN floor bigint",
		"ALTER TABLE room RENAME COLUMN name TO title",
		"ALTER TABLE feed DROP COLUMN alarm_minutes, ADD COLUMN alarm_minutes bigint NOT NULL", // elsewhere in the order
		"ALTER TABLE room ALTER COLUMN capacity TYPE integer",
		`ALTER TABLE room ALTER COLUMN site_id TYPE text COLLATE "ucs_basic"`,
		"ALTER TABLE room ALTER COLUMN name DROP NOT NULL",
		"ALTER TABLE feed ALTER COLUMN revoked_at SET NOT NULL",
		"ALTER TABLE decision ALTER COLUMN number SET DEFAULT 1",
		"ALTER TABLE person ALTER COLUMN seq DROP IDENTITY",
		"ALTER TABLE verdict DROP CONSTRAINT verdict_pkey",
		"ALTER TABLE verdict DROP CONSTRAINT verdict_pkey, ADD PRIMARY KEY (type_slug, application_seq)",
		"ALTER TABLE session DROP CONSTRAINT session_series_id_number_key",
		"ALTER TABLE feed RENAME CONSTRAINT feed_token_key TO feed_secret", // errors are told apart by the name
		"DROP INDEX offer_held",
		"ALTER INDEX offer_held RENAME TO offer_open",
		"DROP INDEX room_site; CREATE INDEX room_site ON room (site_id, id)",
		"DROP INDEX room_site; CREATE INDEX room_site ON room (site_id DESC)",
		"DROP INDEX offer_once; CREATE INDEX offer_once ON offer (group_id, application_id) WHERE state = 'held'",
		"DROP INDEX offer_once; CREATE UNIQUE INDEX offer_once ON offer (group_id, application_id)",
		`DROP INDEX offer_once;
			CREATE UNIQUE INDEX offer_once ON offer (group_id, application_id) WHERE state = 'accepted'`,
		"ALTER TABLE room DROP CONSTRAINT room_site_id_fkey",
		"ALTER TABLE room DROP CONSTRAINT room_site_id_fkey, ADD FOREIGN KEY (site_id) REFERENCES programme",
		"ALTER TABLE room DROP CONSTRAINT room_site_id_fkey, ADD FOREIGN KEY (site_id) REFERENCES site ON DELETE CASCADE",
		"ALTER TABLE room DROP CONSTRAINT room_site_id_fkey, ADD FOREIGN KEY (site_id) REFERENCES site DEFERRABLE",
		"ALTER TABLE room DROP CONSTRAINT room_site_id_fkey, ADD FOREIGN KEY (site_id) REFERENCES site NOT VALID",
		"ALTER TABLE room DROP CONSTRAINT room_capacity_check",
		"ALTER TABLE room DROP CONSTRAINT room_capacity_check, ADD CHECK (capacity >= 0)",
		"ALTER TABLE room DROP CONSTRAINT room_capacity_check, ADD CHECK (capacity > 0) NOT VALID",
		"DROP TRIGGER booking_clash ON booking",
		"ALTER TABLE booking DISABLE TRIGGER booking_clash",
		"ALTER TRIGGER booking_clash ON booking RENAME TO booking_first",
		`CREATE OR REPLACE TRIGGER booking_clash AFTER INSERT ON booking
			FOR EACH ROW EXECUTE FUNCTION booking_clash()`,
		`CREATE OR REPLACE TRIGGER offer_answered_once BEFORE UPDATE ON offer
			FOR EACH ROW EXECUTE FUNCTION offer_answered_once()`,
		`CREATE OR REPLACE TRIGGER offer_takes_seat BEFORE INSERT ON offer
			FOR EACH ROW EXECUTE FUNCTION offer_takes_seat()`,
		`CREATE OR REPLACE FUNCTION booking_clash() RETURNS trigger LANGUAGE plpgsql AS $$
			BEGIN RAISE EXCEPTION USING ERRCODE = 'P0001', MESSAGE = 'taken'; END $$`,
	} {
		undone(t, tx, func(tx pgx.Tx) {
			if _, err := tx.Exec(t.Context(), change); err != nil {
				t.Fatalf("%s: %v", change, err)
			}
			if slices.Equal(whole, factsOf(t, tx, "public")) {
				t.Errorf("not seen: %s", change)
			}
		})
	}
}

// TestADifferenceInSQLiteIsSeen is the control of the translation: what is changed in a statement of SQLite's schema
// arrives.
func TestADifferenceInSQLiteIsSeen(t *testing.T) {
	t.Parallel()
	tx, statements := inPostgres(t), sqliteObjects(t)
	whole := sqliteMeaning(t, tx, statements)
	for _, round := range rounds([]difference{
		{"room", "CREATE TABLE room (", "CREATE TABLE room (floor INTEGER,"},
		{"room", "room_site ON room (site_id)", "room_site ON room (site_id, id)"},
		{"room", "room_site ON room (site_id)", "room_site ON room (site_id DESC)"},
		{"room", "site_id      TEXT NOT NULL REFERENCES site", "site_id TEXT NOT NULL REFERENCES programme"},
		{"feed", "alarm_minutes INTEGER", "alarm_minutes TEXT"},
		{"feed", "alarm_minutes INTEGER NOT NULL", "alarm_minutes INTEGER"},
		{"feed", "token         BLOB NOT NULL UNIQUE", "token BLOB NOT NULL"},
		{"decision", "number INTEGER NOT NULL DEFAULT 0", "number INTEGER NOT NULL DEFAULT 1"},
		{"decision", "INTEGER NOT NULL CHECK (override IN (0, 1))", "INTEGER NOT NULL"},
		{"person", "seq          INTEGER PRIMARY KEY", "seq INTEGER PRIMARY KEY CHECK (seq > 0)"},
		{"verdict", "PRIMARY KEY (type_slug, verdict, application_seq)", "PRIMARY KEY (type_slug, application_seq)"},
		{"session", "UNIQUE (series_id, number)", "UNIQUE (number, series_id)"},
		{"search_word", "ON DELETE CASCADE", ""},
		{"application", "FOREIGN KEY (form_slug, form_version) REFERENCES form", "CHECK (form_version > 0)"},
		{"offer", "CREATE UNIQUE INDEX offer_once", "CREATE INDEX offer_once"},
		{"offer", "(group_id, expires_at) WHERE state = 'held'", "(group_id, expires_at)"},
		{"offer", "(group_id, expires_at) WHERE state = 'held'", "(group_id, expires_at) WHERE state = 'accepted'"},
		{"offer", "CHECK (expires_at > created_at)", "CHECK (expires_at >= created_at)"},
		{"offer", "CHECK (expires_at > created_at)", ""},
		{"booking", "CREATE TRIGGER booking_clash BEFORE", "CREATE TRIGGER booking_clash AFTER"},
		{"booking", "RAISE(ABORT, 'clash')", "RAISE(ABORT, 'taken')"},
		{"care_group", "BEFORE UPDATE OF capacity", "BEFORE UPDATE OF capacity, version"},
		{"care_group", "WHEN NEW.capacity < OLD.capacity", "WHEN NEW.capacity <= OLD.capacity"},
	}) {
		changed := slices.Clone(statements)
		for _, d := range round {
			d.makeIn(t, changed)
		}
		got := sqliteMeaning(t, tx, changed)
		for _, d := range round {
			if slices.Equal(whole.of(d.table), got.of(d.table)) {
				t.Errorf("not seen: %q instead of %q", d.with, d.instead)
			}
		}
	}
}

// difference is a change of a statement that shows in the facts of one table.
type difference struct{ table, instead, with string }

func (d difference) makeIn(t *testing.T, statements []string) {
	t.Helper()
	at := slices.IndexFunc(statements, func(s string) bool { return strings.Contains(s, d.instead) })
	if at < 0 {
		t.Fatalf("nothing has %q", d.instead)
	}
	statements[at] = strings.Replace(statements[at], d.instead, d.with, 1)
}

// rounds puts differences of different tables together, so that a few schemas show them all.
func rounds(all []difference) (rounds [][]difference) {
	seen := map[string]int{}
	for _, d := range all {
		if seen[d.table] == len(rounds) {
			rounds = append(rounds, nil)
		}
		rounds[seen[d.table]] = append(rounds[seen[d.table]], d)
		seen[d.table]++
	}
	return rounds
}
