package group_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"grupa/group"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
	"grupa/internal/words"
)

// table is every step between states of a group.
var table = map[group.State][]group.State{
	group.Planned:    {group.Recruiting, group.Postponed, group.Cancelled},
	group.Recruiting: {group.Confirmed, group.Postponed, group.Cancelled},
	group.Confirmed:  {group.Running, group.Postponed, group.Cancelled},
	group.Running:    {group.Ending, group.Cancelled},
	group.Ending:     {group.Closed},
	group.Postponed:  {group.Recruiting, group.Confirmed, group.Cancelled},
}

func TestEveryStepOfAGroupIsInTheTableAndNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, from := range group.States() {
		for _, to := range group.States() {
			g := w.put(w.Group(w.c, 5), from)
			after, err := w.change(g, g.Version, group.Change{State: &to})
			what := fmt.Sprintf("%s to %s", from, to)
			if from == to || slices.Contains(table[from], to) {
				noError(t, err)
				equal(t, what, []any{after.State, after.Version}, []any{to, g.Version + 1})
				continue
			}
			isError(t, what, err, group.ErrStep)
			equal(t, what, fault.Of(err).Args, map[string]string{"from": string(from), "to": string(to)})
		}
	}
	_, err := w.change(w.Group(w.c, 5), 1, group.Change{State: new(group.State("open"))})
	isError(t, "to a state that is none", err, group.ErrStep)
}

func TestCapacityFollowsTheSeatsThatAreTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := w.Group(w.c, 2)
	w.Join(w.c, w.eligible("Member"), g)
	held, err := w.offer(w.eligible("Held"), g, time.Hour)
	noError(t, err)
	third := w.eligible("Third")
	_, err = w.offer(third, g, time.Hour)
	isError(t, "full", err, group.ErrSeatTaken)

	g, err = w.change(g, g.Version, group.Change{Capacity: new(3)})
	noError(t, err)
	last, err := w.offer(third, g, time.Hour)
	noError(t, err)
	_, err = w.change(g, g.Version, group.Change{Capacity: new(2)})
	isError(t, "below what is taken", err, group.ErrTooFew)
	noError(t, w.takeBack(third, last))
	g, err = w.change(g, g.Version, group.Change{Capacity: new(2)})
	noError(t, err)
	_, err = w.change(g, g.Version, group.Change{Capacity: new(1)})
	isError(t, "below what is taken", err, group.ErrTooFew)
	w.Clock.Set(held.Expires)
	_, err = w.change(g, g.Version, group.Change{Capacity: new(1)})
	noError(t, err) // an offer that is over holds nothing
}

func TestAChangeOverAnOlderVersionIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := w.Group(w.c, 2)
	_, err := w.change(g, 1, group.Change{Title: new("Wednesdays")})
	noError(t, err)
	for _, version := range []int{0, 1, 3} {
		_, err := w.change(g, version, group.Change{Title: new("Thursdays")})
		isError(t, fmt.Sprint(version), err, group.ErrChanged)
	}
	w.Read(w.c, func(tx *store.Tx) error {
		got, err := group.Read(tx, g.ID)
		equal(t, "group", []any{got.Title, got.Capacity, got.State, got.Version}, []any{"Wednesdays", 2, group.Recruiting, 2})
		return err
	})
}

func TestAChangeThatCanNotBeMeantIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := w.Group(w.c, 5)
	for what, row := range map[string]struct {
		change group.Change
		want   string
	}{
		"a title of two lines": {group.Change{Title: new("a\nb")}, "title:one_line"},
		"a long title":         {group.Change{Title: new(strings.Repeat("x", 201))}, "title:too_long"},
		"below the minimum":    {group.Change{Capacity: new(0)}, "capacity:range"},
		"a hundred and one":    {group.Change{Capacity: new(101)}, "capacity:range"},
	} {
		_, err := w.change(g, 1, row.change)
		refused(t, what, err, row.want)
	}
}

func create(w world, c account.Caller, d group.Draft) (g group.Group, err error) {
	w.t.Helper()
	err = w.try(c, func(tx *store.Tx) (err error) { g, err = group.Create(tx, d); return err })
	return g, err
}

func TestAGroupThatCanNotBeMeantIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := group.Draft{Type: "support", Language: words.Polish}
	draft := func(change func(d *group.Draft)) group.Draft {
		d := good
		change(&d)
		return d
	}
	for what, row := range map[string]struct {
		draft group.Draft
		want  []string
	}{
		"no type":            {draft(func(d *group.Draft) { d.Type = "" }), []string{"group_type:choice"}},
		"no such type":       {draft(func(d *group.Draft) { d.Type = "chess" }), []string{"group_type:choice"}},
		"no language":        {draft(func(d *group.Draft) { d.Language = "" }), []string{"language:choice"}},
		"another delivery":   {draft(func(d *group.Draft) { d.Delivery = "post" }), []string{"delivery:choice"}},
		"another membership": {draft(func(d *group.Draft) { d.Membership = "secret" }), []string{"membership:choice"}},
		"no seat": {draft(func(d *group.Draft) { d.Capacity, d.Minimum = -1, 1 }),
			[]string{"capacity:range", "minimum:range"}},
		"a crowd":            {draft(func(d *group.Draft) { d.Capacity = 101 }), []string{"capacity:range"}},
		"more than there is": {draft(func(d *group.Draft) { d.Capacity, d.Minimum = 3, 4 }), []string{"minimum:range"}},
		"begins as running":  {draft(func(d *group.Draft) { d.State = group.Running }), []string{"state:choice"}},
		"led by nobody known": {draft(func(d *group.Draft) { d.Leaders = []account.PersonID{w.c.Person, "X"} }),
			[]string{"facilitator_ids[0]:facilitator", "facilitator_ids[1]:facilitator"}},
		"led by a crowd": {draft(func(d *group.Draft) { d.Leaders = make([]account.PersonID, 11); d.Language = "x" }), nil},
	} {
		_, err := create(w, w.c, row.draft)
		if row.want == nil {
			if got := fields(err); !slices.Contains(got, "facilitator_ids:too_many") ||
				!slices.Contains(got, "language:choice") {
				t.Errorf("%s: %v", what, got)
			}
			continue
		}
		refused(t, what, err, row.want...)
	}
}

func TestAGroupTakesWhatItsTypeSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g, err := create(w, w.c, group.Draft{Type: "process", Language: words.Latvian})
	noError(t, err)
	equal(t, "group", []any{g.Minimum, g.Capacity, g.Membership, g.Delivery, g.State, g.TypeVersion},
		[]any{6, 10, group.ClosedMembership, "in-person", group.Recruiting, 1})
	g, err = create(w, w.c, group.Draft{Type: "process", Language: words.Latvian, Capacity: 4, State: group.Planned})
	noError(t, err)
	equal(t, "a small group", []any{g.Minimum, g.Capacity, g.State}, []any{4, 4, group.Planned})
	w.Read(w.c, func(tx *store.Tx) error {
		got, err := group.Read(tx, g.ID)
		equal(t, "stored", got, g)
		return err
	})
}

func TestGroupsAreForTheirStaff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	leader, _ := w.Staff("leader@example.org", account.Facilitator)
	administrator, _ := w.Staff("admin@example.org", account.Administrator)
	p := w.eligible("One")
	g := w.Group(w.c, 2, leader.Person)
	w.Group(w.c, 2)
	for what, c := range map[string]account.Caller{"a leader": leader, "an administrator": administrator,
		"an applicant": p.Caller, "anyone": account.Anyone()} {
		_, err := create(w, c, group.Draft{Type: "support", Language: words.English})
		isError(t, what, err, account.ErrDenied)
	}
	w.Read(leader, func(tx *store.Tx) error {
		page, err := group.List(tx, group.Filter{Limit: 10})
		if len(page.Items) != 1 || page.Items[0].ID != g.ID {
			t.Errorf("a leader sees %d groups", len(page.Items))
		}
		return err
	})
	for what, c := range map[string]account.Caller{"an administrator": administrator, "an applicant": p.Caller} {
		err := w.View(t.Context(), c, func(tx *store.Tx) error {
			_, err := group.List(tx, group.Filter{Limit: 10})
			return err
		})
		isError(t, what, err, account.ErrDenied)
	}
	err := w.try(leader, func(tx *store.Tx) error { _, err := group.Update(tx, g.ID, 1, group.Change{}); return err })
	isError(t, "a leader changes the group", err, account.ErrDenied)
	w.offerTo(p, g)
	err = w.View(t.Context(), p.Caller, func(tx *store.Tx) error { _, err := group.Read(tx, g.ID); return err })
	isError(t, "who was offered a seat reads the group as staff do", err, group.ErrNoGroup)
}

func (w world) offerTo(p storetest.Person, g group.Group) {
	w.t.Helper()
	_, err := w.offer(p, g, time.Hour)
	noError(w.t, err)
}
