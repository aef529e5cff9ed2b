package calendar_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"grupa/calendar"
	"grupa/group"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
)

// timetable is what the database should hold, kept by hand: three rooms, three leaders, three groups.
type timetable struct {
	w       world
	rooms   []calendar.RoomID
	leaders []account.PersonID
	groups  []group.Group
	held    []calendar.Session // also cancelled ones
	refused int
}

func newTimetable(w world) *timetable {
	tt := &timetable{w: w}
	for n := range 3 {
		tt.rooms = append(tt.rooms, w.room(fmt.Sprint(n)))
		tt.groups = append(tt.groups, w.alone())
		w.Do(account.Machine(), func(tx *store.Tx) error {
			id, err := account.AddStaff(tx, fmt.Sprintf("%s@example.org", account.NewID()), "", account.Facilitator)
			tt.leaders = append(tt.leaders, id)
			return err
		})
	}
	return tt
}

// taken finds by walking over everything what a session would take twice, as the database should name it.
func (tt *timetable) taken(s calendar.Session) (all []fault.Clash) {
	wants := []string{s.Group}
	if s.Room != "" {
		wants = append(wants, string(s.Room))
	}
	for _, f := range s.Facilitators {
		wants = append(wants, string(f))
	}
	for _, id := range wants {
		if other := tt.first(id, s); other != nil {
			resource := "facilitator"
			switch id {
			case s.Group:
				resource = "group"
			case string(s.Room):
				resource = "room"
			}
			there := calendar.Session{Zone: s.Zone, StartsAt: other.StartsAt, EndsAt: other.EndsAt}
			all = append(all, fault.Clash{Resource: resource, ID: id, Start: there.StartText(), End: there.EndText()})
		}
	}
	return all
}

// first is the earliest session that takes the same group, room or leader at the same time.
func (tt *timetable) first(id string, s calendar.Session) (found *calendar.Session) {
	for _, other := range tt.held {
		uses := other.Group == id || string(other.Room) == id || slices.Contains(other.Facilitators, account.PersonID(id))
		if other.ID == s.ID || other.State == calendar.StateCancelled || !uses ||
			!other.StartsAt.Before(s.EndsAt) || !s.StartsAt.Before(other.EndsAt) {
			continue
		}
		if found == nil || other.StartsAt.Before(found.StartsAt) {
			found = &other
		}
	}
	return found
}

// start draws a time in three afternoons of one week, so that sessions often meet.
func start(r *rapid.T) calendar.Local {
	return calendar.Local{
		Date: calendar.Date{Year: 2026, Month: time.October, Day: rapid.IntRange(20, 22).Draw(r, "day")},
		Hour: rapid.IntRange(16, 19).Draw(r, "hour"), Minute: rapid.SampledFrom([]int{0, 30}).Draw(r, "minute"),
	}
}

func (tt *timetable) room(r *rapid.T) calendar.RoomID {
	return rapid.SampledFrom(append([]calendar.RoomID{""}, tt.rooms...)).Draw(r, "room")
}

func (tt *timetable) plan(r *rapid.T) {
	d := calendar.SeriesDraft{
		Plan: calendar.Plan{
			Start: start(r), Zone: rapid.SampledFrom([]string{warsaw, "Europe/Riga", "UTC"}).Draw(r, "zone"),
			Minutes: rapid.SampledFrom([]int{30, 60, 90}).Draw(r, "minutes"), Every: rapid.IntRange(1, 2).Draw(r, "every"),
			Count: rapid.IntRange(1, 3).Draw(r, "count"),
		},
		Room:         tt.room(r),
		Facilitators: rapid.SliceOfNDistinct(rapid.SampledFrom(tt.leaders), 0, 2, rapid.ID).Draw(r, "leaders"),
	}
	occurrences, err := d.Plan.Occurrences()
	if err != nil {
		r.Fatal(err)
	}
	g := rapid.SampledFrom(tt.groups).Draw(r, "group")
	var want []fault.Clash
	for _, o := range occurrences {
		want = append(want, tt.taken(calendar.Session{
			Group: string(g.ID), Zone: d.Plan.Zone, StartsAt: o.Start, EndsAt: o.End, Room: d.Room, Facilitators: d.Facilitators,
		})...)
	}
	planned, err := tt.w.plan(g, d)
	if tt.answered(r, err, want) {
		tt.held = append(tt.held, planned.Sessions...)
	}
}

// answered compares an answer with what was to be refused, and says whether it was taken.
func (tt *timetable) answered(r *rapid.T, err error, want []fault.Clash) bool {
	if len(want) == 0 {
		if err != nil {
			r.Fatalf("refused without a clash: %v", err)
		}
		return true
	}
	tt.refused++
	e := fault.Of(err)
	if e == nil || !e.Is(calendar.ErrClash) || !slices.Equal(inOrder(e.Clashes), inOrder(want)) {
		r.Fatalf("got %v, want the clashes %+v", err, want)
	}
	return false
}

// inOrder sorts clashes; those of one session come in any order.
func inOrder(all []fault.Clash) []fault.Clash {
	return slices.SortedFunc(slices.Values(all), func(a, b fault.Clash) int {
		return cmp.Or(strings.Compare(a.Start, b.Start), strings.Compare(a.ID, b.ID))
	})
}

// live draws a session that is not cancelled.
func (tt *timetable) live(r *rapid.T) *calendar.Session {
	var all []*calendar.Session
	for n := range tt.held {
		if tt.held[n].State != calendar.StateCancelled {
			all = append(all, &tt.held[n])
		}
	}
	if len(all) == 0 {
		r.Skip("nothing is planned")
	}
	return all[rapid.IntRange(0, len(all)-1).Draw(r, "session")]
}

func (tt *timetable) move(r *rapid.T) {
	s := tt.live(r)
	c := calendar.Change{Start: new(start(r)), Minutes: new(rapid.SampledFrom([]int{30, 60, 90}).Draw(r, "minutes"))}
	if rapid.Bool().Draw(r, "room too") {
		c.Room = new(tt.room(r))
	}
	wanted := *s
	o, err := calendar.Plan{Start: *c.Start, Zone: s.Zone, Minutes: *c.Minutes, Every: 1, Count: 1}.Occurrences()
	if err != nil {
		r.Fatal(err)
	}
	wanted.StartsAt, wanted.EndsAt = o[0].Start, o[0].End
	if c.Room != nil {
		wanted.Room = *c.Room
	}
	after, err := tt.w.change(*s, s.Version, c)
	if tt.answered(r, err, tt.taken(wanted)) {
		*s = after.Session
	}
}

func (tt *timetable) cancel(r *rapid.T) {
	s := tt.live(r)
	after, err := tt.w.change(*s, s.Version, calendar.Change{Cancel: true})
	if err != nil {
		r.Fatal(err)
	}
	*s = after.Session
}

// check reads everything back: it is what was taken, and no group, room or leader is in two places.
func (tt *timetable) check(r *rapid.T) {
	var stored []calendar.Session
	for _, g := range tt.groups {
		stored = append(stored, tt.w.sessions(g)...)
	}
	if len(stored) != len(tt.held) {
		r.Fatalf("%d sessions instead of %d", len(stored), len(tt.held))
	}
	for _, s := range stored {
		n := slices.IndexFunc(tt.held, func(h calendar.Session) bool { return h.ID == s.ID })
		if n < 0 || !tt.held[n].StartsAt.Equal(s.StartsAt) || !tt.held[n].EndsAt.Equal(s.EndsAt) ||
			tt.held[n].State != s.State ||
			tt.held[n].Room != s.Room || tt.held[n].Version != s.Version || tt.held[n].Sequence != s.Sequence {
			r.Fatalf("stored is %+v", s)
		}
		if s.State != calendar.StateCancelled && len(tt.taken(s)) > 0 {
			r.Fatalf("overlaps: %+v with %+v", s, tt.taken(s))
		}
	}
}

func TestNoPlanMoveOrCancelEverOverlapsAndNoneIsRefusedWithoutAClash(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refused, taken := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		tt := newTimetable(w)
		r.Repeat(map[string]func(*rapid.T){"plan": tt.plan, "plan more": tt.plan, "move": tt.move, "cancel": tt.cancel,
			"": tt.check})
		refused, taken = refused+tt.refused, taken+len(tt.held)
	})
	if refused == 0 || taken == 0 {
		t.Errorf("%d refused, %d taken: the test shows nothing", refused, taken)
	}
}
