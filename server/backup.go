package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"grupa/internal/store"
	"grupa/internal/store/seal"
)

// onStdio is the file name that means standard output or input.
const onStdio = "-"

// backup writes a copy of everything but the key, whether the server runs or not.
func backup(ctx context.Context, p *program) error {
	if len(p.args) != 1 {
		return errors.New("write: backup FILE, or backup - for standard output")
	}
	db, err := p.existing(ctx)
	if err != nil {
		return err
	}
	began, to := time.Now(), p.args[0]
	var m store.Manifest
	if to == onStdio {
		m, err = db.Backup(ctx, p.out, p.Recipient)
		to, p.out = "standard output", p.err
	} else {
		m, err = db.BackupFile(ctx, to, p.Recipient)
	}
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	p.printf("Backup %s is in %s: %s.\n", m.ID, to, measured(m, began))
	if p.Recipient == "" {
		p.printf("It is not encrypted. Answers, names and contact data are sealed in it as they are in the database; states, " +
			"languages and times can be read. Set --backup-recipient to have it encrypted.\n")
	} else {
		p.printf("It is encrypted. Only the identity of --backup-recipient opens it: keep that away from this machine.\n")
	}
	p.printf("The key %s is not in it, and without that nobody can read the answers: keep a copy of the key, apart from "+
		"the backups.\n", p.KeyFile)
	return nil
}

// restore puts a backup where there is no database yet, and says what it verified.
func restore(ctx context.Context, p *program) error {
	if len(p.args) != 1 {
		return errors.New("write: restore FILE, or restore - for standard input [--backup-identity FILE]")
	}
	keyring, err := p.keyOfBackup()
	if err != nil {
		return err
	}
	identities, err := p.identities()
	if err != nil {
		return err
	}
	from, err := p.source()
	if err != nil {
		return err
	}
	began := time.Now()
	m, err := p.restoreInto(ctx, keyring, from, identities)
	if err := errors.Join(err, from.Close()); err != nil {
		return err
	}
	p.printf("Restored backup %s, made at %s: %s.\n", m.ID, m.MadeAt.Format(time.RFC3339), measured(m, began))
	p.printf("Verified: its sum, the rows of each table, references, the audit trail and the keys of all people.\n")
	p.printf("Whatever was taken away or erased after it was made is back: take roles, tokens and feed addresses away " +
		"again before you start the server.\n")
	return nil
}

// restoreInto leaves no folder behind that was not there before.
func (p *program) restoreInto(ctx context.Context, keyring *seal.Keyring, from io.Reader, identities string) (
	m store.Manifest, err error) {
	_, missing := os.Stat(p.Data)
	if err := p.folder(); err != nil {
		return m, err
	}
	m, err = store.Restore(ctx, store.Config{
		Database: p.database(), Sealing: keyring, Now: time.Now, Log: p.logger(),
	}, from, identities)
	if err != nil && errors.Is(missing, fs.ErrNotExist) && p.DatabaseURL == "" {
		_ = os.Remove(p.Data) // only if it is empty
	}
	return m, err
}

// existing opens a database that is there and has this version's schema, and puts nothing into it.
func (p *program) existing(ctx context.Context) (*store.DB, error) {
	installed, err := store.Installed(ctx, p.database())
	if err != nil {
		return nil, err
	}
	if !installed {
		return nil, fmt.Errorf("there is no database %s: say --data or --database-url", p.place())
	}
	ok, err := store.Migrated(ctx, p.database())
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, errors.New("the schema is of an older version: use that version, or run server migrate first")
	}
	keyring, _, err := p.prepare(ctx)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, store.Config{
		Database: p.database(), Sealing: keyring, Now: time.Now, Log: p.logger(),
	})
	if err != nil {
		return nil, err
	}
	if err := db.Install(ctx, p.Language, p.TimeZone); err != nil { // it is installed: this refuses a wrong key
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// keyOfBackup never makes a key: a new one opens no backup.
func (p *program) keyOfBackup() (*seal.Keyring, error) {
	key, err := seal.Read(p.KeyFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no key file %s: put back your copy of the key first, it is not in the backup",
			p.KeyFile)
	}
	if err != nil {
		return nil, err
	}
	return seal.New(key)
}

func (p *program) identities() (string, error) {
	if p.opts.identity == "" {
		return "", nil
	}
	lines, err := os.ReadFile(p.opts.identity)
	return string(lines), err
}

func (p *program) source() (io.ReadCloser, error) {
	if p.args[0] == onStdio {
		return os.Stdin, nil
	}
	return os.Open(p.args[0])
}

func measured(m store.Manifest, began time.Time) string {
	return fmt.Sprintf("%d rows, %.1f MB, in %.1f s", m.Rows(), float64(m.Size)/1e6, time.Since(began).Seconds())
}
