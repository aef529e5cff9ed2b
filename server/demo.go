package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"grupa/internal/store"
	"grupa/internal/words"
)

// demo fills a throw-away folder with a programme that has been running for eight weeks, and serves it.
func demo(ctx context.Context, p *program) error {
	folder, err := os.MkdirTemp("", "grupa-demo-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }() // it was to be thrown away
	// Whatever is set: made-up people do not belong into a real database, and get no mail.
	p.DatabaseURL, p.SMTPURL = "", ""
	p.Data = filepath.Join(folder, "data")
	p.KeyFile = filepath.Join(folder, "keys", "grupa.key")
	if p.TimeZone == "UTC" {
		p.TimeZone = "Europe/Warsaw"
	}
	entrances, err := p.fill(ctx)
	if err != nil {
		return err
	}
	p.measure()
	db, err := p.open(ctx)
	if err != nil {
		return err
	}
	hello := func(_ context.Context, _ *store.DB, address string) error {
		entrances.print(p, address)
		return nil
	}
	return errors.Join(p.listen(ctx, db, hello), db.Close())
}

// fill runs eight weeks of the programme's life through the real rules, on a clock of its own.
func (p *program) fill(ctx context.Context) (*entrances, error) {
	keyring, _, err := p.prepare(ctx)
	if err != nil {
		return nil, err
	}
	clock := &demoClock{at: time.Now().AddDate(0, 0, -56)}
	db, err := p.openWith(ctx, keyring, clock.now)
	if err != nil {
		return nil, err
	}
	f := &filler{ctx: ctx, p: p, db: db, clock: clock, out: &entrances{}}
	err = f.run()
	return f.out, errors.Join(err, db.Close())
}

func (f *filler) run() error {
	f.forms = &demoForms{random: rand.New(rand.NewPCG(2026, 11)), made: map[words.Lang]int{}}
	if err := errors.Join(readDemo("people", &f.forms.people), readDemo("groups", &f.places)); err != nil {
		return err
	}
	for _, step := range []func() error{f.staff, f.rooms, f.groups, f.sessions, f.applicants, f.begin, f.changes} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
