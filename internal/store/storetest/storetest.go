// Package storetest gives tests a real database with a programme in it, and short ways to what a test needs there:
// staff, applicants, groups. It leaves out every assertion. Nothing outside tests and the programs under internal/bench
// and internal/faults imports it.
package storetest

import (
	"bytes"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/seal"
	"grupa/internal/words"
)

// Epoch is when every test database begins: an ordinary Tuesday, five weeks before clocks change in Europe.
var Epoch = time.Date(2026, time.September, 22, 8, 0, 0, 0, time.UTC)

// Clock is a clock that tests move. It may be used by many goroutines.
type Clock struct{ at atomic.Int64 }

// Now is the time of the clock.
func (c *Clock) Now() time.Time { return time.Unix(0, c.at.Load()).UTC() }

// Set puts the clock to an instant.
func (c *Clock) Set(t time.Time) { c.at.Store(t.UnixNano()) }

// Advance moves the clock on.
func (c *Clock) Advance(d time.Duration) { c.at.Add(int64(d)) }

// Store is an open database of the test's own.
type Store struct {
	*store.DB
	Clock    *Clock
	Database string        // path or URL
	Log      *bytes.Buffer // what was logged; read it when nothing runs any more
	tb       testing.TB
}

// Options change what New makes.
type Options struct {
	Sealing  store.Sealing // nil: a key ring of a fixed key
	TimeZone string        // empty: Europe/Warsaw
	Engine   Engine        // empty: the one that the tests run on at the moment
}

// Key is the installation's key of every test database.
func Key() []byte { return bytes.Repeat([]byte{7}, seal.KeySize) }

// New opens a migrated database of the engine that the tests run on with the catalogue and one programme, and closes it when the test ends.
func New(tb testing.TB, options ...Options) *Store {
	tb.Helper()
	var o Options
	if len(options) > 0 {
		o = options[0]
	}
	if o.TimeZone == "" {
		o.TimeZone = "Europe/Warsaw"
	}
	if o.Sealing == nil {
		keyring, err := seal.New(Key())
		must(tb, err)
		o.Sealing = keyring
	}
	if o.Engine == "" {
		o.Engine = EngineNow()
	}
	s := &Store{Clock: &Clock{}, Database: migrated(tb, o.Engine), Log: &bytes.Buffer{}, tb: tb}
	s.Clock.Set(Epoch)
	db, err := store.Open(tb.Context(), store.Config{
		Database: s.Database, Sealing: o.Sealing, Now: s.Clock.Now, Log: slog.New(slog.NewJSONHandler(s.Log, nil)),
	})
	must(tb, err)
	tb.Cleanup(func() { must(tb, db.Close()) })
	must(tb, db.Install(tb.Context(), words.English, o.TimeZone))
	must(tb, db.LoadCatalogue(tb.Context()))
	s.DB = db
	return s
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// Do runs a writing unit that must succeed.
func (s *Store) Do(c account.Caller, fn func(tx *store.Tx) error) {
	s.tb.Helper()
	must(s.tb, s.Update(s.tb.Context(), c, fn))
}

// Read runs a reading unit that must succeed.
func (s *Store) Read(c account.Caller, fn func(tx *store.Tx) error) {
	s.tb.Helper()
	must(s.tb, s.View(s.tb.Context(), c, fn))
}
