package store

import (
	"time"

	"gorm.io/gorm"

	"grupa/calendar"
	"grupa/group"
	"grupa/internal/account"
	"grupa/internal/store/seal"
	"grupa/internal/words"
)

type groupRow struct {
	ID          string `gorm:"primaryKey"`
	ProgrammeID string
	TypeSlug    string
	TypeVersion int
	Title       []byte
	Language    string
	Delivery    string
	Membership  string
	Minimum     int
	Capacity    int
	State       string
	Version     int
	CreatedAt   int64 `gorm:"autoCreateTime:false"`
	UpdatedAt   int64 `gorm:"autoUpdateTime:false"`
}

func (groupRow) TableName() string { return "care_group" }

type leaderRow struct {
	GroupID  string `gorm:"primaryKey"`
	PersonID string `gorm:"primaryKey"`
}

func (leaderRow) TableName() string { return "leader" }

func titleAt(id string) seal.Place {
	return seal.Place{Table: "care_group", Column: "title", Record: id}
}

func (tx *Tx) groupOf(r groupRow) (group.Group, error) {
	title, err := tx.openFor("programme", r.ProgrammeID, titleAt(r.ID), r.Title)
	if err != nil {
		return group.Group{}, err
	}
	leaders, err := tx.leaders(r.ID)
	return group.Group{
		ID: group.ID(r.ID), Programme: account.ProgrammeID(r.ProgrammeID), Type: r.TypeSlug, TypeVersion: r.TypeVersion,
		Title: string(title), Language: words.Lang(r.Language), Delivery: r.Delivery, Membership: r.Membership,
		Minimum: r.Minimum, Capacity: r.Capacity, State: group.State(r.State), Leaders: leaders, Version: r.Version,
		Created: time.Unix(r.CreatedAt, 0).UTC(), Updated: time.Unix(r.UpdatedAt, 0).UTC(),
	}, err
}

func (tx *Tx) leaders(group string) ([]account.PersonID, error) {
	var ids []account.PersonID
	err := tx.g.Raw("SELECT person_id FROM leader WHERE group_id = ? ORDER BY person_id", group).Scan(&ids).Error
	return ids, err
}

// CreateGroup stores a group and who leads it.
func (tx *Tx) CreateGroup(g group.Group) error {
	title, err := tx.sealFor("programme", string(g.Programme), titleAt(string(g.ID)), []byte(g.Title))
	if err != nil {
		return err
	}
	err = tx.g.Create(&groupRow{
		ID: string(g.ID), ProgrammeID: string(g.Programme), TypeSlug: g.Type, TypeVersion: g.TypeVersion, Title: title,
		Language: string(g.Language), Delivery: g.Delivery, Membership: g.Membership, Minimum: g.Minimum,
		Capacity: g.Capacity, State: string(g.State), Version: g.Version,
		CreatedAt: g.Created.Unix(), UpdatedAt: g.Updated.Unix(),
	}).Error
	for _, leader := range g.Leaders {
		if err != nil {
			return err
		}
		err = tx.g.Create(&leaderRow{string(g.ID), string(leader)}).Error
	}
	return err
}

// SaveGroup stores title, capacity and state, if the version is still the stored one.
func (tx *Tx) SaveGroup(g group.Group) error {
	title, err := tx.sealFor("programme", string(g.Programme), titleAt(string(g.ID)), []byte(g.Title))
	if err != nil {
		return err
	}
	result := tx.g.Exec(`UPDATE care_group SET title = ?, capacity = ?, state = ?, version = version + 1, updated_at = ?
		WHERE id = ? AND version = ?`, title, g.Capacity, string(g.State), tx.now.Unix(), string(g.ID), g.Version)
	switch {
	case refusedBy(result.Error, "capacity_below_taken"):
		return group.ErrTooFew
	case result.Error == nil && result.RowsAffected != 1:
		return group.ErrChanged
	}
	return result.Error
}

// groups is the scope: a coordinator's programmes, a facilitator's own groups, an applicant's offers and memberships.
func (tx *Tx) groups() *gorm.DB {
	q := tx.g.Model(&groupRow{})
	switch tx.caller.Kind {
	case account.System:
		return q
	case account.Applicant:
		return q.Where(`id IN (SELECT o.group_id FROM offer o JOIN application a ON a.id = o.application_id
			WHERE a.person_id = ?)`, string(tx.caller.Person))
	case account.Staff:
		return q.Where(`programme_id IN ? OR (programme_id IN ? AND id IN (SELECT group_id FROM leader WHERE person_id = ?))`,
			tx.programmes(account.Coordinator), tx.programmes(account.Facilitator), string(tx.caller.Person))
	}
	return q.Where("1 = 0")
}

// Group gives a group in the caller's scope.
func (tx *Tx) Group(id group.ID) (group.Group, error) {
	var row groupRow
	if err := tx.locked(tx.groups()).Where("id = ?", string(id)).Take(&row).Error; err != nil {
		return group.Group{}, orNotFound(err, group.ErrNoGroup)
	}
	return tx.groupOf(row)
}

const groupOrder = "-created_at"

// Groups gives a page of the groups in the caller's scope, the newest first.
func (tx *Tx) Groups(f group.Filter) (group.Page, error) {
	q := tx.groups()
	if len(f.States) > 0 {
		q = q.Where("state IN ?", f.States)
	}
	if f.Type != "" {
		q = q.Where("type_slug = ?", f.Type)
	}
	if f.Cursor != "" {
		at, err := parseCursor(f.Cursor, groupOrder)
		if err != nil {
			return group.Page{}, err
		}
		q = q.Where("(created_at, id) < (?, ?)", at.value, at.id)
	}
	var rows []groupRow
	if err := q.Order("created_at DESC, id DESC").Limit(f.Limit + 1).Find(&rows).Error; err != nil {
		return group.Page{}, err
	}
	var page group.Page
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		page.Next = cursor{rows[f.Limit-1].CreatedAt, rows[f.Limit-1].ID}.text(groupOrder)
	}
	for _, r := range rows {
		g, err := tx.groupOf(r)
		if err != nil {
			return page, err
		}
		page.Items = append(page.Items, g)
	}
	return page, nil
}

// MeetingGroup gives what the calendar needs to know of a group in the caller's scope.
func (tx *Tx) MeetingGroup(id string) (calendar.MeetingGroup, error) {
	g, err := tx.Group(group.ID(id))
	if err != nil {
		return calendar.MeetingGroup{}, err
	}
	return calendar.MeetingGroup{
		Programme: g.Programme, Leaders: g.Leaders, Over: g.State == group.Closed || g.State == group.Cancelled,
	}, nil
}
