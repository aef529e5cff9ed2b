package screen

import (
	"slices"
	"sync"
)

// Verdict is what the criteria say of one group type for one person. It is never a score.
type Verdict string

// The verdicts, from the best to the worst.
const (
	Suits   Verdict = "suits"
	Discuss Verdict = "discuss"
	NotNow  Verdict = "not_now"
)

// Result has a Finding for every criterion, in their order: nothing is skipped because something else decided.
type Result struct {
	Verdict  Verdict
	Findings []Finding
	// Open lists the questions, by link id, whose answer could still change the verdict; none after NotNow, and none
	// for a caution that ignores the unknown or stands beside one that holds.
	Open []string
}

// Finding is the outcome of one criterion.
type Finding struct {
	Criterion int // its index
	ID        string
	Truth     Truth
	Counts    bool    // it moved the verdict to where it is, or is a good sign or a hint
	Quotes    []Quote // the answers it looked at, each once, in order of appearance
}

// Quote is one answer that a criterion looked at, known or not.
type Quote struct {
	Field string
	Value Value
}

// Program is a group type's criteria made ready to run. It may be used from several goroutines at once.
type Program struct {
	questions []question
	sums      []sum
	rules     []rule
	quoted    []int     // cells, so that what each rule quotes stands together
	first     []int     // of a cell its place in quoted
	sheets    sync.Pool // of *sheet, for the next person
}

type rule struct {
	id     string
	when   *node
	kind   CriterionKind
	asks   bool     // an unknown one keeps the verdict open
	quotes [2]int   // its part of quoted
	gives  [3]level // by truth, False first
}

// level orders the verdicts.
type level int8

const (
	suits level = iota
	discuss
	notNow
)

func (l level) verdict() Verdict { return [...]Verdict{Suits, Discuss, NotNow}[l] }

// Compile checks the criteria and makes them ready to run.
func Compile(criteria []Criterion, scores map[string]Score, schema Schema) (*Program, error) {
	if err := Check(criteria, scores, schema); err != nil {
		return nil, err
	}
	c := newCompiler(scores, schema)
	p := &Program{}
	for _, k := range criteria {
		r := rule{
			id: k.ID, kind: k.Kind, when: c.expr(&k.When), gives: k.levels(),
			asks: k.Kind.hard() || k.Kind == Caution && k.Unknown != Ignore,
		}
		r.quotes = p.quote(r.when.cells(nil))
		p.rules = append(p.rules, r)
	}
	p.questions, p.sums = c.questions, c.sums
	for cell := range p.questions {
		p.first = append(p.first, slices.Index(p.quoted, cell))
	}
	return p, nil
}

// quote finds the cells in quoted, one beside the other, or puts them there.
func (p *Program) quote(cells []int) [2]int {
	for at := 0; at+len(cells) <= len(p.quoted); at++ {
		if slices.Equal(p.quoted[at:at+len(cells)], cells) {
			return [2]int{at, at + len(cells)}
		}
	}
	p.quoted = append(p.quoted, cells...)
	return [2]int{len(p.quoted) - len(cells), len(p.quoted)}
}

// levels is what a criterion of its own makes of the verdict, by truth.
func (k *Criterion) levels() [3]level {
	var gives [3]level
	switch k.Kind {
	case Require:
		gives = [3]level{notNow, discuss, suits}
	case Exclude:
		gives = [3]level{suits, discuss, notNow}
	case Caution:
		gives = [3]level{suits, discuss, discuss}
		if k.Unknown == Ignore {
			gives[Unknown-False] = suits
		}
	}
	if k.Clinical { // Check refuses it already; this holds whatever Check lets through
		for i := range gives {
			gives[i] = min(gives[i], discuss)
		}
	}
	return gives
}

// cells lists the cells of all leaves, each once, in order of appearance.
func (n *node) cells(seen []int) []int {
	for _, i := range n.asks {
		if !slices.Contains(seen, i) {
			seen = append(seen, i)
		}
	}
	for _, part := range n.of {
		seen = part.cells(seen)
	}
	return seen
}

// read asks for every answer once, onto a sheet and to be quoted.
func (p *Program) read(facts Facts) (*sheet, []Quote) {
	s, ok := p.sheets.Get().(*sheet)
	if !ok {
		s = newSheet(p.questions, p.sums)
	}
	quotes := make([]Quote, len(p.quoted))
	for at, cell := range p.quoted {
		q, first := &p.questions[cell], p.first[cell]
		quotes[at].Field = q.name
		if first < at {
			quotes[at].Value = quotes[first].Value
			continue
		}
		quotes[at].Value = facts(q.name)
		q.read(&quotes[at].Value, &s.cells[cell])
	}
	s.add(p.sums)
	return s, quotes
}

func newSheet(questions []question, sums []sum) *sheet {
	return &sheet{cells: make([]cell, len(questions)), sums: make([]Interval, len(sums))}
}

// Run screens one person. Findings may share the memory of their quotes, which are for reading only.
func (p *Program) Run(facts Facts) Result {
	s, quotes := p.read(facts)
	defer p.sheets.Put(s)
	findings := make([]Finding, len(p.rules))
	worst := suits
	for i := range p.rules {
		r := &p.rules[i]
		f := &findings[i]
		f.Criterion, f.ID, f.Truth = i, r.id, r.when.run(s)
		f.Quotes = quotes[r.quotes[0]:r.quotes[1]:r.quotes[1]]
		worst = max(worst, r.gives[f.Truth-False])
	}
	for i := range findings {
		findings[i].Counts = p.rules[i].counts(findings[i].Truth, worst)
	}
	return Result{Verdict: worst.verdict(), Findings: findings, Open: p.open(s, findings, worst)}
}

func (r *rule) counts(truth Truth, worst level) bool {
	switch r.kind {
	case Prefer, Prepare:
		return truth == True
	default:
		return worst > suits && r.gives[truth-False] == worst
	}
}

// open lists the questions that keep the verdict from being settled.
func (p *Program) open(s *sheet, findings []Finding, worst level) []string {
	if worst != discuss {
		return nil
	}
	talk := false // a caution holds, so other cautions change nothing
	for i := range findings {
		talk = talk || p.rules[i].kind == Caution && findings[i].Truth == True
	}
	var cells []int
	for i := range findings {
		r := &p.rules[i]
		if findings[i].Truth == Unknown && r.asks && (r.kind.hard() || !talk) {
			cells = r.when.unsettled(s, cells)
		}
	}
	var fields []string
	for _, cell := range cells {
		fields = append(fields, p.questions[cell].name)
	}
	return fields
}

// unsettled adds the cells of an unknown node that could make it known, each once. Parts that are known already stay
// as they are whatever else is answered.
func (n *node) unsettled(s *sheet, seen []int) []int {
	if n.run(s) != Unknown {
		return seen
	}
	for _, part := range n.of {
		seen = part.unsettled(s, seen)
	}
	for _, i := range n.asks {
		if (n.sum < 0 || s.cells[i].mark < firstMark) && !slices.Contains(seen, i) {
			seen = append(seen, i)
		}
	}
	return seen
}

// Eval evaluates one expression for one person, for use without a Program. What Check would refuse stays unknown.
func Eval(e Expr, scores map[string]Score, schema Schema, facts Facts) (Truth, []Quote) {
	c := newCompiler(scores, schema)
	n := c.expr(&e)
	s := newSheet(c.questions, c.sums)
	var quotes []Quote
	for _, cell := range n.cells(nil) {
		q := &c.questions[cell]
		v := facts(q.name)
		q.read(&v, &s.cells[cell])
		quotes = append(quotes, Quote{q.name, v})
	}
	s.add(c.sums)
	return n.run(s), quotes
}
