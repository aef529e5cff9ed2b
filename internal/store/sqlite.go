package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/mattn/go-sqlite3"
)

// sqlite is the engine of one machine: one goroutine writes, and commits what waits together; snapshots are read beside
// it.
type sqlite struct {
	db    *DB
	write *sqliteConn      // owned by the writer goroutine
	read  chan *sqliteConn // the ones that no View uses at the moment
	pools []*sql.DB

	units chan *unit
	done  chan struct{} // closed when the writer has stopped
}

// readers is how many snapshots can be read at once. SQLite's readers never wait for the writer.
const readers = 8

func openSQLite(ctx context.Context, db *DB) (*sqlite, error) {
	s := &sqlite{db: db, units: make(chan *unit, 1024), done: make(chan struct{})}
	// A group of units dirties more pages than fit in the 2 MB that SQLite keeps by default.
	write := sql.OpenDB(connector{dsn(db.cfg.Database, "_txlock", "immediate", "_cache_size", "-32000")})
	write.SetMaxOpenConns(1)
	read := sql.OpenDB(connector{dsn(db.cfg.Database, "_txlock", "deferred", "_query_only", "true")})
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	s.pools = []*sql.DB{write, read}
	err := errors.Join(checkPragmas(ctx, write), checkPragmas(ctx, read))
	if err == nil {
		err = s.connect(ctx, write, read)
	}
	if err != nil {
		return nil, errors.Join(err, s.closeFiles())
	}
	go s.writer()
	return s, nil
}

func (s *sqlite) connect(ctx context.Context, write, read *sql.DB) (err error) {
	if s.write, err = newSQLiteConn(ctx, write); err != nil {
		return err
	}
	s.read = make(chan *sqliteConn, readers)
	for range readers {
		c, err := newSQLiteConn(ctx, read)
		if err != nil {
			return err
		}
		s.read <- c
	}
	return nil
}

// view implements engine.
func (s *sqlite) view(ctx context.Context, fn func(*Tx) error) (err error) {
	var c *sqliteConn
	select {
	case c = <-s.read:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.db.closing:
		return ErrClosed
	}
	defer func() { s.read <- c }()
	if err := c.exec("BEGIN"); err != nil {
		return ErrStorage.Because(fmt.Errorf("begin view: %w", err))
	}
	defer func() { err = errors.Join(err, c.exec("ROLLBACK")) }()
	return fn(&Tx{g: c.gorm.WithContext(ctx), engine: onSQLite})
}

// dsn has the settings that every connection must have; SQLite forgets them with the connection.
func dsn(path string, more ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pragmas)+len(more); i += 2 {
		kv := append(append([]string{}, pragmas...), more...)
		q.Set(kv[i], kv[i+1])
	}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
}

var pragmas = []string{
	"_journal_mode", "WAL",
	"_synchronous", "FULL", // the driver's default for WAL is NORMAL, which loses acknowledged commits at a power cut
	"_foreign_keys", "true",
	"_secure_delete", "true", // what is erased is gone from the file
	"_busy_timeout", "10000", // another process of ours may hold the lock: the command line
}

// connector opens connections with the settings that the data source name can't carry.
type connector struct{ dsn string }

func (c connector) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }

func (c connector) Connect(context.Context) (driver.Conn, error) {
	d := &sqlite3.SQLiteDriver{ConnectHook: func(conn *sqlite3.SQLiteConn) error {
		for _, s := range []string{"PRAGMA trusted_schema = OFF", "PRAGMA temp_store = MEMORY", checkpoint} {
			if _, err := conn.Exec(s, nil); err != nil {
				return err
			}
		}
		return nil
	}}
	return d.Open(c.dsn)
}

// checkpoint lets the log grow to 32 MB before it is folded into the database. With SQLite's 4 MB a group of units pays
// for that at nearly every commit.
const checkpoint = "PRAGMA wal_autocheckpoint = 8000"

// checkPragmas reads every setting back: a misspelt one is silently ignored by the engine.
func checkPragmas(ctx context.Context, pool *sql.DB) error {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	defer func() { _ = conn.Close() }() // back to the pool; nothing to lose
	for _, p := range []struct{ name, want string }{
		{"journal_mode", "wal"}, {"synchronous", "2"}, {"foreign_keys", "1"}, {"secure_delete", "1"},
		{"busy_timeout", "10000"}, {"trusted_schema", "0"}, {"temp_store", "2"},
	} {
		var got string
		if err := conn.QueryRowContext(ctx, "PRAGMA "+p.name).Scan(&got); err != nil {
			return fmt.Errorf("read PRAGMA %s: %w", p.name, err)
		}
		if !strings.EqualFold(got, p.want) {
			return fmt.Errorf("the database has %s = %s instead of %s: not safe to run on", p.name, got, p.want)
		}
	}
	return nil
}

// close implements engine.
func (s *sqlite) close() error {
	<-s.done
	return s.closeFiles()
}

func (s *sqlite) closeFiles() (err error) {
	if s.write != nil {
		err = s.write.close()
	}
	for range cap(s.read) {
		select {
		case c := <-s.read:
			err = errors.Join(err, c.close())
		case <-time.After(closePatience):
			err = errors.Join(err, errStillRuns)
		}
	}
	for _, pool := range s.pools {
		err = errors.Join(err, pool.Close())
	}
	return err
}

// check implements engine.
func (s *sqlite) check(tx *Tx) error {
	return errors.Join(checkPages(tx), checkForeignKeys(tx), checkTail(tx))
}

func checkPages(tx *Tx) error {
	var found []string
	if err := tx.g.Raw("PRAGMA integrity_check").Scan(&found).Error; err != nil {
		return err
	}
	if len(found) != 1 || found[0] != "ok" {
		return fmt.Errorf("the database file is damaged: %v", found)
	}
	return nil
}

func checkForeignKeys(tx *Tx) error {
	var found []struct{ Table string }
	if err := tx.g.Raw("PRAGMA foreign_key_check").Scan(&found).Error; err != nil {
		return err
	}
	if len(found) > 0 {
		return fmt.Errorf("%d rows refer to what is not there, the first in %s", len(found), found[0].Table)
	}
	return nil
}

// checkTail finds that the last rows of the trail were taken away before they were chained: the engine remembers the
// last number that it gave.
func checkTail(tx *Tx) error {
	var given, last int64
	err := tx.g.Raw(`SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'audit'), 0),
		coalesce((SELECT max(seq) FROM audit), 0)`).Row().Scan(&given, &last)
	if err == nil && last < given {
		return fmt.Errorf("%w: rows after %d are gone", ErrAuditBroken, last)
	}
	return err
}
