package main

import "testing"

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
