package calendar

import (
	"strings"
	"time"

	"grupa/calendar/ics"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/words"
)

// FeedID names a feed: 26 random characters. The secret is its address, not its id.
type FeedID string

// Detail says how much a feed tells to whoever sees the calendar.
type Detail string

// The levels. Discreet, the default, tells a time and a word that the person chose; Full adds place and subject.
const (
	Discreet Detail = "discreet"
	Full     Detail = "full"
)

// Feed is a secret address for one person.
type Feed struct {
	ID        FeedID
	Person    account.PersonID
	Token     account.Hash
	Detail    Detail
	Summary   string // the title of every session; sealed
	Language  words.Lang
	Alarm     time.Duration // before each session; 0 = none
	Created   time.Time
	Expires   time.Time
	Revoked   *time.Time
	FetchedOn string // the day of the last fetch, as 2026-11-22; empty = never
}

// FeedDraft is what a member gives for a new feed. Zero values mean discreet.
type FeedDraft struct {
	Detail  Detail
	Summary string
	Alarm   time.Duration
}

// feedLife is in calendar years, not hours: an address that nobody renews goes cold.
const feedLifeYears = 1

// MakeFeed makes a feed for the calling member and gives the secret of its address, which is not kept.
func MakeFeed(tx Tx, d FeedDraft) (feed Feed, secret string, err error) {
	if tx.Caller().Kind != account.Applicant {
		return Feed{}, "", account.ErrDenied
	}
	p, err := tx.Person(tx.Caller().Person)
	if err != nil {
		return Feed{}, "", err
	}
	if err := d.check(); err != nil {
		return Feed{}, "", err
	}
	secret = account.NewToken(account.FeedPrefix)
	feed = Feed{
		ID: FeedID(account.NewID()), Person: p.ID, Token: account.HashOf(secret), Detail: d.Detail, Language: p.Language,
		Summary: strings.TrimSpace(d.Summary), Alarm: d.Alarm,
		Created: tx.Now(), Expires: tx.Now().AddDate(feedLifeYears, 0, 0),
	}
	if feed.Detail == "" {
		feed.Detail = Discreet
	}
	if feed.Summary == "" {
		feed.Summary = words.Say(p.Language, "feed.summary", nil)
	}
	tx.Audit("feed.create", string(feed.ID))
	return feed, secret, tx.CreateFeed(feed)
}

func (d FeedDraft) check() error {
	var l fault.List
	if d.Detail != "" && d.Detail != Discreet && d.Detail != Full {
		l.Add("detail", "choice")
	}
	if err := l.Take(account.CheckLine("summary", d.Summary, 60)); err != nil {
		return err
	}
	if d.Alarm < 0 || d.Alarm > 7*24*time.Hour {
		l.Add("alarm_minutes", "range", "min", "0", "max", "10080")
	}
	return l.Err()
}

// Feeds lists the calling member's feeds that still work.
func Feeds(tx Tx) ([]Feed, error) {
	if tx.Caller().Kind != account.Applicant {
		return nil, account.ErrDenied
	}
	return tx.PersonFeeds(tx.Caller().Person)
}

// StopFeed revokes a feed of the calling member at once.
func StopFeed(tx Tx, id FeedID) error {
	if tx.Caller().Kind != account.Applicant {
		return account.ErrDenied
	}
	tx.Audit("feed.revoke", string(id))
	return tx.RevokeFeed(tx.Caller().Person, id)
}

// OpenFeed finds the feed behind the secret of an address and renders it. A wrong, a revoked and an expired address
// are all ErrNoFeed.
func OpenFeed(tx Tx, secret string) (Feed, []byte, time.Time, error) {
	if !account.IsToken(secret, account.FeedPrefix) {
		return Feed{}, nil, time.Time{}, ErrNoFeed
	}
	feed, err := tx.FeedByToken(account.HashOf(secret))
	if err != nil {
		return Feed{}, nil, time.Time{}, err
	}
	if feed.Revoked != nil || !tx.Now().Before(feed.Expires) {
		return Feed{}, nil, time.Time{}, ErrNoFeed
	}
	meetings, err := tx.PersonSessions(feed.Person, window(tx.Now()))
	if err != nil {
		return Feed{}, nil, time.Time{}, err
	}
	site, err := tx.Site()
	if err != nil {
		return Feed{}, nil, time.Time{}, err
	}
	changed, err := tx.MembershipsChanged(feed.Person)
	if err != nil {
		return Feed{}, nil, time.Time{}, err
	}
	c := compose(feed, tx.FeedKey(feed.ID), site.TimeZone, meetings)
	if changed.After(c.Modified) {
		c.Modified = changed // a session that came or went with a membership has no stamp of its own
	}
	body, err := ics.Render(c)
	return feed, body, c.Modified, err
}

// Window is the time that a feed covers, whole days in UTC so that its bytes change at most once a day by themselves.
type Window struct{ From, Until time.Time }

// window reaches a year back and further ahead than any series may: nothing that is still to come is ever cut.
func window(now time.Time) Window {
	day := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	return Window{From: day.AddDate(-1, 0, 0), Until: day.AddDate(5, 0, 0)}
}

// Meeting is a session as its member may see it.
type Meeting struct {
	Session Session
	Place   string     // name of the room; empty: none
	About   words.Text // name of the group's type
}

func compose(feed Feed, key []byte, zone string, meetings []Meeting) ics.Calendar {
	c := ics.Calendar{Name: feed.Summary, Zone: zone, Modified: feed.Created}
	for _, m := range meetings {
		s := m.Session
		e := ics.Event{
			UID: ics.UID(key, string(s.ID)), Start: s.StartsAt, End: s.EndsAt, Zone: s.Zone, Sequence: s.Sequence,
			Created: s.Created, Modified: s.Updated, Cancelled: s.State == StateCancelled, Summary: feed.Summary,
		}
		if feed.Detail == Full {
			e.Location, e.Description = m.Place, m.About.In(feed.Language)
		}
		if e.Cancelled {
			e.Summary = words.Say(feed.Language, "feed.cancelled", map[string]string{"summary": feed.Summary})
		} else {
			e.Alarm = feed.Alarm
		}
		if s.Updated.After(c.Modified) {
			c.Modified = s.Updated
		}
		c.Events = append(c.Events, e)
	}
	return c
}

// Fetched notes the day of a feed's last fetch. It is one of the two things that a GET may write.
func Fetched(tx Tx, feed Feed) error {
	tx.Audit("feed.fetch", string(feed.ID))
	return tx.FeedFetched(feed.ID, Day(tx.Now()))
}

// Day is the day of an instant in UTC, as 2026-11-22.
func Day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
