package main

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What a line of the access log has, and nothing else. An address, a query, a header or a body has no field to be in.
var lineFields = []string{"actor", "level", "method", "msg", "request_id", "route", "status", "time", "took"}

var aRequestID = regexp.MustCompile(`^[A-Z2-7]{26}$`)

func TestTheAccessLogNamesStaffAndNobodyElse(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.start("--log-level", "debug")
	c := newCanaries()
	email := c["staff"] + "@example.org"
	id := p.run("person", "add", email, "--role", "coordinator", "--name", c["staff"])
	l := &life{t: t, url: p.url, staff: p.run("token", "add", email, "--name", c["token"]), c: c}
	l.live()
	p.stop()
	actors := map[string]map[string]bool{} // by route
	lines := 0
	for text := range strings.Lines(p.log.text()) {
		var line map[string]any
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatalf("a line that is no JSON: %s", text)
		}
		if line["msg"] != "request" {
			continue
		}
		lines++
		for _, name := range slices.Sorted(maps.Keys(line)) {
			if !slices.Contains(lineFields, name) {
				t.Errorf("%s does not belong there: %s", name, text)
			}
		}
		request, _ := line["request_id"].(string)
		route, _ := line["route"].(string)
		if !aRequestID.MatchString(request) || !isRoute.MatchString(route) {
			t.Errorf("%s", text)
		}
		actor, _ := line["actor"].(string)
		if actors[route] == nil {
			actors[route] = map[string]bool{}
		}
		actors[route][actor] = true
	}
	if lines < 20 {
		t.Errorf("only %d lines were looked at", lines)
	}
	for route, want := range map[string][]string{
		"/api/v1/groups": {id}, "/api/v1/applications/:id/offers": {id},
		"/api/v1/me/offers": {""}, "/api/v1/me/feeds": {""}, "/calendar/:token/calendar.ics": {""},
		"/api/v1/applications": {"", id}, // a form comes from nobody, the list is for staff
	} {
		if got := slices.Sorted(maps.Keys(actors[route])); !slices.Equal(got, want) {
			t.Errorf("%s was asked by %q", route, got)
		}
	}
}
