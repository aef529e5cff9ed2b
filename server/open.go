package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"grupa/internal/store"
	"grupa/internal/store/seal"
)

const databaseFile = "grupa.db"

// database is what the store opens: PostgreSQL by its URL, else the file of SQLite.
func (p *program) database() string {
	if p.DatabaseURL != "" {
		return p.DatabaseURL
	}
	return filepath.Join(p.Data, databaseFile)
}

// place says for people where the database is. A URL may hold a password, so it is not repeated.
func (p *program) place() string {
	if p.DatabaseURL != "" {
		return "at --database-url"
	}
	return "in " + p.Data
}

func (p *program) logger() *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(p.LogLevel)) // checked with the settings
	return slog.New(slog.NewJSONHandler(p.err, &slog.HandlerOptions{Level: level}))
}

// open makes or opens everything that is stored: folder, key, database, schema, programme and catalogue. Every start
// does it, so a fresh place needs no step of its own.
func (p *program) open(ctx context.Context) (*store.DB, error) {
	keyring, made, err := p.prepare(ctx)
	if made {
		p.printf("Made the key %s. Without it nobody can read the data: keep a copy in a safe place.\n", p.KeyFile)
	}
	if err != nil {
		return nil, err
	}
	return p.openWith(ctx, keyring, time.Now)
}

// prepare makes what must be there before the database is opened: its folder, the key and the schema. made says that
// the key is a new one, whatever became of the rest.
func (p *program) prepare(ctx context.Context) (keyring *seal.Keyring, made bool, err error) {
	if err := p.folder(); err != nil {
		return nil, false, err
	}
	key, made, err := p.key(ctx)
	if err != nil {
		return nil, made, err
	}
	if keyring, err = seal.New(key); err != nil {
		return nil, made, err
	}
	return keyring, made, store.Migrate(ctx, p.database())
}

// openWith opens a prepared database on a clock, and puts into it what every installation has.
func (p *program) openWith(ctx context.Context, sealing store.Sealing, now func() time.Time) (*store.DB, error) {
	cfg := store.Config{Database: p.database(), Sealing: sealing, Now: now, Log: p.logger()}
	if p.metrics != nil {
		cfg.Meter = p.metrics
	}
	db, err := store.Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if err := db.Install(ctx, p.Language, p.TimeZone); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := db.LoadCatalogue(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// folder makes the data folder for the owner alone, and refuses one that others can look into. With PostgreSQL nothing
// is kept in it.
func (p *program) folder() error {
	if p.DatabaseURL != "" {
		return nil
	}
	if err := os.MkdirAll(p.Data, 0o700); err != nil {
		return err
	}
	info, err := os.Stat(p.Data)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("the data folder %s is open to others: run chmod 700 on it", p.Data)
	}
	return nil
}

// key reads the installation's key. It makes one only for a database that was never used: a new key can't open an old
// database.
func (p *program) key(ctx context.Context) (key []byte, made bool, err error) {
	installed, err := store.Installed(ctx, p.database())
	if err != nil {
		return nil, false, err
	}
	if !installed {
		return seal.ReadOrMake(p.KeyFile)
	}
	key, err = seal.Read(p.KeyFile)
	if errors.Is(err, os.ErrNotExist) {
		err = fmt.Errorf("there is a database %s but no key file %s: put back your copy of the key", p.place(), p.KeyFile)
	}
	return key, false, err
}

// printf writes for the person at the terminal.
func (p *program) printf(format string, args ...any) {
	_, _ = fmt.Fprintf(p.out, format, args...) // a terminal that is gone is no reason to stop
}
