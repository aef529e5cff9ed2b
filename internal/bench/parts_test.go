package main

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"grupa/internal/bench/rig"
	"grupa/internal/store/pgrun"
)

// The whole program in small: every part runs against the real server and its peers, and gives the rows that it says.
func TestEveryPartGivesItsRows(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds the peers")
	}
	bench, err := rig.New(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{
		Bench: bench, seeds: newSeeds(), applications: 200,
		turns: turns{rounds: 1, length: 20 * time.Millisecond, rest: time.Millisecond},
	}
	for _, p := range parts() {
		t.Run(p.name, func(t *testing.T) { //nolint:paralleltest // they share the seeds, as in a run
			r, err := p.run(t.Context(), s)
			if errors.Is(err, pgrun.ErrNotFound) && os.Getenv("CI") == "" {
				t.Skip(err)
			}
			if err := errors.Join(err, s.end()); err != nil {
				t.Fatal(err)
			}
			checkReport(t, p, r)
		})
	}
}

func checkReport(t *testing.T, p part, r report) {
	t.Helper()
	for _, number := range p.rows {
		if !slices.ContainsFunc(r.rows, func(r row) bool { return r.number == number && r.must != bound{} }) {
			t.Errorf("row %d has no line that promises something", number)
		}
	}
	for _, row := range r.rows {
		if row.ratio.median <= 0 || row.ratio.low > row.ratio.median || row.ratio.high < row.ratio.median {
			t.Errorf("%s: %v", row.work, row.ratio)
		}
		if row.number > 0 && !slices.Contains(p.rows, row.number) {
			t.Errorf("row %d can't be asked for", row.number)
		}
	}
	if len(r.rows) == 0 || !strings.Contains(r.figures, "| --- |") {
		t.Errorf("%d rows; figures: %s", len(r.rows), r.figures)
	}
}

func TestEveryRowThatIsPromisedHereHasOnePart(t *testing.T) {
	t.Parallel()
	count := map[int]int{}
	for _, p := range parts() {
		for _, number := range p.rows {
			count[number]++
		}
	}
	for _, number := range []int{1, 2, 3, 4, 5, 19, 20, 21} {
		if count[number] != 1 {
			t.Errorf("row %d is given by %d parts", number, count[number])
		}
	}
}
