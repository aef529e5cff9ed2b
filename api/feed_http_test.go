package api_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"grupa/api"
	"grupa/group"
	"grupa/internal/account"
	"grupa/internal/store/storetest"
)

// subscriber is a member of a group of ten weekly sessions, with a calendar feed.
type subscriber struct {
	*observed
	person storetest.Person
	group  group.Group
	path   string // of the feed: the secret is in it
	secret string
	feed   api.Feed
}

func newSubscriber(t testing.TB) *subscriber {
	t.Helper()
	s := &subscriber{observed: newObserved(t)}
	s.group = s.Group(s.coordinator, 5)
	s.person = s.Apply(storetest.Filled("Member"))
	s.Join(s.coordinator, s.person, s.group)
	s.plan(s.group, "2026-09-29T18:00", 10)
	s.Clock.Advance(time.Minute)
	var made api.FeedWithAddress
	s.call("POST", "/api/v1/me/feeds", s.person.Receipt, map[string]any{"summary": "Choir"}).into(201, &made)
	s.feed, s.path = made.Feed, strings.TrimPrefix(made.URL, "https://groups.example.org")
	s.secret = strings.Split(s.path, "/")[2]
	if s.path != "/calendar/"+s.secret+"/calendar.ics" || made.WebcalURL != "webcal://groups.example.org"+s.path {
		t.Fatalf("the feed is at %s, %s", made.URL, made.WebcalURL)
	}
	return s
}

// get fetches the feed as it is: net/http would ask for gzip and unpack it by itself.
func (s *subscriber) get(headers ...string) answer {
	s.t.Helper()
	if !slices.Contains(headers, "Accept-Encoding") {
		headers = append(headers, "Accept-Encoding", "identity")
	}
	return s.call("GET", s.path, "", nil, headers...)
}

func TestAFeedIsServedAsACalendarThatNobodyElseIsToldOf(t *testing.T) {
	t.Parallel()
	s := newSubscriber(t)
	a := s.get()
	a.is(200)
	for name, want := range map[string]string{
		"Content-Type": "text/calendar; charset=utf-8", "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex",
		"Referrer-Policy": "no-referrer", "Content-Disposition": `inline; filename="calendar.ics"`,
		"Vary": "Accept-Encoding",
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %q instead of %q", name, got, want)
		}
	}
	if n := bytes.Count(a.body, []byte("BEGIN:VEVENT")); n != 10 {
		t.Errorf("%d sessions", n)
	}
	for _, secret := range []string{s.secret, "Member", "Tuesdays", "upport", string(s.group.ID)} {
		if bytes.Contains(a.body, []byte(secret)) {
			t.Errorf("the calendar tells %q", secret)
		}
	}
}

func TestHeadOfAFeedSaysWhatGetDoes(t *testing.T) {
	t.Parallel()
	s := newSubscriber(t)
	get := s.get()
	head := s.call("HEAD", s.path, "", nil, "Accept-Encoding", "identity")
	if head.status != 200 || len(head.body) != 0 {
		t.Errorf("%d with %d octets", head.status, len(head.body))
	}
	get.header.Del("Date")
	for name, values := range get.header {
		if !slices.Equal(head.header[name], values) {
			t.Errorf("%s: %q of HEAD, %q of GET", name, head.header[name], values)
		}
	}
	none := strings.Replace(s.path, s.secret, account.NewToken(account.FeedPrefix), 1)
	if dead := s.call("HEAD", none, "", nil); dead.status != 404 {
		t.Errorf("HEAD of an address that is none: %d", dead.status)
	}
}

func TestAnUnchangedFeedIsNotSentAgain(t *testing.T) {
	t.Parallel()
	s := newSubscriber(t)
	first := s.get()
	tag, modified := first.header.Get("ETag"), first.header.Get("Last-Modified")
	at, err := http.ParseTime(modified)
	if err != nil || !strings.HasPrefix(tag, `"`) {
		t.Fatalf("ETag %q, Last-Modified %q", tag, modified)
	}
	before, after := at.Add(-time.Second).Format(http.TimeFormat), at.Add(time.Hour).Format(http.TimeFormat)
	for _, c := range []struct {
		name    string
		status  int
		headers []string
	}{
		{"its tag", 304, []string{"If-None-Match", tag}},
		{"its tag, weak", 304, []string{"If-None-Match", "W/" + tag}},
		{"its tag among others", 304, []string{"If-None-Match", `"a", ` + tag + `, "b"`}},
		{"any tag", 304, []string{"If-None-Match", "*"}},
		{"another tag", 200, []string{"If-None-Match", `"a"`}},
		{"its time", 304, []string{"If-Modified-Since", modified}},
		{"a later time", 304, []string{"If-Modified-Since", after}},
		{"an earlier time", 200, []string{"If-Modified-Since", before}},
		{"a time that is none", 200, []string{"If-Modified-Since", "yesterday"}},
		{"another tag and its time", 200, []string{"If-None-Match", `"a"`, "If-Modified-Since", modified}},
		{"its tag and an earlier time", 304, []string{"If-None-Match", tag, "If-Modified-Since", before}},
	} {
		a := s.get(c.headers...)
		if a.status != c.status || a.status == 304 && len(a.body) != 0 || a.status == 200 && len(a.body) == 0 {
			t.Errorf("%s: %d with %d octets", c.name, a.status, len(a.body))
		}
		if a.header.Get("ETag") != tag || a.header.Get("Cache-Control") != "private, no-cache" || a.header.Get("Vary") == "" {
			t.Errorf("%s: headers %v", c.name, a.header)
		}
	}
	if head := s.call("HEAD", s.path, "", nil, "Accept-Encoding", "identity", "If-None-Match", tag); head.status != 304 {
		t.Errorf("HEAD: %d", head.status)
	}
}

func TestAPackedFeedIsTheSameCalendarUnderATagOfItsOwn(t *testing.T) {
	t.Parallel()
	s := newSubscriber(t)
	plain := s.get()
	for _, accept := range []string{"gzip", "br, gzip;q=0.5", "GZIP", "deflate,gzip ; q=1"} {
		a := s.get("Accept-Encoding", accept)
		z, err := gzip.NewReader(bytes.NewReader(a.body))
		if err != nil || a.header.Get("Content-Encoding") != "gzip" || a.header.Get("Vary") != "Accept-Encoding" {
			t.Fatalf("%s: %v %v", accept, err, a.header)
		}
		if text, err := io.ReadAll(z); err != nil || !bytes.Equal(text, plain.body) {
			t.Errorf("%s unpacks to another calendar: %v", accept, err)
		}
		packed := a.header.Get("ETag")
		if packed == plain.header.Get("ETag") || packed == "" {
			t.Errorf("%s: tag %q", accept, packed)
		}
		s.get("Accept-Encoding", accept, "If-None-Match", packed).is(304)
		s.get("Accept-Encoding", accept, "If-None-Match", plain.header.Get("ETag")).is(200)
	}
	for _, accept := range []string{"identity", "gzip;q=0", "gzip; q=0.0", "br", "x-gzippy", ""} {
		if a := s.get("Accept-Encoding", accept); a.header.Get("Content-Encoding") != "" || !bytes.Equal(a.body, plain.body) {
			t.Errorf("%q: packed as %q", accept, a.header.Get("Content-Encoding"))
		}
	}
}

// A reader of calendars has no use for a part of one, and a part with a lost end is a lost calendar.
func TestAFeedIsNeverServedInParts(t *testing.T) {
	t.Parallel()
	s := newSubscriber(t)
	whole := s.get()
	for _, part := range []string{"bytes=0-9", "bytes=999999-", "bytes=-5", "bytes=0-1,5-6", "lines=1"} {
		if a := s.get("Range", part); a.status != 200 || !bytes.Equal(a.body, whole.body) {
			t.Errorf("%s: %d %.100s", part, a.status, a.body)
		}
	}
}
