package api

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"grupa/internal/fault"
)

// deepest is more than any request needs.
const deepest = 16

// walker goes through a JSON text beside the shape that it is for, before anything is made of it. It looks for what is
// well formed and not wanted; that the text is well formed at all is asked of encoding/json afterwards.
type walker struct {
	raw    []byte
	at     int
	list   fault.List
	path   []step
	wanted int    // offset behind the beginning of a value; 0 looks for none
	found  string // path of that value
}

// step is one part of a path: a name, or a place in an array.
type step struct {
	name  string
	index int // of an array's value, from 1; 0 for a name
}

func (w *walker) space() {
	for w.at < len(w.raw) && strings.IndexByte(" \t\r\n", w.raw[w.at]) >= 0 {
		w.at++
	}
}

// next gives the next byte that is no space, and leaves it there; 0 at the end.
func (w *walker) next() byte {
	w.space()
	if w.at == len(w.raw) {
		return 0
	}
	return w.raw[w.at]
}

func (w *walker) value(depth int, of *shape) error {
	c := w.next()
	switch c {
	case '{', '[':
		w.at++
	case '"':
		text, err := w.text()
		if err != nil {
			return err
		}
		w.check(text)
	default:
		if err := w.literal(); err != nil {
			return err
		}
	}
	if w.wanted > 0 && w.at >= w.wanted {
		w.found, w.wanted = w.where(), 0
	}
	if c != '{' && c != '[' {
		return nil
	}
	if depth >= deepest {
		return malformed("depth")
	}
	if c == '{' {
		return w.object(depth, of)
	}
	return w.array(depth, of)
}

// literal is a number, true, false or null.
func (w *walker) literal() error {
	start := w.at
	for w.at < len(w.raw) && strings.IndexByte(",]} \t\r\n", w.raw[w.at]) < 0 {
		w.at++
	}
	switch {
	case w.at == start:
		return malformed("json")
	case string(w.raw[start:w.at]) == "null":
		w.list.Add(orBody(w.where()), "null")
	}
	return nil
}

// text reads a string, its escapes undone.
func (w *walker) text() (string, error) {
	start, escaped := w.at, false
	for w.at++; w.at < len(w.raw) && w.raw[w.at] != '"'; w.at++ {
		if w.raw[w.at] == '\\' {
			escaped = true
			w.at++
		}
	}
	if w.at >= len(w.raw) {
		return "", malformed("json")
	}
	w.at++
	if !escaped {
		return string(w.raw[start+1 : w.at-1]), nil
	}
	var text string
	if json.Unmarshal(w.raw[start:w.at], &text) != nil {
		return "", malformed("json")
	}
	return text, nil
}

// check refuses control characters, and what escapes made of half a character.
func (w *walker) check(text string) {
	for _, r := range text {
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f || r == utf8.RuneError {
			w.list.Add(orBody(w.where()), "control")
			return
		}
	}
}

func (w *walker) object(depth int, of *shape) error {
	var seen names
	w.path = append(w.path, step{})
	defer func() { w.path = w.path[:len(w.path)-1] }()
	for c := w.next(); c != '}'; c = w.next() {
		if c != '"' {
			return malformed("json")
		}
		name, err := w.text()
		if err != nil {
			return err
		}
		if w.next() != ':' {
			return malformed("json")
		}
		w.at++
		w.path[len(w.path)-1].name = name
		inner, known := of.field(name)
		switch {
		case !seen.first(name):
			w.list.Add(orBody(w.where()), "duplicate")
		case !known:
			w.list.Add(orBody(w.where()), "unknown_field")
		}
		if err := w.value(depth+1, inner); err != nil {
			return err
		}
		if err := w.comma('}'); err != nil {
			return err
		}
	}
	w.at++
	return nil
}

func (w *walker) array(depth int, of *shape) error {
	w.path = append(w.path, step{})
	defer func() { w.path = w.path[:len(w.path)-1] }()
	for n := 1; w.next() != ']'; n++ {
		w.path[len(w.path)-1].index = n
		if err := w.value(depth+1, of.element()); err != nil {
			return err
		}
		if err := w.comma(']'); err != nil {
			return err
		}
	}
	w.at++
	return nil
}

// comma steps over the comma between two values; behind the last one stands the end.
func (w *walker) comma(end byte) error {
	switch w.next() {
	case ',':
		w.at++
		if w.next() == end {
			return malformed("json")
		}
	case end:
	default:
		return malformed("json")
	}
	return nil
}

// where is the path of the value that is being read.
func (w *walker) where() string {
	var b strings.Builder
	for _, s := range w.path {
		switch {
		case s.index > 0:
			b.WriteString("[" + strconv.Itoa(s.index-1) + "]")
		case b.Len() > 0:
			b.WriteString("." + s.name)
		default:
			b.WriteString(s.name)
		}
		if b.Len() > longestPath {
			break
		}
	}
	return shortened(b.String())
}

const longestPath = 200

// shortened keeps an answer small however long the names of a request are.
func shortened(path string) string {
	if len(path) <= longestPath {
		return path
	}
	return strings.ToValidUTF8(path[:longestPath], "") + "…"
}

func orBody(path string) string {
	if path == "" {
		return "body"
	}
	return path
}

// names are those of one object. Few are compared, many are looked up.
type names struct {
	few  []string
	many map[string]bool
}

// first says whether a name comes for the first time.
func (n *names) first(name string) bool {
	if n.many == nil {
		if slices.Contains(n.few, name) {
			return false
		}
		if n.few = append(n.few, name); len(n.few) > 32 {
			n.many = map[string]bool{}
			for _, f := range n.few {
				n.many[f] = true
			}
		}
		return true
	}
	before := n.many[name]
	n.many[name] = true
	return !before
}
