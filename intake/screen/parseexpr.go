package screen

import (
	"encoding/json"
	"fmt"
	"strings"
)

// usualMinutes is how long a common stretch of time must be where the data says nothing.
const usualMinutes = 60

// expr reads one expression; the root has depth 1.
func (p *parser) expr(path string, raw []byte, depth int) Expr {
	p.nodes++
	switch {
	case depth > maxDepth:
		p.faults.Add(path, tooDeep, "max", number(maxDepth))
		return Expr{}
	case p.nodes > maxNodes:
		if p.nodes == maxNodes+1 { // said once
			p.faults.Add(path, tooMany, "max", number(maxNodes))
		}
		return Expr{}
	}
	var d exprData
	if !p.object(path, raw, &d) {
		return Expr{}
	}
	if d.shapes() != 1 {
		p.faults.Add(path, choiceOfShape)
		return Expr{}
	}
	if d.Field != nil || d.Score != nil {
		return p.leaf(path, d)
	}
	if d.Op != "" || d.Value != nil || d.Minutes != nil {
		p.faults.Add(path, choiceOfShape)
	}
	return p.combinator(path, d, depth)
}

// shapes counts what the object could be; it must be one thing.
func (d exprData) shapes() int {
	n := 0
	for _, set := range []bool{
		d.All != nil, d.Any != nil, d.Not != nil, d.AtLeast != nil, d.Field != nil, d.Score != nil,
	} {
		if set {
			n++
		}
	}
	return n
}

func (p *parser) combinator(path string, d exprData, depth int) Expr {
	switch {
	case d.All != nil:
		return Expr{Op: All, Of: p.parts(join(path, "all"), d.All, depth)}
	case d.Any != nil:
		return Expr{Op: Any, Of: p.parts(join(path, "any"), d.Any, depth)}
	case d.Not != nil:
		return Expr{Op: Not, Of: []Expr{p.expr(join(path, "not"), d.Not, depth+1)}}
	}
	path = join(path, "at_least")
	var some atLeastData
	if !p.object(path, d.AtLeast, &some) {
		return Expr{}
	}
	return Expr{Op: AtLeast, Count: some.Count, Of: p.parts(path+".of", some.Of, depth)}
}

func (p *parser) parts(path string, raw []byte, depth int) []Expr {
	if len(raw) == 0 {
		p.faults.Add(path, required)
		return nil
	}
	list, ok := p.list(path, raw)
	if !ok {
		return nil
	}
	parts := make([]Expr, 0, len(list))
	for i, raw := range list {
		if p.nodes > maxNodes {
			break
		}
		parts = append(parts, p.expr(fmt.Sprintf("%s[%d]", path, i), raw, depth+1))
	}
	return parts
}

func (p *parser) leaf(path string, d exprData) Expr {
	e := Expr{Op: d.Op}
	if d.Field != nil {
		e.Field = *d.Field
	} else {
		e.Score = *d.Score
	}
	if e.Field+e.Score == "" {
		p.faults.Add(path, required)
	}
	if d.Minutes != nil && d.Op != Overlaps {
		p.faults.Add(join(path, "minutes"), notHere)
	}
	e.Operand = p.operand(path, d)
	return e
}

func (p *parser) operand(path string, d exprData) Operand {
	at := join(path, "value")
	switch {
	case d.Op == "":
		p.faults.Add(join(path, "op"), required)
		return Operand{}
	case d.Op == Answered && d.Value == nil:
		return Operand{}
	case d.Op == Answered:
		p.faults.Add(at, notHere)
		return Operand{}
	case d.Value == nil:
		p.faults.Add(at, required)
		return Operand{}
	}
	switch d.Op {
	case Eq, Ne:
		return p.scalar(at, d.Value)
	case Lt, Le, Gt, Ge:
		o := Operand{Kind: Number}
		p.value(at, d.Value, &o.Number)
		return o
	case Between:
		return p.between(at, d.Value)
	case In, NotIn, IncludesAny, IncludesAll, IncludesNone:
		return Operand{Kind: Codes, Codes: p.codes(at, d.Value)}
	case Overlaps:
		return p.windows(at, d)
	default:
		p.faults.Add(join(path, "op"), notOneOf)
		return Operand{}
	}
}

func (p *parser) scalar(path string, raw json.RawMessage) Operand {
	switch raw[0] {
	case 't', 'f':
		o := Operand{Kind: Bool}
		p.value(path, raw, &o.Bool)
		return o
	case '"':
		o := Operand{Kind: Code, Codes: []string{""}}
		p.value(path, raw, &o.Codes[0])
		return o
	default:
		o := Operand{Kind: Number}
		p.value(path, raw, &o.Number)
		return o
	}
}

func (p *parser) between(path string, raw json.RawMessage) Operand {
	o := Operand{Kind: Number}
	list, ok := p.list(path, raw)
	if !ok {
		return o
	}
	if len(list) != 2 {
		p.faults.Add(path, badOperand, "op", string(Between))
		return o
	}
	p.value(path+"[0]", list[0], &o.Number)
	p.value(path+"[1]", list[1], &o.High)
	return o
}

func (p *parser) windows(path string, d exprData) Operand {
	o := Operand{Kind: Slots, Minutes: usualMinutes}
	if d.Minutes != nil {
		o.Minutes = *d.Minutes
	}
	list, ok := p.list(path, d.Value)
	if !ok {
		return o
	}
	for i, raw := range list {
		at := fmt.Sprintf("%s[%d]", path, i)
		var s slotData
		if p.object(at, raw, &s) {
			o.Slots = append(o.Slots, Slot{s.Weekday, p.clock(at+".from", s.From), p.clock(at+".to", s.To), ""})
		}
	}
	return o
}

// clock reads HH:MM, up to 24:00, as minutes after midnight.
func (p *parser) clock(path, said string) int {
	h, m, _ := strings.Cut(said, ":")
	hours, minutes := twoDigits(h), twoDigits(m)
	if hours < 0 || minutes < 0 || minutes > 59 || hours*60+minutes > day {
		p.faults.Add(path, badTime)
		return 0
	}
	return hours*60 + minutes
}

func twoDigits(s string) int {
	if len(s) != 2 || s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9' {
		return -1
	}
	return int(s[0]-'0')*10 + int(s[1]-'0')
}
