package main

import (
	"context"
	"errors"

	"grupa/internal/bench/rig"
)

// overHTTP compares submissions to the real server with those to the stand-in, which has no API around the rule: with
// group commit as the server, and with a commit a request. The two stand-ins differ in nothing else.
func overHTTP(ctx context.Context, bench *rig.Bench, t turns) (text string, err error) {
	var ways []way
	for _, s := range []struct {
		name, program string
		clients       []int
		args          []string
	}{
		{"server", rig.Server, []int{writers, 1}, nil},
		{"stand-in, group commit", rig.StandIn, []int{writers}, []string{"--mode", "together"}},
		{"stand-in, one by one", rig.StandIn, []int{writers, 1}, []string{"--mode", "alone"}},
	} {
		place, err := bench.Place()
		if err != nil {
			return "", err
		}
		server, err := bench.Start(ctx, s.program, place, s.args...)
		if err != nil {
			return "", err
		}
		defer func() { err = errors.Join(err, server.Stop()) }()
		client := rig.NewClient(server.URL, writers)
		defer client.Close()
		for _, n := range s.clients {
			ways = append(ways, way{s.name, n, submitTo(client)})
		}
	}
	all, err := compare(ctx, t, ways...)
	if err != nil {
		return "", err
	}
	return table("intake POST over HTTP", all, [2]int{0, 1}, [2]int{0, 3}, [2]int{2, 3}), nil
}

func submitTo(client *rig.Client) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := client.Submit(ctx, "", rig.Form())
		return err
	}
}
