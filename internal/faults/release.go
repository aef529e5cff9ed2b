package main

import (
	"compress/gzip"
	"embed"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"grupa/internal/bench/rig"
)

// releasedFiles has, for each schema that was ever released, a database filled by the last program that had it, and the
// key of that. The people in it are made up. They are added to with each release that changes the schema, and never
// changed: run that release's server demo, kill it, let its server check fold the log, and pack data/grupa.db.
//
//go:embed testdata/*.db.gz testdata/*.key
var releasedFiles embed.FS

// releases are the names of the released schemas: v1 and so on.
func releases() (names []string, err error) {
	files, err := fs.Glob(releasedFiles, "testdata/*.db.gz")
	if len(files) == 0 {
		return nil, errors.Join(errors.New("there is no released database"), err)
	}
	for _, f := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(f), ".db.gz"))
	}
	return names, err
}

// unpack puts a released database and its key into an empty place.
func unpack(release string, place rig.Place) (err error) {
	key, err := releasedFiles.ReadFile("testdata/" + release + ".key")
	if err != nil {
		return err
	}
	for _, folder := range []string{place.Data(), filepath.Dir(place.KeyFile())} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
	}
	if err := os.WriteFile(place.KeyFile(), key, 0o600); err != nil {
		return err
	}
	packed, err := releasedFiles.Open("testdata/" + release + ".db.gz")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, packed.Close()) }()
	database, err := gzip.NewReader(packed)
	if err != nil {
		return err
	}
	to, err := os.OpenFile(databaseOf(place), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, database)
	return errors.Join(err, to.Close(), database.Close())
}

func databaseOf(place rig.Place) string { return filepath.Join(place.Data(), "grupa.db") }
