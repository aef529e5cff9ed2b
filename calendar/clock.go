package calendar

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"grupa/internal/account"
	"grupa/internal/fault"
)

// What can be wrong with a civil time or a zone. A rule that knows the field says it with these codes.
var (
	ErrDate    = fault.New(fault.Invalid, "date_invalid")
	ErrLocal   = fault.New(fault.Invalid, "local_time_invalid")
	ErrZone    = fault.New(fault.Invalid, "time_zone_unknown")
	ErrSkipped = fault.New(fault.Invalid, "local_time_skipped") // the clocks jump over it
	ErrTwice   = fault.New(fault.Invalid, "local_time_twice")   // the clocks are set back over it
)

// The years that ParseDate takes.
const firstYear, lastYear = 1970, 2200

// Date is a day in the calendar of a place, without a zone. The zero Date is none.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// Local is what a clock on the wall shows: a date and a time, without a zone.
type Local struct {
	Date
	Hour, Minute int
}

// ParseDate reads "2026-10-06", years 1970 to 2200. Its error is ErrDate.
func ParseDate(s string) (Date, error) {
	if len(s) != len("2026-10-06") || s[4] != '-' || s[7] != '-' {
		return Date{}, ErrDate
	}
	d := Date{digits(s[:4]), time.Month(digits(s[5:7])), digits(s[8:])}
	if !d.valid() {
		return Date{}, ErrDate
	}
	return d, nil
}

// ParseLocal reads "2026-10-06T18:00"; seconds are taken only as ":00". Its error is ErrLocal.
func ParseLocal(s string) (Local, error) {
	const length = len("2026-10-06T18:00")
	if len(s) == length+len(":00") {
		s = strings.TrimSuffix(s, ":00")
	}
	if len(s) != length || s[10] != 'T' || s[13] != ':' {
		return Local{}, ErrLocal
	}
	d, err := ParseDate(s[:10])
	l := Local{d, digits(s[11:13]), digits(s[14:])}
	if err != nil || !l.valid() {
		return Local{}, ErrLocal
	}
	return l, nil
}

// digits is -1 for anything but ASCII digits.
func digits(s string) int {
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return -1
		}
		n = 10*n + int(c-'0')
	}
	return n
}

func (d Date) valid() bool { return d.Year >= firstYear && d.Year <= lastYear && d.exists() }

// exists is false for 30 February.
func (d Date) exists() bool { return d.AddDays(0) == d }

func (l Local) valid() bool { return l.Date.valid() && l.exists() }

func (l Local) exists() bool {
	return l.Date.exists() && l.Hour >= 0 && l.Hour < 24 && l.Minute >= 0 && l.Minute < 60
}

// String writes the date as ParseDate reads it.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// String writes the time as ParseLocal reads it, without seconds.
func (l Local) String() string { return fmt.Sprintf("%sT%02d:%02d", l.Date, l.Hour, l.Minute) }

// AddDays counts days of the calendar, never hours.
func (d Date) AddDays(n int) Date {
	y, m, dd := time.Date(d.Year, d.Month, d.Day+n, 0, 0, 0, 0, time.UTC).Date()
	return Date{y, m, dd}
}

// AddDays keeps the time of day.
func (l Local) AddDays(n int) Local { return Local{l.Date.AddDays(n), l.Hour, l.Minute} }

// Weekday is the day of the week of that date.
func (d Date) Weekday() time.Weekday {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Weekday()
}

// Compare is negative when d comes before e, 0 on the same day, else positive.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// Compare is negative when l shows before m on one clock that nobody touches. It says nothing of instants.
func (l Local) Compare(m Local) int {
	return cmp.Or(l.Date.Compare(m.Date), cmp.Compare(l.Hour, m.Hour), cmp.Compare(l.Minute, m.Minute))
}

// In gives the one instant at which a clock in loc shows l, with loc as its location. A time that the clocks jump
// over is ErrSkipped, one that they show twice ErrTwice, and one that no clock ever shows (25:00) ErrLocal: nobody's
// session is moved by a silent choice.
func (l Local) In(loc *time.Location) (time.Time, error) {
	const reach = 24 * time.Hour // no offset is that large, so only those in force this near can be meant
	if !l.exists() {
		return time.Time{}, ErrLocal
	}
	wall := time.Date(l.Year, l.Month, l.Day, l.Hour, l.Minute, 0, 0, time.UTC)
	var found time.Time
	times := 0
	for at := wall.Add(-reach).In(loc); at.Before(wall.Add(reach)); at = nextPeriod(at) {
		_, offset := at.Zone()
		t := wall.Add(-time.Duration(offset) * time.Second).In(loc)
		if _, there := t.Zone(); there == offset && !t.Equal(found) {
			found = t
			times++
		}
	}
	switch times {
	case 0:
		return time.Time{}, ErrSkipped
	case 1:
		return found, nil
	}
	return time.Time{}, ErrTwice
}

// nextPeriod is the instant at which the offset may change next. ZoneBounds may end a period early: at the end of a
// year, and on 31 December of leap years even before t, so a step of at least an hour is made.
func nextPeriod(t time.Time) time.Time {
	_, end := t.ZoneBounds()
	switch {
	case end.IsZero(): // it goes on for ever
		return t.Add(48 * time.Hour)
	case !end.After(t):
		return t.Add(time.Hour)
	}
	return end
}

// Zone loads a zone by its IANA name; what account.Zone refuses is ErrZone.
func Zone(name string) (*time.Location, error) {
	loc, err := account.Zone(name)
	if err != nil {
		return nil, ErrZone.Because(err)
	}
	return loc, nil
}
