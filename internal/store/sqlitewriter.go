package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// mostTogether bounds how many units share a commit, and so how long the first of them waits.
const mostTogether = 128

// update implements engine: it hands the unit to the writer and waits.
func (s *sqlite) update(ctx context.Context, u *unit) {
	select {
	case s.units <- u:
	case <-ctx.Done():
		u.err = ctx.Err()
		return
	case <-s.db.closing:
		u.err = ErrClosed
		return
	}
	select {
	case <-u.done:
	case <-s.done: // the writer stopped; it may have finished this unit first
		select {
		case <-u.done:
		default:
			u.err = ErrClosed
		}
	}
}

// writer is the one goroutine that writes. Units that wait are run one after another, each in its own savepoint, and
// committed together: one flush to the disk serves all of them. None is answered before it.
func (s *sqlite) writer() {
	defer close(s.done)
	for {
		select {
		case u := <-s.units:
			s.commit(s.gather(u))
		case <-s.db.closing:
			for {
				select {
				case u := <-s.units:
					s.commit(s.gather(u))
				default:
					return
				}
			}
		}
	}
}

// gather takes what waits already, and waits for nothing more.
func (s *sqlite) gather(first *unit) []*unit {
	batch := []*unit{first}
	for len(batch) < mostTogether {
		select {
		case u := <-s.units:
			batch = append(batch, u)
		default:
			return batch
		}
	}
	return batch
}

// commit runs the units and commits those that succeeded. Their contexts are left out on purpose: cancelling a
// statement makes SQLite roll back the whole transaction, the other units with it.
func (s *sqlite) commit(batch []*unit) {
	settled := false
	defer func() {
		if !settled { // a unit ended the goroutine: nothing may pass for written
			s.fail(batch, errUnsettled)
		}
		for _, u := range batch {
			close(u.done)
		}
	}()
	s.settle(batch)
	settled = true
}

var errUnsettled = errors.New("the writer was ended by a unit")

// settle gives each unit its error, or nil once it is on disk.
func (s *sqlite) settle(batch []*unit) {
	if s.db.ReadOnly() {
		for _, u := range batch {
			u.err = ErrReadOnly
		}
		return
	}
	if err := s.write.exec("BEGIN IMMEDIATE"); err != nil {
		s.fail(batch, fmt.Errorf("begin: %w", err))
		return
	}
	for _, u := range batch {
		if err := s.runIn(u); err != nil {
			s.rollBack(batch, err)
			return
		}
	}
	err := s.db.commits(len(batch), func() error { return s.write.exec("COMMIT") })
	if err != nil {
		s.rollBack(batch, fmt.Errorf("commit: %w", err))
	}
}

// rollBack also covers a transaction that SQLite has rolled back by itself: then there is none any more, and it says so.
func (s *sqlite) rollBack(batch []*unit, err error) {
	if again := s.write.exec("ROLLBACK"); again != nil && !strings.Contains(again.Error(), "no transaction is active") {
		err = errors.Join(err, again)
	}
	s.fail(batch, err)
}

// runIn runs one unit in its savepoint. An error of the unit stays with it; the error given is one of the whole
// transaction, which SQLite rolls back by itself when the disk is full or fails.
func (s *sqlite) runIn(u *unit) error {
	if err := u.ctx.Err(); err != nil {
		u.err = err // nobody waits any more, and nothing was begun
		return nil
	}
	if err := s.write.exec("SAVEPOINT unit"); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	if u.err = s.run(u); u.err != nil {
		if isDiskError(u.err) {
			return u.err
		}
		if err := s.write.exec("ROLLBACK TO unit"); err != nil {
			return fmt.Errorf("roll back a unit: %w", err)
		}
	}
	if err := s.write.exec("RELEASE unit"); err != nil {
		return fmt.Errorf("release: %w", err)
	}
	return nil
}

func (s *sqlite) run(u *unit) error {
	if u.adds == nil {
		tx := &Tx{g: s.write.gorm.WithContext(context.Background()), engine: onSQLite, writes: true}
		return s.db.run(tx, u)
	}
	for _, a := range u.adds {
		if _, err := s.write.ExecContext(context.Background(), a.query, a.args...); err != nil {
			return err
		}
	}
	return nil
}

// fail answers every unit of a batch that is not on disk, also those that had succeeded in it. After an error of the
// disk itself nothing more is written: the system may have dropped the pages that it could not flush and take the next
// flush for a success.
func (s *sqlite) fail(batch []*unit, err error) {
	answer := ErrStorage
	if isIOError(err) {
		s.db.readOnly.Store(true)
		answer = ErrReadOnly
	}
	s.db.cfg.Log.Error("nothing of these units is on disk", "units", len(batch), "error", err,
		"read_only", s.db.ReadOnly())
	for _, u := range batch {
		u.err = answer.Because(err)
	}
}
