package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	dialector "gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// postgresConn is one connection of PostgreSQL for gorm. The driver keeps every statement prepared for as long as the
// connection lives. Only one unit uses a connection at a time.
type postgresConn struct {
	raw    *sql.Conn
	gorm   *gorm.DB
	rested time.Time // since when no unit uses it
}

func newPostgresConn(ctx context.Context, pool *sql.DB) (*postgresConn, error) {
	raw, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	c := &postgresConn{raw: raw}
	c.gorm, err = openGorm(raw)
	if err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	return c, nil
}

// exec runs one of the statements that begin and end units.
func (c *postgresConn) exec(ctx context.Context, query string) error {
	_, err := c.raw.ExecContext(ctx, query)
	return err
}

// send writes statements as one transaction without waiting for the answer to each.
func (c *postgresConn) send(ctx context.Context, statements []statement) error {
	var batch pgx.Batch
	batch.Queue(beginUnit)
	for _, s := range statements {
		batch.Queue(s.query, s.args...)
	}
	batch.Queue("COMMIT")
	return c.raw.Raw(func(driverConn any) error {
		return driverConn.(*stdlib.Conn).Conn().SendBatch(ctx, &batch).Close()
	})
}

// status is what the database last said of the connection's transaction.
type status byte

const (
	idle    status = 'I' // none
	open    status = 'T'
	aborted status = 'E' // a statement was refused: only its rollback is left
	lost    status = 0   // there is no connection any more
)

func (c *postgresConn) status() status {
	s := lost
	err := c.raw.Raw(func(driverConn any) error {
		if conn := driverConn.(*stdlib.Conn).Conn(); !conn.IsClosed() {
			s = status(conn.PgConn().TxStatus())
		}
		return nil
	})
	if err != nil {
		return lost
	}
	return s
}

// shortRest is how long a connection may rest without being looked at before it is used again.
const shortRest = 50 * time.Millisecond

// usable says whether the connection still stands. One that has rested is asked.
func (c *postgresConn) usable(ctx context.Context) bool {
	if c.status() != idle {
		return false
	}
	if time.Since(c.rested) < shortRest {
		return true
	}
	return c.raw.PingContext(ctx) == nil
}

// discard closes the connection for good, and not only gives it back to the pool.
func (c *postgresConn) discard() {
	_ = c.raw.Raw(func(any) error { return driver.ErrBadConn }) // that is how a pool is told
	_ = c.raw.Close()                                           // it may be gone already
}

func (*postgres) dialect() dialect { return onPostgres }

func (p *postgres) gorm() *gorm.DB { return p.plain }

func openGorm(pool gorm.ConnPool) (*gorm.DB, error) {
	return gorm.Open(dialector.New(dialector.Config{Conn: pool}), quiet())
}
