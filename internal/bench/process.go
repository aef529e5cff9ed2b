package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"grupa/internal/bench/rig"
)

// processParts compare the process itself with PocketBase's.
func processParts() []part {
	return []part{{"start and idle memory", []int{19}, starts}, {"binaries", []int{21}, binaries}}
}

// starts compares how long it takes from the start to the first answer, and what then lies in memory.
func starts(ctx context.Context, s *stage) (r report, err error) {
	ours, err := s.seeded(ctx, s.applications)
	if err != nil {
		return r, err
	}
	theirs, err := s.peerSeeded(ctx, rig.PocketBase, s.applications)
	if err != nil {
		return r, err
	}
	if err := s.Build(ctx, rig.Server); err != nil {
		return r, err
	}
	grupa := &starting{name: "Grupa", program: rig.Server, at: ours.Place, path: "/healthz"}
	pocketBase := &starting{name: "PocketBase", program: rig.PocketBase, at: theirs, path: "/api/health"}
	for range s.rounds {
		for _, one := range []*starting{grupa, pocketBase} {
			if err := one.start(ctx, s); err != nil {
				return r, err
			}
		}
	}
	r.rows = []row{
		{number: 19, work: "start / PocketBase's (time)", ratio: quotient(grupa.took, pocketBase.took), must: atMost(1),
			aim: atMost(0.5), finding: startFinding},
		{number: 19, work: "idle memory / PocketBase's", ratio: quotient(grupa.idle, pocketBase.idle), must: atMost(1),
			aim: atMost(0.5), finding: idleFinding},
	}
	var b strings.Builder
	b.WriteString("| process | start | idle memory |\n| --- | --: | --: |\n")
	for _, one := range []*starting{grupa, pocketBase} {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", one.name, span(time.Duration(median(one.took))),
			size(int64(median(one.idle))))
	}
	r.figures = b.String()
	return r, nil
}

// starting is a program that is started again and again on the same place.
type starting struct {
	name, program string
	at            rig.Place
	path          string    // that it answers
	took          []float64 // nanoseconds
	idle          []float64 // octets
}

// start also lets the memory settle: what a start needed once is given back within the rest.
func (p *starting) start(ctx context.Context, s *stage) error {
	begin := time.Now()
	process, err := s.start(ctx, p.program, p.at)
	if err != nil {
		return err
	}
	wires, err := s.wires(process.URL, 1)
	if err != nil {
		return err
	}
	ask, err := get(wires, p.path, nil, http.StatusOK)
	if err != nil {
		return err
	}
	if err := ask(ctx); err != nil {
		return err
	}
	p.took = append(p.took, float64(time.Since(begin)))
	if err := rest(ctx, s.rest); err != nil {
		return err
	}
	now, _, err := process.Memory()
	p.idle = append(p.idle, float64(now))
	if err != nil {
		return err
	}
	return process.Stop()
}

// quotient gives the ratio of two values, round by round.
func quotient(above, below []float64) ratio {
	rounds := make([]float64, len(above))
	for n := range above {
		rounds[n] = above[n] / below[n]
	}
	return ratioOf(rounds)
}

// binaries compares what is carried to a machine: both stripped, built with the same flags.
func binaries(ctx context.Context, s *stage) (r report, err error) {
	var b strings.Builder
	b.WriteString("| binary, stripped | size |\n| --- | --: |\n")
	sizes := map[string]float64{}
	for _, program := range []string{rig.Server, rig.PocketBase, rig.Floor} {
		if err := s.Build(ctx, program); err != nil {
			return r, err
		}
		info, err := os.Stat(s.Binary(program))
		if err != nil {
			return r, err
		}
		sizes[program] = float64(info.Size())
		fmt.Fprintf(&b, "| %s | %s |\n", program, size(info.Size()))
	}
	r.rows = []row{{
		number: 21, work: "stripped binary / PocketBase's", must: atMost(1.5), aim: atMost(1), finding: binaryFinding,
		ratio: ratioOf([]float64{sizes[rig.Server] / sizes[rig.PocketBase]}),
	}}
	r.figures = b.String()
	return r, nil
}
