package pgrun_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"grupa/internal/store/pgrun"
)

func TestProcessesThatStartAtOnceShareOneCluster(t *testing.T) {
	t.Parallel()
	a, b, c := startChild(t, "shared"), startChild(t, "shared"), startChild(t, "shared")
	if x, y, z := a.says(), b.says(), c.says(); x != y || y != z {
		t.Errorf("clusters %q, %q, %q", x, y, z)
	}
}

func TestTheClusterOutlivesTheProcessThatStartedItButNotTheLastOne(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(place(t), "shared")
	openToAll(t, filepath.Dir(folder))
	first := startChild(t, "join", folder)
	was := first.says()
	second := startChild(t, "join", folder)
	if got := second.says(); got != was {
		t.Errorf("the second user has cluster %q, the first %q", got, was)
	}
	pid := postmaster(t, folder)
	first.kill()
	for range 20 { // long enough for a watcher that counts wrongly
		if got := second.again(); got != was {
			t.Fatalf("cluster %q became %q", was, got)
		}
	}
	second.kill()
	await(t, "the folder goes", func() bool { return gone(folder) })
	await(t, "the server ends", func() bool { return !pgrun.Alive(pid) })
	await(t, "nothing is left", func() bool {
		left, err := os.ReadDir(filepath.Dir(folder))
		return err == nil && len(left) == 0
	})
}

func TestWhoComesWhileTheClusterGoesGetsANewOne(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(place(t), "shared")
	openToAll(t, filepath.Dir(folder))
	for range 3 {
		c := startChild(t, "join", folder)
		before := c.says()
		if got := c.again(); got != before {
			t.Errorf("cluster %q became %q under its user", before, got)
		}
		c.kill()
	}
	await(t, "the folder goes", func() bool { return gone(folder) })
}

func TestAnAbandonedFolderIsUsedAnew(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(place(t), "shared")
	openToAll(t, filepath.Dir(folder))
	noError(t, os.MkdirAll(filepath.Join(folder, "data"), 0o700))
	noError(t, os.Mkdir(filepath.Join(folder, "s"), 0o700))
	for _, name := range []string{"users", "start", "watch", "ended", "log", "data/postmaster.pid"} {
		noError(t, os.WriteFile(filepath.Join(folder, name), []byte("1\n"), 0o600))
	}
	c, users, err := pgrun.Join(t.Context(), folder, 0)
	noError(t, err)
	answer(t, c.URL("postgres"), "SELECT 'here'")
	noError(t, users.Close())
	await(t, "the folder goes", func() bool { return gone(folder) })
}

func TestAFolderThatIsNotOursIsRefused(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(place(t), "shared")
	noError(t, os.Symlink(t.TempDir(), folder))
	if _, _, err := pgrun.Join(t.Context(), folder, 0); err == nil || !strings.Contains(err.Error(), "not ours") {
		t.Errorf("got %v", err)
	}
}

// openToAll lets PostgreSQL's user rename in a folder, as it can in the place for temporary files.
func openToAll(t *testing.T, folder string) {
	t.Helper()
	noError(t, os.Chmod(folder, 0o777|os.ModeSticky))
}
