// Package seed fills an installation with applications as a programme has them after two years: sealed and screened by
// the real rules, in every language and state. It leaves out groups, sessions and feeds. Nothing but the programs under
// internal/bench and internal/faults imports it.
package seed

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/seal"
	"grupa/internal/words"
)

// Installation says where: as the server's settings do. Folders and key are made if they are not there.
type Installation struct {
	Database string // a postgres:// URL, or the path of an SQLite file
	KeyFile  string
}

// Keys open what was made.
type Keys struct {
	Token string // of a coordinator, for the API
}

const (
	coordinator = "coordinator@example.org"
	clients     = 128              // hand in at once, so that commits are shared
	between     = 10 * time.Minute // two applications
	recently    = 24 * time.Hour   // the last of them came so long ago
)

// Fill makes the installation and submits that many applications. The first came two years ago if there are 100,000;
// afterwards most are moved to another state, in another order. The same number gives the same people and answers, but
// for ids. SQLite takes about half a millisecond for each.
func Fill(ctx context.Context, at Installation, applications int) (k Keys, err error) {
	moves := applications * moved / of
	steps := applications + moves
	start := time.Now().Add(-recently - time.Duration(steps)*between)
	clock := &clock{start: start}
	db, err := open(ctx, at, clock.now)
	if err != nil {
		return k, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if k.Token, err = staff(ctx, db); err != nil {
		return k, err
	}
	ids := make([]intake.ApplicationID, applications)
	if err := each(ctx, applications, func(n int) error { return submit(ctx, db, n, &ids[n]) }); err != nil {
		return k, err
	}
	order := orderOf(applications)
	if err := each(ctx, moves, func(n int) error { return move(ctx, db, n, ids[order[n]]) }); err != nil {
		return k, err
	}
	return k, db.ChainAudit(ctx)
}

// clock goes on a little with every unit.
type clock struct {
	start time.Time
	asked atomic.Int64
}

func (c *clock) now() time.Time { return c.start.Add(time.Duration(c.asked.Add(1)) * between) }

func open(ctx context.Context, at Installation, now func() time.Time) (*store.DB, error) {
	key, _, err := seal.ReadOrMake(at.KeyFile)
	if err != nil {
		return nil, err
	}
	keyring, err := seal.New(key)
	if err != nil {
		return nil, err
	}
	if !store.IsPostgres(at.Database) {
		if err := os.MkdirAll(filepath.Dir(at.Database), 0o700); err != nil {
			return nil, err
		}
	}
	if err := store.Migrate(ctx, at.Database); err != nil {
		return nil, err
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	db, err := store.Open(ctx, store.Config{Database: at.Database, Sealing: keyring, Now: now, Log: log})
	if err != nil {
		return nil, err
	}
	if err := errors.Join(db.Install(ctx, words.English, "Europe/Warsaw"), db.LoadCatalogue(ctx)); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// staff makes a coordinator.
func staff(ctx context.Context, db *store.DB) (token string, err error) {
	err = db.Update(ctx, account.Machine(), func(tx *store.Tx) (err error) {
		if _, err := account.AddStaff(tx, coordinator, "Coordinator", account.Coordinator); err != nil {
			return err
		}
		token, err = account.AddToken(tx, coordinator, "bench")
		return err
	})
	return token, err
}

func submit(ctx context.Context, db *store.DB, n int, id *intake.ApplicationID) error {
	form := Form(n)
	err := db.Append(ctx, account.Anyone(), func(tx *store.Tx) error {
		receipt, err := intake.Submit(tx, form)
		*id = receipt.Application.ID
		return err
	})
	if err != nil {
		return fmt.Errorf("application %d: %w", n, err)
	}
	return nil
}

// move lays an application where the work of two years would have brought it, without each decision on the way.
func move(ctx context.Context, db *store.DB, n int, id intake.ApplicationID) error {
	return db.Update(ctx, account.Machine(), func(tx *store.Tx) error {
		a, err := tx.ApplicationHead(id)
		if err != nil {
			return err
		}
		a.State = stateOf(n)
		if a.Safety == intake.SafetyOpen && n%20 != 0 {
			a.Safety = intake.SafetyCleared
		}
		tx.Audit("bench.move", string(id))
		return tx.SaveApplication(a)
	})
}

// each does something with every number below n, many at a time, until one fails.
func each(ctx context.Context, n int, do func(n int) error) error {
	var next atomic.Int64
	var all sync.WaitGroup
	errs := make([]error, clients)
	for c := range errs {
		all.Go(func() {
			for errs[c] == nil {
				one := int(next.Add(1)) - 1
				if one >= n {
					return
				}
				errs[c] = errors.Join(do(one), ctx.Err())
			}
			next.Store(int64(n)) // nobody need go on
		})
	}
	all.Wait()
	return errors.Join(errs...)
}
