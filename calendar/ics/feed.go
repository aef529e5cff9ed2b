// Package ics writes iCalendar feeds (RFC 5545, RFC 7986): one VEVENT a session, a VTIMEZONE for each zone, bytes that
// stay the same while nothing changes. It owns the form of a feed and what may stand in one. It leaves out whose
// sessions they are, how much is told of them and in which language, addresses, caching, and reading calendars.
package ics

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// Calendar is a feed. Its texts may hold anything; they are cleaned on the way out.
type Calendar struct {
	Name     string    // shown as the calendar's name; empty = none given
	Zone     string    // IANA name: X-WR-TIMEZONE, and the VTIMEZONE of an empty feed
	Events   []Event   // in any order
	Modified time.Time // of the last change to anything in it
}

// Event is one session. Start and End are instants; Zone says by which clock they are shown.
type Event struct {
	UID        string // of the characters A-Z a-z 0-9 @ . _ -
	Start, End time.Time
	Zone       string // IANA name
	Sequence   int    // rises when the session moves or is cancelled (RFC 5546 2.1.4)

	// Modified is LAST-MODIFIED and, in a feed without METHOD, DTSTAMP too (RFC 5545 3.8.7.2).
	Created, Modified time.Time

	Cancelled bool   // STATUS; the title's prefix is the caller's to give
	Summary   string // empty = no title

	// Location, Description and URL are for the full level, and empty at the discreet one. A URL that is not an
	// absolute http or https address is left out rather than losing the whole calendar over it.
	Location, Description, URL string

	Alarm time.Duration // before Start, in whole minutes; 0 = none; not rung for a cancelled session
}

// Render writes the feed. Equal calendars give equal bytes, as long as the machine's tz database is the same. An error
// means that the caller let through what no feed may hold: an unknown zone, an end that is not after its start, a
// UID twice or with other characters, a time outside 1970 to 2300. It names the UID and no text.
func Render(c Calendar) ([]byte, error) {
	c.Events = slices.Clone(c.Events)
	slices.SortStableFunc(c.Events, func(a, b Event) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.UID, b.UID))
	})
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("ics: %w", err)
	}
	zones, err := zonesOf(c)
	if err != nil {
		return nil, fmt.Errorf("ics: %w", err)
	}
	w := writer{out: make([]byte, 0, 2048+512*len(c.Events))}
	w.feed(c, zones)
	if w.err != nil {
		return nil, fmt.Errorf("ics: %w", w.err)
	}
	return w.out, nil
}

// feed writes each event before the next is built, so that one piece of memory does for all.
func (w *writer) feed(c Calendar, zones zones) {
	calendar := head(c)
	w.begin(calendar)
	for _, z := range zones.inOrder {
		w.component(z.component())
	}
	props := newProps(len(eventOrder))
	for i := range c.Events {
		w.component(event(props, &c.Events[i], zones.byName[c.Events[i].Zone]))
	}
	w.end(calendar)
}

func (c Calendar) check() error {
	if !sane(c.Modified) {
		return errors.New("the calendar's time of change is out of range")
	}
	seen := make(map[string]bool, len(c.Events))
	for i := range c.Events {
		e := &c.Events[i]
		if err := e.check(); err != nil {
			return fmt.Errorf("event %q: %w", e.UID, err)
		}
		if seen[e.UID] {
			return fmt.Errorf("event %q: two of that UID", e.UID)
		}
		seen[e.UID] = true
	}
	return nil
}

func (e *Event) check() error {
	switch {
	case !isUID(e.UID):
		return errors.New("UID is empty, too long or has other characters")
	case !sane(e.Start) || !sane(e.End) || !sane(e.Created) || !sane(e.Modified):
		return errors.New("a time is out of range")
	case !e.End.After(e.Start):
		return errors.New("end is not after start")
	case e.Sequence < 0 || e.Sequence > math.MaxInt32: // more breaks readers that keep 31 bits
		return errors.New("sequence is out of range")
	case e.Alarm < 0:
		return errors.New("alarm is after the start")
	}
	return nil
}

// sane holds for times that four digits of a year and every reader can take; never for the zero Time.
func sane(t time.Time) bool { return t.Year() >= 1970 && t.Year() <= 2300 }
