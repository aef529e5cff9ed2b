package pgrun_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"grupa/internal/store/pgrun"
)

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// await looks until what is waited for has come.
func await(t *testing.T, what string, come func() bool) {
	t.Helper()
	ticker, deadline := time.NewTicker(20*time.Millisecond), time.After(time.Minute)
	defer ticker.Stop()
	for !come() {
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatalf("%s: not within a minute", what)
		}
	}
}

func gone(path string) bool {
	_, err := os.Lstat(path)
	return errors.Is(err, os.ErrNotExist)
}

// place is a folder that PostgreSQL's user can get to, which the test's own folder is not when we are root.
func place(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp(pgrun.Base(), "grupa-pg-test-")
	noError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	noError(t, os.Chmod(dir, 0o755))
	return dir
}

// postmaster reads the process id of the server whose data are in that folder.
func postmaster(t *testing.T, folder string) int {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(folder, "data", "postmaster.pid"))
	noError(t, err)
	first, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(first)
	noError(t, err)
	return pid
}

func answer(t *testing.T, url, query string) string {
	t.Helper()
	text, err := ask(t.Context(), url, query)
	noError(t, err)
	return text
}
