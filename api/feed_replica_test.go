package api_test

import (
	"bytes"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"grupa/api"
	"grupa/group"
	"grupa/internal/store"
	"grupa/internal/store/seal"
	"grupa/internal/store/storetest"
)

// replica is a second server on the subscriber's database, with a store of its own.
type replica struct {
	*service
	db *store.DB
}

func newReplica(t testing.TB, s *subscriber) *replica {
	t.Helper()
	ring, err := seal.New(storetest.Key())
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), store.Config{
		Database: s.Database, Sealing: ring, Now: s.Clock.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // some tests have closed it
	cfg := configOf(t, s.Store)
	cfg.DB = db
	return &replica{served(t, s.service, cfg, nil), db}
}

func (r *replica) get(path string, headers ...string) answer {
	r.t.Helper()
	return r.call("GET", path, "", nil, append([]string{"Accept-Encoding", "identity"}, headers...)...)
}

func TestAStoppedFeedIsDeadOnEveryReplicaWithinASecond(t *testing.T) {
	t.Parallel()
	s := newSubscriber(t)
	other := newReplica(t, s)
	s.get().is(200)
	tag := other.get(s.path).header.Get("ETag")
	s.call("DELETE", "/api/v1/me/feeds/"+s.feed.ID, s.person.Receipt, nil).is(204)
	s.get().is(404)
	s.Clock.Advance(time.Second - 1)
	if a := other.get(s.path); a.status != 200 {
		t.Fatalf("%d: the other replica asked the database, so this test shows nothing", a.status)
	}
	s.Clock.Advance(1)
	other.get(s.path).is(404)
	other.get(s.path, "If-None-Match", tag).is(404)
	other.get(s.path, "If-None-Match", "*").is(404)
}

// Each of what a feed shows, changed on one replica, is in the feed of the other a second later.
func TestWhateverAFeedShowsChangesOnEveryReplicaWithinASecond(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*subscriber){
		"a session is moved": func(s *subscriber) {
			s.patch(0, map[string]any{"start_local": "2026-09-30T19:15"})
		},
		"a session is cancelled": func(s *subscriber) { s.patch(0, map[string]any{"state": "cancelled"}) },
		"sessions are planned":   func(s *subscriber) { s.plan(s.group, "2026-09-28T18:00", 2) },
		"the member leaves": func(s *subscriber) {
			s.call("POST", "/api/v1/me/withdraw", s.person.Receipt, nil).is(204)
		},
		"the group is cancelled": func(s *subscriber) {
			s.Do(s.coordinator, func(tx *store.Tx) error {
				_, err := group.Update(tx, s.group.ID, s.group.Version, group.Change{State: new(group.Cancelled)})
				return err
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSubscriber(t)
			other := newReplica(t, s)
			before := other.get(s.path)
			before.is(200)
			change(s)
			fresh := s.get()
			if bytes.Equal(fresh.body, before.body) {
				t.Fatal("the feed is the same where it was changed")
			}
			s.Clock.Advance(time.Second)
			after := other.get(s.path, "If-None-Match", before.header.Get("ETag"))
			if after.status != 200 || !bytes.Equal(after.body, fresh.body) {
				t.Errorf("%d, and not what the first replica says", after.status)
			}
		})
	}
}

// A feed may be there before its owner is a member.
func TestASeatThatIsTakenShowsOnEveryReplicaWithinASecond(t *testing.T) {
	t.Parallel()
	s := newSubscriber(t)
	other, p := newReplica(t, s), s.Apply(storetest.Filled("Later"))
	_, secret := s.observed.feed(p)
	path := "/calendar/" + secret + "/calendar.ics"
	if a := other.get(path); a.status != 200 || bytes.Contains(a.body, []byte("BEGIN:VEVENT")) {
		t.Fatalf("%d: %s", a.status, a.body)
	}
	s.Join(s.coordinator, p, s.group)
	s.Clock.Advance(time.Second)
	if n := bytes.Count(other.get(path).body, []byte("BEGIN:VEVENT")); n != 10 {
		t.Errorf("%d sessions", n)
	}
}

// patch changes the nth session of the group.
func (s *subscriber) patch(n int, body map[string]any) {
	s.t.Helper()
	var list api.SessionList
	s.call("GET", "/api/v1/groups/"+string(s.group.ID)+"/sessions", s.token, nil).into(200, &list)
	s.call("PATCH", "/api/v1/sessions/"+list.Items[n].ID, s.token, body, "If-Match", `"1"`).is(200)
}

// A calendar that gets no answer keeps what it has; one that is served a feed for ever would keep a revoked one.
func TestAFeedIsNotServedForLongerThanASecondWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	s := newSubscriber(t)
	other := newReplica(t, s)
	tag := other.get(s.path).header.Get("ETag")
	if err := other.db.Close(); err != nil {
		t.Fatal(err)
	}
	s.Clock.Advance(time.Second - 1)
	other.get(s.path).is(200)
	s.Clock.Advance(1)
	for _, a := range []answer{other.get(s.path), other.get(s.path, "If-None-Match", tag)} {
		a.is(503)
		if a.header.Get("Retry-After") == "" {
			t.Error("nothing says when to come back")
		}
	}
	s.Clock.Advance(-2 * time.Second) // a clock that was put back makes nothing younger
	other.get(s.path).is(503)
}

// Whoever changes something and looks at once, sees it: the second of trust is other replicas' alone.
func TestAChangeIsSeenAtOnceWhereItWasMade(t *testing.T) {
	t.Parallel()
	s := newSubscriber(t)
	sessions := s.plan(s.group, "2026-12-07T08:00", 4)
	for n, id := range sessions {
		s.call("PATCH", "/api/v1/sessions/"+id, s.token, map[string]any{"state": "cancelled"}, "If-Match", `"1"`).is(200)
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() {
				if a := s.get(); bytes.Count(a.body, []byte("STATUS:CANCELLED")) != n+1 {
					t.Errorf("%d after %d sessions were cancelled", bytes.Count(a.body, []byte("STATUS:CANCELLED")), n+1)
				}
			})
		}
		readers.Wait()
	}
}

// The window of a feed moves with the day, on a server that nobody changes anything on.
func TestAFeedFromMemoryIsOfToday(t *testing.T) {
	t.Parallel()
	s := newSubscriber(t)
	s.get().is(200)
	s.Clock.Set(time.Date(2027, time.September, 29, 23, 59, 59, 0, time.UTC)) // the feed has expired by then
	s.get().is(404)
	var made api.FeedWithAddress
	s.call("POST", "/api/v1/me/feeds", s.person.Receipt, map[string]any{}).into(201, &made)
	path := "/calendar" + made.URL[len("https://groups.example.org/calendar"):]
	last := func() int {
		a := s.get0(path)
		a.is(200)
		return bytes.Count(a.body, []byte("BEGIN:VEVENT"))
	}
	before := last()
	s.Clock.Advance(time.Second) // the first session is more than a year ago now
	if after := last(); after != before-1 {
		t.Errorf("%d sessions, a day later %d", before, after)
	}
}
