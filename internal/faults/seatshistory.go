package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"time"

	"github.com/anishathalye/porcupine"

	"grupa/internal/bench/rig"
)

// seatOp is what somebody asked of a group with so many seats: one, or to take one back.
type seatOp struct {
	group   string
	seats   int
	release bool
}

// seatAnswer is how it ended, as far as the one who asked knows.
type seatAnswer int

const (
	unknown seatAnswer = iota
	granted
	refused
)

// seatModel is what a group must look like from outside: a number of seats that are taken, one operation after another.
// Its state is that number.
func seatModel() porcupine.Model {
	model := porcupine.NondeterministicModel{
		Init: func() []any { return []any{0} },
		Step: func(state, input, output any) []any {
			return stepSeats(state.(int), input.(seatOp), output.(seatAnswer))
		},
		Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
			byGroup := map[string][]porcupine.Operation{}
			for _, op := range history {
				g := op.Input.(seatOp).group
				byGroup[g] = append(byGroup[g], op)
			}
			var all [][]porcupine.Operation
			for _, ops := range byGroup {
				all = append(all, ops)
			}
			return all
		},
	}
	return model.ToModel()
}

// stepSeats gives the states that there may be after an operation; none if it can't have ended so.
func stepSeats(taken int, op seatOp, answer seatAnswer) (after []any) {
	next, possible := taken+1, taken < op.seats
	if op.release {
		next, possible = taken-1, taken > 0
	}
	if possible && answer != refused {
		after = append(after, next)
	}
	if answer == unknown || answer == refused && !possible {
		after = append(after, taken)
	}
	return after
}

// longestProof bounds how long one history is looked at.
const longestProof = 30 * time.Second

// linearizable says whether there is an order of the claims, in which each comes between its call and its answer, that
// one coordinator alone could have seen. One that nobody could tell about in time counts as none.
func linearizable(claims []claim, seats map[string]int) bool {
	var writes, all []porcupine.Operation
	for n, c := range claims {
		op := porcupine.Operation{
			ClientId: n, Input: seatOp{c.group, seats[c.group], c.release}, Call: int64(c.called), Return: int64(c.answered),
		}
		switch {
		case c.granted():
			op.Output = granted
		case c.full():
			op.Output = refused
		default: // it may be carried out at any time from its call on, or never
			op.Output, op.Return = unknown, math.MaxInt64
		}
		all = append(all, op)
		if op.Output != refused {
			writes = append(writes, op)
		}
	}
	// What was refused changed nothing, so the rest must have an order without it. That is soon told of a broken one.
	return porcupine.CheckOperationsTimeout(seatModel(), writes, longestProof) == porcupine.Ok &&
		porcupine.CheckOperationsTimeout(seatModel(), all, longestProof) == porcupine.Ok
}

// The churn: so many people go in and out of groups of so many seats.
const (
	churners    = 24
	churnGroups = 4
	churnSeats  = 3
	churnTurns  = 12
)

// histories lets people get seats, decline them and have them withdrawn, on all replicas, and looks for an order of
// that. The controls are histories that no order explains.
func (h *house) histories(ctx context.Context, r *Result, c *crowd) error {
	seats := map[string]int{}
	var groups []string
	for range churnGroups {
		g, err := c.group(ctx, churnSeats)
		if err != nil {
			return err
		}
		seats[g], groups = churnSeats, append(groups, g)
	}
	people := c.people[:min(churners, len(c.people))]
	histories := make([][]claim, len(people))
	spread(len(people), len(people), func(n int) {
		histories[n] = c.churn(ctx, people[n], n, groups)
	})
	var all []claim
	for _, one := range histories {
		all = append(all, one...)
	}
	for _, one := range all {
		r.Runs++
		r.Acknowledged++
		if !one.granted() && !one.full() {
			r.wrong("a claim among others was answered %v", one)
		}
	}
	if !linearizable(all, seats) {
		r.wrong("no order explains the history of %d claims, declines and withdrawals", len(all))
	}
	r.figure("%d claims, declines and withdrawals have an order", len(all))
	broken := r.control(Control{Fault: "history made by hand", As: "not linearizable", All: true})
	for _, history := range brokenHistories() {
		broken.add(!linearizable(history, map[string]int{"g": 1}))
	}
	return ctx.Err()
}

// churn is one person's turns. Every other seat is declined by the person, the rest are taken back by the coordinator.
func (c *crowd) churn(ctx context.Context, a applicant, first int, groups []string) (history []claim) {
	for n := range churnTurns {
		got := c.claim(ctx, a, groups[(first+n)%len(groups)])
		history = append(history, got)
		if got.granted() {
			history = append(history, c.release(ctx, a, got, n%2 == 0))
		}
	}
	return history
}

// release gives a seat back.
func (c *crowd) release(ctx context.Context, a applicant, got claim, decline bool) claim {
	one := claim{group: got.group, applicant: a.id, release: true, offer: got.offer, called: time.Since(c.began)}
	method, path, secret := http.MethodDelete, offersOf(a.id)+"/"+got.offer, c.token
	if decline {
		method, path, secret = http.MethodPost, "/api/v1/me/offers/"+got.offer+"/decline", a.receipt
	}
	answer, err := c.next().Call(ctx, method, path, secret, nil, nil)
	one.answered = time.Since(c.began)
	if err == nil {
		one.status = answer.Status
		if !one.granted() {
			one.code = refusal(answer.Body)
		}
	}
	return one
}

// brokenHistories are of a group g with one seat.
func brokenHistories() [][]claim {
	yes, gone := http.StatusCreated, http.StatusNoContent
	no := claim{group: "g", status: http.StatusConflict, code: "seat_taken"}
	at := func(c claim, called, answered time.Duration) claim {
		c.group, c.called, c.answered = "g", called, answered
		return c
	}
	take, release := claim{status: yes}, claim{release: true, status: gone}
	return [][]claim{
		{at(take, 1, 4), at(take, 2, 3)},                    // one seat, twice
		{at(no, 1, 2), at(take, 3, 4)},                      // refused before anybody had it
		{at(take, 1, 2), at(release, 3, 4), at(no, 5, 6)},   // refused after it was free
		{at(take, 1, 2), at(take, 3, 4), at(release, 5, 6)}, // given before it was free
	}
}

// lastSeatsOfReplicas is lastSeats on PostgreSQL, with two replicas that requests go to in turn, and histories.
func lastSeatsOfReplicas(ctx context.Context, bench *rig.Bench, times int) (r Result, err error) {
	h, end, err := housePostgres(ctx, bench)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, end()) }()
	if r, err = h.lastSeats(ctx, times, 2); err != nil {
		err = fmt.Errorf("two replicas: %w", err)
	}
	return r, err
}
