package api_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/google/go-cmp/cmp"

	"grupa/api"
)

// observed is a service whose every answer is held against openapi.yaml: a client may rely on what it says.
type observed struct {
	*service
	spec   *openapi3.T
	router routers.Router
}

func newObserved(t testing.TB) *observed {
	t.Helper()
	return observe(t, newService(t))
}

func observe(t testing.TB, s *service) *observed {
	t.Helper()
	spec := closedSpec(t)
	router, err := legacy.NewRouter(spec)
	if err != nil {
		t.Fatal(err)
	}
	return &observed{s, spec, router}
}

// closedSpec is the contract with every object closed: a field in an answer that the contract does not name is a fault.
func closedSpec(t testing.TB) *openapi3.T {
	t.Helper()
	spec, err := openapi3.NewLoader().LoadFromFile("../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	spec.Servers = nil // the reader of the contract takes "/" for a folder
	closed := false
	for _, ref := range spec.Components.Schemas {
		if s := ref.Value; s.Type.Is(openapi3.TypeObject) && s.AdditionalProperties.Schema == nil {
			s.AdditionalProperties.Has = &closed
		}
	}
	return spec
}

// call is service.call with the answer held against the contract.
func (o *observed) call(method, path, token string, body any, headers ...string) answer {
	o.t.Helper()
	a := o.service.call(method, path, token, body, headers...)
	o.hold(method, path, a)
	return a
}

func (o *observed) hold(method, path string, a answer) {
	o.t.Helper()
	r := httptest.NewRequest(method, "http://example.org/", nil)
	if u, err := r.URL.Parse(path); err == nil {
		r.URL = u
	}
	route, _, err := o.router.FindRoute(r)
	if err != nil { // no operation of the contract: then a problem, and nothing else
		o.holdProblem(method, path, a)
		return
	}
	in := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, Route: route},
		Status:                 a.status, Header: a.header, Body: io.NopCloser(bytes.NewReader(a.body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, ExcludeResponseBody: isCalendar(a.header)},
	}
	if err := openapi3filter.ValidateResponse(r.Context(), in); err != nil {
		o.t.Errorf("%s %s, status %d, is not what openapi.yaml says: %v\n%.500s", method, path, a.status, err, a.body)
	}
	if response := route.Operation.Responses.Status(a.status); response != nil {
		for name := range response.Value.Headers {
			if a.header.Get(name) == "" {
				o.t.Errorf("%s %s: no header %s", method, path, name)
			}
		}
	}
}

// isCalendar: the reader of the contract knows no iCalendar; calendar/ics has its own tests.
func isCalendar(h http.Header) bool { return h.Get("Content-Type") == "text/calendar; charset=utf-8" }

func (o *observed) holdProblem(method, path string, a answer) {
	o.t.Helper()
	outside := []string{"/docs", "/docs/reference.css", "/healthz", "/readyz", "/api/v1/openapi.json"}
	if method == http.MethodHead || slices.Contains(outside, path) && a.status < 400 {
		return
	}
	var p any
	a.into(a.status, &p)
	if a.status < 400 {
		o.t.Errorf("%s %s is not in openapi.yaml and is answered with %d", method, path, a.status)
	}
	if err := o.spec.Components.Schemas["Problem"].Value.VisitJSON(p); err != nil {
		o.t.Errorf("%s %s: %v\n%.500s", method, path, err, a.body)
	}
}

func TestTheContractIsHeldAgainst(t *testing.T) {
	t.Parallel()
	spec := closedSpec(t)
	unnamed := map[string]any{
		"type": "about:blank", "title": "t", "status": 404.0, "code": "c", "detail": "d", "cause": "of our own",
	}
	err := spec.Components.Schemas["Problem"].Value.VisitJSON(unnamed)
	if _, ok := errors.AsType[*openapi3.SchemaError](err); !ok {
		t.Errorf("a field that the contract does not name passes: %v", err)
	}
}

func TestTheServedContractIsTheWholeOne(t *testing.T) {
	t.Parallel()
	served, err := api.GetSpec()
	if err != nil {
		t.Fatal(err)
	}
	operations := func(spec *openapi3.T) (all []string) {
		for path, item := range spec.Paths.Map() {
			for method, op := range item.Operations() {
				all = append(all, method+" "+path+" "+strings.ToLower(op.OperationID)+" "+op.Summary)
			}
		}
		slices.Sort(all)
		return all
	}
	if diff := cmp.Diff(operations(closedSpec(t)), operations(served)); diff != "" {
		t.Error(diff)
	}
}
