package api

import (
	"fmt"
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"

	"grupa/intake"
	"grupa/internal/store"
	"grupa/internal/words"
)

// Config is what the API stands on. Every field but Gone must be set.
type Config struct {
	DB        *store.DB
	Help      map[words.Lang]intake.HelpContacts // in memory, so that it shows with the database gone
	PublicURL string                             // what feed addresses begin with, without a slash at the end
	Language  words.Lang                         // of an answer where nothing else says which
	Log       *slog.Logger
	// Gone gives an error once the database is known to be out of reach. It is asked before anything that needs it, so
	// that nobody waits for what can't come. Nil: each request finds out by itself.
	Gone func() error
}

// Server answers the API. It keeps nothing that another replica would miss.
type Server struct {
	Config
	check *checker
	query map[string][]string // names of query parameters by route
	feeds *feedCache
}

var _ StrictServerInterface = (*Server)(nil)

// New makes a server and registers its routes. It fails on a route that nobody said who may call.
func New(e *echo.Echo, cfg Config) (*Server, error) {
	s := &Server{Config: cfg, check: newChecker(), feeds: newFeedCache(cfg.DB, cfg.Log, mostFeedBytes)}
	spec, err := GetSpec()
	if err != nil {
		return nil, fmt.Errorf("read the embedded openapi.yaml: %w", err)
	}
	s.query = queryNames(spec)
	e.Binder, e.HTTPErrorHandler = binder{&shapes{}}, s.handleError
	e.Use(s.limits, s.admit)
	RegisterHandlers(e, NewStrictHandler(s, []StrictMiddlewareFunc{s.validate}))
	e.GET(calendarRoute, s.calendar) // instead of the generated one
	e.HEAD(calendarRoute, s.calendar)
	if err := s.reference(e, spec); err != nil {
		return nil, err
	}
	return s, s.checkPolicies(e.Routes())
}

// checkPolicies compares the routes with the policies, both ways.
func (s *Server) checkPolicies(routes []*echo.Route) error {
	seen := map[string]bool{}
	for _, r := range routes {
		name := r.Method + " " + r.Path
		if _, ok := policies[name]; !ok {
			return fmt.Errorf("route %s has no policy that says who may call it", name)
		}
		seen[name] = true
	}
	for name := range policies {
		if !seen[name] {
			return fmt.Errorf("policy for %s, which is no route", name)
		}
	}
	return nil
}

const (
	mostBody = 64 << 10
)

var noStore = []string{"no-store"}

// limits keeps answers out of caches and bodies within bounds.
func (s *Server) limits(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r, h := c.Request(), c.Response().Header()
		h["Cache-Control"] = noStore
		if r.Header.Get("Content-Encoding") != "" {
			return errEncoding
		}
		if r.ContentLength > mostBody {
			return errTooLarge
		}
		if r.Body != http.NoBody {
			r.Body = http.MaxBytesReader(c.Response(), r.Body, mostBody)
		}
		return next(c)
	}
}
