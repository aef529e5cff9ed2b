package storetest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"grupa/internal/store"
	"grupa/internal/store/pgrun"
)

// Engine is one of the two databases.
type Engine string

// The engines.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgresql"
)

// engineVariable tells New which engine the tests of this process run on at the moment.
const engineVariable = "GRUPA_TEST_ENGINE"

// Main runs all tests of a package on SQLite, then all of them again on PostgreSQL, and gives the exit code. Where no
// PostgreSQL is installed it says so; in CI that is a failure. A developer may name one engine in the variable.
func Main(m *testing.M) int {
	chosen := os.Getenv(engineVariable) != ""
	code := m.Run()
	if code != 0 || chosen || onlyOnce() {
		return code
	}
	if _, err := pgrun.Find(); err != nil {
		fmt.Printf("the tests ran on SQLite alone: %v\n", err)
		if os.Getenv("CI") != "" {
			return 1
		}
		return code
	}
	if err := os.Setenv(engineVariable, string(PostgreSQL)); err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("once more, on PostgreSQL")
	return m.Run()
}

// onlyOnce is for what is no run of tests: looking for new inputs, listing.
func onlyOnce() bool {
	for _, name := range []string{"test.fuzz", "test.list"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != "" {
			return true
		}
	}
	return false
}

// EngineNow is the engine that the tests of this process run on at the moment.
func EngineNow() Engine {
	if e := os.Getenv(engineVariable); e != "" {
		return Engine(e)
	}
	return SQLite
}

// Empty gives the place of a database that is not there yet: no file, or a PostgreSQL database without a table.
func Empty(tb testing.TB, e Engine) (database string) {
	tb.Helper()
	if e == SQLite {
		return filepath.Join(tb.TempDir(), "grupa.db")
	}
	return cluster(tb, "empty", func(string) error { return nil })
}

// migrated gives a database with the schema in it.
func migrated(tb testing.TB, e Engine) (database string) {
	tb.Helper()
	if e == SQLite {
		database = Empty(tb, e)
		must(tb, store.Migrate(tb.Context(), database))
		return database
	}
	return cluster(tb, "migrated", func(url string) error { return store.Migrate(context.Background(), url) })
}

// cluster clones a template, which is filled once for all packages of the run.
func cluster(tb testing.TB, template string, fill func(url string) error) (url string) {
	tb.Helper()
	c, err := pgrun.Shared(tb.Context())
	if errors.Is(err, pgrun.ErrNotFound) && os.Getenv("CI") == "" {
		tb.Skip(err)
	}
	must(tb, err)
	must(tb, c.Template(context.Background(), template, fill))
	return c.ForTest(tb, template)
}
