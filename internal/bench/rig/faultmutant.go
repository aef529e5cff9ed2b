package rig

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Change replaces one text of the module. Files is a pattern of folders and files, of which the last one in order
// counts; the text must stand in it exactly once, tests left out.
type Change struct{ Files, Old, New string }

// Mutant gives a bench inside this one whose program was built with changes: the real program with a fault put in.
// Nothing in the module is touched. It goes when this bench is removed.
func (b *Bench) Mutant(ctx context.Context, program string, changes ...Change) (*Bench, error) {
	dir, err := os.MkdirTemp(b.dir, "mutant-")
	if err != nil {
		return nil, err
	}
	root, err := moduleOf(ctx, program)
	if err != nil {
		return nil, err
	}
	overlay, err := writeOverlay(root, dir, changes)
	if err != nil {
		return nil, err
	}
	m := &Bench{dir: dir, built: map[string]bool{program: true}}
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-overlay", overlay,
		"-o", m.Binary(program), program)
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build %s with changes: %w: %s", program, err, out)
	}
	return m, nil
}

// writeOverlay writes the changed files below dir and gives the file that tells the compiler about them.
func writeOverlay(root, dir string, changes []Change) (string, error) {
	changed := map[string]string{} // the texts of files, by path
	for _, c := range changes {
		if err := c.apply(root, changed); err != nil {
			return "", err
		}
	}
	var overlay struct{ Replace map[string]string }
	overlay.Replace = map[string]string{}
	for path, text := range changed {
		to := filepath.Join(dir, fmt.Sprintf("%d-%s", len(overlay.Replace), filepath.Base(path)))
		if err := os.WriteFile(to, []byte(text), 0o600); err != nil {
			return "", err
		}
		overlay.Replace[path] = to
	}
	raw, err := json.Marshal(overlay)
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "overlay.json")
	return file, os.WriteFile(file, raw, 0o600)
}

// apply finds the one file that has the text, and puts what it becomes into changed.
func (c Change) apply(root string, changed map[string]string) error {
	found, err := filepath.Glob(filepath.Join(root, c.Files))
	if err != nil || len(found) == 0 {
		return errors.Join(fmt.Errorf("there is no %s", c.Files), err)
	}
	places, path := 0, ""
	err = filepath.WalkDir(found[len(found)-1], func(at string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(at, "_test.go") {
			return err
		}
		if _, ok := changed[at]; !ok {
			raw, err := os.ReadFile(at)
			if err != nil {
				return err
			}
			if !strings.Contains(string(raw), c.Old) {
				return nil
			}
			changed[at] = string(raw)
		}
		if n := strings.Count(changed[at], c.Old); n > 0 {
			places, path = places+n, at
		}
		return nil
	})
	if err == nil && places != 1 {
		err = errors.New("it should stand there once")
	}
	if err != nil {
		return fmt.Errorf("%s has the text %q %d times: %w", c.Files, c.Old, places, err)
	}
	changed[path] = strings.Replace(changed[path], c.Old, c.New, 1)
	return nil
}
