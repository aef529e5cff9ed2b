package api_test

import (
	"net/url"
	"strings"
	"testing"
)

// badParameters are query parameters that a list must not take for others.
func badParameters() []bad {
	list := func(name, query, field string) bad {
		return bad{
			name: "list " + name, call: "GET /api/v1/applications?" + query, as: "coordinator", status: 422, field: field,
		}
	}
	escaped := url.QueryEscape
	return []bad{
		list("of none", "limit=0", "limit"),
		list("of 101", "limit=101", "limit"),
		list("of minus one", "limit=-1", "limit"),
		list("of abc", "limit=abc", "limit"),
		list("of 1e3", "limit=1e3", "limit"),
		list("of 30 digits", "limit=123456789012345678901234567890", "limit"),
		list("from a cursor that is none", "cursor=here", "cursor"),
		list("from a cursor that was made up", "cursor=LXN1Ym1pdHRlZF9hdCAxIHg", "cursor"),
		list("from a cursor of 201 characters", "cursor="+strings.Repeat("A", 201), "cursor"),
		list("in an order that is none", "sort=name", "sort"),
		list("in an order with SQL", "sort="+escaped("submitted_at; DROP TABLE application;--"), "sort"),
		list("of a state that is none", "state=happy", "state[0]"),
		list("of a state with SQL", "state="+escaped("submitted' OR '1'='1"), "state[0]"),
		list("of a language that is none", "language=tlh", "language[0]"),
		list("of a safety that is none", "safety=maybe", "safety"),
		list("of a verdict without a type", "verdict=suits", "verdict"),
		list("of a type without a verdict", "group_type=support", "verdict"),
		list("of a type of 65 characters", "verdict=suits&group_type="+strings.Repeat("a", 65), "group_type"),
		list("of a name of 201 characters", "q="+strings.Repeat("a", 201), "q"),
		list("from yesterday", "submitted_from=yesterday", "submitted_from"),
		list("from 30 February", "submitted_from=2026-02-30T00:00:00Z", "submitted_from"),
		list("with a total that is none", "total=perhaps", "total"),
		list("with two totals", "total=true&total=false", "total"),
		list("by a misspelt filter", "stat=submitted", "stat"),
		list("by a filter in capitals", "Q=ada", "Q"),
		list("by a filter with CR and LF", escaped("q\r\nX-Own: 1")+"=ada", "q\r\nX-Own: 1"),
		list("in two orders", "sort=submitted_at&sort=updated_at", "sort"),
		list("with two searches", "q=ada&q=eve", "q"),
		list("of broken percents", "q=%zz", "query"),
		list("of bytes that are no UTF-8", "q=%ff%fe", "q"),
		list("of NUL", "q=%00", "q"),
		{name: "language asked for that is none", call: "GET /api/v1/help?lang=tlh", status: 422, field: "lang"},
		{name: "language asked for twice", call: "GET /api/v1/help?lang=en&lang=pl", status: 422, field: "lang"},
		{name: "parameter where there is none", call: "GET /api/v1/me/feeds?id=1", as: "owner", status: 422, field: "id"},
		{name: "parameter name of 5,000 characters", call: "GET /api/v1/help?" + strings.Repeat("x", 5000) + "=1",
			status: 422, field: strings.Repeat("x", 200) + "…"},
	}
}

// badHeaders are preconditions, keys and secrets.
func badHeaders() []bad {
	decide := func(name string, status int, field string, headers ...string) bad {
		return bad{
			name: "version " + name, call: "POST /api/v1/applications/{application}/decisions", as: "coordinator",
			body: `{"decision":"waitlisted","group_type":"support"}`, status: status, field: field, headers: headers,
		}
	}
	key := func(name, key string) bad {
		return bad{
			name: "key " + name, call: "POST /api/v1/applications", body: aForm, status: 422, field: "Idempotency-Key",
			headers: []string{"Idempotency-Key", key},
		}
	}
	secret := func(name, authorization string) bad {
		return bad{
			name: "secret " + name, call: "GET /api/v1/me", status: 401, headers: []string{"Authorization", authorization},
		}
	}
	return []bad{
		decide("not given", 428, ""),
		decide("that was", 412, "", "If-Match", `"1"`),
		decide("that may come", 412, "", "If-Match", `"3"`),
		decide("without quotes", 412, "", "If-Match", "2"),
		decide("that is weak", 412, "", "If-Match", `W/"2"`),
		decide("of any kind", 412, "", "If-Match", "*"),
		decide("that is a word", 412, "", "If-Match", `"two"`),
		decide("of 30 digits", 412, "", "If-Match", `"123456789012345678901234567890"`),
		decide("of 41 characters", 422, "If-Match", "If-Match", `"`+strings.Repeat("1", 39)+`"`),
		key("of 15 characters", strings.Repeat("k", 15)),
		key("of 201 characters", strings.Repeat("k", 201)),
		key("that is not ASCII", strings.Repeat("ż", 20)),
		secret("of another scheme", "Basic YTpi"),
		secret("without a scheme", "0000-0000-0000-0000-0000-0000"),
		secret("that is empty", "Bearer "),
		secret("receipt of nobody", "Bearer 0000-0000-0000-0000-0000-0000"),
		secret("receipt with a letter that is none", "Bearer 0000-0000-0000-0000-0000-000U"),
		secret("receipt that is too short", "Bearer 0000-0000-0000-0000-0000-000"),
		secret("token of nobody", "Bearer grpa_"+strings.Repeat("a", 32)),
		secret("token in capitals", "Bearer GRPA_"+strings.Repeat("A", 32)),
		secret("token that is too long", "Bearer grpa_"+strings.Repeat("a", 33)),
		secret("token of a feed", "Bearer grpf_"+strings.Repeat("a", 32)),
		secret("with SQL", "Bearer ' OR '1'='1"),
		secret("of 10,000 characters", "Bearer "+strings.Repeat("A", 10_000)),
	}
}

// badAddresses lead nowhere.
func badAddresses() []bad {
	id := func(name, id string) bad {
		return bad{
			name: "id " + name, call: "GET /api/v1/applications/" + id, as: "coordinator", status: 422, field: "id",
		}
	}
	none := func(name, call string) bad {
		return bad{name: "address " + name, call: call, as: "coordinator", status: 404}
	}
	other := func(name, call string) bad {
		return bad{name: "method " + name, call: call, as: "coordinator", status: 405}
	}
	return []bad{
		id("of 10,000 characters", strings.Repeat("A", 10_000)),
		id("of 25 characters", strings.Repeat("A", 25)),
		id("with a slash", "..%2F..%2Fetc%2Fpasswd"),
		id("with a slash twice escaped", "..%252F..%252Fetc"),
		id("with NUL", strings.Repeat("A", 25)+"%00"),
		id("with CR and LF", strings.Repeat("A", 24)+"%0D%0A"),
		id("with SQL", "1'%20OR%20'1'='1"),
		id("in Persian", "%D8%A7"),
		id("of bytes that are no UTF-8", "%ff%fe"),
		id("of two dots", "%2e%2e"),
		none("that is none", "GET /api/v1/nothing"),
		none("with two dots", "GET /api/v1/groups/../help"),
		none("with two dots out of the folder", "GET /docs/../../etc/passwd"),
		none("with escaped slashes", "GET /api%2Fv1%2Fhelp"),
		none("with escaped dots and slashes", "GET /docs/..%2f..%2fetc%2fpasswd"),
		none("with a backslash", "GET /docs/..%5c..%5cetc"),
		none("with a slash at the end", "GET /api/v1/help/"),
		none("with two slashes", "GET //api/v1/help"),
		none("in capitals", "GET /API/v1/help"),
		none("with a semicolon", "GET /api/v1/help;a=b"),
		none("of the root", "GET /"),
		none("of an empty id", "GET /api/v1/applications/"),
		none("of a type that is none", "GET /api/v1/group-types/choir"),
		none("of a type with SQL", "GET /api/v1/group-types/1'%20OR%20'1'='1"),
		none("of a form that is none", "GET /api/v1/forms/..%2Fintake"),
		none("of a calendar of nobody", "GET /calendar/grpf_"+strings.Repeat("a", 32)+"/calendar.ics"),
		none("of a calendar with dots", "GET /calendar/..%2F../calendar.ics"),
		none("of another file", "GET /calendar/grpf_"+strings.Repeat("a", 32)+"/members.csv"),
		{name: "type of 65 characters", call: "GET /api/v1/group-types/" + strings.Repeat("a", 65), status: 422,
			field: "slug"},
		other("to delete everything", "DELETE /api/v1/applications"),
		other("to replace a record", "PUT /api/v1/applications/{application}"),
		other("to write to a page", "POST /docs"),
		other("to write to a calendar", "PUT /calendar/grpf_"+strings.Repeat("a", 32)+"/calendar.ics"),
		other("that nobody knows", "BREW /api/v1/help"),
		other("to look for properties", "PROPFIND /calendar/grpf_"+strings.Repeat("a", 32)+"/calendar.ics"),
	}
}

func TestAWrongMethodIsToldTheRightOnes(t *testing.T) {
	t.Parallel()
	s := newObserved(t)
	a := s.call("DELETE", "/api/v1/applications", s.token, nil)
	a.problem(405)
	for _, method := range []string{"GET", "POST"} {
		if allow := a.header.Get("Allow"); !strings.Contains(allow, method) || strings.Contains(allow, "DELETE") {
			t.Errorf("Allow: %q", allow)
		}
	}
}
