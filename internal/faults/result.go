package main

import (
	"errors"
	"fmt"
	"strings"
)

// Result is what a suite counted.
type Result struct {
	Runs         int
	Acknowledged int        // requests that a client had a whole 2xx answer to
	Lost         int        // of these, those that are not there afterwards
	Duplicated   int        // records more than requests
	Corrupt      int        // runs after which server check complained
	Wrong        int        // answers and states that should not have been, such as a 2xx for nothing
	Controls     []*Control // the same runs with a fault put in
	Complaints   []error    // what was lost, duplicated, corrupt or wrong, for whoever looks into it
	Figures      []string   // what else was measured on the way
}

// head is the head of the table whose rows are results.
const head = "| suite | runs | acknowledged | lost | duplicated | corrupt | other faults | controls | figures |\n" +
	"| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"

// String is the row in the table, from the second column on.
func (r Result) String() string {
	controls := make([]string, len(r.Controls))
	for n, c := range r.Controls {
		controls[n] = c.String()
	}
	return fmt.Sprintf("%d | %d | %d | %d | %d | %d | %s | %s",
		r.Runs, r.Acknowledged, r.Lost, r.Duplicated, r.Corrupt, r.Wrong,
		strings.Join(controls, "; "), strings.Join(r.Figures, "; "))
}

// Control is what was seen of a fault that was put in.
type Control struct {
	Fault    string // what it was
	Seen, Of int    // how often it was seen, of how often it could have been
	As       string // what it was seen as: lost, noticed
	All      bool   // it must be seen each time, not just at all
}

func (c *Control) String() string { return fmt.Sprintf("%s: %d of %d %s", c.Fault, c.Seen, c.Of, c.As) }

// add counts something that could have been seen.
func (c *Control) add(seen bool) {
	c.Of++
	if seen {
		c.Seen++
	}
}

// control begins the count of a control.
func (r *Result) control(c Control) *Control {
	r.Controls = append(r.Controls, &c)
	return &c
}

// ErrBlind means that a control did not see what was put in, so that a zero of the suite proves nothing.
var ErrBlind = errors.New("a control is blind: this run can't show anything")

// Fault is why this is not the result that it should be, or nil.
func (r Result) Fault() error {
	var err error
	if r.Lost+r.Duplicated+r.Corrupt+r.Wrong > 0 {
		err = fmt.Errorf("lost %d, duplicated %d, corrupt %d, other faults %d: %w", r.Lost, r.Duplicated, r.Corrupt, r.Wrong,
			r.complaint())
	}
	if r.Runs == 0 || len(r.Controls) == 0 {
		err = errors.Join(err, ErrBlind)
	}
	for _, c := range r.Controls {
		if c.Seen == 0 || c.All && c.Seen < c.Of {
			err = errors.Join(err, fmt.Errorf("%w: %s", ErrBlind, c))
		}
	}
	return err
}

// mostComplaints bounds what is told of a suite; the counts tell all.
const mostComplaints = 10

// complaint tells each complaint once.
func (r Result) complaint() error {
	var all []error
	told := map[string]bool{}
	for _, c := range r.Complaints {
		if !told[c.Error()] && len(told) < mostComplaints {
			told[c.Error()] = true
			all = append(all, c)
		}
	}
	return errors.Join(all...)
}

// add takes in the counts of one run.
func (r *Result) add(one Result) {
	r.Runs++
	r.take(one)
}

// take takes in counts that are not of a run of their own.
func (r *Result) take(one Result) {
	r.Acknowledged += one.Acknowledged
	r.Lost += one.Lost
	r.Duplicated += one.Duplicated
	r.Corrupt += one.Corrupt
	r.Wrong += one.Wrong
	r.Complaints = append(r.Complaints, one.Complaints...)
}

func (r *Result) lose(complaint error) {
	r.Lost++
	r.Complaints = append(r.Complaints, complaint)
}

func (r *Result) duplicate(complaint error) {
	r.Duplicated++
	r.Complaints = append(r.Complaints, complaint)
}

func (r *Result) corrupt(complaint error) {
	r.Corrupt++
	r.Complaints = append(r.Complaints, complaint)
}

// figure adds something that was measured.
func (r *Result) figure(format string, args ...any) {
	r.Figures = append(r.Figures, fmt.Sprintf(format, args...))
}

func (r *Result) wrong(format string, args ...any) {
	r.Wrong++
	r.Complaints = append(r.Complaints, fmt.Errorf(format, args...))
}
