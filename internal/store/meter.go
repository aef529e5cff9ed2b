package store

import (
	"context"
	"errors"
	"time"

	"grupa/internal/account"
	"grupa/internal/fault"
)

// Meter is told how units fare, as numbers: no caller, no record, no statement. Its methods are called by many
// goroutines at once and must return at once; they may not open a unit.
type Meter interface {
	// Unit is called once a unit has ended. It waited for its turn or a connection, then its function ran, in all its
	// tries together.
	Unit(kind UnitKind, outcome Outcome, waited, ran time.Duration)
	// Commit is called after each commit of units that write: how many shared it, what it took, whether it held.
	Commit(units int, took time.Duration, ok bool)
}

// UnitKind tells units that read from those that write.
type UnitKind string

// The kinds of unit.
const (
	Viewed  UnitKind = "view"
	Updated UnitKind = "update"
)

// Outcome is what became of a unit.
type Outcome string

// The outcomes. A rule that refuses is part of the work; a failure is the database's or a bug.
const (
	Done    Outcome = "done"
	Refused Outcome = "refused"
	Left    Outcome = "left" // whoever asked went away first
	Failed  Outcome = "failed"
)

// Outcomes lists all outcomes.
func Outcomes() []Outcome { return []Outcome{Done, Refused, Left, Failed} }

func outcomeOf(err error) Outcome {
	switch kind := fault.KindOf(err); {
	case err == nil:
		return Done
	case errors.Is(err, context.Canceled):
		return Left
	case kind == fault.Internal || kind == fault.Unavailable:
		return Failed
	}
	return Refused
}

// stopwatch measures one unit. A nil one, where nobody wants to know, measures nothing.
type stopwatch struct {
	meter       Meter
	kind        UnitKind
	asked       time.Time
	began       time.Time // the last try
	waited, ran time.Duration
}

func (db *DB) stopwatch(kind UnitKind) *stopwatch {
	if db.cfg.Meter == nil {
		return nil
	}
	return &stopwatch{meter: db.cfg.Meter, kind: kind, asked: time.Now(), waited: -1}
}

// begin is called when the unit's function is about to run, and when it is about to run again.
func (w *stopwatch) begin() {
	if w == nil {
		return
	}
	w.began = time.Now()
	if w.waited < 0 {
		w.waited = w.began.Sub(w.asked)
	}
}

// end is called when the unit's function has run.
func (w *stopwatch) end() {
	if w != nil {
		w.ran += time.Since(w.began)
	}
}

// tell is called when the unit is over. One whose function never ran has only waited.
func (w *stopwatch) tell(err error) {
	if w == nil {
		return
	}
	if w.waited < 0 {
		w.waited = time.Since(w.asked)
	}
	w.meter.Unit(w.kind, outcomeOf(err), w.waited, w.ran)
}

// commits runs a commit of so many units and tells the meter of it.
func (db *DB) commits(units int, commit func() error) error {
	if db.cfg.Meter == nil {
		return commit()
	}
	start := time.Now()
	err := commit()
	db.cfg.Meter.Commit(units, time.Since(start), err == nil)
	return err
}

// mostCounted bounds what a look at the audit trail costs. Who sees this number knows enough.
const mostCounted = 100_000

// Unchained counts the audit rows that the chain has not reached, up to 100,000. All replicas of a database see the same.
func (db *DB) Unchained(ctx context.Context) (rows int, err error) {
	err = db.View(ctx, account.Machine(), func(tx *Tx) error {
		return tx.g.Raw(`SELECT count(*) FROM (SELECT 1 AS one FROM audit
			WHERE seq > (SELECT coalesce(max(seq), 0) FROM audit_chain) LIMIT ?) AS waiting`, mostCounted).
			Row().Scan(&rows)
	})
	return rows, err
}
