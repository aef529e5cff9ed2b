package store

import (
	"encoding/json"
	"time"

	"gorm.io/gorm"

	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/store/seal"
	"grupa/internal/words"
)

type applicationRow struct {
	Seq         int64 `gorm:"primaryKey"`
	ID          string
	ProgrammeID string
	PersonID    string
	Reference   string
	Receipt     []byte
	FormSlug    string
	FormVersion int
	Language    string
	State       string
	Safety      string
	Answers     []byte
	Version     int
	SubmittedAt int64
	UpdatedAt   int64 `gorm:"autoUpdateTime:false"`
}

func (applicationRow) TableName() string { return "application" }

func answersAt(id string) seal.Place {
	return seal.Place{Table: "application", Column: "answers", Record: id}
}

// head is the application without what is sealed.
func (r applicationRow) head() intake.Application {
	a := intake.Application{
		ID: intake.ApplicationID(r.ID), Programme: account.ProgrammeID(r.ProgrammeID),
		Person: account.PersonID(r.PersonID), Reference: r.Reference,
		Form: intake.FormRef{Slug: r.FormSlug, Version: r.FormVersion}, Language: words.Lang(r.Language),
		State: intake.State(r.State), Safety: intake.Safety(r.Safety), Version: r.Version,
		Submitted: time.Unix(r.SubmittedAt, 0).UTC(), Updated: time.Unix(r.UpdatedAt, 0).UTC(),
	}
	copy(a.Receipt[:], r.Receipt)
	return a
}

func (tx *Tx) whole(r applicationRow) (intake.Application, error) {
	a := r.head()
	p, err := tx.person(r.PersonID)
	if err != nil {
		return a, err
	}
	a.Contact, a.TimeZone = p.Contact, p.TimeZone
	raw, err := tx.openFor("person", r.PersonID, answersAt(r.ID), r.Answers)
	if err != nil {
		return a, err
	}
	a.Answers, err = answersFrom(raw)
	return a, err
}

// CreateApplication stores an application and the person whose it is.
func (tx *Tx) CreateApplication(a intake.Application) error {
	err := tx.createPerson(account.Person{
		ID: a.Person, Programme: a.Programme, Language: a.Language, TimeZone: a.TimeZone, Contact: a.Contact,
		Created: tx.now,
	}, indexed{"reference", a.Reference})
	if err != nil {
		return err
	}
	raw, err := answersTo(a.Answers)
	if err != nil {
		return err
	}
	answers, err := tx.sealFor("person", string(a.Person), answersAt(string(a.ID)), raw)
	if err != nil {
		return err
	}
	tx.made = madeApplication{id: a.ID, person: a.Person}
	return tx.g.Exec(`INSERT INTO application (id, programme_id, person_id, person_seq, reference, receipt, form_slug,
		form_version, language, state, safety, answers, version, submitted_at, updated_at)
		VALUES (?, ?, ?, (SELECT seq FROM person WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		string(a.ID), string(a.Programme), string(a.Person), string(a.Person), a.Reference, a.Receipt[:], a.Form.Slug,
		a.Form.Version, string(a.Language), string(a.State), string(a.Safety), answers, a.Version, a.Submitted.Unix(),
		a.Updated.Unix()).Error
}

// applications is the scope: a coordinator's programmes, an applicant's own, everything for the machine.
func (tx *Tx) applications() *gorm.DB {
	switch tx.caller.Kind {
	case account.System:
		return tx.g.Model(&applicationRow{})
	case account.Applicant:
		return tx.g.Model(&applicationRow{}).Where("person_id = ?", string(tx.caller.Person))
	case account.Staff:
		return tx.within(tx.g.Model(&applicationRow{}), account.Coordinator)
	}
	return tx.g.Model(&applicationRow{}).Where("1 = 0")
}

func (tx *Tx) applicationRow(id intake.ApplicationID) (applicationRow, error) {
	var row applicationRow
	err := tx.locked(tx.applications()).Where("id = ?", string(id)).Take(&row).Error
	return row, orNotFound(err, intake.ErrNoApplication)
}

// Application gives an application with its answers and contact.
func (tx *Tx) Application(id intake.ApplicationID) (intake.Application, error) {
	row, err := tx.applicationRow(id)
	if err != nil {
		return intake.Application{}, err
	}
	return tx.whole(row)
}

// ApplicationHead gives an application without answers and contact.
func (tx *Tx) ApplicationHead(id intake.ApplicationID) (intake.Application, error) {
	row, err := tx.applicationRow(id)
	return row.head(), err
}

// OwnApplication gives the calling applicant's application.
func (tx *Tx) OwnApplication() (intake.Application, error) {
	row, err := tx.ownRow()
	if err != nil {
		return intake.Application{}, err
	}
	return tx.whole(row)
}

// OwnApplicationHead gives it without answers and contact, and so works whatever became of them.
func (tx *Tx) OwnApplicationHead() (intake.Application, error) {
	row, err := tx.ownRow()
	return row.head(), err
}

func (tx *Tx) ownRow() (row applicationRow, err error) {
	if tx.caller.Kind != account.Applicant {
		return row, intake.ErrNoApplication
	}
	return row, orNotFound(tx.locked(tx.applications()).Take(&row).Error, intake.ErrNoApplication)
}

// SaveApplication stores state and safety, if the version is still the stored one.
func (tx *Tx) SaveApplication(a intake.Application) error {
	result := tx.g.Exec(`UPDATE application SET state = ?, safety = ?, version = version + 1, updated_at = ?
		WHERE id = ? AND version = ?`, string(a.State), string(a.Safety), tx.now.Unix(), string(a.ID), a.Version)
	if result.Error == nil && result.RowsAffected != 1 {
		return intake.ErrChanged
	}
	return result.Error
}

// answerData is the sealed form of an answer.
type answerData struct {
	Boolean      *bool      `json:"b,omitempty"`
	Integer      *int64     `json:"i,omitempty"`
	Text         *string    `json:"t,omitempty"`
	Choices      []string   `json:"c,omitempty"`
	Availability []slotData `json:"a,omitzero"`
	Declined     bool       `json:"d,omitempty"`
}

type slotData struct {
	Weekday int    `json:"w"`
	From    int    `json:"f"`
	To      int    `json:"t"`
	Kind    string `json:"k"`
}

func answersTo(answers intake.Answers) ([]byte, error) {
	data := make(map[string]answerData, len(answers))
	for link, a := range answers {
		d := answerData{Boolean: a.Boolean, Integer: a.Integer, Text: a.Text, Choices: a.Choices, Declined: a.Declined}
		if a.Availability != nil {
			d.Availability = make([]slotData, 0, len(a.Availability))
		}
		for _, s := range a.Availability {
			d.Availability = append(d.Availability, slotData(s))
		}
		data[link] = d
	}
	return json.Marshal(data)
}

func answersFrom(raw []byte) (intake.Answers, error) {
	var data map[string]answerData
	if err := json.Unmarshal(raw, &data); err != nil {
		return nil, err
	}
	answers := make(intake.Answers, len(data))
	for link, d := range data {
		a := intake.Answer{
			Boolean: d.Boolean, Integer: d.Integer, Text: d.Text, Choices: d.Choices, Declined: d.Declined,
		}
		if d.Availability != nil {
			a.Availability = slots(d.Availability)
		}
		answers[link] = a
	}
	return answers, nil
}
