package api

import (
	"reflect"
	"strings"
	"sync"
)

// shape is what a JSON text may be made of, as the type says that it is for. A nil one takes everything: then the
// value's type is at fault, which encoding/json says.
type shape struct {
	fields map[string]*shape // by exact name: encoding/json would take them in another case as well; nil: no struct
	each   *shape            // of a slice
}

func (s *shape) field(name string) (inner *shape, known bool) {
	if s == nil || s.fields == nil {
		return nil, true
	}
	inner, known = s.fields[name]
	return inner, known
}

func (s *shape) element() *shape {
	if s == nil {
		return nil
	}
	return s.each
}

// shapes keeps the shape of each type of request, of which there are as many as operations.
type shapes struct {
	mu  sync.Mutex
	all map[reflect.Type]*shape
}

func (s *shapes) of(t reflect.Type) *shape {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = map[reflect.Type]*shape{}
	}
	return s.make(t)
}

func (s *shapes) make(t reflect.Type) *shape {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if made, ok := s.all[t]; ok {
		return made
	}
	made := &shape{}
	s.all[t] = made // before its fields, which may be of the same type
	switch t.Kind() {
	case reflect.Slice:
		made.each = s.make(t.Elem())
	case reflect.Struct:
		made.fields = map[string]*shape{}
		for i := range t.NumField() {
			if name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); name != "" {
				made.fields[name] = s.make(t.Field(i).Type)
			}
		}
	}
	return made
}
