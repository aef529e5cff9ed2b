package pgrun_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"grupa/internal/store/pgrun"
)

func shared(t *testing.T) *pgrun.Cluster {
	t.Helper()
	c, err := pgrun.Shared(t.Context())
	noError(t, err)
	return c
}

func TestATemplateIsFilledOnceByAllProcesses(t *testing.T) {
	t.Parallel()
	marks := filepath.Join(t.TempDir(), "marks")
	a, b := startChild(t, "fill", "once", marks), startChild(t, "fill", "once", marks)
	a.says()
	b.says()
	got, err := os.ReadFile(marks)
	noError(t, err)
	if string(got) != "x" {
		t.Errorf("filled %d times", len(got))
	}
}

func TestAFillThatFailsLeavesNoTemplate(t *testing.T) {
	t.Parallel()
	c, broken := shared(t), errors.New("broken")
	err := c.Template(t.Context(), "failing", func(url string) error {
		return errors.Join(run(t.Context(), url, "CREATE TABLE half (n bigint)"), broken)
	})
	if !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
	noError(t, c.Template(t.Context(), "failing", func(url string) error {
		return run(t.Context(), url, "CREATE TABLE whole (n bigint)")
	}))
	tables := answer(t, c.ForTest(t, "failing"),
		"SELECT string_agg(tablename, ' ') FROM pg_tables WHERE schemaname = 'public'")
	if tables != "whole" {
		t.Errorf("the template has %q", tables)
	}
}

func TestNobodyStaysInATemplate(t *testing.T) {
	t.Parallel()
	c := shared(t)
	var forgotten *pgx.Conn
	noError(t, c.Template(t.Context(), "closed", func(url string) (err error) {
		forgotten, err = pgx.Connect(t.Context(), url)
		return err
	}))
	if err := forgotten.Ping(t.Context()); err == nil {
		t.Error("a connection of the fill is still open")
	}
	if err := run(t.Context(), c.URL("closed"), "SELECT 1"); err == nil {
		t.Error("a template lets someone in")
	}
}

func TestDatabasesOfTwoTestsAreApartAndGoWithThem(t *testing.T) {
	t.Parallel()
	c := shared(t)
	noError(t, c.Template(t.Context(), "apart", func(url string) error {
		return run(t.Context(), url, "CREATE TABLE note AS SELECT 'template' AS word")
	}))
	var urls []string
	t.Run("tests", func(t *testing.T) {
		for _, word := range []string{"first", "second"} {
			url := c.ForTest(t, "apart")
			noError(t, run(t.Context(), url, "INSERT INTO note VALUES ('"+word+"')"))
			if got := answer(t, url, "SELECT string_agg(word, ' ' ORDER BY word DESC) FROM note"); got != "template "+word {
				t.Errorf("the %s test's database has %q", word, got)
			}
			urls = append(urls, url)
		}
		still, err := pgx.Connect(t.Context(), urls[0]) // forgotten: it does not keep the database
		noError(t, err)
		noError(t, still.Ping(t.Context()))
	})
	for _, url := range urls {
		if err := run(t.Context(), url, "SELECT 1"); err == nil || !strings.Contains(err.Error(), "does not exist") {
			t.Errorf("after the test: %v", err)
		}
	}
}
