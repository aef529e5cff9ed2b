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
	raw, err := json.Marshal(tx.traceTo(s))
	if err != nil {
		return err
	}
	trace, err := tx.sealFor("person", person, traceAt(string(s.Application), number), raw)
	if err != nil {
		return err
	}
	if number > 1 {
		if err := tx.dropVerdicts(s.Application); err != nil {
			return err
		}
	}
	err = tx.g.Exec(`INSERT INTO screening (application_seq, number, verdicts, trace, run_at)
		VALUES ((SELECT seq FROM application WHERE id = ?), ?, ?, ?, ?)`, string(s.Application), number, verdictsTo(s), trace,
		s.At.Unix()).Error
	if err != nil {
		return err
	}
	return tx.saveVerdicts(s)
}

// verdictsTo is what lists show of a screening.
func verdictsTo(s intake.Screening) string {
	all := make([]string, 0, len(s.Types))
	for _, t := range s.Types {
		all = append(all, t.Type+" "+string(t.Verdict))
	}
	return strings.Join(all, ",")
}

func verdictsFrom(text string) []intake.Said {
	if text == "" {
		return nil
	}
	all := make([]intake.Said, 0, strings.Count(text, ",")+1)
	for one := range strings.SplitSeq(text, ",") {
		slug, verdict, _ := strings.Cut(one, " ")
		all = append(all, intake.Said{Type: slug, Verdict: screen.Verdict(verdict)})
	}
	return all
}

// dropVerdicts takes what the newest screening said so far out of the lists.
func (tx *Tx) dropVerdicts(id intake.ApplicationID) error {
	var seq int64
	var text string
	err := tx.g.Raw(`SELECT s.application_seq, s.verdicts FROM screening s JOIN application a ON a.seq = s.application_seq
		WHERE a.id = ? ORDER BY s.number DESC LIMIT 1`, string(id)).Row().Scan(&seq, &text)
	for _, said := range verdictsFrom(text) {
		if err != nil {
			return err
		}
		err = tx.g.Exec("DELETE FROM verdict WHERE type_slug = ? AND verdict = ? AND application_seq = ?",
			said.Type, string(said.Verdict), seq).Error
	}
	return err
}

// saveVerdicts lets lists look for what the screening said.
func (tx *Tx) saveVerdicts(s intake.Screening) error {
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
	return tx.screeningOf(d, id, time.Unix(row.RunAt, 0).UTC())
}

func slots(data []slotData) []screen.Slot {
	all := make([]screen.Slot, 0, len(data))
	for _, s := range data {
		all = append(all, screen.Slot(s))
	}
	return all
}
