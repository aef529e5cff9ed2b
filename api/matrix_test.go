package api_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// callers are the columns of the matrix, in their order: nobody; a token that was never given; one that was revoked;
// another applicant; the applicant whose things they are; a coordinator; the facilitator of the group; another
// facilitator; an administrator; a coordinator of another programme.
func (w *world) callers() []string {
	return []string{
		"", "grpa_" + strings.Repeat("a", 32), w.revoked, w.stranger, w.owner.Receipt, w.token, w.leader, w.facilitator,
		w.administrator, w.elsewhere,
	}
}

// columns names the callers where a test tells of them.
func columns() []string {
	return strings.Fields(
		"nobody unknown revoked stranger owner coordinator leader facilitator administrator elsewhere")
}

// row says what each caller gets of an operation: of our things, of those of the other programme, and of what is not
// there. Theirs and nowhere are empty where the operation names no record.
type row struct {
	ours, theirs, nowhere string
	body                  func(w *world, o things) any
	ifMatch               string
}

func TestMatrixOfOperationsCallersAndRecords(t *testing.T) {
	t.Parallel()
	spec := closedSpec(t)
	rows := matrix()
	cells := 0
	for path, item := range spec.Paths.Map() {
		for method, op := range item.Operations() {
			name := op.OperationID
			r, ok := rows[name]
			if !ok {
				t.Errorf("%s has no row in the matrix: say who may call it", name)
				continue
			}
			delete(rows, name)
			if named := strings.Contains(path, "{"); named != (r.nowhere != "") {
				t.Errorf("%s: say what is not there, just where the address names something", name)
			}
			for _, expected := range []string{r.ours, r.theirs, r.nowhere} {
				cells += len(statuses(t, expected))
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				r.check(t, method, path)
			})
		}
	}
	for name := range maps.Keys(rows) {
		t.Errorf("the row of %s, which is no operation", name)
	}
	if cells < 600 {
		t.Errorf("only %d cells", cells)
	}
	t.Logf("%d cells", cells)
}

func statuses(t testing.TB, expected string) (all []int) {
	t.Helper()
	for _, text := range strings.Fields(expected) {
		var status int
		if _, err := fmt.Sscan(text, &status); err != nil {
			t.Fatal(err)
		}
		all = append(all, status)
	}
	if len(all) != 0 && len(all) != len(columns()) {
		t.Fatalf("%q: %d cells for %d callers", expected, len(all), len(columns()))
	}
	return all
}

// cell is one call of the matrix.
type cell struct {
	caller int
	object string
	status int
}

func (r row) check(t *testing.T, method, path string) {
	w := newWorld(t)
	objects := map[string]things{"ours": w.ours, "theirs": w.theirs, "nowhere": nowhere()}
	var denied, let []cell
	for object, expected := range map[string]string{"ours": r.ours, "theirs": r.theirs, "nowhere": r.nowhere} {
		for caller, status := range statuses(t, expected) {
			if status >= 400 {
				denied = append(denied, cell{caller, object, status})
			} else {
				let = append(let, cell{caller, object, status})
			}
		}
	}
	before, answers := dumped(t, w.beside), map[cell]answer{}
	for _, c := range append(denied, let...) { // first everything that must leave no trace
		if len(answers) == len(denied) {
			checkNoTrace(t, before, dumped(t, w.beside), denied)
		}
		o := objects[c.object]
		a := r.call(w, method, o.in(path), w.callers()[c.caller], o)
		if answers[c] = a; a.status != c.status {
			t.Errorf("%s, %s: %d instead of %d: %.300s", columns()[c.caller], c.object, a.status, c.status, a.body)
		}
	}
	for _, c := range denied {
		if there, ok := answers[cell{c.caller, "nowhere", c.status}]; ok && !same(answers[c], there) {
			t.Errorf("%s can tell %s from nowhere:\n%s %v\n%s %v", columns()[c.caller], c.object,
				answers[c].body, answers[c].header, there.body, there.header)
		}
	}
}

func (r row) call(w *world, method, path, token string, o things) answer {
	var body any
	if r.body != nil {
		body = r.body(w, o)
	}
	var headers []string
	if r.ifMatch != "" {
		headers = []string{"If-Match", r.ifMatch}
	}
	return w.call(method, path, token, body, headers...)
}

// checkNoTrace wants nothing of a denied call to be left but the note that it was refused.
func checkNoTrace(t *testing.T, before, after dump, denied []cell) {
	t.Helper()
	refused := 0
	for _, c := range denied {
		if c.status == http.StatusForbidden {
			refused++
		}
	}
	for _, row := range after.without("audit").unlike(before) {
		t.Errorf("a denied call left a trace: %s", row)
	}
	added := after.added(before, "audit")
	for _, row := range added {
		if !strings.Contains(row, "outcome=refused") {
			t.Errorf("a denied call did something: %s", row)
		}
	}
	if len(added) != refused {
		t.Errorf("%d refused tries are noted instead of %d", len(added), refused)
	}
}

var itsRequest = regexp.MustCompile(`"request_id":"[^"]*",?`)

// same holds for answers that tell nothing apart.
func same(a, b answer) bool {
	plain := func(a answer) []byte { return itsRequest.ReplaceAll(a.body, nil) }
	headers := func(a answer) http.Header {
		h := a.header.Clone()
		for _, name := range []string{"Date", "X-Request-Id"} {
			h.Del(name)
		}
		return h
	}
	return a.status == b.status && bytes.Equal(plain(a), plain(b)) &&
		maps.EqualFunc(headers(a), headers(b), slices.Equal[[]string])
}

// in puts the ids in place of the names of an address.
func (o things) in(path string) string {
	of := o.application
	switch {
	case strings.Contains(path, "/groups/"):
		of = o.group
	case strings.Contains(path, "/sessions/"):
		of = o.session
	case strings.Contains(path, "/forms/") && o.slug == "":
		o.slug = "intake"
	case strings.Contains(path, "/group-types/") && o.slug == "":
		o.slug = "support"
	}
	return strings.NewReplacer(
		"{id}", of, "{offer_id}", o.offer, "{feed_id}", o.feed, "{token}", o.token, "{slug}", o.slug,
	).Replace(path)
}
