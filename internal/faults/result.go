package main

import (
	"errors"
	"fmt"
)

// Result is what a suite counted.
type Result struct {
	Runs         int
	Acknowledged int     // requests that a client had a whole 2xx answer to
	Lost         int     // of these, those that are not there afterwards
	Duplicated   int     // records more than requests
	Corrupt      int     // runs after which server check complained
	Control      Control // the same runs with a fault put in
	Complaints   []error // what was lost, duplicated or corrupt, for whoever looks into it
}

// Control is what was seen of the fault that was put in.
type Control struct {
	Fault    string // what it was
	Seen, Of int    // how much was lost by it, of how much acknowledged
}

func (c Control) String() string { return fmt.Sprintf("%s: lost %d of %d", c.Fault, c.Seen, c.Of) }

// ErrBlind means that the control saw nothing, so that a zero of the suite proves nothing.
var ErrBlind = errors.New("the control lost nothing: this run can't show anything")

// Fault is why this is not the result that it should be, or nil.
func (r Result) Fault() error {
	var err error
	if r.Lost+r.Duplicated+r.Corrupt > 0 {
		err = fmt.Errorf("lost %d, duplicated %d, corrupt %d: %w", r.Lost, r.Duplicated, r.Corrupt,
			errors.Join(r.Complaints...))
	}
	if r.Control.Seen == 0 {
		err = errors.Join(err, ErrBlind)
	}
	return err
}

// add takes in the counts of one run.
func (r *Result) add(one Result) {
	r.Runs++
	r.Acknowledged += one.Acknowledged
	r.Lost += one.Lost
	r.Duplicated += one.Duplicated
	r.Corrupt += one.Corrupt
	r.Complaints = append(r.Complaints, one.Complaints...)
}
