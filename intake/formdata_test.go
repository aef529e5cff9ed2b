package intake_test

import (
	"encoding/json"
	"strings"
	"testing"

	"grupa/intake"
	"grupa/intake/catalogue"
	"grupa/internal/fault"
)

// small is a form with one item of each kind that the catalogue's form leaves out or that is easily got wrong.
const small = `{"slug":"small","version":1,"title":TEXT,"intro":TEXT,"items":[
	{"link_id":"age","kind":"integer","min":1,"max":120,"text":TEXT},
	{"link_id":"mood","kind":"choice","clinical":true,"text":TEXT,
		"options":[{"code":"good","text":TEXT},{"code":"bad","text":TEXT}]},
	{"link_id":"note","kind":"text","max_length":10,"text":TEXT}],
	"safety":[{"id":"bad","when":{"field":"mood","op":"eq","value":"bad"},"text":TEXT}]}`

const text = `{"en":"a","pl":"b","lv":"c","fa":"d"}`

func parse(data string) (*intake.Form, error) {
	return intake.ParseForm([]byte(strings.ReplaceAll(data, "TEXT", text)))
}

func TestAFormIsParsedStrictly(t *testing.T) {
	t.Parallel()
	if _, err := parse(small); err != nil {
		t.Fatal(err)
	}
	for what, row := range map[string]struct{ old, new, want string }{
		"no slug":          {`"slug":"small"`, `"slug":""`, "slug:required"},
		"version nought":   {`"version":1`, `"version":0`, "slug:required"},
		"a title in three": {`"title":TEXT`, `"title":{"en":"a","pl":"b","lv":"c"}`, "title:language_missing"},
		"a blank text": {`"max":120,"text":TEXT`, `"max":120,"text":{"en":"a","pl":" ","lv":"c","fa":"d"}`,
			"items[0].text:language_missing"},
		"a link id twice":     {`"link_id":"note"`, `"link_id":"age"`, "items[2].link_id:duplicate"},
		"no link id":          {`"link_id":"note"`, `"link_id":""`, "items[2].link_id:duplicate"},
		"another kind":        {`"kind":"text"`, `"kind":"essay"`, "items[2].kind:choice"},
		"a text without end":  {`,"max_length":10`, ``, "items[2].max_length:range"},
		"a range upside down": {`"min":1`, `"min":121`, "items[0].max:order"},
		"a choice of nothing": {`"options":[{"code":"good","text":TEXT},{"code":"bad","text":TEXT}]`, `"options":[]`,
			"items[1].options:required safety[0].when.value:unknown_option"},
		"a code twice": {`"code":"good"`, `"code":"bad"`,
			"items[1].options[1].code:duplicate safety[0].when:always_true"},
		"a safety of nothing":  {`"field":"mood"`, `"field":"mud"`, "safety[0].when.field:unknown_question"},
		"a safety without end": {`"when":{"field":"mood","op":"eq","value":"bad"}`, `"when":{}`, ""},
		"an unknown name":      {`"version":1`, `"version":1,"versoin":2`, ""},
		"no JSON":              {`{"slug"`, `{slug`, ""},
		"something behind":     {`"text":TEXT}]}`, `"text":TEXT}]} x`, ""},
	} {
		if !strings.Contains(small, row.old) {
			t.Fatalf("%s: the test changes nothing", what)
		}
		_, err := parse(strings.Replace(small, row.old, row.new, 1))
		if got := strings.Join(fields(err), " "); fault.KindOf(err) != fault.Invalid || row.want != "" && got != row.want {
			t.Errorf("%s: %v instead of %q", what, err, row.want)
		}
	}
}

func TestAnIntegerIsTakenWithinItsRange(t *testing.T) {
	t.Parallel()
	form, err := parse(small)
	noError(t, err)
	for v, good := range map[int64]bool{0: false, 1: true, 120: true, 121: false, -1 << 63: false, 1<<63 - 1: false} {
		_, err := form.Take([]intake.Given{{LinkID: "age", Answer: intake.Answer{Integer: new(v)}}})
		if good {
			noError(t, err)
			continue
		}
		refused(t, "an integer", err, "answers[0].integer:range")
	}
}

// supportType is the catalogue's support group with one part replaced.
func supportType(t *testing.T, change func(m map[string]any)) []byte {
	t.Helper()
	var m map[string]any
	noError(t, json.Unmarshal(catalogue.TypeFiles()["support"], &m))
	change(m)
	raw, err := json.Marshal(m)
	noError(t, err)
	return raw
}

func criterion(m map[string]any, n int) map[string]any {
	return m["criteria"].([]any)[n].(map[string]any)
}

func TestAGroupTypeThatCouldHarmIsRefused(t *testing.T) {
	t.Parallel()
	form, err := intake.ParseForm(catalogue.FormFiles()["intake"])
	noError(t, err)
	forms := func(slug string) []*intake.Form {
		if slug == "intake" {
			return []*intake.Form{form}
		}
		return nil
	}
	if _, err := intake.ParseGroupType(supportType(t, func(map[string]any) {}), forms); err != nil {
		t.Fatal(err)
	}
	for what, row := range map[string]struct {
		change func(m map[string]any)
		want   string
	}{
		"an answer about health shuts the door": {func(m map[string]any) {
			c := criterion(m, 0)
			c["when"] = map[string]any{"field": "reality", "op": "eq", "value": "no"}
			c["basis"] = "programme"
		}, "criteria[0].when:clinical_decides"},
		"no talk with a person": {func(m map[string]any) { m["alternatives"] = []string{"skills"} },
			"alternatives:alternative_missing"},
		"no alternative": {func(m map[string]any) { m["alternatives"] = []string{} },
			"alternatives:alternative_missing"},
		"itself as alternative": {func(m map[string]any) { m["alternatives"] = []string{"support", "individual-talk"} },
			"alternatives:choice"},
		"another form":       {func(m map[string]any) { m["form"] = "x" }, "form:choice"},
		"a size upside down": {func(m map[string]any) { m["size"] = map[string]int{"min": 9, "max": 2} }, "size:order"},
		"no version":         {func(m map[string]any) { m["version"] = 0 }, "slug:required"},
		"a name in one language": {func(m map[string]any) { m["name"] = map[string]string{"en": "x"} },
			"name:language_missing name:language_missing name:language_missing"},
		"no such question": {func(m map[string]any) {
			criterion(m, 0)["when"] = map[string]any{"field": "hobby", "op": "eq", "value": "x"}
		}, ""},
		"an unknown name": {func(m map[string]any) { m["secret"] = 1 }, ""},
		"a missing answer shuts the door": {func(m map[string]any) {
			criterion(m, 0)["when"] = map[string]any{"field": "age-band", "op": "answered"}
		}, ""},
	} {
		_, err := intake.ParseGroupType(supportType(t, row.change), forms)
		if got := strings.Join(fields(err), " "); fault.KindOf(err) != fault.Invalid || row.want != "" && got != row.want {
			t.Errorf("%s: %v instead of %q", what, err, row.want)
		}
	}
}

func TestHelpWithoutALineToCallIsRefused(t *testing.T) {
	t.Parallel()
	good := string(catalogue.HelpFiles()["en"])
	if _, err := intake.ParseHelp([]byte(good)); err != nil {
		t.Fatal(err)
	}
	const emergency, line = `"emergency":{"name":"E","phone":"112"}`, `{"name":"A","phone":"1"}`
	for what, raw := range map[string]string{
		"empty":                        `{}`,
		"no numbers":                   `{"language":"en","contacts":[],` + emergency + `,"unwatched":"x"}`,
		"no phone":                     `{"language":"en","contacts":[{"name":"A"}],` + emergency + `,"unwatched":"x"}`,
		"no emergency number":          `{"language":"en","contacts":[` + line + `],"emergency":{},"unwatched":"x"}`,
		"not said that nobody watches": `{"language":"en","contacts":[` + line + `],` + emergency + `}`,
		"an unknown name":              strings.Replace(good, `"language"`, `"langauge"`, 1), "no JSON": "help",
	} {
		if _, err := intake.ParseHelp([]byte(raw)); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
}
