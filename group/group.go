package group

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/words"
)

// ID names a group: 26 random characters, no secret.
type ID string

// State is where a group stands.
type State string

// The states. Cancelled and Closed are ends.
const (
	Planned    State = "planned"
	Recruiting State = "recruiting"
	Confirmed  State = "confirmed"
	Running    State = "running"
	Ending     State = "ending"
	Closed     State = "closed"
	Postponed  State = "postponed"
	Cancelled  State = "cancelled"
)

// steps is every allowed step; there is no other way between states.
var steps = map[State][]State{
	Planned:    {Recruiting, Postponed, Cancelled},
	Recruiting: {Confirmed, Postponed, Cancelled},
	Confirmed:  {Running, Postponed, Cancelled},
	Running:    {Ending, Cancelled},
	Ending:     {Closed},
	Postponed:  {Recruiting, Confirmed, Cancelled},
}

// States lists the states that a group can be in.
func States() []State {
	return []State{Planned, Recruiting, Confirmed, Running, Ending, Closed, Postponed, Cancelled}
}

// Membership kinds, as the catalogue's vocabulary has them.
const (
	OpenMembership     = "open"
	HalfOpenMembership = "half-open"
	ClosedMembership   = "closed"
)

// Group is a running or planned group of one type.
type Group struct {
	ID          ID
	Programme   account.ProgrammeID
	Type        string // slug of the group type
	TypeVersion int
	Title       string // for staff; sealed, and never in a feed or a mail
	Language    words.Lang
	Delivery    string // in-person, online or hybrid
	Membership  string // closed, half-open or open
	Minimum     int    // below it on the go/no-go day a coordinator is asked
	Capacity    int    // seats; the database never gives more
	State       State
	Leaders     []account.PersonID
	Version     int // for If-Match
	Created     time.Time
	Updated     time.Time
}

// Errors of the rules of this package.
var (
	ErrNoGroup   = fault.New(fault.NotFound, "not_found")
	ErrNoOffer   = fault.New(fault.NotFound, "not_found")
	ErrStep      = fault.New(fault.Conflict, "step_not_allowed")
	ErrSeatTaken = fault.New(fault.Conflict, "seat_taken")
	ErrTooFew    = fault.New(fault.Conflict, "capacity_below_taken")
	ErrChanged   = fault.New(fault.Stale, "changed_meanwhile")
)

// Draft is what a coordinator gives for a new group. Zero values take the type's.
type Draft struct {
	Type       string
	Title      string
	Language   words.Lang
	Delivery   string
	Membership string
	Minimum    int
	Capacity   int
	State      State // Planned or Recruiting; empty = Recruiting
	Leaders    []account.PersonID
}

// Create makes a group of a type.
func Create(tx Tx, d Draft) (Group, error) {
	programme, err := tx.Programme()
	if err != nil {
		return Group{}, err
	}
	if !tx.Caller().May(programme.ID, account.Coordinator) {
		return Group{}, account.ErrDenied
	}
	t, err := tx.GroupType(d.Type)
	if fault.KindOf(err) == fault.NotFound {
		return Group{}, fault.At("group_type", "choice")
	}
	if err != nil {
		return Group{}, err
	}
	g := Group{
		ID: ID(account.NewID()), Programme: programme.ID, Type: t.Slug, TypeVersion: t.Version, Title: d.Title,
		Language: d.Language, Delivery: d.Delivery, Membership: d.Membership, Minimum: d.Minimum, Capacity: d.Capacity,
		State: d.State, Leaders: d.Leaders, Version: 1, Created: tx.Now(), Updated: tx.Now(),
	}
	g.takeDefaults(t)
	if err := g.check(tx, t); err != nil {
		return Group{}, err
	}
	tx.Audit("group.create", string(g.ID))
	return g, tx.CreateGroup(g)
}

func (g *Group) takeDefaults(t *intake.GroupType) {
	if g.Capacity == 0 {
		g.Capacity = t.Size.Max
	}
	if g.Minimum == 0 {
		g.Minimum = min(t.Size.Min, g.Capacity)
	}
	if g.Membership == "" {
		g.Membership = t.Membership[0]
	}
	if g.Delivery == "" {
		g.Delivery = t.Delivery[0]
	}
	if g.State == "" {
		g.State = Recruiting
	}
}

// check lets a programme go beyond the type's usual size, which is a profile and not a law, but not beyond sense.
func (g *Group) check(tx Tx, t *intake.GroupType) error {
	var l fault.List
	if err := l.Take(account.CheckLine("title", g.Title, 200)); err != nil {
		return err
	}
	if !words.Known(string(g.Language)) {
		l.Add("language", "choice")
	}
	if !slices.Contains(t.Delivery, g.Delivery) {
		l.Add("delivery", "choice")
	}
	if !slices.Contains([]string{OpenMembership, HalfOpenMembership, ClosedMembership}, g.Membership) {
		l.Add("membership", "choice")
	}
	if g.Capacity < 1 || g.Capacity > 100 {
		l.Add("capacity", "range", "min", "1", "max", "100")
	}
	if g.Minimum < 1 || g.Minimum > g.Capacity {
		l.Add("minimum", "range", "min", "1", "max", strconv.Itoa(g.Capacity))
	}
	if g.State != Planned && g.State != Recruiting {
		l.Add("state", "choice")
	}
	if len(g.Leaders) > 10 {
		l.Add("facilitator_ids", "too_many", "max", "10")
	}
	for n, leader := range g.Leaders {
		if is, err := tx.IsFacilitator(g.Programme, leader); err != nil {
			return err
		} else if !is {
			l.Add(fmt.Sprintf("facilitator_ids[%d]", n), "facilitator")
		}
	}
	return l.Err()
}

// Change is what a coordinator changes of a group; nil leaves it as it is.
type Change struct {
	Title    *string
	Capacity *int
	State    *State
}

// Update changes a group, if version is still the current one. Raising the capacity gives seats at once; lowering it
// below what is taken is refused by the database.
func Update(tx Tx, id ID, version int, c Change) (Group, error) {
	g, err := tx.Group(id)
	if err != nil {
		return g, err
	}
	if !tx.Caller().May(g.Programme, account.Coordinator) {
		return g, account.ErrDenied
	}
	if g.Version != version {
		return g, ErrChanged
	}
	if err := g.change(c); err != nil {
		return g, err
	}
	g.Updated = tx.Now()
	tx.Audit("group.update", string(id))
	if err := tx.SaveGroup(g); err != nil {
		return g, err
	}
	if c.State != nil {
		if err := end(tx, g); err != nil {
			return g, err
		}
	}
	g.Version++
	return g, nil
}

func (g *Group) change(c Change) error {
	if c.Title != nil {
		if err := account.CheckLine("title", *c.Title, 200); err != nil {
			return err
		}
		g.Title = *c.Title
	}
	if c.Capacity != nil {
		if *c.Capacity < g.Minimum || *c.Capacity > 100 {
			return fault.At("capacity", "range", "min", strconv.Itoa(g.Minimum), "max", "100")
		}
		g.Capacity = *c.Capacity
	}
	if c.State != nil && *c.State != g.State {
		if !slices.Contains(steps[g.State], *c.State) {
			return ErrStep.With("from", string(g.State), "to", string(*c.State))
		}
		g.State = *c.State
	}
	return nil
}

// takesOffers says whether a seat may be offered in this state and kind of membership.
func (g Group) takesOffers() bool {
	switch g.State {
	case Recruiting, Confirmed:
		return true
	case Running:
		return g.Membership != ClosedMembership
	}
	return false
}

// over says whether nobody can join the group any more, whatever they were offered.
func (g Group) over() bool { return g.State == Ending || g.State == Closed || g.State == Cancelled }

// Read gives one group.
func Read(tx Tx, id ID) (Group, error) {
	g, err := tx.Group(id)
	if err == nil && !tx.Caller().MayRead(g.Programme, g.Leaders) {
		return Group{}, ErrNoGroup
	}
	return g, err
}

// List gives a page of the groups that the caller may see, newest first.
func List(tx Tx, f Filter) (Page, error) {
	if len(tx.Caller().In(account.Coordinator, account.Facilitator)) == 0 {
		return Page{}, account.ErrDenied
	}
	if f.Limit < 1 || f.Limit > 100 {
		return Page{}, fault.At("limit", "range", "min", "1", "max", "100")
	}
	return tx.Groups(f)
}
