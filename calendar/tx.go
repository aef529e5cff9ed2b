package calendar

import (
	"time"

	"grupa/internal/account"
)

// MeetingGroup is what this package needs to know of the group that meets.
type MeetingGroup struct {
	Programme account.ProgrammeID
	Leaders   []account.PersonID
	Over      bool // closed or cancelled
}

// Tx is what the rules of this package need of a unit of work. Everything it loads is within what the caller may see;
// the rest is not found.
type Tx interface {
	Notices
	Now() time.Time
	Caller() account.Caller
	Audit(action, record string)

	Programme() (account.Programme, error)
	Site() (account.Site, error)
	Person(account.PersonID) (account.Person, error)
	IsFacilitator(account.ProgrammeID, account.PersonID) (bool, error)

	MeetingGroup(id string) (MeetingGroup, error) // ErrNoGroup
	CreateSeries(p Planned, group string) error   // ErrClash, by the database
	Session(SessionID) (Session, error)           // ErrNoSession
	SaveSession(Session) error                    // ErrClash, by the database; ErrChanged
	GroupSessions(group string) ([]Session, error)
	// PersonSessions gives what a person's memberships hold within the window, the earliest first.
	PersonSessions(account.PersonID, Window) ([]Meeting, error)
	// MembershipsChanged is when a membership of the person last changed: what a feed holds depends on it.
	MembershipsChanged(account.PersonID) (time.Time, error)
	// Attendees lists the members who have a seat in the group on one of these days.
	Attendees(group string, days ...Date) ([]account.PersonID, error)
	// MembersBusy says whether a member of the session's group has a session of another group then.
	MembersBusy(Session) (bool, error)

	CreateRoom(Room) error
	Room(RoomID) (Room, error)
	Rooms() ([]Room, error)

	CreateFeed(Feed) error
	FeedByToken(account.Hash) (Feed, error) // ErrNoFeed
	PersonFeeds(account.PersonID) ([]Feed, error)
	RevokeFeed(account.PersonID, FeedID) error // ErrNoFeed
	FeedFetched(id FeedID, day string) error
	// FeedKey is the key that the feed's UIDs are made with.
	FeedKey(FeedID) []byte
}
