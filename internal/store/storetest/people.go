package storetest

import (
	"fmt"
	"time"

	"grupa/group"
	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/words"
)

// Staff adds a member of staff with the roles and gives the caller and an API token.
func (s *Store) Staff(email string, roles ...account.Role) (c account.Caller, token string) {
	s.tb.Helper()
	s.Do(account.Machine(), func(tx *store.Tx) (err error) {
		for _, role := range roles {
			if _, err := account.AddStaff(tx, email, "", role); err != nil {
				return err
			}
		}
		token, err = account.AddToken(tx, email, "test")
		return err
	})
	s.Read(account.Machine(), func(tx *store.Tx) (err error) {
		c, err = tx.CallerByToken(account.HashOf(token))
		return err
	})
	return c, token
}

// Person is an applicant of a test.
type Person struct {
	account.Caller
	Receipt     string
	Application intake.ApplicationID
	Reference   string
}

// Filled is a form filled by a grown-up whom a support group suits, and nothing stands against.
func Filled(name string) intake.Submission {
	one := func(link string, codes ...string) intake.Given {
		return intake.Given{LinkID: link, Answer: intake.Answer{Choices: codes}}
	}
	return intake.Submission{
		Form: intake.FormRef{Slug: "intake", Version: 1}, Language: words.English, TimeZone: "Europe/Warsaw",
		Answers: []intake.Given{
			{LinkID: "reason", Answer: intake.Answer{Text: new("I would like to talk with others.")}},
			one("applying-for", "myself"), one("since", "months"), one("areas", "isolation-loneliness", "social"),
			one("hopes", "belonging-validation", "self-disclosure"), one("daily-life", "mostly"), one("life-crisis", "no"),
			one("reality", "no"), one("self-harm", "no"), one("safe-at-home", "yes"), one("sober", "yes"),
			{LinkID: "call-me-soon", Answer: intake.Answer{Boolean: new(false)}},
			one("ready-benefit", "mostly"), one("ready-speak", "mostly"), one("ready-listen", "fully"),
			one("ready-comfort", "somewhat"), one("ready-attend", "fully"), one("ready-agreement", "fully"),
			one("attendance", "five-of-five"), one("practice", "yes"), one("feedback", "yes"), one("experience", "none"),
			one("own-wish", "mine"), one("group-languages", "en"), one("delivery", "in-person"), one("age-band", "adult"),
			{LinkID: "contact", Answer: intake.Answer{Contact: &account.Contact{
				Name: name, Email: fmt.Sprintf("%s@example.org", account.NewID()), Reach: account.ReachEmail, Discreet: true,
			}}},
		},
	}
}

// Apply submits a form.
func (s *Store) Apply(f intake.Submission) Person {
	s.tb.Helper()
	var r intake.Receipt
	s.Do(account.Anyone(), func(tx *store.Tx) (err error) {
		r, err = intake.Submit(tx, f)
		return err
	})
	return Person{
		Caller:  account.Caller{Kind: account.Applicant, Person: r.Application.Person},
		Receipt: r.Code, Application: r.Application.ID, Reference: r.Application.Reference,
	}
}

// Admit makes an applicant eligible for a type.
func (s *Store) Admit(coordinator account.Caller, p Person, groupType string) {
	s.tb.Helper()
	s.Do(coordinator, func(tx *store.Tx) error {
		a, err := tx.ApplicationHead(p.Application)
		if err != nil {
			return err
		}
		_, err = intake.Decide(tx, p.Application, a.Version, intake.Decision{
			Verb: intake.Admit, Type: groupType, Reason: "a test says so",
		})
		return err
	})
}

// Group makes a recruiting support group of that many seats.
func (s *Store) Group(coordinator account.Caller, seats int, leaders ...account.PersonID) (g group.Group) {
	s.tb.Helper()
	s.Do(coordinator, func(tx *store.Tx) (err error) {
		g, err = group.Create(tx, group.Draft{
			Type: "support", Title: "Tuesdays", Language: words.English, Capacity: seats, Minimum: 1, Leaders: leaders,
			Membership: group.OpenMembership,
		})
		return err
	})
	return g
}

// Offer holds a seat for a day.
func (s *Store) Offer(coordinator account.Caller, p Person, g group.Group) (o group.Offer) {
	s.tb.Helper()
	s.Do(coordinator, func(tx *store.Tx) (err error) {
		o, err = group.MakeOffer(tx, p.Application, g.ID, tx.Now().Add(24*time.Hour))
		return err
	})
	return o
}

// Agreed is agreement to everything that a group of that type asks for.
func (s *Store) Agreed(g group.Group) (all []group.Agreement) {
	s.tb.Helper()
	s.Read(account.Machine(), func(tx *store.Tx) error {
		needed, err := group.Needed(tx, g)
		for _, e := range needed {
			all = append(all, group.Agreement{Element: e.Slug, Version: e.Version, Language: words.English})
		}
		return err
	})
	return all
}

// Join takes an applicant all the way into a group.
func (s *Store) Join(coordinator account.Caller, p Person, g group.Group) (m group.Membership) {
	s.tb.Helper()
	s.Admit(coordinator, p, g.Type)
	offer, agreed := s.Offer(coordinator, p, g), s.Agreed(g)
	s.Do(p.Caller, func(tx *store.Tx) (err error) {
		m, err = group.Accept(tx, offer.ID, agreed)
		return err
	})
	return m
}
