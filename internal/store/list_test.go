package store_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"grupa/intake"
	"grupa/intake/screen"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
	"grupa/internal/words"
)

// several submits forms that differ in everything a list looks at, several within one second, and gives what a list has
// to show of them.
func several(t *testing.T, s *storetest.Store, n int) []kept {
	t.Helper()
	for i := range n {
		f := storetest.Filled(fmt.Sprintf("Number %d", i))
		f.Language = words.Languages()[i%4]
		f.Answers = slices.DeleteFunc(f.Answers,
			func(g intake.Given) bool { return g.LinkID == "self-harm" || g.LinkID == "age-band" })
		f.Answers = append(f.Answers,
			intake.Given{LinkID: "self-harm", Answer: intake.Answer{Choices: []string{[]string{"no", "no", "lately"}[i%3]}}},
			intake.Given{LinkID: "age-band", Answer: intake.Answer{Choices: []string{[]string{"adult", "adolescent"}[i%2]}}})
		p := s.Apply(f)
		if i%3 == 0 {
			s.Clock.Advance(time.Duration(1+i%2*20*24*3600) * time.Second) // and spans of seven weeks
		}
		if i%4 == 0 {
			change(s, p.Application, intake.States()[i%len(intake.States())])
		}
	}
	return brute(t, s)
}

// change puts an application into a state by force.
func change(s *storetest.Store, id intake.ApplicationID, to intake.State) {
	s.Do(account.Machine(), func(tx *store.Tx) error {
		a, err := tx.ApplicationHead(id)
		if err != nil {
			return err
		}
		a.State = to
		tx.Audit("test.change", string(id))
		return tx.SaveApplication(a)
	})
}

// brute reads every application by itself, in the order they came: what a list has to show.
func brute(t *testing.T, s *storetest.Store) (all []kept) {
	t.Helper()
	var ids []string
	rows, err := raw(t, s.Database).Query("SELECT id FROM application ORDER BY seq")
	noError(t, err)
	for rows.Next() {
		var id string
		noError(t, rows.Scan(&id))
		ids = append(ids, id)
	}
	noError(t, rows.Err())
	s.Read(account.Machine(), func(tx *store.Tx) error {
		for _, id := range ids {
			a, err := tx.ApplicationHead(intake.ApplicationID(id))
			if err != nil {
				return err
			}
			screening, err := tx.Screening(a.ID)
			if err != nil {
				return err
			}
			var verdicts []intake.Said
			for _, ts := range screening.Types {
				verdicts = append(verdicts, intake.Said{Type: ts.Type, Verdict: ts.Verdict})
			}
			all = append(all, kept{programme: a.Programme, Summary: intake.Summary{
				ID: a.ID, Reference: a.Reference, State: a.State, Language: a.Language, Safety: a.Safety,
				Submitted: a.Submitted, Updated: a.Updated, Verdicts: verdicts,
			}})
		}
		return nil
	})
	return all
}

// paged reads all pages, and the total with each of them.
func paged(t tester, s *storetest.Store, c account.Caller, f intake.Filter) (all []intake.Summary, total intake.Total) {
	f.Total = true
	for {
		var page intake.Page
		err := s.View(t.Context(), c, func(tx *store.Tx) (err error) {
			page, err = intake.List(tx, f)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Items) > f.Limit || page.Next != "" && len(page.Items) != f.Limit {
			t.Fatalf("a page of %d with a limit of %d", len(page.Items), f.Limit)
		}
		if len(all) > 0 && page.Total != total {
			t.Fatalf("the total was %+v and is %+v", total, page.Total)
		}
		total = page.Total
		if all = append(all, page.Items...); page.Next == "" {
			return all, total
		}
		f.Cursor = page.Next
	}
}

// holds says what is wrong with a total of a list of n.
func holds(t tester, total intake.Total, n int) {
	if !total.More && total.Count != n || total.Count > min(n, 1000) {
		t.Fatalf("a total of %+v for %d", total, n)
	}
}

// filterOf draws a filter for applications that were submitted at these times.
func filterOf(r *rapid.T, times []time.Time) intake.Filter {
	moment := func(name string) time.Time {
		if rapid.Bool().Draw(r, "by "+name) {
			return rapid.SampledFrom(times).Draw(r, name)
		}
		return time.Time{}
	}
	f := intake.Filter{
		States:    rapid.SliceOfN(rapid.SampledFrom(intake.States()), 0, 3).Draw(r, "states"),
		Languages: rapid.SliceOfN(rapid.SampledFrom(words.Languages()), 0, 2).Draw(r, "languages"),
		Safety: rapid.SampledFrom([]intake.Safety{
			"", "", intake.SafetyNone, intake.SafetyOpen, intake.SafetyCleared}).Draw(r, "safety"),
		From: moment("from"), Until: moment("until"),
		Sort: rapid.SampledFrom([]intake.Sort{
			"", intake.NewestFirst, intake.OldestFirst, intake.LastChangedFirst, intake.FirstChanged}).Draw(r, "sort"),
	}
	if rapid.Bool().Draw(r, "by verdict") {
		f.Type = rapid.SampledFrom([]string{"support", "process", "community", "new"}).Draw(r, "type")
		f.Verdict = rapid.SampledFrom([]screen.Verdict{screen.Suits, screen.Discuss, screen.NotNow}).Draw(r, "verdict")
	}
	return f
}

func TestPagesAreCompleteWithoutRepeatsAndInOrder(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	c, _ := s.Staff("a@example.org", account.Coordinator)
	all := several(t, s, 60)
	times, found := moments(all), 0
	rapid.Check(t, func(r *rapid.T) {
		f := filterOf(r, times)
		f.Limit = rapid.IntRange(1, 25).Draw(r, "limit")
		want := wanted(all, f)
		found += len(want)
		got, total := paged(r, s, c, f)
		if diff := cmp.Diff(want, got); diff != "" {
			r.Fatalf("%+v (-want +got):\n%s", f, diff)
		}
		holds(r, total, len(want))
	})
	if found == 0 {
		t.Error("no filter found anything: the test shows nothing")
	}
}

// However a list is read: along which index, in how many stretches, gathered, or filtered on the way.
func TestPagesOfManyAreCompleteWithoutRepeatsAndInOrder(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	all, programmes := many(t, s, 6500)
	times, found := moments(all), 0
	rapid.Check(t, func(r *rapid.T) {
		f := filterOf(r, times)
		f.Limit = rapid.IntRange(60, 100).Draw(r, "limit")
		f.Search = rapid.SampledFrom([]string{
			"", "", "", "anna", "rare", "anna maria", "maria rare", "nobody", all[5].Reference}).Draw(r, "search")
		mine := rapid.SampledFrom([][]account.ProgrammeID{programmes[:1], programmes[1:], programmes[:]}).Draw(r, "mine")
		want := wanted(all, f, mine...)
		found += len(want)
		got, total := paged(r, s, coordinatorOf(mine...), f)
		if !slices.EqualFunc(want, got, func(a, b intake.Summary) bool { return cmp.Equal(a, b) }) {
			r.Fatalf("%+v: %d instead of %d, or in another order", f, len(got), len(want))
		}
		holds(r, total, len(want))
	})
	if found == 0 {
		t.Error("no filter found anything: the test shows nothing")
	}
}

func TestATotalIsCountedUpToAThousand(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	all, programmes := many(t, s, 2000)
	c := coordinatorOf(programmes[0])
	of := func(f intake.Filter) intake.Total {
		f.Limit = 1
		f.Total = true
		var page intake.Page
		s.Read(c, func(tx *store.Tx) (err error) { page, err = intake.List(tx, f); return err })
		return page.Total
	}
	exactly := func(n int) time.Time { // after which so many were submitted
		newest := wanted(all, intake.Filter{}, programmes[0])
		return newest[n-1].Submitted
	}
	for what, f := range map[string]intake.Filter{
		"everything": {}, "a state": {States: []intake.State{intake.Enrolled}},
		"a verdict": {Type: "support", Verdict: "suits"}, "since": {From: exactly(1002)},
	} {
		if n := len(wanted(all, f, programmes[0])); n <= 1000 {
			t.Fatalf("%s: only %d", what, n)
		}
		equal(t, what, of(f), intake.Total{Count: 1000, More: true})
	}
	for what, f := range map[string]intake.Filter{
		"few states": {States: []intake.State{intake.InReview, intake.Interview}}, "a word": {Search: "rare"},
		"a rare verdict": {Type: "process", Verdict: "not_now"}, "since": {From: exactly(900)}, "nobody": {Search: "nobody"},
		"changed": {From: exactly(900), Sort: intake.FirstChanged}, "open": {Safety: intake.SafetyOpen},
	} {
		equal(t, what, of(f), intake.Total{Count: len(wanted(all, f, programmes[0]))})
	}
	f := intake.Filter{Limit: 1}
	s.Read(c, func(tx *store.Tx) error {
		page, err := intake.List(tx, f)
		equal(t, "not asked for", page.Total, intake.Total{})
		return err
	})
}

func TestWhatComesBetweenTwoPagesShiftsNothing(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	c, _ := s.Staff("a@example.org", account.Coordinator)
	want := wanted(several(t, s, 10), intake.Filter{})
	var first, second intake.Page
	s.Read(c, func(tx *store.Tx) (err error) { first, err = intake.List(tx, intake.Filter{Limit: 5}); return err })
	s.Apply(storetest.Filled("Between"))
	s.Read(c, func(tx *store.Tx) (err error) {
		second, err = intake.List(tx, intake.Filter{Limit: 5, Cursor: first.Next})
		return err
	})
	equal(t, "both pages", append(first.Items, second.Items...), want)
	equal(t, "after the last", second.Next, "")
}

func TestACursorThatIsNotOfThisListIsRefused(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	c, _ := s.Staff("a@example.org", account.Coordinator)
	several(t, s, 5)
	var page intake.Page
	s.Read(c, func(tx *store.Tx) (err error) {
		page, err = intake.List(tx, intake.Filter{Limit: 2, Sort: intake.OldestFirst})
		return err
	})
	forged := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	id := account.NewID()
	for what, f := range map[string]intake.Filter{
		"of another order": {Sort: intake.NewestFirst, Cursor: page.Next},
		"of no order":      {Cursor: page.Next},
		"cut short":        {Sort: intake.OldestFirst, Cursor: page.Next[:len(page.Next)-4]},
		"not base 64":      {Sort: intake.OldestFirst, Cursor: "!" + page.Next},
		"garbage":          {Sort: intake.OldestFirst, Cursor: "garbage"},
		"no number":        {Sort: intake.OldestFirst, Cursor: forged("submitted_at x 1")},
		"no number behind": {Sort: intake.OldestFirst, Cursor: forged("submitted_at 1 " + id)},
		"no row":           {Sort: intake.OldestFirst, Cursor: forged("submitted_at 1 0")},
		"a huge number":    {Sort: intake.OldestFirst, Cursor: forged("submitted_at 99999999999999999999 1")},
		"SQL":              {Sort: intake.OldestFirst, Cursor: forged("submitted_at 1 ') OR 1=1 --")},
		"a part too many":  {Sort: intake.OldestFirst, Cursor: forged("submitted_at 1 1 x")},
	} {
		f.Limit = 2
		err := s.View(t.Context(), c, func(tx *store.Tx) error { _, err := intake.List(tx, f); return err })
		isError(t, what, err, fault.At("cursor", "cursor"))
	}
}

func TestAnUnknownOrderIsRefused(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	c, _ := s.Staff("a@example.org", account.Coordinator)
	for _, sort := range []intake.Sort{"id", "-reference", "submitted_at DESC", "id,(SELECT(1))"} {
		err := s.View(t.Context(), c, func(tx *store.Tx) error {
			_, err := intake.List(tx, intake.Filter{Sort: sort, Limit: 5})
			return err
		})
		isError(t, string(sort), err, fault.At("sort", "choice"))
	}
}

func TestAPageWithoutALimitIsRefused(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	c, _ := s.Staff("a@example.org", account.Coordinator)
	several(t, s, 3)
	for _, limit := range []int{-1, 0, 101} {
		err := s.View(t.Context(), c, func(tx *store.Tx) error {
			_, err := intake.List(tx, intake.Filter{Limit: limit})
			return err
		})
		isError(t, fmt.Sprint(limit), err, fault.At("limit", "range", "min", "1", "max", "100"))
	}
}

func TestAValueThatIsGivenTwiceListsNothingTwice(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	all, programmes := many(t, s, 300)
	twice := intake.Filter{
		States:    []intake.State{intake.Enrolled, intake.Submitted, intake.Enrolled},
		Languages: []words.Lang{words.English, words.English}, Limit: 100,
	}
	got, total := paged(t, s, coordinatorOf(programmes[:]...), twice)
	want := wanted(all, twice)
	equal(t, "list", got, want)
	equal(t, "total", total, intake.Total{Count: len(want)})
}
