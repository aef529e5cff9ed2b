package intake

import (
	"slices"
	"time"

	"grupa/intake/screen"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/words"
)

// ApplicationID is 26 random characters, no secret.
type ApplicationID string

// State is where an application stands.
type State string

// The states. Enrolled is the end of the way in; the last three are side exits.
const (
	Draft      State = "draft"
	Submitted  State = "submitted"
	InReview   State = "in_review"
	Interview  State = "interview"
	Eligible   State = "eligible"
	Waitlisted State = "waitlisted"
	Enrolled   State = "enrolled"
	Withdrawn  State = "withdrawn"
	ReferredOn State = "referred_on"
	Duplicate  State = "duplicate"
)

// steps is every allowed step; there is no other way between states.
var steps = map[State][]State{
	Draft:      {Submitted, Withdrawn},
	Submitted:  {InReview, Interview, Eligible, Waitlisted, Withdrawn, ReferredOn, Duplicate},
	InReview:   {Interview, Eligible, Waitlisted, Withdrawn, ReferredOn, Duplicate},
	Interview:  {InReview, Eligible, Waitlisted, Withdrawn, ReferredOn, Duplicate},
	Eligible:   {Waitlisted, Enrolled, Withdrawn, ReferredOn, Duplicate},
	Waitlisted: {Eligible, Enrolled, Withdrawn, ReferredOn, Duplicate},
	Enrolled:   {Withdrawn},
}

// States lists the states that an application can be in.
func States() []State {
	return []State{
		Draft, Submitted, InReview, Interview, Eligible, Waitlisted, Enrolled, Withdrawn, ReferredOn, Duplicate,
	}
}

// Safety says whether a safety answer waits for a person.
type Safety string

// The three. An open one stops every automatic step, and every offer.
const (
	SafetyNone    Safety = "none"
	SafetyOpen    Safety = "open"
	SafetyCleared Safety = "cleared"
)

// Errors of the rules of this package.
var (
	ErrNoApplication = fault.New(fault.NotFound, "not_found")
	ErrNoGroupType   = fault.New(fault.NotFound, "not_found")
	ErrNoForm        = fault.New(fault.NotFound, "not_found")
	ErrStep          = fault.New(fault.Conflict, "step_not_allowed")
	ErrChanged       = fault.New(fault.Stale, "changed_meanwhile")
)

// Application is one person's filled form.
type Application struct {
	ID        ApplicationID
	Programme account.ProgrammeID
	Person    account.PersonID
	Reference string // for people to say to each other; no secret
	Receipt   account.Hash
	Form      FormRef
	Language  words.Lang
	TimeZone  string // IANA: the zone that the availability is meant in
	State     State
	Safety    Safety
	Answers   Answers         // the contact is not among them
	Contact   account.Contact // kept with the person
	Version   int             // for If-Match
	Submitted time.Time
	Updated   time.Time
}

// Summary is what a list shows: nothing that was answered.
type Summary struct {
	ID        ApplicationID
	Reference string
	State     State
	Language  words.Lang
	Safety    Safety
	Verdicts  []Said // as the screening has them
	Submitted time.Time
	Updated   time.Time
}

// Said is what a screening says of a group type.
type Said struct {
	Type    string // slug
	Verdict screen.Verdict
}

// step moves the application on, or says that there is no such step.
func (a *Application) step(to State) error {
	if !slices.Contains(steps[a.State], to) {
		return ErrStep.With("from", string(a.State), "to", string(to))
	}
	a.State = to
	return nil
}

// Enrol is the step of an applicant who accepted a seat.
func (a *Application) Enrol() error { return a.step(Enrolled) }

// Withdraw is the step of an applicant who leaves; it is there from every state that is not an end.
func (a *Application) Withdraw() error { return a.step(Withdrawn) }

// Over says whether the application is at an end.
func (a *Application) Over() bool { return len(steps[a.State]) == 0 }
