package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// ErrNewer means that the database was last written by a newer Grupa. An older one would not know what it breaks.
var ErrNewer = errors.New("the database is of a newer version: start that version, or restore a backup")

// Migrate brings the schema up to this version, each step in its own transaction, and checks what came out. It opens
// the file by itself and must be done before Open.
func Migrate(ctx context.Context, path string) error {
	pool := sql.OpenDB(connector{dsn(path, "_txlock", "immediate")})
	pool.SetMaxOpenConns(1)
	err := migrate(ctx, pool)
	return errors.Join(err, pool.Close())
}

func migrate(ctx context.Context, pool *sql.DB) error {
	p, err := provider(pool)
	if err != nil {
		return err
	}
	at, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	if at > newest(p) {
		return ErrNewer
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return noRows(ctx, pool, "PRAGMA foreign_key_check")
}

// Migrated says whether the schema is exactly this version's.
func Migrated(ctx context.Context, path string) (ok bool, err error) {
	pool := sql.OpenDB(connector{dsn(path, "mode", "rw")})
	defer func() { err = errors.Join(err, pool.Close()) }()
	p, err := provider(pool)
	if err != nil {
		return false, err
	}
	at, err := p.GetDBVersion(ctx)
	if err == nil && at > newest(p) {
		return false, ErrNewer
	}
	return at == newest(p), err
}

func provider(pool *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, pool, files)
}

func newest(p *goose.Provider) int64 {
	sources := p.ListSources()
	return sources[len(sources)-1].Version
}

func noRows(ctx context.Context, pool *sql.DB, query string) error {
	rows, err := pool.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	found := rows.Next()
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	if found {
		return fmt.Errorf("%s found faults", query)
	}
	return nil
}
