package intake

import (
	"grupa/intake/screen"
	"grupa/internal/words"
)

// ItemKind is the kind of answer that an item takes.
type ItemKind string

// The kinds. A display takes no answer; availability and contact take a shape of their own.
const (
	Display      ItemKind = "display"
	Boolean      ItemKind = "boolean"
	Choice       ItemKind = "choice"  // exactly one code
	Choices      ItemKind = "choices" // one code or more
	Integer      ItemKind = "integer"
	Text         ItemKind = "text"
	Availability ItemKind = "availability"
	ContactItem  ItemKind = "contact"
)

// FormRef names one version of a form.
type FormRef struct {
	Slug    string
	Version int
}

// Form is a questionnaire. A version that was published never changes.
type Form struct {
	FormRef
	Title, Intro words.Text
	Items        []Item
	Safety       []SafetyRule
	schema       screen.Schema
	questions    *screen.Questions
	byLink       map[string]int
}

// Item is one question, or a text between questions.
type Item struct {
	LinkID     string // stable over versions: criteria name it
	Kind       ItemKind
	Text, Help words.Text
	Required   bool
	Clinical   bool // the answer is about health or safety
	MaxLength  int  // of Text, in characters
	Min, Max   int  // of Integer, inclusive
	Options    []Option
}

// Option is one answer of a Choice or Choices item.
type Option struct {
	Code  string
	Text  words.Text
	Score *float64         // counts in scores
	Range *screen.Interval // what the code stands for in numbers, such as an age band
}

// SafetyRule says which answers show help contacts at once and stop every automatic step.
type SafetyRule struct {
	ID   string
	When screen.Expr
	Text words.Text // for staff
}

// Item finds an item by its link id.
func (f *Form) Item(linkID string) (*Item, bool) {
	i, ok := f.byLink[linkID]
	if !ok {
		return nil, false
	}
	return &f.Items[i], true
}

// Schema is what criteria are checked and compiled against.
func (f *Form) Schema() screen.Schema { return f.schema }

// option finds an option by its code.
func (i *Item) option(code string) (*Option, bool) {
	for n := range i.Options {
		if i.Options[n].Code == code {
			return &i.Options[n], true
		}
	}
	return nil, false
}

func (f *Form) index() {
	f.byLink, f.schema = map[string]int{}, screen.Schema{}
	for n := range f.Items {
		item := &f.Items[n]
		if _, twice := f.byLink[item.LinkID]; !twice {
			f.byLink[item.LinkID] = n
		}
		if item.Kind != Display {
			f.schema[item.LinkID] = item.field()
		}
	}
	f.questions = screen.NewQuestions(f.schema)
}

func (i *Item) field() screen.Field {
	field := screen.Field{Ranges: map[string]screen.Interval{}, Scores: map[string]float64{}}
	for _, o := range i.Options {
		field.Codes = append(field.Codes, o.Code)
		if o.Score != nil {
			field.Scores[o.Code] = *o.Score
		}
		if o.Range != nil {
			field.Ranges[o.Code] = *o.Range
		}
	}
	switch i.Kind {
	case Boolean:
		field.Kind = screen.Bool
	case Integer:
		field.Kind, field.Min, field.Max = screen.Number, float64(i.Min), float64(i.Max)
	case Choice:
		field.Kind = screen.Code
	case Choices:
		field.Kind = screen.Codes
	case Availability:
		field.Kind = screen.Slots
	default:
		field.Kind = screen.Opaque
	}
	return field
}
