package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

func has(t *testing.T, db *store.DB, p storetest.Person) {
	t.Helper()
	err := db.View(t.Context(), p.Caller, func(tx *store.Tx) error {
		a, err := intake.Tx(tx).OwnApplication()
		if err == nil {
			equal(t, "application", a.ID, p.Application)
		}
		return err
	})
	noError(t, err)
}

func TestWhatWasAnsweredIsThereForWhoeverOpensTheFile(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	p := s.Apply(storetest.Filled("Kept"))
	has(t, openAgain(t, s.Database, storetest.Key()), p)
}

// copied gives a copy of the database as it is on disk at this moment, its log included.
func copied(t *testing.T, path string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy.db")
	for _, end := range []string{"", "-wal"} {
		content, err := os.ReadFile(path + end)
		noError(t, err)
		noError(t, os.WriteFile(to+end, content, 0o600))
	}
	return to
}

func TestACopyOfTheFilesAtTheMomentOfTheAnswerHasIt(t *testing.T) {
	t.Parallel()
	s := storetest.New(t, onSQLite)
	var all []storetest.Person
	for n := range 10 {
		all = append(all, s.Apply(storetest.Filled(fmt.Sprintf("Number %d", n))))
		db := openAgain(t, copied(t, s.Database), storetest.Key())
		for _, p := range all {
			has(t, db, p)
		}
		noError(t, db.Check(t.Context()))
	}
}

func TestSixtyFourWritersAtOnceAllLandOnce(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	const writers, each = 64, 8
	receipts := make(chan string, writers*each)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for n := range each {
				err := s.Update(t.Context(), account.Anyone(), func(tx *store.Tx) error {
					r, err := intake.Submit(tx, storetest.Filled(fmt.Sprintf("Writer %d %d", w, n)))
					if err == nil {
						receipts <- r.Code
					}
					return err
				})
				if err != nil {
					t.Errorf("writer %d: %v", w, err)
				}
			}
		})
	}
	wg.Wait()
	close(receipts)
	people := map[account.PersonID]bool{}
	for code := range receipts {
		normal, _ := account.ParseReceipt(code)
		s.Read(account.Machine(), func(tx *store.Tx) error {
			c, err := tx.CallerByReceipt(account.HashOf(normal))
			people[c.Person] = true
			return err
		})
	}
	db := raw(t, s.Database)
	equal(t, "receipts that open an application", len(people), writers*each)
	for _, table := range []string{"application", "person", "screening"} {
		equal(t, table, number(t, db, "SELECT count(*) FROM "+table), writers*each)
	}
	equal(t, "audit rows", noted(t, db, "application.submit"), writers*each)
	noError(t, s.ChainAudit(t.Context()))
	noError(t, s.Check(t.Context()))
}

// fill submits large forms until one is refused, and gives how many were taken.
func fill(t *testing.T, s *storetest.Store) (taken int, refused error) {
	t.Helper()
	for taken < 1000 {
		err := s.Update(t.Context(), account.Anyone(), func(tx *store.Tx) error {
			_, err := intake.Submit(tx, storetest.Filled("Big"))
			return err
		})
		if err != nil {
			return taken, err
		}
		taken++
	}
	return taken, nil
}

func TestAFullDiskAnswersNoOneAsIfItHadTakenTheForm(t *testing.T) {
	t.Parallel()
	s := storetest.New(t, onSQLite)
	pages, err := s.Pages()
	noError(t, err)
	noError(t, s.LimitPages(pages+20))
	taken, refused := fill(t, s)
	isError(t, "the form that did not fit", refused, store.ErrStorage)
	errs, _ := together(t, s, note("small"), func(tx *store.Tx) error {
		for range 20 {
			if _, err := intake.Submit(tx, storetest.Filled("Big")); err != nil {
				return err
			}
		}
		return nil
	})
	isError(t, "the large unit", errs[1], store.ErrStorage)
	db := raw(t, s.Database)
	if said := errs[0] == nil; said != (noted(t, db, "small") == 1) {
		t.Errorf("the neighbour was told %v, and the file has %d rows", errs[0], noted(t, db, "small"))
	}
	equal(t, "applications", number(t, db, "SELECT count(*) FROM application"), taken)
	noError(t, s.LimitPages(1<<30))
	noError(t, s.Update(t.Context(), account.Machine(), note("room again")))
	noError(t, s.Check(t.Context()))
}
