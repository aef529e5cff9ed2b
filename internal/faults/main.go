// Command faults breaks a running Grupa on purpose and counts what was lost by it. Each suite has a file, drives the
// real server binary as a process of its own, speaks to it over HTTP, and has controls: the same with a fault put in,
// which must be seen. It looks into the database itself only for what nobody can ask the server. A suite whose
// control sees nothing shows nothing. It leaves out how fast anything is.
//
//	go run ./internal/faults [-long] [-only NAME] [-runs N] [-dir FOLDER]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"grupa/internal/bench/rig"
)

// suite is one way to break the server. run does it that many times; an error means that it could not be done, which
// says nothing about what was lost. It removes the places that it makes in the bench, not the bench.
type suite struct {
	name  string
	short int // how often on every change; 0: on demand only
	long  int // how often on demand
	run   func(ctx context.Context, bench *rig.Bench, times int) (Result, error)
}

// suites are the rows of the table. The test runs the short form of each.
func suites() []suite {
	return []suite{
		{"kill -9 under load", 30, 200, kills},
		{"power cut", 10, 100, powerCuts},
		{"disk full, then freed", 5, 50, fullDisks},
		{"disk full at write n (ENOSPC)", 50, 500, failedWrites},
		{"flush n fails (EIO)", 20, 200, failedFlushes},
		{"five posts a key", 1000, 1000, doubleSubmits},
		{"migration killed at write n", 20, 60, killedMigrations},
		{"last seat, SQLite", 2000, 10000, lastSeats},
		{"last seat, PostgreSQL, two replicas", 1000, 10000, lastSeatsOfReplicas},
		{"replica killed", 5, 50, killedReplicas},
		{"PostgreSQL out of reach", 3, 6, partitions},
		{"killed between commit and mail", 12, 60, mailCuts},
		{"backup and restore", 4, 30, backups},
		{"backup of 200 MB", 0, 1, bigBackup},
	}
}

// errMissing means that this machine has not what a suite needs: a right, a tool, a file system.
var errMissing = errors.New("this machine can't do it")

// mustRun says whether a suite that can't be done is a failure: in CI nothing may be left out in silence.
func mustRun() bool { return os.Getenv("CI") != "" }

func main() { rig.Main("faults", run) }

// run runs the suites, prints the row of each as soon as it is there, and fails if one is not as it should be.
func run(ctx context.Context, args []string, out io.Writer) (err error) {
	flags := flag.NewFlagSet("faults", flag.ContinueOnError)
	long := flags.Bool("long", false, "as often as the published table says, instead of as often as on every change")
	only := flags.String("only", "", "run the suites with that word in their name")
	often := flags.Int("runs", 0, "how often, instead of either")
	dir := flags.String("dir", "", "folder on the disk to use (default: where the system keeps temporary files)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	chosen := slices.DeleteFunc(suites(), func(s suite) bool { return !strings.Contains(s.name, *only) })
	if len(chosen) == 0 {
		return fmt.Errorf("no suite has %q in its name", *only)
	}
	bench, err := rig.New(ctx, *dir, rig.Server, rig.StandIn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bench.Remove()) }()
	if _, err := io.WriteString(out, head); err != nil {
		return err
	}
	for _, s := range chosen {
		times := s.short
		if *long {
			times = s.long
		}
		if *often > 0 {
			times = *often
		}
		if times > 0 {
			err = errors.Join(err, s.print(ctx, bench, times, mustRun(), out))
		}
	}
	return err
}

// print runs a suite and prints its row. A suite that could not be done does not keep the next from running.
func (s suite) print(ctx context.Context, bench *rig.Bench, times int, must bool, out io.Writer) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	r, err := s.run(ctx, bench, times)
	if errors.Is(err, errMissing) && !must {
		_, err = fmt.Fprintf(out, "| %s | left out | | | | | | | %v |\n", s.name, err)
		return err
	}
	if err == nil {
		_, printed := fmt.Fprintf(out, "| %s | %s |\n", s.name, r)
		err = errors.Join(printed, r.Fault())
	}
	if err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	return nil
}
