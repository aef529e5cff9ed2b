package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"grupa/internal/bench/rig"
)

// failedFlushes lets a server take n forms and then every flush fail, or the next one of each thread only. Nothing may
// be acknowledged from then on: after a flush that failed nobody knows what is on the disk, so the server must take
// nothing more, say so, and go on showing what needs no write, also when the disk works again, until it is started
// again. The control is a server that acknowledges before its commit.
func failedFlushes(ctx context.Context, bench *rig.Bench, times int) (r Result, err error) {
	if err := canTrace(ctx); err != nil {
		return r, err
	}
	early := r.control(Control{Fault: tooEarlyFault, As: "acknowledged for nothing"})
	for n := range times {
		one, err := flushFails(ctx, bench, theServer(bench), n, nil)
		if err != nil {
			return r, fmt.Errorf("after %d forms: %w", n, err)
		}
		r.add(one)
		if n%5 > 0 {
			continue
		}
		if _, err := flushFails(ctx, bench, tooEarly(bench), n, early); err != nil {
			return r, fmt.Errorf("after %d forms of the control: %w", n, err)
		}
	}
	return r, nil
}

// flushFails is one run. What a control acknowledges for nothing is counted in it, what the server does in the result.
func flushFails(ctx context.Context, bench *rig.Bench, victim victim, forms int, control *Control) (
	r Result, err error,
) {
	place, err := bench.Place()
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, place.Remove()) }()
	s, err := sit(ctx, bench, place, victim)
	if err != nil {
		return r, err
	}
	defer s.leave()
	if err := s.taken(ctx, 1+forms); err != nil {
		return r, err
	}
	if err := s.flushFails(ctx, forms, control); err != nil {
		return r, err
	}
	return s.aftermath(ctx)
}

// flushFails is the fault, and what is seen of it until the server is killed. Some servers are asked to stop instead,
// and then can't flush what they fold into the database.
func (s *sitting) flushFails(ctx context.Context, n int, control *Control) error {
	how := "error=EIO:when=1"
	if n%2 == 0 {
		how += "+"
	}
	disk, err := sabotage(ctx, s.bench.Dir(), s.process.PID(), "fdatasync,fsync", how)
	if err != nil {
		return err
	}
	if n%5 == 4 {
		s.stop()
		failed, err := disk.failed()
		if err == nil && failed == 0 {
			err = errors.New("it stopped without a flush")
		}
		return errors.Join(err, disk.detach(ctx))
	}
	err = disk.failing(ctx, func() error { return s.forNothing(ctx, 8, control) })
	if err == nil {
		err = s.forNothing(ctx, 4, control)
	}
	if err == nil {
		err = s.reads(ctx)
	}
	if err = errors.Join(err, disk.detach(ctx)); err != nil || !s.real {
		return err
	}
	return s.staysReadOnly(ctx)
}

// forNothing sends forms that can't be stored, and counts those that are acknowledged.
func (s *sitting) forNothing(ctx context.Context, forms int, control *Control) error {
	refused, err := s.post(ctx, forms)
	s.judge(refused)
	if control != nil {
		control.Of += forms
		control.Seen += forms - len(refused)
	} else if len(refused) < forms {
		s.wrong("%d of %d forms were acknowledged after a flush had failed", forms-len(refused), forms)
	}
	return err
}

// staysReadOnly looks at a server whose disk works again.
func (s *sitting) staysReadOnly(ctx context.Context) error {
	refused, err := s.post(ctx, 1)
	if err != nil {
		return err
	}
	s.judge(refused)
	var problem struct{ Code string }
	if len(refused) == 0 {
		s.wrong("a form was taken although nobody knows what is on the disk")
	} else if err := json.Unmarshal([]byte(refused[0].Body), &problem); err != nil || problem.Code != "read_only" {
		s.wrong("the server does not say that it is read-only: %w", refused[0])
	}
	status, body, err := s.client.Get(ctx, "/readyz", "")
	if err == nil && status != http.StatusServiceUnavailable {
		s.wrong("/readyz says %d: %s", status, body)
	}
	return errors.Join(err, s.reads(ctx))
}
