package rig

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Place is the folder of one installation: its data, its key, its log.
type Place struct{ dir string }

// Place makes an empty place.
func (b *Bench) Place() (Place, error) {
	dir, err := os.MkdirTemp(b.dir, "place-")
	return Place{dir}, err
}

// Copy makes another place with the same data and key, open to the owner alone. It is on disk when Copy returns, so
// that nothing is still written behind what is measured. No program may run on the first.
func (b *Bench) Copy(p Place) (Place, error) {
	dir, err := os.MkdirTemp(b.dir, "place-")
	if err != nil {
		return Place{}, err
	}
	err = filepath.WalkDir(p.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(dir, strings.TrimPrefix(path, p.dir))
		if entry.IsDir() {
			return os.MkdirAll(to, 0o700)
		}
		return copyFile(path, to)
	})
	return Place{dir}, err
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it was read to its end, or that failed
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// Remove removes the place. Programs on it must have ended.
func (p Place) Remove() error { return os.RemoveAll(p.dir) }

// Data is the folder of the database.
func (p Place) Data() string { return filepath.Join(p.dir, "data") }

// Database is the file of the database.
func (p Place) Database() string { return filepath.Join(p.Data(), "grupa.db") }

// KeyFile is the file of the installation's key.
func (p Place) KeyFile() string { return filepath.Join(p.dir, "keys", "grupa.key") }

// settings are the flags that keep a program inside the place and on this machine.
func (p Place) settings(program string) []string {
	data := []string{"--data", p.Data()}
	if slices.Contains([]string{Server, StandIn}, program) {
		return append(data, "--key-file", p.KeyFile(), "--help-contacts", filepath.Join(p.dir, "help"))
	}
	return data
}

func (p Place) log() string { return filepath.Join(p.dir, "log") }
