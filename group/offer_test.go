package group_test

import (
	"testing"
	"time"

	"grupa/group"
	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
	"grupa/internal/words"
)

func TestAnOfferHoldsTheSeatAndEveryEndOfItFreesTheSeat(t *testing.T) {
	t.Parallel()
	for what, end := range map[string]func(w world, p storetest.Person, o group.Offer){
		"declined":   func(w world, p storetest.Person, o group.Offer) { noError(w.t, w.decline(p, o)) },
		"taken back": func(w world, p storetest.Person, o group.Offer) { noError(w.t, w.takeBack(p, o)) },
		"left":       func(w world, p storetest.Person, _ group.Offer) { w.leave(p) },
		"expired":    func(w world, _ storetest.Person, o group.Offer) { w.Clock.Set(o.Expires) },
		"accepted and left": func(w world, p storetest.Person, o group.Offer) {
			_, err := w.accept(p, o, w.Agreed(group.Group{Type: "support", TypeVersion: 1}))
			noError(w.t, err)
			w.leave(p)
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			g, one, other := w.Group(w.c, 1), w.eligible("One"), w.eligible("Other")
			o, err := w.offer(one, g, time.Hour)
			noError(t, err)
			_, err = w.offer(other, g, time.Hour)
			isError(t, "while it is held", err, group.ErrSeatTaken)
			end(w, one, o)
			_, err = w.offer(other, g, time.Hour)
			noError(t, err)
		})
	}
}

func TestAnOfferIsOverAtItsSecondAndNotBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g, p, other := w.Group(w.c, 1), w.eligible("One"), w.eligible("Other")
	o, err := w.offer(p, g, time.Hour)
	noError(t, err)
	w.Clock.Set(o.Expires.Add(-time.Second))
	_, err = w.offer(other, g, time.Hour)
	isError(t, "a second before", err, group.ErrSeatTaken)
	equal(t, "a second before", o.At(w.Clock.Now()), group.Held)
	w.Clock.Set(o.Expires)
	equal(t, "at its second", o.At(w.Clock.Now()), group.Expired)
	_, err = w.accept(p, o, w.Agreed(g))
	isError(t, "accepting", err, group.ErrOver)
	isError(t, "declining", w.decline(p, o), group.ErrOver)
	isError(t, "taking back", w.takeBack(p, o), group.ErrOver)
	if _, err := w.offer(p, g, time.Hour); err != nil {
		t.Errorf("an offer that is over stands in the way of a new one: %v", err)
	}
}

func TestAnAnsweredOfferStaysAnswered(t *testing.T) {
	t.Parallel()
	for what, answer := range map[string]func(w world, p storetest.Person, o group.Offer) error{
		"accepted": func(w world, p storetest.Person, o group.Offer) error {
			_, err := w.accept(p, o, w.Agreed(group.Group{Type: "support", TypeVersion: 1}))
			return err
		},
		"declined":   func(w world, p storetest.Person, o group.Offer) error { return w.decline(p, o) },
		"taken back": func(w world, p storetest.Person, o group.Offer) error { return w.takeBack(p, o) },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			g, p := w.Group(w.c, 2), w.eligible("One")
			o, err := w.offer(p, g, time.Hour)
			noError(t, err)
			noError(t, answer(w, p, o))
			_, err = w.accept(p, o, w.Agreed(g))
			isError(t, "accepting", err, group.ErrOver)
			if what == "declined" {
				noError(t, w.decline(p, o)) // a second click
			} else {
				isError(t, "declining", w.decline(p, o), group.ErrOver)
			}
			isError(t, "taking back", w.takeBack(p, o), group.ErrOver)
		})
	}
}

func TestOnePersonHoldsOneSeatOfAGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g, p := w.Group(w.c, 5), w.eligible("One")
	o, err := w.offer(p, g, time.Hour)
	noError(t, err)
	_, err = w.offer(p, g, time.Hour)
	isError(t, "twice", err, group.ErrOffered)
	_, err = w.offer(p, w.Group(w.c, 5), time.Hour)
	noError(t, err) // may wait for several groups
	_, err = w.accept(p, o, w.Agreed(g))
	noError(t, err)
	_, err = w.offer(p, g, time.Hour)
	isError(t, "to a member", err, group.ErrMember)
	equal(t, "members", len(w.members(g)), 1)
}

func TestASeatIsHeldForAMinuteAtLeastAndSixtyDaysAtMost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g, p := w.Group(w.c, 5), w.eligible("One")
	for _, hold := range []time.Duration{-time.Hour, 0, 59 * time.Second, 60*24*time.Hour + time.Second, 1 << 62} {
		_, err := w.offer(p, g, hold)
		refused(t, hold.String(), err, "expires_at:offer_hold")
	}
	for _, hold := range []time.Duration{time.Minute, 60 * 24 * time.Hour} {
		o, err := w.offer(p, g, hold)
		noError(t, err)
		equal(t, "expires", o.Expires, w.Clock.Now().Add(hold))
		noError(t, w.takeBack(p, o))
	}
}

func TestOnlyWhomACoordinatorDecidedToBeEligibleIsOfferedASeat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := w.Group(w.c, 50)
	may := map[intake.State]bool{intake.Eligible: true, intake.Waitlisted: true, intake.Enrolled: true}
	for _, state := range intake.States() {
		p := w.eligible("Somebody")
		w.Do(account.Machine(), func(tx *store.Tx) error {
			a, err := tx.ApplicationHead(p.Application)
			if err != nil {
				return err
			}
			a.State = state
			tx.Audit("test.put", string(a.ID))
			return tx.SaveApplication(a)
		})
		_, err := w.offer(p, g, time.Hour)
		if may[state] {
			noError(t, err)
			continue
		}
		isError(t, string(state), err, group.ErrNotDecided)
	}
	other := w.Apply(storetest.Filled("Another type"))
	w.Admit(w.c, other, "skills")
	_, err := w.offer(other, g, time.Hour)
	isError(t, "eligible for another type", err, group.ErrNotDecided)
}

func TestAnOpenSafetyAnswerStopsEveryOffer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := storetest.Filled("One")
	for n := range f.Answers {
		if f.Answers[n].LinkID == "self-harm" {
			f.Answers[n].Answer.Choices = []string{"lately"}
		}
	}
	g, p := w.Group(w.c, 1), w.Apply(f)
	w.Admit(w.c, p, "support")
	_, err := w.offer(p, g, time.Hour)
	isError(t, "open", err, group.ErrSafetyOpen)
	w.Do(w.c, func(tx *store.Tx) error {
		_, err := intake.Decide(tx, p.Application, 2, intake.Decision{Verb: intake.ClearSafety, Reason: "we talked"})
		return err
	})
	_, err = w.offer(p, g, time.Hour)
	noError(t, err)
}

func TestSeatsAreOfferedOnlyInGroupsThatTakePeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, membership := range []string{group.OpenMembership, group.HalfOpenMembership, group.ClosedMembership} {
		may := map[group.State]bool{
			group.Recruiting: true, group.Confirmed: true, group.Running: membership != group.ClosedMembership,
		}
		for _, state := range group.States() {
			var g group.Group
			w.Do(w.c, func(tx *store.Tx) (err error) {
				g, err = group.Create(tx, group.Draft{Type: "support", Language: words.English, Membership: membership})
				return err
			})
			g = w.put(g, state)
			_, err := w.offer(w.eligible("Somebody"), g, time.Hour)
			if may[state] {
				noError(t, err)
				continue
			}
			isError(t, membership+" "+string(state), err, group.ErrNotOpen)
		}
	}
}

func TestAnothersOfferAndAnUnknownOneAreNotFoundAlike(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g, one, other := w.Group(w.c, 5), w.eligible("One"), w.eligible("Other")
	o, err := w.offer(one, g, time.Hour)
	noError(t, err)
	for what, offer := range map[string]group.Offer{"another's": o, "unknown": {ID: group.OfferID(account.NewID())}} {
		_, err := w.accept(other, offer, w.Agreed(g))
		isError(t, what, err, group.ErrNoOffer)
		isError(t, what, w.decline(other, offer), group.ErrNoOffer)
		isError(t, what, w.takeBack(other, offer), group.ErrNoOffer)
	}
	_, err = w.offer(one, group.Group{ID: "unknown"}, time.Hour)
	refused(t, "an unknown group", err, "group_id:unknown")
	for what, c := range map[string]account.Caller{"staff": w.c, "anyone": account.Anyone()} {
		isError(t, what, w.try(c, func(tx *store.Tx) error { return group.Decline(tx, o.ID) }), account.ErrDenied)
	}
}

func TestOffersAreListedWithTheStateOfTheMoment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.eligible("One")
	first, err := w.offer(p, w.Group(w.c, 5), time.Hour)
	noError(t, err)
	w.Clock.Advance(time.Second)
	second, err := w.offer(p, w.Group(w.c, 5), 2*time.Hour)
	noError(t, err)
	w.Clock.Advance(time.Hour)
	w.Read(w.c, func(tx *store.Tx) error {
		all, err := group.Offered(tx, p.Application)
		equal(t, "offers", all, []group.Offer{first, second})
		equal(t, "states", []group.OfferState{all[0].At(tx.Now()), all[1].At(tx.Now())},
			[]group.OfferState{group.Expired, group.Held})
		return err
	})
	w.Read(p.Caller, func(tx *store.Tx) error {
		all, err := group.Invitations(tx)
		equal(t, "invitations", len(all), 2)
		equal(t, "group", all[1].Group.ID, second.Group)
		if len(all[1].Consent) == 0 || all[1].Consent[0].Text[words.Persian] == "" {
			t.Error("an invitation without what it asks for")
		}
		return err
	})
}
