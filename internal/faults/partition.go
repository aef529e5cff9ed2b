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
	"grupa/internal/store/pgrun"
)

// separation is a way to lose PostgreSQL.
type separation struct {
	name  string
	short time.Duration // how long it lasts on every change
	bound time.Duration // in which every request must be answered meanwhile
	leave func(ctx context.Context, l *line) error
	back  func(ctx context.Context, l *line) error
}

// apart is how long it lasts on demand.
const apart = 30 * time.Second

// separations are to be refused at once, to hear nothing any more, and a crash of PostgreSQL.
func separations() []separation {
	return []separation{
		{"refused", 3 * time.Second, 5 * time.Second,
			func(ctx context.Context, l *line) error { return l.proxy.refuse(ctx, true) },
			func(ctx context.Context, l *line) error { return l.proxy.refuse(ctx, false) }},
		{"silent", 10 * time.Second, 5 * time.Second,
			func(ctx context.Context, l *line) error { return l.proxy.silence(ctx, true) },
			func(ctx context.Context, l *line) error { return l.proxy.silence(ctx, false) }},
		{"killed", 3 * time.Second, 5 * time.Second,
			func(_ context.Context, l *line) error { return l.cluster.Kill() },
			func(ctx context.Context, l *line) error { return l.cluster.Restart(ctx) }},
	}
}

// line is a server with a proxy between it and its PostgreSQL.
type line struct {
	*house
	cluster *pgrun.Server
	proxy   *proxy
	token   string
}

// recovery is how long the server may go on refusing once PostgreSQL is back.
const recovery = 5 * time.Second

// partitions takes PostgreSQL away from the server under load and gives it back, by each way in turn. Meanwhile each form
// must be refused in time, with a word when to come again and the numbers to call, and soon afterwards be taken; what was
// acknowledged must be there. The control is a server that acknowledges before its commit.
func partitions(ctx context.Context, bench *rig.Bench, times int) (r Result, err error) {
	early := r.control(Control{Fault: tooEarlyFault, As: "lost"})
	all := separations()
	for n := range times {
		s := all[n%len(all)]
		long := s.short
		if times > len(all) {
			long = apart
		}
		one, err := partition(ctx, bench, theServer(bench), s, long)
		if err != nil {
			return r, fmt.Errorf("%s: %w", s.name, err)
		}
		r.add(one)
		r.Figures = append(r.Figures, one.Figures...)
		if s.name == "silent" {
			continue // it holds the connections, so that a commit may yet come through
		}
		control, err := partition(ctx, bench, tooEarly(bench), s, time.Second)
		if err != nil {
			return r, fmt.Errorf("%s, the control: %w", s.name, err)
		}
		early.Seen += control.Lost
		early.Of += control.Acknowledged
	}
	return r, nil
}

// partition is one separation and what it left.
func partition(
	ctx context.Context, bench *rig.Bench, victim victim, s separation, long time.Duration,
) (r Result, err error) {
	l, end, err := newLine(ctx, bench)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, end()) }()
	through, err := l.proxy.through(l.database)
	if err != nil {
		return r, err
	}
	victim.args = append(victim.args, "--database-url", through)
	process, err := victim.start(ctx, l.place)
	if err != nil {
		return r, err
	}
	a := &absence{line: l, client: rig.NewClient(process.URL, clients), real: victim.program == rig.Server, s: s}
	err = a.run(ctx, long)
	a.client.Close()
	if err = errors.Join(err, process.Kill()); err != nil {
		return r, err
	}
	return a.aftermath(ctx)
}

func newLine(ctx context.Context, bench *rig.Bench) (l *line, end func() error, err error) {
	cluster, err := newCluster(ctx)
	if err != nil {
		return nil, nil, err
	}
	l = &line{cluster: cluster}
	place, err := bench.Place()
	if err != nil {
		return nil, nil, errors.Join(err, cluster.Stop())
	}
	end = func() error {
		if l.proxy != nil {
			_ = l.proxy.close() // it has nothing to lose
		}
		return errors.Join(cluster.Stop(), place.Remove())
	}
	l.house = houseAt(bench, place, cluster.URL(houseDatabase))
	if l.token, err = coordinator(ctx, bench, place, l.args...); err == nil {
		l.proxy, err = newProxy(ctx, bench, cluster.Address())
	}
	if err != nil {
		return nil, nil, errors.Join(err, end())
	}
	return l, end, nil
}

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
	recov    [clients]time.Duration // from then until each client's first form was taken
	counting Result
}

// run drives the load through the separation, and until everybody was served again.
func (a *absence) run(ctx context.Context, long time.Duration) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := make(chan struct{})
	var errs [clients]error
	var all sync.WaitGroup
	for n := range clients {
		all.Go(func() { errs[n] = a.submit(ctx, n, stop) })
	}
	err := a.separate(ctx, long)
	if err != nil {
		cancel()
	}
	close(stop)
	all.Wait()
	return errors.Join(err, errors.Join(errs[:]...))
}

func (a *absence) separate(ctx context.Context, long time.Duration) error {
	for _, step := range []func() error{
		func() error { return pause(ctx, 300*time.Millisecond) },
		func() error { a.set(true, time.Time{}); return a.s.leave(ctx, a.line) },
		func() error { return pause(ctx, long) },
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
		q := &request{key: rand.Text(), form: rig.Form(), late: true}
		a.mu.Lock()
		a.sent = append(a.sent, q)
		a.mu.Unlock()
		for !q.acknowledged {
			if err := a.try(ctx, client, q); err != nil {
				return err
			}
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
	if !a.back.IsZero() && ended.Sub(a.backAt()) > tooLong {
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
		if !a.back.IsZero() && a.recov[client] == 0 && began.After(a.back) {
			a.recov[client] = ended.Sub(a.back)
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
	for _, d := range a.recov {
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
