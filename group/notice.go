package group

import (
	"grupa/calendar"
	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/fault"
)

// tellOffer tells an applicant who may be told by mail that a seat is held for them.
func tellOffer(tx Tx, p account.PersonID, id OfferID) error {
	contact, err := tx.Contact(p)
	if err != nil || !contact.ByMail() {
		return err
	}
	return tx.TellOffer(id, p)
}

// OfferToTell gives an offer that its applicant is to be told of now; ok is false when it was answered, withdrawn or
// has expired meanwhile. With an open safety answer it is ErrSafetyOpen: nothing goes out by itself until someone has
// cleared that. Only the server itself asks.
func OfferToTell(tx Tx, id OfferID) (o Offer, ok bool, err error) {
	if tx.Caller().Kind != account.System {
		return o, false, account.ErrDenied
	}
	o, err = tx.Offer(id)
	if fault.KindOf(err) == fault.NotFound {
		return o, false, nil
	}
	if err != nil || o.At(tx.Now()) != Held {
		return o, false, err
	}
	a, err := tx.ApplicationHead(o.Application)
	if err != nil || a.Over() {
		return o, false, err
	}
	if a.Safety == intake.SafetyOpen {
		return o, false, ErrSafetyOpen
	}
	return o, true, nil
}

// tellCancelled tells every member which of their sessions a cancelled group takes away. It is called before the
// sessions are cancelled and the memberships end.
func tellCancelled(tx Tx, id ID) error {
	sessions, err := tx.GroupSessions(string(id))
	if err != nil {
		return err
	}
	memberships, err := tx.Memberships(id)
	if err != nil {
		return err
	}
	for _, m := range memberships {
		if !m.State.Live() {
			continue
		}
		if err := calendar.TellAllCancelled(tx, m.Person, string(id), m.within(sessions)); err != nil {
			return err
		}
	}
	return nil
}

// within leaves the sessions on the days of the membership.
func (m Membership) within(sessions []calendar.Session) []calendar.Session {
	var own []calendar.Session
	for _, s := range sessions {
		if s.Start.Date.Compare(m.From) >= 0 && (m.To == nil || s.Start.Date.Compare(*m.To) <= 0) {
			own = append(own, s)
		}
	}
	return own
}
