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

// sheet holds one person's answers by the numbers of the questions, and the scores of the program that runs.
type sheet struct {
	questions *Questions
	cells     []cell
	sums      []Interval
}

// sum is one interned score.
type sum struct {
	items []int        // cells
	adds  [][]Interval // of an item by mark
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
		c.free = freeTime(c.free, v.Slots)
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

// add fills in the scores of a program.
func (s *sheet) add(sums []sum) {
	s.sums = s.sums[:0]
	for i := range sums {
		s.sums = append(s.sums, sums[i].of(s.cells))
	}
}
