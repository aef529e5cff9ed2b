package catalogue

import (
	"bytes"
	"encoding/json"
	"testing"

	"grupa/internal/words"
)

// groupType, form and help are what the files hold, read strictly and apart from package intake.
type groupType struct {
	Slug        string            `json:"slug"`
	Version     int               `json:"version"`
	Form        string            `json:"form"`
	Name        words.Text        `json:"name"`
	Summary     words.Text        `json:"summary"`
	Aims        []string          `json:"aims"`
	Areas       []string          `json:"areas"`
	Objectives  []string          `json:"objectives"`
	Models      []string          `json:"models"`
	Modalities  []string          `json:"modalities"`
	Techniques  []string          `json:"techniques"`
	Formation   []string          `json:"formation"`
	Leadership  []string          `json:"leadership"`
	LeaderRoles []string          `json:"leader_roles"`
	Size        span              `json:"size"`
	Leaders     span              `json:"leaders"`
	Sessions    sessions          `json:"sessions"`
	Membership  []string          `json:"membership"`
	Composition string            `json:"composition"`
	Delivery    []string          `json:"delivery"`
	Consent     []string          `json:"consent"`
	Scores      json.RawMessage   `json:"scores"`
	Criteria    json.RawMessage   `json:"criteria"`
	Others      []string          `json:"alternatives"`
	Sources     map[string]string `json:"sources"`
}

type span struct{ Min, Max int }

type sessions struct {
	Minutes span  `json:"minutes"`
	Count   *span `json:"count"`
}

type form struct {
	Slug    string        `json:"slug"`
	Version int           `json:"version"`
	Title   words.Text    `json:"title"`
	Intro   words.Text    `json:"intro"`
	Items   []item        `json:"items"`
	Safety  []safetyEntry `json:"safety"`
}

type item struct {
	LinkID    string     `json:"link_id"`
	Kind      string     `json:"kind"`
	Text      words.Text `json:"text"`
	Help      words.Text `json:"help"`
	Required  bool       `json:"required"`
	MaxLength int        `json:"max_length"`
	Clinical  bool       `json:"clinical"`
	Options   []option   `json:"options"`
}

type option struct {
	Code  string     `json:"code"`
	Text  words.Text `json:"text"`
	Score *float64   `json:"score"`
	Low   *float64   `json:"low"`
	High  *float64   `json:"high"`
}

type safetyEntry struct {
	ID   string          `json:"id"`
	When json.RawMessage `json:"when"`
	Text words.Text      `json:"text"`
}

type help struct {
	Language  string    `json:"language"`
	CheckedOn string    `json:"checked_on"`
	Region    string    `json:"region"`
	Contacts  []contact `json:"contacts"`
	Emergency contact   `json:"emergency"`
	Unwatched string    `json:"unwatched"`
}

type contact struct{ Name, Phone, Hours, Note string }

func strictly(t *testing.T, name string, raw []byte, into any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func groupTypes(t *testing.T) map[string]groupType {
	t.Helper()
	all := map[string]groupType{}
	for slug, raw := range TypeFiles() {
		var g groupType
		strictly(t, "types/"+slug, raw, &g)
		all[slug] = g
	}
	return all
}

func intakeForm(t *testing.T) form {
	t.Helper()
	var f form
	strictly(t, "forms/intake", FormFiles()["intake"], &f)
	return f
}

func vocabularies(t *testing.T) []Vocabulary {
	t.Helper()
	all, err := Vocabularies()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func slugsOf(v Vocabulary) []string {
	var slugs []string
	for _, e := range v.Entries {
		slugs = append(slugs, e.Slug)
	}
	return slugs
}
