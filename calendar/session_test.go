package calendar_test

import (
	"testing"
	"time"

	"grupa/calendar"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

func TestAMoveIsNumberedAndARoomChangeIsNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	blue, green := w.room("Blue room"), w.room("Green room")
	s := w.planned(w.group, calendar.SeriesDraft{Plan: weekly(t, "2026-10-06T18:00", warsaw, 1), Room: blue}).Sessions[0]
	for n, step := range []struct {
		what     string
		change   calendar.Change
		state    calendar.State
		sequence int
		start    string
		minutes  int
		room     calendar.RoomID
	}{
		{"nothing", calendar.Change{}, calendar.StatePlanned, 0, "2026-10-06T18:00:00+02:00", 90, blue},
		{"room", calendar.Change{Room: &green}, calendar.StatePlanned, 0, "2026-10-06T18:00:00+02:00", 90, green},
		{"the same start", calendar.Change{Start: &s.Start}, calendar.StatePlanned, 0, "2026-10-06T18:00:00+02:00", 90,
			green},
		{"start", calendar.Change{Start: new(mustLocal(t, "2026-10-07T18:00"))}, calendar.StateMoved, 1,
			"2026-10-07T18:00:00+02:00", 90, green},
		{"length", calendar.Change{Minutes: new(60)}, calendar.StateMoved, 2, "2026-10-07T18:00:00+02:00", 60, green},
		{"zone", calendar.Change{Zone: new("Europe/Riga")}, calendar.StateMoved, 3, "2026-10-07T18:00:00+03:00", 60, green},
		{"no room", calendar.Change{Room: new(calendar.RoomID(""))}, calendar.StateMoved, 3, "2026-10-07T18:00:00+03:00",
			60, ""},
		{"room and start", calendar.Change{Room: &blue, Start: new(mustLocal(t, "2026-10-27T18:00"))}, calendar.StateMoved,
			4, "2026-10-27T18:00:00+02:00", 60, blue},
		{"cancel", calendar.Change{Cancel: true}, calendar.StateCancelled, 5, "2026-10-27T18:00:00+02:00", 60, blue},
	} {
		w.Clock.Advance(time.Minute)
		s = w.changed(s, step.change)
		equal(t, step.what, []any{s.State, s.Sequence, s.StartText(), s.Minutes, s.Room, s.Version},
			[]any{step.state, step.sequence, step.start, step.minutes, step.room, n + 2})
		stored := w.sessions(w.group)[0]
		equal(t, step.what+", stored", stored, s)
		equal(t, step.what+", changed at", stored.Updated, w.Clock.Now())
	}
	_, err := w.change(s, s.Version, calendar.Change{Start: new(mustLocal(t, "2026-11-06T18:00"))})
	isError(t, "a cancelled session", err, calendar.ErrOver)
	_, err = w.change(s, s.Version, calendar.Change{Cancel: true})
	isError(t, "twice", err, calendar.ErrOver)
}

func TestAMoveOntoARoomOrALeaderThatIsTakenIsRefusedAndChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	blue, green := w.room("Blue room"), w.room("Green room")
	w.planned(w.group, calendar.SeriesDraft{Plan: weekly(t, "2026-10-06T18:00", warsaw, 1), Room: blue})
	g := w.led()
	s := w.planned(g, calendar.SeriesDraft{Plan: weekly(t, "2026-10-06T20:00", warsaw, 1), Room: green}).Sessions[0]
	taken := func(resource, id string) fault.Clash {
		return fault.Clash{Resource: resource, ID: id, Start: "2026-10-06T18:00:00+02:00", End: "2026-10-06T19:30:00+02:00"}
	}
	leader := string(w.leaders[0].Person)
	_, err := w.change(s, 1, calendar.Change{Start: new(mustLocal(t, "2026-10-06T19:00"))})
	clashes(t, "the leader", err, taken("facilitator", leader))
	_, err = w.change(s, 1, calendar.Change{Start: new(mustLocal(t, "2026-10-06T19:00")), Room: &blue})
	clashes(t, "both", err, taken("room", string(blue)), taken("facilitator", leader))
	equal(t, "after the refusals", w.sessions(g), []calendar.Session{s})

	other := w.planned(w.alone(), calendar.SeriesDraft{Plan: weekly(t, "2026-10-06T19:00", warsaw, 1)}).Sessions[0]
	_, err = w.change(other, 1, calendar.Change{Room: &blue})
	clashes(t, "only the room is changed", err, taken("room", string(blue)))
	if _, err := w.change(s, 1, calendar.Change{Start: new(mustLocal(t, "2026-10-06T20:15"))}); err != nil {
		t.Errorf("a session clashes with its own old time: %v", err)
	}
}

func TestACancelledSessionFreesItsRoomAndItsLeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	room := w.room("Blue room")
	d := calendar.SeriesDraft{Plan: weekly(t, "2026-10-06T18:00", warsaw, 1), Room: room}
	s := w.planned(w.group, d).Sessions[0]
	_, err := w.plan(w.led(), d)
	isError(t, "before", err, calendar.ErrClash)
	w.changed(s, calendar.Change{Cancel: true})
	w.planned(w.led(), d)
	moved := w.planned(w.alone(),
		calendar.SeriesDraft{Plan: weekly(t, "2026-10-07T18:00", warsaw, 1), Room: room}).Sessions[0]
	w.changed(moved, calendar.Change{Start: new(mustLocal(t, "2026-10-08T18:00"))})
	w.planned(w.alone(), calendar.SeriesDraft{Plan: weekly(t, "2026-10-07T18:00", warsaw, 1), Room: room})
}

func TestAChangeOfASessionOverAnOlderVersionIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.planned(w.group, calendar.SeriesDraft{Plan: weekly(t, "2026-10-06T18:00", warsaw, 1)}).Sessions[0]
	w.changed(s, calendar.Change{Minutes: new(60)})
	for _, version := range []int{0, 1, 3} {
		_, err := w.change(s, version, calendar.Change{Cancel: true})
		isError(t, "stale", err, calendar.ErrChanged)
	}
	equal(t, "state", w.sessions(w.group)[0].State, calendar.StateMoved)
}

func TestAMoveThatCanNotBeMeantIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.planned(w.group, calendar.SeriesDraft{Plan: weekly(t, "2026-10-06T18:00", warsaw, 1)}).Sessions[0]
	for what, row := range map[string]struct {
		change calendar.Change
		want   string
	}{
		"into the gap":   {calendar.Change{Start: new(mustLocal(t, "2027-03-28T02:30"))}, "start_local:local_time_skipped"},
		"into the fold":  {calendar.Change{Start: new(mustLocal(t, "2026-10-25T02:30"))}, "start_local:local_time_twice"},
		"far ahead":      {calendar.Change{Start: new(mustLocal(t, "2029-10-06T18:00"))}, "start_local:out_of_reach"},
		"no such zone":   {calendar.Change{Zone: new("Mars/Olympus")}, "time_zone:time_zone_unknown"},
		"no zone":        {calendar.Change{Zone: new("")}, "time_zone:time_zone_unknown"},
		"a whole day":    {calendar.Change{Minutes: new(1440)}, "duration_minutes:range_step"},
		"seven minutes":  {calendar.Change{Minutes: new(7)}, "duration_minutes:range_step"},
		"no such room":   {calendar.Change{Room: new(calendar.RoomID("X"))}, "room_id:unknown"},
		"no date at all": {calendar.Change{Start: &calendar.Local{}}, "start_local:local_time_invalid"},
	} {
		_, err := w.change(s, 1, row.change)
		refused(t, what, err, row.want)
	}
	equal(t, "sessions", w.sessions(w.group), []calendar.Session{s})
}

func TestSessionsAreForTheirStaffAndMembers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.Apply(storetest.Filled("Member"))
	w.Join(w.c, p, w.group)
	s := w.planned(w.group, calendar.SeriesDraft{Plan: weekly(t, "2026-10-06T18:00", warsaw, 1)}).Sessions[0]
	other, _ := w.Staff("other@example.org", account.Facilitator)
	cancel := func(tx *store.Tx) error {
		_, err := calendar.ChangeSession(tx, s.ID, 1, calendar.Change{Cancel: true})
		return err
	}
	read := func(tx *store.Tx) error { _, err := calendar.ReadSession(tx, s.ID); return err }
	isError(t, "its leader", w.Update(t.Context(), w.leaders[0], cancel), account.ErrDenied)
	noError(t, w.View(t.Context(), w.leaders[0], read))
	isError(t, "its member", w.Update(t.Context(), p.Caller, cancel), account.ErrDenied)
	isError(t, "its member reads it as staff do", w.View(t.Context(), p.Caller, read), calendar.ErrNoGroup)
	for what, c := range map[string]account.Caller{"another leader": other, "anyone": account.Anyone()} {
		isError(t, what, w.Update(t.Context(), c, cancel), calendar.ErrNoSession)
		isError(t, what, w.View(t.Context(), c, read), calendar.ErrNoSession)
	}
	own := func(tx *store.Tx) error { _, err := calendar.OwnSessions(tx); return err }
	isError(t, "staff have no sessions of their own here", w.View(t.Context(), w.c, own), account.ErrDenied)
}

func TestAMemberSeesTheSessionsWithinTheirMembershipAndNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.planned(w.group, calendar.SeriesDraft{Plan: weekly(t, "2026-09-15T18:00", warsaw, 6)})
	w.planned(w.alone(), calendar.SeriesDraft{Plan: weekly(t, "2026-10-01T18:00", warsaw, 6)})
	p := w.Apply(storetest.Filled("Member"))
	own := func() (days []string) {
		w.Read(p.Caller, func(tx *store.Tx) error {
			all, err := calendar.OwnSessions(tx)
			for _, m := range all {
				days = append(days, m.Session.Start.Date.String())
			}
			return err
		})
		return days
	}
	equal(t, "an applicant", own(), nil)
	w.Join(w.c, p, w.group) // on 22 September
	equal(t, "a member", own(), []string{"2026-09-22", "2026-09-29", "2026-10-06", "2026-10-13", "2026-10-20"})
	w.Clock.Set(time.Date(2026, time.October, 6, 5, 0, 0, 0, time.UTC))
	w.leave(p)
	equal(t, "who left", own(), []string{"2026-09-22", "2026-09-29", "2026-10-06"})
}
