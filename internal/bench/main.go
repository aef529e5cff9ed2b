// Command bench measures what Grupa promises about speed, and prints it as Markdown tables with the machine and the
// versions. What is compared is measured in turns within one run (A B A B): absolute rates move with the machine and
// its neighbours, the ratios are the result. Client and server share the machine. It leaves out whether anything is
// lost (internal/faults) and the benchmarks of single functions, which stand beside those.
//
//	go run ./internal/bench [-rounds N] [-seconds S] [-dir FOLDER]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"grupa/internal/bench/rig"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	if ctx.Err() != nil {
		err = context.Cause(ctx) // what else went wrong then went wrong by it
	}
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "bench:", err) // a terminal that is gone needs no help
		os.Exit(1)
	}
}

// turns says how the ways of a comparison take turns.
type turns struct {
	rounds int           // of each way
	length time.Duration // of one turn
	rest   time.Duration // after one turn, for what a server still does behind it
}

// part measures one thing and gives its table.
type part func(context.Context, *rig.Bench, turns) (string, error)

func parts() []part { return []part{machine, disk, units, overHTTP} }

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	rounds := flags.Int("rounds", 4, "turns of each way")
	seconds := flags.Float64("seconds", 1.5, "length of a turn")
	dir := flags.String("dir", "", "folder on the disk to measure (default: where the system keeps temporary files)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	bench, err := rig.New(ctx, *dir, rig.Server, rig.StandIn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bench.Remove()) }()
	t := turns{rounds: *rounds, length: time.Duration(*seconds * float64(time.Second)), rest: 1500 * time.Millisecond}
	for _, part := range parts() {
		text, err := part(ctx, bench, t)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, text); err != nil {
			return err
		}
	}
	return ctx.Err()
}
