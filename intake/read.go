package intake

import (
	"strings"

	"grupa/internal/account"
	"grupa/internal/fault"
)

// List gives a page of the applications that a coordinator may see.
func List(tx Tx, f Filter) (Page, error) {
	if len(tx.Caller().In(account.Coordinator)) == 0 {
		return Page{}, account.ErrDenied
	}
	var l fault.List
	if (f.Type == "") != (f.Verdict == "") {
		l.Add("verdict", "with_type")
	}
	if !f.Sort.known() {
		l.Add("sort", "choice")
	}
	if len([]rune(f.Search)) > 100 {
		l.Add("q", "too_long", "max", "100")
	}
	if f.Limit < 1 || f.Limit > 100 {
		l.Add("limit", "range", "min", "1", "max", "100")
	}
	if err := l.Err(); err != nil {
		return Page{}, err
	}
	f.Search = strings.TrimSpace(f.Search)
	return tx.Applications(f)
}

// known holds also for no order at all, which is the newest first.
func (s Sort) known() bool {
	switch s {
	case "", NewestFirst, OldestFirst, LastChangedFirst, FirstChanged:
		return true
	}
	return false
}

// Open reads one application with its answers for a coordinator. Each opening is audited, so it needs a unit that
// writes.
func Open(tx Tx, id ApplicationID) (Application, error) {
	a, err := tx.Application(id)
	if err != nil {
		return a, err
	}
	if !tx.Caller().May(a.Programme, account.Coordinator) {
		return Application{}, account.ErrDenied
	}
	tx.Audit("application.read", string(id))
	return a, nil
}

// OpenScreening reads the application and what its criteria found, which quotes answers: audited like Open.
func OpenScreening(tx Tx, id ApplicationID) (Application, Screening, error) {
	a, err := Open(tx, id)
	if err != nil {
		return a, Screening{}, err
	}
	s, err := tx.Screening(id)
	return a, s, err
}

// Own reads the calling applicant's own application and screening.
func Own(tx Tx) (Application, Screening, error) {
	a, err := tx.OwnApplication()
	if err != nil {
		return a, Screening{}, err
	}
	s, err := tx.Screening(a.ID)
	return a, s, err
}

// History reads the decisions of an application; their reasons are about a person, so it is audited.
func History(tx Tx, id ApplicationID) ([]Decision, error) {
	a, err := tx.ApplicationHead(id)
	if err != nil {
		return nil, err
	}
	if !tx.Caller().May(a.Programme, account.Coordinator) {
		return nil, account.ErrDenied
	}
	tx.Audit("decisions.read", string(id))
	return tx.Decisions(id)
}
