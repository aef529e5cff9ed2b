package calendar_test

import (
	"testing"
	"time"

	"grupa/calendar"
	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

// reached is a form of somebody who wants to be reached that way.
func reached(name string, by account.Reach) intake.Submission {
	f := storetest.Filled(name)
	for _, g := range f.Answers {
		if g.Answer.Contact != nil {
			g.Answer.Contact.Reach, g.Answer.Contact.Phone = by, "+48 600 000 000"
		}
	}
	return f
}

// meeting gives the group a member and six weekly sessions, of which it gives the first: 6 October at 18:00.
func (w world) meeting() (p storetest.Person, first calendar.Session) {
	w.t.Helper()
	p = w.Apply(storetest.Filled("Member"))
	w.Join(w.c, p, w.group)
	return p, w.planned(w.group, calendar.SeriesDraft{Plan: weekly(w.t, "2026-10-06T18:00", warsaw, 6)}).Sessions[0]
}

func slot(t testing.TB, start string) calendar.Slot {
	t.Helper()
	return calendar.Slot{Start: mustLocal(t, start), Zone: warsaw, Minutes: 90}
}

// told is what a letter says.
type told struct {
	Person account.PersonID
	Kind   calendar.NoticeKind
	Known  []calendar.Slot
	Now    calendar.Slot
}

func (w world) told() (all []told) {
	w.t.Helper()
	for _, l := range w.Letters() {
		t := told{Person: l.Person.ID, Kind: l.Notice.Kind, Known: l.Notice.Known}
		if t.Kind == calendar.NoticeMoved {
			t.Now = l.Now
		}
		all = append(all, t)
	}
	return all
}

func (w world) moves(s calendar.Session, start string) calendar.Session {
	w.t.Helper()
	return w.changed(s, calendar.Change{Start: new(mustLocal(w.t, start))})
}

func TestAMoveIsToldToTheMembersWhoChoseMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, s := w.meeting()
	for _, by := range []account.Reach{account.ReachPhone, account.ReachText, account.ReachNone} {
		w.Join(w.c, w.Apply(reached(string(by), by)), w.group)
	}
	w.moves(s, "2026-10-07T19:00")
	equal(t, "told", w.told(), []told{{p.Person, calendar.NoticeMoved, []calendar.Slot{slot(t, "2026-10-06T18:00")},
		slot(t, "2026-10-07T19:00")}})
	equal(t, "told again", w.told(), nil)
}

func TestACancelledSessionIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, s := w.meeting()
	w.changed(s, calendar.Change{Cancel: true})
	equal(t, "told", w.told(), []told{{p.Person, calendar.NoticeCancelled, []calendar.Slot{slot(t, "2026-10-06T18:00")},
		calendar.Slot{}}})
}

func TestAChangeThatMovesNothingIsNotTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, s := w.meeting()
	room := w.room("Blue room")
	s = w.changed(s, calendar.Change{Room: &room})
	w.moves(s, "2026-10-06T18:00")
	equal(t, "told", w.told(), nil)
}

func TestASecondMoveTakesThePlaceOfOneThatWasNotSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, s := w.meeting()
	s = w.moves(s, "2026-10-07T19:00")
	s = w.moves(s, "2026-10-08T20:00")
	equal(t, "told", w.told(), []told{{p.Person, calendar.NoticeMoved, []calendar.Slot{slot(t, "2026-10-06T18:00")},
		slot(t, "2026-10-08T20:00")}})
	s = w.moves(s, "2026-10-09T20:00")
	w.moves(s, "2026-10-08T20:00")
	equal(t, "moved there and back", w.told(), nil)
}

// tried is the state in which a mail is on its way: whether it arrives, nobody can know.
func (w world) tried() {
	w.t.Helper()
	mails, err := w.LeaseMail(w.t.Context(), 1, time.Minute)
	noError(w.t, err)
	_, err = w.SettleMail(w.t.Context(), mails[0], store.MailDelayed)
	noError(w.t, err)
}

func TestAMoveBackIsToldToWhoeverMayHaveReadOfTheMove(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, s := w.meeting()
	w.Letters() // of the offer
	s = w.moves(s, "2026-10-07T19:00")
	w.tried()
	w.moves(s, "2026-10-06T18:00")
	w.Clock.Advance(time.Hour)
	equal(t, "told", w.told(), []told{{p.Person, calendar.NoticeMoved, []calendar.Slot{slot(t, "2026-10-07T19:00")},
		slot(t, "2026-10-06T18:00")}})
}

func TestACancellationNamesEveryTimeAtWhichAMemberMightCome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, s := w.meeting()
	w.Letters()
	s = w.moves(s, "2026-10-07T19:00")
	w.changed(s, calendar.Change{Cancel: true})
	equal(t, "the move was not sent", w.told(), []told{{p.Person, calendar.NoticeCancelled,
		[]calendar.Slot{slot(t, "2026-10-06T18:00")}, calendar.Slot{}}})

	s = w.sessions(w.group)[1]
	s = w.moves(s, "2026-10-14T19:00")
	w.tried()
	w.changed(s, calendar.Change{Cancel: true})
	before, after := slot(t, "2026-10-13T18:00"), slot(t, "2026-10-14T19:00")
	equal(t, "the move may have been sent", w.told(),
		[]told{{p.Person, calendar.NoticeCancelled, []calendar.Slot{before, after}, calendar.Slot{}}})
}

func TestWhoIsNotInTheGroupOnTheDayIsNotTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	past := w.planned(w.group, calendar.SeriesDraft{Plan: weekly(t, "2026-09-15T18:00", warsaw, 1)}).Sessions[0]
	p, s := w.meeting()
	other := w.Apply(storetest.Filled("Elsewhere"))
	w.Join(w.c, other, w.led())
	w.leave(p)
	w.moves(s, "2026-10-07T19:00")
	w.moves(past, "2026-09-16T18:00")
	equal(t, "told", w.told(), nil)
}

func TestASessionOfThePastMayBeSetRightInSilence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, s := w.meeting()
	w.Letters()
	w.Clock.Set(time.Date(2026, time.October, 7, 8, 0, 0, 0, time.UTC))
	w.moves(s, "2026-10-06T17:00")
	stats, err := w.MailStats(t.Context())
	noError(t, err)
	equal(t, "waits", stats.Waiting, 0)
}

func TestWhatIsNotWorthTellingAnyMoreIsDropped(t *testing.T) {
	t.Parallel()
	for what, meanwhile := range map[string]func(w world, p storetest.Person, s calendar.Session){
		"both times have passed": func(w world, _ storetest.Person, _ calendar.Session) {
			w.Clock.Set(time.Date(2026, time.October, 8, 8, 0, 0, 0, time.UTC))
		},
		"the member left": func(w world, p storetest.Person, _ calendar.Session) { w.leave(p) },
		"it was sent":     func(w world, _ storetest.Person, _ calendar.Session) { w.Letters() },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p, s := w.meeting()
			s = w.moves(s, "2026-10-07T19:00")
			meanwhile(w, p, s)
			equal(t, "told", w.told(), nil)
		})
	}
}

func TestAMoveIsStillToldWhenOnlyTheNewTimeHasPassed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, s := w.meeting()
	w.moves(s, "2026-10-06T08:00")
	w.Clock.Set(time.Date(2026, time.October, 6, 12, 0, 0, 0, time.UTC)) // 14:00 on their clock: they would come at 18:00
	equal(t, "told", w.told(), []told{{p.Person, calendar.NoticeMoved, []calendar.Slot{slot(t, "2026-10-06T18:00")},
		slot(t, "2026-10-06T08:00")}})
}

func TestOnlyTheServerLooksAtNotices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, s := w.meeting()
	n := calendar.Notice{Kind: calendar.NoticeMoved, Person: p.Person, Record: string(s.ID),
		Known: []calendar.Slot{slot(t, "2026-10-05T18:00")}}
	for _, c := range []account.Caller{w.c, p.Caller, w.leaders[0]} {
		isError(t, string(c.Kind), w.View(t.Context(), c, func(tx *store.Tx) error {
			_, _, err := calendar.Latest(tx, n)
			return err
		}), account.ErrDenied)
	}
}
