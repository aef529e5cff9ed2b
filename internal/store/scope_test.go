package store_test

import (
	"testing"
	"time"

	"grupa/calendar"
	"grupa/group"
	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
	"grupa/internal/store/seal"
	"grupa/internal/store/storetest"
)

// elsewhere makes a second programme, and staff of it with every role there and none here.
func elsewhere(t *testing.T, s *storetest.Store) account.Caller {
	t.Helper()
	keyring, err := seal.New(storetest.Key())
	noError(t, err)
	id := account.NewID()
	_, wrapped, err := keyring.NewKey(id)
	noError(t, err)
	db := raw(t, s.Database)
	exec(t, db, "INSERT INTO programme VALUES (?, ?, 'en', ?)", id, wrapped, storetest.Epoch.Unix()+1)
	exec(t, db, "INSERT INTO site VALUES (?, ?, 'Europe/Riga', ?)", account.NewID(), id, storetest.Epoch.Unix()+1)
	_, token := s.Staff("elsewhere@example.org", account.Coordinator)
	exec(t, db, `UPDATE staff_role SET programme_id = ? WHERE person_id = (
		SELECT person_id FROM token WHERE hash = ?)`, id, hashOf(token))
	var c account.Caller
	s.Read(account.Machine(), func(tx *store.Tx) (err error) {
		c, err = tx.CallerByToken(account.HashOf(token))
		return err
	})
	for _, role := range account.Roles() {
		c.Grants = append(c.Grants, account.Grant{Programme: account.ProgrammeID(id), Role: role})
	}
	return c
}

func hashOf(token string) []byte {
	h := account.HashOf(token)
	return h[:]
}

// things is one of everything that somebody could reach for.
type things struct {
	s      *storetest.Store
	c      account.Caller
	leader account.Caller
	member storetest.Person
	group  group.Group
	offer  group.Offer // of another applicant
	series calendar.Planned
	room   calendar.Room
}

func everything(t *testing.T, s *storetest.Store) things {
	t.Helper()
	w := things{s: s}
	w.c, _ = s.Staff("a@example.org", account.Coordinator)
	w.leader, _ = s.Staff("leader@example.org", account.Facilitator)
	w.group = s.Group(w.c, 3, w.leader.Person)
	w.member = s.Apply(storetest.Filled("Member"))
	s.Join(w.c, w.member, w.group)
	other := s.Apply(storetest.Filled("Other"))
	s.Admit(w.c, other, "support")
	w.offer = s.Offer(w.c, other, w.group)
	s.Do(w.c, func(tx *store.Tx) (err error) {
		if w.room, err = calendar.CreateRoom(tx, "Blue room", 10); err != nil {
			return err
		}
		w.series, err = calendar.PlanSeries(tx, string(w.group.ID), calendar.SeriesDraft{
			Plan: calendar.Plan{Start: at("2026-10-06T18:00"), Zone: "Europe/Warsaw", Minutes: 90, Every: 1, Count: 2},
			Room: w.room.ID,
		})
		return err
	})
	return w
}

func at(text string) calendar.Local {
	l, err := calendar.ParseLocal(text)
	if err != nil {
		panic(err)
	}
	return l
}

// tries is every rule that takes an id, each with its own record.
func (w things) tries() map[string]func(tx *store.Tx) error {
	session := w.series.Sessions[0].ID
	return map[string]func(tx *store.Tx) error{
		"open an application": func(tx *store.Tx) error { _, err := intake.Open(tx, w.member.Application); return err },
		"open a screening": func(tx *store.Tx) error {
			_, _, err := intake.OpenScreening(tx, w.member.Application)
			return err
		},
		"screen again":   func(tx *store.Tx) error { _, _, err := intake.Rescreen(tx, w.member.Application); return err },
		"read decisions": func(tx *store.Tx) error { _, err := intake.History(tx, w.member.Application); return err },
		"decide": func(tx *store.Tx) error {
			_, err := intake.Decide(tx, w.member.Application, 3, intake.Decision{Verb: intake.Review})
			return err
		},
		"list offers": func(tx *store.Tx) error { _, err := group.Offered(tx, w.member.Application); return err },
		"offer a seat": func(tx *store.Tx) error {
			_, err := group.MakeOffer(tx, w.member.Application, w.group.ID, tx.Now().Add(time.Hour))
			return err
		},
		"take an offer back": func(tx *store.Tx) error { return group.TakeBack(tx, w.offer.Application, w.offer.ID) },
		"read a group":       func(tx *store.Tx) error { _, err := group.Read(tx, w.group.ID); return err },
		"read members":       func(tx *store.Tx) error { _, err := group.Members(tx, w.group.ID); return err },
		"change a group": func(tx *store.Tx) error {
			_, err := group.Update(tx, w.group.ID, 1, group.Change{})
			return err
		},
		"plan a series": func(tx *store.Tx) error {
			_, err := calendar.PlanSeries(tx, string(w.group.ID), calendar.SeriesDraft{})
			return err
		},
		"read sessions":  func(tx *store.Tx) error { _, err := calendar.GroupSessions(tx, string(w.group.ID)); return err },
		"read a session": func(tx *store.Tx) error { _, err := calendar.ReadSession(tx, session); return err },
		"change a session": func(tx *store.Tx) error {
			_, err := calendar.ChangeSession(tx, session, 1, calendar.Change{Cancel: true})
			return err
		},
		"find a room":   func(tx *store.Tx) error { _, err := tx.Room(w.room.ID); return err },
		"find a person": func(tx *store.Tx) error { _, err := tx.Person(w.member.Person); return err },
		"find an offer": func(tx *store.Tx) error { _, err := tx.Offer(w.offer.ID); return err },
	}
}

func TestAnotherProgrammesRecordsAreNotFound(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	w := everything(t, s)
	c := elsewhere(t, s)
	for what, try := range w.tries() {
		if err := s.Update(t.Context(), c, try); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", what, err)
		}
	}
	s.Read(c, func(tx *store.Tx) error {
		page, err := intake.List(tx, intake.Filter{Limit: 100})
		noErrorIn(t, "applications", err, len(page.Items))
		groups, err := group.List(tx, group.Filter{Limit: 100})
		noErrorIn(t, "groups", err, len(groups.Items))
		rooms, err := calendar.Rooms(tx)
		noErrorIn(t, "rooms", err, len(rooms))
		leaders, err := account.Facilitators(tx)
		noErrorIn(t, "facilitators", err, len(leaders))
		return nil
	})
	equal(t, "found by search", found(t, s, c, intake.Filter{Search: "Member"}), nil)
}

func noErrorIn(t *testing.T, what string, err error, n int) {
	t.Helper()
	if err != nil || n > 0 {
		t.Errorf("%s: %d found, %v", what, n, err)
	}
}

func TestWhoeverHasNothingToDoWithItFindsNothing(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	w := everything(t, s)
	other, _ := s.Staff("other@example.org", account.Facilitator)
	administrator, _ := s.Staff("admin@example.org", account.Administrator)
	stranger := s.Apply(storetest.Filled("Stranger"))
	for who, c := range map[string]account.Caller{
		"the public": account.Anyone(), "another leader": other, "an administrator": administrator,
		"another applicant": stranger.Caller,
	} {
		for what, try := range w.tries() {
			if what == "find a room" && who == "an administrator" {
				continue // who keeps the rooms
			}
			if err := s.Update(t.Context(), c, try); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s, %s: %v", who, what, err)
			}
		}
	}
}

func TestAnApplicantFindsTheirOwnAndNoMore(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	w := everything(t, s)
	s.Read(w.member.Caller, func(tx *store.Tx) error {
		own, err := tx.OwnApplication()
		equal(t, "own", own.ID, w.member.Application)
		if _, err := tx.Offer(w.offer.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("another's offer: %v", err)
		}
		return err
	})
	for _, what := range []string{
		"open an application", "decide", "list offers", "read a group", "read members", "change a group", "plan a series",
		"read sessions", "read a session", "change a session", "find a room",
	} {
		err := s.Update(t.Context(), w.member.Caller, w.tries()[what])
		if k := fault.KindOf(err); k != fault.NotFound && k != fault.Denied {
			t.Errorf("%s: %v", what, err)
		}
	}
	s.Read(w.leader, func(tx *store.Tx) error {
		_, err := group.Read(tx, w.group.ID)
		return err
	})
	isError(t, "a leader opens an application", s.Update(t.Context(), w.leader, w.tries()["open an application"]),
		intake.ErrNoApplication)
}

func TestATokenStopsWithTheRoleAndTheLogin(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	_, token := s.Staff("a@example.org", account.Coordinator)
	look := func() error {
		return s.View(t.Context(), account.Machine(), func(tx *store.Tx) error {
			_, err := tx.CallerByToken(account.HashOf(token))
			return err
		})
	}
	noError(t, look())
	db := raw(t, s.Database)
	for _, stop := range [][2]string{
		{"UPDATE token SET revoked_at = 1", "UPDATE token SET revoked_at = NULL"},
		{"UPDATE staff SET disabled_at = 1", "UPDATE staff SET disabled_at = NULL"},
		{"DELETE FROM staff_role", ""},
	} {
		exec(t, db, stop[0])
		isError(t, stop[0], look(), account.ErrNobody)
		if stop[1] != "" {
			exec(t, db, stop[1])
			noError(t, look())
		}
	}
	isError(t, "another token", s.View(t.Context(), account.Machine(), func(tx *store.Tx) error {
		_, err := tx.CallerByToken(account.HashOf("grpa_x"))
		return err
	}), account.ErrNobody)
	isError(t, "another receipt", s.View(t.Context(), account.Machine(), func(tx *store.Tx) error {
		_, err := tx.CallerByReceipt(account.HashOf("x"))
		return err
	}), account.ErrNobody)
}
