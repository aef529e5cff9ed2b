package intake

import (
	"strings"

	"grupa/internal/account"
	"grupa/internal/fault"
)

// HelpContacts is whom a person in danger can turn to, in one language.
type HelpContacts struct {
	Language  string
	CheckedOn string // the day somebody last called the numbers, as 2026-11-22
	CheckedBy string // empty in the defaults that the binary carries
	Region    string
	Contacts  []HelpContact
	Emergency HelpContact
	Unwatched string // says that nobody watches the form round the clock
}

// HelpContact is one line to turn to.
type HelpContact struct{ Name, Phone, Hours, Note string }

type helpData struct {
	Language  string        `json:"language"`
	CheckedOn string        `json:"checked_on"`
	CheckedBy string        `json:"checked_by"`
	Region    string        `json:"region"`
	Contacts  []contactData `json:"contacts"`
	Emergency contactData   `json:"emergency"`
	Unwatched string        `json:"unwatched"`
}

type contactData struct {
	Name  string `json:"name"`
	Phone string `json:"phone"`
	Hours string `json:"hours"`
	Note  string `json:"note"`
}

// ParseHelp reads the help contacts of one language. A file without a line to call is refused: an empty help page is
// worse than a start that fails.
func ParseHelp(raw []byte) (HelpContacts, error) {
	var d helpData
	if err := strict(raw, &d); err != nil {
		return HelpContacts{}, err
	}
	h := HelpContacts{
		Language: d.Language, CheckedOn: d.CheckedOn, CheckedBy: d.CheckedBy, Region: d.Region,
		Emergency: HelpContact(d.Emergency), Unwatched: d.Unwatched,
	}
	var l fault.List
	for _, c := range d.Contacts {
		h.Contacts = append(h.Contacts, HelpContact(c))
		if strings.TrimSpace(c.Phone) == "" || strings.TrimSpace(c.Name) == "" {
			l.Add("contacts", "required")
		}
	}
	if len(h.Contacts) == 0 || h.Emergency.Phone == "" || strings.TrimSpace(h.Unwatched) == "" {
		l.Add("contacts", "required")
	}
	if err := account.CheckText("unwatched", h.Unwatched, 1000); err != nil {
		_ = l.Take(err) // always a field error
	}
	return h, l.Err()
}
