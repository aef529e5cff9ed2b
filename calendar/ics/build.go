package ics

import (
	"strconv"
	"time"

	"github.com/emersion/go-ical"
)

const (
	productID    = "-//GRP//Calendar 1//EN"
	pollInterval = "PT1H" // how often we ask clients to look again; few of them listen

	utcFormat   = "20060102T150405Z"
	localFormat = "20060102T150405"
)

// head is the calendar itself, without what is in it.
func head(c Calendar) *ical.Component {
	props := newProps(len(calendarOrder))
	props.set("VERSION", "2.0")
	props.set("PRODID", productID)
	props.set("CALSCALE", "GREGORIAN")
	props.text("NAME", c.Name)
	if name := props.get("NAME"); name != "" {
		props.set("X-WR-CALNAME", name)
	}
	props.set("X-WR-TIMEZONE", c.Zone)
	props.set("LAST-MODIFIED", utc(c.Modified))
	props.setWith("REFRESH-INTERVAL", pollInterval, ical.Params{"VALUE": {"DURATION"}}) // RFC 7986 5.7: it has no default
	props.set("X-PUBLISHED-TTL", pollInterval)
	return props.component(ical.CompCalendar)
}

// event fills props, which hold until they are filled for the next event, and makes the component of them.
func event(props *properties, e *Event, z *zone) *ical.Component {
	props.clear()
	props.set("UID", e.UID)
	modified := utc(e.Modified)
	props.set("DTSTAMP", modified)
	props.set("CREATED", utc(e.Created))
	props.set("LAST-MODIFIED", modified)
	props.set("SEQUENCE", strconv.Itoa(e.Sequence))
	props.times(e, z)
	props.text("SUMMARY", e.Summary)
	if e.Cancelled {
		props.set("STATUS", "CANCELLED")
		props.set("TRANSP", "TRANSPARENT")
	} else {
		props.set("STATUS", "CONFIRMED")
		props.set("TRANSP", "OPAQUE")
	}
	props.set("CLASS", "PRIVATE")
	props.text("LOCATION", e.Location)
	props.text("DESCRIPTION", e.Description)
	if address := link(e.URL); address != "" {
		props.set("URL", address)
	}
	c := props.component(ical.CompEvent)
	if e.Alarm > 0 && !e.Cancelled {
		c.Children = []*ical.Component{alarm(e.Alarm, props.get("SUMMARY"))}
	}
	return c
}

// times sets start and end by the wall clock, or both in UTC when it can't say which of two times is meant: readers
// differ on it. (An end may fall there; a start is refused when it is planned.)
func (p *properties) times(e *Event, z *zone) {
	if z.twice(e.Start) || z.twice(e.End) {
		p.set("DTSTART", utc(e.Start))
		p.set("DTEND", utc(e.End))
		return
	}
	p.setWith("DTSTART", e.Start.In(z.loc).Format(localFormat), z.params)
	p.setWith("DTEND", e.End.In(z.loc).Format(localFormat), z.params)
}

// alarm says no more than the title, which has been escaped already.
func alarm(before time.Duration, summary string) *ical.Component {
	props := newProps(len(alarmOrder))
	props.set("ACTION", "DISPLAY")
	props.set("DESCRIPTION", summary)
	props.set("TRIGGER", "-PT"+strconv.Itoa(int(before/time.Minute))+"M")
	return props.component(ical.CompAlarm)
}

func utc(t time.Time) string { return t.UTC().Format(utcFormat) }

// properties fills the properties of one component, each once, in one piece of memory.
type properties struct {
	byName ical.Props
	all    []ical.Prop // never grows, so that byName may point into it
}

func newProps(most int) *properties {
	return &properties{make(ical.Props, most), make([]ical.Prop, 0, most)}
}

func (p *properties) clear() {
	clear(p.byName)
	p.all = p.all[:0]
}

// set takes a value as it shall be written.
func (p *properties) set(name, value string) { p.add(ical.Prop{Name: name, Value: value}) }

// setWith adds parameters. Properties may share them; nobody changes them.
func (p *properties) setWith(name, value string, params ical.Params) {
	p.add(ical.Prop{Name: name, Value: value, Params: params})
}

// text takes anything that a person wrote; a text of which nothing is left is no property.
func (p *properties) text(name, value string) {
	if value = clean(value); value == "" {
		return
	}
	prop := ical.Prop{Name: name}
	prop.SetText(value)
	p.add(prop)
}

func (p *properties) add(prop ical.Prop) {
	n := len(p.all)
	p.all = append(p.all, prop)
	p.byName[prop.Name] = p.all[n : n+1 : n+1]
}

// get is the value as it will be written, or nothing.
func (p *properties) get(name string) string {
	if prop := p.byName[name]; len(prop) > 0 {
		return prop[0].Value
	}
	return ""
}

func (p *properties) component(name string) *ical.Component {
	return &ical.Component{Name: name, Props: p.byName}
}
