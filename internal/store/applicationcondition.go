package store

import (
	"cmp"
	"math"
	"strings"
)

// textArg is how a text that something must equal stands in the SQL of a list. SQLite looks at the value behind a bare
// "?" when it plans, and so would prepare the statement anew each time it runs. LIMIT stands in numbers for the same
// reason.
const textArg = "CAST(? AS TEXT)"

// condition is a part of a WHERE clause. The zero condition is none.
type condition struct {
	text string
	args []any
}

func and(all ...condition) (joined condition) {
	var texts []string
	for _, c := range all {
		if c.text != "" {
			texts = append(texts, c.text)
			joined.args = append(joined.args, c.args...)
		}
	}
	joined.text = strings.Join(texts, " AND ")
	return joined
}

// aside keeps SQLite from searching by a column when the index that is to be read does not begin with it. Without
// statistics it takes one index to be as good as another. PostgreSQL has statistics, of columns.
func (l *listing) aside(column, none string) string {
	if l.tx.engine == onSQLite {
		return "coalesce(" + column + ", " + none + ")"
	}
	return column
}

func among[T any](l *listing, column string, values []T) condition {
	if len(values) == 0 {
		return condition{}
	}
	return condition{l.aside(column, "''") + " IN ?", []any{values}}
}

func (l *listing) inProgrammes() condition { return among(l, "a.programme_id", l.programmes) }
func (l *listing) inStates() condition     { return among(l, "a.state", l.f.States) }
func (l *listing) inLanguages() condition  { return among(l, "a.language", l.f.Languages) }

func (l *listing) ofSafety() condition {
	if l.f.Safety == "" {
		return condition{}
	}
	return condition{l.aside("a.safety", "''") + " = " + textArg, []any{string(l.f.Safety)}}
}

// inTime is when it must have been submitted. In the order of submission that is a bound instead.
func (l *listing) inTime() condition {
	if !l.order.changed() {
		return condition{}
	}
	var from, until condition
	if l.from != math.MinInt64 {
		from = condition{l.aside("a.submitted_at", "0") + " >= ?", []any{l.from}}
	}
	if l.until != math.MaxInt64 {
		until = condition{l.aside("a.submitted_at", "0") + " < ?", []any{l.until}}
	}
	return and(from, until)
}

// inSets is all sets but one.
func (l *listing) inSets(but *set) (all condition) {
	for n := range l.sets {
		if s := &l.sets[n]; s != but {
			all = and(all, s.asked)
		}
	}
	return all
}

// bounds say where in the order the page begins, and in the order of submission also where the list ends. An index is
// searched by one lower and one upper bound, so there is at most one of each.
func (l *listing) bounds() condition {
	begin, end := l.after, condition{}
	switch o := l.order; {
	case o.changed():
	case o.descending:
		if l.until != math.MaxInt64 {
			begin = o.later(begin, place{l.until, 0}) // every seq is above 0
		}
		if l.from != math.MinInt64 {
			end = condition{"a.submitted_at >= ?", []any{l.from}}
		}
	default:
		if l.from != math.MinInt64 {
			begin = o.later(begin, place{l.from, 0})
		}
		if l.until != math.MaxInt64 {
			end = condition{"a.submitted_at < ?", []any{l.until}}
		}
	}
	return and(l.order.behind(begin), end)
}

// later is the place that comes later in the order; nil is before all.
func (o listOrder) later(a *place, b place) *place {
	if a == nil || (cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.seq, b.seq)) > 0) == o.descending {
		return &b
	}
	return a
}

func (o listOrder) behind(at *place) condition {
	if at == nil {
		return condition{}
	}
	sign := ">"
	if o.descending {
		sign = "<"
	}
	return condition{"(a." + o.column + ", a.seq) " + sign + " (?, ?)", []any{at.value, at.seq}}
}
