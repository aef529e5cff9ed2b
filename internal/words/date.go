package words

import (
	"fmt"
	"time"
)

// Date writes a day in words, with the day of the week and the year: "Tuesday, 6 October 2026". In Persian it is the
// day of the Solar Hijri calendar with the Gregorian one behind it: whoever reads Persian outside Iran lives by both.
func Date(l Lang, year int, month time.Month, day int) string {
	weekday := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Weekday()
	switch l {
	case Polish:
		return fmt.Sprintf("%s, %d %s %d r.", weekdays(l)[weekday], day, months(l)[month-1], year)
	case Latvian:
		return fmt.Sprintf("%s, %d. gada %d. %s", weekdays(l)[weekday], year, day, months(l)[month-1])
	case Persian:
		j := jalali(year, month, day)
		return weekdays(l)[weekday] + " " + persianDay(j.day, jalaliMonths()[j.month-1], j.year) +
			" (" + persianDay(day, months(l)[month-1], year) + ")"
	default:
		return fmt.Sprintf("%s, %d %s %d", weekday, day, month, year)
	}
}

func persianDay(day int, month string, year int) string {
	return Number(Persian, int64(day)) + " " + month + " " + Number(Persian, int64(year))
}

// Clock writes a time of day, from 00:00 to 23:59, in the digits of the language.
func Clock(l Lang, hour, minute int) string {
	text := fmt.Sprintf("%02d:%02d", hour, minute)
	if l == Persian {
		return persianDigits.Replace(text)
	}
	return text
}

// weekdays begin with Sunday, as time.Weekday does. English ones are the standard library's.
func weekdays(l Lang) [7]string {
	switch l {
	case Polish:
		return [7]string{"niedziela", "poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota"}
	case Latvian:
		return [7]string{"svētdiena", "pirmdiena", "otrdiena", "trešdiena", "ceturtdiena", "piektdiena", "sestdiena"}
	default:
		return [7]string{"یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه"}
	}
}

// months are those of the Gregorian calendar, in the form that stands in a date.
func months(l Lang) [12]string {
	switch l {
	case Polish:
		return [12]string{
			"stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września", "października",
			"listopada", "grudnia",
		}
	case Latvian:
		return [12]string{
			"janvāris", "februāris", "marts", "aprīlis", "maijs", "jūnijs", "jūlijs", "augusts", "septembris", "oktobris",
			"novembris", "decembris",
		}
	default:
		return [12]string{
			"ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر", "دسامبر",
		}
	}
}

func jalaliMonths() [12]string {
	return [12]string{
		"فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
	}
}
