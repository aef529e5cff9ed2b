package screen_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"grupa/intake/screen"
	"grupa/internal/words"

	"pgregory.net/rapid"
)

// The form that the tests of this package ask about.
var (
	formSchema = screen.Schema{
		"call": {Kind: screen.Bool},
		"age": {
			Kind: screen.Code, Codes: []string{"child", "adolescent", "adult", "undisclosed"},
			Ranges: map[string]screen.Interval{
				"child": {Lo: 6, Hi: 11}, "adolescent": {Lo: 12, Hi: 17}, "adult": {Lo: 18, Hi: 99},
			},
		},
		"mood":  {Kind: screen.Code, Codes: levels, Scores: levelScores},
		"sleep": {Kind: screen.Code, Codes: levels, Scores: levelScores},
		"pain":  {Kind: screen.Number, Max: 10},
		"hopes": {Kind: screen.Codes, Codes: []string{"calm", "friends", "skills"}},
		"free":  {Kind: screen.Slots},
		"note":  {Kind: screen.Opaque},
	}
	formScores  = map[string]screen.Score{"load": {Items: []string{"mood", "sleep"}}}
	levels      = []string{"none", "some", "much", "most"}
	levelScores = map[string]float64{"none": 0, "some": 1, "much": 2, "most": 3}
	fieldNames  = slices.Sorted(maps.Keys(formSchema))
	weeks       = [][]screen.Slot{
		{},
		{{Weekday: 1, From: 540, To: 570, Kind: screen.Available}, {Weekday: 1, From: 570, To: 720, Kind: screen.IfNeeded}},
		{
			{Weekday: 1, From: 540, To: 720, Kind: screen.Preferred},
			{Weekday: 1, From: 590, To: 600, Kind: screen.Unavailable},
		},
		{{Weekday: 3, From: 1380, To: 1440, Kind: screen.Available}, {Weekday: 4, From: 0, To: 45, Kind: screen.Available}},
	}
)

// answers is one person's form. The age of an option that is a range, or of none, can only be known from outside.
type answers map[string]screen.Value

func (a answers) facts(field string) screen.Value {
	if v, ok := a[field]; ok {
		return v
	}
	return screen.Value{Why: screen.NotShown}
}

// asking evaluates an expression and tells what it asked for.
func asking(e screen.Expr, a answers) (truth screen.Truth, asked []string) {
	truth = screen.Eval(e, formScores, formSchema, func(field string) screen.Value {
		asked = append(asked, field)
		return a.facts(field)
	})
	return truth, asked
}

func (a answers) person() *screen.Person { return screen.NewPerson(a.facts) }

func code(c string) screen.Value          { return screen.Value{Known: true, Codes: []string{c}} }
func codes(cs ...string) screen.Value     { return screen.Value{Known: true, Codes: cs} }
func yes(b bool) screen.Value             { return screen.Value{Known: true, Bool: b} }
func number(n float64) screen.Value       { return screen.Value{Known: true, Number: n} }
func slots(s ...screen.Slot) screen.Value { return screen.Value{Known: true, Slots: s} }

// domain lists the answers to a question that the tests try, all of them where there are few.
func domain(field string) []screen.Value {
	var all []screen.Value
	switch f := formSchema[field]; f.Kind {
	case screen.Bool:
		return []screen.Value{yes(false), yes(true)}
	case screen.Code:
		for _, c := range f.Codes {
			all = append(all, code(c))
		}
	case screen.Number:
		for n := f.Min; n <= f.Max; n++ {
			all = append(all, number(n))
		}
	case screen.Codes:
		for set := range 1 << len(f.Codes) {
			var chosen []string
			for i, c := range f.Codes {
				if set&(1<<i) != 0 {
					chosen = append(chosen, c)
				}
			}
			all = append(all, codes(chosen...))
		}
	case screen.Slots:
		for _, week := range weeks {
			all = append(all, slots(week...))
		}
	default:
		all = []screen.Value{{Known: true}}
	}
	return all
}

// someAnswers leaves each question out about every third time.
func someAnswers(t *rapid.T) answers {
	a := answers{}
	for _, field := range fieldNames {
		if rapid.IntRange(0, 2).Draw(t, "answered "+field) > 0 {
			a[field] = rapid.SampledFrom(domain(field)).Draw(t, field)
		}
	}
	return a
}

func anyExpr(depth int, withAnswered bool) *rapid.Generator[screen.Expr] {
	return rapid.Custom(func(t *rapid.T) screen.Expr {
		if depth == 0 || rapid.IntRange(0, 2).Draw(t, "leaf") == 0 {
			return anyLeaf(t, withAnswered)
		}
		op := rapid.SampledFrom([]screen.Op{screen.All, screen.Any, screen.Not, screen.AtLeast}).Draw(t, "op")
		most := 3
		if op == screen.Not {
			most = 1
		}
		e := screen.Expr{Op: op, Of: rapid.SliceOfN(anyExpr(depth-1, withAnswered), 1, most).Draw(t, "of")}
		if op == screen.AtLeast {
			e.Count = rapid.IntRange(1, len(e.Of)).Draw(t, "count")
		}
		return e
	})
}

func anyLeaf(t *rapid.T, withAnswered bool) screen.Expr {
	ops := map[string][]screen.Op{
		"call":  {screen.Eq, screen.Ne},
		"mood":  {screen.Eq, screen.Ne, screen.In, screen.NotIn},
		"age":   {screen.Eq, screen.NotIn, screen.Lt, screen.Le, screen.Gt, screen.Ge, screen.Between},
		"pain":  {screen.Eq, screen.Ne, screen.Lt, screen.Le, screen.Gt, screen.Ge, screen.Between},
		"hopes": {screen.IncludesAny, screen.IncludesAll, screen.IncludesNone},
		"free":  {screen.Overlaps},
	}
	ops["sleep"] = ops["mood"]
	ops["load"] = ops["pain"]
	about := rapid.SampledFrom(slices.Sorted(maps.Keys(ops))).Draw(t, "about")
	e := screen.Expr{Op: rapid.SampledFrom(ops[about]).Draw(t, "op"), Field: about}
	if _, score := formScores[about]; score {
		e.Field, e.Score = "", about
	} else if withAnswered && rapid.IntRange(0, 5).Draw(t, "answered") == 0 {
		return screen.Expr{Op: screen.Answered, Field: about}
	}
	e.Operand = anyOperand(t, about, e.Op)
	return e
}

func anyOperand(t *rapid.T, about string, op screen.Op) screen.Operand {
	most := map[string]int{"age": 99, "pain": 10, "load": 6}[about]
	switch op {
	case screen.Lt, screen.Le, screen.Gt, screen.Ge:
		return screen.Operand{Kind: screen.Number, Number: float64(rapid.IntRange(most/16, most).Draw(t, "number"))}
	case screen.Between:
		lo := rapid.IntRange(most/16, most).Draw(t, "lo")
		hi := rapid.IntRange(lo, most).Draw(t, "hi")
		return screen.Operand{Kind: screen.Number, Number: float64(lo), High: float64(hi)}
	case screen.Overlaps:
		windows := []screen.Slot{
			{Weekday: 1, From: 600, To: 720}, {Weekday: 3, From: 1380, To: 1440}, {Weekday: 4, From: 0, To: 60},
		}
		minutes := rapid.SampledFrom([]int{60, 90, 120}).Draw(t, "minutes")
		return screen.Operand{Kind: screen.Slots, Minutes: minutes, Slots: windows}
	}
	f := formSchema[about]
	switch {
	case f.Kind == screen.Bool:
		return screen.Operand{Kind: screen.Bool, Bool: rapid.Bool().Draw(t, "value")}
	case op == screen.Eq || op == screen.Ne:
		if f.Kind == screen.Code {
			return screen.Operand{Kind: screen.Code, Codes: []string{rapid.SampledFrom(f.Codes).Draw(t, "code")}}
		}
		return screen.Operand{Kind: screen.Number, Number: float64(rapid.IntRange(0, most).Draw(t, "number"))}
	}
	list := rapid.Permutation(f.Codes).Draw(t, "codes")
	return screen.Operand{Kind: screen.Codes, Codes: list[:rapid.IntRange(1, len(list)).Draw(t, "length")]}
}

// criteria draws some that pass Check, answered and clinical ones among the soft.
func someCriteria(t *rapid.T, withAnswered bool) []screen.Criterion {
	var passed []screen.Criterion
	for i := range rapid.IntRange(1, 6).Draw(t, "criteria") {
		k := criterion(fmt.Sprint("c", i), rapid.SampledFrom([]screen.CriterionKind{
			screen.Require, screen.Exclude, screen.Caution, screen.Prefer, screen.Prepare,
		}).Draw(t, "kind"))
		hard := k.Kind == screen.Require || k.Kind == screen.Exclude
		k.When = anyExpr(2, withAnswered && !hard).Draw(t, "when")
		k.Clinical = !hard && rapid.Bool().Draw(t, "clinical")
		k.Unknown = rapid.SampledFrom([]screen.Policy{screen.Ask, screen.Review, screen.Ignore}).Draw(t, "unknown")
		if hard && k.Unknown == screen.Ignore {
			k.Unknown = screen.Ask
		}
		if screen.Check([]screen.Criterion{k}, formScores, formSchema) == nil {
			passed = append(passed, k)
		}
	}
	return passed
}

// criterion has everything that its kind needs but When.
func criterion(id string, kind screen.CriterionKind) screen.Criterion {
	k := screen.Criterion{
		ID: id, Kind: kind, Unknown: screen.Ask,
		Because: screen.Because{Met: said("yes"), NotMet: said("no"), Unknown: said("?")},
	}
	switch kind {
	case screen.Require, screen.Exclude:
		k.Basis = screen.Programme
	case screen.Prefer:
		k.Weight = 10
	}
	return k
}

func said(s string) words.Text {
	text := words.Text{}
	for _, l := range words.Languages() {
		text[l] = s
	}
	return text
}

func expr(t testing.TB, data string) screen.Expr {
	t.Helper()
	e, err := screen.ParseExpr([]byte(data))
	if err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return e
}

func compiled(t rapid.TB, criteria []screen.Criterion) *screen.Program {
	t.Helper()
	p, err := screen.Compile(criteria, formScores, screen.NewQuestions(formSchema))
	if err != nil {
		t.Fatalf("compile: %v", err)
	}
	return p
}

// shown is an expression as its data, for reading and for going back.
func shown(e screen.Expr) string {
	raw, err := json.Marshal(data(e))
	if err != nil {
		panic(err)
	}
	return string(raw)
}

func data(e screen.Expr) any {
	parts := []any{}
	for _, part := range e.Of {
		parts = append(parts, data(part))
	}
	switch e.Op {
	case screen.All, screen.Any:
		return map[string]any{string(e.Op): parts}
	case screen.Not:
		return map[string]any{"not": parts[0]}
	case screen.AtLeast:
		return map[string]any{"at_least": map[string]any{"count": e.Count, "of": parts}}
	}
	leaf := map[string]any{"op": e.Op}
	if e.Score != "" {
		leaf["score"] = e.Score
	} else {
		leaf["field"] = e.Field
	}
	switch o := e.Operand; {
	case e.Op == screen.Between:
		leaf["value"] = []float64{o.Number, o.High}
	case o.Kind == screen.Bool:
		leaf["value"] = o.Bool
	case o.Kind == screen.Number:
		leaf["value"] = o.Number
	case o.Kind == screen.Code:
		leaf["value"] = o.Codes[0]
	case o.Kind == screen.Codes:
		leaf["value"] = o.Codes
	case o.Kind == screen.Slots:
		windows := []any{}
		for _, s := range o.Slots {
			windows = append(windows, map[string]any{"weekday": s.Weekday, "from": clock(s.From), "to": clock(s.To)})
		}
		leaf["value"], leaf["minutes"] = windows, o.Minutes
	}
	return leaf
}

func clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }
