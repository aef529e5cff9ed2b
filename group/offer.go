package group

import (
	"time"

	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/fault"
)

// OfferID names an offer: 26 random characters, no secret.
type OfferID string

// OfferState is where an offer stands.
type OfferState string

// The states. An offer past its Expires is over at once, whatever is stored.
const (
	Held           OfferState = "held"
	Accepted       OfferState = "accepted"
	Declined       OfferState = "declined"
	Expired        OfferState = "expired"
	OfferWithdrawn OfferState = "withdrawn"
)

// Offer is a seat held for an applicant until it expires.
type Offer struct {
	ID          OfferID
	Group       ID
	Application intake.ApplicationID
	State       OfferState
	By          account.PersonID
	Created     time.Time
	Expires     time.Time
}

// At gives the state of the offer at that instant: a held one past its time has expired.
func (o Offer) At(now time.Time) OfferState {
	if o.State == Held && !now.Before(o.Expires) {
		return Expired
	}
	return o.State
}

// Errors about offers.
var (
	ErrOffered    = fault.New(fault.Conflict, "already_offered")
	ErrOver       = fault.New(fault.Conflict, "offer_over")
	ErrMember     = fault.New(fault.Conflict, "already_member")
	ErrNotDecided = fault.New(fault.Conflict, "not_decided")
	ErrNotOpen    = fault.New(fault.Conflict, "group_takes_no_one")
	ErrSafetyOpen = fault.New(fault.Conflict, "safety_open")
)

// An offer is held for at least a minute, so that a slip of the keyboard can't make one that is over before it is read,
// and for at most 60 days, so that a seat isn't forgotten.
const (
	shortestHold = time.Minute
	longestHold  = 60 * 24 * time.Hour
)

// MakeOffer holds a seat of the group for an applicant whom a coordinator decided to be eligible for its type, and tells
// them.
func MakeOffer(tx Tx, application intake.ApplicationID, id ID, expires time.Time) (Offer, error) {
	a, err := tx.ApplicationHead(application)
	if err != nil {
		return Offer{}, err
	}
	if !tx.Caller().May(a.Programme, account.Coordinator) {
		return Offer{}, account.ErrDenied
	}
	g, err := tx.Group(id)
	if fault.KindOf(err) == fault.NotFound {
		return Offer{}, fault.At("group_id", "unknown")
	}
	if err != nil {
		return Offer{}, err
	}
	if hold := expires.Sub(tx.Now()); hold < shortestHold || hold > longestHold {
		return Offer{}, fault.At("expires_at", "offer_hold")
	}
	if err := mayBeOffered(tx, a, g); err != nil {
		return Offer{}, err
	}
	o := Offer{
		ID: OfferID(account.NewID()), Group: id, Application: application, State: Held, By: tx.Caller().Person,
		Created: tx.Now(), Expires: expires.UTC().Truncate(time.Second),
	}
	tx.Audit("offer.make", string(o.ID))
	if err := tx.CreateOffer(o); err != nil {
		return o, err
	}
	return o, tellOffer(tx, a.Person, o.ID)
}

func mayBeOffered(tx Tx, a intake.Application, g Group) error {
	if a.Safety == intake.SafetyOpen {
		return ErrSafetyOpen
	}
	switch a.State {
	case intake.Eligible, intake.Waitlisted, intake.Enrolled:
	default:
		return ErrNotDecided
	}
	if !g.takesOffers() || g.Programme != a.Programme {
		return ErrNotOpen
	}
	eligible, err := tx.EligibleTypes(a.ID)
	if err != nil {
		return err
	}
	if !eligible[g.Type] {
		return ErrNotDecided
	}
	return nil
}

// Offered lists the offers made for an application.
func Offered(tx Tx, application intake.ApplicationID) ([]Offer, error) {
	a, err := tx.ApplicationHead(application)
	if err != nil {
		return nil, err
	}
	if !tx.Caller().May(a.Programme, account.Coordinator) {
		return nil, account.ErrDenied
	}
	return tx.Offers(application)
}

// TakeBack withdraws an offer that is still held.
func TakeBack(tx Tx, application intake.ApplicationID, id OfferID) error {
	a, err := tx.ApplicationHead(application)
	if err != nil {
		return err
	}
	if !tx.Caller().May(a.Programme, account.Coordinator) {
		return account.ErrDenied
	}
	o, err := tx.Offer(id)
	if err != nil {
		return err
	}
	if o.Application != application {
		return ErrNoOffer
	}
	tx.Audit("offer.take_back", string(id))
	return tx.AnswerOffer(id, OfferWithdrawn)
}

// Decline frees the seat at once.
func Decline(tx Tx, id OfferID) error {
	o, err := ownOffer(tx, id)
	if err != nil {
		return err
	}
	tx.Audit("offer.decline", string(id))
	if o.State == Declined {
		return nil // a second click
	}
	return tx.AnswerOffer(id, Declined)
}

func ownOffer(tx Tx, id OfferID) (Offer, error) {
	if tx.Caller().Kind != account.Applicant {
		return Offer{}, account.ErrDenied
	}
	return tx.Offer(id)
}
