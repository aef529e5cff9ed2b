package words_test

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// need is one place in the source that says a message.
type need struct {
	key   string
	args  []string // names that this place fills in
	where string
}

// origin says where the codes of an expression come from: from the function that gives them, or they are these. With
// neither they are read where the function that takes them is called.
type origin struct {
	giver string
	codes []string
}

// computed lists the codes that are no name and no text where they are used, by package, function and expression.
func computed() map[string]origin {
	return map[string]origin{
		"api.request code":                  {giver: "codeOf"},
		"api.malformed code":                {}, // see takers
		"calendar.times fault.Of(err).Code": {codes: []string{"local_time_skipped", "local_time_twice"}},
	}
}

// takers are functions of package api whose first argument is the code of a field.
func takers() []string { return []string{"malformed"} }

// collector gathers the needs of one package.
type collector struct {
	t     *testing.T
	s     *source
	p     *pkg
	in    string // name of the function
	needs []need
	with  map[string][][]string // by code of a problem: the arguments that each With gives it
	used  map[string]bool       // entries of computed and prefixes that the source has
}

// needs walks the whole source.
func needs(t *testing.T, s *source) (all []need, used map[string]bool) {
	t.Helper()
	with := map[string][][]string{}
	used = map[string]bool{}
	for _, p := range s.packages {
		c := collector{t: t, s: s, p: p, with: with, used: used}
		for _, f := range p.files {
			for _, d := range f.Decls {
				c.in = ""
				if fn, ok := d.(*ast.FuncDecl); ok {
					c.in = fn.Name.Name
				}
				ast.Inspect(d, c.node)
			}
		}
		all = append(all, c.needs...)
	}
	// A problem that With gives different arguments may name only what each gives.
	for i, n := range all {
		code, isProblem := strings.CutPrefix(n.key, "problem.")
		for _, args := range with[code] {
			if isProblem && (len(all[i].args) == 0 || len(args) < len(all[i].args)) {
				all[i].args = args
			}
		}
	}
	return all, used
}

func (c *collector) node(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		c.call(n)
	case *ast.CompositeLit:
		c.composite(n)
	}
	return true
}

func (c *collector) call(call *ast.CallExpr) {
	method, isMethod := call.Fun.(*ast.SelectorExpr)
	switch name := nameOf(call.Fun); {
	case name == "fault.New":
		c.add("problem.", call.Args[1], nil)
	case name == "fault.At":
		c.add("field.", call.Args[1], c.named(call, 2))
	case name == "words.Say":
		c.say(call)
	case c.p.name == "api" && slices.Contains(takers(), name):
		c.add("field.", call.Args[0], nil)
	case isMethod && method.Sel.Name == "Add" && len(call.Args) > 1 && c.isList(method.X):
		c.add("field.", call.Args[1], c.named(call, 2))
	case isMethod && method.Sel.Name == "With":
		c.noteWith(method.X, c.named(call, 0))
	}
}

// isList knows a list of faults by the last part of its name.
func (c *collector) isList(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return c.p.lists[e.Name]
	case *ast.SelectorExpr:
		return c.p.lists[e.Sel.Name]
	}
	return false
}

// composite finds fault.Field{Code: …}, alone and in a list, and fault.Error{Code: …}.
func (c *collector) composite(lit *ast.CompositeLit) {
	switch t := lit.Type.(type) {
	case *ast.ArrayType:
		for _, element := range lit.Elts {
			if inner, ok := element.(*ast.CompositeLit); ok && inner.Type == nil && isName(t.Elt, "fault.Field") {
				c.codeIn("field.", inner)
			}
		}
	case *ast.SelectorExpr:
		if isName(t, "fault.Field") {
			c.codeIn("field.", lit)
		} else if isName(t, "fault.Error") {
			c.codeIn("problem.", lit)
		}
	}
}

func (c *collector) codeIn(prefix string, lit *ast.CompositeLit) {
	var code ast.Expr
	var args []string
	for _, element := range lit.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		switch {
		case !ok:
			c.t.Errorf("%s: name the fields of this literal", c.at(lit))
		case isName(pair.Key, "Code"):
			code = pair.Value
		case isName(pair.Key, "Args"):
			args = mapKeys(pair.Value)
		}
	}
	if code != nil {
		c.add(prefix, code, args)
	}
}

func (c *collector) noteWith(of ast.Expr, args []string) {
	code := ""
	if call, ok := faultNew(of); ok {
		code, _ = c.s.code(c.p, call.Args[1])
	} else if name := nameOf(of); name != "" {
		code = c.s.errors[qualified(c.p, name)]
	}
	if code != "" {
		c.with[code] = append(c.with[code], args)
	}
}

// add notes one need, or several where the code is computed.
func (c *collector) add(prefix string, e ast.Expr, args []string) {
	if code, ok := c.s.code(c.p, e); ok {
		c.needs = append(c.needs, need{prefix + code, args, c.at(e)})
		return
	}
	place := c.p.name + "." + c.in + " " + types.ExprString(e)
	from, ok := computed()[place]
	if !ok {
		c.t.Errorf("%s: which codes this gives can't be seen: list %q in computed", c.at(e), place)
		return
	}
	c.used[place] = true
	for _, code := range from.codes {
		c.needs = append(c.needs, need{prefix + code, args, c.at(e)})
	}
	if from.giver != "" {
		c.given(prefix, from.giver, nil)
	}
}

// given reads the codes that a function returns, with the names of their arguments if it returns those too.
func (c *collector) given(prefix, function string, args []string) {
	fn := c.p.funcs[function]
	if fn == nil {
		c.t.Errorf("%s has no function %s", c.p.name, function)
		return
	}
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		r, ok := n.(*ast.ReturnStmt)
		if !ok {
			return true
		}
		if len(r.Results) == 2 {
			args = c.listed(r.Results[1])
		}
		if inner, ok := r.Results[0].(*ast.CallExpr); ok {
			c.given(prefix, nameOf(inner.Fun), args)
			return false
		}
		c.add(prefix, r.Results[0], args)
		return false
	})
}

func (c *collector) at(n ast.Node) string { return c.s.fset.Position(n.Pos()).String() }
