package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"grupa/internal/account"
)

// Restore puts a backup, of whichever engine, where there is no database yet, and only after all of it was verified:
// its sum, the rows that it should have, pages, references, the audit chain and the keys. If anything is wrong, nothing
// is there afterwards that was not there before. One of an older schema is brought up to this version's.
//
// identities are the lines of an age identity file, for a backup that is encrypted. What the trail says of the restore
// is in the restored database.
func Restore(ctx context.Context, cfg Config, from io.Reader, identities string) (m Manifest, err error) {
	if err := vacant(ctx, cfg.Database); err != nil {
		return m, err
	}
	// The work is done on the disk where the file will stay, so that its last step is to give it its name.
	parent := ""
	if !IsPostgres(cfg.Database) {
		parent = filepath.Dir(cfg.Database)
	}
	folder, err := os.MkdirTemp(parent, "grupa-restore-")
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, "restored.db")
	if m, err = receive(ctx, from, identities, path); err != nil {
		return m, err
	}
	if err := accept(ctx, path, m); err != nil {
		return m, err
	}
	if err := revive(ctx, cfg, path, m.ID); err != nil {
		return m, err
	}
	if IsPostgres(cfg.Database) {
		return m, fillPostgres(ctx, cfg.Database, path)
	}
	return m, settle(cfg.Database, path)
}

// vacant refuses a place where there is a database, or what is left of one: SQLite would take an orphaned log for the
// new file's own.
func vacant(ctx context.Context, database string) error {
	if IsPostgres(database) {
		return vacantPostgres(ctx, database)
	}
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if err := absent(database + suffix); err != nil {
			return err
		}
	}
	return nil
}

func receive(ctx context.Context, from io.Reader, identities, path string) (m Manifest, err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return m, err
	}
	m, err = readBackup(untilDone{ctx, from}, identities, file)
	if ended := ctx.Err(); err != nil && ended != nil {
		err = ended // and not the fault of the backup
	}
	return m, errors.Join(err, file.Close())
}

// accept holds the file against what its manifest says, before anything is changed in it.
func accept(ctx context.Context, path string, m Manifest) (err error) {
	f, err := openCopy(ctx, path, "mode", "rw")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	version, err := f.schema(ctx)
	if err != nil {
		return damaged(err)
	}
	if version != m.Schema {
		return damaged(errors.New("its schema is not the one that it names"))
	}
	tables, err := f.tables(ctx)
	if err != nil {
		return damaged(err)
	}
	count := f.counts
	if m.Engine != "sqlite" { // then there are checksums, from the other side
		count = f.sums
	}
	got, err := count(ctx, tables)
	if err != nil {
		return damaged(err)
	}
	if err := differ(m.Tables, got); err != nil {
		return damaged(err)
	}
	if head, err := f.head(ctx); err != nil || head != m.Audit {
		return damaged(errors.Join(err, errors.New("its audit chain does not end where it should")))
	}
	return nil
}

// revive makes a database of the file: brings its schema up, verifies it with the installation's key, and has the trail
// say where it comes from.
func revive(ctx context.Context, cfg Config, path, id string) (err error) {
	ok, err := Migrated(ctx, path)
	if errors.Is(err, ErrNewer) {
		return ErrBackupNewer
	}
	if err == nil && !ok {
		err = Migrate(ctx, path)
	}
	if err != nil {
		return err
	}
	cfg.Database = path
	db, err := Open(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.known(ctx); err != nil {
		return err
	}
	if err := db.Check(ctx); err != nil {
		return fmt.Errorf("what is in the backup can't be trusted: %w", err)
	}
	err = db.Update(ctx, account.Machine(), func(tx *Tx) error {
		tx.Audit("backup.restore", id)
		return nil
	})
	if err != nil {
		return err
	}
	return db.ChainAudit(ctx)
}

// known refuses another installation's key with a word that says so, before every person's key is found wrong.
func (db *DB) known(ctx context.Context) error {
	var rows []installationRow
	err := db.View(ctx, account.Machine(), func(tx *Tx) error { return tx.g.Find(&rows).Error })
	if err != nil {
		return err
	}
	if len(rows) != 1 {
		return errors.New("the backup holds no installation: it was made of a database that was never started")
	}
	return db.checkKey(rows[0])
}

// settle gives the verified file its name.
func settle(database, path string) error {
	if _, err := os.Lstat(path + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(err, errors.New("the restored database was not closed"))
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return err
	}
	return placeFile(path, database)
}
