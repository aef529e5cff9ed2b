package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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
	if got := slowing.over(other); got != (ratio{2, 2, 3}) {
		t.Error(got)
	}
	if got := slowing.timeOver(other); got != (ratio{0.5, 50.0 / 150, 0.5}) {
		t.Error(got)
	}
	long := measured{took: [][]time.Duration{{1, 10}, {2, 8}}}
	if got := long.p99Over(measured{took: [][]time.Duration{{2, 5}, {1, 9}}}); got != (ratio{1.25, 0.5, 2}) {
		t.Error(got)
	}
}

func TestWaysTakeTurnsAndWhatTheyDidIsCounted(t *testing.T) {
	t.Parallel()
	order := ""
	step := func(name string) func(context.Context) error {
		return func(context.Context) error {
			order += name
			return nil
		}
	}
	// So short a turn that each does one and no more.
	all, err := compare(t.Context(), turns{rounds: 3, length: 1}, way{name: "a", clients: 1, do: step("a"), batch: 10},
		way{name: "b", clients: 1, do: step("b")})
	if err != nil {
		t.Fatal(err)
	}
	if order != "abababab" { // the first of each does not count
		t.Error(order)
	}
	for _, m := range all {
		if len(m.rates) != 3 || len(m.took) != 3 || len(m.took[0]) != 1 {
			t.Errorf("%s: %v %v", m.name, m.rates, m.took)
		}
		want := float64(m.batch) / m.took[0][0].Seconds()
		if m.rates[0] > want {
			t.Errorf("%s: %v a second, of which one took %s", m.name, m.rates[0], m.took[0][0])
		}
	}
	if text := figures("title", all...); strings.Count(text, "\n") != 4 {
		t.Error(text)
	}
}

func TestAWayThatFailsIsNoFigure(t *testing.T) {
	t.Parallel()
	broken := errors.New("it failed")
	_, err := compare(t.Context(), turns{rounds: 1, length: time.Millisecond},
		way{name: "a", clients: 2, do: func(context.Context) error { return broken }})
	if !errors.Is(err, broken) {
		t.Error(err)
	}
}

func TestFiguresAreWrittenInTheUnitThatSuitsThem(t *testing.T) {
	t.Parallel()
	got := []string{
		span(1500 * time.Nanosecond), span(999 * time.Microsecond), span(12340 * time.Microsecond), size(3 << 19),
		digits(1234.5), digits(0.0123),
	}
	if diff := cmp.Diff([]string{"1.50 µs", "999 µs", "12.3 ms", "1.50 MB", "1234", "0.0123"}, got); diff != "" {
		t.Error(diff)
	}
}
