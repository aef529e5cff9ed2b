package store

import (
	"fmt"
	"time"

	"grupa/calendar"
	"grupa/group"
	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/words"
)

type membershipRow struct {
	ID            string `gorm:"primaryKey"`
	GroupID       string
	PersonID      string
	ApplicationID string
	OfferID       string
	State         string
	FromDay       string
	ToDay         *string
	CreatedAt     int64 `gorm:"autoCreateTime:false"`
	UpdatedAt     int64 `gorm:"autoUpdateTime:false"`
}

func (membershipRow) TableName() string { return "membership" }

func (r membershipRow) membership() (group.Membership, error) {
	m := group.Membership{
		ID: group.MembershipID(r.ID), Group: group.ID(r.GroupID), Person: account.PersonID(r.PersonID),
		Application: intake.ApplicationID(r.ApplicationID), Offer: group.OfferID(r.OfferID),
		State: group.MembershipState(r.State), Created: time.Unix(r.CreatedAt, 0).UTC(),
	}
	var err error
	if m.From, err = calendar.ParseDate(r.FromDay); err != nil {
		return m, fmt.Errorf("stored membership: %v", err)
	}
	if r.ToDay != nil {
		to, err := calendar.ParseDate(*r.ToDay)
		if err != nil {
			return m, fmt.Errorf("stored membership: %v", err)
		}
		m.To = &to
	}
	return m, nil
}

func memberships(rows []membershipRow, err error) ([]group.Membership, error) {
	if err != nil {
		return nil, err
	}
	var all []group.Membership
	for _, r := range rows {
		m, err := r.membership()
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// CreateMembership takes a seat. The trigger membership_takes_seat counts; nothing here does.
func (tx *Tx) CreateMembership(m group.Membership) error {
	tx.touchCalendar()
	err := tx.g.Exec(`INSERT INTO membership
		(id, group_id, person_id, application_id, offer_id, state, from_day, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, string(m.ID), string(m.Group), string(m.Person), string(m.Application),
		string(m.Offer), string(m.State), m.From.String(), tx.now.Unix(), tx.now.Unix()).Error
	switch {
	case refusedBy(err, "seat_taken"):
		return group.ErrSeatTaken
	case duplicate(err, "membership"):
		return group.ErrMember
	}
	return err
}

// Memberships lists the memberships of a group, the oldest first. The rule asks for the group first.
func (tx *Tx) Memberships(id group.ID) ([]group.Membership, error) {
	var rows []membershipRow
	err := tx.g.Where("group_id = ?", string(id)).Order("created_at, id").Find(&rows).Error
	return memberships(rows, err)
}

// MemberName gives the name that a member gave. The rule asks for the group first.
func (tx *Tx) MemberName(id account.PersonID) (string, error) {
	p, err := tx.person(string(id))
	return p.Contact.Name, err
}

// MembershipsChanged is when a membership of the person last changed; the zero time where there is none.
func (tx *Tx) MembershipsChanged(id account.PersonID) (time.Time, error) {
	var at int64
	err := tx.g.Raw("SELECT coalesce(max(updated_at), 0) FROM membership WHERE person_id = ?", string(id)).Scan(&at).Error
	return time.Unix(at, 0).UTC(), err
}

// OwnMemberships lists the calling member's memberships.
func (tx *Tx) OwnMemberships() ([]group.Membership, error) {
	var rows []membershipRow
	err := tx.g.Where("person_id = ?", string(tx.caller.Person)).Order("created_at, id").Find(&rows).Error
	return memberships(rows, err)
}

// EndMembership stores the state and the last day. One that somebody else has ended meanwhile stays as they ended it.
func (tx *Tx) EndMembership(m group.Membership) error {
	tx.touchCalendar()
	var to *string
	if m.To != nil {
		to = new(m.To.String())
	}
	return tx.g.Exec(`UPDATE membership SET state = ?, updated_at = ?,
		to_day = CASE WHEN ? < from_day THEN from_day ELSE ? END
		WHERE id = ? AND state IN ('enrolled', 'active', 'on_hold')`,
		string(m.State), tx.now.Unix(), to, to, string(m.ID)).Error
}

// MemberClash gives a session, still to come, of another group of the person that overlaps one of this group.
func (tx *Tx) MemberClash(person account.PersonID, id group.ID) (*calendar.Session, error) {
	var rows []sessionRow
	err := tx.g.Raw(`SELECT other.* FROM session mine
		JOIN session other ON other.starts_at < mine.ends_at AND mine.starts_at < other.ends_at
		JOIN membership m ON m.group_id = other.group_id AND m.person_id = ? AND m.state IN ('enrolled', 'active', 'on_hold')
		WHERE mine.group_id = ? AND mine.state IN ('planned', 'moved') AND mine.ends_at > ?
			AND other.group_id <> mine.group_id AND other.state IN ('planned', 'moved')
		ORDER BY other.starts_at LIMIT 1`, string(person), string(id), tx.now.Unix()).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	s, err := rows[0].session()
	return &s, err
}

type consentRow struct {
	ID           string `gorm:"primaryKey"`
	MembershipID string
	PersonID     string
	Element      string
	Version      int
	Language     string
	Way          string
	GivenAt      int64
	WithdrawnAt  *int64
}

func (consentRow) TableName() string { return "consent" }

// CreateConsent keeps an agreement with the version and the language of what was agreed to.
func (tx *Tx) CreateConsent(c group.Consent) error {
	return tx.g.Create(&consentRow{
		ID: c.ID, MembershipID: string(c.Membership), PersonID: string(c.Person), Element: c.Element, Version: c.Version,
		Language: string(c.Language), Way: c.Way, GivenAt: c.Given.Unix(),
	}).Error
}

// OwnConsents lists what the calling member agreed to.
func (tx *Tx) OwnConsents() ([]group.Consent, error) {
	var rows []consentRow
	err := tx.g.Where("person_id = ?", string(tx.caller.Person)).Order("given_at, element").Find(&rows).Error
	var all []group.Consent
	for _, r := range rows {
		c := group.Consent{
			ID: r.ID, Membership: group.MembershipID(r.MembershipID), Person: account.PersonID(r.PersonID), Way: r.Way,
			Agreement: group.Agreement{Element: r.Element, Version: r.Version, Language: words.Lang(r.Language)},
			Given:     time.Unix(r.GivenAt, 0).UTC(),
		}
		if r.WithdrawnAt != nil {
			c.Withdrawn = new(time.Unix(*r.WithdrawnAt, 0).UTC())
		}
		all = append(all, c)
	}
	return all, err
}
