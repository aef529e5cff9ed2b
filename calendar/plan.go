package calendar

import (
	"fmt"
	"strconv"
	"time"

	"grupa/internal/fault"
)

// Limits of a series.
const (
	minMinutes, maxMinutes, minuteStep = 15, 480, 5
	maxEvery                           = 52 // weeks
	maxSessions                        = 400
	maxYears                           = 2 // between the first date and the last
)

// Plan is a series before it is made: a first session that comes back every so many weeks at the same wall clock
// time. Exactly one of Count and Until says where it ends.
type Plan struct {
	Start   Local  // of the first session, or of the first that is skipped
	Zone    string // IANA name
	Minutes int    // 15 to 480 in steps of 5
	Every   int    // weeks, 1 to 52
	Count   int    // sessions held, 1 to 400, so a skipped one is made up at the end; 0 = not given
	Until   *Date  // last day on which one may be held
	Skip    []Date // dates of the series on which none is held
}

// Occurrence is one session of a series.
type Occurrence struct {
	Local      Local
	Start, End time.Time // instants in UTC; End is Start and the minutes that really go by
}

// Occurrences lists the sessions in order. Its error is a *fault.Error with every field at fault, by the names that
// the API gives them. A date on which the wall clock time does not exist or comes twice is refused by name; it may be
// skipped instead.
func (p Plan) Occurrences() ([]Occurrence, error) {
	var bad fault.List
	loc := p.check(&bad)
	dates := p.dates(&bad)
	var all []Occurrence
	if loc != nil {
		all = p.times(dates, loc, &bad)
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

// check looks at each field by itself, and gives the zone or nil.
func (p Plan) check(bad *fault.List) *time.Location {
	if !p.Start.valid() {
		bad.Add("start_local", ErrLocal.Code)
	}
	loc, err := Zone(p.Zone)
	if err != nil {
		bad.Add("time_zone", ErrZone.Code)
	}
	if p.Minutes < minMinutes || p.Minutes > maxMinutes || p.Minutes%minuteStep != 0 {
		bad.Add("duration_minutes", "range_step", append(between(minMinutes, maxMinutes),
			"step", strconv.Itoa(minuteStep))...)
	}
	if p.Every < 1 || p.Every > maxEvery {
		bad.Add("every", "range", between(1, maxEvery)...)
	}
	switch {
	case p.Until != nil && p.Count != 0:
		bad.Add("until", "count_or_until")
	case p.Until != nil && !p.Until.valid():
		bad.Add("until", ErrDate.Code)
	case p.Until == nil && p.Count == 0:
		bad.Add("count", "count_or_until")
	case p.Until == nil && (p.Count < 0 || p.Count > maxSessions):
		bad.Add("count", "range", between(1, maxSessions)...)
	}
	if len(p.Skip) > maxSessions {
		bad.Add("skip_dates", "too_many", "max", strconv.Itoa(maxSessions))
	}
	return loc
}

func between(low, high int) []string {
	return []string{"min", strconv.Itoa(low), "max", strconv.Itoa(high)}
}

// dates lists the days on which a session is held, or none when the rule that makes them is at fault.
func (p Plan) dates(bad *fault.List) []Date {
	if !p.countable() {
		return nil
	}
	last := Date{p.Start.Year + maxYears, p.Start.Month, p.Start.Day}
	skip := make(map[Date]bool, len(p.Skip)) // true once the series has come by
	for _, d := range p.Skip {
		skip[d] = false
	}
	var held []Date
	for d := p.Start.Date; !p.over(d, len(held)); d = d.AddDays(7 * p.Every) {
		if d.Compare(last) > 0 {
			bad.Add(p.endField(), "too_late", "date", last.orDayBefore().String())
			break
		}
		if _, skipped := skip[d]; skipped {
			skip[d] = true
		} else {
			held = append(held, d)
		}
	}
	p.checkSkip(skip, bad)
	p.checkAnyLeft(held, bad)
	return held
}

// countable holds when each field is sound enough for the dates to be listed.
func (p Plan) countable() bool {
	ends := p.Until == nil && p.Count > 0 && p.Count <= maxSessions || p.Until != nil && p.Count == 0
	return p.Start.valid() && p.Every >= 1 && p.Every <= maxEvery && ends && len(p.Skip) <= maxSessions
}

// over holds when the series has ended before date d, with that many sessions held.
func (p Plan) over(d Date, held int) bool {
	if p.Until != nil {
		return d.Compare(*p.Until) > 0
	}
	return held == p.Count
}

func (p Plan) endField() string {
	if p.Until != nil {
		return "until"
	}
	return "count"
}

// orDayBefore is 28 February for the 29th of a year that has none.
func (d Date) orDayBefore() Date {
	if d.AddDays(0) != d {
		d.Day--
	}
	return d
}

func (p Plan) checkSkip(passed map[Date]bool, bad *fault.List) {
	seen := make(map[Date]bool, len(p.Skip))
	for i, d := range p.Skip {
		path := fmt.Sprintf("skip_dates[%d]", i)
		switch {
		case !passed[d]:
			bad.Add(path, "not_in_series", "date", d.String())
		case seen[d]:
			bad.Add(path, "repeated", "date", d.String())
		}
		seen[d] = true
	}
}

func (p Plan) checkAnyLeft(held []Date, bad *fault.List) {
	switch {
	case len(held) > 0:
	case p.Until != nil && p.Until.Compare(p.Start.Date) < 0:
		bad.Add("until", "before_start")
	default:
		bad.Add("skip_dates", "nothing_left")
	}
}

// times puts the wall clock time on each date, in the zone's own way on that day.
func (p Plan) times(dates []Date, loc *time.Location, bad *fault.List) []Occurrence {
	all := make([]Occurrence, 0, len(dates))
	for _, d := range dates {
		local := Local{d, p.Start.Hour, p.Start.Minute}
		start, err := local.In(loc)
		if err != nil {
			bad.Add("start_local", fault.Of(err).Code, "date", d.String())
			continue
		}
		start = start.UTC()
		all = append(all, Occurrence{local, start, start.Add(time.Duration(p.Minutes) * time.Minute)})
	}
	return all
}
