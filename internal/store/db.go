package store

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

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

// Config says where and how. Every field but Meter must be set.
type Config struct {
	Database string           // a postgres:// URL, or the path of an SQLite file; its folder must be there
	Sealing  Sealing          // of the installation's key
	Now      func() time.Time // the clock of every unit
	Log      *slog.Logger     // of errors that no client is told
	Meter    Meter            // of numbers for whoever runs this; nil: none
}

// DB is an open database. Its methods may be used by many goroutines at once.
type DB struct {
	cfg      Config
	engine   engine
	library  library
	readOnly atomic.Bool
	standing standing

	unreadable *sql.DB // gives errReads to whoever asks it

	calendarTouches atomic.Int64 // see CalendarTouches

	closing  chan struct{}
	once     sync.Once
	closeErr error // written once, by once
}

// engine is what differs between SQLite and PostgreSQL: how a unit gets its connection, what holds while it runs, and
// how it ends. Both keep the same promises; the tests of the store and of every rule run on both.
type engine interface {
	// update runs the unit and leaves its error in it: nil once it is on disk.
	update(ctx context.Context, u *unit)
	// view runs fn on one snapshot that refuses writes.
	view(ctx context.Context, fn func(*Tx) error) error
	// check verifies what the engine itself must keep: pages, references, triggers.
	check(tx *Tx) error
	// close waits for what runs and refuses what comes.
	close() error

	// gorm speaks the engine's SQL. Its connection is not to be used.
	gorm() *gorm.DB
	dialect() dialect
}

// Errors that stand for the whole store.
var (
	ErrClosed   = fault.New(fault.Unavailable, "stopping")  // a unit came after Close
	ErrStorage  = fault.New(fault.Unavailable, "storage")   // the database did not take a unit, or is out of reach
	ErrReadOnly = fault.New(fault.Unavailable, "read_only") // the disk failed under a commit: only reading goes on
)

// IsPostgres says whether a database is named by a URL of PostgreSQL. Everything else is the path of an SQLite file.
func IsPostgres(database string) bool {
	return strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://")
}

// Open opens the database, makes the file of SQLite if there is none, and refuses settings that were not taken. It does
// not migrate.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	db := &DB{cfg: cfg, library: newLibrary(), unreadable: sql.OpenDB(unreadable{}), closing: make(chan struct{})}
	var err error
	if IsPostgres(cfg.Database) {
		db.engine, err = openPostgres(ctx, db)
	} else {
		db.engine, err = openSQLite(ctx, db)
	}
	if err != nil {
		return nil, err
	}
	return db, nil
}

// quiet is how gorm is to work on a connection of ours.
func quiet() *gorm.Config {
	return &gorm.Config{
		SkipDefaultTransaction: true,           // units open their own
		DisableAutomaticPing:   true,           // beginning a unit tells
		Logger:                 logger.Discard, // its slow-query log prints answers
	}
}

// ReadOnly says whether the disk failed under a commit. What the engine then still holds in memory may not be on disk,
// so nothing more is written until a start has read it back.
func (db *DB) ReadOnly() bool { return db.readOnly.Load() }

// Close lets the units that wait finish, refuses new ones, and closes the database once nobody reads.
func (db *DB) Close() error {
	db.once.Do(func() {
		close(db.closing)
		db.closeErr = errors.Join(db.engine.close(), db.unreadable.Close())
	})
	return db.closeErr
}

func (db *DB) isClosing() bool {
	select {
	case <-db.closing:
		return true
	default:
		return false
	}
}

// closePatience is how long Close waits for a unit that still runs.
const closePatience = 10 * time.Second

var errStillRuns = errors.New("a unit did not end")
