package group_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"grupa/calendar"
	"grupa/group"
	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
	"grupa/internal/words"
)

func TestAcceptingEnrolsWithEveryConsentThatWasGiven(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g, p := w.Group(w.c, 1), w.eligible("One")
	agreed := w.Agreed(g)
	agreed[0].Language = words.Persian
	o, err := w.offer(p, g, time.Hour)
	noError(t, err)
	m, err := w.accept(p, o, agreed)
	noError(t, err)
	equal(t, "application", w.state(p), intake.Enrolled)
	equal(t, "members", w.members(g), []account.PersonID{p.Person})
	equal(t, "from", m.From, calendar.Date{Year: 2026, Month: 9, Day: 22})
	w.Read(p.Caller, func(tx *store.Tx) error {
		all, err := group.Consents(tx)
		var got []group.Agreement
		for _, c := range all {
			got = append(got, c.Agreement)
			equal(t, "consent", []any{c.Membership, c.Person, c.Way, c.Given, c.Withdrawn == nil},
				[]any{m.ID, p.Person, group.Written, storetest.Epoch, true})
		}
		slices.SortFunc(agreed, func(a, b group.Agreement) int { return strings.Compare(a.Element, b.Element) })
		equal(t, "consents", got, agreed)
		return err
	})
}

func TestTheDayOfAMembershipIsTheDayAtTheSite(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Clock.Set(time.Date(2026, time.October, 24, 22, 30, 0, 0, time.UTC)) // past midnight in Warsaw
	m := w.Join(w.c, w.Apply(storetest.Filled("One")), w.Group(w.c, 1))
	equal(t, "from", m.From, calendar.Date{Year: 2026, Month: 10, Day: 25})
}

func TestAConsentThatIsMissingWrongOrTwiceIsNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g, p := w.Group(w.c, 1), w.eligible("One")
	o, err := w.offer(p, g, time.Hour)
	noError(t, err)
	all := w.Agreed(g)
	change := func(fn func(a []group.Agreement) []group.Agreement) []group.Agreement { return fn(slices.Clone(all)) }
	for what, row := range map[string]struct {
		agreed []group.Agreement
		want   []string
	}{
		"one missing": {all[1:], []string{"consents:consent_missing"}},
		"an older version": {change(func(a []group.Agreement) []group.Agreement { a[2].Version--; return a }),
			[]string{"consents[2].version:consent_version"}},
		"a version to come": {change(func(a []group.Agreement) []group.Agreement { a[2].Version++; return a }),
			[]string{"consents[2].version:consent_version"}},
		"a language nobody has": {change(func(a []group.Agreement) []group.Agreement { a[1].Language = "de"; return a }),
			[]string{"consents[1].language:choice"}},
		"no language": {change(func(a []group.Agreement) []group.Agreement { a[1].Language = ""; return a }),
			[]string{"consents[1].language:choice"}},
		"one twice": {append(slices.Clone(all), all[0]), []string{fmt.Sprintf("consents[%d].element:duplicate", len(all))}},
		"an unknown one": {change(func(a []group.Agreement) []group.Agreement { a[0].Element = "x"; return a }),
			[]string{"consents[0].element:choice", "consents:consent_missing"}},
	} {
		_, err := w.accept(p, o, row.agreed)
		refused(t, what, err, row.want...)
	}
	_, err = w.accept(p, o, all[1:])
	equal(t, "the missing one", fault.Of(err).Fields[0].Args, map[string]string{"element": all[0].Element})
	_, err = w.accept(p, o, nil)
	equal(t, "all missing", len(fault.Of(err).Fields), len(all))
	equal(t, "members", w.members(g), nil)
	_, err = w.accept(p, o, all)
	noError(t, err) // the seat was held all the while
}

func TestAClashBlocksOnlyThatPersonAndTellsOnlyTheirTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, other := w.eligible("One"), w.eligible("Other")
	first, second := w.Group(w.c, 5), w.Group(w.c, 5)
	w.meets(first, "2026-10-06T18:00")
	session := w.meets(second, "2026-10-06T19:00")
	w.Join(w.c, one, first)
	blocked, err := w.offer(one, second, time.Hour)
	noError(t, err)
	_, err = w.accept(one, blocked, w.Agreed(second))
	isError(t, "who has another session", err, group.ErrYouClash)
	equal(t, "clash", fault.Of(err).Clashes, []fault.Clash{{
		Resource: "you", Start: "2026-10-06T18:00:00+02:00", End: "2026-10-06T19:30:00+02:00",
	}})
	free, err := w.offer(other, second, time.Hour)
	noError(t, err)
	_, err = w.accept(other, free, w.Agreed(second))
	noError(t, err)
	equal(t, "members", w.members(second), []account.PersonID{other.Person})
	w.Do(w.c, func(tx *store.Tx) error {
		_, err := calendar.ChangeSession(tx, session.ID, 1, calendar.Change{Cancel: true})
		return err
	})
	_, err = w.accept(one, blocked, w.Agreed(second))
	noError(t, err) // a cancelled session is no clash, and the seat was held all the while
}

func TestSessionsThatTouchOrAreOverAreNoClash(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.eligible("One")
	first, touching, past := w.Group(w.c, 5), w.Group(w.c, 5), w.Group(w.c, 5)
	w.meets(first, "2026-10-06T18:00")
	w.meets(touching, "2026-10-06T19:30")
	w.meets(first, "2026-09-29T18:00")
	w.meets(past, "2026-09-29T18:30")
	w.Join(w.c, p, first)
	w.Clock.Set(time.Date(2026, time.September, 29, 20, 0, 0, 0, time.UTC))
	for _, g := range []group.Group{touching, past} {
		o, err := w.offer(p, g, time.Hour)
		noError(t, err)
		_, err = w.accept(p, o, w.Agreed(g))
		noError(t, err)
	}
}

func TestAGroupThatIsOverTakesNoOneAnyMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	over := map[group.State]bool{group.Ending: true, group.Closed: true, group.Cancelled: true}
	for _, state := range group.States() {
		g, p := w.Group(w.c, 1), w.eligible("One")
		o, err := w.offer(p, g, time.Hour)
		noError(t, err)
		w.put(g, state)
		_, err = w.accept(p, o, w.Agreed(g))
		if over[state] {
			isError(t, string(state), err, group.ErrNotOpen)
			continue
		}
		noError(t, err)
	}
}

func TestOnlyTheApplicantAccepts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g, p := w.Group(w.c, 1), w.eligible("One")
	o, err := w.offer(p, g, time.Hour)
	noError(t, err)
	for what, c := range map[string]account.Caller{"staff": w.c, "anyone": account.Anyone(),
		"the machine": account.Machine()} {
		err := w.try(c, func(tx *store.Tx) error { _, err := group.Accept(tx, o.ID, w.Agreed(g)); return err })
		isError(t, what, err, account.ErrDenied)
		err = w.try(c, func(tx *store.Tx) error { _, err := group.Consents(tx); return err })
		isError(t, what, err, account.ErrDenied)
	}
}
