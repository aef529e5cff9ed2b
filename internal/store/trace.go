package store

import (
	"strings"
	"time"

	"grupa/intake"
	"grupa/intake/screen"
)

// traceData is the sealed form of a screening. An outcome is t, f or u, with a ! where it counts. Where the findings are
// those of the pinned version's criteria, one after another, a letter each will do: a capital where it counts.
type traceData struct {
	Form    string      `json:"form"`
	Version int         `json:"version"`
	Safety  []string    `json:"safety,omitempty"`
	Types   []typeTrace `json:"types"`
}

type typeTrace struct {
	Type         string      `json:"type"`
	Version      int         `json:"version"`
	Verdict      string      `json:"verdict"`
	Found        string      `json:"found,omitempty"`
	Findings     [][2]string `json:"findings,omitempty"`
	Open         []string    `json:"open,omitempty"`
	Alternatives []string    `json:"alternatives,omitempty"`
}

var outcomes = map[screen.Truth]string{screen.True: "t", screen.False: "f", screen.Unknown: "u"}

func (tx *Tx) traceTo(s intake.Screening) traceData {
	d := traceData{Form: s.Form.Slug, Version: s.Form.Version, Safety: s.Safety}
	for _, t := range s.Types {
		trace := typeTrace{
			Type: t.Type, Version: t.Version, Verdict: string(t.Verdict), Open: t.Open, Alternatives: t.Alternatives,
		}
		if tx.inOrder(t) {
			trace.Found = lettersOf(t.Findings)
		} else {
			trace.Findings = pairsOf(t.Findings)
		}
		d.Types = append(d.Types, trace)
	}
	return d
}

// inOrder says whether the findings are those of the criteria of the version that the screening pins.
func (tx *Tx) inOrder(s intake.TypeScreening) bool {
	t, err := tx.GroupTypeVersion(s.Type, s.Version)
	if err != nil || len(t.Criteria) != len(s.Findings) {
		return false
	}
	for n, f := range s.Findings {
		if f.Criterion != t.Criteria[n].ID {
			return false
		}
	}
	return true
}

func lettersOf(findings []intake.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		letter := outcomes[f.Truth]
		if f.Counts {
			letter = strings.ToUpper(letter)
		}
		b.WriteString(letter)
	}
	return b.String()
}

func pairsOf(findings []intake.Finding) (pairs [][2]string) {
	for _, f := range findings {
		outcome := outcomes[f.Truth]
		if f.Counts {
			outcome += "!"
		}
		pairs = append(pairs, [2]string{f.Criterion, outcome})
	}
	return pairs
}

func (tx *Tx) screeningOf(d traceData, id intake.ApplicationID, at time.Time) (intake.Screening, error) {
	s := intake.Screening{
		Application: id, At: at, Form: intake.FormRef{Slug: d.Form, Version: d.Version}, Safety: d.Safety,
	}
	for _, t := range d.Types {
		ts := intake.TypeScreening{
			Type: t.Type, Version: t.Version, Verdict: screen.Verdict(t.Verdict), Open: t.Open, Alternatives: t.Alternatives,
		}
		for _, f := range t.Findings {
			ts.Findings = append(ts.Findings, findingOf(f[0], f[1][0], strings.HasSuffix(f[1], "!")))
		}
		if t.Found != "" {
			pinned, err := tx.GroupTypeVersion(t.Type, t.Version)
			if err != nil {
				return s, err
			}
			for n, letter := range []byte(t.Found) {
				lower := letter | 0x20
				ts.Findings = append(ts.Findings, findingOf(pinned.Criteria[n].ID, lower, letter != lower))
			}
		}
		s.Types = append(s.Types, ts)
	}
	return s, nil
}

func findingOf(criterion string, letter byte, counts bool) intake.Finding {
	f := intake.Finding{Criterion: criterion, Truth: screen.Unknown, Counts: counts}
	switch letter {
	case 't':
		f.Truth = screen.True
	case 'f':
		f.Truth = screen.False
	}
	return f
}
