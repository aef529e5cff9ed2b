package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/seal"
	"grupa/internal/store/storetest"
	"grupa/internal/words"
)

// writers is how many units wait at once.
const writers = 64

// unit is a unit of work that is measured.
type unit func(*store.Tx) error

// apply is what an applicant causes: keys, seals, screening, about ten statements.
func apply(tx *store.Tx) error {
	_, err := intake.Submit(tx, storetest.Filled("Ada Example"))
	return err
}

// note writes its audit row and nothing else: as small as a unit can be.
func note(tx *store.Tx) error {
	tx.Audit("bench.note", "")
	return nil
}

// unitParts compare units that share commits with the same units one by one, in process, and units that are made beside
// the writer with those that are made by it: what each is worth before anything else is added.
func unitParts() []part { return []part{{"units of work", nil, units}} }

func units(ctx context.Context, s *stage) (r report, err error) {
	db, err := openStore(ctx, s.Dir())
	if err != nil {
		return r, err
	}
	s.later(db.Close)
	t := s.turns
	t.rest = 0 // nothing runs behind a store
	for _, u := range []struct {
		name string
		unit unit
	}{{"a submitted form", apply}, {"an audit row", note}} {
		all, err := compare(ctx, t, together(db, u.unit), oneByOne(db, u.unit), beside(db, u.unit))
		if err != nil {
			return r, err
		}
		what := "unit: " + u.name + ", 64 waiting: "
		r.rows = append(r.rows, row{work: what + "group commit / a commit each", ratio: all[0].over(all[1])},
			row{work: what + "made beside the writer / by it", ratio: all[2].over(all[0])})
		r.figures += figures("unit: "+u.name, all...) + "\n"
	}
	return r, nil
}

func together(db *store.DB, u unit) way {
	return way{name: "group commit", clients: writers, do: func(ctx context.Context) error {
		return db.Update(ctx, account.Anyone(), u)
	}}
}

// beside makes the units on all processors at once; the writer only writes, and commits them together.
func beside(db *store.DB, u unit) way {
	return way{name: "group commit, made beside the writer", clients: writers, do: func(ctx context.Context) error {
		return db.Append(ctx, account.Anyone(), u)
	}}
}

// oneByOne hands in a unit only when the one before is on disk: each commit holds one.
func oneByOne(db *store.DB, u unit) way {
	turn := make(chan struct{}, 1)
	return way{name: "a commit each", clients: writers, do: func(ctx context.Context) error {
		turn <- struct{}{}
		defer func() { <-turn }()
		return db.Update(ctx, account.Anyone(), u)
	}}
}

func openStore(ctx context.Context, dir string) (*store.DB, error) {
	keyring, err := seal.New(storetest.Key())
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "units.db")
	if err := store.Migrate(ctx, path); err != nil {
		return nil, err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	db, err := store.Open(ctx, store.Config{Database: path, Sealing: keyring, Now: time.Now, Log: log})
	if err != nil {
		return nil, err
	}
	if err := errors.Join(db.Install(ctx, words.English, "Europe/Warsaw"), db.LoadCatalogue(ctx)); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}
