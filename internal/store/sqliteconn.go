package store

import (
	"context"
	"database/sql"
	"errors"

	dialector "gorm.io/driver/sqlite"
	"gorm.io/gorm"
)

// sqliteConn is one connection of SQLite for gorm, with every statement prepared once for as long as the connection
// lives. A transaction of database/sql prepares each statement anew, which costs more than running it. Only one unit
// uses a connection at a time.
type sqliteConn struct {
	raw   *sql.Conn
	stmts map[string]*sql.Stmt
	gorm  *gorm.DB
}

// mostStatements bounds what a connection keeps. Lists of different lengths make different statements.
const mostStatements = 300

func newSQLiteConn(ctx context.Context, pool *sql.DB) (*sqliteConn, error) {
	raw, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	c := &sqliteConn{raw: raw, stmts: map[string]*sql.Stmt{}}
	c.gorm, err = gorm.Open(&dialector.Dialector{Conn: c}, quiet())
	if err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	return c, nil
}

func (c *sqliteConn) close() error { return errors.Join(c.forget(), c.raw.Close()) }

func (c *sqliteConn) forget() error {
	var err error
	for _, s := range c.stmts {
		err = errors.Join(err, s.Close())
	}
	clear(c.stmts)
	return err
}

// exec runs one of the statements that begin and end units.
func (c *sqliteConn) exec(query string) error {
	_, err := c.ExecContext(context.Background(), query)
	return err
}

func (c *sqliteConn) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := c.stmts[query]; ok {
		return s, nil
	}
	if len(c.stmts) >= mostStatements {
		if err := c.forget(); err != nil {
			return nil, err
		}
	}
	s, err := c.raw.PrepareContext(context.WithoutCancel(ctx), query) // it outlives who asks first
	if err == nil {
		c.stmts[query] = s
	}
	return s, err
}

// PrepareContext implements gorm.ConnPool.
func (c *sqliteConn) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return c.raw.PrepareContext(ctx, query)
}

// ExecContext implements gorm.ConnPool.
func (c *sqliteConn) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

// QueryContext implements gorm.ConnPool.
func (c *sqliteConn) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// QueryRowContext implements gorm.ConnPool.
func (c *sqliteConn) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := c.prepared(ctx, query)
	if err != nil {
		return c.raw.QueryRowContext(ctx, query, args...) // a Row can't be made from an error: the engine says it again
	}
	return s.QueryRowContext(ctx, args...)
}

func (*sqlite) dialect() dialect { return onSQLite }

func (s *sqlite) gorm() *gorm.DB { return s.write.gorm }
