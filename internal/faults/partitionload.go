package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"grupa/internal/bench/rig"
)

// absence is the load while PostgreSQL goes and comes.
type absence struct {
	*line
	client *rig.Client
	real   bool // its answers are judged
	s      separation

	mu       sync.Mutex // guards what follows
	sent     []*request
	away     bool          // PostgreSQL may be out of reach
	back     time.Time     // when it was there again; zero before
	slowest  time.Duration // answer while it was away
	refused  int
	taken    []time.Duration // from the return until each regular's first form was taken
	counting Result

	visitors sync.WaitGroup
}

// run drives the load through the separation, and until everybody was served again.
func (a *absence) run(ctx context.Context, long time.Duration) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := make(chan struct{})
	errs := make([]error, len(a.taken))
	var all sync.WaitGroup
	for n := range errs {
		all.Go(func() { errs[n] = a.submit(ctx, n, stop) })
	}
	err := a.separate(ctx, long)
	if err != nil {
		cancel()
	}
	close(stop)
	all.Wait()
	a.visitors.Wait()
	return errors.Join(err, errors.Join(errs...))
}

func (a *absence) separate(ctx context.Context, long time.Duration) error {
	for _, step := range []func() error{
		func() error { return a.until(ctx, a.begun) },
		func() error { a.set(true, time.Time{}); return a.s.leave(ctx, a.line) },
		func() error { return a.passersBy(ctx, long) },
		func() error { return a.help(ctx) },
		func() error { return a.s.back(ctx, a.line) },
		func() error { a.set(true, time.Now()); return pause(ctx, 300*time.Millisecond) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// begun says whether the load has come up.
func (a *absence) begun() (bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.sent) > 5*len(a.taken), nil
}

// passersBy are people who come by while PostgreSQL is away: each sends a form once more than the regulars do, on a
// connection that nobody uses yet.
func (a *absence) passersBy(ctx context.Context, long time.Duration) error {
	tick := time.NewTicker(visits)
	defer tick.Stop()
	end := time.NewTimer(long)
	defer end.Stop()
	for {
		select {
		case <-tick.C:
			a.visitors.Go(func() {
				if err := a.deliver(ctx, passerBy); err != nil && ctx.Err() == nil {
					a.mu.Lock()
					defer a.mu.Unlock()
					a.counting.wrong("somebody who came by: %w", err)
				}
			})
		case <-end.C:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (a *absence) set(away bool, back time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.away, a.back = away, back
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// help looks at the numbers to call, which need no database.
func (a *absence) help(ctx context.Context) error {
	if !a.real {
		return nil
	}
	status, body, err := a.client.Get(ctx, "/api/v1/help", "")
	if err != nil {
		return err
	}
	var shown help
	if err := json.Unmarshal(body, &shown); err != nil || status != http.StatusOK || !shown.useful() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.counting.wrong("the help contacts are not shown: %d %s", status, body)
	}
	return nil
}

// submit is one client: it repeats each form under its key until it is taken. After PostgreSQL came back it goes on
// until one was.
func (a *absence) submit(ctx context.Context, client int, stop <-chan struct{}) error {
	for {
		if err := a.deliver(ctx, client); err != nil {
			return err
		}
		select {
		case <-stop:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		default:
		}
	}
}

// deliver sends one form until it is taken.
func (a *absence) deliver(ctx context.Context, client int) error {
	q := &request{key: rand.Text(), form: rig.Form(), late: true}
	a.mu.Lock()
	a.sent = append(a.sent, q)
	a.mu.Unlock()
	for !q.acknowledged {
		if err := a.try(ctx, client, q); err != nil {
			return err
		}
	}
	return nil
}

// try sends a form once, and judges the answer.
func (a *absence) try(ctx context.Context, client int, q *request) error {
	began := time.Now()
	answer, err := a.client.Call(ctx, http.MethodPost, "/api/v1/applications", "",
		map[string]string{"Idempotency-Key": q.key}, json.RawMessage(q.form))
	ended := time.Now()
	if err == nil && answer.Status == http.StatusCreated {
		err = json.Unmarshal(answer.Body, &q.receipt)
		q.acknowledged = err == nil
	}
	if err != nil {
		return fmt.Errorf("no answer from a server that runs: %w", err)
	}
	a.judge(client, answer, began, ended)
	if q.acknowledged {
		return nil
	}
	if back := a.backAt(); !back.IsZero() && ended.Sub(back) > tooLong {
		return fmt.Errorf("nothing was taken within %s of the return: %d %s", tooLong, answer.Status, answer.Body)
	}
	return pause(ctx, 50*time.Millisecond)
}

func (a *absence) backAt() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.back
}

// judge counts an answer.
func (a *absence) judge(client int, answer rig.Answer, began, ended time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	took := ended.Sub(began)
	if answer.Status == http.StatusCreated {
		if client != passerBy && !a.back.IsZero() && a.taken[client] == 0 && began.After(a.back) {
			a.taken[client] = ended.Sub(a.back)
		}
		return
	}
	a.refused++
	a.slowest = max(a.slowest, took)
	if !a.real {
		return
	}
	var problem struct{ Help help }
	err := json.Unmarshal(answer.Body, &problem)
	switch {
	case !a.away:
		a.counting.wrong("a form was refused before anything was wrong: %d %s", answer.Status, answer.Body)
	case answer.Status != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "":
		a.counting.wrong("a form that can't be stored was answered %d %s", answer.Status, answer.Body)
	case err != nil || !problem.Help.useful():
		a.counting.wrong("a form that can't be stored was answered without help: %s", answer.Body)
	case took > a.s.bound:
		a.counting.wrong("a form that can't be stored was refused after %s", took)
	}
}

// aftermath looks for everything in a new server, without the proxy.
func (a *absence) aftermath(ctx context.Context) (Result, error) {
	r := a.counting
	servers, err := a.start(ctx, theServer(a.bench), 1)
	if err != nil {
		return r, err
	}
	err = r.search(ctx, servers[0].URL, a.token, a.sent)
	if err = errors.Join(err, stopAll(servers)); err != nil || !a.real {
		return r, err
	}
	slowest := time.Duration(0)
	for _, d := range a.taken {
		slowest = max(slowest, d)
	}
	if slowest > recovery {
		r.wrong("forms were taken only %s after PostgreSQL was back", slowest)
	}
	if a.refused == 0 {
		return r, errors.New("no form was refused, so nothing was shown")
	}
	r.figure("%s: refused within %d ms, taken again within %d ms", a.s.name, a.slowest.Milliseconds(),
		slowest.Milliseconds())
	return r, a.check(ctx, &r)
}
