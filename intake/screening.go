package intake

import (
	"time"

	"grupa/intake/screen"
)

// Screening says for one application, per group type, what the criteria found. It pins the versions that it used, so
// its words can be said again in any language, any year.
type Screening struct {
	Application ApplicationID
	At          time.Time
	Form        FormRef
	Types       []TypeScreening // by slug
	Safety      []string        // ids of the form's safety rules that hold
}

// TypeScreening is the part about one group type.
type TypeScreening struct {
	Type         string
	Version      int
	Verdict      screen.Verdict
	Findings     []Finding
	Open         []string // link ids of the questions whose answer could still change the verdict
	Alternatives []string // of a NotNow, never empty
}

// Finding is the outcome of one criterion. The answers it quotes are those of its fields.
type Finding struct {
	Criterion string
	Truth     screen.Truth
	Counts    bool // it moved the verdict, is a good sign or a hint
}

// screenAll screens the application against every type of its form, and flags it.
func screenAll(tx Tx, form *Form, a *Application) (Screening, error) {
	types, err := tx.GroupTypes()
	if err != nil {
		return Screening{}, err
	}
	s := Screening{Application: a.ID, At: tx.Now(), Form: form.FormRef}
	person := screen.NewPerson(a.Answers.facts())
	for _, t := range types {
		if t.Form == form.Slug {
			s.Types = append(s.Types, t.screen(person))
		}
	}
	s.nameAlternatives(types)
	for _, rule := range form.Safety {
		if screen.Eval(rule.When, nil, form.Schema(), a.Answers.facts()) == screen.True {
			s.Safety = append(s.Safety, rule.ID)
		}
	}
	if len(s.Safety) > 0 && a.Safety == SafetyNone {
		a.Safety = SafetyOpen
	}
	return s, nil
}

func (t *GroupType) screen(person *screen.Person) TypeScreening {
	result := t.program.Run(person)
	s := TypeScreening{Type: t.Slug, Version: t.Version, Verdict: result.Verdict, Open: result.Open}
	for _, f := range result.Findings {
		s.Findings = append(s.Findings, Finding{Criterion: f.ID, Truth: f.Truth, Counts: f.Counts})
	}
	return s
}

// nameAlternatives gives each NotNow the alternatives of its type that are not NotNow themselves. A talk with a person
// is always among them, so nobody stands before a closed door.
func (s *Screening) nameAlternatives(types []*GroupType) {
	shut := map[string]bool{}
	for _, t := range s.Types {
		shut[t.Type] = t.Verdict == screen.NotNow
	}
	for _, t := range types {
		for n := range s.Types {
			if s.Types[n].Type != t.Slug || s.Types[n].Verdict != screen.NotNow {
				continue
			}
			for _, alternative := range t.Alternatives {
				if !shut[alternative] {
					s.Types[n].Alternatives = append(s.Types[n].Alternatives, alternative)
				}
			}
		}
	}
}

// Rescreen screens an application again, with the form it answered and today's criteria.
func Rescreen(tx Tx, id ApplicationID) (Application, Screening, error) {
	a, err := Open(tx, id)
	if err != nil {
		return a, Screening{}, err
	}
	form, err := tx.FormVersion(a.Form)
	if err != nil {
		return a, Screening{}, err
	}
	before := a.Safety
	s, err := screenAll(tx, form, &a)
	if err != nil {
		return a, s, err
	}
	tx.Audit("application.rescreen", string(id))
	if err := tx.SaveScreening(s); err != nil || a.Safety == before {
		return a, s, err
	}
	return a, s, tx.SaveApplication(a)
}
