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

func (p *program) database() string { return filepath.Join(p.Data, databaseFile) }

func (p *program) logger() *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(p.LogLevel)) // checked with the settings
	return slog.New(slog.NewJSONHandler(p.err, &slog.HandlerOptions{Level: level}))
}

// open makes or opens everything that is stored: folder, key, database, schema, programme and catalogue. Every start
// does it, so a fresh folder needs no step of its own.
func (p *program) open(ctx context.Context) (*store.DB, error) {
	if err := p.folder(); err != nil {
		return nil, err
	}
	key, err := p.key()
	if err != nil {
		return nil, err
	}
	keyring, err := seal.New(key)
	if err != nil {
		return nil, err
	}
	if err := store.Migrate(ctx, p.database()); err != nil {
		return nil, err
	}
	return p.openWith(ctx, keyring)
}

func (p *program) openWith(ctx context.Context, sealing store.Sealing) (*store.DB, error) {
	db, err := store.Open(ctx, store.Config{Database: p.database(), Sealing: sealing, Now: time.Now, Log: p.logger()})
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

// folder makes the data folder for the owner alone, and refuses one that others can look into.
func (p *program) folder() error {
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

// key reads the installation's key. It makes one only beside a database that is not there yet: a new key can't open an
// old database.
func (p *program) key() ([]byte, error) {
	_, err := os.Stat(p.database())
	if err == nil {
		key, err := seal.Read(p.KeyFile)
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("there is a database in %s but no key file %s: put back your copy of the key", p.Data,
				p.KeyFile)
		}
		return key, err
	}
	if !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	key, made, err := seal.ReadOrMake(p.KeyFile)
	if made && err == nil {
		p.printf("Made the key %s. Without it nobody can read the data: keep a copy in a safe place.\n", p.KeyFile)
	}
	return key, err
}

// printf writes for the person at the terminal.
func (p *program) printf(format string, args ...any) {
	_, _ = fmt.Fprintf(p.out, format, args...) // a terminal that is gone is no reason to stop
}
