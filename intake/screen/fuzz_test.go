package screen_test

import (
	"testing"

	"grupa/intake/screen"
	"grupa/internal/fault"
)

// Whatever the data: it is read or refused with paths, and what was read can be checked, run and quoted.

func FuzzParseExpr(f *testing.F) {
	for _, seed := range []string{
		`{"field":"call","op":"eq","value":true}`,
		`{"all":[{"field":"age","op":"ge","value":18},{"not":{"field":"mood","op":"in","value":["much"]}}]}`,
		`{"at_least":{"count":2,"of":[{"field":"hopes","op":"includes_all","value":["calm"]},
			{"field":"note","op":"answered"}]}}`,
		`{"any":[{"score":"load","op":"between","value":[2,4.5]},{"field":"pain","op":"ne","value":1e2}]}`,
		`{"field":"free","op":"overlaps","minutes":30,"value":[{"weekday":1,"from":"09:00","to":"24:00"}]}`,
		`{"all":null}`,
		`{"not":{"not":{}}}`, `{"field":"call","field":"age"}`, ` {"op":"eq","value":"\ud800"}`, `[[[`, "\xff",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := screen.ParseExpr(raw)
		if err != nil {
			wantFieldErrors(t, err)
			return
		}
		usable(t, e)
	})
}

func FuzzParseCriteria(f *testing.F) {
	for _, seed := range []string{
		`[{"id":"age","kind":"require","basis":"age","when":{"field":"age","op":"ge","value":18},
			"because":{"met":{"en":"m"},"not_met":{},"unknown":{"fa":"u"}}}]`,
		`[{"id":"heavy","kind":"caution","clinical":true,"interview":true,"staff_only":true,"unknown":"review",
			"when":{"score":"load","op":"ge","value":4},"applicant_note":{"en":"n"}}]`,
		`[{"id":"calm","kind":"prefer","weight":20,"when":{"field":"hopes","op":"includes_any","value":["calm"]}},
			{"kind":"prepare","when":{"field":"call","op":"answered"}}]`,
		`[]`, `null`, `[null]`, `[{"when":3}]`, `[{"id":"a","ID":"b"}]`, `{"":[]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		criteria, err := screen.ParseCriteria(raw)
		if err != nil {
			wantFieldErrors(t, err)
			return
		}
		for _, k := range criteria {
			usable(t, k.When)
		}
		p, err := screen.Compile(criteria, formScores, screen.NewQuestions(formSchema))
		if err != nil {
			wantFieldErrors(t, err)
			return
		}
		if got := p.Run(answers{}.person()); got.Verdict == screen.NotNow {
			t.Errorf("an empty form gives %s", got.Verdict)
		}
	})
}

func wantFieldErrors(t *testing.T, err error) {
	t.Helper()
	if e := fault.Of(err); e == nil || e.Kind != fault.Invalid || len(e.Fields) == 0 {
		t.Errorf("%v, want field errors", err)
	}
}

func usable(t *testing.T, e screen.Expr) {
	t.Helper()
	full := answers{}
	for _, field := range fieldNames {
		values := domain(field)
		full[field] = values[len(values)-1]
	}
	err := screen.CheckExpr("when", e, formScores, formSchema)
	for _, a := range []answers{{}, full} {
		truth, asked := asking(e, a)
		if err == nil && len(asked) == 0 {
			t.Error("an expression that looks at nothing passed the check")
		}
		if has(err, "when", "never_true") && truth == screen.True {
			t.Error("said to be never true, and is")
		}
	}
}
