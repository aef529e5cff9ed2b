package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"

	"grupa/internal/bench/rig"
)

const (
	memorySize = 128 << 20
	refusals   = 40 // of forms, before there is room again
)

const (
	frame      = 4096 + 24    // of SQLite's log: a page and what it says of it (fileformat2, section 4.1)
	firstIndex = 4062 * frame // the log's length at which its index needs more room too, so many octets:
	indexRoom  = 32 << 10
	fold       = 8000 * frame // and the length at which it is folded into the database, which grows by that
)

// scene is when the disk fills: just before the log gets that long, and with how much more room than the next form
// takes in it.
type scene struct{ log, room int64 }

// scenes take turns: a young log, one whose index must grow just when the disk is full, one that is about to be folded.
func scenes(n int) scene {
	switch n % 3 {
	case 1:
		return scene{firstIndex, indexRoom / 2}
	case 2:
		return scene{fold, rand.N[int64](4 << 20)}
	}
	return scene{0, rand.N[int64](2 << 20)}
}

// fullDisks fills the disk under a server up to a little room, lets forms come until it can't take them, and makes room
// again. Meanwhile each form must be refused as such, with the numbers to call; afterwards the server must take forms
// again by itself, and everything that it acknowledged must be there. The control is a server that acknowledges before
// its commit.
func fullDisks(ctx context.Context, bench *rig.Bench, times int) (r Result, err error) {
	early := r.control(Control{Fault: tooEarlyFault, As: "lost"})
	for n := range times {
		scene := scenes(n)
		one, err := fullDisk(ctx, bench, scene, theServer(bench))
		if err != nil {
			return r, fmt.Errorf("disk %d, %+v: %w", n, scene, err)
		}
		r.add(one)
		if n%3 > 0 {
			continue
		}
		control, err := fullDisk(ctx, bench, scene, tooEarly(bench))
		if err != nil {
			return r, fmt.Errorf("disk %d of the control, %+v: %w", n, scene, err)
		}
		early.Seen += control.Lost
		early.Of += control.Acknowledged
	}
	return r, nil
}

// fullDisk is one run.
func fullDisk(ctx context.Context, bench *rig.Bench, scene scene, victim victim) (r Result, err error) {
	dir, err := newMemory(ctx, bench.Dir(), memorySize)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, removeMemory(dir)) }()
	s, err := sit(ctx, bench, rig.PlaceIn(dir), victim)
	if err != nil {
		return r, err
	}
	defer s.leave()
	balloon := filepath.Join(dir, "balloon")
	next, err := s.swell(ctx, scene.log)
	if err != nil {
		return r, err
	}
	for _, step := range []func() error{
		func() error { return fill(balloon, next+scene.room) },
		func() error { return s.starve(ctx) },
		func() error { return os.Remove(balloon) },
		func() error { return s.heals(ctx) },
	} {
		if err := step(); err != nil {
			return r, err
		}
	}
	return s.aftermath(ctx)
}

// swell sends forms, a few at least, until the next one brings the log to that length. It gives what one takes in it.
func (s *sitting) swell(ctx context.Context, length int64) (one int64, err error) {
	before := int64(0)
	for {
		if err := s.taken(ctx, 1); err != nil {
			return 0, err
		}
		info, err := os.Stat(databaseOf(s.place) + "-wal")
		if err != nil {
			return 0, err
		}
		now := info.Size()
		one, before = now-before, now
		if len(s.sent) >= 5 && now+one >= length {
			return one, nil
		}
	}
}

// fill fills the disk with one file and leaves so much room.
func fill(path string, room int64) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var size int64
	for err == nil {
		var n int
		n, err = f.Write(make([]byte, 64<<10))
		size += int64(n)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		return err
	}
	return f.Truncate(max(0, size-room))
}

// starve sends forms one by one until one is refused, and then several at once until enough were. Or more were taken
// than can fit: only a control may do that.
func (s *sitting) starve(ctx context.Context) error {
	const most = 600
	before := len(s.sent)
	together := 1
	for refused := 0; refused < refusals && len(s.sent)-before < most; {
		answers, err := s.post(ctx, together)
		if err != nil {
			return err
		}
		if refused += len(answers); refused > 0 {
			together = 4
		}
		s.judge(answers)
	}
	if s.real && len(s.sent)-before >= most {
		s.wrong("%d forms fitted on a full disk", most)
	}
	return s.reads(ctx)
}
