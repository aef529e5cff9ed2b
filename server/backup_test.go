package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	filippo "filippo.io/age"

	"grupa/internal/store/storetest"
)

// identity makes an age identity and the file that age-keygen would make.
func (p *process) identity() (recipient, file string) {
	p.t.Helper()
	i, err := filippo.GenerateX25519Identity()
	if err != nil {
		p.t.Fatal(err)
	}
	file = filepath.Join(p.t.TempDir(), "backup.key")
	lines := fmt.Sprintf("# public key: %s\n%s\n", i.Recipient(), i)
	if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return i.Recipient().String(), file
}

// applications counts what a coordinator sees at a server.
func (p *process) applications(token string) int {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), "GET", p.url+"/api/v1/applications", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var body bytes.Buffer
	if _, err := body.ReadFrom(resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		p.t.Fatalf("%d %v %s", resp.StatusCode, err, body.String())
	}
	return strings.Count(body.String(), `"reference"`)
}

func (p *process) apply(form string) {
	p.t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", form))
	if err != nil {
		p.t.Fatal(err)
	}
	resp, err := http.Post(p.url+"/api/v1/applications", "application/json", bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusCreated {
		p.t.Fatal(resp.Status)
	}
}

func TestABackupOfARunningServerIsServedAfterItsRestore(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	recipient, identity := p.identity()
	_, token := p.staff("c@example.org", "coordinator")
	p.start()
	p.apply("application-fa.json")
	said := p.run("backup", "g.backup", "--backup-recipient", recipient)
	for _, word := range []string{"g.backup", "encrypted", "keys/grupa.key"} {
		if !strings.Contains(said, word) {
			t.Errorf("it does not speak of %s: %s", word, said)
		}
	}
	p.apply("application-fa.json") // which comes too late
	p.stop()
	said = p.run("restore", "g.backup", "--backup-identity", identity, "--data", "other")
	if !strings.Contains(said, "Verified") {
		t.Error(said)
	}
	p.run("check", "--data", "other")
	p.start("--data", "other")
	if n := p.applications(token); n != 1 {
		t.Errorf("%d applications", n)
	}
	p.stop()
}

func TestABackupGoesThroughAPipe(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.staff("c@example.org", "coordinator")
	pipe := exec.CommandContext(t.Context(), "sh", "-c", `"$0" backup - | "$0" restore - --data other`, p.path)
	pipe.Dir, pipe.Env = p.folder, p.env()
	out, err := pipe.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "standard output") || !strings.Contains(string(out), "Verified") {
		t.Fatalf("%v: %s", err, out)
	}
	p.run("check", "--data", "other")
}

func TestABackupMovesAnInstallationToPostgreSQL(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	_, token := p.staff("c@example.org", "coordinator")
	p.start()
	p.apply("application-fa.json")
	p.stop()
	p.run("backup", "g.backup")
	url := storetest.Empty(t, storetest.PostgreSQL)
	p.run("restore", "g.backup", "--database-url", url)
	p.start("--database-url", url)
	if n := p.applications(token); n != 1 {
		t.Errorf("%d applications", n)
	}
	p.stop()
	entries, err := os.ReadDir(filepath.Join(p.folder, "tmp"))
	if err != nil || len(entries) > 0 {
		t.Errorf("it left %v in the temporary folder (%v)", entries, err)
	}
}

func TestWhatCannotBeBackedUpOrRestoredIsRefusedInASentenceAndLeavesNothing(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	recipient, identity := p.identity()
	_, other := p.identity()
	p.staff("c@example.org", "coordinator")
	p.run("backup", "plain.backup")
	p.run("backup", "sealed.backup", "--backup-recipient", recipient)
	whole, err := os.ReadFile(filepath.Join(p.folder, "plain.backup"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.folder, "cut.backup"), whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	before := p.files()
	for _, c := range []struct{ args, says string }{
		{"backup", "backup FILE"},
		{"backup a b", "backup FILE"},
		{"backup plain.backup", "plain.backup is there already"},
		{"backup nowhere/x", "nowhere"},
		{"backup x --data other", "no database in other"},
		{"backup x --backup-recipient somebody", "age1"},
		{"backup x --backup-recipient AGE-SECRET-KEY-1QQQ", "public"},
		{"restore", "restore FILE"},
		{"restore plain.backup", "data/grupa.db is there already"},
		{"restore missing.backup --data other", "missing.backup"},
		{"restore cut.backup --data other", "cut short or damaged"},
		{"restore sealed.backup --data other", "--backup-identity"},
		{"restore sealed.backup --data other --backup-identity " + other, "does not open"},
		{"restore sealed.backup --data other --backup-identity plain.backup", "no age identity"},
		{"restore plain.backup --data other --key-file none.key", "put back your copy of the key"},
		{"restore " + identity + " --data other", "not a backup"},
	} {
		out, err := p.try(strings.Fields(c.args)...)
		if err == nil || !strings.Contains(out, c.says) || strings.Contains(out, "1QQQ") {
			t.Errorf("%s: %v: %s", c.args, err, out)
		}
		if after := p.files(); after != before {
			t.Errorf("%s: it left\n%s instead of\n%s", c.args, after, before)
		}
	}
}

// files lists all files and folders of the process.
func (p *process) files() string {
	p.t.Helper()
	var names []string
	err := filepath.Walk(p.folder, func(path string, _ os.FileInfo, err error) error {
		names = append(names, path)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return strings.Join(names, "\n")
}

// Not even one that is not encrypted: what people write is sealed in the database, and so in every copy of it.
func TestABackupHoldsNothingThatPeopleWriteInClear(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.start()
	l := &life{t: t, url: p.url, c: newCanaries()}
	_, l.staff = p.staff(l.c["staff"]+"@example.org", "coordinator")
	l.live()
	l.c["receipt"], l.c["feed"], l.c["api token"] = l.receipt, l.feed, l.staff
	p.run("backup", "g.backup")
	p.stop()
	file, err := os.ReadFile(filepath.Join(p.folder, "g.backup"))
	if err != nil || !bytes.Contains(file, []byte("care_group")) {
		t.Fatalf("the backup is not there to be looked into: %v", err)
	}
	for _, f := range scan(t, l.c, []string{filepath.Join(p.folder, "keys")}, map[string]string{"backup": string(file)}) {
		t.Error(f)
	}
}
