package storetest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "github.com/mattn/go-sqlite3" // the driver

	"grupa/internal/store"
)

// Beside opens a database behind the store's back, past every rule and setting of it, to look at what is stored or to
// break it. Statements are written with question marks for both engines.
func Beside(tb testing.TB, database string) *sql.DB {
	tb.Helper()
	var db *sql.DB
	if store.IsPostgres(database) {
		cfg, err := pgx.ParseConfig(database)
		must(tb, err)
		db = sql.OpenDB(asking{stdlib.GetConnector(*cfg)})
	} else {
		var err error
		db, err = sql.Open("sqlite3", "file:"+database+"?_busy_timeout=10000")
		must(tb, err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	return db
}

// Tables names every table of a database that Beside opened, but for those of the engine.
func Tables(tb testing.TB, db *sql.DB) (names []string) {
	tb.Helper()
	query := "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
	if _, ok := db.Driver().(*stdlib.Driver); ok {
		query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
	}
	rows, err := db.QueryContext(tb.Context(), query)
	must(tb, err)
	for rows.Next() {
		var name string
		must(tb, rows.Scan(&name))
		names = append(names, name)
	}
	must(tb, rows.Err())
	return names
}

// asking gives connections that take question marks where PostgreSQL has $1, $2 and so on.
type asking struct{ driver.Connector }

func (a asking) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := a.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return askingConn{c.(*stdlib.Conn)}, nil
}

type askingConn struct{ *stdlib.Conn }

func (c askingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return c.Conn.ExecContext(ctx, numbered(query), args)
}

func (c askingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return c.Conn.QueryContext(ctx, numbered(query), args)
}

// numbered is for the queries of tests, which have no question mark inside a text.
func numbered(query string) string {
	var b strings.Builder
	n := 0
	for _, r := range query {
		if r == '?' {
			n++
			b.WriteString("$" + strconv.Itoa(n))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
