package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"grupa/internal/bench/rig"
)

// feedParts compare a feed with the same bytes from a bare net/http handler.
func feedParts() []part { return []part{{"feeds", []int{10, 11}, feeds}} }

const bare = "grupa/internal/bench/bare"

// What keeps the rows below their aims, seen in profiles of the server under that load.
const (
	unchangedFinding = "The server works 1.25 times as long for it as bare net/http. Of what is more, two thirds is the " +
		"way through router, request id, caller, access log and the look into memory, a fifth that net/http copies, sorts " +
		"and writes 6 headers instead of 1, a seventh the deadlines against slow clients."
	wholeFinding = "As with 304, but 12 headers instead of 3: net/http keeps them in a map that it grows and copies."
)

func feeds(ctx context.Context, s *stage) (r report, err error) {
	at, path, err := s.subscribed(ctx)
	if err != nil {
		return r, err
	}
	server, err := s.start(ctx, rig.Server, at)
	if err != nil {
		return r, err
	}
	for _, encoding := range []string{"identity", "gzip"} {
		file, tag, err := s.fetched(ctx, server.URL+path, encoding)
		if err != nil {
			return r, err
		}
		place, err := s.place()
		if err != nil {
			return r, err
		}
		peer, err := s.start(ctx, bare, place, "--file", file)
		if err != nil {
			return r, err
		}
		_, peerTag, err := s.fetched(ctx, peer.URL, encoding)
		if err != nil {
			return r, err
		}
		for _, clients := range []int{16, 64} {
			ours := feedAt{"feed", server, path, encoding, tag}
			theirs := feedAt{"bare net/http", peer, "/", encoding, peerTag}
			if err := s.feedRows(ctx, &r, clients, ours, theirs); err != nil {
				return r, err
			}
		}
	}
	return r, nil
}

// feedAt is where a feed is asked for.
type feedAt struct {
	name           string
	server         *rig.Process
	path           string
	encoding, etag string
}

// feedRows measures one encoding with so many clients.
func (s *stage) feedRows(ctx context.Context, r *report, clients int, ours, theirs feedAt) error {
	var ways []way
	for _, f := range []feedAt{ours, theirs} {
		unchanged, err := f.way(s, clients, http.StatusNotModified)
		if err != nil {
			return err
		}
		whole, err := f.way(s, clients, http.StatusOK)
		if err != nil {
			return err
		}
		ways = append(ways, unchanged, whole)
	}
	all, err := compare(ctx, s.turns, ways...)
	if err != nil {
		return err
	}
	what := fmt.Sprintf(", %s, %d clients", ours.encoding, clients)
	r.rows = append(r.rows,
		row{number: 10, work: "feed 304 / bare net/http 304" + what, ratio: all[0].over(all[2]),
			must: atLeast(0.7), aim: atLeast(0.9), finding: unchangedFinding},
		row{number: 11, work: "feed 200 / bare net/http 200" + what, ratio: all[1].over(all[3]),
			must: atLeast(0.7), aim: atLeast(0.9), finding: wholeFinding})
	r.figures += figures("a feed of 52 sessions, "+ours.encoding, all...) + "\n"
	return nil
}

func (f feedAt) way(s *stage, clients, want int) (way, error) {
	wires, err := s.wires(f.server.URL, clients)
	if err != nil {
		return way{}, err
	}
	headers := map[string]string{"Accept-Encoding": f.encoding}
	if want == http.StatusNotModified {
		headers["If-None-Match"] = f.etag
	}
	do, err := get(wires, f.path, headers, want)
	name := fmt.Sprintf("%s %d", f.name, want)
	return way{name: name, clients: clients, do: do, servers: []*rig.Process{f.server}}, err
}

// fetched keeps what a server sends in a file, and gives its tag.
func (s *stage) fetched(ctx context.Context, url, encoding string) (file, tag string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", "", err
	}
	r.Header.Set("Accept-Encoding", encoding)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", "", err
	}
	defer func() { _ = resp.Body.Close() }() // read to its end, or given up
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", "", err
	}
	if resp.StatusCode != http.StatusOK {
		return "", "", fmt.Errorf("%s instead of a feed", resp.Status)
	}
	file = filepath.Join(s.Dir(), "feed."+encoding)
	return file, resp.Header.Get("ETag"), os.WriteFile(file, body, 0o600)
}
