package ics_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"grupa/calendar/ics"
)

var update = flag.Bool("update", false, "write the golden files")

func samples() map[string]ics.Calendar {
	moved := changed(session("b@example.invalid", "2026-10-13T17:00:00Z"), func(e *ics.Event) {
		e.Sequence, e.Modified = 1, at("2026-10-10T10:00:00Z")
	})
	cancelled := changed(session("c@example.invalid", "2026-10-27T17:00:00Z"), func(e *ics.Event) {
		e.Sequence, e.Modified = 1, at("2026-10-12T09:30:00Z")
		e.Cancelled, e.Summary, e.Alarm = true, "Cancelled: Appointment", time.Hour
	})
	full := changed(session("d@example.invalid", "2026-10-06T14:30:00Z"), func(e *ics.Event) {
		e.Zone, e.Summary, e.Alarm = "Asia/Tehran", "قرار", 90*time.Minute
		e.Location = "اتاق آبی؛ طبقهٔ ۲, خیابان ولی‌عصر"
		e.Description = "Bring: a pen, a notebook; nothing else.\r\nPath C:\\groups\\spring\r\n\r\n" +
			strings.Repeat("لطفاً چند دقیقه زودتر بیایید. ", 4) + "🌱🌱🌱"
		e.URL = "https://meet.example.org/اتاق?name=a b&x=\"1\""
	})
	twice := changed(session("e@example.invalid", "2026-10-24T23:30:00Z"), func(e *ics.Event) { // 01:30 to 02:30 or 02:30
		e.End = at("2026-10-25T01:30:00Z")
	})
	return map[string]ics.Calendar{
		"empty":    feed(),
		"discreet": feed(session("a@example.invalid", "2026-10-06T16:00:00Z"), moved, cancelled),
		"full":     feed(full, session("a@example.invalid", "2026-10-06T16:00:00Z")),
		"twice":    feed(twice),
	}
}

// The golden files have LF line ends, so that editors leave them alone; CRLF is what read checks.
func TestFeedsAreAsTheGoldenFilesHaveThem(t *testing.T) {
	t.Parallel()
	for name, c := range samples() {
		out := render(t, c)
		read(t, out)
		got := strings.ReplaceAll(string(out), "\r\n", "\n")
		file := filepath.Join("testdata", name+".ics")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s: %s", file, diff)
		}
	}
}

func TestFeedsHoldOnlyWhatIsListed(t *testing.T) {
	t.Parallel()
	allowed := map[string]string{
		"VCALENDAR": "VERSION PRODID CALSCALE NAME X-WR-CALNAME X-WR-TIMEZONE LAST-MODIFIED REFRESH-INTERVAL X-PUBLISHED-TTL",
		"VTIMEZONE": "TZID",
		"STANDARD":  "DTSTART TZOFFSETFROM TZOFFSETTO TZNAME RRULE",
		"DAYLIGHT":  "DTSTART TZOFFSETFROM TZOFFSETTO TZNAME RRULE",
		"VEVENT": "UID DTSTAMP CREATED LAST-MODIFIED SEQUENCE DTSTART DTEND SUMMARY STATUS TRANSP CLASS LOCATION " +
			"DESCRIPTION URL",
		"VALARM": "ACTION DESCRIPTION TRIGGER",
	}
	discreet := strings.Fields("UID DTSTAMP CREATED LAST-MODIFIED SEQUENCE DTSTART DTEND SUMMARY STATUS TRANSP CLASS")
	for name, c := range samples() {
		all := read(t, render(t, c))
		if all[0].name != "VERSION" || all[1].name != "PRODID" {
			t.Errorf("%s begins with %v", name, all[:2])
		}
		for _, e := range all {
			if !slices.Contains(strings.Fields(allowed[e.within]), e.name) {
				t.Errorf("%s: %s in %s", name, e.name, e.within)
			}
			if e.within == "VEVENT" && name != "full" && !slices.Contains(discreet, e.name) {
				t.Errorf("%s: a discreet feed has %s", name, e.name)
			}
			for param, value := range e.params {
				sound := param == "TZID" && strings.HasPrefix(e.name, "DT") || e.name == "REFRESH-INTERVAL" && value == "DURATION"
				if !sound {
					t.Errorf("%s: %s has the parameter %s=%s", name, e.name, param, value)
				}
			}
		}
	}
}

func TestACancelledSessionIsMarkedAndDoesNotRing(t *testing.T) {
	t.Parallel()
	out := render(t, samples()["discreet"])
	if diff := cmp.Diff([]string{"CONFIRMED", "CONFIRMED", "CANCELLED"}, events(t, out, "STATUS")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"OPAQUE", "OPAQUE", "TRANSPARENT"}, events(t, out, "TRANSP")); diff != "" {
		t.Error(diff)
	}
	if bytes.Contains(out, []byte("VALARM")) {
		t.Error("an alarm for a cancelled session")
	}
}

func TestAnEndInTheDoubledHourStaysTheInstantItIs(t *testing.T) {
	t.Parallel()
	for _, end := range []string{
		"2026-10-25T00:15:00Z", "2026-10-25T00:45:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:00:00Z",
	} {
		c := feed(changed(session("a", "2026-10-24T23:30:00Z"), func(e *ics.Event) { e.End = at(end) }))
		for _, e := range read(t, render(t, c)) {
			if e.name != "DTEND" {
				continue
			}
			if got := instant(t, e); !got.Equal(at(end)) || (e.params["TZID"] == "") != (end < "2026-10-25T02") {
				t.Errorf("%s came out as %v", end, e)
			}
		}
	}
}

// instant reads a time as a client does that takes the first of two, which is what RFC 5545 3.3.5 asks for.
func instant(t testing.TB, e entry) time.Time {
	t.Helper()
	if strings.HasSuffix(e.value, "Z") {
		at, err := time.Parse("20060102T150405Z", e.value)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	loc, err := time.LoadLocation(e.params["TZID"])
	if err != nil {
		t.Fatal(err)
	}
	wall, err := time.ParseInLocation("20060102T150405", e.value, loc)
	if err != nil {
		t.Fatal(err)
	}
	if earlier := wall.Add(-time.Hour); earlier.Format("150405") == wall.Format("150405") {
		return earlier
	}
	return wall
}

func TestTheOrderOfEventsDoesNotChangeTheBytes(t *testing.T) {
	t.Parallel()
	c := samples()["discreet"]
	want := render(t, c)
	slices.Reverse(c.Events)
	before := slices.Clone(c.Events)
	if !bytes.Equal(want, render(t, c)) {
		t.Error("other bytes")
	}
	if diff := cmp.Diff(before, c.Events); diff != "" {
		t.Errorf("the caller's events were moved: %s", diff)
	}
}

func TestEveryZoneIsDescribedOnceBeforeTheEvents(t *testing.T) {
	t.Parallel()
	in := func(zone string) func(*ics.Event) { return func(e *ics.Event) { e.Zone = zone } }
	out := string(render(t, feed(
		changed(session("a", "2026-10-06T16:00:00Z"), in("Europe/Riga")), session("b", "2026-10-07T16:00:00Z"),
		changed(session("c", "2026-10-08T16:00:00Z"), in("Europe/Riga")),
		changed(session("d", "2026-10-09T16:00:00Z"), in("UTC")))))
	last, first := strings.LastIndex(out, "END:VTIMEZONE"), strings.Index(out, "BEGIN:VEVENT")
	if strings.Count(out, "BEGIN:VTIMEZONE") != 3 || last > first {
		t.Error(out)
	}
}

func TestWhatNoFeedMayHoldIsRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*ics.Calendar){
		"end at start":        func(c *ics.Calendar) { c.Events[0].End = c.Events[0].Start },
		"end before start":    func(c *ics.Calendar) { c.Events[0].End = c.Events[0].Start.Add(-time.Hour) },
		"no zone":             func(c *ics.Calendar) { c.Events[0].Zone = "" },
		"unknown zone":        func(c *ics.Calendar) { c.Events[0].Zone = "Mars/Olympus" },
		"the machine's zone":  func(c *ics.Calendar) { c.Events[0].Zone = "Local" },
		"a path":              func(c *ics.Calendar) { c.Events[0].Zone = "../../etc/passwd" },
		"a line in the zone":  func(c *ics.Calendar) { c.Events[0].Zone = "UTC\r\nX-EVIL:1" },
		"no calendar zone":    func(c *ics.Calendar) { c.Zone = "" },
		"bad calendar zone":   func(c *ics.Calendar) { c.Zone = "Local" },
		"bad zone, no events": func(c *ics.Calendar) { c.Zone, c.Events = "CEST", nil },
		"no UID":              func(c *ics.Calendar) { c.Events[0].UID = "" },
		"a slash in the UID":  func(c *ics.Calendar) { c.Events[0].UID = "a/b" },
		"a line in the UID":   func(c *ics.Calendar) { c.Events[0].UID = "a\r\nX-EVIL:1" },
		"a UID twice":         func(c *ics.Calendar) { c.Events[1].UID = c.Events[0].UID },
		"sequence below 0":    func(c *ics.Calendar) { c.Events[0].Sequence = -1 },
		"sequence of 32 bits": func(c *ics.Calendar) { c.Events[0].Sequence = 1 << 31 },
		"no start":            func(c *ics.Calendar) { c.Events[0].Start = time.Time{} },
		"no end":              func(c *ics.Calendar) { c.Events[0].End = time.Time{} },
		"never created":       func(c *ics.Calendar) { c.Events[0].Created = time.Time{} },
		"never changed":       func(c *ics.Calendar) { c.Events[0].Modified = time.Time{} },
		"calendar, no change": func(c *ics.Calendar) { c.Modified = time.Time{} },
		"five digits of year": func(c *ics.Calendar) { c.Events[0].End = at("2026-01-01T00:00:00Z").AddDate(9000, 0, 0) },
		"alarm after start":   func(c *ics.Calendar) { c.Events[0].Alarm = -time.Minute },
	} {
		c := feed(session("a", "2026-10-06T16:00:00Z"), session("b", "2026-10-13T16:00:00Z"))
		render(t, c)
		change(&c)
		if out, err := ics.Render(c); err == nil || out != nil {
			t.Errorf("%s: rendered", name)
		}
	}
}

func TestUIDsStayTellNothingAndDifferPerFeed(t *testing.T) {
	t.Parallel()
	key, other := []byte("0123456789abcdef"), []byte("fedcba9876543210")
	// Clients know their entries by this: another value here doubles every session in every calendar.
	if got := ics.UID(key, "session-1"); got != "691d1d44-c629-8bcb-8892-3e6b20f04958" {
		t.Errorf("UID is %s", got)
	}
	rapid.Check(t, func(r *rapid.T) {
		a, b := rapid.String().Draw(r, "a"), rapid.String().Draw(r, "b")
		uid := ics.UID(key, a)
		if uid != ics.UID(key, a) || (uid == ics.UID(key, b)) != (a == b) || uid == ics.UID(other, a) {
			r.Fatalf("%q and %q: %s", a, b, uid)
		}
		if len(uid) != 36 || strings.Trim(uid, "0123456789abcdef-") != "" {
			r.Fatalf("%s has another form", uid)
		}
	})
}
