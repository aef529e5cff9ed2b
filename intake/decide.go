package intake

import (
	"strings"
	"time"

	"grupa/intake/screen"
	"grupa/internal/account"
	"grupa/internal/fault"
)

// Verb is what a coordinator decides.
type Verb string

// The decisions. ClearSafety needs a reason and moves no state.
const (
	Review      Verb = "in_review"
	Invite      Verb = "interview"
	Admit       Verb = "eligible"
	Wait        Verb = "waitlisted"
	Refer       Verb = "referred_on"
	Fold        Verb = "duplicate"
	ClearSafety Verb = "clear_safety"
)

// Decision is what a coordinator decided. A decision is never changed, only followed by another.
type Decision struct {
	ID          string
	Application ApplicationID
	Verb        Verb
	Type        string // of Admit and Wait: the group type
	Alternative string // of Refer: a group type or IndividualTalk
	Override    bool   // against the screening's verdict; then Reason is there
	Reason      string // for staff; sealed
	By          account.PersonID
	At          time.Time
}

// ErrReason is for a decision against the screening, or about safety, that gives no reason.
var ErrReason = fault.At("reason", "reason_needed")

// Decide records a decision and moves the application, if version is still the current one.
func Decide(tx Tx, id ApplicationID, version int, d Decision) (Decision, error) {
	a, err := tx.ApplicationHead(id)
	if err != nil {
		return d, err
	}
	if !tx.Caller().May(a.Programme, account.Coordinator) {
		return d, account.ErrDenied
	}
	if a.Version != version {
		return d, ErrChanged
	}
	d.ID, d.Application, d.By, d.At = account.NewID(), id, tx.Caller().Person, tx.Now()
	if err := d.check(tx); err != nil {
		return d, err
	}
	if d.Verb == ClearSafety {
		err = a.clearSafety()
	} else {
		err = a.decided(State(d.Verb))
	}
	if err != nil {
		return d, err
	}
	a.Updated = tx.Now()
	tx.Audit("application.decide."+string(d.Verb), string(id))
	if err := tx.CreateDecision(d); err != nil {
		return d, err
	}
	return d, tx.SaveApplication(a)
}

// decided also lets a second group type be added to an application that is already eligible or waiting.
func (a *Application) decided(to State) error {
	if a.State == to && (to == Eligible || to == Waitlisted) {
		return nil
	}
	return a.step(to)
}

func (a *Application) clearSafety() error {
	if a.Safety != SafetyOpen {
		return ErrStep.With("from", string(a.Safety), "to", string(SafetyCleared))
	}
	a.Safety = SafetyCleared
	return nil
}

func (d *Decision) check(tx Tx) error {
	if err := account.CheckText("reason", d.Reason, 4000); err != nil {
		return err
	}
	verdicts, err := verdictsOf(tx, d.Application)
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(d.Reason) != ""
	// These two stand in clear: nothing but a slug that was checked may be in them.
	if d.Type != "" && d.Verb != Admit && d.Verb != Wait {
		return fault.At("group_type", "not_with_this")
	}
	if d.Alternative != "" && d.Verb != Refer {
		return fault.At("alternative", "not_with_this")
	}
	switch d.Verb {
	case Admit, Wait:
		verdict, screened := verdicts[d.Type]
		if !screened {
			return fault.At("group_type", "choice")
		}
		d.Override = verdict == screen.NotNow
	case Refer:
		if _, screened := verdicts[d.Alternative]; !screened && d.Alternative != IndividualTalk {
			return fault.At("alternative", "choice")
		}
		d.Override = anySuits(verdicts)
	case ClearSafety:
		if !reason {
			return ErrReason
		}
	case Review, Invite, Fold:
	default:
		return fault.At("decision", "choice")
	}
	if d.Override && !reason {
		return ErrReason
	}
	return nil
}

func verdictsOf(tx Tx, id ApplicationID) (map[string]screen.Verdict, error) {
	s, err := tx.Screening(id)
	if err != nil {
		return nil, err
	}
	verdicts := map[string]screen.Verdict{}
	for _, t := range s.Types {
		verdicts[t.Type] = t.Verdict
	}
	return verdicts, nil
}

func anySuits(verdicts map[string]screen.Verdict) bool {
	for _, v := range verdicts {
		if v == screen.Suits {
			return true
		}
	}
	return false
}
