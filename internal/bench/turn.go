package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"grupa/internal/bench/rig"
)

// turns says how the ways of a comparison take turns.
type turns struct {
	rounds int           // of each way
	length time.Duration // of one turn
	rest   time.Duration // after one turn, for what a server still does behind it
}

// way is one of the things that are compared: that many clients, each doing the next as soon as the last is done.
type way struct {
	name    string
	clients int
	do      func(ctx context.Context) error
	servers []*rig.Process // whose processor time is counted; none if the work is done in this process
	batch   int            // how many a do does, where one is too short for a clock; 0 is 1
}

// measured is what came of a way's turns.
type measured struct {
	way
	rates []float64         // a second, one a turn
	took  [][]time.Duration // sorted, of each turn
	cpu   []time.Duration   // of the servers for one, one a turn
}

// compare lets the ways take turns, after one short turn of each that does not count.
func compare(ctx context.Context, t turns, ways ...way) ([]measured, error) {
	all := make([]measured, len(ways))
	for n, w := range ways {
		all[n].way = w
		all[n].batch = max(1, w.batch)
		if _, _, err := turn(ctx, t.length/4, w); err != nil {
			return nil, fmt.Errorf("%s: %w", w.name, err)
		}
	}
	for range t.rounds {
		for n := range all {
			if err := rest(ctx, t.rest); err != nil {
				return nil, err
			}
			if err := all[n].turn(ctx, t.length); err != nil {
				return nil, fmt.Errorf("%s: %w", all[n].name, err)
			}
		}
	}
	return all, nil
}

// turn adds one turn to what was measured.
func (m *measured) turn(ctx context.Context, length time.Duration) error {
	before, err := m.used()
	if err != nil {
		return err
	}
	rate, took, err := turn(ctx, length, m.way)
	if err != nil {
		return err
	}
	after, err := m.used()
	if err != nil {
		return err
	}
	slices.Sort(took)
	m.rates = append(m.rates, rate*float64(m.batch))
	m.took = append(m.took, took)
	m.cpu = append(m.cpu, (after-before)/time.Duration(len(took)*m.batch))
	return nil
}

// used is the processor time of a way's servers so far.
func (w way) used() (sum time.Duration, err error) {
	for _, server := range w.servers {
		used, err := server.CPU()
		if err != nil {
			return 0, err
		}
		sum += used
	}
	return sum, nil
}

// turn lets the clients of a way work until the time is over, and what they began then end. Each does one at least.
func turn(ctx context.Context, length time.Duration, w way) (rate float64, took []time.Duration, err error) {
	times, errs := make([][]time.Duration, w.clients), make([]error, w.clients)
	var clients sync.WaitGroup
	start := time.Now()
	for n := range w.clients {
		clients.Go(func() { times[n], errs[n] = w.until(ctx, start.Add(length)) })
	}
	clients.Wait()
	elapsed := time.Since(start)
	took = slices.Concat(times...)
	return float64(len(took)) / elapsed.Seconds(), took, cmp.Or(errs...)
}

func (w way) until(ctx context.Context, end time.Time) (took []time.Duration, err error) {
	for start := time.Now(); len(took) == 0 || start.Before(end); {
		if err := w.do(ctx); err != nil {
			return took, err
		}
		now := time.Now()
		took = append(took, now.Sub(start))
		start = now
	}
	return took, nil
}

func rest(ctx context.Context, length time.Duration) error {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
