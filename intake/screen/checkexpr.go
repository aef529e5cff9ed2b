package screen

import (
	"fmt"
	"math"
	"slices"
)

// when checks an expression, and if its leaves are sound whether answers can make a difference to it.
func (c *checker) when(path string, e *Expr) {
	if !c.expr(path, e) {
		return
	}
	switch once, always := c.extremes(e); {
	case always:
		c.faults.Add(path, alwaysTrue)
	case !once:
		c.faults.Add(path, neverTrue)
	}
}

// expr checks an expression and says whether it is sound.
func (c *checker) expr(path string, e *Expr) bool {
	if !e.Op.combines() {
		return c.leaf(path, e)
	}
	sound := true
	switch {
	case e.Op == Not && len(e.Of) != 1:
		c.faults.Add(join(path, "not"), required)
		return false
	case len(e.Of) == 0:
		c.faults.Add(join(path, string(e.Op)), required)
		return false
	case e.Op == AtLeast && (e.Count < 1 || e.Count > len(e.Of)):
		c.faults.Add(join(path, "at_least.count"), outOfRange, "min", "1", "max", number(len(e.Of)))
		sound = false
	}
	for i := range e.Of {
		sound = c.expr(e.partPath(path, i), &e.Of[i]) && sound
	}
	return sound
}

// leaf checks a leaf and says whether it is sound.
func (c *checker) leaf(path string, e *Expr) bool {
	subject, ok := subjectOf(e, c.scores, c.schema)
	if !ok && e.Score != "" {
		c.faults.Add(join(path, "score"), unknownScore, "score", e.Score)
		return false
	}
	if !ok {
		c.faults.Add(join(path, "field"), unknownField, "field", e.Field)
		return false
	}
	operand, ok := subject.fits(e.Op)
	switch {
	case !ok || e.Op == Answered && e.Score != "":
		c.faults.Add(join(path, "op"), badOperator, "op", string(e.Op), "kind", string(subject.Kind))
		return false
	case operand != e.Operand.Kind:
		c.faults.Add(join(path, "value"), badOperand, "op", string(e.Op))
		return false
	case len(subject.Codes) > maxOptions:
		c.faults.Add(join(path, "field"), tooMany, "max", number(maxOptions))
		return false
	case e.Score != "" && !c.complete(c.scores[e.Score]):
		return false // said at the score
	}
	switch operand {
	case Number:
		return c.numbers(join(path, "value"), e, subject)
	case Code, Codes:
		return c.options(join(path, "value"), e, subject)
	case Slots:
		return c.windows(path, e)
	}
	return true
}

// subjectOf is what a leaf looks at, as a field; a score is one of numbers within its bounds.
func subjectOf(e *Expr, scores map[string]Score, schema Schema) (Field, bool) {
	if e.Score == "" {
		field, ok := schema[e.Field]
		return field, ok
	}
	score, ok := scores[e.Score]
	if !ok || e.Field != "" {
		return Field{}, false
	}
	bounds := Interval{}
	for _, item := range score.Items {
		options := optionScores(schema[item])
		bounds.Lo += options.Lo
		bounds.Hi += options.Hi
	}
	return Field{Kind: Number, Min: bounds.Lo, Max: bounds.Hi}, true
}

// optionScores is what an unanswered item may add to a score.
func optionScores(f Field) Interval {
	all := Interval{math.Inf(1), math.Inf(-1)}
	for _, code := range f.Codes {
		all = Interval{min(all.Lo, f.Scores[code]), max(all.Hi, f.Scores[code])}
	}
	if len(f.Codes) == 0 {
		return Interval{}
	}
	return all
}

// fits gives the kind of operand that the operator needs over such a field, if it can be used there at all.
func (f Field) fits(op Op) (operand Kind, ok bool) {
	switch op {
	case Answered:
		return "", true
	case Eq, Ne:
		return f.Kind, f.Kind == Bool || f.Kind == Code || f.Kind == Number
	case In, NotIn:
		return Codes, f.Kind == Code
	case Lt, Le, Gt, Ge, Between:
		return Number, f.Kind == Number || f.Kind == Code && len(f.Ranges) > 0
	case IncludesAny, IncludesAll, IncludesNone:
		return Codes, f.Kind == Codes
	case Overlaps:
		return Slots, f.Kind == Slots
	default:
		return "", false
	}
}

// bounds are the least and the greatest number that an answer can mean.
func (f Field) bounds() Interval {
	switch {
	case f.Kind == Code:
		all := Interval{math.Inf(1), math.Inf(-1)}
		for _, r := range f.Ranges {
			all = Interval{min(all.Lo, r.Lo), max(all.Hi, r.Hi)}
		}
		return all
	case f.bounded():
		return Interval{f.Min, f.Max}
	default:
		return Interval{math.Inf(-1), math.Inf(1)}
	}
}

func (c *checker) numbers(path string, e *Expr, subject Field) bool {
	within := subject.bounds()
	ends := []float64{e.Operand.Number}
	if e.Op == Between {
		ends = append(ends, e.Operand.High)
		if e.Operand.High < e.Operand.Number {
			c.faults.Add(path, wrongOrder)
			return false
		}
	}
	for _, n := range ends {
		if math.IsNaN(n) || n < within.Lo || n > within.Hi {
			c.faults.Add(path, outOfRange, "min", number(within.Lo), "max", number(within.Hi))
			return false
		}
	}
	return true
}

func (c *checker) options(path string, e *Expr, subject Field) bool {
	codes := e.Operand.Codes
	if len(codes) == 0 || e.Operand.Kind == Code && len(codes) != 1 {
		c.faults.Add(path, required)
		return false
	}
	sound := true
	for i, code := range codes {
		at := path
		if e.Operand.Kind == Codes {
			at = fmt.Sprintf("%s[%d]", path, i)
		}
		switch {
		case !slices.Contains(subject.Codes, code):
			c.faults.Add(at, unknownCode, "option", code)
			sound = false
		case slices.Contains(codes[:i], code):
			c.faults.Add(at, duplicate)
			sound = false
		}
	}
	return sound
}

func (c *checker) windows(path string, e *Expr) bool {
	if len(e.Operand.Slots) == 0 {
		c.faults.Add(join(path, "value"), required)
		return false
	}
	sound := true
	for i, s := range e.Operand.Slots {
		at := fmt.Sprintf("%s[%d]", join(path, "value"), i)
		switch {
		case s.Weekday < 1 || s.Weekday > 7:
			c.faults.Add(at+".weekday", outOfRange, "min", "1", "max", "7")
			sound = false
		case s.Kind != "":
			c.faults.Add(at+".kind", notHere)
			sound = false
		case !s.valid():
			c.faults.Add(at+".to", wrongOrder)
			sound = false
		}
	}
	longest := 0
	for _, s := range freeTime(nil, e.Operand.Slots) {
		longest = max(longest, s.to-s.from)
	}
	if m := e.Operand.Minutes; sound && (m < 1 || m > longest) {
		c.faults.Add(join(path, "minutes"), outOfRange, "min", "1", "max", number(longest))
		return false
	}
	return sound
}
