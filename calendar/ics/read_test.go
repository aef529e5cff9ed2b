package ics_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
	"unicode/utf8"

	"github.com/emersion/go-ical"
	"pgregory.net/rapid"

	"grupa/calendar/ics"
)

// entry is one unfolded line of a feed.
type entry struct {
	within      string // the component it stands in
	name, value string
	params      map[string]string
}

func render(t rapid.TB, c ics.Calendar) []byte {
	t.Helper()
	out, err := ics.Render(c)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// read is a reader of our own: it checks the form of each line and gives them unfolded. It knows nothing of the writer.
func read(t rapid.TB, out []byte) []entry {
	t.Helper()
	text, ok := strings.CutSuffix(string(out), "\r\n")
	if !ok {
		t.Fatalf("the last line does not end in CRLF")
	}
	for line := range strings.SplitSeq(text, "\r\n") {
		control := strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r == 0x7f })
		if len(line) > 75 || !utf8.ValidString(line) || control {
			t.Fatalf("bad line of %d octets: %q", len(line), line)
		}
	}
	var all []entry
	var path []string
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n ", ""), "\r\n") {
		e := split(t, line)
		switch e.name {
		case "BEGIN":
			path = append(path, e.value)
			continue
		case "END":
			if len(path) == 0 || path[len(path)-1] != e.value {
				t.Fatalf("END:%s within %v", e.value, path)
			}
			path = path[:len(path)-1]
			continue
		}
		if len(path) == 0 {
			t.Fatalf("%q is outside of every component", line)
		}
		e.within = path[len(path)-1]
		all = append(all, e)
	}
	if len(path) > 0 {
		t.Fatalf("%v was not ended", path)
	}
	return all
}

func split(t rapid.TB, line string) entry {
	t.Helper()
	head, value, ok := strings.Cut(line, ":")
	if !ok {
		t.Fatalf("no colon: %q", line)
	}
	parts := strings.Split(head, ";")
	e := entry{name: parts[0], value: value, params: map[string]string{}}
	for _, p := range parts[1:] {
		name, value, _ := strings.Cut(p, "=")
		e.params[name] = value
	}
	return e
}

// decode reads a feed by go-ical, whose decoder panics at some inputs.
func decode(t rapid.TB, out []byte) *ical.Calendar {
	t.Helper()
	cal, err := func() (cal *ical.Calendar, err error) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("panic: %v", r)
			}
		}()
		return ical.NewDecoder(bytes.NewReader(out)).Decode()
	}()
	if err != nil {
		t.Fatalf("go-ical: %v\n%s", err, out)
	}
	return cal
}

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

// session is a discreet one of 90 minutes in Warsaw.
func session(uid, start string) ics.Event {
	return ics.Event{
		UID: uid, Start: at(start), End: at(start).Add(90 * time.Minute), Zone: "Europe/Warsaw",
		Created: at("2026-09-01T08:00:00Z"), Modified: at("2026-09-01T08:00:00Z"), Summary: "Appointment",
	}
}

func feed(events ...ics.Event) ics.Calendar {
	return ics.Calendar{Name: "Appointment", Zone: "Europe/Warsaw", Events: events, Modified: at("2026-10-12T09:30:00Z")}
}

func changed(e ics.Event, change func(*ics.Event)) ics.Event {
	change(&e)
	return e
}

func events(t testing.TB, out []byte, property string) []string {
	t.Helper()
	var values []string
	for _, e := range read(t, out) {
		if e.within == "VEVENT" && e.name == property {
			values = append(values, e.value)
		}
	}
	return values
}
