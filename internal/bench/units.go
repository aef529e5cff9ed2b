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
	"grupa/internal/bench/rig"
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

// units compares units that share commits with the same units one by one, in process.
func units(ctx context.Context, bench *rig.Bench, t turns) (text string, err error) {
	db, err := openStore(ctx, bench.Dir())
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	t.rest = 0 // nothing runs behind a store
	for _, u := range []struct {
		title string
		unit  unit
	}{{"units: a submitted form", apply}, {"units: an audit row", note}} {
		all, err := compare(ctx, t, together(db, u.unit), oneByOne(db, u.unit))
		if err != nil {
			return "", err
		}
		text += table(u.title, all, [2]int{0, 1}) + "\n"
	}
	return text, nil
}

func together(db *store.DB, u unit) way {
	return way{"group commit", writers, func(ctx context.Context) error { return db.Update(ctx, account.Anyone(), u) }}
}

// oneByOne hands in a unit only when the one before is on disk: each commit holds one.
func oneByOne(db *store.DB, u unit) way {
	turn := make(chan struct{}, 1)
	return way{"one by one", writers, func(ctx context.Context) error {
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
