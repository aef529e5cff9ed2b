package store

import (
	"time"

	"grupa/calendar"
	"grupa/internal/account"
	"grupa/internal/store/seal"
	"grupa/internal/words"
)

type feedRow struct {
	ID           string `gorm:"primaryKey"`
	PersonID     string
	Token        []byte
	Detail       string
	Summary      []byte
	Language     string
	AlarmMinutes int
	CreatedAt    int64 `gorm:"autoCreateTime:false"`
	ExpiresAt    int64
	RevokedAt    *int64
	FetchedOn    *string
}

func (feedRow) TableName() string { return "feed" }

func summaryAt(id string) seal.Place { return seal.Place{Table: "feed", Column: "summary", Record: id} }

func (tx *Tx) feedOf(r feedRow) (calendar.Feed, error) {
	summary, err := tx.openFor("person", r.PersonID, summaryAt(r.ID), r.Summary)
	f := calendar.Feed{
		ID: calendar.FeedID(r.ID), Person: account.PersonID(r.PersonID), Detail: calendar.Detail(r.Detail),
		Summary: string(summary), Language: words.Lang(r.Language), Alarm: time.Duration(r.AlarmMinutes) * time.Minute,
		Created: time.Unix(r.CreatedAt, 0).UTC(), Expires: time.Unix(r.ExpiresAt, 0).UTC(), FetchedOn: orEmpty(r.FetchedOn),
	}
	copy(f.Token[:], r.Token)
	if r.RevokedAt != nil {
		f.Revoked = new(time.Unix(*r.RevokedAt, 0).UTC())
	}
	return f, err
}

// CreateFeed stores a feed with the hash of its secret.
func (tx *Tx) CreateFeed(f calendar.Feed) error {
	summary, err := tx.sealFor("person", string(f.Person), summaryAt(string(f.ID)), []byte(f.Summary))
	if err != nil {
		return err
	}
	return tx.g.Create(&feedRow{
		ID: string(f.ID), PersonID: string(f.Person), Token: f.Token[:], Detail: string(f.Detail), Summary: summary,
		Language: string(f.Language), AlarmMinutes: int(f.Alarm / time.Minute), CreatedAt: f.Created.Unix(),
		ExpiresAt: f.Expires.Unix(),
	}).Error
}

// FeedByToken finds a feed by the hash of its secret, revoked and expired ones too.
func (tx *Tx) FeedByToken(h account.Hash) (calendar.Feed, error) {
	var row feedRow
	if err := tx.g.Where("token = ?", h[:]).Take(&row).Error; err != nil {
		return calendar.Feed{}, orNotFound(err, calendar.ErrNoFeed)
	}
	return tx.feedOf(row)
}

// PersonFeeds lists a person's feeds that still work, in the order they came.
func (tx *Tx) PersonFeeds(person account.PersonID) ([]calendar.Feed, error) {
	var rows []feedRow
	err := tx.g.Where("person_id = ? AND revoked_at IS NULL AND expires_at > ?", string(person), tx.now.Unix()).
		Order("created_at, id").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	var all []calendar.Feed
	for _, r := range rows {
		f, err := tx.feedOf(r)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

// RevokeFeed stops a feed of that person at once.
func (tx *Tx) RevokeFeed(person account.PersonID, id calendar.FeedID) error {
	tx.touchCalendar()
	result := tx.g.Exec("UPDATE feed SET revoked_at = ? WHERE id = ? AND person_id = ? AND revoked_at IS NULL",
		tx.now.Unix(), string(id), string(person))
	if result.Error == nil && result.RowsAffected != 1 {
		return calendar.ErrNoFeed
	}
	return result.Error
}

// FeedFetched notes the day of the last fetch.
func (tx *Tx) FeedFetched(id calendar.FeedID, day string) error {
	return tx.g.Exec("UPDATE feed SET fetched_on = ? WHERE id = ?", day, string(id)).Error
}

// FeedKey is the key that the feed's UIDs are made with.
func (tx *Tx) FeedKey(id calendar.FeedID) []byte { return tx.db.cfg.Sealing.FeedKey(string(id)) }
