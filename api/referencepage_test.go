package api

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
)

// element is a part of a page. The page closes every element, so the strict XML decoder of the standard library can
// tell whether it is well-formed.
type element struct {
	name string
	attr map[string]string
	kids []*element // text is an element without a name
	own  string
}

func parsePage(t *testing.T, raw []byte) *element {
	t.Helper()
	if !bytes.HasPrefix(raw, []byte("<!DOCTYPE html>")) {
		t.Fatalf("the page begins with %.40q", raw)
	}
	root := &element{}
	open := []*element{root}
	d := xml.NewDecoder(bytes.NewReader(raw))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return root
		}
		if err != nil {
			t.Fatalf("the page is not well-formed: %v", err)
		}
		last := open[len(open)-1]
		switch k := token.(type) {
		case xml.StartElement:
			e := &element{name: k.Name.Local, attr: map[string]string{}}
			for _, a := range k.Attr {
				e.attr[a.Name.Local] = a.Value
			}
			last.kids, open = append(last.kids, e), append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			last.kids = append(last.kids, &element{own: string(k)})
		}
	}
}

// all lists the elements of that name, at any depth; of every name for "".
func (e *element) all(name string) (out []*element) {
	for _, k := range e.kids {
		if k.name != "" && (name == "" || k.name == name) {
			out = append(out, k)
		}
		out = append(out, k.all(name)...)
	}
	return out
}

func (e *element) byID(id string) *element {
	for _, k := range e.all("") {
		if k.attr["id"] == id {
			return k
		}
	}
	return nil
}

func (e *element) links(href string) bool {
	for _, a := range e.all("a") {
		if a.attr["href"] == href {
			return true
		}
	}
	return false
}

// text is what a reader sees, with single spaces.
func (e *element) text() string {
	var b strings.Builder
	var walk func(*element)
	walk = func(e *element) {
		b.WriteString(e.own)
		for _, k := range e.kids {
			walk(k)
		}
	}
	walk(e)
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestReferenceLoadsNothingFromElsewhereAndRunsNothing(t *testing.T) {
	t.Parallel()
	spec := contract(t)
	page := pageOf(t, spec)
	known := map[string]bool{}
	const allowed = "html head meta title link body a header h1 span p div nav details summary ul li small main section " +
		"h2 h3 h4 strong code dl dt dd"
	for name := range strings.FieldsSeq(allowed) {
		known[name] = true
	}
	for _, e := range page.all("") {
		if !known[e.name] {
			t.Errorf("<%s> has no business on the page", e.name)
		}
		for name, value := range e.attr {
			switch {
			case name == "style", name == "src", name == "srcset", name == "http-equiv", strings.HasPrefix(name, "on"):
				t.Errorf("<%s %s=%q>", e.name, name, value)
			case e.name == "link" && name == "href" && value != "/docs/reference.css":
				t.Errorf("it loads %s", value)
			case e.name == "a" && name == "href" && !strings.HasPrefix(value, "#") &&
				value != "/api/v1/openapi.json" && value != spec.Info.License.URL:
				t.Errorf("it leads to %s", value)
			}
		}
	}
	for _, word := range []string{"url(", "@import", "//", "expression", "\\"} {
		if strings.Contains(referenceStyle, word) {
			t.Errorf("the style sheet has %s", word)
		}
	}
}

func TestReferenceLinksLeadSomewhereAndIDsAreUnique(t *testing.T) {
	t.Parallel()
	page := pageOf(t, contract(t))
	ids := map[string]int{}
	for _, e := range page.all("") {
		if id, ok := e.attr["id"]; ok {
			ids[id]++
		}
	}
	for id, n := range ids {
		if n != 1 {
			t.Errorf("id %q is there %d times", id, n)
		}
	}
	count := 0
	for _, a := range page.all("a") {
		if id, ok := strings.CutPrefix(a.attr["href"], "#"); ok {
			count++
			if ids[id] == 0 {
				t.Errorf("#%s leads nowhere", id)
			}
		}
	}
	if count < len(ids) {
		t.Errorf("%d links for %d places", count, len(ids))
	}
}

func TestReferenceTakesTextForText(t *testing.T) {
	t.Parallel()
	const evil = `</p><script>alert(1)</script> **<i>bold</i>** ` + "`<b>code</b>`"
	spec := contract(t)
	spec.Info.Title, spec.Info.Description = evil, evil
	spec.Info.License.URL = "javascript:alert(1)"
	spec.Components.Schemas["Slot"].Value.Description = evil
	spec.Components.Schemas["Slot"].Value.Properties["weekday"].Value.Description = evil
	spec.Paths.Value("/api/v1/me").Get.Summary = evil
	page := pageOf(t, spec)
	if n := len(page.all("script")) + len(page.all("i")) + len(page.all("b")); n > 0 {
		t.Errorf("%d elements came out of text", n)
	}
	const asText = "</p><script>alert(1)</script> <i>bold</i> <b>code</b>"
	if got := page.byID("schema-Slot").text(); strings.Count(got, asText) != 2 {
		t.Errorf("the text is not told as it is: %s", got)
	}
	if page.links("javascript:alert(1)") {
		t.Error("a link runs a script")
	}
}

func TestDescriptionMarks(t *testing.T) {
	t.Parallel()
	bold := func(s string) refPiece { return refPiece{Text: s, Bold: true} }
	code := func(s string) refPiece { return refPiece{Text: s, Code: true} }
	plain := func(s string) refPiece { return refPiece{Text: s} }
	for text, want := range map[string][]refParagraph{
		"":                        nil,
		" \n\n ":                  nil,
		"one\ntwo\n\n \nthree\n":  {{plain("one two")}, {plain("three")}},
		"**Who.** Send `a b` now": {{bold("Who."), plain(" Send "), code("a b"), plain(" now")}},
		"`**x**`":                 {{code("**x**")}},
		"2 ** 3, a ` b":           {{plain("2 ** 3, a ` b")}},
	} {
		if diff := cmp.Diff(want, paragraphsOf(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestReferenceRefusesWhatItCannotShow(t *testing.T) {
	t.Parallel()
	slot := func(spec *openapi3.T) openapi3.Schemas { return spec.Components.Schemas["Slot"].Value.Properties }
	check := func(tag string) map[string]any {
		return map[string]any{"x-oapi-codegen-extra-tags": map[string]any{"validate": tag}}
	}
	text := &openapi3.Types{"string"}
	for name, tt := range map[string]struct {
		spoil func(*openapi3.T)
		want  string
	}{
		"no policy": {func(s *openapi3.T) {
			s.Paths.Set("/api/v1/secret", s.Paths.Value("/api/v1/me"))
		}, "no policy"},
		"unknown tag": {func(s *openapi3.T) { s.Paths.Value("/api/v1/me").Get.Tags = []string{"other"} }, "its tag"},
		"no tag":      {func(s *openapi3.T) { s.Paths.Value("/api/v1/me").Get.Tags = nil }, "its tag"},
		"no summary":  {func(s *openapi3.T) { s.Paths.Value("/api/v1/me").Get.Summary = "" }, "summary"},
		"two truths": {func(s *openapi3.T) {
			slot(s)["to"].Value = &openapi3.Schema{Type: text, MaxLength: new(uint64(3)), Extensions: check("max=5")}
		}, "says 3 and checks max=5"},
		"two lists of values": {func(s *openapi3.T) { slot(s)["kind"].Value.Extensions = check("oneof=a b") }, "allows"},
		"nameless object": {func(s *openapi3.T) {
			slot(s)["to"].Value = &openapi3.Schema{Type: &openapi3.Types{"object"}}
		}, "needs a name"},
		"a choice of schemas": {func(s *openapi3.T) {
			slot(s)["to"].Value = &openapi3.Schema{OneOf: openapi3.SchemaRefs{{Value: &openapi3.Schema{Type: text}}}}
		}, "oneOf"},
		"no type":       {func(s *openapi3.T) { slot(s)["to"].Value = &openapi3.Schema{} }, "exactly one type"},
		"lost property": {func(s *openapi3.T) { delete(slot(s), "to") }, "not described"},
	} {
		spec := contract(t)
		tt.spoil(spec)
		if _, err := renderReference(spec); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, wanted one with %q", name, err, tt.want)
		}
	}
}
