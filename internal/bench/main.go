// Command bench measures what Grupa promises about speed and prints it: the machine and the versions, one Markdown
// table with a line a promise, and under it the absolute figures of everything that was compared. What is compared is
// measured in turns within one run (A B A B): absolute rates move with the machine and its neighbours, the ratios are
// the result. Client and server share the machine. It fails if a promise is not kept. It leaves out whether anything is
// lost (internal/faults).
//
//	go run ./internal/bench [-rows 1,2,5] [-rounds N] [-seconds S] [-applications N] [-dir FOLDER]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"grupa/internal/bench/rig"
)

func main() { rig.Main("bench", run) }

// parts is everything that can be measured, in the order in which it is.
func parts() []part {
	var all []part
	all = append(all, submitParts()...)
	all = append(all, postgresParts()...)
	all = append(all, processParts()...)
	all = append(all, memoryParts()...)
	all = append(all, listParts()...)
	all = append(all, feedParts()...)
	all = append(all, screeningParts()...)
	all = append(all, unitParts()...)
	return all
}

// options are the flags.
type options struct {
	rows         []int // all if empty
	rounds       int
	seconds      float64
	applications int
	dir          string
}

func readOptions(args []string) (o options, err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	rows := flags.String("rows", "", "numbers of the rows to measure, such as 1,2; 0 is what has none (default: all)")
	flags.IntVar(&o.rounds, "rounds", 5, "turns of each way")
	flags.Float64Var(&o.seconds, "seconds", 1.5, "length of a turn")
	flags.IntVar(&o.applications, "applications", 100_000, "how many are there already; promises are about the default")
	flags.StringVar(&o.dir, "dir", "", "folder on the disk to measure (default: where the system keeps temporary files)")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	for field := range strings.SplitSeq(*rows, ",") {
		if field == "" {
			continue
		}
		n, err := strconv.Atoi(field)
		if err != nil {
			return o, fmt.Errorf("-rows %s: %w", *rows, err)
		}
		o.rows = append(o.rows, n)
	}
	if o.rounds < 1 || o.applications < 1 {
		return o, errors.New("-rounds and -applications must be 1 at least")
	}
	return o, nil
}

func (o options) wants(p part) bool {
	if len(p.rows) == 0 {
		return len(o.rows) == 0 || slices.Contains(o.rows, 0)
	}
	return len(o.rows) == 0 || slices.ContainsFunc(p.rows, func(n int) bool { return slices.Contains(o.rows, n) })
}

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	o, err := readOptions(args)
	if err != nil {
		return err
	}
	bench, err := rig.New(ctx, o.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bench.Remove()) }()
	s := &stage{
		Bench: bench, seeds: newSeeds(), applications: o.applications,
		turns: turns{o.rounds, time.Duration(o.seconds * float64(time.Second)), 1500 * time.Millisecond},
	}
	head, err := machine(ctx, bench)
	if err != nil {
		return err
	}
	all, err := measure(ctx, s, o)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "%s\n%s\n%s", head, rowTable(all.rows), all.figures); err != nil {
		return err
	}
	return kept(all.rows)
}

// measure runs the parts that are wanted. One that fails ends the run: a table with a hole would look like a whole one.
func measure(ctx context.Context, s *stage, o options) (all report, err error) {
	for _, p := range parts() {
		if !o.wants(p) {
			continue
		}
		start := time.Now()
		r, err := p.run(ctx, s)
		if err := errors.Join(err, s.end(), ctx.Err()); err != nil {
			return all, fmt.Errorf("%s: %w", p.name, err)
		}
		_, _ = fmt.Fprintf(os.Stderr, "bench: %s took %s\n", p.name, time.Since(start).Round(time.Second))
		all.rows = append(all.rows, r.rows...)
		all.figures += r.figures + "\n"
	}
	return all, nil
}

// kept is an error if a promise is not kept.
func kept(rows []row) error {
	var broken []string
	for _, r := range rows {
		if !r.must.holds(r.ratio) {
			broken = append(broken, fmt.Sprintf("row %d (%s)", r.number, r.work))
		}
	}
	if len(broken) > 0 {
		return fmt.Errorf("not as it must be: %s", strings.Join(broken, ", "))
	}
	return nil
}
