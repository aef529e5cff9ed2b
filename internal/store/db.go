package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/mattn/go-sqlite3"
	"grupa/internal/fault"
	"grupa/internal/store/seal"
)

// Sealing is what the store needs to keep things unreadable. *seal.Keyring is the one.
type Sealing interface {
	NewKey(owner string) (seal.Key, []byte, error)
	Unwrap(owner string, wrapped []byte) (seal.Key, error)
	Index(kind, word string) []byte
	FeedKey(feed string) []byte
	ChainKey() []byte
}

// Config says where and how. Every field must be set.
type Config struct {
	Path    string           // of the database file; its folder must be there
	Sealing Sealing          // of the installation's key
	Now     func() time.Time // the clock of every unit
	Log     *slog.Logger     // of errors that no client is told
}

// DB is an open database. Its methods may be used by many goroutines at once.
type DB struct {
	cfg     Config
	write   *conn      // owned by the writer goroutine
	read    chan *conn // the ones that no View uses at the moment
	pools   []*sql.DB
	library library

	units   chan *unit
	closing chan struct{}
	done    chan struct{} // closed when the writer has stopped
	once    sync.Once

	closed   sync.Once
	closeErr error // written once, by closed
}

// ErrClosed is for a unit that comes after Close.
var ErrClosed = fault.New(fault.Unavailable, "stopping")

// readers is how many snapshots can be read at once. SQLite readers never wait for the writer.
const readers = 8

// Open opens the database, makes it if there is none, and refuses one whose settings were not taken. It does not
// migrate.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	db := &DB{
		cfg: cfg, library: newLibrary(),
		units: make(chan *unit, 1024), closing: make(chan struct{}), done: make(chan struct{}),
	}
	// A group of units dirties more pages than fit in the 2 MB that SQLite keeps by default.
	write := sql.OpenDB(connector{dsn(cfg.Path, "_txlock", "immediate", "_cache_size", "-32000")})
	write.SetMaxOpenConns(1)
	read := sql.OpenDB(connector{dsn(cfg.Path, "_txlock", "deferred", "_query_only", "true")})
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	db.pools = []*sql.DB{write, read}
	err := errors.Join(checkPragmas(ctx, write), checkPragmas(ctx, read))
	if err == nil {
		err = db.connect(ctx, write, read)
	}
	if err != nil {
		return nil, errors.Join(err, db.closeFiles())
	}
	go db.writer()
	return db, nil
}

func (db *DB) connect(ctx context.Context, write, read *sql.DB) (err error) {
	if db.write, err = newConn(ctx, write); err != nil {
		return err
	}
	db.read = make(chan *conn, readers)
	for range readers {
		c, err := newConn(ctx, read)
		if err != nil {
			return err
		}
		db.read <- c
	}
	return nil
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

// Close lets the units that wait finish, refuses new ones, and closes the files once nobody reads.
func (db *DB) Close() error {
	db.once.Do(func() { close(db.closing) })
	<-db.done
	db.closed.Do(func() { db.closeErr = db.closeFiles() })
	return db.closeErr
}

func (db *DB) closeFiles() (err error) {
	if db.write != nil {
		err = db.write.close()
	}
	for range cap(db.read) {
		select {
		case c := <-db.read:
			err = errors.Join(err, c.close())
		case <-time.After(closePatience):
			err = errors.Join(err, errors.New("a view did not end"))
		}
	}
	for _, pool := range db.pools {
		err = errors.Join(err, pool.Close())
	}
	return err
}

// closePatience is how long Close waits for a view that still runs.
const closePatience = 10 * time.Second
