// Package rig is what the programs that measure and the programs that break things have in common: a throw-away folder,
// the real server as a process of its own in it, and clients that speak to it as people's do. It leaves out what is
// measured or broken, and every verdict about it. Nothing but the programs under internal/bench and internal/faults
// imports it.
package rig

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// The programs that Build can build, by import path. The stand-in takes the same settings as the server.
const (
	Server  = "grupa/server"
	StandIn = "grupa/internal/bench/standin"
)

// Bench is a throw-away folder with the built programs in it. Whoever makes one removes it.
type Bench struct{ dir string }

// New makes the folder below parent, or where the system keeps its temporary files if parent is empty, and builds the
// programs into it. It must run inside the module.
func New(ctx context.Context, parent string, programs ...string) (*Bench, error) {
	dir, err := os.MkdirTemp(parent, "grupa-rig-")
	if err != nil {
		return nil, err
	}
	b := &Bench{dir}
	for _, program := range programs {
		build := exec.CommandContext(ctx, "go", "build", "-o", b.binary(program), program)
		if out, err := build.CombinedOutput(); err != nil {
			return nil, errors.Join(fmt.Errorf("build %s: %w: %s", program, err, out), b.Remove())
		}
	}
	return b, nil
}

// Remove removes the folder and everything in it. Its programs must have ended.
func (b *Bench) Remove() error { return os.RemoveAll(b.dir) }

// Dir is the folder, for files of the caller's own.
func (b *Bench) Dir() string { return b.dir }

func (b *Bench) binary(program string) string {
	return filepath.Join(b.dir, filepath.Base(program)+".bin")
}

// Place is the folder of one installation: its data, its key, its log.
type Place struct{ dir string }

// Place makes an empty place.
func (b *Bench) Place() (Place, error) {
	dir, err := os.MkdirTemp(b.dir, "place-")
	return Place{dir}, err
}

// Remove removes the place. Programs on it must have ended.
func (p Place) Remove() error { return os.RemoveAll(p.dir) }

// settings are the flags that keep a program inside the place and on this machine.
func (p Place) settings() []string {
	return []string{
		"--data", filepath.Join(p.dir, "data"), "--key-file", filepath.Join(p.dir, "keys", "grupa.key"),
		"--help-contacts", filepath.Join(p.dir, "help"),
	}
}

func (p Place) log() string { return filepath.Join(p.dir, "log") }
