package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"grupa/calendar"
	"grupa/group"
	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/bench/rig"
	"grupa/internal/store"
	"grupa/internal/store/seal"
	"grupa/internal/store/storetest"
	"grupa/internal/words"
)

// meetings is how many sessions the measured feed has: a year of them.
const meetings = 52

// subscribed makes a place with one member of one group that meets every week for a year, and gives the path of the
// member's feed.
func (s *stage) subscribed(ctx context.Context) (at rig.Place, path string, err error) {
	seeded, err := s.seeded(ctx, 1)
	if err != nil {
		return at, "", err
	}
	db, err := openPlace(ctx, seeded.Place)
	if err != nil {
		return at, "", err
	}
	secret, err := subscribe(ctx, db, seeded.Token)
	return seeded.Place, "/calendar/" + secret + "/calendar.ics", errors.Join(err, db.Close())
}

func openPlace(ctx context.Context, at rig.Place) (*store.DB, error) {
	key, err := seal.Read(at.KeyFile())
	if err != nil {
		return nil, err
	}
	keyring, err := seal.New(key)
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	return store.Open(ctx, store.Config{Database: at.Database(), Sealing: keyring, Now: time.Now, Log: log})
}

// subscribe takes somebody from the form to a feed, by the rules that the server has.
func subscribe(ctx context.Context, db *store.DB, token string) (secret string, err error) {
	var coordinator account.Caller
	var r intake.Receipt
	var g group.Group
	var offer group.Offer
	var agreed []group.Agreement
	member := func() account.Caller { return account.Caller{Kind: account.Applicant, Person: r.Application.Person} }
	for _, step := range []struct {
		as func() account.Caller
		do func(tx *store.Tx) error
	}{
		{account.Anyone, func(tx *store.Tx) (err error) {
			r, err = intake.Submit(tx, storetest.Filled("Member"))
			return err
		}},
		{account.Machine, func(tx *store.Tx) (err error) {
			tx.Audit("bench.look", "")
			coordinator, err = tx.CallerByToken(account.HashOf(token))
			return err
		}},
		{func() account.Caller { return coordinator }, func(tx *store.Tx) (err error) {
			g, offer, err = invite(tx, r.Application)
			return err
		}},
		{account.Machine, func(tx *store.Tx) error {
			tx.Audit("bench.look", "")
			needed, err := group.Needed(tx, g)
			for _, e := range needed {
				agreed = append(agreed, group.Agreement{Element: e.Slug, Version: e.Version, Language: words.English})
			}
			return err
		}},
		{member, func(tx *store.Tx) error {
			_, err := group.Accept(tx, offer.ID, agreed)
			return err
		}},
		{member, func(tx *store.Tx) (err error) {
			_, secret, err = calendar.MakeFeed(tx, calendar.FeedDraft{})
			return err
		}},
	} {
		if err := db.Update(ctx, step.as(), step.do); err != nil {
			return "", err
		}
	}
	return secret, nil
}

// invite plans a group that meets for a year, and offers a seat in it.
func invite(tx *store.Tx, a intake.Application) (g group.Group, o group.Offer, err error) {
	_, err = intake.Decide(tx, a.ID, a.Version, intake.Decision{Verb: intake.Admit, Type: "support", Reason: "bench"})
	if err != nil {
		return g, o, err
	}
	g, err = group.Create(tx, group.Draft{
		Type: "support", Title: "Tuesdays", Language: words.English, Capacity: 5, Minimum: 1,
		Membership: group.OpenMembership,
	})
	if err != nil {
		return g, o, err
	}
	_, err = calendar.PlanSeries(tx, string(g.ID), calendar.SeriesDraft{Plan: calendar.Plan{
		Start: calendar.Local{Date: calendar.DateOf(tx.Now()).AddDays(1), Hour: 18}, Zone: "Europe/Warsaw", Minutes: 90,
		Every: 1, Count: meetings,
	}})
	if err != nil {
		return g, o, err
	}
	o, err = group.MakeOffer(tx, a.ID, g.ID, tx.Now().Add(time.Hour))
	return g, o, err
}
