package screen

import (
	"fmt"
	"slices"
)

// Op is an operator of an expression, spelled as in the data.
type Op string

// Combinators have parts; every other operator is a leaf over one answer or one score.
const (
	All     Op = "all"
	Any     Op = "any"
	Not     Op = "not"
	AtLeast Op = "at_least"

	Eq           Op = "eq"
	Ne           Op = "ne"
	In           Op = "in"
	NotIn        Op = "not_in"
	Lt           Op = "lt"
	Le           Op = "le"
	Gt           Op = "gt"
	Ge           Op = "ge"
	Between      Op = "between" // both ends included
	IncludesAny  Op = "includes_any"
	IncludesAll  Op = "includes_all"
	IncludesNone Op = "includes_none"
	Overlaps     Op = "overlaps"
	Answered     Op = "answered" // the only one that is never unknown
)

// Expr is a condition over one person's answers. Which parts are set depends on Op; Check says what is wrong with
// one that was put together by hand.
type Expr struct {
	Op      Op
	Of      []Expr  // parts of a combinator; exactly one of Not
	Count   int     // of AtLeast
	Field   string  // link id that a leaf looks at, or
	Score   string  // id of the score that it looks at
	Operand Operand // of a leaf
}

// Operand is what a leaf compares with. Kind says which part was written.
type Operand struct {
	Kind    Kind // Bool, Number, Code (one in Codes), Codes, Slots, or empty for none
	Bool    bool
	Number  float64 // the lower end of Between
	High    float64 // the upper end of Between
	Codes   []string
	Slots   []Slot
	Minutes int // of Overlaps: how long one common stretch must be
}

// Score adds up the option scores of its items. An unanswered item adds everything from its least to its greatest
// option, so an unfinished score is an interval.
type Score struct{ Items []string }

func (op Op) combines() bool { return op == All || op == Any || op == Not || op == AtLeast }

// ExprFields lists the link ids that the leaves of e name, each once, in order of appearance. The items of its scores
// are not among them: an expression knows a score only by its id.
func ExprFields(e Expr) []string {
	return e.names(func(leaf *Expr) string { return leaf.Field })
}

// ExprScores lists the ids of the scores that the leaves of e name, each once, in order of appearance.
func ExprScores(e Expr) []string {
	return e.names(func(leaf *Expr) string { return leaf.Score })
}

func (e *Expr) names(of func(leaf *Expr) string) []string {
	var names []string
	e.leaves("", func(_ string, leaf *Expr) {
		if name := of(leaf); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	})
	return names
}

// leaves visits every leaf with its path in the data.
func (e *Expr) leaves(path string, visit func(path string, leaf *Expr)) {
	if !e.Op.combines() {
		visit(path, e)
		return
	}
	for i := range e.Of {
		e.Of[i].leaves(e.partPath(path, i), visit)
	}
}

// partPath is where the data has the i-th part of a combinator.
func (e *Expr) partPath(path string, i int) string {
	switch e.Op {
	case Not:
		return join(path, "not")
	case AtLeast:
		return join(path, fmt.Sprintf("at_least.of[%d]", i))
	default:
		return join(path, fmt.Sprintf("%s[%d]", e.Op, i))
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
