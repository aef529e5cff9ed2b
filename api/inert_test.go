package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
)

// notes are the audit rows that one reading leaves, by route: those of answers and of what tells who is in a group, and
// the day of a feed's last fetch. Every other reading leaves nothing at all.
func notes() map[string]string {
	return map[string]string{
		"GET /api/v1/applications/:id":           "application.read",
		"GET /api/v1/applications/:id/screening": "application.read",
		"GET /api/v1/applications/:id/decisions": "decisions.read",
		"GET /api/v1/groups/:id/members":         "members.read",
		"GET /calendar/:token/calendar.ics":      "feed.fetch",
		"HEAD /calendar/:token/calendar.ics":     "feed.fetch",
	}
}

func TestReadingChangesNothing(t *testing.T) {
	t.Parallel()
	w, read := newWorld(t), 0
	for _, r := range newHandler(t, configOf(t, w.Store)).Routes() {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			continue
		}
		read++
		t.Run(r.Method+" "+r.Path, func(t *testing.T) { checkInert(t, w.in(t), r) })
	}
	if read < 25 {
		t.Errorf("only %d routes are for reading", read)
	}
}

func checkInert(t *testing.T, w *world, r *echo.Route) {
	path := w.ours.in(namesOf(r.Path))
	secret := w.token
	if strings.HasPrefix(r.Path+"/", "/api/v1/me/") {
		secret = w.owner.Receipt
	}
	before := dumped(t, w.beside)
	a := w.call(r.Method, path, secret, nil)
	if a.status != 200 && a.status != 204 {
		t.Fatalf("%d: %s", a.status, a.body)
	}
	note, after := notes()[r.Method+" "+r.Path], dumped(t, w.beside)
	added := after.added(before, "audit")
	if note == "feed.fetch" { // the day of the fetch is there, and is taken away before the rest is compared
		change(t, w.beside, "UPDATE feed SET fetched_on = NULL WHERE id = ? AND fetched_on = '2026-09-22'", w.ours.feed)
		after = dumped(t, w.beside)
	}
	if note != "" {
		if len(added) != 1 || !strings.Contains(added[0], "action="+note+" ") {
			t.Errorf("the notes of a reading are %q instead of one %s", added, note)
		}
		before, after = before.without("audit"), after.without("audit")
	}
	for _, row := range after.unlike(before) {
		t.Errorf("reading wrote: %s", row)
	}
}

// namesOf turns :id into {id}.
func namesOf(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}
