package screen

import "slices"

// leaf makes a leaf. One that Check would refuse stays unknown whatever was answered.
func (c *compiler) leaf(n *node) {
	e := n.expr
	check := checker{scores: c.scores, schema: c.schema}
	sound := check.leaf("", e)
	if e.Score != "" {
		n.asks = c.items(e.Score)
	} else {
		n.asks = []int{c.numbers[e.Field]}
	}
	if !sound {
		n.run = never
		return
	}
	if e.Score != "" {
		n.sum = c.sum(e.Score)
	}
	subject, _ := subjectOf(e, c.scores, c.schema)
	switch {
	case n.sum >= 0:
		n.run = sumLeaf(n.sum, e)
	case e.Op == Answered:
		i := n.asks[0]
		n.run = func(s *sheet) Truth { return known(s.cells[i].mark != unknownMark) }
	case subject.Kind == Bool || subject.Kind == Code:
		n.run = tableLeaf(n.asks[0], marksTable(e, subject))
	case subject.Kind == Number:
		n.run = numberLeaf(n.asks[0], e)
	case subject.Kind == Codes:
		n.run = c.setLeaf(n.asks[0], e)
	case subject.Kind == Slots:
		n.run = weekLeaf(n.asks[0], e)
	}
}

func sumLeaf(i int, e *Expr) func(*sheet) Truth {
	op, lo, hi := e.Op, e.Operand.Number, e.Operand.High
	return func(s *sheet) Truth { return compare(op, s.sums[i], lo, hi) }
}

func tableLeaf(i int, table []Truth) func(*sheet) Truth {
	return func(s *sheet) Truth { return table[s.cells[i].mark] }
}

func numberLeaf(i int, e *Expr) func(*sheet) Truth {
	op, lo, hi := e.Op, e.Operand.Number, e.Operand.High
	return func(s *sheet) Truth {
		c := &s.cells[i]
		if c.mark == unknownMark {
			return Unknown
		}
		return compare(op, Interval{c.number, c.number}, lo, hi)
	}
}

func weekLeaf(i int, e *Expr) func(*sheet) Truth {
	windows, minutes := freeTime(nil, e.Operand.Slots), e.Operand.Minutes
	return func(s *sheet) Truth {
		c := &s.cells[i]
		if c.mark == unknownMark {
			return Unknown
		}
		return known(meet(c.free, windows, minutes))
	}
}

// marksTable is the truth of a leaf over one option or a boolean, by mark.
func marksTable(e *Expr, f Field) []Truth {
	table := []Truth{unknownMark: Unknown, foreignMark: Unknown}
	if f.Kind == Bool {
		same := known(e.Operand.Bool == (e.Op == Eq))
		return append(table, -same, same)
	}
	for _, code := range f.Codes {
		table = append(table, optionTruth(e, f, code))
	}
	return table
}

func optionTruth(e *Expr, f Field, code string) Truth {
	switch e.Op {
	case Eq, In:
		return known(slices.Contains(e.Operand.Codes, code))
	case Ne, NotIn:
		return known(!slices.Contains(e.Operand.Codes, code))
	}
	if r, ok := f.Ranges[code]; ok {
		return compare(e.Op, r, e.Operand.Number, e.Operand.High)
	}
	return Unknown
}

// setLeaf looks at a set of options. One that is none of the question's could stand for any of them.
func (c *compiler) setLeaf(i int, e *Expr) func(*sheet) Truth {
	var want optionSet
	for _, code := range e.Operand.Codes {
		want.add(c.all[i].marks[code] - firstMark)
	}
	all, wanted := e.Op == IncludesAll, True
	if e.Op == IncludesNone {
		wanted = False
	}
	return func(s *sheet) Truth {
		c := &s.cells[i]
		switch {
		case c.mark == unknownMark:
			return Unknown
		case includes(&c.chosen, &want, all):
			return wanted
		case c.foreign:
			return Unknown
		default:
			return -wanted
		}
	}
}

// includes says whether the chosen options hold all the wanted ones, or any.
func includes(chosen, want *optionSet, all bool) bool {
	some := false
	for i, w := range want {
		both := chosen[i] & w
		if all && both != w {
			return false
		}
		some = some || both != 0
	}
	return all || some
}
