package api_test

import (
	"strings"
	"testing"
)

// aPlan is a series that is taken.
const aPlan = `{"start_local":"2026-10-06T18:00","time_zone":"Europe/Warsaw","duration_minutes":90,"every":1,` +
	`"count":3,"skip_dates":["2026-10-13"]}`

// badPlans are series with one thing changed.
func badPlans() []bad {
	plan := func(name, old, put, field string) bad {
		return bad{
			name: "plan " + name, call: "POST /api/v1/groups/{group}/series", as: "coordinator",
			body: strings.Replace(aPlan, old, put, 1), status: 422, field: field,
		}
	}
	start, count := "2026-10-06T18:00", `"count":3`
	return []bad{
		plan("without a start", `"start_local":"2026-10-06T18:00",`, "", "start_local"),
		plan("on 30 February", start, "2027-02-30T18:00", "start_local"),
		plan("on 29 February of a common year", start, "2027-02-29T18:00", "start_local"),
		plan("in month 13", start, "2026-13-06T18:00", "start_local"),
		plan("at 24:00", start, "2026-10-06T24:00", "start_local"),
		plan("at an instant with an offset", start, "2026-10-06T18:00+02", "start_local"),
		plan("in the year 1", start, "0001-10-06T18:00", "start_local"),
		plan("in Persian digits", start, "۲۰۲۶-۱۰-۰۶T۱۸:۰۰", "start_local"),
		plan("in the gap of the clocks", start, "2027-03-28T02:30", "start_local"),
		plan("in the fold of the clocks", start, "2026-10-25T02:30", "start_local"),
		plan("that runs into the fold", start, "2026-10-18T02:30", "start_local"),
		plan("in a zone that is none", "Europe/Warsaw", "Europe/Atlantis", "time_zone"),
		plan("in a zone that is a path", "Europe/Warsaw", "../Europe/Warsaw", "time_zone"),
		plan("in the zone of the machine", "Europe/Warsaw", "Local", "time_zone"),
		plan("in a zone that is an offset", "Europe/Warsaw", "+02:00", "time_zone"),
		plan("without a zone", `"time_zone":"Europe/Warsaw",`, "", "time_zone"),
		plan("of no minutes", `:90`, `:0`, "duration_minutes"),
		plan("of 481 minutes", `:90`, `:481`, "duration_minutes"),
		plan("of 91 minutes", `:90`, `:91`, "duration_minutes"),
		plan("of minus 90 minutes", `:90`, `:-90`, "duration_minutes"),
		plan("of 90 minutes as a text", `:90`, `:"90"`, "duration_minutes"),
		plan("every 53 weeks", `"every":1`, `"every":53`, "every"),
		plan("of 401 sessions", count, `"count":401`, "count"),
		plan("of minus one session", count, `"count":-1`, "count"),
		plan("of 99999999999999999999 sessions", count, `"count":99999999999999999999`, "count"),
		plan("without an end", `"count":3,`, "", "count"),
		plan("with two ends", count, `"count":3,"until":"2026-12-15"`, "until"),
		plan("until a day that is none", count, `"until":"2026-02-30"`, "until"),
		plan("until before its start", count, `"until":"2026-10-01"`, "until"),
		plan("for ever", count, `"until":"2199-12-31"`, "until"),
		plan("without a day that is none", "2026-10-13", "2026-10-32", "skip_dates[0]"),
		plan("without a day that is not of it", "2026-10-13", "2026-10-14", "skip_dates[0]"),
		plan("without 101 days", `["2026-10-13"]`, `["2026-10-13"`+strings.Repeat(`,"2026-10-13"`, 100)+`]`, "skip_dates"),
		plan("in a room that is none", `"every"`, `"room_id":"`+strings.Repeat("A", 26)+`","every"`, "room_id"),
		plan("in a room of a wrong id", `"every"`, `"room_id":"1' OR '1'='1","every"`, "room_id"),
		plan("with a leader who is none", `"every"`, `"facilitator_ids":["`+strings.Repeat("A", 26)+`"],"every"`,
			"facilitator_ids[0]"),
		plan("with 11 leaders", `"every"`, `"facilitator_ids":["A"`+strings.Repeat(`,"A"`, 10)+`],"every"`,
			"facilitator_ids"),
		plan("by a rule of iCalendar", `"every":1`, `"rrule":"FREQ=SECONDLY"`, "rrule"),
	}
}

func TestThePlanThatBadOnesAreMadeOfIsTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.call("POST", w.named("/api/v1/groups/{group}/series"), w.token, []byte(aPlan)).is(201)
	for _, b := range badPlans() {
		if b.body == aPlan {
			t.Errorf("%s changes nothing", b.name)
		}
	}
}
