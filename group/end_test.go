package group_test

import (
	"testing"
	"time"

	"grupa/calendar"
	"grupa/group"
	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

func (w world) sessions(g group.Group) (all []calendar.Session) {
	w.t.Helper()
	w.Read(w.c, func(tx *store.Tx) (err error) {
		all, err = calendar.GroupSessions(tx, string(g.ID))
		return err
	})
	return all
}

// populated is a group with a member and a held seat, that met once and meets once more.
func (w world) populated() (g group.Group, member, invited storetest.Person, offer group.Offer) {
	w.t.Helper()
	g, member, invited = w.Group(w.c, 2), w.Apply(storetest.Filled("Member")), w.eligible("Invited")
	w.Join(w.c, member, g)
	w.meets(g, "2026-09-22T18:00")
	w.meets(g, "2026-09-29T18:00")
	w.Clock.Set(time.Date(2026, time.September, 23, 8, 0, 0, 0, time.UTC))
	offer, err := w.offer(invited, g, 30*24*time.Hour)
	noError(w.t, err)
	return g, member, invited, offer
}

func (w world) membership(p storetest.Person) (m group.Membership) {
	w.t.Helper()
	w.Read(p.Caller, func(tx *store.Tx) error {
		all, err := tx.OwnMemberships()
		m = all[0]
		return err
	})
	return m
}

func TestCancellingAGroupCancelsWhatIsToComeAndFreesEveryone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g, member, invited, offer := w.populated()
	_, err := w.change(g, 1, group.Change{State: new(group.Cancelled)})
	noError(t, err)
	past, coming := w.sessions(g)[0], w.sessions(g)[1]
	equal(t, "what was", []any{past.State, past.Sequence}, []any{calendar.StatePlanned, 0})
	equal(t, "what was to come", []any{coming.State, coming.Sequence, coming.Updated},
		[]any{calendar.StateCancelled, 1, w.Clock.Now()})
	equal(t, "members", w.members(g), nil)
	equal(t, "membership", w.membership(member).State, group.MemberLeft)
	_, err = w.accept(invited, offer, w.Agreed(g))
	isError(t, "the held seat", err, group.ErrOver)
	w.Read(member.Caller, func(tx *store.Tx) error {
		all, err := calendar.OwnSessions(tx)
		equal(t, "the member still sees that it is cancelled", len(all), 2)
		return err
	})
}

func TestAGroupIsClosedWhenItMeetsNoMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g, member, invited, offer := w.populated()
	g = w.put(g, group.Ending)
	_, err := w.change(g, g.Version, group.Change{State: new(group.Closed)})
	isError(t, "while it meets", err, group.ErrSessionsToCome)
	equal(t, "members", len(w.members(g)), 1)
	w.Clock.Set(time.Date(2026, time.September, 30, 8, 0, 0, 0, time.UTC))
	_, err = w.change(g, g.Version, group.Change{State: new(group.Closed)})
	noError(t, err)
	m := w.membership(member)
	equal(t, "membership", m.State, group.MemberCompleted)
	equal(t, "to", *m.To, calendar.Date{Year: 2026, Month: 9, Day: 30})
	_, err = w.accept(invited, offer, w.Agreed(g))
	isError(t, "the held seat", err, group.ErrOver)
}

func TestADecisionThatEndsAnApplicationFreesItsSeats(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for verb, free := range map[intake.Verb]bool{intake.Refer: true, intake.Fold: true, intake.Wait: false} {
		g, p := w.Group(w.c, 1), w.eligible("One")
		_, err := w.offer(p, g, time.Hour)
		noError(t, err)
		d := intake.Decision{Verb: verb, Reason: "we talked"}
		switch verb {
		case intake.Refer:
			d.Alternative = intake.IndividualTalk
		case intake.Wait:
			d.Type = "support"
		}
		noError(t, w.try(w.c, func(tx *store.Tx) error { _, err := group.Decide(tx, p.Application, 2, d); return err }))
		_, err = w.offer(w.eligible("Other"), g, time.Hour)
		if free {
			noError(t, err)
			continue
		}
		isError(t, string(verb), err, group.ErrSeatTaken)
	}
	g, p := w.Group(w.c, 1), w.eligible("One")
	_, err := w.offer(p, g, time.Hour)
	noError(t, err)
	err = w.try(p.Caller, func(tx *store.Tx) error {
		_, err := group.Decide(tx, p.Application, 2, intake.Decision{Verb: intake.Fold})
		return err
	})
	isError(t, "the applicant decides", err, account.ErrDenied)
}
