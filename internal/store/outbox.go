package store

import (
	"encoding/json"
	"fmt"
	"time"

	"grupa/calendar"
	"grupa/group"
	"grupa/internal/account"
	"grupa/internal/store/seal"
)

// offerMade is the kind of mail that tells of an offer. The other kinds are the calendar's.
const offerMade = "offer_made"

// knownData is the sealed form of a time that the person goes by.
type knownData struct {
	Start   string `json:"start"` // wall clock: 2026-10-06T18:00
	Zone    string `json:"zone"`
	Minutes int    `json:"minutes"`
}

// noticeData is the sealed payload of a mail.
type noticeData struct {
	Known []knownData `json:"known,omitempty"`
}

func payloadAt(id string) seal.Place {
	return seal.Place{Table: "outbox", Column: "payload", Record: id}
}

// Contact is how to reach a person. The rule asks first for what ties that person to the caller.
func (tx *Tx) Contact(id account.PersonID) (account.Contact, error) {
	p, err := tx.person(string(id))
	return p.Contact, err
}

// Attendees lists the members who have a seat in the group on one of these days. The rule asks for the group first.
func (tx *Tx) Attendees(groupID string, days ...calendar.Date) ([]account.PersonID, error) {
	seen := map[account.PersonID]bool{}
	var all []account.PersonID
	for _, day := range days {
		var people []account.PersonID
		err := tx.g.Raw(`SELECT person_id FROM membership WHERE group_id = ? AND state IN ('enrolled', 'active', 'on_hold')
			AND from_day <= ? AND (to_day IS NULL OR to_day >= ?) ORDER BY created_at, id`,
			groupID, day.String(), day.String()).Scan(&people).Error
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			if !seen[p] {
				seen[p], all = true, append(all, p)
			}
		}
	}
	return all, nil
}

// Tell leaves a notice about sessions to be sent.
func (tx *Tx) Tell(n calendar.Notice) error {
	var d noticeData
	for _, s := range n.Known {
		d.Known = append(d.Known, knownData{s.Start.String(), s.Zone, s.Minutes})
	}
	return tx.post(n.Person, string(n.Kind), n.Record, d)
}

// TellOffer leaves a notice about an offer to be sent.
func (tx *Tx) TellOffer(id group.OfferID, p account.PersonID) error {
	return tx.post(p, offerMade, string(id), noticeData{})
}

func (tx *Tx) post(p account.PersonID, kind, record string, d noticeData) error {
	raw, err := json.Marshal(d)
	if err != nil {
		return err
	}
	id := account.NewID()
	payload, err := tx.sealFor("person", string(p), payloadAt(id), raw)
	if err != nil {
		return err
	}
	return tx.g.Exec(`INSERT INTO outbox (id, person_id, kind, record, payload, created_at, due_at, attempts)
		VALUES (?, ?, ?, ?, ?, ?, ?, 0)`, id, string(p), kind, record, payload, tx.now.Unix(), tx.now.Unix()).Error
}

// TakeNotices takes back what waits to be told a person about these sessions, the oldest first.
func (tx *Tx) TakeNotices(p account.PersonID, sessions ...calendar.SessionID) ([]calendar.Notice, error) {
	if len(sessions) == 0 {
		return nil, nil
	}
	var rows []outboxRow
	err := tx.g.Raw(`UPDATE outbox SET settled_at = ?, outcome = 'dropped', leased_until = NULL
		WHERE person_id = ? AND record IN ? AND settled_at IS NULL
		RETURNING id, person_id, kind, record, payload, created_at, attempts`,
		tx.now.Unix(), string(p), sessions).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	var all []calendar.Notice
	for _, r := range rows { // one a session: the next one takes back the one before
		n, err := tx.notice(r)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, nil
}

func (tx *Tx) notice(r outboxRow) (calendar.Notice, error) {
	n := calendar.Notice{
		Kind: calendar.NoticeKind(r.Kind), Person: account.PersonID(r.PersonID), Record: r.Record, Tried: r.Attempts > 0,
	}
	raw, err := tx.openFor("person", r.PersonID, payloadAt(r.ID), r.Payload)
	if err != nil {
		return n, err
	}
	var d noticeData
	if err := json.Unmarshal(raw, &d); err != nil {
		return n, fmt.Errorf("stored mail: %v", err)
	}
	for _, s := range d.Known {
		start, err := calendar.ParseLocal(s.Start)
		if err != nil {
			return n, fmt.Errorf("stored mail: %v", err)
		}
		n.Known = append(n.Known, calendar.Slot{Start: start, Zone: s.Zone, Minutes: s.Minutes})
	}
	return n, nil
}

type outboxRow struct {
	ID          string `gorm:"primaryKey"`
	PersonID    string
	Kind        string
	Record      string
	Payload     []byte
	CreatedAt   int64 `gorm:"autoCreateTime:false"`
	DueAt       int64
	LeasedUntil *int64
	Attempts    int
	TriedAt     *int64
	SettledAt   *int64
	Outcome     *string
}

func (outboxRow) TableName() string { return "outbox" }

func (r outboxRow) mail() Mail {
	return Mail{
		ID: r.ID, Attempt: r.Attempts, Person: account.PersonID(r.PersonID), Created: time.Unix(r.CreatedAt, 0).UTC(),
	}
}
