package screen_test

import (
	"slices"

	"grupa/intake/screen"
)

// holds is plain two-valued logic over a full form. ageIs tells the age behind a range, or behind no answer in numbers.
func holds(e screen.Expr, a answers, ageIs float64) bool {
	count := 0
	for _, part := range e.Of {
		if holds(part, a, ageIs) {
			count++
		}
	}
	switch e.Op {
	case screen.All:
		return count == len(e.Of)
	case screen.Any:
		return count > 0
	case screen.Not:
		return count == 0
	case screen.AtLeast:
		return count >= e.Count
	}
	if e.Score != "" {
		total := 0.0
		for _, item := range formScores[e.Score].Items {
			total += levelScores[a[item].Codes[0]]
		}
		return numberHolds(e, total)
	}
	v, o := a[e.Field], e.Operand
	has := func(c string) bool { return slices.Contains(v.Codes, c) }
	switch {
	case e.Op == screen.Answered:
		return v.Known
	case e.Op == screen.Overlaps:
		return minuteByMinute(v.Slots, o)
	case o.Kind == screen.Bool:
		return (v.Bool == o.Bool) == (e.Op == screen.Eq)
	case e.Field == "age" && o.Kind == screen.Number:
		return numberHolds(e, ageIs)
	case o.Kind == screen.Number:
		return numberHolds(e, v.Number)
	case e.Op == screen.IncludesAll:
		return !slices.ContainsFunc(o.Codes, func(c string) bool { return !has(c) })
	case e.Op == screen.Ne || e.Op == screen.NotIn || e.Op == screen.IncludesNone:
		return !slices.ContainsFunc(o.Codes, has)
	default:
		return slices.ContainsFunc(o.Codes, has)
	}
}

func numberHolds(e screen.Expr, n float64) bool {
	o := e.Operand
	return map[screen.Op]bool{
		screen.Eq: n == o.Number, screen.Ne: n != o.Number, screen.Lt: n < o.Number, screen.Le: n <= o.Number,
		screen.Gt: n > o.Number, screen.Ge: n >= o.Number, screen.Between: n >= o.Number && n <= o.High,
	}[e.Op]
}

// minuteByMinute walks through the week and counts how long both are free without a break.
func minuteByMinute(free []screen.Slot, o screen.Operand) bool {
	in := func(s screen.Slot, weekday, minute int) bool {
		return s.Weekday == weekday && s.From <= minute && minute < s.To
	}
	run := 0
	for m := range 7 * 1440 {
		weekday, minute := m/1440+1, m%1440
		can, busy := false, false
		for _, s := range free {
			busy = busy || in(s, weekday, minute) && s.Kind == screen.Unavailable
			can = can || in(s, weekday, minute) && s.Kind != screen.Unavailable
		}
		wanted := slices.ContainsFunc(o.Slots, func(s screen.Slot) bool { return in(s, weekday, minute) })
		if run++; !can || busy || !wanted {
			run = 0
		}
		if run == o.Minutes {
			return true
		}
	}
	return false
}

// kleene is the textbook: parts follow the tables; a leaf without its answer is unknown, and one over a range or an
// unfinished score is decided if it comes out the same for everything that it can stand for.
func kleene(e screen.Expr, a answers) screen.Truth {
	var yes, no int
	for _, part := range e.Of {
		switch kleene(part, a) {
		case screen.True:
			yes++
		case screen.False:
			no++
		}
	}
	switch e.Op {
	case screen.All:
		return either(yes == len(e.Of), no > 0)
	case screen.Any:
		return either(yes > 0, no == len(e.Of))
	case screen.Not:
		return either(no == 1, yes == 1)
	case screen.AtLeast:
		return either(yes >= e.Count, len(e.Of)-no < e.Count)
	case screen.Answered:
		return either(a[e.Field].Known, !a[e.Field].Known)
	}
	if e.Score == "" && !a[e.Field].Known {
		return screen.Unknown
	}
	fields := formScores[e.Score].Items
	always, ever := true, false
	for full := range completions(a, fields) {
		for _, age := range agesOf(full["age"]) {
			is := holds(e, full, age)
			always, ever = always && is, ever || is
		}
	}
	return either(always, !ever)
}

func either(yes, no bool) screen.Truth {
	switch {
	case yes:
		return screen.True
	case no:
		return screen.False
	default:
		return screen.Unknown
	}
}

// agesOf lists whole ages that an answer may stand for, every one of them.
func agesOf(v screen.Value) []float64 {
	lo, hi := 0.0, 120.0
	if v.Known {
		if r, ok := formSchema["age"].Ranges[v.Codes[0]]; ok {
			lo, hi = r.Lo, r.Hi
		}
	}
	var ages []float64
	for age := lo; age <= hi; age++ {
		ages = append(ages, age)
	}
	return ages
}

// completions fills in the unknown ones of the fields in every way.
func completions(a answers, fields []string) func(yield func(answers) bool) {
	return func(yield func(answers) bool) { complete(a, fields, yield) }
}

func complete(a answers, fields []string, yield func(answers) bool) bool {
	if len(fields) == 0 {
		return yield(a)
	}
	if a[fields[0]].Known {
		return complete(a, fields[1:], yield)
	}
	for _, v := range domain(fields[0]) {
		full := answers{}
		for field, known := range a {
			full[field] = known
		}
		full[fields[0]] = v
		if !complete(full, fields[1:], yield) {
			return false
		}
	}
	return true
}
