package api

import (
	"context"
	"fmt"

	"grupa/calendar"
	"grupa/internal/fault"
	"grupa/internal/store"
)

// PlanSeries plans the sessions of a group.
func (s *Server) PlanSeries(ctx context.Context, r PlanSeriesRequestObject) (PlanSeriesResponseObject, error) {
	draft, err := seriesIn(*r.Body)
	if err != nil {
		return nil, err
	}
	out, err := once(ctx, s, "series", r.Params.IdempotencyKey, r, func(tx *store.Tx) (Series, error) {
		p, err := calendar.PlanSeries(tx, string(r.ID), draft)
		series := Series{ID: string(p.Series), SomeoneCannot: p.SomeoneCannot, Sessions: []Session{}}
		for _, session := range p.Sessions {
			series.Sessions = append(series.Sessions, sessionOut(session))
		}
		return series, err
	})
	return PlanSeries201JSONResponse(out), err
}

func seriesIn(b NewSeries) (calendar.SeriesDraft, error) {
	d := calendar.SeriesDraft{
		Plan: calendar.Plan{Zone: b.TimeZone, Minutes: b.DurationMinutes, Every: b.Every, Count: b.Count},
		Room: calendar.RoomID(b.RoomID), Facilitators: people(b.FacilitatorIds),
	}
	if d.Plan.Every == 0 {
		d.Plan.Every = 1
	}
	var l fault.List
	var err error
	if d.Plan.Start, err = calendar.ParseLocal(b.StartLocal); err != nil {
		l.Add("start_local", "local_time")
	}
	if b.Until != "" {
		until, err := calendar.ParseDate(b.Until)
		if err != nil {
			l.Add("until", "date")
		}
		d.Plan.Until = &until
	}
	for n, text := range b.SkipDates {
		skip, err := calendar.ParseDate(text)
		if err != nil {
			l.Add(fmt.Sprintf("skip_dates[%d]", n), "date")
		}
		d.Plan.Skip = append(d.Plan.Skip, skip)
	}
	return d, l.Err()
}

// ListSessions gives the sessions of a group.
func (s *Server) ListSessions(ctx context.Context, r ListSessionsRequestObject) (ListSessionsResponseObject, error) {
	out := SessionList{Items: []Session{}}
	err := s.DB.View(ctx, callerOf(ctx), func(tx *store.Tx) error {
		sessions, err := calendar.GroupSessions(tx, string(r.ID))
		for _, session := range sessions {
			out.Items = append(out.Items, sessionOut(session))
		}
		return err
	})
	return ListSessions200JSONResponse(out), err
}

// GetSession gives one session.
func (s *Server) GetSession(ctx context.Context, r GetSessionRequestObject) (GetSessionResponseObject, error) {
	var session calendar.Session
	err := s.DB.View(ctx, callerOf(ctx), func(tx *store.Tx) (err error) {
		session, err = calendar.ReadSession(tx, calendar.SessionID(r.ID))
		return err
	})
	return GetSession200JSONResponse{
		Body: sessionOut(session), Headers: GetSession200ResponseHeaders{ETag: etag(session.Version)},
	}, err
}

// ChangeSession moves or cancels one session.
func (s *Server) ChangeSession(ctx context.Context, r ChangeSessionRequestObject) (ChangeSessionResponseObject, error) {
	version, err := versionOf(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	change, err := changeIn(*r.Body)
	if err != nil {
		return nil, err
	}
	var changed calendar.Changed
	err = s.DB.Update(ctx, callerOf(ctx), func(tx *store.Tx) (err error) {
		changed, err = calendar.ChangeSession(tx, calendar.SessionID(r.ID), version, change)
		return err
	})
	return ChangeSession200JSONResponse{
		Body:    ChangedSession{Session: sessionOut(changed.Session), SomeoneCannot: changed.SomeoneCannot},
		Headers: ChangeSession200ResponseHeaders{ETag: etag(changed.Session.Version)},
	}, err
}

func changeIn(b SessionChange) (calendar.Change, error) {
	c := calendar.Change{Zone: b.TimeZone, Minutes: b.DurationMinutes, Cancel: b.State != ""}
	if b.RoomID != nil {
		c.Room = new(calendar.RoomID(*b.RoomID))
	}
	if b.StartLocal != nil {
		start, err := calendar.ParseLocal(*b.StartLocal)
		if err != nil {
			return c, fault.At("start_local", "local_time")
		}
		c.Start = &start
	}
	if c.Cancel && (c.Start != nil || c.Zone != nil || c.Minutes != nil || c.Room != nil) {
		return c, fault.At("state", "cancel_alone")
	}
	if c == (calendar.Change{}) {
		return c, fault.At("body", "no_change")
	}
	return c, nil
}

func sessionOut(s calendar.Session) Session {
	return Session{
		ID: string(s.ID), GroupID: s.Group, Number: s.Number, StartLocal: s.Start.String(), TimeZone: s.Zone,
		StartsAt: s.StartText(), EndsAt: s.EndText(), DurationMinutes: s.Minutes, RoomID: string(s.Room),
		FacilitatorIds: texts(s.Facilitators), State: SessionState(s.State), Sequence: s.Sequence, Version: s.Version,
	}
}

// ListMySessions gives the member's sessions.
func (s *Server) ListMySessions(
	ctx context.Context, r ListMySessionsRequestObject,
) (ListMySessionsResponseObject, error) {
	out := MySessionList{Items: []MySession{}}
	err := s.DB.View(ctx, callerOf(ctx), func(tx *store.Tx) error {
		lang, err := s.ownLang(ctx, tx, string(r.Params.Lang))
		if err != nil {
			return err
		}
		meetings, err := calendar.OwnSessions(tx)
		for _, m := range meetings {
			session := m.Session
			out.Items = append(out.Items, MySession{
				ID: string(session.ID), StartsAt: session.StartText(), EndsAt: session.EndText(),
				StartLocal: session.Start.String(), TimeZone: session.Zone, State: string(session.State), Place: m.Place,
				About: m.About.In(lang),
			})
		}
		return err
	})
	return ListMySessions200JSONResponse(out), err
}
