// Package fault says what went wrong: a kind, a code and the fields at fault. It owns no sentence and no status text;
// internal/words has the sentences in every language, and api and web turn an error into a problem document or a page.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind groups errors by what the caller can do about them. Add only at the end.
type Kind uint8

// The zero Kind is Internal, so an error nobody thought about never looks harmless.
const (
	Internal        Kind = iota // a bug or a broken machine; its text stays inside
	Malformed                   // not readable as a request at all
	Invalid                     // readable, but one or more fields can't be taken
	Unauthenticated             // no caller, or a secret that is not known (any more)
	Denied                      // the caller may know of the thing, but may not do this to it
	NotFound                    // no such thing, or nobody's business that there is one
	Conflict                    // the state of things forbids it: taken, answered, over
	Stale                       // the record was changed since the caller read it
	Precondition                // the request must say which version it means
	TooLarge                    // more than the limits allow
	Unsupported                 // a media type or encoding that is not spoken
	TooMany                     // too often; later is fine
	Unavailable                 // can't be done at the moment; later is fine
	NoMethod                    // the address exists, the method does not
)

// Field is one input at fault.
type Field struct {
	Path string            // as the client wrote it, dotted, with indexes: answers[3].choices
	Code string            // key of the sentence: field.<Code>
	Args map[string]string // what the sentence needs; never an answer, a name or a secret
}

// Error is the only error that a client is told about. Values are compared with errors.Is by Kind and Code.
type Error struct {
	Kind    Kind
	Code    string            // key of the sentence: problem.<Code>; also the problem document's code
	Args    map[string]string // what the sentence needs; never an answer, a name or a secret
	Fields  []Field
	Clashes []Clash // of a Conflict over a room, a person or a time
	cause   error   // for the log only
}

// Clash names what is taken and when. It never says by which group or person.
type Clash struct {
	Resource string // room, facilitator, group or you
	ID       string // of the room, facilitator or group; empty for you
	Start    string // RFC 3339 with offset
	End      string
}

// New makes an error value; packages declare theirs as variables.
func New(kind Kind, code string) *Error { return &Error{Kind: kind, Code: code} }

// Error is for logs and tests: kind, code and field paths, never an argument.
func (e *Error) Error() string {
	text := e.Code
	for _, f := range e.Fields {
		text += fmt.Sprintf(" %s:%s", f.Path, f.Code)
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

// Unwrap gives the private cause.
func (e *Error) Unwrap() error { return e.cause }

// Is holds for errors of the same kind and code, whatever their fields.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Kind == e.Kind && t.Code == e.Code
}

// With copies the error and adds arguments for its sentence, given as name and value in turn.
func (e *Error) With(args ...string) *Error {
	c := *e
	c.Args = pairs(args)
	return &c
}

// Because copies the error and adds a cause that only the log sees.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// Over copies the error and adds the clashes it is about.
func (e *Error) Over(clashes ...Clash) *Error {
	c := *e
	c.Clashes = clashes
	return &c
}

// At is an Invalid error about one field; args are for the field's sentence, as name and value in turn.
func At(path, code string, args ...string) *Error {
	return Fields(Field{Path: path, Code: code, Args: pairs(args)})
}

// Fields is an Invalid error about these fields.
func Fields(fields ...Field) *Error { return &Error{Kind: Invalid, Code: "invalid", Fields: fields} }

// Within prefixes the path of every field, for a rule that checks a part of a larger input.
func Within(prefix string, err error) error {
	e := Of(err)
	if e == nil || len(e.Fields) == 0 {
		return err
	}
	c := *e
	c.Fields = make([]Field, len(e.Fields))
	for i, f := range e.Fields {
		f.Path = strings.TrimSuffix(prefix+"."+f.Path, ".")
		c.Fields[i] = f
	}
	return &c
}

// Of finds the Error in a chain, or nil: then the error is internal.
func Of(err error) *Error {
	e, _ := errors.AsType[*Error](err)
	return e
}

// KindOf is Internal for every error that is not ours.
func KindOf(err error) Kind {
	if e := Of(err); e != nil {
		return e.Kind
	}
	return Internal
}

// List gathers field errors so that a person is told all of them at once.
type List struct{ fields []Field }

// Add notes a field at fault; args are for its sentence, as name and value in turn.
func (l *List) Add(path, code string, args ...string) {
	l.fields = append(l.fields, Field{Path: path, Code: code, Args: pairs(args)})
}

// Take adds the fields of err, and gives back an error that has none.
func (l *List) Take(err error) error {
	e := Of(err)
	if e == nil || len(e.Fields) == 0 {
		return err
	}
	l.fields = append(l.fields, e.Fields...)
	return nil
}

// Err is nil when nothing was added.
func (l *List) Err() error {
	if len(l.fields) == 0 {
		return nil
	}
	return Fields(l.fields...)
}

func pairs(args []string) map[string]string {
	if len(args) == 0 {
		return nil
	}
	m := make(map[string]string, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i]] = args[i+1]
	}
	return m
}
