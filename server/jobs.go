package main

import (
	"context"
	"log/slog"
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

// runJobs loops the jobs until ctx ends, with a last pass of each then; done is closed after it.
func runJobs(ctx context.Context, log *slog.Logger, db *store.DB) (done chan struct{}) {
	done = make(chan struct{})
	all := jobs(db)
	finished := make(chan struct{}, len(all))
	for _, j := range all {
		go func() {
			j.loop(ctx, log)
			finished <- struct{}{}
		}()
	}
	go func() {
		for range all {
			<-finished
		}
		close(done)
	}()
	return done
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
