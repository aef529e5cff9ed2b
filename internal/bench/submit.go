package main

import (
	"context"
	"net/http"

	"grupa/internal/bench/rig"
)

// submitParts compare taking a filled form over HTTP.
func submitParts() []part {
	return []part{
		{"submissions", []int{1, 2, 3, 4}, submissions},
		{"submissions, a commit each", nil, commits},
	}
}

// submissions compares the real server, on disk before it answers, with PocketBase and the floor.
func submissions(ctx context.Context, s *stage) (r report, err error) {
	grupa, _, err := s.grupa(ctx, s.applications)
	if err != nil {
		return r, err
	}
	pocketBase, err := s.pocketBase(ctx, s.applications)
	if err != nil {
		return r, err
	}
	floor, err := s.floor(ctx, s.applications)
	if err != nil {
		return r, err
	}
	var ways []way
	for _, clients := range []int{1, 16, 64} {
		for _, c := range []struct {
			name string
			to   *rig.Process
			form submission
		}{
			{"Grupa", grupa, ourSubmission()}, {"PocketBase", pocketBase, theirSubmission()},
			{"floor", floor, floorSubmission()},
		} {
			w, err := s.submitting(c.name, c.to, c.form, clients)
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
	one, sixteen, many := all[:3], all[3:6], all[6:]
	r.rows = []row{
		{number: 1, work: "submission / PocketBase's create, 1 client", ratio: one[0].over(one[1]), must: atLeast(1),
			aim: atLeast(1.5), finding: aloneFinding},
		{number: 2, work: "the same, 16 clients", ratio: sixteen[0].over(sixteen[1]), must: atLeast(2.5), aim: atLeast(4),
			finding: togetherFinding},
		{number: 2, work: "the same, 64 clients", ratio: many[0].over(many[1]), must: atLeast(3), aim: atLeast(5),
			finding: togetherFinding},
		{number: 3, work: "submission / floor, 16 clients", ratio: sixteen[0].over(sixteen[2]), must: atLeast(0.7),
			aim: atLeast(0.95), finding: floorFinding},
		{number: 3, work: "the same, 64 clients", ratio: many[0].over(many[2]), must: atLeast(0.7), aim: atLeast(0.95),
			finding: floorFinding},
		{number: 4, work: "p99 of a submission / of PocketBase's create, 16 clients", ratio: sixteen[0].p99Over(sixteen[1]),
			must: atMost(0.5), aim: atMost(0.25), finding: togetherFinding},
	}
	r.figures = figures("submission over HTTP", all...)
	return r, nil
}

// commits compares the real server with what it would be without group commit: the stand-in, which differs from itself
// in nothing else, and the floor.
func commits(ctx context.Context, s *stage) (r report, err error) {
	var ways []way
	for _, c := range []struct {
		name, program string
		form          submission
		args          []string
	}{
		{"Grupa", rig.Server, ourSubmission(), nil},
		{"stand-in, group commit", rig.StandIn, ourSubmission(), []string{"--mode", "together"}},
		{"stand-in, a commit each", rig.StandIn, ourSubmission(), []string{"--mode", "alone"}},
		{"floor, a commit each", rig.Floor, floorSubmission(), []string{"--together", "1"}},
	} {
		place, err := s.place()
		if err != nil {
			return r, err
		}
		p, err := s.start(ctx, c.program, place, c.args...)
		if err != nil {
			return r, err
		}
		w, err := s.submitting(c.name, p, c.form, writers)
		if err != nil {
			return r, err
		}
		ways = append(ways, w)
	}
	all, err := compare(ctx, s.turns, ways...)
	if err != nil {
		return r, err
	}
	r.rows = []row{
		{work: "submission, 64 clients: group commit / a commit each (stand-in)", ratio: all[1].over(all[2])},
		{work: "submission, 64 clients: Grupa / floor with a commit each", ratio: all[0].over(all[3])},
	}
	r.figures = figures("submission over HTTP, nothing there before", all...)
	return r, nil
}

// submission is where and how a server takes a filled form.
type submission struct {
	path string
	form []byte // marked
	want int
}

func ourSubmission() submission {
	return submission{"/api/v1/applications", rig.MarkedForm(), http.StatusCreated}
}

func theirSubmission() submission {
	return submission{"/api/collections/intake/records", rig.MarkedRecord(), http.StatusOK}
}

func floorSubmission() submission {
	return submission{"/records", rig.MarkedRecord(), http.StatusCreated}
}

// submitting is the way of that many applicants who each send a form of their own.
func (s *stage) submitting(name string, to *rig.Process, what submission, clients int) (way, error) {
	wires, err := s.wires(to.URL, clients)
	if err != nil {
		return way{}, err
	}
	request, err := wires.Request(http.MethodPost, what.path, map[string]string{"Content-Type": "application/json"},
		what.form)
	return way{
		name: name, clients: clients, servers: []*rig.Process{to},
		do: func(ctx context.Context) error { return wires.Send(ctx, rig.Unmark(request), what.want) },
	}, err
}
