package main

import (
	"encoding/json"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"grupa/api"
)

var lastLine = regexp.MustCompile(`forms/intake\?lang=fa'`)

func TestEveryLineThatTheDemoPrintsWorksWhenPasted(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		skip(t, "curl is missing")
	}
	p := newProcess(t)
	p.start("demo")
	p.out.find(lastLine)
	last := p.out.text()
	lines := 0
	for line := range strings.Lines(last) {
		command, ok := strings.CutPrefix(line, "  curl ")
		if !ok {
			continue
		}
		lines++
		out, err := exec.CommandContext(t.Context(), "sh", "-c", "curl -fsS "+command).Output()
		if err != nil || len(out) < 100 {
			t.Errorf("curl %s: %v: %s", command, err, out)
		}
	}
	if lines != 7 {
		t.Errorf("%d lines", lines)
	}
	checkDemo(t, p.url, last)
	p.stop()
}

// checkDemo counts what the demo promises.
func checkDemo(t *testing.T, url, printed string) {
	t.Helper()
	_, after, _ := strings.Cut(printed, "Coordinator (token)")
	token := after[strings.Index(after, "grpa_"):][:37]
	get := func(path string, into any) {
		r, err := http.NewRequestWithContext(t.Context(), "GET", url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close() // read as far as needed
	}
	var applications api.ApplicationList
	get("/api/v1/applications?limit=100", &applications)
	languages, states := map[string]bool{}, map[string]bool{}
	for _, a := range applications.Items {
		languages[a.Language], states[a.State] = true, true
	}
	if len(applications.Items) != 60 || len(languages) != 4 || len(states) < 5 {
		t.Errorf("%d applications in %v, states %v", len(applications.Items), languages, states)
	}
	var groups api.GroupList
	get("/api/v1/groups", &groups)
	types, past, coming := map[string]bool{}, 0, 0
	for _, g := range groups.Items {
		types[g.GroupType] = true
		var sessions api.SessionList
		get("/api/v1/groups/"+g.ID+"/sessions", &sessions)
		for _, s := range sessions.Items {
			if s.StartLocal < time.Now().Format(time.DateOnly) {
				past++
			} else {
				coming++
			}
		}
	}
	if len(types) != 6 || past == 0 || coming == 0 {
		t.Errorf("types %v, %d sessions past and %d to come", types, past, coming)
	}
}
