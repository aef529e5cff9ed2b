package group

import (
	"grupa/calendar"
	"grupa/intake"
	"grupa/internal/account"
)

// Tx is what the rules of this package need of a unit of work. Everything it loads is within what the caller may see;
// the rest is not found.
type Tx interface {
	intake.Tx
	calendar.Notices

	IsFacilitator(account.ProgrammeID, account.PersonID) (bool, error)

	CreateGroup(Group) error
	SaveGroup(Group) error // ErrChanged, ErrTooFew
	Group(ID) (Group, error)
	Groups(Filter) (Page, error)

	CreateOffer(Offer) error                      // ErrSeatTaken, ErrOffered: by the database
	TellOffer(OfferID, account.PersonID) error    // leaves a notice to be sent
	Offer(OfferID) (Offer, error)                 // of the calling applicant, or in the coordinator's programme
	Offers(intake.ApplicationID) ([]Offer, error) // oldest first
	AnswerOffer(id OfferID, to OfferState) error  // only while it is held and has not expired: ErrOver
	WithdrawOffers(intake.ApplicationID) error    // all that are still held
	CreateMembership(Membership) error            // ErrSeatTaken, ErrMember: by the database
	Memberships(ID) ([]Membership, error)         // of a group, oldest first
	MemberName(account.PersonID) (string, error)  // as the person gave it
	OwnMemberships() ([]Membership, error)        // of the calling applicant
	WithdrawGroupOffers(ID) error                 // all that are still held
	GroupSessions(group string) ([]calendar.Session, error)
	CancelGroupSessions(ID) error // all that are still to come
	HasSessionsToCome(ID) (bool, error)
	EndMembership(Membership) error                     // State and To
	CreateConsent(Consent) error                        //
	OwnConsents() ([]Consent, error)                    // of the calling applicant
	ConsentText(element string) (ConsentElement, error) // the newest; of the catalogue

	// MemberClash gives a session, still to come, of another of the person's groups that overlaps one of this group.
	MemberClash(account.PersonID, ID) (*calendar.Session, error)
}

// Filter chooses groups for a list. One with nothing but a Limit is all that the caller may see.
type Filter struct {
	States []State
	Type   string
	Cursor string
	Limit  int // 1 to 100
}

// Page is one page of a list of groups.
type Page struct {
	Items []Group
	Next  string
}
