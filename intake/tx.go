package intake

import (
	"time"

	"grupa/intake/screen"
	"grupa/internal/account"
	"grupa/internal/words"
)

// Tx is what the rules of this package need of a unit of work. Everything it loads is within what the caller may see;
// the rest is not found.
type Tx interface {
	Now() time.Time
	Caller() account.Caller
	Audit(action, record string)

	Programme() (account.Programme, error)
	Site() (account.Site, error)

	Form(slug string) (*Form, error)           // the newest version; ErrNoForm
	FormVersion(ref FormRef) (*Form, error)    // ErrNoForm
	GroupTypes() ([]*GroupType, error)         // the newest version of each, by slug
	GroupType(slug string) (*GroupType, error) // the newest version; ErrNoGroupType
	GroupTypeVersion(slug string, version int) (*GroupType, error)

	CreateApplication(Application) error                // makes its person too
	Application(ApplicationID) (Application, error)     // with answers and contact; ErrNoApplication
	ApplicationHead(ApplicationID) (Application, error) // without answers and contact; ErrNoApplication
	OwnApplication() (Application, error)               // of the calling applicant
	OwnApplicationHead() (Application, error)           // without answers and contact
	SaveApplication(Application) error                  // state, safety; ErrChanged when Version is not the stored one
	Applications(Filter) (Page, error)

	SaveScreening(Screening) error                        // as the newest
	Screening(ApplicationID) (Screening, error)           // the newest
	CreateDecision(Decision) error                        //
	Decisions(ApplicationID) ([]Decision, error)          // oldest first
	EligibleTypes(ApplicationID) (map[string]bool, error) // decided eligible, by slug
}

// Filter chooses applications for a list. One with nothing but a Limit is all that the caller may see, newest first.
type Filter struct {
	States    []State
	Languages []words.Lang
	Safety    Safety
	Type      string         // with Verdict: what the last screening said about that type
	Verdict   screen.Verdict //
	Search    string         // whole words of a name, a mail address or a reference; all must be found
	From      time.Time      // submitted at or after; zero = no bound
	Until     time.Time      // submitted before; zero = no bound
	Sort      Sort
	Cursor    string // opaque, of the page before
	Limit     int    // 1 to 100
	Total     bool   // count the whole list, too
}

// Sort is an order of a list.
type Sort string

// The orders.
const (
	NewestFirst      Sort = "-submitted_at"
	OldestFirst      Sort = "submitted_at"
	LastChangedFirst Sort = "-updated_at"
	FirstChanged     Sort = "updated_at"
)

// Page is one page of a list.
type Page struct {
	Items []Summary
	Next  string // cursor of the next page; empty on the last
	Total Total  // of the whole list, if it was asked for
}

// Total is how many a list has in all. Counting ends early, so that it costs the same however many there are.
type Total struct {
	Count int  // 1000 at most
	More  bool // there are at least Count, maybe more
}
