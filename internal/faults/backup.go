package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"grupa/internal/bench/rig"
	"grupa/internal/bench/seed"
	"grupa/internal/store/pgrun"
)

// backups makes a backup under load, restores it, and holds what is there then against the backup and against what was
// acknowledged before it began: from each engine into each engine, in turn. The controls are the same backup with one
// octet changed, and cut short.
func backups(ctx context.Context, bench *rig.Bench, times int) (r Result, err error) {
	cluster, err := newCluster(ctx)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, cluster.Stop()) }()
	d := &drills{bench: bench, cluster: cluster}
	d.flipped = r.control(Control{Fault: "an octet flipped", As: "refused", All: true})
	d.cut = r.control(Control{Fault: "cut short", As: "refused", All: true})
	d.changed = r.control(Control{Fault: "a row changed after the restore", As: "noticed", All: true})
	for n := range times {
		one, err := d.drill(ctx, n&1 > 0, n&2 > 0, 0)
		if err != nil {
			return r, fmt.Errorf("drill %d: %w", n, err)
		}
		r.add(one)
		if n < 4 { // of each way, once
			r.Figures = append(r.Figures, one.Figures...)
		}
	}
	return r, nil
}

// bigBackup is a drill on SQLite with at least 200 MB.
func bigBackup(ctx context.Context, bench *rig.Bench, times int) (r Result, err error) {
	d := &drills{bench: bench}
	d.flipped = r.control(Control{Fault: "an octet flipped", As: "refused", All: true})
	d.cut = r.control(Control{Fault: "cut short", As: "refused", All: true})
	d.changed = r.control(Control{Fault: "a row changed after the restore", As: "noticed", All: true})
	for range times {
		one, err := d.drill(ctx, false, false, 200<<20)
		if err != nil {
			return r, err
		}
		r.add(one)
		r.Figures = append(r.Figures, one.Figures...)
	}
	return r, nil
}

// drills are backups and restores on one machine.
type drills struct {
	bench        *rig.Bench
	cluster      *pgrun.Server // nil: SQLite only
	databases    int           // made there
	flipped, cut *Control
	changed      *Control
}

// house makes an empty installation of either engine. Whoever makes one removes its place.
func (d *drills) house(ctx context.Context, postgres bool) (*house, error) {
	place, err := d.bench.Place()
	if err != nil || !postgres {
		return &house{bench: d.bench, place: place, database: place.Database()}, err
	}
	d.databases++
	name := fmt.Sprintf("drill%d", d.databases)
	return houseAt(d.bench, place, d.cluster.URL(name)), d.cluster.Create(ctx, name)
}

// fresh is an empty installation with the key of another.
func (d *drills) fresh(ctx context.Context, key rig.Place, postgres bool) (*house, error) {
	h, err := d.house(ctx, postgres)
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(key.KeyFile())
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(h.place.KeyFile()), 0o700); err != nil {
		return nil, err
	}
	return h, os.WriteFile(h.place.KeyFile(), raw, 0o600)
}

// drill is one backup and its restore. Before it begins, the database is filled to that many octets.
func (d *drills) drill(ctx context.Context, from, into bool, size int64) (r Result, err error) {
	source, err := d.house(ctx, from)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, source.place.Remove()) }()
	if err := fillTo(ctx, d.bench, source.place, size); err != nil {
		return r, err
	}
	file := filepath.Join(source.place.Data()+"-backup", "grupa.backup")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return r, err
	}
	l := &busy{house: source}
	if err := l.backup(ctx, file); err != nil {
		return r, err
	}
	target, err := d.fresh(ctx, source.place, into)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, target.place.Remove()) }()
	began := time.Now()
	if err := target.restore(ctx, file); err != nil {
		r.corrupt(fmt.Errorf("a backup can't be restored: %w", err))
		return r, nil
	}
	took := time.Since(began)
	if err := d.compare(ctx, &r, file, target); err != nil {
		return r, err
	}
	if err := d.change(ctx, file, target); err != nil {
		return r, err
	}
	if err := target.check(ctx, &r); err != nil {
		return r, err
	}
	if err := target.find(ctx, &r, l); err != nil {
		return r, err
	}
	l.figure(&r, way(from, into), file, took)
	return r, d.damage(ctx, source.place, file)
}

func way(from, into bool) string {
	name := map[bool]string{false: "SQLite", true: "PostgreSQL"}
	return name[from] + " to " + name[into]
}

// restore restores a backup into an empty installation.
func (h *house) restore(ctx context.Context, file string) error {
	return h.run(ctx, "restore", file)
}

// fillTo fills an SQLite database with applications until it has that size at least.
func fillTo(ctx context.Context, bench *rig.Bench, place rig.Place, size int64) (err error) {
	if size == 0 {
		return nil
	}
	sample, err := bench.Place()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sample.Remove()) }()
	const few = 2000
	one, err := sizeOf(ctx, sample, few)
	if err != nil {
		return err
	}
	filled, err := sizeOf(ctx, place, int(few*size/one*21/20))
	if err == nil && filled < size {
		err = fmt.Errorf("the database has only %d octets", filled)
	}
	return err
}

func sizeOf(ctx context.Context, place rig.Place, applications int) (int64, error) {
	at := seed.Installation{Database: place.Database(), KeyFile: place.KeyFile()}
	if _, err := seed.Fill(ctx, at, applications); err != nil {
		return 0, err
	}
	info, err := os.Stat(place.Database())
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// find looks on a restored installation for all that was acknowledged before the backup began, and for anything that
// nobody sent after it did.
func (h *house) find(ctx context.Context, r *Result, l *busy) error {
	servers, err := h.start(ctx, theServer(h.bench), 1)
	if err != nil {
		return err
	}
	client := rig.NewClient(servers[0].URL, 1)
	defer client.Close()
	var before []*request
	for _, q := range l.sent {
		if q.answered.Before(l.began) {
			before = append(before, &q.request)
		}
	}
	return errors.Join(r.findAcknowledged(ctx, client, before), stopAll(servers))
}
