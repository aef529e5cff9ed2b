package intake

import (
	"slices"
	"strings"

	"grupa/intake/screen"
	"grupa/internal/words"
)

// Audience is who reads an explanation.
type Audience uint8

// Staff read every criterion. The applicant reads what counted, and instead of a staff-only criterion its note.
const (
	ForApplicant Audience = iota
	ForStaff
)

// Explanation is one type's part of a screening in words.
type Explanation struct {
	Type         string
	Name         string
	Version      int
	Verdict      screen.Verdict
	Reasons      []Reason
	Open         []Question
	Alternatives []Named
}

// Reason is one criterion's outcome in words, with the answers it quotes.
type Reason struct {
	Criterion string
	Kind      string // require, exclude, caution, prefer or prepare
	Outcome   string // met, not_met or unknown
	Counts    bool
	Text      string
	Quotes    []Quoted
}

// Quoted is a question and what was answered to it, in the reader's language.
type Quoted struct {
	Question
	Answer string // empty where there is none
}

// Question is an item of the form in the reader's language.
type Question struct{ LinkID, Text string }

// Named is a slug and its name in the reader's language.
type Named struct{ Slug, Name string }

// Library finds the immutable versions that a screening pins.
type Library interface {
	FormVersion(FormRef) (*Form, error)
	GroupTypeVersion(slug string, version int) (*GroupType, error)
	GroupType(slug string) (*GroupType, error)
}

// Explain says a screening in words.
func Explain(lib Library, s Screening, answers Answers, lang words.Lang, to Audience) ([]Explanation, error) {
	form, err := lib.FormVersion(s.Form)
	if err != nil {
		return nil, err
	}
	r := newReader(form, answers, lang, to)
	all := make([]Explanation, 0, len(s.Types))
	for _, ts := range s.Types {
		t, err := lib.GroupTypeVersion(ts.Type, ts.Version)
		if err != nil {
			return nil, err
		}
		e := Explanation{Type: ts.Type, Name: t.Name.In(lang), Version: ts.Version, Verdict: ts.Verdict}
		e.Reasons = r.reasons(t, ts)
		for _, link := range ts.Open {
			if to == ForStaff || !t.toStaff[link] {
				e.Open = append(e.Open, r.question(link))
			}
		}
		if e.Alternatives, err = name(lib, ts.Alternatives, lang); err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

func name(lib Library, slugs []string, lang words.Lang) ([]Named, error) {
	var named []Named
	for _, slug := range slugs {
		if slug == IndividualTalk {
			named = append(named, Named{slug, words.Say(lang, "alternative."+slug, nil)})
			continue
		}
		t, err := lib.GroupType(slug)
		if err != nil {
			return nil, err
		}
		named = append(named, Named{slug, t.Name.In(lang)})
	}
	return named, nil
}

// reader says one person's answers to one reader. Twelve types ask about the same few answers.
type reader struct {
	form    *Form
	answers Answers
	lang    words.Lang
	to      Audience
	and     string // between the parts of a list
	quoted  map[string]Quoted
}

func newReader(form *Form, answers Answers, lang words.Lang, to Audience) reader {
	return reader{form, answers, lang, to, words.Say(lang, "list.separator", nil), make(map[string]Quoted, len(answers))}
}

func (r reader) quote(link string) Quoted {
	q, ok := r.quoted[link]
	if !ok {
		q = Quoted{Question: r.question(link), Answer: r.answer(link)}
		r.quoted[link] = q
	}
	return q
}

func (r reader) reasons(t *GroupType, ts TypeScreening) []Reason {
	var reasons []Reason
	for n, f := range ts.Findings {
		if r.to == ForApplicant && !f.Counts || n >= len(t.Criteria) {
			continue
		}
		reasons = append(reasons, r.reason(&t.Criteria[n], t.looksAt[n], f))
	}
	return reasons
}

func (r reader) reason(c *screen.Criterion, fields []string, f Finding) Reason {
	text, outcome := c.Because.Unknown, "unknown"
	switch f.Truth {
	case screen.True:
		text, outcome = c.Because.Met, "met"
	case screen.False:
		text, outcome = c.Because.NotMet, "not_met"
	}
	if c.StaffOnly && r.to == ForApplicant {
		// Not even its name or outcome: somebody else may be reading along.
		return Reason{Kind: string(c.Kind), Counts: f.Counts, Text: c.ApplicantNote.In(r.lang)}
	}
	reason := Reason{Criterion: c.ID, Kind: string(c.Kind), Outcome: outcome, Counts: f.Counts}
	var said []string
	for _, link := range fields {
		q := r.quote(link)
		if q.Answer != "" {
			said = append(said, q.Answer)
		}
		reason.Quotes = append(reason.Quotes, q)
	}
	reason.Text = words.Fill(text.In(r.lang), map[string]string{"answer": strings.Join(said, r.and)})
	return reason
}

// ReadAnswers gives every question of the form in order with what was answered, in the reader's language.
func ReadAnswers(form *Form, answers Answers, lang words.Lang) []Quoted {
	r := newReader(form, answers, lang, ForStaff)
	var all []Quoted
	for _, item := range form.Items {
		if item.Kind != Display && item.Kind != ContactItem {
			all = append(all, Quoted{Question: r.question(item.LinkID), Answer: r.answer(item.LinkID)})
		}
	}
	return all
}

// fieldsOf names the items that a criterion looks at, those of its scores included, each once.
func fieldsOf(c *screen.Criterion, scores map[string]screen.Score) []string {
	fields := screen.ExprFields(c.When)
	for _, score := range screen.ExprScores(c.When) {
		fields = append(fields, scores[score].Items...)
	}
	var once []string
	for _, f := range fields {
		if !slices.Contains(once, f) {
			once = append(once, f)
		}
	}
	return once
}

func (r reader) question(link string) Question {
	item, ok := r.form.Item(link)
	if !ok {
		return Question{LinkID: link}
	}
	return Question{link, item.Text.In(r.lang)}
}

// answer says an answer of a closed question. Free text is quoted as it is; availability and contact are not.
func (r reader) answer(link string) string {
	item, ok := r.form.Item(link)
	a, answered := r.answers[link]
	switch {
	case !ok || !answered:
		return ""
	case a.Declined:
		return words.Say(r.lang, "answer.declined", nil)
	case a.Boolean != nil:
		if *a.Boolean {
			return words.Say(r.lang, "answer.yes", nil)
		}
		return words.Say(r.lang, "answer.no", nil)
	case a.Integer != nil:
		return words.Number(r.lang, *a.Integer)
	case a.Text != nil:
		return *a.Text
	}
	var said []string
	for _, code := range a.Choices {
		if o, ok := item.option(code); ok {
			said = append(said, o.Text.In(r.lang))
		}
	}
	return strings.Join(said, r.and)
}
