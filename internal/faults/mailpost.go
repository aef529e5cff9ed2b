package main

import (
	"context"
	"errors"

	"grupa/internal/bench/rig"
)

// spare is how many people there are besides two a run: for cuts that are to be done again, and for the control.
const spare = 40

// post is an installation with a mail server, and people who can be offered a seat.
type post struct {
	*house
	box    *mailbox
	token  string
	people []applicant // not offered anything yet
	groups []string    // with seats for all of them
	end    func() error
}

// openPost lets people apply and makes groups. Whoever opens one closes it.
func openPost(ctx context.Context, bench *rig.Bench, postgres bool, people int) (p *post, err error) {
	p = &post{}
	if postgres {
		p.house, p.end, err = housePostgres(ctx, bench)
	} else {
		var place rig.Place
		place, err = bench.Place()
		p.house, p.end = &house{bench: bench, place: place, database: place.Database()}, place.Remove
	}
	if err != nil {
		return nil, err
	}
	if p.box, err = newMailbox(); err != nil {
		return nil, errors.Join(err, p.end())
	}
	if err := p.furnish(ctx, people); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

func (p *post) furnish(ctx context.Context, people int) (err error) {
	if p.token, err = coordinator(ctx, p.bench, p.place, p.args...); err != nil {
		return err
	}
	servers, err := p.start(ctx, theServer(p.bench), 1)
	if err != nil {
		return err
	}
	o := newOffice(p.token, servers...)
	defer o.close()
	if p.people, err = o.admit(ctx, people); err != nil {
		return err
	}
	if p.groups, err = o.groups(ctx, people); err != nil {
		return err
	}
	return stopAll(servers)
}

func (p *post) close() error { return errors.Join(p.box.close(), p.end()) }
