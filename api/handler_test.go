package api_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"

	"grupa/api"
	"grupa/intake"
	"grupa/intake/catalogue"
	"grupa/internal/store/storetest"
	"grupa/internal/words"
)

// configOf is what newService gives the API, over that database.
func configOf(t testing.TB, s *storetest.Store) api.Config {
	t.Helper()
	help := map[words.Lang]intake.HelpContacts{}
	for lang, raw := range catalogue.HelpFiles() {
		contacts, err := intake.ParseHelp(raw)
		if err != nil {
			t.Fatal(err)
		}
		help[lang] = contacts
	}
	return api.Config{
		DB: s.DB, Help: help, PublicURL: "https://groups.example.org", Language: words.English,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
}

// newHandler is the API by itself, for tests that need more of it than a client sees.
func newHandler(t testing.TB, cfg api.Config) *echo.Echo {
	t.Helper()
	e := echo.New()
	for _, probe := range []string{"/healthz", "/readyz"} {
		e.GET(probe, func(c echo.Context) error { return c.NoContent(http.StatusNoContent) })
	}
	if _, err := api.New(e, cfg); err != nil {
		t.Fatal(err)
	}
	return e
}

// served is the service behind another server, which setUp may change.
func served(t testing.TB, s *service, cfg api.Config, setUp func(*http.Server)) *service {
	t.Helper()
	server := httptest.NewUnstartedServer(newHandler(t, cfg))
	if setUp != nil {
		setUp(server.Config)
	}
	server.Start()
	t.Cleanup(server.Close)
	other := *s
	other.url, other.client = server.URL, server.Client()
	return &other
}
