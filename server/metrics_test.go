package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

// sample is one line of the exposition format.
var sample = regexp.MustCompile(`(?m)^(\w+)(?:\{(.*)\})? (\S+)$`)

// exposed reads what a scrape gives: name and labels, as they are written, to values.
func exposed(t testing.TB, m *metrics) map[string][]string {
	t.Helper()
	w := httptest.NewRecorder()
	handler := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
	handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return samples(w.Body.String())
}

func samples(text string) map[string][]string {
	all := map[string][]string{}
	for _, s := range sample.FindAllStringSubmatch(text, -1) {
		name := s[1]
		if s[2] != "" {
			name += "{" + s[2] + "}"
		}
		all[name] = append(all[name], s[3])
	}
	return all
}

var labelled = regexp.MustCompile(`(\w+)="([^"]*)"`)

// isRoute holds for the pattern of a route: words of ours, a colon where something is filled in.
var isRoute = regexp.MustCompile(`^\(none\)$|^(/:?[a-z0-9._-]*)+$`)

func TestMetricsCountWhatHappenedAndNameNobody(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.start("--metrics-listen", "127.0.0.1:0")
	c := newCanaries()
	email := c["staff"] + "@example.org"
	p.run("person", "add", email, "--role", "coordinator", "--name", c["staff"])
	l := &life{t: t, url: p.url, staff: p.run("token", "add", email, "--name", c["token"]), c: c}
	l.live()
	l.do("BREW", "/"+c["path"], "", nil, nil)
	_, text, err := ask(t, p.private()+"/metrics")
	if err != nil {
		t.Fatal(err)
	}
	shown := samples(text)
	for _, name := range []string{
		`grupa_http_requests_total{method="POST",route="/api/v1/applications",status="2xx"}`,
		`grupa_http_requests_total{method="POST",route="/api/v1/applications",status="4xx"}`,
		`grupa_http_requests_total{method="GET",route="/api/v1/applications/:id",status="4xx"}`,
		`grupa_http_requests_total{method="GET",route="/calendar/:token/calendar.ics",status="2xx"}`,
		`grupa_http_requests_total{method="(other)",route="(none)",status="4xx"}`,
		`grupa_http_request_duration_seconds_count{method="POST",route="/api/v1/groups/:id/series"}`,
		`grupa_units_total{kind="update",outcome="done"}`,
		`grupa_units_total{kind="update",outcome="refused"}`,
		`grupa_units_total{kind="view",outcome="done"}`,
		`grupa_unit_wait_seconds_count{kind="view"}`, `grupa_unit_run_seconds_count{kind="update"}`,
		`grupa_commits_total{outcome="done"}`, `grupa_commit_units_sum`, `grupa_commit_duration_seconds_count`,
		`grupa_ready`, `go_goroutines`, `process_resident_memory_bytes`,
	} {
		if v := shown[name]; len(v) != 1 || v[0] == "0" {
			t.Errorf("%s is %v", name, v)
		}
	}
	for _, name := range []string{
		`grupa_units_total{kind="update",outcome="failed"}`, `grupa_units_total{kind="view",outcome="failed"}`,
		`grupa_commits_total{outcome="failed"}`, `grupa_read_only`, `grupa_outbox_failed`,
	} {
		if v := shown[name]; len(v) != 1 || v[0] != "0" {
			t.Errorf("%s is %v", name, v)
		}
	}
	nobodyNamed(t, shown)
}

// nobodyNamed holds every label to the few words that it may have.
func nobodyNamed(t *testing.T, shown map[string][]string) {
	t.Helper()
	words := map[string][]string{
		"method": {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "(other)"},
		"status": {"1xx", "2xx", "3xx", "4xx", "5xx"}, "kind": {"view", "update"},
		"outcome": {"done", "refused", "left", "failed"}, "engine": {"sqlite", "postgres"},
	}
	series := 0
	for name := range shown {
		if !strings.HasPrefix(name, "grupa_") {
			continue
		}
		series++
		for _, l := range labelled.FindAllStringSubmatch(name, -1) {
			switch label, value := l[1], l[2]; label {
			case "route":
				if !isRoute.MatchString(value) {
					t.Errorf("%s: a route %q", name, value)
				}
			case "le":
				if _, err := strconv.ParseFloat(value, 64); err != nil {
					t.Errorf("%s: a bucket %q", name, value)
				}
			case "version", "revision", "go": // of the build
			default:
				if !slices.Contains(words[label], value) {
					t.Errorf("%s: the label %s must not be %q", name, label, value)
				}
			}
		}
	}
	if series < 100 {
		t.Errorf("only %d series were looked at", series)
	}
}

// However much a client makes up, the number of series stays that of routes.
func TestNoClientMakesASeriesOfItsOwn(t *testing.T) {
	t.Parallel()
	m := newMetrics("sqlite")
	e := echo.New()
	e.Pre(m.counted)
	e.GET("/things/:id", func(c echo.Context) error { return c.NoContent(http.StatusNoContent) })
	ask := func(method, path string) {
		e.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), method, path, nil))
	}
	ask("GET", "/things/1")
	ask("POST", "/things/1")
	ask("GET", "/nothing")
	ask("X", "/nothing")
	before := len(exposed(t, m))
	for range 200 {
		id := account.NewID()
		ask("GET", "/things/"+id+"?q="+id)
		ask("POST", "/things/"+id)
		ask("GET", "/"+id)
		ask(id, "/"+id)
	}
	if after := len(exposed(t, m)); after != before {
		t.Errorf("%d series became %d", before, after)
	}
	if got := exposed(t, m)[`grupa_http_requests_total{method="GET",route="/things/:id",status="2xx"}`]; got[0] != "201" {
		t.Errorf("counted %v", got)
	}
}

func TestARequestThatFailsIsCountedAsWhatWentOut(t *testing.T) {
	t.Parallel()
	m := newMetrics("sqlite")
	log := (&program{err: new(strings.Builder)}).logger()
	e := echo.New()
	e.Pre(m.counted, identify, logged(nil), recovered(log))
	e.GET("/panics", func(echo.Context) error { panic("a word of somebody's") })
	w := httptest.NewRecorder()
	e.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/panics", nil))
	if got := exposed(t, m)[`grupa_http_requests_total{method="GET",route="/panics",status="5xx"}`]; len(got) != 1 {
		t.Errorf("answered %d, counted %v", w.Code, got)
	}
	if got := exposed(t, m)["grupa_http_requests_in_flight"]; got[0] != "0" {
		t.Errorf("in flight: %v", got)
	}
}

func TestUnitsAndCommitsAreCounted(t *testing.T) {
	t.Parallel()
	m := newMetrics("postgres")
	m.Unit(store.Updated, store.Refused, time.Millisecond, 2*time.Millisecond)
	m.Commit(3, time.Millisecond, true)
	m.Commit(1, time.Millisecond, false)
	shown := exposed(t, m)
	for name, want := range map[string]string{
		`grupa_units_total{kind="update",outcome="refused"}`: "1",
		`grupa_unit_wait_seconds_sum{kind="update"}`:         "0.001",
		`grupa_unit_run_seconds_sum{kind="update"}`:          "0.002",
		`grupa_commits_total{outcome="done"}`:                "1",
		`grupa_commits_total{outcome="failed"}`:              "1",
		`grupa_commit_units_sum`:                             "4",
		`grupa_commit_units_bucket{le="2"}`:                  "1",
	} {
		if got := shown[name]; len(got) != 1 || got[0] != want {
			t.Errorf("%s is %v", name, got)
		}
	}
}

func TestTheReadmeListsEveryMetric(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	s := storetest.New(t)
	m := newMetrics("sqlite")
	m.registry.MustRegister(newState(s.DB, newHealth(t.Context(), s.DB)))
	e := echo.New()
	e.Pre(m.counted)
	e.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, f := range families {
		if strings.HasPrefix(f.GetName(), "grupa_") {
			shown[f.GetName()] = true
		}
	}
	listed := map[string]bool{}
	for _, name := range regexp.MustCompile("`(grupa_[a-z_]+)`").FindAllStringSubmatch(string(readme), -1) {
		listed[name[1]] = true
	}
	if diff := cmp.Diff(shown, listed); diff != "" {
		t.Errorf("(-shown +in the README):\n%s", diff)
	}
}
