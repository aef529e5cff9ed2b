package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
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
	w := newWalker(raw)
	if err := w.value("", 0, reflect.TypeOf(into)); err != nil {
		return err
	}
	if _, err := w.d.Token(); err != io.EOF {
		return malformed("json")
	}
	if err := w.list.Err(); err != nil {
		return err
	}
	return typeError(json.Unmarshal(raw, into), raw)
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
	w := newWalker(raw)
	w.wanted = e.Offset
	_ = w.value("", 0, nil) // it was walked before
	return fault.At(orBody(w.found), "type")
}

// deepest is more than any request needs.
const deepest = 16

// walker reads a JSON text token by token, beside the type that it is for, before anything is made of it.
type walker struct {
	d      *json.Decoder
	list   fault.List
	wanted int64  // offset behind the beginning of a value; 0 looks for none
	found  string // path of that value
}

func newWalker(raw []byte) *walker {
	w := &walker{d: json.NewDecoder(bytes.NewReader(raw))}
	w.d.UseNumber()
	return w
}

func (w *walker) value(path string, depth int, of reflect.Type) error {
	t, err := w.d.Token()
	if err != nil {
		return malformed("json")
	}
	if w.wanted > 0 && w.d.InputOffset() >= w.wanted {
		w.found, w.wanted = path, 0
	}
	switch v := t.(type) {
	case string:
		w.text(path, v)
	case json.Delim:
		if depth >= deepest {
			return malformed("depth")
		}
		if v == '{' {
			return w.object(path, depth, of)
		}
		return w.array(path, depth, of)
	case nil:
		w.list.Add(orBody(path), "null")
	}
	return nil
}

func (w *walker) object(path string, depth int, of reflect.Type) error {
	seen := map[string]bool{}
	for w.d.More() {
		t, err := w.d.Token()
		if err != nil {
			return malformed("json")
		}
		name := t.(string) // the decoder gives nothing else for a key
		at := shortened(strings.TrimPrefix(path+"."+name, "."))
		inner, known := field(of, name)
		switch {
		case seen[name]:
			w.list.Add(orBody(at), "duplicate")
		case !known:
			w.list.Add(orBody(at), "unknown_field")
		}
		seen[name] = true
		if err := w.value(at, depth+1, inner); err != nil {
			return err
		}
	}
	return w.end()
}

// field gives the type of the field with exactly that name: encoding/json would take it in another case as well. Of
// what is no struct every name is known; the value's type is at fault then.
func field(of reflect.Type, name string) (inner reflect.Type, known bool) {
	for of != nil && of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	if of == nil || of.Kind() != reflect.Struct {
		return nil, true
	}
	for i := range of.NumField() {
		if tagged, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ","); tagged == name && name != "" {
			return of.Field(i).Type, true
		}
	}
	return nil, false
}

func (w *walker) array(path string, depth int, of reflect.Type) error {
	var inner reflect.Type
	if of != nil && of.Kind() == reflect.Slice {
		inner = of.Elem()
	}
	for n := 0; w.d.More(); n++ {
		if err := w.value(path+"["+strconv.Itoa(n)+"]", depth+1, inner); err != nil {
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
	return path
}

// shortened keeps an answer small however long the names of a request are.
func shortened(path string) string {
	if len(path) <= 200 {
		return path
	}
	return strings.ToValidUTF8(path[:200], "") + "…"
}
