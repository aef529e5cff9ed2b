package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// forbidden is an edge that must not be there. from and to are package paths; a * at the end stands for what is below.
type forbidden struct {
	from, to []string
	reason   string
}

var rules = []string{"grupa/intake*", "grupa/group*", "grupa/calendar*", "grupa/internal/account", "grupa/internal/fault"}

var arrows = []forbidden{
	{rules, []string{"gorm.io/*", "database/sql*", "github.com/mattn/go-sqlite3"}, "rules don't know how things are kept"},
	{rules, []string{"github.com/labstack/echo*", "net/http*"}, "rules don't know how they are reached"},
	{rules, []string{"os", "os/*", "log/slog", "log"}, "rules are given everything and say what went wrong as an error"},
	{rules, []string{"grupa/internal/store*", "grupa/api*", "grupa/server", "grupa/internal/web*"}, "arrows go downwards"},
	{[]string{"grupa/intake*"}, []string{"grupa/calendar*", "grupa/group*"}, "intake and calendar don't know each other"},
	{[]string{"grupa/calendar*"}, []string{"grupa/intake*", "grupa/group*"}, "intake and calendar don't know each other"},
	{[]string{"grupa/intake/screen"}, []string{"grupa/intake", "grupa/intake/catalogue"}, "criteria know no forms"},
	{[]string{"grupa/intake/catalogue"}, []string{"grupa/intake", "grupa/intake/screen"}, "the catalogue is data alone"},
	{[]string{"grupa/calendar/ics"}, []string{"grupa/calendar", "grupa/internal/account"}, "a feed's text knows no people"},
	{[]string{"grupa/internal/account"}, []string{"grupa/intake*", "grupa/group*", "grupa/calendar*"}, "everyone has an account"},
	{[]string{"grupa/internal/fault", "grupa/internal/words"}, []string{"grupa/*"}, "everything may import these two"},
	{[]string{"grupa/internal/store*"}, []string{"grupa/api*", "grupa/internal/web*", "github.com/labstack/echo*", "net/http"}, "the store answers no requests"},
	{[]string{"grupa/api*"}, []string{"grupa/internal/web*", "gorm.io/*", "database/sql*"}, "api and web both call the rule, and only store keeps"},
	{[]string{"grupa/internal/web*"}, []string{"grupa/api*", "gorm.io/*", "database/sql*"}, "api and web both call the rule, and only store keeps"},
	{[]string{"grupa/server"}, []string{"gorm.io/*", "database/sql*"}, "gorm is the store's alone"},
	{[]string{"grupa/*"}, []string{"grupa/server"}, "nothing imports the program"},
	{[]string{"grupa/server", "grupa/api*", "grupa/internal/store", "grupa/internal/store/seal"},
		[]string{"testing", "grupa/internal/store/storetest", "grupa/internal/bench*", "grupa/internal/faults*"}, "what runs carries no test"},
}

// only says who alone may import something.
var only = []forbidden{
	{[]string{"grupa/internal/store*", "grupa/internal/bench/floor", "grupa/internal/bench/lists"}, []string{"gorm.io/*", "github.com/mattn/go-sqlite3", "github.com/pressly/goose*"}, "one place keeps things"},
	{[]string{"grupa/server", "grupa/api*", "grupa/internal/web*", "grupa/internal/bench*", "grupa/internal/faults*"}, []string{"github.com/labstack/echo*"}, "another Echo is a small step"},
	{[]string{"grupa/internal/notify"}, []string{"github.com/wneessen/go-mail*"}, "mail leaves the house by one door"},
	{[]string{"grupa/calendar/ics", "grupa/internal/caldav*"}, []string{"github.com/emersion/go-ical"}, "its traps stay behind one wall"},
	{[]string{"grupa/server"}, []string{"github.com/prometheus/*"}, "numbers are shown by the program; the rest only counts"},
	{[]string{"grupa/internal/store/storetest", "grupa/internal/bench*", "grupa/internal/faults*"}, []string{"testing"}, "what runs carries no test"},
}

func matches(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		if below, ok := strings.CutSuffix(p, "*"); ok {
			return path == strings.TrimSuffix(below, "/") || strings.HasPrefix(path, below)
		}
		return path == p
	})
}

// imports lists what the packages of this module import, tests left out.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "grupa/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	d := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p struct {
			ImportPath string
			Imports    []string
		}
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all[p.ImportPath] = p.Imports
	}
}

func TestTheArrowsPointDownwards(t *testing.T) {
	t.Parallel()
	all := imports(t)
	if len(all) < 10 {
		t.Fatalf("only %d packages were listed", len(all))
	}
	for from, targets := range all {
		for _, to := range targets {
			for _, a := range arrows {
				if from != to && matches(a.from, from) && matches(a.to, to) && !excepted(from, to) {
					t.Errorf("%s imports %s: %s", from, to, a.reason)
				}
			}
			for _, o := range only {
				if matches(o.to, to) && !matches(o.from, from) {
					t.Errorf("%s imports %s: %s", from, to, o.reason)
				}
			}
		}
	}
}

// excepted is for edges inside a pattern that means a package and what is below it.
func excepted(from, to string) bool {
	return strings.HasPrefix(from, "grupa/internal/store/") && strings.HasPrefix(to, "grupa/internal/store")
}

func TestTheArrowTestSeesAForbiddenEdge(t *testing.T) {
	t.Parallel()
	for _, edge := range [][2]string{
		{"grupa/intake", "gorm.io/gorm"}, {"grupa/calendar", "net/http"}, {"grupa/calendar", "grupa/intake/screen"},
		{"grupa/api", "database/sql"}, {"grupa/group", "grupa/internal/store"}, {"grupa/internal/fault", "grupa/intake"},
	} {
		if !slices.ContainsFunc(arrows, func(a forbidden) bool { return matches(a.from, edge[0]) && matches(a.to, edge[1]) }) {
			t.Errorf("no rule forbids %s to import %s", edge[0], edge[1])
		}
	}
}
