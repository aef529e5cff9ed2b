package store_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"filippo.io/age"

	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/seal"
	"grupa/internal/store/storetest"
)

func otherKey(t testing.TB) *seal.Keyring {
	t.Helper()
	k, err := seal.New(bytes.Repeat([]byte{8}, seal.KeySize))
	noError(t, err)
	return k
}

func TestAnEncryptedBackupTellsNothingAndOpensForItsIdentityAlone(t *testing.T) {
	t.Parallel()
	s := small(t)
	var mine, spare, other *age.X25519Identity
	for _, i := range []**age.X25519Identity{&mine, &spare, &other} {
		var err error
		*i, err = age.GenerateX25519Identity()
		noError(t, err)
	}
	canary := string(s.Apply(storetest.Filled("Somebody")).Application) // an id, which is stored in clear
	plain, _ := backup(t, s, "")
	sealed, _ := backup(t, s, mine.Recipient().String()+","+spare.Recipient().String())
	for _, text := range []string{canary, "grupa backup", "installation", "SQLite format 3"} {
		if !bytes.Contains(plain, []byte(text)) || bytes.Contains(sealed, []byte(text)) {
			t.Errorf("%q: in the plain one: %v, in the encrypted one: %v", text,
				bytes.Contains(plain, []byte(text)), bytes.Contains(sealed, []byte(text)))
		}
	}
	cfg := config(t, s, storetest.Empty(t, storetest.SQLite))
	if err := refused(t, cfg, sealed, ""); !says(err, store.ErrBackupLocked) {
		t.Errorf("without an identity: %v", err)
	}
	if err := refused(t, cfg, sealed, other.String()); !says(err, store.ErrBackupKey) {
		t.Errorf("with another identity: %v", err)
	}
	if err := refused(t, cfg, sealed, "not an identity"); strings.Contains(err.Error(), "not an identity") {
		t.Errorf("it repeats what may be a secret: %v", err)
	}
	for _, i := range []*age.X25519Identity{mine, spare} {
		cfg := config(t, s, storetest.Empty(t, storetest.SQLite))
		_, err := store.Restore(t.Context(), cfg, bytes.NewReader(sealed), "# a comment\n"+i.String()+"\n")
		noError(t, err)
	}
}

func TestTheSecretHalfIsNoRecipientAndIsNotRepeated(t *testing.T) {
	t.Parallel()
	identity, err := age.GenerateX25519Identity()
	noError(t, err)
	for _, bad := range []string{identity.String(), strings.ToLower(identity.String()), "age1", "somebody", ",",
		identity.Recipient().String() + "," + identity.String()} {
		err := store.CheckRecipients(bad)
		if err == nil || strings.Contains(strings.ToUpper(err.Error()), "KEY-1") ||
			len(bad) > 5 && strings.Contains(err.Error(), bad) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	for _, good := range []string{"", identity.Recipient().String()} {
		noError(t, store.CheckRecipients(good))
	}
}

func TestABackupIsNeverWrittenOverAnything(t *testing.T) {
	t.Parallel()
	s := small(t)
	folder := t.TempDir()
	path := filepath.Join(folder, "grupa.backup")
	noError(t, os.WriteFile(path, []byte("last year's"), 0o600))
	if _, err := s.BackupFile(t.Context(), path, ""); !errors.Is(err, store.ErrThere) {
		t.Errorf("%v", err)
	}
	content, err := os.ReadFile(path)
	noError(t, err)
	equal(t, "what was there", string(content), "last year's")
	equal(t, "files beside it", names(t, folder), []string{"grupa.backup"})
}

func names(t *testing.T, folder string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	noError(t, err)
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestABackupFileIsItsOwnersAloneAndRestores(t *testing.T) {
	t.Parallel()
	s := small(t)
	folder := t.TempDir()
	path := filepath.Join(folder, "grupa.backup")
	m, err := s.BackupFile(t.Context(), path, "")
	noError(t, err)
	equal(t, "files", names(t, folder), []string{"grupa.backup"})
	info, err := os.Stat(path)
	noError(t, err)
	equal(t, "mode", info.Mode().Perm(), 0o600)
	b, err := os.ReadFile(path)
	noError(t, err)
	if m.Rows() == 0 || m.Size == 0 || int64(len(b)) < m.Size {
		t.Errorf("%+v", m)
	}
	restored(t, s, b, storetest.SQLite)
}

func TestABackupThatIsStoppedLeavesNoFile(t *testing.T) {
	t.Parallel()
	s := small(t)
	folder := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	_, err := s.BackupFile(ctx, filepath.Join(folder, "grupa.backup"), "")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	equal(t, "files", names(t, folder), nil)
	if _, err := s.Backup(t.Context(), fullDisk{}, ""); !errors.Is(err, errNoSpace) {
		t.Errorf("to a full disk: %v", err)
	}
	if !store.IsPostgres(s.Database) {
		equal(t, "beside the database", len(names(t, filepath.Dir(s.Database))), 3) // itself, its log and its index
	}
}

// fullDisk is a disk without space.
type fullDisk struct{}

var errNoSpace = errors.New("no space")

func (fullDisk) Write([]byte) (int, error) { return 0, errNoSpace }

func TestNothingIsRestoredOverADatabaseOrItsRemains(t *testing.T) {
	t.Parallel()
	s := small(t)
	b, _ := backup(t, s, "")
	for _, remains := range []string{"", "-wal", "-shm", "-journal"} {
		cfg := config(t, s, storetest.Empty(t, storetest.SQLite))
		noError(t, os.WriteFile(cfg.Database+remains, []byte("there"), 0o600))
		_, err := store.Restore(t.Context(), cfg, bytes.NewReader(b), "")
		if !errors.Is(err, store.ErrThere) {
			t.Errorf("%s: %v", remains, err)
		}
		equal(t, "files", names(t, filepath.Dir(cfg.Database)), []string{filepath.Base(cfg.Database + remains)})
	}
	for _, e := range []storetest.Engine{storetest.SQLite, storetest.PostgreSQL} {
		database := restored(t, s, b, e)
		before := content(t, raw(t, database))
		_, err := store.Restore(t.Context(), config(t, s, database), bytes.NewReader(b), "")
		if !errors.Is(err, store.ErrThere) {
			t.Errorf("%s: %v", e, err)
		}
		equal(t, "what was there", content(t, raw(t, database)), before)
	}
}

func TestOfTwoRestoresIntoOnePlaceOneWins(t *testing.T) {
	t.Parallel()
	s := small(t)
	b, _ := backup(t, s, "")
	for _, e := range []storetest.Engine{storetest.SQLite, storetest.PostgreSQL} {
		cfg := config(t, s, storetest.Empty(t, e))
		var won atomic.Int32
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				if _, err := store.Restore(t.Context(), cfg, bytes.NewReader(b), ""); err == nil {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		equal(t, string(e)+" winners", won.Load(), 1)
		noError(t, reopened(t, s, cfg.Database).Check(t.Context()))
	}
}

// Sixteen writers write on while the backup is made. All that was acknowledged before it began is in it, and of what
// came meanwhile each unit is in it whole or not at all.
func TestABackupUnderLoadIsOneSnapshot(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	var mu sync.Mutex
	var acknowledged []intake.ApplicationID
	ctx, stop := context.WithCancel(t.Context())
	warm := make(chan struct{}, 1024)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for ctx.Err() == nil {
				var r intake.Receipt
				err := s.Update(t.Context(), account.Anyone(), func(tx *store.Tx) (err error) {
					r, err = intake.Submit(tx, storetest.Filled("Somebody"))
					return err
				})
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				acknowledged = append(acknowledged, r.Application.ID)
				mu.Unlock()
				select {
				case warm <- struct{}{}:
				default:
				}
			}
		})
	}
	for range 100 {
		<-warm
	}
	mu.Lock()
	before := len(acknowledged)
	mu.Unlock()
	b, m := backup(t, s, "")
	stop()
	wg.Wait()
	db := raw(t, restored(t, s, b, storetest.SQLite)) // which also checks it
	for _, id := range acknowledged[:before] {
		if number(t, db, "SELECT count(*) FROM application WHERE id = ?", string(id)) != 1 {
			t.Errorf("%s was acknowledged before and is not in the backup", id)
		}
	}
	all := number(t, db, "SELECT count(*) FROM application")
	if all < before || all > len(acknowledged) {
		t.Errorf("%d applications, of %d before and %d in all", all, before, len(acknowledged))
	}
	equal(t, "screenings", number(t, db, "SELECT count(*) FROM screening"), all)
	equal(t, "people", number(t, db, "SELECT count(*) FROM person"), all)
	equal(t, "rows of the trail", number(t, db, "SELECT count(*) FROM audit WHERE action = 'application.submit'"), all)
	equal(t, "in the manifest", int(m.Tables["application"].Rows), all)
}
