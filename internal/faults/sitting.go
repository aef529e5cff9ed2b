package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"grupa/internal/bench/rig"
)

// sitting is one server that goes on while things are broken under it, and all that was sent to it. Its methods are
// called by one goroutine.
type sitting struct {
	bench   *rig.Bench // of the real server
	real    bool       // it is the real server, so that its answers are judged
	place   rig.Place
	token   string
	process *rig.Process
	client  *rig.Client
	sent    []*request
	refused int  // of these
	stopped bool // the process was asked to end
	Result
}

// sit starts a victim on a fresh place. Whoever makes a sitting ends it by aftermath or by leave.
func sit(ctx context.Context, bench *rig.Bench, place rig.Place, victim victim) (*sitting, error) {
	s := &sitting{bench: bench, real: victim.program == rig.Server, place: place}
	var err error
	if s.token, err = coordinator(ctx, bench, place); err != nil {
		return nil, err
	}
	if s.process, err = victim.start(ctx, place); err != nil {
		return nil, err
	}
	s.client = rig.NewClient(s.process.URL, clients)
	return s, nil
}

// leave kills the server if it still runs: a sitting that can't go on.
func (s *sitting) leave() {
	s.client.Close()
	_ = s.process.Kill() // it may have been already
}

// stop asks the server to end, which it may do badly: its disk fails.
func (s *sitting) stop() {
	s.client.Close()
	_ = s.process.Stop()
	s.stopped = true
}

// aftermath kills the server, unless it was stopped, and gives the counts of what is left on its place.
func (s *sitting) aftermath(ctx context.Context) (Result, error) {
	s.client.Close()
	if !s.stopped {
		if err := s.process.Kill(); err != nil {
			return s.Result, err
		}
	}
	after, err := aftermath(ctx, s.bench, s.place, s.token, s.sent)
	s.take(after)
	return s.Result, err
}

// post sends that many forms at once and gives the answers of those that were not taken. A form that gets no answer at
// all is an error: the server runs.
func (s *sitting) post(ctx context.Context, forms int) (refused []*rig.Answered, err error) {
	requests, errs := make([]*request, forms), make([]error, forms)
	var all sync.WaitGroup
	for n := range forms {
		requests[n] = &request{key: rand.Text(), form: rig.Form()}
		all.Go(func() { requests[n].receipt, errs[n] = s.client.Submit(ctx, requests[n].key, requests[n].form) })
	}
	all.Wait()
	for n, q := range requests {
		s.sent = append(s.sent, q)
		answer, answered := errors.AsType[*rig.Answered](errs[n])
		switch {
		case errs[n] == nil:
			q.acknowledged = true
		case answered:
			q.late = true
			s.refused++
			refused = append(refused, answer)
		default:
			err = errors.Join(err, fmt.Errorf("no answer from a server that runs: %w", errs[n]))
		}
	}
	return refused, err
}

// taken sends forms, all of which must be taken.
func (s *sitting) taken(ctx context.Context, forms int) error {
	for range forms {
		refused, err := s.post(ctx, 1)
		if err != nil {
			return err
		}
		if len(refused) > 0 {
			return fmt.Errorf("a submission was not taken: %w: %s", refused[0], s.process.LastWords())
		}
	}
	return nil
}

// judge looks at answers of a server that can't write: each says so, and has the numbers to call.
func (s *sitting) judge(refused []*rig.Answered) {
	if !s.real {
		return
	}
	for _, answer := range refused {
		var problem struct{ Help help }
		err := json.Unmarshal([]byte(answer.Body), &problem)
		if answer.Status != http.StatusServiceUnavailable && answer.Status != http.StatusInsufficientStorage {
			s.wrong("a form that can't be stored was answered with %w", answer)
		} else if err != nil || !problem.Help.useful() {
			s.wrong("a form that can't be stored was answered without help: %w", answer)
		}
	}
}

// help is what anyone may be shown at any time.
type help struct {
	Contacts []struct{ Name, Phone string }
}

func (h help) useful() bool { return len(h.Contacts) > 0 && h.Contacts[0].Phone != "" }

// reads looks at what needs no write: the help contacts and an applicant's own page.
func (s *sitting) reads(ctx context.Context) error {
	if !s.real {
		return nil
	}
	status, body, err := s.client.Get(ctx, "/api/v1/help", "")
	if err != nil {
		return err
	}
	var shown help
	if err := json.Unmarshal(body, &shown); err != nil || status != http.StatusOK || !shown.useful() {
		s.wrong("the help contacts are not shown: %d %s", status, body)
	}
	for _, q := range s.sent {
		if q.acknowledged {
			if _, err := s.client.Me(ctx, q.receipt.Code); err != nil {
				s.wrong("an applicant can't open their page: %w", err)
			}
			break
		}
	}
	return ctx.Err()
}

// healing is how long a server may go on refusing once there is room again.
const healing = 5 * time.Second

// heals waits until forms are taken again.
func (s *sitting) heals(ctx context.Context) error {
	late := time.NewTimer(healing)
	defer late.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		refused, err := s.post(ctx, 1)
		if err != nil || len(refused) == 0 {
			return err
		}
		select {
		case <-tick.C:
		case <-late.C:
			s.wrong("%s after there was room again nothing is taken: %w", healing, refused[0])
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
