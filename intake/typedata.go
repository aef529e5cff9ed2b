package intake

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"grupa/intake/screen"
	"grupa/internal/fault"
	"grupa/internal/words"
)

type spanData struct {
	Min int `json:"min"`
	Max int `json:"max"`
}

// typeData is the data format of group types.
type typeData struct {
	Slug        string     `json:"slug"`
	Version     int        `json:"version"`
	Form        string     `json:"form"`
	Name        words.Text `json:"name"`
	Summary     words.Text `json:"summary"`
	Aims        []string   `json:"aims"`
	Areas       []string   `json:"areas"`
	Objectives  []string   `json:"objectives"`
	Models      []string   `json:"models"`
	Modalities  []string   `json:"modalities"`
	Techniques  []string   `json:"techniques"`
	Formation   []string   `json:"formation"`
	Leadership  []string   `json:"leadership"`
	LeaderRoles []string   `json:"leader_roles"`
	Size        spanData   `json:"size"`
	Leaders     spanData   `json:"leaders"`
	Sessions    struct {
		Minutes spanData  `json:"minutes"`
		Count   *spanData `json:"count"`
	} `json:"sessions"`
	Membership   []string          `json:"membership"`
	Composition  string            `json:"composition"`
	Delivery     []string          `json:"delivery"`
	Consent      []string          `json:"consent"`
	Scores       json.RawMessage   `json:"scores"`
	Criteria     json.RawMessage   `json:"criteria"`
	Alternatives []string          `json:"alternatives"`
	Sources      map[string]string `json:"sources"`
}

// ParseGroupType reads a group type from its data format and checks it against every published version of its form:
// every fault at once, each with its path. forms lists those versions, the newest first.
func ParseGroupType(raw []byte, forms func(slug string) []*Form) (*GroupType, error) {
	var d typeData
	if err := strict(raw, &d); err != nil {
		return nil, err
	}
	t := d.groupType()
	var err error
	var l fault.List
	if t.Criteria, err = screen.ParseCriteria(d.Criteria); l.Take(err) != nil {
		return nil, err
	}
	if len(d.Scores) > 0 {
		if t.Scores, err = screen.ParseScores(d.Scores); l.Take(err) != nil {
			return nil, err
		}
	}
	if err := l.Err(); err != nil {
		return nil, err
	}
	return t, t.check(forms(t.Form))
}

func (d typeData) groupType() *GroupType {
	t := &GroupType{
		Slug: d.Slug, Version: d.Version, Form: d.Form, Name: d.Name, Summary: d.Summary,
		Aims: d.Aims, Areas: d.Areas, Objectives: d.Objectives, Models: d.Models, Modalities: d.Modalities,
		Techniques: d.Techniques, Formation: d.Formation, Leadership: d.Leadership, LeaderRoles: d.LeaderRoles,
		Size: Span(d.Size), Leaders: Span(d.Leaders), Minutes: Span(d.Sessions.Minutes),
		Membership: d.Membership, Composition: d.Composition, Delivery: d.Delivery, Consent: d.Consent,
		Alternatives: d.Alternatives, Sources: d.Sources,
	}
	if c := d.Sessions.Count; c != nil {
		t.Count = new(Span(*c))
	}
	return t
}

func (t *GroupType) check(forms []*Form) error {
	var l fault.List
	if t.Slug == "" || t.Version < 1 {
		l.Add("slug", "required")
	}
	complete(&l, "name", t.Name)
	complete(&l, "summary", t.Summary)
	for path, s := range map[string]Span{"size": t.Size, "leaders": t.Leaders, "sessions.minutes": t.Minutes} {
		if s.Min < 0 || s.Max < s.Min {
			l.Add(path, "order")
		}
	}
	if len(t.Alternatives) == 0 || t.Alternatives[len(t.Alternatives)-1] != IndividualTalk {
		l.Add("alternatives", "alternative_missing")
	}
	if slices.Contains(t.Alternatives, t.Slug) {
		l.Add("alternatives", "choice")
	}
	if len(forms) == 0 {
		l.Add("form", "choice")
		return l.Err()
	}
	for _, form := range forms {
		// An item that an older version did not have is unknown there; one that it has must fit the criteria too.
		schema := maps.Clone(forms[0].Schema())
		maps.Copy(schema, form.Schema())
		if err := l.Take(screen.Check(t.Criteria, t.Scores, schema)); err != nil {
			return err
		}
	}
	t.checkClinical(&l, forms[0])
	if err := l.Err(); err != nil {
		return err
	}
	program, err := screen.Compile(t.Criteria, t.Scores, forms[0].questions)
	if err != nil {
		return fmt.Errorf("compile %s: %w", t.Slug, err)
	}
	t.program = program
	t.note()
	return nil
}

// note keeps what every explanation of the type asks for.
func (t *GroupType) note() {
	t.toStaff = map[string]bool{}
	for n := range t.Criteria {
		fields := fieldsOf(&t.Criteria[n], t.Scores)
		t.looksAt = append(t.looksAt, fields)
		for _, link := range fields {
			t.toStaff[link] = t.toStaff[link] || t.Criteria[n].StaffOnly
		}
	}
}

// checkClinical refuses a criterion that could say not_now over an answer about health or safety, whatever it says of
// itself: only a person decides on those.
func (t *GroupType) checkClinical(l *fault.List, form *Form) {
	for n := range t.Criteria {
		c := &t.Criteria[n]
		if c.Kind != screen.Require && c.Kind != screen.Exclude {
			continue
		}
		for _, link := range fieldsOf(c, t.Scores) {
			if item, ok := form.Item(link); ok && item.Clinical {
				l.Add(fmt.Sprintf("criteria[%d].when", n), "clinical_decides")
			}
		}
	}
}
