package store

import (
	"time"

	"gorm.io/gorm"

	"grupa/group"
	"grupa/intake"
	"grupa/internal/account"
)

type offerRow struct {
	ID            string `gorm:"primaryKey"`
	GroupID       string
	ApplicationID string
	State         string
	OfferedBy     string
	CreatedAt     int64 `gorm:"autoCreateTime:false"`
	ExpiresAt     int64
	AnsweredAt    *int64
}

func (offerRow) TableName() string { return "offer" }

func (r offerRow) offer() group.Offer {
	return group.Offer{
		ID: group.OfferID(r.ID), Group: group.ID(r.GroupID), Application: intake.ApplicationID(r.ApplicationID),
		State: group.OfferState(r.State), By: account.PersonID(r.OfferedBy),
		Created: time.Unix(r.CreatedAt, 0).UTC(), Expires: time.Unix(r.ExpiresAt, 0).UTC(),
	}
}

// CreateOffer holds a seat. The trigger offer_takes_seat counts; nothing here does.
func (tx *Tx) CreateOffer(o group.Offer) error {
	// An offer to the same person that is over must not stand in the way of a new one.
	err := tx.g.Exec(`UPDATE offer SET state = 'expired', answered_at = expires_at
		WHERE group_id = ? AND application_id = ? AND state = 'held' AND expires_at <= ?`,
		string(o.Group), string(o.Application), tx.now.Unix()).Error
	if err != nil {
		return err
	}
	err = tx.g.Exec(`INSERT INTO offer (id, group_id, application_id, state, offered_by, created_at, expires_at)
		VALUES (?, ?, ?, 'held', ?, ?, ?)`, string(o.ID), string(o.Group), string(o.Application), string(o.By),
		o.Created.Unix(), o.Expires.Unix()).Error
	switch {
	case refusedBy(err, "seat_taken"):
		return group.ErrSeatTaken
	case refusedBy(err, "already_member"):
		return group.ErrMember
	case duplicate(err, "offer"):
		return group.ErrOffered
	}
	return err
}

// offers is the scope: those of the applicant's own application, those in a coordinator's programmes.
func (tx *Tx) offers() *gorm.DB {
	q := tx.g.Model(&offerRow{})
	if tx.caller.Kind == account.System {
		return q
	}
	return q.Where("application_id IN (?)", tx.applications().Select("id"))
}

// Offer gives an offer in the caller's scope.
func (tx *Tx) Offer(id group.OfferID) (group.Offer, error) {
	var row offerRow
	err := tx.locked(tx.offers()).Where("id = ?", string(id)).Take(&row).Error
	return row.offer(), orNotFound(err, group.ErrNoOffer)
}

// Offers lists the offers made for an application, the oldest first.
func (tx *Tx) Offers(id intake.ApplicationID) ([]group.Offer, error) {
	var rows []offerRow
	err := tx.offers().Where("application_id = ?", string(id)).Order("created_at, id").Find(&rows).Error
	var all []group.Offer
	for _, r := range rows {
		all = append(all, r.offer())
	}
	return all, err
}

// AnswerOffer moves an offer that is held and not over; ErrOver otherwise.
func (tx *Tx) AnswerOffer(id group.OfferID, to group.OfferState) error {
	result := tx.g.Exec(`UPDATE offer SET state = ?, answered_at = ? WHERE id = ? AND state = 'held' AND expires_at > ?`,
		string(to), tx.now.Unix(), string(id), tx.now.Unix())
	if refusedBy(result.Error, "offer_over") || result.Error == nil && result.RowsAffected != 1 {
		return group.ErrOver
	}
	return result.Error
}

// WithdrawGroupOffers lets go of every offer of a group that is still held.
func (tx *Tx) WithdrawGroupOffers(id group.ID) error {
	return tx.g.Exec("UPDATE offer SET state = 'withdrawn', answered_at = ? WHERE group_id = ? AND state = 'held'",
		tx.now.Unix(), string(id)).Error
}

// WithdrawOffers lets go of every offer of an application that is still held.
func (tx *Tx) WithdrawOffers(id intake.ApplicationID) error {
	return tx.g.Exec("UPDATE offer SET state = 'withdrawn', answered_at = ? WHERE application_id = ? AND state = 'held'",
		tx.now.Unix(), string(id)).Error
}
