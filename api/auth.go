package api

import (
	"context"
	"strings"

	"github.com/labstack/echo/v4"

	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
	"grupa/internal/words"
)

type callerKey struct{}

type languageKey struct{}

// callerOf is who asks. Without the middleware it is nobody, who may do nothing.
func callerOf(ctx context.Context) account.Caller {
	c, _ := ctx.Value(callerKey{}).(account.Caller)
	return c
}

// admit finds out who calls, by the bearer token, and lets in whom the route's policy names.
func (s *Server) admit(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		route := c.Request().Method + " " + c.Path()
		p, ok := policies[route]
		if !ok {
			return next(c) // no route: the router's own 404 or 405
		}
		if err := s.knownQuery(route, c.QueryParams()); err != nil {
			return err
		}
		caller := account.Anyone()
		if !p.open {
			var err error
			if caller, err = s.caller(c); err != nil {
				return err
			}
			if !p.admits(caller) {
				return s.refuse(c.Request().Context(), caller, route)
			}
		}
		ctx := context.WithValue(c.Request().Context(), callerKey{}, caller)
		if lang, ok := words.Match(c.Request().Header.Get("Accept-Language")); ok {
			ctx = context.WithValue(ctx, languageKey{}, lang)
		}
		c.SetRequest(c.Request().WithContext(ctx))
		return next(c)
	}
}

func (p policy) admits(c account.Caller) bool {
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

// refuse records the try, so that somebody who looks for doors is seen.
func (s *Server) refuse(ctx context.Context, caller account.Caller, route string) error {
	err := s.DB.Update(ctx, caller, func(tx *store.Tx) error {
		tx.Refused("call", route)
		return nil
	})
	if err != nil {
		s.Log.Error("a refused try could not be recorded", "error", err)
	}
	return account.ErrDenied
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

// knownQuery refuses a query parameter that the route does not have: a misspelt filter would show too much.
func (s *Server) knownQuery(route string, given map[string][]string) error {
	var l fault.List
	for name, values := range given {
		known, many := false, false
		for _, n := range s.query[route] {
			if base, ok := strings.CutSuffix(n, "[]"); base == name {
				known, many = true, ok
			}
		}
		if !known {
			l.Add(name, "query")
		} else if len(values) > 1 && !many {
			l.Add(name, "duplicate")
		}
	}
	return l.Err()
}
