package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"grupa/internal/bench/rig"
)

// Bounds of when a server is killed, after its first acknowledgement.
const (
	soonest = 5 * time.Millisecond
	latest  = 300 * time.Millisecond
)

// kills kills the server at random moments under concurrent submissions and looks, after it was started again on the
// same folder, for every submission that it had acknowledged. Every run has a folder, requests and counts of its own.
// The controls are a server that acknowledges before its commit, killed at the same moments, and a page of the database
// overwritten, which the check must not let pass.
//
// What was handed to the system outlives a kill, flushed or not: this shows the order of commit and answer, not that
// the disk was reached.
func kills(ctx context.Context, bench *rig.Bench, times int) (r Result, err error) {
	early := r.control(Control{Fault: tooEarlyFault, As: "lost"})
	damaged := r.control(Control{Fault: "a page overwritten", As: "noticed", All: true})
	for n := range times {
		moment := soonest + rand.N(latest-soonest)
		one, err := kill(ctx, bench, moment, theServer(bench), damaged)
		if err != nil {
			return r, fmt.Errorf("kill %d: %w", n, err)
		}
		r.add(one)
		if times > 9 && n%3 > 0 {
			continue
		}
		control, err := kill(ctx, bench, moment, tooEarly(bench), nil)
		if err != nil {
			return r, fmt.Errorf("kill %d of the control: %w", n, err)
		}
		early.Seen += control.Lost
		early.Of += control.Acknowledged
	}
	return r, nil
}

// kill is one run: a program is driven and killed in a fresh folder, and the real server looks for what is left. The
// folder is damaged afterwards, unless damaged is nil.
func kill(ctx context.Context, bench *rig.Bench, moment time.Duration, victim victim, damaged *Control) (
	r Result, err error,
) {
	place, err := bench.Place()
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, place.Remove()) }()
	token, err := coordinator(ctx, bench, place)
	if err != nil {
		return r, err
	}
	process, err := victim.start(ctx, place)
	if err != nil {
		return r, err
	}
	sent, err := drive(ctx, process, moment, process.Kill)
	if err != nil {
		return r, err
	}
	r, err = aftermath(ctx, bench, place, token, sent)
	if err != nil || damaged == nil || r.Corrupt > 0 {
		return r, err
	}
	if err := damage(place); err != nil {
		return r, err
	}
	damaged.add(check(ctx, bench, place) != nil)
	return r, ctx.Err()
}
