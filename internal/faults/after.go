package main

import (
	"context"
	"errors"
	"fmt"

	"grupa/internal/bench/rig"
)

// victim is a program that is broken: the real server, the real one with a change, or the stand-in.
type victim struct {
	bench   *rig.Bench
	program string
	args    []string
}

func theServer(bench *rig.Bench) victim { return victim{bench, rig.Server, nil} }

// tooEarly is the stand-in that acknowledges when a submission has run, before its commit.
func tooEarly(bench *rig.Bench) victim {
	return victim{bench, rig.StandIn, []string{"--mode", "early"}}
}

// tooEarlyFault is what it is called in the table.
const tooEarlyFault = "answers before its commit"

func (v victim) start(ctx context.Context, place rig.Place) (*rig.Process, error) {
	return v.bench.Start(ctx, v.program, place, v.args...)
}

// aftermath starts the real server on what a victim left, searches it for what was sent, and lets server check look at
// the files.
func aftermath(ctx context.Context, bench *rig.Bench, place rig.Place, token string, sent []*request) (
	r Result, err error,
) {
	server, err := bench.Start(ctx, rig.Server, place)
	if err != nil {
		return r, fmt.Errorf("start again: %w", err)
	}
	err = r.search(ctx, server.URL, token, sent)
	if err = errors.Join(err, server.Stop()); err != nil {
		return r, err
	}
	if err := check(ctx, bench, place); err != nil {
		r.corrupt(err)
	}
	return r, ctx.Err()
}

// check is what server check complains about.
func check(ctx context.Context, bench *rig.Bench, place rig.Place) error {
	_, err := bench.Run(ctx, rig.Server, place, "check")
	return err
}
