package store

import (
	"context"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/mattn/go-sqlite3"
)

// copyFile is one connection to an SQLite file of a backup, or to the one that it is made of, without the pool and the
// locks of database/sql: rows go through it by the million. One goroutine uses it.
type copyFile struct{ c *sqlite3.SQLiteConn }

// openCopy opens a file with the settings of every connection, and these.
func openCopy(ctx context.Context, path string, more ...string) (copyFile, error) {
	c, err := connector{dsn(path, more...)}.Connect(ctx)
	if err != nil {
		return copyFile{}, err
	}
	return copyFile{c.(*sqlite3.SQLiteConn)}, nil
}

func (f copyFile) close() error { return f.c.Close() }

func (f copyFile) exec(statements ...string) error {
	for _, s := range statements {
		if _, err := f.c.Exec(s, nil); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

// each hands over the rows of a query one by one. A row is only lent.
func (f copyFile) each(ctx context.Context, query string, fn func(row []driver.Value) error) (err error) {
	rows, err := f.c.Query(query, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", query, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	row := make([]driver.Value, len(rows.Columns()))
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := rows.Next(row); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := fn(row); err != nil {
			return err
		}
	}
}

// number is the one number that a query gives, or 0.
func (f copyFile) number(ctx context.Context, query string) (n int64, err error) {
	err = f.each(ctx, query, func(row []driver.Value) error {
		n, _ = row[0].(int64)
		return nil
	})
	return n, err
}

// schema is the version of the file's schema.
func (f copyFile) schema(ctx context.Context) (int64, error) {
	return f.number(ctx, "SELECT max(version_id) FROM goose_db_version WHERE is_applied")
}

// head is the last link of the audit chain.
func (f copyFile) head(ctx context.Context) (h AuditHead, err error) {
	err = f.each(ctx, "SELECT seq, hash FROM audit_chain ORDER BY seq DESC LIMIT 1", func(row []driver.Value) error {
		h.Seq, _ = row[0].(int64)
		sum, _ := row[1].([]byte)
		h.Hash = hex.EncodeToString(sum)
		return nil
	})
	return h, err
}

// counts counts the rows of every table. It is cheap: an engine counts along its smallest index.
func (f copyFile) counts(ctx context.Context, tables []table) (map[string]TableSum, error) {
	sums := map[string]TableSum{}
	for _, t := range tables {
		n, err := f.number(ctx, "SELECT count(*) FROM "+t.quoted())
		if err != nil {
			return nil, err
		}
		sums[t.name] = TableSum{Rows: n}
	}
	return sums, nil
}

// sums adds the checksum of the rows, for tables that crossed from one engine to the other.
func (f copyFile) sums(ctx context.Context, tables []table) (map[string]TableSum, error) {
	sums := map[string]TableSum{}
	for _, t := range tables {
		s := newRowSum()
		if err := f.each(ctx, t.inOrder(), s.add); err != nil {
			return nil, err
		}
		sums[t.name] = s.sum()
	}
	return sums, nil
}

// rowSum is the checksum of rows in their order. It must be the same on both engines, so it knows only what both have:
// nothing, whole numbers (a flag is 0 or 1), text and octets.
type rowSum struct {
	hash hash.Hash
	rows int64
	row  []byte
}

func newRowSum() *rowSum { return &rowSum{hash: sha256.New()} }

func (s *rowSum) add(row []driver.Value) error {
	b := s.row[:0]
	for _, v := range row {
		switch v := v.(type) {
		case nil:
			b = append(b, 0)
		case int64:
			b = binary.BigEndian.AppendUint64(append(b, 1), uint64(v))
		case string:
			b = append(binary.BigEndian.AppendUint64(append(b, 2), uint64(len(v))), v...)
		case []byte:
			b = append(binary.BigEndian.AppendUint64(append(b, 3), uint64(len(v))), v...)
		default:
			return fmt.Errorf("a value of type %T in a backup", v)
		}
	}
	_, _ = s.hash.Write(b) // a hash never fails
	s.row, s.rows = b, s.rows+1
	return nil
}

func (s *rowSum) sum() TableSum {
	return TableSum{Rows: s.rows, SHA256: hex.EncodeToString(s.hash.Sum(nil))}
}
