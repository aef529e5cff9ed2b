package screen

// maxOptions is how many options a question may have that a criterion looks at.
const maxOptions = 256

// optionSet is a set of options, by their place in the question.
type optionSet [maxOptions / 64]uint64

func (s *optionSet) add(i int) { s[i/64] |= 1 << (i % 64) }

// The marks of a cell. Options follow from firstMark on, in the question's order; of a Bool, false and true.
const (
	unknownMark = iota
	foreignMark // answered, with something that is none of the options
	firstMark
)

// cell is one answer, made ready for quick looks. Only what the question's kind needs is filled in.
type cell struct {
	mark    int // of Bool and Code which answer; of other kinds foreignMark for any answer
	number  float64
	foreign bool
	chosen  optionSet
	free    []span
}

// sheet holds the answers that a program looks at, by its own numbers for questions and scores.
type sheet struct {
	cells []cell
	sums  []Interval
}

// question is one interned field.
type question struct {
	name  string
	kind  Kind
	marks map[string]int // of Code and Codes
	weeks bool           // some leaf asks for its free time
}

// sum is one interned score.
type sum struct {
	items []int        // cells
	adds  [][]Interval // of an item by mark
}

func newQuestion(name string, f Field) question {
	q := question{name: name, kind: f.Kind}
	if f.Kind == Code || f.Kind == Codes {
		q.marks = make(map[string]int, len(f.Codes))
		for i, code := range f.Codes {
			q.marks[code] = firstMark + i
		}
	}
	return q
}

// read fills the cell with an answer, over whatever was in it.
func (q *question) read(v *Value, c *cell) {
	c.mark = unknownMark
	if !v.Known {
		return
	}
	c.mark = foreignMark
	switch q.kind {
	case Bool:
		c.mark = firstMark
		if v.Bool {
			c.mark++
		}
	case Code:
		c.mark = q.option(v.Codes)
	case Number:
		c.number = v.Number
	case Codes:
		c.chosen, c.foreign = optionSet{}, false
		for _, code := range v.Codes {
			if mark := q.marks[code]; mark >= firstMark && mark < firstMark+maxOptions {
				c.chosen.add(mark - firstMark)
			} else {
				c.foreign = true
			}
		}
	case Slots:
		if q.weeks {
			c.free = freeTime(c.free, v.Slots)
		}
	}
}

// option is the mark of the one code that was chosen. A list of none or several is no answer to such a question.
func (q *question) option(codes []string) int {
	if len(codes) != 1 {
		return unknownMark
	}
	return max(foreignMark, q.marks[codes[0]])
}

// of adds up the scores of the items: the interval in which the finished score lies.
func (s *sum) of(cells []cell) Interval {
	var total Interval
	for i, item := range s.items {
		add := s.adds[i][cells[item].mark]
		total.Lo += add.Lo
		total.Hi += add.Hi
	}
	return total
}

// add fills in the scores, once all cells are read.
func (s *sheet) add(sums []sum) {
	for i := range sums {
		s.sums[i] = sums[i].of(s.cells)
	}
}
