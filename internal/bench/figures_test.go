package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"grupa/internal/bench/rig"
)

func TestPercentilesAreOfTheSortedValues(t *testing.T) {
	t.Parallel()
	for p, want := range map[int]float64{0: 1, 50: 2, 99: 3, 100: 4} {
		if got := percentile([]float64{4, 1, 3, 2}, p); got != want {
			t.Errorf("the %dth of 1 to 4 is %v instead of %v", p, got, want)
		}
	}
}

func TestARatioIsOfTheTurnsThatStoodSideBySide(t *testing.T) {
	t.Parallel()
	slowing, other := measured{rates: []float64{800, 400, 200, 150}}, measured{rates: []float64{400, 200, 100, 50}}
	if diff := cmp.Diff("2.00× [2.00–3.00]", slowing.over(other)); diff != "" {
		t.Error(diff)
	}
}

// The whole program in small: every part runs against the real store, server and stand-in, and every way has a row.
func TestEveryWayHasARow(t *testing.T) {
	t.Parallel()
	bench, err := rig.New(t.Context(), t.TempDir(), rig.Server, rig.StandIn)
	if err != nil {
		t.Fatal(err)
	}
	short := turns{rounds: 1, length: 50 * time.Millisecond}
	var text strings.Builder
	for _, p := range parts() {
		part, err := p(t.Context(), bench, short)
		if err != nil {
			t.Fatal(err)
		}
		text.WriteString(part)
	}
	for _, row := range []string{
		"| fdatasync of one page of 4 KiB |", "| units: a submitted form |", "| units: an audit row |",
		"| **group commit (64) / one by one (64)** |", "| server | 64 |", "| server | 1 |", "| **server (64) / server (1)** |",
		"| stand-in, group commit | 64 |", "| stand-in, one by one | 64 |", "| stand-in, one by one | 1 |",
		"| **stand-in, group commit (64) / stand-in, one by one (64)** |",
	} {
		if !strings.Contains(text.String(), "\n"+row) && !strings.HasPrefix(text.String(), row) {
			t.Errorf("no row %q in\n%s", row, &text)
		}
	}
}
