package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/seal"
	"grupa/internal/store/storetest"
)

// tally is a meter that keeps everything it is told.
type tally struct {
	mu          sync.Mutex
	units       map[string]int // "update done"
	commits     int
	committed   int
	broken      int
	shortest    time.Duration // of all waits, runs and commits
	waited, ran time.Duration // the longest
}

func (m *tally) Unit(kind store.UnitKind, outcome store.Outcome, waited, ran time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.units[string(kind)+" "+string(outcome)]++
	m.shortest = min(m.shortest, waited, ran)
	m.waited, m.ran = max(m.waited, waited), max(m.ran, ran)
}

func (m *tally) Commit(units int, took time.Duration, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !ok {
		m.broken++
		return
	}
	m.commits++
	m.committed += units
	m.shortest = min(m.shortest, took)
}

// metered opens the database of s once more, with a meter.
func metered(t *testing.T, s *storetest.Store) (*store.DB, *tally) {
	t.Helper()
	keyring, err := seal.New(storetest.Key())
	noError(t, err)
	m := &tally{units: map[string]int{}}
	db, err := store.Open(t.Context(), store.Config{
		Database: s.Database, Sealing: keyring, Now: s.Clock.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Meter: m,
	})
	noError(t, err)
	t.Cleanup(func() { noError(t, db.Close()) })
	return db, m
}

func TestEachUnitIsCountedOnceByWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	db, m := metered(t, s)
	ctx := t.Context()
	bug := errors.New("a bug")
	var wg sync.WaitGroup
	for n := range 20 {
		wg.Go(func() {
			err := db.Update(ctx, account.Anyone(), func(tx *store.Tx) error {
				_, err := intake.Submit(tx, storetest.Filled(fmt.Sprintf("Counted %d", n)))
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for range 3 {
		_ = db.Update(ctx, account.Machine(), func(*store.Tx) error { return account.ErrDenied })
		_ = db.View(ctx, account.Machine(), func(*store.Tx) error { return account.ErrNobody })
	}
	for range 2 {
		_ = db.Update(ctx, account.Machine(), func(*store.Tx) error { return bug })
		_ = db.View(ctx, account.Machine(), func(*store.Tx) error { return bug })
		noError(t, db.View(ctx, account.Machine(), func(tx *store.Tx) error {
			_, err := tx.Programme()
			return err
		}))
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	_ = db.View(gone, account.Machine(), func(tx *store.Tx) error {
		_, err := tx.Programme()
		return err
	})
	equal(t, "units", m.units, map[string]int{
		"update done": 20, "update refused": 3, "update failed": 2, "view done": 2, "view refused": 3, "view failed": 2,
		"view left": 1,
	})
	if m.shortest < 0 || m.ran == 0 || m.broken > 0 {
		t.Errorf("%+v", m)
	}
	if m.committed < 20 || m.commits > m.committed {
		t.Errorf("%d units in %d commits", m.committed, m.commits)
	}
}

func TestAUnitThatRanLongIsToldApartFromOneThatWaited(t *testing.T) {
	t.Parallel()
	db, m := metered(t, storetest.New(t, onSQLite))
	const long = 30 * time.Millisecond
	running, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = db.Update(t.Context(), account.Machine(), func(*store.Tx) error {
			close(running)
			<-release
			return account.ErrDenied
		})
	})
	<-running
	wg.Go(func() { _ = db.Update(t.Context(), account.Machine(), note("after it")) })
	time.AfterFunc(long, func() { close(release) })
	wg.Wait()
	if m.ran < long {
		t.Errorf("the first ran for %s", m.ran)
	}
	if m.waited == 0 {
		t.Error("nobody waited")
	}
}

func TestRowsThatTheChainHasNotReachedAreCounted(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	noError(t, s.ChainAudit(t.Context()))
	for n := range 4 {
		got, err := s.Unchained(t.Context())
		noError(t, err)
		equal(t, "unchained", got, n)
		s.Do(account.Machine(), note("one more"))
	}
	noError(t, s.ChainAudit(t.Context()))
	got, err := s.Unchained(t.Context())
	noError(t, err)
	equal(t, "after the chain's pass", got, 0)
}
