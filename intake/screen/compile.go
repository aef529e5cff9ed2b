package screen

import "slices"

// node is an expression that is ready to run.
type node struct {
	expr *Expr
	run  func(*sheet) Truth
	of   []*node // parts of a combinator
	asks []int   // cells that a leaf looks at
	sum  int     // the score that a leaf looks at, else -1
	spot spot    // for a trial
}

// compiler turns expressions into nodes and numbers the questions and scores that they name.
type compiler struct {
	schema    Schema
	scores    map[string]Score
	questions []question
	sums      []sum
	numbers   map[string]int // of a question's cell
	sumsByID  map[string]int
}

func newCompiler(scores map[string]Score, schema Schema) *compiler {
	return &compiler{schema: schema, scores: scores, numbers: map[string]int{}, sumsByID: map[string]int{}}
}

func (c *compiler) question(field string) int {
	i, ok := c.numbers[field]
	if !ok {
		i = len(c.questions)
		c.numbers[field] = i
		c.questions = append(c.questions, newQuestion(field, c.schema[field]))
	}
	return i
}

func (c *compiler) sum(id string) int {
	n, ok := c.sumsByID[id]
	if ok {
		return n
	}
	s := sum{items: c.items(id)}
	for _, item := range c.scores[id].Items {
		s.adds = append(s.adds, additions(c.schema[item]))
	}
	n = len(c.sums)
	c.sums = append(c.sums, s)
	c.sumsByID[id] = n
	return n
}

func (c *compiler) items(score string) []int {
	var cells []int
	for _, item := range c.scores[score].Items {
		cells = append(cells, c.question(item))
	}
	return cells
}

// additions is what an item adds to a score, by mark.
func additions(f Field) []Interval {
	all := optionScores(f)
	adds := []Interval{unknownMark: all, foreignMark: all}
	for _, code := range f.Codes {
		adds = append(adds, Interval{f.Scores[code], f.Scores[code]})
	}
	return adds
}

func (c *compiler) expr(e *Expr) *node {
	n := &node{expr: e, sum: -1}
	if !e.Op.combines() {
		c.leaf(n)
		return n
	}
	for i := range e.Of {
		n.of = append(n.of, c.expr(&e.Of[i]))
	}
	n.run = combine(e, n.of)
	return n
}

func combine(e *Expr, parts []*node) func(*sheet) Truth {
	runs := make([]func(*sheet) Truth, len(parts))
	for i, part := range parts {
		runs[i] = part.run
	}
	switch {
	case e.Op == All:
		return allOf(runs)
	case e.Op == Any:
		return anyOf(runs)
	case e.Op == Not && len(runs) == 1:
		return func(s *sheet) Truth { return -runs[0](s) }
	case e.Op == AtLeast:
		return atLeastOf(e.Count, runs)
	default:
		return never
	}
}

func never(*sheet) Truth { return Unknown }

func allOf(runs []func(*sheet) Truth) func(*sheet) Truth {
	return func(s *sheet) Truth {
		least := True
		for _, run := range runs {
			if t := run(s); t == False {
				return False
			} else if t < least {
				least = t
			}
		}
		return least
	}
}

func anyOf(runs []func(*sheet) Truth) func(*sheet) Truth {
	return func(s *sheet) Truth {
		most := False
		for _, run := range runs {
			if t := run(s); t == True {
				return True
			} else if t > most {
				most = t
			}
		}
		return most
	}
}

func atLeastOf(count int, runs []func(*sheet) Truth) func(*sheet) Truth {
	return func(s *sheet) Truth {
		yes, open := 0, 0
		for _, run := range runs {
			switch run(s) {
			case True:
				yes++
			case Unknown:
				open++
			}
		}
		return atLeast(count, yes, open)
	}
}

// leaf makes a leaf. One that Check would refuse stays unknown whatever was answered.
func (c *compiler) leaf(n *node) {
	e := n.expr
	check := checker{scores: c.scores, schema: c.schema}
	sound := check.leaf("", e)
	if e.Score != "" {
		n.asks = c.items(e.Score)
	} else {
		n.asks = []int{c.question(e.Field)}
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
		c.questions[n.asks[0]].weeks = true
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
		want.add(c.questions[i].marks[code] - firstMark)
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
