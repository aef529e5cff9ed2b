package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"grupa/calendar"
	"grupa/internal/account"
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

// calendar serves a feed. The address is looked up at each request, so a revoked one is dead at once.
func (s *Server) calendar(c echo.Context) error {
	h := c.Response().Header()
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Referrer-Policy", "no-referrer")
	ctx := c.Request().Context()
	var feed calendar.Feed
	var body []byte
	var modified, now time.Time
	err := s.DB.View(ctx, account.Machine(), func(tx *store.Tx) (err error) {
		feed, body, modified, err = calendar.OpenFeed(tx, c.Param("token"))
		now = tx.Now()
		return err
	})
	if err != nil {
		return err
	}
	if feed.FetchedOn != calendar.Day(now) {
		err := s.DB.Update(ctx, account.Machine(), func(tx *store.Tx) error { return calendar.Fetched(tx, feed) })
		if err != nil {
			s.Log.Error("the day of a fetch could not be noted", "error", err) // the calendar matters more
		}
	}
	return serveCalendar(c, body, modified)
}

// serveCalendar lets the standard library answer conditions and HEAD. The two encodings have tags of their own. It
// serves no parts: half a calendar is a lost one.
func serveCalendar(c echo.Context, body []byte, modified time.Time) error {
	h := c.Response().Header()
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("Content-Disposition", `inline; filename="calendar.ics"`)
	h.Add("Vary", "Accept-Encoding")
	sum := sha256.Sum256(body)
	tag := base64.RawURLEncoding.EncodeToString(sum[:16])
	if acceptsGzip(c.Request().Header.Get("Accept-Encoding")) {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, _ = z.Write(body) // a buffer takes everything
		_ = z.Close()
		body, tag = packed.Bytes(), tag+"-gzip"
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", `"`+tag+`"`)
	c.Request().Header.Del("Range")
	http.ServeContent(c.Response(), c.Request(), "", modified, bytes.NewReader(body))
	return nil
}

func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			_, q, weighed := strings.Cut(strings.ReplaceAll(weight, " ", ""), "q=")
			return !weighed || strings.Trim(q, "0.") != ""
		}
	}
	return false
}
