// Package rig is what the programs that measure and the programs that break things have in common: a throw-away folder,
// the real server and its peers as processes of their own in it, and clients that speak to them as people's do. It
// leaves out what is measured or broken, and every verdict about it. Nothing but the programs under internal/bench and
// internal/faults imports it.
package rig

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// The programs that can be built, by import path. The stand-in takes the same settings as the server, the floor and
// PocketBase only --listen and --data, Toxiproxy what its own manual says.
const (
	Server     = "grupa/server"
	StandIn    = "grupa/internal/bench/standin"
	Floor      = "grupa/internal/bench/floor"
	PocketBase = "grupa/internal/bench/peers/pocketbase"
	Toxiproxy  = "github.com/Shopify/toxiproxy/v2/cmd/server"
)

// Bench is a throw-away folder with the built programs in it. Whoever makes one removes it.
type Bench struct {
	dir      string
	building sync.Mutex
	built    map[string]bool // guarded by building
}

// New makes the folder below parent, or where the system keeps its temporary files if parent is empty, and builds the
// programs into it. It must run inside the module.
func New(ctx context.Context, parent string, programs ...string) (*Bench, error) {
	dir, err := os.MkdirTemp(parent, "grupa-rig-")
	if err != nil {
		return nil, err
	}
	b := &Bench{dir: dir, built: map[string]bool{}}
	for _, program := range programs {
		if err := b.Build(ctx, program); err != nil {
			return nil, errors.Join(err, b.Remove())
		}
	}
	return b, nil
}

// Build builds a program into the folder, unless it is there. All are stripped, so that their sizes can be compared.
func (b *Bench) Build(ctx context.Context, program string) error {
	b.building.Lock()
	defer b.building.Unlock()
	if b.built[program] {
		return nil
	}
	folder, err := moduleOf(ctx, program)
	if err != nil {
		return err
	}
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", b.Binary(program), program)
	build.Dir = folder
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w: %s", program, err, out)
	}
	b.built[program] = true
	return nil
}

// moduleOf is the folder of the module that a program is built in: the peers have one of their own, so that nothing of
// theirs is among what the server depends on.
func moduleOf(ctx context.Context, program string) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	root := strings.TrimSpace(string(out))
	if program == PocketBase || program == Toxiproxy {
		return filepath.Join(root, "internal", "bench", "peers"), nil
	}
	return root, nil
}

// PeerVersions says which versions of these modules the peers are built from.
func PeerVersions(ctx context.Context, modules ...string) ([]string, error) {
	folder, err := moduleOf(ctx, PocketBase)
	if err != nil {
		return nil, err
	}
	list := exec.CommandContext(ctx, "go", append([]string{"list", "-m"}, modules...)...)
	list.Dir = folder
	out, err := list.Output()
	return strings.Split(strings.TrimSpace(string(out)), "\n"), err
}

// Remove removes the folder and everything in it. Its programs must have ended.
func (b *Bench) Remove() error { return os.RemoveAll(b.dir) }

// Dir is the folder, for files of the caller's own.
func (b *Bench) Dir() string { return b.dir }

// Binary is where a program is once it was built.
func (b *Bench) Binary(program string) string {
	return filepath.Join(b.dir, strings.ReplaceAll(program, "/", "-")+".bin")
}
