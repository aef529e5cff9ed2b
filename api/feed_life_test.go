package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"grupa/api"
	"grupa/calendar"
	"grupa/internal/account"
)

func TestDeadAddressesOfFeedsAreAllAlike(t *testing.T) {
	t.Parallel()
	s := newSubscriber(t)
	never := s.get0("/calendar/" + account.NewToken(account.FeedPrefix) + "/calendar.ics")
	never.problem(404)
	if never.header.Get("Cache-Control") != "no-store" || never.header.Get("X-Robots-Tag") != "noindex" {
		t.Errorf("headers of a dead address: %v", never.header)
	}
	for name, token := range map[string]string{
		"short": "grpf_a", "without its prefix": s.secret[5:], "in capitals": strings.ToUpper(s.secret),
		"receipt": s.person.Receipt, "token of staff": s.token, "id of the feed": s.feed.ID, "blank": "%20",
		"one letter more": s.secret + "a", "bytes": "%ff", "with a quote": "'",
	} {
		if a := s.get0("/calendar/" + token + "/calendar.ics"); !same(a, never) {
			t.Errorf("%s: %d %s %v", name, a.status, a.body, a.header)
		}
	}
	s.get().is(200)
	s.Clock.Set(s.feed.ExpiresAt.Add(-time.Second))
	s.get().is(200)
	s.Clock.Advance(time.Second)
	if a := s.get(); !same(a, never) {
		t.Errorf("expired: %d %s %v", a.status, a.body, a.header)
	}
}

// get0 is a GET without a secret in its header.
func (s *subscriber) get0(path string) answer {
	s.t.Helper()
	return s.call("GET", path, "", nil, "Accept-Encoding", "identity")
}

func TestAStoppedFeedIsDeadAtOnce(t *testing.T) {
	t.Parallel()
	s := newSubscriber(t)
	tag := s.get().header.Get("ETag")
	s.call("DELETE", "/api/v1/me/feeds/"+s.feed.ID, s.person.Receipt, nil).is(204)
	dead := s.get0("/calendar/" + account.NewToken(account.FeedPrefix) + "/calendar.ics")
	for name, a := range map[string]answer{"again": s.get(), "with its tag": s.get("If-None-Match", tag)} {
		if !same(a, dead) {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	if head := s.call("HEAD", s.path, "", nil); head.status != 404 {
		t.Errorf("HEAD: %d", head.status)
	}
	var list api.FeedList
	s.call("GET", "/api/v1/me/feeds", s.person.Receipt, nil).into(200, &list)
	if len(list.Items) != 0 {
		t.Errorf("still listed: %+v", list.Items)
	}
	s.call("DELETE", "/api/v1/me/feeds/"+s.feed.ID, s.person.Receipt, nil).problem(404)
}

func TestTheAddressOfAFeedIsShownOnce(t *testing.T) {
	t.Parallel()
	s := newSubscriber(t)
	s.get().is(200)
	id := account.NewID()
	for _, c := range []struct{ method, path, token string }{
		{"GET", "/api/v1/me/feeds", s.person.Receipt}, {"GET", "/api/v1/me", s.person.Receipt},
		{"GET", "/api/v1/me/sessions", s.person.Receipt}, {"GET", "/api/v1/me/consents", s.person.Receipt},
		{"GET", "/api/v1/me/offers", s.person.Receipt}, {"GET", "/api/v1/applications", s.token},
		{"GET", "/api/v1/applications/" + string(s.person.Application), s.token},
		{"GET", "/api/v1/groups/" + string(s.group.ID) + "/members", s.token},
		{"DELETE", "/api/v1/me/feeds/" + id, s.person.Receipt}, {"GET", "/api/v1/me/feeds", s.secret},
		{"GET", strings.Replace(s.path, ".ics", ".csv", 1), ""}, {"POST", s.path, ""}, {"GET", s.path + "?x=" + s.secret, ""},
		{"GET", strings.Replace(s.path, s.secret, s.secret+"a", 1), ""},
	} {
		a := s.call(c.method, c.path, c.token, nil)
		var head bytes.Buffer
		_ = a.header.Write(&head) // a buffer takes everything
		if bytes.Contains(a.body, []byte(s.secret)) || strings.Contains(head.String(), s.secret) {
			t.Errorf("%s %s tells the address: %d %s %s", c.method, c.path, a.status, a.body, head.String())
		}
	}
	for table, rows := range dumped(t, beside(t, s.Database)) {
		if strings.Contains(strings.Join(rows, "\n"), s.secret) {
			t.Errorf("the address is in the table %s", table)
		}
	}
}

func TestADayOfFetchesIsOneNote(t *testing.T) {
	t.Parallel()
	s := newSubscriber(t)
	db := beside(t, s.Database)
	const notes = "SELECT count(*) FROM audit WHERE action = 'feed.fetch'"
	days := []string{"2026-09-22", "2026-09-23", "2026-10-01"}
	for n, day := range days {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		s.Clock.Set(at.Add(9 * time.Hour))
		for range 3 {
			s.get().is(200)
			s.get("If-None-Match", "*").is(304)
			s.call("HEAD", s.path, "", nil).is(200)
			s.Clock.Advance(4 * time.Hour)
		}
		var list api.FeedList
		s.call("GET", "/api/v1/me/feeds", s.person.Receipt, nil).into(200, &list)
		if got := list.Items[0].FetchedOn; got != day || count(t, db, notes) != n+1 {
			t.Errorf("on %s: fetched on %q, %d notes", day, got, count(t, db, notes))
		}
	}
}

func TestLeavingEmptiesTheFutureOfAFeed(t *testing.T) {
	t.Parallel()
	s := newSubscriber(t)
	s.Clock.Set(time.Date(2026, time.October, 7, 9, 0, 0, 0, time.UTC)) // after two of ten
	before := s.get()
	s.call("POST", "/api/v1/me/withdraw", s.person.Receipt, nil).is(204)
	after := s.get()
	if n := bytes.Count(after.body, []byte("BEGIN:VEVENT")); n != 2 {
		t.Errorf("%d sessions instead of the two of the past", n)
	}
	if bytes.Contains(after.body, []byte("20261013T")) {
		t.Error("the next session is still there")
	}
	if before.header.Get("ETag") == after.header.Get("ETag") {
		t.Error("the tag is the same")
	}
	was, err1 := http.ParseTime(before.header.Get("Last-Modified"))
	is, err2 := http.ParseTime(after.header.Get("Last-Modified"))
	if err1 != nil || err2 != nil || !is.After(was) {
		t.Errorf("last modified %s, then %s", was, is)
	}
	s.get("If-None-Match", before.header.Get("ETag")).is(200)
	s.get("If-Modified-Since", before.header.Get("Last-Modified")).is(200)
}

func TestAMovedSessionChangesTheFeed(t *testing.T) {
	t.Parallel()
	s := newSubscriber(t)
	before := s.get()
	var list api.SessionList
	s.call("GET", "/api/v1/groups/"+string(s.group.ID)+"/sessions", s.token, nil).into(200, &list)
	s.Clock.Advance(time.Hour)
	s.call("PATCH", "/api/v1/sessions/"+list.Items[3].ID, s.token,
		map[string]any{"start_local": "2026-10-21T19:15"}, "If-Match", `"1"`).is(200)
	moved := s.get("If-None-Match", before.header.Get("ETag"))
	moved.is(200)
	if !bytes.Contains(moved.body, []byte("20261021T191500")) || !bytes.Contains(moved.body, []byte("SEQUENCE:1")) {
		t.Errorf("not moved: %s", moved.body)
	}
	if moved.header.Get("Last-Modified") != s.Clock.Now().Format(http.TimeFormat) {
		t.Errorf("last modified %s at %s", moved.header.Get("Last-Modified"), s.Clock.Now())
	}
	if calendar.Day(s.Clock.Now()) != "2026-09-22" {
		t.Error("this test is about one day")
	}
}
