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
