package ics_test

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"grupa/calendar/ics"
)

// hostile draws texts that break naive writers.
func hostile() *rapid.Generator[string] {
	piece := rapid.SampledFrom([]string{
		"\r\n", "\r", "\n", "\n ", "\r\n\t", "\x00", "\x1b[31m", "\x07", "\x7f", "\u0085", "\u2028", "\u2029", "\ufeff", "\t",
		"\xff", "\xc3", "\xe2\x80", "\xed\xa0\x80", "\xf8\x88\x80\x80\x80", ";", ",", "\\", "\"", ":", "^n", "\\n", "=", " ",
		"END:VEVENT", "BEGIN:VALARM", "X-EVIL:1", "ATTACH:https://evil.example", "🌱", "👩‍👩‍👧", "قرار", "می‌آیم",
		"ķ", "ż", "é", "Appointment", "\x0b", "\x1c", "\u202e",
	})
	mixed := rapid.Map(rapid.SliceOfN(piece, 0, 30), func(p []string) string { return strings.Join(p, "") })
	long := rapid.Map(piece, func(p string) string { return strings.Repeat(p+"x", 2000/(len(p)+1)) })
	raw := rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 200), func(b []byte) string { return string(b) })
	return rapid.OneOf(mixed, rapid.String(), long, raw)
}

// meant is what a reader should get of a text, said once more and in another way.
func meant(s string) string {
	ends := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n",
		"\t", " ", "\ufeff", "")
	s = ends.Replace(strings.ToValidUTF8(s, "\ufffd"))
	var out []rune
	for _, r := range s {
		if r == '\n' || !unicode.Is(unicode.Cc, r) {
			out = append(out, r)
		}
	}
	return string(out)
}

func TestNoTextBreaksOutOfItsLine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		text := func(label string) string { return hostile().Draw(r, label) }
		e := session("a", "2026-10-06T16:00:00Z")
		e.Summary, e.Location, e.Description, e.URL = text("summary"), text("location"), text("description"), text("url")
		e.Alarm = time.Duration(rapid.IntRange(0, 600).Draw(r, "alarm")) * time.Minute
		c := feed(e, session("b", "2026-10-13T16:00:00Z"))
		c.Name = text("name")
		out := render(r, c)
		counts := map[string]int{}
		for _, e := range read(r, out) {
			if strings.Contains(e.name, "EVIL") || e.name == "ATTACH" {
				r.Fatalf("a line of its own: %v", e)
			}
			counts[e.within+" "+e.name]++
		}
		if counts["VEVENT UID"] != 2 || counts["VCALENDAR VERSION"] != 1 || counts["VALARM TRIGGER"] > 1 {
			r.Fatalf("other components than were given: %v", counts)
		}
		compareDecoded(r, out, c)
	})
}

// compareDecoded reads the feed by go-ical and expects what was put in.
func compareDecoded(t rapid.TB, out []byte, c ics.Calendar) {
	cal := decode(t, out)
	if name, err := cal.Props.Text("NAME"); err != nil || name != meant(c.Name) {
		t.Fatalf("name %q, %v; want %q", name, err, meant(c.Name))
	}
	decoded := cal.Events()
	if len(decoded) != len(c.Events) {
		t.Fatalf("%d events", len(decoded))
	}
	for i, e := range c.Events {
		for name, want := range map[string]string{
			"UID": e.UID, "SUMMARY": meant(e.Summary), "LOCATION": meant(e.Location), "DESCRIPTION": meant(e.Description),
		} {
			if got, err := decoded[i].Props.Text(name); err != nil || got != want {
				t.Fatalf("%s is %q, %v; want %q", name, got, err, want)
			}
		}
		for name, want := range map[string]time.Time{
			"DTSTART": e.Start, "DTEND": e.End, "DTSTAMP": e.Modified, "CREATED": e.Created, "LAST-MODIFIED": e.Modified,
		} {
			if got, err := decoded[i].Props.DateTime(name, time.UTC); err != nil || !got.Equal(want) {
				t.Fatalf("%s is %v, %v; want %v", name, got, err, want)
			}
		}
	}
}

func TestSamplesReadBackByGoIcalAreWhatWasGiven(t *testing.T) {
	t.Parallel()
	for _, c := range samples() { // each is in the order of the feed already
		compareDecoded(t, render(t, c), c)
	}
}

func TestLinksAreAddressesAndNothingElse(t *testing.T) {
	t.Parallel()
	for given, want := range map[string][]string{
		"https://meet.example.org/a?b=c#d":     {"https://meet.example.org/a?b=c#d"},
		"http://example.org":                   {"http://example.org"},
		"https://example.org/a b?q=\"<>ż":      {"https://example.org/a%20b?q=%22%3C%3E%C5%BC"},
		"https://example.org/%41%zz":           nil,
		"javascript:alert(1)":                  nil,
		"data:text/html,x":                     nil,
		"/room":                                nil,
		"https:":                               nil,
		"meet.example.org/a":                   nil,
		"https://example.org/\r\nX-EVIL:1":     nil,
		"https://example.org/\x00":             nil,
		"  https://example.org/":               nil,
		"":                                     nil,
		"https://example.org/a;b,c\\d":         {"https://example.org/a;b,c%5Cd"},
		"https://example.org/?q=\u2028\u0085x": {"https://example.org/?q=%E2%80%A8%C2%85x"},
	} {
		c := feed(changed(session("a", "2026-10-06T16:00:00Z"), func(e *ics.Event) { e.URL = given }))
		if diff := cmp.Diff(want, events(t, render(t, c), "URL")); diff != "" {
			t.Errorf("%q: %s", given, diff)
		}
	}
}

func FuzzRender(f *testing.F) {
	f.Add("Appointment", "Room 1\r\nFloor 2", "https://example.org/")
	f.Add("\r\nX-EVIL:1", "\xff\x00\u2028", "https://example.org/\u0085")
	f.Fuzz(func(t *testing.T, summary, description, url string) {
		e := session("a", "2026-10-06T16:00:00Z")
		e.Summary, e.Description, e.URL, e.Alarm = summary, description, url, time.Hour
		c := feed(e)
		out := render(t, c)
		read(t, out)
		compareDecoded(t, out, c)
	})
}
