package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"grupa/internal/notify"
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

// runJobs loops the jobs until ctx ends, with a last pass of each then; Wait waits for that. What mails still wait then
// are sent by another replica, or after the next start.
func runJobs(ctx context.Context, log *slog.Logger, db *store.DB, post *notify.Worker) *sync.WaitGroup {
	var running sync.WaitGroup
	for _, j := range jobs(db) {
		running.Go(func() { j.loop(ctx, log) })
	}
	if post != nil {
		running.Go(func() { post.Run(ctx) })
	}
	return &running
}

func (j job) loop(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(j.every)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-tick.C:
			failing = j.pass(ctx, log, failing)
		case <-ctx.Done():
			j.pass(context.WithoutCancel(ctx), log, failing)
			return
		}
	}
}

// pass says once that the job fails, however long the database is away, and once that it works again.
func (j job) pass(ctx context.Context, log *slog.Logger, failing bool) (fails bool) {
	err := j.run(ctx)
	switch {
	case err != nil && ctx.Err() == nil && !failing:
		log.Error("job failed, it is tried again until it works", "job", j.name, "error", err)
	case err == nil && failing:
		log.Info("job works again", "job", j.name)
	}
	return err != nil
}
