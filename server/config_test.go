package main

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fieldComments reads the comments of Config's fields, in order.
func fieldComments(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "config.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var comments []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || spec.Name.Name != "Config" {
			return true
		}
		for _, f := range spec.Type.(*ast.StructType).Fields.List {
			comments = append(comments, strings.TrimSpace(f.Comment.Text()))
		}
		return false
	})
	return comments
}

func TestTheReadmeListsEverySettingAsTheCodeHasIt(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	all, comments := settings(&Config{}), fieldComments(t)
	if len(all) != len(comments) {
		t.Fatalf("%d settings for %d fields", len(all), len(comments))
	}
	for n, s := range all {
		deflt := s.deflt
		if deflt != "" {
			deflt = "`" + deflt + "`"
		}
		variable := "`" + s.env() + "`"
		if s.kind == secret {
			variable += " or `" + s.fileEnv() + "`"
		}
		row := "| `--" + s.flag + "` | " + variable + " | " + deflt + " | " + comments[n] + " |\n"
		if !strings.Contains(string(readme), row) {
			t.Errorf("the README lacks the line\n%s", row)
		}
	}
}

func TestASettingThatCannotBeTakenStopsTheStartWithASentence(t *testing.T) {
	t.Parallel()
	none := func(string) (string, bool) { return "", false }
	for _, c := range []struct{ args, says string }{
		{"--listen nowhere", "127.0.0.1:8080"},
		{"--public-url ftp://x", "https://"},
		{"--public-url https://x/", "slash"},
		{"--language de", "en, pl, lv or fa"},
		{"--time-zone Local", "Europe/Warsaw"},
		{"--time-zone Mars/Olympus", "Europe/Warsaw"},
		{"--log-level loud", "debug, info"},
		{"--metrics-listen 9464", "127.0.0.1:9464"},
		{"--metrics-listen :9464", "127.0.0.1:9464"},
		{"--metrics-listen 127.0.0.1:99999", "for metrics"},
		{"--drain soon", "60s"},
		{"--drain -1s", "60s"},
		{"--drain 2m", "60s"},
		{"--data d --key-file d/k", "inside --data"},
		{"--data d --key-file d", "inside --data"},
		{"--nothing x", "--help"},
		{"walk", "--help"},
		{"serve twice", "too many"},
		{"person add", "person add EMAIL"},
		{"person disable", "person disable EMAIL"},
		{"--time-zone Factory", "Europe/Warsaw"},
		{"--time-zone posix/Europe/Warsaw", "Europe/Warsaw"},
		{"token add x@example.org", "token add EMAIL"},
		{"contacts confirm", "contacts confirm"},
		{"--listen 0.0.0.0:0", "contacts confirm"},
	} {
		t.Run(c.args, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			args := strings.Fields(c.args)
			if !strings.Contains(c.args, "--data") && !strings.HasPrefix(c.args, "walk") {
				args = append(args, "--data", filepath.Join(folder, "data"), "--key-file", filepath.Join(folder, "key"),
					"--help-contacts", filepath.Join(folder, "help"))
			}
			var out, errOut strings.Builder
			if code := run(t.Context(), args, none, &out, &errOut); code == 0 {
				t.Fatalf("it started: %s", out.String())
			}
			if !strings.Contains(errOut.String(), c.says) {
				t.Errorf("it says %q, without %q", errOut.String(), c.says)
			}
		})
	}
}

func TestOnlyAServerThatKnowsItsAddressListensToOthers(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.run("contacts", "confirm", "--by", "Kora Kowalska")
	if out, err := p.try("serve", "--listen", "0.0.0.0:0"); err == nil || !strings.Contains(out, "--public-url") {
		t.Errorf("%v %s", err, out)
	}
}

func TestAFlagWinsOverItsVariable(t *testing.T) {
	t.Parallel()
	env := func(key string) (string, bool) {
		return map[string]string{"GRUPA_LANGUAGE": "pl", "GRUPA_TIME_ZONE": "Europe/Riga"}[key],
			key == "GRUPA_LANGUAGE" || key == "GRUPA_TIME_ZONE"
	}
	c, _, _, err := readConfig("serve", []string{"--language", "lv"}, env)
	if err != nil || c.Language != "lv" || c.TimeZone != "Europe/Riga" || c.Listen != "127.0.0.1:8080" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestConfirmedContactsLetTheServerListenToOthers(t *testing.T) {
	t.Parallel()
	p := &program{}
	p.HelpFolder = filepath.Join(t.TempDir(), "help")
	p.out, p.err = &strings.Builder{}, &strings.Builder{}
	before, err := p.helpContacts()
	if err != nil || before.confirmed() {
		t.Fatalf("the defaults count as confirmed: %v", err)
	}
	p.opts.by = "Kora Kowalska"
	if err := contactsConfirm(context.Background(), p); err != nil {
		t.Fatal(err)
	}
	after, err := p.helpContacts()
	if err != nil || !after.confirmed() {
		t.Fatalf("confirmed contacts do not count: %v", err)
	}
	for lang, h := range after {
		if h.Contacts[0] != before[lang].Contacts[0] || h.CheckedBy != "Kora Kowalska" {
			t.Errorf("%s: %+v", lang, h)
		}
	}
}

func TestAKeyThatIsGoneOrNotThisOnesIsNoticedAtTheStart(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.run("migrate")
	key := filepath.Join(p.folder, "keys", "grupa.key")
	good, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	if out, err := p.try("migrate"); err == nil || !strings.Contains(out, "put back your copy") {
		t.Errorf("without its key: %v %s", err, out)
	}
	other := strings.Replace(string(good), string(good[:4]), "AAAA", 1)
	if err := os.WriteFile(key, []byte(other), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := p.try("migrate"); err == nil || !strings.Contains(out, "put back the right one") {
		t.Errorf("with another key: %v %s", err, out)
	}
	if err := os.WriteFile(key, good, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := p.try("migrate"); err == nil || !strings.Contains(out, "chmod 600") {
		t.Errorf("with a key that others can read: %v %s", err, out)
	}
	if err := os.Chmod(key, 0o600); err != nil {
		t.Fatal(err)
	}
	if out := p.run("check"); !strings.Contains(out, "all well") {
		t.Error(out)
	}
}
