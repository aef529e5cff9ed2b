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
// The control is a server that acknowledges before its commit, killed at the same moments.
//
// What was handed to the system outlives a kill, flushed or not: this shows the order of commit and answer, not that
// the disk was reached.
func kills(ctx context.Context, times int) (r Result, err error) {
	bench, err := rig.New(ctx, "", rig.Server, rig.StandIn)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, bench.Remove()) }()
	r.Control.Fault = "answers before its commit"
	for n := range times {
		moment := soonest + rand.N(latest-soonest)
		one, err := kill(ctx, bench, moment, rig.Server)
		if err != nil {
			return r, fmt.Errorf("kill %d: %w", n, err)
		}
		r.add(one)
		control, err := kill(ctx, bench, moment, rig.StandIn, "--mode", "early")
		if err != nil {
			return r, fmt.Errorf("kill %d of the control: %w", n, err)
		}
		r.Control.Seen += control.Lost
		r.Control.Of += control.Acknowledged
	}
	return r, nil
}

// kill is one run: a program is driven and killed in a fresh folder, and the real server looks for what is left.
func kill(ctx context.Context, bench *rig.Bench, moment time.Duration, program string, args ...string) (
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
	victim, err := bench.Start(ctx, program, place, args...)
	if err != nil {
		return r, err
	}
	requests, err := drive(ctx, victim, moment)
	if err != nil {
		return r, err
	}
	server, err := bench.Start(ctx, rig.Server, place)
	if err != nil {
		return r, fmt.Errorf("start again: %w", err)
	}
	err = r.search(ctx, server.URL, token, requests)
	if err = errors.Join(err, server.Stop()); err != nil {
		return r, err
	}
	if _, err := bench.Run(ctx, rig.Server, place, "check"); err != nil {
		r.Corrupt++
		r.Complaints = append(r.Complaints, err)
	}
	return r, ctx.Err()
}
