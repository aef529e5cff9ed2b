package store_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// schema is all that the database is made of, but for the tables of the engine and of the migrations.
func schema(t *testing.T, path string) string {
	t.Helper()
	rows, err := raw(t, path).Query(`SELECT sql FROM sqlite_schema
		WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND tbl_name <> 'goose_db_version' ORDER BY type, name`)
	noError(t, err)
	var b strings.Builder
	for rows.Next() {
		var text string
		noError(t, rows.Scan(&text))
		b.WriteString(text + ";\n\n")
	}
	noError(t, rows.Err())
	return b.String()
}

func TestTheSchemaIsTheOneThatWasReviewed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "grupa.db")
	noError(t, store.Migrate(t.Context(), path))
	got, golden := schema(t, path), filepath.Join("testdata", "schema.golden.sql")
	if *update {
		noError(t, os.MkdirAll("testdata", 0o755))
		noError(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	noError(t, err)
	equal(t, "schema; if it is meant, run go test ./internal/store -update", got, string(want))
}

func TestMigratingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	s := storetest.New(t, onSQLite)
	p, before := s.Apply(storetest.Filled("Kept")), schema(t, s.Database)
	noError(t, store.Migrate(t.Context(), s.Database))
	equal(t, "schema", schema(t, s.Database), before)
	has(t, s.DB, p)
	ok, err := store.Migrated(t.Context(), s.Database)
	noError(t, err)
	equal(t, "migrated", ok, true)
}

func TestAnEmptyDatabaseIsNotTakenForAMigratedOne(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "grupa.db")
	noError(t, os.WriteFile(path, nil, 0o600))
	ok, err := store.Migrated(t.Context(), path)
	noError(t, err)
	equal(t, "migrated", ok, false)
}

func TestADatabaseOfANewerVersionIsLeftAlone(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	exec(t, raw(t, s.Database), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, ?)", true)
	if err := store.Migrate(t.Context(), s.Database); !errors.Is(err, store.ErrNewer) {
		t.Errorf("migrate: %v", err)
	}
	if _, err := store.Migrated(t.Context(), s.Database); !errors.Is(err, store.ErrNewer) {
		t.Errorf("migrated: %v", err)
	}
}

func TestARowThatRefersToNothingIsFound(t *testing.T) {
	t.Parallel()
	s := storetest.New(t, onSQLite)
	noError(t, s.Check(t.Context()))
	db := raw(t, s.Database)
	exec(t, db, "INSERT INTO site VALUES ('S', 'no such programme', 'UTC', 0)")
	if err := s.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "refer to what is not there") {
		t.Errorf("check: %v", err)
	}
}

func TestEveryTableIsStrictAndEveryReferenceHasAnIndex(t *testing.T) {
	t.Parallel()
	s := storetest.New(t, onSQLite)
	db := raw(t, s.Database)
	loose := number(t, db, `SELECT count(*) FROM pragma_table_list
		WHERE type = 'table' AND schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%' AND name <> 'goose_db_version'`)
	equal(t, "tables that are not strict", loose, 0)
	rows, err := db.Query(`SELECT t.name, f."from" FROM pragma_table_list t, pragma_foreign_key_list(t.name) f
		WHERE t.type = 'table' AND t.schema = 'main' AND f.seq = 0 AND NOT EXISTS (
			SELECT 1 FROM pragma_index_list(t.name) l, pragma_index_info(l.name) i WHERE i.seqno = 0 AND i.name = f."from")
		AND NOT EXISTS (SELECT 1 FROM pragma_table_info(t.name) c WHERE c.pk = 1 AND c.name = f."from")`)
	noError(t, err)
	for rows.Next() {
		var table, column string
		noError(t, rows.Scan(&table, &column))
		t.Errorf("%s.%s refers to another table and has no index: a deletion there reads all of this one", table, column)
	}
	noError(t, rows.Err())
}
