package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// way is one of the things that are compared: that many clients, each doing the next as soon as the last is done.
type way struct {
	name    string
	clients int
	do      func(ctx context.Context) error
}

// measured is what came of a way's turns.
type measured struct {
	way
	rates []float64       // a second, one a turn
	took  []time.Duration // of all turns
}

// compare lets the ways take turns, after one short turn of each that does not count.
func compare(ctx context.Context, t turns, ways ...way) ([]measured, error) {
	all := make([]measured, len(ways))
	for n, w := range ways {
		all[n].way = w
		if _, _, err := turn(ctx, t.length/4, w); err != nil {
			return nil, fmt.Errorf("%s: %w", w.name, err)
		}
	}
	for range t.rounds {
		for n, w := range ways {
			if err := rest(ctx, t.rest); err != nil {
				return nil, err
			}
			rate, took, err := turn(ctx, t.length, w)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", w.name, err)
			}
			all[n].rates = append(all[n].rates, rate)
			all[n].took = append(all[n].took, took...)
		}
	}
	return all, nil
}

// turn lets the clients of a way work until the time is over, and what they began then end.
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
	for {
		start := time.Now()
		if !start.Before(end) {
			return took, nil
		}
		if err := w.do(ctx); err != nil {
			return took, err
		}
		took = append(took, time.Since(start))
	}
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
