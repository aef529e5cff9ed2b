package api_test

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"grupa/internal/store/storetest"
)

// beside opens the service's database a second time, past every rule.
func beside(t testing.TB, database string) *sql.DB { return storetest.Beside(t, database) }

// change changes exactly one row.
func change(t testing.TB, db *sql.DB, statement string, args ...any) {
	t.Helper()
	result, err := db.ExecContext(t.Context(), statement, args...)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		t.Fatalf("%s changed %d rows: %v", statement, n, err)
	}
}

// count gives the one number of a query.
func count(t testing.TB, db *sql.DB, query string, args ...any) (n int) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// dump is all there is: the rows of every table, each as one text with its column names.
type dump map[string][]string

func dumped(t testing.TB, db *sql.DB) dump {
	t.Helper()
	d := dump{}
	for _, table := range storetest.Tables(t, db) {
		d[table] = rowsOf(t, db, table)
	}
	if len(d) < 20 || len(d["audit"]) == 0 {
		t.Fatalf("a dump of %d tables and %d audit rows", len(d), len(d["audit"]))
	}
	return d
}

func texts(t testing.TB, db *sql.DB, query string) (all []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // read to its end below
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		all = append(all, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func rowsOf(t testing.TB, db *sql.DB, table string) (all []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT * FROM "+table)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // read to its end below
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		var row strings.Builder
		for i, v := range values {
			if octets, ok := v.([]byte); ok {
				v = fmt.Sprintf("%q", octets)
			}
			fmt.Fprintf(&row, "%s=%v ", columns[i], v)
		}
		all = append(all, row.String())
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

// without leaves tables out of the dump.
func (d dump) without(tables ...string) dump {
	rest := dump{}
	for table, rows := range d {
		if !slices.Contains(tables, table) {
			rest[table] = rows
		}
	}
	return rest
}

// unlike lists, table by table and in short, the rows that only one of the dumps has.
func (d dump) unlike(before dump) (rows []string) {
	for _, table := range slices.Sorted(maps.Keys(d)) {
		for _, row := range d.added(before, table) {
			rows = append(rows, fmt.Sprintf("%s now has %.200s", table, row))
		}
		for _, row := range before.added(d, table) {
			rows = append(rows, fmt.Sprintf("%s no longer has %.200s", table, row))
		}
	}
	return rows
}

// added gives the rows of a table that before does not have.
func (d dump) added(before dump, table string) (rows []string) {
	for _, row := range d[table] {
		if !slices.Contains(before[table], row) {
			rows = append(rows, row)
		}
	}
	return rows
}
