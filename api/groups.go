package api

import (
	"context"

	"grupa/group"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/words"
)

// ListGroups gives a page of the groups that the caller may see.
func (s *Server) ListGroups(ctx context.Context, r ListGroupsRequestObject) (ListGroupsResponseObject, error) {
	f := group.Filter{Type: r.Params.GroupType, Cursor: string(r.Params.Cursor), Limit: limitOr(r.Params.Limit)}
	for _, state := range r.Params.State {
		f.States = append(f.States, group.State(state))
	}
	out := GroupList{Items: []Group{}}
	err := s.DB.View(ctx, callerOf(ctx), func(tx *store.Tx) error {
		page, err := group.List(tx, f)
		for _, g := range page.Items {
			out.Items = append(out.Items, groupOut(g))
		}
		out.NextCursor = page.Next
		return err
	})
	return ListGroups200JSONResponse(out), err
}

// CreateGroup makes a group.
func (s *Server) CreateGroup(ctx context.Context, r CreateGroupRequestObject) (CreateGroupResponseObject, error) {
	b := r.Body
	draft := group.Draft{
		Type: b.GroupType, Title: b.Title, Language: words.Lang(b.Language), Delivery: string(b.Delivery),
		Membership: string(b.Membership), Minimum: b.Minimum, Capacity: b.Capacity, State: group.State(b.State),
		Leaders: people(b.FacilitatorIds),
	}
	out, err := once(ctx, s, "group", r.Params.IdempotencyKey, r, func(tx *store.Tx) (Group, error) {
		g, err := group.Create(tx, draft)
		return groupOut(g), err
	})
	headers := CreateGroup201ResponseHeaders{ETag: etag(out.Version)}
	return CreateGroup201JSONResponse{Body: out, Headers: headers}, err
}

// GetGroup gives one group.
func (s *Server) GetGroup(ctx context.Context, r GetGroupRequestObject) (GetGroupResponseObject, error) {
	var g group.Group
	err := s.DB.View(ctx, callerOf(ctx), func(tx *store.Tx) (err error) {
		g, err = group.Read(tx, group.ID(r.ID))
		return err
	})
	return GetGroup200JSONResponse{
		Body: groupOut(g), Headers: GetGroup200ResponseHeaders{ETag: etag(g.Version)},
	}, err
}

// ChangeGroup changes title, capacity or state.
func (s *Server) ChangeGroup(ctx context.Context, r ChangeGroupRequestObject) (ChangeGroupResponseObject, error) {
	version, err := versionOf(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	change := group.Change{Title: r.Body.Title, Capacity: r.Body.Capacity}
	if r.Body.State != nil {
		change.State = new(group.State(*r.Body.State))
	}
	var g group.Group
	err = s.DB.Update(ctx, callerOf(ctx), func(tx *store.Tx) (err error) {
		g, err = group.Update(tx, group.ID(r.ID), version, change)
		return err
	})
	return ChangeGroup200JSONResponse{
		Body: groupOut(g), Headers: ChangeGroup200ResponseHeaders{ETag: etag(g.Version)},
	}, err
}

// ListMembers says who is in the group: a unit that writes, for the audit row.
func (s *Server) ListMembers(ctx context.Context, r ListMembersRequestObject) (ListMembersResponseObject, error) {
	out := MemberList{Items: []Member{}}
	err := s.DB.Update(ctx, callerOf(ctx), func(tx *store.Tx) error {
		members, err := group.Members(tx, group.ID(r.ID))
		for _, m := range members {
			member := Member{ID: string(m.ID), Name: m.Name, State: string(m.State), From: m.From.String()}
			if m.To != nil {
				member.To = m.To.String()
			}
			out.Items = append(out.Items, member)
		}
		return err
	})
	return ListMembers200JSONResponse(out), err
}

func groupOut(g group.Group) Group {
	return Group{
		ID: string(g.ID), GroupType: g.Type, GroupTypeVersion: g.TypeVersion, Title: g.Title,
		Language: string(g.Language), Delivery: g.Delivery, Membership: g.Membership, Minimum: g.Minimum,
		Capacity: g.Capacity, State: string(g.State), FacilitatorIds: texts(g.Leaders), Version: g.Version,
		CreatedAt: g.Created, UpdatedAt: g.Updated,
	}
}

func people(ids []string) []account.PersonID {
	var all []account.PersonID
	for _, id := range ids {
		all = append(all, account.PersonID(id))
	}
	return all
}

func texts(ids []account.PersonID) []string {
	all := []string{}
	for _, id := range ids {
		all = append(all, string(id))
	}
	return all
}
