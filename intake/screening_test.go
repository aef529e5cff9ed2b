package intake_test

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"grupa/intake"
	"grupa/intake/screen"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

func verdicts(s intake.Screening) map[string]screen.Verdict {
	all := map[string]screen.Verdict{}
	for _, t := range s.Types {
		all[t.Type] = t.Verdict
	}
	return all
}

func TestWhomAGroupSuitsIsToldSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, err := w.submit(storetest.Filled("Somebody"))
	noError(t, err)
	got := verdicts(r.Screening)
	equal(t, "types", len(got), 12)
	equal(t, "support", got["support"], screen.Suits)
	for slug, verdict := range got {
		if verdict == screen.NotNow {
			t.Errorf("turned away from %s", slug)
		}
	}
	equal(t, "pinned form", r.Screening.Form, intake.FormRef{Slug: "intake", Version: 1})
	for _, ts := range r.Screening.Types {
		if ts.Version < 1 || len(ts.Findings) == 0 {
			t.Errorf("%s: version %d, %d findings", ts.Type, ts.Version, len(ts.Findings))
		}
	}
}

func TestTheScreeningIsStoredAndListedAsItWasTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, err := w.submit(blank("adolescent"))
	noError(t, err)
	w.Do(w.c, func(tx *store.Tx) error {
		_, stored, err := intake.OpenScreening(tx, r.Application.ID)
		equal(t, "verdicts", verdicts(stored), verdicts(r.Screening))
		page, listErr := intake.List(tx, intake.Filter{Limit: 1})
		noError(t, listErr)
		listed := map[string]screen.Verdict{}
		for _, said := range page.Items[0].Verdicts {
			listed[said.Type] = said.Verdict
		}
		equal(t, "in the list", listed, verdicts(r.Screening))
		return err
	})
}

func TestAnEmptyFormTurnsNobodyAwayAndAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, age := range []string{"undisclosed", "adult"} {
		r, err := w.submit(blank(age))
		noError(t, err)
		for _, ts := range r.Screening.Types {
			if ts.Verdict != screen.Discuss || len(ts.Open) == 0 || len(ts.Alternatives) > 0 {
				t.Errorf("%s, %s: %s, open %v, alternatives %v", age, ts.Type, ts.Verdict, ts.Open, ts.Alternatives)
			}
		}
		equal(t, "safety", r.Application.Safety, intake.SafetyNone)
	}
}

// anyFilled draws answers to all closed questions but the age, some declined, some left out.
func anyFilled(r *rapid.T, form *intake.Form, age string) intake.Submission {
	f := blank(age)
	for _, item := range form.Items {
		how := rapid.IntRange(0, 9).Draw(r, item.LinkID)
		switch {
		case len(item.Options) == 0 || item.LinkID == "age-band" || how == 0:
		case how == 1:
			f = with(f, item.LinkID, intake.Answer{Declined: true})
		default:
			var all []string
			for _, o := range item.Options {
				all = append(all, o.Code)
			}
			most := 1
			if item.Kind == intake.Choices {
				most = len(all)
			}
			f = with(f, item.LinkID,
				codes(rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, most, rapid.ID).Draw(r, "codes")...))
		}
	}
	return f
}

func TestOnlyAgeTurnsAnyoneAwayAndNeverWithoutAnotherDoor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var form *intake.Form
	types := map[string]*intake.GroupType{}
	w.Read(account.Machine(), func(tx *store.Tx) (err error) {
		all, err := tx.GroupTypes()
		for _, gt := range all {
			types[gt.Slug] = gt
		}
		if err == nil {
			form, err = tx.Form("intake")
		}
		return err
	})
	turnedAway := map[string]int{}
	rapid.Check(t, func(r *rapid.T) {
		age := rapid.SampledFrom([]string{"child", "adolescent", "adult", "undisclosed"}).Draw(r, "age")
		receipt, err := w.submit(anyFilled(r, form, age))
		if err != nil {
			r.Fatal(err)
		}
		got := verdicts(receipt.Screening)
		for _, ts := range receipt.Screening.Types {
			if ts.Verdict != screen.NotNow {
				continue
			}
			turnedAway[age]++
			if age == "adult" || age == "undisclosed" {
				r.Fatalf("%s: not now at %s", ts.Type, age)
			}
			checkDoor(r, types[ts.Type], ts, got)
		}
	})
	if turnedAway["adolescent"] == 0 || turnedAway["child"] == 0 {
		t.Errorf("nobody was turned away: %v", turnedAway)
	}
}

func checkDoor(r *rapid.T, gt *intake.GroupType, ts intake.TypeScreening, verdicts map[string]screen.Verdict) {
	for n, f := range ts.Findings {
		c := gt.Criteria[n]
		hard := c.Kind == screen.Require && f.Truth == screen.False || c.Kind == screen.Exclude && f.Truth == screen.True
		if hard && (c.Basis != screen.Age || c.Clinical) {
			r.Fatalf("%s turns away by %s", ts.Type, c.ID)
		}
	}
	if len(ts.Alternatives) == 0 || ts.Alternatives[len(ts.Alternatives)-1] != intake.IndividualTalk {
		r.Fatalf("%s: no talk with a person among %v", ts.Type, ts.Alternatives)
	}
	for _, alternative := range ts.Alternatives {
		if verdicts[alternative] == screen.NotNow {
			r.Fatalf("%s sends on to %s, where it is not now either", ts.Type, alternative)
		}
	}
}

func TestATwelveToSeventeenYearOldIsTurnedAwayFromGroupsOfAdultsAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, err := w.submit(with(storetest.Filled("Young"), "age-band", codes("adolescent")))
	noError(t, err)
	got := verdicts(r.Screening)
	var away []string
	for _, slug := range slices.Sorted(maps.Keys(got)) {
		if got[slug] == screen.NotNow {
			away = append(away, slug)
		}
	}
	equal(t, "not now", away, []string{"growth-training", "process", "psychotherapy", "self-help"})
	equal(t, "from sixteen on, so it asks", got["support"], screen.Discuss)
}

func TestASafetyAnswerOpensTheFlagAndSuitsNobodyAutomatically(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for what, row := range map[string]struct {
		form intake.Submission
		want []string
	}{
		"thoughts of not living": {with(storetest.Filled("X"), "self-harm", codes("lately")), []string{"self-harm"}},
		"not safe at home":       {with(storetest.Filled("X"), "safe-at-home", codes("no")), []string{"not-safe"}},
		"call me": {with(storetest.Filled("X"), "call-me-soon", intake.Answer{Boolean: new(true)}),
			[]string{"not-safe"}},
		"both": {with(with(storetest.Filled("X"), "self-harm", codes("lately")), "safe-at-home", codes("no")),
			[]string{"self-harm", "not-safe"}},
		"neither":  {storetest.Filled("X"), nil},
		"declined": {with(storetest.Filled("X"), "self-harm", intake.Answer{Declined: true}), nil},
		"left out": {without(without(storetest.Filled("X"), "self-harm"), "safe-at-home"), nil},
	} {
		r, err := w.submit(row.form)
		noError(t, err)
		equal(t, what, r.Screening.Safety, row.want)
		want := intake.SafetyNone
		if len(row.want) > 0 {
			want = intake.SafetyOpen
		}
		equal(t, what, w.head(r.Application.ID).Safety, want)
		if slices.Contains(row.want, "self-harm") {
			for slug, verdict := range verdicts(r.Screening) {
				if verdict != screen.Discuss {
					t.Errorf("%s: %s is %s without a talk", what, slug, verdict)
				}
			}
		}
	}
}

func TestScreeningAgainNeitherForgetsNorReopensAClearedSafety(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, err := w.submit(with(storetest.Filled("X"), "self-harm", codes("lately")))
	noError(t, err)
	again := func() {
		w.Do(w.c, func(tx *store.Tx) error {
			_, s, err := intake.Rescreen(tx, r.Application.ID)
			equal(t, "verdicts", verdicts(s), verdicts(r.Screening))
			return err
		})
	}
	again()
	equal(t, "safety", w.head(r.Application.ID).Safety, intake.SafetyOpen)
	noError(t, w.decide(w.c, r.Application.ID, w.head(r.Application.ID).Version,
		intake.Decision{Verb: intake.ClearSafety, Reason: "we talked"}))
	again()
	equal(t, "safety once it is cleared", w.head(r.Application.ID).Safety, intake.SafetyCleared)
}
