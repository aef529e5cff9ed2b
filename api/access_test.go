package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"grupa/api"
	"grupa/internal/account"
)

func TestTheServerDoesNotStartWithARouteThatNobodyDecidedAbout(t *testing.T) {
	t.Parallel()
	cfg := configOf(t, newService(t).Store)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		e := echo.New()
		e.GET("/healthz", func(c echo.Context) error { return nil })
		e.GET("/readyz", func(c echo.Context) error { return nil })
		e.Add(method, "/api/v1/everything", func(c echo.Context) error { return nil })
		_, err := api.New(e, cfg)
		if err == nil || !strings.Contains(err.Error(), method+" /api/v1/everything") {
			t.Errorf("%s: %v", method, err)
		}
	}
	without := echo.New()
	without.GET("/readyz", func(c echo.Context) error { return nil })
	if _, err := api.New(without, cfg); err == nil || !strings.Contains(err.Error(), "/healthz") {
		t.Errorf("a policy without a route: %v", err)
	}
}

func TestAnOfferIsNotFoundUnderAnotherApplication(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := dumped(t, w.beside)
	under := func(application, offer string) answer {
		return w.call("DELETE", "/api/v1/applications/"+application+"/offers/"+offer, w.token, nil)
	}
	there := under(w.ours.application, account.NewID())
	there.problem(404)
	var others api.ApplicationList
	w.call("GET", "/api/v1/applications?state=enrolled", w.token, nil).into(200, &others)
	for name, a := range map[string]answer{
		"another programme's offer":       under(w.ours.application, w.theirs.offer),
		"own offer of another programme":  under(w.theirs.application, w.ours.offer),
		"own offer of another applicant":  under(others.Items[0].ID, w.ours.offer),
		"own application with no offer":   under(others.Items[0].ID, account.NewID()),
		"own offer of no application":     under(account.NewID(), w.ours.offer),
		"offers of neither of the two":    under(account.NewID(), account.NewID()),
		"the application as its offer":    under(w.ours.application, w.ours.application),
		"the offer as its application":    under(w.ours.offer, w.ours.offer),
		"the offer as its application, 2": under(w.ours.offer, w.ours.application),
	} {
		if !same(a, there) {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	for _, row := range dumped(t, w.beside).unlike(before) {
		t.Errorf("something changed: %s", row)
	}
}

// An id in a body is looked up in the caller's scope as one in an address is.
func TestIDsInBodiesTellNothingOfAnotherProgramme(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	leaders := texts(t, w.beside, "SELECT person_id FROM staff_role WHERE role = 'facilitator'")
	change(t, w.beside, "UPDATE staff_role SET programme_id = (SELECT programme_id FROM care_group WHERE id = ?)"+
		" WHERE person_id = ?", w.theirs.group, leaders[1])
	var room api.Room
	w.call("POST", "/api/v1/rooms", w.token, map[string]any{"name": "Blue", "capacity": 8}).into(201, &room)
	change(t, w.beside, "UPDATE room SET programme_id = (SELECT programme_id FROM care_group WHERE id = ?) WHERE id = ?",
		w.theirs.group, room.ID)
	offers := "/api/v1/applications/" + w.ours.application + "/offers"
	series := "/api/v1/groups/" + w.ours.group + "/series"
	planned := func(with string) string { return strings.Replace(aPlan, `"every"`, with+`,"every"`, 1) }
	for name, c := range map[string]struct{ method, path, body, theirs, ifMatch string }{
		"group of an offer": {"POST", offers,
			`{"group_id":"ID","expires_at":"2026-09-23T08:00:00Z"}`, w.theirs.spare, ""},
		"room of a series":      {"POST", series, planned(`"room_id":"ID"`), room.ID, ""},
		"room of a session":     {"PATCH", "/api/v1/sessions/" + w.ours.session, `{"room_id":"ID"}`, room.ID, `"1"`},
		"facilitator of series": {"POST", series, planned(`"facilitator_ids":["ID"]`), leaders[1], ""},
		"facilitator of a group": {"POST", "/api/v1/groups",
			`{"group_type":"support","language":"en","facilitator_ids":["ID"]}`, leaders[1], ""},
	} {
		with := func(id string) answer {
			body := []byte(strings.Replace(c.body, "ID", id, 1))
			if c.ifMatch == "" {
				return w.call(c.method, c.path, w.token, body)
			}
			return w.call(c.method, c.path, w.token, body, "If-Match", c.ifMatch)
		}
		theirs, nowhere := with(c.theirs), with(account.NewID())
		if nowhere.is(422); !same(theirs, nowhere) {
			t.Errorf("%s: %d %s, nowhere: %s", name, theirs.status, theirs.body, nowhere.body)
		}
	}
}

func TestListsHoldNothingOfAnotherProgramme(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.call("POST", "/api/v1/rooms", w.token, map[string]any{"name": "Blue", "capacity": 8}).is(201)
	for path, ids := range map[string][2]string{
		"/api/v1/applications":                         {w.ours.application, w.theirs.application},
		"/api/v1/applications?q=Owner":                 {w.ours.application, w.theirs.application},
		"/api/v1/applications?state=eligible&limit=50": {w.ours.application, w.theirs.application},
		"/api/v1/groups":                               {w.ours.group, w.theirs.group},
		"/api/v1/groups?group_type=support":            {w.ours.group, w.theirs.group},
		"/api/v1/rooms":                                {"Blue", w.theirs.session},
		"/api/v1/facilitators":                         {"leader", w.theirs.session},
	} {
		here, there := w.call("GET", path, w.token, nil), w.call("GET", path, w.elsewhere, nil)
		here.is(200)
		there.is(200)
		if text := string(here.body); !strings.Contains(text, ids[0]) || strings.Contains(text, ids[1]) {
			t.Errorf("%s for the one programme: %.300s", path, text)
		}
		if strings.Contains(string(there.body), ids[0]) {
			t.Errorf("%s for the other programme: %.300s", path, there.body)
		}
	}
	var groups api.GroupList
	w.call("GET", "/api/v1/groups", w.facilitator, nil).into(200, &groups)
	if len(groups.Items) != 0 {
		t.Errorf("a facilitator of none of them sees %d groups", len(groups.Items))
	}
	w.call("GET", "/api/v1/groups", w.leader, nil).into(200, &groups)
	if len(groups.Items) != 2 {
		t.Errorf("the facilitator of two groups sees %d", len(groups.Items))
	}
}

// A change of who someone is acts at the next request: nothing of it is kept in between.
func TestTakenRolesAndTokensActAtOnce(t *testing.T) {
	t.Parallel()
	const whose = " WHERE person_id = (SELECT person_id FROM token WHERE hash = ?)"
	for name, c := range map[string]struct {
		statement string
		status    int
	}{
		"token revoked":     {"UPDATE token SET revoked_at = created_at WHERE hash = ?", 401},
		"login disabled":    {"UPDATE staff SET disabled_at = created_at" + whose, 401},
		"role taken":        {"DELETE FROM staff_role" + whose, 401},
		"role made smaller": {"UPDATE staff_role SET role = 'facilitator'" + whose, 403},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newObserved(t)
			s.call("GET", "/api/v1/applications", s.token, nil).is(200)
			change(t, beside(t, s.Database), c.statement, hashOf(s.token))
			s.call("GET", "/api/v1/applications", s.token, nil).problem(c.status)
		})
	}
}

// Somebody who works in two programmes must not mix them by a slip.
func TestAnApplicantIsNotOfferedASeatOfAnotherProgramme(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	change(t, w.beside, `INSERT INTO staff_role (person_id, programme_id, role, created_at)
		SELECT ?, programme_id, 'coordinator', 0 FROM care_group WHERE id = ?`, string(w.coordinator.Person), w.theirs.group)
	for name, c := range map[string]struct{ from, to things }{
		"ours in theirs": {w.ours, w.theirs}, "theirs in ours": {w.theirs, w.ours},
	} {
		a := w.call("POST", "/api/v1/applications/"+c.from.application+"/offers", w.token, anOffer(nil, c.to))
		if a.problem(409).Code != "group_takes_no_one" {
			t.Errorf("%s: %s", name, a.body)
		}
	}
}
