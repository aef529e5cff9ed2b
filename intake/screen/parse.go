package screen

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// Limits of the data, so that no group type can be made to eat the server.
const (
	maxDepth = 12  // of an expression
	maxNodes = 400 // of all expressions of a type
	maxList  = 200 // of any list
)

// ParseCriteria reads the criteria of a group type. The error has every fault with its path, such as
// criteria[2].when.all[0].op. Whether the criteria make sense is Check's affair.
func ParseCriteria(raw []byte) ([]Criterion, error) {
	var p parser
	if !p.start("criteria", raw) {
		return nil, p.faults.Err()
	}
	list, ok := p.list("criteria", raw)
	if !ok {
		return nil, p.faults.Err()
	}
	criteria := make([]Criterion, len(list))
	for i, raw := range list {
		criteria[i] = p.criterion(fmt.Sprintf("criteria[%d]", i), raw)
	}
	if err := p.faults.Err(); err != nil {
		return nil, err
	}
	return criteria, nil
}

// ParseExpr reads one expression. Paths in the error begin inside it: all[0].op.
func ParseExpr(raw []byte) (Expr, error) {
	var p parser
	if !p.start("", raw) {
		return Expr{}, p.faults.Err()
	}
	e := p.expr("", raw, 1)
	if err := p.faults.Err(); err != nil {
		return Expr{}, err
	}
	return e, nil
}

// ParseScores reads the scores of a group type, by id. Paths in the error begin with scores.
func ParseScores(raw []byte) (map[string]Score, error) {
	var p parser
	if !p.start("scores", raw) {
		return nil, p.faults.Err()
	}
	scores := map[string]Score{}
	p.members("scores", raw, func(path, id string, raw json.RawMessage) {
		var d scoreData
		if p.object(path, raw, &d) {
			scores[id] = Score{Items: p.codes(path+".items", d.Items)}
		}
	})
	p.short("scores", len(scores))
	if err := p.faults.Err(); err != nil {
		return nil, err
	}
	return scores, nil
}

// parser reads the data format; nodes counts over all expressions of one call.
type parser struct {
	strict
	nodes int
}

func (p *parser) criterion(path string, raw []byte) Criterion {
	var d criterionData
	if !p.object(path, raw, &d) {
		return Criterion{}
	}
	c := Criterion{
		ID: d.ID, Kind: d.Kind, Clinical: d.Clinical, Basis: d.Basis, Unknown: d.Unknown,
		Interview: d.Interview, StaffOnly: d.StaffOnly, Weight: d.Weight,
		When:          p.required(path+".when", d.When),
		ApplicantNote: p.text(path+".applicant_note", d.ApplicantNote),
	}
	if c.Unknown == "" {
		c.Unknown = usualPolicy(c.Kind)
	}
	var b becauseData
	if len(d.Because) > 0 && p.object(path+".because", d.Because, &b) {
		c.Because.Met = p.text(path+".because.met", b.Met)
		c.Because.NotMet = p.text(path+".because.not_met", b.NotMet)
		c.Because.Unknown = p.text(path+".because.unknown", b.Unknown)
	}
	return c
}

func usualPolicy(kind CriterionKind) Policy {
	if kind == Prefer || kind == Prepare {
		return Ignore
	}
	return Ask
}

func (p *parser) required(path string, raw []byte) Expr {
	if len(raw) == 0 {
		p.faults.Add(path, required)
		return Expr{}
	}
	return p.expr(path, raw, 1)
}

// codes reads a list of strings.
func (p *parser) codes(path string, raw []byte) []string {
	if len(raw) == 0 {
		p.faults.Add(path, required)
		return nil
	}
	list, ok := p.list(path, raw)
	if !ok {
		return nil
	}
	codes := make([]string, len(list))
	for i, raw := range list {
		p.value(fmt.Sprintf("%s[%d]", path, i), raw, &codes[i])
	}
	return codes
}

func number[N int | float64](n N) string { return strconv.FormatFloat(float64(n), 'g', -1, 64) }
