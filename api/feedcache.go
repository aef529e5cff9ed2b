package api

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"grupa/calendar"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
)

const (
	// feedTrust is how long a feed is served from memory after the calendar's version was last looked at, and so the
	// longest that a revoked address lives on another replica.
	feedTrust = time.Second
	// mostFeedBytes bounds what is kept. A feed of a year's weekly sessions is 3 kB packed and 18 kB plain.
	mostFeedBytes = 128 << 20
)

// feedCache keeps feeds as they are sent, so that asking again for what did not change costs no database. It owns no
// truth: each is kept under the version that it was read with, and another replica has its own. Only what works is
// kept; a wrong address is looked up each time, so nobody can fill the memory with addresses that they think of.
type feedCache struct {
	db   *store.DB
	log  *slog.Logger
	most int // bytes

	packer packer
	seen   atomic.Pointer[sight] // the last good one

	looking sync.Mutex
	flight  *flight // the look that is under way, if any; owned by looking

	mu      sync.RWMutex // holds for what follows
	edition edition      // that all entries are of
	entries map[feedKey]*feedFile
	bytes   int
}

// edition is what a feed's bytes depend on besides its address: the version of the calendar, and the day, which moves
// the window.
type edition struct{ version, day int64 }

// feedKey has the encoding in it: most clients ever ask for one.
type feedKey struct {
	token  account.Hash
	packed bool
}

// sight is the version as it was read in a unit that began at that time, after so many touches of this process.
type sight struct {
	version, touches int64
	at               time.Time
}

// flight is one look that everybody waits for who needs one.
type flight struct {
	done chan struct{} // closed when the rest is set
	saw  *sight
	err  error
}

func newFeedCache(db *store.DB, log *slog.Logger, most int) *feedCache {
	return &feedCache{db: db, log: log, most: most, entries: map[feedKey]*feedFile{}}
}

// open gives the feed behind the secret of an address, from memory if it may.
func (c *feedCache) open(ctx context.Context, secret string, packed bool) (*feedFile, error) {
	if !account.IsToken(secret, account.FeedPrefix) {
		return nil, calendar.ErrNoFeed
	}
	key := feedKey{account.HashOf(secret), packed}
	saw, now, err := c.look(ctx)
	if err != nil {
		return nil, err
	}
	if c.holds(saw, now) {
		if f := c.find(edition{saw.version, dayNumber(now)}, key); f != nil && now.Before(f.expires) {
			return f, nil
		}
	}
	return c.render(ctx, secret, key)
}

// holds says whether what was seen may still be acted on.
func (c *feedCache) holds(s *sight, now time.Time) bool {
	if s == nil || s.touches != c.db.CalendarTouches() {
		return false
	}
	age := now.Sub(s.at)
	return age >= 0 && age < feedTrust // a clock that was put back proves nothing
}

// look gives the version, at most once a trust from the database, and the time then. All who wait share the answer, or
// the failure.
func (c *feedCache) look(ctx context.Context) (s *sight, now time.Time, err error) {
	for {
		now = c.db.Now()
		if s := c.seen.Load(); c.holds(s, now) {
			return s, now, nil
		}
		f, begun := c.fly(ctx)
		select {
		case <-f.done:
		case <-ctx.Done():
			return nil, now, ctx.Err()
		}
		if begun || f.err != nil {
			return f.saw, c.db.Now(), f.err
		} // else it may have begun before something that whoever waits knows of
	}
}

// fly joins the look that is under way, or begins one. Whoever began it may go away; the others wait on.
func (c *feedCache) fly(ctx context.Context) (f *flight, begun bool) {
	c.looking.Lock()
	defer c.looking.Unlock()
	if c.flight != nil {
		return c.flight, false
	}
	f = &flight{done: make(chan struct{})}
	c.flight = f
	go c.read(context.WithoutCancel(ctx), f)
	return f, true
}

func (c *feedCache) read(ctx context.Context, f *flight) {
	ctx, cancel := context.WithTimeout(ctx, feedTrust) // what takes longer may not be acted on anyway
	defer cancel()
	saw := c.begin()
	f.err = c.db.View(ctx, account.Machine(), func(tx *store.Tx) (err error) {
		saw.version, err = tx.CalendarVersion()
		return err
	})
	if f.err == nil {
		f.saw = saw
		c.seen.Store(saw)
	} else if fault.Of(f.err) == nil {
		f.err = store.ErrStorage.Because(f.err)
	}
	c.looking.Lock()
	c.flight = nil
	c.looking.Unlock()
	close(f.done)
}

// begin notes what is known before a unit reads: what happens from here on, the unit may miss.
func (c *feedCache) begin() *sight { return &sight{touches: c.db.CalendarTouches(), at: c.db.Now()} }

// render reads a feed and the version in one unit, notes the day of the fetch, and keeps the feed. That is the first
// fetch of a day at the latest, so a fetch from memory has nothing to note.
func (c *feedCache) render(ctx context.Context, secret string, key feedKey) (*feedFile, error) {
	saw := c.begin()
	var feed calendar.Feed
	var body []byte
	var modified, now time.Time
	err := c.db.View(ctx, account.Machine(), func(tx *store.Tx) (err error) {
		now = tx.Now()
		if saw.version, err = tx.CalendarVersion(); err != nil {
			return err
		}
		feed, body, modified, err = calendar.OpenFeed(tx, secret)
		return err
	})
	if err != nil {
		return nil, err
	}
	if feed.FetchedOn != calendar.Day(now) {
		err := c.db.Update(ctx, account.Machine(), func(tx *store.Tx) error { return calendar.Fetched(tx, feed) })
		if err != nil {
			c.log.Error("the day of a fetch could not be noted", "error", err) // the calendar matters more
		}
	}
	var z *packer
	if key.packed {
		z = &c.packer
	}
	f := newFeedFile(body, modified, feed.Expires, z)
	c.keep(edition{saw.version, dayNumber(now)}, key, f)
	c.seen.Store(saw)
	return f, nil
}

func (c *feedCache) find(e edition, key feedKey) *feedFile {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.edition != e {
		return nil
	}
	return c.entries[key]
}

// keep puts a feed among those of its edition, and forgets all of another. Where there is too much, any goes: which one
// was asked for last says little of who asks next, when everybody asks once an hour.
func (c *feedCache) keep(e edition, key feedKey, f *feedFile) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.edition != e {
		c.edition, c.entries, c.bytes = e, map[feedKey]*feedFile{}, 0
	}
	if old := c.entries[key]; old != nil {
		c.bytes -= old.size()
	}
	c.entries[key] = f
	c.bytes += f.size()
	for other, old := range c.entries {
		if c.bytes <= c.most {
			return
		}
		c.bytes -= old.size()
		delete(c.entries, other)
	}
}

// dayNumber is the day of an instant in UTC, as calendar.Day, without the text.
func dayNumber(t time.Time) int64 { return t.Unix() / (24 * 60 * 60) }
