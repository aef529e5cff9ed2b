package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"grupa/internal/bench/rig"
)

// cut is a point on the way of a mail, from the commit of the offer that it tells of to its own end, at which the
// server is killed. It can't get beyond it: the mail server halts there, or the database says when.
type cut struct {
	name   string
	halt   moment                           // of the mail server
	jam    bool                             // the mail server can't be reached
	until  func(standing) bool              // what the database must say before the kill; nil: the halt says enough
	behind func(tries int, ended bool) bool // what it must say after the kill: else the server was somewhere else
	once   bool                             // exactly one copy must have gone out in the end
}

func cuts() []cut {
	waits := func(tries int, ended bool) bool { return tries == 0 && !ended }
	leased := func(tries int, ended bool) bool { return tries == 1 && !ended }
	ended := func(_ int, ended bool) bool { return ended }
	return []cut{
		{name: "before its lease", behind: waits, once: true},
		{name: "before the mail server is reached", jam: true, until: standing.isLeased, behind: leased, once: true},
		{name: "before a word is said", halt: dialled, behind: leased, once: true},
		{name: "before the mail is taken", halt: hadMail, behind: leased},
		{name: "before that is noted", halt: wasTold, behind: leased},
		{name: "after its end", until: standing.isSettled, behind: ended, once: true},
	}
}

// standing is how the newest mail fares in the database.
type standing struct {
	tries   int
	settled bool
}

func (s standing) isLeased() bool  { return s.tries > 0 }
func (s standing) isSettled() bool { return s.settled }

// settlesFirst is the server whose worker notes that a mail is out before it sends it.
func settlesFirst(ctx context.Context, bench *rig.Bench) (victim, error) {
	mutant, err := bench.Mutant(ctx, rig.Server, rig.Change{
		Files: "internal/notify", Old: "err = w.Server.send(ctx, msg)",
		New: "w.settle(ctx, m, store.MailSent)\n\t\terr = w.Server.send(ctx, msg)",
	})
	return victim{mutant, rig.Server, nil}, err
}

// mailCuts kills the server at each point between the commit of an offer and the end of its mail, on both engines, and
// starts it again when the lease is over. The mail must go out then, with the same Message-ID if it had before. The
// control is a worker that notes before it sends.
func mailCuts(ctx context.Context, bench *rig.Bench, times int) (r Result, err error) {
	mutant, err := settlesFirst(ctx, bench)
	if err != nil {
		return r, err
	}
	early := r.control(Control{Fault: "notes before it sends", As: "lost"})
	for _, engine := range []string{"SQLite", "PostgreSQL"} {
		one, err := mailCutsOn(ctx, bench, engine, max(1, times/2), mutant, early)
		if err != nil {
			return r, fmt.Errorf("%s: %w", engine, err)
		}
		r.take(one)
		r.Runs += one.Runs
		r.Figures = append(r.Figures, one.Figures...)
	}
	return r, nil
}

func mailCutsOn(
	ctx context.Context, bench *rig.Bench, engine string, times int, mutant victim, early *Control,
) (r Result, err error) {
	p, err := openPost(ctx, bench, engine == "PostgreSQL", 2*times+spare)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	most := 0
	for n := range times {
		c := cuts()[n%len(cuts())]
		ids, err := p.cut(ctx, c, theServer(bench))
		if err != nil {
			return r, fmt.Errorf("killed %s: %w", c.name, err)
		}
		most = max(most, len(ids))
		r.Runs++
		r.Acknowledged++
		r.judgeMail("killed "+c.name, ids, c.once)
	}
	control := cuts()[2]
	control.behind = nil // it is not where the server would be
	for range max(1, times/6) {
		ids, err := p.cut(ctx, control, mutant)
		if err != nil {
			return r, fmt.Errorf("the control: %w", err)
		}
		early.add(len(ids) == 0)
	}
	r.figure("%s: at most %d copies of a mail", engine, most)
	return r, p.check(ctx, &r)
}

// judgeMail counts the Message-IDs of the copies of a mail.
func (r *Result) judgeMail(what string, ids []string, once bool) {
	switch {
	case len(ids) == 0:
		r.lose(fmt.Errorf("%s: an offer was acknowledged and no mail told of it", what))
	case len(slices.Compact(slices.Sorted(slices.Values(ids)))) > 1:
		r.duplicate(fmt.Errorf("%s: the copies of one mail are called %q", what, ids))
	case once && len(ids) > 1:
		r.duplicate(fmt.Errorf("%s: %d copies of a mail", what, len(ids)))
	}
}

// cut is one run. It gives the Message-IDs of all copies that went out in the end, and is done again if the server was
// not where it should be.
func (p *post) cut(ctx context.Context, c cut, killed victim) ([]string, error) {
	for range 5 {
		a := p.someone()
		there, err := p.killAt(ctx, c, killed, a)
		if err != nil {
			return nil, err
		}
		if err := p.recover(ctx); err != nil {
			return nil, err
		}
		if there {
			return p.box.copies(a.email), nil
		}
	}
	return nil, errors.New("it was never where it should be killed")
}

func (p *post) someone() applicant {
	a := p.people[0]
	p.people = p.people[1:]
	return a
}

// killAt makes an offer and kills the server there. It says whether the database shows that it was there.
func (p *post) killAt(ctx context.Context, c cut, killed victim, a applicant) (there bool, err error) {
	args := p.box.settings()
	if c.jam {
		j, failed := newJam()
		if failed != nil {
			return false, failed
		}
		defer func() { err = errors.Join(err, j.close()) }()
		args = mailSettings(j.address)
	}
	killed.args = append(killed.args, args...)
	halted := p.box.haltAt(c.halt)
	defer p.box.goOn()
	servers, err := p.start(ctx, killed, 1)
	if err != nil {
		return false, err
	}
	if err := p.offer(ctx, servers[0], a); err != nil {
		return false, errors.Join(err, stopAll(servers))
	}
	if c.halt != never {
		err = soon(ctx, halted)
	} else if c.until != nil {
		err = p.until(ctx, func() (bool, error) {
			s, err := p.standing(ctx)
			return c.until(s), err
		})
	}
	if err := errors.Join(err, servers[0].Kill()); err != nil {
		return false, err
	}
	s, err := p.standing(ctx)
	return c.behind == nil || c.behind(s.tries, s.settled), err
}

func (p *post) offer(ctx context.Context, server *rig.Process, a applicant) error {
	o := newOffice(p.token, server)
	defer o.close()
	_, err := o.post(ctx, offersOf(a.id), nil, offering(p.groups[len(p.people)/mostSeats]))
	return err
}

// recover lets the time of the leases pass, starts the server again, and waits until it has sent a mail of today and
// all that waited.
func (p *post) recover(ctx context.Context) error {
	if err := p.endLeases(ctx); err != nil {
		return err
	}
	v := theServer(p.bench)
	v.args = p.box.settings()
	servers, err := p.start(ctx, v, 1)
	if err != nil {
		return err
	}
	err = p.offer(ctx, servers[0], p.someone())
	if err == nil {
		err = p.untilSent(ctx)
	}
	return errors.Join(err, stopAll(servers))
}

// standing reads the newest mail.
func (p *post) standing(ctx context.Context) (s standing, err error) {
	const newest = `SELECT attempts, settled_at IS NOT NULL FROM outbox
		ORDER BY created_at DESC, settled_at IS NULL DESC LIMIT 1`
	return s, p.ask(ctx, newest, func(scan func(...any) error) error { return scan(&s.tries, &s.settled) })
}

// endLeases lets the time pass that those who died had their mails for.
func (h *house) endLeases(ctx context.Context) error {
	return h.tell(ctx, `UPDATE outbox SET leased_until = 0 WHERE settled_at IS NULL AND leased_until IS NOT NULL`)
}

// untilSent waits until no mail waits.
func (h *house) untilSent(ctx context.Context) error {
	return h.until(ctx, func() (bool, error) {
		n, err := h.number(ctx, `SELECT count(*) FROM outbox WHERE settled_at IS NULL`)
		return n == 0, err
	})
}

// tooLong bounds what has no other bound: a slow machine, not a broken one.
const tooLong = 30 * time.Second

var errTooLong = fmt.Errorf("nothing came of it within %s", tooLong)

// until looks again and again.
func (h *house) until(ctx context.Context, ok func() (bool, error)) error {
	late := time.NewTimer(tooLong)
	defer late.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if done, err := ok(); done || err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-late.C:
			return errTooLong
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// soon waits for something that must happen.
func soon(ctx context.Context, happened <-chan struct{}) error {
	late := time.NewTimer(tooLong)
	defer late.Stop()
	select {
	case <-happened:
		return nil
	case <-late.C:
		return errTooLong
	case <-ctx.Done():
		return ctx.Err()
	}
}
