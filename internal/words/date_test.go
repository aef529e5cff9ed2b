package words_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"grupa/internal/words"
)

func TestADayIsWrittenAsPeopleOfTheLanguageWriteIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		year                            int
		month                           time.Month
		day                             int
		english, polish, latvian, farsi string
	}{
		{2026, time.October, 6, "Tuesday, 6 October 2026", "wtorek, 6 października 2026 r.",
			"otrdiena, 2026. gada 6. oktobris", "سه‌شنبه ۱۴ مهر ۱۴۰۵ (۶ اکتبر ۲۰۲۶)"},
		{2026, time.November, 22, "Sunday, 22 November 2026", "niedziela, 22 listopada 2026 r.",
			"svētdiena, 2026. gada 22. novembris", "یکشنبه ۱ آذر ۱۴۰۵ (۲۲ نوامبر ۲۰۲۶)"},
		{2027, time.January, 1, "Friday, 1 January 2027", "piątek, 1 stycznia 2027 r.",
			"piektdiena, 2027. gada 1. janvāris", "جمعه ۱۱ دی ۱۴۰۵ (۱ ژانویه ۲۰۲۷)"},
	} {
		wanted := words.Text{"en": c.english, "pl": c.polish, "lv": c.latvian, "fa": c.farsi}
		for l, want := range wanted {
			if got := words.Date(l, c.year, c.month, c.day); got != want {
				t.Errorf("%s: %q, want %q", l, got, want)
			}
		}
	}
}

func TestTheClockIsInTheDigitsOfTheLanguage(t *testing.T) {
	t.Parallel()
	wanted := words.Text{"en": "09:05", "pl": "09:05", "lv": "09:05", "fa": "۰۹:۰۵"}
	for l, want := range wanted {
		if got := words.Clock(l, 9, 5); got != want {
			t.Errorf("%s: %q, want %q", l, got, want)
		}
	}
}

// jalaliPart is the Solar Hijri day of a Persian date: the weekday and what stands in parentheses are cut off.
func jalaliPart(t time.Time) string {
	text, _, _ := strings.Cut(words.Date(words.Persian, t.Year(), t.Month(), t.Day()), " (")
	_, text, _ = strings.Cut(text, " ")
	return text
}

func TestKnownDaysOfTheSolarHijriCalendar(t *testing.T) {
	t.Parallel()
	for gregorian, want := range map[string]string{
		"1970-01-01": "۱۱ دی ۱۳۴۸",
		"1979-02-11": "۲۲ بهمن ۱۳۵۷",
		"1996-03-20": "۱ فروردین ۱۳۷۵",
		"1997-03-20": "۳۰ اسفند ۱۳۷۵", // a leap year
		"1997-03-21": "۱ فروردین ۱۳۷۶",
		"2000-01-01": "۱۱ دی ۱۳۷۸",
		"2021-03-20": "۳۰ اسفند ۱۳۹۹",
		"2021-03-21": "۱ فروردین ۱۴۰۰",
		"2025-03-20": "۳۰ اسفند ۱۴۰۳",
		"2025-09-22": "۳۱ شهریور ۱۴۰۴",
		"2025-09-23": "۱ مهر ۱۴۰۴",
		"2026-03-20": "۲۹ اسفند ۱۴۰۴",
		"2026-03-21": "۱ فروردین ۱۴۰۵",
		"2029-03-19": "۲۹ اسفند ۱۴۰۷", // five years after the leap year before
		"2030-03-20": "۳۰ اسفند ۱۴۰۸",
	} {
		day, err := time.Parse(time.DateOnly, gregorian)
		if err != nil {
			t.Fatal(err)
		}
		if got := jalaliPart(day); got != want {
			t.Errorf("%s is %q, want %q", gregorian, got, want)
		}
	}
}

// TestTheYearBeginsWithTheSun takes the rule of the calendar itself: the year begins on the day whose noon is the first
// after the spring equinox, by the sun over the meridian of Iran's time.
func TestTheYearBeginsWithTheSun(t *testing.T) {
	t.Parallel()
	for year := 1925; year <= 2122; year++ {
		equinox := springEquinox(year).Add(3*time.Hour + 30*time.Minute) // on the clock of Tehran
		first := time.Date(year, time.March, equinox.Day(), 0, 0, 0, 0, time.UTC)
		if equinox.Hour() >= 12 {
			first = first.AddDate(0, 0, 1)
		}
		if got := jalaliPart(first); !strings.HasPrefix(got, "۱ فروردین ") {
			t.Errorf("the equinox is at %s, so %s begins a year, but is %q", equinox, first.Format(time.DateOnly), got)
		}
	}
}

// springEquinox is right to about a minute: J. Meeus, Astronomical Algorithms, chapter 27.
func springEquinox(year int) time.Time {
	y := (float64(year) - 2000) / 1000
	mean := 2451623.80984 + 365242.37404*y + 0.05169*y*y - 0.00411*y*y*y - 0.00057*y*y*y*y
	centuries := (mean - 2451545) / 36525
	w := radians(35999.373*centuries - 2.47)
	var sum float64
	for _, p := range [][3]float64{
		{485, 324.96, 1934.136}, {203, 337.23, 32964.467}, {199, 342.08, 20.186}, {182, 27.85, 445267.112},
		{156, 73.14, 45036.886}, {136, 171.52, 22518.443}, {77, 222.54, 65928.934}, {74, 296.72, 3034.906},
		{70, 243.58, 9037.513}, {58, 119.81, 33718.147}, {52, 297.17, 150.678}, {50, 21.02, 2281.226},
		{45, 247.54, 29929.562}, {44, 325.15, 31555.956}, {29, 60.93, 4443.417}, {18, 155.12, 67555.328},
		{17, 288.79, 4562.452}, {16, 198.04, 62894.029}, {14, 199.76, 31436.921}, {12, 95.39, 14577.848},
		{12, 287.11, 31931.756}, {12, 320.81, 34777.259}, {9, 227.73, 1222.114}, {8, 15.45, 16859.074},
	} {
		sum += p[0] * math.Cos(radians(p[1]+p[2]*centuries))
	}
	julian := mean + 0.00001*sum/(1+0.0334*math.Cos(w)+0.0007*math.Cos(2*w))
	const unixEpoch, dynamicalTime = 2440587.5, 70 // a Julian day, and the seconds that its clock is ahead by now
	return time.Unix(int64((julian-unixEpoch)*86400)-dynamicalTime, 0).UTC()
}

func radians(degrees float64) float64 { return degrees * math.Pi / 180 }
