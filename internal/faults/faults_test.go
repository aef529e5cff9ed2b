package main

import (
	"context"
	"errors"
	"strings"
	"testing"

	"grupa/internal/bench/rig"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	bench, err := rig.New(t.Context(), t.TempDir(), rig.Server, rig.StandIn)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range suites() {
		if s.short == 0 {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			losesNothing(t, bench, s)
		})
	}
	for name, test := range map[string]func(*testing.T, *rig.Bench){
		"a repeated request that was taken twice is seen":          repeatedRequest,
		"a server that does not start is an error and no loss":     noStart,
		"a form that a full disk refused without a number is seen": badRefusal,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, bench)
		})
	}
}

// losesNothing runs the short form of a suite.
func losesNothing(t *testing.T, bench *rig.Bench, s suite) {
	times := s.short
	if testing.Short() {
		times = min(times, 3)
	}
	r, err := s.run(t.Context(), bench, times)
	if errors.Is(err, errMissing) && !mustRun() {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s| %s | %s |", head, s.name, r)
	if err := r.Fault(); err != nil {
		t.Error(err)
	}
}

// The stand-in keeps no idempotency keys, so what it answered and is sent again becomes a second application.
func repeatedRequest(t *testing.T, bench *rig.Bench) {
	keyless := victim{bench, rig.StandIn, []string{"--mode", "together"}}
	r, err := kill(t.Context(), bench, latest, keyless, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Lost != 0 || r.Duplicated == 0 {
		t.Errorf("lost %d, duplicated %d of %d, by a server that keeps its commits and no keys", r.Lost, r.Duplicated,
			r.Acknowledged)
	}
}

func noStart(t *testing.T, bench *rig.Bench) {
	place, err := bench.Place()
	if err != nil {
		t.Fatal(err)
	}
	if p, err := bench.Start(t.Context(), rig.StandIn, place, "--mode", "none"); err == nil {
		t.Errorf("it started: %v", p.Kill())
	}
}

func badRefusal(t *testing.T, _ *rig.Bench) {
	for _, answer := range []*rig.Answered{
		{Status: 500, Body: `{"help":{"contacts":[{"phone":"116 123"}]}}`}, {Status: 503, Body: `{"help":{"contacts":[]}}`},
		{Status: 503, Body: `{}`}, {Status: 503, Body: "overloaded"},
		{Status: 200, Body: `{"help":{"contacts":[{"phone":"1"}]}}`},
	} {
		s := &sitting{real: true}
		if s.judge([]*rig.Answered{answer}); s.Wrong != 1 {
			t.Errorf("%v passed", answer)
		}
	}
	s := &sitting{real: true}
	s.judge([]*rig.Answered{{Status: 507, Body: `{"help":{"contacts":[{"phone":"116 123"}]}}`}})
	if s.Wrong != 0 {
		t.Error(s.Complaints)
	}
}

func TestAResultThatIsNotAsItMustBeFailsTheSuite(t *testing.T) {
	t.Parallel()
	seen := func() *Control { return &Control{Fault: "put in", As: "lost", Seen: 1, Of: 9} }
	good := Result{Runs: 1, Acknowledged: 9, Controls: []*Control{seen()}}
	if err := good.Fault(); err != nil {
		t.Errorf("nothing was lost, and yet %v", err)
	}
	for name, spoil := range map[string]func(*Result){
		"lost":       func(r *Result) { r.lose(errors.New("x")) },
		"duplicated": func(r *Result) { r.duplicate(errors.New("x")) },
		"corrupt":    func(r *Result) { r.corrupt(errors.New("x")) },
		"wrong":      func(r *Result) { r.wrong("x") },
	} {
		r := good
		spoil(&r)
		if r.Fault() == nil {
			t.Errorf("%s passed", name)
		}
	}
	for name, spoil := range map[string]func(*Result){
		"no run":                    func(r *Result) { r.Runs = 0 },
		"no control":                func(r *Result) { r.Controls = nil },
		"a control that saw none":   func(r *Result) { r.Controls[0].Seen = 0 },
		"one that had to see all":   func(r *Result) { r.Controls[0].All = true },
		"the second of two is none": func(r *Result) { r.Controls = append(r.Controls, &Control{Of: 9}) },
	} {
		r := good
		r.Controls = []*Control{seen()}
		spoil(&r)
		if err := r.Fault(); !errors.Is(err, ErrBlind) {
			t.Errorf("%s passed: %v", name, err)
		}
	}
}

func TestASuiteThatThisMachineCannotDoFailsWhereNoneMayBeLeftOut(t *testing.T) {
	t.Parallel()
	s := suite{name: "impossible", run: func(context.Context, *rig.Bench, int) (Result, error) {
		return Result{}, errors.Join(errMissing, errors.New("no root"))
	}}
	var out strings.Builder
	if err := s.print(t.Context(), nil, 1, true, &out); !errors.Is(err, errMissing) {
		t.Errorf("it passed: %v", err)
	}
	if err := s.print(t.Context(), nil, 1, false, &out); err != nil || !strings.Contains(out.String(), "no root") {
		t.Errorf("%v: %s", err, out.String())
	}
}

func TestASuiteThatThereIsNotIsAnError(t *testing.T) {
	t.Parallel()
	if err := run(t.Context(), []string{"-only", "no such thing"}, &strings.Builder{}); err == nil {
		t.Error("nothing was run, and that passed")
	}
}
