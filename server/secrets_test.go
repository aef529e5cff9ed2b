package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const canaryPassword = "canary-password"

// with is an environment of these variables.
func with(pairs ...string) lookup {
	return func(key string) (string, bool) {
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == key {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

func written(t *testing.T, text string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestASecretMayStandInAFile(t *testing.T) {
	t.Parallel()
	const url = "postgres://grupa:" + canaryPassword + "@localhost/grupa"
	env := with("GRUPA_DATABASE_URL_FILE", written(t, url+"\r\n"))
	c, _, _, err := readConfig("serve", nil, env)
	if err != nil || c.DatabaseURL != url {
		t.Errorf("from the file: %q, %v", c.DatabaseURL, err)
	}
	c, _, _, err = readConfig("serve", []string{"--database-url", "postgres:///other"}, env)
	if err != nil || c.DatabaseURL != "postgres:///other" {
		t.Errorf("a flag beside the file: %q, %v", c.DatabaseURL, err)
	}
}

func TestOnlySecretsMayStandInFiles(t *testing.T) {
	t.Parallel()
	c, _, _, err := readConfig("serve", nil, with("GRUPA_LANGUAGE_FILE", written(t, "pl")))
	if err != nil || c.Language != "en" {
		t.Errorf("%q, %v", c.Language, err)
	}
	p := newProcess(t)
	p.settings = []string{"GRUPA_LANGUAGE_FILE=x"}
	if out, err := p.try("migrate"); err == nil || !strings.Contains(out, "no setting GRUPA_LANGUAGE_FILE") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestWhatIsWrongWithASecretIsSaidWithoutIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		env  lookup
		says string
	}{
		"a flag of another scheme": {[]string{"--database-url", "mysql://u:" + canaryPassword + "@h/d"}, with(), "postgres://"},
		"a flag that is no URL":    {[]string{"--database-url", "postgres://u:" + canaryPassword + "%zz@h/d"}, with(), "postgres://"},
		"a flag with a bad port":   {[]string{"--database-url", "postgres://u:" + canaryPassword + "@h:port/d"}, with(), "postgres://"},
		"no name of a database":    {nil, with("GRUPA_DATABASE_URL", "postgres://u:"+canaryPassword+"@h/"), "GRUPA_DATABASE_URL"},
		"in a file":                {nil, with("GRUPA_DATABASE_URL_FILE", written(t, canaryPassword)), "GRUPA_DATABASE_URL"},
		"in two lines of a file":   {nil, with("GRUPA_DATABASE_URL_FILE", written(t, canaryPassword+"\n"+canaryPassword)), "GRUPA_DATABASE_URL"},
		"in both places": {nil, with("GRUPA_DATABASE_URL", canaryPassword, "GRUPA_DATABASE_URL_FILE", "x"),
			"both set"},
		"in a file that is not there": {nil, with("GRUPA_DATABASE_URL_FILE", filepath.Join(t.TempDir(), "none")),
			"GRUPA_DATABASE_URL_FILE"},
		"in a file of something else": {nil, with("GRUPA_DATABASE_URL_FILE",
			written(t, strings.Repeat(canaryPassword, mostSecret))), "too large"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out, errOut strings.Builder
			if code := run(t.Context(), c.args, c.env, &out, &errOut); code == 0 {
				t.Fatalf("it started: %s", out.String())
			}
			said := out.String() + errOut.String()
			if !strings.Contains(said, c.says) {
				t.Errorf("it says %q, without %q", said, c.says)
			}
			if strings.Contains(said, canaryPassword) {
				t.Errorf("it says the secret: %s", said)
			}
		})
	}
}

func TestADatabaseThatCannotBeReachedIsSaidWithoutItsPassword(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.settings = []string{"GRUPA_DATABASE_URL=postgresql://grupa:" + canaryPassword + "@127.0.0.1:1/grupa"}
	for _, command := range []string{"serve", "migrate", "check"} {
		out, err := p.try(command)
		if err == nil || !strings.Contains(out, "can't be reached") || strings.Contains(out, canaryPassword) {
			t.Errorf("%s: %v: %s", command, err, out)
		}
	}
	if left, err := filepath.Glob(filepath.Join(p.folder, "*")); err != nil || len(left) != 1 {
		t.Errorf("it left behind %v, %v", left, err)
	}
}
