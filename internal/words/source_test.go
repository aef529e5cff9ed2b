package words_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// source is the Go code of the module, tests and generated files left out. It is read without types: that is quick,
// and everything that ends in a sentence is called in one of a few ways.
type source struct {
	fset     *token.FileSet
	packages []*pkg
	consts   map[string]string   // package.Name: string constants
	typed    map[string][]string // package.Type: values of the constants of that type
	errors   map[string]string   // package.Name: code of a variable made with fault.New
}

type pkg struct {
	name  string
	files []*ast.File
	lists map[string]bool // names of variables, parameters and fields that are a fault.List
	funcs map[string]*ast.FuncDecl
}

// readSource reads the tree as it is now.
func readSource(t *testing.T) *source {
	t.Helper()
	s := &source{
		fset: token.NewFileSet(), consts: map[string]string{}, typed: map[string][]string{},
		errors: map[string]string{},
	}
	byFolder := map[string]*pkg{}
	root := moduleRoot(t)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && isForeign(path):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go"):
			return nil
		case strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, ".gen.go"):
			return nil
		}
		f, err := parser.ParseFile(s.fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		folder := filepath.Dir(path)
		if byFolder[folder] == nil {
			byFolder[folder] = &pkg{name: f.Name.Name, lists: map[string]bool{}, funcs: map[string]*ast.FuncDecl{}}
			s.packages = append(s.packages, byFolder[folder])
		}
		byFolder[folder].files = append(byFolder[folder].files, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range s.packages {
		s.declarations(p)
	}
	return s
}

func moduleRoot(t *testing.T) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		if folder == filepath.Dir(folder) {
			t.Fatal("no go.mod above this package")
		}
		folder = filepath.Dir(folder)
	}
}

// isForeign holds for folders that are no code of this module.
func isForeign(folder string) bool {
	name := filepath.Base(folder)
	_, err := os.Stat(filepath.Join(folder, "go.mod"))
	return err == nil || strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules"
}

// declarations notes what the package declares that may carry a code.
func (s *source) declarations(p *pkg) {
	for _, f := range p.files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				p.funcs[n.Name.Name] = n
			case *ast.Field:
				p.noteLists(n.Names, n.Type)
			case *ast.ValueSpec:
				p.noteLists(n.Names, n.Type)
				s.noteValues(p, n)
			case *ast.AssignStmt:
				for i, value := range n.Rhs {
					if name, ok := n.Lhs[min(i, len(n.Lhs)-1)].(*ast.Ident); ok {
						p.noteLists([]*ast.Ident{name}, made(value))
					}
				}
			}
			return true
		})
	}
}

// made is the type of a value that is made on the spot: fault.List{}, &fault.List{} or new(fault.List).
func made(e ast.Expr) ast.Expr {
	switch e := e.(type) {
	case *ast.UnaryExpr:
		return made(e.X)
	case *ast.CompositeLit:
		return e.Type
	case *ast.CallExpr:
		if isName(e.Fun, "new") && len(e.Args) == 1 {
			return e.Args[0]
		}
	}
	return nil
}

func (p *pkg) noteLists(names []*ast.Ident, t ast.Expr) {
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if !isName(t, "fault.List") {
		return
	}
	for _, name := range names {
		p.lists[name.Name] = true
	}
}

func (s *source) noteValues(p *pkg, v *ast.ValueSpec) {
	for i, value := range v.Values {
		name := p.name + "." + v.Names[i].Name
		if text, ok := literal(value); ok {
			s.consts[name] = text
			if t, ok := v.Type.(*ast.Ident); ok {
				s.typed[p.name+"."+t.Name] = append(s.typed[p.name+"."+t.Name], text)
			}
		}
		if call, ok := faultNew(value); ok {
			s.errors[name], _ = s.code(p, call.Args[1])
		}
	}
}

// faultNew finds the call of fault.New in it, also under .With and .Because.
func faultNew(e ast.Expr) (*ast.CallExpr, bool) {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return nil, false
	}
	if isName(call.Fun, "fault.New") && len(call.Args) == 2 {
		return call, true
	}
	if method, ok := call.Fun.(*ast.SelectorExpr); ok {
		return faultNew(method.X)
	}
	return nil, false
}

// code resolves an expression that is a code: a text, a constant, or the code of an error variable.
func (s *source) code(p *pkg, e ast.Expr) (string, bool) {
	if text, ok := literal(e); ok {
		return text, true
	}
	name := nameOf(e)
	if v, ok := strings.CutSuffix(name, ".Code"); ok {
		code, ok := s.errors[qualified(p, v)]
		return code, ok
	}
	code, ok := s.consts[qualified(p, name)]
	return code, ok && name != ""
}

func qualified(p *pkg, name string) string {
	if strings.Contains(name, ".") {
		return name
	}
	return p.name + "." + name
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// nameOf writes a name with its dots, or is empty for anything else.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		if left := nameOf(e.X); left != "" {
			return left + "." + e.Sel.Name
		}
	}
	return ""
}

func isName(e ast.Expr, name string) bool { return e != nil && nameOf(e) == name }
