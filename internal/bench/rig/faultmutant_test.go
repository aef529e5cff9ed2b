package rig

import (
	"os"
	"path/filepath"
	"testing"
)

// module is a folder with a few files in it.
func module(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestAChangeThatIsNotOfOnePlaceIsNotMade(t *testing.T) {
	t.Parallel()
	root := module(t, map[string]string{
		"store/a.go": "one two two", "store/b.go": "one", "store/b_test.go": "three",
		"steps/1.sql": "up", "steps/2.sql": "down",
	})
	for _, c := range []Change{
		{"store", "one", "x"}, {"store", "two", "x"}, {"store", "three", "x"}, {"store", "four", "x"},
		{"steps/*.sql", "up", "x"}, {"nowhere", "one", "x"},
	} {
		if _, err := writeOverlay(root, t.TempDir(), []Change{c}); err == nil {
			t.Errorf("%+v was made", c)
		}
	}
}

func TestChangesOfOneFileAreMadeTogether(t *testing.T) {
	t.Parallel()
	root := module(t, map[string]string{"store/a.go": "one two three", "steps/1.sql": "up", "steps/2.sql": "up"})
	changed := map[string]string{}
	for _, c := range []Change{{"store", "one", "1"}, {"store", "three", "3"}, {"steps/*.sql", "up", "down"}} {
		if err := c.apply(root, changed); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]string{
		filepath.Join(root, "store", "a.go"): "1 two 3", filepath.Join(root, "steps", "2.sql"): "down",
	}
	for path, text := range want {
		if changed[path] != text || len(changed) != len(want) {
			t.Errorf("%s became %q of %v", path, changed[path], changed)
		}
	}
}
