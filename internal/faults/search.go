package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"grupa/internal/bench/rig"
)

// coordinator makes somebody who may list the applications, and gives their token.
// args are what else the server is told.
func coordinator(ctx context.Context, bench *rig.Bench, place rig.Place, args ...string) (token string, err error) {
	const email = "coordinator@example.org"
	add := append([]string{"person", "add", email, "--role", "coordinator"}, args...)
	if _, err := bench.Run(ctx, rig.Server, place, add...); err != nil {
		return "", err
	}
	token, err = bench.Run(ctx, rig.Server, place, append([]string{"token", "add", email, "--name", "faults"}, args...)...)
	return strings.TrimSpace(token), err
}

// search counts what became of the requests on a server that was started again.
func (r *Result) search(ctx context.Context, url, token string, requests []*request) error {
	client := rig.NewClient(url, 1)
	defer client.Close()
	if err := r.findAcknowledged(ctx, client, requests); err != nil {
		return err
	}
	known, err := r.sendAgain(ctx, client, requests)
	if err != nil {
		return err
	}
	ids, err := client.Applications(ctx, token)
	if err != nil {
		return fmt.Errorf("list: %w", err)
	}
	for _, id := range ids {
		if !known[id] {
			r.duplicate(fmt.Errorf("application %s belongs to no request", id))
		}
	}
	return nil
}

// findAcknowledged opens every acknowledged receipt.
func (r *Result) findAcknowledged(ctx context.Context, client *rig.Client, requests []*request) error {
	for _, q := range requests {
		if !q.acknowledged {
			continue
		}
		r.Acknowledged++
		id, err := client.Me(ctx, q.receipt.Code)
		answer, answered := errors.AsType[*rig.Answered](err)
		switch {
		case answered && answer.Status == http.StatusUnauthorized:
			r.lose(fmt.Errorf("application %s was acknowledged and is lost", q.receipt.ID))
		case err != nil:
			return fmt.Errorf("open a receipt: %w", err)
		case id != q.receipt.ID:
			r.lose(fmt.Errorf("the receipt of %s opens %s", q.receipt.ID, id))
		}
	}
	if r.Acknowledged == 0 {
		return errors.New("nothing was acknowledged, so nothing could be lost")
	}
	return nil
}

// sendAgain repeats, under its key, what was never answered, as a client would, and then each client's last answered
// request and the repeated one once more. It gives the applications that the requests have, one each.
func (r *Result) sendAgain(ctx context.Context, client *rig.Client, requests []*request) (map[string]bool, error) {
	known := map[string]bool{}
	for _, q := range requests {
		if !q.acknowledged {
			receipt, err := client.Submit(ctx, q.key, q.form)
			if err != nil {
				return nil, fmt.Errorf("send again: %w", err)
			}
			q.receipt = receipt
		}
		known[q.receipt.ID] = true
		if !q.late {
			continue
		}
		again, err := client.Submit(ctx, q.key, q.form)
		if err != nil {
			return nil, fmt.Errorf("send once more: %w", err)
		}
		if again != q.receipt {
			known[again.ID] = true
			r.duplicate(fmt.Errorf("one key got application %s and then %s", q.receipt.ID, again.ID))
		}
	}
	return known, nil
}
