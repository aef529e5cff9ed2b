package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"grupa/internal/bench/rig"
)

// busy is a server that takes forms while a backup is made.
type busy struct {
	*house
	client       *rig.Client
	mu           sync.Mutex // guards sent
	sent         []*timed
	began, ended time.Time // of the backup
}

// timed is a request and its times.
type timed struct {
	request
	asked, answered time.Time
}

// around is how many forms are taken before and after a backup.
const around = 100

// backup starts the server, makes a backup in the midst of the load, and stops it.
func (l *busy) backup(ctx context.Context, file string) error {
	servers, err := l.start(ctx, theServer(l.bench), 1)
	if err != nil {
		return err
	}
	l.client = rig.NewClient(servers[0].URL, clients)
	defer l.client.Close()
	stop := make(chan struct{})
	var errs [clients]error
	var all sync.WaitGroup
	for n := range clients {
		all.Go(func() { errs[n] = l.submit(ctx, stop) })
	}
	err = l.untilTaken(ctx, around)
	if err == nil {
		l.began = time.Now()
		err = l.run(ctx, "backup", file)
		l.ended = time.Now()
	}
	if err == nil {
		err = l.untilTaken(ctx, l.taken()+around)
	}
	close(stop)
	all.Wait()
	return errors.Join(err, errors.Join(errs[:]...), stopAll(servers))
}

func (l *busy) submit(ctx context.Context, stop <-chan struct{}) (err error) {
	for {
		select {
		case <-stop:
			return nil
		default:
		}
		q := &timed{request: request{key: rand.Text(), form: rig.Form()}, asked: time.Now()}
		if q.receipt, err = l.client.Submit(ctx, q.key, q.form); err != nil {
			return fmt.Errorf("a submission was not taken: %w", err)
		}
		q.acknowledged, q.answered = true, time.Now()
		l.mu.Lock()
		l.sent = append(l.sent, q)
		l.mu.Unlock()
	}
}

func (l *busy) taken() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.sent)
}

func (l *busy) untilTaken(ctx context.Context, n int) error {
	return l.until(ctx, func() (bool, error) { return l.taken() >= n, nil })
}

// longest is the longest wait of a form during the backup, and at other times.
func (l *busy) longest() (during, otherwise time.Duration) {
	for _, q := range l.sent {
		took := q.answered.Sub(q.asked)
		if q.answered.After(l.began) && q.asked.Before(l.ended) {
			during = max(during, took)
		} else {
			otherwise = max(otherwise, took)
		}
	}
	return during, otherwise
}

func (l *busy) figure(r *Result, way, file string, restored time.Duration) {
	during, otherwise := l.longest()
	size := int64(0)
	if info, err := os.Stat(file); err == nil {
		size = info.Size()
	}
	r.figure("%s: %.1f MB, backup %d ms, restore %d ms, longest wait of a form %d ms meanwhile and %d ms otherwise", way,
		float64(size)/1e6, l.ended.Sub(l.began).Milliseconds(), restored.Milliseconds(), during.Milliseconds(),
		otherwise.Milliseconds())
}
