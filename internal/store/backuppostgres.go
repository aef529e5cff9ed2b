package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
)

// fromPostgres copies every row of one snapshot into a file of our SQLite schema. Here rows change their form, so they
// are summed as they come, and the finished file is read again and must give the same sums.
//
// The file lies where the system keeps its temporary files (TMPDIR): this machine need not have a folder for data.
func (s *snapshot) fromPostgres(ctx context.Context, url string) (err error) {
	folder, err := os.MkdirTemp("", "grupa-backup-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, "copy.db")
	if err := Migrate(ctx, path); err != nil {
		return err
	}
	if s.file, err = os.Open(path); err != nil {
		return err
	}
	to, err := openCopy(ctx, path, "_journal_mode", "OFF", "_synchronous", "OFF", "_foreign_keys", "false")
	if err != nil {
		return err
	}
	if err := os.RemoveAll(folder); err != nil { // the file is open, and needs its name no more
		return errors.Join(err, to.close())
	}
	err = inPostgres(ctx, url, beginView, func(ctx context.Context, c *sql.Conn) error {
		return c.Raw(func(raw any) error { return s.fill(ctx, to, raw.(*stdlib.Conn).Conn().PgConn()) })
	})
	return errors.Join(err, to.close())
}

// fill fills the file, which has our schema and only the rows that every new database has.
func (s *snapshot) fill(ctx context.Context, to copyFile, from *pgconn.PgConn) error {
	tables, err := to.tables(ctx)
	if err != nil {
		return err
	}
	if s.manifest.Schema, err = to.schema(ctx); err != nil {
		return err
	}
	if err := sameSchema(ctx, from, s.manifest.Schema); err != nil {
		return err
	}
	rebuild, err := to.strip(ctx)
	if err != nil {
		return err
	}
	if s.manifest.Tables, err = to.load(ctx, tables, from); err != nil {
		return err
	}
	if err := to.exec(rebuild...); err != nil {
		return err
	}
	if err := to.exec("COMMIT"); err != nil {
		return err
	}
	return s.verify(ctx, to, tables)
}

// strip begins a transaction, drops what would slow the loading down or judge it (indexes, and triggers: what they hold
// was true when the rows were written), and tells how it is made again.
func (f copyFile) strip(ctx context.Context) (rebuild []string, err error) {
	drop := []string{"BEGIN"}
	err = f.each(ctx, `SELECT type, name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL
		ORDER BY rowid`, func(row []driver.Value) error {
		drop = append(drop, fmt.Sprintf("DROP %s %s", row[0], quoted(row[1].(string))))
		rebuild = append(rebuild, row[2].(string))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return rebuild, f.exec(drop...)
}

// load copies the rows of all tables, and sums them on their way.
func (f copyFile) load(ctx context.Context, tables []table, from *pgconn.PgConn) (map[string]TableSum, error) {
	sums := map[string]TableSum{}
	for _, t := range tables {
		if err := f.exec("DELETE FROM " + t.quoted()); err != nil {
			return nil, err
		}
		insert, err := f.c.Prepare(t.insert())
		if err != nil {
			return nil, err
		}
		sum, named := newRowSum(), make([]driver.NamedValue, len(t.columns))
		err = postgresRows(ctx, from, t, func(row []driver.Value) error {
			for n, v := range row {
				named[n] = driver.NamedValue{Ordinal: n + 1, Value: v}
			}
			if _, err := insert.(driver.StmtExecContext).ExecContext(context.Background(), named); err != nil {
				return err
			}
			return sum.add(row)
		})
		if err := errors.Join(err, insert.Close()); err != nil {
			return nil, fmt.Errorf("%s: %w", t.name, err)
		}
		sums[t.name] = sum.sum()
	}
	return sums, nil
}

// verify reads the finished file: it must hold what came from the other engine.
func (s *snapshot) verify(ctx context.Context, f copyFile, tables []table) error {
	sums, err := f.sums(ctx, tables)
	if err == nil {
		err = differ(s.manifest.Tables, sums)
	}
	if err != nil {
		return err
	}
	err = f.each(ctx, "PRAGMA foreign_key_check", func(row []driver.Value) error {
		return fmt.Errorf("a row of %v refers to what is not there", row[0])
	})
	if err == nil {
		s.manifest.Audit, err = f.head(ctx)
	}
	return err
}

// sameSchema refuses to copy from a schema that is not the file's.
func sameSchema(ctx context.Context, from *pgconn.PgConn, version int64) error {
	var at int64
	err := postgresQuery(ctx, from, "SELECT max(version_id) FROM goose_db_version WHERE is_applied",
		func(row []driver.Value) error {
			at, _ = row[0].(int64)
			return nil
		})
	if err == nil && at != version {
		err = errors.New("the schema is of another version: run server migrate")
	}
	return err
}

func postgresRows(ctx context.Context, c *pgconn.PgConn, t table, fn func(row []driver.Value) error) error {
	return postgresQuery(ctx, c, t.inOrder(), fn)
}

// postgresQuery hands over the rows of a query one by one, in the values that SQLite knows. A row is only lent.
func postgresQuery(ctx context.Context, c *pgconn.PgConn, query string, fn func(row []driver.Value) error) error {
	binaryForm := []int16{1}
	r := c.ExecParams(ctx, query, nil, nil, nil, binaryForm)
	var row []driver.Value
	var failed error
	for failed == nil && r.NextRow() {
		fields := r.FieldDescriptions()
		row = row[:0]
		for n, raw := range r.Values() {
			v, err := sqliteValue(fields[n].DataTypeOID, raw)
			failed = errors.Join(failed, err)
			row = append(row, v)
		}
		if failed == nil {
			failed = fn(row)
		}
	}
	_, err := r.Close()
	return errors.Join(failed, err)
}

// sqliteValue turns a value in PostgreSQL's binary form into SQLite's: a flag becomes 0 or 1.
func sqliteValue(oid uint32, raw []byte) (driver.Value, error) {
	switch {
	case raw == nil:
		return nil, nil
	case oid == pgtype.Int8OID && len(raw) == 8:
		return int64(binary.BigEndian.Uint64(raw)), nil
	case oid == pgtype.BoolOID && len(raw) == 1:
		return int64(raw[0]), nil
	case oid == pgtype.TextOID:
		return string(raw), nil
	case oid == pgtype.ByteaOID:
		return raw, nil
	}
	return nil, fmt.Errorf("a column of type %d, which a backup does not know", oid)
}
