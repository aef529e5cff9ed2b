package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// heard is a writer that tells of each write.
type heard struct{ writes chan string }

func (h heard) Write(b []byte) (int, error) {
	h.writes <- string(b)
	return len(b), nil
}

func TestALineIsWhatSlogWouldWrite(t *testing.T) {
	t.Parallel()
	for _, a := range []access{
		{at: time.Now(), requestID: "ABC", method: "GET", route: "/calendar/:token/calendar.ics", status: 304, took: 1234},
		{at: time.Unix(1, 5).UTC(), requestID: "X2", method: "(other)", route: "(none)", actor: "ID7", status: 500},
	} {
		var ours, theirs bytes.Buffer
		l := newAccessLog(&ours)
		l.add(a)
		l.flush()
		r := slog.NewRecord(a.at, slog.LevelInfo, "request", 0)
		r.AddAttrs(slog.String("request_id", a.requestID), slog.String("method", a.method), slog.String("route", a.route),
			slog.Int("status", a.status), slog.Duration("took", a.took))
		if a.actor != "" {
			r.AddAttrs(slog.String("actor", a.actor))
		}
		if err := slog.NewJSONHandler(&theirs, nil).Handle(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(theirs.String(), ours.String()); diff != "" {
			t.Errorf("slog's (-) and ours (+):\n%s", diff)
		}
	}
}

func TestALineDoesNotWaitForAnother(t *testing.T) {
	t.Parallel()
	h := heard{make(chan string)}
	l := newAccessLog(h)
	for n := range 3 {
		l.add(access{status: n})
		if got := <-h.writes; strings.Count(got, "\n") != 1 || !strings.Contains(got, fmt.Sprintf(`"status":%d,`, n)) {
			t.Errorf("%q", got)
		}
	}
}

func TestNoLineIsLostOrTorn(t *testing.T) {
	t.Parallel()
	const goroutines, each = 8, 2000
	var out bytes.Buffer
	l := newAccessLog(&out) // which has its writes one after another
	var busy sync.WaitGroup
	for n := range goroutines {
		busy.Go(func() {
			for status := range each {
				l.add(access{requestID: fmt.Sprint(n), status: status})
			}
		})
	}
	busy.Wait()
	l.flush()
	next := map[string]int{} // by goroutine: its lines keep their order
	for text := range strings.Lines(out.String()) {
		var line struct {
			ID     string `json:"request_id"`
			Status int    `json:"status"`
		}
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if line.Status != next[line.ID] {
			t.Fatalf("line %d of %s where %d should be", line.Status, line.ID, next[line.ID])
		}
		next[line.ID]++
	}
	for n := range goroutines {
		if next[fmt.Sprint(n)] != each {
			t.Errorf("%d lines of %d instead of %d", next[fmt.Sprint(n)], n, each)
		}
	}
}

func TestNothingInALineCanEndIt(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	l := newAccessLog(&out)
	l.add(access{requestID: "a\"b\\c\nd\x00e", method: "\u2028", route: `/x","status":200`, actor: "ż"})
	l.flush()
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil || strings.Count(out.String(), "\n") != 1 {
		t.Fatalf("%v: %s", err, out.String())
	}
	if line["request_id"] != "a?b?c?d?e" || line["route"] != "/x?,?status?:200" || line["status"] != 0.0 {
		t.Errorf("%s", out.String())
	}
}

func TestEveryAnswerIsInTheLogOfAServerThatWasStopped(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.start()
	const asked = 50
	for range asked {
		resp, err := http.Get(p.url + "/api/v1/help")
		if err != nil || resp.StatusCode != http.StatusOK || resp.Body.Close() != nil {
			t.Fatalf("%v %v", err, resp)
		}
	}
	p.stop()
	if lines := strings.Count(p.log.text(), `"route":"/api/v1/help"`); lines != asked {
		t.Errorf("%d lines of %d requests", lines, asked)
	}
}
