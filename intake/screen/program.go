package screen

import "slices"

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
	Counts    bool // it moved the verdict to where it is, or is a good sign or a hint
}

// Program is a group type's criteria made ready to run. It may be used from several goroutines at once.
type Program struct {
	questions *Questions
	sums      []sum
	rules     []rule
}

type rule struct {
	id    string
	when  *node
	kind  CriterionKind
	asks  bool     // an unknown one keeps the verdict open
	gives [3]level // by truth, False first
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
func Compile(criteria []Criterion, scores map[string]Score, questions *Questions) (*Program, error) {
	if err := Check(criteria, scores, questions.schema); err != nil {
		return nil, err
	}
	c := newCompiler(scores, questions)
	p := &Program{questions: questions}
	for _, k := range criteria {
		p.rules = append(p.rules, rule{
			id: k.ID, kind: k.Kind, when: c.expr(&k.When), gives: k.levels(),
			asks: k.Kind.hard() || k.Kind == Caution && k.Unknown != Ignore,
		})
	}
	p.sums = c.sums
	return p, nil
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

// Run screens one person.
func (p *Program) Run(person *Person) Result {
	s := person.sheet(p.questions)
	s.add(p.sums)
	findings := make([]Finding, len(p.rules))
	worst := suits
	for i := range p.rules {
		r := &p.rules[i]
		f := &findings[i]
		f.Criterion, f.ID, f.Truth = i, r.id, r.when.run(s)
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
		fields = append(fields, p.questions.all[cell].name)
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
func Eval(e Expr, scores map[string]Score, schema Schema, facts Facts) Truth {
	c := newSingle(&e, scores, schema)
	n := c.expr(&e)
	s := c.read(facts)
	s.add(c.sums)
	return n.run(s)
}
