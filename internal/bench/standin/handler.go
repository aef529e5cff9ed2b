package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"grupa/intake"
	"grupa/intake/screen"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/words"
)

// The modes.
const (
	together = "together" // as the server: units that wait share a commit
	alone    = "alone"    // each unit has a commit of its own: the next is not handed in before
	early    = "early"    // acknowledges when the unit has run, and commits behind the client's back
	naive    = "naive"    // as together, but gives a seat away when it saw that there was one, as nothing else counts
)

// submitter writes one submission and says when it may be acknowledged.
type submitter func(ctx context.Context, s intake.Submission) (intake.Receipt, error)

func newHandler(mode string, db *store.DB) (http.Handler, error) {
	var turn sync.Mutex
	submitters := map[string]submitter{
		together: func(ctx context.Context, s intake.Submission) (intake.Receipt, error) { return submit(ctx, db, s, nil) },
		alone: func(ctx context.Context, s intake.Submission) (intake.Receipt, error) {
			turn.Lock()
			defer turn.Unlock()
			return submit(ctx, db, s, nil)
		},
		naive: func(ctx context.Context, s intake.Submission) (intake.Receipt, error) { return submit(ctx, db, s, nil) },
		early: func(ctx context.Context, s intake.Submission) (intake.Receipt, error) { return submitEarly(ctx, db, s) },
	}
	submitter, ok := submitters[mode]
	if !ok {
		return nil, fmt.Errorf("there is no mode %q", mode)
	}
	return handler(submitter), nil
}

// submit runs the unit and returns after its commit. ran, unless it is nil, is called before.
func submit(
	ctx context.Context, db *store.DB, s intake.Submission, ran func(intake.Receipt, error),
) (r intake.Receipt, err error) {
	err = db.Update(ctx, account.Anyone(), func(tx *store.Tx) error {
		r, err = intake.Submit(tx, s)
		if ran != nil {
			ran(r, err)
		}
		return err
	})
	return r, err
}

// submitEarly is the fault that the suites must see: it returns as soon as the unit has run.
func submitEarly(ctx context.Context, db *store.DB, s intake.Submission) (intake.Receipt, error) {
	type result struct {
		receipt intake.Receipt
		err     error
	}
	results := make(chan result, 2) // when it has run, and when it is over; nobody waits for the second
	go func() {
		r, err := submit(context.WithoutCancel(ctx), db, s, func(r intake.Receipt, err error) { results <- result{r, err} })
		results <- result{r, err}
	}()
	first := <-results
	return first.receipt, first.err
}

// request is the part of the API's submission that the rigs' form fills.
type request struct {
	Form     string     `json:"form"`
	Version  int        `json:"form_version"`
	Language words.Lang `json:"language"`
	TimeZone string     `json:"time_zone"`
	Answers  []struct {
		LinkID  string   `json:"link_id"`
		Boolean *bool    `json:"boolean"`
		Text    *string  `json:"text"`
		Choices []string `json:"choices"`
		Free    []slot   `json:"availability"`
		Contact *contact `json:"contact"`
	} `json:"answers"`
}

// slot has clocks such as 17:15, up to 23:59.
type slot struct {
	Weekday int    `json:"weekday"`
	From    string `json:"from"`
	To      string `json:"to"`
	Kind    string `json:"kind"`
}

func (s slot) slot() screen.Slot {
	minutes := func(clock string) int {
		t, err := time.Parse("15:04", clock)
		if err != nil {
			return -1 // the rule refuses it
		}
		return t.Hour()*60 + t.Minute()
	}
	return screen.Slot{Weekday: s.Weekday, From: minutes(s.From), To: minutes(s.To), Kind: s.Kind}
}

type contact struct {
	Name     string        `json:"name"`
	Email    string        `json:"email"`
	Reach    account.Reach `json:"reach"`
	Discreet bool          `json:"discreet"`
}

func (r request) submission() intake.Submission {
	s := intake.Submission{
		Form: intake.FormRef{Slug: r.Form, Version: r.Version}, Language: r.Language, TimeZone: r.TimeZone,
	}
	for _, a := range r.Answers {
		answer := intake.Answer{Boolean: a.Boolean, Text: a.Text, Choices: a.Choices}
		for _, s := range a.Free {
			answer.Availability = append(answer.Availability, s.slot())
		}
		if c := a.Contact; c != nil {
			answer.Contact = &account.Contact{Name: c.Name, Email: c.Email, Reach: c.Reach, Discreet: c.Discreet}
		}
		s.Answers = append(s.Answers, intake.Given{LinkID: a.LinkID, Answer: answer})
	}
	return s
}

func handler(submit submitter) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in request
		decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		receipt, err := submit(r.Context(), in.submission())
		if err != nil {
			http.Error(w, errors.Join(errors.New("not submitted"), err).Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(map[string]string{ // a client that is gone misses its answer
			"id": string(receipt.Application.ID), "receipt_code": receipt.Code,
		})
	})
}
