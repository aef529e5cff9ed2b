package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"grupa/internal/bench/rig"
)

// claim is one try to get a seat for an applicant, or to give it back, as who tried it saw it.
type claim struct {
	group     string
	applicant string
	release   bool          // it gives a seat back
	offer     string        // that was made, or is given back
	status    int           // of the answer; 0: none came, so that nobody knows what became of it
	code      string        // of the problem
	called    time.Duration // since the same moment for all claims of a history
	answered  time.Duration
}

func (c claim) granted() bool {
	return c.status == http.StatusCreated || c.release && c.status == http.StatusNoContent
}

func (c claim) full() bool { return c.status == http.StatusConflict && c.code == "seat_taken" }

// String is for complaints.
func (c claim) String() string { return fmt.Sprintf("%d %s", c.status, c.code) }

// crowd are people who all want into the same groups.
type crowd struct {
	*office
	people []applicant
	began  time.Time // what the times of claims are measured from
}

// gather lets people apply.
func (o *office) gather(ctx context.Context, n int) (*crowd, error) {
	people, err := o.admit(ctx, n)
	return &crowd{o, people, time.Now()}, err
}

// rush lets the first n people ask for seats at once, each in one of the groups.
func (c *crowd) rush(ctx context.Context, n, workers int, groups ...string) []claim {
	claims := make([]claim, n)
	spread(n, workers, func(i int) { claims[i] = c.claim(ctx, c.people[i], groups[i%len(groups)]) })
	return claims
}

// claim asks once.
func (c *crowd) claim(ctx context.Context, a applicant, group string) claim {
	one := claim{group: group, applicant: a.id, called: time.Since(c.began)}
	answer, err := c.next().Call(ctx, http.MethodPost, offersOf(a.id), c.token, nil, offering(group))
	one.answered = time.Since(c.began)
	if err != nil {
		return one
	}
	one.status = answer.Status
	if one.granted() {
		var made struct{ ID string }
		if json.Unmarshal(answer.Body, &made) == nil {
			one.offer = made.ID
		}
	} else {
		one.code = refusal(answer.Body)
	}
	return one
}

// lastSeats lets that many people ask for the one seat of a group at once, and a fifth of them for a twentieth as many
// seats. As many as there are seats must get one, and everybody else must be told that none is left, in the answers and
// in the database. The control looks whether there is a seat and then writes the offer, with no trigger that counts.
func lastSeats(ctx context.Context, bench *rig.Bench, times int) (r Result, err error) {
	place, err := bench.Place()
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, place.Remove()) }()
	h := &house{bench: bench, place: place, database: place.Database()}
	return h.lastSeats(ctx, times, 1)
}

// house is an installation with as many replicas as are started.
type house struct {
	bench    *rig.Bench
	place    rig.Place
	database string   // a path or a postgres:// URL
	args     []string // what else each program is told
}

// lastSeats is the run on either engine.
func (h *house) lastSeats(ctx context.Context, people, replicas int) (r Result, err error) {
	token, err := coordinator(ctx, h.bench, h.place, h.args...)
	if err != nil {
		return r, err
	}
	servers, err := h.start(ctx, theServer(h.bench), replicas)
	if err != nil {
		return r, err
	}
	o := newOffice(token, servers...)
	defer o.close()
	people = max(people, 100)
	c, err := o.gather(ctx, people)
	if err != nil {
		return r, err
	}
	var contested string // by the control: a group with one seat
	for n, seats := range []int{1, max(1, people/20)} {
		groups, err := o.groups(ctx, seats)
		if err != nil {
			return r, err
		}
		rushed := people
		if n > 0 {
			rushed = min(people, 4*seats)
		}
		if err := h.judge(ctx, &r, c.rush(ctx, rushed, hands, groups...), seats); err != nil {
			return r, err
		}
	}
	if replicas > 1 {
		if err := h.histories(ctx, &r, c); err != nil {
			return r, err
		}
	}
	if contested, err = o.group(ctx, 1); err != nil {
		return r, err
	}
	if err := errors.Join(stopAll(servers), h.check(ctx, &r)); err != nil {
		return r, err
	}
	return r, h.naiveSeats(ctx, &r, c, contested, replicas)
}

// start starts that many replicas of a program.
func (h *house) start(ctx context.Context, v victim, replicas int) (all []*rig.Process, err error) {
	v.args = append(v.args, h.args...)
	for range replicas {
		p, err := v.start(ctx, h.place)
		if err != nil {
			return nil, errors.Join(err, stopAll(all))
		}
		all = append(all, p)
	}
	return all, nil
}

func stopAll(processes []*rig.Process) (err error) {
	for _, p := range processes {
		err = errors.Join(err, p.Stop())
	}
	return err
}

// check lets server check look.
func (h *house) check(ctx context.Context, r *Result) error {
	if err := h.run(ctx, "check"); err != nil {
		r.corrupt(err)
	}
	return ctx.Err()
}

// judge counts one rush for so many seats.
func (h *house) judge(ctx context.Context, r *Result, claims []claim, seats int) error {
	held, err := h.heldOffers(ctx)
	if err != nil {
		return err
	}
	winners, there := 0, 0
	groups := map[string]bool{}
	for _, c := range claims {
		r.Runs++
		groups[c.group] = true
		switch {
		case c.granted():
			winners++
			if !held[c.group][c.offer] {
				r.lose(fmt.Errorf("offer %s was acknowledged and is not there", c.offer))
			}
		case !c.full():
			r.wrong("somebody who got no seat was answered %v", c)
			continue
		}
		r.Acknowledged++
	}
	for g := range groups {
		there += len(held[g])
	}
	for range max(winners, there) - seats {
		r.duplicate(fmt.Errorf("%d offers were acknowledged and %d are there, of %d seats", winners, there, seats))
	}
	if seats > min(winners, there) {
		r.wrong("%d offers were acknowledged and %d are there, of %d seats", winners, there, seats)
	}
	return nil
}

// naiveSeats lets the stand-in give away the one seat of a group.
func (h *house) naiveSeats(ctx context.Context, r *Result, c *crowd, group string, replicas int) error {
	servers, err := h.start(ctx, victim{h.bench, rig.StandIn, []string{"--mode", "naive"}}, replicas)
	if err != nil {
		return err
	}
	o := newOffice(c.token, servers...)
	defer o.close()
	naive := &crowd{o, c.people, time.Now()}
	claims := naive.rush(ctx, min(len(c.people), 1000), hands, group)
	oversold := r.control(Control{Fault: "looks, then writes", As: "oversold"})
	for _, one := range claims {
		if one.granted() {
			oversold.add(oversold.Of > 0)
		} else if !one.full() {
			return fmt.Errorf("the stand-in answered %v: %s", one, servers[0].LastWords())
		}
	}
	if replicas > 1 {
		broken := r.control(Control{Fault: "its history", As: "not linearizable", All: true})
		broken.add(!linearizable(claims, map[string]int{group: 1}))
	}
	return stopAll(servers)
}
