package rig

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestACopyOfAPlaceIsTheOwnersAlone(t *testing.T) {
	t.Parallel()
	bench, err := New(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	from, err := bench.Place()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{from.Database(), from.KeyFile()} {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(file), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	to, err := bench.Copy(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range [][2]string{{from.Database(), to.Database()}, {from.KeyFile(), to.KeyFile()}} {
		raw, err := os.ReadFile(file[1])
		if err != nil || string(raw) != file[0] {
			t.Errorf("%q: %v", raw, err)
		}
		for _, path := range []string{file[1], filepath.Dir(file[1])} {
			info, err := os.Stat(path)
			if err != nil || info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s can be looked into by others: %v %v", path, info.Mode(), err)
			}
		}
	}
	if err := to.Remove(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(from.Database()); err != nil {
		t.Errorf("the first went with its copy: %v", err)
	}
}

func TestEveryApplicantIsOne(t *testing.T) {
	t.Parallel()
	for _, text := range [][]byte{MarkedForm(), MarkedRecord()} {
		a, b := Unmark(text), Unmark(text)
		if bytes.Equal(a, b) || len(a) != len(text) || bytes.Contains(a, []byte(mark)) {
			t.Errorf("%s", a)
		}
	}
}
