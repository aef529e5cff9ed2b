package intake

import (
	"encoding/json"
	"fmt"

	"grupa/intake/screen"
	"grupa/internal/fault"
	"grupa/internal/words"
)

// The data format of forms. Group types have theirs in typedata.go.
type formData struct {
	Slug    string       `json:"slug"`
	Version int          `json:"version"`
	Title   words.Text   `json:"title"`
	Intro   words.Text   `json:"intro"`
	Items   []itemData   `json:"items"`
	Safety  []safetyData `json:"safety"`
}

type itemData struct {
	LinkID    string       `json:"link_id"`
	Kind      ItemKind     `json:"kind"`
	Text      words.Text   `json:"text"`
	Help      words.Text   `json:"help"`
	Required  bool         `json:"required"`
	Clinical  bool         `json:"clinical"`
	MaxLength int          `json:"max_length"`
	Min       int          `json:"min"`
	Max       int          `json:"max"`
	Options   []optionData `json:"options"`
}

type optionData struct {
	Code  string     `json:"code"`
	Text  words.Text `json:"text"`
	Score *float64   `json:"score"`
	Low   *float64   `json:"low"`
	High  *float64   `json:"high"`
}

type safetyData struct {
	ID   string          `json:"id"`
	When json.RawMessage `json:"when"`
	Text words.Text      `json:"text"`
}

// ParseForm reads a form from its data format and checks it whole: every fault at once, each with its path.
func ParseForm(raw []byte) (*Form, error) {
	var d formData
	if err := strict(raw, &d); err != nil {
		return nil, err
	}
	form := &Form{FormRef: FormRef{d.Slug, d.Version}, Title: d.Title, Intro: d.Intro}
	for _, i := range d.Items {
		form.Items = append(form.Items, i.item())
	}
	form.index()
	var l fault.List
	for n, s := range d.Safety {
		when, err := screen.ParseExpr(s.When)
		if err := l.Take(fault.Within(fmt.Sprintf("safety[%d].when", n), err)); err != nil {
			return nil, err
		}
		form.Safety = append(form.Safety, SafetyRule{ID: s.ID, When: when, Text: s.Text})
	}
	if err := l.Err(); err != nil {
		return nil, err
	}
	return form, form.check()
}

func (d itemData) item() Item {
	item := Item{
		LinkID: d.LinkID, Kind: d.Kind, Text: d.Text, Help: d.Help, Required: d.Required, Clinical: d.Clinical,
		MaxLength: d.MaxLength, Min: d.Min, Max: d.Max,
	}
	for _, o := range d.Options {
		option := Option{Code: o.Code, Text: o.Text, Score: o.Score}
		if o.Low != nil && o.High != nil {
			option.Range = &screen.Interval{Lo: *o.Low, Hi: *o.High}
		}
		item.Options = append(item.Options, option)
	}
	return item
}

func (f *Form) check() error {
	var l fault.List
	if f.Slug == "" || f.Version < 1 {
		l.Add("slug", "required")
	}
	complete(&l, "title", f.Title)
	for n, item := range f.Items {
		path := fmt.Sprintf("items[%d]", n)
		if first := f.byLink[item.LinkID]; first != n || item.LinkID == "" {
			l.Add(path+".link_id", "duplicate")
		}
		item.check(&l, path)
	}
	for n, s := range f.Safety {
		complete(&l, fmt.Sprintf("safety[%d].text", n), s.Text)
		if err := l.Take(screen.CheckExpr(fmt.Sprintf("safety[%d].when", n), s.When, nil, f.schema)); err != nil {
			return err
		}
	}
	return l.Err()
}

func (i *Item) check(l *fault.List, path string) {
	complete(l, path+".text", i.Text)
	if len(i.Help) > 0 {
		complete(l, path+".help", i.Help)
	}
	switch i.Kind {
	case Choice, Choices:
		if len(i.Options) == 0 {
			l.Add(path+".options", "required")
		}
	case Text:
		if i.MaxLength < 1 || i.MaxLength > 10000 {
			l.Add(path+".max_length", "range", "min", "1", "max", "10000")
		}
	case Integer:
		if i.Min >= i.Max {
			l.Add(path+".max", "order")
		}
	case Display, Boolean, Availability, ContactItem:
	default:
		l.Add(path+".kind", "choice")
	}
	for n, o := range i.Options {
		complete(l, fmt.Sprintf("%s.options[%d].text", path, n), o.Text)
		if found, _ := i.option(o.Code); o.Code == "" || found != &i.Options[n] {
			l.Add(fmt.Sprintf("%s.options[%d].code", path, n), "duplicate")
		}
	}
}

func complete(l *fault.List, path string, t words.Text) {
	for _, lang := range t.Missing() {
		l.Add(path, "language_missing", "language", string(lang))
	}
}
