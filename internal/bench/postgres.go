package main

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"grupa/internal/bench/rig"
	"grupa/internal/bench/seed"
	"grupa/internal/store/pgrun"
)

// postgresParts compare taking a filled form where PostgreSQL keeps it.
func postgresParts() []part { return []part{{"submissions on PostgreSQL", []int{5}, replicas}} }

// replicas compares two replicas of the real server with a program that does nothing but insert the bare row: the same
// cluster with its own defaults, so on disk before the answer, and as many clients.
func replicas(ctx context.Context, s *stage) (r report, err error) {
	cluster, err := pgrun.Start(ctx, pgrun.Options{Durable: true})
	if err != nil {
		return r, err
	}
	s.later(cluster.Stop)
	place, err := s.place()
	if err != nil {
		return r, err
	}
	if err := cluster.Create(ctx, seededDatabase); err != nil {
		return r, err
	}
	at := seed.Installation{Database: cluster.URL(seededDatabase), KeyFile: place.KeyFile()}
	if _, err := seed.Fill(ctx, at, s.applications); err != nil {
		return r, err
	}
	var ways []way
	for _, n := range []int{2, 1} {
		grupa, err := s.replicas(ctx, cluster, place, n)
		if err != nil {
			return r, err
		}
		ways = append(ways, grupa)
	}
	bare, err := s.bareRows(ctx, cluster)
	if err != nil {
		return r, err
	}
	ways = append(ways, bare)
	all, err := compare(ctx, s.turns, ways...)
	if err != nil {
		return r, err
	}
	r.rows = []row{
		{number: 5, work: "submission on PostgreSQL, two replicas / pgx inserts of the bare row, 64 clients",
			ratio: all[0].over(all[2]), must: atLeast(0.4), aim: atLeast(0.7), finding: replicaFinding},
		{work: "submission on PostgreSQL, 64 clients: two replicas / one", ratio: all[0].over(all[1])},
	}
	r.figures = figures("submission on PostgreSQL (CPU without PostgreSQL's own)", all...)
	return r, nil
}

// seededDatabase is never served: each way has a copy of its own.
const seededDatabase = "seeded"

// replicas starts that many servers on a database of their own with applications in it, each with its share of the
// clients.
func (s *stage) replicas(ctx context.Context, cluster *pgrun.Server, at rig.Place, n int) (w way, err error) {
	name := fmt.Sprintf("replicas%d", n)
	if err := cluster.Clone(ctx, name, seededDatabase); err != nil {
		return w, err
	}
	w = way{name: fmt.Sprintf("Grupa, replicas: %d", n), clients: writers}
	var submit []func(context.Context) error
	for range n {
		p, err := s.start(ctx, rig.Server, at, "--database-url", cluster.URL(name))
		if err != nil {
			return w, err
		}
		one, err := s.submitting(w.name, p, ourSubmission(), writers)
		if err != nil {
			return w, err
		}
		submit, w.servers = append(submit, one.do), append(w.servers, p)
	}
	var next atomic.Int64
	w.do = func(ctx context.Context) error { return submit[int(next.Add(1))%n](ctx) }
	return w, nil
}

// bareRows makes a table of the bare row, as many of them, and the way of inserting them.
func (s *stage) bareRows(ctx context.Context, cluster *pgrun.Server) (w way, err error) {
	const name = "bare"
	if err := cluster.Create(ctx, name); err != nil {
		return w, err
	}
	config, err := pgxpool.ParseConfig(cluster.URL(name))
	if err != nil {
		return w, err
	}
	config.MaxConns = writers
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return w, err
	}
	s.later(func() error { pool.Close(); return nil })
	row, err := newBareRow()
	if err != nil {
		return w, err
	}
	if _, err := pool.Exec(ctx, row.schema()); err != nil {
		return w, err
	}
	if _, err := pool.CopyFrom(ctx, pgx.Identifier{"intake"}, row.columns, row.rows(s.applications)); err != nil {
		return w, err
	}
	insert := row.insert()
	return way{name: "pgx, the bare row", clients: writers, do: func(ctx context.Context) error {
		_, err := pool.Exec(ctx, insert, row.values()...)
		return err
	}}, nil
}
