package calendar

import (
	"fmt"

	"grupa/internal/account"
	"grupa/internal/fault"
)

// SeriesDraft is what a coordinator gives to plan the sessions of a group.
type SeriesDraft struct {
	Plan         Plan
	Room         RoomID             // empty: none
	Facilitators []account.PersonID // empty: the group's leaders
}

// Planned is a series with its sessions.
type Planned struct {
	Series   SeriesID
	Plan     Plan
	Sessions []Session
	// SomeoneCannot warns the planner that a member has another session at one of these times.
	SomeoneCannot bool
}

// PlanSeries plans the sessions of a group, all of them or none. A clash of the room or of a facilitator is refused by
// the database.
func PlanSeries(tx Tx, group string, d SeriesDraft) (Planned, error) {
	m, err := tx.MeetingGroup(group)
	if err != nil {
		return Planned{}, err
	}
	if !tx.Caller().May(m.Programme, account.Coordinator) {
		return Planned{}, account.ErrDenied
	}
	if m.Over {
		return Planned{}, ErrNotOpen
	}
	if len(d.Facilitators) == 0 {
		d.Facilitators = m.Leaders
	}
	if err := d.check(tx, m); err != nil {
		return Planned{}, err
	}
	occurrences, err := d.Plan.Occurrences()
	if err != nil {
		return Planned{}, err
	}
	if err := withinReach(tx, occurrences[0]); err != nil {
		return Planned{}, err
	}
	p := Planned{Series: SeriesID(account.NewID()), Plan: d.Plan}
	for n, o := range occurrences {
		p.Sessions = append(p.Sessions, Session{
			ID: SessionID(account.NewID()), Group: group, Series: p.Series, Number: n + 1,
			Start: o.Local, Zone: d.Plan.Zone, Minutes: d.Plan.Minutes, StartsAt: o.Start, EndsAt: o.End,
			Room: d.Room, Facilitators: d.Facilitators, State: StatePlanned, Version: 1,
			Created: tx.Now(), Updated: tx.Now(),
		})
	}
	tx.Audit("series.plan", string(p.Series))
	if err := tx.CreateSeries(p, group); err != nil {
		return Planned{}, err
	}
	changed, err := seen(tx, p.Sessions...)
	p.SomeoneCannot = changed.SomeoneCannot
	return p, err
}

// How far from today sessions may be planned, in years. Behind it lies what a programme brings along from paper; ahead,
// what a feed reaches (window), two years of a series included.
const (
	yearsBehind = 1
	yearsAhead  = 3
)

func withinReach(tx Tx, first Occurrence) error {
	from, until := tx.Now().AddDate(-yearsBehind, 0, 0), tx.Now().AddDate(yearsAhead, 0, 0)
	if first.Start.Before(from) || first.Start.After(until) {
		return fault.At("start_local", "out_of_reach", "from", DateOf(from).String(), "until", DateOf(until).String())
	}
	return nil
}

func (d SeriesDraft) check(tx Tx, m MeetingGroup) error {
	var l fault.List
	if err := l.Take(checkRoom(tx, d.Room)); err != nil {
		return err
	}
	seen := map[account.PersonID]bool{}
	for n, f := range d.Facilitators {
		is, err := tx.IsFacilitator(m.Programme, f)
		if err != nil {
			return err
		}
		if !is || seen[f] {
			l.Add(fmt.Sprintf("facilitator_ids[%d]", n), "facilitator")
		}
		seen[f] = true
	}
	return l.Err()
}
