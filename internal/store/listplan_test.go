package store_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
	"grupa/internal/words"
)

// everyFilter is every combination of filters, orders and places that a list can be asked for, with what is frequent
// and what is rare.
func everyFilter(all []kept) (filters []intake.Filter) {
	first, last := all[0].Submitted, all[len(all)-1].Submitted
	middle := first.Add(last.Sub(first) / 2)
	filters = []intake.Filter{{Limit: 30}}
	for _, with := range [][]func(*intake.Filter){
		{nil, func(f *intake.Filter) { f.States = []intake.State{intake.Enrolled} },
			func(f *intake.Filter) { f.States = []intake.State{intake.Submitted, intake.Duplicate} }},
		{nil, func(f *intake.Filter) { f.Languages = []words.Lang{words.Persian} }},
		{nil, func(f *intake.Filter) { f.Safety = intake.SafetyNone },
			func(f *intake.Filter) { f.Safety = intake.SafetyOpen }},
		{nil, func(f *intake.Filter) { f.Type, f.Verdict = "support", "suits" },
			func(f *intake.Filter) { f.Type, f.Verdict = "process", "not_now" }},
		{nil, func(f *intake.Filter) { f.Search = "anna" }, func(f *intake.Filter) { f.Search = "rare" }},
		{nil, func(f *intake.Filter) { f.From = middle }, func(f *intake.Filter) { f.Until = middle },
			func(f *intake.Filter) { f.From, f.Until = middle, middle.Add(24*time.Hour) }},
		{func(f *intake.Filter) { f.Sort = intake.NewestFirst }, func(f *intake.Filter) { f.Sort = intake.OldestFirst },
			func(f *intake.Filter) { f.Sort = intake.LastChangedFirst },
			func(f *intake.Filter) { f.Sort = intake.FirstChanged }},
		{nil, func(f *intake.Filter) { f.Cursor = store.ListCursor(f.Sort, middle.Unix()) }},
	} {
		var more []intake.Filter
		for _, f := range filters {
			for _, add := range with {
				one := f
				if add != nil {
					add(&one)
				}
				more = append(more, one)
			}
		}
		filters = more
	}
	return filters
}

func oneIn(n int, all []intake.Filter) (some []intake.Filter) {
	for i := 0; i < len(all); i += n {
		some = append(some, all[i])
	}
	return some
}

// unbounded gives the plans that read more than they must.
func unbounded(t *testing.T, s *storetest.Store, c account.Caller, filters []intake.Filter) (bad []string) {
	t.Helper()
	s.Read(c, func(tx *store.Tx) error {
		for _, f := range filters {
			plan, err := tx.ListPlan(f)
			if err != nil {
				return err
			}
			if plan == nil {
				continue
			}
			if why := flaw(plan, f); why != "" {
				bad = append(bad, fmt.Sprintf("%s: %+v\n%s\n\t%s", why, f, plan.SQL, strings.Join(plan.Lines, "\n\t")))
			}
		}
		return nil
	})
	return bad
}

var (
	searched = regexp.MustCompile(`^SEARCH a USING (?:COVERING )?INDEX application_\w+ \(([^)]*)\)$`)
	bare     = regexp.MustCompile(`[a-z_] = \?|LIMIT \?`)
)

// flaw says what makes a plan cost more the more applications there are.
func flaw(plan *store.ListPlan, f intake.Filter) string {
	for _, line := range plan.Lines {
		switch {
		case strings.HasPrefix(line, "SCAN ") && line != "SCAN f": // f is a set that is small
			return "a table is read from its beginning"
		case strings.Contains(line, "TEMP B-TREE FOR") && !plan.Gathered:
			return "what is not small is sorted"
		case strings.HasPrefix(line, "SEARCH a ") && !plan.Gathered && !bounded(line, f):
			return "an index is not searched by all that it could be"
		}
	}
	if bare.MatchString(plan.SQL) {
		return "SQLite would prepare it anew each time"
	}
	return ""
}

// bounded says whether an index is searched by equality up to the column of the order, and in that from where the page
// begins or the time does.
func bounded(line string, f intake.Filter) bool {
	m := searched.FindStringSubmatch(line)
	if m == nil {
		return false
	}
	changed := f.Sort == intake.LastChangedFirst || f.Sort == intake.FirstChanged
	equal, column, least := "programme_id=?", "submitted_at", 0
	if changed {
		column = "updated_at"
	}
	switch {
	case f.Safety == intake.SafetyOpen:
		equal += " AND safety=?"
	case changed && strings.Contains(m[1], "<expr>=?"): // also with a state, where the time says more
		equal += " AND <expr>=?"
	case len(f.States)+len(f.Languages) > 0:
		equal += " AND state=? AND language=?"
	}
	if f.Cursor != "" || !changed && !(f.From.IsZero() && f.Until.IsZero()) {
		least = 1
	}
	rest, ok := strings.CutPrefix(m[1], equal)
	n := strings.Count(rest, " AND "+column)
	return ok && least <= n && n <= 2 && len(rest) == n*len(" AND "+column+"<?")
}

func TestEveryListIsReadAlongAnIndexOrFromASmallSet(t *testing.T) {
	t.Parallel()
	s := storetest.New(t, onSQLite)
	all, programmes := many(t, s, 6500)
	c, filters := coordinatorOf(programmes[0]), everyFilter(all)
	for _, statistics := range []string{"without", "with"} {
		if statistics == "with" {
			exec(t, raw(t, s.Database), "ANALYZE")
			filters = oneIn(7, filters)
		}
		bad := unbounded(t, s, c, filters)
		for _, one := range bad[:min(len(bad), 3)] {
			t.Error(one)
		}
		if len(bad) > 0 {
			t.Errorf("%d of %d lists %s statistics", len(bad), len(filters), statistics)
		}
	}
}

// TestAListWithoutItsIndexIsSeen is the control of the test above.
func TestAListWithoutItsIndexIsSeen(t *testing.T) {
	t.Parallel()
	s := storetest.New(t, onSQLite)
	all, programmes := many(t, s, 6500)
	c, filters, db := coordinatorOf(programmes[0]), oneIn(11, everyFilter(all)), raw(t, s.Database)
	for _, index := range []string{
		"newest", "changed", "state", "state_changed", "safety", "safety_changed", "person",
	} {
		var statement string
		noError(t, db.QueryRow("SELECT sql FROM sqlite_schema WHERE name = ?", "application_"+index).Scan(&statement))
		exec(t, db, "DROP INDEX application_"+index)
		if bad := unbounded(t, s, c, filters); len(bad) == 0 {
			t.Errorf("nobody misses application_%s", index)
		}
		exec(t, db, statement)
	}
	if bad := unbounded(t, s, c, filters); len(bad) > 0 {
		t.Error(bad[0])
	}
}
