package api_test

import "strings"

// badRecords are writes to groups, rooms, sessions, decisions, offers and feeds.
func badRecords() []bad {
	staff := func(name, call, body string, field string, headers ...string) bad {
		return bad{name: name, call: call, as: "coordinator", body: body, status: 422, field: field, headers: headers}
	}
	group := func(name, body, field string) bad { return staff("group "+name, "POST /api/v1/groups", body, field) }
	change := func(name, body, field string) bad {
		return staff("group change "+name, "PATCH /api/v1/groups/{group}", body, field, "If-Match", `"1"`)
	}
	session := func(name, body, field string) bad {
		return staff("session "+name, "PATCH /api/v1/sessions/{session}", body, field, "If-Match", `"1"`)
	}
	decision := func(name, body, field string) bad {
		return staff("decision "+name, "POST /api/v1/applications/{application}/decisions", body, field, "If-Match", `"2"`)
	}
	offer := func(name, body, field string) bad {
		return staff("offer "+name, "POST /api/v1/applications/{application}/offers", body, field)
	}
	mine := func(name, call, body, field string) bad {
		return bad{name: name, call: call, as: "owner", body: body, status: 422, field: field}
	}
	accept := "POST /api/v1/me/offers/{offer}/accept"
	feed := "POST /api/v1/me/feeds"
	nobody := strings.Repeat("A", 26)
	return []bad{
		group("of no type", `{"language":"en"}`, "group_type"),
		group("of a type that is none", `{"group_type":"choir","language":"en"}`, "group_type"),
		group("with a title of two lines", `{"group_type":"support","language":"en","title":"a\r\nb"}`, "title"),
		group("with a title of 201 characters",
			`{"group_type":"support","language":"en","title":"`+strings.Repeat("ł", 201)+`"}`, "title"),
		group("of 101 seats", `{"group_type":"support","language":"en","capacity":101}`, "capacity"),
		group("of minus one seat", `{"group_type":"support","language":"en","capacity":-1}`, "capacity"),
		group("that needs more than it has", `{"group_type":"support","language":"en","capacity":4,"minimum":5}`, "minimum"),
		group("by post", `{"group_type":"support","language":"en","delivery":"by-post"}`, "delivery"),
		group("that has run already", `{"group_type":"support","language":"en","state":"running"}`, "state"),
		group("with an id of its own", `{"group_type":"support","language":"en","id":"`+nobody+`"}`, "id"),
		group("with a leader who is none",
			`{"group_type":"support","language":"en","facilitator_ids":["`+nobody+`"]}`, "facilitator_ids[0]"),
		change("to no seats", `{"capacity":0}`, "capacity"),
		change("to a title of two lines", `{"title":"a\nb"}`, "title"),
		change("to a state that is none", `{"state":"paused"}`, "state"),
		change("to another programme", `{"programme_id":"`+nobody+`"}`, "programme_id"),
		change("to null", `{"capacity":null}`, "capacity"),
		session("change of nothing", `{}`, "body"),
		session("moved and cancelled", `{"state":"cancelled","duration_minutes":60}`, "state"),
		session("moved into the gap", `{"start_local":"2027-03-28T02:30"}`, "start_local"),
		session("moved into the fold", `{"start_local":"2026-10-25T02:30"}`, "start_local"),
		session("moved to 30 February", `{"start_local":"2027-02-30T18:00"}`, "start_local"),
		session("moved to a zone that is none", `{"time_zone":"Mars/Olympus"}`, "time_zone"),
		session("held by decree", `{"state":"held"}`, "state"),
		session("moved to a room that is none", `{"room_id":"`+nobody+`"}`, "room_id"),
		staff("room without a name", "POST /api/v1/rooms", `{"capacity":8}`, "name"),
		staff("room with a name of two lines", "POST /api/v1/rooms", `{"name":"a\r\nb","capacity":8}`, "name"),
		staff("room for nobody", "POST /api/v1/rooms", `{"name":"Blue","capacity":0}`, "capacity"),
		staff("room for 1e400", "POST /api/v1/rooms", `{"name":"Blue","capacity":1e400}`, "capacity"),
		decision("that is none", `{"decision":"enrolled"}`, "decision"),
		decision("for a type that is none", `{"decision":"eligible","group_type":"choir"}`, "group_type"),
		decision("with a reason of 4,001 characters",
			`{"decision":"in_review","reason":"`+strings.Repeat("x", 4001)+`"}`, "reason"),
		decision("to refer on to nothing", `{"decision":"referred_on"}`, "alternative"),
		offer("without a group", `{"expires_at":"2026-09-23T08:00:00Z"}`, "group_id"),
		offer("in a group that is none", `{"group_id":"`+nobody+`","expires_at":"2026-09-23T08:00:00Z"}`, "group_id"),
		offer("that is over", `{"group_id":"{group}","expires_at":"2026-09-21T08:00:00Z"}`, "expires_at"),
		offer("for 61 days", `{"group_id":"{group}","expires_at":"2026-11-23T08:00:00Z"}`, "expires_at"),
		offer("until a day that is none", `{"group_id":"{group}","expires_at":"2026-02-30T08:00:00Z"}`, "expires_at"),
		offer("until a time without a zone", `{"group_id":"{group}","expires_at":"2026-09-23T08:00:00"}`, "expires_at"),
		offer("until a number", `{"group_id":"{group}","expires_at":1790000000}`, "expires_at"),
		mine("acceptance without consent", accept, `{"consents":[]}`, "consents"),
		mine("acceptance of what was not asked", accept, `{"consents":[{"element":"x","version":1,"language":"en"}]}`,
			"consents[0].element"),
		mine("acceptance of another version", accept,
			`{"consents":[{"element":"terms-of-work","version":2,"language":"en"}]}`, "consents[0].version"),
		mine("feed with a title of two lines", feed, `{"summary":"a\r\nATTENDEE:b"}`, "summary"),
		mine("feed with a title of 61 characters", feed, `{"summary":"`+strings.Repeat("ł", 61)+`"}`, "summary"),
		mine("feed with NUL in its title", feed, `{"summary":"a\u0000b"}`, "summary"),
		mine("feed that tells everything", feed, `{"detail":"everything"}`, "detail"),
		mine("feed with an alarm before its time", feed, `{"alarm_minutes":-5}`, "alarm_minutes"),
		mine("feed with an alarm a month before", feed, `{"alarm_minutes":43200}`, "alarm_minutes"),
		mine("feed of somebody else", feed, `{"person_id":"`+nobody+`"}`, "person_id"),
	}
}
