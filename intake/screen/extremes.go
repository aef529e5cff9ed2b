package screen

import (
	"fmt"
	"maps"
	"slices"
)

// maxCombinations is how many combinations of answers are looked at before the question is left open.
const maxCombinations = 20_000

// extremes says whether some full set of answers makes a sound expression true (once), and whether every one does
// (always). Each leaf cuts what can be answered to a question into cells; one answer of each cell is tried, with every
// one of the other questions. Where that is too many it gives once and not always, so nobody is told a falsehood.
//
// A question that is asked whether it was answered may also stay unanswered. Scores and windows of time are taken to
// vary on their own, which tries more than can happen: what is found to be extreme surely is.
func (c *checker) extremes(e *Expr) (once, always bool) {
	comp := newSingle(e, c.scores, c.schema)
	t := trial{root: comp.expr(e), compiler: comp}
	t.gather(t.root)
	if !t.cut() {
		return true, false
	}
	once, always = false, true
	for {
		truth := t.truth(t.root)
		once, always = once || truth == True, always && truth == True
		if once && !always || !t.next() {
			return once, always
		}
	}
}

// trial goes through the combinations of cells.
type trial struct {
	*compiler
	root *node
	axes []axis
}

// spot is where a trial has the truth of a leaf.
type spot struct{ axis, leaf int }

// axis is one question or score, its leaves, and their truths in each of its cells.
type axis struct {
	score  bool
	number int // of the cell or the sum
	leaves []*node
	cells  [][]Truth
	at     int // the cell that is being tried
}

func (t *trial) gather(n *node) {
	for _, part := range n.of {
		t.gather(part)
	}
	if n.expr.Op.combines() {
		return
	}
	score, number := n.sum >= 0, n.sum
	if !score {
		number = n.asks[0]
	}
	i := slices.IndexFunc(t.axes, func(a axis) bool { return a.score == score && a.number == number })
	if i < 0 {
		i = len(t.axes)
		t.axes = append(t.axes, axis{score: score, number: number})
	}
	n.spot = spot{i, len(t.axes[i].leaves)}
	t.axes[i].leaves = append(t.axes[i].leaves, n)
}

// cut finds the cells of all axes; it is false where they are too many to be combined.
func (t *trial) cut() bool {
	combinations := 1
	for i := range t.axes {
		a := &t.axes[i]
		if !t.cells(a) {
			return false
		}
		if combinations *= len(a.cells); combinations > maxCombinations {
			return false
		}
	}
	return true
}

// cells tries samples of every cell and keeps those that differ.
func (t *trial) cells(a *axis) bool {
	seen := map[string]bool{}
	keep := func(truths []Truth) {
		if key := fmt.Sprint(truths); !seen[key] {
			seen[key] = true
			a.cells = append(a.cells, truths)
		}
	}
	if a.score {
		totals, ok := t.totals(a.number)
		for _, total := range totals {
			s := &sheet{sums: make([]Interval, len(t.sums))}
			s.sums[a.number] = Interval{total, total}
			keep(a.truths(s))
		}
		return ok
	}
	q := &t.all[a.number]
	if q.kind == Slots {
		return a.windows(keep)
	}
	values, ok := samples(t.schema[q.name], a.leaves)
	for _, v := range values {
		s := &sheet{cells: make([]cell, len(t.all))}
		q.read(&v, &s.cells[a.number])
		keep(a.truths(s))
	}
	return ok
}

func (a *axis) truths(s *sheet) []Truth {
	truths := make([]Truth, len(a.leaves))
	for i, leaf := range a.leaves {
		truths[i] = leaf.run(s)
	}
	return truths
}

// asksWhether says whether some leaf asks if the question was answered.
func asksWhether(leaves []*node) bool {
	return slices.ContainsFunc(leaves, func(n *node) bool { return n.expr.Op == Answered })
}

// totals lists every value that a finished score can have.
func (t *trial) totals(score int) ([]float64, bool) {
	totals := map[float64]bool{0: true}
	for _, options := range t.sums[score].adds {
		more := map[float64]bool{}
		for total := range totals {
			for _, option := range options[firstMark:] {
				more[total+option.Lo] = true
			}
		}
		if len(more) > maxCombinations {
			return nil, false
		}
		totals = more
	}
	return slices.Sorted(maps.Keys(totals)), true
}

// next moves on to the next combination.
func (t *trial) next() bool {
	for i := range t.axes {
		a := &t.axes[i]
		if a.at++; a.at < len(a.cells) {
			return true
		}
		a.at = 0
	}
	return false
}

func (t *trial) truth(n *node) Truth {
	switch n.expr.Op {
	case All:
		least := True
		for _, part := range n.of {
			least = min(least, t.truth(part))
		}
		return least
	case Any:
		most := False
		for _, part := range n.of {
			most = max(most, t.truth(part))
		}
		return most
	case Not:
		return -t.truth(n.of[0])
	case AtLeast:
		return t.some(n)
	}
	a := &t.axes[n.spot.axis]
	return a.cells[a.at][n.spot.leaf]
}

func (t *trial) some(n *node) Truth {
	yes, open := 0, 0
	for _, part := range n.of {
		switch t.truth(part) {
		case True:
			yes++
		case Unknown:
			open++
		}
	}
	return atLeast(n.expr.Count, yes, open)
}
