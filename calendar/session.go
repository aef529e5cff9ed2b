package calendar

import (
	"strconv"
	"time"

	"grupa/internal/account"
	"grupa/internal/fault"
)

// SessionID names a session, SeriesID a series, RoomID a room: 26 random characters, no secret.
type (
	SessionID string
	SeriesID  string
	RoomID    string
)

// State is where a session stands.
type State string

// The states. A cancelled session stays in the feeds as cancelled, and holds no room and no one's time.
const (
	StatePlanned   State = "planned"
	StateMoved     State = "moved"
	StateHeld      State = "held"
	StateCancelled State = "cancelled"
)

// Session is one meeting of a group. The wall clock and its zone are the truth; the instants follow from them.
type Session struct {
	ID           SessionID
	Group        string // id of the group that meets
	Series       SeriesID
	Number       int // within its series, from 1
	Start        Local
	Zone         string // IANA name
	Minutes      int
	StartsAt     time.Time // UTC
	EndsAt       time.Time // UTC
	Room         RoomID    // empty: none
	Facilitators []account.PersonID
	State        State
	Sequence     int // iCalendar's: rises when the time changes or the session is cancelled (RFC 5546 §2.1.4)
	Version      int // for If-Match: rises with every change
	Created      time.Time
	Updated      time.Time
}

// Errors of the rules of this package.
var (
	ErrNoSession = fault.New(fault.NotFound, "not_found")
	ErrNoGroup   = fault.New(fault.NotFound, "not_found")
	ErrNoFeed    = fault.New(fault.NotFound, "not_found")
	ErrNoRoom    = fault.New(fault.NotFound, "not_found")
	ErrClash     = fault.New(fault.Conflict, "clash")
	ErrOver      = fault.New(fault.Conflict, "session_over")
	ErrNotOpen   = fault.New(fault.Conflict, "group_over")
	ErrChanged   = fault.New(fault.Stale, "changed_meanwhile")
)

// StartText is the start as RFC 3339 with the offset of its zone.
func (s Session) StartText() string { return in(s.StartsAt, s.Zone) }

// EndText is the end as RFC 3339 with the offset of its zone.
func (s Session) EndText() string { return in(s.EndsAt, s.Zone) }

func in(t time.Time, zone string) string {
	loc, err := Zone(zone)
	if err != nil {
		loc = time.UTC
	}
	return t.In(loc).Format(time.RFC3339)
}

// Change is what a coordinator changes of one session; nil leaves it as it is.
type Change struct {
	Start   *Local
	Zone    *string
	Minutes *int
	Room    *RoomID // empty: no room
	Cancel  bool
}

// Changed is a session after its change.
type Changed struct {
	Session Session
	// SomeoneCannot warns the planner that a member has another session then. Never who, where or how many.
	SomeoneCannot bool
}

// ChangeSession moves, re-rooms or cancels one session, if version is still the current one, and tells its members of
// another time. A clash of the room or of a facilitator is refused by the database.
func ChangeSession(tx Tx, id SessionID, version int, c Change) (Changed, error) {
	s, err := tx.Session(id)
	if err != nil {
		return Changed{}, err
	}
	m, err := tx.MeetingGroup(s.Group)
	if err != nil {
		return Changed{}, err
	}
	if !tx.Caller().May(m.Programme, account.Coordinator) {
		return Changed{}, account.ErrDenied
	}
	if s.Version != version {
		return Changed{}, ErrChanged
	}
	if s.State == StateCancelled || s.State == StateHeld {
		return Changed{}, ErrOver
	}
	if m.Over && !c.Cancel {
		return Changed{}, ErrNotOpen
	}
	before, action := s, "session.move"
	if c.Cancel {
		action = "session.cancel"
		s.State, s.Sequence = StateCancelled, s.Sequence+1
	} else if err := s.move(tx, c); err != nil {
		return Changed{}, err
	}
	s.Updated = tx.Now()
	tx.Audit(action, string(id))
	if err := tx.SaveSession(s); err != nil {
		return Changed{}, err
	}
	if err := tellChange(tx, before, s); err != nil {
		return Changed{}, err
	}
	s.Version++
	return seen(tx, s)
}

func seen(tx Tx, sessions ...Session) (Changed, error) {
	for _, s := range sessions {
		if s.State == StateCancelled {
			continue
		}
		busy, err := tx.MembersBusy(s)
		if err != nil || busy {
			return Changed{sessions[0], busy}, err
		}
	}
	return Changed{Session: sessions[0]}, nil
}

func (s *Session) move(tx Tx, c Change) error {
	if c.Room != nil {
		if err := checkRoom(tx, *c.Room); err != nil {
			return err
		}
		s.Room = *c.Room
	}
	if c.Start == nil && c.Zone == nil && c.Minutes == nil {
		return nil
	}
	plan := Plan{Start: s.Start, Zone: s.Zone, Minutes: s.Minutes, Every: 1, Count: 1}
	if c.Start != nil {
		plan.Start = *c.Start
	}
	if c.Zone != nil {
		plan.Zone = *c.Zone
	}
	if c.Minutes != nil {
		plan.Minutes = *c.Minutes
	}
	occurrences, err := plan.Occurrences()
	if err != nil {
		return err
	}
	o := occurrences[0]
	if err := withinReach(tx, o); err != nil {
		return err
	}
	if o.Start.Equal(s.StartsAt) && o.End.Equal(s.EndsAt) && plan.Zone == s.Zone {
		return nil
	}
	s.Start, s.Zone, s.Minutes, s.StartsAt, s.EndsAt = o.Local, plan.Zone, plan.Minutes, o.Start, o.End
	s.State, s.Sequence = StateMoved, s.Sequence+1
	return nil
}

func checkRoom(tx Tx, id RoomID) error {
	if id == "" {
		return nil
	}
	_, err := tx.Room(id)
	if fault.KindOf(err) == fault.NotFound {
		return fault.At("room_id", "unknown")
	}
	return err
}

// ReadSession gives one session to the coordinators and the own facilitators of its group.
func ReadSession(tx Tx, id SessionID) (Session, error) {
	s, err := tx.Session(id)
	if err != nil {
		return s, err
	}
	return s, mayRead(tx, s.Group)
}

// GroupSessions lists the sessions of a group, the earliest first.
func GroupSessions(tx Tx, group string) ([]Session, error) {
	if err := mayRead(tx, group); err != nil {
		return nil, err
	}
	return tx.GroupSessions(group)
}

// OwnSessions lists the sessions of the calling member within their memberships, the earliest first.
func OwnSessions(tx Tx) ([]Meeting, error) {
	if tx.Caller().Kind != account.Applicant {
		return nil, account.ErrDenied
	}
	return tx.PersonSessions(tx.Caller().Person, window(tx.Now()))
}

func mayRead(tx Tx, group string) error {
	m, err := tx.MeetingGroup(group)
	if err != nil {
		return err
	}
	if !tx.Caller().MayRead(m.Programme, m.Leaders) {
		return ErrNoGroup
	}
	return nil
}

// Room is a place that holds one session at a time.
type Room struct {
	ID        RoomID
	Programme account.ProgrammeID
	Site      account.SiteID
	Name      string // sealed
	Capacity  int
}

// CreateRoom adds a room to the programme's site.
func CreateRoom(tx Tx, name string, capacity int) (Room, error) {
	programme, err := tx.Programme()
	if err != nil {
		return Room{}, err
	}
	if !tx.Caller().May(programme.ID, account.Coordinator, account.Administrator) {
		return Room{}, account.ErrDenied
	}
	site, err := tx.Site()
	if err != nil {
		return Room{}, err
	}
	if err := account.CheckLine("name", name, 200); err != nil {
		return Room{}, err
	}
	if name == "" {
		return Room{}, fault.At("name", "required")
	}
	if capacity < 1 || capacity > 1000 {
		return Room{}, fault.At("capacity", "range", "min", "1", "max", strconv.Itoa(1000))
	}
	r := Room{ID: RoomID(account.NewID()), Programme: programme.ID, Site: site.ID, Name: name, Capacity: capacity}
	tx.Audit("room.create", string(r.ID))
	return r, tx.CreateRoom(r)
}

// Rooms lists the rooms of the caller's programmes.
func Rooms(tx Tx) ([]Room, error) {
	if len(tx.Caller().In(account.Coordinator, account.Administrator)) == 0 {
		return nil, account.ErrDenied
	}
	return tx.Rooms()
}
