package group

import (
	"time"

	"grupa/calendar"
	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/fault"
)

// MembershipID names a membership: 26 random characters, no secret.
type MembershipID string

// MembershipState is where a membership stands.
type MembershipState string

// The states. The last three are ends.
const (
	MemberEnrolled  MembershipState = "enrolled"
	MemberActive    MembershipState = "active"
	MemberOnHold    MembershipState = "on_hold"
	MemberCompleted MembershipState = "completed"
	MemberLeft      MembershipState = "left"
	MemberRemoved   MembershipState = "removed"
)

// Live says whether the membership holds a seat.
func (s MembershipState) Live() bool {
	return s == MemberEnrolled || s == MemberActive || s == MemberOnHold
}

// Membership is a person in a group from a day to a day. The days are those of the programme's site.
type Membership struct {
	ID          MembershipID
	Group       ID
	Person      account.PersonID
	Application intake.ApplicationID
	Offer       OfferID
	State       MembershipState
	From        calendar.Date
	To          *calendar.Date // inclusive; nil while it goes on
	Created     time.Time
}

// ErrYouClash tells the applicant that a session of this group overlaps one of another group of theirs.
var ErrYouClash = fault.New(fault.Conflict, "you_have_another_session")

// Accept takes the seat that is held: the membership, the consents and the applicant's new state in one unit. The
// database gives the seat once, whatever the concurrency.
func Accept(tx Tx, id OfferID, agreed []Agreement) (Membership, error) {
	if tx.Caller().Kind != account.Applicant {
		return Membership{}, account.ErrDenied
	}
	a, err := tx.OwnApplicationHead() // before its offers, as everybody does: so nobody waits in a circle
	if err != nil {
		return Membership{}, err
	}
	o, err := ownOffer(tx, id)
	if err != nil {
		return Membership{}, err
	}
	g, err := tx.Group(o.Group)
	if err != nil {
		return Membership{}, err
	}
	if o.At(tx.Now()) != Held {
		return Membership{}, ErrOver
	}
	if g.over() {
		return Membership{}, ErrNotOpen
	}
	consents, err := consentsFor(tx, g, agreed)
	if err != nil {
		return Membership{}, err
	}
	m, err := newMembership(tx, o, a)
	if err != nil {
		return m, err
	}
	if err := tx.AnswerOffer(id, Accepted); err != nil {
		return m, err
	}
	if err := enrol(tx, m, a, consents); err != nil {
		return m, err
	}
	tx.Audit("offer.accept", string(id))
	return m, nil
}

func newMembership(tx Tx, o Offer, a intake.Application) (Membership, error) {
	clash, err := tx.MemberClash(a.Person, o.Group)
	if err != nil {
		return Membership{}, err
	}
	if clash != nil {
		return Membership{}, ErrYouClash.Over(fault.Clash{
			Resource: "you", Start: clash.StartText(), End: clash.EndText(),
		})
	}
	today, err := today(tx)
	return Membership{
		ID: MembershipID(account.NewID()), Group: o.Group, Person: a.Person, Application: a.ID, Offer: o.ID,
		State: MemberEnrolled, From: today, Created: tx.Now(),
	}, err
}

func enrol(tx Tx, m Membership, a intake.Application, consents []Consent) error {
	if err := tx.CreateMembership(m); err != nil {
		return err
	}
	for _, c := range consents {
		c.Membership, c.Person = m.ID, m.Person
		if err := tx.CreateConsent(c); err != nil {
			return err
		}
	}
	if a.State == intake.Enrolled {
		return nil
	}
	if err := a.Enrol(); err != nil {
		return err
	}
	a.Updated = tx.Now()
	return tx.SaveApplication(a)
}

// today is the day at the programme's site.
func today(tx Tx) (calendar.Date, error) {
	site, err := tx.Site()
	if err != nil {
		return calendar.Date{}, err
	}
	loc, err := calendar.Zone(site.TimeZone)
	if err != nil {
		return calendar.Date{}, err
	}
	return calendar.DateOf(tx.Now().In(loc)), nil
}

// Leave is the one step out, for an applicant and a member alike: the application is withdrawn, held offers are let go,
// memberships end today. It always works and asks for no reason.
func Leave(tx Tx) error {
	a, err := tx.OwnApplicationHead()
	if err != nil {
		return err
	}
	tx.Audit("application.withdraw", string(a.ID))
	memberships, err := tx.OwnMemberships()
	if err != nil {
		return err
	}
	day, err := today(tx)
	if err != nil {
		return err
	}
	for _, m := range memberships {
		if !m.State.Live() {
			continue
		}
		m.State, m.To = MemberLeft, &day
		if err := tx.EndMembership(m); err != nil {
			return err
		}
	}
	if err := tx.WithdrawOffers(a.ID); err != nil || a.Over() {
		return err
	}
	if err := a.Withdraw(); err != nil {
		return err
	}
	a.Updated = tx.Now()
	return tx.SaveApplication(a)
}

// Member is a membership with the name that its person gave.
type Member struct {
	Membership
	Name string
}

// Members lists who is in a group for its coordinators and its own facilitators. It tells names, so it is audited.
func Members(tx Tx, id ID) ([]Member, error) {
	if _, err := Read(tx, id); err != nil {
		return nil, err
	}
	memberships, err := tx.Memberships(id)
	if err != nil {
		return nil, err
	}
	var members []Member
	for _, m := range memberships {
		name, err := tx.MemberName(m.Person)
		if err != nil {
			return nil, err
		}
		members = append(members, Member{m, name})
	}
	tx.Audit("members.read", string(id))
	return members, nil
}

// Consents lists what the calling member agreed to.
func Consents(tx Tx) ([]Consent, error) {
	if tx.Caller().Kind != account.Applicant {
		return nil, account.ErrDenied
	}
	return tx.OwnConsents()
}
