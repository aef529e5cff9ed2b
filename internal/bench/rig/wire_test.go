package rig

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// peer answers as servers do: of known length, in chunks, without a body, with an error.
func peer(t *testing.T) *Wires {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /whole", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("whole"))
	})
	mux.HandleFunc("GET /chunks", func(w http.ResponseWriter, _ *http.Request) {
		for range 3 {
			_, _ = w.Write([]byte(strings.Repeat("chunk", 5000)))
			w.(http.Flusher).Flush()
		}
	})
	mux.HandleFunc("GET /unchanged", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") != `"tag"` {
			t.Error("the header did not come")
		}
		w.WriteHeader(http.StatusNotModified)
	})
	mux.HandleFunc("GET /broken", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "the reason", http.StatusConflict)
	})
	mux.HandleFunc("POST /form", func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength <= 0 || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("length %d, type %s", r.ContentLength, r.Header.Get("Content-Type"))
		}
		w.WriteHeader(http.StatusCreated)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	wires, err := NewWires(server.URL, 2)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = wires.Close() })
	return wires
}

func TestEveryAnswerIsReadToItsEnd(t *testing.T) {
	t.Parallel()
	wires := peer(t)
	for range 3 { // over the same connections: what an answer leaves unread spoils the next
		for _, c := range []struct {
			method, path string
			headers      map[string]string
			body         string
			want         int
		}{
			{"GET", "/whole", nil, "", 200}, {"GET", "/chunks", nil, "", 200},
			{"GET", "/unchanged", map[string]string{"If-None-Match": `"tag"`}, "", 304},
			{"POST", "/form", map[string]string{"Content-Type": "application/json"}, "{}", 201},
		} {
			request, err := wires.Request(c.method, c.path, c.headers, []byte(c.body))
			if err != nil {
				t.Fatal(err)
			}
			if err := wires.Send(t.Context(), request, c.want); err != nil {
				t.Errorf("%s: %v", c.path, err)
			}
		}
	}
}

func TestAnotherStatusIsAnErrorWithWhatItSaid(t *testing.T) {
	t.Parallel()
	wires := peer(t)
	request, err := wires.Request("GET", "/broken", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 { // more often than there are connections: none may be lost by it
		answer, ok := errors.AsType[*Answered](wires.Send(t.Context(), request, 200))
		if !ok || answer.Status != http.StatusConflict || strings.TrimSpace(answer.Body) != "the reason" {
			t.Errorf("%v", answer)
		}
	}
}

func TestAServerThatIsGoneIsAnError(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	wires, err := NewWires(server.URL, 1)
	if err != nil {
		t.Fatal(err)
	}
	request, err := wires.Request("GET", "/", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := wires.Send(t.Context(), request, http.StatusNotFound); err != nil {
		t.Fatal(err)
	}
	server.Close()
	for range 2 {
		if err := wires.Send(t.Context(), request, http.StatusNotFound); err == nil {
			t.Error("nobody answered, and it was taken for an answer")
		}
	}
}

func TestNoMoreConnectionsAreOpenThanWereAskedFor(t *testing.T) {
	t.Parallel()
	var open, most atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		most.Store(max(most.Load(), open.Add(1)))
		open.Add(-1)
	}))
	t.Cleanup(server.Close)
	wires, err := NewWires(server.URL, 2)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = wires.Close() })
	request, err := wires.Request("GET", "/", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			if err := wires.Send(context.WithoutCancel(t.Context()), request, 200); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if most.Load() > 2 {
		t.Errorf("%d at once", most.Load())
	}
}
