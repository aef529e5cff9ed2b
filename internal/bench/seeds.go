package main

import (
	"context"
	"strconv"

	"grupa/internal/bench/rig"
	"grupa/internal/bench/seed"
)

// seeds are installations with applications in them, made once for a run by whichever part needs them first. They go
// with the bench.
type seeds struct {
	grupa map[int]seeded
	peers map[peerSeed]rig.Place
}

func newSeeds() *seeds { return &seeds{map[int]seeded{}, map[peerSeed]rig.Place{}} }

type peerSeed struct {
	program string
	rows    int
}

// seeded is an installation with applications in it.
type seeded struct {
	rig.Place
	seed.Keys
}

// bearer is the header that shows the coordinator's token.
func (k seeded) bearer() map[string]string {
	return map[string]string{"Authorization": "Bearer " + k.Token}
}

// seeded gives a place of the part's own with that many applications and somebody who may list them.
func (s *stage) seeded(ctx context.Context, applications int) (seeded, error) {
	original, ok := s.seeds.grupa[applications]
	if !ok {
		place, err := s.Place()
		if err != nil {
			return seeded{}, err
		}
		at := seed.Installation{Database: place.Database(), KeyFile: place.KeyFile()}
		keys, err := seed.Fill(ctx, at, applications)
		if err != nil {
			return seeded{}, err
		}
		original = seeded{place, keys}
		s.seeds.grupa[applications] = original
	}
	place, err := s.copyOf(original.Place)
	return seeded{place, original.Keys}, err
}

// copyOf gives a copy that goes with the part.
func (s *stage) copyOf(p rig.Place) (rig.Place, error) {
	place, err := s.Copy(p)
	if err == nil {
		s.later(place.Remove)
	}
	return place, err
}

// grupa starts the real server on that many applications.
func (s *stage) grupa(ctx context.Context, applications int, args ...string) (*rig.Process, seeded, error) {
	at, err := s.seeded(ctx, applications)
	if err != nil {
		return nil, at, err
	}
	p, err := s.start(ctx, rig.Server, at.Place, args...)
	return p, at, err
}

// pocketBase starts PocketBase on that many rows. They are listed at /api/collections/intake/records, for everybody.
func (s *stage) pocketBase(ctx context.Context, rows int) (*rig.Process, error) {
	return s.peer(ctx, rig.PocketBase, rows)
}

// floor starts the floor on that many rows.
func (s *stage) floor(ctx context.Context, rows int, args ...string) (*rig.Process, error) {
	return s.peer(ctx, rig.Floor, rows, args...)
}

func (s *stage) peer(ctx context.Context, program string, rows int, args ...string) (*rig.Process, error) {
	at, err := s.peerSeeded(ctx, program, rows)
	if err != nil {
		return nil, err
	}
	return s.start(ctx, program, at, args...)
}

// peerSeeded gives a place of the part's own with that many rows of a peer.
func (s *stage) peerSeeded(ctx context.Context, program string, rows int) (rig.Place, error) {
	original, ok := s.seeds.peers[peerSeed{program, rows}]
	if !ok {
		var err error
		if original, err = s.Place(); err != nil {
			return original, err
		}
		if err := s.Build(ctx, program); err != nil {
			return original, err
		}
		if _, err := s.Run(ctx, program, original, "seed", "--rows", strconv.Itoa(rows)); err != nil {
			return original, err
		}
		s.seeds.peers[peerSeed{program, rows}] = original
	}
	return s.copyOf(original)
}
