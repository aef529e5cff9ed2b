package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"grupa/internal/store"
)

// job is one pass of something that must happen again and again.
type job struct {
	name  string
	every time.Duration
	run   func(ctx context.Context) error
}

func jobs(db *store.DB) []job {
	return []job{{"audit chain", time.Second, db.ChainAudit}}
}

// runJobs loops the jobs until ctx ends, with a last pass of each then; Wait waits for that.
func runJobs(ctx context.Context, log *slog.Logger, db *store.DB) *sync.WaitGroup {
	var running sync.WaitGroup
	for _, j := range jobs(db) {
		running.Go(func() { j.loop(ctx, log) })
	}
	return &running
}

func (j job) loop(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(j.every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			j.pass(ctx, log)
		case <-ctx.Done():
			j.pass(context.WithoutCancel(ctx), log)
			return
		}
	}
}

func (j job) pass(ctx context.Context, log *slog.Logger) {
	if err := j.run(ctx); err != nil && ctx.Err() == nil {
		log.Error("job failed, it is tried again", "job", j.name, "error", err)
	}
}
