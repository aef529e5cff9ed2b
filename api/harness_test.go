package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"

	"grupa/api"
	"grupa/intake"
	"grupa/intake/catalogue"
	"grupa/internal/account"
	"grupa/internal/store/storetest"
	"grupa/internal/words"
)

// service is the whole API over a real database, reached over HTTP.
type service struct {
	*storetest.Store
	t           testing.TB
	url         string
	client      *http.Client
	coordinator account.Caller
	token       string // of the coordinator
}

func newService(t testing.TB) *service {
	t.Helper()
	s := &service{Store: storetest.New(t), t: t}
	help := map[words.Lang]intake.HelpContacts{}
	for lang, raw := range catalogue.HelpFiles() {
		contacts, err := intake.ParseHelp(raw)
		if err != nil {
			t.Fatal(err)
		}
		help[lang] = contacts
	}
	e := echo.New()
	for _, probe := range []string{"/healthz", "/readyz"} {
		e.GET(probe, func(c echo.Context) error { return c.NoContent(http.StatusNoContent) })
	}
	_, err := api.New(e, api.Config{
		DB: s.DB, Help: help, PublicURL: "https://groups.example.org", Language: words.English,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	s.url, s.client = server.URL, server.Client()
	s.coordinator, s.token = s.Staff("coordinator@example.org", account.Coordinator)
	return s
}

// answer is what came back, with its body read.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   []byte
}

// call sends body (nil, raw bytes or a value for JSON) with a bearer token (or none) and headers as name and value.
func (s *service) call(method, path, token string, body any, headers ...string) answer {
	s.t.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case []byte:
		reader = bytes.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			s.t.Fatal(err)
		}
		reader = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, reader)
	if err != nil {
		s.t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = resp.Body.Close() // read to its end
	return answer{s.t, resp.StatusCode, resp.Header, raw}
}

// into reads the body after checking the status.
func (a answer) into(status int, v any) {
	a.t.Helper()
	a.is(status)
	if err := json.Unmarshal(a.body, v); err != nil {
		a.t.Fatalf("%s: %v", a.body, err)
	}
}

func (a answer) is(status int) {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d instead of %d: %s", a.status, status, a.body)
	}
}

// problem reads a problem document after checking the status.
func (a answer) problem(status int) (p api.Problem) {
	a.t.Helper()
	a.into(status, &p)
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		a.t.Fatalf("a problem of type %q", got)
	}
	return p
}

// filled is storetest.Filled as it goes over the wire.
func filled(name string) map[string]any {
	f := storetest.Filled(name)
	var answers []map[string]any
	for _, g := range f.Answers {
		a := map[string]any{"link_id": g.LinkID}
		switch {
		case g.Answer.Text != nil:
			a["text"] = *g.Answer.Text
		case g.Answer.Boolean != nil:
			a["boolean"] = *g.Answer.Boolean
		case g.Answer.Contact != nil:
			c := g.Answer.Contact
			a["contact"] = map[string]any{"name": c.Name, "email": c.Email, "reach": string(c.Reach), "discreet": c.Discreet}
		default:
			a["choices"] = g.Answer.Choices
		}
		answers = append(answers, a)
	}
	return map[string]any{
		"form": f.Form.Slug, "form_version": f.Form.Version, "language": string(f.Language), "time_zone": f.TimeZone,
		"answers": answers,
	}
}
