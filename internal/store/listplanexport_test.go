package store

import (
	"grupa/intake"
)

// ListPlan is how a list is read.
type ListPlan struct {
	SQL      string
	Lines    []string // of the engine's plan
	Gathered bool     // from a small set, which is sorted
}

// ListPlan gives SQLite's plan for the rows of a page. There is none for a list of which it is known that it is empty.
func (tx *Tx) ListPlan(f intake.Filter) (*ListPlan, error) {
	l, err := tx.listing(f)
	if err != nil || l.nothing {
		return nil, err
	}
	w, err := l.way()
	if err != nil || len(w.stretches) == 0 {
		return nil, err
	}
	c, plan := w.selected(f.Limit+1), &ListPlan{Gathered: l.rarest() != nil}
	plan.SQL = c.text
	rows, err := tx.g.Raw("EXPLAIN QUERY PLAN "+c.text, c.args...).Rows()
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err says all there is to say
	for rows.Next() {
		var id, parent, unused int
		var line string
		if err := rows.Scan(&id, &parent, &unused, &line); err != nil {
			return nil, err
		}
		plan.Lines = append(plan.Lines, line)
	}
	return plan, rows.Err()
}

// ListCursor makes a cursor of that list behind something that was submitted or changed then.
func ListCursor(sort intake.Sort, at int64) string { return place{at, 1}.text(orderOf(sort).name) }
