package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/labstack/echo/v4"

	"grupa/internal/fault"
)

// identify gives each request an id of ours; one that a client sends is not believed.
func identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderXRequestID, rand.Text())
		return next(c)
	}
}

// logged writes a line a request: the route's pattern, never the address, which may hold a secret; no query, no body.
func logged(log *slog.Logger) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			start := time.Now()
			if err := next(c); err != nil {
				c.Error(err)
			}
			route := c.Path()
			if route == "" {
				route = "(none)"
			}
			log.LogAttrs(c.Request().Context(), slog.LevelInfo, "request",
				slog.String("request_id", c.Response().Header().Get(echo.HeaderXRequestID)),
				slog.String("method", knownMethod(c.Request().Method)), slog.String("route", route),
				slog.Int("status", c.Response().Status), slog.Duration("took", time.Since(start)))
			return nil
		}
	}
}

// knownMethod keeps a client's own words out of the log.
func knownMethod(method string) string {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		return method
	}
	return "(other)"
}

// recovered turns a panic into an error of the request. Its text may quote an answer: only where it happened is logged.
func recovered(log *slog.Logger) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) (err error) {
			defer func() {
				if r := recover(); r != nil {
					log.Error("panic", "request_id", c.Response().Header().Get(echo.HeaderXRequestID), "route", c.Path(),
						"kind", fmt.Sprintf("%T", r), "stack", fault.Frames(debug.Stack()))
					err = errPanicked
				}
			}()
			return next(c)
		}
	}
}

var errPanicked = fmt.Errorf("panicked")

// headers are on every answer.
func headers(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		return next(c)
	}
}

// quiet keeps the text of net/http's own errors, which quote what a client sent, out of the log.
type quiet struct{ slog.Handler }

// Handle logs that there was an error and nothing of it.
func (q quiet) Handle(ctx context.Context, r slog.Record) error {
	plain := slog.NewRecord(r.Time, r.Level, "http: connection error", 0)
	return q.Handler.Handle(ctx, plain)
}
