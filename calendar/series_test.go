package calendar_test

import (
	"testing"

	"grupa/calendar"
	"grupa/group"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

const warsaw = "Europe/Warsaw"

func TestASeriesIsStoredAsItWasPlanned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	room := w.room("Blue room")
	d := calendar.SeriesDraft{Plan: weekly(t, "2026-10-06T18:00", warsaw, 4), Room: room}
	d.Plan.Skip = []calendar.Date{mustDate(t, "2026-10-13")}
	p := w.planned(w.group, d)
	var got []string
	for n, s := range w.sessions(w.group) {
		got = append(got, s.StartText()+" "+s.EndText())
		equal(t, "session", s, p.Sessions[n])
		equal(t, "the rest", []any{s.Number, s.Room, len(s.Facilitators), s.State, s.Sequence, s.Version, s.Series},
			[]any{n + 1, room, 2, calendar.StatePlanned, 0, 1, p.Series})
	}
	equal(t, "times", got, []string{
		"2026-10-06T18:00:00+02:00 2026-10-06T19:30:00+02:00", "2026-10-20T18:00:00+02:00 2026-10-20T19:30:00+02:00",
		"2026-10-27T18:00:00+01:00 2026-10-27T19:30:00+01:00", "2026-11-03T18:00:00+01:00 2026-11-03T19:30:00+01:00",
	})
}

func TestARoomAndALeaderAreNeverGivenTwiceAndEveryClashIsNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	room := w.room("Blue room")
	w.planned(w.group, calendar.SeriesDraft{Plan: weekly(t, "2026-10-06T18:00", warsaw, 2), Room: room})
	first := func(resource, id string) fault.Clash {
		return fault.Clash{Resource: resource, ID: id, Start: "2026-10-06T18:00:00+02:00", End: "2026-10-06T19:30:00+02:00"}
	}
	second := func(resource, id string) fault.Clash {
		return fault.Clash{Resource: resource, ID: id, Start: "2026-10-13T18:00:00+02:00", End: "2026-10-13T19:30:00+02:00"}
	}
	one := string(w.leaders[0].Person)

	_, err := w.plan(w.alone(), calendar.SeriesDraft{Plan: weekly(t, "2026-10-06T19:00", warsaw, 3), Room: room})
	clashes(t, "the room", err, first("room", string(room)), second("room", string(room)))
	_, err = w.plan(w.led(),
		calendar.SeriesDraft{Plan: weekly(t, "2026-10-13T17:00", warsaw, 1), Room: w.room("Green room")})
	clashes(t, "the leader", err, second("facilitator", one))
	both := w.led()
	_, err = w.plan(both, calendar.SeriesDraft{Plan: weekly(t, "2026-09-29T18:00", warsaw, 3), Room: room})
	clashes(t, "both", err, first("room", string(room)), first("facilitator", one), second("room", string(room)),
		second("facilitator", one))
	equal(t, "all or nothing", w.sessions(both), nil)

	d := calendar.SeriesDraft{Plan: weekly(t, "2026-10-06T18:00", warsaw, 1),
		Facilitators: []account.PersonID{w.leaders[1].Person}}
	_, err = w.plan(both, d)
	clashes(t, "another leader than the group's", err, first("facilitator", string(w.leaders[1].Person)))
}

func TestAGroupNeverMeetsTwiceAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := w.alone()
	s := w.planned(g, calendar.SeriesDraft{Plan: weekly(t, "2026-10-06T18:00", warsaw, 1)}).Sessions[0]
	taken := fault.Clash{
		Resource: "group", ID: string(g.ID), Start: "2026-10-06T18:00:00+02:00", End: "2026-10-06T19:30:00+02:00",
	}
	_, err := w.plan(g, calendar.SeriesDraft{Plan: weekly(t, "2026-09-29T19:00", warsaw, 2)})
	clashes(t, "planned", err, taken)
	other := w.planned(g, calendar.SeriesDraft{Plan: weekly(t, "2026-10-06T19:30", warsaw, 1)}).Sessions[0]
	_, err = w.change(other, 1, calendar.Change{Start: new(mustLocal(t, "2026-10-06T19:25"))})
	clashes(t, "moved", err, taken)
	w.changed(s, calendar.Change{Cancel: true})
	w.changed(other, calendar.Change{Start: new(mustLocal(t, "2026-10-06T18:00"))})
}

func TestTheTimeOfAClashIsToldInTheZoneOfWhoAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	room := w.room("Blue room")
	w.planned(w.alone(), calendar.SeriesDraft{Plan: weekly(t, "2026-10-06T18:00", warsaw, 1), Room: room})
	_, err := w.plan(w.alone(), calendar.SeriesDraft{Plan: weekly(t, "2026-10-06T20:00", "Asia/Tehran", 1), Room: room})
	clashes(t, "the same instant", err, fault.Clash{
		Resource: "room", ID: string(room), Start: "2026-10-06T19:30:00+03:30", End: "2026-10-06T21:00:00+03:30",
	})
}

func TestSessionsThatTouchDoNotClash(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	room := w.room("Blue room")
	w.planned(w.group, calendar.SeriesDraft{Plan: weekly(t, "2026-10-06T18:00", warsaw, 2), Room: room})
	for _, start := range []string{"2026-10-06T16:30", "2026-10-06T19:30"} {
		w.planned(w.led(), calendar.SeriesDraft{Plan: weekly(t, start, warsaw, 2), Room: room})
	}
	for _, start := range []string{"2026-10-06T16:35", "2026-10-06T19:25"} {
		if _, err := w.plan(w.alone(), calendar.SeriesDraft{Plan: weekly(t, start, warsaw, 1), Room: room}); err == nil {
			t.Errorf("a session at %s overlaps another by five minutes", start)
		}
	}
}

func TestASeriesThatCanNotBeMeantIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	plan := weekly(t, "2026-10-06T18:00", warsaw, 2)
	gap := weekly(t, "2027-03-21T02:30", warsaw, 2)
	leader := w.leaders[0].Person
	paper, future := weekly(t, "2025-09-22T09:59", warsaw, 2), weekly(t, "2029-09-22T10:01", warsaw, 1)
	for what, row := range map[string]struct {
		draft calendar.SeriesDraft
		want  []string
	}{
		"no such room": {calendar.SeriesDraft{Plan: plan, Room: "X"}, []string{"room_id:unknown"}},
		"not a leader": {calendar.SeriesDraft{Plan: plan, Facilitators: []account.PersonID{w.c.Person}},
			[]string{"facilitator_ids[0]:facilitator"}},
		"nobody known": {calendar.SeriesDraft{Plan: plan, Facilitators: []account.PersonID{leader, "X"}},
			[]string{"facilitator_ids[1]:facilitator"}},
		"a leader twice": {calendar.SeriesDraft{Plan: plan, Facilitators: []account.PersonID{leader, leader}},
			[]string{"facilitator_ids[1]:facilitator"}},
		"in the gap":    {calendar.SeriesDraft{Plan: gap}, []string{"start_local:local_time_skipped"}},
		"too long ago":  {calendar.SeriesDraft{Plan: paper}, []string{"start_local:out_of_reach"}},
		"too far ahead": {calendar.SeriesDraft{Plan: future}, []string{"start_local:out_of_reach"}},
		"no plan":       {calendar.SeriesDraft{}, nil},
		"both at once": {calendar.SeriesDraft{Plan: plan, Room: "X", Facilitators: []account.PersonID{"X"}},
			[]string{"room_id:unknown", "facilitator_ids[0]:facilitator"}},
		"an unknown place": {calendar.SeriesDraft{Plan: weekly(t, "2026-10-06T18:00", "Mars/Olympus", 1)},
			[]string{"time_zone:time_zone_unknown"}},
	} {
		_, err := w.plan(w.group, row.draft)
		if row.want == nil {
			equal(t, what, fault.KindOf(err), fault.Invalid)
			continue
		}
		refused(t, what, err, row.want...)
	}
	equal(t, "sessions", w.sessions(w.group), nil)
	for _, start := range []string{"2025-09-22T10:00", "2029-09-22T10:00"} {
		w.planned(w.group, calendar.SeriesDraft{Plan: weekly(t, start, warsaw, 1)})
	}
}

func TestAGroupThatIsOverMeetsNoMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	over := map[group.State]bool{group.Closed: true, group.Cancelled: true}
	for n, state := range group.States() {
		g := w.alone()
		w.Do(account.Machine(), func(tx *store.Tx) error {
			g.State = state
			tx.Audit("test.put", string(g.ID))
			return tx.SaveGroup(g)
		})
		_, err := w.plan(g, calendar.SeriesDraft{Plan: weekly(t, "2026-10-06T18:00", warsaw, n+1)})
		if over[state] {
			isError(t, string(state), err, calendar.ErrNotOpen)
			continue
		}
		noError(t, err)
	}
}

func TestOnlyACoordinatorPlans(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.Apply(storetest.Filled("Member"))
	w.Join(w.c, p, w.group)
	d := calendar.SeriesDraft{Plan: weekly(t, "2026-10-06T18:00", warsaw, 1)}
	for what, c := range map[string]account.Caller{"the group's leader": w.leaders[0], "its member": p.Caller} {
		err := w.Update(t.Context(), c, func(tx *store.Tx) error {
			_, err := calendar.PlanSeries(tx, string(w.group.ID), d)
			return err
		})
		isError(t, what, err, account.ErrDenied)
		err = w.Update(t.Context(), c, func(tx *store.Tx) error { _, err := calendar.CreateRoom(tx, "Room", 1); return err })
		isError(t, what, err, account.ErrDenied)
		err = w.View(t.Context(), c, func(tx *store.Tx) error { _, err := calendar.Rooms(tx); return err })
		isError(t, what, err, account.ErrDenied)
	}
	_, err := w.plan(group.Group{ID: "X"}, d)
	isError(t, "an unknown group", err, calendar.ErrNoGroup)
	w.planned(w.group, d)
	w.Read(w.leaders[0], func(tx *store.Tx) error {
		all, err := calendar.GroupSessions(tx, string(w.group.ID))
		equal(t, "the leader sees", len(all), 1)
		return err
	})
	err = w.View(t.Context(), p.Caller, func(tx *store.Tx) error {
		_, err := calendar.GroupSessions(tx, string(w.group.ID))
		return err
	})
	isError(t, "the member reads it as staff do", err, calendar.ErrNoGroup)
}

func TestThePlannerSeesThatSomeoneCanNotAndNoMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.alone(), w.alone()
	p := w.Apply(storetest.Filled("Member of both"))
	w.Join(w.c, p, first)
	offer, agreed := w.Offer(w.c, p, second), w.Agreed(second)
	w.Do(p.Caller, func(tx *store.Tx) error { _, err := group.Accept(tx, offer.ID, agreed); return err })
	w.planned(first, calendar.SeriesDraft{Plan: weekly(t, "2026-10-06T18:00", warsaw, 1)})
	for start, busy := range map[string]bool{"2026-09-29T18:30": true, "2026-10-06T16:30": false,
		"2026-10-07T18:00": false} {
		got := w.planned(second, calendar.SeriesDraft{Plan: weekly(t, start, warsaw, 2)})
		equal(t, start, got.SomeoneCannot, busy)
	}
	w.planned(first, calendar.SeriesDraft{Plan: weekly(t, "2026-11-20T18:00", warsaw, 1)})
	late := w.planned(second, calendar.SeriesDraft{Plan: weekly(t, "2026-11-06T18:00", warsaw, 1)})
	after, err := w.change(late.Sessions[0], 1, calendar.Change{Start: new(mustLocal(t, "2026-11-20T17:00"))})
	noError(t, err)
	equal(t, "moved onto it", after.SomeoneCannot, true)
	after, err = w.change(after.Session, 2, calendar.Change{Cancel: true})
	noError(t, err)
	equal(t, "cancelled", after.SomeoneCannot, false)
}

func TestARoomThatCanNotBeMeantIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for what, row := range map[string]struct {
		name     string
		capacity int
		want     string
	}{
		"no name": {"", 5, "name:required"}, "two lines": {"a\nb", 5, "name:one_line"}, "nobody fits": {"a", 0,
			"capacity:range"},
		"a stadium": {"a", 1001, "capacity:range"},
	} {
		err := w.Update(t.Context(), w.c, func(tx *store.Tx) error {
			_, err := calendar.CreateRoom(tx, row.name, row.capacity)
			return err
		})
		refused(t, what, err, row.want)
	}
	blue := w.room("Blue room")
	w.Read(w.c, func(tx *store.Tx) error {
		all, err := calendar.Rooms(tx)
		if len(all) != 1 || all[0].ID != blue || all[0].Name != "Blue room" || all[0].Capacity != 12 {
			t.Errorf("%+v", all)
		}
		return err
	})
}
