package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"

	"grupa/internal/fault"
)

// postgres is the engine of several machines on one database. Units that write run side by side at READ COMMITTED: each
// locks the rows that it decides on, the triggers lock what they count, and a unit that the database picks to end a
// deadlock is run again.
type postgres struct {
	db    *DB
	pool  *sql.DB
	plain *gorm.DB // without a connection
	write resting
	read  resting
}

// resting holds the connections that no unit uses at the moment. A nil stands for one that is yet to be opened, so that
// one that was lost costs nothing but its opening.
type resting chan *postgresConn

// How many units write and read at once on this replica. The database must allow their sum for each replica.
const (
	postgresWriters = 16
	postgresReaders = 8
)

// What a unit may take in all, and what it may take to reach the database. Whoever waits is told to come again. Who
// brings a deadline of their own has that one: a check of the whole database takes long.
const (
	unitTime    = 6 * time.Second
	viewTime    = 5 * time.Second
	connectTime = 3 * time.Second
)

func openPostgres(ctx context.Context, db *DB) (*postgres, error) {
	pool, err := postgresPool(db.cfg.Database)
	if err != nil {
		return nil, err
	}
	p := &postgres{db: db, pool: pool, write: newResting(postgresWriters), read: newResting(postgresReaders)}
	if p.plain, err = openGorm(pool); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	if err := pool.PingContext(ctx); err != nil {
		return nil, errors.Join(errUnreachable(err), pool.Close())
	}
	return p, nil
}

// errUnreachable says so without the URL, which may hold a password.
func errUnreachable(err error) error {
	return fmt.Errorf("the PostgreSQL database can't be reached: %w", err)
}

func newResting(n int) resting {
	s := make(resting, n)
	for range n {
		s <- nil
	}
	return s
}

// errDatabaseURL keeps the URL, which may hold a password, out of what is printed.
var errDatabaseURL = errors.New("the database URL can't be read: write postgres://user@host/database")

func postgresPool(url string) (*sql.DB, error) {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, errDatabaseURL
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = connectTime
	}
	for name, value := range map[string]string{
		"application_name": "grupa", "timezone": "UTC", "client_encoding": "UTF8",
		"default_transaction_isolation": "read committed",
		"synchronous_commit":            "on", // whatever the server's default: an answer means that it is on disk
		// A replica that is cut off must not keep its locks.
		"idle_in_transaction_session_timeout": "20s",
	} {
		if _, ok := cfg.RuntimeParams[name]; !ok || name == "synchronous_commit" {
			cfg.RuntimeParams[name] = value
		}
	}
	pool := stdlib.OpenDB(*cfg)
	pool.SetMaxOpenConns(postgresWriters + postgresReaders)
	pool.SetMaxIdleConns(0) // they rest until the next unit
	return pool, nil
}

// take gives a connection that no unit uses, opened if there is none.
func (p *postgres) take(ctx context.Context, from resting) (c *postgresConn, err error) {
	select {
	case c = <-from:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.db.closing:
		return nil, ErrClosed
	}
	if c != nil && c.usable(ctx) {
		return c, nil
	}
	if c != nil {
		c.discard()
	}
	if c, err = newPostgresConn(ctx, p.pool); err != nil {
		from <- nil
		return nil, unreached(ctx, err)
	}
	return c, nil
}

// begin gives a connection on which the transaction has begun. One that the database has closed meanwhile, which is
// only seen when it is used, is opened anew, once.
func (p *postgres) begin(ctx context.Context, from resting, begin string) (*postgresConn, error) {
	c, err := p.take(ctx, from)
	if err != nil || c.exec(ctx, begin) == nil {
		return c, err
	}
	p.give(from, c)
	if c, err = p.take(ctx, from); err != nil {
		return nil, err
	}
	if err := c.exec(ctx, begin); err != nil {
		p.give(from, c)
		return nil, unreached(ctx, err)
	}
	return c, nil
}

// unreached is the asker's own end, if it was that, and else the database's fault.
func unreached(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if fault.Of(err) != nil {
		return err
	}
	return ErrStorage.Because(err)
}

// give puts a connection back whose transaction has ended. Whatever else became of it, it is closed.
func (p *postgres) give(to resting, c *postgresConn) {
	if c.status() != idle {
		c.discard()
		c = nil
	}
	if c != nil {
		c.rested = time.Now()
	}
	to <- c
}

const beginView = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

// view implements engine.
func (p *postgres) view(ctx context.Context, fn func(*Tx) error) error {
	asked := ctx
	if _, ok := ctx.Deadline(); !ok {
		limited, cancel := context.WithTimeout(ctx, viewTime)
		defer cancel()
		ctx = limited
	}
	c, err := p.begin(ctx, p.read, beginView)
	if err != nil {
		return unreached(asked, err)
	}
	defer p.give(p.read, c)
	err = fn(&Tx{g: c.gorm.WithContext(ctx), engine: onPostgres})
	if c.status() == idle || c.status() == lost {
		return p.answer(ctx, c, err)
	}
	if ended := c.exec(ctx, "ROLLBACK"); err == nil && ended != nil {
		return p.answer(ctx, c, ended)
	}
	return err
}

// answer tells a rule's own error from that of a database that was lost.
func (p *postgres) answer(ctx context.Context, c *postgresConn, err error) error {
	if err == nil || c.status() != lost || errors.Is(ctx.Err(), context.Canceled) {
		return err
	}
	return ErrStorage.Because(err)
}

// close implements engine.
func (p *postgres) close() (err error) {
	for _, s := range []resting{p.write, p.read} {
		for range cap(s) {
			select {
			case c := <-s:
				if c != nil {
					c.discard()
				}
			case <-time.After(closePatience):
				err = errors.Join(err, errStillRuns)
			}
		}
	}
	return errors.Join(err, p.pool.Close())
}
