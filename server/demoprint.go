package main

// entrances is how each role gets into the demo.
type entrances struct{ administrator, coordinator, facilitator, applicant, member, feed string }

// print gives a line for each role that can be pasted into a shell as it is.
func (e *entrances) print(p *program, address string) {
	p.printf("A programme of eight weeks: 60 applications in four languages, 6 groups, sessions past and to come.\n"+
		"It lives in a throw-away folder and is gone when you stop it with Ctrl-C.\n\n"+
		"Grupa listens on %s (reference at %s/docs).\n\n", address, address)
	for _, l := range []struct{ role, secret, path string }{
		{"Administrator (token): rooms", e.administrator, "/api/v1/rooms"},
		{"Coordinator (token): the newest applications", e.coordinator, "/api/v1/applications?limit=5"},
		{"Facilitator (token): own groups", e.facilitator, "/api/v1/groups"},
		{"Applicant with an offer (receipt code): the offer and what it asks consent for", e.applicant, "/api/v1/me/offers"},
		{"Member (receipt code): own sessions", e.member, "/api/v1/me/sessions"},
	} {
		p.printf("%s\n  curl -H 'Authorization: Bearer %s' '%s%s'\n", l.role, l.secret, address, l.path)
	}
	p.printf("Member's calendar (the address is the secret)\n  curl '%s/calendar/%s/calendar.ics'\n", address, e.feed)
	p.printf("Anyone: the form in Persian\n  curl '%s/api/v1/forms/intake?lang=fa'\n", address)
}
