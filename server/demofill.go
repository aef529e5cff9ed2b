package main

import (
	"context"
	"fmt"
	"time"

	"grupa/calendar"
	"grupa/group"
	"grupa/intake"
	"grupa/intake/screen"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
	"grupa/internal/words"
)

// filler fills the demo, step by step, as its people would have.
type filler struct {
	ctx    context.Context
	p      *program
	db     *store.DB
	clock  *demoClock
	forms  *demoForms
	places demoPlaces
	out    *entrances

	coordinator account.Caller
	leaders     []account.PersonID
	roomIDs     []calendar.RoomID
	made        []group.Group
	members     map[group.ID]int
}

func (f *filler) do(c account.Caller, fn func(tx *store.Tx) error) error {
	return f.db.Update(f.ctx, c, fn)
}

// staff adds one person for each role, and says how each gets in.
func (f *filler) staff() error {
	token := func(email, name string, roles ...account.Role) (c account.Caller, secret string, err error) {
		err = f.do(account.Machine(), func(tx *store.Tx) error {
			for _, role := range roles {
				if _, err := account.AddStaff(tx, email, name, role); err != nil {
					return err
				}
			}
			if secret, err = account.AddToken(tx, email, "demo"); err != nil {
				return err
			}
			c, err = tx.CallerByToken(account.HashOf(secret))
			return err
		})
		return c, secret, err
	}
	var err error
	if _, f.out.administrator, err = token("admin@grupa.example", "Ada Admin", account.Administrator); err != nil {
		return err
	}
	f.coordinator, f.out.coordinator, err = token("coordinator@grupa.example", "Kora Kowalska", account.Coordinator)
	if err != nil {
		return err
	}
	for n, who := range f.places.Facilitators {
		c, secret, err := token(who.Email, who.Name, account.Facilitator)
		if err != nil {
			return err
		}
		f.leaders = append(f.leaders, c.Person)
		if n == 0 {
			f.out.facilitator = secret
		}
	}
	return nil
}

func (f *filler) rooms() error {
	for _, r := range f.places.Rooms {
		err := f.do(f.coordinator, func(tx *store.Tx) error {
			room, err := calendar.CreateRoom(tx, r.Name, r.Capacity)
			f.roomIDs = append(f.roomIDs, room.ID)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) groups() error {
	f.members = map[group.ID]int{}
	for _, d := range f.places.Groups {
		draft := group.Draft{
			Type: d.Type, Title: d.Title, Language: d.Language, Capacity: d.Capacity, Membership: group.HalfOpenMembership,
		}
		if d.Leader >= 0 {
			draft.Leaders = []account.PersonID{f.leaders[d.Leader]}
		}
		err := f.do(f.coordinator, func(tx *store.Tx) error {
			g, err := group.Create(tx, draft)
			f.made = append(f.made, g)
			return err
		})
		if err != nil {
			return fmt.Errorf("group %s: %w", d.Type, err)
		}
	}
	return nil
}

// sessions plans each group's series on its weekday, some already under way, some still to begin.
func (f *filler) sessions() error {
	loc, err := calendar.Zone(f.p.TimeZone)
	if err != nil {
		return err
	}
	now := calendar.DateOf(time.Now().In(loc))
	for n, d := range f.places.Groups {
		day := now.AddDays(-7 * d.BeganWeeksAgo)
		for isoWeekday(day) != d.Weekday {
			day = day.AddDays(1)
		}
		start, err := calendar.ParseLocal(day.String() + "T" + d.Clock)
		if err != nil {
			return err
		}
		err = f.do(f.coordinator, func(tx *store.Tx) error {
			_, err := calendar.PlanSeries(tx, string(f.made[n].ID), calendar.SeriesDraft{
				Room: f.roomIDs[d.Room],
				Plan: calendar.Plan{Start: start, Zone: f.p.TimeZone, Minutes: d.Minutes, Every: 1, Count: d.Count},
			})
			return err
		})
		if err != nil {
			return fmt.Errorf("sessions of %s: %w", d.Type, err)
		}
	}
	return nil
}

func isoWeekday(d calendar.Date) int { return (int(d.Weekday())+6)%7 + 1 }

// howMany applications the demo has, and how often one comes: sixty in eight weeks.
const (
	howMany = 60
	between = 22 * time.Hour
)

var demoLanguages = []words.Lang{words.Polish, words.English, words.Latvian, words.Persian, words.Polish}

func (f *filler) applicants() error {
	for n := range howMany {
		f.clock.at = f.clock.at.Add(between)
		lang := demoLanguages[n%len(demoLanguages)]
		if err := f.applicant(n, lang); err != nil {
			return fmt.Errorf("application %d: %w", n, err)
		}
	}
	return nil
}

func (f *filler) applicant(n int, lang words.Lang) error {
	g := f.groupFor(n, lang)
	var r intake.Receipt
	err := f.do(account.Anyone(), func(tx *store.Tx) error {
		form, err := tx.Form("intake")
		if err != nil {
			return err
		}
		t, err := tx.GroupType(g.Type)
		if err != nil {
			return err
		}
		r, err = intake.Submit(tx, f.forms.filled(form, lang, t))
		return err
	})
	if err != nil {
		return err
	}
	return f.treat(n, g, r)
}

// groupFor is the group that the applicant's language fits, or one by turns.
func (f *filler) groupFor(n int, lang words.Lang) group.Group {
	for k := range f.made {
		if g := f.made[(n+k)%len(f.made)]; g.Language == lang {
			return g
		}
	}
	return f.made[n%len(f.made)]
}

// treat does with an application what a coordinator and then the applicant would: the last ones are still waiting.
func (f *filler) treat(n int, g group.Group, r intake.Receipt) error {
	id := r.Application.ID
	verdict := verdictFor(r.Screening, g.Type)
	switch {
	case n >= howMany-8:
		return nil // just arrived
	case r.Application.Safety == intake.SafetyOpen:
		return nil // a person must look first
	case n%13 == 5:
		return f.decide(id, intake.Decision{Verb: intake.Refer, Alternative: intake.IndividualTalk,
			Reason: "Prefers to begin alone; agreed on the phone."})
	case n%11 == 7:
		return f.decide(id, intake.Decision{Verb: intake.Invite})
	case verdict == screen.NotNow || n%7 == 3:
		return f.decide(id, intake.Decision{Verb: intake.Review})
	}
	if err := f.decide(id, intake.Decision{Verb: intake.Admit, Type: g.Type}); err != nil {
		return err
	}
	return f.offer(n, g, r)
}

func verdictFor(s intake.Screening, slug string) screen.Verdict {
	for _, t := range s.Types {
		if t.Type == slug {
			return t.Verdict
		}
	}
	return screen.Discuss
}

func (f *filler) decide(id intake.ApplicationID, d intake.Decision) error {
	return f.do(f.coordinator, func(tx *store.Tx) error {
		a, err := tx.ApplicationHead(id)
		if err != nil {
			return err
		}
		_, err = intake.Decide(tx, id, a.Version, d)
		return err
	})
}

// offer offers a seat while there is one. Most accept; the last offers are still open.
func (f *filler) offer(n int, g group.Group, r intake.Receipt) error {
	hold := 5 * 24 * time.Hour
	if n >= howMany-16 {
		hold = 30 * 24 * time.Hour
	}
	var o group.Offer
	err := f.do(f.coordinator, func(tx *store.Tx) (err error) {
		o, err = group.MakeOffer(tx, r.Application.ID, g.ID, tx.Now().Add(hold))
		return err
	})
	if fault.Of(err) == group.ErrSeatTaken {
		return f.decide(r.Application.ID, intake.Decision{Verb: intake.Wait, Type: g.Type})
	}
	if err != nil {
		return err
	}
	if n >= howMany-16 {
		f.out.applicant = r.Code
		return nil
	}
	if err := f.accept(g, o, r); err != nil {
		return err
	}
	if f.members[g.ID]++; f.members[g.ID] == 1 && f.out.member == "" {
		f.out.member = r.Code
		return f.feed(r)
	}
	return nil
}

func (f *filler) accept(g group.Group, o group.Offer, r intake.Receipt) error {
	caller := account.Caller{Kind: account.Applicant, Person: r.Application.Person}
	return f.do(caller, func(tx *store.Tx) error {
		needed, err := group.Needed(tx, g)
		if err != nil {
			return err
		}
		var agreed []group.Agreement
		for _, e := range needed {
			agreed = append(agreed, group.Agreement{Element: e.Slug, Version: e.Version, Language: r.Application.Language})
		}
		_, err = group.Accept(tx, o.ID, agreed)
		return err
	})
}

func (f *filler) feed(r intake.Receipt) error {
	caller := account.Caller{Kind: account.Applicant, Person: r.Application.Person}
	return f.do(caller, func(tx *store.Tx) (err error) {
		_, f.out.feed, err = calendar.MakeFeed(tx, calendar.FeedDraft{})
		return err
	})
}

// begin moves the groups that have met on to where they stand.
func (f *filler) begin() error {
	for n, d := range f.places.Groups {
		if d.BeganWeeksAgo < 1 {
			continue
		}
		err := f.do(f.coordinator, func(tx *store.Tx) error {
			for _, to := range []group.State{group.Confirmed, group.Running} {
				g, err := tx.Group(f.made[n].ID)
				if err != nil {
					return err
				}
				if _, err := group.Update(tx, g.ID, g.Version, group.Change{State: &to}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// changes moves one session to come and cancels another, as happens.
func (f *filler) changes() error {
	f.clock.at = time.Now()
	return f.do(f.coordinator, func(tx *store.Tx) error {
		sessions, err := calendar.GroupSessions(tx, string(f.made[0].ID))
		if err != nil {
			return err
		}
		var coming []calendar.Session
		for _, s := range sessions {
			if s.StartsAt.After(tx.Now()) {
				coming = append(coming, s)
			}
		}
		later := coming[1].Start
		later.Hour++
		moved := calendar.Change{Start: &later}
		if _, err := calendar.ChangeSession(tx, coming[1].ID, coming[1].Version, moved); err != nil {
			return err
		}
		_, err = calendar.ChangeSession(tx, coming[2].ID, coming[2].Version, calendar.Change{Cancel: true})
		return err
	})
}
