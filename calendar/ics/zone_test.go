package ics_test

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"grupa/calendar/ics"
)

func zoneNames(t testing.TB) []string {
	t.Helper()
	raw, err := os.ReadFile("testdata/zones.txt")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(raw))
}

// block is one STANDARD or DAYLIGHT of a VTIMEZONE.
type block struct {
	kind     string
	start    time.Time // local, as if UTC
	from, to time.Duration
	month    int // of the yearly rule, 0 = none
	nth      int
	weekday  string
}

// onset is a point from which on an offset holds.
type onset struct {
	at time.Time
	to time.Duration
}

// blocks reads the VTIMEZONE of a feed that has one.
func blocks(t rapid.TB, out []byte) []block {
	t.Helper()
	var all []block
	for _, e := range read(t, out) {
		if e.within != "STANDARD" && e.within != "DAYLIGHT" {
			continue
		}
		if e.name == "DTSTART" { // always the first
			start, err := time.Parse("20060102T150405", e.value)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, block{kind: e.within, start: start})
		}
		b := &all[len(all)-1]
		switch e.name {
		case "TZOFFSETFROM":
			b.from = offset(t, e.value)
		case "TZOFFSETTO":
			b.to = offset(t, e.value)
		case "RRULE":
			yearly(t, b, e.value)
		}
	}
	return all
}

func offset(t rapid.TB, s string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(s[1:3] + "h" + s[3:5] + "m" + (s + "00")[5:7] + "s")
	if err != nil || (s[0] != '+' && s[0] != '-') || (len(s) != 5 && len(s) != 7) {
		t.Fatalf("offset %q: %v", s, err)
	}
	if s[0] == '-' {
		return -d
	}
	return d
}

func yearly(t rapid.TB, b *block, rule string) {
	t.Helper()
	rest, ok := strings.CutPrefix(rule, "FREQ=YEARLY;BYMONTH=")
	month, day, ok2 := strings.Cut(rest, ";BYDAY=")
	var err, err2 error
	b.month, err = strconv.Atoi(month)
	b.nth, err2 = strconv.Atoi(day[:len(day)-2])
	b.weekday = day[len(day)-2:]
	if !ok || !ok2 || err != nil || err2 != nil || b.nth < -1 || b.nth == 0 || b.nth > 4 {
		t.Fatalf("rule %q", rule)
	}
}

// onsets lists when the offsets of the blocks begin, up to that year, by looking at every day of each month.
func onsets(t rapid.TB, all []block, until int) []onset {
	t.Helper()
	var list []onset
	for _, b := range all {
		if b.month == 0 {
			list = append(list, onset{b.start.Add(-b.from), b.to})
			continue
		}
		for year := b.start.Year(); year <= until; year++ {
			var days []time.Time
			first := time.Date(year, time.Month(b.month), 1, b.start.Hour(), b.start.Minute(), b.start.Second(), 0, time.UTC)
			for d := first; d.Month() == first.Month(); d = d.AddDate(0, 0, 1) {
				if strings.HasPrefix(strings.ToUpper(d.Weekday().String()), b.weekday) {
					days = append(days, d)
				}
			}
			d := days[len(days)-1]
			if b.nth > 0 {
				d = days[b.nth-1]
			}
			if year == b.start.Year() && !d.Equal(b.start) {
				t.Fatalf("DTSTART %v is not the first of its rule, %v", b.start, d)
			}
			list = append(list, onset{d.Add(-b.from), b.to})
		}
	}
	slices.SortFunc(list, func(a, b onset) int { return a.at.Compare(b.at) })
	return list
}

// checkZone compares a feed's VTIMEZONE with the tz database at every half hour of the years, and a second before.
func checkZone(t rapid.TB, name string, from, to int) {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	first, last := session("a", "2026-01-01T00:00:00Z"), session("b", "2026-01-01T00:00:00Z")
	first.Zone, last.Zone = name, name
	first.Start = time.Date(from, 1, 1, 0, 0, 0, 0, time.UTC)
	first.End = first.Start.Add(time.Hour)
	last.Start = time.Date(to, 12, 31, 22, 0, 0, 0, time.UTC)
	last.End = last.Start.Add(time.Hour)
	out := render(t, feed(first, last))
	all := blocks(t, out)
	list := onsets(t, all, to+1)
	i := -1
	for at := first.Start; at.Year() <= to; at = at.Add(30 * time.Minute) {
		for i+1 < len(list) && !list[i+1].at.After(at) {
			i++
		}
		_, want := at.In(loc).Zone()
		if i < 0 || list[i].to != time.Duration(want)*time.Second {
			t.Fatalf("%s: at %v the offset is %d s, the feed says otherwise\n%s", name, at, want, out)
		}
	}
	for _, o := range list[1:] { // right to the second
		if at := o.at.Add(-time.Second); at.Year() >= from && at.Year() <= to {
			_, want := at.In(loc).Zone()
			j, _ := slices.BinarySearchFunc(list, at, func(o onset, t time.Time) int { return o.at.Compare(t) })
			if list[j-1].to != time.Duration(want)*time.Second {
				t.Fatalf("%s: %v is a second too early\n%s", name, o.at, out)
			}
		}
	}
	checkRules(t, name, all)
}

// checkRules holds yearly rules to the form that Outlook reads: one DAYLIGHT that sets the clocks forward, and one
// STANDARD.
func checkRules(t rapid.TB, name string, all []block) {
	t.Helper()
	var kinds []string
	for _, b := range all {
		if b.month > 0 {
			kinds = append(kinds, b.kind)
			if (b.kind == "DAYLIGHT") != (b.to > b.from) {
				t.Fatalf("%s: %+v", name, b)
			}
		}
	}
	slices.Sort(kinds)
	if len(kinds) > 0 && !slices.Equal(kinds, []string{"DAYLIGHT", "STANDARD"}) {
		t.Fatalf("%s: yearly rules %v", name, kinds)
	}
}

// Zones of every kind: regular, fixed, the other hemisphere, half hours, the tz database's "negative" daylight time,
// rules that no nth weekday fits, a changing Ramadan, a new offset lately.
var kinds = strings.Fields(`Europe/Warsaw Europe/Riga Europe/London Asia/Tehran America/New_York Asia/Tokyo UTC
	Australia/Sydney Australia/Lord_Howe Pacific/Chatham Asia/Kathmandu Europe/Dublin Asia/Jerusalem Africa/Cairo
	America/Santiago America/Nuuk Africa/Casablanca Asia/Gaza Asia/Almaty America/Asuncion Antarctica/Troll Etc/GMT+12
	America/Havana Asia/Beirut Europe/Chisinau EST5EDT`)

func TestClientsThatReadTheVTIMEZONEGetTheRightOffset(t *testing.T) {
	t.Parallel()
	names := kinds
	if os.Getenv("GRUPA_LONG") != "" {
		names = zoneNames(t)
	}
	for _, name := range names {
		checkZone(t, name, 2024, 2029)
	}
	all := zoneNames(t)
	rapid.Check(t, func(r *rapid.T) {
		from := rapid.IntRange(1971, 2200).Draw(r, "year")
		checkZone(r, rapid.SampledFrom(all).Draw(r, "zone"), from, from+rapid.IntRange(0, 2).Draw(r, "years"))
	})
}

func TestRegularZonesAreYearlyRulesAndOthersBlocks(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Europe/Warsaw": "10 -1SU, 3 -1SU", "America/New_York": "11 1SU, 3 2SU", "Australia/Sydney": "10 1SU, 4 1SU",
		"Europe/Dublin": "10 -1SU, 3 -1SU", "Asia/Tehran": "", "Africa/Casablanca": "",
		"Asia/Jerusalem": "", // the Friday before the last Sunday of March, so both are blocks
	} {
		c := feed()
		c.Zone = name
		var rules []string
		for _, b := range blocks(t, render(t, c)) {
			if b.month > 0 {
				rules = append(rules, strconv.Itoa(b.month)+" "+strconv.Itoa(b.nth)+b.weekday)
			}
		}
		slices.Sort(rules)
		if got := strings.Join(rules, ", "); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestTheVTIMEZONEOfNoZoneIsLong(t *testing.T) {
	t.Parallel()
	for _, name := range zoneNames(t) {
		c := feed(changed(session("a", "2026-10-06T16:00:00Z"), func(e *ics.Event) { e.Zone = name }))
		out := string(render(t, c))
		vtimezone := out[strings.Index(out, "BEGIN:VTIMEZONE"):strings.Index(out, "BEGIN:VEVENT")]
		if len(vtimezone) > 1800 {
			t.Errorf("%s has %d octets", name, len(vtimezone))
		}
	}
}
