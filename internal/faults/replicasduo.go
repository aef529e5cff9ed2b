package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"grupa/internal/bench/rig"
)

// live is the load, and the kills under it.
func (d *duo) live(ctx context.Context, times int) error {
	for n := range d.replicas {
		d.replicas[n] = &replica{}
		if err := d.start(ctx, n); err != nil {
			return err
		}
	}
	stop := make(chan struct{})
	var sent [crowded][]*request
	var errs [crowded]error
	var all sync.WaitGroup
	for n := range crowded {
		all.Go(func() { sent[n], errs[n] = d.submit(ctx, n, stop) })
	}
	var err error
	for n := 0; n < times && err == nil; n++ {
		err = d.round(ctx, n)
	}
	close(stop)
	all.Wait()
	for _, s := range sent {
		for _, q := range s[max(0, len(s)-1):] {
			q.late = true
		}
		d.sent = append(d.sent, s...)
	}
	return errors.Join(err, errors.Join(errs[:]...))
}

// round kills one replica in the middle of a contest, asks the other, and starts the first again.
func (d *duo) round(ctx context.Context, n int) error {
	select {
	case <-time.After(soonest + rand.N(latest-soonest)):
	case <-ctx.Done():
		return ctx.Err()
	}
	victim, other := d.replicas[n%2], d.replicas[1-n%2]
	offers := d.compete(ctx, n)
	select { // that the contest is under way, more or less
	case <-time.After(rand.N(20 * time.Millisecond)):
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := victim.process.Kill(); err != nil {
		return err
	}
	began := time.Now()
	q := &request{key: fmt.Sprintf("the-first-after-kill-%d", n), form: rig.Form(), late: true}
	var err error
	if q.receipt, err = other.at().Submit(ctx, q.key, q.form); err != nil {
		return fmt.Errorf("the other replica: %w: %s", err, other.process.LastWords())
	}
	took := time.Since(began)
	q.acknowledged, d.sent, d.worst = true, append(d.sent, q), max(d.worst, took)
	if d.real && took > time.Second {
		d.wrong("the other replica answered after %s", took)
	}
	if err := d.start(ctx, n%2); err != nil {
		return err
	}
	return offers()
}

// compete lets people be offered seats at once, on both replicas. The rest of it is to be waited for by what it gives.
func (d *duo) compete(ctx context.Context, n int) func() error {
	if !d.real {
		return func() error { return nil }
	}
	c := d.contests[n]
	var offers []*offer
	for i, a := range append(append([]applicant{}, c.rivals...), c.guests...) {
		group := c.group
		if i >= rivals {
			group = d.groups[n*(rivals+guests)/mostSeats]
		}
		offers = append(offers, &offer{group: group, key: "an-offer-to-" + a.id, applicant: a})
	}
	d.offers = append(d.offers, offers...)
	errs := make([]error, len(offers))
	var all sync.WaitGroup
	for i, o := range offers {
		all.Go(func() { errs[i] = d.make(ctx, i, o) })
	}
	return func() error {
		all.Wait()
		return errors.Join(errs...)
	}
}

// make asks until there is an answer, each time another replica.
func (d *duo) make(ctx context.Context, first int, o *offer) error {
	headers := map[string]string{"Idempotency-Key": o.key}
	body := offering(o.group)
	return d.insist(ctx, first, func(c *rig.Client) error {
		answer, err := c.Call(ctx, http.MethodPost, offersOf(o.applicant.id), d.token, headers, body)
		o.status, o.body = answer.Status, answer.Body
		return err
	})
}

// insist sends something to one replica, and if no answer comes to the other, and so on, until there is one.
func (d *duo) insist(ctx context.Context, first int, send func(*rig.Client) error) error {
	late := time.Now().Add(tooLong)
	for n := first; ; n++ {
		err := send(d.replicas[n%2].at())
		if _, answered := errors.AsType[*rig.Answered](err); err == nil || answered {
			return err
		}
		if time.Now().After(late) {
			return fmt.Errorf("%w: %w", errTooLong, err)
		}
		select {
		case <-time.After(time.Duration(min(n-first, 20)) * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// submit is one client: it sends one request after another, and each until it is answered.
func (d *duo) submit(ctx context.Context, first int, stop <-chan struct{}) (sent []*request, err error) {
	for {
		select {
		case <-stop:
			return sent, nil
		case <-ctx.Done():
			return sent, ctx.Err()
		default:
		}
		q := &request{key: "client-" + fmt.Sprintf("%d-%d-%d", first, len(sent), rand.Uint64()), form: rig.Form()}
		sent = append(sent, q)
		err := d.insist(ctx, first, func(c *rig.Client) (err error) {
			q.receipt, err = c.Submit(ctx, q.key, q.form)
			return err
		})
		if err != nil {
			return sent, fmt.Errorf("a submission was not taken: %w", err)
		}
		q.acknowledged = true
	}
}
