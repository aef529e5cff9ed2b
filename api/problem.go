package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"

	"grupa/intake"
	"grupa/internal/fault"
	"grupa/internal/store"
	"grupa/internal/words"
)

// statuses is the one place where a kind of error becomes a status.
var statuses = map[fault.Kind]int{
	fault.Internal:        http.StatusInternalServerError,
	fault.Malformed:       http.StatusBadRequest,
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Denied:          http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Stale:           http.StatusPreconditionFailed,
	fault.Precondition:    http.StatusPreconditionRequired,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.Unsupported:     http.StatusUnsupportedMediaType,
	fault.TooMany:         http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
	fault.NoMethod:        http.StatusMethodNotAllowed,
}

var errInternal = fault.New(fault.Internal, "internal")

// handleError turns every error into a problem document. What is not ours is logged and told as "internal".
func (s *Server) handleError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	e := s.known(err, c)
	status := statuses[e.Kind]
	if status >= http.StatusInternalServerError {
		s.Log.Error("request failed", "request_id", requestID(c), "route", c.Path(), "error", err)
	}
	if e.Kind == fault.Denied {
		s.refused(c)
	}
	h := c.Response().Header()
	if status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	if after := retryAfter(e, status); after != "" {
		h.Set("Retry-After", after)
	}
	lang := s.errorLang(c)
	h.Set("Content-Language", string(lang))
	h.Set("Content-Type", "application/problem+json")
	c.Response().WriteHeader(status)
	if c.Request().Method == http.MethodHead {
		return
	}
	p := s.problem(e, status, lang, requestID(c))
	if helps(c, status) {
		p.Help = s.help(lang)
	}
	if err := json.NewEncoder(c.Response()).Encode(p); err != nil {
		s.Log.Debug("a problem could not be sent", "error", err) // the client is gone
	}
}

// retryAfter is in how many seconds it may be worth to come again, or nothing. Reading alone lasts until somebody has
// looked at the disk.
func retryAfter(e *fault.Error, status int) string {
	switch {
	case errors.Is(e, store.ErrReadOnly):
		return "60"
	case status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests:
		return "5"
	}
	return ""
}

// helps says whether a problem carries the numbers to call: to whoever fills a form, whatever is wrong with it, and to
// whoever stands before a server that fails. That needs no database, and tells nothing of what was answered.
func helps(c echo.Context, status int) bool {
	submitting := c.Request().Method == http.MethodPost && c.Path() == "/api/v1/applications"
	return submitting || status >= http.StatusInternalServerError || status == http.StatusTooManyRequests
}

func (s *Server) known(err error, c echo.Context) *fault.Error {
	if e := fault.Of(err); e != nil && e.Kind != fault.Internal {
		return e
	}
	if e, ok := errors.AsType[*echo.HTTPError](err); ok {
		return s.fromEcho(e)
	}
	if c.Request().Context().Err() != nil {
		return fault.New(fault.Unavailable, "stopping") // the client went away, or we are going
	}
	return errInternal
}

var parameterName = regexp.MustCompile(`parameter (\S+?):|for (\S+), got`)

// fromEcho covers the router and the generated reading of parameters.
func (s *Server) fromEcho(e *echo.HTTPError) *fault.Error {
	switch e.Code {
	case http.StatusNotFound:
		return errNoRoute
	case http.StatusMethodNotAllowed:
		return fault.New(fault.NoMethod, "method")
	case http.StatusRequestEntityTooLarge:
		return errTooLarge
	case http.StatusBadRequest:
		text, _ := e.Message.(string)
		if m := parameterName.FindStringSubmatch(text); m != nil {
			return fault.At(m[1]+m[2], "value")
		}
		return fault.Of(malformed("value"))
	}
	return errInternal
}

func (s *Server) errorLang(c echo.Context) words.Lang {
	if asked := c.QueryParam("lang"); words.Known(asked) {
		return words.Lang(asked)
	}
	if saved := callerOf(c.Request().Context()).Language; saved != "" {
		return saved
	}
	if l, ok := words.Match(c.Request().Header.Get("Accept-Language")); ok {
		return l
	}
	return s.Language
}

// mostFields keeps the answer to a body of nothing but faults smaller than the body.
const mostFields = 100

func (s *Server) problem(e *fault.Error, status int, lang words.Lang, id string) Problem {
	p := Problem{
		Type: "about:blank", Title: words.Say(lang, "title."+http.StatusText(status), nil), Status: status, Code: e.Code,
		Detail: words.Say(lang, "problem."+e.Code, e.Args), RequestID: id,
	}
	for _, f := range e.Fields[:min(len(e.Fields), mostFields)] {
		p.Fields = append(p.Fields, ProblemField{
			Field: f.Path, Code: f.Code, Detail: words.Say(lang, "field."+f.Code, f.Args),
		})
	}
	for _, k := range e.Clashes {
		p.Clashes = append(p.Clashes, Clash{
			Resource: ClashResource(k.Resource), ID: k.ID, StartsAt: k.Start, EndsAt: k.End,
		})
	}
	return p
}

func requestID(c echo.Context) string { return c.Response().Header().Get(echo.HeaderXRequestID) }

// help gives the contacts of that language, else the English ones.
func (s *Server) help(lang words.Lang) Help {
	h, ok := s.Help[lang]
	if !ok {
		h = s.Help[words.English]
	}
	help := Help{
		Language: h.Language, Note: h.Unwatched, Contacts: []HelpContact{}, Emergency: contactOf(h.Emergency),
		CheckedOn: h.CheckedOn,
	}
	for _, c := range h.Contacts {
		help.Contacts = append(help.Contacts, contactOf(c))
	}
	return help
}

func contactOf(c intake.HelpContact) HelpContact {
	return HelpContact{
		Name: c.Name, Phone: strings.TrimSpace(c.Phone), Hours: c.Hours, Note: c.Note,
	}
}
