package calendar_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"grupa/calendar"
	"grupa/group"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

// world is a database with a coordinator, two leaders and a group that both lead.
type world struct {
	*storetest.Store
	t       testing.TB
	c       account.Caller
	leaders []account.Caller
	group   group.Group
}

func newWorld(t testing.TB) world {
	t.Helper()
	w := world{Store: storetest.New(t), t: t}
	w.c, _ = w.Staff("coordinator@example.org", account.Coordinator)
	for _, email := range []string{"one@example.org", "two@example.org"} {
		leader, _ := w.Staff(email, account.Facilitator)
		w.leaders = append(w.leaders, leader)
	}
	w.group = w.Group(w.c, 5, w.leaders[0].Person, w.leaders[1].Person)
	return w
}

func (w world) room(name string) (id calendar.RoomID) {
	w.t.Helper()
	w.Do(w.c, func(tx *store.Tx) error {
		r, err := calendar.CreateRoom(tx, name, 12)
		id = r.ID
		return err
	})
	return id
}

func (w world) plan(g group.Group, d calendar.SeriesDraft) (p calendar.Planned, err error) {
	w.t.Helper()
	err = w.Update(w.t.Context(), w.c, func(tx *store.Tx) (err error) {
		p, err = calendar.PlanSeries(tx, string(g.ID), d)
		return err
	})
	return p, err
}

// planned plans a series that must be taken.
func (w world) planned(g group.Group, d calendar.SeriesDraft) calendar.Planned {
	w.t.Helper()
	p, err := w.plan(g, d)
	noError(w.t, err)
	return p
}

func (w world) change(s calendar.Session, version int, c calendar.Change) (after calendar.Changed, err error) {
	w.t.Helper()
	err = w.Update(w.t.Context(), w.c, func(tx *store.Tx) (err error) {
		after, err = calendar.ChangeSession(tx, s.ID, version, c)
		return err
	})
	return after, err
}

// changed makes a change that must be taken.
func (w world) changed(s calendar.Session, c calendar.Change) calendar.Session {
	w.t.Helper()
	after, err := w.change(s, s.Version, c)
	noError(w.t, err)
	return after.Session
}

func (w world) sessions(g group.Group) (all []calendar.Session) {
	w.t.Helper()
	w.Read(w.c, func(tx *store.Tx) (err error) {
		all, err = calendar.GroupSessions(tx, string(g.ID))
		return err
	})
	return all
}

// led is another group, led by the first leader alone.
func (w world) led() group.Group {
	w.t.Helper()
	return w.Group(w.c, 5, w.leaders[0].Person)
}

// alone is a group that nobody leads.
func (w world) alone() group.Group {
	w.t.Helper()
	return w.Group(w.c, 5)
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

// clashes expects a refusal that names exactly these.
func clashes(t testing.TB, what string, err error, want ...fault.Clash) {
	t.Helper()
	isError(t, what, err, calendar.ErrClash)
	if e := fault.Of(err); e != nil {
		equal(t, what, e.Clashes, want)
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

func (w world) leave(p storetest.Person) {
	w.t.Helper()
	w.Do(p.Caller, func(tx *store.Tx) error { return group.Leave(tx) })
}
