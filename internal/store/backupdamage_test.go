package store_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/pressly/goose/v3"

	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

// refused restores what must be refused, and gives the error. Nothing may be left where it should have gone.
func refused(t *testing.T, cfg store.Config, b []byte, identities string) error {
	t.Helper()
	_, err := store.Restore(t.Context(), cfg, bytes.NewReader(b), identities)
	if err == nil {
		t.Fatal("it was restored")
	}
	untouched(t, cfg.Database)
	return err
}

func untouched(t *testing.T, database string) {
	t.Helper()
	if store.IsPostgres(database) {
		if tables := storetest.Tables(t, raw(t, database)); len(tables) > 0 {
			t.Fatalf("it left the tables %v", tables)
		}
		return
	}
	entries, err := os.ReadDir(filepath.Dir(database))
	noError(t, err)
	if len(entries) > 0 {
		t.Fatalf("it left %v", entries)
	}
}

// says is whether the error is one of the sentences.
func says(err error, sentences ...error) bool {
	return slices.ContainsFunc(sentences, func(s error) bool { return errors.Is(err, s) })
}

// small is a database that is quickly read.
func small(t *testing.T) *storetest.Store {
	t.Helper()
	s := storetest.New(t)
	s.Apply(storetest.Filled("Somebody"))
	return s
}

func TestAFlippedByteIsNoticedBeforeAnythingIsRestored(t *testing.T) {
	t.Parallel()
	s := small(t)
	plain, _ := backup(t, s, "")
	identity, err := age.GenerateX25519Identity()
	noError(t, err)
	sealed, _ := backup(t, s, identity.Recipient().String())
	cfg := config(t, s, storetest.Empty(t, storetest.SQLite))
	for _, b := range [][]byte{plain, sealed} {
		for _, at := range offsets(len(b), 60) {
			bad := bytes.Clone(b)
			bad[at] ^= byte(1 + rand.IntN(255))
			err := refused(t, cfg, bad, identity.String())
			if !says(err, store.ErrBackupDamaged, store.ErrNotBackup, store.ErrBackupNewer, store.ErrBackupKey) {
				t.Errorf("octet %d of %d: %v", at, len(b), err)
			}
		}
	}
}

func TestACutBackupIsNoticedBeforeAnythingIsRestored(t *testing.T) {
	t.Parallel()
	s := small(t)
	plain, _ := backup(t, s, "")
	identity, err := age.GenerateX25519Identity()
	noError(t, err)
	sealed, _ := backup(t, s, identity.Recipient().String())
	cfg := config(t, s, storetest.Empty(t, storetest.SQLite))
	for _, b := range [][]byte{plain, sealed} {
		for _, length := range offsets(len(b), 60) {
			err := refused(t, cfg, b[:length], identity.String())
			if !says(err, store.ErrBackupDamaged, store.ErrNotBackup) {
				t.Errorf("%d of %d octets: %v", length, len(b), err)
			}
		}
		if err := refused(t, cfg, append(bytes.Clone(b), 0), identity.String()); !says(err, store.ErrBackupDamaged) {
			t.Errorf("an octet too many: %v", err)
		}
	}
}

// offsets are the borders of the parts, and places by chance between them.
func offsets(length, n int) []int {
	all := []int{0, 1, 13, 14, 15, 16, 17, 100, length / 2}
	for _, back := range []int{33, 32, 31, 17, 16, 1} {
		all = append(all, length-back)
	}
	for range n {
		all = append(all, rand.IntN(length))
	}
	return all
}

// forged is a backup that somebody has changed and summed again. It is written here as the README describes the file.
// It says that it comes from SQLite, so that its rows are only counted.
func forged(t *testing.T, b []byte, change func(m map[string]any, db *sql.DB)) []byte {
	t.Helper()
	parts := bytes.SplitN(b, []byte("\n"), 3)
	var m map[string]any
	noError(t, json.Unmarshal(parts[1], &m))
	path := filepath.Join(t.TempDir(), "forged.db")
	noError(t, os.WriteFile(path, parts[2][:len(parts[2])-sha256.Size], 0o600))
	db := raw(t, path)
	m["engine"] = "sqlite"
	change(m, db)
	exec(t, db, "PRAGMA wal_checkpoint(TRUNCATE)")
	noError(t, db.Close())
	file, err := os.ReadFile(path)
	noError(t, err)
	m["size"] = len(file)
	return summed(t, string(parts[0]), m, file)
}

func summed(t *testing.T, magic string, m map[string]any, file []byte) []byte {
	t.Helper()
	head, err := json.Marshal(m)
	noError(t, err)
	all := slices.Concat([]byte(magic+"\n"), head, []byte("\n"), file)
	sum := sha256.Sum256(all)
	return append(all, sum[:]...)
}

func TestAChangedBackupWithARightSumIsRefused(t *testing.T) {
	t.Parallel()
	s := small(t)
	noError(t, s.ChainAudit(t.Context()))
	b, _ := backup(t, s, "")
	both := []storetest.Engine{storetest.SQLite, storetest.PostgreSQL}
	for _, c := range []struct {
		name, says string
		change     func(m map[string]any, db *sql.DB)
	}{
		{"a row gone", "search_word", func(_ map[string]any, db *sql.DB) {
			exec(t, db, "DELETE FROM search_word WHERE word = (SELECT min(word) FROM search_word)")
		}},
		{"a table gone", "verdict", func(_ map[string]any, db *sql.DB) { exec(t, db, "DROP TABLE verdict") }},
		{"a table more", "spare", func(_ map[string]any, db *sql.DB) {
			exec(t, db, "CREATE TABLE spare (id INTEGER PRIMARY KEY)")
		}},
		{"the trail changed", "trail", func(_ map[string]any, db *sql.DB) {
			exec(t, db, "UPDATE audit SET action = 'nothing' WHERE seq = 2")
		}},
		{"the chain's end changed", "chain", func(m map[string]any, _ *sql.DB) {
			m["audit"].(map[string]any)["seq"] = 1
		}},
		{"a person without the application", "not there", func(_ map[string]any, db *sql.DB) {
			exec(t, db, "UPDATE screening SET application_seq = 4711")
		}},
		{"a key of another person", "keys", func(_ map[string]any, db *sql.DB) {
			exec(t, db, "UPDATE person SET key = (SELECT key FROM programme)")
		}},
		{"a newer schema", "newer version", func(m map[string]any, db *sql.DB) {
			exec(t, db, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)")
			m["schema"] = 9999
		}},
		{"another schema than it names", "schema", func(m map[string]any, _ *sql.DB) { m["schema"] = 1 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bad := forged(t, b, c.change)
			for _, e := range both {
				if err := refused(t, config(t, s, storetest.Empty(t, e)), bad, ""); !strings.Contains(err.Error(), c.says) {
					t.Errorf("%s: %v", e, err)
				}
			}
		})
	}
	// The forging itself is not what is refused.
	restored(t, s, forged(t, b, func(map[string]any, *sql.DB) {}), storetest.SQLite)
}

func TestARowThatChangedOnItsWayBetweenTheEnginesIsNoticed(t *testing.T) {
	t.Parallel()
	s := storetest.New(t, storetest.Options{Engine: storetest.PostgreSQL})
	s.Apply(storetest.Filled("Somebody"))
	b, _ := backup(t, s, "")
	bad := forged(t, b, func(m map[string]any, db *sql.DB) {
		m["engine"] = "postgres"
		exec(t, db, "UPDATE person SET language = 'pl'")
	})
	err := refused(t, config(t, s, storetest.Empty(t, storetest.SQLite)), bad, "")
	if !says(err, store.ErrBackupDamaged) || !strings.Contains(err.Error(), "person") {
		t.Error(err)
	}
}

func TestABackupOfALaterFormatIsRefusedAsSuch(t *testing.T) {
	t.Parallel()
	s := small(t)
	later := summed(t, "grupa backup 2", nil, []byte("?"))
	err := refused(t, config(t, s, storetest.Empty(t, storetest.SQLite)), later, "")
	if !says(err, store.ErrBackupNewer) {
		t.Error(err)
	}
}

func TestABackupOfAnOlderSchemaIsBroughtUp(t *testing.T) {
	t.Parallel()
	s := small(t)
	b, _ := backup(t, s, "")
	old := filepath.Join(t.TempDir(), "old.db")
	first(t, old)
	older := forged(t, b, func(m map[string]any, db *sql.DB) {
		exec(t, db, "ATTACH ? AS old", old)
		exec(t, db, "INSERT INTO old.installation SELECT * FROM installation")
		exec(t, db, "INSERT INTO old.programme SELECT * FROM programme")
		exec(t, db, "DETACH old")
		m["schema"], m["audit"] = 1, map[string]any{"seq": 0, "hash": ""}
		for table, sum := range m["tables"].(map[string]any) {
			if number(t, raw(t, old), "SELECT count(*) FROM sqlite_schema WHERE name = ?", table) == 0 {
				delete(m["tables"].(map[string]any), table)
			} else if sum := sum.(map[string]any); table != "installation" && table != "programme" {
				sum["rows"] = 0
			}
		}
	})
	file, err := os.ReadFile(old)
	noError(t, err)
	parts := bytes.SplitN(older, []byte("\n"), 3)
	var m map[string]any
	noError(t, json.Unmarshal(parts[1], &m))
	m["size"] = len(file)
	for _, e := range []storetest.Engine{storetest.SQLite, storetest.PostgreSQL} {
		database := restored(t, s, summed(t, string(parts[0]), m, file), e)
		ok, err := store.Migrated(t.Context(), database)
		if err != nil || !ok {
			t.Errorf("%s: %v", e, err)
		}
		equal(t, "programmes", number(t, raw(t, database), "SELECT count(*) FROM programme"), 1)
	}
}

// first makes the schema of the first version.
func first(t *testing.T, path string) {
	t.Helper()
	pool := raw(t, path)
	pool.SetMaxOpenConns(1)
	p, err := goose.NewProvider(goose.DialectSQLite3, pool, os.DirFS("migrations/sqlite"))
	noError(t, err)
	_, err = p.UpTo(t.Context(), 1)
	noError(t, err)
}

// A text with an octet 0 fits into SQLite and not into PostgreSQL: the copying breaks off in its middle.
func TestARestoreThatPostgreSQLBreaksOffLeavesNothing(t *testing.T) {
	t.Parallel()
	s := storetest.New(t, onSQLite)
	s.Do(account.Machine(), note("before"))
	s.Do(account.Machine(), note("a\x00b"))
	b, _ := backup(t, s, "")
	err := refused(t, config(t, s, storetest.Empty(t, storetest.PostgreSQL)), b, "")
	if !strings.Contains(err.Error(), "audit") {
		t.Error(err)
	}
}

func TestAnotherInstallationsKeyRestoresNothing(t *testing.T) {
	t.Parallel()
	s := small(t)
	b, _ := backup(t, s, "")
	cfg := config(t, s, storetest.Empty(t, storetest.SQLite))
	cfg.Sealing = otherKey(t)
	if err := refused(t, cfg, b, ""); !says(err, store.ErrWrongKey) {
		t.Error(err)
	}
}

func TestARestoreThatIsStoppedLeavesNothing(t *testing.T) {
	t.Parallel()
	s := small(t)
	b, _ := backup(t, s, "")
	ctx, stop := context.WithCancel(t.Context())
	cfg := config(t, s, storetest.Empty(t, storetest.SQLite))
	_, err := store.Restore(ctx, cfg, stopping{bytes.NewReader(b), stop}, "")
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	untouched(t, cfg.Database)
}

// stopping ends the context at its first reading.
type stopping struct {
	*bytes.Reader
	stop func()
}

func (s stopping) Read(p []byte) (int, error) {
	s.stop()
	return s.Reader.Read(p[:min(len(p), 100)])
}
