package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"grupa/internal/bench/rig"
	"grupa/internal/bench/seed"
)

// memoryParts compare what lies in memory under load.
func memoryParts() []part { return []part{{"memory under load", []int{20}, memory}} }

// readers is how many clients list and search at once.
const readers = 16

// memory lets many clients list and search, and looks at the most that lay in memory meanwhile: in the server with a
// hundredth of the applications and with all of them, and in PocketBase.
func memory(ctx context.Context, s *stage) (r report, err error) {
	few, err := s.loadedGrupa(ctx, "Grupa, a hundredth of it", max(1, s.applications/100))
	if err != nil {
		return r, err
	}
	grupa, err := s.loadedGrupa(ctx, "Grupa", s.applications)
	if err != nil {
		return r, err
	}
	pocketBase, err := s.loadedPocketBase(ctx)
	if err != nil {
		return r, err
	}
	all := []*loaded{few, grupa, pocketBase}
	for range s.rounds {
		for _, one := range all {
			if err := one.load(ctx, s.turns); err != nil {
				return r, fmt.Errorf("%s: %w", one.name, err)
			}
		}
	}
	r.rows = []row{
		{number: 20, work: "peak memory under lists and searches / PocketBase's", must: atMost(0.3), aim: atMost(0.1),
			ratio: quotient(grupa.peaks, pocketBase.peaks), finding: peakFinding},
		{number: 20, work: "the same / with a hundredth of the applications", ratio: quotient(grupa.peaks, few.peaks),
			must: atMost(1.5), aim: atMost(1.1), finding: growthFinding},
	}
	var b strings.Builder
	b.WriteString("| under lists and searches | clients | peak memory |\n| --- | --: | --: |\n")
	for _, one := range all {
		fmt.Fprintf(&b, "| %s | %d | %s |\n", one.name, readers, size(int64(median(one.peaks))))
	}
	r.figures = b.String()
	return r, nil
}

// loaded is a server that is asked for lists and searches.
type loaded struct {
	name   string
	server *rig.Process
	ask    []func(context.Context) error // in turn
	peaks  []float64                     // octets, one a turn
}

func (s *stage) loadedGrupa(ctx context.Context, name string, applications int) (*loaded, error) {
	server, at, err := s.grupa(ctx, applications)
	if err != nil {
		return nil, err
	}
	l := &loaded{name: name, server: server}
	return l, l.asks(s, at.bearer(),
		"/api/v1/applications?limit=30", "/api/v1/applications?limit=30&state=enrolled&language=pl",
		"/api/v1/applications?limit=30&q="+seed.Email(applications/2))
}

func (s *stage) loadedPocketBase(ctx context.Context) (*loaded, error) {
	server, err := s.pocketBase(ctx, s.applications)
	if err != nil {
		return nil, err
	}
	const list = "/api/collections/intake/records?perPage=30"
	l := &loaded{name: "PocketBase", server: server}
	return l, l.asks(s, nil,
		list+"&sort=-created", list+"&sort=-created&filter=status%3D%27enrolled%27%26%26language%3D%27pl%27",
		list+"&filter=email~%27"+seed.Email(s.applications/2)+"%27")
}

func (l *loaded) asks(s *stage, headers map[string]string, paths ...string) error {
	wires, err := s.wires(l.server.URL, readers)
	if err != nil {
		return err
	}
	for _, path := range paths {
		ask, err := get(wires, path, headers, http.StatusOK)
		if err != nil {
			return err
		}
		l.ask = append(l.ask, ask)
	}
	return nil
}

// load is one turn of all clients.
func (l *loaded) load(ctx context.Context, t turns) error {
	if err := l.server.ForgetPeak(); err != nil {
		return err
	}
	w := way{name: l.name, clients: readers, do: func(ctx context.Context) error {
		for _, ask := range l.ask {
			if err := ask(ctx); err != nil {
				return err
			}
		}
		return nil
	}}
	if _, _, err := turn(ctx, t.length, w); err != nil {
		return err
	}
	_, peak, err := l.server.Memory()
	l.peaks = append(l.peaks, float64(peak))
	return err
}
