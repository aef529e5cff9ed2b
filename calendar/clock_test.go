package calendar_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"grupa/calendar"
)

// zoneNames lists every name of the tz database.
func zoneNames(t testing.TB) []string {
	t.Helper()
	raw, err := os.ReadFile("ics/testdata/zones.txt")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(raw))
}

func long() bool { return os.Getenv("GRUPA_LONG") != "" }

func mustZone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := calendar.Zone(name)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return loc
}

func mustLocal(t testing.TB, s string) calendar.Local {
	t.Helper()
	l, err := calendar.ParseLocal(s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return l
}

func mustDate(t testing.TB, s string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return d
}

// shown is what a clock at t's location shows.
func shown(t time.Time) calendar.Local {
	y, m, d := t.Date()
	return calendar.Local{Date: calendar.Date{Year: y, Month: m, Day: d}, Hour: t.Hour(), Minute: t.Minute()}
}

func TestImpossibleAndSloppyTimesAreRefused(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", "2026-10-06", "2026-10-06T18:00:01", "2026-10-06T18:00Z", "2026-10-06T18:00+02:00", "2026-10-06 18:00",
		"2026-10-06T24:00", "2026-10-06T18:60", "2026-02-29T10:00", "2026-13-01T10:00", "2026-00-01T10:00",
		"2026-04-31T10:00", "1969-12-31T23:59", "2201-01-01T00:00", "2026-1-006T10:00", "2026-10-06T1 :00",
		"2026-10-06T+1:00", "٢٠٢٦-10-06T18:00", "2026-10-06T18:00:00:00", "-026-10-06T18:00", "2026-10-06T18:00:00.0",
	} {
		if l, err := calendar.ParseLocal(s); !errors.Is(err, calendar.ErrLocal) {
			t.Errorf("ParseLocal(%q) = %v, %v", s, l, err)
		}
	}
	for _, s := range []string{"", "2026-2-28", "2026-02-30", "2100-02-29", "2026-10-06T", "20261006", "2026/10/06"} {
		if d, err := calendar.ParseDate(s); !errors.Is(err, calendar.ErrDate) {
			t.Errorf("ParseDate(%q) = %v, %v", s, d, err)
		}
	}
}

func TestTimesAreReadAndWrittenAlike(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"2026-10-06T18:05": "2026-10-06T18:05", "2026-10-06T18:05:00": "2026-10-06T18:05",
		"2024-02-29T00:00": "2024-02-29T00:00", "1970-01-01T23:59": "1970-01-01T23:59",
		"2200-12-31T07:00": "2200-12-31T07:00", "2026-10-06T00:00:00": "2026-10-06T00:00",
	} {
		if got := mustLocal(t, in).String(); got != want {
			t.Errorf("%s came back as %s", in, got)
		}
	}
	if got := mustLocal(t, "2026-02-27T18:05").AddDays(2).String(); got != "2026-03-01T18:05" {
		t.Errorf("two days after 27 February 18:05: %s", got)
	}
}

func TestOnlyIANANamesAreZones(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"", "Local", "local", "localtime", "posixrules", "right/Europe/Warsaw", "posix/Europe/Warsaw", "+01:00", "UTC+1",
		"GMT+25", "../Europe/Warsaw", "Europe/../Warsaw", "/etc/localtime", `Europe\Warsaw`, `\\host\share`, "Europe/",
		"Europe", "/Europe/Warsaw", "Europe//Warsaw", "europe/warsaw", "Europe/Warsaw\n", "Europe/Warsaw\x00", "Factory",
		"W. Europe Standard Time", "CEST", "Mars/Olympus", "zone.tab", "Europe/" + strings.Repeat("W", 80),
	} {
		if loc, err := calendar.Zone(name); !errors.Is(err, calendar.ErrZone) {
			t.Errorf("Zone(%q) = %v, %v", name, loc, err)
		}
	}
	for _, name := range zoneNames(t) {
		if got := mustZone(t, name).String(); got != name {
			t.Errorf("%s is called %s", name, got)
		}
	}
}

func TestLocalTimesThatDoNotExistOrComeTwiceAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone, local, want string // want is the instant, or the code
	}{
		{"Europe/Warsaw", "2026-10-06T18:00", "2026-10-06T16:00:00Z"},
		{"Europe/Warsaw", "2026-03-29T01:59", "2026-03-29T00:59:00Z"},
		{"Europe/Warsaw", "2026-03-29T02:00", "local_time_skipped"},
		{"Europe/Warsaw", "2026-03-29T02:59", "local_time_skipped"},
		{"Europe/Warsaw", "2026-03-29T03:00", "2026-03-29T01:00:00Z"},
		{"Europe/Warsaw", "2026-10-25T01:59", "2026-10-24T23:59:00Z"},
		{"Europe/Warsaw", "2026-10-25T02:00", "local_time_twice"},
		{"Europe/Warsaw", "2026-10-25T02:59", "local_time_twice"},
		{"Europe/Warsaw", "2026-10-25T03:00", "2026-10-25T02:00:00Z"},
		{"America/New_York", "2026-03-08T02:30", "local_time_skipped"},
		{"Australia/Lord_Howe", "2026-04-05T01:29", "2026-04-04T14:29:00Z"}, // only half an hour
		{"Australia/Lord_Howe", "2026-04-05T01:30", "local_time_twice"},
		{"Australia/Lord_Howe", "2026-10-04T02:15", "local_time_skipped"},
		{"Pacific/Apia", "2011-12-30T18:00", "local_time_skipped"}, // a whole day
		{"Africa/Monrovia", "1972-01-07T00:44", "local_time_skipped"},
		{"Asia/Tehran", "2022-09-21T23:30", "local_time_twice"},
		{"Europe/Warsaw", "2048-12-31T18:00", "2048-12-31T17:00:00Z"}, // leap years' last day, beyond the tables
		{"America/Sao_Paulo", "2200-12-31T23:59", "2201-01-01T02:59:00Z"},
		{"UTC", "2026-03-29T02:30", "2026-03-29T02:30:00Z"},
	} {
		got, err := mustLocal(t, c.local).In(mustZone(t, c.zone))
		text := got.UTC().Format(time.RFC3339)
		if err != nil {
			text = err.Error()
		}
		if text != c.want {
			t.Errorf("%s %s: %s, want %s", c.zone, c.local, text, c.want)
		}
	}
	if _, err := (calendar.Local{Hour: 25}).In(time.UTC); !errors.Is(err, calendar.ErrLocal) {
		t.Errorf("25:00 gave %v", err)
	}
}

// TestEveryClockChangeIsSeenAsTheClocksShowIt walks the clock in half minutes around changes of the zone (one zone
// once had an offset with half a minute) and compares each local minute with what In says.
func TestEveryClockChangeIsSeenAsTheClocksShowIt(t *testing.T) {
	t.Parallel()
	names := zoneNames(t)
	if long() {
		for _, name := range names {
			loc := mustZone(t, name)
			for _, near := range clockChanges(loc, 1970, 2045) {
				compareWithWalker(t, loc, near)
			}
		}
		return
	}
	rapid.Check(t, func(r *rapid.T) {
		loc := mustZone(t, rapid.SampledFrom(names).Draw(r, "zone"))
		from := rapid.IntRange(1970, 2195).Draw(r, "year")
		for _, near := range clockChanges(loc, from, from+1) {
			compareWithWalker(r, loc, near)
		}
	})
}

// clockChanges finds the days on which the offset changed, by looking at each noon, and each new year's eve, where
// Go's own bounds are not exact.
func clockChanges(loc *time.Location, from, to int) []time.Time {
	var near []time.Time
	t := time.Date(from, 1, 1, 12, 0, 0, 0, time.UTC)
	for ; t.Year() < to; t = t.AddDate(0, 0, 1) {
		_, a := t.In(loc).Zone()
		_, b := t.AddDate(0, 0, 1).In(loc).Zone()
		if a != b || (t.YearDay() == 366 && t.Year()%8 == 0) {
			near = append(near, t)
		}
	}
	return near
}

func compareWithWalker(t rapid.TB, loc *time.Location, near time.Time) {
	seen := map[calendar.Local][]time.Time{}
	for at := near.Add(-48 * time.Hour); at.Before(near.Add(72 * time.Hour)); at = at.Add(30 * time.Second) {
		if c := at.In(loc); c.Second() == 0 {
			seen[shown(c)] = append(seen[shown(c)], at)
		}
	}
	noon := shown(near.In(loc))
	wall := calendar.Local{Date: noon.Date}
	for minute := -3 * 60; minute < 39*60; minute++ {
		n := minute + 24*60
		l := wall.AddDays(n/(24*60) - 1)
		l.Hour, l.Minute = n/60%24, n%60
		got, err := l.In(loc)
		switch times := seen[l]; {
		case len(times) == 1 && err == nil && got.Equal(times[0]) && got.Location() == loc:
		case len(times) == 0 && errors.Is(err, calendar.ErrSkipped):
		case len(times) > 1 && errors.Is(err, calendar.ErrTwice):
		default:
			t.Fatalf("%s %s: In says %v, %v; the clock shows it at %v", loc, l, got, err, times)
		}
	}
}

func TestDatesAreCountedByTheCalendar(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		days := rapid.IntRange(0, 80_000).Draw(r, "days")
		n := rapid.IntRange(-400, 400).Draw(r, "n")
		epoch := calendar.Date{Year: 1970, Month: 1, Day: 1}
		d := epoch.AddDays(days)
		e := d.AddDays(n)
		want := time.Unix(int64(days+n)*86400, 0).UTC()
		if e != shown(want).Date || e.Weekday() != want.Weekday() || e.String() != want.Format(time.DateOnly) {
			r.Fatalf("%v + %d days = %v %v", d, n, e, e.Weekday())
		}
		if (d.Compare(e) < 0) != (n > 0) || (d.Compare(e) == 0) != (n == 0) || d.Compare(e) != -e.Compare(d) {
			r.Fatalf("%v.Compare(%v) = %d", d, e, d.Compare(e))
		}
	})
}

func TestLocalTimesAreOrdered(t *testing.T) {
	t.Parallel()
	sorted := []string{"2025-12-31T23:59", "2026-01-01T00:00", "2026-01-01T00:01", "2026-01-01T01:00", "2026-02-01T00:00"}
	for i, a := range sorted {
		for j, b := range sorted {
			got := mustLocal(t, a).Compare(mustLocal(t, b))
			if (got < 0) != (i < j) || (got == 0) != (i == j) {
				t.Errorf("%s.Compare(%s) = %d", a, b, got)
			}
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-10-06", "2024-02-29", "2026-02-29", "2026-1-1", "1969-12-31", "2200-12-31", "٢"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := calendar.ParseDate(s)
		std, stdErr := time.Parse(time.DateOnly, s)
		want := stdErr == nil && std.Year() >= 1970 && std.Year() <= 2200
		if (err == nil) != want || (err == nil && (d.String() != s || d != shown(std).Date)) {
			t.Fatalf("ParseDate(%q) = %v, %v; time.Parse: %v, %v", s, d, err, std, stdErr)
		}
	})
}

func FuzzParseLocal(f *testing.F) {
	for _, s := range []string{"2026-10-06T18:00", "2026-10-06T18:00:00", "2026-10-06T8:00", "2026-10-06T24:00",
		"2026-10-06T18:00:30", "2026-10-06T18:0::00", ":00", "2026-10-06T23:59:00.0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, err := calendar.ParseLocal(s)
		short := s
		if len(s) == 19 && strings.HasSuffix(s, ":00") {
			short = s[:16]
		}
		std, stdErr := time.Parse("2006-01-02T15:04", short)
		want := stdErr == nil && len(short) == 16 && std.Year() >= 1970 && std.Year() <= 2200
		if (err == nil) != want || (err == nil && (l.String() != short || l != shown(std))) {
			t.Fatalf("ParseLocal(%q) = %v, %v; time.Parse: %v, %v", s, l, err, std, stdErr)
		}
	})
}
