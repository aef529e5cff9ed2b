package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"grupa/internal/bench/rig"
)

// clients is how many submit at once.
const clients = 16

// request is one submission. Each belongs to the goroutine that sends it until that has ended.
type request struct {
	key          string
	form         []byte
	late         bool // it was on its way, or just answered, when the server was broken
	acknowledged bool // its receipt was read to the end after a 201
	receipt      rig.Receipt
}

// load is many clients that submit until their server is gone.
type load struct {
	client *rig.Client
	begun  chan struct{} // closed at the first acknowledgement
	first  sync.Once
	ending atomic.Bool // set before the end: no request may fail earlier
}

// drive submits to a server, lets end end it that long after the first acknowledgement, and gives all that was sent.
func drive(ctx context.Context, victim *rig.Process, moment time.Duration, end func() error) ([]*request, error) {
	l := &load{client: rig.NewClient(victim.URL, clients), begun: make(chan struct{})}
	defer l.client.Close()
	var sent [clients][]*request
	var errs [clients]error
	var all sync.WaitGroup
	for n := range clients {
		all.Go(func() { sent[n], errs[n] = l.submit(ctx) })
	}
	failed := l.wait(ctx, &all, moment)
	l.ending.Store(true)
	err := end()
	if err != nil {
		_ = victim.Kill() // it may be what failed; the clients must end
	}
	all.Wait()
	if err := errors.Join(failed, err, errors.Join(errs[:]...)); err != nil {
		return nil, err
	}
	var requests []*request
	for _, s := range sent {
		for _, q := range s[max(0, len(s)-2):] {
			q.late = true
		}
		requests = append(requests, s...)
	}
	return requests, nil
}

// wait waits for the moment, or until the clients gave up before it.
func (l *load) wait(ctx context.Context, all *sync.WaitGroup, moment time.Duration) error {
	gaveUp := make(chan struct{})
	go func() {
		all.Wait()
		close(gaveUp)
	}()
	select {
	case <-l.begun:
	case <-gaveUp:
		return errors.New("nothing was acknowledged")
	case <-ctx.Done():
		return ctx.Err()
	}
	timer := time.NewTimer(moment)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-gaveUp:
		return errors.New("all clients gave up before the server was killed")
	case <-ctx.Done():
		return ctx.Err()
	}
}

// submit is one client: it sends one request after another until the server does not answer any more.
func (l *load) submit(ctx context.Context) (sent []*request, err error) {
	for {
		q := &request{key: rand.Text(), form: rig.Form()}
		sent = append(sent, q)
		q.receipt, err = l.client.Submit(ctx, q.key, q.form)
		if err == nil {
			q.acknowledged = true
			l.first.Do(func() { close(l.begun) })
			continue
		}
		if answer, ok := errors.AsType[*rig.Answered](err); ok {
			return sent, fmt.Errorf("a submission was not taken: %w", answer)
		}
		if !l.ending.Load() {
			return sent, fmt.Errorf("no answer from a server that runs: %w", err)
		}
		return sent, nil
	}
}
