package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"gorm.io/gorm"

	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store/seal"
)

// Tx is a unit of work: one caller, one instant, all or nothing. It must not be used after its function returned, nor
// by two goroutines, and no unit may be opened inside another: the writer would wait for itself.
type Tx struct {
	g      *gorm.DB
	db     *DB
	caller account.Caller
	now    time.Time
	acts   []act
	silent bool // leaves no audit row: only the audit chain itself
	keys   map[string]seal.Key
	// published is set once this unit wrote a form or a group type, which may yet be rolled back: what it reads of them
	// is not kept in the library.
	published bool
	made      madeApplication // by this unit: what follows it need not look for it
}

type madeApplication struct {
	id     intake.ApplicationID
	seq    int64
	person account.PersonID

	screened bool
}

// unit is a Tx's function on its way to the writer and back.
type unit struct {
	ctx    context.Context
	caller account.Caller
	fn     func(*Tx) error
	err    error
	panic  any
	done   chan struct{}
}

// Update runs a unit that writes. When it gives nil, the unit is on disk. When it gives an error, nothing of the unit
// is. fn must not reach for anything outside that a second run would harm: an engine may run it again.
//
// A unit that has begun is finished even if ctx ends: whoever asked may be gone, but never half served.
func (db *DB) Update(ctx context.Context, caller account.Caller, fn func(tx *Tx) error) error {
	u := &unit{ctx: ctx, caller: caller, fn: fn, done: make(chan struct{})}
	select {
	case <-db.closing:
		return ErrClosed
	default:
	}
	select {
	case db.units <- u:
	case <-ctx.Done():
		return ctx.Err()
	case <-db.closing:
		return ErrClosed
	}
	select {
	case <-u.done:
	case <-db.done: // the writer stopped; it may have finished this unit first
		select {
		case <-u.done:
		default:
			return ErrClosed
		}
	}
	if u.panic != nil {
		panic(u.panic)
	}
	return u.err
}

// View runs a unit that reads one snapshot. The connection refuses writes.
func (db *DB) View(ctx context.Context, caller account.Caller, fn func(tx *Tx) error) (err error) {
	if caller.Kind == account.Nobody {
		return account.ErrNobody
	}
	var c *conn
	select {
	case c = <-db.read:
	case <-ctx.Done():
		return ctx.Err()
	case <-db.closing:
		return ErrClosed
	}
	defer func() { db.read <- c }()
	if err := c.exec("BEGIN"); err != nil {
		return fmt.Errorf("begin view: %w", err)
	}
	defer func() { err = errors.Join(err, c.exec("ROLLBACK")) }()
	tx := &Tx{g: c.gorm.WithContext(ctx), db: db, caller: caller, now: db.now()}
	if err := fn(tx); err != nil {
		return err
	}
	if len(tx.acts) > 0 {
		return errActInView
	}
	return nil
}

// errActInView is a bug: what must be audited needs a unit that writes.
var errActInView = errors.New("a view audited something")

// now is the instant of a unit: UTC, whole seconds.
func (db *DB) now() time.Time { return db.cfg.Now().UTC().Truncate(time.Second) }

// Now is the instant of this unit: UTC, whole seconds, the same from its begin to its end.
func (tx *Tx) Now() time.Time { return tx.now }

// Caller is who asks.
func (tx *Tx) Caller() account.Caller { return tx.caller }

// run runs the function and writes what the unit did to the audit trail.
func (tx *Tx) run(u *unit) (err error) {
	defer func() {
		if p := recover(); p != nil {
			tx.db.cfg.Log.Error("panic in a unit", "kind", fmt.Sprintf("%T", p), "stack", fault.Frames(debug.Stack()))
			u.panic, err = p, errPanic
		}
	}()
	if tx.caller.Kind == account.Nobody {
		return account.ErrNobody
	}
	if err := u.fn(tx); err != nil {
		return err
	}
	return tx.writeActs()
}

var errPanic = errors.New("the unit panicked")
