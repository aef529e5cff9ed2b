package main

import (
	"context"
	"errors"
	"fmt"
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

// unheard is how long whoever had begun may wait for a PostgreSQL that says nothing any more: what a unit of work may
// take, and a connection after it.
const unheard = 9 * time.Second

// apart is how long it lasts on demand.
const apart = 30 * time.Second

// separations are to be refused at once, to hear nothing any more, and a crash of PostgreSQL.
func separations() []separation {
	return []separation{
		{"refused", 3 * time.Second, 5 * time.Second,
			func(ctx context.Context, l *line) error { return l.proxy.refuse(ctx, true) },
			func(ctx context.Context, l *line) error { return l.proxy.refuse(ctx, false) }},
		{"silent", 20 * time.Second, unheard,
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

// The load: few enough that the server has connections to spare, and those who come by while PostgreSQL is away.
const (
	regulars = 8  // of the server
	many     = 64 // of a control: what it loses is what is in a unit when PostgreSQL goes
	visits   = 250 * time.Millisecond
	passerBy = -1 // in place of a regular's number
)

// recovery is how long the server may go on refusing once PostgreSQL is back.
const recovery = 5 * time.Second

// partitions takes PostgreSQL away from the server under load and gives it back, by each way in turn. Meanwhile each
// form must be refused in time, with a word when to come again and the numbers to call, and soon afterwards be taken;
// what was acknowledged must be there. The control is a server that acknowledges before its commit.
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
	a := &absence{line: l, client: rig.NewClient(process.URL, crowded), s: s}
	a.real, a.taken = victim.program == rig.Server, make([]time.Duration, regulars)
	if !a.real {
		a.taken = make([]time.Duration, many)
	}
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
