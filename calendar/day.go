package calendar

import "time"

// DateOf is the day of an instant on the wall clock of its location.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{Year: year, Month: month, Day: day}
}
