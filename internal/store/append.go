package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"gorm.io/gorm"

	"grupa/internal/account"
)

// Append runs a unit that only adds. Its function runs at once, beside whatever is written meanwhile; what it writes is
// put down at the end, all or nothing. It reads only what never changes once it is published, and which version is the
// newest as it stood at most a second ago: a rule that decides by anything else runs as an Update, by itself.
//
// So a submitted form is screened and sealed on all processors at once, and the writer only writes.
func (db *DB) Append(ctx context.Context, caller account.Caller, fn func(tx *Tx) error) error {
	if db.isClosing() {
		return ErrClosed
	}
	now, err := db.standing.at(ctx, db)
	if err != nil {
		return err
	}
	adds := &additions{reads: db.unreadable}
	g := db.engine.gorm().Session(&gorm.Session{NewDB: true, Context: context.WithoutCancel(ctx)})
	g.Statement.ConnPool = adds
	u := &unit{ctx: ctx, caller: caller, fn: fn, watch: db.stopwatch(Updated), done: make(chan struct{})}
	u.err = db.run(&Tx{g: g, engine: db.engine.dialect(), writes: true, standing: now}, u)
	switch {
	case u.panic != nil:
		panic(u.panic)
	case errors.Is(u.err, errReads):
		return db.Update(ctx, caller, fn)
	case u.err == nil:
		u.adds = adds.statements
		db.engine.update(ctx, u)
		u.err = reached(ctx, orAnswered(u.err))
	}
	u.watch.tell(u.err)
	if u.touched {
		db.calendarTouches.Add(1)
	}
	return u.err
}

// statement is a constant statement with its values.
type statement struct {
	query string
	args  []any
}

// additions is a gorm.ConnPool that only notes what is to be written.
type additions struct {
	reads      *sql.DB // gives errReads to whoever asks
	statements []statement
}

// errReads ends a unit of Append that asks the database for something.
var errReads = errors.New("a unit that only adds has read")

// ExecContext implements gorm.ConnPool.
func (a *additions) ExecContext(_ context.Context, query string, args ...any) (sql.Result, error) {
	a.statements = append(a.statements, statement{query, args})
	return driver.RowsAffected(1), nil // a statement of Append may not ask how many rows it changed
}

// PrepareContext implements gorm.ConnPool.
func (a *additions) PrepareContext(context.Context, string) (*sql.Stmt, error) { return nil, errReads }

// QueryContext implements gorm.ConnPool.
func (a *additions) QueryContext(context.Context, string, ...any) (*sql.Rows, error) {
	return nil, errReads
}

// QueryRowContext implements gorm.ConnPool.
func (a *additions) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return a.reads.QueryRowContext(ctx, query, args...)
}

// unreadable is a database that nobody can ask: a sql.Row with an error can be had in no other way.
type unreadable struct{}

// Connect implements driver.Connector.
func (unreadable) Connect(context.Context) (driver.Conn, error) { return nil, errReads }

// Driver implements driver.Connector.
func (unreadable) Driver() driver.Driver { return nil }
