package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"time"

	"grupa/internal/bench/rig"
)

// latestCut bounds when the power is cut, after the first acknowledgement. The kernel begins to write by itself after
// five seconds: a longer run would hide what was never flushed.
const latestCut = 800 * time.Millisecond

// powerCuts copies the disk under a server at random moments while it stands still, starts the real server on the copy,
// and looks for every submission that was acknowledged before. What the file system still held in memory is not on the
// copy. The controls are the real server with one word changed, so that it flushes at no commit (OFF) or only when it
// folds its log (NORMAL).
//
// What the file system has handed to the disk counts as kept: a disk that forgets what it did not confirm yet would
// lose more, so this can miss a flush of the disk's own cache, but not one of the system's.
func powerCuts(ctx context.Context, bench *rig.Bench, times int) (r Result, err error) {
	if err := canMount(ctx, bench.Dir()); err != nil {
		return r, err
	}
	off, err := flushing(ctx, bench, "OFF", "0")
	if err != nil {
		return r, err
	}
	normal, err := flushing(ctx, bench, "NORMAL", "1")
	if err != nil {
		return r, err
	}
	controls := map[*Control]victim{
		r.control(Control{Fault: "synchronous=OFF", As: "lost", All: true}): off,
		r.control(Control{Fault: "synchronous=NORMAL", As: "lost"}):         normal,
	}
	for n := range times {
		moment := soonest + rand.N(latestCut-soonest)
		one, err := powerCut(ctx, bench, moment, theServer(bench))
		if err != nil {
			return r, fmt.Errorf("cut %d: %w", n, err)
		}
		r.add(one)
		if n%2 > 0 {
			continue
		}
		for c, victim := range controls {
			one, err := powerCut(ctx, bench, moment, victim)
			if err != nil {
				return r, fmt.Errorf("cut %d with %s: %w", n, c.Fault, err)
			}
			c.Seen += one.Lost
			c.Of += one.Acknowledged
		}
	}
	return r, nil
}

// flushing is the real server with another setting of SQLite for when it flushes, and its own check of that setting
// changed with it.
func flushing(ctx context.Context, bench *rig.Bench, word, number string) (victim, error) {
	const folder = "internal/store"
	mutant, err := bench.Mutant(ctx, rig.Server,
		rig.Change{Files: folder, Old: `"_synchronous", "FULL"`, New: `"_synchronous", "` + word + `"`},
		rig.Change{Files: folder, Old: `{"synchronous", "2"}`, New: `{"synchronous", "` + number + `"}`})
	return victim{mutant, rig.Server, nil}, err
}

// powerCut is one run: a program is driven on a disk of its own, which is copied while the program stands still.
func powerCut(ctx context.Context, bench *rig.Bench, moment time.Duration, victim victim) (r Result, err error) {
	before, err := newDisk(ctx, bench.Dir())
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, before.remove()) }()
	place := rig.PlaceIn(filepath.Join(before.mounted, "place"))
	token, err := coordinator(ctx, bench, place)
	if err != nil {
		return r, err
	}
	process, err := victim.start(ctx, place)
	if err != nil {
		return r, err
	}
	var after *disk
	sent, err := drive(ctx, process, moment, func() (err error) {
		if err := process.Pause(ctx); err != nil {
			return err
		}
		if after, err = before.copied(ctx, bench.Dir()); err != nil {
			return err
		}
		return process.Kill()
	})
	if after != nil {
		defer func() { err = errors.Join(err, after.remove()) }()
	}
	if err != nil {
		return r, err
	}
	if err := after.mount(ctx); err != nil {
		return r, err
	}
	return aftermath(ctx, bench, rig.PlaceIn(filepath.Join(after.mounted, "place")), token, sent)
}
