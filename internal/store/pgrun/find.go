package pgrun

import (
	"cmp"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// ErrNotFound means that this machine has no PostgreSQL server, or only parts of one.
var ErrNotFound = errors.New("no PostgreSQL server is installed here: " +
	"initdb and postgres are neither in PATH nor in /usr/lib/postgresql/*/bin (on Debian: apt-get install postgresql)")

// Find gives the folder that holds both initdb and postgres: by PATH, by pg_config, then Debian's folders, the newest
// first. PostgreSQL must be 14 or newer.
func Find() (string, error) { return find(candidates()) }

func find(folders []string) (string, error) {
	for _, folder := range folders {
		if executable(filepath.Join(folder, "initdb")) && executable(filepath.Join(folder, "postgres")) {
			return folder, nil
		}
	}
	return "", ErrNotFound
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

func candidates() []string {
	var folders []string
	for _, name := range []string{"postgres", "initdb"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if path, err = filepath.EvalSymlinks(path); err == nil { // a link may stand alone, its target has company
			folders = append(folders, filepath.Dir(path))
		}
	}
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		folders = append(folders, strings.TrimSpace(string(out)))
	}
	installed, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // the pattern is well formed
	return append(folders, newestFirst(installed)...)
}

// newestFirst sorts /usr/lib/postgresql/15/bin by the number in it.
func newestFirst(folders []string) []string {
	major := func(folder string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(folder))) // what is no number comes last
		return n
	}
	slices.SortStableFunc(folders, func(a, b string) int { return cmp.Compare(major(b), major(a)) })
	return folders
}
