package calendar_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/teambition/rrule-go"
	"pgregory.net/rapid"

	"grupa/calendar"
	"grupa/internal/fault"
)

func weekly(t testing.TB, start, zone string, count int) calendar.Plan {
	t.Helper()
	return calendar.Plan{Start: mustLocal(t, start), Zone: zone, Minutes: 90, Every: 1, Count: count}
}

func occurrences(t testing.TB, p calendar.Plan) []calendar.Occurrence {
	t.Helper()
	all, err := p.Occurrences()
	if err != nil {
		t.Fatalf("%+v: %v", p, err)
	}
	return all
}

// refusals are the fields at fault, with their arguments' dates.
func refusals(p calendar.Plan) []string {
	_, err := p.Occurrences()
	e := fault.Of(err)
	if e == nil {
		return nil
	}
	var all []string
	for _, f := range e.Fields {
		all = append(all, strings.TrimSpace(f.Path+" "+f.Code+" "+f.Args["date"]))
	}
	return all
}

func TestWeeklySessionsKeepTheWallClockOverTheOctoberChange(t *testing.T) {
	t.Parallel()
	all := occurrences(t, weekly(t, "2026-10-06T18:00", "Europe/Warsaw", 5))
	var got []string
	for _, o := range all {
		got = append(got, o.Local.String()+" "+o.Start.Format("15:04Z")+" "+o.End.Format("15:04Z"))
	}
	want := []string{
		"2026-10-06T18:00 16:00Z 17:30Z", "2026-10-13T18:00 16:00Z 17:30Z", "2026-10-20T18:00 16:00Z 17:30Z",
		"2026-10-27T18:00 17:00Z 18:30Z", "2026-11-03T18:00 17:00Z 18:30Z",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestASessionLastsItsMinutesThroughAChangeOfClocks(t *testing.T) {
	t.Parallel()
	p := weekly(t, "2026-10-25T01:30", "Europe/Warsaw", 1)
	p.Minutes = 120
	o := occurrences(t, p)[0]
	if o.End.Sub(o.Start) != 2*time.Hour || shown(o.End.In(mustZone(t, "Europe/Warsaw"))).String() != "2026-10-25T02:30" {
		t.Errorf("ends at %v", o.End)
	}
}

func TestASkippedDateIsMadeUpAtTheEndOfACount(t *testing.T) {
	t.Parallel()
	p := weekly(t, "2026-12-15T18:00", "Europe/Riga", 3)
	p.Skip = []calendar.Date{mustDate(t, "2026-12-29"), mustDate(t, "2026-12-22")}
	if diff := cmp.Diff([]string{"2026-12-15", "2027-01-05", "2027-01-12"}, days(occurrences(t, p))); diff != "" {
		t.Error(diff)
	}
	p.Count, p.Until = 0, new(mustDate(t, "2027-01-05"))
	if diff := cmp.Diff([]string{"2026-12-15", "2027-01-05"}, days(occurrences(t, p))); diff != "" {
		t.Errorf("with until: %s", diff)
	}
}

func days(all []calendar.Occurrence) []string {
	var got []string
	for _, o := range all {
		got = append(got, o.Local.Date.String())
	}
	return got
}

func TestADateInTheGapOrFoldIsRefusedByNameAndMayBeSkipped(t *testing.T) {
	t.Parallel()
	p := weekly(t, "2026-03-15T02:30", "Europe/Warsaw", 40)
	want := []string{"start_local local_time_skipped 2026-03-29", "start_local local_time_twice 2026-10-25"}
	if diff := cmp.Diff(want, refusals(p)); diff != "" {
		t.Error(diff)
	}
	p.Skip = []calendar.Date{mustDate(t, "2026-03-29"), mustDate(t, "2026-10-25")}
	if all := occurrences(t, p); len(all) != 40 {
		t.Errorf("%d sessions with both days skipped", len(all))
	}
}

func TestEveryFieldAtFaultIsToldAtOnce(t *testing.T) {
	t.Parallel()
	_, err := calendar.Plan{Minutes: 17, Every: 53, Skip: make([]calendar.Date, 401)}.Occurrences()
	minutes := map[string]string{"min": "15", "max": "480", "step": "5"}
	want := fault.Fields(
		fault.Field{Path: "start_local", Code: "local_time_invalid"},
		fault.Field{Path: "time_zone", Code: "time_zone_unknown"},
		fault.Field{Path: "duration_minutes", Code: "range_step", Args: minutes},
		fault.Field{Path: "every", Code: "range", Args: map[string]string{"min": "1", "max": "52"}},
		fault.Field{Path: "count", Code: "count_or_until"},
		fault.Field{Path: "skip_dates", Code: "too_many", Args: map[string]string{"max": "400"}},
	)
	if diff := cmp.Diff(want.Fields, fault.Of(err).Fields); diff != "" {
		t.Error(diff)
	}
	if !errors.Is(err, want) {
		t.Errorf("%v is not an error of fields", err)
	}
}

func TestSeriesThatCanNotBeMeantAreRefused(t *testing.T) {
	t.Parallel()
	until := func(s string) func(*calendar.Plan) {
		return func(p *calendar.Plan) { p.Count, p.Until = 0, new(mustDate(t, s)) }
	}
	skip := func(dates ...string) func(*calendar.Plan) {
		return func(p *calendar.Plan) {
			for _, s := range dates {
				p.Skip = append(p.Skip, mustDate(t, s))
			}
		}
	}
	for name, c := range map[string]struct {
		change func(*calendar.Plan)
		want   []string
	}{
		"count and until": {func(p *calendar.Plan) { p.Until = new(mustDate(t, "2024-03-07")) },
			[]string{"until count_or_until"}},
		"count below one":     {func(p *calendar.Plan) { p.Count = -1 }, []string{"count range"}},
		"count above 400":     {func(p *calendar.Plan) { p.Count = 401 }, []string{"count range"}},
		"more than two years": {func(p *calendar.Plan) { p.Count = 106 }, []string{"count too_late 2026-02-28"}},
		"just two years":      {func(p *calendar.Plan) { p.Count = 105 }, nil},
		"until too late":      {until("2026-03-05"), []string{"until too_late 2026-02-28"}},
		"until past the last": {until("2026-03-04"), nil},
		"until 30 February": {func(p *calendar.Plan) { p.Count, p.Until = 0, &calendar.Date{Year: 2025, Month: 2, Day: 30} },
			[]string{"until date_invalid"}},
		"until before start": {until("2024-02-28"), []string{"until before_start"}},
		"until on the start": {until("2024-02-29"), nil},
		"skip another day":   {skip("2024-03-08"), []string{"skip_dates[0] not_in_series 2024-03-08"}},
		"skip after the end": {skip("2024-03-07", "2024-03-28"), []string{"skip_dates[1] not_in_series 2024-03-28"}},
		"skip before":        {skip("2024-02-22"), []string{"skip_dates[0] not_in_series 2024-02-22"}},
		"skip one day twice": {skip("2024-03-07", "2024-03-07"), []string{"skip_dates[1] repeated 2024-03-07"}},
		"skip all": {func(p *calendar.Plan) { until("2024-03-07")(p); skip("2024-02-29", "2024-03-07")(p) },
			[]string{"skip_dates nothing_left"}},
		"no time at all":    {func(p *calendar.Plan) { p.Minutes = 0 }, []string{"duration_minutes range_step"}},
		"more than 8 hours": {func(p *calendar.Plan) { p.Minutes = 485 }, []string{"duration_minutes range_step"}},
		"never again":       {func(p *calendar.Plan) { p.Every = 0 }, []string{"every range"}},
		"25 o'clock":        {func(p *calendar.Plan) { p.Start.Hour = 25 }, []string{"start_local local_time_invalid"}},
		"machine's zone":    {func(p *calendar.Plan) { p.Zone = "Local" }, []string{"time_zone time_zone_unknown"}},
	} {
		p := weekly(t, "2024-02-29T18:00", "Europe/Warsaw", 2)
		c.change(&p)
		if diff := cmp.Diff(c.want, refusals(p)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// planOf draws a sound plan, or one that meets a change of clocks.
func planOf(r *rapid.T, zone string) calendar.Plan {
	start := calendar.Date{Year: 1970, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 83_000).Draw(r, "day"))
	p := calendar.Plan{
		Start: calendar.Local{Date: start, Hour: rapid.IntRange(0, 23).Draw(r, "hour"),
			Minute: rapid.SampledFrom([]int{0, 15, 30, 59}).Draw(r, "minute")},
		Zone: zone, Minutes: 5 * rapid.IntRange(3, 96).Draw(r, "minutes"), Every: rapid.IntRange(1, 8).Draw(r, "every"),
	}
	weeks := rapid.IntRange(0, 100/p.Every-1).Draw(r, "weeks")
	if rapid.Bool().Draw(r, "by count") {
		p.Count = weeks + 1
	} else {
		p.Until = new(start.AddDays(7*p.Every*weeks + rapid.IntRange(0, 6).Draw(r, "past")))
	}
	if weeks > 3 {
		p.Skip = []calendar.Date{start.AddDays(7 * p.Every * rapid.IntRange(0, weeks-1).Draw(r, "skipped"))}
	}
	return p
}

// walked lists the dates of a plan by going through all days one by one.
func walked(p calendar.Plan) []string {
	var held []string
	noon := time.Date(p.Start.Year, p.Start.Month, p.Start.Day, 12, 0, 0, 0, time.UTC)
	for n := 0; ; n++ {
		d := shown(noon.AddDate(0, 0, n)).Date
		if (p.Until != nil && d.String() > p.Until.String()) || (p.Until == nil && len(held) == p.Count) {
			return held
		}
		if n%(7*p.Every) == 0 && !slices.Contains(p.Skip, d) {
			held = append(held, d.String())
		}
	}
}

func TestAnySeriesInAnyZoneIsWhatADayByDayWalkerFinds(t *testing.T) {
	t.Parallel()
	names := zoneNames(t)
	if long() {
		for _, name := range names {
			for seed := range 20 {
				compareWithWalkedDays(t, rapid.Custom(func(r *rapid.T) calendar.Plan { return planOf(r, name) }).Example(seed))
			}
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		compareWithWalkedDays(r, planOf(r, rapid.SampledFrom(names).Draw(r, "zone")))
	})
}

func compareWithWalkedDays(t rapid.TB, p calendar.Plan) {
	loc, err := calendar.Zone(p.Zone)
	if err != nil {
		t.Fatal(err)
	}
	var wantBad []string
	dates := walked(p)
	for _, d := range dates {
		if code := changeOfClocks(t, d, p.Start, loc); code != "" {
			wantBad = append(wantBad, "start_local "+code+" "+d)
		}
	}
	if diff := cmp.Diff(wantBad, refusals(p)); diff != "" {
		t.Fatalf("%+v: %s", p, diff)
	}
	if len(wantBad) > 0 {
		return
	}
	all, err := p.Occurrences()
	if diff := cmp.Diff(dates, days(all)); err != nil || diff != "" {
		t.Fatalf("%+v: %v %s", p, err, diff)
	}
	for _, o := range all {
		clock := shown(o.Start.In(loc))
		sound := clock == o.Local && o.Local.Hour == p.Start.Hour && o.Local.Minute == p.Start.Minute &&
			o.End.Sub(o.Start) == time.Duration(p.Minutes)*time.Minute && o.Start.Location() == time.UTC
		if !sound {
			t.Fatalf("%+v: %+v is at %s by the clock", p, o, clock)
		}
	}
}

// changeOfClocks looks for the wall clock time in all half minutes of three days.
func changeOfClocks(t rapid.TB, date string, l calendar.Local, loc *time.Location) string {
	d, err := time.Parse(time.DateOnly, date)
	if err != nil {
		t.Fatal(err)
	}
	midnight := d.Add(-24 * time.Hour)
	_, before := midnight.In(loc).Zone()
	_, then := d.Add(12 * time.Hour).In(loc).Zone()
	_, after := d.Add(48 * time.Hour).In(loc).Zone()
	if before == then && then == after {
		return "" // the long walk is for days on which the offset changed
	}
	times := 0
	for at := midnight; at.Before(d.Add(48 * time.Hour)); at = at.Add(30 * time.Second) {
		c := at.In(loc)
		if c.Day() == d.Day() && c.Hour() == l.Hour && c.Minute() == l.Minute && c.Second() == 0 {
			times++
		}
	}
	return [...]string{"local_time_skipped", "", "local_time_twice"}[min(times, 2)]
}

func rule(t testing.TB, p calendar.Plan) *rrule.RRule {
	t.Helper()
	l := p.Start
	r, err := rrule.NewRRule(rrule.ROption{
		Freq: rrule.WEEKLY, Interval: p.Every, Count: p.Count,
		Dtstart: time.Date(l.Year, l.Month, l.Day, l.Hour, l.Minute, 0, 0, mustZone(t, p.Zone)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRruleGoGivesTheSameInstantsOverTheChangesInWarsaw(t *testing.T) {
	t.Parallel()
	for every := 1; every <= 4; every++ {
		p := weekly(t, "2026-09-01T18:00", "Europe/Warsaw", 100/every)
		p.Every = every
		var got []time.Time
		for _, o := range occurrences(t, p) {
			got = append(got, o.Start)
		}
		if diff := cmp.Diff(rule(t, p).All(), got); diff != "" {
			t.Errorf("every %d weeks: %s", every, diff)
		}
	}
}

func BenchmarkWeekly52(b *testing.B) {
	p := weekly(b, "2026-09-01T18:00", "Europe/Warsaw", 52)
	b.ReportAllocs()
	for b.Loop() {
		if all, err := p.Occurrences(); err != nil || len(all) != 52 {
			b.Fatal(len(all), err)
		}
	}
}

func BenchmarkWeekly52RruleGo(b *testing.B) {
	p := weekly(b, "2026-09-01T18:00", "Europe/Warsaw", 52)
	b.ReportAllocs()
	for b.Loop() {
		if all := rule(b, p).All(); len(all) != 52 {
			b.Fatal(len(all))
		}
	}
}
