package pgrun_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"grupa/internal/store/pgrun"
)

func TestAFolderWithHalfOfAServerIsPassedOver(t *testing.T) {
	t.Parallel()
	binaries := func(mode os.FileMode, names ...string) string {
		dir := t.TempDir()
		for _, name := range names {
			noError(t, os.WriteFile(filepath.Join(dir, name), nil, mode))
		}
		return dir
	}
	half, dead := binaries(0o755, "postgres"), binaries(0o644, "postgres", "initdb")
	whole := binaries(0o755, "postgres", "initdb")
	got, err := pgrun.FindIn([]string{"/nowhere", half, dead, whole})
	if got != whole || err != nil {
		t.Errorf("found %q, %v", got, err)
	}
	if got, err := pgrun.FindIn([]string{half, dead}); !errors.Is(err, pgrun.ErrNotFound) {
		t.Errorf("found %q, %v where there is none", got, err)
	}
}

func TestTheNewestServerIsTakenFirst(t *testing.T) {
	t.Parallel()
	got := pgrun.NewestFirst([]string{"/p/10/bin", "/p/9/bin", "/p/odd/bin", "/p/15/bin"})
	if want := []string{"/p/15/bin", "/p/10/bin", "/p/9/bin", "/p/odd/bin"}; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}
