package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

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
	settled := false
	defer func() {
		if !settled { // a unit ended the goroutine: nothing may pass for written
			db.fail(batch, errUnsettled)
		}
		for _, u := range batch {
			close(u.done)
		}
	}()
	db.settle(batch)
	settled = true
}

var errUnsettled = errors.New("the writer was ended by a unit")

// settle gives each unit its error, or nil once it is on disk.
func (db *DB) settle(batch []*unit) {
	if err := db.write.exec("BEGIN IMMEDIATE"); err != nil {
		db.fail(batch, fmt.Errorf("begin: %w", err))
		return
	}
	for _, u := range batch {
		if err := db.runIn(u); err != nil {
			db.rollBack(batch, err)
			return
		}
	}
	if err := db.write.exec("COMMIT"); err != nil {
		db.rollBack(batch, fmt.Errorf("commit: %w", err))
	}
}

// rollBack also covers a transaction that SQLite has rolled back by itself: then there is none any more, and it says so.
func (db *DB) rollBack(batch []*unit, err error) {
	if again := db.write.exec("ROLLBACK"); again != nil && !strings.Contains(again.Error(), "no transaction is active") {
		err = errors.Join(err, again)
	}
	db.fail(batch, err)
}

// runIn runs one unit in its savepoint. An error of the unit stays with it; the error given is one of the whole
// transaction, which SQLite rolls back by itself when the disk is full or fails.
func (db *DB) runIn(u *unit) error {
	if err := u.ctx.Err(); err != nil {
		u.err = err // nobody waits any more, and nothing was begun
		return nil
	}
	if err := db.write.exec("SAVEPOINT unit"); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	tx := &Tx{g: db.write.gorm.WithContext(context.Background()), db: db, caller: u.caller, now: db.now()}
	if u.err = tx.run(u); u.err != nil {
		if isDiskError(u.err) {
			return u.err
		}
		if err := db.write.exec("ROLLBACK TO unit"); err != nil {
			return fmt.Errorf("roll back a unit: %w", err)
		}
	}
	if err := db.write.exec("RELEASE unit"); err != nil {
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
