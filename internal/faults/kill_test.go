package main

import (
	"errors"
	"testing"

	"grupa/internal/bench/rig"
)

func TestAKilledServerHasEverythingThatItAcknowledged(t *testing.T) {
	t.Parallel()
	times := suites()[0].ci
	if testing.Short() {
		times = 3
	}
	r, err := kills(t.Context(), times)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d kills, %d acknowledged; control: %s", r.Runs, r.Acknowledged, r.Control)
	if err := r.Fault(); err != nil {
		t.Error(err)
	}
}

// The stand-in keeps no idempotency keys, so what it answered and is sent again becomes a second application.
func TestARepeatedRequestThatWasTakenTwiceIsSeen(t *testing.T) {
	t.Parallel()
	bench, err := rig.New(t.Context(), t.TempDir(), rig.Server, rig.StandIn)
	if err != nil {
		t.Fatal(err)
	}
	r, err := kill(t.Context(), bench, latest, rig.StandIn, "--mode", "together")
	if err != nil {
		t.Fatal(err)
	}
	if r.Lost != 0 || r.Duplicated == 0 {
		t.Errorf("lost %d, duplicated %d of %d, by a server that keeps its commits and no keys", r.Lost, r.Duplicated,
			r.Acknowledged)
	}
}

func TestAServerThatDoesNotStartIsAnErrorAndNoLoss(t *testing.T) {
	t.Parallel()
	bench, err := rig.New(t.Context(), t.TempDir(), rig.StandIn)
	if err != nil {
		t.Fatal(err)
	}
	place, err := bench.Place()
	if err != nil {
		t.Fatal(err)
	}
	if p, err := bench.Start(t.Context(), rig.StandIn, place, "--mode", "none"); err == nil {
		t.Errorf("it started: %v", p.Kill())
	}
}

func TestAControlThatSeesNothingFailsTheSuite(t *testing.T) {
	t.Parallel()
	r := Result{Runs: 1, Acknowledged: 9, Control: Control{Of: 9}}
	if err := r.Fault(); !errors.Is(err, ErrBlind) {
		t.Errorf("%v", err)
	}
	r.Control.Seen = 1
	if err := r.Fault(); err != nil {
		t.Errorf("nothing was lost, and yet %v", err)
	}
}
