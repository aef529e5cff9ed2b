package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// ErrNewer means that the database was last written by a newer Grupa. An older one would not know what it breaks.
var ErrNewer = errors.New("the database is of a newer version: start that version, or restore a backup")

// Migrate brings the schema up to this version, each step in its own transaction, and checks what came out. Replicas
// that start at once wait for each other. It opens the database by itself and must be done before Open.
func Migrate(ctx context.Context, database string) error {
	if IsPostgres(database) {
		return migratePostgres(ctx, database)
	}
	pool := sql.OpenDB(connector{dsn(database, "_txlock", "immediate")})
	pool.SetMaxOpenConns(1)
	p, err := sqliteProvider(pool)
	var steps int
	if err == nil {
		steps, err = up(ctx, p)
	}
	if err == nil && steps > 0 { // it reads everything: not at each start
		err = noRows(ctx, pool, "PRAGMA foreign_key_check")
	}
	return errors.Join(err, pool.Close())
}

func migratePostgres(ctx context.Context, database string) error {
	pool, err := postgresPool(database)
	if err != nil {
		return err
	}
	p, err := postgresProvider(pool)
	if err == nil {
		_, err = up(ctx, p)
	}
	return errors.Join(err, pool.Close())
}

// up gives how many steps it took.
func up(ctx context.Context, p *goose.Provider) (int, error) {
	at, err := p.GetDBVersion(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the schema's version: %w", err)
	}
	if at > newest(p) {
		return 0, ErrNewer
	}
	steps, err := p.Up(ctx)
	if err != nil {
		return 0, fmt.Errorf("migrate: %w", err)
	}
	return len(steps), nil
}

// Migrated says whether the schema is exactly this version's.
func Migrated(ctx context.Context, database string) (ok bool, err error) {
	pool, p, err := existing(database)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	at, err := p.GetDBVersion(ctx)
	if err == nil && at > newest(p) {
		return false, ErrNewer
	}
	return at == newest(p), err
}

func existing(database string) (*sql.DB, *goose.Provider, error) {
	if IsPostgres(database) {
		pool, err := postgresPool(database)
		if err != nil {
			return nil, nil, err
		}
		p, err := postgresProvider(pool)
		return pool, p, err
	}
	pool := sql.OpenDB(connector{dsn(database, "mode", "rw")})
	p, err := sqliteProvider(pool)
	return pool, p, err
}

func sqliteProvider(pool *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, pool, files)
}

func postgresProvider(pool *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations/postgres")
	if err != nil {
		return nil, err
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, pool, files, goose.WithSessionLocker(locker))
}

// Installed says whether the database has been used: it was sealed with a key then, and no other will do.
func Installed(ctx context.Context, database string) (installed bool, err error) {
	if !IsPostgres(database) {
		_, err := os.Stat(database)
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		return err == nil, err
	}
	pool, err := postgresPool(database)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	var table sql.NullString
	if err := pool.QueryRowContext(ctx, "SELECT to_regclass('installation')").Scan(&table); err != nil {
		return false, errUnreachable(err)
	}
	if table.Valid {
		err = pool.QueryRowContext(ctx, "SELECT count(*) > 0 FROM installation").Scan(&installed)
	}
	return installed, err
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
