package screen_test

import (
	"slices"
	"testing"

	"grupa/intake/screen"

	"github.com/google/go-cmp/cmp"
)

// Each operator with an answer that makes it true, one that makes it false, and what it says of no answer.
func TestEveryOperatorOnBothSidesAndWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	monday := func(from, to int) screen.Value {
		return slots(screen.Slot{Weekday: 1, From: from, To: to, Kind: screen.Preferred})
	}
	is := func(v ...screen.Value) []screen.Value { return v }
	const window = `[{"weekday":1,"from":"09:00","to":"12:00"}]`
	for _, c := range []struct {
		expr, field string
		yes, no     []screen.Value
		unknown     []screen.Value // besides no answer at all
	}{
		{`{"field":"call","op":"eq","value":true}`, "call", is(yes(true)), is(yes(false)), nil},
		{`{"field":"call","op":"ne","value":true}`, "call", is(yes(false)), is(yes(true)), nil},
		{
			`{"field":"mood","op":"eq","value":"some"}`, "mood",
			is(code("some")), is(code("none")), is(code("gone"), codes(), codes("some", "none")),
		},
		{`{"field":"mood","op":"ne","value":"some"}`, "mood", is(code("none")), is(code("some")), is(code("gone"))},
		{`{"field":"mood","op":"in","value":["much","most"]}`, "mood", is(code("most")), is(code("some")), nil},
		{`{"field":"mood","op":"not_in","value":["much","most"]}`, "mood", is(code("some")), is(code("most")), nil},
		{`{"field":"pain","op":"eq","value":5}`, "pain", is(number(5)), is(number(4), number(6)), nil},
		{`{"field":"pain","op":"ne","value":5}`, "pain", is(number(4), number(6)), is(number(5)), nil},
		{`{"field":"pain","op":"lt","value":5}`, "pain", is(number(4)), is(number(5), number(6)), nil},
		{`{"field":"pain","op":"le","value":5}`, "pain", is(number(4), number(5)), is(number(6)), nil},
		{`{"field":"pain","op":"gt","value":5}`, "pain", is(number(6)), is(number(4), number(5)), nil},
		{`{"field":"pain","op":"ge","value":5}`, "pain", is(number(5), number(6)), is(number(4)), nil},
		{
			`{"field":"pain","op":"between","value":[3,5]}`, "pain",
			is(number(3), number(5)), is(number(2), number(6)), nil,
		},
		{
			`{"field":"age","op":"ge","value":16}`, "age",
			is(code("adult")), is(code("child")), is(code("adolescent"), code("undisclosed")),
		},
		{
			`{"field":"age","op":"lt","value":12}`, "age",
			is(code("child")), is(code("adolescent")), is(code("undisclosed")),
		},
		{
			`{"field":"age","op":"between","value":[12,17]}`, "age",
			is(code("adolescent")), is(code("child"), code("adult")), is(code("undisclosed")),
		},
		{
			`{"field":"hopes","op":"includes_any","value":["calm","skills"]}`, "hopes",
			is(codes("friends", "skills"), codes("calm", "gone")), is(codes("friends"), codes()),
			is(codes("friends", "gone")),
		},
		{
			`{"field":"hopes","op":"includes_all","value":["calm","skills"]}`, "hopes",
			is(codes("skills", "friends", "calm")), is(codes("calm"), codes()),
			is(codes("calm", "gone")),
		},
		{
			`{"field":"hopes","op":"includes_none","value":["calm","skills"]}`, "hopes",
			is(codes("friends"), codes()), is(codes("friends", "calm"), codes("calm", "gone")),
			is(codes("gone")),
		},
		{
			`{"field":"free","op":"overlaps","value":` + window + `}`, "free",
			is(monday(540, 600), monday(0, 1440)), is(monday(540, 599), slots()), nil,
		},
		{
			`{"field":"free","op":"overlaps","minutes":90,"value":` + window + `}`, "free",
			is(monday(540, 630)), is(monday(540, 629), monday(700, 1440)), nil,
		},
	} {
		t.Run(c.expr, func(t *testing.T) {
			t.Parallel()
			e := expr(t, c.expr)
			want := func(truth screen.Truth, values ...screen.Value) {
				for _, v := range values {
					if got := screen.Eval(e, formScores, formSchema, answers{c.field: v}.facts); got != truth {
						t.Errorf("%+v: %v, want %v", v, got, truth)
					}
				}
			}
			want(screen.True, c.yes...)
			want(screen.False, c.no...)
			want(screen.Unknown, c.unknown...)
			for _, why := range []screen.Why{screen.Unanswered, screen.Declined, screen.NotShown} {
				want(screen.Unknown, screen.Value{Why: why})
			}
		})
	}
}

func TestAnsweredIsNeverUnknown(t *testing.T) {
	t.Parallel()
	for field := range formSchema {
		e := screen.Expr{Op: screen.Answered, Field: field}
		for _, v := range domain(field) {
			if truth := screen.Eval(e, nil, formSchema, answers{field: v}.facts); truth != screen.True {
				t.Errorf("%s %v: %v", field, v, truth)
			}
		}
		if truth := screen.Eval(e, nil, formSchema, answers{}.facts); truth != screen.False {
			t.Errorf("%s unanswered: %v", field, truth)
		}
	}
}

// An unanswered item adds between nothing and three.
func TestUnfinishedScoreDecidesOnlyWhatEveryEndOfItDecides(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		expr string
		a    answers
		want screen.Truth
	}{
		{`{"score":"load","op":"ge","value":4}`, answers{"mood": code("most"), "sleep": code("some")}, screen.True},
		{`{"score":"load","op":"ge","value":4}`, answers{"mood": code("most")}, screen.Unknown},
		{`{"score":"load","op":"ge","value":3}`, answers{"mood": code("most")}, screen.True},
		{`{"score":"load","op":"ge","value":4}`, answers{"mood": code("none")}, screen.False},
		{`{"score":"load","op":"lt","value":4}`, answers{"mood": code("none")}, screen.True},
		{`{"score":"load","op":"ne","value":6}`, answers{"mood": code("much")}, screen.True},
		{`{"score":"load","op":"eq","value":2}`, answers{"mood": code("much")}, screen.Unknown},
		{`{"score":"load","op":"eq","value":2}`, answers{"mood": code("much"), "sleep": code("none")}, screen.True},
		{`{"score":"load","op":"between","value":[2,5]}`, answers{"mood": code("much")}, screen.True},
		{`{"score":"load","op":"ge","value":4}`, answers{}, screen.Unknown},
		{`{"score":"load","op":"ge","value":4}`, answers{"mood": code("gone"), "sleep": code("most")}, screen.Unknown},
	} {
		truth, asked := asking(expr(t, c.expr), c.a)
		if truth != c.want {
			t.Errorf("%s %v: %v, want %v", c.expr, c.a, truth, c.want)
		}
		if !slices.Equal(asked, []string{"mood", "sleep"}) {
			t.Errorf("asked for %v, want the items", asked)
		}
	}
}

// Options may begin above nothing, and some may take away.
func TestUnfinishedScoreKnowsItsLeastAndItsGreatest(t *testing.T) {
	t.Parallel()
	schema, xy := screen.Schema{}, []string{"x", "y"}
	for _, item := range []string{"a", "b"} {
		schema[item] = screen.Field{Kind: screen.Code, Codes: xy, Scores: map[string]float64{"x": 2, "y": 5}}
	}
	schema["c"] = screen.Field{Kind: screen.Code, Codes: xy, Scores: map[string]float64{"x": -3, "y": -1}}
	scores := map[string]screen.Score{"sum": {Items: []string{"a", "b", "c"}}} // from 1 to 9
	for data, want := range map[string]screen.Truth{
		`{"score":"sum","op":"ge","value":4}`: screen.True, // 5 + 2 - 3
		`{"score":"sum","op":"ge","value":5}`: screen.Unknown,
		`{"score":"sum","op":"le","value":9}`: screen.True, // 5 + 5 - 1
		`{"score":"sum","op":"le","value":8}`: screen.Unknown,
	} {
		if truth := screen.Eval(expr(t, data), scores, schema, answers{"a": code("y")}.facts); truth != want {
			t.Errorf("%s: %v, want %v", data, truth, want)
		}
		for end, bad := range map[string]bool{"0": true, "1": false, "9": false, "10": true} {
			err := screen.CheckExpr("when", expr(t, `{"score":"sum","op":"eq","value":`+end+`}`), scores, schema)
			if has(err, "when.value", "range") != bad {
				t.Errorf("value %s: %v", end, err)
			}
		}
	}
}

func TestCombinatorsFollowKleene(t *testing.T) {
	t.Parallel()
	const call, pain = `{"field":"call","op":"eq","value":true}`, `{"field":"pain","op":"ge","value":5}`
	for _, c := range []struct {
		expr string
		a    answers
		want screen.Truth
	}{
		{`{"all":[` + call + `,` + pain + `]}`, answers{"call": yes(false)}, screen.False},
		{`{"all":[` + call + `,` + pain + `]}`, answers{"call": yes(true)}, screen.Unknown},
		{`{"any":[` + call + `,` + pain + `]}`, answers{"call": yes(true)}, screen.True},
		{`{"any":[` + call + `,` + pain + `]}`, answers{"call": yes(false)}, screen.Unknown},
		{`{"not":` + call + `}`, answers{}, screen.Unknown},
		{`{"not":` + call + `}`, answers{"call": yes(false)}, screen.True},
		{`{"at_least":{"count":2,"of":[` + call + `,` + pain + `]}}`, answers{"call": yes(true)}, screen.Unknown},
		{`{"at_least":{"count":2,"of":[` + call + `,` + pain + `]}}`, answers{"call": yes(false)}, screen.False},
		{`{"at_least":{"count":1,"of":[` + call + `,` + pain + `]}}`, answers{"pain": number(7)}, screen.True},
	} {
		if truth := screen.Eval(expr(t, c.expr), nil, formSchema, c.a.facts); truth != c.want {
			t.Errorf("%s: %v, want %v", c.expr, truth, c.want)
		}
	}
}

// A free stretch may be told in pieces, may pass midnight, and has holes where somebody is not available.
func TestFreeTimeIsOneStretchHoweverItWasToldAndNothingThatIsTaken(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		free []screen.Slot
		want screen.Truth
	}{
		"two halves":        {[]screen.Slot{{1, 600, 630, "available"}, {1, 570, 600, "if_needed"}}, screen.True},
		"a gap":             {[]screen.Slot{{1, 540, 580, "available"}, {1, 590, 640, "available"}}, screen.False},
		"another day":       {[]screen.Slot{{2, 540, 720, "available"}}, screen.False},
		"only unavailable":  {[]screen.Slot{{1, 540, 720, "unavailable"}}, screen.False},
		"a hole":            {[]screen.Slot{{1, 570, 720, "available"}, {1, 600, 700, "unavailable"}}, screen.False},
		"enough after":      {[]screen.Slot{{1, 540, 720, "available"}, {1, 600, 660, "unavailable"}}, screen.True},
		"enough before":     {[]screen.Slot{{1, 540, 720, "available"}, {1, 600, 720, "unavailable"}}, screen.True},
		"past midnight":     {[]screen.Slot{{6, 1400, 1440, "available"}, {7, 0, 30, "available"}}, screen.True},
		"not of this world": {[]screen.Slot{{8, 540, 720, "available"}, {1, 720, 540, "available"}}, screen.False},
	} {
		e := expr(t, `{"field":"free","op":"overlaps","value":[
			{"weekday":1,"from":"09:00","to":"10:30"}, {"weekday":1,"from":"10:30","to":"12:00"},
			{"weekday":6,"from":"23:00","to":"24:00"}, {"weekday":7,"from":"00:00","to":"01:00"}]}`)
		got := screen.Eval(e, nil, formSchema, answers{"free": slots(c.free...)}.facts)
		if got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// What Check would have refused never says yes or no, and never falls over.
func TestUncheckedExpressionsStayUnknown(t *testing.T) {
	t.Parallel()
	number := screen.Operand{Kind: screen.Number, Number: 1}
	gone := screen.Operand{Kind: screen.Codes, Codes: []string{"gone"}}
	scores := map[string]screen.Score{"odd": {Items: []string{"call", "hopes", "nowhere", "age"}}, "bare": {}}
	all := answers{
		"call": yes(true), "hopes": codes("calm"), "age": code("adult"), "mood": code("some"), "nowhere": yes(true),
	}
	for name, e := range map[string]screen.Expr{
		"nothing":         {},
		"no such field":   {Op: screen.Eq, Field: "nowhere", Operand: screen.Operand{Kind: screen.Bool}},
		"no such score":   {Op: screen.Ge, Score: "nowhere", Operand: number},
		"bare score":      {Op: screen.Le, Score: "bare", Operand: number},
		"odd score":       {Op: screen.Ge, Score: "odd", Operand: number},
		"wrong operator":  {Op: screen.Ge, Field: "mood", Operand: number},
		"wrong operand":   {Op: screen.Eq, Field: "mood", Operand: number},
		"empty operand":   {Op: screen.Eq, Field: "mood", Operand: screen.Operand{Kind: screen.Code}},
		"no such option":  {Op: screen.IncludesAny, Field: "hopes", Operand: gone},
		"not of two":      {Op: screen.Not, Of: make([]screen.Expr, 2)},
		"score and field": {Op: screen.Ge, Field: "pain", Score: "load", Operand: number},
	} {
		if truth := screen.Eval(e, scores, formSchema, all.facts); truth != screen.Unknown {
			t.Errorf("%s: %v", name, truth)
		}
	}
}

func TestFieldsAndScoresAreListedOnceInOrder(t *testing.T) {
	t.Parallel()
	e := expr(t, `{"any":[{"field":"pain","op":"ge","value":5},{"not":{"field":"call","op":"eq","value":true}},
		{"at_least":{"count":1,"of":[{"field":"pain","op":"le","value":2},{"score":"load","op":"ge","value":3}]}}]}`)
	if diff := cmp.Diff([]string{"pain", "call"}, screen.ExprFields(e)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"load"}, screen.ExprScores(e)); diff != "" {
		t.Error(diff)
	}
}
