package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// row is one line of the table: a promise, and what came of it.
type row struct {
	number    int    // in the list of promises; 0 where nothing is promised
	work      string // what is measured / against what
	ratio     ratio
	unit      string // of the ratio and its bounds; "×" if empty
	must, aim bound  // the zero bound promises nothing
	finding   string // what keeps it from its aim, seen in a profile; not shown once the aim is reached
}

// ratio is what one thing is to another over rounds in which they took turns.
type ratio struct{ median, low, high float64 }

// ratioOf takes one value a round. There must be one.
func ratioOf(rounds []float64) ratio {
	return ratio{median(rounds), slices.Min(rounds), slices.Max(rounds)}
}

// bound is what a ratio must or should keep to.
type bound struct {
	value float64
	most  bool // it must not be above, instead of not below
}

func atLeast(value float64) bound { return bound{value, false} }
func atMost(value float64) bound  { return bound{value, true} }

func (b bound) holds(r ratio) bool {
	if b.most {
		return r.median <= b.value
	}
	return b == bound{} || r.median >= b.value
}

func (b bound) text(unit string) string {
	switch {
	case b == bound{}:
		return ""
	case b.most:
		return "≤ " + strconv.FormatFloat(b.value, 'f', -1, 64) + unit
	}
	return "≥ " + strconv.FormatFloat(b.value, 'f', -1, 64) + unit
}

// verdict says how far the median holds. One run of a few rounds has no more to say than its low and high do.
func (r row) verdict() string {
	switch {
	case r.must == bound{} && r.aim == bound{}:
		return ""
	case !r.must.holds(r.ratio):
		return "**no**"
	case !r.aim.holds(r.ratio):
		return "yes"
	}
	return "yes, and the aim"
}

func (r row) String() string {
	unit, number, finding := r.unit, "", ""
	if unit == "" {
		unit = "×"
	}
	if r.number > 0 {
		number = strconv.Itoa(r.number)
	}
	if !r.aim.holds(r.ratio) {
		finding = r.finding
	}
	return fmt.Sprintf("| %s | %s | %s%s [%s–%s] | %s | %s | %s | %s |", number, r.work, digits(r.ratio.median), unit,
		digits(r.ratio.low), digits(r.ratio.high), r.must.text(unit), r.aim.text(unit), r.verdict(), finding)
}

const rowsHead = "| row | work | ratio [low–high] | must | aim | holds? | finding |\n" +
	"| --: | --- | --- | --- | --- | --- | --- |\n"

// rowTable is the table that everything is measured for, in the order of the promises, what has no promise last.
func rowTable(rows []row) string {
	sorted := slices.Clone(rows)
	slices.SortStableFunc(sorted, func(a, b row) int { return place(a) - place(b) })
	var b strings.Builder
	b.WriteString(rowsHead)
	for _, r := range sorted {
		fmt.Fprintln(&b, r)
	}
	return b.String()
}

func place(r row) int {
	const last = 1000
	if r.number == 0 {
		return last
	}
	return r.number
}

// part measures what some rows need. Its servers, clients and places end with it (stage.later).
type part struct {
	name string
	rows []int // that it gives; it runs if one of them is asked for
	run  func(ctx context.Context, s *stage) (report, error)
}

// report is what a part measured.
type report struct {
	rows    []row
	figures string // the absolute figures behind them, as Markdown tables: see figures and table
}
