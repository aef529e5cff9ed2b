package store_test

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

func TestADatabaseWithUnsafeSettingsIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "grupa.db")
	noError(t, store.CheckSettings(t.Context(), path))
	for _, setting := range [][2]string{
		{"_journal_mode", "DELETE"}, {"_journal_mode", "OFF"}, {"_synchronous", "NORMAL"}, {"_synchronous", "OFF"},
		{"_foreign_keys", "false"}, {"_secure_delete", "false"}, {"_busy_timeout", "0"}, {"_synchronous", "FULLL"},
	} {
		// Each with a file of its own: the journal's mode stays with the file.
		path := filepath.Join(t.TempDir(), "grupa.db")
		if err := store.CheckSettings(t.Context(), path, setting[0], setting[1]); err == nil {
			t.Errorf("%s = %s was taken", setting[0], setting[1])
		}
	}
	if err := store.CheckSettings(t.Context(), ":memory:"); err == nil || !strings.Contains(err.Error(), "journal_mode") {
		t.Errorf("a database in memory was taken: %v", err)
	}
}

func TestEveryReadingConnectionHasTheSettings(t *testing.T) {
	t.Parallel()
	s := storetest.New(t, onSQLite)
	var all, wg sync.WaitGroup
	const connections = 8
	all.Add(connections)
	for range connections {
		wg.Go(func() {
			err := s.View(t.Context(), account.Machine(), func(tx *store.Tx) error {
				all.Done()
				all.Wait() // so that each has a connection of its own
				for name, want := range map[string]string{
					"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1",
					"trusted_schema": "0", "query_only": "1",
				} {
					got, err := tx.Pragma(name)
					if err != nil {
						return err
					}
					equal(t, name, got, want)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
