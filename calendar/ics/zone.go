package ics

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-ical"
)

// zone is a time zone over the years that a feed needs.
type zone struct {
	name        string
	loc         *time.Location
	params      ical.Params // TZID, shared by all properties that name it
	first, last int         // years of the feed, one more on either side
	changes     []change    // from the year first on, cycle years past last
}

// cycle is how many years a rule must hold to be one. No weekday keeps away from a date for longer, so "the second
// Sunday" and "the Sunday after the 8th" can't be mistaken for each other.
const cycle = 12

// change is a point at which the clocks, or what they are called, changed.
type change struct {
	at       time.Time // UTC
	local    time.Time // what the clocks showed just then, by the old offset, as RFC 5545 3.6.5 wants it
	from, to int       // offsets, seconds east of UTC
	was, dst bool      // daylight time before, after
	name     string    // after
}

// zones are those that the events of a feed name, or the calendar's own when there are none.
type zones struct {
	byName  map[string]*zone
	inOrder []*zone // by name
}

func zonesOf(c Calendar) (zones, error) {
	first, last := c.years()
	z := zones{byName: map[string]*zone{}}
	for i := range c.Events {
		if err := z.add(c.Events[i].Zone, first, last); err != nil {
			return zones{}, err
		}
	}
	if len(c.Events) == 0 {
		if err := z.add(c.Zone, first, last); err != nil {
			return zones{}, err
		}
	} else if z.byName[c.Zone] == nil {
		if _, err := load(c.Zone); err != nil {
			return zones{}, err
		}
	}
	slices.SortFunc(z.inOrder, func(a, b *zone) int { return strings.Compare(a.name, b.name) })
	return z, nil
}

// years are those in which the events lie.
func (c Calendar) years() (first, last int) {
	if len(c.Events) == 0 {
		return c.Modified.UTC().Year(), c.Modified.UTC().Year()
	}
	first = c.Events[0].Start.UTC().Year() // they are in order of their starts
	for i := range c.Events {
		last = max(last, c.Events[i].End.UTC().Year())
	}
	return first, last
}

func (z *zones) add(name string, first, last int) error {
	if z.byName[name] != nil {
		return nil
	}
	loc, err := load(name)
	if err != nil {
		return err
	}
	one := &zone{name: name, loc: loc, params: ical.Params{"TZID": {name}}, first: first - 1, last: last + 1}
	one.changes = changes(loc, date(one.first), date(one.last+cycle+1))
	z.byName[name] = one
	z.inOrder = append(z.inOrder, one)
	return nil
}

func date(year int) time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) }

// load refuses what time.LoadLocation takes and no other machine knows: the zone of this one.
func load(name string) (*time.Location, error) {
	if !isToken(name) || name == "Local" {
		return nil, fmt.Errorf("zone %q is not an IANA name", name)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("zone %q: %w", name, err)
	}
	return loc, nil
}

// changes walks the periods of a zone. ZoneBounds may end one early: at the end of a year, and on 31 December of leap
// years even before t. So a step of at least an hour is made, and ends that change nothing are passed over.
func changes(loc *time.Location, from, until time.Time) []change {
	var all []change
	t := from.In(loc)
	name, offset := t.Zone()
	dst := t.IsDST()
	for t.Before(until) {
		_, end := t.ZoneBounds()
		if end.IsZero() {
			break
		}
		if !end.After(t) {
			end = t.Add(time.Hour)
		}
		if t = end; !t.Before(until) {
			break
		}
		newName, newOffset := t.Zone()
		if newName == name && newOffset == offset {
			continue
		}
		c := change{at: t.UTC(), from: offset, to: newOffset, was: dst, dst: t.IsDST(), name: newName}
		c.local = c.at.Add(time.Duration(c.from) * time.Second)
		all = append(all, c)
		name, offset, dst = newName, newOffset, c.dst
	}
	return all
}

// twice holds for instants that share their wall clock time with another one.
func (z *zone) twice(t time.Time) bool {
	i, _ := slices.BinarySearchFunc(z.changes, t, func(c change, t time.Time) int { return c.at.Compare(t) })
	for _, c := range z.changes[max(0, i-1):min(len(z.changes), i+1)] {
		back := time.Duration(c.from-c.to) * time.Second
		if !t.Before(c.at.Add(-back)) && t.Before(c.at.Add(back)) {
			return true
		}
	}
	return false
}
