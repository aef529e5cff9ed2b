package api_test

import (
	"database/sql"
	"strconv"
	"testing"
	"time"

	"grupa/api"
	"grupa/calendar"
	"grupa/group"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/seal"
	"grupa/internal/store/storetest"
)

// world is a programme in full swing beside another one: whatever an operation needs is there twice.
type world struct {
	*observed
	beside *sql.DB
	ours   things
	theirs things // of the other programme
	owner  storetest.Person
	// secrets of callers
	stranger, leader, facilitator, administrator, elsewhere, revoked string
}

// things are the ids that addresses name, with the versions of what they name.
type things struct {
	application, offer, group, session, feed string
	spare                                    string // a group without an offer
	token                                    string // of the feed's address
	slug                                     string // of a group type or a form; empty: one that is there
}

// nowhere are ids of the right shape that name nothing.
func nowhere() things {
	return things{
		application: account.NewID(), offer: account.NewID(), group: account.NewID(), session: account.NewID(),
		feed: account.NewID(), spare: account.NewID(), token: account.NewToken(account.FeedPrefix), slug: "nowhere",
	}
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{observed: newObserved(t)}
	w.beside = beside(t, w.Database)
	var led account.Caller
	led, w.leader = w.Staff("leader@example.org", account.Facilitator)
	_, w.facilitator = w.Staff("facilitator@example.org", account.Facilitator)
	_, w.administrator = w.Staff("administrator@example.org", account.Administrator)
	_, w.revoked = w.Staff("revoked@example.org", account.Coordinator)
	change(t, w.beside, "UPDATE token SET revoked_at = created_at WHERE hash = ?", hashOf(w.revoked))
	w.stranger = w.Apply(storetest.Filled("Stranger")).Receipt
	w.owner, w.ours = w.group(led.Person)
	_, w.theirs = w.group()
	w.moveAway(w.theirs)
	return w
}

func hashOf(secret string) []byte {
	h := account.HashOf(secret)
	return h[:]
}

// group makes a group with a session, a member with a feed, and an applicant who holds an offer and a feed.
func (w *world) group(leaders ...account.PersonID) (storetest.Person, things) {
	w.t.Helper()
	g := w.Group(w.coordinator, 5, leaders...)
	w.Join(w.coordinator, w.Apply(storetest.Filled("Member")), g)
	p := w.Apply(storetest.Filled("Owner"))
	w.Admit(w.coordinator, p, g.Type)
	has := things{
		application: string(p.Application), group: string(g.ID), offer: string(w.Offer(w.coordinator, p, g).ID),
		session: w.plan(g, "2026-09-29T18:00", 1)[0], spare: string(w.Group(w.coordinator, 5, leaders...).ID),
	}
	has.feed, has.token = w.feed(p)
	return p, has
}

// plan gives the ids of weekly sessions of 90 minutes in Warsaw.
func (w *observed) plan(g group.Group, start string, sessions int) (ids []string) {
	w.t.Helper()
	local, err := calendar.ParseLocal(start)
	if err != nil {
		w.t.Fatal(err)
	}
	w.Do(w.coordinator, func(tx *store.Tx) error {
		p, err := calendar.PlanSeries(tx, string(g.ID), calendar.SeriesDraft{
			Plan: calendar.Plan{Start: local, Zone: "Europe/Warsaw", Minutes: 90, Every: 1, Count: sessions},
		})
		for _, s := range p.Sessions {
			ids = append(ids, string(s.ID))
		}
		return err
	})
	return ids
}

func (w *observed) feed(p storetest.Person) (id, token string) {
	w.t.Helper()
	w.Do(p.Caller, func(tx *store.Tx) error {
		f, secret, err := calendar.MakeFeed(tx, calendar.FeedDraft{Summary: "Walk"})
		id, token = string(f.ID), secret
		return err
	})
	return id, token
}

// moveAway makes a second programme with a coordinator, to which these things belong. There is no rule for it yet.
func (w *world) moveAway(has things) {
	w.t.Helper()
	ring, err := seal.New(storetest.Key())
	if err != nil {
		w.t.Fatal(err)
	}
	programme := account.NewID()
	key, wrapped, err := ring.NewKey(programme)
	if err != nil {
		w.t.Fatal(err)
	}
	later := w.Clock.Now().Add(time.Hour).Unix() // the first programme stays the first
	change(w.t, w.beside, "INSERT INTO programme (id, key, language, created_at) VALUES (?, ?, 'en', ?)",
		programme, wrapped, later)
	change(w.t, w.beside, "INSERT INTO site (id, programme_id, time_zone, created_at) VALUES (?, ?, 'Europe/Riga', ?)",
		account.NewID(), programme, later)
	for _, g := range []string{has.group, has.spare} {
		title := key.Seal(seal.Place{Table: "care_group", Column: "title", Record: g}, []byte("Elsewhere"))
		change(w.t, w.beside, "UPDATE care_group SET programme_id = ?, title = ? WHERE id = ?", programme, title, g)
	}
	change(w.t, w.beside, "UPDATE application SET programme_id = ? WHERE id = ?", programme, has.application)
	change(w.t, w.beside, "UPDATE person SET programme_id = ? WHERE id = (SELECT person_id FROM application WHERE id = ?)",
		programme, has.application)
	c, token := w.Staff("elsewhere@example.org", account.Coordinator)
	change(w.t, w.beside, "UPDATE staff_role SET programme_id = ? WHERE person_id = ?", programme, string(c.Person))
	w.elsewhere = token
}

// agreed is agreement to everything that the owner's offer asks for.
func (w *world) agreed() []map[string]any {
	w.t.Helper()
	var list api.InvitationList
	w.call("GET", "/api/v1/me/offers", w.owner.Receipt, nil).into(200, &list)
	var all []map[string]any
	for _, e := range list.Items[0].Consents {
		all = append(all, map[string]any{"element": e.Element, "version": e.Version, "language": e.Language})
	}
	return all
}

func number(n int) string { return strconv.Itoa(n) }
