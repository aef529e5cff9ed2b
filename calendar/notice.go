package calendar

import (
	"slices"
	"time"

	"grupa/internal/account"
)

// NoticeKind says what a notice tells.
type NoticeKind string

// The kinds. A whole group that is cancelled is one notice a person, not one a session.
const (
	NoticeMoved        NoticeKind = "session_moved"
	NoticeCancelled    NoticeKind = "session_cancelled"
	NoticeAllCancelled NoticeKind = "sessions_cancelled"
)

// Slot is a time on the clocks of the place where a session happens.
type Slot struct {
	Start   Local
	Zone    string // IANA name
	Minutes int
}

// Notice is news about sessions for one person. It waits until it is sent, and is looked at again then (see Latest).
type Notice struct {
	Kind   NoticeKind
	Person account.PersonID
	Record string // id of the session; of the group for NoticeAllCancelled
	Known  []Slot // the times that the person goes by until they read it, the earliest first
	Tried  bool   // it may have reached the person already
}

// Notices is what it takes of a unit of work to tell people of sessions.
type Notices interface {
	Now() time.Time
	// Contact is how to reach a person. The rule asks first for what ties that person to the caller.
	Contact(account.PersonID) (account.Contact, error)
	// TakeNotices takes back what waits to be told a person about these sessions, the oldest first.
	TakeNotices(p account.PersonID, sessions ...SessionID) ([]Notice, error)
	// Tell leaves a notice to be sent.
	Tell(Notice) error
}

// Slot is the time of the session.
func (s Session) Slot() Slot { return Slot{s.Start, s.Zone, s.Minutes} }

// Times gives the instants of a slot, in its zone.
func (s Slot) Times() (start, end time.Time, err error) {
	loc, err := Zone(s.Zone)
	if err != nil {
		return start, end, err
	}
	start, err = s.Start.In(loc)
	return start, start.Add(time.Duration(s.Minutes) * time.Minute), err
}

// over holds for a time that has passed. One that its zone does not have any more has not.
func (s Slot) over(now time.Time) bool {
	_, end, err := s.Times()
	return err == nil && !end.After(now)
}

// tellChange tells the members of a group that a session of theirs was moved or cancelled.
func tellChange(tx Tx, before, after Session) error {
	kind := NoticeMoved
	switch {
	case after.State == StateCancelled:
		kind = NoticeCancelled
	case after.Slot() == before.Slot():
		return nil
	}
	if before.Slot().over(tx.Now()) && after.Slot().over(tx.Now()) {
		return nil
	}
	people, err := tx.Attendees(after.Group, before.Start.Date, after.Start.Date)
	if err != nil {
		return err
	}
	for _, p := range people {
		if err := tellOne(tx, kind, p, before, after); err != nil {
			return err
		}
	}
	return nil
}

// tellOne puts the newest notice in the place of one that was not sent yet.
func tellOne(tx Notices, kind NoticeKind, p account.PersonID, before, after Session) error {
	waiting, err := tx.TakeNotices(p, after.ID)
	if err != nil {
		return err
	}
	var untold Notice
	if len(waiting) > 0 {
		untold = waiting[0]
	}
	n := Notice{Kind: kind, Person: p, Record: string(after.ID), Known: before.expected(untold)}
	if kind == NoticeMoved {
		n.Known = knownBefore(untold, before, after)
	}
	if len(n.Known) == 0 {
		return nil
	}
	return tell(tx, n)
}

// knownBefore is the time that a person goes by until they are told that a session has moved: the one that the notice
// before was to change, if that was not sent yet. With the session back at that time there is nothing to tell, unless
// that notice may have gone out.
func knownBefore(untold Notice, before, after Session) []Slot {
	switch {
	case len(untold.Known) == 0:
		return []Slot{before.Slot()}
	case untold.Known[0] != after.Slot():
		return untold.Known[:1]
	case untold.Tried:
		return []Slot{before.Slot()}
	}
	return nil
}

// tell leaves a notice for a person who may be told by mail.
func tell(tx Notices, n Notice) error {
	contact, err := tx.Contact(n.Person)
	if err != nil || !contact.ByMail() {
		return err
	}
	return tx.Tell(n)
}

// TellAllCancelled tells a member, once, that their group is cancelled. It is given the sessions within their
// membership as they were before, and takes up what the member was not told of these yet.
func TellAllCancelled(tx Notices, p account.PersonID, group string, sessions []Session) error {
	var ids []SessionID
	for _, s := range sessions {
		ids = append(ids, s.ID)
	}
	waiting, err := tx.TakeNotices(p, ids...)
	if err != nil {
		return err
	}
	untold := map[string]Notice{}
	for _, n := range waiting {
		untold[n.Record] = n
	}
	var off []Slot
	for _, s := range sessions {
		off = append(off, s.expected(untold[string(s.ID)])...)
	}
	off = toCome(off, tx.Now())
	if len(off) == 0 {
		return nil
	}
	return tell(tx, Notice{Kind: NoticeAllCancelled, Person: p, Record: group, Known: off})
}

// expected are the times at which a member might come to a session that takes place no more.
func (s Session) expected(untold Notice) []Slot {
	times := slices.Clone(untold.Known)
	if s.State != StatePlanned && s.State != StateMoved {
		return times // cancelled before: who was told does not come
	}
	if len(times) == 0 || untold.Tried && times[0] != s.Slot() {
		times = append(times, s.Slot())
	}
	return times
}

// toCome leaves out what has passed and sorts the rest by the calendar.
func toCome(slots []Slot, now time.Time) []Slot {
	slots = slices.DeleteFunc(slots, func(s Slot) bool { return s.over(now) })
	slices.SortFunc(slots, func(a, b Slot) int { return a.Start.Compare(b.Start) })
	return slots
}

// Latest brings a notice up to date when it is to be sent: Known keeps what is still worth telling, and now is the time
// to which a moved session has moved. Nothing is left of a notice whose session has passed, whose person has left, or
// that a later change has overtaken. Only the server itself asks.
func Latest(tx Tx, n Notice) (latest Notice, now Slot, err error) {
	if tx.Caller().Kind != account.System {
		return n, now, account.ErrDenied
	}
	if n.Kind != NoticeMoved {
		n.Known = toCome(n.Known, tx.Now())
	}
	if n.Kind == NoticeAllCancelled || len(n.Known) == 0 {
		return n, now, nil
	}
	s, err := tx.Session(SessionID(n.Record))
	if err != nil {
		return n, now, err
	}
	there, err := n.concerns(tx, s)
	if !there || !n.holds(s, tx.Now()) {
		n.Known = nil
	}
	return n, s.Slot(), err
}

// concerns says whether the person still has the session in their membership.
func (n Notice) concerns(tx Tx, s Session) (bool, error) {
	days := []Date{s.Start.Date}
	for _, known := range n.Known {
		days = append(days, known.Start.Date)
	}
	people, err := tx.Attendees(s.Group, days...)
	return slices.Contains(people, n.Person), err
}

// holds says whether the session is as the notice tells, and not over.
func (n Notice) holds(s Session, now time.Time) bool {
	if n.Kind == NoticeCancelled {
		return s.State == StateCancelled
	}
	return (s.State == StatePlanned || s.State == StateMoved) && !(n.Known[0].over(now) && s.Slot().over(now))
}
