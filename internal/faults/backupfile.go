package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"grupa/internal/bench/rig"
)

// The file of a backup is a line that says what it is, a line of JSON, and then the database of the snapshot as SQLite
// keeps it, whichever engine it comes from. That is read here once more, by other code than the server's.

// unwrap puts the snapshot in a backup into an empty place.
func unwrap(file string, place rig.Place) (err error) {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it was only read
	lines := bufio.NewReader(in)
	var manifest struct{ Size int64 }
	for n := range 2 {
		line, err := lines.ReadBytes('\n')
		if err == nil && n == 1 {
			err = json.Unmarshal(line, &manifest)
		}
		if err != nil {
			return fmt.Errorf("the backup begins otherwise than it should: %w", err)
		}
	}
	if err := os.MkdirAll(place.Data(), 0o700); err != nil {
		return err
	}
	out, err := os.Create(databaseOf(place))
	if err != nil {
		return err
	}
	_, err = io.CopyN(out, lines, manifest.Size)
	return errors.Join(err, out.Close())
}

// compare holds each table of a restored installation against the backup, row by row.
func (d *drills) compare(ctx context.Context, r *Result, file string, restored *house) (err error) {
	snapshot, err := d.contentIn(ctx, file)
	if err != nil {
		return err
	}
	var now content
	if len(restored.args) == 0 {
		now, err = contentOf(ctx, restored.place, nil)
	} else { // another backup brings it to where rows can be compared
		again := fmt.Sprintf("%s.again-%d", file, rand.Uint64())
		if err = restored.run(ctx, "backup", again); err == nil {
			now, err = d.contentIn(ctx, again)
		}
	}
	if err != nil {
		return err
	}
	// The restore leaves its own row in the trail, and so does the second backup: the trail grows, and ends elsewhere.
	delete(snapshot.tables, "audit_head")
	if err := missing(snapshot.tables, now.tables); err != nil {
		r.corrupt(fmt.Errorf("not all of the backup is there: %w", err))
	}
	maps.DeleteFunc(now.tables, func(name string, _ table) bool { return strings.HasPrefix(name, "audit") })
	if err := missing(now.tables, snapshot.tables); err != nil {
		r.corrupt(fmt.Errorf("there is more than in the backup: %w", err))
	}
	return nil
}

// change changes a row for a moment, which must be seen.
func (d *drills) change(ctx context.Context, file string, restored *house) error {
	if err := restored.tell(ctx, `UPDATE programme SET created_at = created_at + 1`); err != nil {
		return err
	}
	var r Result
	if err := d.compare(ctx, &r, file, restored); err != nil {
		return err
	}
	d.changed.add(r.Corrupt > 0)
	return restored.tell(ctx, `UPDATE programme SET created_at = created_at - 1`)
}

// contentIn reads the snapshot in a backup.
func (d *drills) contentIn(ctx context.Context, file string) (c content, err error) {
	place, err := d.bench.Place()
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, place.Remove()) }()
	if err := unwrap(file, place); err != nil {
		return c, err
	}
	return contentOf(ctx, place, nil)
}

// damage flips an octet of a backup, and cuts it short, and tries to restore each: nothing may be there afterwards.
func (d *drills) damage(ctx context.Context, key rig.Place, file string) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	at := func(spoil func(*os.File, int64) error) func(*os.File) error {
		return func(f *os.File) error { return spoil(f, rand.N(info.Size())) }
	}
	if err := d.refused(ctx, key, d.flipped, file, at(flip)); err != nil {
		return err
	}
	return d.refused(ctx, key, d.cut, file, at((*os.File).Truncate))
}

// flip changes one bit of an octet.
func flip(f *os.File, at int64) error {
	var octet [1]byte
	if _, err := f.ReadAt(octet[:], at); err != nil {
		return err
	}
	octet[0] ^= 1 << rand.N(8)
	_, err := f.WriteAt(octet[:], at)
	return err
}

// refused restores a spoilt copy, which must fail and leave nothing.
func (d *drills) refused(
	ctx context.Context, key rig.Place, c *Control, file string, spoil func(*os.File) error,
) error {
	spoilt := file + ".spoilt"
	defer func() { _ = os.Remove(spoilt) }() // its folder goes too
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := os.WriteFile(spoilt, raw, 0o600); err != nil {
		return err
	}
	f, err := os.OpenFile(spoilt, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(spoil(f), f.Close()); err != nil {
		return err
	}
	h, err := d.fresh(ctx, key, false)
	if err != nil {
		return err
	}
	failed := h.restore(ctx, spoilt)
	left, err := filepath.Glob(filepath.Join(h.place.Data(), "*"))
	c.add(failed != nil && len(left) == 0)
	return errors.Join(err, h.place.Remove(), ctx.Err())
}
