package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"grupa/internal/bench/rig"
)

// killedMigrations kills the migration of each released version's data at writes spread over its whole length. What is
// left must have one released schema or the newest one, whole, and every row as it was; then the migration is done
// again to its end, and server check must have no complaint. The control is the newest migration without its
// transaction, which must be caught between two schemas.
func killedMigrations(ctx context.Context, bench *rig.Bench, times int) (r Result, err error) {
	if err := canTrace(ctx); err != nil {
		return r, err
	}
	names, err := releases()
	if err != nil {
		return r, err
	}
	torn, err := bench.Mutant(ctx, rig.Server, rig.Change{
		Files: "internal/store/migrations/sqlite/*.sql", Old: "-- +goose Up", New: "-- +goose NO TRANSACTION\n-- +goose Up",
	})
	if err != nil {
		return r, err
	}
	control := r.control(Control{Fault: "no transaction", As: "between two schemas"})
	for _, name := range names {
		one, err := killAlong(ctx, bench, bench, name, times, nil)
		if err != nil {
			return r, fmt.Errorf("from %s: %w", name, err)
		}
		r.take(one)
		r.Runs += one.Runs
		if _, err := killAlong(ctx, bench, torn, name, max(5, times/2), control); err != nil {
			return r, fmt.Errorf("from %s, the control: %w", name, err)
		}
	}
	return r, nil
}

// migration is one way from a released schema to the newest one.
type migration struct {
	bench  *rig.Bench // of the real server
	by     *rig.Bench // of the server that migrates and is killed
	from   string     // a release
	before content
	whole  []string // the schemas that a place may be left with
	writes int      // of the thread that writes most
}

// killAlong kills one migration that many times. A control only counts what was caught between.
func killAlong(ctx context.Context, bench, by *rig.Bench, from string, times int, control *Control) (
	r Result, err error,
) {
	m := &migration{bench: bench, by: by, from: from}
	if err := m.survey(ctx); err != nil {
		return r, err
	}
	for n := range times {
		write := 1 + n*m.writes/times
		one, err := m.kill(ctx, write, control)
		if err != nil {
			return r, fmt.Errorf("killed at write %d of %d: %w", write, m.writes, err)
		}
		r.add(one)
	}
	return r, nil
}

// survey looks at the schema of each release, and at one migration that nobody disturbs.
func (m *migration) survey(ctx context.Context) error {
	names, err := releases()
	if err != nil {
		return err
	}
	for _, name := range names {
		err := m.visit(name, func(place rig.Place) error {
			c, err := contentOf(ctx, place, nil)
			m.whole = append(m.whole, c.schema)
			if name == m.from {
				m.before = c
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return m.visit(m.from, func(place rig.Place) error {
		killed, err := m.run(ctx, place)
		if err != nil || killed {
			return errors.Join(err, errors.New("nobody killed it"))
		}
		c, err := contentOf(ctx, place, m.before.tables)
		m.whole = append(m.whole, c.schema)
		return errors.Join(err, missing(m.before.tables, c.tables))
	})
}

// visit does something with a released database on a place of its own.
func (m *migration) visit(release string, fn func(rig.Place) error) error {
	place, err := m.bench.Place()
	if err != nil {
		return err
	}
	err = unpack(release, place)
	if err == nil {
		err = fn(place)
	}
	return errors.Join(err, place.Remove())
}

// kill kills the migration at a write of whatever thread comes to it first. A write that no thread comes to, since the
// work was shared otherwise this time, is replaced by an earlier one.
func (m *migration) kill(ctx context.Context, write int, control *Control) (r Result, err error) {
	for range 20 {
		var killed bool
		err := m.visit(m.from, func(place rig.Place) (err error) {
			killed, err = m.run(ctx, place, "-e", fmt.Sprintf("inject=pwrite64:signal=SIGKILL:when=%d", write))
			if err != nil || !killed {
				return err
			}
			return m.look(ctx, place, &r, control)
		})
		if err != nil || killed {
			return r, err
		}
		write = 1 + rand.N(write)
	}
	return r, errors.New("it always came to its end")
}

// look looks at what is left on a place, and goes on with it.
func (m *migration) look(ctx context.Context, place rig.Place, r *Result, control *Control) error {
	c, err := contentOf(ctx, place, m.before.tables)
	if err != nil {
		return err
	}
	between := !slices.Contains(m.whole, c.schema)
	if control != nil {
		control.add(between)
		return nil
	}
	if between {
		r.wrong("a killed migration left a schema between two:\n%s", c.schema)
	}
	if err := missing(m.before.tables, c.tables); err != nil {
		r.corrupt(fmt.Errorf("after the kill: %w", err))
	}
	_, err = m.bench.Run(ctx, rig.Server, place, "migrate")
	if err == nil {
		err = check(ctx, m.bench, place)
	}
	if err != nil {
		r.corrupt(fmt.Errorf("done again: %w", err))
		return ctx.Err()
	}
	c, err = contentOf(ctx, place, m.before.tables)
	if gone := missing(m.before.tables, c.tables); gone != nil || c.schema != m.whole[len(m.whole)-1] {
		r.corrupt(fmt.Errorf("done again: it is not what an undisturbed migration gives: %w", gone))
	}
	return err
}

// run migrates a place under strace, and says whether it was killed. Undisturbed, it counts the writes of the busiest
// thread.
func (m *migration) run(ctx context.Context, place rig.Place, how ...string) (killed bool, err error) {
	log := filepath.Join(place.Data(), "..", "strace")
	inner := m.by.Command(ctx, rig.Server, place, "migrate")
	args := append([]string{"-f", "-o", log, "-e", "trace=pwrite64"}, how...)
	cmd := exec.CommandContext(ctx, "strace", append(append(args, inner.Path), inner.Args[1:]...)...)
	cmd.Env, cmd.Dir = inner.Env, inner.Dir
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signal() == syscall.SIGKILL {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("migrate: %w: %s", err, out)
	}
	if len(how) > 0 {
		return false, nil
	}
	raw, err := os.ReadFile(log)
	writes := map[string]int{}
	for line := range strings.Lines(string(raw)) {
		if thread, call, _ := strings.Cut(line, " "); strings.Contains(call, "pwrite64(") {
			writes[thread]++
			m.writes = max(m.writes, writes[thread])
		}
	}
	return false, err
}
