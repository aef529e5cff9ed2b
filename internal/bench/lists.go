package main

import (
	"context"
	"net/http"
	"net/url"

	"grupa/internal/bench/rig"
	"grupa/internal/bench/seed"
)

// listParts compare lists and searches.
func listParts() []part {
	return []part{
		{"lists", []int{6, 7}, lists},
		{"search", []int{9}, search},
		{"lists as they grow", []int{8}, growth},
	}
}

const handWritten = "grupa/internal/bench/lists"

// Where both list, and what PocketBase is asked for: records like those of an application, with the same filter.
const (
	ourList   = "/api/v1/applications?limit=30"
	theirList = "/api/collections/intake/records?perPage=30&sort=-created&filter="
)

// lists compares the list with PocketBase's, and with one that was written by hand for the same database. That one
// looks up a token, too; PocketBase lists to everybody.
func lists(ctx context.Context, s *stage) (r report, err error) {
	grupa, at, err := s.grupa(ctx, s.applications)
	if err != nil {
		return r, err
	}
	pocketBase, err := s.pocketBase(ctx, s.applications)
	if err != nil {
		return r, err
	}
	byHand, err := s.start(ctx, handWritten, at.Place)
	if err != nil {
		return r, err
	}
	const filter = "state=waitlisted&language=pl"
	theirs := theirList + url.QueryEscape("status='waitlisted'&&language='pl'")
	var ways []way
	for _, clients := range []int{1, readers} {
		for _, c := range []struct {
			name    string
			server  *rig.Process
			path    string
			headers map[string]string
		}{
			{"Grupa", grupa, ourList + "&total=true&" + filter, at.bearer()},
			{"PocketBase", pocketBase, theirs, nil},
			{"by hand", byHand, "/applications?" + filter, at.bearer()},
		} {
			w, err := s.listing(c.name, c.server, c.path, c.headers, clients)
			if err != nil {
				return r, err
			}
			ways = append(ways, w)
		}
	}
	all, err := compare(ctx, s.turns, ways...)
	if err != nil {
		return r, err
	}
	one, many := all[:3], all[3:]
	r.rows = []row{
		{number: 6, work: "list of 30 with total, two filters / PocketBase's, 1 client", ratio: one[0].over(one[1]),
			must: atLeast(3), aim: atLeast(6)},
		{number: 6, work: "the same, 16 clients", ratio: many[0].over(many[1]), must: atLeast(3), aim: atLeast(6)},
		{number: 7, work: "the same list / by hand with database/sql and bare Echo, 1 client",
			ratio: one[0].over(one[2]), must: atLeast(0.8), aim: atLeast(1.2), finding: handFinding},
		{number: 7, work: "the same, 16 clients", ratio: many[0].over(many[2]), must: atLeast(0.8), aim: atLeast(1.2),
			finding: handFinding},
	}
	r.figures = figures("list of 30 with total over HTTP", all...)
	return r, nil
}

// handFinding is what keeps the list below its aim, seen in a profile of the server under that load.
const handFinding = "Both do the same work in SQLite, two fifths of the server's CPU for it. What the list spares in " +
	"JSON it spends on two snapshots instead of none, checked parameters, a request id, a log line and headers."

// listing is the way of clients who ask for the same page again and again.
func (s *stage) listing(
	name string, at *rig.Process, path string, headers map[string]string, clients int,
) (way, error) {
	wires, err := s.wires(at.URL, clients)
	if err != nil {
		return way{}, err
	}
	do, err := get(wires, path, headers, http.StatusOK)
	return way{name: name, clients: clients, do: do, servers: []*rig.Process{at}}, err
}

// search compares looking for one person by their mail address.
func search(ctx context.Context, s *stage) (r report, err error) {
	grupa, at, err := s.grupa(ctx, s.applications)
	if err != nil {
		return r, err
	}
	pocketBase, err := s.pocketBase(ctx, s.applications)
	if err != nil {
		return r, err
	}
	email := seed.Email(s.applications / 2)
	ours, err := s.listing("Grupa, a whole word of sealed contacts", grupa, ourList+"&q="+email, at.bearer(), 1)
	if err != nil {
		return r, err
	}
	part := theirList + url.QueryEscape("email~'"+email+"'")
	theirs, err := s.listing("PocketBase, a part of a text", pocketBase, part, nil, 1)
	if err != nil {
		return r, err
	}
	all, err := compare(ctx, s.turns, ours, theirs)
	if err != nil {
		return r, err
	}
	r.rows = []row{{number: 9, work: "search for a whole word / PocketBase's substring, 1 client",
		ratio: all[0].over(all[1]), must: atLeast(50), aim: atLeast(200)}}
	r.figures = figures("search over HTTP", all...)
	return r, nil
}
