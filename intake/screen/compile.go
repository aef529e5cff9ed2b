package screen

// node is an expression that is ready to run.
type node struct {
	expr *Expr
	run  func(*sheet) Truth
	of   []*node // parts of a combinator
	asks []int   // cells that a leaf looks at
	sum  int     // the score that a leaf looks at, else -1
	spot spot    // for a trial
}

// compiler turns expressions over numbered questions into nodes, and numbers the scores that they name.
type compiler struct {
	*Questions
	scores   map[string]Score
	sums     []sum
	sumsByID map[string]int
}

func newCompiler(scores map[string]Score, questions *Questions) *compiler {
	return &compiler{Questions: questions, scores: scores, sumsByID: map[string]int{}}
}

// newSingle is a compiler for one expression, with no more questions than it names: they need not be in the schema.
func newSingle(e *Expr, scores map[string]Score, schema Schema) *compiler {
	names := ExprFields(*e)
	for _, score := range ExprScores(*e) {
		names = append(names, scores[score].Items...)
	}
	return newCompiler(scores, numbered(names, schema))
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
		cells = append(cells, c.numbers[item])
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
