package screen

import (
	"maps"
	"slices"
)

// Questions are the questions of one form, numbered. Programs that are compiled over the same Questions read a person's
// answers once for all of them. They never change, so several goroutines may use them at once.
type Questions struct {
	schema  Schema
	all     []question
	numbers map[string]int // by name, the place in all
}

// question is one interned field.
type question struct {
	name  string
	kind  Kind
	marks map[string]int // of Code and Codes
}

// NewQuestions numbers every question of a form.
func NewQuestions(schema Schema) *Questions {
	return numbered(slices.Sorted(maps.Keys(schema)), schema)
}

func numbered(names []string, schema Schema) *Questions {
	q := &Questions{schema: schema, numbers: make(map[string]int, len(names))}
	for _, name := range names {
		if _, twice := q.numbers[name]; !twice {
			q.numbers[name] = len(q.all)
			q.all = append(q.all, newQuestion(name, schema[name]))
		}
	}
	return q
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

// Person is one person's answers, for as many programs as there are. It belongs to one goroutine.
type Person struct {
	facts  Facts
	sheets []*sheet // one for each Questions that were asked for
}

// NewPerson makes a person of the answers. Each is asked for once at most.
func NewPerson(facts Facts) *Person { return &Person{facts: facts} }

func (p *Person) sheet(q *Questions) *sheet {
	for _, s := range p.sheets {
		if s.questions == q {
			return s
		}
	}
	s := q.read(p.facts)
	p.sheets = append(p.sheets, s)
	return s
}

// read asks for every answer once.
func (q *Questions) read(facts Facts) *sheet {
	s := &sheet{questions: q, cells: make([]cell, len(q.all))}
	for i := range q.all {
		v := facts(q.all[i].name)
		q.all[i].read(&v, &s.cells[i])
	}
	return s
}
