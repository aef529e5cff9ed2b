package api_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"grupa/api"
)

// bad is a request that must be refused: never stored, never a failure of the server, and told in words.
type bad struct {
	name    string
	call    string // method and address; {application}, {group} and so on stand for ids that are there
	as      string // "", owner or coordinator
	body    any    // a string is sent as it is
	headers []string
	status  int
	field   string // which must be at fault, of 400 and 422
}

// send sends it. A header without a value is taken away.
func (b bad) send(w *world) answer {
	secret := map[string]string{"": "", "owner": w.owner.Receipt, "coordinator": w.token}
	method, path, _ := strings.Cut(b.call, " ")
	body := b.body
	if text, ok := body.(string); ok {
		body = []byte(w.named(text))
	}
	return w.call(method, w.named(path), secret[b.as], body, b.headers...)
}

// named puts ids in place of their names.
func (w *world) named(text string) string {
	return strings.NewReplacer(
		"{application}", w.ours.application, "{group}", w.ours.group, "{session}", w.ours.session,
		"{offer}", w.ours.offer, "{feed}", w.ours.feed,
	).Replace(text)
}

func badRequests() []bad {
	return slices.Concat(badBodies(), badForms(), badPlans(), badRecords(), badParameters(), badHeaders(), badAddresses())
}

func TestBadInputIsRefusedInWordsAndLeavesNothing(t *testing.T) {
	t.Parallel()
	all := badRequests()
	if len(all) < 60 {
		t.Errorf("only %d cases", len(all))
	}
	w := newWorld(t)
	before := dumped(t, w.beside)
	seen := map[string]bool{}
	for _, b := range all {
		if seen[b.name] {
			t.Errorf("two cases are named %s", b.name)
		}
		seen[b.name] = true
		t.Run(b.name, func(t *testing.T) { b.check(t, b.send(w.in(t))) })
	}
	for _, row := range dumped(t, w.beside).unlike(before) {
		t.Errorf("bad input was stored: %s", row)
	}
}

// in is the world within a part of its test.
func (w *world) in(t testing.TB) *world {
	here, seen, s := *w, *w.observed, *w.service
	s.t, seen.service, here.observed = t, &s, &seen
	return &here
}

func (b bad) check(t *testing.T, a answer) {
	t.Helper()
	p := a.problem(b.status)
	checkWords(t, p)
	checkInside(t, a)
	if p.Status != b.status || p.Code == "" {
		t.Errorf("a problem of status %d with code %q", p.Status, p.Code)
	}
	if b.status != 400 && b.status != 422 {
		return
	}
	var at []string
	for _, f := range p.Fields {
		at = append(at, f.Field)
	}
	if b.field == "" || !slices.Contains(at, b.field) {
		t.Errorf("at fault are %q instead of %q: %s", at, b.field, a.body)
	}
}

// checkWords wants a sentence wherever a person may look.
func checkWords(t *testing.T, p api.Problem) {
	t.Helper()
	texts := map[string]string{"title": p.Title, "detail of " + p.Code: p.Detail}
	for _, f := range p.Fields {
		texts["field "+f.Field+" "+f.Code] = f.Detail
		if f.Field == "" || f.Code == "" {
			t.Errorf("a field at fault without a path or a code: %+v", f)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		if text := texts[name]; strings.TrimSpace(text) == "" || strings.ContainsAny(text, "{}") {
			t.Errorf("%s: there is no sentence: %q", name, text)
		}
	}
}

// inside is what only the program and its machine know.
var inside = regexp.MustCompile(`(?i)\.go\b|json:|sql|gorm|goroutine|panic|strconv|reflect|validator|unmarshal|` +
	`parsing time|interface ?\{|struct|\bapi\.|\bint64|0x[0-9a-f]{6}|/(work|tmp|root|home|usr)/|\bEOF\b`)

func checkInside(t *testing.T, a answer) {
	t.Helper()
	var p api.Problem
	a.into(a.status, &p)
	for i := range p.Fields {
		p.Fields[i].Field = "" // as the client wrote it
	}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if found := inside.Find(text); found != nil {
		t.Errorf("an answer tells %q of the inside: %s", found, text)
	}
	if most := 64 << 10; len(a.body) > most {
		t.Errorf("a problem of %d octets", len(a.body))
	}
}
