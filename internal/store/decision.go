package store

import (
	"time"

	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/store/seal"
)

type decisionRow struct {
	ID            string `gorm:"primaryKey"`
	ApplicationID string
	Number        int // of the application's decisions, from 1
	Verb          string
	TypeSlug      *string
	Alternative   *string
	Override      bool
	Reason        []byte
	DecidedBy     string
	DecidedAt     int64
}

func (decisionRow) TableName() string { return "decision" }

func reasonAt(id string) seal.Place {
	return seal.Place{Table: "decision", Column: "reason", Record: id}
}

// CreateDecision keeps a decision; its reason is sealed with the applicant's key.
func (tx *Tx) CreateDecision(d intake.Decision) error {
	person, err := tx.personOfApplication(d.Application)
	if err != nil {
		return err
	}
	reason, err := tx.sealFor("person", person, reasonAt(d.ID), []byte(d.Reason))
	if err != nil {
		return err
	}
	var before int
	err = tx.g.Raw("SELECT coalesce(max(number), 0) FROM decision WHERE application_id = ?", string(d.Application)).
		Scan(&before).Error
	if err != nil {
		return err
	}
	return tx.g.Create(&decisionRow{
		ID: d.ID, ApplicationID: string(d.Application), Number: before + 1, Verb: string(d.Verb), TypeSlug: orNull(d.Type),
		Alternative: orNull(d.Alternative), Override: d.Override, Reason: reason, DecidedBy: string(d.By),
		DecidedAt: d.At.Unix(),
	}).Error
}

// Decisions lists the decisions about an application, the oldest first.
func (tx *Tx) Decisions(id intake.ApplicationID) ([]intake.Decision, error) {
	application, err := tx.applicationRow(id)
	if err != nil {
		return nil, err
	}
	var rows []decisionRow
	if err := tx.g.Where("application_id = ?", string(id)).Order("number").Find(&rows).Error; err != nil {
		return nil, err
	}
	var all []intake.Decision
	for _, r := range rows {
		reason, err := tx.openFor("person", application.PersonID, reasonAt(r.ID), r.Reason)
		if err != nil {
			return nil, err
		}
		all = append(all, intake.Decision{
			ID: r.ID, Application: id, Verb: intake.Verb(r.Verb), Type: orEmpty(r.TypeSlug),
			Alternative: orEmpty(r.Alternative), Override: r.Override, Reason: string(reason),
			By: account.PersonID(r.DecidedBy), At: time.Unix(r.DecidedAt, 0).UTC(),
		})
	}
	return all, nil
}

// EligibleTypes gives the group types that a coordinator decided the applicant is eligible for or waits for.
func (tx *Tx) EligibleTypes(id intake.ApplicationID) (map[string]bool, error) {
	var slugs []string
	err := tx.g.Raw("SELECT DISTINCT type_slug FROM decision WHERE application_id = ? AND verb IN ?",
		string(id), []string{string(intake.Admit), string(intake.Wait)}).Scan(&slugs).Error
	types := map[string]bool{}
	for _, slug := range slugs {
		types[slug] = true
	}
	return types, err
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
