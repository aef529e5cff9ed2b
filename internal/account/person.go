package account

import (
	"strings"
	"time"

	"grupa/internal/fault"
	"grupa/internal/words"
)

// Ids are 26 characters of crypto/rand.Text. They are no secrets.
type (
	PersonID    string
	ProgrammeID string
	SiteID      string
)

// Programme is what is run: forms, applications, groups and staff belong to one.
type Programme struct {
	ID       ProgrammeID
	Language words.Lang // what is used where a person has no saved language
}

// Site is a place where a programme is run.
type Site struct {
	ID        SiteID
	Programme ProgrammeID
	TimeZone  string // IANA name: the days of memberships are days there
}

// Person is an applicant, a member or a member of staff. Everything that is sealed about a person is sealed with the
// person's own key, so destroying the key makes them unreadable everywhere.
type Person struct {
	ID        PersonID
	Programme ProgrammeID
	Language  words.Lang
	TimeZone  string // IANA name
	Contact   Contact
	Created   time.Time
}

// Reach is how a person wants to be reached.
type Reach string

// The ways to reach a person. ReachNone means: never, the person looks with the receipt code.
const (
	ReachEmail Reach = "email"
	ReachPhone Reach = "phone"
	ReachText  Reach = "text_message"
	ReachNone  Reach = "none"
)

// Contact is how to reach a person without harm. It is sealed as a whole.
type Contact struct {
	Name     string
	Email    string
	Phone    string
	Reach    Reach
	Discreet bool   // no names, no purpose: not in a message, not on a phone
	Note     string // when and how it is safe, in the person's own words
}

// Check tells every field that can't be taken. A chosen way needs its address.
func (c Contact) Check() error {
	var l fault.List
	if strings.TrimSpace(c.Name) == "" {
		l.Add("name", "required")
	}
	for _, err := range []error{
		CheckLine("name", c.Name, 200), CheckLine("email", c.Email, 254), CheckLine("phone", c.Phone, 40),
		CheckText("note", c.Note, 1000),
	} {
		_ = l.Take(err) // nil, or always a field error
	}
	switch c.Reach {
	case ReachEmail:
		if c.Email == "" {
			l.Add("email", "required")
		}
	case ReachPhone, ReachText:
		if c.Phone == "" {
			l.Add("phone", "required")
		}
	case ReachNone:
	default:
		l.Add("reach", "choice")
	}
	return l.Err()
}
