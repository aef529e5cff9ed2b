package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"grupa/internal/bench/rig"
	_ "grupa/internal/store" // brings the driver, and is not used itself
)

// content is what a database holds: its whole schema, and the rows of the tables that were asked for.
type content struct {
	schema string
	tables map[string]table
}

// table is the rows of a table, over some of its columns.
type table struct {
	columns []string
	rows    map[[sha256.Size]byte]int // how often there is a row with that checksum
}

// contentOf reads a copy of a place's files as they are. like says which columns of which tables; if it is nil, all.
func contentOf(ctx context.Context, place rig.Place, like map[string]table) (c content, err error) {
	dir, err := os.MkdirTemp("", "grupa-content-")
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.CopyFS(dir, os.DirFS(place.Data())); err != nil {
		return c, err
	}
	file := url.URL{Scheme: "file", Opaque: filepath.Join(dir, filepath.Base(databaseOf(place)))}
	db, err := sql.Open("sqlite3", file.String())
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	c.schema, err = text(ctx, db, `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name`)
	if err != nil {
		return c, err
	}
	version, err := text(ctx, db, `SELECT 'version ' || max(version_id) FROM goose_db_version WHERE is_applied`)
	if err != nil {
		return c, err
	}
	c.schema += version
	there, err := tablesOf(ctx, db)
	if err != nil {
		return c, err
	}
	if like == nil {
		like = there
	}
	c.tables = map[string]table{}
	for name, t := range like {
		if _, ok := there[name]; !ok {
			continue // a table that is gone misses every row that it had
		}
		if c.tables[name], err = rowsOf(ctx, db, name, t.columns); err != nil {
			return c, err
		}
	}
	return c, nil
}

// text gives the one column of a query, a row a line.
func text(ctx context.Context, db *sql.DB, query string) (string, error) {
	lines, err := each(ctx, db, query)
	return strings.Join(lines, "\n") + "\n", err
}

func each(ctx context.Context, db *sql.DB, query string, args ...any) (values []string, err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Err(), rows.Close()) }()
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	return values, nil
}

// tablesOf are all tables that hold what somebody entered, with all their columns and no rows.
func tablesOf(ctx context.Context, db *sql.DB) (map[string]table, error) {
	names, err := each(ctx, db, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
		AND name <> 'goose_db_version'`)
	if err != nil {
		return nil, err
	}
	tables := map[string]table{}
	for _, name := range names {
		columns, err := each(ctx, db, `SELECT name FROM pragma_table_info(?) ORDER BY cid`, name)
		if err != nil {
			return nil, err
		}
		tables[name] = table{columns: columns}
	}
	return tables, nil
}

func rowsOf(ctx context.Context, db *sql.DB, name string, columns []string) (table, error) {
	t := table{columns, map[[sha256.Size]byte]int{}}
	rows, err := each(ctx, db, `SELECT quote("`+strings.Join(columns, `") || ',' || quote("`)+`") FROM "`+name+`"`)
	for _, row := range rows {
		t.rows[sha256.Sum256([]byte(row))]++
	}
	return t, err
}

// missing says which tables have not every row that they had before. More rows are fine: a new version brings its own
// catalogue.
func missing(before, after map[string]table) error {
	var err error
	for name, t := range before {
		gone := 0
		for row, times := range t.rows {
			gone += max(0, times-after[name].rows[row])
		}
		if gone > 0 {
			err = errors.Join(err, fmt.Errorf("%s: %d rows are gone or changed", name, gone))
		}
	}
	return err
}
