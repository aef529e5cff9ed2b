package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
	"grupa/internal/store/seal"
	"grupa/internal/store/storetest"
)

// raw opens the database behind the store's back, without any of its settings.
func raw(t testing.TB, database string) *sql.DB { return storetest.Beside(t, database) }

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// onSQLite is for what only SQLite has: a file, a writer that others wait in line for.
var onSQLite = storetest.Options{Engine: storetest.SQLite}

func exec(t testing.TB, db *sql.DB, query string, args ...any) {
	t.Helper()
	_, err := db.Exec(query, args...)
	noError(t, err)
}

func number(t testing.TB, db *sql.DB, query string, args ...any) (n int) {
	t.Helper()
	noError(t, db.QueryRow(query, args...).Scan(&n))
	return n
}

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// isError is errors.Is, with the fields compared too where want has some.
func isError(t testing.TB, what string, got, want error) {
	t.Helper()
	w, g := fault.Of(want), fault.Of(got)
	if w == nil || g == nil || !g.Is(w) || len(w.Fields) > 0 && !cmp.Equal(g.Fields, w.Fields) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// note leaves the audit row that a unit must have, and by which a test finds it again.
func note(text string) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		tx.Audit(text, "")
		return nil
	}
}

func noted(t testing.TB, db *sql.DB, text string) int {
	t.Helper()
	return number(t, db, "SELECT count(*) FROM audit WHERE action = ?", text)
}

// hold keeps the writer busy with a unit until release is called, so that others can gather behind it. It gives back
// when the unit runs.
func hold(t testing.TB, s *storetest.Store) (release func()) {
	t.Helper()
	running, free, over := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		over <- s.Update(t.Context(), account.Machine(), func(tx *store.Tx) error {
			close(running)
			<-free
			return note("hold")(tx)
		})
	}()
	<-running
	return func() {
		t.Helper()
		close(free)
		noError(t, <-over)
	}
}

// inLine waits until that many units stand in line.
func inLine(s *storetest.Store, n int) {
	for s.Waiting() < n {
		runtime.Gosched()
	}
}

// inTheFile says whether the database holds the text: SQLite's file and its log, every value of PostgreSQL's tables.
func inTheFile(t testing.TB, database, text string) bool {
	t.Helper()
	if store.IsPostgres(database) {
		db := raw(t, database)
		return strings.Contains(allText(t, db, storetest.Tables(t, db)...), text)
	}
	for _, name := range []string{database, database + "-wal"} {
		content, err := os.ReadFile(name)
		noError(t, err)
		if strings.Contains(string(content), text) {
			return true
		}
	}
	return false
}

// allText is everything in the tables.
func allText(t testing.TB, db *sql.DB, tables ...string) string {
	t.Helper()
	var b strings.Builder
	for _, table := range tables {
		rows, err := db.Query("SELECT * FROM " + table)
		noError(t, err)
		columns, err := rows.Columns()
		noError(t, err)
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		for rows.Next() {
			noError(t, rows.Scan(into...))
			for _, v := range values {
				fmt.Fprintf(&b, "%s|", v)
			}
		}
		noError(t, rows.Err())
	}
	return b.String()
}

// openAgain opens a database file beside whoever has it open, with that installation key.
func openAgain(t testing.TB, path string, key []byte) *store.DB {
	t.Helper()
	keyring, err := seal.New(key)
	noError(t, err)
	clock := &storetest.Clock{}
	clock.Set(storetest.Epoch)
	db, err := store.Open(t.Context(), store.Config{
		Database: path, Sealing: keyring, Now: clock.Now, Log: slog.New(slog.DiscardHandler)})
	noError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// found lists the applications that a search finds.
func found(t testing.TB, s *storetest.Store, c account.Caller, f intake.Filter) (ids []intake.ApplicationID) {
	t.Helper()
	f.Limit = 100
	s.Read(c, func(tx *store.Tx) error {
		page, err := intake.List(tx, f)
		for _, item := range page.Items {
			ids = append(ids, item.ID)
		}
		return err
	})
	return ids
}

// tester is a test and a property alike.
type tester interface {
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Context() context.Context
}
