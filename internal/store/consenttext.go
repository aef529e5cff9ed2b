package store

import (
	"encoding/json"
	"fmt"

	"grupa/group"
	"grupa/intake/catalogue"
	"grupa/internal/fault"
	"grupa/internal/words"
)

// elementRow is one version of a consent element. It stays for as long as somebody may ask what was agreed to.
type elementRow struct {
	Slug        string `gorm:"primaryKey"`
	Version     int    `gorm:"primaryKey"`
	Body        string
	PublishedAt int64
}

func (elementRow) TableName() string { return "consent_element" }

type elementData struct {
	Name words.Text `json:"name"`
	Text words.Text `json:"text"`
}

func (r elementRow) element() (group.ConsentElement, error) {
	var d elementData
	if err := json.Unmarshal([]byte(r.Body), &d); err != nil {
		return group.ConsentElement{}, fmt.Errorf("stored consent element %s %d: %w", r.Slug, r.Version, err)
	}
	return group.ConsentElement{Slug: r.Slug, Version: r.Version, Name: d.Name, Text: d.Text}, nil
}

// consentElements are those that this binary carries.
func consentElements() ([]group.ConsentElement, error) {
	vocabularies, err := catalogue.Vocabularies()
	if err != nil {
		return nil, err
	}
	var all []group.ConsentElement
	for _, v := range vocabularies {
		for _, e := range v.Entries {
			if v.Name == "consent-element" {
				all = append(all, group.ConsentElement{Slug: e.Slug, Version: e.Version, Name: e.Name, Text: e.Text})
			}
		}
	}
	return all, nil
}

func (tx *Tx) publishConsent() error {
	elements, err := consentElements()
	if err != nil {
		return err
	}
	for _, e := range elements {
		body, err := json.Marshal(elementData{e.Name, e.Text})
		if err != nil {
			return err
		}
		if err := tx.publish("consent_element", e.Slug, e.Version, body); err != nil {
			return err
		}
	}
	return nil
}

// errNoElement is a bug of the catalogue: a type asks for an element that there is not. A test of the catalogue finds it.
var errNoElement = fault.New(fault.Internal, "internal")

// ConsentText gives the newest words of a consent element.
func (tx *Tx) ConsentText(slug string) (group.ConsentElement, error) {
	var row elementRow
	if err := tx.g.Where("slug = ?", slug).Order("version DESC").Take(&row).Error; err != nil {
		return group.ConsentElement{}, orNotFound(err, errNoElement)
	}
	return row.element()
}

// AgreedText gives the words that somebody agreed to.
func (tx *Tx) AgreedText(a group.Agreement) (group.ConsentElement, error) {
	var row elementRow
	if err := tx.g.Where("slug = ? AND version = ?", a.Element, a.Version).Take(&row).Error; err != nil {
		return group.ConsentElement{}, orNotFound(err, errNoElement)
	}
	return row.element()
}
