package intake

import (
	"fmt"
	"slices"
	"strconv"

	"grupa/intake/screen"
	"grupa/internal/account"
	"grupa/internal/fault"
)

// Answer is the answer to one item. Exactly one of its fields is set. An empty Availability that is not nil means
// "never free".
type Answer struct {
	Boolean      *bool
	Integer      *int64
	Text         *string
	Choices      []string // of a Choice exactly one
	Availability []screen.Slot
	Contact      *account.Contact
	Declined     bool // "I'd rather not say"
}

// Answers are keyed by link id. An item without an answer is not in it: unanswered is unknown, not "no".
type Answers map[string]Answer

// Given is an answer as it arrived.
type Given struct {
	LinkID string
	Answer Answer
}

const maxSlots = 7 * 24 * 4 // every quarter of an hour of a week

// Take checks what arrived against the form and keys it. All faults are told at once: answers[3].choices.
func (f *Form) Take(given []Given) (Answers, error) {
	var l fault.List
	answers := Answers{}
	for n, g := range given {
		path := fmt.Sprintf("answers[%d]", n)
		item, ok := f.Item(g.LinkID)
		if !ok || item.Kind == Display {
			l.Add(path+".link_id", "link_id")
			continue
		}
		if _, twice := answers[g.LinkID]; twice {
			l.Add(path+".link_id", "duplicate")
			continue
		}
		if err := l.Take(fault.Within(path, item.take(g.Answer))); err != nil {
			return nil, err
		}
		answers[g.LinkID] = g.Answer
	}
	for _, item := range f.Items {
		if a, ok := answers[item.LinkID]; item.Required && (!ok || a.Declined) {
			l.Add("answers", "required_answer", "link_id", item.LinkID)
		}
	}
	return answers, l.Err()
}

// take checks one answer; paths are within it.
func (i *Item) take(a Answer) error {
	if n := a.values(); n != 1 {
		return fault.At("", "one_value")
	}
	if a.Declined {
		return nil
	}
	switch {
	case i.Kind == Boolean && a.Boolean != nil:
		return nil
	case i.Kind == Integer && a.Integer != nil:
		return i.takeInteger(*a.Integer)
	case i.Kind == Text && a.Text != nil:
		return account.CheckText("text", *a.Text, i.MaxLength)
	case (i.Kind == Choice || i.Kind == Choices) && a.Choices != nil:
		return i.takeChoices(a.Choices)
	case i.Kind == Availability && a.Availability != nil:
		return takeSlots(a.Availability)
	case i.Kind == ContactItem && a.Contact != nil:
		return fault.Within("contact", a.Contact.Check())
	}
	return fault.At("", "answer_kind", "kind", string(i.Kind))
}

func (a Answer) values() int {
	n := 0
	for _, set := range []bool{
		a.Boolean != nil, a.Integer != nil, a.Text != nil, a.Choices != nil, a.Availability != nil, a.Contact != nil,
		a.Declined,
	} {
		if set {
			n++
		}
	}
	return n
}

func (i *Item) takeInteger(v int64) error {
	if v < int64(i.Min) || v > int64(i.Max) {
		return fault.At("integer", "range", "min", strconv.Itoa(i.Min), "max", strconv.Itoa(i.Max))
	}
	return nil
}

func (i *Item) takeChoices(codes []string) error {
	if i.Kind == Choice && len(codes) != 1 || len(codes) == 0 {
		return fault.At("choices", "one_choice")
	}
	for n, code := range codes {
		if _, ok := i.option(code); !ok {
			return fault.At(fmt.Sprintf("choices[%d]", n), "choice")
		}
		if slices.Contains(codes[:n], code) {
			return fault.At(fmt.Sprintf("choices[%d]", n), "duplicate")
		}
	}
	return nil
}

func takeSlots(slots []screen.Slot) error {
	if len(slots) > maxSlots {
		return fault.At("availability", "too_many", "max", strconv.Itoa(maxSlots))
	}
	for n, s := range slots {
		path := fmt.Sprintf("availability[%d]", n)
		switch {
		case s.Weekday < 1 || s.Weekday > 7:
			return fault.At(path+".weekday", "range", "min", "1", "max", "7")
		case s.From%15 != 0 || s.From < 0 || s.From >= 24*60:
			return fault.At(path+".from", "quarter")
		case s.To%15 != 0 || s.To <= s.From || s.To > 24*60:
			return fault.At(path+".to", "quarter")
		case !slices.Contains([]string{"available", "preferred", "if_needed", "unavailable"}, s.Kind):
			return fault.At(path+".kind", "choice")
		}
	}
	return nil
}

// facts lets criteria read the answers.
func (a Answers) facts() screen.Facts {
	return func(field string) screen.Value {
		answer, ok := a[field]
		switch {
		case !ok:
			return screen.Value{Why: screen.Unanswered}
		case answer.Declined:
			return screen.Value{Why: screen.Declined}
		case answer.Boolean != nil:
			return screen.Value{Known: true, Bool: *answer.Boolean}
		case answer.Integer != nil:
			return screen.Value{Known: true, Number: float64(*answer.Integer)}
		}
		return screen.Value{Known: true, Codes: answer.Choices, Slots: answer.Availability}
	}
}
