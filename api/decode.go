package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
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
type binder struct{}

// Bind implements echo.Binder.
func (binder) Bind(into any, c echo.Context) error {
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
	return decode(raw, into)
}

// decode refuses what encoding/json lets pass: duplicate names, names in another case, unknown names, bytes that are
// not UTF-8, control characters, deep nesting and anything after the value.
func decode(raw []byte, into any) error {
	if !utf8.Valid(raw) {
		return malformed("utf8")
	}
	w := walker{d: json.NewDecoder(bytes.NewReader(raw))}
	w.d.UseNumber()
	if err := w.value("", 0); err != nil {
		return err
	}
	if _, err := w.d.Token(); err != io.EOF {
		return malformed("json")
	}
	if err := w.list.Err(); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	return decodeError(d.Decode(into))
}

func decodeError(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		path := e.Field
		if path == "" {
			path = "body"
		}
		return fault.At(path, "type")
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		if name, err := strconv.Unquote(name); err == nil {
			return fault.At(name, "unknown_field")
		}
	}
	return malformed("value") // such as a date-time that is none
}

// deepest is more than any request needs.
const deepest = 16

// walker reads a JSON text token by token, before anything is made of it.
type walker struct {
	d    *json.Decoder
	list fault.List
}

func (w *walker) value(path string, depth int) error {
	t, err := w.d.Token()
	if err != nil {
		return malformed("json")
	}
	switch v := t.(type) {
	case string:
		w.text(path, v)
	case json.Delim:
		if depth >= deepest {
			return malformed("depth")
		}
		if v == '{' {
			return w.object(path, depth)
		}
		return w.array(path, depth)
	case nil:
		w.list.Add(orBody(path), "null")
	}
	return nil
}

func (w *walker) object(path string, depth int) error {
	seen := map[string]bool{}
	for w.d.More() {
		t, err := w.d.Token()
		if err != nil {
			return malformed("json")
		}
		name := t.(string) // the decoder gives nothing else for a key
		at := strings.TrimPrefix(path+"."+name, ".")
		switch {
		case seen[name]:
			w.list.Add(at, "duplicate")
		case strings.ToLower(name) != name || !utf8.ValidString(name) || len(name) > 100:
			w.list.Add(shortened(at), "unknown_field")
		}
		seen[name] = true
		if err := w.value(at, depth+1); err != nil {
			return err
		}
	}
	return w.end()
}

func (w *walker) array(path string, depth int) error {
	for n := 0; w.d.More(); n++ {
		if err := w.value(path+"["+strconv.Itoa(n)+"]", depth+1); err != nil {
			return err
		}
	}
	return w.end()
}

func (w *walker) end() error {
	if _, err := w.d.Token(); err != nil {
		return malformed("json")
	}
	return nil
}

func (w *walker) text(path, v string) {
	for _, r := range v {
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f || r == utf8.RuneError {
			w.list.Add(orBody(path), "control")
			return
		}
	}
}

func orBody(path string) string {
	if path == "" {
		return "body"
	}
	return shortened(path)
}

// shortened keeps an answer small however long the names of a request are.
func shortened(path string) string {
	if len(path) <= 200 {
		return path
	}
	return strings.ToValidUTF8(path[:200], "") + "…"
}
