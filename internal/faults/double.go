package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"

	"grupa/internal/bench/rig"
)

// taps is how often each form is sent at once, as by somebody who taps again and again.
const taps = 5

// doubleSubmits sends forms five times at once, each under a key of its own: it must be stored once, and all five get
// the same receipt. The control are as many forms without keys, which are stored as often as they come.
func doubleSubmits(ctx context.Context, bench *rig.Bench, times int) (r Result, err error) {
	keys := make([]string, times)
	for n := range keys {
		keys[n] = rand.Text()
	}
	r, stored, err := tapAll(ctx, bench, keys)
	if err != nil {
		return r, err
	}
	r.Runs = times
	for range max(0, stored-times) {
		r.duplicate(errors.New("an application belongs to no key"))
	}
	_, stored, err = tapAll(ctx, bench, make([]string, times))
	without := r.control(Control{Fault: "no keys", As: "duplicated", All: true})
	without.Seen, without.Of = stored-times, (taps-1)*times
	return r, err
}

// tapAll sends the forms to a fresh server and gives what was wrong with the answers and how many applications there
// are afterwards.
func tapAll(ctx context.Context, bench *rig.Bench, keys []string) (r Result, stored int, err error) {
	place, err := bench.Place()
	if err != nil {
		return r, 0, err
	}
	defer func() { err = errors.Join(err, place.Remove()) }()
	s, err := sit(ctx, bench, place, theServer(bench))
	if err != nil {
		return r, 0, err
	}
	defer s.leave()
	receipts, err := s.tapEach(ctx, keys)
	if err != nil {
		return r, 0, err
	}
	ids, err := s.client.Applications(ctx, s.token)
	if err != nil {
		return r, 0, err
	}
	listed := map[string]bool{}
	for _, id := range ids {
		listed[id] = true
	}
	for n, five := range receipts {
		r.Acknowledged += len(five)
		for _, receipt := range five {
			if !listed[receipt.ID] {
				r.lose(fmt.Errorf("application %s was acknowledged and is not there", receipt.ID))
			}
			if keys[n] != "" && receipt != five[0] {
				r.duplicate(fmt.Errorf("one key got application %s and %s", five[0].ID, receipt.ID))
			}
		}
	}
	return r, len(ids), s.process.Stop()
}

// tapEach gives the five receipts of each key. A form that is not taken is an error.
func (s *sitting) tapEach(ctx context.Context, keys []string) ([][taps]rig.Receipt, error) {
	receipts, errs := make([][taps]rig.Receipt, len(keys)), make([]error, len(keys))
	turn := make(chan struct{}, clients)
	var all sync.WaitGroup
	for n, key := range keys {
		turn <- struct{}{}
		all.Go(func() {
			receipts[n], errs[n] = s.tap(ctx, key)
			<-turn
		})
	}
	all.Wait()
	return receipts, errors.Join(errs...)
}

// tap sends one form five times at once.
func (s *sitting) tap(ctx context.Context, key string) (receipts [taps]rig.Receipt, err error) {
	form := rig.Form()
	var errs [taps]error
	var all sync.WaitGroup
	for n := range taps {
		all.Go(func() { receipts[n], errs[n] = s.client.Submit(ctx, key, form) })
	}
	all.Wait()
	return receipts, errors.Join(errs[:]...)
}
