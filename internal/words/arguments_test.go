package words_test

import (
	"go/ast"
	"go/token"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// prefixes says for each family of keys that are put together from a prefix and a word, which words there are.
func prefixes(t *testing.T, s *source) map[string][]string {
	t.Helper()
	return map[string][]string{
		"problem.":     {"invalid"}, // the others are read where they are made
		"field.":       {},          // all are read where they are made
		"title.":       statusTexts(t, s),
		"state.":       s.typed["intake.State"],
		"verdict.":     s.typed["screen.Verdict"],
		"alternative.": {s.consts["intake.IndividualTalk"]},
	}
}

// statusTexts are the phrases of the statuses that an error can have: those of the table in package api.
func statusTexts(t *testing.T, s *source) []string {
	t.Helper()
	known := map[string]int{
		"http.StatusBadRequest":            http.StatusBadRequest,
		"http.StatusUnauthorized":          http.StatusUnauthorized,
		"http.StatusForbidden":             http.StatusForbidden,
		"http.StatusNotFound":              http.StatusNotFound,
		"http.StatusMethodNotAllowed":      http.StatusMethodNotAllowed,
		"http.StatusConflict":              http.StatusConflict,
		"http.StatusPreconditionFailed":    http.StatusPreconditionFailed,
		"http.StatusRequestEntityTooLarge": http.StatusRequestEntityTooLarge,
		"http.StatusUnsupportedMediaType":  http.StatusUnsupportedMediaType,
		"http.StatusUnprocessableEntity":   http.StatusUnprocessableEntity,
		"http.StatusPreconditionRequired":  http.StatusPreconditionRequired,
		"http.StatusTooManyRequests":       http.StatusTooManyRequests,
		"http.StatusInternalServerError":   http.StatusInternalServerError,
		"http.StatusServiceUnavailable":    http.StatusServiceUnavailable,
	}
	var texts []string
	for _, name := range s.statuses() {
		if known[name] == 0 {
			t.Errorf("the table of statuses has %s, which this test does not know", name)
			continue
		}
		texts = append(texts, http.StatusText(known[name]))
	}
	if len(texts) < 10 {
		t.Errorf("only %d statuses found", len(texts))
	}
	return texts
}

// statuses reads the names in the table of package api.
func (s *source) statuses() []string {
	var names []string
	for _, p := range s.packages {
		for _, f := range p.files {
			ast.Inspect(f, func(n ast.Node) bool {
				v, ok := n.(*ast.ValueSpec)
				if !ok || p.name != "api" || v.Names[0].Name != "statuses" {
					return true
				}
				for _, element := range v.Values[0].(*ast.CompositeLit).Elts {
					names = append(names, nameOf(element.(*ast.KeyValueExpr).Value))
				}
				return false
			})
		}
	}
	return names
}

// say notes a call of words.Say: a whole key, or the prefix of a family.
func (c *collector) say(call *ast.CallExpr) {
	if sum, ok := call.Args[1].(*ast.BinaryExpr); ok && sum.Op == token.ADD {
		if prefix, ok := literal(sum.X); ok && strings.HasSuffix(prefix, ".") {
			c.used[prefix] = true
			return
		}
	}
	key, ok := c.s.code(c.p, call.Args[1])
	if !ok {
		c.t.Errorf("%s: which message this is can't be seen", c.at(call))
		return
	}
	c.needs = append(c.needs, need{key, mapKeys(call.Args[2]), c.at(call)})
}

// named reads the names of arguments that are given as name and value in turn, from that position on.
func (c *collector) named(call *ast.CallExpr, from int) []string {
	if call.Ellipsis.IsValid() && len(call.Args) == from+1 {
		return c.listed(call.Args[from])
	}
	return everyOther(call.Args[min(from, len(call.Args)):])
}

// listed reads them from a list that is spread: a literal, an append to one, or a function that gives one.
func (c *collector) listed(e ast.Expr) []string {
	switch e := e.(type) {
	case *ast.CompositeLit:
		return everyOther(e.Elts)
	case *ast.CallExpr:
		if isName(e.Fun, "append") {
			return append(c.listed(e.Args[0]), everyOther(e.Args[1:])...)
		}
		var names []string
		if fn := c.p.funcs[nameOf(e.Fun)]; fn != nil {
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				if r, ok := n.(*ast.ReturnStmt); ok {
					names = c.listed(r.Results[0])
				}
				return true
			})
		}
		return names
	}
	return nil
}

func everyOther(elements []ast.Expr) []string {
	var names []string
	for i := 0; i < len(elements); i += 2 {
		if name, ok := literal(elements[i]); ok {
			names = append(names, name)
		}
	}
	return names
}

func mapKeys(e ast.Expr) []string {
	lit, ok := e.(*ast.CompositeLit)
	if !ok {
		return nil
	}
	keys := map[string]bool{}
	for _, element := range lit.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			if key, ok := literal(pair.Key); ok {
				keys[key] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(keys))
}
