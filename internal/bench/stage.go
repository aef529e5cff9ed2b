package main

import (
	"context"
	"errors"
	"slices"

	"grupa/internal/bench/rig"
)

// stage is what a part works on. Whatever it starts through it ends when the part is over.
type stage struct {
	*rig.Bench
	turns
	applications int    // how many are already there when a row is measured
	seeds        *seeds // shared by all parts of a run
	ends         []func() error
}

// later puts off something to the end of the part. What was put off last is done first.
func (s *stage) later(end func() error) { s.ends = append(s.ends, end) }

func (s *stage) end() error {
	var errs []error
	for _, end := range slices.Backward(s.ends) {
		errs = append(errs, end())
	}
	s.ends = nil
	return errors.Join(errs...)
}

// place gives an empty place.
func (s *stage) place() (rig.Place, error) {
	place, err := s.Place()
	if err == nil {
		s.later(place.Remove)
	}
	return place, err
}

// start builds a program unless it is built, and starts it on a place.
func (s *stage) start(ctx context.Context, program string, at rig.Place, args ...string) (*rig.Process, error) {
	if err := s.Build(ctx, program); err != nil {
		return nil, err
	}
	p, err := s.Start(ctx, program, at, args...)
	if err == nil {
		s.later(p.Stop)
	}
	return p, err
}

// wires opens a connection for each client of a way.
func (s *stage) wires(url string, clients int) (*rig.Wires, error) {
	wires, err := rig.NewWires(url, clients)
	if err == nil {
		s.later(wires.Close)
	}
	return wires, err
}

// get is a way's work: the same GET again and again, answered with that status.
func get(w *rig.Wires, path string, headers map[string]string, want int) (func(context.Context) error, error) {
	request, err := w.Request("GET", path, headers, nil)
	return func(ctx context.Context) error { return w.Send(ctx, request, want) }, err
}
