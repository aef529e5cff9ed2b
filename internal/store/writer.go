package store

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"grupa/internal/fault"
)

// mostTogether bounds how many units share a commit, and so how long the first of them waits.
const mostTogether = 128

// ErrStorage is what a client is told when the disk did not take a unit.
var ErrStorage = fault.New(fault.Unavailable, "storage")

// writer is the one goroutine that writes. Units that wait are run one after another, each in its own savepoint, and
// committed together: one flush to the disk serves all of them. None is answered before it.
func (db *DB) writer() {
	defer close(db.done)
	for {
		select {
		case u := <-db.units:
			db.commit(db.gather(u))
		case <-db.closing:
			for {
				select {
				case u := <-db.units:
					db.commit(db.gather(u))
				default:
					return
				}
			}
		}
	}
}

// gather takes what waits already, and waits for nothing more.
func (db *DB) gather(first *unit) []*unit {
	batch := []*unit{first}
	for len(batch) < mostTogether {
		select {
		case u := <-db.units:
			batch = append(batch, u)
		default:
			return batch
		}
	}
	return batch
}

// commit runs the units and commits those that succeeded. Their contexts are left out on purpose: cancelling a
// statement makes SQLite roll back the whole transaction, the other units with it.
func (db *DB) commit(batch []*unit) {
	defer func() {
		for _, u := range batch {
			close(u.done)
		}
	}()
	g := db.write.WithContext(context.Background()).Begin()
	if g.Error != nil {
		db.fail(batch, fmt.Errorf("begin: %w", g.Error))
		return
	}
	for _, u := range batch {
		if err := db.runIn(g, u); err != nil {
			db.fail(batch, errors.Join(err, ignoreDone(g.Rollback().Error)))
			return
		}
	}
	if err := g.Commit().Error; err != nil {
		db.fail(batch, errors.Join(fmt.Errorf("commit: %w", err), ignoreDone(g.Rollback().Error)))
	}
}

// runIn runs one unit in its savepoint. An error of the unit stays with it; the error given is one of the whole
// transaction, which SQLite rolls back by itself when the disk is full or fails.
func (db *DB) runIn(g *gorm.DB, u *unit) error {
	if err := u.ctx.Err(); err != nil {
		u.err = err // nobody waits any more, and nothing was begun
		return nil
	}
	if err := g.Exec("SAVEPOINT unit").Error; err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	tx := &Tx{g: g, db: db, caller: u.caller, now: db.now()}
	if u.err = tx.run(u); u.err != nil {
		if isDiskError(u.err) {
			return u.err
		}
		if err := g.Exec("ROLLBACK TO unit").Error; err != nil {
			return fmt.Errorf("roll back a unit: %w", err)
		}
	}
	if err := g.Exec("RELEASE unit").Error; err != nil {
		return fmt.Errorf("release: %w", err)
	}
	return nil
}

// fail answers every unit of a batch that is not on disk, also those that had succeeded in it.
func (db *DB) fail(batch []*unit, err error) {
	db.cfg.Log.Error("nothing of these units is on disk", "units", len(batch), "error", err)
	for _, u := range batch {
		u.err = ErrStorage.Because(err)
	}
}
