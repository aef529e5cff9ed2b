package ics

import (
	"fmt"
	"strings"
	"time"

	"github.com/emersion/go-ical"
)

// component writes the VTIMEZONE (RFC 5545 3.6.5). Where the same two changes come every year from some year of the
// feed on, they are two yearly rules, the form that Outlook reads rightly. All other changes are blocks of their own.
func (z *zone) component() *ical.Component {
	props := newProps(len(timezoneOrder))
	props.set("TZID", z.name)
	c := props.component(ical.CompTimezone)
	start, rules := z.tail()
	if start > z.first { // else the rules themselves say what held at the beginning
		c.Children = append(c.Children, z.beginning())
	}
	for _, ch := range z.changes {
		if ch.local.Year() < start {
			c.Children = append(c.Children, ch.observance(""))
		}
	}
	for _, r := range rules {
		c.Children = append(c.Children, r.observance(r.rrule()))
	}
	return c
}

// beginning is the time that held when the feed's first year began, put at a date long ago that every reader takes.
func (z *zone) beginning() *ical.Component {
	name, offset := date(z.first).In(z.loc).Zone()
	return change{local: date(min(1970, z.first)), from: offset, to: offset, name: name}.observance("")
}

// tail finds the year from which on every year has the same two changes, and those of that year. Without one by the
// feed's last year, it gives the year after it and no rules.
func (z *zone) tail() (int, []rule) {
	start, rules, left := z.last+1, []rule(nil), z.changes
	for year := z.last + cycle; year >= z.first; year-- {
		var these []change
		if left, these = cutYear(left, year); len(these) != 2 {
			break
		}
		if rules == nil {
			rules = []rule{first(these[0]), first(these[1])}
		}
		one, ok := rules[0].since(these[0])
		two, ok2 := rules[1].since(these[1])
		if !ok || !ok2 {
			break
		}
		start, rules[0], rules[1] = year, one, two
	}
	if start > z.last {
		return z.last + 1, nil
	}
	return start, rules
}

// cutYear takes the changes of the year off the end of those that come no later.
func cutYear(all []change, year int) (before, of []change) {
	n := len(all)
	for n > 0 && all[n-1].local.Year() >= year {
		n--
	}
	return all[:n], all[n:]
}

// rule is a change that comes every year on the nth or the last of a weekday in a month.
type rule struct {
	change      // the first one
	nth    int  // 1 to 4, 0 = not the same one every year
	isLast bool // always the last
}

func first(c change) rule { return rule{change: c, nth: nth(c.local), isLast: isLast(c.local)} }

// since is the rule that holds from an earlier change on, without the readings that do not fit it; false when none is
// left.
func (r rule) since(c change) (rule, bool) {
	a, b := r.local, c.local
	alike := a.Month() == b.Month() && a.Weekday() == b.Weekday() && clock(a) == clock(b) &&
		r.from == c.from && r.to == c.to && r.was == c.was && r.dst == c.dst && r.name == c.name
	if nth(b) != r.nth {
		r.nth = 0
	}
	r.isLast = r.isLast && isLast(b)
	r.change = c
	return r, alike && (r.nth > 0 || r.isLast)
}

func clock(t time.Time) [3]int { return [3]int{t.Hour(), t.Minute(), t.Second()} }

// nth counts a date among those of its weekday in the month. The fifth is no rule: most months have none.
func nth(t time.Time) int {
	if t.Day() > 28 {
		return 0
	}
	return (t.Day()-1)/7 + 1
}

func isLast(t time.Time) bool { return t.AddDate(0, 0, 7).Month() != t.Month() }

func (r rule) rrule() string {
	n := r.nth
	if r.isLast {
		n = -1
	}
	day := strings.ToUpper(r.local.Weekday().String()[:2])
	return fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", r.local.Month(), n, day)
}

// observance is one STANDARD or DAYLIGHT block. Daylight time is the one with the clocks forward, also where the tz
// database sees it the other way round (Dublin's winter, Casablanca's Ramadan): readers expect it so.
func (c change) observance(rrule string) *ical.Component {
	kind := ical.CompTimezoneStandard
	if c.was != c.dst && c.to > c.from || c.was && c.dst {
		kind = ical.CompTimezoneDaylight
	}
	props := newProps(len(observanceOrder))
	props.set("DTSTART", c.local.Format(localFormat))
	props.set("TZOFFSETFROM", offset(c.from))
	props.set("TZOFFSETTO", offset(c.to))
	props.text("TZNAME", c.name)
	if rrule != "" {
		props.set("RRULE", rrule)
	}
	return props.component(kind)
}

// offset writes +0330; seconds only where there are some, which no zone has had since 1972.
func offset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	s := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		s += fmt.Sprintf("%02d", seconds%60)
	}
	return s
}
