package main

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"slices"

	"grupa/internal/bench/rig"
)

// treePages are the first octets of SQLite's pages that are part of a table or an index (fileformat2, section 1.6).
// Free pages begin with zeros here: what is deleted is overwritten.
var treePages = []byte{2, 5, 10, 13}

// damage overwrites the head of a page that is in use, as a disk may. No program may run on the place.
func damage(place rig.Place) (err error) {
	path := databaseOf(place)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var head [100]byte
	if _, err := f.ReadAt(head[:], 0); err != nil {
		return err
	}
	size := int64(binary.BigEndian.Uint16(head[16:]))
	info, err := f.Stat()
	if err != nil {
		return err
	}
	pages := mathrand.Perm(int(info.Size() / size))
	for _, n := range pages {
		var first [1]byte
		if _, err := f.ReadAt(first[:], int64(n)*size); err != nil {
			return err
		}
		if n == 0 || !slices.Contains(treePages, first[0]) {
			continue
		}
		noise := make([]byte, 64)
		_, _ = rand.Read(noise) // never fails
		noise[0] = 0xff         // no page begins like this
		_, err := f.WriteAt(noise, int64(n)*size)
		return err
	}
	return fmt.Errorf("%s has no page in use", path)
}
