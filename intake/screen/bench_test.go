package screen_test

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"testing"

	"grupa/intake/screen"

	"github.com/google/go-cmp/cmp"
)

// Twenty types of eight criteria each over one form, as data and by hand in Go. Both ask for each answer once and give
// the same Result, with every finding; a test holds them together.

var (
	benchAges   = []string{"child", "adolescent", "young-adult", "adult", "older-adult", "undisclosed"}
	benchRanges = map[string]screen.Interval{
		"child": {Lo: 6, Hi: 11}, "adolescent": {Lo: 12, Hi: 17}, "young-adult": {Lo: 18, Hi: 25},
		"adult": {Lo: 26, Hi: 64}, "older-adult": {Lo: 65, Hi: 120},
	}
	benchHopes  = names("hope", 12)
	benchAreas  = names("area", 16)
	benchReady  = names("ready", 6)
	benchLevels = map[string]float64{"not-at-all": 0, "a-little": 1, "somewhat": 2, "mostly": 3, "fully": 4}
)

func names(of string, n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprint(of, "-", i))
	}
	return all
}

func benchSchema() screen.Schema {
	s := screen.Schema{
		"age-band":     {Kind: screen.Code, Codes: benchAges, Ranges: benchRanges},
		"applying-for": {Kind: screen.Code, Codes: []string{"myself", "my-family", "our-team"}},
		"hopes":        {Kind: screen.Codes, Codes: benchHopes},
		"areas":        {Kind: screen.Codes, Codes: benchAreas},
		"life-crisis":  {Kind: screen.Code, Codes: []string{"no", "settling", "now"}},
		"attendance":   {Kind: screen.Code, Codes: []string{"five-of-five", "four-of-five", "fewer"}},
		"availability": {Kind: screen.Slots},
	}
	for _, item := range benchReady {
		s[item] = screen.Field{
			Kind: screen.Code, Codes: []string{"not-at-all", "a-little", "somewhat", "mostly", "fully"}, Scores: benchLevels,
		}
	}
	return s
}

// byHand is one group type whose criteria are Go code.
type byHand struct {
	minAge       float64
	refused      string
	hopes, areas []string
	ready        float64
	from, to     int // of a Monday
}

func benchTypes() []byHand {
	var types []byHand
	for i := range 20 {
		types = append(types, byHand{
			minAge: []float64{12, 16, 18}[i%3], refused: []string{"my-family", "our-team"}[i%2],
			hopes: benchHopes[i%8 : i%8+4], areas: benchAreas[i%12 : i%12+4],
			ready: float64(8 + i%6), from: (8 + i%10) * 60, to: (11 + i%10) * 60,
		})
	}
	return types
}

// asData writes the same eight criteria as data.
func (h byHand) asData(tb testing.TB, questions *screen.Questions) *screen.Program {
	tb.Helper()
	var criteria []screen.Criterion
	add := func(id string, kind screen.CriterionKind, format string, args ...any) {
		k := criterion(id, kind)
		if kind == screen.Prefer || kind == screen.Prepare {
			k.Unknown = screen.Ignore
		}
		k.When = expr(tb, fmt.Sprintf(format, args...))
		criteria = append(criteria, k)
	}
	add("age", screen.Require, `{"field":"age-band","op":"ge","value":%v}`, h.minAge)
	add("for", screen.Exclude, `{"field":"applying-for","op":"eq","value":%q}`, h.refused)
	add("purpose", screen.Caution, `{"all":[{"not":{"field":"hopes","op":"includes_any","value":%s}},
		{"not":{"field":"areas","op":"includes_any","value":%s}}]}`, list(h.hopes), list(h.areas))
	add("crisis", screen.Caution, `{"field":"life-crisis","op":"eq","value":"now"}`)
	add("attendance", screen.Caution, `{"field":"attendance","op":"not_in","value":["five-of-five","four-of-five"]}`)
	add("hope", screen.Prefer, `{"field":"hopes","op":"includes_any","value":%s}`, list(h.hopes[:2]))
	add("time", screen.Prefer, `{"field":"availability","op":"overlaps","value":[{"weekday":1,"from":%q,"to":%q}]}`,
		clock(h.from), clock(h.to))
	add("ready", screen.Prepare, `{"score":"ready","op":"le","value":%v}`, h.ready)
	p, err := screen.Compile(criteria, map[string]screen.Score{"ready": {Items: benchReady}}, questions)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func list(codes []string) string {
	var quoted []byte
	for _, c := range codes {
		quoted = fmt.Appendf(quoted, ",%q", c)
	}
	return "[" + string(quoted[1:]) + "]"
}

func benchPerson() answers {
	a := answers{
		"age-band": code("adult"), "applying-for": code("myself"), "hopes": codes("hope-1", "hope-5", "hope-7"),
		"areas": codes("area-3", "area-9"), "life-crisis": code("settling"), "attendance": code("four-of-five"),
		"availability": slots(
			screen.Slot{Weekday: 1, From: 540, To: 720, Kind: screen.Available},
			screen.Slot{Weekday: 1, From: 1020, To: 1200, Kind: screen.Preferred},
			screen.Slot{Weekday: 3, From: 1020, To: 1200, Kind: screen.IfNeeded},
		),
	}
	for i, item := range benchReady[:5] { // one is left out
		a[item] = code([]string{"somewhat", "mostly", "a-little"}[i%3])
	}
	return a
}

// filled is a person's answers, read once for all types as the data's are.
type filled struct {
	age, who, hopes, areas, crisis, attendance, week screen.Value
	ready                                            [6]screen.Value
}

func read(facts screen.Facts) *filled {
	f := &filled{
		age: facts("age-band"), who: facts("applying-for"), hopes: facts("hopes"), areas: facts("areas"),
		crisis: facts("life-crisis"), attendance: facts("attendance"), week: facts("availability"),
	}
	for i, item := range benchReady {
		f.ready[i] = facts(item)
	}
	return f
}

func (h byHand) run(f *filled) screen.Result {
	findings := []screen.Finding{
		{Criterion: 0, ID: "age", Truth: h.oldEnough(f.age)},
		{Criterion: 1, ID: "for", Truth: oneOf(f.who, h.refused)},
		{Criterion: 2, ID: "purpose", Truth: min(-anyOf(f.hopes, h.hopes), -anyOf(f.areas, h.areas))},
		{Criterion: 3, ID: "crisis", Truth: oneOf(f.crisis, "now")},
		{Criterion: 4, ID: "attendance", Truth: -oneOf(f.attendance, "five-of-five", "four-of-five")},
		{Criterion: 5, ID: "hope", Truth: anyOf(f.hopes, h.hopes[:2])},
		{Criterion: 6, ID: "time", Truth: h.comes(f.week)},
		{Criterion: 7, ID: "ready", Truth: h.needsTime(&f.ready)},
	}
	return h.judge(findings)
}

func (h byHand) judge(findings []screen.Finding) screen.Result {
	r := screen.Result{Verdict: screen.Suits, Findings: findings}
	talk := false
	for i := range findings {
		t := findings[i].Truth
		switch {
		case i == 0 && t == screen.False || i == 1 && t == screen.True:
			r.Verdict = screen.NotNow
		case i < 2 && t == screen.Unknown || i >= 2 && i < 5 && t != screen.False:
			talk = true
		}
	}
	if talk && r.Verdict == screen.Suits {
		r.Verdict = screen.Discuss
	}
	for i := range findings {
		t := findings[i].Truth
		switch {
		case i >= 5:
			findings[i].Counts = t == screen.True
		case r.Verdict == screen.NotNow:
			findings[i].Counts = i == 0 && t == screen.False || i == 1 && t == screen.True
		case r.Verdict == screen.Discuss:
			findings[i].Counts = i < 2 && t == screen.Unknown || i >= 2 && t != screen.False
		}
	}
	return r // the person of the benchmark has left nothing open
}

func (h byHand) oldEnough(v screen.Value) screen.Truth {
	if !v.Known {
		return screen.Unknown
	}
	r, ok := benchRanges[v.Codes[0]]
	return either(ok && r.Lo >= h.minAge, ok && r.Hi < h.minAge)
}

func oneOf(v screen.Value, codes ...string) screen.Truth {
	if !v.Known {
		return screen.Unknown
	}
	is := slices.Contains(codes, v.Codes[0])
	return either(is, !is)
}

func anyOf(v screen.Value, codes []string) screen.Truth {
	if !v.Known {
		return screen.Unknown
	}
	for _, c := range codes {
		if slices.Contains(v.Codes, c) {
			return screen.True
		}
	}
	return screen.False
}

func (h byHand) comes(v screen.Value) screen.Truth {
	if !v.Known {
		return screen.Unknown
	}
	for _, s := range v.Slots {
		if s.Weekday == 1 && s.Kind != screen.Unavailable && min(s.To, h.to)-max(s.From, h.from) >= 60 {
			return screen.True
		}
	}
	return screen.False
}

func (h byHand) needsTime(items *[6]screen.Value) screen.Truth {
	lo, hi := 0.0, 0.0
	for i := range items {
		if !items[i].Known {
			hi += 4
			continue
		}
		score := benchLevels[items[i].Codes[0]]
		lo += score
		hi += score
	}
	return either(hi <= h.ready, lo > h.ready)
}

func TestCriteriaAsDataAndByHandGiveTheSame(t *testing.T) {
	t.Parallel()
	a := benchPerson()
	person, questions := a.person(), screen.NewQuestions(benchSchema())
	for _, h := range benchTypes() {
		if diff := cmp.Diff(h.run(read(a.facts)), h.asData(t, questions).Run(person)); diff != "" {
			t.Errorf("by hand (-) and as data (+):\n%s", diff)
		}
	}
}

// reason is a finding as it is told, with its sentence in one language.
type reason struct {
	Criterion string `json:"criterion"`
	Outcome   string `json:"outcome"`
	Counts    bool   `json:"counts"`
	Text      string `json:"text"`
}

type told struct {
	Verdict screen.Verdict `json:"verdict"`
	Reasons []reason       `json:"reasons"`
	Open    []string       `json:"open,omitempty"`
}

func tell(r screen.Result, sentence string) told {
	t := told{Verdict: r.Verdict, Open: r.Open, Reasons: make([]reason, 0, len(r.Findings))}
	for _, f := range r.Findings {
		t.Reasons = append(t.Reasons, reason{f.ID, f.Truth.String(), f.Counts, sentence})
	}
	return t
}

func BenchmarkScreen(b *testing.B) {
	types, questions := benchTypes(), screen.NewQuestions(benchSchema())
	var programs []*screen.Program
	for _, h := range types {
		programs = append(programs, h.asData(b, questions))
	}
	a := benchPerson()
	b.Run("data", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			person := a.person()
			for _, p := range programs {
				p.Run(person)
			}
		}
	})
	b.Run("by-hand", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			person := read(a.facts)
			for _, h := range types {
				h.run(person)
			}
		}
	})
	b.Run("json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			person, all := a.person(), make([]told, 0, len(programs))
			for _, p := range programs {
				all = append(all, tell(p.Run(person), "The group is for people who would like to meet others like themselves."))
			}
			if err := json.NewEncoder(io.Discard).Encode(all); err != nil {
				b.Fatal(err)
			}
		}
	})
}
