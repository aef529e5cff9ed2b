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
	engine dialect
	writes bool // in an Update or an Append

	standing *stood // in an Append: what it may read
	db       *DB
	caller   account.Caller
	now      time.Time
	acts     []act
	silent   bool // leaves no audit row: only the audit chain itself
	keys     map[string]seal.Key
	// published is set once this unit wrote a form or a group type, which may yet be rolled back: what it reads of them
	// is not kept in the library.
	published bool
	touched   bool            // something that a feed can show
	made      madeApplication // by this unit: what follows it need not look for it
}

type madeApplication struct {
	id       intake.ApplicationID
	person   account.PersonID
	screened bool
}

// unit is a Tx's function on its way to the engine and back.
type unit struct {
	ctx    context.Context
	caller account.Caller
	fn     func(*Tx) error
	watch  *stopwatch
	adds   []statement // of an Append: the function has run, this is left to be written
	err    error
	panic  any
	done   chan struct{}

	touched bool // the calendar, in any of its tries
}

// Update runs a unit that writes. When it gives nil, the unit is on disk. When it gives an error, nothing of the unit
// is; only where the database was lost at the very commit may it have been written, and then the error is ErrStorage.
// fn may be run again, so it must not reach for anything outside that a second run would harm.
//
// A unit that has begun is finished even if ctx ends: whoever asked may be gone, but never half served.
func (db *DB) Update(ctx context.Context, caller account.Caller, fn func(tx *Tx) error) error {
	if db.isClosing() {
		return ErrClosed
	}
	u := &unit{ctx: ctx, caller: caller, fn: fn, watch: db.stopwatch(Updated), done: make(chan struct{})}
	db.engine.update(ctx, u)
	u.err = reached(ctx, u.err)
	u.watch.tell(u.err)
	if u.touched {
		db.calendarTouches.Add(1) // also when it failed: a commit that was lost on the way may have come through
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
	watch := db.stopwatch(Viewed)
	defer func() { watch.tell(err) }()
	return reached(ctx, db.engine.view(ctx, func(tx *Tx) error {
		watch.begin()
		defer watch.end()
		tx.db, tx.caller, tx.now = db, caller, db.now()
		if err := fn(tx); err != nil {
			return err
		}
		if len(tx.acts) > 0 {
			return errActInView
		}
		return nil
	}))
}

// errActInView is a bug: what must be audited needs a unit that writes.
var errActInView = errors.New("a view audited something")

// now is the instant of a unit: UTC, whole seconds.
func (db *DB) now() time.Time { return db.cfg.Now().UTC().Truncate(time.Second) }

// Now is the instant of this unit: UTC, whole seconds, the same from its begin to its end.
func (tx *Tx) Now() time.Time { return tx.now }

// Caller is who asks.
func (tx *Tx) Caller() account.Caller { return tx.caller }

// run runs the unit's function and writes what it did to the audit trail. Its end is the engine's.
func (db *DB) run(tx *Tx, u *unit) (err error) {
	tx.db, tx.caller, tx.now = db, u.caller, db.now()
	defer func() {
		if p := recover(); p != nil {
			db.cfg.Log.Error("panic in a unit", "kind", fmt.Sprintf("%T", p), "stack", fault.Frames(debug.Stack()))
			u.panic, err = p, errPanic
		}
	}()
	if tx.caller.Kind == account.Nobody {
		return account.ErrNobody
	}
	if err := u.runFn(tx); err != nil {
		return err
	}
	if err := tx.bumpCalendar(); err != nil {
		return err
	}
	return tx.writeActs()
}

var errPanic = errors.New("the unit panicked")

// runFn runs the function of the unit, and measures it.
func (u *unit) runFn(tx *Tx) error {
	u.watch.begin()
	defer u.watch.end()
	err := u.fn(tx)
	u.touched = u.touched || tx.touched
	return err
}
