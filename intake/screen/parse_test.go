package screen_test

import (
	"strings"
	"testing"

	"grupa/intake/screen"
	"grupa/internal/fault"

	"github.com/google/go-cmp/cmp"
)

const text = `{"en":"e","pl":"p","lv":"l","fa":"f"}`

func TestCriterionIsReadWithItsUsualPolicy(t *testing.T) {
	t.Parallel()
	criteria, err := screen.ParseCriteria([]byte(`[
		{"id":"age","kind":"require","basis":"age","when":{"field":"age","op":"ge","value":18},
		 "because":{"met":` + text + `,"not_met":` + text + `,"unknown":` + text + `}},
		{"id":"heavy","kind":"caution","clinical":true,"unknown":"review","interview":true,"staff_only":true,
		 "when":{"score":"load","op":"between","value":[4,6]},"applicant_note":` + text + `},
		{"id":"calm","kind":"prefer","weight":20,
		 "when":{"field":"free","op":"overlaps","value":[{"weekday":7,"from":"22:30","to":"24:00"}]}}
	]`))
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{"en": "e", "pl": "p", "lv": "l", "fa": "f"}
	for lang, s := range criteria[0].Because.NotMet {
		if said[string(lang)] != s {
			t.Errorf("%s: %q", lang, s)
		}
	}
	var policies []screen.Policy
	for _, k := range criteria {
		policies = append(policies, k.Unknown)
	}
	if diff := cmp.Diff([]screen.Policy{screen.Ask, screen.Review, screen.Ignore}, policies); diff != "" {
		t.Error(diff)
	}
	heavy := criteria[1]
	if !heavy.Clinical || !heavy.Interview || !heavy.StaffOnly || heavy.ApplicantNote["lv"] != "l" {
		t.Errorf("read as %+v", heavy)
	}
	if criteria[2].Weight != 20 {
		t.Errorf("weight %d", criteria[2].Weight)
	}
	want := screen.Expr{Op: screen.Overlaps, Field: "free", Operand: screen.Operand{
		Kind: screen.Slots, Minutes: 60, Slots: []screen.Slot{{Weekday: 7, From: 1350, To: 1440}},
	}}
	if diff := cmp.Diff(want, criteria[2].When); diff != "" {
		t.Error(diff)
	}
}

func TestFaultyCriteriaAreRefusedWithTheirPath(t *testing.T) {
	t.Parallel()
	const when = `"when":{"field":"call","op":"eq","value":true}`
	for data, want := range map[string][]string{
		``:                                   {"criteria syntax"},
		`[`:                                  {"criteria syntax"},
		"[\"\xff\"]":                         {"criteria syntax"},
		`[] []`:                              {"criteria syntax"},
		`{}`:                                 {"criteria wrong_type"},
		` null `:                             {"criteria wrong_type"},
		`[3,{` + when + `}]`:                 {"criteria[0] wrong_type"},
		`[{"id":"a"}]`:                       {"criteria[0].when required"},
		`[{"ID":"a",` + when + `}]`:          {"criteria[0].ID unknown_key"},
		`[{"id":"a","id":"b",` + when + `}]`: {"criteria[0].id duplicate_key"},
		`[{"id":null,` + when + `}]`:         {"criteria[0].id wrong_type"},
		`[{"weight":2.5,` + when + `}]`:      {"criteria[0].weight wrong_type"},
		`[{"clinical":"no",` + when + `}]`:   {"criteria[0].clinical wrong_type"},
		`[{"because":{"met":{"de":"x"},"why":1},` + when + `}]`: {
			"criteria[0].because.met.de unknown_key", "criteria[0].because.why unknown_key",
		},
		`[{"because":{"met":"x"},` + when + `}]`:                      {"criteria[0].because.met wrong_type"},
		`[{"applicant_note":{"en":1},` + when + `}]`:                  {"criteria[0].applicant_note.en wrong_type"},
		`[{"when":{"all":[{"field":"call","op":"like","value":1}]}}]`: {"criteria[0].when.all[0].op choice"},
		`[{` + when + `},{"when":{"all":[{"any":[3]},{"not":{"field":"x"}}]},"x":1}]`: {
			"criteria[1].when.all[0].any[0] wrong_type", "criteria[1].when.all[1].not.op required", "criteria[1].x unknown_key",
		},
	} {
		t.Run(data, func(t *testing.T) {
			t.Parallel()
			criteria, err := screen.ParseCriteria([]byte(data))
			wantFaults(t, err, want...)
			if criteria != nil {
				t.Error("criteria beside an error")
			}
		})
	}
}

func TestFaultyExpressionsAreRefusedWithTheirPath(t *testing.T) {
	t.Parallel()
	badTimes := []string{"value[0].from bad_time", "value[0].to bad_time"}
	overlaps := func(s string) string { return `{"field":"f","op":"overlaps","value":[` + s + `]}` }
	for data, want := range map[string][]string{
		`{}`:                  {" choice_of_shape"},
		`[]`:                  {" wrong_type"},
		`{"all":[],"any":[]}`: {" choice_of_shape"},
		`{"field":"a","score":"b","op":"eq","value":1}`:      {" choice_of_shape"},
		`{"all":[],"op":"eq"}`:                               {" choice_of_shape"},
		`{"all":{}}`:                                         {"all wrong_type"},
		`{"all":null}`:                                       {" choice_of_shape", "all wrong_type"},
		`{"not":[]}`:                                         {"not wrong_type"},
		`{"at_least":{"count":1}}`:                           {"at_least.of required"},
		`{"at_least":{"count":1.5,"of":[]}}`:                 {"at_least.count wrong_type"},
		`{"at_least":{"of":[{}]}}`:                           {"at_least.of[0] choice_of_shape"},
		`{"field":"","op":"answered"}`:                       {" required"},
		`{"field":"f","op":"answered","value":1}`:            {"value not_allowed_here"},
		`{"field":"f","op":"eq"}`:                            {"value required"},
		`{"field":"f","op":"eq","value":[1]}`:                {"value wrong_type"},
		`{"field":"f","op":"eq","value":null}`:               {"value required", "value wrong_type"},
		`{"field":"f","op":"ge","value":"1"}`:                {"value wrong_type"},
		`{"field":"f","op":"ge","value":1e999}`:              {"value wrong_type"},
		`{"field":"f","op":"in","value":"a"}`:                {"value wrong_type"},
		`{"field":"f","op":"in","value":["a",null]}`:         {"value[1] wrong_type"},
		`{"field":"f","op":"between","value":[1]}`:           {"value value_misfit"},
		`{"field":"f","op":"between","value":[1,"2"]}`:       {"value[1] wrong_type"},
		`{"field":"f","op":"all","value":1}`:                 {"op choice"},
		`{"field":"f","op":"ge","value":1,"minutes":5}`:      {"minutes not_allowed_here"},
		overlaps(`{"weekday":1,"from":"9:00","to":"24:01"}`): badTimes,
		overlaps(`{"weekday":1,"from":"09:60","to":"1200"}`): badTimes,
		overlaps(`{"weekday":"1","from":"09:00","to":"12:00","kind":"x"}`): {
			"value[0].kind unknown_key", "value[0].weekday wrong_type",
		},
	} {
		t.Run(data, func(t *testing.T) {
			t.Parallel()
			_, err := screen.ParseExpr([]byte(data))
			wantFaults(t, err, want...)
		})
	}
}

func TestFaultyScoresAreRefusedWithTheirPath(t *testing.T) {
	t.Parallel()
	scores, err := screen.ParseScores([]byte(`{"load":{"items":["mood","sleep"]}}`))
	if diff := cmp.Diff(formScores, scores); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	for data, want := range map[string][]string{
		`[]`:       {"scores wrong_type"},
		`{"a":{}}`: {"scores.a.items required"},
		`{"a":[]}`: {"scores.a wrong_type"},
		`{"a":{"items":["x",1],"sum":true},"a":{}}`: {
			"scores.a duplicate_key", "scores.a.items[1] wrong_type", "scores.a.sum unknown_key",
		},
	} {
		_, err := screen.ParseScores([]byte(data))
		wantFaults(t, err, want...)
	}
}

func TestLimitsHold(t *testing.T) {
	t.Parallel()
	leaf := `{"field":"f","op":"answered"}`
	nested := func(depth int) string {
		return strings.Repeat(`{"not":`, depth-1) + leaf + strings.Repeat(`}`, depth-1)
	}
	many := func(n int) string { return strings.TrimSuffix(strings.Repeat(leaf+",", n), ",") }
	type1 := func(nodes int) string { // in two criteria, so that the limit is one of the type
		return `[{"when":{"all":[` + many(199) + `]}},{"when":{"any":[` + many(nodes-201) + `]}}]`
	}
	for name, c := range map[string]struct {
		parse func() error
		want  string // empty if it is within the limit
	}{
		"depth 12":      {parseExpr(nested(12)), ""},
		"depth 13":      {parseExpr(nested(13)), strings.Repeat("not.", 11) + "not too_deep"},
		"depth 9,000":   {parseExpr(nested(9_000)), strings.Repeat("not.", 11) + "not too_deep"},
		"depth 100,000": {parseExpr(nested(100_000)), " syntax"},
		"400 nodes":     {parseCriteria(type1(400)), ""},
		"401 nodes":     {parseCriteria(type1(401)), "criteria[1].when.any[199] too_many"},
		"200 of a list": {parseExpr(`{"all":[` + many(200) + `]}`), ""},
		"201 of a list": {parseExpr(`{"all":[` + many(201) + `]}`), "all too_many"},
		"201 criteria":  {parseCriteria(`[` + many(201) + `]`), "criteria too_many"},
		"201 options": {
			parseExpr(`{"field":"f","op":"in","value":[` + strings.Repeat(`"a",`, 200) + `"a"]}`), "value too_many",
		},
		"a very long key": {
			parseExpr(`{"` + strings.Repeat("x\\n", 30_000) + `":1}`), strings.Repeat("x?", 20) + " unknown_key",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := c.parse()
			if c.want == "" {
				wantFaults(t, err)
				return
			}
			path, code, _ := strings.Cut(c.want, " ")
			if e := fault.Of(err); !has(err, path, code) || len(e.Fields) > 2 {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}

func parseExpr(data string) func() error {
	return func() error { _, err := screen.ParseExpr([]byte(data)); return err }
}

func parseCriteria(data string) func() error {
	return func() error { _, err := screen.ParseCriteria([]byte(data)); return err }
}
