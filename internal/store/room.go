package store

import (
	"grupa/calendar"
	"grupa/internal/account"
	"grupa/internal/store/seal"
)

type roomRow struct {
	ID          string `gorm:"primaryKey"`
	ProgrammeID string
	SiteID      string
	Name        []byte
	Capacity    int
	CreatedAt   int64 `gorm:"autoCreateTime:false"`
}

func (roomRow) TableName() string { return "room" }

func roomAt(id string) seal.Place { return seal.Place{Table: "room", Column: "name", Record: id} }

func (tx *Tx) roomOf(r roomRow) (calendar.Room, error) {
	name, err := tx.openFor("programme", r.ProgrammeID, roomAt(r.ID), r.Name)
	return calendar.Room{
		ID: calendar.RoomID(r.ID), Programme: account.ProgrammeID(r.ProgrammeID), Site: account.SiteID(r.SiteID),
		Name: string(name), Capacity: r.Capacity,
	}, err
}

// CreateRoom stores a room.
func (tx *Tx) CreateRoom(r calendar.Room) error {
	name, err := tx.sealFor("programme", string(r.Programme), roomAt(string(r.ID)), []byte(r.Name))
	if err != nil {
		return err
	}
	return tx.g.Create(&roomRow{
		ID: string(r.ID), ProgrammeID: string(r.Programme), SiteID: string(r.Site), Name: name, Capacity: r.Capacity,
		CreatedAt: tx.now.Unix(),
	}).Error
}

// Room gives a room of the caller's programmes.
func (tx *Tx) Room(id calendar.RoomID) (calendar.Room, error) {
	var row roomRow
	err := tx.within(tx.g, account.Coordinator, account.Administrator).Where("id = ?", string(id)).Take(&row).Error
	if err != nil {
		return calendar.Room{}, orNotFound(err, calendar.ErrNoRoom)
	}
	return tx.roomOf(row)
}

// Rooms lists the rooms of the caller's programmes, in the order they came.
func (tx *Tx) Rooms() ([]calendar.Room, error) {
	var rows []roomRow
	err := tx.within(tx.g, account.Coordinator, account.Administrator).Order("created_at, id").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	var all []calendar.Room
	for _, r := range rows {
		room, err := tx.roomOf(r)
		if err != nil {
			return nil, err
		}
		all = append(all, room)
	}
	return all, nil
}
