package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"grupa/internal/fault"
	"grupa/internal/store"
	"grupa/internal/words"
)

// without is a service that has been told that its database is out of reach.
func without(t *testing.T, why error) *observed {
	t.Helper()
	s := newService(t)
	cfg := configOf(t, s.Store)
	cfg.Gone = func() error { return why }
	return observe(t, served(t, s, cfg, nil))
}

// fromMemory are the routes that need no database.
var fromMemory = []string{"/api/v1/help", "/api/v1/vocabularies"}

func TestEveryRouteGivesHelpInTheAskersLanguageWhileTheDatabaseIsGone(t *testing.T) {
	t.Parallel()
	for _, why := range []struct {
		err   *fault.Error
		after string
	}{{store.ErrStorage, "5"}, {store.ErrReadOnly, "60"}} {
		t.Run(why.err.Code, func(t *testing.T) {
			t.Parallel()
			s := without(t, why.err.Because(fmt.Errorf("the cause %s", "of our own")))
			routes := 0
			for path, item := range s.spec.Paths.Map() {
				for method := range item.Operations() {
					routes++
					for _, lang := range words.Languages() {
						a := s.call(method, strings.NewReplacer("{", "", "}", "").Replace(path), s.token, nil,
							"Accept-Language", string(lang))
						holdGone(t, method+" "+path, a, lang, why.err.Code, why.after)
					}
				}
			}
			if routes < 30 {
				t.Errorf("only %d routes", routes)
			}
		})
	}
}

func holdGone(t *testing.T, route string, a answer, lang words.Lang, code, after string) {
	t.Helper()
	if slices.ContainsFunc(fromMemory, func(path string) bool { return strings.HasSuffix(route, path) }) {
		if a.status != 200 {
			t.Errorf("%s: %d %s", route, a.status, a.body)
		}
		return
	}
	p := a.problem(503)
	switch {
	case p.Code != code || a.header.Get("Retry-After") != after || a.header.Get("Cache-Control") != "no-store":
		t.Errorf("%s: code %s, %v", route, p.Code, a.header)
	case p.Help.Language != string(lang) || len(p.Help.Contacts) == 0 || p.Help.Emergency.Phone == "":
		t.Errorf("%s in %s: %+v", route, lang, p.Help)
	case p.Detail != words.Say(lang, "problem."+code, nil) || a.header.Get("Content-Language") != string(lang):
		t.Errorf("%s in %s: %s", route, lang, p.Detail)
	case strings.Contains(string(a.body), "of our own"):
		t.Errorf("%s tells the cause: %s", route, a.body)
	}
}

// The language that was asked for in the address wins over the client's.
func TestHelpComesInTheLanguageThatWasAskedFor(t *testing.T) {
	t.Parallel()
	s := without(t, store.ErrStorage)
	p := s.call("GET", "/api/v1/group-types?lang=fa", "", nil, "Accept-Language", "pl").problem(503)
	if p.Help.Language != "fa" {
		t.Errorf("%+v", p.Help)
	}
}

// Whoever may not come in is not told that before the database can say so, and nothing is read for them.
func TestNobodysSecretIsLookedUpWhileTheDatabaseIsGone(t *testing.T) {
	t.Parallel()
	s := without(t, store.ErrStorage)
	for _, secret := range []string{"", "nonsense", s.token} {
		s.call("GET", "/api/v1/applications", secret, nil).problem(503)
	}
}
