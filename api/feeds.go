package api

import (
	"context"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"grupa/calendar"
	"grupa/internal/store"
)

// ListMyFeeds gives the member's feeds that work.
func (s *Server) ListMyFeeds(ctx context.Context, _ ListMyFeedsRequestObject) (ListMyFeedsResponseObject, error) {
	out := FeedList{Items: []Feed{}}
	err := s.DB.View(ctx, callerOf(ctx), func(tx *store.Tx) error {
		feeds, err := calendar.Feeds(tx)
		for _, f := range feeds {
			out.Items = append(out.Items, feedOut(f))
		}
		return err
	})
	return ListMyFeeds200JSONResponse(out), err
}

// MakeFeed makes a feed and tells its address, once.
func (s *Server) MakeFeed(ctx context.Context, r MakeFeedRequestObject) (MakeFeedResponseObject, error) {
	draft := calendar.FeedDraft{
		Detail: calendar.Detail(r.Body.Detail), Summary: r.Body.Summary,
		Alarm: time.Duration(r.Body.AlarmMinutes) * time.Minute,
	}
	out, err := once(ctx, s, "feed", r.Params.IdempotencyKey, r, func(tx *store.Tx) (FeedWithAddress, error) {
		f, secret, err := calendar.MakeFeed(tx, draft)
		address := s.PublicURL + "/calendar/" + secret + "/calendar.ics"
		_, rest, _ := strings.Cut(address, "://")
		return FeedWithAddress{Feed: feedOut(f), URL: address, WebcalURL: "webcal://" + rest}, err
	})
	return MakeFeed201JSONResponse(out), err
}

// StopFeed revokes a feed at once.
func (s *Server) StopFeed(ctx context.Context, r StopFeedRequestObject) (StopFeedResponseObject, error) {
	err := s.DB.Update(ctx, callerOf(ctx), func(tx *store.Tx) error {
		return calendar.StopFeed(tx, calendar.FeedID(r.FeedID))
	})
	return StopFeed204Response{}, err
}

func feedOut(f calendar.Feed) Feed {
	return Feed{
		ID: string(f.ID), Detail: FeedDetail(f.Detail), Summary: f.Summary, AlarmMinutes: int(f.Alarm / time.Minute),
		CreatedAt: f.Created, ExpiresAt: f.Expires, FetchedOn: f.FetchedOn,
	}
}

// GetCalendar is what the generated interface asks for. New puts calendar in its place, which sees the conditions of
// the request and answers with what is no JSON.
func (s *Server) GetCalendar(context.Context, GetCalendarRequestObject) (GetCalendarResponseObject, error) {
	return nil, errNoRoute
}

// calendar serves a feed.
func (s *Server) calendar(c echo.Context) error {
	r, h := c.Request(), c.Response().Header()
	f, err := s.feeds.open(r.Context(), c.Param("token"), acceptsGzip(r.Header.Get("Accept-Encoding")))
	if err != nil {
		h["X-Robots-Tag"], h["Referrer-Policy"] = noIndex, noReferrer
		return err
	}
	f.serve(c.Response(), r)
	return nil
}
