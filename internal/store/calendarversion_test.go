package store_test

import (
	"errors"
	"testing"

	"grupa/calendar"
	"grupa/group"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

// planner is a coordinator with a group that meets and a member in it.
type planner struct {
	*storetest.Store
	account.Caller
	group    group.Group
	member   storetest.Person
	sessions []calendar.Session
}

func newPlanner(t *testing.T) *planner {
	t.Helper()
	p := &planner{Store: storetest.New(t)}
	p.Caller, _ = p.Staff("a@example.org", account.Coordinator)
	p.group = p.Group(p.Caller, 5)
	p.member = p.Apply(storetest.Filled("Member"))
	p.Join(p.Caller, p.member, p.group)
	p.Do(p.Caller, func(tx *store.Tx) (err error) {
		p.sessions, err = planned(tx, p.group, 2)
		return err
	})
	return p
}

func planned(tx *store.Tx, g group.Group, week int) ([]calendar.Session, error) {
	made, err := calendar.PlanSeries(tx, string(g.ID), calendar.SeriesDraft{Plan: calendar.Plan{
		Start: calendar.Local{Date: calendar.DateOf(tx.Now()).AddDays(7 * week), Hour: 18}, Zone: "Europe/Warsaw",
		Minutes: 90, Every: 1, Count: 3,
	}})
	return made.Sessions, err
}

func (p *planner) version() (v int64) {
	p.Read(account.Machine(), func(tx *store.Tx) (err error) {
		v, err = tx.CalendarVersion()
		return err
	})
	return v
}

func TestTheCalendarVersionRisesWithWhatAFeedShowsAndWithNothingElse(t *testing.T) {
	t.Parallel()
	p := newPlanner(t)
	var feed calendar.Feed
	for _, c := range []struct {
		name  string
		rises int64
		as    account.Caller
		do    func(tx *store.Tx) error
	}{
		{"a feed is made", 0, p.member.Caller, func(tx *store.Tx) (err error) {
			feed, _, err = calendar.MakeFeed(tx, calendar.FeedDraft{})
			return err
		}},
		{"a feed is fetched", 0, account.Machine(), func(tx *store.Tx) error { return calendar.Fetched(tx, feed) }},
		{"a group is renamed", 0, p.Caller, func(tx *store.Tx) error {
			_, err := group.Update(tx, p.group.ID, p.group.Version, group.Change{Title: new("Wednesdays")})
			return err
		}},
		{"sessions are planned", 1, p.Caller, func(tx *store.Tx) error {
			_, err := planned(tx, p.group, 20)
			return err
		}},
		{"a session is moved", 1, p.Caller, func(tx *store.Tx) error {
			start := p.sessions[0].Start.AddDays(1)
			_, err := calendar.ChangeSession(tx, p.sessions[0].ID, 1, calendar.Change{Start: &start})
			return err
		}},
		{"two sessions are cancelled", 1, p.Caller, func(tx *store.Tx) error {
			for _, s := range p.sessions[1:] {
				if _, err := calendar.ChangeSession(tx, s.ID, 1, calendar.Change{Cancel: true}); err != nil {
					return err
				}
			}
			return nil
		}},
		{"a feed is stopped", 1, p.member.Caller, func(tx *store.Tx) error { return calendar.StopFeed(tx, feed.ID) }},
		{"the member leaves", 1, p.member.Caller, func(tx *store.Tx) error { return group.Leave(tx) }},
		{"the group is cancelled", 1, p.Caller, func(tx *store.Tx) error {
			_, err := group.Update(tx, p.group.ID, p.group.Version+1, group.Change{State: new(group.Cancelled)})
			return err
		}},
	} {
		version, touches := p.version(), p.CalendarTouches()
		p.Do(c.as, c.do)
		if rose := p.version() - version; rose != c.rises {
			t.Errorf("%s: the version rose by %d", c.name, rose)
		}
		if (p.CalendarTouches() > touches) != (c.rises > 0) {
			t.Errorf("%s: %d touches", c.name, p.CalendarTouches()-touches)
		}
	}
	version := p.version()
	another := p.Apply(storetest.Filled("Another"))
	if p.version() != version {
		t.Error("the version rose with an application")
	}
	p.Join(p.Caller, another, p.Group(p.Caller, 5))
	if p.version() != version+1 {
		t.Error("the version did not rise once with a seat that was taken")
	}
}

func TestAUnitThatFailsLeavesTheCalendarVersion(t *testing.T) {
	t.Parallel()
	p := newPlanner(t)
	version, failed := p.version(), errors.New("no")
	err := p.Update(t.Context(), p.Caller, func(tx *store.Tx) error {
		if _, err := planned(tx, p.group, 20); err != nil {
			return err
		}
		return failed
	})
	if !errors.Is(err, failed) || p.version() != version {
		t.Errorf("%v, and the version is %d instead of %d", err, p.version(), version)
	}
}
