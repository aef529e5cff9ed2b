package api

import (
	"context"

	"grupa/calendar"
	"grupa/internal/account"
	"grupa/internal/store"
)

// ListRooms gives the rooms of the caller's programmes.
func (s *Server) ListRooms(ctx context.Context, _ ListRoomsRequestObject) (ListRoomsResponseObject, error) {
	out := RoomList{Items: []Room{}}
	err := s.DB.View(ctx, callerOf(ctx), func(tx *store.Tx) error {
		rooms, err := calendar.Rooms(tx)
		for _, r := range rooms {
			out.Items = append(out.Items, roomOut(r))
		}
		return err
	})
	return ListRooms200JSONResponse(out), err
}

// CreateRoom adds a room.
func (s *Server) CreateRoom(ctx context.Context, r CreateRoomRequestObject) (CreateRoomResponseObject, error) {
	out, err := once(ctx, s, "room", r.Params.IdempotencyKey, r, func(tx *store.Tx) (Room, error) {
		room, err := calendar.CreateRoom(tx, r.Body.Name, r.Body.Capacity)
		return roomOut(room), err
	})
	return CreateRoom201JSONResponse(out), err
}

func roomOut(r calendar.Room) Room {
	return Room{ID: string(r.ID), Name: r.Name, Capacity: r.Capacity}
}

// ListFacilitators gives who can lead a group.
func (s *Server) ListFacilitators(
	ctx context.Context, _ ListFacilitatorsRequestObject,
) (ListFacilitatorsResponseObject, error) {
	out := FacilitatorList{Items: []Facilitator{}}
	err := s.DB.View(ctx, callerOf(ctx), func(tx *store.Tx) error {
		people, err := account.Facilitators(tx)
		for _, p := range people {
			out.Items = append(out.Items, Facilitator{ID: string(p.ID), Name: p.Contact.Name})
		}
		return err
	})
	return ListFacilitators200JSONResponse(out), err
}
