package api

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
)

// asker is the context of a request with who asks, and what they would like to read.
type asker struct {
	context.Context
	caller    account.Caller
	languages string // Accept-Language, which is not read before it is needed
}

type askerKey struct{}

// Value implements context.Context.
func (a *asker) Value(key any) any {
	if key == (askerKey{}) {
		return a
	}
	return a.Context.Value(key)
}

func askerOf(ctx context.Context) asker {
	if a, ok := ctx.Value(askerKey{}).(*asker); ok {
		return *a
	}
	return asker{}
}

// callerOf is who asks. Without the middleware it is nobody, who may do nothing.
func callerOf(ctx context.Context) account.Caller { return askerOf(ctx).caller }

// admit finds out who calls, by the bearer token, and lets in whom the route's policy names.
func (s *Server) admit(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		route := c.Request().Method + " " + c.Path()
		p, ok := policies[route]
		if !ok {
			return next(c) // no route: the router's own 404 or 405
		}
		if err := s.knownQuery(route, c.Request().URL.RawQuery); err != nil {
			return err
		}
		if err := s.outOfReach(p); err != nil {
			return err
		}
		if p.address {
			return next(c)
		}
		caller := account.Anyone()
		if !p.open {
			var err error
			if caller, err = s.caller(c); err != nil {
				return err
			}
		}
		r := c.Request()
		c.SetRequest(r.WithContext(&asker{r.Context(), caller, r.Header.Get("Accept-Language")}))
		if !p.admits(caller) {
			return account.ErrDenied
		}
		return next(c)
	}
}

// outOfReach spares a request the wait for a database that is known to be gone.
func (s *Server) outOfReach(p policy) error {
	if p.memory || s.Gone == nil {
		return nil
	}
	return s.Gone()
}

// Actor is the id of the member of staff who made a request, for the access log. Of applicants and members it gives
// nothing: who reads a log is not to learn when somebody looked after their seat.
func Actor(ctx context.Context) string {
	if c := callerOf(ctx); c.Kind == account.Staff {
		return string(c.Person)
	}
	return ""
}

func (p policy) admits(c account.Caller) bool {
	if p.open {
		return true
	}
	if c.Kind == account.Applicant {
		return p.applicant
	}
	for _, role := range p.staff {
		if c.Is(role) {
			return true
		}
	}
	return false
}

// refused records a try that was denied, at the door or by a rule, so that somebody who looks for doors is seen.
func (s *Server) refused(c echo.Context) {
	ctx := c.Request().Context()
	err := s.DB.Update(ctx, callerOf(ctx), func(tx *store.Tx) error {
		tx.Refused("call", c.Request().Method+" "+c.Path())
		return nil
	})
	if err != nil {
		s.Log.Error("a refused try could not be recorded", "error", err)
	}
}

// caller looks the bearer token up in the database at each request, so a change of roles acts at once.
func (s *Server) caller(c echo.Context) (caller account.Caller, err error) {
	scheme, secret, _ := strings.Cut(c.Request().Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return caller, account.ErrNobody
	}
	ctx := c.Request().Context()
	if account.IsToken(secret, account.TokenPrefix) {
		err = s.DB.View(ctx, account.Machine(), func(tx *store.Tx) error {
			caller, err = tx.CallerByToken(account.HashOf(secret))
			return err
		})
		return caller, err
	}
	receipt, ok := account.ParseReceipt(secret)
	if !ok {
		return caller, account.ErrNobody
	}
	err = s.DB.View(ctx, account.Machine(), func(tx *store.Tx) error {
		caller, err = tx.CallerByReceipt(account.HashOf(receipt))
		return err
	})
	return caller, err
}

// knownQuery refuses a query parameter that the route does not have: a misspelt filter would show too much. So would
// one that net/url drops because it can't read it.
func (s *Server) knownQuery(route, query string) error {
	if query == "" {
		return nil
	}
	given, err := url.ParseQuery(query)
	if err != nil {
		return fault.At("query", "value")
	}
	var l fault.List
	for _, name := range slices.Sorted(maps.Keys(given)) {
		at := shortened(name)
		known, many := false, false
		for _, n := range s.query[route] {
			if base, ok := strings.CutSuffix(n, "[]"); base == name {
				known, many = true, ok
			}
		}
		if !known {
			l.Add(orBody(at), "query")
		} else if len(given[name]) > 1 && !many {
			l.Add(at, "duplicate")
		}
		for _, value := range given[name] {
			_ = l.Take(account.CheckLine(at, value, mostBody)) // always a field error
		}
	}
	return l.Err()
}
