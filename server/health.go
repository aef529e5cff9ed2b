package main

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"grupa/internal/account"
	"grupa/internal/store"
)

// How often the database is looked at, what one look may take, and after how long without a good one nothing is asked
// of the database any more. One that refuses is known sooner than one that is only silent, which may be busy.
const (
	lookEvery    = time.Second
	lookPatience = time.Second
	refusing     = 2 * time.Second
	silent       = 6 * time.Second
)

// health knows whether this process can do its work. It looks at the database by itself, so whoever asks, however
// often, costs the database nothing.
type health struct {
	db       *store.DB
	stopping atomic.Bool
	last     atomic.Pointer[look]
}

// look is what was seen of the database last.
type look struct {
	err  error     // nil: it answered
	good time.Time // when it last answered
}

// newHealth looks once, so that it knows something from the start.
func newHealth(ctx context.Context, db *store.DB) *health {
	h := &health{db: db}
	h.last.Store(&look{good: time.Now()})
	h.look(ctx)
	return h
}

// run looks until ctx ends.
func (h *health) run(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			h.look(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// look reads one row in a unit of its own.
func (h *health) look(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lookPatience)
	defer cancel()
	seen := look{good: h.last.Load().good}
	seen.err = h.db.View(ctx, account.Machine(), func(tx *store.Tx) error {
		_, err := tx.Programme()
		return err
	})
	switch {
	case seen.err == nil:
		seen.good = time.Now()
	case ctx.Err() != nil:
		seen.err = errSilent // whatever the look was told as it broke off
	}
	h.last.Store(&seen)
}

var errSilent = errors.New("the database did not answer in time")

// unready is why no request should come here, in a word, or nothing. A look that does not come back counts as a bad one.
func (h *health) unready() string {
	switch last := h.last.Load(); {
	case h.stopping.Load():
		return "stopping"
	case last.err != nil || time.Since(last.good) > silent:
		return "database"
	case h.db.ReadOnly():
		return "read-only"
	}
	return ""
}

// gone is an error once the database is known to be out of reach: then each try would only wait for what can't come.
func (h *health) gone() error {
	last := h.last.Load()
	away := time.Since(last.good)
	if errors.Is(last.err, store.ErrStorage) && away > refusing || away > silent {
		return store.ErrStorage
	}
	return nil
}

// register adds the two probes: whether the process lives, and whether it should be sent requests.
func (h *health) register(e *echo.Echo) {
	e.GET("/healthz", echo.WrapHandler(http.HandlerFunc(healthz)))
	e.GET("/readyz", echo.WrapHandler(http.HandlerFunc(h.readyz)))
}

func healthz(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok") }

func (h *health) readyz(w http.ResponseWriter, _ *http.Request) {
	if why := h.unready(); why != "" {
		say(w, http.StatusServiceUnavailable, why)
		return
	}
	say(w, http.StatusOK, "ready")
}

func say(w http.ResponseWriter, status int, word string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(word + "\n")) // whoever asked may be gone
}
