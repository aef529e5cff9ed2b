package ics

import (
	"fmt"
	"unicode/utf8"

	"github.com/emersion/go-ical"
)

// lineOctets is the most that a line may have without its end (RFC 5545 3.1).
const lineOctets = 75

// What a feed may hold, in the order in which it is written. A property that is not named here never goes out.
var (
	calendarOrder = []string{"VERSION", "PRODID", "CALSCALE", "NAME", "X-WR-CALNAME", "X-WR-TIMEZONE", "LAST-MODIFIED",
		"REFRESH-INTERVAL", "X-PUBLISHED-TTL"}
	eventOrder = []string{"UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY",
		"STATUS", "TRANSP", "CLASS", "LOCATION", "DESCRIPTION", "URL"}
	alarmOrder      = []string{"ACTION", "DESCRIPTION", "TRIGGER"}
	timezoneOrder   = []string{"TZID"}
	observanceOrder = []string{"DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME", "RRULE"}
	parameterOrder  = []string{"TZID", "VALUE"}
)

func order(component string) []string {
	switch component {
	case ical.CompCalendar:
		return calendarOrder
	case ical.CompEvent:
		return eventOrder
	case ical.CompAlarm:
		return alarmOrder
	case ical.CompTimezone:
		return timezoneOrder
	case ical.CompTimezoneStandard, ical.CompTimezoneDaylight:
		return observanceOrder
	}
	return nil
}

// writer appends components as content lines: ended by CRLF, folded on the borders of runes. It trusts no value:
// a control character or an odd parameter is an error, so nobody's text can begin a line of its own.
type writer struct {
	out  []byte
	line []byte // the line at hand, not yet folded
	err  error  // the first one; nothing is of use after it
}

func (w *writer) component(c *ical.Component) {
	w.begin(c)
	for _, child := range c.Children {
		w.component(child)
	}
	w.end(c)
}

// begin writes a component as far as its properties.
func (w *writer) begin(c *ical.Component) {
	w.property(&ical.Prop{Name: "BEGIN", Value: c.Name})
	for _, name := range order(c.Name) {
		props := c.Props[name]
		for i := range props {
			w.property(&props[i])
		}
	}
}

func (w *writer) end(c *ical.Component) { w.property(&ical.Prop{Name: "END", Value: c.Name}) }

func (w *writer) property(p *ical.Prop) {
	w.line = append(w.line[:0], p.Name...)
	if len(p.Params) > 0 {
		w.params(p.Params)
	}
	w.line = append(append(w.line, ':'), p.Value...)
	if !printable(w.line) && w.err == nil {
		w.err = fmt.Errorf("%s has a control character or is not UTF-8", p.Name)
	}
	w.fold()
}

func (w *writer) params(params ical.Params) {
	for _, name := range parameterOrder {
		for _, value := range params[name] {
			if !isToken(value) && w.err == nil {
				w.err = fmt.Errorf("parameter %s has a character that is not allowed", name)
			}
			w.line = append(w.line, ';')
			w.line = append(w.line, name...)
			w.line = append(w.line, '=')
			w.line = append(w.line, value...)
		}
	}
}

// fold moves the line to the output. A continuation begins with a space, which counts.
func (w *writer) fold() {
	rest, room := w.line, lineOctets
	for len(rest) > room {
		cut := room
		for cut > room-utf8.UTFMax && !utf8.RuneStart(rest[cut]) {
			cut--
		}
		w.out = append(append(w.out, rest[:cut]...), "\r\n "...)
		rest, room = rest[cut:], lineOctets-1
	}
	w.out = append(append(w.out, rest...), "\r\n"...)
}

func printable(line []byte) bool {
	ascii := true
	for _, c := range line {
		if c < ' ' || c == 0x7f {
			return false
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	return ascii || utf8.Valid(line)
}

// isToken holds for zone names and types of values, which are all that stands in parameters.
func isToken(s string) bool {
	for _, c := range []byte(s) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case c == '/', c == '_', c == '+', c == '-':
		default:
			return false
		}
	}
	return s != ""
}
