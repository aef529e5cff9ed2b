package store_test

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"slices"
	"testing"
	"time"

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
func several(t *testing.T, s *storetest.Store, n int) []intake.Summary {
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
			s.Clock.Advance(time.Second)
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

// brute reads every application by itself: what a list has to show, in no order.
func brute(t *testing.T, s *storetest.Store) (all []intake.Summary) {
	t.Helper()
	var ids []string
	rows, err := raw(t, s.Database).Query("SELECT id FROM application")
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
			verdicts := map[string]screen.Verdict{}
			for _, ts := range screening.Types {
				verdicts[ts.Type] = ts.Verdict
			}
			all = append(all, intake.Summary{
				ID: a.ID, Reference: a.Reference, State: a.State, Language: a.Language, Safety: a.Safety,
				Submitted: a.Submitted, Updated: a.Updated, Verdicts: verdicts,
			})
		}
		return nil
	})
	return all
}

// wanted is the filter and the order by hand.
func wanted(all []intake.Summary, f intake.Filter) (want []intake.Summary) {
	for _, a := range all {
		if len(f.States) > 0 && !slices.Contains(f.States, a.State) ||
			len(f.Languages) > 0 && !slices.Contains(f.Languages, a.Language) ||
			f.Safety != "" && f.Safety != a.Safety || f.Type != "" && a.Verdicts[f.Type] != f.Verdict ||
			!f.From.IsZero() && a.Submitted.Before(f.From) || !f.Until.IsZero() && !a.Submitted.Before(f.Until) {
			continue
		}
		want = append(want, a)
	}
	slices.SortFunc(want, func(a, b intake.Summary) int {
		at, bt := a.Submitted, b.Submitted
		if f.Sort == intake.LastChangedFirst || f.Sort == intake.FirstChanged {
			at, bt = a.Updated, b.Updated
		}
		order := cmp.Or(at.Compare(bt), cmp.Compare(a.ID, b.ID))
		if f.Sort == intake.OldestFirst || f.Sort == intake.FirstChanged {
			return order
		}
		return -order
	})
	return want
}

// paged reads all pages.
func paged(t tester, s *storetest.Store, c account.Caller, f intake.Filter) (all []intake.Summary) {
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
		if all = append(all, page.Items...); page.Next == "" {
			return all
		}
		f.Cursor = page.Next
	}
}

func filterOf(r *rapid.T) intake.Filter {
	second := func(name string) time.Time {
		if n := rapid.IntRange(-1, 22).Draw(r, name); n >= 0 {
			return storetest.Epoch.Add(time.Duration(n) * time.Second)
		}
		return time.Time{}
	}
	f := intake.Filter{
		States:    rapid.SliceOfNDistinct(rapid.SampledFrom(intake.States()), 0, 4, rapid.ID).Draw(r, "states"),
		Languages: rapid.SliceOfNDistinct(rapid.SampledFrom(words.Languages()), 0, 2, rapid.ID).Draw(r, "languages"),
		Safety:    rapid.SampledFrom([]intake.Safety{"", "", intake.SafetyNone, intake.SafetyOpen}).Draw(r, "safety"),
		From:      second("from"), Until: second("until"),
		Sort: rapid.SampledFrom([]intake.Sort{
			"", intake.NewestFirst, intake.OldestFirst, intake.LastChangedFirst, intake.FirstChanged,
		}).Draw(r, "sort"),
		Limit: rapid.IntRange(1, 25).Draw(r, "limit"),
	}
	if rapid.Bool().Draw(r, "by verdict") {
		f.Type = rapid.SampledFrom([]string{"support", "process", "community"}).Draw(r, "type")
		f.Verdict = rapid.SampledFrom([]screen.Verdict{screen.Suits, screen.Discuss, screen.NotNow}).Draw(r, "verdict")
	}
	return f
}

func TestPagesAreCompleteWithoutRepeatsAndInOrder(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	c, _ := s.Staff("a@example.org", account.Coordinator)
	all := several(t, s, 60)
	found := 0
	rapid.Check(t, func(r *rapid.T) {
		f := filterOf(r)
		want := wanted(all, f)
		found += len(want)
		equal(t, fmt.Sprintf("%+v", f), paged(r, s, c, f), want)
		if t.Failed() {
			r.FailNow()
		}
	})
	if found == 0 {
		t.Error("no filter found anything: the test shows nothing")
	}
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
		"no number":        {Sort: intake.OldestFirst, Cursor: forged("submitted_at x " + id)},
		"a huge number":    {Sort: intake.OldestFirst, Cursor: forged("submitted_at 99999999999999999999 " + id)},
		"SQL":              {Sort: intake.OldestFirst, Cursor: forged("submitted_at 1 ') OR 1=1 --")},
		"a part too many":  {Sort: intake.OldestFirst, Cursor: forged("submitted_at 1 " + id + " x")},
	} {
		f.Limit = 2
		err := s.View(t.Context(), c, func(tx *store.Tx) error { _, err := intake.List(tx, f); return err })
		isError(t, what, err, fault.At("cursor", "cursor"))
	}
}

func TestAnUnknownOrderIsTheNewestFirst(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	c, _ := s.Staff("a@example.org", account.Coordinator)
	all := several(t, s, 12)
	got := paged(t, s, c, intake.Filter{Sort: "id,(SELECT(1))", Limit: 5})
	equal(t, "list", got, wanted(all, intake.Filter{}))
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
