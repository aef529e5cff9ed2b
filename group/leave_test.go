package group_test

import (
	"testing"
	"time"

	"grupa/calendar"
	"grupa/group"
	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

func TestLeavingEndsEverythingInOneStep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.eligible("One")
	first, second, third := w.Group(w.c, 1), w.Group(w.c, 1), w.Group(w.c, 1)
	for _, g := range []group.Group{first, second} {
		o, err := w.offer(p, g, time.Hour)
		noError(t, err)
		_, err = w.accept(p, o, w.Agreed(g))
		noError(t, err)
	}
	o, err := w.offer(p, third, 48*time.Hour)
	noError(t, err)
	w.Clock.Advance(24 * time.Hour)
	w.leave(p)
	equal(t, "application", w.state(p), intake.Withdrawn)
	for _, g := range []group.Group{first, second, third} {
		equal(t, "members", w.members(g), nil)
		_, err := w.offer(w.eligible("Next"), g, time.Hour)
		noError(t, err)
	}
	_, err = w.accept(p, o, w.Agreed(third))
	isError(t, "the offer", err, group.ErrOver)
	w.Read(p.Caller, func(tx *store.Tx) error {
		all, err := tx.OwnMemberships()
		equal(t, "memberships", len(all), 2)
		for _, m := range all {
			equal(t, "state", m.State, group.MemberLeft)
			equal(t, "to", *m.To, calendar.Date{Year: 2026, Month: 9, Day: 23})
		}
		return err
	})
}

func TestLeavingAlwaysWorksAlsoTwiceAndOnTheFirstDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, state := range intake.States() {
		p := w.Apply(storetest.Filled(string(state)))
		w.Do(account.Machine(), func(tx *store.Tx) error {
			a, err := tx.ApplicationHead(p.Application)
			if err != nil {
				return err
			}
			a.State = state
			tx.Audit("test.put", string(a.ID))
			return tx.SaveApplication(a)
		})
		want := intake.Withdrawn
		if state == intake.ReferredOn || state == intake.Duplicate {
			want = state
		}
		for range 2 {
			w.leave(p)
			equal(t, string(state), w.state(p), want)
		}
	}
	g := w.Group(w.c, 1)
	for _, later := range []time.Duration{0, time.Hour, -48 * time.Hour} { // the machine's clock may jump back
		p := w.Apply(storetest.Filled("Member"))
		w.Join(w.c, p, g)
		w.Clock.Advance(later)
		w.leave(p)
		equal(t, later.String(), w.members(g), nil)
	}
}

func TestWhoWasReferredOnCanLetGoOfAHeldSeat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g, p := w.Group(w.c, 1), w.eligible("One")
	o, err := w.offer(p, g, time.Hour)
	noError(t, err)
	w.Do(w.c, func(tx *store.Tx) error {
		_, err := intake.Decide(tx, p.Application, 2, intake.Decision{
			Verb: intake.Refer, Alternative: intake.IndividualTalk, Reason: "we talked",
		})
		return err
	})
	_, err = w.accept(p, o, w.Agreed(g))
	isError(t, "accepting", err, intake.ErrStep)
	w.leave(p)
	_, err = w.offer(w.eligible("Other"), g, time.Hour)
	noError(t, err)
	equal(t, "state", w.state(p), intake.ReferredOn)
}

func TestNobodyLeavesForAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g, one, other := w.Group(w.c, 2), w.eligible("One"), w.eligible("Other")
	w.Join(w.c, one, g)
	w.Join(w.c, other, g)
	w.leave(one)
	equal(t, "members", w.members(g), []account.PersonID{other.Person})
	for _, c := range []account.Caller{w.c, account.Anyone(), account.Machine()} {
		if err := w.try(c, func(tx *store.Tx) error { return group.Leave(tx) }); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s left: %v", c.Kind, err)
		}
	}
}

func TestMembersAreNamedToTheirStaffAloneAndThatIsAudited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	leader, _ := w.Staff("leader@example.org", account.Facilitator)
	other, _ := w.Staff("other@example.org", account.Facilitator)
	g := w.Group(w.c, 2, leader.Person)
	p := w.Apply(storetest.Filled("Zofia"))
	w.Join(w.c, p, g)
	read := func(names *[]string) func(tx *store.Tx) error {
		return func(tx *store.Tx) error {
			all, err := group.Members(tx, g.ID)
			for _, m := range all {
				*names = append(*names, m.Name)
			}
			return err
		}
	}
	for _, c := range []account.Caller{w.c, leader} {
		var names []string
		noError(t, w.try(c, read(&names))) // a unit that leaves no audit row is refused
		equal(t, "names", names, []string{"Zofia"})
	}
	for what, c := range map[string]account.Caller{"another leader": other, "the member": p.Caller,
		"anyone": account.Anyone()} {
		var names []string
		isError(t, what, w.try(c, read(&names)), group.ErrNoGroup)
		equal(t, what, names, nil)
	}
}
