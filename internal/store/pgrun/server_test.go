package pgrun_test

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"grupa/internal/store/pgrun"
)

func start(t *testing.T, o pgrun.Options) *pgrun.Server {
	t.Helper()
	s, err := pgrun.Start(t.Context(), o)
	noError(t, err)
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestAKilledServerKeepsWhatWasCommittedAndNothingElse(t *testing.T) {
	t.Parallel()
	s := start(t, pgrun.Options{Durable: true})
	noError(t, s.Create(t.Context(), "kept"))
	noError(t, run(t.Context(), s.URL("kept"), "CREATE TABLE row AS SELECT 'committed' AS word"))
	conn, err := pgx.Connect(t.Context(), s.URL("kept"))
	noError(t, err)
	tx, err := conn.Begin(t.Context())
	noError(t, err)
	_, err = tx.Exec(t.Context(), "INSERT INTO row VALUES ('not committed')")
	noError(t, err)

	noError(t, s.Kill())
	if err := tx.Commit(t.Context()); err == nil {
		t.Error("a killed server committed")
	}
	if err := run(t.Context(), s.URL("kept"), "SELECT 1"); err == nil {
		t.Error("a killed server answers")
	}
	noError(t, s.Restart(t.Context()))
	if got := answer(t, s.URL("kept"), "SELECT string_agg(word, ', ') FROM row"); got != "committed" {
		t.Errorf("after the crash there is %q", got)
	}
}

func TestOnlyADurableServerForcesCommitsToDisk(t *testing.T) {
	t.Parallel()
	const query = `SELECT string_agg(setting, ' ' ORDER BY name) FROM pg_settings
		WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')`
	for want, o := range map[string]pgrun.Options{"on on on": {Durable: true}, "off off off": {}} {
		if got := answer(t, start(t, o).URL("postgres"), query); got != want {
			t.Errorf("durable %v: %s", o.Durable, got)
		}
	}
}

func TestAStoppedServerLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	s := start(t, pgrun.Options{})
	folder := filepath.Dir(answer(t, s.URL("postgres"), "SHOW data_directory"))
	pid := postmaster(t, folder)
	if gone(folder) || !pgrun.Alive(pid) {
		t.Fatal("the server that answers is not where it is looked for")
	}
	noError(t, s.Stop())
	if !gone(folder) || pgrun.Alive(pid) {
		t.Errorf("after Stop: folder gone %v, process alive %v", gone(folder), pgrun.Alive(pid))
	}
}

func TestAServerListensOnTheNetworkOnlyWhenToldTo(t *testing.T) {
	t.Parallel()
	if got := answer(t, start(t, pgrun.Options{}).URL("postgres"), "SHOW listen_addresses"); got != "" {
		t.Errorf("listens on %q", got)
	}
	s := start(t, pgrun.Options{TCP: true})
	if got := answer(t, s.URL("postgres"), "SELECT host(inet_server_addr())"); got != "127.0.0.1" {
		t.Errorf("reached at %q", got)
	}
	if got := answer(t, s.SocketURL("postgres"), "SELECT coalesce(host(inet_server_addr()), 'socket')"); got != "socket" {
		t.Errorf("reached at %q", got)
	}
}

func TestNobodyGetsInOverTheNetworkWithoutThePassword(t *testing.T) {
	t.Parallel()
	s := start(t, pgrun.Options{TCP: true})
	u, err := url.Parse(s.URL("postgres"))
	noError(t, err)
	u.User = url.UserPassword(u.User.Username(), "guessed")
	if err := run(t.Context(), u.String(), "SELECT 1"); err == nil || !strings.Contains(err.Error(), "password") {
		t.Errorf("with a wrong password: %v", err)
	}
}

func TestAServerEndsWithItsKilledProcessAndItsFolderCanBeUsedAgain(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(place(t), "cluster")
	c := startChild(t, "start", folder)
	c.says()
	pid := postmaster(t, folder)
	if !pgrun.Alive(pid) {
		t.Fatal("the server of a living process is not there")
	}
	c.kill()
	await(t, "the server ends", func() bool { return !pgrun.Alive(pid) })
	s := start(t, pgrun.Options{Dir: folder, TCP: true})
	answer(t, s.URL("postgres"), "SELECT 'by the password of then'")
	noError(t, s.Stop())
	if gone(folder) {
		t.Error("a folder that is not ours was removed")
	}
}

func TestAFolderTooDeepForASocketIsRefused(t *testing.T) {
	t.Parallel()
	_, err := pgrun.Start(t.Context(), pgrun.Options{Dir: filepath.Join(place(t), strings.Repeat("deep/", 20))})
	if err == nil || !strings.Contains(err.Error(), "too long a path") {
		t.Errorf("got %v", err)
	}
}
