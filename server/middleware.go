package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/labstack/echo/v4"

	"grupa/api"
	"grupa/internal/fault"
)

// identify gives each request an id of ours; one that a client sends is not believed.
func identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header()["X-Request-Id"] = []string{rand.Text()}
		return next(c)
	}
}

// logged writes a line a request: the route's pattern, never the address, which may hold a secret; no query, no body;
// who asked only where it was a member of staff.
func logged(log *accessLog) echo.MiddlewareFunc {
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
			r, end := c.Request(), time.Now()
			log.add(access{
				at: end, requestID: c.Response().Header().Get(echo.HeaderXRequestID), method: knownMethod(r.Method),
				route: route, actor: api.Actor(r.Context()), status: c.Response().Status, took: end.Sub(start),
			})
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

// onEveryAnswer are the headers that every answer bears, as net/http keeps them: nobody writes into the values.
var onEveryAnswer = []struct {
	name  string
	value []string
}{
	{"X-Content-Type-Options", []string{"nosniff"}},
	{"Referrer-Policy", []string{"no-referrer"}},
	{"Content-Security-Policy",
		[]string{"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"}},
	{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
	{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
}

func headers(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		for _, one := range onEveryAnswer {
			h[one.name] = one.value
		}
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
