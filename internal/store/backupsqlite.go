package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
)

// backupPages is how much is copied between two looks at the context: 8 MB of pages of 4 kB.
const backupPages = 2000

// fromSQLite copies the pages of one snapshot, with SQLite's own backup. Its reader neither waits for the writer nor
// keeps it waiting. The rows are counted in the snapshot itself, not in the copy. They get no checksums: pages are
// copied as they are, and the sum over the whole file says more of them, for a fraction of the time, than one over the
// rows would.
//
// The copy lies beside the database, so that on no other disk there is ever a copy in clear.
func (s *snapshot) fromSQLite(ctx context.Context, path string) (err error) {
	from, err := openCopy(ctx, path, "mode", "rw", "_query_only", "true")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.close()) }()
	if err := from.exec("BEGIN"); err != nil {
		return err
	}
	if err := s.look(ctx, from); err != nil { // the snapshot is as old as its first reading
		return err
	}
	size, err := from.number(ctx, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
	if err != nil {
		return err
	}
	if err := enoughSpace(filepath.Dir(path), size); err != nil {
		return err
	}
	to, err := s.nameless(ctx, filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(copyPages(ctx, to, from), to.close())
}

// look notes what the manifest tells of the snapshot.
func (s *snapshot) look(ctx context.Context, from copyFile) error {
	tables, err := from.tables(ctx)
	if err != nil {
		return err
	}
	if s.manifest.Tables, err = from.counts(ctx, tables); err != nil {
		return err
	}
	if s.manifest.Schema, err = from.schema(ctx); err != nil {
		return err
	}
	s.manifest.Audit, err = from.head(ctx)
	return err
}

// nameless makes the file of the copy and takes its name away once it is open. It needs neither a journal nor to be on
// disk: if this process does not come to its end, the file is gone with it.
func (s *snapshot) nameless(ctx context.Context, folder string) (copyFile, error) {
	file, err := os.CreateTemp(folder, "grupa-backup-*")
	if err != nil {
		return copyFile{}, err
	}
	s.file = file
	to, err := openCopy(ctx, file.Name(), "_journal_mode", "OFF", "_synchronous", "OFF")
	if removed := os.Remove(file.Name()); err == nil && removed != nil {
		err = errors.Join(removed, to.close())
	}
	return to, err
}

func copyPages(ctx context.Context, to, from copyFile) error {
	b, err := to.c.Backup("main", from.c, "main")
	if err != nil {
		return err
	}
	for {
		done, err := b.Step(backupPages)
		if err == nil && !done {
			err = ctx.Err()
		}
		if done || err != nil {
			return errors.Join(err, b.Finish())
		}
	}
}
