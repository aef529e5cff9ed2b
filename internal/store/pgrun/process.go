package pgrun

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// process is a postmaster that this process started.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended and been waited for
}

// run starts a postmaster that ends with us. The kernel ties that to the thread that started it, so one thread stays
// with it to its end.
func run(path string, args []string, logTo string, as *syscall.Credential) (*process, error) {
	log, err := os.OpenFile(logTo, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(path, args...)
	cmd.Stdout, cmd.Stderr, cmd.Dir = log, log, "/"
	cmd.SysProcAttr = endWithParent(as)
	p, started := &process{cmd: cmd, done: make(chan struct{})}, make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is in its log
			close(p.done)
		}
	}()
	return p, errors.Join(<-started, log.Close())
}

func (p *process) signal(s os.Signal) error { return p.cmd.Process.Signal(s) }

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

func (p *process) wait(atMost time.Duration) bool {
	select {
	case <-p.done:
		return true
	case <-time.After(atMost):
		return false
	}
}

// kill stops the postmaster first, so that it neither makes children nor reacts to their ends while we look for them.
func (p *process) kill() error {
	if p.ended() {
		return nil
	}
	_ = p.signal(syscall.SIGSTOP) // it may end meanwhile
	family := children(p.cmd.Process.Pid)
	for _, pid := range family {
		_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended by itself
	}
	_ = p.signal(syscall.SIGKILL)
	if !p.wait(patience) {
		return errors.New("the postmaster outlived SIGKILL")
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	// A new postmaster refuses a data folder whose shared memory is still in use.
	return until(ctx, func() (bool, error) {
		for _, pid := range family {
			if alive(pid) {
				return false, nil
			}
		}
		return true, nil
	})
}
