package api

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"grupa/internal/fault"
)

// Errors of requests that can't be read.
var (
	errNoRoute   = fault.New(fault.NotFound, "not_found")
	errTooLarge  = fault.New(fault.TooLarge, "too_large").With("max", strconv.Itoa(mostBody>>10))
	errEncoding  = fault.New(fault.Unsupported, "content_encoding")
	errMediaType = fault.New(fault.Unsupported, "content_type")
)

func malformed(code string) error {
	e := *fault.New(fault.Malformed, "malformed")
	e.Fields = []fault.Field{{Path: "body", Code: code}}
	return &e
}

// binder reads a JSON body strictly. It binds nothing else: path and query are bound by the generated code.
type binder struct{ shapes *shapes }

// Bind implements echo.Binder.
func (b binder) Bind(into any, c echo.Context) error {
	media, _, err := mime.ParseMediaType(c.Request().Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return errMediaType
	}
	raw, err := io.ReadAll(c.Request().Body)
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return errTooLarge
	}
	if err != nil {
		return malformed("unreadable")
	}
	return b.shapes.decode(raw, into)
}

// decode refuses what encoding/json lets pass: duplicate names, names in another case, unknown names, bytes that are
// not UTF-8, control characters, deep nesting and anything after the value.
func (s *shapes) decode(raw []byte, into any) error {
	if !utf8.Valid(raw) {
		return malformed("utf8")
	}
	w := walker{raw: raw}
	if err := w.value(0, s.of(reflect.TypeOf(into))); err != nil {
		return err
	}
	err := json.Unmarshal(raw, into)
	if _, broken := errors.AsType[*json.SyntaxError](err); broken {
		return malformed("json")
	}
	if err := w.list.Err(); err != nil {
		return err
	}
	return typeError(err, raw)
}

// typeError says which value has a type that its field does not take.
func typeError(err error, raw []byte) error {
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*json.UnmarshalTypeError](err)
	if !ok {
		return malformed("value")
	}
	w := walker{raw: raw, wanted: int(e.Offset)}
	_ = w.value(0, nil) // it was walked before
	return fault.At(orBody(w.found), "type")
}
