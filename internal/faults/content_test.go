package main

import (
	"database/sql"
	"testing"

	"grupa/internal/bench/rig"
)

// released is a place with a released database, and what that has.
func released(t *testing.T) (rig.Place, content) {
	t.Helper()
	place := rig.PlaceIn(t.TempDir())
	if err := unpack("v1", place); err != nil {
		t.Fatal(err)
	}
	c, err := contentOf(t.Context(), place, nil)
	if err != nil {
		t.Fatal(err)
	}
	return place, c
}

func TestEveryChangeOfAReleasedDatabaseIsSeen(t *testing.T) {
	t.Parallel()
	for _, statement := range []string{
		"DELETE FROM consent WHERE rowid = (SELECT min(rowid) FROM consent)",
		"UPDATE person SET language = 'en' WHERE seq = (SELECT max(seq) FROM person WHERE language <> 'en')",
		"UPDATE screening SET trace = CAST(trace || x'00' AS BLOB) WHERE application_seq = 1",
		"UPDATE decision SET type_slug = '' WHERE type_slug IS NULL",
	} {
		place, before := released(t)
		change(t, place, statement)
		after, err := contentOf(t.Context(), place, before.tables)
		if err != nil {
			t.Fatal(err)
		}
		if missing(before.tables, after.tables) == nil {
			t.Errorf("not seen: %s", statement)
		}
	}
}

func TestAHalfDoneSchemaIsNotTakenForAWholeOne(t *testing.T) {
	t.Parallel()
	for _, statement := range []string{
		"CREATE TABLE outbox (id TEXT PRIMARY KEY) STRICT", "DROP INDEX decision_application", "DROP TRIGGER booking_clash",
		"INSERT INTO goose_db_version (version_id, is_applied) VALUES (2, 1)",
	} {
		place, before := released(t)
		change(t, place, statement)
		after, err := contentOf(t.Context(), place, before.tables)
		if err != nil {
			t.Fatal(err)
		}
		if before.schema == after.schema {
			t.Errorf("not seen: %s", statement)
		}
		if err := missing(before.tables, after.tables); err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

func change(t *testing.T, place rig.Place, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite3", databaseOf(place))
	if err != nil {
		t.Fatal(err)
	}
	result, err := db.ExecContext(t.Context(), statement)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 && statement[0] != 'C' && statement[1] != 'R' {
		t.Fatalf("%s changed nothing: %v", statement, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
