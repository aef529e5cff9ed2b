package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"grupa/internal/account"
)

// Backup writes a backup of one snapshot to w, encrypted to the age recipients if there are any. It holds all that was
// acknowledged before it began. Nothing waits for it: SQLite reads its snapshot on a connection of its own, PostgreSQL
// in a transaction that only reads.
//
// A backup never holds the installation's key: what is sealed in the database is sealed in it.
func (db *DB) Backup(ctx context.Context, w io.Writer, recipients string) (Manifest, error) {
	s, err := db.snapshot(ctx)
	if err != nil {
		return Manifest{}, err
	}
	return s.manifest, errors.Join(s.write(ctx, w, recipients), s.close())
}

// BackupFile writes a backup to a file that is not there yet. Under that name there is either nothing or a whole backup
// that is on disk.
func (db *DB) BackupFile(ctx context.Context, path, recipients string) (m Manifest, err error) {
	if err := absent(path); err != nil {
		return m, err
	}
	s, err := db.snapshot(ctx)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if err := enoughSpace(filepath.Dir(path), s.manifest.Size); err != nil {
		return m, err
	}
	part, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".part-*")
	if err != nil {
		return m, err
	}
	err = s.write(ctx, &steadyFile{File: part}, recipients)
	err = errors.Join(err, part.Sync(), part.Close())
	if err == nil {
		err = placeFile(part.Name(), path)
	}
	if err != nil {
		return m, errors.Join(err, os.Remove(part.Name()))
	}
	return s.manifest, nil
}

// snapshot is a copy of the database as an SQLite file that has no name any more: whatever ends this process, no copy
// of everything is left behind.
type snapshot struct {
	file     *os.File
	manifest Manifest
}

// snapshot leaves its audit row before it reads anything, so that no copy is made of which the trail does not know, and
// the copy knows of itself.
func (db *DB) snapshot(ctx context.Context) (s *snapshot, err error) {
	m := Manifest{ID: account.NewID(), MadeAt: db.now()}
	err = db.Update(ctx, account.Machine(), func(tx *Tx) error {
		tx.Audit("backup.make", m.ID)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := db.ChainAudit(ctx); err != nil {
		return nil, err
	}
	s = &snapshot{manifest: m}
	if IsPostgres(db.cfg.Database) {
		s.manifest.Engine = "postgres"
		err = s.fromPostgres(ctx, db.cfg.Database)
	} else {
		s.manifest.Engine = "sqlite"
		err = s.fromSQLite(ctx, db.cfg.Database)
	}
	if err == nil {
		err = s.measure()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("backup: %w", err), s.close())
	}
	return s, nil
}

func (s *snapshot) measure() error {
	info, err := s.file.Stat()
	if err != nil {
		return err
	}
	s.manifest.Size = info.Size()
	_, err = s.file.Seek(0, io.SeekStart)
	return err
}

func (s *snapshot) write(ctx context.Context, w io.Writer, recipients string) error {
	return writeBackup(w, recipients, s.manifest, untilDone{ctx, s.file})
}

func (s *snapshot) close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}

// untilDone reads until the context ends.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

// Read implements io.Reader.
func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}
