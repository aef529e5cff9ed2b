package group_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"grupa/calendar"
	"grupa/group"
	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

// world is a database with a coordinator.
type world struct {
	*storetest.Store
	t testing.TB
	c account.Caller
}

func newWorld(t testing.TB) world {
	t.Helper()
	s := storetest.New(t)
	c, _ := s.Staff("coordinator@example.org", account.Coordinator)
	return world{s, t, c}
}

// eligible is an applicant whom a coordinator admitted to support groups.
func (w world) eligible(name string) storetest.Person {
	w.t.Helper()
	p := w.Apply(storetest.Filled(name))
	w.Admit(w.c, p, "support")
	return p
}

// try runs a unit that may be refused.
func (w world) try(c account.Caller, fn func(tx *store.Tx) error) error {
	w.t.Helper()
	return w.Update(w.t.Context(), c, fn)
}

func (w world) offer(p storetest.Person, g group.Group, hold time.Duration) (o group.Offer, err error) {
	w.t.Helper()
	err = w.try(w.c, func(tx *store.Tx) (err error) {
		o, err = group.MakeOffer(tx, p.Application, g.ID, tx.Now().Add(hold))
		return err
	})
	return o, err
}

func (w world) accept(p storetest.Person, o group.Offer, agreed []group.Agreement) (m group.Membership, err error) {
	w.t.Helper()
	err = w.try(p.Caller, func(tx *store.Tx) (err error) {
		m, err = group.Accept(tx, o.ID, agreed)
		return err
	})
	return m, err
}

func (w world) decline(p storetest.Person, o group.Offer) error {
	w.t.Helper()
	return w.try(p.Caller, func(tx *store.Tx) error { return group.Decline(tx, o.ID) })
}

func (w world) takeBack(p storetest.Person, o group.Offer) error {
	w.t.Helper()
	return w.try(w.c, func(tx *store.Tx) error { return group.TakeBack(tx, p.Application, o.ID) })
}

func (w world) leave(p storetest.Person) {
	w.t.Helper()
	w.Do(p.Caller, func(tx *store.Tx) error { return group.Leave(tx) })
}

func (w world) change(g group.Group, version int, c group.Change) (after group.Group, err error) {
	w.t.Helper()
	err = w.try(w.c, func(tx *store.Tx) (err error) {
		after, err = group.Update(tx, g.ID, version, c)
		return err
	})
	return after, err
}

// put puts a group into a state by force.
func (w world) put(g group.Group, to group.State) group.Group {
	w.t.Helper()
	w.Do(account.Machine(), func(tx *store.Tx) error {
		g.State = to
		tx.Audit("test.put", string(g.ID))
		return tx.SaveGroup(g)
	})
	g.Version++
	return g
}

func (w world) state(p storetest.Person) (s intake.State) {
	w.t.Helper()
	w.Read(account.Machine(), func(tx *store.Tx) error {
		a, err := tx.ApplicationHead(p.Application)
		s = a.State
		return err
	})
	return s
}

// members lists who has a seat now.
func (w world) members(g group.Group) (live []account.PersonID) {
	w.t.Helper()
	w.Read(account.Machine(), func(tx *store.Tx) error {
		all, err := tx.Memberships(g.ID)
		for _, m := range all {
			if m.State.Live() {
				live = append(live, m.Person)
			}
		}
		return err
	})
	return live
}

// meets plans one session.
func (w world) meets(g group.Group, start string) calendar.Session {
	w.t.Helper()
	local, err := calendar.ParseLocal(start)
	noError(w.t, err)
	var p calendar.Planned
	w.Do(w.c, func(tx *store.Tx) (err error) {
		p, err = calendar.PlanSeries(tx, string(g.ID), calendar.SeriesDraft{
			Plan: calendar.Plan{Start: local, Zone: "Europe/Warsaw", Minutes: 90, Every: 1, Count: 1},
		})
		return err
	})
	return p.Sessions[0]
}

// fields are the fields at fault, each as path and code.
func fields(err error) (all []string) {
	if e := fault.Of(err); e != nil {
		for _, f := range e.Fields {
			all = append(all, f.Path+":"+f.Code)
		}
	}
	return all
}

func refused(t testing.TB, what string, err error, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, fields(err)); diff != "" || fault.KindOf(err) != fault.Invalid {
		t.Errorf("%s: %v (-want +got):\n%s", what, err, diff)
	}
}

func isError(t testing.TB, what string, got, want error) {
	t.Helper()
	if g := fault.Of(got); g == nil || !g.Is(want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
