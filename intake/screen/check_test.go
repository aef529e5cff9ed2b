package screen_test

import (
	"maps"
	"testing"

	"grupa/intake/screen"
	"grupa/internal/words"
)

func TestEverythingWrongWithACriterionIsToldAtOnce(t *testing.T) {
	t.Parallel()
	k := criterion("", screen.Require)
	k.Clinical, k.Unknown, k.Interview, k.StaffOnly, k.Weight, k.Basis = true, screen.Ignore, true, true, 5, ""
	k.Because.Met = words.Text{"en": "yes", "pl": " "}
	k.Because.Unknown = nil
	k.When = expr(t, `{"all":[{"field":"note","op":"answered"},{"field":"nowhere","op":"eq","value":true}]}`)
	wantFaults(t, screen.Check([]screen.Criterion{k}, nil, formSchema),
		"criteria[0].id required", "criteria[0].clinical clinical_decides", "criteria[0].unknown ignore_decides",
		"criteria[0].basis required", "criteria[0].interview not_allowed_here", "criteria[0].weight not_allowed_here",
		"criteria[0].applicant_note required", "criteria[0].because.met missing_languages",
		"criteria[0].because.unknown required", "criteria[0].when.all[0].op answered_decides",
		"criteria[0].when.all[1].field unknown_question",
	)
}

func TestCriteriaThatCheckRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind   screen.CriterionKind
		change func(k *screen.Criterion)
		want   string
	}{
		"no such kind": {"maybe", func(*screen.Criterion) {}, "criteria[0].kind choice"},
		"no such policy": {
			screen.Caution, func(k *screen.Criterion) { k.Unknown = "no" }, "criteria[0].unknown choice",
		},
		"clinical exclude": {
			screen.Exclude, func(k *screen.Criterion) { k.Clinical = true }, "criteria[0].clinical clinical_decides",
		},
		"exclude that ignores": {
			screen.Exclude, func(k *screen.Criterion) { k.Unknown = screen.Ignore }, "criteria[0].unknown ignore_decides",
		},
		"no basis": {
			screen.Exclude, func(k *screen.Criterion) { k.Basis = "" }, "criteria[0].basis required",
		},
		"no such basis": {
			screen.Require, func(k *screen.Criterion) { k.Basis = "illness" }, "criteria[0].basis choice",
		},
		"basis of a caution": {
			screen.Caution, func(k *screen.Criterion) { k.Basis = screen.Age }, "criteria[0].basis not_allowed_here",
		},
		"no weight":       {screen.Prefer, func(k *screen.Criterion) { k.Weight = 0 }, "criteria[0].weight range"},
		"too much weight": {screen.Prefer, func(k *screen.Criterion) { k.Weight = 101 }, "criteria[0].weight range"},
		"weight of a caution": {
			screen.Caution, func(k *screen.Criterion) { k.Weight = 1 }, "criteria[0].weight not_allowed_here",
		},
		"interview of a sign": {
			screen.Prefer, func(k *screen.Criterion) { k.Interview = true }, "criteria[0].interview not_allowed_here",
		},
		"no note": {
			screen.Caution, func(k *screen.Criterion) { k.StaffOnly = true }, "criteria[0].applicant_note required",
		},
		"half a note": {
			screen.Caution,
			func(k *screen.Criterion) { k.StaffOnly, k.ApplicantNote = true, words.Text{"en": "Let us talk."} },
			"criteria[0].applicant_note missing_languages",
		},
		"no languages": {
			screen.Caution, func(k *screen.Criterion) { delete(k.Because.NotMet, "fa") },
			"criteria[0].because.not_met missing_languages",
		},
	} {
		k := criterion("one", c.kind)
		k.When = expr(t, `{"field":"call","op":"eq","value":true}`)
		c.change(&k)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := screen.Check([]screen.Criterion{k}, nil, formSchema)
			wantFaults(t, err, c.want)
			if _, compileErr := screen.Compile([]screen.Criterion{k}, nil, screen.NewQuestions(formSchema)); compileErr == nil {
				t.Error("compiled all the same")
			}
		})
	}
}

func TestSameIDTwiceIsRefused(t *testing.T) {
	t.Parallel()
	k := criterion("one", screen.Caution)
	k.When = expr(t, `{"field":"call","op":"eq","value":true}`)
	wantFaults(t, screen.Check([]screen.Criterion{k, k}, nil, formSchema), "criteria[1].id duplicate")
}

func TestScoresThatCheckRefuses(t *testing.T) {
	t.Parallel()
	schema := maps.Clone(formSchema)
	schema["half"] = screen.Field{Kind: screen.Code, Codes: []string{"a", "b"}, Scores: map[string]float64{"a": 1}}
	wantFaults(t, screen.Check(nil, map[string]screen.Score{
		"empty": {},
		"odd":   {Items: []string{"mood", "mood", "half", "hopes", "nowhere"}},
		"fine":  {Items: []string{"mood", "sleep"}},
	}, schema),
		"scores.empty.items required", "scores.odd.items[1] duplicate", "scores.odd.items[2] incomplete_score",
		"scores.odd.items[3] incomplete_score", "scores.odd.items[4] unknown_question",
	)
}

func TestExpressionsThatCheckRefuses(t *testing.T) {
	t.Parallel()
	const call = `{"field":"call","op":"eq","value":true}`
	for _, c := range []struct{ data, want string }{
		{`{"field":"nowhere","op":"eq","value":true}`, "when.field unknown_question"},
		{`{"score":"nowhere","op":"ge","value":1}`, "when.score unknown_score"},
		{`{"field":"note","op":"eq","value":"x"}`, "when.op operator_misfit"},
		{`{"field":"call","op":"ge","value":1}`, "when.op operator_misfit"},
		{`{"field":"mood","op":"ge","value":1}`, "when.op operator_misfit"},
		{`{"field":"mood","op":"includes_any","value":["some"]}`, "when.op operator_misfit"},
		{`{"field":"hopes","op":"eq","value":"calm"}`, "when.op operator_misfit"},
		{`{"field":"pain","op":"in","value":["calm"]}`, "when.op operator_misfit"},
		{`{"field":"call","op":"overlaps","value":[]}`, "when.op operator_misfit"},
		{`{"score":"load","op":"answered"}`, "when.op operator_misfit"},
		{`{"field":"call","op":"eq","value":"true"}`, "when.value value_misfit"},
		{`{"field":"age","op":"eq","value":18}`, "when.value value_misfit"},
		{`{"field":"pain","op":"eq","value":"5"}`, "when.value value_misfit"},
		{`{"field":"mood","op":"eq","value":"bad"}`, "when.value unknown_option"},
		{`{"field":"mood","op":"in","value":["some","bad"]}`, "when.value[1] unknown_option"},
		{`{"field":"mood","op":"in","value":["some","some"]}`, "when.value[1] duplicate"},
		{`{"field":"mood","op":"in","value":[]}`, "when.value required"},
		{`{"field":"pain","op":"ge","value":11}`, "when.value range"},
		{`{"field":"pain","op":"lt","value":-1}`, "when.value range"},
		{`{"field":"age","op":"ge","value":5}`, "when.value range"},
		{`{"score":"load","op":"ge","value":7}`, "when.value range"},
		{`{"field":"pain","op":"between","value":[5,11]}`, "when.value range"},
		{`{"field":"pain","op":"between","value":[5,4]}`, "when.value order"},
		{`{"field":"free","op":"overlaps","value":[]}`, "when.value required"},
		{
			`{"field":"free","op":"overlaps","value":[{"weekday":8,"from":"08:00","to":"09:00"}]}`,
			"when.value[0].weekday range",
		},
		{
			`{"field":"free","op":"overlaps","value":[{"weekday":1,"from":"09:00","to":"09:00"}]}`,
			"when.value[0].to order",
		},
		{
			`{"field":"free","op":"overlaps","value":[{"weekday":1,"from":"09:00","to":"09:45"}]}`,
			"when.minutes range",
		},
		{
			`{"field":"free","op":"overlaps","minutes":0,"value":[{"weekday":1,"from":"09:00","to":"12:00"}]}`,
			"when.minutes range",
		},
		{`{"at_least":{"count":0,"of":[` + call + `]}}`, "when.at_least.count range"},
		{`{"at_least":{"count":2,"of":[` + call + `]}}`, "when.at_least.count range"},
		{`{"all":[]}`, "when.all required"},
		{`{"not":{"any":[]}}`, "when.not.any required"},
		{`{"all":[` + call + `,{"not":` + call + `}]}`, "when never_true"},
	} {
		t.Run(c.data, func(t *testing.T) {
			t.Parallel()
			wantFaults(t, screen.CheckExpr("when", expr(t, c.data), formScores, formSchema), c.want)
		})
	}
}

func TestExpressionsThatNoAnswerCanChangeAreRefused(t *testing.T) {
	t.Parallel()
	const window = `"op":"overlaps","value":[{"weekday":1,"from":"08:00","to":"09:00"}]`
	for _, c := range []struct{ data, want string }{
		{`{"any":[{"field":"pain","op":"ge","value":5},{"field":"pain","op":"lt","value":5}]}`, "always_true"},
		{`{"all":[{"field":"pain","op":"ge","value":5},{"field":"pain","op":"lt","value":5}]}`, "never_true"},
		{`{"all":[{"field":"pain","op":"gt","value":5},{"field":"pain","op":"lt","value":6}]}`, ""},
		{`{"any":[{"field":"pain","op":"ge","value":5},{"field":"pain","op":"le","value":5}]}`, "always_true"},
		{`{"field":"pain","op":"ge","value":0}`, "always_true"},
		{`{"field":"pain","op":"gt","value":10}`, "never_true"},
		{`{"field":"age","op":"gt","value":99}`, "never_true"},
		{`{"field":"age","op":"ge","value":6}`, ""},
		{`{"field":"mood","op":"in","value":["none","some","much","most"]}`, "always_true"},
		{
			`{"all":[{"field":"mood","op":"eq","value":"some"},{"field":"mood","op":"eq","value":"none"}]}`,
			"never_true",
		},
		{`{"score":"load","op":"ge","value":0}`, "always_true"},
		{`{"score":"load","op":"eq","value":2.5}`, "never_true"},
		{`{"all":[{"score":"load","op":"ge","value":4},{"score":"load","op":"lt","value":4}]}`, "never_true"},
		{
			`{"all":[{"field":"hopes","op":"includes_all","value":["calm","skills"]},
				{"field":"hopes","op":"includes_none","value":["skills"]}]}`,
			"never_true",
		},
		{
			`{"any":[{"field":"hopes","op":"includes_any","value":["calm"]},
				{"field":"hopes","op":"includes_none","value":["calm"]}]}`,
			"always_true",
		},
		{
			`{"all":[{"field":"hopes","op":"includes_any","value":["calm","skills"]},
				{"not":{"field":"hopes","op":"includes_all","value":["calm","skills"]}}]}`,
			"",
		},
		{`{"all":[{"field":"free",` + window + `},{"not":{"field":"free",` + window + `}}]}`, "never_true"},
		{`{"field":"free",` + window + `}`, ""},
		{`{"not":{"field":"note","op":"answered"}}`, ""},
		{`{"not":{"field":"free","op":"answered"}}`, ""},
		{`{"not":{"field":"call","op":"answered"}}`, ""},
		{`{"any":[{"field":"note","op":"answered"},{"not":{"field":"note","op":"answered"}}]}`, "always_true"},
		{`{"all":[{"field":"call","op":"answered"},{"field":"call","op":"eq","value":true}]}`, ""},
		{
			`{"all":[{"not":{"field":"call","op":"answered"}},{"field":"call","op":"eq","value":true}]}`,
			"never_true",
		},
		{
			`{"at_least":{"count":2,"of":[{"field":"mood","op":"eq","value":"some"},
				{"field":"mood","op":"eq","value":"none"},{"field":"mood","op":"eq","value":"most"}]}}`,
			"never_true",
		},
	} {
		t.Run(c.data, func(t *testing.T) {
			t.Parallel()
			err := screen.CheckExpr("when", expr(t, c.data), formScores, formSchema)
			if c.want == "" {
				wantFaults(t, err)
			} else {
				wantFaults(t, err, "when "+c.want)
			}
		})
	}
}

// Eight questions of four options each have 65,536 combinations: then it is left open, never guessed.
func TestTooManyCombinationsAreLeftOpen(t *testing.T) {
	t.Parallel()
	schema := screen.Schema{}
	e := screen.Expr{Op: screen.All}
	for _, field := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		schema[field] = screen.Field{Kind: screen.Code, Codes: levels}
		for _, level := range levels {
			o := screen.Operand{Kind: screen.Code, Codes: []string{level}}
			e.Of = append(e.Of, screen.Expr{Op: screen.Eq, Field: field, Operand: o})
		}
	}
	wantFaults(t, screen.CheckExpr("when", e, nil, schema))
	e.Of = e.Of[:8] // two questions are few enough
	wantFaults(t, screen.CheckExpr("when", e, nil, schema), "when never_true")
}

func TestQuestionWithTooManyOptionsIsRefused(t *testing.T) {
	t.Parallel()
	f := screen.Field{Kind: screen.Codes}
	for i := range 257 {
		f.Codes = append(f.Codes, clock(i))
	}
	last := screen.Operand{Kind: screen.Codes, Codes: []string{clock(256)}}
	e := screen.Expr{Op: screen.IncludesAny, Field: "long", Operand: last}
	wantFaults(t, screen.CheckExpr("when", e, nil, screen.Schema{"long": f}), "when.field too_many")
	f.Codes = f.Codes[1:]
	schema := screen.Schema{"long": f}
	wantFaults(t, screen.CheckExpr("when", e, nil, schema))
	if truth := screen.Eval(e, nil, schema, answers{"long": codes(clock(256))}.facts); truth != screen.True {
		t.Errorf("the last of 256 options: %v", truth)
	}
}
