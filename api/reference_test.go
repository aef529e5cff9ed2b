package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"

	"grupa/internal/account"
)

func contract(t *testing.T) *openapi3.T {
	t.Helper()
	spec, err := GetSpec()
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// pageOf renders a contract and parses the page.
func pageOf(t *testing.T, spec *openapi3.T) *element {
	t.Helper()
	raw, err := renderReference(spec)
	if err != nil {
		t.Fatal(err)
	}
	return parsePage(t, raw)
}

func eachOperation(spec *openapi3.T, do func(route, path string, op *openapi3.Operation)) {
	for path, item := range spec.Paths.Map() {
		for method, op := range item.Operations() {
			do(method+" "+echoPath(path), path, op)
		}
	}
}

func TestReferenceShowsEveryOperation(t *testing.T) {
	t.Parallel()
	spec := contract(t)
	page := pageOf(t, spec)
	eachOperation(spec, func(route, path string, op *openapi3.Operation) {
		section := page.byID("operation-" + op.OperationID)
		if section == nil || !page.links("#operation-"+op.OperationID) {
			t.Errorf("%s is not on the page, or nothing leads to it", route)
			return
		}
		text := section.text()
		method, _, _ := strings.Cut(route, " ")
		want := []string{method + " " + path, op.Summary}
		for _, p := range op.Parameters {
			want = append(want, p.Value.Name, p.Value.In)
		}
		for status := range op.Responses.Map() {
			if status != "default" {
				want = append(want, status+" ")
			}
		}
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: %q is missing", route, w)
			}
		}
		if op.RequestBody != nil && !section.links("#schema-"+bodySchema(op)) {
			t.Errorf("%s: its body does not lead to its schema", route)
		}
	})
}

func bodySchema(op *openapi3.Operation) string {
	return strings.TrimPrefix(op.RequestBody.Value.Content["application/json"].Schema.Ref, schemaPrefix)
}

func TestReferenceShowsEverySchemaAndProperty(t *testing.T) {
	t.Parallel()
	spec := contract(t)
	page := pageOf(t, spec)
	for name, ref := range spec.Components.Schemas {
		section := page.byID("schema-" + name)
		if section == nil || !page.links("#schema-"+name) {
			t.Errorf("%s is not on the page, or nothing leads to it", name)
			continue
		}
		shown := map[string]bool{} // name of a property, and whether it is marked as required
		for _, row := range section.all("div") {
			required := slices.ContainsFunc(row.all("strong"), func(e *element) bool { return e.attr["class"] == "required" })
			shown[row.all("dt")[0].text()] = required
		}
		want := map[string]bool{}
		for p := range ref.Value.Properties {
			want[p] = slices.Contains(ref.Value.Required, p)
		}
		if diff := cmp.Diff(want, shown); diff != "" {
			t.Errorf("%s (-contract +page):\n%s", name, diff)
		}
	}
}

// outsideContract are the routes that the contract, and so the page, leaves out.
var outsideContract = []string{
	"GET /docs", "GET /docs/reference.css", "GET /api/v1/openapi.json", "GET /healthz", "GET /readyz", "HEAD " + calendarRoute,
}

func TestReferenceLeavesOutNoRoute(t *testing.T) {
	t.Parallel()
	shown := map[string]bool{}
	eachOperation(contract(t), func(route, _ string, _ *openapi3.Operation) { shown[route] = true })
	for route := range policies {
		if listed := slices.Contains(outsideContract, route); shown[route] == listed {
			t.Errorf("%s: shown %t, listed as left out %t", route, shown[route], listed)
		}
	}
}

func TestReferenceSaysWhoMayCall(t *testing.T) {
	t.Parallel()
	spec := contract(t)
	page := pageOf(t, spec)
	eachOperation(spec, func(route, _ string, op *openapi3.Operation) {
		p := policies[route]
		var said string
		for _, e := range page.byID("operation-" + op.OperationID).all("p") {
			if strings.HasPrefix(e.attr["class"], "who ") {
				said = e.text()
			}
		}
		want := map[string]bool{"anyone": p.open, "receipt code": p.applicant}
		for _, role := range account.Roles() {
			want[string(role)] = slices.Contains(p.staff, role)
		}
		for word, allowed := range want {
			if strings.Contains(said, word) != allowed {
				t.Errorf("%s: the page says %q, and %q is %t", route, said, word, allowed)
			}
		}
		if free := op.Security != nil && len(*op.Security) == 0; free != p.open {
			t.Errorf("%s: the contract asks for no secret %t, the policy %t", route, free, p.open)
		}
	})
}

func TestReferenceHasWordsForEveryCheck(t *testing.T) {
	t.Parallel()
	spec := contract(t)
	if text := pageOf(t, spec).text(); strings.Contains(text, unsaid) {
		t.Errorf("say it in words in readCheck: %.80s", text[strings.Index(text, unsaid):])
	}
	spec.Components.Schemas["Slot"].Value.Properties["to"].Value.Extensions["x-oapi-codegen-extra-tags"] =
		map[string]any{"validate": "required,lowercase"}
	if text := pageOf(t, spec).byID("schema-Slot").text(); !strings.Contains(text, unsaid+"lowercase") {
		t.Errorf("a check without words is kept back: %s", text)
	}
}

func TestReferenceTellsLimits(t *testing.T) {
	t.Parallel()
	page := pageOf(t, contract(t))
	for _, tt := range []struct{ section, row, want string }{
		{"operation-GetGroup", "id", "string path required exactly 26 characters letters and digits"},
		{"operation-ListGroups", "limit", "integer query 1 to 100 Left out: 30"},
		{"operation-ListApplications", "safety", "string query One of none open cleared"},
		{"operation-ListApplications", "state", "list of string query at most 10 items may be given several times " +
			"Each one of draft submitted in_review interview eligible waitlisted enrolled withdrawn referred_on duplicate"},
		{"operation-ListGroups", "state", "list of string query at most 8 items may be given several times " +
			"Each one of planned recruiting confirmed running ending closed postponed cancelled"},
		{"schema-Slot", "weekday", "integer required 1 to 7 Monday is 1, Sunday 7"},
		{"schema-Submission", "answers", "list of Answer required at most 300 items"},
		{"schema-NewGroup", "facilitator_ids",
			"list of string at most 10 items each exactly 26 characters each letters and digits"},
		{"schema-NewSeries", "time_zone", "string required at most 64 characters IANA name For example Europe/Warsaw"},
		{"schema-ApplicationSummary", "verdicts", "object of any names, each with string required"},
	} {
		var said string
		for _, row := range page.byID(tt.section).all("div") {
			if dt := row.all("dt"); len(dt) > 0 && dt[0].text() == tt.row {
				said = row.all("dd")[0].text()
			}
		}
		if said != tt.want {
			t.Errorf("%s %s: %q instead of %q", tt.section, tt.row, said, tt.want)
		}
	}
}

// referenceServer serves the three routes behind the middleware that every route has.
func referenceServer(t *testing.T) *echo.Echo {
	t.Helper()
	e, s := echo.New(), &Server{}
	e.Use(s.limits, s.admit)
	if err := s.reference(e, contract(t)); err != nil {
		t.Fatal(err)
	}
	return e
}

func fetch(t *testing.T, e *echo.Echo, path, ifNoneMatch string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	r.Header.Set("If-None-Match", ifNoneMatch)
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	return w
}

func TestReferenceIsServedShutTightAndRevalidated(t *testing.T) {
	t.Parallel()
	e := referenceServer(t)
	for path, contentType := range map[string]string{
		"/docs":                "text/html; charset=utf-8",
		"/docs/reference.css":  "text/css; charset=utf-8",
		"/api/v1/openapi.json": "application/json",
	} {
		first := fetch(t, e, path, "")
		got := map[string]string{}
		for _, name := range []string{
			"Content-Type", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cache-Control",
		} {
			got[name] = strings.Join(first.Header().Values(name), " | ")
		}
		want := map[string]string{
			"Content-Type": contentType,
			"Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; " +
				"frame-ancestors 'none'",
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache",
		}
		if diff := cmp.Diff(want, got); diff != "" || first.Code != http.StatusOK || first.Body.Len() == 0 {
			t.Errorf("%s: status %d, %d bytes (-want +got):\n%s", path, first.Code, first.Body.Len(), diff)
		}
		again := fetch(t, e, path, first.Header().Get("ETag"))
		if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
			t.Errorf("%s: asked again, status %d with %d bytes", path, again.Code, again.Body.Len())
		}
		if other := fetch(t, e, path, `"another"`); other.Code != http.StatusOK {
			t.Errorf("%s: with the tag of something else, status %d", path, other.Code)
		}
	}
}

func TestContractIsServedForPrograms(t *testing.T) {
	t.Parallel()
	var doc struct{ Paths map[string]any }
	if err := json.Unmarshal(fetch(t, referenceServer(t), "/api/v1/openapi.json", "").Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if want := contract(t).Paths.Len(); len(doc.Paths) != want || want == 0 {
		t.Errorf("%d paths instead of %d", len(doc.Paths), want)
	}
}
