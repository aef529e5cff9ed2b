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

// reached is a form of somebody who wants to be reached that way.
func reached(by account.Reach) intake.Submission {
	f := storetest.Filled("Somebody")
	for _, g := range f.Answers {
		if g.Answer.Contact != nil {
			g.Answer.Contact.Reach, g.Answer.Contact.Phone = by, "+48 600 000 000"
		}
	}
	return f
}

// invited lists who is told of which offer.
func (w world) invited() map[account.PersonID]group.OfferID {
	w.t.Helper()
	told := map[account.PersonID]group.OfferID{}
	for _, l := range w.Letters() {
		if l.Offer != nil {
			told[l.Person.ID] = l.Offer.ID
		}
	}
	return told
}

func TestAnOfferIsToldToWhoeverChoseMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g, p := w.Group(w.c, 9), w.eligible("One")
	o, err := w.offer(p, g, 24*time.Hour)
	noError(t, err)
	for _, by := range []account.Reach{account.ReachPhone, account.ReachText, account.ReachNone} {
		other := w.Apply(reached(by))
		w.Admit(w.c, other, "support")
		_, err := w.offer(other, g, 24*time.Hour)
		noError(t, err)
	}
	equal(t, "told", w.invited(), map[account.PersonID]group.OfferID{p.Person: o.ID})
	equal(t, "told again", len(w.invited()), 0)
}

func TestAnOfferThatIsRefusedIsNotTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := w.Group(w.c, 1)
	_, err := w.offer(w.eligible("One"), g, 24*time.Hour)
	noError(t, err)
	w.invited()
	_, err = w.offer(w.eligible("Two"), g, 24*time.Hour)
	isError(t, "no seat", err, group.ErrSeatTaken)
	equal(t, "told", len(w.invited()), 0)
}

func TestAnOfferThatIsOverBeforeItIsSentIsNotTold(t *testing.T) {
	t.Parallel()
	for what, meanwhile := range map[string]func(w world, p storetest.Person, g group.Group, o group.Offer){
		"accepted": func(w world, p storetest.Person, g group.Group, o group.Offer) {
			_, err := w.accept(p, o, w.Agreed(g))
			noError(w.t, err)
		},
		"declined":   func(w world, p storetest.Person, _ group.Group, o group.Offer) { noError(w.t, w.decline(p, o)) },
		"taken back": func(w world, p storetest.Person, _ group.Group, o group.Offer) { noError(w.t, w.takeBack(p, o)) },
		"expired":    func(w world, _ storetest.Person, _ group.Group, _ group.Offer) { w.Clock.Advance(24 * time.Hour) },
		"left":       func(w world, p storetest.Person, _ group.Group, _ group.Offer) { w.leave(p) },
		"cancelled": func(w world, _ storetest.Person, g group.Group, _ group.Offer) {
			_, err := w.change(g, 1, group.Change{State: new(group.Cancelled)})
			noError(w.t, err)
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			g, p := w.Group(w.c, 9), w.eligible("One")
			o, err := w.offer(p, g, 24*time.Hour)
			noError(t, err)
			meanwhile(w, p, g, o)
			equal(t, "told", len(w.invited()), 0)
		})
	}
}

// safety puts the safety flag of an application by force.
func (w world) safety(p storetest.Person, to intake.Safety) {
	w.t.Helper()
	w.Do(account.Machine(), func(tx *store.Tx) error {
		a, err := tx.ApplicationHead(p.Application)
		if err != nil {
			return err
		}
		a.Safety = to
		tx.Audit("test.put", string(a.ID))
		return tx.SaveApplication(a)
	})
}

func TestNoOfferGoesOutWhileASafetyAnswerIsOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.eligible("One")
	o, err := w.offer(p, w.Group(w.c, 9), 24*time.Hour)
	noError(t, err)
	w.safety(p, intake.SafetyOpen)
	equal(t, "told", len(w.invited()), 0)
	w.Clock.Advance(time.Hour)
	equal(t, "told later", len(w.invited()), 0)
	w.safety(p, intake.SafetyCleared)
	w.Clock.Advance(time.Hour)
	equal(t, "told when it is cleared", w.invited(), map[account.PersonID]group.OfferID{p.Person: o.ID})
}

func TestOnlyTheServerLooksForOffersToTell(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.eligible("One")
	o, err := w.offer(p, w.Group(w.c, 9), 24*time.Hour)
	noError(t, err)
	for _, c := range []account.Caller{w.c, p.Caller} {
		isError(t, string(c.Kind), w.View(t.Context(), c, func(tx *store.Tx) error {
			_, _, err := group.OfferToTell(tx, o.ID)
			return err
		}), account.ErrDenied)
	}
}

func TestAGroupThatIsCancelledIsOneMailForEachMember(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g, p, other := w.Group(w.c, 9), w.Apply(storetest.Filled("One")), w.Apply(storetest.Filled("Two"))
	w.Join(w.c, p, g)
	w.Join(w.c, other, g)
	w.Join(w.c, w.Apply(reached(account.ReachNone)), g)
	gone := w.Apply(storetest.Filled("Gone"))
	w.Join(w.c, gone, g)
	w.leave(gone)
	var sessions []calendar.Session
	for _, start := range []string{
		"2026-09-22T18:00", "2026-09-29T18:00", "2026-10-06T18:00", "2026-10-13T18:00", "2026-10-20T18:00",
	} {
		sessions = append(sessions, w.meets(g, start))
	}
	w.Letters()
	w.changeSession(sessions[3], calendar.Change{Cancel: true})
	w.Letters()
	w.changeSession(sessions[1], calendar.Change{Start: new(local(t, "2026-09-30T18:00"))})
	w.changeSession(sessions[2], calendar.Change{Cancel: true})
	w.Clock.Set(time.Date(2026, time.September, 23, 8, 0, 0, 0, time.UTC))

	_, err := w.change(g, 1, group.Change{State: new(group.Cancelled)})
	noError(t, err)
	var want []calendar.Slot // not the one that was, nor the one that they were told of; at the times that they know
	for _, start := range []string{"2026-09-29T18:00", "2026-10-06T18:00", "2026-10-20T18:00"} {
		want = append(want, calendar.Slot{Start: local(t, start), Zone: "Europe/Warsaw", Minutes: 90})
	}
	told := map[account.PersonID]bool{}
	for _, l := range w.Letters() {
		equal(t, "kind", l.Notice.Kind, calendar.NoticeAllCancelled)
		equal(t, "times", l.Notice.Known, want)
		if told[l.Person.ID] {
			t.Error("a member is told twice")
		}
		told[l.Person.ID] = true
	}
	equal(t, "told", told, map[account.PersonID]bool{p.Person: true, other.Person: true})
}

func TestAGroupThatNeverMeetsAgainTellsNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g, _, _, _ := w.populated()
	w.Letters()
	w.Clock.Set(time.Date(2026, time.September, 30, 8, 0, 0, 0, time.UTC))
	_, err := w.change(g, 1, group.Change{State: new(group.Cancelled)})
	noError(t, err)
	equal(t, "letters", len(w.Letters()), 0)
}

func (w world) changeSession(s calendar.Session, c calendar.Change) {
	w.t.Helper()
	w.Do(w.c, func(tx *store.Tx) error {
		_, err := calendar.ChangeSession(tx, s.ID, s.Version, c)
		return err
	})
}

func local(t testing.TB, text string) calendar.Local {
	t.Helper()
	l, err := calendar.ParseLocal(text)
	noError(t, err)
	return l
}
