package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"grupa/internal/bench/rig"
)

// crowded is how many clients submit to two replicas at once.
const crowded = 64

// Each kill has people who want one seat, and some who get one in a large group.
const (
	rivals = 4
	guests = 3
)

// killedReplicas kills one of two replicas under load, starts it again, and so on, each in turn. Whoever gets no answer
// sends the same under the same key to the other replica. Nothing that was acknowledged may be lost, nothing be there
// twice, each mail must go out under one Message-ID, each contested seat have one winner, and the other replica answer
// within a second. The control is a server that acknowledges before its commit.
func killedReplicas(ctx context.Context, bench *rig.Bench, times int) (r Result, err error) {
	early := r.control(Control{Fault: tooEarlyFault, As: "lost"})
	one, err := killReplicas(ctx, bench, theServer(bench), times)
	if err != nil {
		return r, err
	}
	r.take(one)
	r.Runs, r.Figures = times, one.Figures
	control, err := killReplicas(ctx, bench, tooEarly(bench), max(4, times/5))
	if err != nil {
		return r, fmt.Errorf("the control: %w", err)
	}
	early.Seen, early.Of = control.Lost, control.Acknowledged
	return r, nil
}

// killReplicas is the life of one database under two replicas of a program.
func killReplicas(ctx context.Context, bench *rig.Bench, victim victim, times int) (r Result, err error) {
	d := &duo{victim: victim, real: victim.program == rig.Server}
	people := 1
	if d.real {
		people = times * (rivals + guests)
	}
	p, err := openPost(ctx, bench, true, people)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	d.post = p
	for _, a := range p.people {
		d.sent = append(d.sent, a.request)
	}
	if d.real {
		d.victim.args = p.box.settings()
		if err := d.makeContests(ctx, times); err != nil {
			return r, err
		}
	}
	if err := d.live(ctx, times); err != nil {
		return r, errors.Join(err, d.kill())
	}
	if err := d.kill(); err != nil {
		return r, err
	}
	return d.aftermath(ctx)
}

// duo is two replicas on one database, one of which dies now and then.
type duo struct {
	*post
	victim   victim
	real     bool // they take keys, make offers and send mail
	replicas [2]*replica
	contests []contest
	sent     []*request
	offers   []*offer
	worst    time.Duration // until the other replica answered
	Result
}

// contest is a group with one seat, the people who want it, and some more people who get one elsewhere.
type contest struct {
	group          string
	rivals, guests []applicant
}

// offer is one request of a coordinator and its answer.
type offer struct {
	group, key string
	applicant  applicant
	status     int
	body       []byte
}

// replica is where one of the two can be reached at the moment.
type replica struct {
	process *rig.Process // of the goroutine that kills it
	mu      sync.Mutex
	client  *rig.Client
}

func (r *replica) at() *rig.Client {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.client
}

func (d *duo) start(ctx context.Context, n int) error {
	servers, err := d.post.start(ctx, d.victim, 1)
	if err != nil {
		return err
	}
	r := d.replicas[n]
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.client != nil {
		r.client.Close()
	}
	r.process, r.client = servers[0], rig.NewClient(servers[0].URL, crowded)
	return nil
}

// kill ends both replicas.
func (d *duo) kill() (err error) {
	for _, r := range d.replicas {
		if r != nil && r.process != nil {
			r.client.Close()
			err = errors.Join(err, r.process.Kill())
			r.process = nil
		}
	}
	return err
}

func (d *duo) makeContests(ctx context.Context, times int) error {
	servers, err := d.house.start(ctx, theServer(d.bench), 1)
	if err != nil {
		return err
	}
	o := newOffice(d.token, servers...)
	defer o.close()
	for range times {
		g, err := o.group(ctx, 1)
		if err != nil {
			return errors.Join(err, stopAll(servers))
		}
		c := contest{group: g}
		for range rivals {
			c.rivals = append(c.rivals, d.someone())
		}
		for range guests {
			c.guests = append(c.guests, d.someone())
		}
		d.contests = append(d.contests, c)
	}
	return stopAll(servers)
}

// aftermath starts one server on what the two left, lets it send what mail there is, and counts.
func (d *duo) aftermath(ctx context.Context) (Result, error) {
	if err := d.endLeases(ctx); err != nil {
		return d.Result, err
	}
	v := theServer(d.bench)
	v.args = d.box.settings()
	servers, err := d.house.start(ctx, v, 1)
	if err != nil {
		return d.Result, err
	}
	if err := errors.Join(d.search(ctx, servers[0].URL, d.token, d.sent), d.untilSent(ctx)); err != nil {
		return d.Result, errors.Join(err, stopAll(servers))
	}
	if err := stopAll(servers); err != nil {
		return d.Result, err
	}
	if d.real {
		if err := d.judgeOffers(ctx); err != nil {
			return d.Result, err
		}
		d.figure("the other replica answered within %d ms", d.worst.Milliseconds())
		d.figure("%d mails in %d copies", len(d.offers)-d.refusedOffers(), d.box.count())
	}
	return d.Result, d.check(ctx, &d.Result)
}

func (d *duo) refusedOffers() (n int) {
	for _, o := range d.offers {
		if o.status == http.StatusConflict {
			n++
		}
	}
	return n
}

// judgeOffers wants one winner a contest, a seat for each guest, and a mail to each of them.
func (d *duo) judgeOffers(ctx context.Context) error {
	held, err := d.heldOffers(ctx)
	if err != nil {
		return err
	}
	winners := map[string]int{}
	for _, o := range d.offers {
		switch {
		case o.status == http.StatusCreated:
			d.Acknowledged++
			winners[o.group]++
			var made struct{ ID string }
			if err := json.Unmarshal(o.body, &made); err != nil || !held[o.group][made.ID] {
				d.lose(fmt.Errorf("offer %s was acknowledged and is not there", o.body))
			}
			d.judgeMail("a replica was killed", d.box.copies(o.applicant.email), false)
		case o.status == http.StatusConflict && refusal(o.body) == "seat_taken":
			if n := len(d.box.copies(o.applicant.email)); n > 0 {
				d.wrong("%d mails to somebody who got no seat", n)
			}
		default:
			d.wrong("an offer was answered %d %s", o.status, o.body)
		}
	}
	for _, c := range d.contests[:len(d.offers)/(rivals+guests)] {
		if winners[c.group] != 1 || len(held[c.group]) != 1 {
			d.wrong("%d winners and %d offers of one seat", winners[c.group], len(held[c.group]))
		}
	}
	return nil
}
