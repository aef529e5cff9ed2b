package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// saboteur is strace attached to a running process: from then on it lets system calls fail, as a disk does. Whoever
// attaches one detaches it, which makes the calls work again.
type saboteur struct {
	pid int // of the process that it is attached to
	cmd *exec.Cmd
	log *os.File
}

// canTrace is errMissing where strace can't be used.
func canTrace(ctx context.Context) error {
	if err := have("strace"); err != nil {
		return err
	}
	if err := tool(ctx, "strace", "-o", os.DevNull, "-e", "inject=getppid:error=EIO", "true"); err != nil {
		return fmt.Errorf("%w: %w", errMissing, err)
	}
	return nil
}

// sabotage attaches to a process. calls are separated by commas; how is an injection of strace(1) without them, such as
// error=EIO:when=3+. The numbers in it count each call of each thread by itself.
func sabotage(ctx context.Context, dir string, pid int, calls, how string) (s *saboteur, err error) {
	s = &saboteur{pid: pid}
	if s.log, err = os.CreateTemp(dir, "strace-"); err != nil {
		return nil, err
	}
	s.cmd = exec.CommandContext(ctx, "strace", "-f", "-o", s.log.Name(), "-e", "trace="+calls,
		"-e", "inject="+calls+":"+how, "-p", fmt.Sprint(pid))
	said, err := s.cmd.StderrPipe()
	if err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		return nil, errors.Join(err, s.forget())
	}
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if strings.Contains(lines.Text(), " attached") {
			go func() { _, _ = io.Copy(io.Discard, said) }() // it tells of every new thread
			return s, nil
		}
	}
	return nil, errors.Join(errors.New("strace did not attach"), s.cmd.Wait(), s.forget())
}

// failed is how many calls it has let fail so far.
func (s *saboteur) failed() (int, error) {
	raw, err := os.ReadFile(s.log.Name())
	return strings.Count(string(raw), "(INJECTED)"), err
}

// failing waits until a call has failed, while try makes the process do things.
func (s *saboteur) failing(ctx context.Context, try func() error) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for ctx.Err() == nil {
		if err := try(); err != nil {
			return err
		}
		if n, err := s.failed(); err != nil || n > 0 {
			return err
		}
	}
	return fmt.Errorf("no call has failed: %w", ctx.Err())
}

// detach lets the process go on undisturbed. It is stopped for that: a call that is just made to fail while strace goes
// would end with an error that no disk gives (ENOSYS). A process that has ended needs no detaching and is no error.
func (s *saboteur) detach(ctx context.Context) error {
	stopped := syscall.Kill(s.pid, syscall.SIGSTOP)
	err := stopped
	if err == nil {
		err = s.stopped(ctx)
	}
	if errors.Is(err, syscall.ESRCH) || errors.Is(err, os.ErrNotExist) {
		err = nil // strace ends with it
	}
	_ = s.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	waited := s.cmd.Wait()
	if s.cmd.ProcessState.Success() || strings.Contains(waited.Error(), "signal: terminated") {
		waited = nil
	}
	if stopped == nil {
		_ = syscall.Kill(s.pid, syscall.SIGCONT) // it may have ended
	}
	return errors.Join(err, waited, s.forget())
}

// stopped waits until strace has told of every thread that it stands still.
func (s *saboteur) stopped(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", s.pid))
		if err != nil {
			return err
		}
		raw, err := os.ReadFile(s.log.Name())
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(threads, func(thread os.DirEntry) bool { return !stands(raw, thread.Name()) }) {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("process %d does not stop: %w", s.pid, ctx.Err())
		}
	}
}

// stands says whether a log has it that a thread stands still.
func stands(log []byte, thread string) bool {
	for line := range strings.Lines(string(log)) {
		number, what, _ := strings.Cut(line, " ")
		if number == thread && strings.TrimSpace(what) == "--- stopped by SIGSTOP ---" {
			return true
		}
	}
	return false
}

func (s *saboteur) forget() error { return errors.Join(s.log.Close(), os.Remove(s.log.Name())) }
