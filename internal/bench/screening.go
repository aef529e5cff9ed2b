package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// screeningParts compare functions, by the benchmarks that stand beside them.
func screeningParts() []part {
	return []part{{"rendering", []int{13}, rendering}, {"screening", []int{15}, screening}}
}

// What keeps screening below its aim, seen in a profile.
const screeningFinding = "Both read each answer once for all types (a fifth of the time) and allocate what they find " +
	"(a third); what is left, closures over numbered answers, is as quick as comparing words by hand. Code that reads " +
	"the answers again for each type takes three times as long."

func rendering(ctx context.Context, s *stage) (r report, err error) {
	took, err := s.benchmarks(ctx, "grupa/calendar/ics", "Render52", "GoIcal52")
	if err != nil {
		return r, err
	}
	r.rows = []row{{number: 13, work: "rendering 52 sessions / go-ical's build and encode (time)",
		ratio: quotient(took[0].rounds, took[1].rounds), must: atMost(0.8), aim: atMost(0.5)}}
	r.figures = timesTable("rendering 52 sessions", took)
	return r, nil
}

func screening(ctx context.Context, s *stage) (r report, err error) {
	took, err := s.benchmarks(ctx, "grupa/intake/screen", "Screen/data", "Screen/by-hand", "Screen/json")
	if err != nil {
		return r, err
	}
	inMicros := make([]float64, 0, len(took[2].rounds))
	for _, ns := range took[2].rounds {
		inMicros = append(inMicros, ns/float64(time.Microsecond))
	}
	r.rows = []row{
		{number: 15, work: "screening one applicant for 20 types of 8 criteria, as data / by hand in Go (time)",
			ratio: quotient(took[0].rounds, took[1].rounds), must: atMost(1.5), aim: atMost(0.7),
			finding: screeningFinding},
		{number: 15, work: "the same, with all reasons as JSON", ratio: ratioOf(inMicros), unit: " µs", must: atMost(50)},
	}
	r.figures = timesTable("screening one applicant", took)
	return r, nil
}

// timed is a benchmark and what it took, in nanoseconds for one, a round each.
type timed struct {
	name   string
	rounds []float64
}

// benchmarks builds the tests of a package and lets its benchmarks take turns.
func (s *stage) benchmarks(ctx context.Context, pkg string, names ...string) ([]timed, error) {
	binary := filepath.Join(s.Dir(), strings.ReplaceAll(pkg, "/", "-")+".test")
	if out, err := exec.CommandContext(ctx, "go", "test", "-c", "-o", binary, pkg).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the benchmarks of %s: %w: %s", pkg, err, out)
	}
	all := make([]timed, len(names))
	for range s.rounds {
		for n, name := range names {
			ns, err := s.benchmark(ctx, binary, name)
			if err != nil {
				return nil, err
			}
			all[n].name, all[n].rounds = name, append(all[n].rounds, ns)
		}
	}
	return all, nil
}

var perOperation = regexp.MustCompile(`([0-9.]+) ns/op`)

// benchmark runs one benchmark for a turn.
func (s *stage) benchmark(ctx context.Context, binary, name string) (ns float64, err error) {
	pattern := "^Benchmark" + strings.ReplaceAll(name, "/", "$/^") + "$"
	run := exec.CommandContext(ctx, binary, "-test.run=^$", "-test.bench="+pattern, "-test.benchtime="+s.length.String())
	run.Dir = s.Dir()
	out, err := run.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("benchmark %s: %w: %s", name, err, out)
	}
	found := perOperation.FindSubmatch(out)
	if found == nil {
		return 0, fmt.Errorf("there is no benchmark %s: %s", name, out)
	}
	return strconv.ParseFloat(string(found[1]), 64)
}

func timesTable(title string, all []timed) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | time |\n| --- | --: |\n", title)
	for _, t := range all {
		fmt.Fprintf(&b, "| %s | %s |\n", t.name, span(time.Duration(median(t.rounds))))
	}
	return b.String() + "\n"
}
