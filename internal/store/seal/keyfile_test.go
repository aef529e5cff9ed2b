package seal_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"grupa/internal/store/seal"
)

func TestAKeyIsMadeOnceAndThenRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys", "grupa.key")
	if _, err := seal.Read(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	key, made, err := seal.ReadOrMake(path)
	if err != nil || !made || len(key) != seal.KeySize || bytes.Equal(key, make([]byte, seal.KeySize)) {
		t.Fatalf("%d octets, made %v: %v", len(key), made, err)
	}
	again, made, err := seal.ReadOrMake(path)
	if err != nil || made || !bytes.Equal(again, key) {
		t.Errorf("the second time: made %v, the same %v: %v", made, bytes.Equal(again, key), err)
	}
	for name, want := range map[string]fs.FileMode{path: 0o600, filepath.Dir(path): 0o700 | fs.ModeDir} {
		info, err := os.Stat(name)
		if err != nil || info.Mode() != want {
			t.Errorf("%s has mode %v: %v", name, info.Mode(), err)
		}
	}
}

func TestAKeyFileThatOthersCanReadOrThatHoldsNoKeyIsRefused(t *testing.T) {
	t.Parallel()
	good := "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=\n"
	for what, file := range map[string]struct {
		text string
		mode fs.FileMode
	}{
		"the group can read it": {good, 0o640}, "others can read it": {good, 0o604}, "empty": {"", 0o600},
		"not base 64": {"!!!", 0o600}, "too short": {"AQID\n", 0o600}, "two keys": {good + good, 0o600},
	} {
		path := filepath.Join(t.TempDir(), "grupa.key")
		if err := os.WriteFile(path, []byte(file.text), file.mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, file.mode); err != nil { // whatever the umask is
			t.Fatal(err)
		}
		if key, made, err := seal.ReadOrMake(path); err == nil || made || key != nil {
			t.Errorf("%s: taken", what)
		}
		if left, _ := os.ReadFile(path); string(left) != file.text {
			t.Errorf("%s: the file was overwritten", what)
		}
	}
}
