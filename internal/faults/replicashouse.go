package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"

	"grupa/internal/bench/rig"
	"grupa/internal/store"
	"grupa/internal/store/pgrun"
)

// houseDatabase is the name of the one database of a cluster.
const houseDatabase = "grupa"

// newCluster starts a PostgreSQL that keeps what was committed, with an empty database. Whoever makes one stops it.
func newCluster(ctx context.Context) (*pgrun.Server, error) {
	cluster, err := pgrun.Start(ctx, pgrun.Options{TCP: true, Durable: true})
	if errors.Is(err, pgrun.ErrNotFound) {
		return nil, fmt.Errorf("%w: %w", errMissing, err)
	}
	if err != nil {
		return nil, err
	}
	if err := cluster.Create(ctx, houseDatabase); err != nil {
		return nil, errors.Join(err, cluster.Stop())
	}
	return cluster, nil
}

// housePostgres is an installation on a PostgreSQL of its own. end ends that.
func housePostgres(ctx context.Context, bench *rig.Bench) (h *house, end func() error, err error) {
	cluster, err := newCluster(ctx)
	if err != nil {
		return nil, nil, err
	}
	place, err := bench.Place()
	if err != nil {
		return nil, nil, errors.Join(err, cluster.Stop())
	}
	h = houseAt(bench, place, cluster.URL(houseDatabase))
	return h, func() error { return errors.Join(cluster.Stop(), place.Remove()) }, nil
}

// houseAt is an installation on a PostgreSQL database.
func houseAt(bench *rig.Bench, place rig.Place, database string) *house {
	return &house{bench: bench, place: place, database: database, args: []string{"--database-url", database}}
}

// run runs a command of the server on the installation to its end.
func (h *house) run(ctx context.Context, args ...string) error {
	_, err := h.bench.Run(ctx, rig.Server, h.place, append(args, h.args...)...)
	return err
}

// ask asks the database itself, behind the servers' backs, and gives each row to read.
func (h *house) ask(ctx context.Context, query string, read func(scan func(...any) error) error) (err error) {
	db, err := h.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Err(), rows.Close()) }()
	for rows.Next() {
		if err := read(rows.Scan); err != nil {
			return err
		}
	}
	return nil
}

// tell changes the database itself.
func (h *house) tell(ctx context.Context, statement string) (err error) {
	db, err := h.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, statement)
	return err
}

func (h *house) open() (*sql.DB, error) {
	if store.IsPostgres(h.database) {
		return sql.Open("pgx", h.database)
	}
	file := url.URL{Scheme: "file", Opaque: h.database, RawQuery: url.Values{"_busy_timeout": {"10000"}}.Encode()}
	return sql.Open("sqlite3", file.String())
}

// number is the one number that a query gives.
func (h *house) number(ctx context.Context, query string) (n int, err error) {
	return n, h.ask(ctx, query, func(scan func(...any) error) error { return scan(&n) })
}

// heldOffers are the offers that are held, by group and id.
func (h *house) heldOffers(ctx context.Context) (map[string]map[string]bool, error) {
	held := map[string]map[string]bool{}
	err := h.ask(ctx, `SELECT group_id, id FROM offer WHERE state = 'held'`, func(scan func(...any) error) error {
		var group, id string
		if err := scan(&group, &id); err != nil {
			return err
		}
		if held[group] == nil {
			held[group] = map[string]bool{}
		}
		held[group][id] = true
		return nil
	})
	return held, err
}
