package main

import (
	"context"
	"errors"
	"fmt"

	"grupa/internal/bench/rig"
)

// lifetime is how many faults one server sees before it is killed and searched.
const lifetime = 10

// failedWrites lets the disk be full from the n-th write of a thread on, for each n in turn, until forms were refused,
// and then makes room again. A commit is one call that writes a few dozen times in a row, so that n says how much of a
// commit, or of the one after it, is on the disk. The conditions and the control are those of fullDisks.
func failedWrites(ctx context.Context, bench *rig.Bench, times int) (r Result, err error) {
	if err := canTrace(ctx); err != nil {
		return r, err
	}
	early := r.control(Control{Fault: tooEarlyFault, As: "lost"})
	for first := 1; first <= times; first += lifetime {
		last := min(first+lifetime-1, times)
		one, err := writesFail(ctx, bench, theServer(bench), first, last)
		if err != nil {
			return r, fmt.Errorf("writes %d to %d: %w", first, last, err)
		}
		r.take(one)
		r.Runs += last - first + 1
		if first/lifetime%3 > 0 {
			continue
		}
		control, err := writesFail(ctx, bench, tooEarly(bench), first, last)
		if err != nil {
			return r, fmt.Errorf("writes %d to %d of the control: %w", first, last, err)
		}
		early.Seen += control.Lost
		early.Of += control.Acknowledged
	}
	return r, nil
}

// writesFail is the life of one server, through the faults at the first to the last of those writes.
func writesFail(ctx context.Context, bench *rig.Bench, victim victim, first, last int) (r Result, err error) {
	place, err := bench.Place()
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, place.Remove()) }()
	s, err := sit(ctx, bench, place, victim)
	if err != nil {
		return r, err
	}
	defer s.leave()
	for n := first; n <= last; n++ {
		if err := s.taken(ctx, 1); err != nil {
			return r, err
		}
		if err := s.writesFail(ctx, n); err != nil {
			return r, fmt.Errorf("write %d: %w", n, err)
		}
	}
	if s.real && s.refused == 0 {
		return r, errors.New("no form was refused, so nothing was shown")
	}
	return s.aftermath(ctx)
}

// writesFail is one fault and its end.
func (s *sitting) writesFail(ctx context.Context, n int) error {
	disk, err := sabotage(ctx, s.bench.Dir(), s.process.PID(), "pwrite64", fmt.Sprintf("error=ENOSPC:when=%d+", n))
	if err != nil {
		return err
	}
	err = disk.failing(ctx, func() error {
		refused, err := s.post(ctx, 4)
		s.judge(refused)
		return err
	})
	if err == nil {
		err = s.reads(ctx)
	}
	if err = errors.Join(err, disk.detach(ctx)); err != nil {
		return err
	}
	return s.heals(ctx)
}
