// Command faults breaks a running Grupa on purpose and counts what was lost by it. Each suite has a file, drives the
// real server binary as a process of its own, speaks to it over HTTP only, and has a control: the same with a fault put
// in, which must be seen. A suite whose control sees nothing shows nothing. It leaves out how fast anything is.
//
//	go run ./internal/faults [-long] [-kills N]
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
)

// suite is one way to break the server. run does it that many times; an error means that it could not be done, which
// says nothing about what was lost.
type suite struct {
	name string
	ci   int // how often on every change
	long int // how often on demand
	run  func(ctx context.Context, times int) (Result, error)
}

func suites() []suite {
	return []suite{
		{"kill -9 under load", 30, 200, kills},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	if ctx.Err() != nil {
		err = context.Cause(ctx) // what else went wrong then went wrong by it
	}
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "faults:", err) // a terminal that is gone needs no help
		os.Exit(1)
	}
}

// run runs every suite, prints the row of each as soon as it is there, and fails if one is not as it should be.
func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("faults", flag.ContinueOnError)
	long := flags.Bool("long", false, "as often as the published table says, instead of as often as on every change")
	often := flags.Int("kills", 0, "how often, instead of either")
	if err := flags.Parse(args); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out, "| suite | runs | acknowledged | lost | duplicated | corrupt | control |\n"+
		"| --- | --- | --- | --- | --- | --- | --- |")
	for _, s := range suites() {
		times := s.ci
		if *long {
			times = s.long
		}
		if *often > 0 {
			times = *often
		}
		r, broken := s.run(ctx, times)
		if broken != nil {
			return errors.Join(err, fmt.Errorf("%s: %w", s.name, broken))
		}
		_, printed := fmt.Fprintf(out, "| %s | %d | %d | %d | %d | %d | %s |\n", s.name, r.Runs, r.Acknowledged, r.Lost,
			r.Duplicated, r.Corrupt, r.Control)
		err = errors.Join(err, printed, r.Fault())
	}
	return err
}
