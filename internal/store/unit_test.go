package store_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

var errOurs = errors.New("the rule says no")

// together runs the units in one commit and gives their errors, or what they panicked with.
func together(t *testing.T, s *storetest.Store, units ...func(*store.Tx) error) (errs []error, panics []any) {
	t.Helper()
	errs, panics = make([]error, len(units)), make([]any, len(units))
	release := hold(t, s)
	var wg sync.WaitGroup
	for n, unit := range units {
		wg.Go(func() {
			defer func() { panics[n] = recover() }()
			errs[n] = s.Update(t.Context(), account.Machine(), unit)
		})
		inLine(s, n+1) // one after another, so the order is the test's
	}
	release()
	wg.Wait()
	return errs, panics
}

func TestAnErrorLeavesNothingOfItsUnitAndAllOfItsNeighbours(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	errs, _ := together(t, s, note("before"), func(tx *store.Tx) error {
		tx.Audit("failed", "")
		if _, err := intake.Submit(tx, storetest.Filled("Lost")); err != nil {
			return err
		}
		return errOurs
	}, note("after"))
	equal(t, "errors", fmt.Sprint(errs), fmt.Sprint([]error{nil, errOurs, nil}))
	db := raw(t, s.Database)
	for text, want := range map[string]int{"before": 1, "failed": 0, "application.submit": 0, "after": 1} {
		equal(t, text, noted(t, db, text), want)
	}
	for _, table := range []string{"person", "application", "screening", "verdict", "search_word"} {
		equal(t, table, number(t, db, "SELECT count(*) FROM "+table), 0)
	}
}

func TestAnErrorOfTheDatabaseHarmsNoNeighbour(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	twice := func(tx *store.Tx) error {
		tx.Audit("twice", "")
		// Refused by a foreign key.
		return tx.GrantRole("nobody", account.Grant{Programme: "none", Role: account.Coordinator})
	}
	errs, _ := together(t, s, note("before"), twice, note("after"))
	if errs[0] != nil || errs[1] == nil || errs[2] != nil {
		t.Errorf("errors: %v", errs)
	}
	equal(t, "kind", fault.KindOf(errs[1]), fault.Internal)
	equal(t, "rows", noted(t, raw(t, s.Database), "twice"), 0)
}

func TestAPanicReachesItsCallerAndNoOneElse(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	errs, panics := together(t, s, note("before"), func(tx *store.Tx) error {
		tx.Audit("panicked", "")
		panic("a bug of ours")
	}, note("after"))
	if errs[0] != nil || errs[2] != nil || panics[0] != nil || panics[2] != nil {
		t.Errorf("the neighbours: %v, %v", errs, panics)
	}
	equal(t, "what the caller got", panics[1], any("a bug of ours"))
	if log := s.Log.String(); !strings.Contains(log, "unit_test.go") || strings.Contains(log, "a bug of ours") {
		t.Errorf("the log has to say where, and not what, which may hold an answer: %s", log)
	}
	db := raw(t, s.Database)
	equal(t, "rows of the panicked unit", noted(t, db, "panicked"), 0)
	equal(t, "rows of the others", noted(t, db, "before")+noted(t, db, "after"), 2)
	noError(t, s.Update(t.Context(), account.Machine(), note("later")))
}

func TestAUnitThatBeganIsFinishedThoughItsCallerIsGone(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(ctx, account.Anyone(), func(tx *store.Tx) error {
		cancel()
		_, err := intake.Submit(tx, storetest.Filled("Gone"))
		return err
	})
	noError(t, err)
	db := raw(t, s.Database)
	equal(t, "applications", number(t, db, "SELECT count(*) FROM application"), 1)
	equal(t, "screenings", number(t, db, "SELECT count(*) FROM screening"), 1)
	equal(t, "audit", noted(t, db, "application.submit"), 1)
}

func TestAUnitWhoseCallerGaveUpBeforeItBeganIsNotDone(t *testing.T) {
	t.Parallel()
	s := storetest.New(t, onSQLite)
	release := hold(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan error, 1)
	go func() { got <- s.Update(ctx, account.Machine(), note("given up")) }()
	inLine(s, 1)
	cancel()
	release()
	if err := <-got; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	equal(t, "rows", noted(t, raw(t, s.Database), "given up"), 0)
}

func TestClosingFinishesWhatWaitsAndTakesNothingMore(t *testing.T) {
	t.Parallel()
	s := storetest.New(t, onSQLite)
	release := hold(t, s)
	errs := make(chan error, 10)
	for n := range cap(errs) {
		go func() { errs <- s.Update(t.Context(), account.Machine(), note("waited")) }()
		inLine(s, n+1)
	}
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	release()
	noError(t, <-closed)
	for range cap(errs) {
		noError(t, <-errs)
	}
	isError(t, "a later unit", s.Update(t.Context(), account.Machine(), note("late")), store.ErrClosed)
	if err := s.View(t.Context(), account.Machine(), func(*store.Tx) error { return nil }); err == nil {
		t.Error("a view of a closed database")
	}
	db := raw(t, s.Database)
	equal(t, "units that waited", noted(t, db, "waited"), 10)
	equal(t, "later ones", noted(t, db, "late"), 0)
}

func TestNobodyMayDoAnything(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ran := false
	fn := func(tx *store.Tx) error {
		ran = true
		return note("nobody")(tx)
	}
	isError(t, "update", s.Update(t.Context(), account.Caller{}, fn), account.ErrNobody)
	isError(t, "view", s.View(t.Context(), account.Caller{}, fn), account.ErrNobody)
	if ran {
		t.Error("the unit of nobody ran")
	}
}

func TestAUnitThatSaysNothingOfWhatItDidIsRefused(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	_, programme := s.Staff("a@example.org", account.Coordinator)
	before := number(t, raw(t, s.Database), "SELECT count(*) FROM token")
	err := s.Update(t.Context(), account.Machine(), func(tx *store.Tx) error {
		p, err := tx.StaffByEmail("a@example.org")
		if err != nil {
			return err
		}
		return tx.CreateToken(account.Token{Hash: account.HashOf(programme + "2"), Person: p.ID})
	})
	if err == nil {
		t.Error("a unit wrote without an audit row")
	}
	equal(t, "tokens", number(t, raw(t, s.Database), "SELECT count(*) FROM token"), before)
}

func TestAViewRefusesToWrite(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	err := s.View(t.Context(), account.Machine(), func(tx *store.Tx) error {
		_, err := intake.Submit(tx, storetest.Filled("Nobody"))
		return err
	})
	if err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), "-", ""), "readonly") {
		t.Errorf("a view wrote: %v", err)
	}
	equal(t, "people", number(t, raw(t, s.Database), "SELECT count(*) FROM person"), 0)
}

func TestAViewSeesOneInstantWhateverIsWrittenMeanwhile(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	c, _ := s.Staff("a@example.org", account.Coordinator)
	s.Apply(storetest.Filled("First"))
	s.Read(c, func(tx *store.Tx) error {
		before, err := tx.Applications(intake.Filter{Limit: 10})
		if err != nil {
			return err
		}
		s.Apply(storetest.Filled("Second"))
		s.Clock.Advance(3600e9)
		after, err := tx.Applications(intake.Filter{Limit: 10})
		equal(t, "applications", len(after.Items), len(before.Items))
		equal(t, "now", tx.Now(), storetest.Epoch)
		return err
	})
}

func TestAUnitThatEndsItsGoroutineDoesNotPassForWritten(t *testing.T) {
	t.Parallel()
	s := storetest.New(t, onSQLite)
	err := s.Update(t.Context(), account.Machine(), func(tx *store.Tx) error {
		tx.Audit("test", "")
		runtime.Goexit()
		return nil
	})
	if err == nil {
		t.Error("it is told as written")
	}
}
