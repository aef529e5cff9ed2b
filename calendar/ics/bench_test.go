package ics_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/emersion/go-ical"

	"grupa/calendar/ics"
)

// year is 52 weekly sessions at the discreet level, made anew for each benchmark.
func year() ics.Calendar {
	c := ics.Calendar{Name: "Appointment", Zone: "Europe/Warsaw", Modified: at("2026-09-02T08:00:00Z")}
	for n := range 52 {
		start := at("2026-10-06T16:00:00Z").AddDate(0, 0, 7*n)
		c.Events = append(c.Events, ics.Event{
			UID: ics.UID([]byte("0123456789abcdef"), fmt.Sprint(n)), Start: start, End: start.Add(90 * time.Minute),
			Zone: "Europe/Warsaw", Created: at("2026-09-01T08:00:00Z"), Modified: at("2026-09-02T08:00:00Z"),
			Summary: "Appointment",
		})
	}
	return c
}

func BenchmarkRender52(b *testing.B) {
	c := year()
	b.ReportAllocs()
	for b.Loop() {
		if out, err := ics.Render(c); err != nil || len(out) == 0 {
			b.Fatal(err)
		}
	}
}

// BenchmarkGoIcal52 builds and encodes the same properties by go-ical alone, with a VTIMEZONE that is ready to hand.
func BenchmarkGoIcal52(b *testing.B) {
	c := year()
	zone := goIcalZone(b, c)
	b.ReportAllocs()
	for b.Loop() {
		var out bytes.Buffer
		if err := ical.NewEncoder(&out).Encode(goIcal(b, c, zone)); err != nil || out.Len() == 0 {
			b.Fatal(err)
		}
	}
}

func goIcalZone(b *testing.B, c ics.Calendar) *ical.Component {
	out, err := ics.Render(c)
	if err != nil {
		b.Fatal(err)
	}
	cal, err := ical.NewDecoder(bytes.NewReader(out)).Decode()
	if err != nil {
		b.Fatal(err)
	}
	return cal.Children[0]
}

func goIcal(b *testing.B, c ics.Calendar, zone *ical.Component) *ical.Calendar {
	loc, err := time.LoadLocation(c.Zone)
	if err != nil {
		b.Fatal(err)
	}
	cal := ical.NewCalendar()
	for name, value := range map[string]string{
		"VERSION": "2.0", "PRODID": "-//GRP//Calendar 1//EN", "CALSCALE": "GREGORIAN", "NAME": c.Name, "X-WR-CALNAME": c.Name,
		"X-WR-TIMEZONE": c.Zone, "REFRESH-INTERVAL": "PT1H", "X-PUBLISHED-TTL": "PT1H",
	} {
		cal.Props.SetText(name, value)
	}
	cal.Props.SetDateTime("LAST-MODIFIED", c.Modified)
	cal.Children = append(cal.Children, zone)
	for _, e := range c.Events {
		event := ical.NewEvent()
		event.Props.SetText("UID", e.UID)
		event.Props.SetDateTime("DTSTAMP", e.Modified)
		event.Props.SetDateTime("CREATED", e.Created)
		event.Props.SetDateTime("LAST-MODIFIED", e.Modified)
		event.Props.SetText("SEQUENCE", fmt.Sprint(e.Sequence))
		event.Props.SetDateTime("DTSTART", e.Start.In(loc))
		event.Props.SetDateTime("DTEND", e.End.In(loc))
		event.Props.SetText("SUMMARY", e.Summary)
		event.Props.SetText("STATUS", "CONFIRMED")
		event.Props.SetText("TRANSP", "OPAQUE")
		event.Props.SetText("CLASS", "PRIVATE")
		cal.Children = append(cal.Children, event.Component)
	}
	return cal
}
