package intake_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

// table is what a coordinator may decide where. Adding a second group type keeps the state.
var table = map[intake.State][]intake.Verb{
	intake.Submitted:  {intake.Review, intake.Invite, intake.Admit, intake.Wait, intake.Refer, intake.Fold},
	intake.InReview:   {intake.Invite, intake.Admit, intake.Wait, intake.Refer, intake.Fold},
	intake.Interview:  {intake.Review, intake.Admit, intake.Wait, intake.Refer, intake.Fold},
	intake.Eligible:   {intake.Admit, intake.Wait, intake.Refer, intake.Fold},
	intake.Waitlisted: {intake.Admit, intake.Wait, intake.Refer, intake.Fold},
}

func decision(verb intake.Verb) intake.Decision {
	d := intake.Decision{Verb: verb, Reason: "a test says so"}
	switch verb {
	case intake.Admit, intake.Wait:
		d.Type = "support"
	case intake.Refer:
		d.Alternative = intake.IndividualTalk
	}
	return d
}

func TestEveryStepIsInTheTableAndNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	verbs := []intake.Verb{intake.Review, intake.Invite, intake.Admit, intake.Wait, intake.Refer, intake.Fold}
	for _, from := range intake.States() {
		for _, verb := range verbs {
			what := fmt.Sprintf("%s to %s", from, verb)
			p := w.Apply(storetest.Filled("Somebody"))
			w.put(p.Application, from)
			err := w.decide(w.c, p.Application, 2, decision(verb))
			after := w.head(p.Application)
			if slices.Contains(table[from], verb) {
				if err != nil || after.State != intake.State(verb) || after.Version != 3 {
					t.Errorf("%s: %v, %s, version %d", what, err, after.State, after.Version)
				}
				continue
			}
			isError(t, what, err, intake.ErrStep)
			if after.State != from || after.Version != 2 {
				t.Errorf("%s was refused and left %s, version %d", what, after.State, after.Version)
			}
		}
	}
}

func TestAnEndStaysAnEnd(t *testing.T) {
	t.Parallel()
	ends := []intake.State{intake.Withdrawn, intake.ReferredOn, intake.Duplicate}
	for _, state := range intake.States() {
		a := intake.Application{State: state}
		if a.Over() != slices.Contains(ends, state) {
			t.Errorf("%s: over is %v", state, a.Over())
		}
		if err := a.Withdraw(); (err == nil) == slices.Contains(ends, state) {
			t.Errorf("leaving from %s: %v", state, err)
		}
		b := intake.Application{State: state}
		may := state == intake.Eligible || state == intake.Waitlisted
		if err := b.Enrol(); (err == nil) != may {
			t.Errorf("enrolling from %s: %v", state, err)
		}
	}
}

func TestGoingAgainstTheScreeningNeedsAReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	young := with(storetest.Filled("Young"), "age-band", codes("adolescent"))
	for what, row := range map[string]struct {
		form     intake.Submission
		decision intake.Decision
		override bool
	}{
		"admit where it suits":   {storetest.Filled("X"), intake.Decision{Verb: intake.Admit, Type: "support"}, false},
		"admit where it asks":    {young, intake.Decision{Verb: intake.Admit, Type: "support"}, false},
		"admit where it is shut": {young, intake.Decision{Verb: intake.Admit, Type: "process"}, true},
		"wait where it is shut":  {young, intake.Decision{Verb: intake.Wait, Type: "process"}, true},
		"refer on whom it suits": {storetest.Filled("X"),
			intake.Decision{Verb: intake.Refer, Alternative: "individual-talk"}, true},
		"refer on from open ends": {blank("undisclosed"), intake.Decision{Verb: intake.Refer, Alternative: "counselling"},
			false},
	} {
		p := w.Apply(row.form)
		row.decision.Reason = " \n"
		err := w.decide(w.c, p.Application, 1, row.decision)
		if !row.override {
			noError(t, err)
		} else {
			refused(t, what, err, "reason:reason_needed")
			row.decision.Reason = "we talked about it"
			noError(t, w.decide(w.c, p.Application, 1, row.decision))
		}
		w.Do(w.c, func(tx *store.Tx) error {
			all, err := intake.History(tx, p.Application)
			if len(all) != 1 || all[0].Override != row.override {
				t.Errorf("%s: %+v", what, all)
			}
			return err
		})
	}
}

func TestADecisionThatCanNotBeMeantIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, long := w.Apply(storetest.Filled("X")), strings.Repeat("x", 4001)
	for what, row := range map[string]struct {
		decision intake.Decision
		want     string
	}{
		"no such decision":       {intake.Decision{Verb: "adopt"}, "decision:choice"},
		"enrolling":              {intake.Decision{Verb: intake.Verb(intake.Enrolled)}, "decision:choice"},
		"withdrawing":            {intake.Decision{Verb: intake.Verb(intake.Withdrawn)}, "decision:choice"},
		"none":                   {intake.Decision{}, "decision:choice"},
		"no type":                {intake.Decision{Verb: intake.Admit}, "group_type:choice"},
		"no such type":           {intake.Decision{Verb: intake.Wait, Type: "chess"}, "group_type:choice"},
		"no alternative":         {intake.Decision{Verb: intake.Refer, Reason: "x"}, "alternative:choice"},
		"no such alternative":    {intake.Decision{Verb: intake.Refer, Alternative: "x", Reason: "x"}, "alternative:choice"},
		"a reason too long":      {intake.Decision{Verb: intake.Review, Reason: long}, "reason:too_long"},
		"a control character":    {intake.Decision{Verb: intake.Review, Reason: "\x1b[2J"}, "reason:control"},
		"a type for a review":    {intake.Decision{Verb: intake.Review, Type: "support"}, "group_type:not_with_this"},
		"an alternative for one": {intake.Decision{Verb: intake.Fold, Alternative: "skills"}, "alternative:not_with_this"},
		"safety, no reason":      {intake.Decision{Verb: intake.ClearSafety}, "reason:reason_needed"},
	} {
		refused(t, what, w.decide(w.c, p.Application, 1, row.decision), row.want)
	}
	equal(t, "version", w.head(p.Application).Version, 1)
}

func TestADecisionOverAnOlderVersionIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.Apply(storetest.Filled("X"))
	noError(t, w.decide(w.c, p.Application, 1, decision(intake.Review)))
	isError(t, "stale", w.decide(w.c, p.Application, 1, decision(intake.Admit)), intake.ErrChanged)
	isError(t, "from the future", w.decide(w.c, p.Application, 3, decision(intake.Admit)), intake.ErrChanged)
	equal(t, "state", w.head(p.Application).State, intake.InReview)
}

func TestOnlyACoordinatorDecides(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.Apply(storetest.Filled("X"))
	leader, _ := w.Staff("leader@example.org", account.Facilitator)
	administrator, _ := w.Staff("admin@example.org", account.Administrator)
	isError(t, "the applicant", w.decide(p.Caller, p.Application, 1, decision(intake.Admit)), account.ErrDenied)
	for who, c := range map[string]account.Caller{
		"a leader": leader, "an administrator": administrator, "anyone": account.Anyone(),
		"another": w.Apply(storetest.Filled("Y")).Caller,
	} {
		isError(t, who, w.decide(c, p.Application, 1, decision(intake.Admit)), intake.ErrNoApplication)
	}
}

func TestSafetyIsClearedOnceByAPersonWithAReasonAndMovesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.Apply(with(storetest.Filled("X"), "self-harm", codes("lately")))
	clear := intake.Decision{Verb: intake.ClearSafety, Reason: "we talked"}
	noError(t, w.decide(w.c, p.Application, 1, clear))
	a := w.head(p.Application)
	equal(t, "safety and state", []any{a.Safety, a.State}, []any{intake.SafetyCleared, intake.Submitted})
	isError(t, "twice", w.decide(w.c, p.Application, a.Version, clear), intake.ErrStep)
	other := w.Apply(storetest.Filled("Y"))
	isError(t, "where nothing is open", w.decide(w.c, other.Application, 1, clear), intake.ErrStep)
}

func TestTheHistoryTellsWhoDecidedWhatInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.Apply(storetest.Filled("X"))
	second := decision(intake.Admit)
	second.Type = "skills"
	for n, d := range []intake.Decision{decision(intake.Review), decision(intake.Admit), second} {
		noError(t, w.decide(w.c, p.Application, n+1, d)) // all within one second
	}
	w.Clock.Advance(time.Minute)
	noError(t, w.decide(w.c, p.Application, 4, decision(intake.Wait)))
	w.Do(w.c, func(tx *store.Tx) error {
		all, err := intake.History(tx, p.Application)
		var got []string
		for _, d := range all {
			got = append(got,
				fmt.Sprint(d.Verb, " ", d.Type, " ", d.By == w.c.Person, " ", d.At.Sub(storetest.Epoch), " ", d.Reason))
		}
		equal(t, "history", got, []string{
			"in_review  true 0s a test says so", "eligible support true 0s a test says so",
			"eligible skills true 0s a test says so", "waitlisted support true 1m0s a test says so",
		})
		types, typesErr := tx.EligibleTypes(p.Application)
		noError(t, typesErr)
		equal(t, "types", types, map[string]bool{"support": true, "skills": true})
		return err
	})
}

func TestReadingAnswersNeedsAUnitThatIsAudited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.Apply(storetest.Filled("X"))
	for what, fn := range map[string]func(tx *store.Tx) error{
		"open":      func(tx *store.Tx) error { _, err := intake.Open(tx, p.Application); return err },
		"screening": func(tx *store.Tx) error { _, _, err := intake.OpenScreening(tx, p.Application); return err },
		"history":   func(tx *store.Tx) error { _, err := intake.History(tx, p.Application); return err },
	} {
		// A unit that leaves no audit row is refused, so going through is the proof.
		if err := w.Update(t.Context(), w.c, fn); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if err := w.View(t.Context(), w.c, fn); err == nil {
			t.Errorf("%s: nobody will know", what)
		}
	}
	w.Read(p.Caller, func(tx *store.Tx) error {
		a, s, err := intake.Own(tx)
		equal(t, "own", []any{a.ID, s.Application}, []any{p.Application, p.Application})
		return err
	})
	err := w.View(t.Context(), w.c, func(tx *store.Tx) error { _, _, err := intake.Own(tx); return err })
	equal(t, "staff have no application", fault.KindOf(err), fault.NotFound)
}

func TestAListIsForCoordinatorsAndMakesSense(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	leader, _ := w.Staff("leader@example.org", account.Facilitator)
	list := func(c account.Caller, f intake.Filter) error {
		return w.View(t.Context(), c, func(tx *store.Tx) error { _, err := intake.List(tx, f); return err })
	}
	for _, c := range []account.Caller{leader, account.Anyone(), w.Apply(storetest.Filled("X")).Caller} {
		isError(t, string(c.Kind), list(c, intake.Filter{Limit: 1}), account.ErrDenied)
	}
	refused(t, "a type without a verdict", list(w.c, intake.Filter{Limit: 1, Type: "support"}), "verdict:with_type")
	refused(t, "a verdict without a type", list(w.c, intake.Filter{Limit: 1, Verdict: "suits"}), "verdict:with_type")
	refused(t, "a long search", list(w.c, intake.Filter{Limit: 1, Search: strings.Repeat("ی", 101)}), "q:too_long")
	noError(t, list(w.c, intake.Filter{Limit: 100, Search: strings.Repeat("ی", 100)}))
}
