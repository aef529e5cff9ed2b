package store

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"grupa/intake"
	"grupa/intake/screen"
	"grupa/internal/store/seal"
)

type screeningRow struct {
	ApplicationSeq int64 `gorm:"primaryKey"`
	Number         int   `gorm:"primaryKey"`
	Trace          []byte
	RunAt          int64
}

func (screeningRow) TableName() string { return "screening" }

// traceData is the sealed form of a screening. An outcome is t, f or u, with a ! where it counts.
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
	Findings     [][2]string `json:"findings"`
	Open         []string    `json:"open,omitempty"`
	Alternatives []string    `json:"alternatives,omitempty"`
}

func traceAt(application string, number int) seal.Place {
	return seal.Place{Table: "screening", Column: "trace", Record: application + "/" + strconv.Itoa(number)}
}

// personOfApplication is whose key seals what belongs to an application.
func (tx *Tx) personOfApplication(id intake.ApplicationID) (string, error) {
	var person string
	err := tx.g.Raw("SELECT person_id FROM application WHERE id = ?", string(id)).Row().Scan(&person)
	return person, err
}

// nextScreening says which number the next screening of an application has, and whose key seals it.
func (tx *Tx) nextScreening(id intake.ApplicationID) (number int, person string, err error) {
	if tx.made.id == id && !tx.made.screened {
		tx.made.screened = true
		return 1, string(tx.made.person), nil
	}
	err = tx.g.Raw(`SELECT a.person_id, coalesce((SELECT max(number) FROM screening WHERE application_seq = a.seq), 0)
		FROM application a WHERE a.id = ?`, string(id)).Row().Scan(&person, &number)
	return number + 1, person, err
}

// SaveScreening stores a screening as the newest of its application.
func (tx *Tx) SaveScreening(s intake.Screening) error {
	number, person, err := tx.nextScreening(s.Application)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(traceTo(s))
	if err != nil {
		return err
	}
	trace, err := tx.sealFor("person", person, traceAt(string(s.Application), number), raw)
	if err != nil {
		return err
	}
	err = tx.g.Exec(`INSERT INTO screening (application_seq, number, trace, run_at)
		VALUES ((SELECT seq FROM application WHERE id = ?), ?, ?, ?)`, string(s.Application), number, trace,
		s.At.Unix()).Error
	if err != nil {
		return err
	}
	return tx.saveVerdicts(s, number > 1)
}

// saveVerdicts keeps the words of the newest screening in clear, for lists.
func (tx *Tx) saveVerdicts(s intake.Screening, again bool) error {
	if again {
		err := tx.g.Exec("DELETE FROM verdict WHERE application_seq = (SELECT seq FROM application WHERE id = ?)",
			string(s.Application)).Error
		if err != nil {
			return err
		}
	}
	if len(s.Types) == 0 {
		return nil
	}
	args := make([]any, 0, 2*len(s.Types)+1)
	for _, t := range s.Types {
		args = append(args, t.Type, string(t.Verdict))
	}
	return tx.g.Exec(`INSERT INTO verdict (application_seq, type_slug, verdict)
		SELECT a.seq, v.column1, v.column2 FROM application a, (VALUES (?, ?)`+strings.Repeat(", (?, ?)", len(s.Types)-1)+
		`) AS v WHERE a.id = ?`, append(args, string(s.Application))...).Error
}

// Screening gives the newest screening of an application in the caller's scope.
func (tx *Tx) Screening(id intake.ApplicationID) (intake.Screening, error) {
	application, err := tx.applicationRow(id)
	if err != nil {
		return intake.Screening{}, err
	}
	var row screeningRow
	err = tx.g.Where("application_seq = ?", application.Seq).Order("number DESC").Take(&row).Error
	if err != nil {
		return intake.Screening{}, orNotFound(err, intake.ErrNoApplication)
	}
	raw, err := tx.openFor("person", application.PersonID, traceAt(application.ID, row.Number), row.Trace)
	if err != nil {
		return intake.Screening{}, err
	}
	var d traceData
	if err := json.Unmarshal(raw, &d); err != nil {
		return intake.Screening{}, err
	}
	return d.screening(id, time.Unix(row.RunAt, 0).UTC()), nil
}

var outcomes = map[screen.Truth]string{screen.True: "t", screen.False: "f", screen.Unknown: "u"}

func traceTo(s intake.Screening) traceData {
	d := traceData{Form: s.Form.Slug, Version: s.Form.Version, Safety: s.Safety}
	for _, t := range s.Types {
		trace := typeTrace{
			Type: t.Type, Version: t.Version, Verdict: string(t.Verdict), Open: t.Open, Alternatives: t.Alternatives,
		}
		for _, f := range t.Findings {
			outcome := outcomes[f.Truth]
			if f.Counts {
				outcome += "!"
			}
			trace.Findings = append(trace.Findings, [2]string{f.Criterion, outcome})
		}
		d.Types = append(d.Types, trace)
	}
	return d
}

func (d traceData) screening(id intake.ApplicationID, at time.Time) intake.Screening {
	s := intake.Screening{
		Application: id, At: at, Form: intake.FormRef{Slug: d.Form, Version: d.Version}, Safety: d.Safety,
	}
	for _, t := range d.Types {
		ts := intake.TypeScreening{
			Type: t.Type, Version: t.Version, Verdict: screen.Verdict(t.Verdict), Open: t.Open, Alternatives: t.Alternatives,
		}
		for _, f := range t.Findings {
			finding := intake.Finding{Criterion: f[0], Truth: screen.Unknown, Counts: strings.HasSuffix(f[1], "!")}
			switch f[1][0] {
			case 't':
				finding.Truth = screen.True
			case 'f':
				finding.Truth = screen.False
			}
			ts.Findings = append(ts.Findings, finding)
		}
		s.Types = append(s.Types, ts)
	}
	return s
}

func slots(data []slotData) []screen.Slot {
	all := make([]screen.Slot, 0, len(data))
	for _, s := range data {
		all = append(all, screen.Slot(s))
	}
	return all
}
