package group

import (
	"fmt"
	"time"

	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/words"
)

// ConsentElement is one thing that a member agrees to, with the sentence that says it.
type ConsentElement struct {
	Slug    string
	Version int
	Name    words.Text
	Text    words.Text
}

// Agreement is one element that the applicant agrees to: which version, read in which language.
type Agreement struct {
	Element  string
	Version  int
	Language words.Lang
}

// How consent was given.
const (
	Written = "written" // a click or a signature of the person
	Oral    = "oral"    // said to a member of staff, with a witness
)

// Consent is an agreement that was given. It pins the text: element, version and language.
type Consent struct {
	ID         string
	Membership MembershipID
	Person     account.PersonID
	Agreement
	Way       string
	Given     time.Time
	Withdrawn *time.Time
}

// consentsFor checks that every element that the group's type asks for is agreed to, in today's words.
func consentsFor(tx Tx, g Group, agreed []Agreement) ([]Consent, error) {
	needed, err := Needed(tx, g)
	if err != nil {
		return nil, err
	}
	var l fault.List
	var consents []Consent
	given := map[string]bool{}
	for n, a := range agreed {
		element, ok := find(needed, a.Element)
		path := fmt.Sprintf("consents[%d]", n)
		switch {
		case !ok:
			l.Add(path+".element", "choice")
		case given[a.Element]:
			l.Add(path+".element", "duplicate")
		case a.Version != element.Version:
			l.Add(path+".version", "consent_version")
		case !words.Known(string(a.Language)):
			l.Add(path+".language", "choice")
		}
		given[a.Element] = true
		consents = append(consents, Consent{ID: account.NewID(), Agreement: a, Way: Written, Given: tx.Now()})
	}
	for _, element := range needed {
		if !given[element.Slug] {
			l.Add("consents", "consent_missing", "element", element.Slug)
		}
	}
	return consents, l.Err()
}

// Needed lists what a member of the group agrees to, in today's words.
func Needed(tx Tx, g Group) ([]ConsentElement, error) {
	t, err := tx.GroupTypeVersion(g.Type, g.TypeVersion)
	if err != nil {
		return nil, err
	}
	var needed []ConsentElement
	for _, slug := range t.Consent {
		element, err := tx.ConsentText(slug)
		if err != nil {
			return nil, err
		}
		needed = append(needed, element)
	}
	return needed, nil
}

func find(elements []ConsentElement, slug string) (ConsentElement, bool) {
	for _, e := range elements {
		if e.Slug == slug {
			return e, true
		}
	}
	return ConsentElement{}, false
}

// Invitation is an offer as the applicant reads it.
type Invitation struct {
	Offer   Offer
	Group   Group
	Consent []ConsentElement
}

// Invitations lists the calling applicant's offers.
func Invitations(tx Tx) ([]Invitation, error) {
	a, err := tx.OwnApplicationHead()
	if err != nil {
		return nil, err
	}
	offers, err := tx.Offers(a.ID)
	if err != nil {
		return nil, err
	}
	var all []Invitation
	for _, o := range offers {
		g, err := tx.Group(o.Group)
		if err != nil {
			return nil, err
		}
		needed, err := Needed(tx, g)
		if err != nil {
			return nil, err
		}
		all = append(all, Invitation{o, g, needed})
	}
	return all, nil
}
