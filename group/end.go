package group

import (
	"grupa/intake"
	"grupa/internal/fault"
)

// ErrSessionsToCome is for a group that is to be closed while it still meets.
var ErrSessionsToCome = fault.New(fault.Conflict, "sessions_to_come")

// Decide records a coordinator's decision. One that ends the application lets go of the seats that are held for it, so
// that nobody waits for a person who will not come.
func Decide(tx Tx, id intake.ApplicationID, version int, d intake.Decision) (intake.Decision, error) {
	d, err := intake.Decide(tx, id, version, d)
	if err != nil {
		return d, err
	}
	a, err := tx.ApplicationHead(id)
	if err != nil || !a.Over() {
		return d, err
	}
	return d, tx.WithdrawOffers(id)
}

// end does what the end of a group means for everybody in it: no more sessions, no more offers, memberships over. Who
// was to come to a session is told.
func end(tx Tx, g Group) error {
	state := MemberLeft
	switch g.State {
	case Cancelled:
		if err := tellCancelled(tx, g.ID); err != nil {
			return err
		}
		if err := tx.CancelGroupSessions(g.ID); err != nil {
			return err
		}
	case Closed:
		state = MemberCompleted
		if coming, err := tx.HasSessionsToCome(g.ID); err != nil {
			return err
		} else if coming {
			return ErrSessionsToCome
		}
	default:
		return nil
	}
	if err := tx.WithdrawGroupOffers(g.ID); err != nil {
		return err
	}
	return endMemberships(tx, g.ID, state)
}

// endMemberships keeps the sessions of a cancelled group in the feeds, as cancelled: their last day is left open.
func endMemberships(tx Tx, id ID, state MembershipState) error {
	memberships, err := tx.Memberships(id)
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
		m.State = state
		if state == MemberCompleted {
			m.To = &day
		}
		if err := tx.EndMembership(m); err != nil {
			return err
		}
	}
	return nil
}
