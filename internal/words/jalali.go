package words

import "time"

// jalaliDate is a day of the Solar Hijri calendar, which Persian speakers date by.
type jalaliDate struct{ year, month, day int }

// jalali gives the day of the Solar Hijri calendar. A year begins in March: 621 years lie between the two counts.
func jalali(year int, month time.Month, day int) jalaliDate {
	const halfYear = 6 * 31 // the first six months have 31 days, the next five 30, and the last takes what is left
	today := int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
	d := jalaliDate{year: year - 621}
	if today < nowruz(d.year) {
		d.year--
	}
	n := today - nowruz(d.year)
	if n < halfYear {
		d.month, d.day = 1+n/31, 1+n%31
	} else {
		d.month, d.day = 7+(n-halfYear)/30, 1+(n-halfYear)%30
	}
	return d
}

// nowruz is the first day of a year of the Solar Hijri calendar, counted from 1 January 1970.
//
// The true calendar follows the sun as it stands over Iran. Eight leap years in 33 give the same days for more than
// three centuries, until March 2123; a test holds that against the sun.
func nowruz(year int) int {
	const yearZero = -492268 // so that 1400 begins on 21 March 2021
	return 365*(year-1) + (8*year+21)/33 + yearZero
}
