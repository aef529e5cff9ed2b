package screen

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"unicode/utf8"

	"grupa/internal/fault"
	"grupa/internal/words"
)

// strict reads JSON and gathers every fault with its path. On its own encoding/json takes "FIELD" for "field", the
// last of two equal keys, and null for nothing.
type strict struct{ faults fault.List }

// start says whether raw is one JSON value in valid UTF-8. The rest of strict relies on it.
func (s *strict) start(path string, raw []byte) bool {
	if !utf8.Valid(raw) || !json.Valid(raw) {
		s.faults.Add(path, badSyntax)
		return false
	}
	return true
}

// object reads an object into a tagged struct.
func (s *strict) object(path string, raw []byte, into any) bool {
	target := reflect.ValueOf(into).Elem()
	return s.members(path, raw, func(path, key string, raw json.RawMessage) {
		for i := range target.NumField() {
			if target.Type().Field(i).Tag.Get("json") == key {
				s.value(path, raw, target.Field(i).Addr().Interface())
				return
			}
		}
		s.faults.Add(path, unknownKey)
	})
}

// members visits the members of an object in order; of two equal keys only the first.
func (s *strict) members(path string, raw []byte, visit func(path, key string, raw json.RawMessage)) bool {
	d := json.NewDecoder(bytes.NewReader(raw))
	if token, err := d.Token(); err != nil || token != json.Delim('{') {
		s.faults.Add(path, badType)
		return false
	}
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		key, ok := token.(string)
		var member json.RawMessage
		if err != nil || !ok || d.Decode(&member) != nil {
			s.faults.Add(path, badSyntax)
			return false
		}
		at := join(path, printable(key))
		if seen[key] {
			s.faults.Add(at, duplicateKey)
			continue
		}
		seen[key] = true
		visit(at, key, member)
	}
	return true
}

// printable keeps a key that nobody expected from filling a path.
func printable(key string) string {
	const longest = 40
	if runes := []rune(key); len(runes) > longest {
		key = string(runes[:longest])
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, key)
}

// value reads anything but null.
func (s *strict) value(path string, raw []byte, into any) bool {
	if bytes.Equal(bytes.TrimSpace(raw), []byte("null")) || json.Unmarshal(raw, into) != nil {
		s.faults.Add(path, badType)
		return false
	}
	return true
}

// list reads a list into its elements.
func (s *strict) list(path string, raw []byte) ([]json.RawMessage, bool) {
	var elements []json.RawMessage
	if !s.value(path, raw, &elements) {
		return nil, false
	}
	return elements, s.short(path, len(elements))
}

func (s *strict) short(path string, length int) bool {
	if length > maxList {
		s.faults.Add(path, tooMany, "max", number(maxList))
		return false
	}
	return true
}

// text reads a text in several languages; which of them are missing is Check's affair.
func (s *strict) text(path string, raw []byte) words.Text {
	if len(raw) == 0 {
		return nil
	}
	text := words.Text{}
	s.members(path, raw, func(path, key string, raw json.RawMessage) {
		var said string
		switch {
		case !words.Known(key):
			s.faults.Add(path, unknownKey)
		case s.value(path, raw, &said):
			text[words.Lang(key)] = said
		}
	})
	return text
}
