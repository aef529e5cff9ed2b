package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// vacantPostgres refuses a database that has tables of ours. The schema's version alone is none: to have looked for it
// makes it.
func vacantPostgres(ctx context.Context, url string) error {
	return inPostgres(ctx, url, beginView, noTables)
}

func noTables(ctx context.Context, c *sql.Conn) error {
	var name sql.NullString
	err := c.QueryRowContext(ctx, `SELECT min(relname) FROM pg_class WHERE relnamespace = current_schema()::regnamespace
		AND relkind IN ('r', 'p') AND relname IN ('installation', 'person', 'application', 'audit')`).Scan(&name)
	if err == nil && name.Valid {
		err = fmt.Errorf("the table %s %w", name.String, ErrThere)
	}
	return err
}

// fillPostgres makes the schema and copies every row of a verified file into it, all in one transaction: nobody sees
// any of it before all of it is there, has been read again, and gives the sums that the file gives.
func fillPostgres(ctx context.Context, url, path string) (err error) {
	f, err := openCopy(ctx, path, "mode", "rw", "_query_only", "true")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	tables, err := f.tables(ctx)
	if err != nil {
		return err
	}
	return inPostgres(ctx, url, beginUnit, func(ctx context.Context, c *sql.Conn) error {
		if err := noTables(ctx, c); err != nil {
			return err
		}
		if err := makeSchema(ctx, c); err != nil {
			return err
		}
		return c.Raw(func(raw any) error {
			l := loader{f, raw.(*stdlib.Conn).Conn()}
			for _, t := range tables {
				if err := l.load(ctx, t); err != nil {
					return fmt.Errorf("%s: %w", t.name, err)
				}
			}
			return nil
		})
	})
}

// inPostgres runs fn in one transaction that may take its time, and commits it if fn gives nil.
func inPostgres(ctx context.Context, url, begin string, fn func(ctx context.Context, c *sql.Conn) error) (err error) {
	pool, err := postgresPool(url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	c, err := pool.Conn(ctx)
	if err != nil {
		return errUnreachable(err)
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	patience := []string{begin, "SET LOCAL statement_timeout = 0", "SET LOCAL idle_in_transaction_session_timeout = 0"}
	for _, statement := range patience {
		if _, err := c.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	if err := fn(ctx, c); err != nil {
		_, ended := c.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		if errors.Is(ended, driver.ErrBadConn) {
			ended = nil // a connection that is gone took the transaction with it
		}
		return errors.Join(err, ended)
	}
	_, err = c.ExecContext(ctx, "COMMIT")
	return err
}

// makeSchema does what Migrate does, inside the transaction that it is given: there each step would have its own.
func makeSchema(ctx context.Context, c *sql.Conn) error {
	files, err := fs.Sub(migrations, "migrations/postgres")
	if err != nil {
		return err
	}
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return err
	}
	versions, err := database.NewStore(database.DialectPostgres, goose.DefaultTablename)
	if err != nil {
		return err
	}
	if _, err := c.ExecContext(ctx, "DROP TABLE IF EXISTS "+goose.DefaultTablename); err != nil {
		return err
	}
	if err := versions.CreateVersionTable(ctx, c); err != nil {
		return err
	}
	if err := versions.Insert(ctx, c, database.InsertRequest{Version: 0}); err != nil {
		return err
	}
	for _, name := range names { // in the order of their numbers, which begin their names
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		if _, err := c.ExecContext(ctx, string(text)); err != nil { // without arguments, so many statements may be in it
			return fmt.Errorf("%s: %w", name, err)
		}
		version, err := goose.NumericComponent(name)
		if err != nil {
			return err
		}
		if err := versions.Insert(ctx, c, database.InsertRequest{Version: version}); err != nil {
			return err
		}
	}
	return nil
}

// loader copies tables of a file into a transaction of PostgreSQL.
type loader struct {
	from copyFile
	to   *pgx.Conn
}

// load copies one table. Its triggers are off meanwhile: they judge what a person asks for at that moment (is there a
// seat, is the room free), and these rows were judged when they were written. Checks and references stay on.
func (l loader) load(ctx context.Context, t table) error {
	err := l.exec(ctx, "ALTER TABLE "+t.quoted()+" DISABLE TRIGGER USER", "DELETE FROM "+t.quoted())
	if err != nil {
		return err
	}
	want, err := l.copy(ctx, t)
	if err != nil {
		return err
	}
	got := newRowSum()
	if err := postgresRows(ctx, l.to.PgConn(), t, got.add); err != nil {
		return err
	}
	if err := differ(map[string]TableSum{t.name: want}, map[string]TableSum{t.name: got.sum()}); err != nil {
		return err
	}
	if err := l.count(ctx, t); err != nil {
		return err
	}
	return l.exec(ctx, "ALTER TABLE "+t.quoted()+" ENABLE TRIGGER USER", "ANALYZE "+t.quoted())
}

func (l loader) exec(ctx context.Context, statements ...string) error {
	for _, s := range statements {
		if _, err := l.to.Exec(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (l loader) copy(ctx context.Context, t table) (TableSum, error) {
	flags, err := l.flags(ctx, t)
	if err != nil {
		return TableSum{}, err
	}
	rows, err := l.from.c.Query(t.inOrder(), nil)
	if err != nil {
		return TableSum{}, err
	}
	source := &copySource{rows: rows, flags: flags, row: make([]driver.Value, len(t.columns)), sum: newRowSum()}
	_, err = l.to.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, source)
	return source.sum.sum(), errors.Join(err, rows.Close())
}

// flags tells which columns are flags, which SQLite keeps as 0 and 1.
func (l loader) flags(ctx context.Context, t table) ([]bool, error) {
	flags := make([]bool, len(t.columns))
	for n, column := range t.columns {
		err := l.to.QueryRow(ctx, `SELECT atttypid = 'boolean'::regtype FROM pg_attribute
			WHERE attrelid = to_regclass($1) AND attname = $2`, t.quoted(), column).Scan(&flags[n])
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", column, err)
		}
	}
	return flags, nil
}

// count goes on counting after the highest number, in the tables that number their rows.
func (l loader) count(ctx context.Context, t table) error {
	var column string
	err := l.to.QueryRow(ctx, `SELECT attname FROM pg_attribute WHERE attrelid = to_regclass($1) AND attidentity <> ''`,
		t.quoted()).Scan(&column)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	query := fmt.Sprintf(`SELECT setval(pg_get_serial_sequence($1, $2), coalesce(max(%[1]s), 1), max(%[1]s) IS NOT NULL)
		FROM %[2]s`, quoted(column), t.quoted())
	var at int64
	return l.to.QueryRow(ctx, query, t.quoted(), column).Scan(&at)
}

// copySource hands the rows of a file over to PostgreSQL's COPY, and sums them on their way.
type copySource struct {
	rows  driver.Rows
	flags []bool
	row   []driver.Value
	sum   *rowSum
	err   error
}

// Next implements pgx.CopyFromSource.
func (s *copySource) Next() bool {
	err := s.rows.Next(s.row)
	if err == nil {
		err = s.sum.add(s.row)
	}
	if !errors.Is(err, io.EOF) {
		s.err = err
	}
	return err == nil
}

// Values implements pgx.CopyFromSource.
func (s *copySource) Values() ([]any, error) {
	out := make([]any, len(s.row))
	for n, v := range s.row {
		if whole, ok := v.(int64); ok && s.flags[n] {
			v = whole != 0
		}
		out[n] = v
	}
	return out, nil
}

// Err implements pgx.CopyFromSource.
func (s *copySource) Err() error { return s.err }
