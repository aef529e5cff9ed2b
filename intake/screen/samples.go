package screen

import (
	"fmt"
	"slices"
)

// samples lists answers to a question so that every way in which its leaves can turn out is among them. It is false
// where they are too many.
func samples(f Field, leaves []*node) ([]Value, bool) {
	var values []Value
	ok := true
	switch f.Kind {
	case Bool:
		values = []Value{{Known: true}, {Known: true, Bool: true}}
	case Code:
		for _, code := range f.Codes {
			values = append(values, Value{Known: true, Codes: []string{code}})
		}
	case Number:
		values = numberSamples(f, leaves)
	case Codes:
		values, ok = choiceSamples(leaves)
	default:
		values = []Value{{Known: true}}
	}
	if asksWhether(leaves) {
		values = append(values, Value{})
	}
	return values, ok
}

// numberSamples are the numbers that leaves name, one between each two of them, and one beyond.
func numberSamples(f Field, leaves []*node) []Value {
	var ends []float64
	for _, n := range leaves {
		if n.expr.Op != Answered {
			ends = append(ends, n.expr.Operand.Number)
		}
		if n.expr.Op == Between {
			ends = append(ends, n.expr.Operand.High)
		}
	}
	slices.Sort(ends)
	if f.bounded() {
		ends = append([]float64{f.Min}, append(ends, f.Max)...)
	} else if len(ends) > 0 {
		ends = append([]float64{ends[0] - 1}, append(ends, ends[len(ends)-1]+1)...)
	} else {
		ends = []float64{0}
	}
	var values []Value
	for i, end := range ends {
		values = append(values, Value{Known: true, Number: end})
		if i > 0 {
			values = append(values, Value{Known: true, Number: ends[i-1] + (end-ends[i-1])/2})
		}
	}
	return values
}

// choiceSamples are sets of options. Options that the same leaves name are one class: of a class it only matters
// whether none, some or all of it were chosen.
func choiceSamples(leaves []*node) ([]Value, bool) {
	sets := [][]string{nil}
	for _, class := range classes(leaves) {
		parts := [][]string{nil, class}
		if len(class) > 1 {
			parts = append(parts, class[:1])
		}
		var more [][]string
		for _, set := range sets {
			for _, part := range parts {
				more = append(more, append(slices.Clone(set), part...))
			}
		}
		if sets = more; len(sets) > maxCombinations {
			return nil, false
		}
	}
	values := make([]Value, len(sets))
	for i, set := range sets {
		values[i] = Value{Known: true, Codes: set}
	}
	return values, true
}

func classes(leaves []*node) [][]string {
	namedBy := map[string]string{}
	var order []string
	for i, n := range leaves {
		for _, code := range n.expr.Operand.Codes {
			if namedBy[code] == "" {
				order = append(order, code)
			}
			namedBy[code] += fmt.Sprint(i, " ")
		}
	}
	var all [][]string
	at := map[string]int{}
	for _, code := range order {
		i, ok := at[namedBy[code]]
		if !ok {
			i = len(all)
			at[namedBy[code]] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], code)
	}
	return all
}

// windows lets each different window of time be met or missed on its own.
func (a *axis) windows(keep func([]Truth)) bool {
	var different []string
	which := make([]int, len(a.leaves))
	for i, n := range a.leaves {
		key := fmt.Sprint(freeTime(nil, n.expr.Operand.Slots), n.expr.Operand.Minutes)
		if n.expr.Op == Answered {
			key = string(Answered)
		}
		if which[i] = slices.Index(different, key); which[i] < 0 {
			which[i] = len(different)
			different = append(different, key)
		}
	}
	if len(different) > 14 { // 2^14 is the last power below maxCombinations
		return false
	}
	for met := range 1 << len(different) {
		truths := make([]Truth, len(a.leaves))
		for i, n := range a.leaves {
			truths[i] = known(met&(1<<which[i]) != 0 || n.expr.Op == Answered)
		}
		keep(truths)
	}
	if asksWhether(a.leaves) {
		unanswered := make([]Truth, len(a.leaves))
		for i, n := range a.leaves {
			if n.expr.Op == Answered {
				unanswered[i] = False
			}
		}
		keep(unanswered)
	}
	return true
}
