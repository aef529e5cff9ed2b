package api_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"grupa/api"
	"grupa/calendar/ics"
)

const (
	manyFeeds    = 2000
	mostAFeed    = 15_000 // octets: 10,000 feeds in 150 MB
	feedsVariant = "GRUPA_TEST_FEEDS"
)

// The process is one of its own, so that no test beside this one is measured.
func TestTenThousandFeedsFitIntoTheMemory(t *testing.T) {
	t.Parallel()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestMeasuredFeeds$", "-test.v")
	child.Env = append(os.Environ(), feedsVariant+"=1")
	out, err := child.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "octets a feed") {
		t.Fatalf("%v: %s", err, out)
	}
}

// TestMeasuredFeeds is what the test above runs in a process of its own.
func TestMeasuredFeeds(t *testing.T) {
	if os.Getenv(feedsVariant) == "" {
		t.SkipNow()
	}
	cache := api.NewFeedCache(manyFeeds * mostAFeed)
	cache.Keep(1, "warm", yearOfFeed(t, -1), true) // the packer's own megabyte comes once
	before := heap()
	for n := range manyFeeds {
		cache.Keep(1, fmt.Sprint(n), yearOfFeed(t, n), true)
	}
	grew := heap() - before
	counted, feeds := cache.Counted()
	t.Logf("%d octets a feed, counted as %d", grew/manyFeeds, counted/feeds)
	if feeds != manyFeeds+1 || grew > manyFeeds*mostAFeed {
		t.Errorf("%d feeds take %d octets", feeds, grew)
	}
	if counted < grew*9/10 {
		t.Errorf("%d octets are counted as %d", grew, counted)
	}
	runtime.KeepAlive(cache)
}

func heap() int {
	runtime.GC()
	runtime.GC() // pools are emptied by the second one
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// yearOfFeed is 52 weekly sessions.
func yearOfFeed(t *testing.T, feed int) []byte {
	t.Helper()
	at := time.Date(2026, time.September, 1, 8, 0, 0, 0, time.UTC)
	c := ics.Calendar{Name: "Appointment", Zone: "Europe/Warsaw", Modified: at}
	key := fmt.Appendf(nil, "%016d", feed)
	for n := range 52 {
		start := at.AddDate(0, 0, 7*n).Add(10 * time.Hour)
		c.Events = append(c.Events, ics.Event{
			UID: ics.UID(key, fmt.Sprint(n)), Start: start, End: start.Add(90 * time.Minute), Zone: "Europe/Warsaw",
			Created: at, Modified: at, Summary: "Appointment",
		})
	}
	body, err := ics.Render(c)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestWhatFeedsTakeStaysWithinItsBound(t *testing.T) {
	t.Parallel()
	const most = 100_000
	cache := api.NewFeedCache(most)
	for n := range 200 {
		cache.Keep(1, fmt.Sprint(n%150), make([]byte, 1000+n*10), false)
		if bytes, feeds := cache.Counted(); bytes > most || feeds == 0 {
			t.Fatalf("%d feeds of %d octets", feeds, bytes)
		}
	}
	cache.Keep(2, "new", make([]byte, 1000), false)
	if _, feeds := cache.Counted(); feeds != 1 || cache.Body(2, "new", false) == nil {
		t.Errorf("%d feeds where one is of the new version", feeds)
	}
	if cache.Body(1, "new", false) != nil || cache.Body(2, "new", true) != nil || cache.Body(2, "149", false) != nil {
		t.Error("a feed is given for another one")
	}
}
