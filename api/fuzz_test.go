package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"grupa/api"
	"grupa/internal/fault"
)

// bodies are where fuzzing starts: what is taken, and everything that the tables know to be bad.
func bodies(f *testing.F) {
	f.Add([]byte(aForm))
	for _, b := range badRequests() {
		switch body := b.body.(type) {
		case string:
			f.Add([]byte(body))
		case []byte:
			f.Add(body)
		}
	}
}

// Whatever is decoded is just what was written, name by name, and nothing of it is lost. What is not is refused with a
// field.
func FuzzDecode(f *testing.F) {
	bodies(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		var s api.Submission
		if err := api.Decode(raw, &s); err != nil {
			checkRefused(t, err)
			return
		}
		var written, decoded any
		if err := json.Unmarshal(raw, &written); err != nil {
			t.Fatalf("%q is no JSON: %v", raw, err)
		}
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &decoded); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(pruned(written), pruned(decoded)); diff != "" {
			t.Errorf("%s is decoded as another thing: %s", raw, diff)
		}
	})
}

// pruned drops what the types leave out when it is empty.
func pruned(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			if inner = pruned(inner); inner == nil {
				delete(v, name)
			} else {
				v[name] = inner
			}
		}
		if len(v) == 0 {
			return nil
		}
	case []any:
		for i := range v {
			v[i] = pruned(v[i])
		}
		if len(v) == 0 {
			return nil
		}
	case string, float64, bool:
		if v == "" || v == 0.0 || v == false {
			return nil
		}
	}
	return v
}

func checkRefused(t *testing.T, err error) {
	t.Helper()
	e := fault.Of(err)
	if e == nil || e.Kind != fault.Malformed && e.Kind != fault.Invalid || len(e.Fields) == 0 {
		t.Fatalf("refused without a field: %v", err)
	}
	for _, field := range e.Fields {
		if field.Path == "" || field.Code == "" || len(field.Path) > 400 {
			t.Errorf("a field at fault: %+v", field)
		}
	}
}

// Whatever is submitted, the server never fails, and what it does not take it explains.
func FuzzSubmit(f *testing.F) {
	bodies(f)
	handler := newHandler(f, configOf(f, newService(f).Store))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r := httptest.NewRequest(http.MethodPost, "/api/v1/applications", strings.NewReader(string(raw)))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code == http.StatusCreated {
			return
		}
		a := answer{t, w.Code, w.Header(), w.Body.Bytes()}
		if w.Code < 400 || w.Code > 499 {
			t.Fatalf("%d: %s", w.Code, w.Body)
		}
		checkWords(t, a.problem(w.Code))
		checkInside(t, a)
	})
}
