package rig

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// PlaceIn is a place in a folder of the caller's own, which may be on a disk of its own. Whoever made the folder
// removes it.
func PlaceIn(dir string) Place { return Place{dir} }

// Command is a program on a place, not started yet.
func (b *Bench) Command(ctx context.Context, program string, at Place, args ...string) *exec.Cmd {
	return b.command(ctx, program, at, args...)
}

// PID is the number of the process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// LastWords is the end of what the process wrote to its log.
func (p *Process) LastWords() string { return p.lastWords() }

// Pause stops every thread of the process where it is, until it is killed. It can be done on Linux only.
func (p *Process) Pause(ctx context.Context) error {
	if err := p.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		stopped, err := p.stopped()
		if err != nil || stopped {
			return err
		}
		select {
		case <-tick.C:
		case <-p.exited:
			return fmt.Errorf("it ended before it was stopped: %s", p.lastWords())
		case <-ctx.Done():
			return errors.New("it can't be stopped")
		}
	}
}

// stopped says whether no thread runs or waits for a disk any more.
func (p *Process) stopped() (bool, error) {
	threads, err := filepath.Glob(p.proc("task/*/stat"))
	if err != nil || len(threads) == 0 {
		return false, errors.Join(errors.New("its threads can't be seen"), err)
	}
	for _, thread := range threads {
		raw, err := os.ReadFile(thread)
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			continue // it has just ended
		}
		if err != nil {
			return false, err
		}
		// The state follows the name, which may hold anything but ends at the last parenthesis.
		_, state, _ := strings.Cut(string(raw[strings.LastIndexByte(string(raw), ')'):]), " ")
		if !strings.HasPrefix(state, "T") {
			return false, nil
		}
	}
	return true, nil
}
